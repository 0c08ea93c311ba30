"""The plans of one set of liquids: their bound, and their ways within a goal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitter.optimise.allowance import Allowance
from splitter.optimise.ledger import Ledger
from splitter.optimise.options import best_of_each
from splitter.optimise.search import Budget, Search
from splitter.optimise.skeleton import Skeleton
from splitter.optimise.tables import DoseTables
from splitter.optimise.timeline import Calendar
from splitter.optimise.ways import Asked, Palette, WayFinder, Ways, join

_MOST_ENTRIES = 2**18
"""Entries, over steps and sets of products, of a table of what days may cost; more steps are taken in turns."""

_MOST_STEPS = 64
"""Steps whose ways are looked for at once: where a goal is too low, the first of them tell soon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What all candidates of a problem share."""

    ledger: Ledger
    calendar: Calendar
    tables: DoseTables
    finder: WayFinder


class Candidate:
    """All plans that use no other liquids than these (places in the grid).

    `bound` [money units] is below the objective of each of them, or where one liquid at most is allowed, of each
    that uses it: the others are those of no liquid. It rises as goals are found too low. `decided` says that the best
    of its plans is known; `begun` is a search that has only to be finished.
    """

    def __init__(self, common: Common, liquids: tuple[int, ...]) -> None:
        self.liquids = liquids
        self.ledger = common.ledger
        self.finder = common.finder
        self.first_liquid = len(self.ledger.grid.discrete)
        self.products = (*range(self.first_liquid), *(self.first_liquid + liquid for liquid in liquids))
        self.segments = common.calendar.segments({q: self.ledger.products[q] for q in self.products})
        self.intervals = common.calendar.intervals
        steps = zip(self.ledger.grid.problem.steps, self.intervals, strict=True)
        self.asked = [Asked(step=step, days=tuple(intervals.values())) for step, intervals in steps]
        self.decided = False
        self.begun: Search | None = None
        self.skeleton = Skeleton(self.ledger, common.tables, self.products, self.segments)
        self.is_shallow = True
        self.bound = self._bound()

    def deepen(self) -> None:
        """Raise the bound as far as the skeleton can."""
        self.is_shallow = False
        self.skeleton.deepen()
        self.bound = max(self.bound, self._bound())

    def _bound(self) -> int:
        if self.ledger.grid.problem.policy.one_liquid and self.liquids:
            return self.skeleton.least_with(self.products[-1])
        return self.skeleton.least

    def search(self, goal: int | None, budget: Budget) -> Search | None:
        """The search among the ways that a plan within the goal may use, or None when a step has none."""
        ways: list[Ways | None] = [None] * len(self.asked)
        given = [number for number, asked in enumerate(self.asked) if asked.step.target]
        size = min(max(1, _MOST_ENTRIES >> len(self.skeleton.members)), _MOST_STEPS)
        for first in range(0, len(given), size):
            numbers = given[first : first + size]
            for number, found in zip(numbers, self._within(numbers, goal, budget), strict=True):
                if found is None:
                    return None
                ways[number] = found
        return Search(self.ledger, self.skeleton, self.segments, tuple(ways), budget)

    def _within(self, numbers: list[int], goal: int | None, budget: Budget) -> list[Ways | None]:
        """The ways of some steps that a plan within the goal may use."""
        everything = (1 << len(self.skeleton.members)) - 1
        asked = [self.asked[number] for number in numbers]
        if goal is None:
            return self.finder.find(asked, self._palette(everything))
        budget.spend(len(numbers))
        allowance = self.skeleton.allowance([self.intervals[number] for number in numbers], numbers, goal)
        if len(self.liquids) < 2:
            return self.finder.find(asked, self._palette(everything), allowance)
        return [
            self._of_several_liquids(number, goal, allowance.of(slice(place, place + 1)))
            for place, number in enumerate(numbers)
        ]

    def _of_several_liquids(self, number: int, goal: int, allowance: Allowance) -> Ways | None:
        """The ways of a step whose days may use several liquids.

        Such days are many: look for those of each set of products that may be open.
        """
        sets = [self.skeleton.open_sets(interval, goal) for interval in self.intervals[number]]
        masks = min(sets, key=len).tolist()
        found = [self.finder.find([self.asked[number]], self._palette(mask), allowance)[0] for mask in masks]
        parts = [ways for ways in found if ways is not None]
        return _distinct(join(parts)) if parts else None

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
