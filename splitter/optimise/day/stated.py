"""Days whose doses are stated for each time: their administrations joined one after another.

Of days so far with the same use one is kept, and none that another beats (`exchange`). Where they become many, those
are left out too that cost more than a plan within the goal leaves for a day of the step: a day so far costs at least
what its administrations cost, and each later one at least what the cheapest of its dose costs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from splitter.optimise.day.allowance import Allowance
from splitter.optimise.day.days import CHUNK, Administrations, Gathered
from splitter.optimise.day.exchange import Exchange
from splitter.optimise.day.options import Doses, Hand, least_volumes, measured, reachable, stack
from splitter.optimise.integers import Grid, Ints, Mask
from splitter.optimise.limits import Budget
from splitter.quantity import Mass

_MOST_KNOWN = 4096
"""Stated days that are kept; when there are more, all are forgotten."""

_MANY = 50_000
"""Pairs of a day so far and an administration from which on days are looked for only within what they may cost."""

Given = Mapping[int, Doses]
"""The ways to give something, by how far they are from what is asked [mass units]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """What administrations are joined with; the allowance, if any, is of the one step.

    With a `width` no more than the best days so far go on, by what they leave of the allowance.
    """

    exchange: Exchange
    budget: Budget
    allowance: Allowance | None = None
    width: int | None = None

    def few(self, given: Sequence[Given]) -> dict[int, Doses] | None:
        """The days of one administration of each dose, whatever they cost; None where they become many."""
        days, whatever = dict(given[0]), replace(self, allowance=None)
        for more in given[1:]:
            if _count(days) * _count(more) >= _MANY:
                return None
            days = whatever._joined(days, more, 0)
        return days

    def days(self, given: Sequence[Given]) -> tuple[dict[int, Doses], bool]:
        """(those that a plan may use, whether some were left out because they were more than the width).

        Raises LimitReachedError when the budget ends first, or they are too many to hold.
        """
        if not all(map(_count, given)):
            return {}, False
        days, is_cut = dict(given[0]), False
        for place in range(1, len(given)):
            days = self._joined(days, given[place], self._later(given[place + 1 :]))
            if self.width is not None and self.allowance is not None and _count(days) > self.width:
                days, is_cut = {far: rows[self.allowance.best(rows, self.width)] for far, rows in days.items()}, True
        return days, is_cut

    def _later(self, given: Sequence[Given]) -> Ints | int:
        """[A] what the administrations cost at least that are still to come."""
        if self.allowance is None or not given:
            return 0
        least: Ints = np.sum(
            [np.concatenate([self.allowance.costs(rows) for rows in each.values()]).min(axis=0) for each in given],
            axis=0,
        )
        return least

    def _joined(self, days: Given, given: Given, later: Ints | int) -> dict[int, Doses]:
        found: dict[int, Gathered] = {}
        for before, rows in days.items():
            for added, more in given.items():
                gathered = found.setdefault(before + added, Gathered(self.exchange, self.budget))
                for left, right in self._pairs(rows, more, later):
                    gathered.add(np.zeros(len(left), dtype=np.int64), rows[left].plus(more[right]))
        return {deviation: each.left()[1] for deviation, each in found.items() if not each.is_empty}

    def _pairs(self, rows: Doses, more: Doses, later: Ints | int) -> Iterator[tuple[Ints, Ints]]:
        """([n] the row, [n] the row of `more`) of those that may be in one day, in bounded parts."""
        size = max(CHUNK // max(len(more), 1), 1)
        for first in range(0, len(rows), size):
            some = np.arange(first, min(first + size, len(rows)))
            left, right = np.repeat(some, len(more)), np.tile(np.arange(len(more)), len(some))
            if self.allowance is not None:
                within = self._within(self.allowance, (rows[some], more), later)
                left, right = left[within], right[within]
            self.budget.spend(len(left))
            yield left, right

    def _within(self, allowance: Allowance, pair: tuple[Doses, Doses], later: Ints | int) -> Mask:
        """[rows · more] whether each row of one may be in one day with each row of the other."""
        rows, more = pair
        costs = allowance.costs(rows)[:, None, :] + allowance.costs(more)[None, :, :] + later
        masks = allowance.masks(rows)[:, None] | allowance.masks(more)[None, :]
        flat = costs.reshape(-1, costs.shape[-1])
        return allowance.admits(np.zeros(len(flat), dtype=np.int64), flat, masks.reshape(-1))


def _count(days: Given) -> int:
    return sum(map(len, days.values()))


class Stated:
    """What gives the stated doses of a problem, and of all that differ from it in their steps alone."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.keep_all = grid.problem.policy.max_products > 0
        self._known: dict[tuple[object, ...], dict[int, Doses] | None] = {}

    def heaviest(self, doses: Sequence[Mass]) -> int:
        """The most mass units of one of them."""
        return max(self.grid.mass(dose.value) + self._slack(dose) for dose in doses)

    def days(
        self, doses: tuple[Mass, ...], made_of: tuple[Hand, Administrations], joining: Joining
    ) -> tuple[dict[int, Doses], bool]:
        """(the days whose administrations each obey their own dose, by their deviation, whether some were left out).

        A day's deviation is the sum over its times. Few days are looked for once, many only within what they may cost.
        """
        key = doses, made_of[0], joining.exchange.days
        if key not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[key] = joining.few(self._administrations(doses, *made_of))
        known = self._known[key]
        return joining.days(self._administrations(doses, *made_of)) if known is None else (known, False)

    def _administrations(self, doses: Sequence[Mass], hand: Hand, options: Administrations) -> list[dict[int, Doses]]:
        """The ways to give each dose, by how far they are from it."""
        given = {dose: self._one_dose(dose, hand, options) for dose in {*doses}}
        return [given[dose] for dose in doses]

    def _slack(self, dose: Mass) -> int:
        """How far a dose may be off; of a stated dose of zero nothing is given then, whatever the tolerance."""
        return self.grid.slack(dose) if dose else 0

    def _one_dose(self, dose: Mass, hand: Hand, options: Administrations) -> dict[int, Doses]:
        found: dict[int, Doses] = {}
        for deviation, totals in reachable(self.grid, self.grid.mass(dose.value), self._slack(dose)):
            parts = [rows for total in totals for rows in self._single(total, hand, options) if len(rows)]
            if parts:
                found[deviation] = stack(parts)
                if not self.keep_all:
                    break
        return found

    def _single(self, dose: int, hand: Hand, options: Administrations) -> Iterator[Doses]:
        """The ways to give one administration of exactly `dose` mass units; of none, only nothing."""
        rows = options.of_mass(dose)
        if rows is not None:
            yield rows
        for liquid in hand.liquids if dose else ():
            factor = self.grid.mass_per_volume[liquid]
            volumes, rests = np.divmod(dose - options.masses[options.masses < dose], factor)
            for place in np.flatnonzero(rests == 0).tolist():
                mass, volume = int(options.masses[place]), int(volumes[place])
                if volume in self.grid.measurable and hand.pours(self.grid, liquid, volume):
                    tablets = options.of_mass(mass)
                    assert tablets is not None
                    tablets = tablets[least_volumes(hand, tablets, factor) <= volume]
                    poured = tablets.volume.copy()
                    poured[:, liquid] = volume
                    yield measured(self.grid, tablets, poured, np.ones(len(tablets), dtype=np.int64))
