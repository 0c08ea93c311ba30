"""The plans of one set of liquids: their bound, and the search for the best of them, block by block.

Every block has a floor, below which none of its plans costs, and is searched up to a goal somewhat above. Where no plan
is found the floor rises above the goal, where one is found within it the floor is its cost; so the sum of the floors
goes up to the cost of the best plan, and the contender is given up as soon as it passes that of a plan known already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

import numpy as np

from splitter.optimise.bounds import DoseTables, Goals, Skeleton
from splitter.optimise.course.block import Block, BlockKey, KnownBlocks
from splitter.optimise.course.choices import Choices
from splitter.optimise.course.search import Field, Solved, search
from splitter.optimise.day import WayFinder, Ways
from splitter.optimise.integers import Calendar, Segment, blocks
from splitter.optimise.limits import Budget
from splitter.optimise.owed import Ledger, Tariffs

_NARROW = 64
"""Partial plans of a block that a narrow pass keeps."""

_WIDTHS = (512, 4096, 32768, None)
"""Partial plans of a block that the passes keep which look for its best plan: better plans soon, then the proof."""

_WAYS = 2
"""How many times its width a pass takes of the ways of each step."""


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
        self.blocks = tuple(map(self._block, count(), blocks(self.segments)))
        self.skeleton = Skeleton(common.tariffs, common.tables, self.products, self.segments)
        self.choices = Choices(common.finder, common.calendar, self.skeleton, self.products, common.budget)
        self.is_shallow = True
        self.lost = 0
        self.is_stuck = False
        # Bounds know nothing of home; a goal of a cost with it is one of so much more without.
        at_home = common.ledger.at_home
        self.worth = int(at_home.worth(at_home.start[None])[0])
        self._raise_bound()

    @property
    def bound(self) -> int:
        return max(self._least, self._floor)

    @property
    def plan(self) -> tuple[Solved, ...] | None:
        """A good plan, or the best one when it `is_decided`; None where no plan of some block is known yet."""
        solved = tuple(block.solved for block in self.blocks if block.solved is not None)
        return solved if self.is_sketched else None

    @property
    def is_sketched(self) -> bool:
        """Whether some plan is known."""
        return all(block.solved is not None for block in self.blocks)

    @property
    def is_decided(self) -> bool:
        """Whether the best plan is known."""
        return all(block.is_decided for block in self.blocks)

    def deepen(self) -> None:
        """Raise the bound as far as it goes without a search."""
        self.is_shallow = False
        for block in self.blocks:
            block.recall(self.common.known)
        if not self.is_decided:
            self.skeleton.deepen()
            self._raise_bound()

    def sketch(self, ceiling: int | None) -> None:
        """Look once, narrowly, for plans of the blocks that have none, up to the ceiling if any is set.

        Either some are found or the bound rises. Raises LimitReachedError when the budget ends first.
        """
        open_yet = [block for block in self.blocks if block.solved is None]
        goals = None if ceiling is None else {block: self._next_goal(block, ceiling) for block in open_yet}
        lost = self._search(open_yet, goals, _NARROW)
        # Most likely a higher goal brings a plan; where there is none any more, only the whole search tells.
        last = [block for block in lost if goals is None or block.is_tried]
        if last:
            lost = self._search(last, goals, None)
        self.lost = self.lost + 1 if lost else 0
        if ceiling is not None and goals is not None:
            self.is_stuck = bool(lost) and all(goals[block] >= self._most(block, ceiling) for block in lost)
        for block in open_yet:
            block.tries += 1

    def finish(self, ceiling: int | None) -> None:
        """Find the best plan of each block that may be part of a plan of no more than the ceiling, if any is set.

        Raises LimitReachedError when the budget ends first.
        """
        for width in _WIDTHS:
            open_yet = [block for block in self.blocks if not block.is_decided]
            if not open_yet or (ceiling is not None and self.bound > ceiling):
                return
            goals = None if ceiling is None else {block: self._most(block, ceiling) for block in open_yet}
            self._search(open_yet, goals, width)

    def _block(self, number: int, numbers: range) -> Block:
        """The block of this number, of the segments of these numbers."""
        segments = [self.segments[segment] for segment in numbers]
        steps = sorted({segment.step for segment in segments})
        return Block(
            number=number,
            segments=numbers,
            intervals=(segments[0].interval, segments[-1].interval + 1),
            steps=[step for step in steps if self.grid.targets[step] > 0],
            key=self._key(segments),
        )

    def _key(self, segments: list[Segment]) -> BlockKey:
        problem, targets = self.grid.problem, self.grid.targets
        steps = ((s, problem.steps[s.step], problem.giving(s.step)) for s in segments)
        days = tuple((targets[s.step], step.doses, step.room, giving, s.days, *s.shape) for s, step, giving in steps)
        return (self.liquids, *days)

    @property
    def _floor(self) -> int:
        """What the blocks cost at least together."""
        return sum(block.floor for block in self.blocks)

    def _raise_bound(self) -> None:
        skeleton = self.skeleton
        is_told = self.grid.problem.policy.one_liquid and self.liquids
        self._least = (skeleton.least_with(self.products[-1]) if is_told else skeleton.least) - self.worth
        for block in self.blocks:
            block.raise_floor(skeleton.between(block.first, block.end) - self.worth)

    def _next_goal(self, block: Block, ceiling: int) -> int:
        """The goal of a block's next try, in a plan of no more than the ceiling."""
        return min(block.next_goal(self.grid.money_scale), self._most(block, ceiling))

    def _most(self, block: Block, ceiling: int) -> int:
        """What a block may cost in a plan of no more than the ceiling, and than its own plan known."""
        most = block.floor + ceiling - self._floor
        return most if block.solved is None else min(most, block.solved.cost)

    def _search(self, some: Sequence[Block], goals: dict[Block, int] | None, width: int | None) -> list[Block]:
        """Search blocks up to their goals, and learn what that tells of their plans and floors.

        Returns the blocks of which it tells nothing, because the pass was too narrow for any plan.
        """
        steps = [step for block in some for step in block.steps]
        ways, crowded = self.choices.find(steps, self._goals(some, goals), width and _WAYS * width)
        possible = {block.number: block.segments for block in some if all(step in ways for step in block.steps)}
        up_to = None if goals is None else {block.number: goal for block, goal in goals.items()}
        plans, cut = search(self._field(ways), possible, up_to, width)
        lost = []
        for block in some:
            plan, goal = plans.get(block.number), None if goals is None else goals[block]
            is_narrowed = block.number in cut or not crowded.isdisjoint(block.steps)
            if plan is None and is_narrowed:
                lost.append(block)
            else:
                proved = plan and replace(plan, complete=plan.complete and not is_narrowed)
                block.learn(proved, goal, self.common.known)
        return lost

    def _field(self, ways: dict[int, Ways]) -> Field:
        return Field(
            ledger=self.common.ledger,
            skeleton=self.skeleton,
            segments=self.segments,
            ways=ways,
            budget=self.common.budget,
        )

    def _goals(self, some: Sequence[Block], goals: dict[Block, int] | None) -> Goals | None:
        """The goals of blocks, each stated for every step of its own."""
        if goals is None:
            return None
        of_steps = [block for block in some for _ in block.steps]
        return Goals(
            most=np.array([goals[block] for block in of_steps]) + self.worth,
            first=np.array([block.first for block in of_steps]),
            end=np.array([block.end for block in of_steps]),
        )
