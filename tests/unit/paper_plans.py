"""Small invented plans for the tests of wording and paper; nobody in them exists."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from splitter.formulary import Caution, Certainty, Form
from splitter.plan import (
    FORMAT,
    Administration,
    CostSummary,
    Finding,
    IngredientAmount,
    Item,
    Measure,
    Part,
    Plan,
    PlannedDrug,
    PlannedEquipment,
    PlannedPharmacy,
    PlannedPrescription,
    PlannedProduct,
    PlannedStep,
    PlanProvenance,
    Severity,
    Status,
    Take,
)
from splitter.prescription import Patient, Prescriber

START = dt.date(2026, 12, 1)
TIMES = (dt.time(8), dt.time(14), dt.time(20))
TABLET_20, TABLET_10, TABLET_5 = "baclofen-20mg-tablet", "baclofen-10mg-tablet", "baclofen-5mg-tablet"
COMPOUNDED, BOTTLE, CAPSULE = "baclofen-5mg-per-ml-compounded", "baclofen-1mg-per-ml-solution", "baclofen-2mg-capsule"


def product(id_: str, form: Form, name: str, **changes: object) -> PlannedProduct:
    """A product of a plan; a counted one has a strength, a liquid a concentration."""
    plain = PlannedProduct(
        id=id_, name=name, form=form, strength_mg=None, concentration_mg_per_mL=None, compounded=False, storage=None,
        shake=False, in_use_days=None, beyond_use_days=None, beyond_use_basis=None, overage=None, batch_step=None,
        batch_min=None, batch_max=None,
        ingredients=(), method=(), salt=None, codes=(), certainty=Certainty.LABEL, source="invented", container=None,
        equipment=(), quality_checks=(),
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def ingredient(name: str, amount: Fraction, unit: str, **changes: object) -> IngredientAmount:
    """An ingredient for 100 mL or capsules, without drug in it unless `changes` say so."""
    plain = IngredientAmount(name=name, amount=amount, unit=unit, active_mg=None, to_volume=False)
    return replace(plain, **changes)  # type: ignore[arg-type]


PRODUCTS = (
    product(TABLET_20, Form.TABLET, "baclofen 20 mg tablet", strength_mg=Fraction(20), storage="20 to 25 °C"),
    product(TABLET_10, Form.TABLET, "baclofen 10 mg tablet", strength_mg=Fraction(10), storage="20 to 25 °C"),
    product(TABLET_5, Form.TABLET, "baclofen 5 mg tablet", strength_mg=Fraction(5), storage="20 to 25 °C"),
    product(
        COMPOUNDED,
        Form.SUSPENSION,
        "baclofen 5 mg per mL suspension, compounded",
        concentration_mg_per_mL=Fraction(5),
        compounded=True,
        storage="2 to 8 °C",
        shake=True,
        beyond_use_days=35,
        beyond_use_basis="USP <795> limit for preserved aqueous preparations: 35 days",
        overage=Fraction(1, 20),
        batch_step=Fraction(4),
        batch_min=Fraction(100),
        batch_max=Fraction(500),
        ingredients=(
            ingredient("baclofen 20 mg tablets", Fraction(25), "tablet", active_mg=Fraction(20)),
            ingredient("glycerin", Fraction(5, 3), "mL"),
            ingredient("preserved suspending vehicle", Fraction(100), "mL", to_volume=True),
        ),
        method=(
            "Count the tablets into a mortar and triturate them to a fine powder.",
            "Wet the powder with the glycerin and levigate to a smooth paste.",
            "Add the vehicle in geometric portions and transfer to a graduated cylinder.",
            "Rinse the mortar with vehicle, bring to volume, and stir until uniform.",
        ),
    ),
    product(
        BOTTLE,
        Form.SOLUTION,
        "baclofen 1 mg per mL oral solution",
        concentration_mg_per_mL=Fraction(1),
        storage="20 to 25 °C",
        in_use_days=60,
    ),
    product(
        CAPSULE,
        Form.CAPSULE,
        "baclofen 2 mg capsule, compounded",
        strength_mg=Fraction(2),
        compounded=True,
        storage="20 to 25 °C",
        beyond_use_days=180,
        beyond_use_basis="USP <795> limit for solid dosage forms: 180 days",
        overage=Fraction(0),
        batch_step=Fraction(1),
        batch_min=Fraction(1),
        batch_max=Fraction(100),
        ingredients=(
            ingredient("baclofen powder USP", Fraction(1, 5), "g", active_mg=Fraction(1000)),
            ingredient("microcrystalline cellulose", Fraction(79, 3), "g"),
            ingredient("empty capsule, size 1", Fraction(100), "capsule"),
        ),
        method=("Weigh the powders.", "Mix by geometric dilution.", "Fill the capsules and weigh each one."),
    ),
)


def take(product_id: str, count: int, fraction: str = "1") -> Take:
    return Take(product=product_id, fraction=Fraction(fraction), count=count)


def dose(time: dt.time, mg: str, *takes: Take, measure: Measure | None = None) -> Administration:
    return Administration(time=time, dose_mg=Fraction(mg), take=takes, measure=measure)


def measured(product_id: str, volume: str, syringe: str = "5 mL by 0.2 mL", rest: str | None = None) -> Measure:
    return Measure(product=product_id, mL=Fraction(volume), syringe=syringe, rest_syringe=rest)


def step(start: dt.date, days: int, mg: str, *administrations: Administration) -> PlannedStep:
    return PlannedStep(
        start=start, days=days, target_mg=Fraction(mg), delivered_mg=Fraction(mg), administrations=administrations
    )


def item(product_id: str, quantity: str, unit: str, **changes: object) -> Item:
    """An item of the first visit that serves its 28 days."""
    plain = Item(
        date=START, use_until=START + dt.timedelta(days=27), discard_after=None, product=product_id,
        quantity=Fraction(quantity), unit=unit, cut=0, needed=Fraction(quantity), batches=None, parts=(),
        cost=Fraction("2.81484"),
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def cautioned(*cautions: str) -> tuple[Caution, ...]:
    """Cautions that hold for every form."""
    return tuple(Caution(text=caution) for caution in cautions)


def a_plan(steps: tuple[PlannedStep, ...], items: tuple[Item, ...], **changes: object) -> Plan:
    """A whole plan around steps and items."""
    plain = Plan(
        format=FORMAT, status=Status.OPTIMAL, currency="USD", objective=Fraction("81.5"), total=Fraction("81.5"),
        lower_bound=Fraction("81.5"), steps=steps, items=items,
        costs=CostSummary(
            products=Fraction("68.90121"), item_fees=Fraction(10), split_fees=Fraction("2.6"), burdens=Fraction(0)
        ),
        findings=(
            Finding(code="illustrative-price", severity=Severity.NOTE, where="baclofen 5 mg tablet",
                    message="The price is illustrative; put the pharmacy's own in its formulary."),
        ),
        conflicts=(), prescription=PRESCRIPTION, pharmacy=PHARMACY, drug=DRUG, products=PRODUCTS,
        cautions=cautioned("Do not stop taking this medicine suddenly.", "This medicine may make you drowsy.",
                      "Keep out of reach of children."),
        provenance=PlanProvenance(version="0.1.0", formulary_sha256="f" * 64, prescription_sha256="a" * 64,
                                  pharmacy_sha256="b" * 64, solver="search"),
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


PRESCRIPTION = PlannedPrescription(
    number="RX-104233",
    drug="baclofen",
    start=START,
    times=TIMES,
    written=dt.date(2026, 11, 20),
    indication="muscle spasms",
    patient=Patient(name="Ada Example", born=dt.date(1961, 4, 2), address="1 High Street, Springfield"),
    prescriber=Prescriber(name="Dr B. Example", phone="555 0100"),
)
PHARMACY = PlannedPharmacy(
    name="Example Pharmacy",
    address="2 High Street, Springfield",
    phone="555 0199",
    licence="PH-0001",
    equipment=PlannedEquipment(balance_readability_mg=Fraction(1), balance_minimum_mg=Fraction(120)),
)
DRUG = PlannedDrug(
    name="baclofen",
    schedule=None,
    hazard=None,
    withdrawal_signs=("Stiff or jerking muscles, a fast heartbeat, fever, confusion.",),
    withdrawal_emergency=("Call 911 for seizures, or if you see or hear things that are not there.",),
)


def tablets_plan() -> Plan:
    """Loose tablets with halves, three times a day, over two steps of two weeks."""
    morning, noon, evening = TIMES
    later = START + dt.timedelta(days=14)
    steps = (
        step(START, 14, "60", *(dose(time, "20", take(TABLET_20, 1)) for time in TIMES)),
        step(
            later,
            14,
            "52.5",
            dose(morning, "15", take(TABLET_10, 1), take(TABLET_10, 1, "1/2")),
            dose(noon, "17.5", take(TABLET_10, 1), take(TABLET_5, 1), take(TABLET_5, 1, "1/2")),
            dose(evening, "20", take(TABLET_20, 1)),
        ),
    )
    items = (
        item(TABLET_10, "35", "tablet", cut=7),
        item(TABLET_20, "56", "tablet"),
        item(TABLET_5, "21", "tablet", cut=7, needed=Fraction(21)),
    )
    return a_plan(steps, items)


def mixed_plan() -> Plan:
    """Tablets, a compounded suspension with two draws, a capsule and a bottle, and a drug-free week at the end."""
    morning, noon, evening = TIMES
    later, last = START + dt.timedelta(days=14), START + dt.timedelta(days=21)
    steps = (
        step(
            START,
            14,
            "62",
            dose(morning, "20", measure=measured(COMPOUNDED, "4")),
            dose(noon, "22", take(TABLET_20, 1), take(CAPSULE, 1)),
            dose(evening, "20", take(TABLET_10, 1), measure=measured(COMPOUNDED, "2", "3 mL by 0.1 mL")),
        ),
        step(
            later,
            7,
            "14.5",
            dose(morning, "0"),
            dose(noon, "0.5", measure=measured(BOTTLE, "0.5", "1 mL by 0.02 mL")),
            dose(evening, "14", measure=measured(BOTTLE, "14", "10 mL by 0.2 mL", "5 mL by 0.2 mL")),
        ),
        step(last, 7, "0"),
    )
    beyond_use = START + dt.timedelta(days=34)
    items = (
        item(TABLET_20, "14", "tablet"),
        item(TABLET_10, "14", "tablet"),
        item(COMPOUNDED, "100", "mL", needed=Fraction(84), discard_after=beyond_use, batches=1,
             parts=(Part(size=Fraction(120), count=1),)),
        item(CAPSULE, "14", "capsule", discard_after=START + dt.timedelta(days=179), batches=1),
        item(BOTTLE, "480", "mL", needed=Fraction("101.5"), discard_after=START + dt.timedelta(days=59),
             parts=(Part(size=Fraction(240), count=2),)),
    )  # fmt: skip
    return a_plan(steps, items)
