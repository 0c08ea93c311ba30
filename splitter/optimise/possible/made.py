"""What some products make, as sets of masses: the doses of one administration, and the days of such doses.

Every dose is a multiple of a unit that these products have in common, and the sets (`integers/masses`) count in it;
whoever asks does so in mass units of the grid.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, gcd

from splitter.optimise.day import Hand
from splitter.optimise.integers import (
    Grid,
    Series,
    between,
    day_masses,
    dilated,
    largest_below,
    series,
    smallest_above,
    up_to,
)


class Made:
    """What is made by administrations of a hand, up to `most` mass units a day."""

    def __init__(self, grid: Grid, hand: Hand, most: int) -> None:
        used = frozenset().union(*hand.groups)
        drops = (grid.mass_per_volume[liquid] * grid.finest_volume for liquid in hand.liquids)
        self._unit = gcd(*(piece.mass for piece in grid.pieces if piece.product in used), *drops) or 1
        self._doses = _doses(grid, hand, self._unit, most // self._unit)
        width = None if grid.imbalance is None else grid.imbalance // self._unit
        self._days = day_masses(self._doses, len(grid.problem.times), width, most // self._unit)

    def has_dose(self, least: int, most: int) -> bool:
        """Whether one administration can have a dose from `least` to `most`."""
        return bool(between(self._doses, *self._units(least, most)))

    def has_day(self, least: int, most: int) -> bool:
        """Whether a day can have a dose from `least` to `most`."""
        return self._days.has(*self._units(least, most))

    def doses_around(self, mass: int) -> tuple[int, int | None]:
        """(the largest dose of one administration below a mass, or nothing; the smallest above it, or None)."""
        below = largest_below(self._doses, -(-mass // self._unit))
        above = smallest_above(self._doses, mass // self._unit)
        return (below or 0) * self._unit, None if above is None else above * self._unit

    def days_below(self, mass: int | Fraction) -> Iterator[int]:
        """The daily doses below a mass and above zero, the largest first."""
        return (units * self._unit for units in self._days.below(ceil(Fraction(mass) / self._unit)))

    def days_above(self, mass: int | Fraction) -> Iterator[int]:
        """The daily doses above a mass, the smallest first."""
        return (units * self._unit for units in self._days.above(floor(Fraction(mass) / self._unit)))

    def _units(self, least: int, most: int) -> tuple[int, int]:
        """The (first, last) multiple of the unit between two masses."""
        return max(-(-least // self._unit), 0), most // self._unit


def _doses(grid: Grid, hand: Hand, unit: int, most: int) -> int:
    """The doses, up to `most` units, of the pieces of any group, and of these with a volume beside them."""
    volumes, doses = tuple(series(grid.volumes.tolist())), 0
    for group in hand.groups:
        sizes = frozenset(piece.mass // unit for piece in grid.pieces if piece.product in group)
        pieces = _sums_of_pieces(sizes, grid.problem.policy.max_pieces, most)
        doses |= pieces
        for liquid in hand.liquids:
            factor = grid.mass_per_volume[liquid]
            poured = tuple((first * factor // unit, step * factor // unit, count) for first, step, count in volumes)
            beside = pieces if group <= hand.beside else _NOTHING
            doses |= _with_volumes(beside, poured, hand.share, most)
    return doses


_NOTHING = 1
"""The set of the mass zero alone."""


@lru_cache(maxsize=256)
def _sums_of_pieces(sizes: frozenset[int], count: int, most: int) -> int:
    """The sums of at most `count` pieces of some sizes, up to `most`."""
    sums = _NOTHING
    for _ in range(count):
        longer = sums
        for size in sizes:
            longer |= sums << size
        longer &= up_to(most)
        if longer == sums:
            break
        sums = longer
    return sums


@lru_cache(maxsize=256)
def _with_volumes(pieces: int, volumes: tuple[Series, ...], share: Fraction, most: int) -> int:
    """The doses up to `most` of a volume, of these masses, and pieces with these sums, of which it gives its share."""
    heaviest, doses = pieces.bit_length() - 1, 0
    for first, step, count in volumes:
        for place in range(count):
            mass = first + place * step
            if mass > most:
                break
            # Beside pieces of a mass m it gives its share s where m is at most (1 - s) / s of its own mass.
            beside = (share.denominator - share.numerator) * mass // share.numerator if share else heaviest
            if beside >= heaviest:
                # All pieces may be beside it, and beside all larger ones of the series, which are added at once.
                larger = min(count - place, (most - mass) // step + 1)
                doses |= dilated(pieces, larger, step) << mass
                break
            doses |= (pieces & up_to(beside)) << mass
    return doses & up_to(most)
