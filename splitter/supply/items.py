"""The items that a choice of regimens makes the pharmacy hand over, by date: visits, units, lots."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from splitter.formulary import Bottles, Loose, Packs, Product
from splitter.plan import Item, Part
from splitter.problem import Problem
from splitter.quantity import ceiling, round_half_up
from splitter.supply.lots import Lot, Use, count_units, is_windowed, lot_maker, shelf_life

RECORD_STEP = Fraction(1, 100_000)
"""The cost of an item is rounded half up to this, once, for the record."""

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplied:
    """An item of the plan with its exact cost, before the record's rounding."""

    item: Item
    cost: Fraction


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
    maker = lot_maker(product, problem.costs)
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
            made = _item(problem, product, window, need, maker.lot(need.total))
            items.append(_discard(made, problem.date(window[0] + life - 1)))
    return items


def _opened_in_turn(problem: Problem, product: Product, days: tuple[int, int], needs: Sequence[Use]) -> Supplied:
    """One item of bottles, a fresh cover for each window, all handed over at the visit."""
    maker = lot_maker(product, problem.costs)
    lots = [maker.lot(need.total) for need in needs]
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
    maker = lot_maker(product, problem.costs)
    items = []
    for first, last in _best_lots(problem, product, used):
        days = (used[first][0][0], used[last][0][1])
        need = _sum([need for _, need in used[first : last + 1]])
        made = _item(problem, product, days, need, maker.lot(need.total))
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
    fee, maker = problem.costs.item_fee.value, lot_maker(product, problem.costs)
    best: list[tuple[Fraction, int, tuple[int, ...], list[tuple[int, int]]]] = [(_ZERO, 0, (), [])]
    for first in reversed(range(len(used))):
        start = used[first][0][0]
        options = []
        for last in _reach(product, used, first):
            need = sum((need.total for _, need in used[first : last + 1]), _ZERO)
            cost, count, dates, lots = best[len(used) - 1 - last]
            options.append((cost + maker.cost(need) + fee, count + 1, (-start, *dates), [(first, last), *lots]))
        best.append(min(options))
    return best[-1][3]


def _reach(product: Product, used: Sequence[tuple[tuple[int, int], Use]], first: int) -> list[int]:
    """The last used intervals that a lot dispensed at `first` may serve: t_b - t_a is at most S."""
    life = shelf_life(product)
    assert life is not None
    return [last for last in range(first, len(used)) if used[last][0][1] - used[first][0][0] <= life]
