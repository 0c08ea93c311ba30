"""Whether a day's tablets and one liquid volume can be given over the administration times.

Given the tablet mass of each administration and the liquid's total volume, the doses follow from how the
volume is divided into measurable parts. That depends on the masses alone, not on the products that make
them; and for the same masses the fewest measurements dominate: they cost the least burden and the fewest
events, and nothing else of the plan's order before evenness depends on the division.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cache, partial
from itertools import combinations

import numpy as np

from splitter.optimise.day.days import Spend
from splitter.optimise.day.options import Hand
from splitter.optimise.integers import Grid, Ints, Mask, dilated, left_by, series

_FAR = 2**61
"""More than any mass."""

_DIVIDING = 20
"""Partial days that could be looked at in the time that one division takes."""


class Division:
    """The divisions of one liquid's volume over administrations, on a grid's integer units."""

    def __init__(self, grid: Grid, liquid: int, hand: Hand) -> None:
        self.liquid = liquid
        self.factor = grid.mass_per_volume[liquid]
        self._least = cache(partial(_least_beside, hand, self.factor))
        self.volumes: list[int] = grid.volumes.tolist()
        self.most = max(self.volumes, default=0)
        self.series = tuple(series(self.volumes))
        self.mirrored = sum(1 << self.most - volume for volume in self.volumes)
        self.limit = grid.imbalance
        self._known: dict[tuple[tuple[int, ...], int], int] = {}

    def fewest(self, tablets: Ints, volumes: Ints, spend: Spend) -> Ints:
        """[n] the fewest measurements that divide `volumes` [n] over days of these tablet masses [n, times], 0: none.

        Each row of `tablets` is ascending; the doses' largest difference must stay within the grid's imbalance.
        """
        keys = [(tuple(masses), volume) for masses, volume in zip(tablets.tolist(), volumes.tolist(), strict=True)]
        new = np.array([place for place, key in enumerate(keys) if key not in self._known], dtype=np.int64)
        self._known.update(
            zip([keys[n] for n in new.tolist()], self._fewest(tablets[new], volumes[new], spend), strict=True)
        )
        return np.array([self._known[key] for key in keys], dtype=np.int64)

    def _fewest(self, tablets: Ints, volumes: Ints, spend: Spend) -> list[int]:
        """The same, worked out: for each row the smallest sets of administrations first."""
        counts = np.zeros(len(tablets), dtype=np.int64)
        times = range(tablets.shape[1])
        for measured in (some for count in times for some in combinations(times, count + 1)):
            fixed = [place for place in times if place not in measured]
            for row in np.flatnonzero((counts == 0) & self._may_divide(tablets, volumes, measured)).tolist():
                spend(_DIVIDING)
                masses = tablets[row]
                if self._divides(masses[fixed].tolist(), tuple(masses[list(measured)].tolist()), int(volumes[row])):
                    counts[row] = len(measured)
        found: list[int] = counts.tolist()
        return found

    def _may_divide(self, tablets: Ints, volumes: Ints, measured: tuple[int, ...]) -> Mask:
        """[n] whether the administrations `measured` might share the volumes, by the least and most of each."""
        if not self.volumes:
            return np.zeros(len(tablets), dtype=bool)
        times = tablets.shape[1]
        others = np.delete(tablets, measured, axis=1)
        total = tablets.sum(axis=1) + volumes * self.factor
        low, high, may = np.zeros_like(total), total, np.ones(len(total), dtype=bool)
        if self.limit is not None:
            largest, least = others.max(axis=1, initial=0), others.min(axis=1, initial=_FAR)
            low = np.maximum(-(-total // times), largest) - self.limit
            high = np.minimum(total // times, least) + self.limit
            may = largest - least <= self.limit
        beside = tablets[:, measured]
        first = np.maximum(-(-(low[:, None] - beside) // self.factor), self.volumes[0])
        first = np.maximum(first, self._least_of(beside))
        last = np.minimum((high[:, None] - beside) // self.factor, self.most)
        fits = (first.sum(axis=1) <= volumes) & (volumes <= last.sum(axis=1))
        found: Mask = may & fits & (first <= last).all(axis=1)
        return found

    def _least_of(self, masses: Ints) -> Ints:
        """The least volumes beside pieces of some masses, in an array of the same shape."""
        distinct, inverse = np.unique(masses, return_inverse=True)
        least = np.array([self._least(mass) for mass in distinct.tolist()], dtype=np.int64)
        return least[inverse].reshape(masses.shape)

    def _divides(self, fixed: list[int], measured: tuple[int, ...], volume: int) -> bool:
        """Whether `measured` administrations can share the volume beside the `fixed` doses."""
        total = sum(fixed) + sum(measured) + volume * self.factor
        if self.limit is None:
            return self._reaches(measured, volume, 0, total)
        count = len(fixed) + len(measured)
        low, high = self._window(fixed, total, count)
        if low > high or not self._reaches(measured, volume, low, high):
            return False
        # Most divisions are found at once in a window of the allowed width around the mean.
        floor = min(max(total // count - self.limit // 2, *(mass - self.limit for mass in fixed), 0), *fixed, total)
        if self._reaches(measured, volume, floor, floor + self.limit) and all(
            floor <= mass <= floor + self.limit for mass in fixed
        ):
            return True
        floors = self._floors(fixed, measured, (low, total // count))
        return self._stands(measured, volume, floors)

    def _floors(self, fixed: list[int], measured: tuple[int, ...], within: tuple[int, int]) -> list[int]:
        """The masses that the smallest dose of a day may have beside the fixed ones, ascending."""
        assert self.limit is not None
        least = max(within[0], max(fixed, default=0) - self.limit)
        most = min(within[1], *fixed) if fixed else within[1]
        found = {dose for dose in fixed if least <= dose <= most}
        for mass in {*measured}:
            first = max(-(-(least - mass) // self.factor), self._least(mass))
            found |= {mass + part * self.factor for part in self._between(first, (most - mass) // self.factor)}
        return sorted(found)

    def _stands(self, measured: tuple[int, ...], volume: int, floors: list[int]) -> bool:
        """Whether doses share the volume that are above one of the floors by no more than the limit.

        Where they can't from the lowest floor up to the limit above the highest, they can't from any of them.
        """
        assert self.limit is not None
        if not floors or not self._reaches(measured, volume, floors[0], floors[-1] + self.limit):
            return False
        middle = len(floors) // 2
        if self._reaches(measured, volume, floors[middle], floors[middle] + self.limit):
            return True
        return self._stands(measured, volume, floors[:middle]) or self._stands(measured, volume, floors[middle + 1 :])

    def _reaches(self, measured: tuple[int, ...], volume: int, low: int, high: int) -> bool:
        """Whether doses from `low` to `high`, whatever their differences, can take up the volume together.

        Sets of volumes are the bits of integers, so that adding a volume to all of a set is one shift.
        """
        ranges = [
            (max(-(-(low - mass) // self.factor), self._least(mass)), (high - mass) // self.factor) for mass in measured
        ]
        sums = 1
        for first, last in ranges[:-1]:
            sums = self._sums(sums, first, min(last, volume)) & (2 << volume) - 1
        first, last = ranges[-1]
        # What the last volume leaves to the others, as the measurable volumes counted down from the whole.
        left = left_by(self.mirrored, self.most, volume)
        return bool(sums & left & _between_bits(max(volume - last, 0), volume - first))

    def _sums(self, sums: int, first: int, last: int) -> int:
        """The set of sums of a member and a measurable volume from `first` to `last`."""
        reached = 0
        for start, step, count in self.series:
            lowest, highest = max(-(-(first - start) // step), 0), min((last - start) // step, count - 1)
            if lowest <= highest:
                reached |= dilated(sums, highest - lowest + 1, step) << start + lowest * step
        return reached

    def _between(self, first: int, last: int) -> list[int]:
        return self.volumes[bisect_left(self.volumes, first) : bisect_right(self.volumes, last)]

    def _window(self, fixed: list[int], total: int, count: int) -> tuple[int, int]:
        """The doses that can stand beside the fixed ones: within the limit of each, and around the mean."""
        assert self.limit is not None
        low = max(-(-total // count) - self.limit, *(mass - self.limit for mass in fixed), 0)
        high = min(total // count + self.limit, *(mass + self.limit for mass in fixed), total)
        return low, high


def _least_beside(hand: Hand, factor: int, mass: int) -> int:
    """The least volume units beside pieces of a mass (rule R4); more than any where there may be none."""
    least = hand.least_by_mass(mass, factor)
    return _FAR if least is None else least


def _between_bits(first: int, last: int) -> int:
    """The set of all numbers from `first` to `last`."""
    return (1 << last + 1) - (1 << first) if first <= last else 0
