"""What a dose is sought for, and the doses to try for it, in the order in which a rule names them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from splitter.quantity import ceiling


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What a dose is sought for: `exact`, at most `within` from it and `below` the current one [mg]."""

    exact: Fraction
    within: Fraction
    below: Fraction

    @property
    def most(self) -> Fraction:
        """No dose sought is larger [mg]."""
        return min(self.exact + self.within, self.below)

    def takes(self, dose: Fraction) -> bool:
        return 0 < dose < self.below and abs(dose - self.exact) <= self.within

    def rank(self, dose: Fraction) -> tuple[Fraction, Fraction]:
        """By how far a dose is from the exact one; of two equally near the larger comes first."""
        return abs(dose - self.exact), -dose

    def multiples(self, unit: Fraction) -> Iterator[Fraction]:
        """The multiples of a unit that it takes, the nearest first, of two equally near the larger."""
        low = self.exact // unit
        first = max(ceiling((self.exact - self.within) / unit), 1)
        last = min((self.exact + self.within) // unit, ceiling(self.below / unit) - 1)
        is_low_nearer = 2 * self.exact < (2 * low + 1) * unit
        for away in range(max(low - first, last - low - 1) + 1):
            pair = (low - away, low + 1 + away)
            yield from (n * unit for n in (pair if is_low_nearer else pair[::-1]) if first <= n <= last)

    def beside(self, unit: Fraction, times: int) -> Iterator[Fraction]:
        """The days of equal doses that are multiples of a unit, just below the exact one and above, that it takes."""
        low = self.exact // (times * unit) * unit * times
        high = low + times * unit
        nearest = (low, high) if self.exact - low < high - self.exact else (high, low)
        return (dose for dose in nearest if self.takes(dose))


class Once:
    """What an iterator gives, reckoned as far as anyone asks, and once though it is gone through again."""

    def __init__(self, doses: Iterable[Fraction]) -> None:
        self._rest = iter(doses)
        self._known: list[Fraction] = []

    def __iter__(self) -> Iterator[Fraction]:
        yield from self._known
        for dose in self._rest:
            self._known.append(dose)
            yield dose


def common_unit(sizes: Iterable[Fraction]) -> Fraction:
    """The largest mass [mg] of which all sizes are multiples."""
    sizes = tuple(sizes)
    scale = lcm(*(size.denominator for size in sizes))
    return Fraction(gcd(*(int(size * scale) for size in sizes)), scale)


def common_multiple(one: Fraction, other: Fraction) -> Fraction:
    """The smallest mass [mg] that is a multiple of both."""
    scale = lcm(one.denominator, other.denominator)
    return Fraction(lcm(int(one * scale), int(other * scale)), scale)
