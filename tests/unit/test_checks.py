"""Each clinical check speaks when it should, in words a prescriber understands, and not otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from splitter.checks import CHECKS
from splitter.division import StepForm
from splitter.formulary import Batch, Category, Certainty, Ground, Provenance, Withdrawal
from splitter.plan import Severity, Status
from splitter.quantity import Concentration, Mass
from tests.unit.check_plans import divided, findings, of, taper
from tests.unit.plans import (
    ALL,
    BOTTLED,
    CAPSULE,
    MIXTURE,
    START,
    TEN,
    Made,
    batches,
    infeasible,
    lasting,
    lots,
    tablets,
)


@pytest.mark.parametrize(
    ("days", "message"),
    [
        (("20 15 20", "15 15 20"), None),
        (("20 15 20", "15 20 15"), "14:00 goes from 15 mg to 20 mg"),
        (("20 15 20", "20 20 15"), "14:00 goes from 15 mg to 20 mg and 20:00 goes from 20 mg to 15 mg"),
        (("10 10", "15 10"), None),
        (("10 10", "16 9"), "on 2026-12-15 the dose at 14:00 goes from 10 mg to 9 mg, though the day's dose rises"),
        (("20 15 20", "0", "15 20 15"), None),
    ],
)
def test_a_time_that_goes_against_the_day(days: tuple[str, ...], message: str | None) -> None:
    """A time rises while the day falls, falls while it rises, or changes while it stays; a pause begins anew."""
    found = of(divided(*days), "dose-against-the-day")
    assert len(found) == (message is not None)
    for finding in found:
        assert finding.severity is Severity.WARN
        assert (message or "") in finding.message


@pytest.mark.parametrize(
    ("day", "form", "words"),
    [
        ("10 10 14", StepForm.FINE, None),
        (
            "10 10 15",
            StepForm.FINE,
            "differ by 5 mg from 2026-12-01: 10 mg at 08:00, 10 mg at 14:00 and 15 mg at 20:00",
        ),
        ("10 10 15", StepForm.PLAIN, None),
        ("10 10 15.5", StepForm.PLAIN, "differ by 5.5 mg"),
        ("5 0 5", StepForm.PLAIN, "nothing is given at 14:00"),
    ],
)
def test_uneven_days(day: str, form: StepForm, words: str | None) -> None:
    """More than 40 % of the mean dose, with tablets more than the smallest piece too, or a time without a dose."""
    found = of(divided(day, form=form), "uneven-day")
    assert len(found) == (words is not None)
    assert all(words in finding.message for finding in found if words)


def test_what_the_prescription_states_is_only_noted() -> None:
    """Doses of the times that somebody prescribed are no warning."""
    made = divided("5 0 5")
    stated = tuple(
        replace(step, doses=tuple(Mass(Fraction(dose)) for dose in (5, 0, 5))) for step in made.prescription.steps
    )
    made = replace(made, prescription=replace(made.prescription, steps=stated))
    (finding,) = of(made, "uneven-day")
    assert finding.severity is Severity.NOTE


@pytest.mark.parametrize(("dose", "codes"), [("9", 1), ("10", 0), ("20", 0), ("20.5", 1)])
def test_the_prescribers_range(dose: str, codes: int) -> None:
    """A dose outside the range that the prescriber stated stops the plan; its ends are inside."""
    made = taper([dose])
    (step,) = made.prescription.steps
    limits = (Mass(Fraction(10)), Mass(Fraction(20)))
    made = replace(made, prescription=replace(made.prescription, steps=(replace(step, allowed=limits),)))
    found = of(made, "outside-prescribed-range")
    assert [(finding.severity, finding.where) for finding in found] == [(Severity.STOP, "step 1")] * codes
    assert all("the prescriber allows 10 mg to 20 mg" in finding.message for finding in found)


@pytest.mark.parametrize(("gives", "words"), [("6.5", "0.5 mg less"), ("10/3", "11/3 mg less"), ("7.5", "0.5 mg more")])
def test_a_dose_that_differs_is_said_with_the_amount(gives: str, words: str) -> None:
    """Nothing is rounded silently: what a tolerance let through is said, exactly."""
    (finding,) = of(taper(["7"], delivered=[gives]), "not-the-target")
    assert finding.severity is Severity.WARN
    assert finding.message.endswith(f"a day instead of 7 mg: {words}")


def test_a_dose_of_one_time_that_differs_is_said() -> None:
    """Where the doses of the times are stated, each is compared, though the day's total be right."""
    made = batches()
    stated = (Mass(Fraction(20)), Mass(Fraction(16)))
    steps = (replace(made.prescription.steps[0], doses=stated), *made.prescription.steps[1:])
    made = replace(made, prescription=replace(made.prescription, steps=steps))
    assert [(finding.where, finding.message) for finding in of(made, "not-the-target")] == [
        ("step 1", "gives from 2026-12-01 21 mg at 08:00 instead of 20 mg, 15 mg at 20:00 instead of 16 mg")
    ]


def test_an_unproved_plan_says_how_much_cheaper_another_may_be() -> None:
    """A search that was stopped states the gap between its plan and its bound."""
    made = tablets()
    plan = replace(made.plan, status=Status.FEASIBLE, lower_bound=Fraction("24.18"))
    (finding,) = of(replace(made, plan=plan), "not-proved-cheapest")
    assert "cheaper by at most 0.17 USD" in finding.message
    assert not of(made, "not-proved-cheapest")


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
    (finding,) = of(with_it(), code)
    assert (finding.severity, finding.where) == (Severity.NOTE, "plan")
    assert finding.message.endswith(f": {named}")
    assert not of(without(), code)


# score of the 10 mg tablet, which the plan halves; whether that is beyond its score
@pytest.mark.parametrize(("pieces", "beyond"), [(1, True), (2, False), (3, True), (4, False)])
def test_a_tablet_is_broken_at_its_score_or_beyond_it(pieces: int, beyond: bool) -> None:
    """A score is one maker's; where there is none, the pieces may differ."""
    made = _with_product(tablets(), "ten", pieces=pieces)
    found = {code: of(made, code) for code in ("not-scored", "score-of-one-maker")}
    assert [finding.severity for finding in found["not-scored"]] == [Severity.WARN] * beyond
    assert [finding.severity for finding in found["score-of-one-maker"]] == [Severity.NOTE] * (not beyond)
    assert all(finding.message.endswith(": 10 mg tablet") for each in found.values() for finding in each)


def test_whole_tablets_have_no_score_to_ask_about() -> None:
    """Nothing is broken."""
    assert not of(lots(), "not-scored")
    assert not of(lots(), "score-of-one-maker")


@pytest.mark.parametrize(("days", "warned"), [(60, 0), (61, 1)])
def test_a_bottle_of_unknown_life_that_serves_for_long_is_questioned(days: int, warned: int) -> None:
    """More than 60 days from one lot, where the formulary states no limit after opening."""
    made = lasting()
    (bottles,) = made.plan.items
    longer = replace(bottles, use_until=START + dt.timedelta(days=days - 1))
    found = of(replace(made, plan=replace(made.plan, items=(longer,))), "long-open-bottle")
    assert [(finding.severity, finding.where) for finding in found] == [(Severity.WARN, "plan")] * warned
    assert all("1 mg/mL lasting solution, handed over on 2026-12-01, serves for 61 days" in f.message for f in found)


def test_a_bottle_of_known_life_is_not_questioned() -> None:
    """Its lots are held to that life already."""
    made = lots()
    longer = tuple(replace(item, use_until=START + dt.timedelta(days=99)) for item in made.plan.items)
    assert not of(replace(made, plan=replace(made.plan, items=longer)), "long-open-bottle")


def _with_product(made: Made, name: str, **changes: Any) -> Made:
    """The formulary's product changed."""
    products = tuple(replace(p, **changes) if p.id == name else p for p in made.formulary.products)
    return replace(made, formulary=replace(made.formulary, products=products))


def _with_batch(made: Made, name: str, **changes: Any) -> Made:
    """The formulary's recipe changed."""
    supply = next(p.supply for p in made.formulary.products if p.id == name)
    assert isinstance(supply, Batch)
    return _with_product(made, name, supply=replace(supply, **changes))


@pytest.mark.parametrize(
    ("age", "illustrative", "noted"),
    [(365, False, 0), (366, False, 1), (366, True, 0), (-365, False, 0), (-366, False, 1)],
)
def test_a_price_of_more_than_a_year_is_a_warning(age: int, illustrative: bool, noted: int) -> None:
    """Counted to the start of the treatment, on both sides, since a price dated 2062 for 2026 would never grow old;
    an illustrative price is no price at all, which is said already."""
    day = START - dt.timedelta(days=age)
    found = of(_with_product(tablets(), "ten", price_date=day, illustrative_price=illustrative), "price-old")
    assert [finding.severity for finding in found] == [Severity.WARN] * noted
    assert all(finding.message.endswith(f": 10 mg tablet ({day})") for finding in found)
    assert not of(_with_product(tablets(), "thirty", price_date=day), "price-old")


# concentration of a second liquid [mg/mL] beside one of 1 mg/mL, and how the finding says it
LOOK_ALIKES = [
    ("5", "5 times stronger"),
    ("10", "10 times stronger"),
    ("0.2", "5 times weaker"),
    ("0.1", "10 times weaker"),
    ("20", "20 times stronger"),
    ("2", None),
    ("4.9", None),
]


@pytest.mark.parametrize(("concentration", "words"), LOOK_ALIKES)
def test_concentrations_that_are_mistaken_for_each_other(concentration: str, words: str | None) -> None:
    """A liquid of the plan beside one on the shelf that is 5, 10 or 20 times stronger or weaker."""
    other = replace(MIXTURE, concentration=Concentration(Fraction(concentration)))
    made = lots()
    made = replace(made, formulary=replace(made.formulary, products=(BOTTLED, CAPSULE, other)))
    found = of(made, "look-alike-concentration")
    assert [finding.severity for finding in found] == ([] if words is None else [Severity.WARN])
    assert all(f": 5 mg/mL suspension, {words}; compare" in finding.message for finding in found)


def test_a_look_alike_that_the_policy_forbids_is_not_on_the_shelf() -> None:
    """Only what the plan might have used is asked about; a plan of tablets confuses no bottles."""
    made = batches()
    forbidden = findings(made, allowed=(TEN, MIXTURE))
    assert "look-alike-concentration" not in {finding.code for finding in forbidden}
    assert of(made, "look-alike-concentration")
    assert not of(tablets(), "look-alike-concentration")


@pytest.mark.parametrize(("least", "stopped"), [("60", 0), ("60.1", 1), ("120", 1), ("120.1", 2)])
def test_what_is_too_light_to_weigh_stops_the_plan(least: str, stopped: int) -> None:
    """1 mg of powder a capsule: 120 mg in a batch of 120, 60 mg in one of 60."""
    made = lots()
    equipment = replace(made.plan.pharmacy.equipment, balance_minimum_mg=Fraction(least))
    plan = replace(made.plan, pharmacy=replace(made.plan.pharmacy, equipment=equipment))
    found = of(replace(made, plan=plan), "too-light-to-weigh")
    assert [finding.severity for finding in found] == [Severity.STOP] * stopped
    assert all(f"the balance weighs no less than {least} mg" in finding.message for finding in found)


def test_each_of_several_batches_is_weighed() -> None:
    """170 mL in two batches of whole steps of 10 mL are 90 and 80 mL: 400 mg of powder in the smaller one."""
    made = batches()
    equipment = replace(made.plan.pharmacy.equipment, balance_minimum_mg=Fraction("400.1"))
    plan = replace(made.plan, pharmacy=replace(made.plan.pharmacy, equipment=equipment))
    found = of(replace(made, plan=plan), "too-light-to-weigh")
    assert [finding.message.partition("; ")[0] for finding in found] == [
        "mixture of 2026-12-01: 250 mg of powder for a batch of 50 mL",
        "mixture of 2026-12-15: 400 mg of powder for a batch of 80 mL",
        "mixture of 2026-12-29: 350 mg of powder for a batch of 70 mL",
    ]


@pytest.mark.parametrize(
    ("last", "said", "since"),
    [
        (41, [], ""),
        (40, [Severity.NOTE], "from 2026-12-29 on"),
        (13, [Severity.NOTE], "from 2026-12-15 on"),
        (12, [Severity.STOP, Severity.NOTE], "from 2026-12-15 on"),
        (-1, [Severity.STOP, Severity.NOTE], "from 2026-12-15 on"),
    ],
)
def test_a_component_that_expires_first_stops_the_next_visit(last: int, said: list[Severity], since: str) -> None:
    """The three lots of the suspension are kept until days 13, 27 and 41; for later ones it can be replaced."""
    made = batches()
    assert isinstance(MIXTURE.supply, Batch)
    powder, *others = MIXTURE.supply.ingredients
    expiring = replace(powder, expires=START + dt.timedelta(days=last))
    found = of(_with_batch(made, "mixture", ingredients=(expiring, *others)), "component-expires")
    assert [finding.severity for finding in found] == said
    assert all("powder" in finding.message and "expires on" in finding.message for finding in found)
    assert not said or since in found[-1].message


def test_what_a_beyond_use_date_rests_on_is_said() -> None:
    """Accepted evidence, and a date that a formulary states of itself without a category."""
    made = batches()
    (stated,) = of(made, "beyond-use-stated")
    assert stated.severity is Severity.NOTE
    assert "5 mg/mL suspension" in stated.message
    known = _with_batch(made, "mixture", category=Category.AQUEOUS)
    assert not of(known, "beyond-use-stated")
    products = tuple(replace(p, beyond_use_basis=f"{Ground.EVIDENCE}: 14 days") for p in made.plan.products)
    accepted = of(replace(made, plan=replace(made.plan, products=products)), "beyond-use-evidence")
    assert [finding.message.partition(":")[0] for finding in accepted] == [p.name for p in products if p.compounded]
    assert not of(made, "beyond-use-evidence")
    days = next(p.beyond_use_days for p in products if p.compounded)
    assert f": {days} days, by" in accepted[0].message
    after = tuple(replace(p, beyond_use_basis=f"{p.beyond_use_basis}; {Ground.DAY_AFTER}") for p in products)
    counted = of(replace(made, plan=replace(made.plan, products=after)), "beyond-use-evidence")
    assert days is not None
    assert f": {days - 1} days, {Ground.DAY_AFTER}, by" in counted[0].message


@pytest.mark.parametrize(("made", "warned"), [(tablets, 1), (batches, 1), (lasting, 0)])
def test_cutting_or_compounding_a_hazardous_drug_is_noted(made: Callable[[], Made], warned: int) -> None:
    """A bottle that is handed over whole makes no dust."""
    found = of(made(), "hazardous-drug")
    assert [finding.severity for finding in found] == [Severity.NOTE] * warned
    assert not of(replace(made(), formulary=replace(made().formulary, hazard=None)), "hazardous-drug")


def test_unverified_facts_of_the_drug_are_named() -> None:
    """Its limits, schedule, hazard, withdrawal and what it says of tapers, beside its products."""
    made = batches()
    doubtful = Provenance(source="hearsay", certainty=Certainty.UNVERIFIED)
    known = replace(
        made.formulary,
        provenance=doubtful,
        withdrawal=Withdrawal(signs=("x",), source="hearsay", certainty=Certainty.UNVERIFIED),
        taper_end=Mass(Fraction(1)),
        taper_end_provenance=doubtful,
        larger_dose_provenance=doubtful,
    )
    (finding,) = of(replace(made, formulary=known), "unverified-fact")
    assert finding.message.endswith(": limits and cautions, signs of withdrawal, the end of a taper")


def test_an_infeasible_plan_is_checked_by_its_targets() -> None:
    """A prescriber learns of an unsafe schedule even when it can't be made."""
    made = infeasible()
    assert [finding.message for finding in of(made, "steep-reduction")] == [
        "7 mg a day on 2026-12-15, 30 % below the 10 mg of the days before"
    ]
    assert not of(made, "not-the-target")


@pytest.mark.parametrize("name", ALL)
def test_checks_run_as_one_list(name: str) -> None:
    """All findings come in the order of the checks, each with place and words."""
    made = ALL[name]()
    assert len({check.code for check in CHECKS}) == len(CHECKS)
    assert all(finding.code and finding.where and finding.message for finding in findings(made))
