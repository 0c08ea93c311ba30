"""Lots that may serve several intervals, told apart by how long each may still serve."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from splitter.optimise.integers import Ints
from splitter.optimise.owed import Supplies, Tariff

MOST_AGES = 20_000
"""States of the open lots that the bound tells apart; lots beyond them are taken as free to open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """The lots that may serve several intervals, and how their ages change.

    An age is, for each such lot, the intervals that it may still serve, the current one included; 0 where none is
    open. `ages` [a, C] lists them; `opening` [C] is what beginning each lot costs; `reach` [C, V] how many intervals
    a lot begun in each may serve.
    """

    members: tuple[int, ...]
    ages: Ints
    opening: Ints
    reach: Ints
    steps: dict[tuple[int, ...], tuple[Ints, Ints]]

    def step(self, interval: int, used: int) -> tuple[Ints, Ints]:
        """([a] the place of each age after an interval that uses the lots `used` (bits), [a] what it pays)."""
        key = (used, *self.reach[:, interval].tolist())
        if key not in self.steps:
            self.steps[key] = self._step(interval, used)
        return self.steps[key]

    def _step(self, interval: int, used: int) -> tuple[Ints, Ints]:
        ages, cost = self.ages.copy(), np.zeros(len(self.ages), dtype=np.int64)
        for lot in range(len(self.members)):
            if used >> lot & 1:
                begins = ages[:, lot] == 0
                cost += np.where(begins, self.opening[lot], 0)
                ages[:, lot] = np.where(begins, self.reach[lot, interval], ages[:, lot])
        return self.place(np.maximum(ages - 1, 0)), cost

    def place(self, ages: Ints) -> Ints:
        """[n] the places in `ages` of rows of ages [n, C]."""
        place = np.zeros(len(ages), dtype=np.int64)
        for lot in range(len(self.members)):
            place = place * (int(self.reach[lot].max()) + 1) + ages[:, lot]
        return place


def carried(supplies: Supplies, members: tuple[int, ...], tariff: Tariff) -> Carried:
    """The lots among the members that may serve several intervals, as many as can be told apart."""
    lots: list[int] = []
    states = 1
    for q in members:
        if q in supplies.lots and (longest := supplies.longest(q)) > 1 and states * (longest + 1) <= MOST_AGES:
            lots.append(q)
            states *= longest + 1
    intervals = len(supplies.grid.problem.bounds) - 1
    reach = np.array([supplies.reach(q) for q in lots], dtype=np.int64).reshape(len(lots), intervals)
    ages = list(product(*(range(int(row.max()) + 1) for row in reach)))
    return Carried(
        members=tuple(lots),
        ages=np.array(ages, dtype=np.int64).reshape(len(ages), len(lots)),
        opening=tariff.opening[np.array(lots, dtype=np.int64)],
        reach=reach,
        steps={},
    )
