"""Schedules inside a prescriber's ranges: what is read, what is proposed, and the file that is written."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path

import pytest
from click.testing import CliRunner

from splitter.cli import main
from splitter.errors import InputError
from splitter.formulary import load_formulary
from splitter.plan import Plan, Status
from splitter.prescription import Prescription, read_pharmacy, read_prescription
from splitter.service import Proposals, plan, propose
from splitter.taper import pace_words

HEAD = """[prescription]
number = "RX-1"
drug = "baclofen"
start = 2026-12-01
times = ["08:00", "20:00"]
"""


def ordered(*lines: str) -> Prescription:
    return read_prescription("rx.toml", "\n".join([HEAD, *lines]))


def proposed(*lines: str) -> Proposals:
    return propose(ordered(*lines), read_pharmacy(), load_formulary("baclofen"))


RANGE = ("[taper]", 'from = "40 mg"', 'reduce = "15 % to 20 %"', 'every = "1 to 2 weeks"', 'last = "10 mg"')


@pytest.mark.parametrize(
    ("reduce", "every", "paces"),
    [
        ("18 to 20 %", "2 weeks", ["18 % every 2 weeks", "19 % every 2 weeks", "20 % every 2 weeks"]),
        ("10 % to 11.5 %", "1 week", ["10 % every 1 week", "11 % every 1 week", "11.5 % every 1 week"]),
        ("5 to 10 mg", "3 to 4 days", [f"{mg} mg every {days} days" for mg in (5, 10) for days in (4, 3)]),
        ("10 % of start", "1 to 2 weeks", ["10 % of start every 2 weeks", "10 % of start every 1 week"]),
    ],
)
def test_every_pace_of_a_range_is_looked_at(reduce: str, every: str, paces: list[str]) -> None:
    """Percentages go by 1, amounts by the smallest piece of a tablet, times by weeks or days; the ends count."""
    found = proposed("[taper]", 'from = "40 mg"', f'reduce = "{reduce}"', f'every = "{every}"', 'last = "20 mg"')
    assert found.choices == len(paces)
    assert {pace_words(each.paces[0]) for each in found.proposals} <= set(paces)


@pytest.mark.parametrize(
    ("lines", "key", "word"),
    [
        (('reduce = "20 % to 10 %"', 'every = "1 week"'), "reduce", "smaller end first"),
        (('reduce = "10 % to 10 %"', 'every = "1 week"'), "reduce", "two that differ"),
        (('reduce = "5 mg to 10 %"', 'every = "1 week"'), "reduce", "in one unit"),
        (('reduce = "10 %"', 'every = "4 to 2 weeks"'), "every", "smaller end first"),
        (('every = "2 to 4 weeks"', 'over = "12 weeks"'), "every", "beside over"),
        (('reduce = "10 %"', 'every = "2 weeks"', 'finish = "10 to 20 weeks"'), "finish", "no range"),
        (('reduce = "0 to 10 mg"', 'every = "1 week"'), "reduce", "a part of it"),
        (('reduce = "5 to 40 mg"', 'every = "1 week"'), "reduce", "all of the dose"),
    ],
)
def test_ranges_that_say_nothing_are_refused(lines: tuple[str, ...], key: str, word: str) -> None:
    """Each with the key and how to mend it."""
    with pytest.raises(InputError) as raised:
        ordered("[taper]", 'from = "40 mg"', 'last = "10 mg"', *lines)
    (fault,) = raised.value.faults
    assert fault.key == f"taper.{key}"
    assert word in f"{fault.found} {fault.remedy}"


def test_the_end_of_all_stands_in_the_last_phase() -> None:
    """In another it is refused."""
    phase = ('reduce = "10 to 20 %"', 'every = "1 week"')
    with pytest.raises(InputError, match="time of all of them"):
        ordered("[[taper]]", 'from = "40 mg"', 'to = "20 mg"', 'finish = "4 weeks"', *phase, "[[taper]]", *phase)


def test_nothing_is_planned_from_a_range() -> None:
    """A plan needs one pace; the fault names the keys and the command that chooses."""
    with pytest.raises(InputError) as raised:
        plan(ordered(*RANGE), read_pharmacy(), load_formulary("baclofen"))
    assert [fault.key for fault in raised.value.faults] == ["taper.reduce", "taper.every"]
    assert "splitter propose" in raised.value.faults[0].remedy


def strain(made: Plan) -> Fraction:
    """The largest drop of a plan, of the dose before it."""
    targets = [step.target_mg for step in made.steps]
    return max((before - after) / before for before, after in pairwise(targets))


def test_the_best_of_each_length_by_planning_every_pace() -> None:
    """Written out, planned and ranked one by one, all paces of a range give the same schedules and costs."""
    found = proposed(*RANGE)
    best: dict[int, tuple[Fraction, Fraction, int]] = {}
    for share, weeks in product(range(15, 21), (1, 2)):
        lines = (*RANGE[:2], f'reduce = "{share} %"', f'every = "{weeks} weeks"', RANGE[-1])
        made = plan(ordered(*lines), read_pharmacy(), load_formulary("baclofen"))
        assert made.status is Status.OPTIMAL
        assert made.total is not None
        mark = strain(made), made.total, len({item.date for item in made.items})
        days = sum(step.days for step in made.steps)
        best[days] = min(best.get(days, mark), mark)
    assert {
        each.days: ((each.hardest.before_mg - each.hardest.after_mg) / each.hardest.before_mg, each.total, each.visits)
        for each in found.proposals
        if each.hardest is not None
    } == best
    assert [each.days for each in found.proposals] == sorted(best)


def test_what_no_other_beats_is_marked() -> None:
    """Each that isn't marked has one that is no longer, no harder, no dearer and of no more visits."""
    found = proposed(*RANGE).proposals
    assert any(each.is_unbeaten for each in found)
    assert not all(each.is_unbeaten for each in found)
    marks = {
        each.number: (each.days, (each.hardest.before_mg - each.hardest.after_mg) / each.hardest.before_mg,
                      each.total, each.visits)
        for each in found
        if each.hardest is not None
    }  # fmt: skip
    for each in found:
        beaten = any(
            other != marks[each.number] and all(a <= b for a, b in zip(other, marks[each.number], strict=True))
            for other in marks.values()
        )
        assert each.is_unbeaten is not beaten


def test_only_what_ends_in_the_time_that_is_stated() -> None:
    """Others are left out; where none is left, the fault says how long they take."""
    found = proposed(*RANGE, 'finish = "10 to 20 weeks"')
    assert found.proposals
    assert all(70 <= each.days <= 140 for each in found.proposals)
    with pytest.raises(InputError, match="take from") as raised:
        proposed(*RANGE, 'finish = "1 to 2 weeks"')
    assert raised.value.faults[0].key == "taper.finish"


def test_steps_outside_the_range_are_named() -> None:
    """Where tablets or the stated last dose go down by more than the range allows, as from 7 to 6 mg by 12 %."""
    found = proposed("[taper]", 'from = "40 mg"', 'reduce = "10 % to 12 %"', 'every = "1 week"', 'last = "6 mg"')
    assert all(drop.is_over for each in found.proposals for drop in each.over)
    assert any(drop.after_mg == 6 for each in found.proposals for drop in each.over)


def test_too_many_choices_are_refused() -> None:
    """Before any of them is worked out."""
    phase = ('reduce = "5 to 45 %"', 'every = "1 to 20 weeks"')
    with pytest.raises(InputError, match="choices of paces"):
        proposed("[[taper]]", 'from = "40 mg"', 'to = "20 mg"', *phase, "[[taper]]", *phase, 'last = "5 mg"')


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, list(arguments))
    return done.exit_code, done.output


def test_the_chosen_file_plans_as_it_was_proposed(tmp_path: Path) -> None:
    """All of the file stays but the ranges, comments too; its plan costs what the proposal says."""
    rx, chosen = tmp_path / "rx.toml", tmp_path / "chosen.toml"
    text = "\n".join([HEAD, *RANGE, 'finish = "5 to 20 weeks"']).replace('20 %"', '20 %"  # as agreed')
    rx.write_text(text, encoding="utf-8")
    assert "RX-1" in run("propose", str(rx))[1]
    assert run("propose", str(rx), "--choose", "2", "-o", str(chosen))[0] == 0
    made = plan(read_prescription(chosen), read_pharmacy(), load_formulary("baclofen"))
    assert made.total == proposed(*RANGE, 'finish = "5 to 20 weeks"').proposals[1].total
    assert "# chosen from 15 % to 20 %; as agreed" in chosen.read_text(encoding="utf-8")
    assert chosen.read_text(encoding="utf-8").startswith(HEAD)


def test_ranges_that_stand_together_on_a_line_are_not_guessed_at(tmp_path: Path) -> None:
    """Where a key can't be replaced alone, nothing is written."""
    rx, chosen = tmp_path / "rx.toml", tmp_path / "chosen.toml"
    rule = 'taper = { from = "40 mg", reduce = "15 to 20 %", every = "1 week", last = "10 mg", finish = "4 to 9 weeks"}'
    rx.write_text(f"{rule}\n{HEAD}", encoding="utf-8")
    code, said = run("propose", str(rx), "--choose", "1", "-o", str(chosen))
    assert code == 2
    assert "on a line of its own" in said
    assert not chosen.exists()


@pytest.mark.parametrize("arguments", [("--choose", "1"), ("-o", "x.toml"), ("--choose", "99", "-o", "x.toml")])
def test_choosing_needs_a_number_that_there_is_and_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """Nothing is written."""
    monkeypatch.chdir(tmp_path)
    Path("rx.toml").write_text("\n".join([HEAD, *RANGE]), encoding="utf-8")
    assert run("propose", "rx.toml", *arguments)[0] == 2
    assert not Path("x.toml").exists()
