"""The exact search: partial plans day by day, merged, bounded, and kept as a graph of ties.

The plan is cut into blocks between which nothing is carried (`timeline`). In each block a narrow pass finds a
good plan; the full pass then keeps every partial plan whose bound (`skeleton`) doesn't exceed it. Partial plans
that tie on deviation, objective, splits and events are all kept, as edges of a layered graph, so that the later
orders of preference (`ties`) see every best plan.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from splitter.optimise.grid import Ints
from splitter.optimise.ledger import Ledger, States, join
from splitter.optimise.merge import Layer, merge
from splitter.optimise.skeleton import Skeleton
from splitter.optimise.timeline import Segment
from splitter.optimise.ways import Ways

_NARROW = 64
_CHUNK = 50_000

_FEW = 256
"""Partial plans that are sooner gone on with than bounded. Bounding more or fewer changes no answer."""


AllWays = tuple[Ways | None, ...]
"""The ways of each step, None for a drug-free one."""

Rank = tuple[int, int, int, int, int]
"""(deviation, objective, fractional pieces, pieces and volumes, different products) of a plan, as plans compare."""


class LimitReachedError(Exception):
    """A limit that the user set ended the search before its proof."""


@dataclass(slots=True, kw_only=True)
class Budget:
    """What a search may still spend: `deadline` [s, monotonic] and `nodes` (partial plans) of None: no limit."""

    deadline: float | None = None
    nodes: int | None = None

    def spend(self, nodes: int) -> None:
        """Raise LimitReachedError when the limits are used up."""
        if self.nodes is not None:
            self.nodes -= nodes
            if self.nodes < 0:
                raise LimitReachedError
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise LimitReachedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The layers of a finished search, one a segment; the states of the last are the best plans' ends."""

    layers: tuple[Layer, ...]
    rank: Rank


class Search:
    """One search over the ways of each step (None: a drug-free step), for one set of liquids."""

    def __init__(
        self, ledger: Ledger, skeleton: Skeleton, segments: tuple[Segment, ...], ways: AllWays, budget: Budget
    ) -> None:
        self.ledger = ledger
        self.skeleton = skeleton
        self.segments = segments
        self.ways = ways
        self.budget = budget
        self.most_products = ledger.grid.problem.policy.max_products

    @property
    def pours(self) -> bool:
        """Whether any way uses a liquid."""
        return any(ways.doses.volume.any() for ways in self.ways if ways is not None)

    def run(self, goal: int | None) -> Outcome | None:
        """The best plans, or None when none has an objective within `goal` or none is allowed.

        Raises LimitReachedError when the budget ends first.
        """
        states = self.ledger.start()
        layers: list[Layer] = []
        for block in self._blocks():
            found = self._search_block(states, block, goal)
            if found is None:
                return None
            layers += found
            states = found[-1].states
        outcome = _outcome(layers)
        return outcome if goal is None or outcome.rank[1] <= goal else None

    def glance(self) -> tuple[Outcome | None, bool]:
        """(a good plan from one narrow pass without budget, or None, whether the pass was the whole search)."""
        budget, self.budget = self.budget, Budget()
        layers, complete = self._advance(self.ledger.start(), range(len(self.segments)), None, width=_NARROW)
        self.budget = budget
        return None if layers is None else _outcome(layers), complete

    def _search_block(self, states: States, block: range, goal: int | None) -> list[Layer] | None:
        """The layers of a block: a narrow pass for a goal, then the full pass unless the narrow one was full.

        A goal for all days comes from such a pass already.
        """
        if goal is None or len(block) == len(self.segments):
            return self._advance(states, block, goal, width=None)[0]
        narrow, complete = self._advance(states, block, goal, width=_NARROW)
        if complete:
            return narrow
        if narrow is not None:
            later = self.skeleton.later(self.segments[block.stop - 1].interval + 1)
            goal = min(goal, int(narrow[-1].states.cost.min()) + later)
        return self._advance(states, block, goal, width=None)[0]

    def _advance(
        self, states: States, block: range, goal: int | None, width: int | None
    ) -> tuple[list[Layer] | None, bool]:
        """(a layer for each segment or None when no state is left, whether no state was cut for the width)."""
        layers: list[Layer] = []
        complete = True
        for number in block:
            parts = [
                self._affordable(self._pass(some, number), number, goal) for some in self._begin(states, number, goal)
            ]
            states = join(parts)
            if not len(states):
                return None, complete
            layer = merge(states, bounded_products=self.most_products > 0)
            if width is not None and len(layer.states) > width:
                layer, complete = self._narrowed(layer, number, width), False
            layers.append(layer)
            states = layer.states
        return layers, complete

    def _begin(self, states: States, number: int, goal: int | None) -> Iterator[States]:
        """The states with a way for the segment's step: each that may do where the step begins, in bounded chunks."""
        segment = self.segments[number]
        ways = self.ways[segment.step]
        rows = np.arange(len(states))
        if not segment.begins_step or ways is None:
            self.budget.spend(len(states))
            yield replace(states, parent=rows, chosen=np.full(len(states), -1))
            return
        size = max(1, _CHUNK // len(ways))
        for first in range(0, len(states), size):
            some = rows[first : first + size]
            if goal is None or len(some) * len(ways) <= _FEW:
                chosen, parent = np.tile(np.arange(len(ways)), len(some)), np.repeat(some, len(ways))
            else:
                place, chosen = self.skeleton.pairs(states.pick(some), ways, number, goal)
                parent = some[place]
            self.budget.spend(len(parent))
            yield replace(states.pick(parent), way=chosen, parent=parent, chosen=chosen)

    def _pass(self, states: States, number: int) -> States:
        """The states after the segment's days and whatever ends with them."""
        segment = self.segments[number]
        ways = self.ways[segment.step]
        if ways is not None:
            states = self.ledger.spend(states, ways, segment.days, segment.interval)
        if self.most_products:
            states = states.pick(np.flatnonzero(np.bitwise_count(states.used) <= self.most_products))
        states = self.ledger.end_windows(states, segment.closes)
        if segment.ends_interval:
            states = self.ledger.end_interval(states, segment.interval)
        return replace(states, way=np.zeros_like(states.way)) if segment.ends_step else states

    def _affordable(self, states: States, number: int, goal: int | None) -> States:
        """The states that may still end within the goal."""
        if goal is None or len(states) <= _FEW:
            return states
        return self.skeleton.within(states, number, goal)

    def _narrowed(self, layer: Layer, number: int, width: int) -> Layer:
        bound = self.skeleton.of_states(layer.states, number)
        return _ending(layer, np.lexsort((bound, layer.states.deviation))[:width])

    def _blocks(self) -> Iterator[range]:
        first = 0
        for number, segment in enumerate(self.segments):
            if segment.ends_block:
                yield range(first, number + 1)
                first = number + 1


def _outcome(layers: list[Layer]) -> Outcome:
    ranks = _ranks(layers[-1].states)
    best = min(ranks)
    rows = np.flatnonzero([rank == best for rank in ranks])
    return Outcome(layers=(*layers[:-1], _ending(layers[-1], rows)), rank=best)


def _ranks(states: States) -> list[Rank]:
    products = np.bitwise_count(states.used)
    columns = (states.deviation, states.cost, states.splits, states.events, products)
    return [(a, b, c, d, e) for a, b, c, d, e in np.column_stack(columns).tolist()]


def _ending(layer: Layer, rows: Ints) -> Layer:
    """The layer with only these states, and the edges that lead to them."""
    place = np.full(len(layer.states), -1)
    place[rows] = np.arange(len(rows))
    keep = place[layer.child] >= 0
    return Layer(
        states=layer.states.pick(rows), child=place[layer.child[keep]], parent=layer.parent[keep], way=layer.way[keep]
    )
