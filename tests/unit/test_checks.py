"""Each clinical check speaks when it should, in words a prescriber understands, and not otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

import pytest

from splitter.checks import CHECKS, run_checks
from splitter.plan import Finding, PlannedStep, Severity, Status
from splitter.prescription import Step
from splitter.quantity import Mass
from tests.unit.plans import ALL, START, Made, batches, infeasible, lasting, lots, tablets


def _findings(made: Made) -> tuple[Finding, ...]:
    return run_checks(made.plan, made.prescription, made.formulary)


def _of(made: Made, code: str) -> list[Finding]:
    return [finding for finding in _findings(made) if finding.code == code]


def _taper(doses: Sequence[str], days: int = 14, delivered: Sequence[str] | None = None) -> Made:
    """A plan of steps of `days` with these daily doses [mg]; what is taken does not matter here."""
    made, start = tablets(), START
    planned, ordered = [], []
    for target, gives in zip(doses, delivered or doses, strict=True):
        planned.append(
            PlannedStep(
                start=start,
                days=days,
                target_mg=Fraction(target),
                delivered_mg=Fraction(gives),
                administrations=(),
            )
        )
        ordered.append(Step(days=days, target=Mass(Fraction(target))))
        start += dt.timedelta(days=days)
    return replace(
        made,
        plan=replace(made.plan, steps=tuple(planned)),
        prescription=replace(made.prescription, steps=tuple(ordered)),
    )


# (daily doses, code, [(step, words that the message holds)])
SCHEDULES: dict[str, tuple[list[str], str, list[tuple[str, str]]]] = {
    "above the maximum": (
        ["100.5", "100"],
        "over-labelled-maximum",
        [("step 1", "100.5 mg a day from 2026-12-01; the labelled maximum is 100 mg a day")],
    ),
    "25 % less is usual": (["20", "15", "11.25", "0"], "steep-reduction", []),
    "more than 25 % less": (
        ["20", "14.5"],
        "steep-reduction",
        [("step 2", "from 20 mg to 14.5 mg a day on 2026-12-15, about 28 % less at once")],
    ),
    "a third less": (["15", "10"], "steep-reduction", [("step 2", "about 33 % less at once")]),
    "a pause is a reduction to nothing": (
        ["20", "0", "15"],
        "steep-reduction",
        [("step 2", "from 20 mg to 0 mg a day on 2026-12-15, 100 % less at once")],
    ),
    "the end is no reduction": (["2", "0"], "steep-reduction", []),
    "an increase inside a taper": (
        ["20", "15", "18"],
        "increase-in-taper",
        [("step 3", "the dose rises from 15 mg to 18 mg a day on 2026-12-29, 20 % more")],
    ),
    "building up is no taper": (["5", "10", "15"], "increase-in-taper", []),
    "building up, then nothing, is no taper": (["5", "10", "0"], "increase-in-taper", []),
    "a restart is not called an increase": (["20", "0", "15"], "increase-in-taper", []),
    "a restart": (
        ["20", "0", "15"],
        "restart-after-pause",
        [("step 3", "restarts at 15 mg a day on 2026-12-29 after 14 days without")],
    ),
    "no restart": (["20", "15", "0"], "restart-after-pause", []),
    "ends at a quarter": (["20", "5"], "abrupt-end", []),
    "ends above a quarter": (
        ["20", "5.5"],
        "abrupt-end",
        [("step 2", "ends at 5.5 mg a day, about 28 % of the highest dose; the prescription says nothing of what")],
    ),
    "ends above a quarter, then nothing": (
        ["20", "10", "0"],
        "abrupt-end",
        [("step 2", "ends at 10 mg a day, 50 % of the highest dose; nothing is given from 2026-12-29")],
    ),
    "nothing at all": (["0"], "abrupt-end", []),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules(name: str) -> None:
    """What a schedule of daily doses makes the checks say, at which step."""
    doses, code, expected = SCHEDULES[name]
    found = _of(_taper(doses), code)
    assert [finding.where for finding in found] == [where for where, _ in expected]
    for finding, (_, words) in zip(found, expected, strict=True):
        assert words in finding.message


@pytest.mark.parametrize(("dose", "codes"), [("9", 1), ("10", 0), ("20", 0), ("20.5", 1)])
def test_the_prescribers_range(dose: str, codes: int) -> None:
    """A dose outside the range that the prescriber stated stops the plan; its ends are inside."""
    made = _taper([dose])
    (step,) = made.prescription.steps
    limits = (Mass(Fraction(10)), Mass(Fraction(20)))
    made = replace(made, prescription=replace(made.prescription, steps=(replace(step, allowed=limits),)))
    found = _of(made, "outside-prescribed-range")
    assert [(finding.severity, finding.where) for finding in found] == [(Severity.STOP, "step 1")] * codes
    assert all("the prescriber allows 10 mg to 20 mg" in finding.message for finding in found)


@pytest.mark.parametrize(("gives", "words"), [("6.5", "0.5 mg less"), ("10/3", "11/3 mg less"), ("7.5", "0.5 mg more")])
def test_a_dose_that_differs_is_said_with_the_amount(gives: str, words: str) -> None:
    """Nothing is rounded silently: what a tolerance let through is said, exactly."""
    (finding,) = _of(_taper(["7"], delivered=[gives]), "not-the-target")
    assert finding.severity is Severity.WARN
    assert finding.message.endswith(f"a day instead of 7 mg: {words}")


def test_a_dose_of_one_time_that_differs_is_said() -> None:
    """Where the doses of the times are stated, each is compared, though the day's total be right."""
    made = batches()
    stated = (Mass(Fraction(20)), Mass(Fraction(16)))
    steps = (replace(made.prescription.steps[0], doses=stated), *made.prescription.steps[1:])
    made = replace(made, prescription=replace(made.prescription, steps=steps))
    assert [finding.message for finding in _of(made, "not-the-target")] == [
        "gives 21 mg at 08:00 instead of 20 mg",
        "gives 15 mg at 20:00 instead of 16 mg",
    ]


WRITTEN = [
    (START + dt.timedelta(days=1), ["written-after-start"]),
    (START, []),
    (START - dt.timedelta(days=180), []),
    (START - dt.timedelta(days=181), ["written-long-ago"]),
    (None, []),
]


@pytest.mark.parametrize(("written", "codes"), WRITTEN)
def test_date_of_writing(written: dt.date | None, codes: list[str]) -> None:
    """A prescription is written before it starts, and not too long before."""
    made = tablets()
    found = _findings(replace(made, prescription=replace(made.prescription, written=written)))
    assert [finding.code for finding in found if finding.code.startswith("written")] == codes


def test_an_unproved_plan_says_how_much_cheaper_another_may_be() -> None:
    """A search that was stopped states the gap between its plan and its bound."""
    made = tablets()
    plan = replace(made.plan, status=Status.FEASIBLE, lower_bound=Fraction("15.2"))
    (finding,) = _of(replace(made, plan=plan), "not-proved-cheapest")
    assert "cheaper by at most 0.17 USD" in finding.message
    assert not _of(made, "not-proved-cheapest")


# (code, the plan with it and the product that it names, a plan without it)
PRODUCTS = [
    ("illustrative-price", tablets, "10 mg tablet", lots),
    ("unverified-fact", tablets, "5 mg tablet", batches),
    ("compounded", lots, "1 mg capsule", tablets),
]


@pytest.mark.parametrize(("code", "with_it", "named", "without"), PRODUCTS)
def test_facts_about_the_products_used(
    code: str, with_it: Callable[[], Made], named: str, without: Callable[[], Made]
) -> None:
    """A plan names the products of which a person must know more, once, and only those it uses."""
    (finding,) = _of(with_it(), code)
    assert (finding.severity, finding.where) == (Severity.NOTE, "plan")
    assert finding.message.endswith(f": {named}")
    assert not _of(without(), code)


@pytest.mark.parametrize(("days", "warned"), [(60, 0), (61, 1)])
def test_a_bottle_of_unknown_life_that_serves_for_long_is_questioned(days: int, warned: int) -> None:
    """More than 60 days from one lot, where the formulary states no limit after opening."""
    made = lasting()
    (bottles,) = made.plan.items
    longer = replace(bottles, use_until=START + dt.timedelta(days=days - 1))
    found = _of(replace(made, plan=replace(made.plan, items=(longer,))), "long-open-bottle")
    assert [(finding.severity, finding.where) for finding in found] == [(Severity.WARN, "plan")] * warned
    assert all("1 mg/mL lasting solution, handed over on 2026-12-01, serves for 61 days" in f.message for f in found)


def test_a_bottle_of_known_life_is_not_questioned() -> None:
    """Its lots are held to that life already."""
    made = lots()
    longer = tuple(replace(item, use_until=START + dt.timedelta(days=99)) for item in made.plan.items)
    assert not _of(replace(made, plan=replace(made.plan, items=longer)), "long-open-bottle")


def test_an_infeasible_plan_is_checked_by_its_targets() -> None:
    """A prescriber learns of an unsafe schedule even when it can't be made."""
    made = infeasible()
    assert [finding.message for finding in _of(made, "steep-reduction")] == [
        "from 10 mg to 7 mg a day on 2026-12-15, 30 % less at once"
    ]
    assert not _of(made, "not-the-target")


@pytest.mark.parametrize("name", ALL)
def test_checks_run_as_one_list(name: str) -> None:
    """All findings come in the order of the checks, each with place and words."""
    made = ALL[name]()
    assert len(set(CHECKS)) == len(CHECKS)
    assert all(finding.code and finding.where and finding.message for finding in _findings(made))
