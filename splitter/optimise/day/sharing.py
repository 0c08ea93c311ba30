"""Whether some administrations can share a volume of a liquid, beside the mass of pieces that each has already.

Without a limit on the imbalance the volume alone decides: whether it is a sum of measurable volumes, one for each. That
is asked of sets of volumes as the bits of integers, since adding a volume to all of a set is one shift. With a limit
all doses of the day lie between its smallest one, the floor, and the limit above it. A floor is a dose that somebody
can get; a division exists if the volume can be shared within the limit above one of them. Most are found at once
around the mean. Otherwise the floors are halved as long as the volume can be shared between the lowest of them and the
limit above the highest, which is less to ask.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from splitter.optimise.integers import dilated, left_by, series, up_to

_NOTHING = 1
"""The set of the volume zero alone."""


class Sharing:
    """Shares volumes of one liquid, of which a unit has `factor` mass units.

    `volumes` are the measurable ones, ascending; `limit` is the imbalance that is allowed, in mass units, None for any;
    `least` says which volume there must be at least beside pieces of a mass.
    """

    def __init__(self, volumes: list[int], factor: int, limit: int | None, least: Callable[[int], int]) -> None:
        self.factor = factor
        self.volumes = volumes
        self.limit = limit
        self.least = least
        self._most = max(volumes, default=0)
        self._series = tuple(series(volumes))
        self._mirrored = sum(1 << self._most - volume for volume in volumes)

    def divides(self, fixed: Sequence[int], masses: Sequence[int], volume: int) -> bool:
        """Whether administrations with `masses` can share the volume in a day that has the `fixed` doses, too."""
        total = sum(fixed) + sum(masses) + volume * self.factor
        if self.limit is None:
            return self._reaches(masses, volume, 0, total)
        times = len(fixed) + len(masses)
        mean = total // times
        # Every dose is within the limit of each fixed one, and of the mean: some dose is not above it, some not below.
        low = max(-(-total // times) - self.limit, *(dose - self.limit for dose in fixed), 0)
        high = min(mean + self.limit, *(dose + self.limit for dose in fixed), total)
        if low > high or not self._reaches(masses, volume, low, high):
            return False
        floor = min(max(mean - self.limit // 2, *(dose - self.limit for dose in fixed), 0), *fixed, total)
        if max(fixed, default=floor) <= floor + self.limit and self._reaches_from(masses, volume, floor):
            return True
        least, most = max(low, max(fixed, default=0) - self.limit), min(mean, *fixed, total)
        return self._reaches_any(masses, volume, self._floors(fixed, masses, least, most))

    def _floors(self, fixed: Sequence[int], masses: Sequence[int], least: int, most: int) -> list[int]:
        """The doses from `least` to `most` that are fixed or that an administration can get, ascending."""
        floors = {dose for dose in fixed if least <= dose <= most}
        for mass in {*masses}:
            first, last = self._parts(mass, least, most)
            parts = self.volumes[bisect_left(self.volumes, first) : bisect_right(self.volumes, last)]
            floors |= {mass + part * self.factor for part in parts}
        return sorted(floors)

    def _reaches_any(self, masses: Sequence[int], volume: int, floors: list[int]) -> bool:
        """Whether the volume can be shared within the limit above one of the floors."""
        assert self.limit is not None
        if not floors or not self._reaches(masses, volume, floors[0], floors[-1] + self.limit):
            return False
        middle = len(floors) // 2
        return (
            self._reaches_from(masses, volume, floors[middle])
            or self._reaches_any(masses, volume, floors[:middle])
            or self._reaches_any(masses, volume, floors[middle + 1 :])
        )

    def _reaches_from(self, masses: Sequence[int], volume: int, floor: int) -> bool:
        """Whether the volume can be shared so that no dose is below the floor or above it by more than the limit."""
        assert self.limit is not None
        return self._reaches(masses, volume, floor, floor + self.limit)

    def _reaches(self, masses: Sequence[int], volume: int, low: int, high: int) -> bool:
        """Whether doses from `low` to `high`, whatever their differences, can take up the volume together."""
        return self._adds_up([self._parts(mass, low, high) for mass in masses], volume)

    def adds_up(self, least: tuple[int, ...], volume: int) -> bool:
        """Whether measurable volumes of at least so much each add up to a volume; without a limit no more is asked."""
        return self._adds_up([(first, volume) for first in least], volume)

    def _adds_up(self, parts: Sequence[tuple[int, int]], volume: int) -> bool:
        """Whether one measurable volume between the least and the most of each part add up to a volume."""
        *others, (first, last) = parts
        taken = _NOTHING
        for least, most in others:
            taken = self._with_one_more(taken, least, min(most, volume)) & up_to(volume)
        left_to_others = left_by(self._mirrored, self._most, volume)
        return bool(taken & left_to_others & _between(max(volume - last, 0), volume - first))

    def _parts(self, mass: int, low: int, high: int) -> tuple[int, int]:
        """The (least, most) volume beside a mass for a dose from `low` to `high`."""
        return max(-(-(low - mass) // self.factor), self.least(mass)), (high - mass) // self.factor

    def _with_one_more(self, taken: int, first: int, last: int) -> int:
        """The set of sums of a member and a measurable volume from `first` to `last`."""
        sums = 0
        for start, step, count in self._series:
            lowest, highest = max(-(-(first - start) // step), 0), min((last - start) // step, count - 1)
            if lowest <= highest:
                sums |= dilated(taken, highest - lowest + 1, step) << start + lowest * step
        return sums


def _between(first: int, last: int) -> int:
    """The set of all volumes from `first` to `last`."""
    return (1 << last + 1) - (1 << first) if first <= last else 0
