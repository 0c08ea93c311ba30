"""Small random tapers to be divided over the times of a day, with narrow ranges of values, so that ties happen."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from fractions import Fraction
from random import Random

from splitter.formulary import Batch, Bottles, Form, Ingredient, Product, Size
from splitter.prescription import DivisionRule, Fine, LargerDose, Liquids, Split, Step, Tolerance
from splitter.quantity import Concentration, Mass, Money, Volume
from tests.oracle.cases import Case, case_of, syringe, tablet

CLOCKS = (
    (time(8),),
    (time(20),),
    (time(8), time(20)),
    (time(6), time(23)),
    (time(8), time(14), time(20)),
    (time(6), time(14), time(22)),
    (time(7, 30), time(12), time(18)),
    (time(8), time(16), time(1)),
)
FEW_CLOCKS = (time(6), time(12), time(18), time(23))
SYRINGES = (syringe("1", "0.1"), syringe("2", "0.5"), syringe("5", "0.2"), syringe("5", "1"), syringe("10", "0.5"))
BATCH = Batch(
    beyond_use=30,
    labour=Fraction(0),
    step=Fraction(1),
    minimum=Fraction(1),
    maximum=None,
    overage=Fraction(0),
    containers=(),
    ingredients=(Ingredient(name="vehicle", amount=Fraction(100), unit="mL", price=Money(Fraction("0.1"))),),
)


def taper_case(seed: int) -> Case:
    """The taper number `seed`, with division by the path; its doses fall, mostly."""
    rng = Random(f"taper {seed}")  # noqa: S311  reproducible cases, no secret
    products = _products(rng)
    clock = FEW_CLOCKS if rng.random() < 0.05 else rng.choice(CLOCKS)
    case = case_of(
        products,
        _steps(rng, products, len(clock)),
        len(clock),
        tolerance=_tolerance(rng),
        larger_dose=rng.choice(tuple(LargerDose)),
        **_settings(rng, products),
    )
    order = tuple(rng.sample(clock, len(clock))) if rng.random() < 0.15 else None
    return replace(case, prescription=replace(case.prescription, times=clock, cut_order=order))


def _fraction(rng: Random, *choices: str) -> Fraction:
    return Fraction(rng.choice(choices))


def _settings(rng: Random, products: tuple[Product, ...]) -> dict[str, object]:
    return {
        "division": DivisionRule.PATH,
        "fine": Fine.PHASE,
        "split": rng.choices(tuple(Split), (10, 50, 20, 20))[0],
        "max_pieces": rng.choices((1, 2, 3, 6), (3, 10, 27, 60))[0],
        "evenness": _fraction(rng, "0", "0.2", "0.4", "0.4", "1"),
        "every_time": rng.random() < 0.2,
        "form_change": rng.choice((0, 5, 21, 21)),
        "liquids": rng.choices(tuple(Liquids), (5, 89, 6))[0],
        "compounded": rng.random() < 0.93,
        "one_liquid": rng.random() < 0.8,
        "min_volume": Volume(_fraction(rng, "0", "0.2", "0.5", "1")),
        "max_volume": Volume(_fraction(rng, "2", "10", "20", "20")),
        "min_share": _fraction(rng, "0", "0.05", "0.05", "0.5"),
        "exclude": (rng.choice(products).id,) if rng.random() < 0.05 else (),
        "syringes": tuple(rng.sample(SYRINGES, rng.choices((0, 1, 2, 3), (3, 17, 40, 40))[0])),
    }


def _products(rng: Random) -> tuple[Product, ...]:
    tablets = [_tablet(rng, f"tablet-{n}") for n in range(rng.choices((0, 1, 2, 3), (4, 36, 40, 20))[0])]
    liquids = [_liquid(rng, f"liquid-{n}") for n in range(rng.choices((0, 1, 2), (20, 50, 30))[0])]
    capsules = [_capsule(rng, f"capsule-{n}") for n in range(rng.choices((0, 1, 2), (65, 25, 10))[0])]
    made = [*tablets, *liquids, *capsules] or [_tablet(rng, "tablet-0")]
    return tuple(rng.sample(made, len(made)))


def _tablet(rng: Random, name: str) -> Product:
    strength = rng.choice(("1", "2", "2.5", "5", "5", "5", "10", "10", "20/3"))
    form = Form.CAPSULE if rng.random() < 0.1 else Form.TABLET
    return tablet(strength, "0.1", rng.choice((1, 2, 2, 3, 4)), id=name, name=name, form=form)


def _liquid(rng: Random, name: str) -> Product:
    bottles = Bottles(sizes=(Size(content=Fraction(100), price=Money(1)),))
    return Product(
        id=name,
        name=name,
        form=Form.SOLUTION,
        supply=BATCH if rng.random() < 0.5 else bottles,
        concentration=Concentration(_fraction(rng, "0.5", "1", "2", "5", "10/3")),
    )


def _capsule(rng: Random, name: str) -> Product:
    strength = Mass(_fraction(rng, "0.5", "1", "2", "3"))
    return Product(id=name, name=name, form=Form.CAPSULE, supply=BATCH, strength=strength)


def _steps(rng: Random, products: tuple[Product, ...], times: int) -> tuple[Step, ...]:
    doses = sorted((_daily(rng, products, times) for _ in range(rng.choice((2, 3, 3, 4)))), reverse=True)
    if rng.random() < 0.15:
        rng.shuffle(doses)
    if rng.random() < 0.2:
        doses[rng.randrange(len(doses))] = rng.choice(doses)
    if rng.random() < 0.12:
        doses[rng.randrange(len(doses))] = Fraction(0)
    return tuple(_step(rng, dose, times) for dose in doses)


def _daily(rng: Random, products: tuple[Product, ...], times: int) -> Fraction:
    """A dose that a few pieces and volumes make, or any small number."""
    if rng.random() < 0.06:
        return _fraction(rng, "1", "2.2", "3", "4.5", "6", "7.5", "9", "10", "40/3")
    whole, total = rng.random() < 0.5, Fraction(0)
    for _ in range(rng.randint(1, 2 * times)):
        product = rng.choice(products)
        amount = (product.strength or product.concentration).value
        if not whole:
            amount *= rng.choice((Fraction(1), Fraction(1), Fraction(1, product.pieces), Fraction(2)))
        total += amount
    return total


def _step(rng: Random, daily: Fraction, times: int) -> Step:
    days = rng.choice((3, 7, 14))
    if not daily or rng.random() < 0.88:
        return Step(days=days, target=Mass(daily))
    parts = [rng.choice((0, 1, 1, 2)) for _ in range(times - 1)]
    whole = Fraction(daily, 2 * times)
    doses = [part * whole for part in parts]
    return Step(days=days, target=Mass(daily), doses=tuple(map(Mass, (*doses, daily - sum(doses)))))


def _tolerance(rng: Random) -> Tolerance:
    kind = rng.random()
    if kind < 0.8:
        return Tolerance()
    if kind < 0.9:
        return Tolerance(mass=Mass(_fraction(rng, "0.1", "0.5", "1", "2")))
    return Tolerance(share=_fraction(rng, "0.05", "0.1", "0.2"))
