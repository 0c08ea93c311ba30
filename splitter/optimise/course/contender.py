"""The plans of one set of liquids: their bound, and the search for the best of them, block by block.

Every block has a floor, below which none of its plans costs, and is searched up to a goal somewhat above. Where no plan
is found the floor rises above the goal, where one is found within it the floor is its cost; so the sum of the floors
goes up to the cost of the best plan, and the contender is given up as soon as it passes that of a plan known already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from splitter.optimise.bounds import DoseTables, Goals, Skeleton
from splitter.optimise.course.choices import Choices
from splitter.optimise.course.search import Field, Solved, search
from splitter.optimise.day import WayFinder, Ways
from splitter.optimise.integers import MOST, Calendar, blocks
from splitter.optimise.limits import Budget
from splitter.optimise.owed import Ledger, Tariffs

_PERCENTS = (4, 8, 16, 32, 64, 128, 512)
"""How far above its floor a block is searched, one after another, until a plan is found."""

_NARROW = 64
"""Partial plans of a block that a narrow pass keeps."""

_WIDTHS = (512, 4096, 32768, None)
"""Partial plans of a block that the passes keep which look for its best plan: better plans soon, then the proof."""

_WAYS = 2
"""How many times its width a pass takes of the ways of each step."""


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
    """What all contenders of a problem share; `known` are blocks of other problems too."""

    ledger: Ledger
    tariffs: Tariffs
    calendar: Calendar
    tables: DoseTables
    finder: WayFinder
    known: KnownBlocks
    budget: Budget


class Contender:
    """All plans that use no other liquids than these (places in the grid).

    `bound` [money units] is below the objective of each of them, or where one liquid at most is allowed, of each
    that uses it: the others are those of no liquid. `lost` is how many narrow looks one after another told nothing of
    some block; it `is_stuck` when the last did so up to the ceiling.
    """

    def __init__(self, common: Common, liquids: tuple[int, ...]) -> None:
        self.common = common
        self.liquids = liquids
        self.supplies = common.ledger.supplies
        self.grid = self.supplies.grid
        self.first_liquid = len(self.grid.discrete)
        self.products = (*range(self.first_liquid), *(self.first_liquid + liquid for liquid in liquids))
        self.segments = common.calendar.segments({q: self.supplies.products[q] for q in self.products})
        self.blocks = dict(enumerate(blocks(self.segments)))
        self.skeleton = Skeleton(common.tariffs, common.tables, self.products, self.segments)
        self.choices = Choices(common.finder, common.calendar, self.skeleton, self.products, common.budget)
        self.is_shallow = True
        self.lost = 0
        self.is_stuck = False
        # Bounds know nothing of home; a goal of a cost with it is one of so much more without.
        at_home = common.ledger.at_home
        self.worth = int(at_home.worth(at_home.start[None])[0])
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
        lost = self._search(open_yet, goals, _NARROW)
        # Most likely a higher goal brings a plan; where there is none any more, only the whole search tells.
        last = [number for number in lost if goals is None or self._tries[number] >= len(_PERCENTS)]
        if last:
            lost = self._search(last, goals, None)
        self.lost = self.lost + 1 if lost else 0
        if ceiling is not None and goals is not None:
            self.is_stuck = bool(lost) and all(goals[n] >= self._most(n, ceiling) for n in lost)
        for number in open_yet:
            self._tries[number] += 1

    def finish(self, ceiling: int | None) -> None:
        """Find the best plan of each block that may be part of a plan of no more than the ceiling, if any is set.

        Raises LimitReachedError when the budget ends first.
        """
        for width in _WIDTHS:
            open_yet = [n for n in self.blocks if n not in self.solved or not self.solved[n].complete]
            if not open_yet or (ceiling is not None and self.bound > ceiling):
                return
            goals = None if ceiling is None else {n: self._most(n, ceiling) for n in open_yet}
            self._search(open_yet, goals, width)

    def _recall(self) -> None:
        """Take over what is known already of the blocks."""
        for number in self.blocks:
            key = self._key(number)
            known = self.common.known.plans(key)
            if known is not None:
                self.solved[number] = known
            self.floors[number] = max(self.floors[number], self.common.known.floor(key))

    def _key(self, number: int) -> BlockKey:
        segments = [self.segments[n] for n in self.blocks[number]]
        problem, targets = self.grid.problem, self.grid.targets
        steps = ((s, problem.steps[s.step], problem.giving(s.step)) for s in segments)
        days = tuple((targets[s.step], step.doses, step.room, giving, s.days, *s.shape) for s, step, giving in steps)
        return (self.liquids, *days)

    def _raise_bound(self) -> None:
        skeleton = self.skeleton
        is_told = self.grid.problem.policy.one_liquid and self.liquids
        self._least = (skeleton.least_with(self.products[-1]) if is_told else skeleton.least) - self.worth
        for number, block in self.blocks.items():
            first, end = self.segments[block[0]].interval, self.segments[block[-1]].interval + 1
            self.floors[number] = max(self.floors[number], skeleton.between(first, end) - self.worth)

    def _near(self, number: int) -> int:
        """The goal of a block's next try."""
        tries, floor = self._tries[number], self.floors[number]
        if tries >= len(_PERCENTS):
            return MOST
        return floor + max(floor, self.grid.money_scale) * _PERCENTS[tries] // 100

    def _most(self, number: int, ceiling: int) -> int:
        """What a block may cost in a plan of no more than the ceiling, and than its own plan known."""
        most = self.floors[number] + ceiling - sum(self.floors.values())
        return min(most, self.solved[number].cost) if number in self.solved else most

    def _search(self, numbers: Sequence[int], goals: dict[int, int] | None, width: int | None) -> list[int]:
        """Search blocks up to their goals, and learn what that tells of their plans and floors.

        Returns the blocks of which it tells nothing, because the pass was too narrow for any plan.
        """
        block_of = {step: number for number in numbers for step in self._given_steps(number)}
        within = None if goals is None else self._goals(list(block_of.values()), goals)
        ways, crowded = self.choices.find(list(block_of), within, width and _WAYS * width)
        possible = {n: self.blocks[n] for n in numbers if all(step in ways for step in self._given_steps(n))}
        plans, cut = search(self._field(ways), possible, goals, width)
        narrowed = cut | {block_of[step] for step in crowded}
        lost = []
        for number in numbers:
            plan, goal = plans.get(number), None if goals is None else goals[number]
            if plan is not None:
                self._learn_plan(number, replace(plan, complete=plan.complete and number not in narrowed), goal)
            elif number in narrowed:
                lost.append(number)
            else:
                self._learn_none(number, goal)
        return lost

    def _field(self, ways: dict[int, Ways]) -> Field:
        return Field(
            ledger=self.common.ledger,
            skeleton=self.skeleton,
            segments=self.segments,
            ways=ways,
            budget=self.common.budget,
        )

    def _learn_plan(self, number: int, plan: Solved, goal: int | None) -> None:
        """Take in the best plan of a block that a search up to a goal found; it may cost more than the goal."""
        is_within = goal is None or plan.cost <= goal
        if goal is not None and plan.complete:
            self.floors[number] = max(self.floors[number], plan.cost if is_within else goal + 1)
        known, new = self.solved.get(number), replace(plan, complete=plan.complete and is_within)
        if known is None or new.complete or new.value < known.value:
            self.solved[number] = new
        self._remember(number)

    def _learn_none(self, number: int, goal: int | None) -> None:
        """Take in that a block has no plan up to a goal."""
        self.floors[number] = max(self.floors[number], MOST if goal is None else goal + 1)
        self.solved.pop(number, None)
        self._remember(number)

    def _remember(self, number: int) -> None:
        self.common.known.keep(self._key(number), self.floors[number], self.solved.get(number))

    def _goals(self, numbers: list[int], goals: dict[int, int]) -> Goals:
        """The goals of blocks, each stated for one of the steps asked about."""
        first = [self.segments[self.blocks[number][0]].interval for number in numbers]
        end = [self.segments[self.blocks[number][-1]].interval + 1 for number in numbers]
        return Goals(most=np.array([goals[n] for n in numbers]) + self.worth, first=np.array(first), end=np.array(end))

    def _given_steps(self, number: int) -> list[int]:
        """The steps of a block on whose days anything is given, in order."""
        steps = sorted({self.segments[n].step for n in self.blocks[number]})
        return [step for step in steps if self.grid.targets[step] > 0]
