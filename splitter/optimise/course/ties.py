"""The one plan among all that tie on deviation, objective, splits, events and products.

The search leaves a layered graph whose paths are these plans. Evenness adds up along a path, so its least sum
comes from one pass backward; then a pass forward follows, step by step, the ways whose lists come first among
the paths of that sum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitter.optimise.course.chain import Outcome
from splitter.optimise.course.search import Links
from splitter.optimise.day import Day, Layout, Layouts, Ways
from splitter.optimise.integers import Grid, Ints, Segment

_FAR = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The layout of each step (None where nothing is given) and the sum of the days' spreads in mass units."""

    layouts: tuple[Layout | None, ...]
    unevenness: int


class TieBreak:
    """Chooses the plan of one finished search."""

    def __init__(
        self, grid: Grid, layouts: Layouts, ways: tuple[Ways | None, ...], segments: tuple[Segment, ...]
    ) -> None:
        self.grid = grid
        self.ways = ways
        self.segments = segments
        self.layouts = layouts
        self._known: dict[tuple[int, int], Layout] = {}

    def choose(self, outcome: Outcome) -> Chosen:
        """The best plan of the graph."""
        links = outcome.links
        spread = [np.zeros(links[-1].count, dtype=np.int64)]
        for number in reversed(range(len(links))):
            above = 1 if number == 0 else links[number - 1].count
            spread.append(self._spread_before(number, links[number], spread[-1], above))
        spread.reverse()
        chosen: list[Layout | None] = [None] * len(self.ways)
        current = np.zeros(1, dtype=np.int64)
        for number, layer in enumerate(links):
            current = self._follow(number, layer, current, (spread[number], spread[number + 1]), chosen)
        return Chosen(layouts=tuple(chosen), unevenness=int(spread[0][0]))

    def _spread_before(self, number: int, layer: Links, after: Ints, count: int) -> Ints:
        """[count] the least sum of spreads from each state before a segment to the end; _FAR off the best paths."""
        before = np.full(count, _FAR)
        alive = np.flatnonzero(after[layer.child] < _FAR)
        sums = after[layer.child[alive]] + self._weights(number, layer.way[alive])
        np.minimum.at(before, layer.parent[alive], sums)
        return before

    def _weights(self, number: int, way: Ints) -> Ints:
        """[e] the spread that each edge's way adds over all days of the step that begins, else zero."""
        distinct, inverse = np.unique(way, return_inverse=True)
        days = self.grid.problem.steps[self.segments[number].step].days
        weights = [days * self._layout(number, w).spread if w >= 0 else 0 for w in distinct.tolist()]
        found: Ints = np.array(weights, dtype=np.int64)[inverse.reshape(-1)]
        return found

    def _follow(
        self, number: int, layer: Links, current: Ints, spread: tuple[Ints, Ints], chosen: list[Layout | None]
    ) -> Ints:
        """The states after a segment on the evenest paths from `current` whose new way is listed first."""
        before, after = spread
        reached = np.zeros(len(before), dtype=bool)
        reached[current] = True
        edges = np.flatnonzero(reached[layer.parent] & (after[layer.child] < _FAR))
        sums = after[layer.child[edges]] + self._weights(number, layer.way[edges])
        edges = edges[sums == before[layer.parent[edges]]]
        ways = set(layer.way[edges].tolist())
        if ways != {-1}:
            way = min(ways, key=lambda w: self._layout(number, w).given)
            chosen[self.segments[number].step] = self._layout(number, way)
            edges = edges[layer.way[edges] == way]
        return np.flatnonzero(np.bincount(layer.child[edges]))

    def _layout(self, number: int, way: int) -> Layout:
        step = self.segments[number].step
        if (step, way) not in self._known:
            problem = self.grid.problem
            self._known[step, way] = self.layouts.best(problem.steps[step], problem.giving(step), self._day(step, way))
        return self._known[step, way]

    def _day(self, step: int, way: int) -> Day:
        ways = self.ways[step]
        assert ways is not None
        doses = ways.doses
        stated = self.grid.problem.steps[step].doses
        return Day(
            whole=tuple(doses.whole[way].tolist()),
            broken=tuple(doses.broken[way].tolist()),
            volume=tuple(doses.volume[way].tolist()),
            splits=int(doses.splits[way]),
            events=int(doses.events[way]),
            deviation=int(ways.deviation[way]) if stated else 0,
        )
