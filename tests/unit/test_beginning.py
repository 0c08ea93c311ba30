"""A prescription to begin with: true of its drug, nothing chosen, and right once its choices are taken."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from splitter.cli import main
from splitter.errors import InputError
from splitter.formulary import known_drugs, load_formulary
from splitter.prescription import read_prescription
from splitter.service import beginning

TODAY = dt.date(2026, 11, 30)
DRUGS = known_drugs(())


@pytest.mark.parametrize("drug", DRUGS)
def test_nothing_is_chosen(drug: str) -> None:
    """As it is written, what only the prescriber can say is missing, and nothing else is wrong."""
    with pytest.raises(InputError) as raised:
        read_prescription("rx.toml", beginning(load_formulary(drug), TODAY))
    missing = {fault.key for fault in raised.value.faults if fault.found == "nothing"}
    assert {"prescription.number", "prescription.start", "prescription.times", "taper.from"} <= missing
    assert missing == {fault.key for fault in raised.value.faults}


@pytest.mark.parametrize("drug", DRUGS)
def test_each_cited_taper_with_figures_is_a_rule(drug: str) -> None:
    """With the comment marks taken from one pair of lines, and a first dose, the file reads."""
    text = beginning(load_formulary(drug), TODAY)
    text = re.sub(r"^# (number|start|times) =", r"\1 =", text, flags=re.MULTILINE)
    text = text.replace('# from = "… mg"', 'from = "100000 mg"', 1)
    pairs = re.findall(r'^# (reduce = "[0-9].*)\n# (every = .*)$', text, flags=re.MULTILINE)
    for reduce, every in pairs:
        chosen = text.replace(f"# {reduce}\n# {every}", f"{reduce}\n{every}", 1)
        assert read_prescription("rx.toml", chosen).taper is not None
    figures = [each for each in load_formulary(drug).tapers if re.fullmatch(r"[0-9]+ (%|mg)", each.rate)]
    assert len(pairs) >= sum(bool(re.fullmatch("[0-9]+ (days|weeks)", each.interval)) for each in figures)


def test_what_is_true_of_the_drug() -> None:
    """Its strengths, how they are scored, its maximum, its cited tapers with their sources."""
    text = beginning(load_formulary("diazepam"), TODAY)
    for advice in load_formulary("diazepam").tapers:
        assert advice.rate in text
        assert advice.source is not None
        assert advice.source in text
    assert '# reduce = "5 to 10 %"\n# every = "2 to 4 weeks"' in text
    assert "diazepam 5 mg tablet, whole and halves" in text
    assert "# start = 2026-12-01" in text


def test_what_is_there_is_not_replaced(tmp_path: Path) -> None:
    """A file that somebody began keeps what stands in it."""
    file = tmp_path / "rx.toml"
    assert CliRunner().invoke(main, ["new", "Baclofen", "-o", str(file)]).exit_code == 0
    assert 'drug = "baclofen"' in file.read_text(encoding="utf-8")
    file.write_text("mine", encoding="utf-8")
    again = CliRunner().invoke(main, ["new", "baclofen", "-o", str(file)])
    assert again.exit_code == 2
    assert "there already" in again.output
    assert file.read_text(encoding="utf-8") == "mine"
    assert CliRunner().invoke(main, ["new", "no such drug"]).exit_code == 2
