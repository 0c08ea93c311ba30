"""FILES.md is true of the records that read the files: every key, what may stand there, its default, its example."""

from __future__ import annotations

import tomllib

import pytest

from splitter.codec import partial
from tests.files_page import PAGE, SECTIONS, WORDS, Section, page


def test_the_page_is_made_of_the_records() -> None:
    """`python -m tests.files_page` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.record.__name__)
def test_every_key_has_a_meaning_and_an_example_that_reads(section: Section) -> None:
    """No key is missing, none is there that no record has, and what the page shows is taken as it stands."""
    fields = {name: field for name, _, field in section.fields()}
    assert set(section.meanings()) == set(fields)
    for name, (example, meaning) in section.meanings().items():
        raw = tomllib.loads(f"{name} = {example}")
        assert getattr(partial(section.record, raw), fields[name].name) is not None
        assert meaning


def test_the_page_s_own_examples_are_whole() -> None:
    """The pharmacist's prescription is filled, the manager's pharmacy is read."""
    from splitter.formulary import load_formulary
    from splitter.plan import Status
    from splitter.prescription import pharmacy_from_text, read_prescription
    from splitter.service import plan

    examples = WORDS.read_text(encoding="utf-8").split("```toml")[1:3]
    prescription, pharmacy = (part.partition("```")[0] for part in examples)
    order = read_prescription("rx.toml", prescription), pharmacy_from_text(pharmacy, "pharmacy.toml")
    assert plan(*order, load_formulary("diazepam")).status is Status.OPTIMAL
