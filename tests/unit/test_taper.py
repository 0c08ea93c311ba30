"""A taper's rule to dated steps, against doses worked out by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from splitter.bounds import MOST_DAYS, MOST_STEPS
from splitter.errors import InputError
from splitter.formulary import Batch, Form, Formulary, Ingredient, Product, load_formulary
from splitter.prescription import (
    Prescription,
    Step,
    pharmacy_from_text,
    read_prescription,
)
from splitter.quantity import Concentration, Mass, Money, format_exact
from splitter.taper import Clause, Ending, EndReason, Schedule, as_toml_steps, expand, step_starts, with_steps
from tests.oracle.cases import policy, syringe, tablet

EXAMPLES = Path(__file__).parents[1] / "examples"
TIMES = ("08:00", "20:00", "14:00", "17:00")
HOUSE = pharmacy_from_text("", "pharmacy.toml")
NOTHING = Formulary(drug="exampline", products=())

# Nine tenths of the dose before, to the nearest half milligram: 0.9 x 54 = 48.6 -> 48.5, 0.9 x 15 = 13.5,
# 0.9 x 4.5 = 4.05 -> 4 would be next, but the last dose is 4.5.
BY_HAND = """60 54 48.5 43.5 39 35 31.5 28.5 25.5 23 20.5 18.5 16.5 15 13.5 12 11 10 9 8 7 6.5 6 5.5 5 4.5"""


def mg(text: str) -> Mass:
    return Mass(Fraction(text))


def order(rule: str, times: int = 1, drug: str = "exampline") -> Prescription:
    """A prescription with a rule as its file states it; "; " stands between lines and " | " between phases."""
    phases = "".join("[[taper]]\n" + phase.replace("; ", "\n") + "\n" for phase in rule.split(" | "))
    clock = ", ".join(f'"{time}"' for time in sorted(TIMES[:times]))
    head = f'[prescription]\nnumber = "RX-1"\ndrug = "{drug}"\nstart = 2026-12-01\ntimes = [{clock}]\n'
    return read_prescription("rx.toml", head + phases)


def followed(rule: str, products: tuple[Product, ...], times: int = 1, **settings: object) -> Schedule:
    """The rule with these products alone, under the default policy with some settings changed."""
    formulary = replace(NOTHING, products=products, taper_end=settings.pop("taper_end", None))
    house = replace(HOUSE, policy=policy(**settings))
    return expand(order(rule, times), house, formulary)


def doses_of(schedule: Schedule) -> str:
    """The doses [mg], with a ! where the rule wasn't kept."""
    pairs = zip(schedule.steps, schedule.roundings, strict=True)
    return " ".join(format_exact(step.target.value) + "!" * (not rounding.kept) for step, rounding in pairs)


def clauses_of(schedule: Schedule) -> list[Clause]:
    return [rounding.clause for rounding in schedule.roundings if rounding is not None]


def compounded(name: str, **strength: object) -> Product:
    """A liquid with a `concentration`, or capsules with a `strength`."""
    form = Form.SUSPENSION if "concentration" in strength else Form.CAPSULE
    parts = (Ingredient(name="drug", amount=Fraction(1), unit="g", price=Money(Fraction(1))),)
    no, one = Fraction(0), Fraction(1)
    supply = Batch(
        beyond_use=30, labour=no, step=one, minimum=one, maximum=None, overage=no, containers=(), ingredients=parts
    )
    return Product(id=name, name=name, form=form, supply=supply, **strength)


def liquid(concentration: str) -> Product:
    return compounded("liquid", concentration=Concentration(Fraction(concentration)))


def capsule(strength: str) -> Product:
    return compounded(f"capsule-{strength}", strength=mg(strength))


def test_the_example_goes_down_on_tablets_then_in_equal_measured_doses() -> None:
    """Whole and half tablets to 30 mg; below, three times the same. Two weeks each, a year all but two weeks."""
    prescription = read_prescription(EXAMPLES / "baclofen.toml")
    found = expand(prescription, HOUSE, load_formulary("baclofen"))
    assert doses_of(found) == ("60 55 50 45 40 35 30 27 24 22.5 21 18 16.5 15 13.5 12 10.5 9 8.4 7.5 6.6 6 5.4 4.8 4.5")
    assert [clause for clause in clauses_of(found) if clause is not Clause.TABLETS] == [
        Clause.STATED, *[Clause.EQUAL] * 17, Clause.STATED,
    ]  # fmt: skip
    assert {step.days for step in found.steps} == {14}
    assert found.ending == Ending(reason=EndReason.LAST, limit=mg("4.5"))


def test_the_example_in_half_milligrams() -> None:
    """26 steps of two weeks, thirteen visits, each dose as worked out by hand, whatever it is made of."""
    prescription = read_prescription(EXAMPLES / "baclofen-half-milligrams.toml")
    found = expand(prescription, HOUSE, NOTHING)
    assert doses_of(found) == BY_HAND
    assert {step.days for step in found.steps} == {14}
    assert set(clauses_of(found)) == {Clause.STATED, Clause.GRID}
    assert sum(step.days for step in found.steps) == 364


# drug, times, from, every, last, and the doses that the file format's page and the contract state, then how they go on
STATED = [
    (
        "baclofen", 3, "60", "3",
        "60 55 50 45 40 35 30 27 24 22.5 21 18 16.5 15 13.5 12 10.5 9 8.4 7.5 6.6 6 "
        "5.4 4.8 4.5 4.2 3.6 3.3 3",
    ),
    (
        "clonazepam", 2, "2", "0.1",
        "2 1.75 1.625 1.5 1.375 1.25 1.125 1 0.875 0.75 0.68 0.6 0.56 0.5 0.44 0.4 0.36 "
        "0.32 0.3 0.28 0.24 0.22 0.2 0.18 0.16 0.14 0.12 0.108 0.1",
    ),
    (
        "methadone", 3, "30", "3",
        "30 27 24 21 18 16.2 15 13.8 12 10.8 9.6 9 8.4 7.5 6.6 6 5.4 4.8 4.5 4.2 3.6 3.3 3",
    ),
    (
        "venlafaxine", 2, "225", "12",
        "225 200 175 162.5 150 137.5 125 112.5 100 87.5 75 66 60 54 48 45 42 36 33 30 "
        "27 24 21 18 16.8 15 13.2 12",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("drug", "times", "start", "last", "doses"), STATED, ids=[row[0] for row in STATED])
def test_the_sequences_that_are_stated(drug: str, times: int, start: str, last: str, doses: str) -> None:
    """A tenth of the current dose less at each step, with the built-in products and the default pharmacy."""
    rule = f'from = "{start} mg"; reduce = "10 %"; every = "1 week"; last = "{last} mg"'
    assert doses_of(expand(order(rule, times, drug), HOUSE, load_formulary(drug))) == doses


def test_the_amounts_that_are_stated() -> None:
    """Baclofen from 80 mg by 10 mg every 4 days ends with 10 mg, whose next dose is nothing."""
    found = expand(
        order('from = "80 mg"; reduce = "10 mg"; every = "4 days"', 3, "baclofen"), HOUSE, load_formulary("baclofen")
    )
    assert doses_of(found) == "80 70 60 50 40 30 20 10"
    assert found.ending == Ending(reason=EndReason.NOTHING)


FIVE = tablet("5", "0.1")
TEN = tablet("10", "0.1", 2)
WEEKLY = 'every = "1 week"'

# rule after `from`, products, times, doses, clauses after the first, how it ends
CLAUSES = [
    # 1, by amounts: e itself on any plain products, though one time of two gets nothing
    ('"20 mg"; reduce = "5 mg"', (FIVE,), 2, "20 15 10 5", "tablets tablets tablets", EndReason.NOTHING),
    # 4: 17 can't be made, 15 is farther than half of what is taken off, yet within a quarter of 17; 10 within one of 12
    ('"20 mg"; reduce = "3 mg"', (FIVE,), 1, "20 15! 10!", "tablets tablets", EndReason.NO_DOSE),
    # 4: likewise 15 for 18; for 13.5 within a quarter, 10 is too far
    ('"20 mg"; reduce = "10 %"', (FIVE,), 1, "20 15!", "tablets", EndReason.NO_DOSE),
    # 2: 18 = 2 x 9 of multiples of 1; 5, 2.5 and 2 have none within 0.9 of 18; then 16, since 2 x 8 is within 0.81
    ('"20 mg"; reduce = "10 %"; last = "16 mg"', (liquid("1"),), 2, "20 18 16", "equal equal", EndReason.LAST),
    # 1: 10 is two halves of 10; 3: 5 is one half, given at one time of two
    ('"20 mg"; reduce = "50 %"; last = "5 mg"', (TEN,), 2, "20 10 5", "tablets uneven", EndReason.LAST),
    # 5: after 10 no tablet gives 7.5 within 5 %, nor 5 within a quarter of 7.5
    ('"10 mg"; reduce = "25 %"', (FIVE,), 1, "10", "", EndReason.NO_DOSE),
]


@pytest.mark.parametrize(("rule", "products", "times", "doses", "clauses", "reason"), CLAUSES)
def test_each_clause_by_hand(
    rule: str, products: tuple[Product, ...], times: int, doses: str, clauses: str, reason: EndReason
) -> None:
    """The dose, the clause that gave it, and how the rule ends."""
    found = followed(f"from = {rule}; {WEEKLY}", products, times)
    assert doses_of(found) == doses
    assert clauses_of(found) == [Clause.STATED, *clauses.split()]
    assert found.ending is not None
    assert found.ending.reason is reason


def test_of_two_equally_near_the_larger() -> None:
    """Of tablets of 2 mg, 22 mg are as near to 21 mg as 20 mg are."""
    rule = 'from = "30 mg"; reduce = "30 %"; last = "20 mg"; ' + WEEKLY
    assert doses_of(followed(rule, (tablet("2", "0.1"),), max_pieces=20)) == "30 22 20"


def test_finer_doses_stay_finer() -> None:
    """Once 2.8 mg was measured, tablets come second: 2 mg is measured, though it could be a tablet, a phase later."""
    products = (tablet("1", "0.1"), liquid("1"))
    first = f'from = "3 mg"; reduce = "10 %"; to = "2.4 mg"; {WEEKLY}'
    found = followed(f'{first} | reduce = "20 %"; last = "1 mg"; {WEEKLY}', products)
    assert doses_of(found) == "3 2.8 2.5 2.4 2 1.6 1.3 1"
    assert [number for number, clause in enumerate(clauses_of(found)) if clause is not Clause.EQUAL] == [0, 3]


def test_measuring_where_the_rule_is_not_kept_does_not_count() -> None:
    """The capsule of 1.4 mg is found within a quarter of 1.5 mg; the tablet still comes first after it."""
    rule = f'from = "1.6 mg"; reduce = "0.1 mg"; to = "1.4 mg"; {WEEKLY} | reduce = "0.4 mg"; {WEEKLY}'
    found = followed(rule, (tablet("1", "0.1"), capsule("1.4")), max_pieces=1)
    assert doses_of(found) == "1.6 1.4! 1"
    assert clauses_of(found) == [Clause.STATED, Clause.EQUAL, Clause.TABLETS]


def test_no_number_is_finer_than_a_graduation() -> None:
    """With 1 mg/mL and a syringe by 0.02 mL, 0.02 mg is the finest, for capsules beside it too."""
    rule = 'from = "0.3 mg"; reduce = "1 %"; last = "0.2 mg"; ' + WEEKLY
    found = followed(rule, (liquid("1"),), min_volume=HOUSE.policy.min_volume)
    assert doses_of(found).split()[:2] == ["0.3", "0.28!"]


def test_doses_in_marks_of_a_syringe() -> None:
    """A liquid of 10/3 mg/mL gives no round number; 0.02 mL are 1/15 mg, of which the coarsest multiples are taken."""
    found = followed('from = "2 mg"; reduce = "10 %"; last = "1.5 mg"; ' + WEEKLY, (liquid("10/3"),))
    exact = [step.target.value * Fraction(3, 10) for step in found.steps[1:-1]]  # [mL]
    assert all((volume / Fraction("0.02")).denominator == 1 for volume in exact)
    assert set(clauses_of(found)) == {Clause.STATED, Clause.EQUAL}


def test_finer_doses_on_a_grid() -> None:
    """With `grid`, finer doses are its nearest multiples that can be given equally; tablets are not held to it."""
    products = (tablet("4", "0.1"), liquid("1"))
    rule = 'from = "12 mg"; reduce = "20 %"; last = "5 mg"; round_within = "20 %"; grid = "0.3 mg"; ' + WEEKLY
    found = followed(rule, products)
    # 8 is farther from 9.6 than half of 2.4; then 7.68 -> 7.8, 0.12 off, where 7.5 would be 0.18 off; 6.24 -> 6,
    # since 6.3 mL can't be measured in a syringe of 10 mL by 0.2 mL
    assert doses_of(found) == "12 9.6 7.8 6 5"
    assert clauses_of(found)[1:-1] == [Clause.EQUAL] * 3


def test_of_several_means_the_nearest_on_a_grid() -> None:
    """Only the liquid gives 8 mg, only the capsules 10 mg, both as near to 9 mg: the larger."""
    rule = f'from = "12 mg"; reduce = "25 %"; round_within = "20 %"; grid = "2 mg"; {WEEKLY}'
    marks = (syringe("5", "1"),)
    assert doses_of(followed(rule, (liquid("4"), capsule("10")), syringes=marks)).split()[:2] == ["12", "10"]


def test_a_rounding_may_be_wider_or_none() -> None:
    """`round_within` is a share of the exact dose; at 0 % only e itself will do, before the rule is broken."""
    ladder = (tablet("1", "0.1"),)
    assert doses_of(followed('from = "6 mg"; reduce = "30 %"; last = "3 mg"; ' + WEEKLY, ladder)) == "6 4 3"
    wide = 'from = "6 mg"; reduce = "30 %"; last = "3 mg"; round_within = "10 %"; ' + WEEKLY
    none = 'from = "6 mg"; reduce = "30 %"; last = "3 mg"; round_within = "0 %"; ' + WEEKLY
    assert doses_of(followed(wide, ladder)) == "6 4 3"
    assert doses_of(followed(none, ladder)) == "6 4! 3"


@pytest.mark.parametrize(
    ("start", "reduce", "grid", "last", "doses"),
    [
        ("20", "5 mg", "5", "5", "20 15 10 5"),
        ("20", "5 mg", "5", "2.5", "20 15 10 5 2.5"),
        ("20", "7 mg", "1", "1", "20 13 6 1"),
        ("10", "50 %", "0.5", "1", "10 5 2.5 1.5 1"),  # 1.25 is a half of the grid's step: up
        ("5", "10 %", "1", "3", "5 4 3"),  # 4.5 would round up to 5: one step of the grid instead
        ("5.2", "1 %", "1", "3", "5.2 5 4 3"),  # off the grid: the multiple just below
        ("5.2", "20 %", "1", "3.7", "5.2 4 3.7"),
        ("5", "10 %", "1", "5", "5"),
        ("3", "0.1 mg", "1", "1", "3 2 1"),
        ("8", "25 % of start", "1", "1", "8 6 4 2 1"),
        ("2", "1.6 mg", "1", "", "2"),  # 0.4 is nearest to nothing
    ],
)
def test_a_grid_by_hand(start: str, reduce: str, grid: str, last: str, doses: str) -> None:
    """Rounded to the grid, halves up, always smaller, never below the last, with no product at all."""
    end = f'; last = "{last} mg"' if last else ""
    rule = f'from = "{start} mg"; reduce = "{reduce}"; round = "grid"; grid = "{grid} mg"{end}; {WEEKLY}'
    assert doses_of(followed(rule, ())) == doses


TAPER_END = Ending(reason=EndReason.TAPER_END, limit=mg("2"))


@pytest.mark.parametrize(
    ("rule", "taper_end", "doses", "ending"),
    [
        ('"6 mg"; reduce = "50 %"', "2", "6 3", TAPER_END),
        ('"8 mg"; reduce = "50 %"', "2", "8 4 2", TAPER_END),
        ('"1 mg"; reduce = "50 %"', "2", "1", TAPER_END),
        ('"8 mg"; reduce = "50 %"', None, "8 4 2 1 0.5", Ending(reason=EndReason.SMALL, limit=mg("0.4"))),
        ('"8 mg"; reduce = "50 %"; last = "1 mg"', "2", "8 4 2 1", Ending(reason=EndReason.LAST, limit=mg("1"))),
        ('"8 mg"; reduce = "50 %"; to = "1 mg"', "2", "8 4 2 1", Ending(reason=EndReason.LAST, limit=mg("1"))),
        ('"6 mg"; reduce = "2 mg"', "5", "6 4 2", Ending(reason=EndReason.NOTHING)),
        ('"6 mg"; reduce = "40 % of start"', "5", "6 3.6 1.2", Ending(reason=EndReason.NOTHING)),
        ('"6 mg"; reduce = "2.5 mg"; last = "2 mg"', None, "6 3.6 2", Ending(reason=EndReason.LAST, limit=mg("2"))),
        ('"6 mg"; reduce = "2.5 mg"; last = "6 mg"', None, "6", Ending(reason=EndReason.LAST, limit=mg("6"))),
    ],
)
def test_where_a_rule_ends(rule: str, taper_end: str | None, doses: str, ending: Ending) -> None:
    """By percentages at the drug's limit or a twentieth of the start, by amounts at nothing, else at a stated dose."""
    limit = mg(taper_end) if taper_end else None
    found = followed(f"from = {rule}; {WEEKLY}", (liquid("1"),), taper_end=limit)
    assert doses_of(found) == doses
    assert found.ending == ending


def test_phases_begin_where_the_one_before_ended() -> None:
    """The step that reaches `to` is held longer, the next phase's first is lower; the start is that of the first."""
    rule = (
        f'from = "80 mg"; reduce = "20 mg"; to = "40 mg"; hold = "2 weeks"; {WEEKLY}'
        ' | reduce = "50 %"; every = "2 weeks"; to = "10 mg"'
        ' | reduce = "5 % of start"; every = "3 days"; last = "2 mg"; hold = "1 day"'
    )
    found = followed(rule, (tablet("1", "0.1"), tablet("10", "0.1"), tablet("20", "1")))
    assert doses_of(found) == "80 60 40 20 10 6 2"
    assert [step.days for step in found.steps] == [7, 7, 21, 14, 14, 3, 4]


@pytest.mark.parametrize(
    ("rule", "doses", "days"),
    [
        # twelve steps, and nothing after twelve weeks
        ('from = "60 mg"; every = "1 week"; over = "12 weeks"', "60 55 50 45 40 35 30 25 20 15 10 5", 7),
        # the last of them states where it ends, so that eleven are taken off
        ('from = "60 mg"; every = "1 week"; over = "12 weeks"; last = "5 mg"', "60 55 50 45 40 35 30 25 20 15 10 5", 7),
        ('from = "60 mg"; reduce = "5 mg"; over = "84 days"', "60 55 50 45 40 35 30 25 20 15 10 5", 7),
        ('from = "40 mg"; reduce = "50 %"; over = "9 days"; last = "10 mg"', "40 20 10", 3),
        # from 10 mg in thirds: 6 2/3 is rounded to 6.5, 5 + 1.5; then half of what is left is 3.25, and 3 is 0.25 off
        ('from = "10 mg"; every = "2 days"; over = "6 days"', "10 6.5 3!", 2),
        # a later phase is lowered at once: 20, then in three steps to 5
        (f'from = "20 mg"; reduce = "1 mg"; to = "20 mg"; {WEEKLY} | {WEEKLY}; over = "3 weeks"; last = "5 mg"',
            "20 15 10 5", 7),
        # and to nothing after three steps of four that are taken off
        (f'from = "20 mg"; reduce = "1 mg"; to = "20 mg"; {WEEKLY} | {WEEKLY}; over = "3 weeks"', "20 15 10 5", 7),
    ],
)  # fmt: skip
def test_equal_steps_over_a_stated_time(rule: str, doses: str, days: int) -> None:
    """In place of `reduce` or of `every`; they end when the time is over."""
    found = followed(rule, (tablet("5", "0.1"), tablet("1.5", "1")), max_pieces=12)
    assert doses_of(found) == doses
    assert {step.days for step in found.steps} == {days}


def fault_of(rule: str, products: tuple[Product, ...]) -> str:
    with pytest.raises(InputError) as caught:
        followed(rule, products)
    (fault,) = caught.value.faults
    return str(fault)


def test_a_time_that_is_no_whole_number_of_days_for_each_step_is_refused() -> None:
    """The remedy names the nearest times that are."""
    told = fault_of('from = "60 mg"; reduce = "20 mg"; over = "10 days"', (TEN,))
    assert told == (
        "prescription RX-1: taper.over: found 10 days for 3 steps of equal length; "
        "write 9 days or 12 days, or every in its place"
    )


def test_a_stated_end_that_is_not_reached_is_a_conflict() -> None:
    """It names the dose, where the rule ends, and what would help; so does a phase's."""
    told = fault_of(f'from = "10 mg"; reduce = "25 %"; last = "1 mg"; {WEEKLY}', (FIVE,))
    assert told == (
        "prescription RX-1: taper.last: found 1 mg, which the rule can't reach: below 10 mg no product gives a dose "
        "near 7.5 mg; write 10 mg, reduce by another amount, or allow finer pieces, liquids or compounding"
    )
    two = f'from = "20 mg"; reduce = "50 %"; to = "10 mg"; {WEEKLY} | reduce = "25 %"; to = "1 mg"; {WEEKLY}'
    assert "RX-1: taper[1].to: found 1 mg" in fault_of(two, (FIVE,))


@pytest.mark.parametrize(
    ("start", "every", "possible"),
    [
        (MOST_STEPS, 1, True),
        (MOST_STEPS + 1, 1, False),
        (100, MOST_DAYS // 100, True),
        (100, MOST_DAYS // 100 + 1, False),
        (999_999, 1, False),
    ],
)
@pytest.mark.parametrize("before", [0, 1])
def test_a_rule_without_a_sensible_end_is_refused(start: int, every: int, possible: bool, before: int) -> None:
    """At most 1000 steps and ten years over all phases, found without writing them all out."""
    grid = f'round = "grid"; grid = "1 mg"; every = "{every} days"'
    rule = f'from = "{start} mg"; reduce = "1 mg"; {grid}'
    if before:
        rule = f'from = "{start} mg"; reduce = "1 mg"; to = "{start - 1} mg"; {grid} | reduce = "1 mg"; {grid}'
    if possible:
        assert followed(rule, ()).steps[-1].target == mg("1")
    else:
        assert "more than 1000 steps or 3660 days; reduce by more" in fault_of(rule, ())


def test_a_hold_counts_among_the_days() -> None:
    """A step held for eleven years is refused too."""
    told = fault_of(f'from = "20 mg"; reduce = "10 mg"; last = "10 mg"; hold = "3655 days"; {WEEKLY}', (TEN,))
    assert "more than 1000 steps or 3660 days" in told


def test_families_of_strengths_never_meet_in_a_rule() -> None:
    """That which gives the first dose on tablets is reckoned with, else the first by name."""
    one, other = (replace(tablet(text, "0.1"), family=text) for text in ("3", "4"))
    rule = 'from = "{} mg"; reduce = "30 %"; round_within = "40 %"; ' + WEEKLY
    assert doses_of(followed(rule.format(16), (one, other))).startswith("16 12 8")
    assert doses_of(followed(rule.format(15), (one, other))).startswith("15 12 9")
    assert doses_of(followed(rule.format(14), (one, other))).startswith("14 9")


def test_only_what_the_policy_allows_is_reckoned_with() -> None:
    """Without compounding there are no finer doses, without halves fewer tablets."""
    products = (tablet("2", "0.1", 2), liquid("1"))
    rule = 'from = "6 mg"; reduce = "20 %"; last = "2 mg"; ' + WEEKLY
    assert doses_of(followed(rule, products)) == "6 5 4 3.2 2.5 2"
    assert doses_of(followed(rule, products, compounded=False)) == "6 5 4 3! 2!"
    assert doses_of(followed(rule, products, exclude=("liquid",))) == "6 5 4 3! 2!"


def test_every_time_may_be_asked_to_get_something() -> None:
    """Then a day on which one time gets nothing is no candidate, where finer doses reach every time."""
    products = (tablet("5", "0.1"), liquid("1"))
    rule = 'from = "10 mg"; reduce = "5 mg"; ' + WEEKLY
    assert clauses_of(followed(rule, products, 2)) == [Clause.STATED, Clause.TABLETS]
    assert clauses_of(followed(rule, products, 2, every_time=True)) == [Clause.STATED, Clause.EQUAL]
    # With capsules that can't help such a day remains a candidate, where a plan has one means; with both it doesn't.
    more = (*products, capsule("7"))
    assert clauses_of(followed(rule, more, 2, every_time=True)) == [Clause.STATED, Clause.TABLETS]
    assert clauses_of(followed(rule, more, 2, every_time=True, one_liquid=False)) == [Clause.STATED, Clause.EQUAL]


def test_explicit_steps_stay_as_they_are() -> None:
    """A prescription without a rule is not touched; one that is expanded has no rule left."""
    explicit = replace(
        order('from = "1 mg"; reduce = "5 %"; ' + WEEKLY), taper=None, steps=(Step(days=3, target=mg("5")),)
    )
    assert with_steps(explicit, HOUSE, NOTHING) is explicit
    assert expand(explicit, HOUSE, NOTHING) == Schedule(steps=explicit.steps, roundings=(None,))
    expanded = with_steps(
        order('from = "20 mg"; reduce = "10 mg"; ' + WEEKLY), HOUSE, replace(NOTHING, products=(TEN,))
    )
    assert expanded.taper is None
    assert expanded.steps == (Step(days=7, target=mg("20")), Step(days=7, target=mg("10")))
    assert with_steps(expanded, HOUSE, NOTHING) is expanded


def steps_only(*steps: Step) -> Prescription:
    return replace(order('from = "1 mg"; reduce = "5 %"; ' + WEEKLY), taper=None, steps=steps)


def test_steps_start_where_the_one_before_ends() -> None:
    """The first on the prescription's start; February of a leap year has its 29th."""
    steps = (Step(days=3, target=mg("5")), Step(days=88, target=mg("0")), Step(days=1, target=mg("1")))
    assert step_starts(steps_only(*steps)) == (dt.date(2026, 12, 1), dt.date(2026, 12, 4), dt.date(2027, 3, 2))


def test_steps_are_printed_as_a_prescription_states_them() -> None:
    """Daily doses or those of each time, the range, and the first day as a comment."""
    steps = (
        Step(days=14, target=mg("2.5"), allowed=(mg("2"), mg("3"))),
        Step(days=1, target=mg("3"), doses=(mg("1"), mg("2"))),
    )
    assert as_toml_steps(steps_only(*steps)) == (
        '[[step]]\n# from 2026-12-01\ndaily = "2.5 mg"\nfor = "14 days"\nrange = ["2 mg", "3 mg"]\n'
        "\n"
        '[[step]]\n# from 2026-12-15\ndoses = ["1 mg", "2 mg"]\nfor = "1 day"\n'
    )


def test_steps_that_no_prescription_can_state_are_not_printed() -> None:
    """A dose of 0.02 mL of 0.02 mg/mL is finer than 1 mcg; the rule can be held to whole ones."""
    rule = 'from = "0.02 mg"; reduce = "15 %"; last = "0.016 mg"; ' + WEEKLY
    formulary, house = replace(NOTHING, products=(liquid("0.02"),)), HOUSE
    found = with_steps(order(rule, 2), house, formulary)
    assert [str(step.target) for step in found.steps] == ["0.02 mg", "0.0176 mg", "0.016 mg"]
    with pytest.raises(InputError, match=r'step\[1\]: found 0.0176 mg, finer than .*; add grid = "0.001 mg"'):
        as_toml_steps(found)
    whole = with_steps(order(rule + '; grid = "0.001 mg"', 2), house, formulary)
    assert 'daily = "0.016 mg"' in as_toml_steps(whole)
