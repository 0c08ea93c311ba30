"""The ways that plans of one set of liquids may use within what they may cost, for the steps asked about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from splitter.optimise.bounds import Goals, Skeleton
from splitter.optimise.day import Allowance, Asked, Palette, WayFinder, Ways, best_of_each, join
from splitter.optimise.integers import Calendar
from splitter.optimise.limits import Budget

_MOST_ENTRIES = 2**18
"""Entries, over steps and sets of products, of a table of what days may cost; more steps are taken in turns."""


class Choices:
    """Finds the ways of steps with these products, and no others, as places in `Supplies`."""

    def __init__(
        self, finder: WayFinder, calendar: Calendar, skeleton: Skeleton, products: tuple[int, ...], budget: Budget
    ) -> None:
        self.finder = finder
        self.calendar = calendar
        self.skeleton = skeleton
        self.products = products
        self.budget = budget
        self.grid = skeleton.supplies.grid
        self.first_liquid = len(self.grid.discrete)

    def find(self, steps: Sequence[int], goals: Goals | None, most: int | None) -> tuple[dict[int, Ways], set[int]]:
        """(the ways of the steps that have any, the steps of which some were left out).

        With `goals`, one for each step, only those that plans within them may use; with `most` the best of them.
        Raises LimitReachedError when the budget ends first.
        """
        size = max(1, _MOST_ENTRIES >> len(self.skeleton.members))
        found: dict[int, Ways] = {}
        left_out: set[int] = set()
        for first in range(0, len(steps), size):
            some = list(steps[first : first + size])
            self.budget.spend(len(some))
            part = None if goals is None else goals.of(slice(first, first + size))
            allowance = None if part is None else self._allowance(some, part)
            ways_of = dict(zip(some, self._within(some, part, allowance, most), strict=True))
            found |= {step: ways for step, ways in ways_of.items() if ways}
            left_out |= {step for step, ways in ways_of.items() if ways is not None and ways.is_cut}
            if allowance is not None and most is not None:
                crowded = {s: place for place, s in enumerate(some) if s in found and len(found[s]) > most}
                left_out |= set(crowded)
                for step, place in crowded.items():
                    found[step] = _best(found[step], allowance.of(slice(place, place + 1)), most)
        return found, left_out

    def _allowance(self, steps: list[int], goals: Goals) -> Allowance:
        return self.skeleton.allowance(self.calendar.shares(steps), goals)

    def _within(
        self, steps: list[int], goals: Goals | None, allowance: Allowance | None, most: int | None
    ) -> list[Ways | None]:
        """The ways of some steps that plans within the goals may use."""
        asked = [self._asked(step) for step in steps]
        everything = self._palette((1 << len(self.skeleton.members)) - 1)
        if goals is None or allowance is None or len(everything.liquids) < 2:
            return self.finder.find(asked, everything, self.budget, allowance, most)
        return [
            self._of_several_liquids(step, goals.of(one), allowance.of(one), most)
            for step, one in ((step, slice(place, place + 1)) for place, step in enumerate(steps))
        ]

    def _of_several_liquids(self, step: int, goals: Goals, allowance: Allowance, most: int | None) -> Ways | None:
        """The ways of a step whose days may use several liquids.

        Such days are many: look for those of each set of products that may be open.
        """
        sets = [self.skeleton.open_sets(interval, goals) for interval in self.calendar.intervals[step]]
        masks = min(sets, key=len).tolist()
        asked = [self._asked(step)]
        found = [self.finder.find(asked, self._palette(mask), self.budget, allowance, most)[0] for mask in masks]
        parts = [ways for ways in found if ways is not None]
        return _distinct(join(parts)) if parts else None

    def _asked(self, step: int) -> Asked:
        days = tuple(self.calendar.intervals[step].values())
        problem = self.grid.problem
        return Asked(step=problem.steps[step], mass=self.grid.targets[step], days=days, giving=problem.giving(step))

    def _palette(self, mask: int) -> Palette:
        """The products of a mask of members, and those that are no members."""
        members = self.skeleton.members
        closed = {q for bit, q in enumerate(members) if not mask >> bit & 1}
        opened = [q for q in self.products if q not in closed]
        return Palette(
            discrete=frozenset(q for q in opened if q < self.first_liquid),
            liquids=tuple(q - self.first_liquid for q in opened if q >= self.first_liquid),
        )


def _best(ways: Ways, allowance: Allowance, most: int) -> Ways:
    """The ways of a step that leave most of what a day of it may cost."""
    return ways.pick(allowance.best(ways.doses, most))


def _distinct(ways: Ways) -> Ways:
    """The ways without those of the same use, of which the first in cost and events stays."""
    return ways.pick(best_of_each(np.column_stack([ways.doses.key, ways.deviation]), ways.doses))
