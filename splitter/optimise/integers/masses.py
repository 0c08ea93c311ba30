"""Sets of masses as the bits of integers, and the days that some doses of one administration make.

A bit stands for a multiple of a small unit of mass. Shifting a set adds a mass to all of it at once, and a run of
consecutive masses is added by doubling. Whether a day can have a mass is asked of two halves of it that meet: the sums
of some of its doses, and what the mass leaves to the others; the sums of all its doses are never made for that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

Series = tuple[int, int, int]
"""The first of some numbers, by how much the next is larger, and how many they are."""

_RUN = re.compile("1+")


def members(masses: int) -> Iterator[int]:
    """The members of a set, the smallest first."""
    return (run for start, length in runs(masses) for run in range(start, start + length))


def runs(masses: int) -> list[tuple[int, int]]:
    """(the first, how many) of each run of consecutive members, the smallest first."""
    return [(run.start(), run.end() - run.start()) for run in _RUN.finditer(bin(masses)[:1:-1])]


def series(numbers: Sequence[int]) -> Iterator[Series]:
    """Ascending numbers as series of equal steps.

    >>> list(series([2, 4, 6, 7, 12]))
    [(2, 2, 3), (7, 5, 2)]
    """
    place = 0
    while place < len(numbers):
        first, end = numbers[place], place + 1
        step = numbers[end] - first if end < len(numbers) else first
        while end < len(numbers) and numbers[end] - numbers[end - 1] == step:
            end += 1
        yield first, step, end - place
        place = end


def up_to(most: int) -> int:
    """The set of all masses from 0 to `most`.

    >>> bin(up_to(3))
    '0b1111'
    """
    return (2 << most) - 1


def largest_below(masses: int, mass: int) -> int | None:
    """The largest member that is below a mass and above zero.

    >>> largest_below(0b10101, 4), largest_below(0b10101, 2)
    (2, None)
    """
    lower = masses & (1 << max(mass, 0)) - 1 & ~1
    return lower.bit_length() - 1 if lower else None


def smallest_above(masses: int, mass: int) -> int | None:
    """The smallest member above a mass.

    >>> smallest_above(0b10101, 2), smallest_above(0b10101, 4)
    (4, None)
    """
    higher = masses >> mass + 1
    return (higher & -higher).bit_length() + mass if higher else None


def between(masses: int, first: int, last: int) -> int:
    """The members from `first` to `last`, counted from `first`."""
    return masses >> first & (1 << last - first + 1) - 1 if first <= last else 0


def dilated(masses: int, length: int, step: int = 1) -> int:
    """The sums of a member and one of the first `length` multiples of a step, from 0 on.

    >>> bin(dilated(0b1001, 2)), bin(dilated(0b1, 4, 3))
    ('0b11011', '0b1001001001')
    """
    reached = 1
    while reached < length:
        more = min(reached, length - reached)
        masses |= masses << more * step
        reached += more
    return masses


def sums(left: int, right: int, most: int) -> int:
    """The sums of a member of each of two sets, up to `most`.

    >>> bin(sums(0b110, 0b101, 9))
    '0b11110'
    """
    few, other = runs(left), right
    if len(few) > 1:
        few, other = min((few, right), (runs(right), left), key=lambda pair: len(pair[0]))
    by_length: dict[int, list[int]] = {}
    for start, length in few:
        by_length.setdefault(length, []).append(start)
    reached = 0
    for length, starts in by_length.items():
        wide = dilated(other, length)
        for start in starts:
            if start <= most:
                reached |= wide << start
    return reached & up_to(most)


def power(masses: int, count: int, most: int) -> int:
    """The sums of `count` members of a set, each as often as one likes, up to `most`."""
    if count <= 1:
        return masses & up_to(most) if count else 1
    half = power(masses, count // 2, most)
    twice = sums(half, half, most)
    return sums(twice, masses, most) if count % 2 else twice


def meet(left: int, right: int, mass: int) -> bool:
    """Whether a mass is the sum of a member of each of two sets."""
    return bool(left & left_by(_mirrored(right), right.bit_length() - 1, mass))


def left_by(mirrored: int, largest: int, mass: int) -> int:
    """What a mass leaves when a member of a set is taken from it, of the set mirrored and its largest member."""
    shift = mass - largest
    return mirrored << shift if shift >= 0 else mirrored >> -shift


def _mirrored(masses: int) -> int:
    """The set counted down from its largest member; an empty one stays empty."""
    return int(bin(masses)[:1:-1], 2)


@lru_cache(maxsize=128)
def day_masses(doses: int, times: int, width: int | None, most: int) -> DayMasses:
    """The masses of days of so many doses; the same object for the same question, while it is remembered."""
    return DayMasses(doses, times, width, most)


class DayMasses:
    """The sums up to `most` of `times` members of a set of doses of which none is more than `width` above another."""

    def __init__(self, doses: int, times: int, width: int | None, most: int) -> None:
        self.doses = doses & up_to(most)
        self.times = times
        self.width = width
        self.most = most

    def has(self, first: int, last: int) -> bool:
        """Whether some day has a mass from `first` to `last`."""
        last = min(last, self.most)
        if first > last:
            return False
        if self.width is None:
            fewer, more = self._halves
            return meet(dilated(fewer, last - first + 1), more, last)
        return any(map(self._is_balanced, range(first, last + 1)))

    def below(self, mass: int) -> Iterator[int]:
        """The masses of days below a mass and above zero, the largest first."""
        below = largest_below(self._all, mass)
        while below is not None:
            if self.width is None or self._is_balanced(below):
                yield below
            below = largest_below(self._all, below)

    def above(self, mass: int) -> Iterator[int]:
        """The masses of days above a mass, the smallest first."""
        first = mass + 1
        masses = (first + place for place in _lowest_first(self._all >> first))
        return masses if self.width is None else filter(self._is_balanced, masses)

    @cached_property
    def _halves(self) -> tuple[int, int]:
        fewer = power(self.doses, self.times // 2, self.most)
        return fewer, sums(fewer, self.doses, self.most) if self.times % 2 else fewer

    @cached_property
    def _all(self) -> int:
        """The sums of so many doses, whatever their differences."""
        return sums(*self._halves, self.most)

    def _is_balanced(self, mass: int) -> bool:
        """Whether some day of exactly this mass has doses that are near enough to each other."""
        assert self.width is not None
        times, width = self.times, self.width
        # Most days are found at once in a window of the allowed width around the mean.
        if self._makes(max(mass // times - width // 2, 0), width, mass):
            return True
        least, most = max(-((times - 1) * width - mass) // times, 0), mass // times
        if not self._makes(least, most + width - least, mass):
            return False
        return any(self._makes(least + place, width, mass) for place in members(between(self.doses, least, most)))

    def _makes(self, least: int, width: int, mass: int) -> bool:
        """Whether so many doses from `least` to `least + width` make a mass."""
        window, left = between(self.doses, least, least + width), mass - least * self.times
        if left < 0 or not window:
            return False
        fewer = power(window, self.times // 2, left)
        more = sums(fewer, window, left) if self.times % 2 else fewer
        return meet(fewer, more, left)


def _lowest_first(masses: int) -> Iterator[int]:
    """The members of a large set, the smallest first, without looking at all of them before the first."""
    taken, part = 0, 1 << 10
    while masses:
        yield from (taken + place for place in members(masses & (1 << part) - 1))
        masses >>= part
        taken, part = taken + part, 2 * part
