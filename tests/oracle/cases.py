"""Small random problems with narrow value ranges, so that ties happen; the same seed gives the same problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from fractions import Fraction
from random import Random

from splitter.formulary import Batch, Bottles, Form, Formulary, Ingredient, Loose, Packs, Product, Size
from splitter.prescription import (
    Costs,
    DivisionRule,
    Fine,
    LargerDose,
    Liquids,
    Policy,
    Prescription,
    Split,
    Step,
    Syringe,
    Tolerance,
)
from splitter.quantity import Concentration, Mass, Money, Volume

FREE = Costs(item_fee=Money(0), split_fee=Money(0), batch_fee=Money(0), labour_rate=Money(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question: a prescription with its steps given, and the policy in force.

    `policy` is resolved: every burden is money, `exclude` is the whole list, and `max_imbalance` None means no limit
    (the drug's own has been looked at already). The same values stand in no other place of the case.
    """

    prescription: Prescription
    policy: Policy
    formulary: Formulary
    costs: Costs


def syringe(capacity: str, graduation: str) -> Syringe:
    """A syringe from two numbers of millilitres."""
    return Syringe(
        text=f"{capacity} mL by {graduation} mL",
        capacity=Volume(Fraction(capacity)),
        graduation=Volume(Fraction(graduation)),
    )


def policy(**settings: object) -> Policy:
    """The default policy with burdens of zero, any division and any products in any step, changed by `settings`."""
    nothing = {"split_burden": Money(0), "piece_burden": Money(0), "measure_burden": Money(0)}
    free = {"division": DivisionRule.FREE, "fine": Fine.FREE}
    return replace(Policy(), **{**nothing, **free, **settings})


def tablet(strength: str, price: str, pieces: int = 1, **changes: object) -> Product:
    """A tablet counted loose, named by its strength in mg."""
    product = Product(
        id=f"tablet-{strength}",
        name=f"{strength} mg tablet",
        form=Form.TABLET,
        supply=Loose(price=Money(Fraction(price))),
        strength=Mass(Fraction(strength)),
        pieces=pieces,
    )
    return replace(product, **changes)


def case_of(products: Sequence[Product], steps: Sequence[Step], times: int = 1, **settings: object) -> Case:
    """A problem over `products` without fees; `settings` are the policy's, and `tolerance`, `costs`, `larger_dose`."""
    return Case(
        prescription=Prescription(
            number="RX-1",
            drug="exampline",
            start=date(2026, 12, 1),
            times=tuple(time(6 + 4 * j) for j in range(times)),
            steps=tuple(steps),
            tolerance=settings.pop("tolerance", Tolerance()),
            larger_dose=settings.pop("larger_dose", LargerDose.LAST),
        ),
        costs=settings.pop("costs", FREE),
        policy=policy(**settings),
        formulary=Formulary(drug="exampline", products=tuple(products)),
    )


def random_case(seed: int) -> Case:
    """The small problem number `seed`."""
    rng = Random(seed)  # noqa: S311  reproducible cases, no secret
    products = _products(rng)
    times = rng.choices((1, 2, 3, 4), (48, 40, 9, 3))[0]
    steps = [_step(rng, times, products) for _ in range(rng.choices((1, 2, 3, 4), (20, 45, 25, 10))[0])]
    return case_of(
        products,
        steps,
        times,
        tolerance=_tolerance(rng),
        larger_dose=rng.choice(tuple(LargerDose)),
        costs=_costs(rng),
        **_settings(rng, products),
    )


def aligned_case(seed: int) -> Case:
    """The small problem number `seed` with more steps, which mostly begin at visits: many intervals are alike."""
    rng = Random(f"aligned {seed}")  # noqa: S311  reproducible cases, no secret
    case = random_case(seed)
    interval = rng.choice((2, 2, 4))
    lengths = (interval, interval, interval // 2, 2 * interval)
    chosen = [rng.choice(case.prescription.steps) for _ in range(rng.randint(3, 6))]
    steps = tuple(replace(step, days=rng.choice(lengths)) for step in chosen)
    bound = 0 if rng.random() < 0.9 else case.policy.max_products
    return replace(
        case,
        prescription=replace(case.prescription, steps=steps),
        policy=replace(case.policy, visit_interval=interval, max_products=bound),
    )


def settled_case(seed: int) -> Case:
    """The small problem number `seed` with its doses or forms, mostly both, settled before any cost."""
    rng = Random(f"settled {seed}")  # noqa: S311  reproducible cases, no secret
    case = random_case(seed)
    division, fine = rng.choices(
        ((DivisionRule.PATH, Fine.PHASE), (DivisionRule.PATH, Fine.FREE), (DivisionRule.FREE, Fine.PHASE)), (6, 1, 3)
    )[0]
    settled = replace(
        case.policy,
        division=division,
        fine=fine,
        evenness=_number(rng, "0", "0.4", "0.4", "1"),
        every_time=rng.random() < 0.2,
        form_change=rng.choice((0, 2, 21)),
        liquids=rng.choices(tuple(Liquids), (3, 94, 3))[0],
    )
    return replace(case, policy=settled)


def _number(rng: Random, *values: str) -> Fraction:
    return Fraction(rng.choice(values))


def _money(rng: Random, *values: str) -> Money:
    return Money(_number(rng, *values))


def _step(rng: Random, times: int, products: Sequence[Product]) -> Step:
    days = rng.randint(1, 6)
    if rng.random() < 0.07:
        return Step(days=days, target=Mass(0))
    if rng.random() < 0.2:
        doses = tuple(rng.choice((Mass(0), _dose(rng, products), _dose(rng, products))) for _ in range(times))
        return Step(days=days, target=Mass(sum(dose.value for dose in doses)), doses=doses)
    total = sum(_dose(rng, products).value for _ in range(rng.randint(1, min(times + 1, 3))))
    return Step(days=days, target=Mass(total))


def _dose(rng: Random, products: Sequence[Product]) -> Mass:
    """Some dose that the products are likely to make, or not."""
    product = rng.choice(products)
    if rng.random() < 0.1:
        return Mass(_number(rng, "1", "2.5", "4", "5"))
    if product.concentration is not None:
        return Mass(product.concentration.value * _number(rng, "0.5", "1", "1", "2", "2"))
    return product.strength * _number(rng, "1/2", "1", "1", "1", "1", "1", "2", "2")


def _tolerance(rng: Random) -> Tolerance:
    kind = rng.random()
    if kind < 0.7:
        return Tolerance()
    if kind < 0.85:
        return Tolerance(mass=Mass(_number(rng, "0.5", "1", "1", "2", "2")))
    return Tolerance(share=_number(rng, "0.05", "0.1", "0.25"))


def _costs(rng: Random) -> Costs:
    return Costs(
        item_fee=_money(rng, "0", "0", "0.5", "1"),
        split_fee=_money(rng, "0", "0", "0.05", "0.1"),
        batch_fee=_money(rng, "0", "1", "2"),
        labour_rate=_money(rng, "0", "12"),
    )


def _settings(rng: Random, products: Sequence[Product]) -> dict[str, object]:
    syringes = (syringe("1", "0.5"), syringe("2", "1"), syringe("5", "1"), syringe("6", "2"), syringe("3", "0.5"))
    return {
        "visit_interval": rng.randint(2, 7),
        "split": rng.choices(tuple(Split), (1, 3, 3, 3))[0],
        "max_pieces": rng.choices((1, 2, 3, 4, 5), (5, 30, 35, 20, 10))[0],
        "max_imbalance": rng.choice((None, None, None, Mass(0), Mass(1), Mass(2), Mass(5))),
        "liquids": rng.choices(tuple(Liquids), (5, 89, 6))[0],
        "compounded": rng.random() < 0.93,
        "one_liquid": rng.random() < 0.6,
        "max_volume": Volume(_number(rng, "3", "5", "12")),
        "min_volume": Volume(_number(rng, "0", "0.5", "1")),
        "max_products": rng.choices((0, 1, 2, 3), (75, 4, 14, 7))[0],
        "exclude": (rng.choice(products).id,) if rng.random() < 0.1 else (),
        "syringes": tuple(rng.sample(syringes, rng.randint(2, 4))),
        "split_burden": _money(rng, "0", "0", "0.1"),
        "piece_burden": _money(rng, "0", "0", "0.02", "0.1"),
        "measure_burden": _money(rng, "0", "0", "0.1"),
        "min_share": _number(rng, "0", "0.05", "0.05", "0.5"),
    }


def _products(rng: Random) -> tuple[Product, ...]:
    """Up to four products whose order by id is not their order in the formulary."""
    count = rng.choices((1, 2, 3, 4), (8, 38, 38, 16))[0]
    names = rng.sample("abcdefgh", count)
    return tuple(_product(rng, name) for name in names)


def _product(rng: Random, name: str) -> Product:
    kind = rng.choices((_discrete, _bottled, _suspension, _capsule), (55, 15, 20, 10))[0]
    return kind(rng, name)


def _strength(rng: Random) -> Mass:
    return Mass(_number(rng, "1", "1", "2", "2", "2.5", "3", "4", "5", "6", "10"))


def _sizes(rng: Random, *contents: str) -> tuple[Size, ...]:
    chosen = rng.sample(contents, rng.randint(1, 3))
    return tuple(Size(content=Fraction(c), price=_money(rng, "0.3", "0.5", "0.6", "1", "2")) for c in chosen)


def _discrete(rng: Random, name: str) -> Product:
    loose = Loose(price=_money(rng, "0", "0.05", "0.1", "0.1", "0.2", "0.3"))
    return Product(
        id=name,
        name=name,
        form=rng.choices((Form.TABLET, Form.CAPSULE, Form.PACKET), (80, 10, 10))[0],
        supply=loose if rng.random() < 0.6 else Packs(sizes=_sizes(rng, "2", "3", "5", "6", "10")),
        strength=_strength(rng),
        pieces=rng.randint(1, 4),
        do_not_split=rng.random() < 0.1,
    )


def _bottled(rng: Random, name: str) -> Product:
    in_use = rng.choice((None, rng.randint(1, 6), rng.randint(5, 14)))
    return Product(
        id=name,
        name=name,
        form=Form.SOLUTION,
        supply=Bottles(sizes=_sizes(rng, "5", "8", "10", "20", "30"), in_use=in_use),
        concentration=Concentration(_number(rng, "1", "2", "5")),
    )


def _suspension(rng: Random, name: str) -> Product:
    step = rng.choice(("1", "2", "2.5", "5"))
    return Product(
        id=name,
        name=name,
        form=Form.SUSPENSION,
        supply=_batch(rng, step, ("5", "10", "20"), ("10", "20", "50")),
        concentration=Concentration(_number(rng, "1", "2", "5")),
    )


def _capsule(rng: Random, name: str) -> Product:
    step = rng.choice(("1", "1", "2", "5"))
    return Product(
        id=name,
        name=name,
        form=Form.CAPSULE,
        supply=_batch(rng, step, ("4", "10"), ("10", "30")),
        strength=_strength(rng),
    )


def _batch(rng: Random, step: str, least: tuple[str, ...], most: tuple[str, ...]) -> Batch:
    minimum = _number(rng, step, *least)
    return Batch(
        beyond_use=rng.choice((rng.randint(1, 5), rng.randint(4, 16))),
        labour=_number(rng, "0", "1/4"),
        step=Fraction(step),
        minimum=minimum,
        maximum=max(minimum, _number(rng, *most)) if rng.random() < 0.6 else None,
        overage=_number(rng, "0", "0", "0.05", "0.1"),
        containers=_sizes(rng, "5", "10", "20", "30") if rng.random() < 0.5 else (),
        ingredients=(
            Ingredient(name="source", amount=_number(rng, "25", "50"), unit="tablet", price=_money(rng, "0", "0.1")),
            Ingredient(name="vehicle", amount=Fraction(100), unit="mL", price=_money(rng, "0.02", "0.05")),
        ),
    )
