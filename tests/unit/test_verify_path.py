"""The independent check of how days are divided and of one form at a time: right plans pass, planted errors are caught.

The plans are made by hand. They give the doses and forms that the rules lead to; what is handed over for them is not
their subject, and is left out but for one.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from splitter.division import StepForm
from splitter.plan import Administration, Finding, Measure, PlannedStep, Status, Take
from splitter.prescription import DivisionRule, Fine, LargerDose, Policy, Step, Tolerance
from splitter.quantity import Concentration, Mass, Volume
from splitter.verify import verify
from splitter.verify.case import open_case
from splitter.verify.path.best import find_best
from splitter.verify.path.forms import check_division
from splitter.verify.path.question import put_question
from tests.unit.plans import ALL, BOTTLED, CAPSULE, FIVE, MIXTURE, START, TEN, Made
from tests.unit.test_verify import Change, formulary, ordered, prescription, setting, together
from tests.unit.test_verify import step as changed_step

MORNING, NOON, EVENING = dt.time(8), dt.time(14), dt.time(20)
PLAIN, FINE = StepForm.PLAIN, StepForm.FINE
TWICE, THRICE = (MORNING, EVENING), (MORNING, NOON, EVENING)
SYRINGES = (("1", "1 mL by 0.02 mL"), ("3", "3 mL by 0.1 mL"), ("5", "5 mL by 0.2 mL"), ("1000", "10 mL by 0.2 mL"))


def gives(moment: dt.time, what: str) -> Administration:
    """An administration in words: "2 ten, 1/2 ten, 3.5 mL bottled"; "" is nothing."""
    takes, measure, dose = [], None, Fraction(0)
    strengths = {"ten": 10, "five": 5, "capsule": 1, "bottled": 1, "mixture": 5}
    for amount, *unit, product in (part.split() for part in what.split(", ") if part):
        if unit:
            volume = Fraction(amount)
            syringe = next(text for most, text in SYRINGES if volume <= Fraction(most))
            measure = Measure(product=product, mL=volume, syringe=syringe)
        else:
            halves = amount == "1/2"
            fraction, count = (Fraction(1, 2), 1) if halves else (Fraction(1), int(amount))
            takes.append(Take(product=product, fraction=fraction, count=count))
        dose += Fraction(amount) * strengths[product]
    return Administration(time=moment, dose_mg=dose, take=tuple(takes), measure=measure)


def plan_of(
    times: tuple[dt.time, ...], steps: list[tuple[str, StepForm | None, tuple[str, ...]]], **policy: Any
) -> Made:
    """Two-week steps, each (target, form, what is given at each time), of the policy's defaults changed by `policy`.

    The formulary has 10 mg tablets with a score, 5 mg tablets without, a bottled 1 mg/mL, a compounded 5 mg/mL and
    compounded capsules of 1 mg.
    """
    base, planned, asked = ALL["tablets"](), [], []
    for number, (target, form, words) in enumerate(steps):
        administrations = tuple(gives(moment, what) for moment, what in zip(times, words, strict=True)) if words else ()
        planned.append(
            PlannedStep(
                start=START + dt.timedelta(days=14 * number),
                days=14,
                target_mg=Fraction(target),
                delivered_mg=sum((one.dose_mg for one in administrations), Fraction(0)),
                administrations=administrations,
                form=form,
            )
        )
        asked.append(Step(days=14, target=Mass(Fraction(target))))
    return replace(
        base,
        plan=replace(base.plan, steps=tuple(planned)),
        prescription=replace(base.prescription, times=times, steps=tuple(asked), settings=()),
        pharmacy=replace(base.pharmacy, policy=replace(Policy(), **policy)),
        formulary=replace(base.formulary, products=(TEN, FIVE, BOTTLED, MIXTURE, CAPSULE)),
    )


def tapering() -> Made:
    """The noon dose is cut first, then the morning's; 27 mg are three equal volumes of 9 mL, or of 1.8 mL."""
    return plan_of(
        THRICE,
        [
            ("60", PLAIN, ("2 ten", "2 ten", "2 ten")),
            ("55", PLAIN, ("2 ten", "1 ten, 1/2 ten", "2 ten")),
            ("50", PLAIN, ("1 ten, 1 five", "1 ten, 1/2 ten", "2 ten")),
            ("0", None, ()),
            ("27", FINE, ("9 mL bottled", "9 mL bottled", "9 mL bottled")),
        ],
    )


def beside() -> Made:
    """41 mg twice a day: no volume of up to 20 mL gives 20.5 mg, nor do tablets, so that both are given at once."""
    return plan_of(
        TWICE, [("41", FINE, ("1 ten, 10.5 mL bottled",) * 2)], exclude=("mixture", "capsule"), min_share=Fraction(1, 2)
    )


def apart() -> Made:
    """Stated doses of 25 and 7 mg: the one is too much for a volume, the other is no tablet."""
    made = plan_of(TWICE, [("32", FINE, ("2 ten, 1 five", "7 mL bottled"))], exclude=("mixture", "capsule"))
    return ordered(0, doses=(Mass(Fraction(25)), Mass(Fraction(7))))(made)


def capsules() -> Made:
    """Compounded capsules are a means too."""
    return plan_of(TWICE, [("8", FINE, ("4 capsule", "4 capsule"))])


def anything() -> Made:
    """With fine = "free" the doses are the path's, and any products give them."""
    return plan_of(
        TWICE,
        [("25", None, ("5 mL bottled, 1 five", "1 ten, 1 five")), ("16", None, ("8 mL bottled", "1 five, 3 capsule"))],
        fine=Fine.FREE,
        form_change=0,
    )


def held() -> Made:
    """25 mg would be tablets, but two weeks of measuring count less than a change of form."""
    return plan_of(
        TWICE,
        [
            ("25", FINE, ("12.5 mL bottled", "2.5 mL mixture")),
            ("16", FINE, ("8 mL bottled", "8 mL bottled")),
        ],
        one_liquid=False,
    )


def freely() -> Made:
    """With division = "free" each step still has one form: 25 mg are tablets somehow, 16 mg are measured somehow."""
    return plan_of(
        TWICE,
        [("25", PLAIN, ("1 five", "2 ten")), ("16", FINE, ("4 mL bottled", "12 mL bottled"))],
        division=DivisionRule.FREE,
    )


def freely_stated() -> Made:
    """The same where the doses are stated: 10 and 7 mg are measured, one with the other."""
    made = plan_of(TWICE, [("17", FINE, ("10 mL bottled", "7 mL bottled"))], division=DivisionRule.FREE)
    return ordered(0, doses=(Mass(Fraction(10)), Mass(Fraction(7))))(made)


def freely_even() -> Made:
    """Within an imbalance of 4 mg, 26 mg can't be tablets: these make 25, or 10 and 15 of 25."""
    return plan_of(
        TWICE,
        [("26", FINE, ("11 mL bottled", "15 mL bottled"))],
        division=DivisionRule.FREE,
        max_imbalance=Mass(Fraction(4)),
        exclude=("mixture", "capsule"),
    )


def nearest() -> Made:
    """26 mg within 4 mg from tablets: 25 mg are nearer than 30 mg."""
    made = plan_of(TWICE, [("26", PLAIN, ("1 ten", "1 ten, 1 five"))], exclude=("bottled", "mixture", "capsule"))
    return prescription(tolerance=Tolerance(mass=Mass(Fraction(4))))(made)


def nearest_stated() -> Made:
    """12 and 9 mg within 3 mg from tablets: 10 and 10 mg."""
    made = plan_of(TWICE, [("21", PLAIN, ("1 ten", "1 ten"))], exclude=("bottled", "mixture", "capsule"))
    stated = ordered(0, doses=(Mass(Fraction(12)), Mass(Fraction(9))))
    return together(stated, prescription(tolerance=Tolerance(mass=Mass(Fraction(3)))))(made)


def families() -> Made:
    """Tablets of two families: those of the plan's own lead to 10 and 15 mg."""
    made = plan_of(TWICE, [("25", PLAIN, ("1 ten", "1 ten, 1 five"))], exclude=("bottled", "mixture", "capsule"))
    other = replace(TEN, id="other", strength=Mass(Fraction(25)), pieces=1, family="b")
    own = (replace(TEN, family="a"), replace(FIVE, family="a"), other)
    return formulary(products=own)(made)


def of_no_family() -> Made:
    """A liquid that goes with both families: with either, 27 mg are measured."""
    made = plan_of(TWICE, [("27", FINE, ("13 mL bottled", "14 mL bottled"))])
    kinds = (replace(TEN, family="a"), replace(FIVE, family="b"), BOTTLED)
    return formulary(products=kinds)(made)


def two_liquids() -> Made:
    """Without one_liquid each fine step may have another of the means, and a volume a capsule beside it."""
    return plan_of(
        TWICE,
        [("18", FINE, ("9 mL bottled", "1.8 mL mixture")), ("8", FINE, ("4 capsule", "3 mL bottled, 1 capsule"))],
        one_liquid=False,
    )


RIGHT = {
    made.__name__: made
    for made in (
        tapering,
        beside,
        apart,
        capsules,
        anything,
        held,
        freely,
        freely_stated,
        freely_even,
        nearest,
        nearest_stated,
        families,
        of_no_family,
        two_liquids,
    )
}


def gave(number: int, form: StepForm | None, *words: str) -> Change:
    """Another regimen, with figures that fit it."""

    def change(made: Made) -> Made:
        times = made.prescription.times
        administrations = tuple(gives(moment, what) for moment, what in zip(times, words, strict=True))
        total = sum((each.dose_mg for each in administrations), Fraction(0))
        return changed_step(number, administrations=administrations, delivered_mg=total, form=form)(made)

    return change


def divided(made: Made) -> tuple[Finding, ...]:
    """What the check of division and form says."""
    return tuple(check_division(open_case(made.plan, made.prescription, made.pharmacy, made.formulary)))


@pytest.mark.parametrize("name", RIGHT)
def test_right_plans_pass(name: str) -> None:
    """Doses and forms that follow from the rules have no findings, nor has any other rule of a step."""
    made = RIGHT[name]()
    assert divided(made) == ()
    codes = {finding.code for finding in verify(made.plan, made.prescription, made.pharmacy, made.formulary)}
    assert not {code for code in codes if code.startswith("verify-R")}


NO_LIQUID = setting("exclude", ("bottled", "mixture", "capsule"))
# (plan, what is wrong with it, the code that must catch it, what the finding says)
PLANTED: dict[str, tuple[Callable[[], Made], Change, str, str]] = {
    # R3: the doses of the path
    "two doses swapped": (
        tapering,
        gave(1, PLAIN, "1 ten, 1/2 ten", "2 ten", "2 ten"),
        "verify-R3",
        "the plan says [15, 20, 20]; it should be [20, 15, 20]",
    ),
    "even division in place of the path's": (
        families,
        gave(0, PLAIN, "1 ten, 1/2 five", "1 ten, 1/2 five"),
        "verify-R3",
        "the plan says [12.5, 12.5]; it should be [10, 15]",
    ),
    "measured evenly where tablets can": (
        tapering,
        gave(2, FINE, "16 mL bottled", "17 mL bottled", "17 mL bottled"),
        "verify-R3",
        "it should be [15, 15, 20]",
    ),
    "a volume for each time, unequal": (
        tapering,
        gave(4, FINE, "8 mL bottled", "9 mL bottled", "10 mL bottled"),
        "verify-R3",
        "it should be [9, 9, 9]",
    ),
    "another order of cutting": (
        tapering,
        prescription(cut_order=(MORNING, NOON, EVENING)),
        "verify-R3",
        "it should be [15, 20, 20]",
    ),
    "larger doses first": (tapering, prescription(larger_dose=LargerDose.FIRST), "verify-R3", "[20, 15, 15]"),
    "larger doses first, the drug's": (tapering, formulary(larger_dose=LargerDose.FIRST), "verify-R3", "[20, 15, 15]"),
    "a time without a dose": (
        lambda: plan_of(TWICE, [("5", PLAIN, ("", "1 five"))]),
        setting("every_time", True),
        "verify-R3",
        "it should be [2.5, 2.5]",
    ),
    "a cheaper change of form": (held, setting("form_change", 13), "verify-R3", "it should be [10, 15]"),
    "a farther dose within the tolerance": (
        nearest,
        gave(0, PLAIN, "1 ten, 1 five", "1 ten, 1 five"),
        "verify-R3",
        "it should be [10, 15]",
    ),
    "a farther dose of a time within the tolerance": (
        nearest_stated,
        gave(0, PLAIN, "1 ten, 1 five", "1 ten"),
        "verify-R3",
        "it should be [10, 10]",
    ),
    "the path of another family": (
        families,
        gave(0, PLAIN, "1 five", "2 ten"),
        "verify-R3",
        "it should be [10, 15]",
    ),
    "no path": (tapering, NO_LIQUID, "verify-R3", "there is no path"),
    "free products, other doses": (
        anything,
        gave(0, None, "1 ten, 2.5 mL bottled", "1 ten, 2.5 mL bottled"),
        "verify-R3",
        "it should be [10, 15]",
    ),
    # R7: one form at a time
    "fine for plain": (tapering, changed_step(0, form=FINE), "verify-R7", "the plan says 'fine'"),
    "plain for fine": (tapering, changed_step(4, form=PLAIN), "verify-R7", "the plan says 'plain'"),
    "no form": (tapering, changed_step(4, form=None), "verify-R7", "the plan says nothing"),
    "form of a drug-free step": (tapering, changed_step(3, form=PLAIN), "verify-R7", "it should be nothing"),
    "form where it is free": (anything, changed_step(0, form=PLAIN), "verify-R7", "it should be nothing"),
    "tablet in a fine step": (
        tapering,
        gave(4, FINE, "1 five, 4 mL bottled", "9 mL bottled", "9 mL bottled"),
        "verify-R7",
        "five in a step that the liquid or the capsules alone can give",
    ),
    "tablets for a volume in a fine step": (
        lambda: plan_of(TWICE, [("17", FINE, ("7 mL bottled", "10 mL bottled"))], exclude=("mixture", "capsule")),
        together(gave(0, FINE, "7 mL bottled", "1 ten"), ordered(0, doses=(Mass(Fraction(7)), Mass(Fraction(10))))),
        "verify-R7",
        "ten in a step that the liquid or the capsules alone can give",
    ),
    "measured in a plain step": (
        tapering,
        gave(0, PLAIN, "2 ten", "2 ten", "20 mL bottled"),
        "verify-R7",
        "bottled in a step that plain products give",
    ),
    "capsules in a plain step": (
        lambda: plan_of(TWICE, [("25", PLAIN, ("1 ten", "1 ten, 1 five"))]),
        gave(0, PLAIN, "1 ten", "1 ten, 5 capsule"),
        "verify-R7",
        "capsule in a step that plain products give",
    ),
    "both where one is enough": (
        apart,
        gave(0, FINE, "1 ten, 15 mL bottled", "7 mL bottled"),
        "verify-R7",
        "ten beside bottled in a step where one of them can give each dose",
    ),
    "both where one is enough, the other dose": (
        apart,
        gave(0, FINE, "2 ten, 1 five", "1 five, 2 mL bottled"),
        "verify-R7",
        "five beside bottled",
    ),
    "another means than that of the path": (
        tapering,
        together(
            gave(4, FINE, "1.8 mL mixture", "1.8 mL mixture", "1.8 mL mixture"),
            setting("min_volume", Volume(Fraction(2))),
        ),
        "verify-R7",
        "the means is mixture; it should be bottled",
    ),
    "two means": (
        tapering,
        gave(4, FINE, "9 mL bottled", "1.8 mL mixture", "9 mL bottled"),
        "verify-R7",
        "the means is bottled, mixture; it should be bottled or mixture",
    ),
    # R7 where the division is free
    "free division, measured for tablets": (
        freely,
        gave(0, FINE, "12 mL bottled", "13 mL bottled"),
        "verify-R7",
        "step 1",
    ),
    "free division, a tablet in a fine step": (
        freely,
        gave(1, FINE, "4 mL bottled, 1 five", "7 mL bottled"),
        "verify-R7",
        "five in a step that the liquid",
    ),
    "free division, stated, a tablet in a fine step": (
        freely_stated,
        gave(0, FINE, "1 ten", "7 mL bottled"),
        "verify-R7",
        "ten in a step that the liquid",
    ),
    "free division, too uneven for tablets": (freely_even, changed_step(0, form=PLAIN), "verify-R7", "'plain'"),
    "free division, the imbalance of tablets": (
        freely,
        setting("max_imbalance", Mass(Fraction(4))),
        "verify-R7",
        "it should be 'fine'",
    ),
    # R5
    "capsules beside a liquid": (
        tapering,
        gave(4, FINE, "9 mL bottled", "4 mL bottled, 5 capsule", "9 mL bottled"),
        "verify-R5",
        "compounded capsules beside a liquid: capsule, bottled",
    ),
    # R4
    "too little of a dose measured": (
        beside,
        setting("min_share", Fraction(52, 100)),
        "verify-R4",
        "the volume gives 10.5 mg of 20.5 mg; at least 52 % are asked for",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_planted_errors_are_caught(name: str) -> None:
    """Each planted error is found, by the finding that names it."""
    base, change, code, said = PLANTED[name]
    made = change(base())
    findings = verify(made.plan, made.prescription, made.pharmacy, made.formulary)
    assert any(finding.code == code and said in f"{finding.where}: {finding.message}" for finding in findings), findings


def test_a_plan_that_there_is_not_has_no_path() -> None:
    """An infeasible plan gives nothing, so its doses are compared with nothing."""
    made = tapering()
    steps = tuple(replace(step, delivered_mg=None, administrations=(), form=None) for step in made.plan.steps)
    plan = replace(made.plan, status=Status.INFEASIBLE, steps=steps, conflicts=ALL["infeasible"]().plan.conflicts)
    findings = verify(plan, made.prescription, made.pharmacy, made.formulary)
    assert not {finding.code for finding in findings} & {"verify-R3", "verify-R7"}


def test_any_means_that_shares_the_path_may_be_the_plans() -> None:
    """27 mg are 9 mL of one liquid or 1.8 mL of the other, three times; of capsules they would be too many."""
    made = gave(4, FINE, *("1.8 mL mixture",) * 3)(tapering())
    assert divided(made) == ()


@pytest.mark.parametrize("steps", [26, 100])
def test_the_path_of_a_long_taper_is_found_quickly(steps: int) -> None:
    """26 or 100 steps three times a day, on tablets and then on one of five liquids or capsules: far below a second."""
    liquids = tuple(
        replace(BOTTLED, id=f"liquid-{number}", concentration=Concentration(Fraction(number)))
        for number in (1, 2, 4, 5, 10)
    )
    tablets = [Fraction(90 - 5 * number) for number in range(13)]
    doses = [*tablets, *(15 - Fraction(3, 10) * (number // 2) for number in range(steps - 13))]
    asked = prescription(steps=tuple(Step(days=4, target=Mass(dose)) for dose in doses))
    own = formulary(products=(TEN, FIVE, CAPSULE, *liquids))
    made = together(own, asked, setting("min_volume", Volume(Fraction(1, 10))))(tapering())
    case = open_case(made.plan, made.prescription, made.pharmacy, made.formulary)
    began = time.process_time()
    best = find_best(put_question(case, tuple(case.products.values())))
    assert time.process_time() - began < 1
    assert best is not None
    assert [candidate.is_fine for candidate in best.path if candidate] == [dose < 15 for dose in doses]
