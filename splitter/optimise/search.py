"""The exact search: partial plans day by day, merged, bounded, and kept as a graph of ties.

The plan is cut into blocks between which nothing is carried but the set of products used (`timeline`), so that each
block is a problem of its own; those of the same shape are searched side by side, stage by stage, which costs little
more than one. A narrow pass finds a good plan of each block. Where it had to cut states off, a full pass follows
that keeps every partial plan whose bound (`skeleton`) doesn't exceed the block's good plan. Partial plans that tie on
deviation, objective, splits and events are all kept, as edges of a layered graph, so that the later orders of
preference (`ties`) see every best plan.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from splitter.optimise.grid import Ints
from splitter.optimise.ledger import Ledger, States, join
from splitter.optimise.merge import Layer, merge
from splitter.optimise.rows import ranges
from splitter.optimise.skeleton import Ahead, Skeleton
from splitter.optimise.timeline import Segment, Stage, blocks, stages
from splitter.optimise.ways import Ways
from splitter.optimise.ways import join as join_ways

_NARROW = 64
_CHUNK = 50_000

_FEW = 64
"""Partial plans of a block that are sooner gone on with than bounded. Bounding more or fewer changes no answer."""

AllWays = tuple[Ways | None, ...]
"""The ways of each step, None for a drug-free one."""

Value = tuple[int, int, int, int]
"""(deviation, objective, fractional pieces, pieces and volumes) of a plan or a block, as they compare."""


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
class Solved:
    """The best plans found of one block: the layers that lead to them, one a segment, and their value.

    `complete` says that nothing was cut off for want of width, so that no plan among the ways is better.
    """

    layers: tuple[Layer, ...]
    value: Value
    complete: bool


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
        self.blocks = blocks(segments)
        self.solved: dict[int, Solved] = {}

    @property
    def pours(self) -> bool:
        """Whether any way uses a liquid."""
        return any(ways.doses.volume.any() for ways in self.ways if ways is not None)

    @property
    def plan(self) -> tuple[Solved, ...] | None:
        """The best plans found of each block, or None where some block has none yet."""
        found = [self.solved.get(number) for number in range(len(self.blocks))]
        return None if None in found else tuple(block for block in found if block is not None)

    def glance(self, goal: int | None) -> bool:
        """Look for a good plan in one narrow pass without budget; whether nothing had to be cut off.

        Plans above the goal need not be found. When nothing was cut off, and there is no `plan` then or one above the
        goal, there is none within the goal.
        """
        budget, self.budget = self.budget, Budget()
        complete = True
        for abreast in self._abreast(range(len(self.blocks))):
            goals = None if goal is None else self._goals(abreast, goal)
            found, whole = abreast.advance(goals, width=_NARROW)
            self.solved |= found
            complete = complete and whole
            if len(found) < len(abreast.blocks):
                break
        self.budget = budget
        return complete

    def finish(self, goal: int | None) -> None:
        """Find the best plans of all blocks. Where `goal` is not None, plans above it need not be found.

        Raises LimitReachedError when the budget ends first.
        """
        if not self.solved and self.glance(goal) and self.plan is None:
            return
        open_yet = [n for n in range(len(self.blocks)) if n not in self.solved or not self.solved[n].complete]
        for abreast in self._abreast(open_yet):
            goals = None if goal is None else self._goals(abreast, goal)
            found, _ = abreast.advance(goals, width=None)
            self.solved = {**{n: s for n, s in self.solved.items() if n not in abreast.blocks}, **found}
            if len(found) < len(abreast.blocks):
                return

    def _goals(self, abreast: Abreast, goal: int) -> Ints:
        """[B] what each block may cost in a plan within the goal, and no more than its best plan so far."""
        floors = self._floors()
        spare = goal - sum(floors)
        goals = []
        for number in abreast.blocks:
            most = spare + floors[number]
            goals.append(min(most, self.solved[number].value[1]) if number in self.solved else most)
        return np.array(goals)

    def _floors(self) -> list[int]:
        """What each block costs at least."""
        floors = []
        for number, block in enumerate(self.blocks):
            first, end = self.segments[block[0]].interval, self.segments[block[-1]].interval + 1
            known = self.solved.get(number)
            bounds = [int(group.later[first, 0] - group.later[end, 0]) for group in self.skeleton.groups]
            floors.append(known.value[1] if known and known.complete else max(bounds))
        return floors

    def _abreast(self, numbers: range | list[int]) -> Iterator[Abreast]:
        """The blocks of these numbers, those of the same shape together."""
        alike: dict[tuple[object, ...], dict[int, range]] = {}
        for number in numbers:
            shape = tuple(
                (self.segments[n].shape, self.ways[self.segments[n].step] is None) for n in self.blocks[number]
            )
            alike.setdefault(shape, {})[number] = self.blocks[number]
        for together in alike.values():
            yield Abreast(self, together)


class Abreast:
    """Blocks of the same shape, by their numbers, searched side by side; each is a range of segments."""

    def __init__(self, search: Search, blocks: dict[int, range]) -> None:
        self.search = search
        self.blocks = blocks
        self.stages = stages(search.segments, blocks)
        self.most_products = search.ledger.grid.problem.policy.max_products

    def advance(self, goals: Ints | None, width: int | None) -> tuple[dict[int, Solved], bool]:
        """(the best plans of the blocks that have any, whether no state was cut off for the width).

        With `goals` [B] only plans that cost no more need be found.
        """
        states = self.search.ledger.start(np.array(list(self.blocks)))
        layers: list[Layer] = []
        cut: set[int] = set()
        for stage in self.stages:
            front = Front(self, stage, goals)
            states = join([front.affordable(front.after(some)) for some in front.begin(states)])
            if not len(states):
                return {}, not cut
            layer = merge(states, bounded_products=self.most_products > 0)
            if width is not None and len(layer.states) > width:
                layer, narrowed = front.narrowed(layer, width)
                cut |= narrowed
            layers.append(layer)
            states = layer.states
        return {
            number: _solved(layers, number, number not in cut) for number in np.unique(states.block).tolist()
        }, not cut


class Front:
    """One stage of a search: from the states before its segments to those after them."""

    def __init__(self, abreast: Abreast, stage: Stage, goals: Ints | None) -> None:
        self.search = abreast.search
        self.stage = stage
        self.goals = goals
        self.most_products = abreast.most_products
        self.few = _FEW * len(stage.numbers)
        ways = [self.search.ways[step] for step in stage.steps.tolist()]
        self.given = [each for each in ways if each is not None]
        ends = np.cumsum([0, *map(len, self.given)])
        self.starts, self.counts = ends[:-1], np.diff(ends)

    @cached_property
    def ways(self) -> Ways:
        """The ways of all the stage's steps, one after the other."""
        return self.given[0] if len(self.given) == 1 else join_ways(self.given)

    @cached_property
    def ahead(self) -> tuple[Ahead, ...]:
        return self.search.skeleton.ahead(self.stage)

    def begin(self, states: States) -> Iterator[States]:
        """The states with a way for the segment's step: each that may do where the step begins, in bounded chunks."""
        rows = np.arange(len(states))
        if not self.stage.begins_step or not self.given:
            self.search.budget.spend(len(states))
            yield replace(states, parent=rows, chosen=np.full(len(states), -1))
            return
        place = self.stage.places[states.block]
        counts = self.counts[place]
        chunk = np.cumsum(counts) // _CHUNK
        for number in range(int(chunk[-1]) + 1):
            some = rows[chunk == number]
            owner, offset = ranges(counts[some])
            parent, chosen = some[owner], self.starts[place[some]][owner] + offset
            if self.goals is not None and len(parent) > self.few:
                bound = np.max([ahead.of_pairs(states, self.ways, parent, chosen) for ahead in self.ahead], axis=0)
                within = bound <= self.goals[place[parent]]
                parent, chosen = parent[within], chosen[within]
            self.search.budget.spend(len(parent))
            local = chosen - self.starts[place[parent]]
            yield replace(states.pick(parent), way=local, parent=parent, chosen=local)

    def after(self, states: States) -> States:
        """The states after the segment's days and whatever ends with them."""
        stage, ledger = self.stage, self.search.ledger
        place = stage.places[states.block]
        if self.given:
            states = replace(states, way=states.way + self.starts[place])
            states = ledger.spend(states, self.ways, stage.days[place], stage.intervals[place])
            states = replace(states, way=states.way - self.starts[place])
        if self.most_products:
            states = states.pick(np.flatnonzero(np.bitwise_count(states.used) <= self.most_products))
        states = ledger.end_windows(states, stage.closes)
        if stage.ends_interval:
            interval = stage.intervals[stage.places[states.block]]
            states = ledger.end_interval(states, interval, ends_block=stage.ends_block)
        return replace(states, way=np.zeros_like(states.way)) if stage.ends_step else states

    def affordable(self, states: States) -> States:
        """The states that may still end within the goals of their blocks."""
        if self.goals is None or len(states) <= self.few:
            return states
        return states.pick(np.flatnonzero(self.bound(states) <= self.goals[self.stage.places[states.block]]))

    def bound(self, states: States) -> Ints:
        """[n] a bound on the blocks that go on from each state after the stage."""
        found: Ints = np.max([ahead.of_states(states) for ahead in self.ahead], axis=0)
        return found

    def narrowed(self, layer: Layer, width: int) -> tuple[Layer, set[int]]:
        """(the layer with the best states of each block, the blocks that lost states)."""
        states = layer.states
        order = np.lexsort((self.bound(states), states.deviation, states.block))
        block = states.block[order]
        place = np.arange(len(order)) - np.searchsorted(block, block)
        return _ending(layer, np.sort(order[place < width])), set(np.unique(block[place >= width]).tolist())


def _solved(layers: list[Layer], number: int, complete: bool) -> Solved:
    """The best plans of one block, out of the layers of those side by side."""
    rows = [np.flatnonzero(layer.states.block == number) for layer in layers]
    values = _values(layers[-1].states.pick(rows[-1]))
    best = min(values)
    rows[-1] = rows[-1][[value == best for value in values]]
    above = [np.zeros(0, dtype=np.int64), *rows]
    return Solved(
        layers=tuple(_ending(layer, kept, parents) for layer, kept, parents in zip(layers, rows, above, strict=False)),
        value=best,
        complete=complete,
    )


def _values(states: States) -> list[Value]:
    columns = (states.deviation, states.cost, states.splits, states.events)
    return [(a, b, c, d) for a, b, c, d in np.column_stack(columns).tolist()]


def _ending(layer: Layer, rows: Ints, parents: Ints | None = None) -> Layer:
    """The layer with only these states, and the edges that lead to them; `parents` are the rows kept before."""
    place = np.full(len(layer.states), -1)
    place[rows] = np.arange(len(rows))
    keep = place[layer.child] >= 0
    parent = layer.parent[keep]
    return Layer(
        states=layer.states.pick(rows),
        child=place[layer.child[keep]],
        parent=parent if parents is None else np.searchsorted(parents, parent),
        way=layer.way[keep],
    )
