"""Which strengths of capsules to make: the sets, of at most so many, of which a path can be given.

A path is found as if every strength were at hand. What it asks of the capsules is then a set of doses: of those that
capsules alone give, of those that they give beside plain pieces. A set of strengths will do where the sums of at most
`max_pieces` of its pieces have them all. Sums are the bits of one integer, as on a shelf.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import combinations

from splitter.division.records import Doses, Giving
from splitter.division.shelf import Shelf
from splitter.formulary import Product

_MOST_TRIED = 50_000
"""Sets that are tried in search of the smallest one; a path of ordinary doses takes a few hundred."""

Given = Iterable[tuple[Doses, Giving, Shelf]]
"""The doses of each step [mg], with what they are given, and the shelf with what is exact enough for it."""


class Strengths:
    """The strengths of a shelf's capsules, and what of them the doses of some steps need."""

    def __init__(self, shelf: Shelf, given: Given) -> None:
        self._shelf = shelf
        self._alone, self._beside = 0, dict[tuple[int, ...], int]()
        for dose, giving, own in {(dose, giving, own) for doses, giving, own in given for dose in doses if dose}:
            bit = 1 << int(dose * shelf.scale)
            if giving is Giving.TOGETHER:
                plain = tuple(int(size * shelf.scale) for size in own.pieces)
                self._beside[plain] = self._beside.get(plain, 0) | bit
            elif giving is Giving.ALONE or (giving is Giving.APART and not own.gives(dose, Giving.PLAIN)):
                self._alone |= bit
        self._within = (1 << max(doses.bit_length() for doses in (self._alone, *self._beside.values()))) - 1

    @cached_property
    def members(self) -> tuple[tuple[Product, int], ...]:
        """The capsules that some dose may have, with their strengths in units, the smaller first."""
        scale = self._shelf.scale
        found = [(each, int(each.strength.value * scale)) for each in self._shelf.capsules if each.strength is not None]
        return tuple(
            sorted((pair for pair in found if self._within >> pair[1]), key=lambda pair: (pair[1], pair[0].id))
        )

    @property
    def offered(self) -> tuple[Product, ...]:
        """All strengths that are at hand."""
        return self._shelf.capsules

    def sets(self, most: int) -> Iterator[tuple[Product, ...]]:
        """All sets of at most so many strengths that give every dose and have one that is chosen out of several."""
        for count in range(1, most + 1):
            for chosen in combinations(self.members, count):
                if self._gives([size for _, size in chosen]) and any(product.is_chosen for product, _ in chosen):
                    yield tuple(product for product, _ in chosen)

    def have(self, most: int) -> bool:
        """Whether any set of at most so many strengths gives every dose."""
        return self.fewest(most) is not None

    def fewest(self, most: int) -> int | None:
        """The size of the smallest set that gives every dose; None where none of at most so many was found.

        The smallest dose that a set doesn't give needs another strength, no larger than that dose.
        """
        sizes = sorted({size for _, size in self.members})
        tries = iter(range(_MOST_TRIED))
        return next((count for count in range(most + 1) if self._can_grow([], sizes, count, tries)), None)

    def _can_grow(self, chosen: list[int], sizes: list[int], more: int, tries: Iterator[int]) -> bool:
        missing = self._missing(chosen)
        if not missing or not more or next(tries, None) is None:
            return not missing
        least = (missing & -missing).bit_length() - 1
        return any(
            self._can_grow([*chosen, size], sizes, more - 1, tries)
            for size in reversed(sizes)
            if size <= least and size not in chosen
        )

    def _gives(self, sizes: list[int]) -> bool:
        return not self._missing(sizes)

    def _missing(self, sizes: list[int]) -> int:
        """The doses that strengths don't give, as bits."""
        missing = self._alone & ~self._sums(sizes)
        for plain, doses in self._beside.items():
            missing |= doses & ~self._sums([*sizes, *plain])
        return missing

    def _sums(self, sizes: list[int]) -> int:
        bits = 1
        for _ in range(self._shelf.making.max_pieces):
            more = bits
            for size in sizes:
                more |= bits << size
            bits = more & self._within
        return bits
