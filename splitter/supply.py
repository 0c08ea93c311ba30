"""What a choice of regimens makes the pharmacy hand over: visits, units, packs, lots, and their cost.

Everything here is exact. The search takes the price of a lot and of a cover from here too, so that it
can't judge a plan by another price than the plan states.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import gcd, lcm

from splitter.formulary import Batch, Bottles, Loose, Packs, Product, Size
from splitter.plan import Item, Part
from splitter.prescription import Costs
from splitter.problem import Problem
from splitter.quantity import ceiling, round_half_up

RECORD_STEP = Fraction(1, 100_000)
"""The cost of an item is rounded half up to this, once, for the record."""

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What one day, or a sum of days, uses of a product.

    `whole` pieces and `broken` units in fractional pieces of a discrete product, or `volume` [mL].
    """

    whole: int = 0
    broken: Fraction = _ZERO
    volume: Fraction = _ZERO

    @property
    def total(self) -> Fraction:
        return self.whole + self.broken + self.volume

    def __add__(self, other: Use) -> Use:
        return Use(whole=self.whole + other.whole, broken=self.broken + other.broken, volume=self.volume + other.volume)

    def times(self, days: int) -> Use:
        return Use(whole=self.whole * days, broken=self.broken * days, volume=self.volume * days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """What serves one use: the content handed over, its batches (compounded only), parts and exact cost."""

    cost: Fraction
    quantity: Fraction
    batches: int | None = None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplied:
    """An item of the plan with its exact cost, before the record's rounding."""

    item: Item
    cost: Fraction


class _CoverTable:
    """The best cover of each need by a set of sizes: cheapest, then fewest parts, then least content.

    f(r) = min over sizes s of (price, 1, content) of s + f(max(0, r - content)), compared as tuples; sums of
    tuples keep that order, so the best cover of a need extends a best cover of the rest. The table grows.
    """

    def __init__(self, sizes: tuple[Size, ...]) -> None:
        self.sizes = tuple(sorted(sizes, key=lambda size: size.content))
        scale = lcm(*(size.content.denominator for size in sizes))
        contents = [int(size.content * scale) for size in self.sizes]
        unit = gcd(*contents)
        self.unit = Fraction(unit, scale)
        self.contents = [content // unit for content in contents]
        self.money = lcm(*(size.price.value.denominator for size in sizes))
        self.prices = [int(size.price.value * self.money) for size in self.sizes]
        self.best: list[tuple[int, int, int]] = [(0, 0, 0)]
        self.choice = [0]

    def cover(self, need: Fraction) -> tuple[Fraction, tuple[Part, ...]]:
        goal = ceiling(need / self.unit)
        for rest in range(len(self.best), goal + 1):
            self._extend(rest)
        counts = [0] * len(self.sizes)
        rest = goal
        while rest > 0:
            counts[self.choice[rest]] += 1
            rest = max(0, rest - self.contents[self.choice[rest]])
        parts = tuple(Part(size=s.content, count=n) for s, n in zip(self.sizes, counts, strict=True) if n)
        return Fraction(self.best[goal][0], self.money), parts

    def _extend(self, rest: int) -> None:
        options = []
        for index, content in enumerate(self.contents):
            cost, count, filled = self.best[max(0, rest - content)]
            options.append(((cost + self.prices[index], count + 1, filled + content), index))
        best, index = min(options)
        self.best.append(best)
        self.choice.append(index)


@lru_cache(maxsize=1024)
def _cover_table(sizes: tuple[Size, ...]) -> _CoverTable:
    return _CoverTable(sizes)


def cheapest_cover(sizes: Sequence[Size], need: Fraction | int) -> tuple[Fraction, tuple[Part, ...]]:
    """The exact cost and the parts of the best multiset of sizes that holds `need` (units or mL)."""
    if not sizes or need <= 0:
        return _ZERO, ()
    return _cover_table(tuple(sizes)).cover(Fraction(need))


def count_units(supply: Loose | Packs, use: Use) -> Lot:
    """N = W + ceil(F) units, loose or as the cheapest packs that hold them."""
    units = use.whole + ceiling(use.broken)
    if isinstance(supply, Loose):
        return Lot(cost=supply.price.value * units, quantity=Fraction(units))
    cost, parts = cheapest_cover(supply.sizes, units)
    return Lot(cost=cost, quantity=sum((p.size * p.count for p in parts), _ZERO), parts=parts)


def unit_cost(batch: Batch) -> Fraction:
    """The ingredients' cost of one mL or one capsule; the recipe lists them for 100."""
    return sum((i.amount * i.price.value for i in batch.ingredients), _ZERO) / 100


def batch_cost(batch: Batch, costs: Costs) -> Fraction:
    """What making one batch costs beside what goes into it: labour and the fee."""
    return batch.labour * costs.labour_rate.value + costs.batch_fee.value


def size_batch(batch: Batch, use: Fraction, *, counted: bool) -> tuple[Fraction, int]:
    """(Q, n) for a use: R = use × (1 + overage), Q a multiple of `step`, n batches of `minimum` to `maximum`.

    n is the smallest number of batches for which the smallest Q that is a multiple of `step`, at least R and
    at least n × minimum, is at most n × maximum.
    """
    required = use * (1 + batch.overage)
    if counted:
        required = Fraction(ceiling(required))
    count = 1
    while True:
        quantity = ceiling(max(required, count * batch.minimum) / batch.step) * batch.step
        if batch.maximum is None or quantity <= count * batch.maximum:
            return quantity, count
        count += 1


def size_lot(product: Product, use: Fraction, costs: Costs) -> Lot:
    """The lot of a bottled or compounded product that serves `use` (mL or capsules), with its exact cost."""
    supply = product.supply
    if isinstance(supply, Batch):
        quantity, count = size_batch(supply, use, counted=not product.is_liquid)
        containers, parts = cheapest_cover(supply.containers, quantity)
        cost = count * batch_cost(supply, costs) + quantity * unit_cost(supply) + containers
        return Lot(cost=cost, quantity=quantity, batches=count, parts=parts)
    assert isinstance(supply, Bottles)
    cost, parts = cheapest_cover(supply.sizes, use)
    return Lot(cost=cost, quantity=sum((p.size * p.count for p in parts), _ZERO), parts=parts)


def shelf_life(product: Product) -> int | None:
    """S [days]: the beyond-use days of a batch, the in-use days of a bottle; None for no limit."""
    if isinstance(product.supply, Batch):
        return product.supply.beyond_use
    return product.supply.in_use if isinstance(product.supply, Bottles) else None


def is_windowed(product: Product, problem: Problem) -> bool:
    """Whether the shelf life is shorter than the visit interval, so that windows of S days cut it."""
    life = shelf_life(product)
    return life is not None and life < problem.policy.visit_interval


def dispense(problem: Problem, regimens: Sequence[dict[str, Use]]) -> tuple[Supplied, ...]:
    """The items that the regimens need, by date and product id.

    `regimens[i]` is the use of one day of step i by product id, empty for a drug-free step. Lots are chosen
    cheapest with the item fee, then fewest, then latest dates.
    """
    supplied: list[Supplied] = []
    for product in problem.products:
        daily = _daily_use(problem, regimens, product.id)
        if isinstance(product.supply, Loose | Packs):
            supplied += _counted_items(problem, product, daily)
        elif is_windowed(product, problem):
            supplied += _windowed_items(problem, product, daily)
        else:
            supplied += _lot_items(problem, product, daily)
    return tuple(sorted(supplied, key=lambda s: (s.item.date, s.item.product)))


def costs_of(problem: Problem, supplied: Sequence[Supplied]) -> tuple[Fraction, Fraction, Fraction]:
    """The recorded costs of what is handed over: (products, item fees, split fees)."""
    products = sum((each.item.cost for each in supplied), _ZERO)
    cuts = sum(each.item.cut for each in supplied)
    return products, len(supplied) * problem.costs.item_fee.value, cuts * problem.costs.split_fee.value


def _daily_use(problem: Problem, regimens: Sequence[dict[str, Use]], product: str) -> list[Use]:
    days: list[Use] = []
    for step, regimen in zip(problem.steps, regimens, strict=True):
        days += [regimen.get(product, Use())] * step.days
    return days


def _sum(uses: Sequence[Use]) -> Use:
    total = Use()
    for use in uses:
        total = total + use
    return total


def _intervals(problem: Problem) -> list[tuple[int, int]]:
    bounds = problem.bounds
    return list(pairwise(bounds))


def _item(problem: Problem, product: Product, days: tuple[int, int], need: Use, lot: Lot) -> Supplied:
    first, end = days
    return Supplied(
        item=Item(
            date=problem.date(first),
            use_until=problem.date(end - 1),
            discard_after=None,
            product=product.id,
            quantity=lot.quantity,
            unit=product.unit,
            cut=ceiling(need.broken),
            needed=need.total,
            batches=lot.batches,
            parts=lot.parts,
            cost=round_half_up(lot.cost, RECORD_STEP),
        ),
        cost=lot.cost,
    )


def _counted_items(problem: Problem, product: Product, daily: Sequence[Use]) -> list[Supplied]:
    assert isinstance(product.supply, Loose | Packs)
    items = []
    for first, end in _intervals(problem):
        need = _sum(daily[first:end])
        if need.total:
            items.append(_item(problem, product, (first, end), need, count_units(product.supply, need)))
    return items


def _windows(first: int, end: int, life: int) -> list[tuple[int, int]]:
    return [(start, min(start + life, end)) for start in range(first, end, life)]


def _windowed_items(problem: Problem, product: Product, daily: Sequence[Use]) -> list[Supplied]:
    life = shelf_life(product)
    assert life is not None
    items = []
    for first, end in _intervals(problem):
        windows = [(w, _sum(daily[w[0] : w[1]])) for w in _windows(first, end, life)]
        used = [(window, need) for window, need in windows if need.total]
        if not used:
            continue
        if isinstance(product.supply, Bottles):
            items.append(_opened_in_turn(problem, product, (first, end), [need for _, need in used]))
            continue
        for window, need in used:
            made = _item(problem, product, window, need, size_lot(product, need.total, problem.costs))
            items.append(_discard(made, problem.date(window[0] + life - 1)))
    return items


def _opened_in_turn(problem: Problem, product: Product, days: tuple[int, int], needs: Sequence[Use]) -> Supplied:
    """One item of bottles, a fresh cover for each window, all handed over at the visit."""
    lots = [size_lot(product, need.total, problem.costs) for need in needs]
    counts: dict[Fraction, int] = {}
    for part in (part for lot in lots for part in lot.parts):
        counts[part.size] = counts.get(part.size, 0) + part.count
    whole = Lot(
        cost=sum((lot.cost for lot in lots), _ZERO),
        quantity=sum((lot.quantity for lot in lots), _ZERO),
        parts=tuple(Part(size=size, count=count) for size, count in sorted(counts.items())),
    )
    return _item(problem, product, days, _sum(needs), whole)


def _discard(supplied: Supplied, day: dt.date) -> Supplied:
    return replace(supplied, item=replace(supplied.item, discard_after=day))


def _lot_items(problem: Problem, product: Product, daily: Sequence[Use]) -> list[Supplied]:
    """Items of a product whose shelf life spans at least one visit interval, by the best partition into lots."""
    life = shelf_life(product)
    needs = [(days, _sum(daily[days[0] : days[1]])) for days in _intervals(problem)]
    used = [(days, need) for days, need in needs if need.total]
    items = []
    for first, last in _best_lots(problem, product, used):
        days = (used[first][0][0], used[last][0][1])
        need = _sum([need for _, need in used[first : last + 1]])
        made = _item(problem, product, days, need, size_lot(product, need.total, problem.costs))
        items.append(made if life is None else _discard(made, problem.date(days[0] + life - 1)))
    return items


def _best_lots(
    problem: Problem, product: Product, used: Sequence[tuple[tuple[int, int], Use]]
) -> list[tuple[int, int]]:
    """Partition the used intervals into lots: cheapest with item fees, then fewest, then latest dates.

    Returns (first, last) indices into `used`. Built from the end, so that among equals the lot that comes
    first may reach furthest, which makes every later date as late as can be.
    """
    if shelf_life(product) is None:
        return [(0, len(used) - 1)] if used else []
    fee = problem.costs.item_fee.value
    best: list[tuple[Fraction, int, tuple[int, ...], list[tuple[int, int]]]] = [(_ZERO, 0, (), [])]
    for first in reversed(range(len(used))):
        start = used[first][0][0]
        options = []
        for last in _reach(product, used, first):
            need = sum((need.total for _, need in used[first : last + 1]), _ZERO)
            lot = size_lot(product, need, problem.costs)
            cost, count, dates, lots = best[len(used) - 1 - last]
            options.append((cost + lot.cost + fee, count + 1, (-start, *dates), [(first, last), *lots]))
        best.append(min(options))
    return best[-1][3]


def _reach(product: Product, used: Sequence[tuple[tuple[int, int], Use]], first: int) -> list[int]:
    """The last used intervals that a lot dispensed at `first` may serve: t_b - t_a is at most S."""
    life = shelf_life(product)
    assert life is not None
    return [last for last in range(first, len(used)) if used[last][0][1] - used[first][0][0] <= life]
