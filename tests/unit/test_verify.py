"""The independent check passes right plans and catches every planted error."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import splitter.verify
from splitter.formulary import Batch, Bottles, Certainty, Form, Loose, QualityCheck, Size
from splitter.plan import Plan, PlannedEquipment, Severity, Status, Take
from splitter.prescription import Fine, LargerDose, Liquids, Patient, Policy, Split, Syringe, Tolerance
from splitter.quantity import Concentration, Mass, Money, Volume
from splitter.verify import check_consistency, verify
from splitter.verify.case import open_case
from splitter.verify.lots import make_lot
from tests.unit.plans import ALL, FEASIBLE, THIRD, Made, day

Change = Callable[[Made], Made]


def _verify(made: Made) -> tuple[Any, ...]:
    return verify(made.plan, made.prescription, made.pharmacy, made.formulary)


def _at(values: tuple[Any, ...], index: int, **changes: Any) -> tuple[Any, ...]:
    changed = list(values)
    changed[index] = replace(changed[index], **changes)
    return tuple(changed)


def plan(**changes: Any) -> Change:
    return lambda made: replace(made, plan=replace(made.plan, **changes))


def step(index: int, /, **changes: Any) -> Change:
    return lambda made: plan(steps=_at(made.plan.steps, index, **changes))(made)


def _taken(made: Made) -> tuple[Take, ...]:
    """What is taken first in the plan."""
    return made.plan.steps[0].administrations[0].take


def given(index: int, time: int, /, **changes: Any) -> Change:
    def change(made: Made) -> Made:
        return step(index, administrations=_at(made.plan.steps[index].administrations, time, **changes))(made)

    return change


def take(index: int, time: int, entry: int, **changes: Any) -> Change:
    def change(made: Made) -> Made:
        return given(index, time, take=_at(made.plan.steps[index].administrations[time].take, entry, **changes))(made)

    return change


def measure(index: int, time: int, **changes: Any) -> Change:
    def change(made: Made) -> Made:
        measured = made.plan.steps[index].administrations[time].measure
        assert measured is not None
        return given(index, time, measure=replace(measured, **changes))(made)

    return change


def item(index: int, /, **changes: Any) -> Change:
    return lambda made: plan(items=_at(made.plan.items, index, **changes))(made)


def part(index: int, entry: int, **changes: Any) -> Change:
    return lambda made: item(index, parts=_at(made.plan.items[index].parts, entry, **changes))(made)


def no_item(index: int) -> Change:
    return lambda made: plan(items=made.plan.items[:index] + made.plan.items[index + 1 :])(made)


def copied_item(index: int, **changes: Any) -> Change:
    return lambda made: plan(items=(*made.plan.items, replace(made.plan.items[index], **changes)))(made)


def costs(**changes: Any) -> Change:
    def change(made: Made) -> Made:
        assert made.plan.costs is not None
        return plan(costs=replace(made.plan.costs, **changes))(made)

    return change


def described(index: int, /, **changes: Any) -> Change:
    return lambda made: plan(products=_at(made.plan.products, index, **changes))(made)


def words(name: str, /, **changes: Any) -> Change:
    """A word of the plan's copy of the prescription, the pharmacy or the provenance."""
    return lambda made: plan(**{name: replace(getattr(made.plan, name), **changes)})(made)


def conflict(**changes: Any) -> Change:
    return lambda made: plan(conflicts=_at(made.plan.conflicts, 0, **changes))(made)


def setting(key: str, value: object) -> Change:
    """Another setting of the prescription: the plan then breaks it."""

    def change(made: Made) -> Made:
        settings = (*((name, old) for name, old in made.prescription.settings if name != key), (key, value))
        return replace(made, prescription=replace(made.prescription, settings=settings))

    return change


def pharmacy_policy(**changes: Any) -> Change:
    return lambda made: replace(made, pharmacy=replace(made.pharmacy, policy=replace(made.pharmacy.policy, **changes)))


def fees(**changes: Any) -> Change:
    return lambda made: replace(made, pharmacy=replace(made.pharmacy, costs=replace(made.pharmacy.costs, **changes)))


def compounding(**changes: Any) -> Change:
    return lambda made: replace(
        made, pharmacy=replace(made.pharmacy, compounding=replace(made.pharmacy.compounding, **changes))
    )


def prescription(**changes: Any) -> Change:
    return lambda made: replace(made, prescription=replace(made.prescription, **changes))


def ordered(index: int, **changes: Any) -> Change:
    return lambda made: prescription(steps=_at(made.prescription.steps, index, **changes))(made)


def formulary(**changes: Any) -> Change:
    return lambda made: replace(made, formulary=replace(made.formulary, **changes))


def product(product_id: str, **changes: Any) -> Change:
    """Another fact about a product: the plan then contradicts it."""

    def change(made: Made) -> Made:
        ids = [known.id for known in made.formulary.products]
        return formulary(products=_at(made.formulary.products, ids.index(product_id), **changes))(made)

    return change


def batch(product_id: str, **changes: Any) -> Change:
    def change(made: Made) -> Made:
        supply = next(known.supply for known in made.formulary.products if known.id == product_id)
        assert isinstance(supply, (Batch, Bottles))
        return product(product_id, supply=replace(supply, **changes))(made)

    return change


def together(*changes: Change) -> Change:
    def change(made: Made) -> Made:
        for one in changes:
            made = one(made)
        return made

    return change


def milligrams(dose: int | str) -> Mass:
    return Mass(Fraction(dose))


def money(amount: str) -> Money:
    return Money(Fraction(amount))


def millilitres(volume: str) -> Volume:
    return Volume(Fraction(volume))


def syringe(capacity: str, graduation: str) -> Syringe:
    text = f"{capacity} mL by {graduation} mL"
    return Syringe(text=text, capacity=millilitres(capacity), graduation=millilitres(graduation))


LATER = dt.date(2027, 6, 1)
HALF = Fraction(1, 2)
QUARTER = Fraction(1, 4)

# (plan, what is wrong with it, the code that must catch it)
PLANTED: dict[str, tuple[str, Change, str]] = {
    # The file, and the order in which it lists things
    "an edited file": ("tablets", plan(seal=""), "verify-seal"),
    "items turned round": ("lots", lambda made: plan(items=made.plan.items[::-1])(made), "verify-order"),
    "pieces turned round": ("tablets", lambda made: given(0, 0, take=_taken(made)[::-1])(made), "verify-order"),
    "products turned round": ("tablets", lambda made: plan(products=made.plan.products[::-1])(made), "verify-products"),
    # What is given, and what it adds up to (R1)
    "dose of a time": ("tablets", given(0, 0, dose_mg=Fraction(10)), "verify-dose"),
    "day's dose": ("tablets", step(0, delivered_mg=Fraction(30)), "verify-delivered"),
    "no day's dose": ("tablets", step(0, delivered_mg=None), "verify-delivered"),
    "one tablet too many": ("tablets", take(0, 1, 0, count=3), "verify-dose"),
    "one tablet too many, added up": (
        "tablets",
        together(take(0, 1, 0, count=3), given(0, 1, dose_mg=Fraction(30)), step(0, delivered_mg=Fraction(45))),
        "verify-R1",
    ),
    "whole for half": ("tablets", take(0, 0, 1, fraction=Fraction(1)), "verify-dose"),
    "swapped tablet": ("tablets", take(1, 0, 0, product="ten"), "verify-dose"),
    "volume": ("batches", measure(0, 1, mL=Fraction(2)), "verify-dose"),
    "unknown tablet": ("tablets", take(0, 0, 0, product="eleven"), "verify-product"),
    "liquid as a tablet": ("tablets", take(0, 0, 0, product="mixture"), "verify-product"),
    "tablet as a liquid": ("batches", measure(0, 0, product="ten"), "verify-product"),
    "swapped strength": ("tablets", product("ten", strength=milligrams(20)), "verify-dose"),
    "swapped concentration": ("batches", product("mixture", concentration=Concentration(Fraction(1))), "verify-dose"),
    "nothing given": ("tablets", step(0, administrations=()), "verify-R1"),
    "stated dose not kept": ("batches", ordered(0, doses=(milligrams(20), milligrams(16))), "verify-R1"),
    "given where zero is stated": ("batches", ordered(0, doses=(milligrams(36), milligrams(0))), "verify-R1"),
    "given where zero is stated, within tolerance": (
        "batches",
        together(
            ordered(0, doses=(milligrams(36), milligrams(0))), prescription(tolerance=Tolerance(mass=milligrams(20)))
        ),
        "verify-R1",
    ),
    "beyond a tolerance in mg": (
        "tablets",
        together(
            ordered(0, target=milligrams(37)),
            step(0, target_mg=Fraction(37)),
            prescription(tolerance=Tolerance(mass=milligrams("1.9"))),
        ),
        "verify-R1",
    ),
    "beyond a tolerance in percent": (
        "tablets",
        together(
            ordered(0, target=milligrams(37)),
            step(0, target_mg=Fraction(37)),
            prescription(tolerance=Tolerance(share=Fraction("0.05"))),
        ),
        "verify-R1",
    ),
    # Steps and times
    "start of a step": ("tablets", step(1, start=day(14)), "verify-steps"),
    "length of a step": ("tablets", step(1, days=14), "verify-steps"),
    "target of a step": ("tablets", step(1, target_mg=Fraction(20)), "verify-target"),
    "step left out": ("tablets", lambda made: plan(steps=made.plan.steps[:-1])(made), "verify-steps"),
    "steps swapped": (
        "tablets",
        lambda made: plan(steps=(made.plan.steps[1], made.plan.steps[0], *made.plan.steps[2:]))(made),
        "verify-steps",
    ),
    "clock time": ("tablets", given(0, 0, time=dt.time(9)), "verify-times"),
    "time left out": ("batches", step(0, administrations=()), "verify-times"),
    "drug on a drug-free step": (
        "tablets",
        lambda made: step(2, administrations=made.plan.steps[3].administrations)(made),
        "verify-drug-free",
    ),
    "larger dose in the morning": ("tablets", prescription(larger_dose=LargerDose.FIRST), "verify-larger-dose"),
    # R2 pieces
    "half of an unscored tablet": ("tablets", product("ten", pieces=1), "verify-R2"),
    "half of a tablet in thirds": ("tablets", product("ten", pieces=3), "verify-R2"),
    "third of a tablet in halves": ("thirds", product("thirty", pieces=2), "verify-R2"),
    "third of a tablet in quarters": ("thirds", product("thirty", pieces=4), "verify-R2"),
    "half where nothing is split": ("tablets", setting("split", Split.NEVER), "verify-R2"),
    "half of what must not be split": ("tablets", product("ten", do_not_split=True), "verify-R2"),
    "half of a capsule": ("lots", take(0, 0, 0, fraction=HALF, count=6), "verify-R2"),
    "quarters of a tablet in halves": ("tablets", take(0, 0, 1, fraction=QUARTER, count=2), "verify-R2"),
    "too many pieces": ("tablets", setting("max_pieces", 1), "verify-R2"),
    "piece listed twice": (
        "tablets",
        given(0, 1, take=(Take(product="ten", fraction=Fraction(1), count=1),) * 2),
        "verify-take",
    ),
    "no pieces": ("tablets", take(0, 0, 0, count=0), "verify-take"),
    # R3 even division
    "imbalance, the prescription's": ("tablets", setting("max_imbalance", milligrams("4.9")), "verify-R3"),
    "imbalance, the pharmacy's": ("tablets", pharmacy_policy(max_imbalance=milligrams(4)), "verify-R3"),
    "imbalance, the drug's": ("tablets", formulary(max_imbalance=milligrams(4)), "verify-R3"),
    "imbalance with nothing in the morning": (
        "tablets",
        together(
            formulary(max_imbalance=milligrams(9)),
            given(3, 0, dose_mg=Fraction(0), take=()),
            given(3, 1, dose_mg=Fraction(10), take=(Take(product="ten", fraction=Fraction(1), count=1),)),
        ),
        "verify-R3",
    ),
    # R4 measuring
    "syringe too small": ("batches", measure(0, 1, syringe="1 mL by 0.02 mL"), "verify-syringe"),
    "syringe larger than needed": ("batches", measure(0, 0, syringe="3 mL by 0.1 mL"), "verify-syringe"),
    "syringe nobody has": ("batches", measure(0, 0, syringe="2 mL by 0.1 mL"), "verify-syringe"),
    "full draws by a smaller syringe": ("batches", measure(1, 1, syringe="5 mL by 0.2 mL"), "verify-syringe"),
    "not on a mark": ("batches", setting("syringes", (syringe("10", "0.3"),)), "verify-R4"),
    "rest not on a mark": ("batches", setting("syringes", (syringe("3", "0.3"), *Policy().syringes[2:])), "verify-R4"),
    "rest too small": ("batches", setting("min_volume", millilitres("2.1")), "verify-R4"),
    "volume too small": ("batches", setting("min_volume", millilitres("0.21")), "verify-R4"),
    "too little of a dose measured": ("batches", setting("min_share", Fraction(1, 20)), "verify-R4"),
    "volume too large": ("batches", setting("max_volume", millilitres("11.9")), "verify-R4"),
    "no syringes": ("batches", setting("syringes", ()), "verify-R4"),
    # R5, R6
    "capsules beside a liquid": ("lots", setting("fine", Fine.PHASE), "verify-R5"),
    "two liquids": (
        "batches",
        together(measure(0, 1, product="bottled", mL=Fraction(15), syringe="10 mL by 0.2 mL")),
        "verify-R5",
    ),
    "excluded by the prescription": ("tablets", setting("exclude", ("five",)), "verify-R6"),
    "excluded by the pharmacy": (
        "tablets",
        together(pharmacy_policy(exclude=("five",)), setting("exclude", ("other",))),
        "verify-R6",
    ),
    "compounded against the policy": ("batches", setting("compounded", False), "verify-R6"),
    "compounded capsule against the policy": ("lots", setting("compounded", False), "verify-R6"),
    "liquid against the policy": ("lots", setting("liquids", Liquids.NEVER), "verify-R6"),
    "tablets where only liquids": ("batches", setting("liquids", Liquids.ONLY), "verify-R6"),
    "too many products": ("tablets", setting("max_products", 1), "verify-R6"),
    "unavailable product": ("tablets", product("five", available=False), "verify-R6"),
    # Counted items
    "item left out": ("tablets", no_item(1), "verify-item"),
    "item that nothing uses": ("tablets", copied_item(0, product="thirty"), "verify-item"),
    "item of an unknown product": ("tablets", copied_item(0, product="eleven"), "verify-product"),
    "item twice": ("tablets", copied_item(0), "verify-item"),
    "item on another day": ("tablets", item(1, date=day(1)), "verify-item"),
    "use until another day": ("tablets", item(1, use_until=day(12)), "verify-use-until"),
    "tablets with a last day": ("tablets", item(1, discard_after=LATER), "verify-discard-after"),
    "count of tablets": ("tablets", item(1, quantity=Fraction(60)), "verify-quantity"),
    "unit": ("tablets", item(1, unit="capsule"), "verify-unit"),
    "units cut": ("tablets", item(1, cut=6), "verify-cut"),
    "use": ("tablets", item(1, needed=Fraction(61)), "verify-needed"),
    "batches of tablets": ("tablets", item(1, batches=1), "verify-batches"),
    "cost of tablets": ("tablets", item(1, cost=Fraction("3.06")), "verify-cost"),
    "price of tablets": ("tablets", product("ten", supply=Loose(price=money("0.06"))), "verify-cost"),
    "dearer pack": (
        "tablets",
        together(part(0, 0, size=Fraction(84)), item(0, quantity=Fraction(84), cost=Fraction(3))),
        "verify-parts",
    ),
    "pack that nobody sells": ("tablets", part(0, 0, size=Fraction(30)), "verify-parts"),
    "packs of loose tablets": (
        "tablets",
        lambda made: item(1, parts=made.plan.items[0].parts)(made),
        "verify-parts",
    ),
    "two packs for one": ("tablets", part(0, 0, count=2), "verify-parts"),
    "whole thirds": ("thirds", item(1, needed=Fraction(28)), "verify-needed"),
    "other visits": ("tablets", setting("visit_interval", 14), "verify-item"),
    # Lots: windows
    "batch size": ("batches", item(0, quantity=Fraction(60)), "verify-quantity"),
    "number of batches": ("batches", item(2, batches=1), "verify-batches"),
    "containers": ("batches", part(0, 0, size=Fraction(120)), "verify-parts"),
    "no containers": ("batches", item(0, parts=()), "verify-parts"),
    "batch past its date": ("batches", item(0, discard_after=day(14)), "verify-discard-after"),
    "batch without a date": ("batches", item(0, discard_after=None), "verify-discard-after"),
    "batch made a day late": ("batches", item(2, date=day(15)), "verify-item"),
    "window left out": ("batches", no_item(2), "verify-item"),
    "cost of a batch": ("batches", item(0, cost=Fraction("42.30016")), "verify-cost"),
    "batch cost not rounded": ("batches", item(0, cost=Fraction("42.300168165")), "verify-cost"),
    "overage": ("batches", batch("mixture", overage=Fraction("0.2")), "verify-quantity"),
    "batch maximum": ("batches", batch("mixture", maximum=Fraction(49)), "verify-batches"),
    "batch minimum": ("batches", batch("mixture", minimum=Fraction(60)), "verify-quantity"),
    "batch step": ("batches", batch("mixture", step=Fraction(1)), "verify-quantity"),
    "beyond-use date shortened": ("batches", batch("mixture", stated_beyond_use=7), "verify-item"),
    "labour": ("batches", batch("mixture", labour=Fraction(1)), "verify-cost"),
    "labour rate": ("batches", fees(labour_rate=money("50")), "verify-cost"),
    "batch fee": ("batches", fees(batch_fee=money("0")), "verify-cost"),
    "bottles of one window": (
        "thirds",
        together(part(0, 0, count=2), item(0, quantity=Fraction(200), cost=Fraction(18))),
        "verify-quantity",
    ),
    "bottles opened in turn with a date": ("thirds", item(0, discard_after=day(9)), "verify-discard-after"),
    # Lots: chosen
    "lot on no visit": ("lots", item(3, date=day(57)), "verify-item"),
    "lot that ends within a visit": ("lots", item(0, use_until=day(54)), "verify-use-until"),
    "lot past its shelf life": ("lots", item(0, use_until=day(69)), "verify-shelf-life"),
    "lots overlap": ("lots", item(3, date=day(42), use_from=day(42)), "verify-lot"),
    "lot left out": ("lots", no_item(3), "verify-lot"),
    "lot's last day": ("lots", item(0, discard_after=day(60)), "verify-discard-after"),
    "bottles in a lot": ("lots", part(0, 0, count=3), "verify-parts"),
    "content of a lot": ("lots", item(0, quantity=Fraction(364)), "verify-quantity"),
    "capsules in a lot": ("lots", item(1, quantity=Fraction(118)), "verify-quantity"),
    "lots earlier than they could be": (
        "lots",
        together(
            item(0, use_until=day(27), needed=Fraction(252), quantity=Fraction(300), cost=Fraction(24)),
            part(0, 0, count=3),
            item(
                3, date=day(28), discard_after=day(87), needed=Fraction(168), quantity=Fraction(200), cost=Fraction(16)
            ),
            part(3, 0, count=2),
        ),
        "verify-lots",
    ),
    "lots dearer than they could be": ("lots", batch("capsule", overage=Fraction(0)), "verify-lots"),
    "lot that ends with a visit without use": (
        "lasting",
        together(batch("lasting", in_use=90), item(0, use_until=day(69), discard_after=day(89))),
        "verify-lot",
    ),
    "lot that nothing uses": ("tablets", copied_item(0, product="bottled"), "verify-lot"),
    "lot used to the end of nothing": ("lasting", item(0, use_until=day(69)), "verify-use-until"),
    "bottle's limit forgotten": ("lasting", batch("lasting", in_use=28), "verify-shelf-life"),
    # Sums
    "sum of products": ("tablets", costs(products=Fraction("5.46")), "verify-costs"),
    "item fees": ("tablets", costs(item_fees=Fraction(4)), "verify-costs"),
    "another item fee": ("tablets", fees(item_fee=money("1")), "verify-costs"),
    "split fees": ("tablets", costs(split_fees=Fraction(1)), "verify-costs"),
    "another split fee": ("tablets", fees(split_fee=money("0.2")), "verify-costs"),
    "burdens": ("tablets", costs(burdens=Fraction(0)), "verify-costs"),
    "stated burden": ("lots", setting("measure_burden", money("0.02")), "verify-costs"),
    "burden of the pharmacy": ("tablets", pharmacy_policy(piece_burden=money("0")), "verify-costs"),
    "no costs": ("tablets", plan(costs=None), "verify-total"),
    "total": ("tablets", plan(total=Fraction(12)), "verify-total"),
    "no total": ("tablets", plan(total=None), "verify-total"),
    "objective": ("tablets", plan(objective=Fraction(15), lower_bound=Fraction(15)), "verify-objective"),
    "bound below an optimum": ("tablets", plan(lower_bound=Fraction(15)), "verify-lower-bound"),
    "bound above the objective": (
        "tablets",
        plan(status=Status.FEASIBLE, lower_bound=Fraction(25)),
        "verify-lower-bound",
    ),
    # Copies
    "format": ("tablets", plan(format="splitter-plan/2"), "verify-format"),
    "currency": ("tablets", plan(currency="GBP"), "verify-currency"),
    "currency of the prices": ("tablets", formulary(currency="GBP"), "verify-currency"),
    "another drug": ("tablets", formulary(drug="otheramine"), "verify-drug"),
    "cautions": ("tablets", plan(cautions=()), "verify-cautions"),
    "patient": ("tablets", words("prescription", patient=Patient(name="Bea Example")), "verify-prescription"),
    "prescription number": ("tablets", words("prescription", number="RX-2"), "verify-prescription"),
    "pharmacy's phone": ("tablets", words("pharmacy", phone="555 0198"), "verify-pharmacy"),
    "pharmacy's hash": ("tablets", words("provenance", pharmacy_sha256="0" * 64), "verify-provenance"),
    "formulary's hash": ("tablets", words("provenance", formulary_sha256="0" * 64), "verify-provenance"),
    "prescription's hash": ("tablets", words("provenance", prescription_sha256="0" * 64), "verify-provenance"),
    "product's strength on the label": ("tablets", described(1, strength_mg=Fraction(20)), "verify-product"),
    "concentration on the label": ("batches", described(0, concentration_mg_per_mL=Fraction(1)), "verify-product"),
    "product's name": ("tablets", described(1, name="10 mg capsule"), "verify-product"),
    "product's form": ("tablets", described(1, form=Form.CAPSULE), "verify-product"),
    "storage": ("batches", described(0, storage=None), "verify-product"),
    "ingredients": ("batches", described(0, ingredients=()), "verify-product"),
    "method": ("batches", described(0, method=()), "verify-product"),
    "beyond-use days": ("batches", described(0, beyond_use_days=35), "verify-product"),
    "beyond-use basis": ("batches", described(0, beyond_use_basis="35 days"), "verify-product"),
    "salt": ("batches", described(0, salt="hydrochloride"), "verify-product"),
    "codes": ("tablets", described(0, codes=("70710-1285-1",)), "verify-product"),
    "certainty of a fact": ("tablets", described(0, certainty=Certainty.LABEL), "verify-product"),
    "source of a fact": ("tablets", described(0, source="the label"), "verify-product"),
    "container": ("batches", described(0, container="jar"), "verify-product"),
    "equipment": ("batches", described(0, equipment=("mortar",)), "verify-product"),
    "quality checks": (
        "batches",
        described(0, quality_checks=(QualityCheck(check="pH", expected="4"),)),
        "verify-product",
    ),
    "drug's name": ("tablets", words("drug", name="examplazole"), "verify-drug"),
    "schedule": ("tablets", words("drug", schedule=None), "verify-drug"),
    "hazard": ("tablets", words("drug", hazard=None), "verify-drug"),
    "signs of withdrawal": ("tablets", words("drug", withdrawal_signs=()), "verify-drug"),
    "when to call for help": ("tablets", words("drug", withdrawal_emergency=()), "verify-drug"),
    "balance": (
        "batches",
        words(
            "pharmacy", equipment=PlannedEquipment(balance_readability_mg=Fraction(1), balance_minimum_mg=Fraction(5))
        ),
        "verify-pharmacy",
    ),
    "way of counting days": ("batches", compounding(first_day=0), "verify-item"),
    "product not described": (
        "tablets",
        lambda made: plan(products=made.plan.products[:1])(made),
        "verify-products",
    ),
    "conflicts of a plan": (
        "tablets",
        plan(conflicts=ALL["infeasible"]().plan.conflicts),
        "verify-status",
    ),
    # Infeasible
    "no conflict": ("infeasible", plan(conflicts=()), "verify-status"),
    "total of nothing": ("infeasible", plan(total=Fraction(0)), "verify-infeasible"),
    "items of nothing": (
        "infeasible",
        plan(items=ALL["tablets"]().plan.items),
        "verify-infeasible",
    ),
    "dose of nothing": ("infeasible", step(0, delivered_mg=Fraction(10)), "verify-infeasible"),
    "conflict of no step": ("infeasible", conflict(step=None), "verify-conflict"),
    "conflict of a step that isn't": ("infeasible", conflict(step=2), "verify-conflict"),
    "conflict without a rule": ("infeasible", conflict(rules=("ten",)), "verify-conflict"),
    "conflict with an unknown rule": ("infeasible", conflict(rules=("R1", "R9")), "verify-conflict"),
    "nearest dose below above": ("infeasible", conflict(nearest_mg=(Fraction(8), None)), "verify-conflict"),
    "nearest dose below nothing": ("infeasible", conflict(nearest_mg=(Fraction(0), None)), "verify-conflict"),
    "nearest dose above below": ("infeasible", conflict(nearest_mg=(None, Fraction(7))), "verify-conflict"),
    "total of a relaxation that doesn't suffice": (
        "infeasible",
        lambda made: conflict(
            relaxations=_at(made.plan.conflicts[0].relaxations, 0, total=Fraction(1), suffices=False)
        )(made),
        "verify-conflict",
    ),
    "nameless relaxation": (
        "infeasible",
        lambda made: conflict(relaxations=_at(made.plan.conflicts[0].relaxations, 0, key=""))(made),
        "verify-conflict",
    ),
}


@pytest.mark.parametrize("name", ALL)
def test_right_plans_pass(name: str) -> None:
    """A plan in which everything agrees has no findings."""
    made = ALL[name]()
    assert _verify(made) == ()
    assert check_consistency(made.plan) == ()


@pytest.mark.parametrize("name", PLANTED)
def test_planted_errors_are_caught(name: str) -> None:
    """Each planted error is found by the finding that names it, and stops the plan."""
    base, change, code = PLANTED[name]
    findings = _verify(change(ALL[base]()))
    assert code in {finding.code for finding in findings}
    assert all(finding.severity is Severity.STOP and finding.where and finding.message for finding in findings)


def test_the_check_owes_nothing_to_what_it_checks() -> None:
    """Of the program it imports only records, so that no mistake can make a plan and pass it too."""
    records = {"prescription", "formulary", "plan", "quantity", "verify"}
    modules = list(Path(splitter.verify.__file__).parent.rglob("*.py"))
    assert modules
    for module in modules:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("splitter"):
                assert node.module.split(".")[1] in records, f"{module.name} imports {node.module}"
                assert {alias.name for alias in node.names}.isdisjoint({"policy_in_force", "with_beyond_use"})


def test_a_finding_names_place_and_both_figures() -> None:
    """A pharmacist reads where it is, what the plan says and what it should be."""
    (dose,) = _verify(given(0, 0, dose_mg=Fraction(10))(ALL["tablets"]()))
    assert (dose.where, dose.message) == ("step 1, 08:00", "dose [mg]: the plan says 10; it should be 15")
    (count,) = _verify(item(1, quantity=Fraction(60))(ALL["tablets"]()))
    assert (count.where, count.message) == ("item 2026-12-01 ten", "quantity: the plan says 60; it should be 61")


# (plan, a change that the rules allow)
ALLOWED: dict[str, tuple[str, Change]] = {
    "a tolerance in mg": (
        "tablets",
        together(
            ordered(0, target=milligrams(37)),
            step(0, target_mg=Fraction(37)),
            prescription(tolerance=Tolerance(mass=milligrams(2))),
        ),
    ),
    "prices in the pharmacy's currency": ("tablets", formulary(currency="USD")),
    "halves of an unscored tablet by policy": (
        "tablets",
        together(product("ten", pieces=1), setting("split", Split.HALVES)),
    ),
    "halves of a tablet in quarters": ("tablets", product("ten", pieces=4)),
    "imbalance where doses are stated": ("batches", formulary(max_imbalance=milligrams(0))),
    "either of two syringes of one capacity": (
        "batches",
        setting("syringes", (*Policy().syringes, syringe("10", "0.5"))),
    ),
    "a syringe that marks the volume beside one that doesn't": (
        "batches",
        setting("syringes", (syringe("5", "0.3"), *Policy().syringes)),
    ),
    "capsules beside a liquid where several may be": ("lots", setting("one_liquid", False)),
    "a bound that is not proved": ("tablets", plan(status=Status.FEASIBLE, lower_bound=Fraction(10))),
    "as many products as the policy allows": ("tablets", setting("max_products", 2)),
    "packs in any order of sizes": (
        "tablets",
        product(
            "five",
            supply=replace(
                next(known for known in ALL["tablets"]().formulary.products if known.id == "five").supply,
                sizes=(
                    Size(content=Fraction(84), price=money("3")),
                    Size(content=Fraction(28), price=money("1.2")),
                ),
            ),
        ),
    ),
    "a conflict of several steps": (
        "infeasible",
        conflict(step=None, steps=(0, 1), rules=("R6", "max_products"), nearest_mg=(None, None)),
    ),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_the_rules_allow_passes(name: str) -> None:
    """The check is no stricter than the rules."""
    base, change = ALLOWED[name]
    assert _verify(change(ALL[base]())) == ()


def test_counted_products_have_no_lots() -> None:
    """A batch or a bottle is asked of nothing that is counted out."""
    made = ALL["tablets"]()
    case = open_case(made.plan, made.prescription, made.pharmacy, made.formulary)
    with pytest.raises(TypeError, match="ten is supplied as Loose, which has no lots"):
        make_lot(case, made.formulary.products[0], Fraction(1))


# (plan, what its own figures contradict, the code)
INCONSISTENT: dict[str, tuple[str, Change, str]] = {
    "format": ("tablets", plan(format="splitter-plan/2"), "verify-format"),
    "dose": ("tablets", given(0, 0, dose_mg=Fraction(10)), "verify-dose"),
    "day's dose": ("tablets", step(0, delivered_mg=Fraction(30)), "verify-delivered"),
    "strength": ("tablets", described(1, strength_mg=Fraction(20)), "verify-dose"),
    "concentration": ("batches", described(0, concentration_mg_per_mL=Fraction(1)), "verify-dose"),
    "unknown product": ("tablets", take(0, 0, 0, product="eleven"), "verify-product"),
    "undescribed product": ("tablets", lambda made: plan(products=made.plan.products[:1])(made), "verify-products"),
    "item of an unknown product": ("tablets", copied_item(0, product="eleven"), "verify-product"),
    "gap between steps": ("tablets", step(1, start=day(14)), "verify-steps"),
    "step of no days": ("tablets", step(1, days=0), "verify-steps"),
    "clock time": ("tablets", given(0, 0, time=dt.time(9)), "verify-times"),
    "no pieces": ("tablets", take(0, 0, 0, count=0), "verify-take"),
    "too little": ("tablets", item(1, quantity=Fraction(60)), "verify-quantity"),
    "use": ("tablets", item(1, needed=Fraction(60)), "verify-needed"),
    "unit": ("batches", item(0, unit="tablet"), "verify-unit"),
    "ends before it begins": ("tablets", item(1, use_until=day(-1)), "verify-use-until"),
    "used after it is discarded": ("batches", item(0, discard_after=day(12)), "verify-use-until"),
    "batches of no whole steps": ("batches", described(0, batch_step=Fraction(7)), "verify-batches"),
    "more batches than steps": ("batches", item(0, batches=1000), "verify-batches"),
    "a batch below the recipe's least": ("batches", described(0, batch_min=Fraction(60)), "verify-batches"),
    "a batch above the recipe's most": ("batches", described(0, batch_max=Fraction(40)), "verify-batches"),
    "compounded, not in batches": ("batches", item(0, batches=None), "verify-batches"),
    "nothing cut": ("tablets", item(1, cut=0), "verify-cut"),
    "one tablet more": ("tablets", item(1, quantity=Fraction(62)), "verify-quantity"),
    "less than the overage": ("batches", described(0, overage=Fraction(1)), "verify-quantity"),
    "containers too small": ("batches", part(0, 0, size=Fraction(30)), "verify-parts"),
    "another number of bottles": ("lots", part(0, 0, count=30), "verify-parts"),
    "a later discard date": ("batches", item(0, discard_after=day(300)), "verify-discard-after"),
    "no discard date": ("batches", item(0, discard_after=None), "verify-discard-after"),
    "a bottle's discard date": ("lots", item(0, discard_after=day(300)), "verify-discard-after"),
    "a discard date for tablets": ("tablets", item(1, discard_after=day(300)), "verify-discard-after"),
    "batches of tablets": ("tablets", item(1, batches=1), "verify-batches"),
    "item left out": ("tablets", no_item(1), "verify-item"),
    "items overlap": ("lots", item(3, date=day(42), use_from=day(42)), "verify-lot"),
    "sum of products": ("tablets", item(1, cost=Fraction(4)), "verify-costs"),
    "total": ("tablets", plan(total=Fraction(12)), "verify-total"),
    "objective": ("tablets", costs(burdens=Fraction(0)), "verify-objective"),
    "items turned round": ("lots", lambda made: plan(items=made.plan.items[::-1])(made), "verify-order"),
    "products turned round": ("tablets", lambda made: plan(products=made.plan.products[::-1])(made), "verify-products"),
    "an edited file": ("tablets", plan(seal=""), "verify-seal"),
    "items of nothing": ("infeasible", plan(items=ALL["tablets"]().plan.items), "verify-infeasible"),
}


@pytest.mark.parametrize("name", INCONSISTENT)
def test_a_plan_that_contradicts_itself_is_caught(name: str) -> None:
    """Without the prescription, a plan's figures are still held against one another."""
    base, change, code = INCONSISTENT[name]
    changed: Plan = change(ALL[base]()).plan
    assert code in {finding.code for finding in check_consistency(changed)}


@pytest.mark.parametrize("name", FEASIBLE)
def test_every_figure_of_an_item_matters(name: str) -> None:
    """No number on any item of any plan can be changed unnoticed."""
    made = FEASIBLE[name]()
    for index, one in enumerate(made.plan.items):
        for field in ("quantity", "needed", "cost"):
            changed = item(index, **{field: getattr(one, field) + THIRD})(made)
            assert f"verify-{field}" in {finding.code for finding in _verify(changed)}
