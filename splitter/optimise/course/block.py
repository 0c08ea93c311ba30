"""One block of a contender's days: what is known of its plans, and what each search of it tells.

A block has a floor, below which none of its plans costs. Where a search finds no plan up to a goal, the floor rises
above the goal; where it finds the best plan within the goal, that is the floor.
"""

from __future__ import annotations

from dataclasses import replace

from splitter.optimise.course.search import Solved
from splitter.optimise.integers import MOST

_PERCENTS = (4, 8, 16, 32, 64, 128, 512)
"""How far above its floor a block is searched, one after another, until a plan is found."""

_MOST_BLOCKS, _MOST_NODES = 4096, 1024
"""Blocks that are kept, and the nodes that the plans of one may have; when there are more blocks, all are forgotten."""

BlockKey = tuple[object, ...]
"""What blocks agree in that have the same plans: the liquids, and the days and doses of their segments."""


class KnownBlocks:
    """What was found of blocks: the best plans, or a floor below which there are none."""

    def __init__(self) -> None:
        self._solved: dict[BlockKey, Solved] = {}
        self._floors: dict[BlockKey, int] = {}

    def plans(self, key: BlockKey) -> Solved | None:
        """The best plans of a block, where they are known."""
        return self._solved.get(key)

    def floor(self, key: BlockKey) -> int:
        """What a block costs at least, as far as it is known."""
        return self._floors.get(key, 0)

    def keep(self, key: BlockKey, floor: int, solved: Solved | None) -> None:
        """Keep a floor, and plans that are proved to be the best, unless they are many."""
        if len(self._floors) >= _MOST_BLOCKS:
            self._floors.clear()
            self._solved.clear()
        self._floors[key] = floor
        if solved is not None and solved.complete and sum(links.count for links in solved.links) <= _MOST_NODES:
            self._solved[key] = solved


class Block:
    """The days of the `segments`, in the intervals from `first` to before `end`, on which the `steps` give something.

    `floor` [money units] is what it costs at least; `solved` are good plans of it, or the best when it `is_decided`.
    `tries` counts the narrow looks for a first plan.
    """

    def __init__(
        self, *, number: int, segments: range, intervals: tuple[int, int], steps: list[int], key: BlockKey
    ) -> None:
        self.number = number
        self.segments = segments
        self.first, self.end = intervals
        self.steps = steps
        self.floor = 0
        self.solved: Solved | None = None
        self.tries = 0
        self._key = key

    @property
    def is_decided(self) -> bool:
        """Whether its best plan is known."""
        return self.solved is not None and self.solved.complete

    @property
    def is_tried(self) -> bool:
        """Whether it was looked for plans up to each goal above its floor that there is."""
        return self.tries >= len(_PERCENTS)

    def next_goal(self, unit: int) -> int:
        """The goal of its next try, where a `unit` of the currency is so many money units."""
        return MOST if self.is_tried else self.floor + max(self.floor, unit) * _PERCENTS[self.tries] // 100

    def raise_floor(self, floor: int) -> None:
        """Take in that no plan costs less."""
        self.floor = max(self.floor, floor)

    def recall(self, known: KnownBlocks) -> None:
        """Take over what was found of it before."""
        self.solved = known.plans(self._key) or self.solved
        self.raise_floor(known.floor(self._key))

    def learn(self, plan: Solved | None, goal: int | None, known: KnownBlocks) -> None:
        """Take in what a search up to a goal tells: its best plan, which may cost more than the goal, or None."""
        if plan is None:
            self.raise_floor(MOST if goal is None else goal + 1)
            self.solved = None
        else:
            is_within = goal is None or plan.cost <= goal
            if goal is not None and plan.complete:
                self.raise_floor(plan.cost if is_within else goal + 1)
            new = replace(plan, complete=plan.complete and is_within)
            if self.solved is None or new.complete or new.value < self.solved.value:
                self.solved = new
        known.keep(self._key, self.floor, self.solved)
