"""Each clinical check fires where it should and just doesn't a hair before; every one has a code, a weight, a
source."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from statistics import median
from typing import Any

import pytest

from splitter.checks import CHECKS, cited_paces
from splitter.formulary import (
    Control,
    ControlSchedule,
    DoseLimits,
    HalfLife,
    KidneyAdvice,
    Pace,
    Stopping,
    TaperAdvice,
)
from splitter.plan import Item, Measure, Severity, Take
from splitter.prescription import Policy, Reduction, StatedQuantity, Syringe
from splitter.quantity import Concentration, Mass
from tests.benchmark.warnings import GOAL, counts, plans
from tests.unit.check_plans import divided, findings, of, question, taken, taper, with_formulary, with_prescription
from tests.unit.plans import BOTTLED, MIXTURE, START, TEN, Made, tablets

DAY = dt.timedelta(days=1)


def mass(dose: str) -> Mass:
    return Mass(Fraction(dose))


def limited(doses: list[str], usual: str) -> Made:
    """A drug without a fixed maximum, whose labels begin with up to `usual` [mg]."""
    return with_formulary(taper(doses), max_daily=None, limits=DoseLimits(usual_daily=mass(usual)))


def stopping(doses: list[str], days: int, above: str = "6") -> Made:
    """A drug that isn't stopped at once from more than `above` [mg] after four weeks."""
    return with_formulary(taper(doses, days), stopping=Stopping(unsafe_above=mass(above), after=28))


def advised(doses: list[str], days: int, *paces: Pace, within: int = 14, in_all: int | None = None) -> Made:
    """A drug for which one taper is cited."""
    advice = TaperAdvice(name="cited", rate="so", interval="so", paces=paces, within=within, in_all=in_all)
    return with_formulary(taper(doses, days), tapers=(advice,))


def share(text: str) -> Pace:
    return Pace(most=Reduction(share=Fraction(text)))


def quantity(text: str, made: Made | None = None) -> Made:
    return with_prescription(made or tablets(), quantity=StatedQuantity.parse(text))


def handed(
    *dates: int, span: int = 28, schedule: ControlSchedule | None = ControlSchedule.IV, country: str = "US"
) -> Made:
    """Hand-overs on these days, each for so many days, of a drug of this schedule."""
    made = with_prescription(tablets(), written=None)
    (first, *_) = made.plan.items
    items = tuple(_item(first, START + day * DAY, span) for day in dates)
    control = None if schedule is None else Control(schedule=schedule)
    made = replace(made, plan=replace(made.plan, items=items))
    return with_formulary(made, control=control, country=country)


def _item(first: Item, date: dt.date, span: int) -> Item:
    return replace(first, date=date, use_from=date, use_until=date + (span - 1) * DAY)


def half_life(hours: str, *days: str, once: bool = False) -> Made:
    fact = HalfLife(low=Fraction(1), high=Fraction(hours), once_a_day=once)
    return with_formulary(divided(*days), half_life=fact)


def kidneys(egfr: str | None, *advice: tuple[str, str, str]) -> Made:
    known = tuple(KidneyAdvice(name=name, below=Fraction(below), advice=said) for name, below, said in advice)
    made = with_formulary(tablets(), kidney=known)
    return with_prescription(made, egfr=None if egfr is None else Fraction(egfr))


def pieces(count: int) -> Take:
    return Take(product="ten", fraction=Fraction(1), count=count)


def volume(text: str, syringe: str = "1 mL by 0.02 mL", product: str = "mixture") -> Measure:
    return Measure(product=product, mL=Fraction(text), syringe=syringe)


def lessened(text: str) -> Made:
    """From 4 mL of 5 mg/mL a day to another volume."""
    draws = [volume(each, "5 mL by 0.2 mL") for each in ("4", text)]
    return taken(*([draw] for draw in draws), made=taper([str(draw.mL * 5) for draw in draws]))


def missed(dose: str | None) -> Made:
    made = taper(["10", "8"])
    first, second = made.prescription.steps
    return with_prescription(made, steps=(first, replace(second, missed=mass(dose) if dose else None)))


def weaker() -> Made:
    """A second liquid of half the concentration."""
    assert MIXTURE.concentration is not None
    half = replace(BOTTLED, concentration=Concentration(MIXTURE.concentration.value / 2))
    return with_formulary(taper(["10", "10"]), products=(TEN, MIXTURE, half))


# code: (where it fires, words of its message), where it just doesn't; with changes of the question where it needs some
CASES: dict[str, tuple[Callable[[], Made], str, Callable[[], Made]]] = {
    "over-labelled-maximum": (
        lambda: taper(["100.5", "100", "100.2"]),
        "100.5 mg a day from 2026-12-01; the labelled maximum is 100 mg a day; likewise at 1 other step",
        lambda: taper(["100"]),
    ),
    "over-single-maximum": (
        lambda: with_formulary(divided("16 16 16.5"), limits=DoseLimits(max_single=mass("16"))),
        "16.5 mg at 20:00; the labelled maximum of one dose is 16 mg",
        lambda: with_formulary(divided("16 16 16"), limits=DoseLimits(max_single=mass("16"))),
    ),
    "far-over-usual-dose": (
        lambda: limited(["600"], "60"),
        "600 mg a day from 2026-12-01; there is no fixed maximum",
        lambda: limited(["240"], "60"),
    ),
    "over-usual-dose": (
        lambda: limited(["240"], "60"),
        "labels begin with up to 60 mg a day",
        lambda: limited(["60"], "60"),
    ),
    "large-drop": (
        lambda: taper(["20", "5", "6"]),
        "5 mg a day on 2026-12-15, 75 % below the 20 mg of the days before",
        lambda: taper(["20", "5.1"]),
    ),
    "unsafe-end": (
        lambda: stopping(["20", "10", "6.5"], 14),
        "ends at 6.5 mg a day after 42 days; from more than 6 mg it isn't stopped at once",
        lambda: stopping(["20", "10", "6"], 14),
    ),
    "large-rise": (
        lambda: taper(["5", "50"]),
        "rises from 5 mg to 50 mg a day on 2026-12-15, 900 % more",
        lambda: taper(["10", "15"]),
    ),
    "rise-in-taper": (
        lambda: taper(["20", "15", "17"]),
        "rises from 15 mg to 17 mg a day on 2026-12-29, about 13 % more",
        lambda: taper(["20", "15", "16.5"]),
    ),
    "slight-rise-in-taper": (
        lambda: taper(["20", "15", "16.5"]),
        "rises from 15 mg to 16.5 mg a day on 2026-12-29, 10 % more",
        lambda: taper(["5", "5.5"]),
    ),
    "steep-reduction": (
        lambda: taper(["20", "14.5"]),
        "14.5 mg a day on 2026-12-15, about 28 % below the 20 mg of the days before",
        lambda: taper(["20", "15"]),
    ),
    "faster-than-cited": (
        lambda: advised(["100", "84"], 14, share("0.1")),
        'faster than "cited": 16 mg (16 %) less on 2026-12-15 within 14 days; it says at most 10 mg (10 %) in 14 days',
        lambda: advised(["100", "86"], 14, share("0.1")),
    ),
    "restart-after-pause": (
        lambda: taper(["20", "0", "15"]),
        "15 mg a day again on 2026-12-29 after 14 days without",
        lambda: taper(["20", "15", "0"]),
    ),
    "abrupt-end": (
        lambda: taper(["20", "5.5"]),
        "ends at 5.5 mg a day, about 28 % of the highest dose; the prescription says nothing of what follows",
        lambda: taper(["20", "5"]),
    ),
    "quantity-contradicts": (
        lambda: quantity("74 tablets of 10 mg"),
        "the prescription says 74 tablets of 10 mg; its steps need 75 tablets, so that it runs out",
        lambda: quantity("75 tablets of 10 mg"),
    ),
    "start-before-written": (
        lambda: with_prescription(tablets(), written=START + DAY),
        "starts on 2026-12-01, before it was written on 2026-12-02",
        lambda: with_prescription(tablets(), written=START),
    ),
    "refills-beyond-law": (
        lambda: handed(0, 28, 56, 84, 112, 140, 168),
        "schedule IV: 1 visit (2027-05-18) needs a prescription of its own",
        lambda: handed(0, 28, 56, 84, 112, 140),
    ),
    "prescription-lapses": (
        lambda: handed(0, 366, schedule=None),
        "may be filled until 2027-12-01: 1 visit (2027-12-02) needs another, by 2027-12-02",
        lambda: handed(0, 365, schedule=None),
    ),
    "supply-beyond-law": (
        lambda: handed(0, span=31, schedule=ControlSchedule.III, country="GB"),
        "31 days are handed over on 2026-12-01; at most 30",
        lambda: handed(0, span=30, schedule=ControlSchedule.III, country="GB"),
    ),
    "kidney-function": (
        lambda: kidneys("29", ("A", "30", "avoid it"), ("B", "60", "half the dose"), ("C", "20", "avoid it")),
        "kidney function 29 mL/min: A: avoid it; B: half the dose; C: no change; the sources don't agree",
        lambda: kidneys("60", ("A", "30", "avoid it"), ("B", "60", "half the dose")),
    ),
    "long-gap": (
        lambda: half_life("8", "5 0 5", "10 0 0"),
        "24 hours between two doses; its half-life is 1 to 8 hours",
        lambda: half_life("8", "5 0 5"),
    ),
    "many-pieces": (lambda: taken([pieces(7)]), "7 pieces at 08:00", lambda: taken([pieces(6)])),
    "inaccurate-volume": (
        lambda: taken([volume("0.18")]),
        "0.18 mL in the syringe of 1 mL by 0.02 mL may be 10 % off",
        lambda: taken([volume("0.2")]),
    ),
    "concentration-changes": (
        lambda: taken([volume("2", "3 mL by 0.1 mL")], [volume("4", "5 mL by 0.2 mL", "bottled")], made=weaker()),
        "the concentration changes: 5 mg/mL suspension from 2026-12-01 and",
        lambda: taken([volume("2", "3 mL by 0.1 mL")], [volume("4", "5 mL by 0.2 mL")], made=weaker()),
    ),
    "short-interlude": (
        lambda: taken([volume("2")], [pieces(1)], [pieces(1)], [volume("2")]),
        "units for 28 days from 2026-12-15, between steps with a volume; likewise at 1 other step",
        lambda: taken([volume("2")], [pieces(1)], [pieces(1)], [pieces(1)], [volume("2")]),
    ),
    "step-not-resolved": (
        lambda: lessened("3.8"),
        "1 mg less on 2026-12-15 is lost in the errors of a day's tablets and volumes, which show",
        lambda: lessened("3.6"),
    ),
    "rule-not-kept": (
        lambda: missed("9"),
        "8 mg a day from 2026-12-15 where the rule asks for 9 mg",
        lambda: missed(None),
    ),
}
ASKED_ON: dict[str, tuple[dt.date, dt.date]] = {
    "start-long-ago": (START + 31 * DAY, START + 30 * DAY),
    "start-far-ahead": (START - 366 * DAY, START - 365 * DAY),
}
"""The day of asking on which a check fires, and one on which it just doesn't."""

ELSEWHERE = (
    "outside-prescribed-range",
    "not-the-target",
    "dose-against-the-day",
    "uneven-day",
    "not-proved-cheapest",
    "too-light-to-weigh",
    "component-expires",
    "look-alike-concentration",
    "hazardous-drug",
    "long-open-bottle",
    "not-scored",
    "score-of-one-maker",
    "illustrative-price",
    "price-old",
    "unverified-fact",
    "beyond-use-evidence",
    "beyond-use-stated",
    "compounded",
)
"""Those whose cases stand in test_checks.py."""


def test_every_check_has_its_cases() -> None:
    """One that is added comes with a case where it fires and one where it just doesn't; none is named twice."""
    assert sorted({check.code for check in CHECKS}) == sorted((*CASES, *ASKED_ON, *ELSEWHERE))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_every_check_says_what_it_asks(check: Any) -> None:
    """Its code in small letters, what it looks for in a sentence, and where its limit comes from."""
    assert re.fullmatch("[a-z]+(-[a-z]+)*", check.code)
    assert check.asks.endswith(".")
    assert check.source
    assert check.severity in Severity


@pytest.mark.parametrize("code", CASES)
def test_a_check_fires_and_just_does_not(code: str) -> None:
    """At the limit and a hair beyond it, once for all steps."""
    fires, words, quiet = CASES[code]
    (finding,) = of(fires(), code)
    assert words in finding.message
    assert finding.severity is next(check.severity for check in CHECKS if check.code == code)
    assert of(quiet(), code) == []


@pytest.mark.parametrize("code", ASKED_ON)
def test_a_start_is_held_against_the_day_of_asking(code: str) -> None:
    """More than 30 days ago, more than a year ahead; without a day of asking nothing is said."""
    fires, quiet = ASKED_ON[code]
    (finding,) = of(tablets(), code, today=fires)
    assert finding.severity is Severity.STOP
    assert str(fires) in finding.message
    assert of(tablets(), code, today=quiet) == of(tablets(), code) == []


@pytest.mark.parametrize(
    ("doses", "days", "codes"),
    [
        (["40", "30", "20"], 7, {"steep-reduction"}),
        (["40", "32", "24", "16"], 14, {"steep-reduction"}),
        (["20", "10", "6", "2"], 5, {"large-drop"}),
        (["20", "0", "20"], 14, {"large-drop", "restart-after-pause"}),
        (["5", "0"] * 8, 1, set()),
        (["20", "15", "10", "8", "0"], 1, {"steep-reduction", "abrupt-end"}),
        (["20", "0"], 14, {"large-drop"}),
        (["20", "14.9", "0"], 14, {"steep-reduction", "abrupt-end"}),
    ],
)
def test_falls_are_judged_over_a_fortnight(doses: list[str], days: int, codes: set[str]) -> None:
    """By the highest dose of the 14 days before, not by the step before; days that take turns are one stretch."""
    asked = {"large-drop", "steep-reduction", "restart-after-pause", "abrupt-end"}
    found = {finding.code for finding in findings(taper(doses, days)) if finding.code in asked}
    assert found - {"abrupt-end"} == codes - {"abrupt-end"}
    assert "abrupt-end" not in codes or "abrupt-end" in found


@pytest.mark.parametrize(
    ("doses", "steep"),
    [
        (["20", "15", "10", "5"], False),
        (["20", "16", "11", "6"], False),
        (["16", "13", "9", "4"], True),
        (["20", "15", "10", "4"], True),
        (["24", "18", "12", "6"], True),
    ],
)
def test_a_steady_tail_of_small_steps_is_not_steep(doses: list[str], steep: bool) -> None:
    """5 mg is the smallest piece, half of a 10 mg tablet: steady steps up to that, as near as rounding allows."""
    assert bool(of(taper(doses), "steep-reduction")) == steep


def test_what_falls_from_a_dose_at_which_tapers_end_is_not_large() -> None:
    """Where the drug's facts let a treatment end at 6 mg, 6 to 1 mg is no drop; from 6.5 mg at once it is.

    What several steps take below 6 mg doesn't count: 20, 10, 5 mg a week apart is 70 % of 20 mg.
    """
    assert not of(stopping(["20", "10", "6", "2", "1"], 6), "large-drop")
    assert not of(stopping(["30", "20", "10", "5"], 7), "large-drop")
    assert of(stopping(["40", "20", "9", "5"], 10), "large-drop")
    assert not of(stopping(["20", "6", "1"], 28), "large-drop")
    assert [each.where for each in of(stopping(["20", "6.5", "1"], 28), "large-drop")] == ["step 3"]
    made = with_formulary(taper(["20", "6", "1"], 28), taper_end=mass("6"))
    assert not of(made, "large-drop")


@pytest.mark.parametrize(("days", "found"), [(13, set()), (14, {"unsafe-end"})])
def test_a_short_course_needs_no_taper(days: int, found: set[str]) -> None:
    """27 days of a drug whose facts ask for a taper from 28 on; what ends is said, by 0 mg or by going down."""
    codes = {"unsafe-end", "large-drop", "steep-reduction", "abrupt-end"}
    assert {each.code for each in findings(stopping(["20", "10", "0"], days)) if each.code in codes} - {
        "steep-reduction"
    } == found


def test_a_dose_that_goes_on_has_no_end() -> None:
    """One dose without a word of what follows is no taper, and isn't stopped by an end that nobody ordered."""
    assert not of(stopping(["20"], 60), "unsafe-end")
    assert of(stopping(["20", "0"], 60), "unsafe-end")


def test_several_quick_steps_are_held_against_the_cited_tapers() -> None:
    """Half a week is what the label says: 75 % in a fortnight is no stop then, but 75 % at once always is."""
    week = [share("0.5")]
    assert not of(advised(["200", "100", "50"], 7, *week, within=7), "large-drop")
    assert of(taper(["100", "50", "25"], 7), "large-drop")
    assert of(advised(["100", "20"], 7, *week, within=7), "large-drop")


@pytest.mark.parametrize(
    ("paces", "doses", "faster"),
    [
        ("0.1", ["50", "45", "40.5"], False),
        ("4 mg", ["50", "46", "42"], False),
        ("4 mg", ["50", "40"], True),
        ("10 % of start", ["50", "45", "40", "35"], False),
        ("10 % of start", ["50", "42"], True),
    ],
)
def test_a_pace_is_a_share_or_an_amount(paces: str, doses: list[str], faster: bool) -> None:
    """Of the dose, of the first dose, or in mg; with what rounding may add."""
    kinds = {
        "0.1": share("0.1"),
        "4 mg": Pace(most=Reduction(amount=mass("4"))),
        "10 % of start": Pace(most=Reduction(share=Fraction(1, 10), of_start=True)),
    }
    (pace,) = cited_paces(question(advised(doses, 14, kinds[paces])))
    assert pace.faster is faster


def test_a_pace_by_ranges() -> None:
    """No figure above 10 mg, 1 mg below: what comes down from 30 to 5 mg within its days counts from 10 mg on."""
    ranges = (Pace(above=mass("10")), Pace(most=Reduction(amount=mass("1"))))
    (none,) = cited_paces(question(advised(["30", "20", "11"], 28, *ranges, within=28)))
    assert none.faster is None
    (fast,) = cited_paces(question(advised(["30", "5"], 28, *ranges, within=28)))
    assert (fast.faster, fast.ours, fast.says) == (
        True,
        "5 mg (50 %) less on 2026-12-29 within 28 days",
        "at most 1 mg (10 %) in 28 days",
    )


@pytest.mark.parametrize(("in_all", "faster"), [(28, False), (29, True)])
def test_a_taper_may_be_too_short_in_all(in_all: int, faster: bool) -> None:
    """Counted from the first lower dose until the last day with one: steps of two weeks, the first above."""
    (pace,) = cited_paces(question(advised(["20", "15", "10"], 14, in_all=in_all)))
    assert pace.faster is faster


def test_the_taper_that_is_named_counts_alone() -> None:
    """Faster than the one that the prescription follows, though another is faster still."""
    slow = TaperAdvice(name="slow", rate="so", interval="so", paces=(share("0.05"),), within=14)
    quick = TaperAdvice(name="quick", rate="so", interval="so", paces=(share("0.5"),), within=14)
    made = with_formulary(taper(["100", "80"]), tapers=(slow, quick))
    assert not of(made, "faster-than-cited")
    (finding,) = of(with_prescription(made, follows="slow"), "faster-than-cited")
    assert 'faster than "slow", which it follows: 20 mg (20 %) less' in finding.message
    assert not of(with_prescription(made, follows="quick"), "faster-than-cited")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("750 mL of 1 mg/mL", None),
        ("749 mL of 1 mg/mL", "so that it runs out"),
        ("826 mL of 1 mg/mL", "76 fewer"),
        ("825 mL of 1 mg/mL", None),
        ("30 capsules", "hands over no capsules"),
        ("89 tablets", "so that it runs out"),
        ("90 tablets", None),
    ],
)
def test_a_stated_quantity(text: str, words: str | None) -> None:
    """By its strength, else as it is handed over; a tenth more than the need is no fault. The steps take 750 mg."""
    found = of(quantity(text), "quantity-contradicts")
    assert len(found) == (words is not None)
    assert all((words or "") in finding.message for finding in found)


LAWS: list[tuple[ControlSchedule | None, str, tuple[int, ...], int | None, list[str]]] = [
    (ControlSchedule.II, "US", (0,), None, []),
    (ControlSchedule.II, "US", (0, 28, 84, 112), None, ["refills-beyond-law"]),
    (ControlSchedule.III, "US", (0, 181), None, []),
    (ControlSchedule.III, "US", (0, 183), None, ["refills-beyond-law"]),
    (ControlSchedule.IV, "US", (0, 150), 32, []),
    (ControlSchedule.IV, "US", (0, 151), 32, ["refills-beyond-law"]),
    (ControlSchedule.V, "US", (0, 28, 56, 84, 112, 140, 168, 196), None, []),
    (None, "US", (0, 300), 66, ["prescription-lapses"]),
    (ControlSchedule.II, "GB", (0, 28), None, ["refills-beyond-law"]),
    (ControlSchedule.IV, "GB", (0, 28), None, []),
    (ControlSchedule.II, "GB", (0,), 28, []),
    (ControlSchedule.II, "GB", (0,), 29, ["refills-beyond-law"]),
    (None, "GB", (0, 182), None, []),
    (None, "GB", (0, 183), None, ["prescription-lapses"]),
]


@pytest.mark.parametrize(("schedule", "country", "visits", "ago", "codes"), LAWS)
def test_the_law_of_each_schedule(
    schedule: ControlSchedule | None, country: str, visits: tuple[int, ...], ago: int | None, codes: list[str]
) -> None:
    """Federal law of the United States and that of the United Kingdom; counted from writing, else from the start."""
    made = handed(*visits, schedule=schedule, country=country)
    if ago is not None:
        made = with_prescription(made, written=START - ago * DAY)
    law = ("refills-beyond-law", "prescription-lapses")
    assert [each.code for each in findings(made) if each.code in law] == codes


def test_the_exception_of_schedule_ii_is_told() -> None:
    """Several prescriptions at once may reach 90 days; the day by which the next are due is named."""
    (finding,) = of(handed(0, 28, 56, 84, 112, schedule=ControlSchedule.II), "refills-beyond-law")
    assert "4 visits (2026-12-29, 2027-01-26, 2027-02-23 and so on to 2027-03-23) need" in finding.message
    assert "written at once they may reach to 2027-02-28, the next are due by 2027-03-23" in finding.message
    assert "21 CFR 1306.12" in finding.message


@pytest.mark.parametrize(
    ("hours", "day", "once", "found"),
    [
        ("8", "5 0 0", False, 1),
        ("8.5", "5 0 0", False, 0),
        ("8", "5 0 0", True, 0),
        ("8", "5 5 0", False, 1),
        ("8", "5 5 5", False, 0),
        ("8", "0", False, 0),
    ],
)
def test_a_gap_matters_where_the_half_life_is_short(hours: str, day: str, once: bool, found: int) -> None:
    """08:00 and 14:00 alone leave 18 hours; a drug that its labels give once a day is meant so."""
    assert len(of(half_life(hours, day, once=once), "long-gap")) == found


@pytest.mark.parametrize(("rest", "found"), [("10.15", 1), ("10.2", 0), ("10", 0)])
def test_the_rest_of_a_draw_has_a_syringe_of_its_own(rest: str, found: int) -> None:
    """10 mL full, then 0.15 mL in the 1 mL syringe, where 0.15 mL may be 12 % off."""
    made = taken([volume(rest, "10 mL by 0.2 mL")])
    syringes = tuple(Syringe.parse(text) for text in ("1 mL by 0.01 mL", "10 mL by 0.2 mL"))
    assert len(of(made, "inaccurate-volume", policy=Policy(syringes=syringes))) == found


def test_what_is_common_to_many_steps_is_said_once() -> None:
    """The worst is told, the others are counted, and the finding names them all."""
    (finding,) = of(taper(["100.5", "90", "101", "102", "103"]), "over-labelled-maximum")
    assert finding.where == "steps 1, 3 to 5"
    assert finding.message.startswith("103 mg a day from 2027-01-26")
    assert finding.message.endswith("likewise at 3 other steps")


def test_checks_that_stop_come_first() -> None:
    """In the order of `CHECKS`, as the findings of a plan are: what stops, what warns, what is noted."""
    order = list(Severity)
    ranks = [order.index(check.severity) for check in CHECKS]
    assert ranks == sorted(ranks)


def test_warnings_stay_few() -> None:
    """Of prescriptions as a pharmacy gets them half have one warning at most; the long form asks 300 of them."""
    assert median(counts(plans(66), Severity.WARN)) <= GOAL
