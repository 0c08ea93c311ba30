"""The plans of one set of liquids: their bound, and the search for the best of them, block by block.

Every block has a floor, below which none of its plans costs, and is searched up to a goal somewhat above. Where no plan
is found the floor rises above the goal, where one is found within it the floor is its cost; so the sum of the floors
goes up to the cost of the best plan, and the candidate is given up as soon as it passes that of a plan known already.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from splitter.optimise.allowance import Allowance
from splitter.optimise.grid import MOST
from splitter.optimise.ledger import Ledger
from splitter.optimise.options import best_of_each
from splitter.optimise.search import Budget, Field, Solved, search
from splitter.optimise.skeleton import Limit, Skeleton
from splitter.optimise.tables import DoseTables
from splitter.optimise.timeline import Calendar, blocks
from splitter.optimise.ways import Asked, Palette, WayFinder, Ways, join

_PERCENTS = (2, 8, 32, 128, 512)
"""How far above its floor a block is searched, one after another, until a plan is found."""

_NARROW = 64
"""Partial plans of a block that a narrow pass keeps."""

_MOST_ENTRIES = 2**18
"""Entries, over steps and sets of products, of a table of what days may cost; more steps are taken in turns."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What all candidates of a problem share; `known` are blocks of other problems too."""

    ledger: Ledger
    calendar: Calendar
    tables: DoseTables
    finder: WayFinder
    known: KnownBlocks
    budget: Budget


class Candidate:
    """All plans that use no other liquids than these (places in the grid).

    `bound` [money units] is below the objective of each of them, or where one liquid at most is allowed, of each
    that uses it: the others are those of no liquid.
    """

    def __init__(self, common: Common, liquids: tuple[int, ...]) -> None:
        self.common = common
        self.liquids = liquids
        self.ledger = common.ledger
        self.first_liquid = len(self.ledger.grid.discrete)
        self.products = (*range(self.first_liquid), *(self.first_liquid + liquid for liquid in liquids))
        self.segments = common.calendar.segments({q: self.ledger.products[q] for q in self.products})
        self.blocks = dict(enumerate(blocks(self.segments)))
        self.skeleton = Skeleton(self.ledger, common.tables, self.products, self.segments)
        self.is_shallow = True
        self.solved: dict[int, Solved] = {}
        self.floors: dict[int, int] = dict.fromkeys(self.blocks, 0)
        self._tries = dict.fromkeys(self.blocks, 0)
        self._raise_bound()

    @property
    def bound(self) -> int:
        return max(self._least, sum(self.floors.values()))

    @property
    def plan(self) -> tuple[Solved, ...] | None:
        """A good plan, or the best one when it `is_decided`; None where no plan of some block is known yet."""
        return tuple(self.solved[number] for number in self.blocks) if self.is_sketched else None

    @property
    def is_sketched(self) -> bool:
        """Whether some plan is known."""
        return len(self.solved) == len(self.blocks)

    @property
    def is_decided(self) -> bool:
        """Whether the best plan is known."""
        return self.is_sketched and all(block.complete for block in self.solved.values())

    def deepen(self) -> None:
        """Raise the bound as far as it goes without a search."""
        self.is_shallow = False
        self._recall()
        if not self.is_decided:
            self.skeleton.deepen()
            self._raise_bound()

    def sketch(self, ceiling: int | None) -> None:
        """Look once, narrowly, for plans of the blocks that have none, up to the ceiling if any is set.

        Either some are found or the bound rises. Raises LimitReachedError when the budget ends first.
        """
        open_yet = [number for number in self.blocks if number not in self.solved]
        goals = None if ceiling is None else {n: min(self._near(n), self._most(n, ceiling)) for n in open_yet}
        self._search(open_yet, goals, _NARROW)
        for number in open_yet:
            self._tries[number] += 1

    def finish(self, ceiling: int | None) -> None:
        """Find the best plan of each block that may be part of a plan of no more than the ceiling, if any is set.

        Raises LimitReachedError when the budget ends first.
        """
        open_yet = [n for n in self.blocks if n not in self.solved or not self.solved[n].complete]
        goals = None if ceiling is None else {n: self._most(n, ceiling) for n in open_yet}
        self._search(open_yet, goals, None)

    def _recall(self) -> None:
        """Take over what is known already of the blocks."""
        for number in self.blocks:
            key = self._key(number)
            known = self.common.known.plans(key)
            if known is not None:
                self.solved[number] = known
            self.floors[number] = max(self.floors[number], self.common.known.floor(key))

    def _key(self, number: int) -> BlockKey:
        grid = self.ledger.grid
        segments = [self.segments[n] for n in self.blocks[number]]
        steps = grid.problem.steps
        days = tuple((grid.targets[s.step], steps[s.step].doses, s.days, *s.shape) for s in segments)
        return (self.liquids, *days)

    def _raise_bound(self) -> None:
        skeleton = self.skeleton
        is_told = self.ledger.grid.problem.policy.one_liquid and self.liquids
        self._least = skeleton.least_with(self.products[-1]) if is_told else skeleton.least
        for number, block in self.blocks.items():
            first, end = self.segments[block[0]].interval, self.segments[block[-1]].interval + 1
            self.floors[number] = max(self.floors[number], skeleton.between(first, end))

    def _near(self, number: int) -> int:
        """The goal of a block's next try."""
        tries, floor = self._tries[number], self.floors[number]
        if tries >= len(_PERCENTS):
            return MOST
        return floor + max(floor, self.ledger.grid.money_scale) * _PERCENTS[tries] // 100

    def _most(self, number: int, ceiling: int) -> int:
        """What a block may cost in a plan of no more than the ceiling, and than its own plan known."""
        most = self.floors[number] + ceiling - sum(self.floors.values())
        return min(most, self.solved[number].cost) if number in self.solved else most

    def _search(self, numbers: Sequence[int], goals: dict[int, int] | None, width: int | None) -> None:
        """Search blocks up to their goals, and learn what that tells of their plans and floors."""
        ways = self._ways(numbers, goals)
        made = {n: self.blocks[n] for n in numbers if all(s in ways or not self._is_given(s) for s in self._steps(n))}
        field = Field(
            ledger=self.ledger,
            skeleton=self.skeleton,
            segments=self.segments,
            ways=ways,
            budget=self.common.budget,
        )
        found, cut = search(field, made, goals, width)
        lost = cut - set(found)
        if lost:
            found |= search(field, {n: made[n] for n in lost}, goals, None)[0]
        for number in numbers:
            self._learn(number, found.get(number), None if goals is None else goals[number])

    def _learn(self, number: int, found: Solved | None, goal: int | None) -> None:
        """Take in what a search of one block up to a goal found."""
        if found is None:
            self.floors[number] = max(self.floors[number], MOST if goal is None else goal + 1)
            self.solved.pop(number, None)
        else:
            within = goal is None or found.cost <= goal
            if goal is not None and found.complete:
                self.floors[number] = max(self.floors[number], found.cost if within else goal + 1)
            self.solved[number] = replace(found, complete=found.complete and within)
        self.common.known.keep(self._key(number), self.floors[number], self.solved.get(number))

    def _ways(self, numbers: Iterable[int], goals: dict[int, int] | None) -> dict[int, Ways]:
        """The ways of the blocks' steps that plans within their goals may use, for the steps that have any."""
        block_of = {step: number for number in numbers for step in self._steps(number) if self._is_given(step)}
        steps = list(block_of)
        size = max(1, _MOST_ENTRIES >> len(self.skeleton.members))
        found: dict[int, Ways] = {}
        for first in range(0, len(steps), size):
            some = steps[first : first + size]
            self.common.budget.spend(len(some))
            limit = (
                None if goals is None else self._limit([block_of[s] for s in some], [goals[block_of[s]] for s in some])
            )
            ways = self._within(some, limit)
            found |= {step: each for step, each in zip(some, ways, strict=True) if each is not None}
        return found

    def _limit(self, numbers: list[int], goals: list[int]) -> Limit:
        """The goals of blocks, each stated for one of the steps asked about."""
        first = [self.segments[self.blocks[number][0]].interval for number in numbers]
        end = [self.segments[self.blocks[number][-1]].interval + 1 for number in numbers]
        return Limit(goals=np.array(goals), first=np.array(first), end=np.array(end))

    def _within(self, steps: list[int], limit: Limit | None) -> list[Ways | None]:
        """The ways of some steps that plans within the limit may use."""
        everything = (1 << len(self.skeleton.members)) - 1
        asked = [self._asked(step) for step in steps]
        if limit is None:
            return self.common.finder.find(asked, self._palette(everything))
        touched = [self.common.calendar.intervals[step] for step in steps]
        allowance = self.skeleton.allowance(touched, steps, limit)
        if len(self.liquids) < 2:
            return self.common.finder.find(asked, self._palette(everything), allowance)
        return [
            self._of_several_liquids(step, limit.of(place), allowance.of(slice(place, place + 1)))
            for place, step in enumerate(steps)
        ]

    def _of_several_liquids(self, step: int, limit: Limit, allowance: Allowance) -> Ways | None:
        """The ways of a step whose days may use several liquids.

        Such days are many: look for those of each set of products that may be open.
        """
        sets = [self.skeleton.open_sets(interval, limit) for interval in self.common.calendar.intervals[step]]
        masks = min(sets, key=len).tolist()
        found = [self.common.finder.find([self._asked(step)], self._palette(mask), allowance)[0] for mask in masks]
        parts = [ways for ways in found if ways is not None]
        return _distinct(join(parts)) if parts else None

    def _asked(self, step: int) -> Asked:
        days = tuple(self.common.calendar.intervals[step].values())
        grid = self.ledger.grid
        return Asked(step=grid.problem.steps[step], mass=grid.targets[step], days=days)

    def _steps(self, number: int) -> list[int]:
        """The steps of a block, in order."""
        return sorted({self.segments[n].step for n in self.blocks[number]})

    def _is_given(self, step: int) -> bool:
        """Whether anything is given on the days of a step."""
        return self.ledger.grid.targets[step] > 0

    def _palette(self, mask: int) -> Palette:
        """The products of a mask of members, and those that are no members."""
        members = self.skeleton.members
        closed = {q for bit, q in enumerate(members) if not mask >> bit & 1}
        opened = [q for q in self.products if q not in closed]
        return Palette(
            discrete=frozenset(q for q in opened if q < self.first_liquid),
            liquids=tuple(q - self.first_liquid for q in opened if q >= self.first_liquid),
        )


def _distinct(ways: Ways) -> Ways:
    """The ways without those of the same use, of which the first in cost and events stays."""
    return ways.pick(best_of_each(np.column_stack([ways.doses.key, ways.deviation]), ways.doses))
