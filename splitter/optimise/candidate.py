"""The plans of one set of liquids: their bound, and their ways within a goal."""

from __future__ import annotations

import numpy as np

from splitter.optimise.allowance import Allowance
from splitter.optimise.ledger import Ledger
from splitter.optimise.options import best_of_each
from splitter.optimise.search import AllWays, Budget, Search
from splitter.optimise.skeleton import Skeleton
from splitter.optimise.tables import DoseTables
from splitter.optimise.timeline import segments, step_intervals
from splitter.optimise.ways import Palette, WayFinder, Ways, join


class Candidate:
    """All plans that use no other liquids than these (places in the grid).

    `bound` [money units] is below the objective of each of them, or where one liquid at most is allowed, of each
    that uses it: the others are those of no liquid. It rises as goals are found too low.
    """

    def __init__(self, ledger: Ledger, tables: DoseTables, finder: WayFinder, liquids: tuple[int, ...]) -> None:
        self.liquids = liquids
        self.ledger = ledger
        self.finder = finder
        self.first_liquid = len(ledger.grid.discrete)
        self.products = (*range(self.first_liquid), *(self.first_liquid + liquid for liquid in liquids))
        problem = ledger.grid.problem
        self.segments = segments(problem, {q: ledger.products[q] for q in self.products})
        self.intervals = step_intervals(problem)
        self.skeleton = Skeleton(ledger, tables, self.products, self.segments)
        self.bound = self.skeleton.least
        if problem.policy.one_liquid and liquids:
            self.bound = self.skeleton.least_with(self.products[-1])

    def search(self, goal: int | None, budget: Budget) -> Search | None:
        """The search among the ways that a plan within the goal may use, or None when a step has none."""
        ways: list[Ways | None] = []
        for number, step in enumerate(self.ledger.grid.problem.steps):
            found = self._within(number, goal, budget) if step.target else None
            if step.target and found is None:
                return None
            ways.append(found)
        return self._search(tuple(ways), budget)

    def _search(self, ways: AllWays, budget: Budget) -> Search:
        return Search(self.ledger, self.skeleton, self.segments, ways, budget)

    def _within(self, number: int, goal: int | None, budget: Budget) -> Ways | None:
        """The ways of a step that a plan within the goal may use."""
        everything = (1 << len(self.skeleton.members)) - 1
        if goal is None:
            return self._ways(number, everything, None)
        masks = [everything]
        if len(self.liquids) > 1:
            # Days of several liquids are many: look for those of each set of products that may be open.
            sets = [self.skeleton.open_sets(interval, goal) for interval in self.intervals[number]]
            masks = min(sets, key=len).tolist()
        allowance = self.skeleton.allowance(number, self.intervals[number], goal)
        parts = []
        for mask in masks:
            budget.spend(1)
            ways = self._ways(number, mask, allowance)
            if ways is not None:
                parts.append(ways)
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else _distinct(join(parts))

    def _ways(self, number: int, mask: int, allowance: Allowance | None) -> Ways | None:
        """The ways of a step with the products of a mask of members, and those that are no members."""
        members = self.skeleton.members
        closed = {q for bit, q in enumerate(members) if not mask >> bit & 1}
        opened = [q for q in self.products if q not in closed]
        palette = Palette(
            discrete=frozenset(q for q in opened if q < self.first_liquid),
            liquids=tuple(q - self.first_liquid for q in opened if q >= self.first_liquid),
        )
        step = self.ledger.grid.problem.steps[number]
        return self.finder.find(step, tuple(self.intervals[number].values()), palette, allowance)


def _distinct(ways: Ways) -> Ways:
    """The ways without those of the same use, of which the first in cost and events stays."""
    return ways.pick(best_of_each(np.column_stack([ways.doses.key, ways.deviation]), ways.doses))
