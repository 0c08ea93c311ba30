"""The trade-offs of cost against handling: what is best at each price of handling.

A plan that is best when handling has the price λ minimises total + λ · handling, so no plan is both cheaper and easier.
As λ rises the best plan's handling falls and its total rises. Where the same plan (by both figures) is best at two
prices, it is best at all between: the least of total + λ · handling over all plans is concave in λ, and lies
on that plan's line at both. So only prices between different neighbours are asked, first those near which the two are
worth the same: where any third plan is best between them, one is best there. Trade-offs that are never the best at any
price (they lie above the line between two others) are not found this way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from splitter.plan import Plan, Status
from splitter.service.comparison.measures import measures_of

PRICE_STEP = Fraction(1, 100)
"""Prices of handling are whole cents a piece: finer ones tell plans apart that nobody else would."""
MOST_STEPS = 50
"""The highest price asked for, in steps: 0.50 a piece and 1.50 a split piece, five times what "simple" weighs."""
MOST_PLANS = 12
"""How many plans one sweep makes, unless it is told otherwise."""

_Point = tuple[Fraction, Fraction]


@dataclass(slots=True, kw_only=True)
class Sweep:
    """The best plans by their price in steps. `complete`: no other plan is best at any price in the range."""

    plans: dict[int, Plan] = field(default_factory=dict)
    complete: bool = True


def sweep(ask: Callable[[Fraction], Plan | None], most: int = MOST_PLANS) -> Sweep:
    """Ask for the best plan at up to `most` prices of handling [money for a piece], until all others are known."""
    swept = Sweep()
    asked: list[int] = []
    price: int | None = 0
    while price is not None and len(asked) < most:
        _keep(swept, price, ask(price * PRICE_STEP))
        asked.append(price)
        price = _next_price(swept.plans, asked)
    swept.complete = swept.complete and price is None
    return swept


def _keep(swept: Sweep, price: int, made: Plan | None) -> None:
    if made is None or made.status is Status.FEASIBLE:
        swept.complete = False
    if made is not None and made.status is not Status.INFEASIBLE:
        swept.plans[price] = made


def _next_price(plans: dict[int, Plan], asked: Collection[int]) -> int | None:
    """A price at which something else may be best: the highest, then one in the widest gap of totals; None: none."""
    if plans and MOST_STEPS not in asked:
        return MOST_STEPS
    points = {price: _point(plan) for price, plan in sorted(plans.items())}
    gaps = [
        (high[1] - low[1], least, most, low, high)
        for (least, low), (most, high) in pairwise(points.items())
        if most - least > 1 and high[0] < low[0] and high[1] > low[1]
    ]
    if not gaps:
        return None
    dearer, least, most, low, high = max(gaps)
    equal = int(dearer / (low[0] - high[0]) / PRICE_STEP)
    price = min(max(equal, least + 1), most - 1)
    return None if price in asked else price


def _point(plan: Plan) -> _Point:
    measures = measures_of(plan)
    return measures.handling, measures.total
