"""The days of a plan cut into segments within which nothing changes: no step, visit or window begins."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from splitter.formulary import Product
from splitter.optimise.integers.grid import Ints
from splitter.prescription import Step
from splitter.problem import Problem
from splitter.supply import is_windowed, reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """`days` days of one step in one interval, from day `first` on, and what ends with them.

    `closes` are the windowed products whose window ends; `ends_block` says that nothing but the set of
    products used so far is carried over the end, so that the days after it are a problem of their own.
    """

    step: int
    first: int
    days: int
    interval: int
    begins_step: bool
    ends_step: bool
    ends_interval: bool
    ends_block: bool
    closes: tuple[int, ...]

    @property
    def shape(self) -> tuple[object, ...]:
        """What segments that are searched side by side agree in."""
        return self.begins_step, self.ends_step, self.ends_interval, self.ends_block, self.closes


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Segments of several blocks, each at the same place of its own, that agree in what ends with them.

    `numbers`, `steps`, `firsts`, `days`, `intervals` [B] say which they are; `block_ends` [B] are the intervals that
    follow the blocks. `places` [m] gives the place among the B of each block by its number.
    """

    numbers: Ints
    steps: Ints
    firsts: Ints
    days: Ints
    intervals: Ints
    block_ends: Ints
    places: Ints
    begins_step: bool
    ends_step: bool
    ends_interval: bool
    ends_block: bool
    closes: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """What intervals have of some steps: a row [p] for each interval that a step touches, step by step.

    `place` [p] is the step's place among those asked about, `step` [p] its number in the problem, `days` [p] how many
    days it has in the `interval` [p].
    """

    place: Ints
    step: Ints
    interval: Ints
    days: Ints

    @property
    def first_of_each(self) -> Ints:
        """The row with which the shares of each step begin."""
        return np.flatnonzero(np.diff(self.place, prepend=-1))


def stages(segments: tuple[Segment, ...], blocks: dict[int, range]) -> tuple[Stage, ...]:
    """The stages of blocks of the same shape, by their numbers; each is a range of segments."""
    places = np.zeros(max(blocks) + 1, dtype=np.int64)
    places[list(blocks)] = np.arange(len(blocks))
    ends = np.array([segments[block[-1]].interval + 1 for block in blocks.values()])
    abreast = []
    for numbers in zip(*blocks.values(), strict=True):
        together = [segments[number] for number in numbers]
        abreast.append(
            Stage(
                numbers=np.array(numbers),
                steps=np.array([segment.step for segment in together]),
                firsts=np.array([segment.first for segment in together]),
                days=np.array([segment.days for segment in together]),
                intervals=np.array([segment.interval for segment in together]),
                block_ends=ends,
                places=places,
                begins_step=together[0].begins_step,
                ends_step=together[0].ends_step,
                ends_interval=together[0].ends_interval,
                ends_block=together[0].ends_block,
                closes=together[0].closes,
            )
        )
    return tuple(abreast)


def blocks(segments: tuple[Segment, ...]) -> tuple[range, ...]:
    """The segments of each block: days between which nothing is carried but the set of products used."""
    ends = [number + 1 for number, segment in enumerate(segments) if segment.ends_block]
    return tuple(range(first, end) for first, end in pairwise([0, *ends]))


class Calendar:
    """The days of one problem: its steps and intervals, and the segments of plans of some of its products."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.begins = problem.step_starts
        self.bounds = problem.bounds
        self.intervals = tuple(map(self._shared, self.begins, problem.steps))
        self._known: dict[tuple[tuple[int, ...], frozenset[int]], tuple[Segment, ...]] = {}

    def segments(self, products: dict[int, Product]) -> tuple[Segment, ...]:
        """The segments of a plan of these products, in order; `closes` holds their keys."""
        windowed = tuple(key for key, product in products.items() if is_windowed(product, self.problem))
        lots = (product for key, product in products.items() if key not in windowed)
        carried = frozenset[int]().union(*map(self._carried, lots))
        if (windowed, carried) not in self._known:
            windows = {key: self._window_ends(products[key]) for key in windowed}
            self._known[windowed, carried] = self._segments(windows, self._block_ends(carried))
        return self._known[windowed, carried]

    def shares(self, steps: Sequence[int]) -> Shares:
        """The shares of some steps, in order."""
        rows = [(place, step, *share) for place, step in enumerate(steps) for share in self.intervals[step].items()]
        place, step, interval, days = np.array(rows).T
        return Shares(place=place, step=step, interval=interval, days=days)

    def _segments(self, windows: dict[int, set[int]], ends_at: set[int]) -> tuple[Segment, ...]:
        starts, bounds = set(self.begins), set(self.bounds)
        cuts = sorted({*starts, *bounds, *(day for ends in windows.values() for day in ends)})
        return tuple(
            Segment(
                step=bisect_right(self.begins, first) - 1,
                first=first,
                days=end - first,
                interval=bisect_right(self.bounds, first) - 1,
                begins_step=first in starts,
                ends_step=end in starts or end == self.bounds[-1],
                ends_interval=end in bounds,
                ends_block=end in ends_at,
                closes=tuple(key for key, ends in windows.items() if end in ends),
            )
            for first, end in pairwise(cuts)
        )

    def _shared(self, first: int, step: Step) -> dict[int, int]:
        """The days of a step in each interval that it touches, by the interval's number."""
        end = first + step.days
        touched = range(bisect_right(self.bounds, first) - 1, bisect_left(self.bounds, end))
        return {v: min(end, self.bounds[v + 1]) - max(first, self.bounds[v]) for v in touched}

    def _window_ends(self, product: Product) -> set[int]:
        life = product.shelf_life
        assert life is not None
        ends: set[int] = set()
        for first, end in pairwise(self.bounds):
            ends.update([*range(first + life, end, life), end])
        return ends

    def _block_ends(self, carried: frozenset[int]) -> set[int]:
        """The days at which nothing but the set of products used is carried on, when lots may go on at those days."""
        ends = {self.bounds[-1]}
        if self.problem.policy.max_products or self.problem.at_home:
            return ends
        return ends | {day for day in self.begins if day in self.bounds[1:] and day not in carried}

    def _carried(self, product: Product) -> set[int]:
        """The days, each the beginning of an interval, at which a lot of a product that is not windowed may go on.

        One that was dispensed at the visit before may, where any may: it has the most of its time left.
        """
        if not product.has_lots:
            return set()
        return {self.bounds[v + 1] for v, count in enumerate(reach(product, self.problem)) if count > 1}
