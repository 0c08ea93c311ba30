"""Days that may use several liquids, when the policy allows more than one in the plan.

Still at most one liquid is given in one administration. The volumes are then no consequence of the tablets,
so the days are grown one administration at a time, smaller doses first, merging days that nothing after them
can tell apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from splitter.optimise.day.days import CHUNK, Administrations
from splitter.optimise.day.options import Doses, Hand, best_of_each, burdens, least_volumes, stack
from splitter.optimise.integers import Grid, Ints
from splitter.optimise.limits import Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class _Days:
    """Unfinished days: `rows` so far (their `mass` counts liquids too), with the `first` and `last` dose [n]."""

    rows: Doses
    first: Ints
    last: Ints

    def pick(self, rows: Ints) -> _Days:
        return _Days(rows=self.rows[rows], first=self.first[rows], last=self.last[rows])


def mixed_days(grid: Grid, hand: Hand, total: int, options: Administrations, budget: Budget) -> Iterator[Doses]:
    """The ways to give exactly `total` mass units over the day's times with any of these liquids."""
    times = len(grid.problem.times)
    choices = _administrations(grid, hand, options, total)
    days = _ending(grid, _Days(rows=choices, first=choices.mass, last=choices.mass), total, times - 1)
    for left in reversed(range(times - 1)):
        parts = [days.pick(np.arange(0))]
        size = max(CHUNK // max(len(choices), 1), 1)
        for first in range(0, len(days.rows), size):
            some = days.pick(np.arange(first, min(first + size, len(days.rows))))
            budget.spend(len(some.rows) * len(choices))
            parts.append(_ending(grid, _grow(some, choices), total, left))
            budget.hold(sum(part.rows.entries for part in parts))
        days = _merge(_join(parts))
    if len(days.rows):
        yield replace(days.rows, mass=np.zeros_like(days.rows.mass))


def _administrations(grid: Grid, hand: Hand, options: Administrations, most: int) -> Doses:
    """Every tablet option alone and with every measurable volume of each liquid, as doses of their whole mass."""
    tablets = options.rows[options.rows.mass <= most]
    parts = [tablets]
    measure = burdens(grid)[2]
    for liquid in hand.liquids:
        factor = grid.mass_per_volume[liquid]
        least = least_volumes(hand, tablets, factor)
        for volume in grid.volumes.tolist():
            beside = tablets[least <= volume]
            poured = beside.volume.copy()
            poured[:, liquid] = volume
            rows = replace(
                beside,
                mass=beside.mass + volume * factor,
                volume=poured,
                events=beside.events + 1,
                burden=beside.burden + measure,
            )
            parts.append(rows[rows.mass <= most])
    return stack(parts)


def _ending(grid: Grid, days: _Days, total: int, left: int) -> _Days:
    """The days that `left` more doses can end, each of those that are alike once."""
    return _merge(days.pick(np.flatnonzero(_can_finish(grid, days, total, left))))


def _join(parts: list[_Days]) -> _Days:
    return _Days(
        rows=stack([part.rows for part in parts]),
        first=np.concatenate([part.first for part in parts]),
        last=np.concatenate([part.last for part in parts]),
    )


def _can_finish(grid: Grid, days: _Days, total: int, left: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether `left` more doses, none smaller than the last, can make up the total within the imbalance."""
    rest = total - days.rows.mass
    possible = (rest >= left * days.last) if left else (rest == 0)
    if grid.imbalance is not None:
        most = days.first + grid.imbalance
        possible &= (days.last <= most) & (rest <= left * most)
    return possible


def _grow(days: _Days, choices: Doses) -> _Days:
    rows = np.repeat(np.arange(len(days.rows)), len(choices))
    added = np.tile(np.arange(len(choices)), len(days.rows))
    later = choices.mass[added] >= days.last[rows]
    rows, added = rows[later], added[later]
    return _Days(rows=days.rows[rows].plus(choices[added]), first=days.first[rows], last=choices.mass[added])


def _merge(days: _Days) -> _Days:
    """Of days with the same use, mass, first and last dose keep the least burden, splits and events."""
    rows = days.rows
    state = np.column_stack([rows.key, rows.mass, days.first, days.last])
    return days.pick(best_of_each(state, rows))
