"""Whether a day's tablets and one liquid volume can be given over the administration times.

Given the tablet mass of each administration and the liquid's total volume, the doses follow from how the
volume is divided into measurable parts. That depends on the masses alone, not on the products that make
them; and for the same masses the fewest measurements dominate: they cost the least burden and the fewest
events, and nothing else of the plan's order before evenness depends on the division.
"""

from __future__ import annotations

from functools import cache, lru_cache, partial
from itertools import combinations

import numpy as np

from splitter.optimise.day.options import Hand
from splitter.optimise.day.sharing import Sharing
from splitter.optimise.integers import Grid, Ints, Mask, codes
from splitter.optimise.limits import Budget

_FAR = 2**61
"""More than any mass."""

_DIVIDING = 20
"""Partial days that could be looked at in the time that one division takes."""

_MOST_KNOWN = 50_000
"""Divisions that are kept; when there are more, all or the oldest are forgotten."""


class Division:
    """The divisions of one liquid's volume over administrations, on a grid's integer units."""

    def __init__(self, grid: Grid, liquid: int, hand: Hand) -> None:
        self.liquid = liquid
        self.factor = grid.mass_per_volume[liquid]
        self._least = cache(partial(_least_beside, hand, self.factor))
        self.volumes: list[int] = grid.volumes.tolist()
        self.most = max(self.volumes, default=0)
        self.limit = grid.imbalance
        self.sharing = Sharing(self.volumes, self.factor, self.limit, self._least)
        self._known_sums = lru_cache(_MOST_KNOWN)(self.sharing.adds_up)
        self._known: dict[tuple[tuple[int, ...], int], int] = {}

    def fewest(self, tablets: Ints, volumes: Ints, budget: Budget) -> Ints:
        """[n] the fewest measurements that divide `volumes` [n] over days of these tablet masses [n, times], 0: none.

        Each row of `tablets` is ascending; the doses' largest difference must stay within the grid's imbalance.
        """
        if self.limit is None:
            return self._fewest(tablets, volumes, budget)
        keys = [(tuple(masses), volume) for masses, volume in zip(tablets.tolist(), volumes.tolist(), strict=True)]
        new = np.array([place for place, key in enumerate(keys) if key not in self._known], dtype=np.int64)
        self._known.update(
            zip([keys[n] for n in new.tolist()], self._fewest(tablets[new], volumes[new], budget).tolist(), strict=True)
        )
        found = np.array([self._known[key] for key in keys], dtype=np.int64)
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        return found

    def _fewest(self, tablets: Ints, volumes: Ints, budget: Budget) -> Ints:
        """The same, worked out: for each row the smallest sets of administrations first."""
        counts = np.zeros(len(tablets), dtype=np.int64)
        times = range(tablets.shape[1])
        for measured in (some for count in times for some in combinations(times, count + 1)):
            fixed = [place for place in times if place not in measured]
            rows = np.flatnonzero((counts == 0) & self._may_divide(tablets, volumes, measured))
            if self.limit is None and len(rows):
                shared = self._adds_up(tablets[rows][:, measured], volumes[rows], budget)
                counts[rows[shared]] = len(measured)
                continue
            for row in rows.tolist():
                budget.spend(_DIVIDING)
                others, masses = tablets[row, fixed].tolist(), tablets[row, list(measured)].tolist()
                if self.sharing.divides(others, masses, int(volumes[row])):
                    counts[row] = len(measured)
        return counts

    def _adds_up(self, beside: Ints, volumes: Ints, budget: Budget) -> Mask:
        """[n] whether measurable volumes beside pieces of each mass [n, m] add up to `volumes` [n].

        That is asked once for all rows that agree in the least volumes, which few masses tell apart.
        """
        place = np.searchsorted(self.volumes, self._least_of(beside))
        least = np.sort(np.array(self.volumes)[place], axis=1)
        _, rows, row_of = np.unique(codes(np.column_stack([least, volumes])), return_index=True, return_inverse=True)
        shared = np.zeros(len(rows), dtype=bool)
        for number, row in enumerate(rows.tolist()):
            budget.spend(_DIVIDING)
            shared[number] = self._known_sums(tuple(least[row].tolist()), int(volumes[row]))
        found: Mask = shared[row_of]
        return found

    def _may_divide(self, tablets: Ints, volumes: Ints, measured: tuple[int, ...]) -> Mask:
        """[n] whether the administrations `measured` might share the volumes, by the least and most of each."""
        if not self.volumes:
            return np.zeros(len(tablets), dtype=bool)
        times = tablets.shape[1]
        others = np.delete(tablets, measured, axis=1)
        total = tablets.sum(axis=1) + volumes * self.factor
        low, high, is_even = np.zeros_like(total), total, np.ones(len(total), dtype=bool)
        if self.limit is not None:
            largest, least = others.max(axis=1, initial=0), others.min(axis=1, initial=_FAR)
            low = np.maximum(-(-total // times), largest) - self.limit
            high = np.minimum(total // times, least) + self.limit
            is_even = largest - least <= self.limit
        beside = tablets[:, measured]
        first = np.maximum(-(-(low[:, None] - beside) // self.factor), self.volumes[0])
        first = np.maximum(first, self._least_of(beside))
        last = np.minimum((high[:, None] - beside) // self.factor, self.most)
        fits = (first.sum(axis=1) <= volumes) & (volumes <= last.sum(axis=1))
        may: Mask = is_even & fits & (first <= last).all(axis=1)
        return may

    def _least_of(self, masses: Ints) -> Ints:
        """The least volumes beside pieces of some masses, in an array of the same shape."""
        distinct, inverse = np.unique(masses, return_inverse=True)
        least = np.array([self._least(mass) for mass in distinct.tolist()], dtype=np.int64)
        return least[inverse].reshape(masses.shape)


def _least_beside(hand: Hand, factor: int, mass: int) -> int:
    """The least volume units beside pieces of a mass (rule R4); more than any where there may be none."""
    least = hand.least_by_mass(mass, factor)
    return _FAR if least is None else least
