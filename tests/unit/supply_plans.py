"""Plans made by hand about supply: days to spare, limits on a lot, poured liquids, bottles with an overage.

Every figure was worked out on paper from the problem's rules, as those of `plans`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from splitter.formulary import Bottles, Form, Poured, Product, Size
from splitter.plan import Item
from splitter.quantity import Concentration, Money
from tests.unit import plans
from tests.unit.plans import BOTTLED, EVENING, FORMULARY, LASTING, TEN, Made, day


def _size(content: int, price: str) -> Size:
    return Size(content=Fraction(content), price=Money(Fraction(price)))


TABLET = replace(TEN, pieces=1)
GENEROUS = replace(
    BOTTLED,
    supply=Bottles(sizes=(_size(100, "8"), _size(250, "18")), in_use=60, overage=Fraction(1, 20)),
)
POURED = Product(
    id="poured",
    name="2 mg/mL solution",
    form=Form.SOLUTION,
    concentration=Concentration(Fraction(2)),
    supply=Poured(
        price=Money(Fraction("0.06")),
        step=Fraction(5),
        containers=(_size(60, "0.80"), _size(120, "1.10")),
        keeps=30,
        overage=Fraction(1, 20),
    ),
)
assert isinstance(POURED.supply, Poured)
BRIEFLY_POURED = replace(POURED, supply=replace(POURED.supply, keeps=10))


def _served(first: int, item: Item) -> Item:
    """The same item, from its first day on."""
    return replace(item, use_from=day(first))


def _unscheduled(made: Made, *products: Product) -> Made:
    """A plan of a drug without a schedule, which comes in these products alone."""
    plan = replace(made.plan, drug=replace(made.plan.drug, schedule=None))
    return replace(made, plan=plan, formulary=replace(FORMULARY, products=products, control=None))


def spared() -> Made:
    """Two days to spare, and bottles with an overage, of which no lot may serve more than two visits.

    Visits on days 0, 14 and 28 serve 16, 14 and 10 of the 40 days. Of 5 mL a day they need 80, 70 and 50 mL, with 5 %
    84, 73.5 and 52.5. The first two visits together 157.5, two of 100 mL for 16; the last two 126, for 16 too: the
    latest dates are days 0 and 28. All three, 210 mL, would be one of 250 mL for 18, which the limit rules out.
    """
    order = plans._prescription(
        (EVENING,), plans._order(40, 15), settings=(("visit_interval", 14), ("spare", 2), ("max_supply", 28))
    )
    measured = plans._measure("bottled", "5", "5 mL by 0.2 mL")
    given = plans._give(EVENING, 15, ("ten", 1, 1), measure=measured)
    items = (
        _served(0, plans._lot((0, 29, 59), "bottled", "150", None, "16", 200, (100, 2))),
        _served(0, plans._counted(0, 15, "ten", 16, 16, "0.8")),
        _served(16, plans._counted(14, 29, "ten", 14, 14, "0.7")),
        _served(30, plans._lot((28, 39, 87), "bottled", "50", None, "8", 100, (100, 1))),
        _served(30, plans._counted(28, 39, "ten", 10, 10, "0.5")),
    )
    costs = ("26", "10", "0", "0", "36", "36")
    made = plans._make(order, (plans._step(0, 40, 15, given),), items, costs, (GENEROUS, TABLET))
    return _unscheduled(made, TABLET, GENEROUS)


def poured() -> Made:
    """A liquid poured out of a stock bottle, which keeps for two visits of 14 days.

    70 mL a visit. Of one visit 73.5, so 75 mL: 4.50 and 1.10 for 120 mL. Of two 147, so 150 mL: 9.00, and 1.90 for 60
    and 120 mL. Two lots are cheapest, the second as late as can be.
    """
    order = plans._prescription((EVENING,), plans._order(42, 10), settings=(("visit_interval", 14),))
    given = plans._give(EVENING, 10, measure=plans._measure("poured", "5", "5 mL by 0.2 mL"))
    items = (
        _served(0, plans._lot((0, 27, 29), "poured", "140", None, "10.9", 150, (60, 1), (120, 1))),
        _served(28, plans._lot((28, 41, 57), "poured", "70", None, "5.6", 75, (120, 1))),
    )
    costs = ("16.5", "4", "0", "0", "20.5", "20.5")
    made = plans._make(order, (plans._step(0, 42, 10, given),), items, costs, (POURED,))
    return _unscheduled(made, POURED)


def poured_often() -> Made:
    """The same where it keeps 10 days: poured on the first day of each window, 50 or 20 mL.

    52.5, so 55 mL: 3.30 and 0.80. 21, so 25 mL: 1.50 and 0.80.
    """
    order = plans._prescription((EVENING,), plans._order(28, 10), settings=(("visit_interval", 14),))
    given = plans._give(EVENING, 10, measure=plans._measure("poured", "5", "5 mL by 0.2 mL"))
    items = tuple(
        _served(first, plans._lot((first, last, first + 9), "poured", needed, None, cost, quantity, (60, 1)))
        for first, last, needed, cost, quantity in (
            (0, 9, "50", "4.1", 55),
            (10, 13, "20", "2.3", 25),
            (14, 23, "50", "4.1", 55),
            (24, 27, "20", "2.3", 25),
        )
    )
    costs = ("12.8", "8", "0", "0", "20.8", "20.8")
    made = plans._make(order, (plans._step(0, 28, 10, given),), items, costs, (BRIEFLY_POURED,))
    return _unscheduled(made, BRIEFLY_POURED)


def limited() -> Made:
    """A bottle without a limit after opening, of which no lot may serve 28 days: one for each visit of 14 days.

    70 mL each, one of 100 mL for 9. A lot for both would cost 18 too, and one item fee less.
    """
    settings = (("visit_interval", 14), ("max_supply", 27))
    order = plans._prescription((EVENING,), plans._order(28, 5), settings=settings)
    given = plans._give(EVENING, 5, measure=plans._measure("lasting", "5", "5 mL by 0.2 mL"))
    items = (
        _served(0, plans._lot((0, 13, None), "lasting", "70", None, "9", 100, (100, 1))),
        _served(14, plans._lot((14, 27, None), "lasting", "70", None, "9", 100, (100, 1))),
    )
    costs = ("18", "4", "0", "0", "22", "22")
    made = plans._make(order, (plans._step(0, 28, 5, given),), items, costs, (LASTING,))
    return _unscheduled(made, LASTING)


SUPPLIED: dict[str, Callable[[], Made]] = {made.__name__: made for made in (spared, poured, poured_often, limited)}
