"""The days of a plan cut into segments within which nothing changes: no step, visit or window begins."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from splitter.formulary import Product
from splitter.problem import Problem
from splitter.supply import is_windowed, shelf_life


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """`days` days of one step in one interval, and what ends with them.

    `closes` are the windowed products whose window ends; `ends_block` says that nothing but the set of
    products used so far is carried over the end, so that the days after it are a problem of their own.
    """

    step: int
    days: int
    interval: int
    begins_step: bool
    ends_step: bool
    ends_interval: bool
    ends_block: bool
    closes: tuple[int, ...]


def segments(problem: Problem, products: dict[int, Product]) -> tuple[Segment, ...]:
    """The segments of a plan of these products, in order; `closes` holds their keys."""
    windows = {key: _window_ends(problem, p) for key, p in products.items() if is_windowed(p, problem)}
    begins, bounds, visits = problem.step_starts, problem.bounds, problem.visits
    starts, ends_at = set(begins), _block_ends(problem, tuple(products.values()))
    cuts = sorted({*starts, *bounds, *(day for ends in windows.values() for day in ends)})
    result = []
    for first, end in pairwise(cuts):
        result.append(
            Segment(
                step=bisect_right(begins, first) - 1,
                days=end - first,
                interval=bisect_right(visits, first) - 1,
                begins_step=first in starts,
                ends_step=end in starts or end == bounds[-1],
                ends_interval=end in bounds,
                ends_block=end in ends_at,
                closes=tuple(key for key, ends in windows.items() if end in ends),
            )
        )
    return tuple(result)


def step_intervals(problem: Problem) -> tuple[dict[int, int], ...]:
    """For each step, its days in each interval that it touches, by the interval's number."""
    result = []
    for first, step in zip(problem.step_starts, problem.steps, strict=True):
        end = first + step.days
        shared = {v: min(end, b) - max(first, a) for v, (a, b) in enumerate(pairwise(problem.bounds))}
        result.append({v: days for v, days in shared.items() if days > 0})
    return tuple(result)


def _window_ends(problem: Problem, product: Product) -> set[int]:
    life = shelf_life(product)
    assert life is not None
    ends: set[int] = set()
    for first, end in pairwise(problem.bounds):
        ends.update([*range(first + life, end, life), end])
    return ends


def _block_ends(problem: Problem, products: tuple[Product, ...]) -> set[int]:
    """The days at which nothing but the set of products used is carried on."""
    bounds, starts = problem.bounds, set(problem.step_starts)
    ends = {bounds[-1]}
    if problem.policy.max_products:
        return ends
    for before, end, after in zip(bounds, bounds[1:], bounds[2:], strict=False):
        if end in starts and not any(_carries(problem, product, after - before) for product in products):
            ends.add(end)
    return ends


def _carries(problem: Problem, product: Product, reach: int) -> bool:
    """Whether a lot of this product may serve the interval after the one in which it is dispensed."""
    if not product.is_compounded and not product.is_liquid:
        return False
    life = shelf_life(product)
    return life is None or (not is_windowed(product, problem) and life >= reach)
