"""What a lot that serves a given use must hold and cost: covers, batches, the choice of lots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from heapq import heappop, heappush
from math import ceil

from splitter.formulary import Batch, Bottles, Poured, Product, Size
from splitter.plan import Part
from splitter.verify.case import Case

Rank = tuple[Fraction, int, Fraction]
"""What covers are compared by: price, number of parts, content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Packs, bottles or containers that hold a need, and their rank."""

    parts: tuple[Part, ...]
    rank: Rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """`quantity` in units, mL or capsules; `batches` only for compounded lots; `cost` exact."""

    quantity: Fraction
    batches: int | None
    parts: tuple[Part, ...]
    cost: Fraction


@lru_cache(maxsize=4096)
def cheapest_cover(sizes: tuple[Size, ...], need: Fraction) -> Cover:
    """The parts that hold `need`: the cheapest, then the fewest, then those with the least content.

    Partial covers are taken up in that very order, so the first that holds enough is the best.
    """
    frontier: list[tuple[Rank, tuple[int, ...]]] = [((Fraction(0), 0, Fraction(0)), (0,) * len(sizes))]
    settled = set()
    while True:
        rank, counts = heappop(frontier)
        price, number, content = rank
        if content >= need:
            parts = (Part(size=s.content, count=n) for s, n in zip(sizes, counts, strict=True) if n)
            return Cover(parts=tuple(parts), rank=rank)
        if content in settled:
            continue
        settled.add(content)
        for index, size in enumerate(sizes):
            more = (*counts[:index], counts[index] + 1, *counts[index + 1 :])
            heappush(frontier, ((price + size.price.value, number + 1, content + size.content), more))


def rank_of(parts: Sequence[Part], sizes: Sequence[Size]) -> Rank | None:
    """The rank of stated parts; None when they are not parts of these sizes, each listed once."""
    prices: dict[Fraction, Fraction] = {}
    for size in sizes:
        prices[size.content] = min(size.price.value, prices.get(size.content, size.price.value))
    listed = [part.size for part in parts]
    if len(set(listed)) < len(listed) or any(part.size not in prices or part.count < 1 for part in parts):
        return None
    return (
        sum((prices[part.size] * part.count for part in parts), Fraction(0)),
        sum(part.count for part in parts),
        sum((part.size * part.count for part in parts), Fraction(0)),
    )


def cover_lot(sizes: tuple[Size, ...], use: Fraction) -> Lot:
    """The packs or bottles that hold `use` [units or mL], smallest first."""
    cover = cheapest_cover(tuple(sorted(sizes, key=lambda size: size.content)), use)
    return Lot(quantity=cover.rank[2], batches=None, parts=cover.parts, cost=cover.rank[0])


def make_lot(case: Case, product: Product, use: Fraction) -> Lot:
    """The lot of a bottled, poured or compounded product that serves `use` [mL or capsules].

    Raises TypeError for a product that is counted: it has no lots.
    """
    match product.supply:
        case Bottles(sizes=sizes, overage=overage):
            return cover_lot(sizes, use + use * overage)
        case Poured() as poured:
            return _pour(poured, use)
        case Batch() as batch:
            return _make_batch(case, batch, use, whole=not product.is_liquid)
        case counted:
            raise TypeError(f"{product.id} is supplied as {type(counted).__name__}, which has no lots")


def _pour(poured: Poured, use: Fraction) -> Lot:
    """Whole steps of what is used and the overage, in the cheapest containers."""
    quantity = ceil((use + use * poured.overage) / poured.step) * poured.step
    held = cover_lot(poured.containers, quantity if poured.containers else Fraction(0))
    return Lot(quantity=quantity, batches=None, parts=held.parts, cost=quantity * poured.price.value + held.cost)


def _make_batch(case: Case, batch: Batch, use: Fraction, *, whole: bool) -> Lot:
    required = use * (1 + batch.overage)
    quantity, number = _batch_size(batch, Fraction(ceil(required)) if whole else required)
    unit_cost = sum((part.amount * part.price.value for part in batch.ingredients), Fraction(0)) / 100
    costs = case.pharmacy.costs
    work = number * (batch.labour * costs.labour_rate.value + costs.batch_fee.value)
    contained = cover_lot(batch.containers, quantity if batch.containers else Fraction(0))
    cost = work + quantity * unit_cost + contained.cost
    return Lot(quantity=quantity, batches=number, parts=contained.parts, cost=cost)


def _batch_size(batch: Batch, required: Fraction) -> tuple[Fraction, int]:
    """The quantity to make and the number of batches: the smallest number that may hold it."""
    number = 0 if batch.maximum is None else max(1, ceil(required / batch.maximum)) - 1  # fewer don't hold it
    while True:
        number += 1
        quantity = ceil(max(required, number * batch.minimum) / batch.step) * batch.step
        if batch.maximum is None or quantity <= number * batch.maximum:
            return quantity, number


Partition = tuple[Fraction, int, tuple[int, ...]]
"""What choices of lots are compared by: cost with item fees, number, and the days of dispensing, negated."""


def best_partition(
    days: Sequence[int], may_serve: Callable[[int, int], bool], cost: Callable[[int, int], Fraction]
) -> Partition:
    """The cheapest choice of lots, then the fewest, then those dispensed latest, compared from the first on.

    `days` are those of the visits of the intervals with use; a lot serves a run of them. `may_serve(i, j)` says
    whether one may serve those from i to j, `cost(i, j)` what it costs with its item fee.
    """
    best: list[Partition] = [(Fraction(0), 0, ())]  # of the last 0, 1, 2 … intervals
    for first in reversed(range(len(days))):
        options: list[Partition] = []
        for last in range(first, len(days)):
            if not may_serve(first, last):
                break
            rest = best[len(days) - 1 - last]
            options.append((cost(first, last) + rest[0], 1 + rest[1], (-days[first], *rest[2])))
        best.append(min(options))
    return best[-1]
