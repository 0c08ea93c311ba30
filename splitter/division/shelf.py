"""Which doses of one administration can be made: of plain pieces, of the plan's means, of both.

Masses are whole numbers of one small unit, in which every piece and the finest volume of every liquid is whole; a dose
that is not can't be made. The sums of at most `max_pieces` pieces are the bits of one integer, so that adding a piece
to all of them is a shift.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm

from splitter.division.pieces import fractions_of
from splitter.division.records import Candidate, Giving
from splitter.division.resolving import Exactness
from splitter.formulary import Product
from splitter.prescription import Policy, Split, Syringe
from splitter.quantity import Volume

_MOST_KEPT = 256
"""The shelves for steps with limits of their own that are kept; when there are more, all are forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """What of a policy decides which doses can be made and which are even: no more, so that shelves can be shared."""

    split: Split
    max_pieces: int
    evenness: Fraction
    min_share: Fraction
    min_volume: Volume
    max_volume: Volume
    syringes: tuple[Syringe, ...]

    @classmethod
    def of(cls, policy: Policy) -> Making:
        """That of a policy in force."""
        return cls(
            split=policy.split,
            max_pieces=policy.max_pieces,
            evenness=policy.evenness,
            min_share=policy.min_share,
            min_volume=policy.min_volume,
            max_volume=policy.max_volume,
            syringes=policy.syringes,
        )


class PlainShelf:
    """What shelves of the same plain products share: the sizes [mg] of their pieces, and what these make.

    `scale` units make 1 mg; `plain_candidates` are those of the doses that were asked about. Pieces that `exactness`
    rules out make nothing, though their sizes count.
    """

    def __init__(self, products: Iterable[Product], making: Making, exactness: Exactness | None = None) -> None:
        self.products, self.exactness = tuple(products), exactness
        self.pieces = _sizes(self.products, making)
        self.scale = lcm(*(size.denominator for size in self.pieces))
        self.usable = self.pieces if exactness is None else _sizes(self.products, making, exactness)
        self.sums = _Sums(tuple(int(size * self.scale) for size in self.usable), making.max_pieces)
        self.plain_candidates: dict[tuple[Fraction, tuple[int, ...]], tuple[Candidate, ...]] = {}


class Shelf:
    """The plain products of a plan, and its means: the liquids and compounded capsules that fine steps are made of.

    `fine_candidates` are those of the doses that were asked about.
    """

    def __init__(
        self, plain: Iterable[Product], means: Iterable[Product], making: Making, other: PlainShelf | None = None
    ) -> None:
        self.making = making
        self.means = tuple(means)
        self.plain = tuple(plain)
        self.plain_shelf = other or PlainShelf(self.plain, making)
        self.liquids = tuple(product for product in self.means if product.is_liquid)
        self.capsules = tuple(product for product in self.means if not product.is_liquid)
        self.pieces = self.plain_shelf.pieces
        self.strengths = _sizes(self.capsules, making)
        self._volumes = _Volumes(making)
        self.scale = lcm(
            self.plain_shelf.scale,
            *(size.denominator for size in self.strengths),
            *(mass.denominator for mass in map(self._mass_of_volume, self.liquids)),
        )
        self._factors = tuple(int(self._mass_of_volume(liquid) * self.scale) for liquid in self.liquids)
        self._means_sums = self._sums(self.strengths)
        self.fine_candidates: dict[tuple[Fraction, tuple[int, ...]], tuple[Candidate, ...]] = {}
        self._known: dict[Giving, dict[int, bool]] = {giving: {} for giving in Giving}
        self._exact_enough: dict[Exactness, Shelf] = {}

    def exact_enough(self, exactness: Exactness | None) -> Shelf:
        """The same for a step with so much room for errors; None: for one without a limit."""
        if exactness is None:
            return self
        if exactness not in self._exact_enough:
            if len(self._exact_enough) >= _MOST_KEPT:
                self._exact_enough.clear()
            plain = PlainShelf(self.plain, self.making, exactness)
            self._exact_enough[exactness] = Shelf(self.plain, self.means, self.making, plain)
        return self._exact_enough[exactness]

    @property
    def is_chosen(self) -> bool:
        """Whether only some of the strengths of its capsules are to be made."""
        return any(product.is_chosen for product in self.capsules)

    def beside(self, means: Iterable[Product]) -> Shelf:
        """The same plain products with other means."""
        return Shelf(self.plain, means, self.making, self.plain_shelf)

    @cached_property
    def each_means(self) -> tuple[Shelf, ...]:
        """The shelf with each of its means alone: each liquid, and all capsules together."""
        sets: list[tuple[Product, ...]] = [(liquid,) for liquid in self.liquids]
        if self.capsules:
            sets.append(self.capsules)
        return (self,) if len(sets) == 1 else tuple(map(self.beside, sets))

    @cached_property
    def graduations(self) -> tuple[Fraction, ...]:
        """The different doses [mg] of one graduation of each liquid in each syringe, smallest first."""
        marks = {syringe.graduation.value for syringe in self.making.syringes}
        strengths = {liquid.concentration.value for liquid in self.liquids if liquid.concentration is not None}
        return tuple(sorted({mark * strength for mark in marks for strength in strengths}))

    @cached_property
    def lattice(self) -> Fraction:
        """The mass [mg] of which every dose that can be given is a multiple, 0 where nothing can."""
        sizes = [int(size * self.scale) for size in (*self.pieces, *self.strengths)]
        return Fraction(gcd(*sizes, *(factor * self._volumes.finest for factor in self._factors)), self.scale)

    @cached_property
    def _all_sums(self) -> _Sums:
        return self._sums((*self.plain_shelf.usable, *self.strengths))

    def gives(self, dose: Fraction, giving: Giving) -> bool:
        """Whether one administration of `dose` [mg] can be given so; nothing always can."""
        scaled = dose * self.scale
        return scaled.denominator == 1 and self.makes(scaled.numerator, giving)

    def makes(self, units: int, giving: Giving) -> bool:
        """The same for a dose in units, of which `scale` make 1 mg."""
        if not units:
            return True
        known = self._known[giving]
        if units not in known:
            known[units] = self._makes(units, giving)
        return known[units]

    def _makes(self, units: int, giving: Giving) -> bool:
        match giving:
            case Giving.PLAIN:
                whole, rest = divmod(units, self.scale // self.plain_shelf.scale)
                return not rest and self.plain_shelf.sums.has(whole)
            case Giving.ALONE:
                return self._makes_of(self._means_sums, units)
            case Giving.APART:
                return self.makes(units, Giving.ALONE) or self.makes(units, Giving.PLAIN)
        return self._makes_of(self._all_sums, units)

    def _makes_of(self, sums: _Sums, units: int) -> bool:
        """Whether pieces with these sums make a dose, beside at most one measured volume."""
        pouring = zip(self.liquids, self._factors, strict=True)
        return sums.has(units) or any(self._pours(sums, units, liquid, factor) for liquid, factor in pouring)

    def _pours(self, sums: _Sums, units: int, liquid: Product, factor: int) -> bool:
        """Whether a liquid of `factor` units a volume unit makes a dose, beside pieces with these sums or without."""
        share = self.making.min_share
        for pieces in sums.below(units):
            volume, rest = divmod(units - pieces, factor)
            enough = not pieces or volume * factor >= share * units
            if rest == 0 and enough and self._volumes.measures(volume) and self._is_exact(liquid, volume):
                return True
        return False

    def _is_exact(self, liquid: Product, volume: int) -> bool:
        """Whether a volume is exact enough for the step that the shelf is for."""
        exactness = self.plain_shelf.exactness
        return exactness is None or exactness.allows_volume(liquid, Fraction(volume, self._volumes.scale))

    def _mass_of_volume(self, liquid: Product) -> Fraction:
        """The drug [mg] in one volume unit of a liquid."""
        assert liquid.concentration is not None
        return liquid.concentration.value / self._volumes.scale

    def _sums(self, sizes: tuple[Fraction, ...]) -> _Sums:
        return _Sums(tuple(int(size * self.scale) for size in sizes), self.making.max_pieces)


def _sizes(products: Iterable[Product], making: Making, exactness: Exactness | None = None) -> tuple[Fraction, ...]:
    """The different sizes [mg] of the pieces of counted products that are exact enough, smallest first."""
    sizes = {
        product.strength.value * fraction
        for product in products
        if product.strength is not None
        for fraction in fractions_of(product, making.split)
        if exactness is None or exactness.allows_piece(product, fraction)
    }
    return tuple(sorted(sizes))


class _Sums:
    """The sums of at most `most` pieces of some sizes, looked up; reckoned as far as anyone asks."""

    def __init__(self, sizes: tuple[int, ...], most: int) -> None:
        self._unit = gcd(*sizes) or 1
        self._sizes = tuple(size // self._unit for size in sizes)
        self._most = most
        self._reckoned = 0
        self._bits = 1

    def has(self, mass: int) -> bool:
        """Whether a mass is such a sum."""
        place, rest = divmod(mass, self._unit)
        if rest:
            return False
        self._reckon(place)
        return bool(self._bits >> place & 1)

    def below(self, mass: int) -> Iterator[int]:
        """The sums below a mass, the largest first."""
        self._reckon(mass // self._unit)
        left = self._bits & (1 << -(-mass // self._unit)) - 1
        while left:
            place = left.bit_length() - 1
            yield place * self._unit
            left ^= 1 << place

    def _reckon(self, place: int) -> None:
        """Reckon the sums up to a place at least."""
        longest = self._most * max(self._sizes, default=0)
        if place <= self._reckoned or self._reckoned >= longest:
            return
        self._reckoned = min(max(place, 2 * self._reckoned), longest)
        up_to_reckoned = (2 << self._reckoned) - 1
        bits = 1
        for _ in range(self._most):
            longer = bits
            for size in self._sizes:
                longer |= bits << size & up_to_reckoned
            if longer == bits:
                break
            bits = longer
        self._bits = bits


@dataclass(frozen=True, slots=True)
class _Draw:
    """What one syringe holds and its marks, in volume units."""

    capacity: int
    graduation: int


class _Volumes:
    """Rule R4 on whole volume units, of which `scale` make 1 mL."""

    def __init__(self, making: Making) -> None:
        limits = (making.min_volume.value, making.max_volume.value)
        marks = [(syringe.capacity.value, syringe.graduation.value) for syringe in making.syringes]
        self.scale = lcm(*(volume.denominator for volume in (*limits, *(v for mark in marks for v in mark))))
        self._least, self._most = (int(volume * self.scale) for volume in limits)
        self._draws = sorted(
            (_Draw(int(capacity * self.scale), int(graduation * self.scale)) for capacity, graduation in marks),
            key=lambda draw: draw.capacity,
        )

    @property
    def finest(self) -> int:
        """The volume units of which every measurable volume is a multiple; 0 without a syringe."""
        marks = (unit for draw in self._draws for unit in (draw.graduation, self._draws[-1].capacity))
        return gcd(*marks)

    def measures(self, volume: int) -> bool:
        """Whether the syringes measure a volume."""
        if not self._draws or not max(self._least, 1) <= volume <= self._most:
            return False
        largest = self._draws[-1].capacity
        if volume <= largest:
            return self._in_one_draw(volume)
        rest = volume % largest
        return not rest or (rest >= self._least and self._in_one_draw(rest))

    def _in_one_draw(self, volume: int) -> bool:
        capacity = next(draw.capacity for draw in self._draws if draw.capacity >= volume)
        return any(volume % draw.graduation == 0 for draw in self._draws if draw.capacity == capacity)
