"""Small plans made by hand, with their inputs: every figure was worked out on paper from the problem's rules.

They are the ground of the tests of `verify` and `checks`, and owe nothing to the optimiser.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from fractions import Fraction

from splitter.formulary import (
    Batch,
    Bottles,
    Caution,
    Certainty,
    Control,
    ControlSchedule,
    Form,
    Formulary,
    Hazard,
    Ingredient,
    Loose,
    Packs,
    Poured,
    Product,
    Provenance,
    Size,
    Withdrawal,
)
from splitter.plan import (
    FORMAT,
    Administration,
    Conflict,
    CostSummary,
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
    Relaxation,
    Status,
    Take,
)
from splitter.prescription import (
    Costs,
    DivisionRule,
    Fine,
    Patient,
    Pharmacy,
    Policy,
    Prefer,
    Prescriber,
    Prescription,
    Step,
)
from splitter.quantity import Concentration, Mass, Money

START = dt.date(2026, 12, 1)
MORNING, NOON, EVENING = dt.time(8), dt.time(14), dt.time(20)
HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A plan and what it was made from."""

    plan: Plan
    prescription: Prescription
    pharmacy: Pharmacy
    formulary: Formulary


def number(text: str) -> Fraction:
    return Fraction(text)


def day(offset: int) -> dt.date:
    return START + dt.timedelta(days=offset)


def _money(text: str) -> Money:
    return Money(Fraction(text))


def _sizes(*sizes: tuple[int, str]) -> tuple[Size, ...]:
    return tuple(Size(content=Fraction(content), price=_money(price)) for content, price in sizes)


PHARMACY = Pharmacy(
    name="Example Pharmacy",
    address="2 High Street, Springfield",
    phone="555 0199",
    licence="PH-0001",
    currency="USD",
    costs=Costs(item_fee=_money("2"), split_fee=_money("0.1"), batch_fee=_money("15"), labour_rate=_money("40")),
    policy=Policy(),
)

TEN = Product(
    id="ten",
    name="10 mg tablet",
    form=Form.TABLET,
    strength=Mass(Fraction(10)),
    pieces=2,
    supply=Loose(price=_money("0.05")),
    illustrative_price=True,
)
FIVE = Product(
    id="five",
    name="5 mg tablet",
    form=Form.TABLET,
    strength=Mass(Fraction(5)),
    supply=Packs(sizes=_sizes((28, "1.20"), (84, "3.00"))),
    provenance=Provenance(source="hearsay", certainty=Certainty.UNVERIFIED, checked=dt.date(2026, 1, 1)),
)
THIRTY = Product(
    id="thirty",
    name="30 mg tablet",
    form=Form.TABLET,
    strength=Mass(Fraction(30)),
    pieces=3,
    supply=Loose(price=_money("0.30")),
)
CAPSULE = Product(
    id="capsule",
    name="1 mg capsule",
    form=Form.CAPSULE,
    strength=Mass(Fraction(1)),
    supply=Batch(
        beyond_use=60,
        stated_beyond_use=60,
        beyond_use_basis="the formulary's own limit: 60 days; the day of compounding is day 1",
        labour=Fraction(1),
        step=Fraction(10),
        minimum=Fraction(10),
        maximum=None,
        overage=number("0.05"),
        containers=_sizes((60, "0.50"), (120, "0.70")),
        ingredients=(
            Ingredient(name="powder", amount=number("0.1"), unit="g", price=_money("10")),
            Ingredient(name="shells", amount=Fraction(100), unit="capsule", price=_money("0.05")),
        ),
    ),
)
MIXTURE = Product(
    id="mixture",
    name="5 mg/mL suspension",
    form=Form.SUSPENSION,
    concentration=Concentration(Fraction(5)),
    storage="2 to 8 °C",
    shake=True,
    supply=Batch(
        beyond_use=14,
        stated_beyond_use=14,
        labour=HALF,
        step=Fraction(10),
        minimum=Fraction(30),
        maximum=Fraction(100),
        overage=number("0.05"),
        containers=_sizes((60, "0.80"), (120, "1.20")),
        ingredients=(
            Ingredient(name="powder", amount=HALF, unit="g", price=_money("10")),
            Ingredient(name="vehicle", amount=Fraction(100), unit="mL", price=_money("0.08")),
            Ingredient(name="flavour", amount=number("0.333"), unit="mL", price=_money("0.00101")),
        ),
        method=("Triturate the powder.", "Make up to volume with the vehicle."),
        beyond_use_basis="preservative-free: 14 days; the day of compounding is day 1",
        stated_basis="preservative-free",
    ),
)
BOTTLED = Product(
    id="bottled",
    name="1 mg/mL solution",
    form=Form.SOLUTION,
    concentration=Concentration(Fraction(1)),
    supply=Bottles(sizes=_sizes((100, "8"), (250, "18")), in_use=60),
)
BRIEF = Product(
    id="brief",
    name="1 mg/mL brief solution",
    form=Form.SOLUTION,
    concentration=Concentration(Fraction(1)),
    supply=Bottles(sizes=_sizes((60, "6"), (100, "9")), in_use=10),
)
LASTING = Product(
    id="lasting",
    name="1 mg/mL lasting solution",
    form=Form.SOLUTION,
    concentration=Concentration(Fraction(1)),
    supply=Bottles(
        sizes=_sizes(
            (100, "9"),
        )
    ),
)
FORMULARY = Formulary(
    drug="examplamine",
    products=(TEN, FIVE, THIRTY, CAPSULE, MIXTURE, BOTTLED, BRIEF, LASTING),
    max_daily=Mass(Fraction(100)),
    max_imbalance=Mass(Fraction(20)),
    cautions=(Caution(text="Do not stop taking this medicine suddenly."),),
    control=Control(schedule=ControlSchedule.IV),
    hazard=Hazard(text="A hazardous drug: wear gloves."),
    withdrawal=Withdrawal(signs=("You may feel unwell.",), emergency=("Call for help if you have a fit.",)),
    sha256="f" * 64,
)


def _mass(dose: int) -> Mass:
    return Mass(Fraction(dose))


def _order(days: int, target: int, *doses: int) -> Step:
    return Step(days=days, target=_mass(target), doses=tuple(map(_mass, doses)) or None)


def _prescription(
    times: tuple[dt.time, ...], *steps: Step, settings: tuple[tuple[str, object], ...] = ()
) -> Prescription:
    """A prescription that leaves the division of days, and what they are given with, to cost."""
    return Prescription(
        number="RX-1",
        drug="examplamine",
        start=START,
        times=times,
        steps=steps,
        written=dt.date(2026, 11, 20),
        indication="muscle spasms",
        patient=Patient(name="Ada Example"),
        prescriber=Prescriber(name="Dr B. Example", phone="555 0100"),
        settings=(("division", DivisionRule.FREE), ("fine", Fine.FREE), *settings),
        sha256="a" * 64,
    )


def _give(
    time: dt.time, dose: int, *takes: tuple[str, Fraction | int, int], measure: Measure | None = None
) -> Administration:
    taken = tuple(Take(product=product, fraction=Fraction(part), count=count) for product, part, count in takes)
    return Administration(time=time, dose_mg=Fraction(dose), take=taken, measure=measure)


def _measure(product: str, volume: str, syringe: str, rest: str | None = None) -> Measure:
    return Measure(product=product, mL=number(volume), syringe=syringe, rest_syringe=rest)


def _step(first: int, days: int, target: int, *given: Administration) -> PlannedStep:
    dose = Fraction(target)
    return PlannedStep(start=day(first), days=days, target_mg=dose, delivered_mg=dose, administrations=given)


def _counted(
    first: int,
    last: int,
    product: str,
    quantity: int,
    needed: Fraction | int,
    cost: str,
    *,
    cut: int = 0,
    packs: tuple[Part, ...] = (),
) -> Item:
    return Item(
        date=day(first),
        use_from=day(first),
        use_until=day(last),
        discard_after=None,
        product=product,
        quantity=Fraction(quantity),
        unit="tablet",
        cut=cut,
        needed=Fraction(needed),
        batches=None,
        parts=packs,
        cost=number(cost),
    )


def _lot(
    days: tuple[int, int, int | None],
    product: str,
    needed: str,
    batches: int | None,
    cost: str,
    quantity: int,
    *parts: tuple[int, int],
    unit: str = "mL",
) -> Item:
    first, last, discard = days
    return Item(
        date=day(first),
        use_from=day(first),
        use_until=day(last),
        discard_after=None if discard is None else day(discard),
        product=product,
        quantity=Fraction(quantity),
        unit=unit,
        cut=0,
        needed=number(needed),
        batches=batches,
        parts=tuple(Part(size=Fraction(size), count=count) for size, count in parts),
        cost=number(cost),
    )


def _describe(product: Product) -> PlannedProduct:
    batch = product.supply if isinstance(product.supply, Batch) else None
    return PlannedProduct(
        id=product.id,
        name=product.name,
        form=product.form,
        strength_mg=product.strength.value if product.strength else None,
        concentration_mg_per_mL=product.concentration.value if product.concentration else None,
        compounded=batch is not None,
        storage=product.storage,
        shake=product.shake,
        in_use_days=product.supply.in_use if isinstance(product.supply, Bottles) else None,
        beyond_use_days=batch.beyond_use if batch else None,
        beyond_use_basis=batch.beyond_use_basis if batch else None,
        overage=None if isinstance(product.supply, Loose | Packs) else product.supply.overage,
        batch_step=batch.step if batch else None,
        batch_min=batch.minimum if batch else None,
        batch_max=batch.maximum if batch else None,
        ingredients=tuple(
            IngredientAmount(
                name=part.name,
                amount=part.amount,
                unit=part.unit,
                active_mg=part.active.value if part.active else None,
                to_volume=part.to_volume,
            )
            for part in (batch.ingredients if batch else ())
        ),
        method=batch.method if batch else (),
        salt=product.salt,
        codes=product.ndc,
        certainty=product.provenance.certainty if product.provenance else None,
        source=product.provenance.source if product.provenance else None,
        container=product.container,
        equipment=batch.equipment if batch else (),
        quality_checks=batch.quality_checks if batch else (),
        keeps_days=product.supply.keeps if isinstance(product.supply, Poured) else None,
        pour_step=product.supply.step if isinstance(product.supply, Poured) else None,
    )


def _make(
    prescription: Prescription,
    steps: tuple[PlannedStep, ...],
    items: tuple[Item, ...],
    costs: tuple[str, ...],
    products: tuple[Product, ...],
) -> Made:
    """`costs`: products, item fees, split fees, burdens, total, objective."""
    paid, item_fees, split_fees, burdens, total, objective = map(number, costs)
    plan = Plan(
        division=DivisionRule.FREE,
        format=FORMAT,
        status=Status.OPTIMAL,
        currency="USD",
        objective=objective,
        total=total,
        lower_bound=objective,
        steps=steps,
        items=items,
        costs=CostSummary(products=paid, item_fees=item_fees, split_fees=split_fees, burdens=burdens),
        findings=(),
        conflicts=(),
        prescription=PlannedPrescription(
            number=prescription.number,
            drug=prescription.drug,
            start=prescription.start,
            times=prescription.times,
            written=prescription.written,
            indication=prescription.indication,
            patient=prescription.patient,
            prescriber=prescription.prescriber,
        ),
        pharmacy=PlannedPharmacy(
            name=PHARMACY.name,
            address=PHARMACY.address,
            phone=PHARMACY.phone,
            licence=PHARMACY.licence,
            equipment=PlannedEquipment(balance_readability_mg=Fraction(1), balance_minimum_mg=Fraction(120)),
        ),
        drug=PlannedDrug(
            name="examplamine",
            schedule=ControlSchedule.IV,
            hazard="A hazardous drug: wear gloves.",
            withdrawal_signs=("You may feel unwell.",),
            withdrawal_emergency=("Call for help if you have a fit.",),
        ),
        products=tuple(map(_describe, products)),
        cautions=FORMULARY.cautions,
        provenance=PlanProvenance(
            version="0.1.0",
            formulary_sha256="f" * 64,
            prescription_sha256="a" * 64,
            pharmacy_sha256="",
            solver="by hand",
        ),
    )
    return Made(plan=plan, prescription=prescription, pharmacy=PHARMACY, formulary=FORMULARY)


def tablets() -> Made:
    """Loose tablets with halves, packs, a drug-free step; burdens of the simple plan.

    10 mg, days 0 to 27: 13 × 3 + 15 × 1 = 54 whole, 13 × 1/2 = 6.5 in halves, so 61 handed over and 7 cut.
    Burdens: 13 halves × 0.20 + (13 × 4 + 15 × 2 + 7 × 2) pieces × 0.10 = 2.60 + 9.60.
    """
    return _make(
        _prescription(
            (MORNING, EVENING),
            _order(13, 35),
            _order(15, 15),
            _order(7, 0),
            _order(7, 10),
            settings=(("prefer", Prefer.SIMPLE),),
        ),
        (
            _step(0, 13, 35, _give(MORNING, 15, ("ten", 1, 1), ("ten", HALF, 1)), _give(EVENING, 20, ("ten", 1, 2))),
            _step(13, 15, 15, _give(MORNING, 5, ("five", 1, 1)), _give(EVENING, 10, ("ten", 1, 1))),
            _step(28, 7, 0),
            _step(35, 7, 10, _give(MORNING, 5, ("five", 1, 1)), _give(EVENING, 5, ("five", 1, 1))),
        ),
        (
            _counted(0, 27, "five", 28, 15, "1.20", packs=(Part(size=Fraction(28), count=1),)),
            _counted(0, 27, "ten", 61, number("60.5"), "3.05", cut=7),
            _counted(28, 41, "five", 28, 14, "1.20", packs=(Part(size=Fraction(28), count=1),)),
        ),
        ("5.45", "6", "0.7", "12.2", "12.15", "24.35"),
        (FIVE, TEN),
    )


def batches() -> Made:
    """The dose of each time stated; a suspension that lasts 14 days, made for each window of a 28-day visit.

    Beside two tablets of 10 mg the suspension gives 1 mg, a 21st of the dose, which the prescription allows.

    Per mL 0.13 + 0.333 × 0.00101 / 100; per batch 35. Days 0 to 13: 14 × 3.2 = 44.8, with 5 % 47.04, so 50 mL
    in one batch: 35 + 6.500168165 + 0.80. Days 14 to 27: 6 × 3.2 + 8 × 17 = 155.2, 162.96, 170 mL in two
    batches: 70 + 22.100571761 + 2.00. Days 28 to 35: 136, 142.8, 150 mL in two: 70 + 19.500504495 + 2.00.
    """
    return _make(
        _prescription(
            (MORNING, EVENING),
            _order(20, 36, 21, 15),
            _order(16, 85, 25, 60),
            settings=(("min_share", Fraction(1, 21)),),
        ),
        (
            _step(
                0,
                20,
                36,
                _give(MORNING, 21, ("ten", 1, 2), measure=_measure("mixture", "0.2", "1 mL by 0.02 mL")),
                _give(EVENING, 15, measure=_measure("mixture", "3", "3 mL by 0.1 mL")),
            ),
            _step(
                20,
                16,
                85,
                _give(MORNING, 25, measure=_measure("mixture", "5", "5 mL by 0.2 mL")),
                _give(EVENING, 60, measure=_measure("mixture", "12", "10 mL by 0.2 mL", "3 mL by 0.1 mL")),
            ),
        ),
        (
            _lot((0, 13, 13), "mixture", "44.8", 1, "42.30017", 50, (60, 1)),
            _counted(0, 27, "ten", 40, 40, "2"),
            _lot((14, 27, 27), "mixture", "155.2", 2, "94.10057", 170, (60, 1), (120, 1)),
            _lot((28, 35, 41), "mixture", "136", 2, "91.50050", 150, (60, 1), (120, 1)),
        ),
        ("229.90124", "8", "0", "0", "237.90124", "237.90124"),
        (MIXTURE, TEN),
    )


def lots() -> Made:
    """Bottles and capsules whose lots serve several visits of 14 days; a burden that the prescription states.

    Bottles (126, 126, 56, 56, 56 mL): three choices of two lots cost 40; the latest dates are days 0 and 56.
    Capsules (42, 42, 28, 28, 28): 112 + 56 are cheapest, 62.90 + 59.10. Burdens: 70 × 2 volumes × 0.01.
    """
    return _make(
        _prescription(
            (MORNING, NOON, EVENING),
            _order(28, 12),
            _order(42, 6),
            settings=(("visit_interval", 14), ("measure_burden", _money("0.01"))),
        ),
        (
            _step(
                0,
                28,
                12,
                _give(MORNING, 3, ("capsule", 1, 3)),
                _give(NOON, 4, measure=_measure("bottled", "4", "5 mL by 0.2 mL")),
                _give(EVENING, 5, measure=_measure("bottled", "5", "5 mL by 0.2 mL")),
            ),
            _step(
                28,
                42,
                6,
                _give(MORNING, 2, ("capsule", 1, 2)),
                _give(NOON, 2, measure=_measure("bottled", "2", "3 mL by 0.1 mL")),
                _give(EVENING, 2, measure=_measure("bottled", "2", "3 mL by 0.1 mL")),
            ),
        ),
        (
            _lot((0, 55, 59), "bottled", "364", None, "32", 400, (100, 4)),
            _lot((0, 41, 59), "capsule", "112", 1, "62.90", 120, (120, 1), unit="capsule"),
            _lot((42, 69, 101), "capsule", "56", 1, "59.10", 60, (60, 1), unit="capsule"),
            _lot((56, 69, 115), "bottled", "56", None, "8", 100, (100, 1)),
        ),
        ("162", "8", "0", "1.4", "170", "171.4"),
        (BOTTLED, CAPSULE),
    )


def thirds() -> Made:
    """Thirds of a tablet, and bottles that last 10 days, a fresh one for each window of the visit."""
    return _make(
        _prescription((MORNING, EVENING), _order(28, 20)),
        (
            _step(
                0,
                28,
                20,
                _give(MORNING, 10, ("thirty", THIRD, 1)),
                _give(EVENING, 10, measure=_measure("brief", "10", "10 mL by 0.2 mL")),
            ),
        ),
        (
            _lot((0, 27, None), "brief", "280", None, "27", 300, (100, 3)),
            _counted(0, 27, "thirty", 10, Fraction(28, 3), "3", cut=10),
        ),
        ("30", "4", "1", "0", "35", "35"),
        (BRIEF, THIRTY),
    )


def lasting() -> Made:
    """A bottle without a limit: one lot for the whole plan, to the end of the last visit that uses it."""
    return _make(
        _prescription((EVENING,), _order(40, 5), _order(30, 0)),
        (
            _step(0, 40, 5, _give(EVENING, 5, measure=_measure("lasting", "5", "5 mL by 0.2 mL"))),
            _step(40, 30, 0),
        ),
        (_lot((0, 55, None), "lasting", "200", None, "18", 200, (100, 2)),),
        ("18", "2", "0", "0", "20", "20"),
        (LASTING,),
    )


def infeasible() -> Made:
    """7 mg a day from tablets only."""
    made = _make(
        _prescription((MORNING, EVENING), _order(14, 10), _order(14, 7), settings=(("max_products", 1),)),
        (),
        (),
        ("0",) * 6,
        (),
    )
    steps = tuple(
        PlannedStep(start=day(first), days=14, target_mg=Fraction(target), delivered_mg=None, administrations=())
        for first, target in ((0, 10), (14, 7))
    )
    conflict = Conflict(
        step=1,
        steps=(),
        rules=("R1", "R2", "split", "ten"),
        nearest_mg=(Fraction(5), Fraction(10)),
        relaxations=(Relaxation(key="liquids", value="allow", total=None),),
        message="7 mg can't be made",
    )
    plan = replace(
        made.plan,
        status=Status.INFEASIBLE,
        objective=None,
        total=None,
        lower_bound=None,
        costs=None,
        steps=steps,
        conflicts=(conflict,),
    )
    return replace(made, plan=plan)


FEASIBLE = {made.__name__: made for made in (tablets, batches, lots, thirds, lasting)}
ALL = {**FEASIBLE, "infeasible": infeasible}
