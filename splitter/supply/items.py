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
from splitter.supply.at_home import FromHome, shared
from splitter.supply.lots import Lot, Use, count_units, lot_maker
from splitter.supply.serving import is_limited, is_windowed, reach

RECORD_STEP = Fraction(1, 100_000)
"""The cost of an item is rounded half up to this, once, for the record."""

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplied:
    """An item of the plan with its exact cost, before the record's rounding."""

    item: Item
    cost: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class _Serving:
    """The days from `first` to before `end`, and the day on which what serves them is handed over."""

    handed: int
    first: int
    end: int

    def use(self, daily: Sequence[Use]) -> Use:
        """What these days use together."""
        return _sum(daily[self.first : self.end])

    def until(self, other: _Serving) -> _Serving:
        """The same to the end of another."""
        return replace(self, end=other.end)


def dispense(problem: Problem, regimens: Sequence[dict[str, Use]]) -> tuple[Supplied, ...]:
    """The items that the regimens need, by date and product id.

    `regimens[i]` is the use of one day of step i by product id, empty for a drug-free step. What is at home is used
    first, and nothing is handed over where that suffices. Lots are chosen
    cheapest with the item fee, then fewest, then latest dates.
    """
    supplied: list[Supplied] = []
    for product in problem.products:
        daily, _ = from_home(problem, product, regimens)
        if isinstance(product.supply, Loose | Packs):
            supplied += _counted_items(problem, product, daily)
        elif is_windowed(product, problem):
            supplied += _windowed_items(problem, product, daily)
        else:
            supplied += _lot_items(problem, product, daily)
    return tuple(sorted(supplied, key=lambda s: (s.item.date, s.item.product)))


def from_home(problem: Problem, product: Product, regimens: Sequence[dict[str, Use]]) -> tuple[list[Use], FromHome]:
    """(what each day needs of a product from the pharmacy, what all days take of it from home)."""
    return shared(product, problem.home(product.id), _daily_use(problem, regimens, product.id))


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


def _intervals(problem: Problem) -> list[_Serving]:
    spans = zip(problem.visits, pairwise(problem.bounds), strict=True)
    return [_Serving(handed=visit, first=first, end=end) for visit, (first, end) in spans]


def _item(problem: Problem, product: Product, serving: _Serving, need: Use, lot: Lot) -> Supplied:
    return Supplied(
        item=Item(
            date=problem.date(serving.handed),
            use_from=problem.date(serving.first),
            use_until=problem.date(serving.end - 1),
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
    for interval in _intervals(problem):
        need = interval.use(daily)
        if need.total:
            items.append(_item(problem, product, interval, need, count_units(product.supply, need)))
    return items


def _windows(interval: _Serving, life: int) -> list[_Serving]:
    """An interval cut into windows of a shelf life, each with what is handed over on its first day."""
    starts = range(interval.first, interval.end, life)
    return [_Serving(handed=start, first=start, end=min(start + life, interval.end)) for start in starts]


def _windowed_items(problem: Problem, product: Product, daily: Sequence[Use]) -> list[Supplied]:
    life = product.shelf_life
    assert life is not None
    maker = lot_maker(product, problem.costs)
    items = []
    for interval in _intervals(problem):
        needs = [(window, window.use(daily)) for window in _windows(interval, life)]
        used = [(window, need) for window, need in needs if need.total]
        if not used:
            continue
        if isinstance(product.supply, Bottles):
            items.append(_opened_in_turn(problem, product, interval, [need for _, need in used]))
            continue
        for window, need in used:
            made = _item(problem, product, window, need, maker.lot(need.total))
            items.append(_discard(made, problem.date(window.handed + life - 1)))
    return items


def _opened_in_turn(problem: Problem, product: Product, interval: _Serving, needs: Sequence[Use]) -> Supplied:
    """One item of bottles, a fresh cover for each window, all handed over at the visit.

    Sizes stand in the order in which the windows first need them, which is the order of opening.
    """
    maker = lot_maker(product, problem.costs)
    lots = [maker.lot(need.total) for need in needs]
    counts: dict[Fraction, int] = {}
    for part in (part for lot in lots for part in lot.parts):
        counts[part.size] = counts.get(part.size, 0) + part.count
    whole = Lot(
        cost=sum((lot.cost for lot in lots), _ZERO),
        quantity=sum((lot.quantity for lot in lots), _ZERO),
        parts=tuple(Part(size=size, count=count) for size, count in counts.items()),
    )
    return _item(problem, product, interval, _sum(needs), whole)


def _discard(supplied: Supplied, day: dt.date) -> Supplied:
    return replace(supplied, item=replace(supplied.item, discard_after=day))


def _lot_items(problem: Problem, product: Product, daily: Sequence[Use]) -> list[Supplied]:
    """Items of a product whose shelf life spans at least one visit interval, by the best partition into lots."""
    life, maker = product.shelf_life, lot_maker(product, problem.costs)
    intervals = _intervals(problem)
    needs = {number: interval.use(daily) for number, interval in enumerate(intervals)}
    used = {number: need for number, need in needs.items() if need.total}
    items = []
    for first, last in _best_lots(problem, product, used):
        serving = intervals[first].until(intervals[last])
        need = _sum([need for number, need in used.items() if first <= number <= last])
        made = _item(problem, product, serving, need, maker.lot(need.total))
        items.append(made if life is None else _discard(made, problem.date(serving.handed + life - 1)))
    return items


def _best_lots(problem: Problem, product: Product, used: dict[int, Use]) -> list[tuple[int, int]]:
    """Partition the used intervals into lots: cheapest with item fees, then fewest, then latest dates.

    Returns the first and the last interval of each. Built from the end, so that among equals the lot that comes
    first may reach furthest, which makes every later date as late as can be.
    """
    numbers = list(used)
    if not is_limited(product, problem):
        return [(numbers[0], numbers[-1])] if used else []
    fee, maker, reaches = problem.costs.item_fee.value, lot_maker(product, problem.costs), reach(product, problem)
    best: list[tuple[Fraction, int, tuple[int, ...], list[tuple[int, int]]]] = [(_ZERO, 0, (), [])]
    for place in reversed(range(len(numbers))):
        first, need, options = numbers[place], _ZERO, []
        for count, last in enumerate(numbers[place:], 1):
            if last >= first + reaches[first]:
                break
            need += used[last].total
            cost, lots, dates, spans = best[len(numbers) - place - count]
            options.append((cost + maker.cost(need) + fee, lots + 1, (-first, *dates), [(first, last), *spans]))
        best.append(min(options))
    return best[-1][3]
