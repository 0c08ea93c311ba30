"""The one plan among all that tie on deviation, objective, splits, events and products.

The search leaves a layered graph whose paths are these plans. Evenness adds up along a path, so its least sum
comes from one pass backward; then a pass forward follows, step by step, the ways whose lists come first among
the paths of that sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from splitter.optimise.course.chain import BestPlans
from splitter.optimise.course.search import Links
from splitter.optimise.day import Day, Layout, Layouts, Ways
from splitter.optimise.integers import Grid, Ints, Segment

_FAR = np.iinfo(np.int64).max
"""The sum of spreads from a node off the best paths."""

_NO_WAY = -1
"""Stands in links for the way where no step begins."""


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

    def choose(self, plans: BestPlans) -> Chosen:
        """The best plan of the graph."""
        links = plans.links
        to_come = self._spreads_to_come(links)
        chosen: list[Layout | None] = [None] * len(self.ways)
        nodes = np.zeros(1, dtype=np.int64)
        for number, layer in enumerate(links):
            edges = self._evenest(number, layer, nodes, (to_come[number], to_come[number + 1]))
            ways = set(layer.way[edges].tolist())
            if ways != {_NO_WAY}:
                listed_first = min(ways, key=lambda way: self._layout(number, way).given)
                chosen[self.segments[number].step] = self._layout(number, listed_first)
                edges = edges[layer.way[edges] == listed_first]
            nodes = np.flatnonzero(np.bincount(layer.child[edges]))
        return Chosen(layouts=tuple(chosen), unevenness=int(to_come[0][0]))

    def _spreads_to_come(self, links: Sequence[Links]) -> list[Ints]:
        """For each layer of nodes, the first to the last, [nodes] the least sum of spreads from there to the end."""
        to_come = [np.zeros(links[-1].count, dtype=np.int64)]
        nodes = [1, *(layer.count for layer in links)]
        for number in reversed(range(len(links))):
            layer, before = links[number], np.full(nodes[number], _FAR)
            alive = np.flatnonzero(to_come[-1][layer.child] < _FAR)
            sums = to_come[-1][layer.child[alive]] + self._spreads(number, layer.way[alive])
            np.minimum.at(before, layer.parent[alive], sums)
            to_come.append(before)
        return to_come[::-1]

    def _evenest(self, number: int, layer: Links, nodes: Ints, to_come: tuple[Ints, Ints]) -> Ints:
        """The edges of a segment on the evenest paths from these nodes, by what is to come before it and after it."""
        before, after = to_come
        reached = np.zeros(len(before), dtype=bool)
        reached[nodes] = True
        edges = np.flatnonzero(reached[layer.parent] & (after[layer.child] < _FAR))
        sums = after[layer.child[edges]] + self._spreads(number, layer.way[edges])
        evenest: Ints = edges[sums == before[layer.parent[edges]]]
        return evenest

    def _spreads(self, number: int, way: Ints) -> Ints:
        """[e] the spread that each edge's way adds over all days of the step that begins, else zero."""
        distinct, inverse = np.unique(way, return_inverse=True)
        days = self.grid.problem.steps[self.segments[number].step].days
        of_way = [0 if w == _NO_WAY else days * self._layout(number, w).spread for w in distinct.tolist()]
        spreads: Ints = np.array(of_way, dtype=np.int64)[inverse.reshape(-1)]
        return spreads

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
