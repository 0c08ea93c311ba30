"""Days and doses of tablets with the rest as liquid, for all masses and all sets of open products at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitter.optimise.integers import Ints, Mask

FAR = 2**61
"""The cost of what can't be made. Two of them still fit 63 bits."""

SHIFT = 8
"""Prices of a mass unit are multiples of 1 / 2^8."""

_NONE = np.iinfo(np.int64).max
"""No tablets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Days of several steps whose doses are not stated, to be asked at any price of the liquid.

    `alone` [S, 2^d] costs of tablets only; `sums` [B, G, 2^d] of the tablets beside a liquid, up to any mass, for the
    `window` [S] of each step; `near` [S, 2^d] of those beside hardly any liquid, where a tolerance allows that; `rest`
    [S] the mass units that tablets and the liquid give together; `usable` [S, 2^d] the members that may be used of
    each set, `is_poured` [S] whether the liquid may. `measure` is the burden of one measurement.
    """

    alone: Ints
    sums: Ints
    window: Ints
    near: Ints
    rest: Ints
    usable: Ints
    is_poured: Mask
    measure: int
    lattice: int

    def days(self, pour: int) -> Ints:
        """[S, 2^d] a bound on the cost of a day, beside a liquid at `pour` / 2^8 a mass unit."""
        found = self.alone
        if pour < FAR:
            poured = np.minimum(Poured(self.sums, self.lattice, pour).of(self.rest, self.window), self.near)
            beside = np.where(self.is_poured[:, None], add(poured, self.measure), FAR)
            found = np.minimum(found, beside)
        usable: Ints = np.take_along_axis(found, self.usable, axis=1)
        return usable


class Poured:
    """The least cost of masses from tablets and the rest as liquid, by tables [B, G, 2^d] of the tablets' cost.

    Of tablets of t mass units and a liquid for the other T - t, the cost is cost(t) - t·pour + T·pour: so the least of
    the first two, up to each t, tells it for every T.
    """

    def __init__(self, tables: Ints, lattice: int, pour: int) -> None:
        self.lattice = lattice
        self.pour = pour
        below = np.arange(tables.shape[1])[:, None] * (lattice * pour)
        saved = np.where(tables < FAR, (tables << SHIFT) - below, _NONE)
        self._least = np.minimum.accumulate(saved, axis=1, out=saved)

    def of(self, masses: Ints, table: Ints | int = 0) -> Ints:
        """[n, 2^d] the least cost of each of `masses` [n] by its `table` [n], some of it as liquid; FAR: none."""
        last = np.minimum((masses - 1) // self.lattice, self._least.shape[1] - 1)
        least = self._least[table, np.maximum(last, 0)]
        cost = least + (masses * self.pour)[:, None] >> SHIFT
        found: Ints = np.where((least == _NONE) | (last < 0)[:, None], FAR, cost)
        return found


def add(*parts: Ints | int) -> Ints:
    """The sum of costs, FAR where any of them is."""
    total, *others = parts
    for part in others:
        total = np.minimum(total + part, FAR)
    return np.asarray(total)


def scaled(cost: Ints, days: Ints | int) -> Ints:
    """A cost of `days` days, FAR where one day is."""
    return np.where(cost < FAR, np.minimum(cost, FAR // np.maximum(days, 1)) * days, FAR)
