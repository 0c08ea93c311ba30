"""The exact search of blocks of days: partial plans, stage by stage, merged, bounded, and kept as a graph of ties.

A plan is cut into blocks between which nothing is carried but the set of products used (`timeline`), so that each
block is a problem of its own; those of the same shape are searched side by side, which costs little more than one.
A pass keeps every partial plan whose bound (`skeleton`) doesn't exceed the goal of its block; a narrow one keeps only
the best of them, and says which blocks it had to cut. Partial plans that tie on deviation, objective, splits and
events are all kept, as edges of a layered graph, so that the later orders of preference (`ties`) see every best plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from splitter.optimise.bounds import Ahead, Skeleton
from splitter.optimise.day import Ways
from splitter.optimise.day import join as join_ways
from splitter.optimise.integers import Ints, Segment, Stage, codes, ranges, stages
from splitter.optimise.limits import Budget
from splitter.optimise.owed import Layer, Ledger, States, join, merge, start

_CHUNK = 50_000
"""Partial plans that are gone on with at once, less for each lot that may or may not end with an interval."""

_FEW = 64
"""Partial plans of a block that are sooner gone on with than bounded. Bounding more or fewer changes no answer."""

_PAIRS = 16
"""How many times its width a narrow pass goes on with, before it merges and chooses."""

Value = tuple[int, int, int, int]
"""(deviation, objective, fractional pieces, pieces and volumes) of a plan or a block, as they compare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The edges [e] of one segment: from `parent` to `child`, one of `count` nodes, by `way` (-1 where none begins)."""

    count: int
    child: Ints
    parent: Ints
    way: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """The best plans found of one block, as the paths from one node through the links, one a segment.

    `used` [n] are the products of the paths that end in each node of the last links, as bits. `ways` are those of the
    block's steps in order, None of a drug-free one. `complete` says that no plan of the block is better.
    """

    links: tuple[Links, ...]
    used: Ints
    value: Value
    ways: tuple[Ways | None, ...]
    complete: bool

    @property
    def cost(self) -> int:
        """The objective in money units."""
        return self.value[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What blocks are searched with: accounts, bounds, segments, the ways of steps by their numbers, and a budget."""

    ledger: Ledger
    skeleton: Skeleton
    segments: tuple[Segment, ...]
    ways: Mapping[int, Ways]
    budget: Budget


def search(
    field: Field, blocks: Mapping[int, range], goals: Mapping[int, int] | None, width: int | None
) -> tuple[dict[int, Solved], set[int]]:
    """(the best plans of blocks, ranges of segments by their numbers, for those that have any; the blocks cut).

    With `goals`, plans of a block that cost more need not be found. With a `width`, no more partial plans of a block
    are kept; the blocks that had more are cut: what is found of them may not be the best.

    Raises LimitReachedError when the budget ends first.
    """
    alike: dict[tuple[object, ...], dict[int, range]] = {}
    for number, block in blocks.items():
        shape = tuple((field.segments[n].shape, field.segments[n].step in field.ways) for n in block)
        alike.setdefault(shape, {})[number] = block
    solved: dict[int, Solved] = {}
    cut: set[int] = set()
    for together in alike.values():
        abreast = _Abreast(field, together, goals)
        solved |= abreast.advance(width)
        cut |= abreast.cut
    return solved, cut


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edges:
    """The states after a segment by their `block` [n] alone, and [e] the edges that lead to them: see `Layer`."""

    block: Ints
    child: Ints
    parent: Ints
    way: Ints

    @classmethod
    def of(cls, layer: Layer) -> _Edges:
        return cls(block=layer.states.block, child=layer.child, parent=layer.parent, way=layer.way)

    @property
    def entries(self) -> int:
        """How many numbers they are."""
        return len(self.block) + 3 * len(self.child)

    def ending(self, rows: Ints) -> _Edges:
        """Those of these states alone, ascending."""
        place = np.full(len(self.block), -1)
        place[rows] = np.arange(len(rows))
        keep = place[self.child] >= 0
        return _Edges(
            block=self.block[rows], child=place[self.child[keep]], parent=self.parent[keep], way=self.way[keep]
        )


class _Abreast:
    """Blocks of the same shape, by their numbers, searched side by side."""

    def __init__(self, field: Field, blocks: dict[int, range], goals: Mapping[int, int] | None) -> None:
        self.field = field
        self.blocks = blocks
        self.stages = stages(field.segments, blocks)
        self.goals = None if goals is None else np.array([goals[number] for number in blocks])
        self.bounded_products = field.skeleton.supplies.grid.problem.policy.max_products > 0
        self.cut: set[int] = set()

    def advance(self, width: int | None) -> dict[int, Solved]:
        """The best plans of the blocks that have any."""
        products, home = len(self.field.skeleton.supplies.products), self.field.ledger.at_home.start
        states = start(np.array(list(self.blocks)), products, home)
        layers: list[_Edges] = []
        for stage in self.stages:
            front = _Front(self.field, stage, self.goals, width)
            states = join(front.gone_on(states))
            self.cut |= front.cut
            if not len(states):
                return {}
            layer = merge(states, bounded_products=self.bounded_products)
            states, edges = layer.states, _Edges.of(layer)
            if width is not None and len(states) > width:
                best = front.narrowed(states, width)
                states, edges = states.pick(best), edges.ending(best)
                self.cut |= front.cut
            layers.append(edges)
            self.field.budget.hold(sum(each.entries for each in layers))
        return self._solved(states, layers)

    def _solved(self, states: States, layers: list[_Edges]) -> dict[int, Solved]:
        """The plans of each block that lead to its best states at the end."""
        best = _best_of_each_block(states)
        ends = states.pick(best)
        ranks = np.column_stack([ends.deviation, ends.cost, ends.splits, ends.events]).tolist()
        values = dict(zip(ends.block.tolist(), ranks, strict=True))
        links = _links(_leading_to(best, layers))
        used = _by_block(ends.block, [ends.used])
        return {
            number: Solved(
                links=tuple(links[number]),
                used=used[number][0],
                value=(deviation, cost, splits, events),
                ways=self._ways(number),
                complete=number not in self.cut,
            )
            for number, (deviation, cost, splits, events) in values.items()
        }

    def _ways(self, number: int) -> tuple[Ways | None, ...]:
        steps = sorted({self.field.segments[n].step for n in self.blocks[number]})
        return tuple(self.field.ways.get(step) for step in steps)


class _Front:
    """One stage of a search: from the states before its segments to those after them."""

    def __init__(self, field: Field, stage: Stage, goals: Ints | None, width: int | None) -> None:
        self.field = field
        self.stage = stage
        self.goals = goals
        self.width = width
        self.cut: set[int] = set()
        self.most_products = field.skeleton.supplies.grid.problem.policy.max_products
        self.few = _FEW * len(stage.numbers)
        self.given = [field.ways[step] for step in stage.steps.tolist() if step in field.ways]
        ends = np.cumsum([0, *map(len, self.given)])
        self.starts, self.counts = ends[:-1], np.diff(ends)

    @cached_property
    def ways(self) -> Ways:
        """The ways of all the stage's steps, one after the other."""
        return self.given[0] if len(self.given) == 1 else join_ways(self.given)

    @cached_property
    def ahead(self) -> tuple[Ahead, ...]:
        """The bounds on what follows."""
        return self.field.skeleton.ahead(self.stage)

    def gone_on(self, states: States) -> list[States]:
        """The states after the segment that may end within the goals, in parts."""
        parts: list[States] = []
        for some in self.begin(states):
            parts.append(self.affordable(self.after(some)))
            self.field.budget.hold(sum(part.entries for part in parts))
        return parts

    def begin(self, states: States) -> Iterator[States]:
        """The states with a way for the segment's step: each that may do where the step begins, in bounded chunks."""
        if not self.stage.begins_step or not self.given:
            self.field.budget.spend(len(states))
            yield replace(states, parent=np.arange(len(states)), chosen=np.full(len(states), -1))
            return
        place = self.stage.places[states.block]
        for some in self._chunks(self.counts[place]):
            parent, way = self._pairs(some, place[some])
            if self.goals is not None and len(parent) > self.few:
                bound = np.max([ahead.of_pairs(states, self.ways, parent, way) for ahead in self.ahead], axis=0)
                bound -= self.field.ledger.at_home.worth(states.home)[parent]
                promising = self._promising(states.block[parent], bound)
                parent, way = parent[promising], way[promising]
            self.field.budget.spend(len(parent))
            own = way - self.starts[place[parent]]
            yield replace(states.pick(parent), way=own, parent=parent, chosen=own)

    def _chunks(self, counts: Ints) -> Iterator[Ints]:
        """The rows of states that have so many ways each [n], in runs of about as many pairs as are bounded at once."""
        most = max(_CHUNK >> len(self.field.skeleton.carried), 1)
        chunk = np.cumsum(counts) // most
        for number in range(int(chunk[-1]) + 1):
            yield np.flatnonzero(chunk == number)

    def _pairs(self, rows: Ints, place: Ints) -> tuple[Ints, Ints]:
        """([p] states, [p] ways, rows of `ways`): each of some states, in the blocks at `place` [n], with each way.

        Each block has a step of its own, whose ways are a run of rows.
        """
        owner, offset = ranges(self.counts[place])
        return rows[owner], self.starts[place[owner]] + offset

    def after(self, states: States) -> States:
        """The states after the segment's days and whatever ends with them."""
        stage, ledger = self.stage, self.field.ledger
        place = stage.places[states.block]
        if self.given:
            way = states.way + self.starts[place]
            states = ledger.spend(
                states, self.ways, way, (stage.days[place], stage.firsts[place], stage.intervals[place])
            )
        if self.most_products:
            states = states.pick(np.flatnonzero(np.bitwise_count(states.used) <= self.most_products))
        states = ledger.end_windows(states, stage.closes)
        if stage.ends_interval:
            interval = stage.intervals[stage.places[states.block]]
            states = ledger.end_interval(states, interval, ends_block=stage.ends_block)
        return replace(states, way=np.zeros_like(states.way)) if stage.ends_step else states

    def affordable(self, states: States) -> States:
        """The states that may still end within the goals of their blocks; in a narrow pass the best of them."""
        if self.goals is None or len(states) <= self.few:
            return states
        return states.pick(self._promising(states.block, self.bound(states)))

    def _promising(self, block: Ints, bound: Ints) -> Ints:
        """The rows [n] with a bound [n] within the goal of their block [n]; in a narrow pass the best of them."""
        assert self.goals is not None
        within = np.flatnonzero(bound <= self.goals[self.stage.places[block]])
        return within if self.width is None else within[self._best(block[within], bound[within], _PAIRS * self.width)]

    def bound(self, states: States) -> Ints:
        """[n] a bound on the blocks that go on from each state after the stage."""
        largest: Ints = np.max([ahead.of_states(states) for ahead in self.ahead], axis=0)
        return largest - self.field.ledger.at_home.worth(states.home)

    def narrowed(self, states: States, width: int) -> Ints:
        """The best states of each block."""
        rank = codes(np.column_stack([states.deviation, self.bound(states)]))
        return self._best(states.block, rank, width)

    def _best(self, block: Ints, rank: Ints, count: int) -> Ints:
        """The rows, ascending, of the `count` least ranks [n] of each block [n]; blocks that have more are cut."""
        order = np.lexsort((rank, block))
        ordered = block[order]
        place = np.arange(len(order)) - np.searchsorted(ordered, ordered)
        self.cut.update(np.unique(ordered[place >= count]).tolist())
        return np.sort(order[place < count])


def _best_of_each_block(ends: States) -> Ints:
    """The best states of each block, all where several are equally good."""
    order = np.lexsort((ends.events, ends.splits, ends.cost, ends.deviation, ends.block))
    table = np.column_stack([ends.block, ends.deviation, ends.cost, ends.splits, ends.events])[order]
    first = np.searchsorted(table[:, 0], table[:, 0])
    return np.sort(order[(table == table[first]).all(axis=1)])


def _leading_to(rows: Ints, layers: list[_Edges]) -> list[_Edges]:
    """The layers with only the states from which the rows of the last one are reached."""
    left: list[_Edges] = []
    for number in reversed(range(len(layers))):
        layer = layers[number].ending(rows)
        if number:
            rows = np.unique(layer.parent)
            layer = replace(layer, parent=np.searchsorted(rows, layer.parent))
        left.append(layer)
    return left[::-1]


def _links(layers: list[_Edges]) -> dict[int, list[Links]]:
    """The edges between the states of each block, layer by layer; the first come from node 0."""
    links: dict[int, list[Links]] = {}
    above = np.zeros(int(layers[0].parent.max()) + 1, dtype=np.int64)
    for layer in layers:
        block = layer.block
        order = np.argsort(block, kind="stable")
        here = np.empty_like(above, shape=len(block))
        here[order] = np.arange(len(block)) - np.searchsorted(block[order], block[order])
        counts = np.bincount(block)
        edges = _by_block(block[layer.child], [here[layer.child], above[layer.parent], layer.way])
        for number, (child, parent, way) in edges.items():
            one = Links(count=int(counts[number]), child=child, parent=parent, way=way)
            links.setdefault(number, []).append(one)
        above = here
    return links


def _by_block(block: Ints, columns: list[Ints]) -> dict[int, list[Ints]]:
    """The parts of columns [n] that belong to each block [n]."""
    order = np.argsort(block, kind="stable")
    numbers, first = np.unique(block[order], return_index=True)
    parts = [np.split(column[order], first[1:]) for column in columns]
    return {number: [part[place] for part in parts] for place, number in enumerate(numbers.tolist())}
