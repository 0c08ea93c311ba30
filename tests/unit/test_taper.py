"""A taper's rule to dated steps, against doses worked out by hand."""

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest

from splitter.errors import InputError
from splitter.prescription import Prescription, Step, TaperRule, read_prescription
from splitter.quantity import Mass
from splitter.taper import as_toml_steps, step_starts, taper_doses, with_steps

EXAMPLE = Path(__file__).parents[1] / "examples" / "baclofen.toml"

# Nine tenths of the dose before, to the nearest half milligram: 0.9 x 54 = 48.6 -> 48.5, 0.9 x 15 = 13.5,
# 0.9 x 4.5 = 4.05 -> 4 would be next, but the last dose is 4.5.
BY_HAND = """60 54 48.5 43.5 39 35 31.5 28.5 25.5 23 20.5 18.5 16.5 15 13.5 12 11 10 9 8 7 6.5 6 5.5 5 4.5"""


def mg(text: str) -> Mass:
    return Mass(Fraction(text))


def rule(start: str, reduce: str, grid: str, last: str, every: int = 14) -> TaperRule:
    """A rule; `reduce` with a percent sign is a share."""
    share = Fraction(reduce.removesuffix("%")) / 100 if reduce.endswith("%") else None
    amount = None if share is not None else mg(reduce)
    return TaperRule(start=mg(start), share=share, amount=amount, every=every, grid=mg(grid), last=mg(last))


def prescription(taper: TaperRule | None = None, steps: tuple[Step, ...] = ()) -> Prescription:
    return Prescription(
        number="RX-1", drug="x", start=dt.date(2026, 12, 1), times=(dt.time(8),), steps=steps, taper=taper
    )


def test_the_example_runs_for_a_year_of_visits() -> None:
    """26 steps of two weeks, thirteen visits, each dose as worked out by hand."""
    steps = with_steps(read_prescription(EXAMPLE)).steps
    assert [step.target for step in steps] == [mg(text) for text in BY_HAND.split()]
    assert {step.days for step in steps} == {14}
    assert sum(step.days for step in steps) == 364


@pytest.mark.parametrize(
    ("start", "reduce", "grid", "last", "doses"),
    [
        ("20", "5", "5", "5", "20 15 10 5"),
        ("20", "5", "5", "2.5", "20 15 10 5 2.5"),
        ("20", "7", "1", "1", "20 13 6 1"),
        ("10", "20", "1", "1", "10 1"),
        ("10", "50%", "0.5", "1", "10 5 2.5 1.5 1"),  # 1.25 is a half of the grid's step: up
        ("5", "10%", "1", "3", "5 4 3"),  # 4.5 would round up to 5: one step of the grid instead
        ("5.2", "1%", "1", "3", "5.2 5 4 3"),  # off the grid: the multiple just below
        ("5.2", "20%", "1", "3.7", "5.2 4 3.7"),
        ("5", "10%", "1", "5", "5"),
        ("3", "0.1", "1", "1", "3 2 1"),
    ],
)
def test_doses_by_hand(start: str, reduce: str, grid: str, last: str, doses: str) -> None:
    """Rounded to the grid, halves up, always smaller, never below the last."""
    assert list(taper_doses(rule(start, reduce, grid, last))) == [mg(text) for text in doses.split()]


def test_explicit_steps_stay_as_they_are() -> None:
    """A prescription without a rule is not touched; one that is expanded has no rule left."""
    explicit = prescription(steps=(Step(days=3, target=mg("5")),))
    assert with_steps(explicit) is explicit
    expanded = with_steps(prescription(rule("10", "5", "5", "5")))
    assert expanded.taper is None
    assert with_steps(expanded) is expanded


def test_steps_start_where_the_one_before_ends() -> None:
    """The first on the prescription's start; February of a leap year has its 29th."""
    steps = (Step(days=3, target=mg("5")), Step(days=88, target=mg("0")), Step(days=1, target=mg("1")))
    assert step_starts(prescription(steps=steps)) == (dt.date(2026, 12, 1), dt.date(2026, 12, 4), dt.date(2027, 3, 2))


@pytest.mark.parametrize(
    ("taper", "possible"),
    [
        (rule("1000", "1", "1", "1", every=1), True),
        (rule("1001", "1", "1", "1", every=1), False),
        (rule("100", "1", "1", "1", every=36), True),
        (rule("100", "1", "1", "1", every=37), False),
        (rule("999999", "0.001", "0.001", "0.001", every=1), False),
    ],
)
def test_a_rule_without_a_sensible_end_is_refused(taper: TaperRule, possible: bool) -> None:
    """At most 1000 steps and ten years, found without writing them all out."""
    if possible:
        assert with_steps(prescription(taper)).steps
    else:
        with pytest.raises(InputError, match="more than 1000 steps or 3660 days; reduce by more"):
            with_steps(prescription(taper))


def test_steps_are_printed_as_a_prescription_states_them() -> None:
    """Daily doses or those of each time, the range, and the first day as a comment."""
    steps = (
        Step(days=14, target=mg("2.5"), allowed=(mg("2"), mg("3"))),
        Step(days=1, target=mg("3"), doses=(mg("1"), mg("2"))),
    )
    assert as_toml_steps(prescription(steps=steps)) == (
        '[[step]]\n# from 2026-12-01\ndaily = "2.5 mg"\nfor = "14 days"\nrange = ["2 mg", "3 mg"]\n'
        "\n"
        '[[step]]\n# from 2026-12-15\ndoses = ["1 mg", "2 mg"]\nfor = "1 days"\n'
    )
