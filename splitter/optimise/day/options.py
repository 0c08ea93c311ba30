"""What one administration can be made of: every allowed set of pieces, as rows of integer tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Self

import numpy as np

from splitter.division import Exactness, Giving
from splitter.optimise.integers import TWELFTHS, Grid, Ints, Mask, Piece, codes, first_of_each


@dataclass(frozen=True, slots=True, kw_only=True)
class Doses:
    """Rows of pieces, of one administration or of a day. All arrays have one row per entry.

    `mass` [n] of the tablets in mass units; `whole` [n, P] whole pieces and `broken` [n, P] twelfths in fractional
    pieces of each discrete product; `volume` [n, L] volume units of each liquid; `splits` [n] fractional pieces;
    `events` [n] pieces and measurements given; `burden` [n] money units.
    """

    mass: Ints
    whole: Ints
    broken: Ints
    volume: Ints
    splits: Ints
    events: Ints
    burden: Ints

    def __len__(self) -> int:
        return len(self.mass)

    @property
    def entries(self) -> int:
        """How many numbers they are."""
        return sum(getattr(self, name).size for name in self.__slots__)

    def __getitem__(self, rows: Ints | Mask | slice) -> Self:
        return type(self)(**{name: getattr(self, name)[rows] for name in self.__slots__})

    def plus(self, other: Doses) -> Doses:
        """Row by row sum."""
        return Doses(**{name: getattr(self, name) + getattr(other, name) for name in Doses.__slots__})

    @property
    def key(self) -> Ints:
        """[n, 2P + L] what supply and cost depend on."""
        return np.hstack([self.whole, self.broken, self.volume])


def stack(parts: list[Doses]) -> Doses:
    """The rows of all parts, one below the other; there must be at least one part."""
    if len(parts) == 1:
        return parts[0]
    return Doses(**{name: np.concatenate([getattr(p, name) for p in parts]) for name in Doses.__slots__})


def best_of_each(key: Ints, doses: Doses) -> Ints:
    """[m] the best row of each distinct row of `key` [n, c]: least burden, then fewest splits, then fewest events."""
    if len(key) <= 1:
        return np.arange(len(key))
    return first_of_each(codes(key), codes(np.column_stack([doses.burden, doses.splits, doses.events])))


def least_cost(grid: Grid, doses: Doses, prices: Ints) -> Ints:
    """[n] a lower bound on what a day of each row adds to the objective, in money units, without opening anything.

    `prices` [Q] of a unit or volume unit of use, discrete products first, are multiples of 12 for units.
    """
    count = len(grid.discrete)
    fee = grid.money(grid.problem.costs.split_fee.value) // TWELFTHS
    twelfths = doses.whole * TWELFTHS + doses.broken
    cost: Ints = twelfths @ (prices[:count] // TWELFTHS) + doses.volume @ prices[count:]
    cost += doses.broken.sum(axis=1) * fee + doses.burden
    return cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """What one administration may be made of (rules R5 and R7), by places in the grid.

    Pieces of the discrete products of one of the `groups`, or a volume of one of the `liquids`, or both, where all
    pieces are of products in `beside` and the volume gives at least `share` of the dose (rule R4). All of it is exact
    enough for the step (rule R8), where `exactness` says what is.
    """

    groups: tuple[frozenset[int], ...]
    liquids: tuple[int, ...]
    beside: frozenset[int]
    share: Fraction
    exactness: Exactness | None = None

    @property
    def is_told_by_mass(self) -> bool:
        """Whether the mass of some pieces alone tells if a volume may be beside them: beside all pieces, or none."""
        return not self.beside or all(group <= self.beside for group in self.groups)

    def least_volume(self, products: frozenset[int], mass: int, factor: int) -> int | None:
        """The least volume units of a liquid of `factor` mass units each beside pieces of a mass; None: none may be."""
        if not mass:
            return 0
        if not products <= self.beside or self.share == 1:
            return None
        return -(-self.share.numerator * mass // ((self.share.denominator - self.share.numerator) * factor))

    def least_by_mass(self, mass: int, factor: int) -> int | None:
        """The same where the mass alone tells it."""
        return self.least_volume(self.beside or _ANYTHING, mass, factor)

    def breaks(self, grid: Grid, piece: Piece) -> bool:
        """Whether a piece is exact enough."""
        if self.exactness is None:
            return True
        return self.exactness.allows_piece(grid.discrete[piece.product], piece.fraction)

    def pours(self, grid: Grid, liquid: int, volume: int) -> bool:
        """Whether so many volume units are exact enough."""
        if self.exactness is None:
            return True
        return self.exactness.allows_volume(grid.liquids[liquid], Fraction(volume, grid.volume_scale))

    def allows(self, products: frozenset[int]) -> bool:
        """Whether pieces of these discrete products may be in one administration."""
        return any(products <= group for group in self.groups)


_ANYTHING = frozenset((-1,))
"""Stands for any pieces, where none may have a volume beside them."""


def hand_of(grid: Grid, discrete: frozenset[int], liquids: tuple[int, ...], giving: Giving) -> Hand:
    """What administrations given so may be made of, of these products."""
    capsules = frozenset(q for q in discrete if grid.discrete[q].is_compounded)
    plain, share = discrete - capsules, grid.problem.policy.min_share
    match giving:
        case Giving.PLAIN:
            return Hand(groups=(plain,), liquids=(), beside=frozenset(), share=share)
        case Giving.ALONE:
            return Hand(groups=(capsules,), liquids=liquids, beside=capsules, share=share)
        case Giving.APART:
            return Hand(groups=(plain, capsules), liquids=liquids, beside=capsules, share=share)
    return Hand(groups=(discrete,), liquids=liquids, beside=discrete, share=share)


def least_volumes(hand: Hand, pieces: Doses, factor: int) -> Ints:
    """[n] the least volume units beside the pieces of each row, more than any where there may be none."""
    uses = pieces.whole + pieces.broken > 0
    products = [frozenset(np.flatnonzero(row).tolist()) for row in uses]
    limits = (hand.least_volume(used, mass, factor) for used, mass in zip(products, pieces.mass.tolist(), strict=True))
    return np.array([_FAR if limit is None else limit for limit in limits], dtype=np.int64)


_FAR = 2**61
"""More than any volume."""


def tablet_options(grid: Grid, most: int, hand: Hand) -> Doses:
    """Every multiset of at most `max_pieces` pieces of one group's products with a mass of at most `most`."""
    usable = [piece for piece in grid.pieces if hand.breaks(grid, piece)]
    parts = [_options_of(grid, most, usable, group) for group in dict.fromkeys(hand.groups)]
    # The empty set of pieces is in each of them.
    return stack([parts[0], *(part[slice(1, None)] for part in parts[1:])])


def _options_of(grid: Grid, most: int, usable: list[Piece], products: frozenset[int]) -> Doses:
    kinds = [piece for piece in usable if piece.product in products]
    counts, mass = _multisets(grid, kinds, most)
    whole = np.zeros((len(counts), len(grid.discrete)), dtype=np.int64)
    broken = np.zeros_like(whole)
    splits = np.zeros(len(counts), dtype=np.int64)
    for kind, piece in enumerate(kinds):
        if piece.is_split:
            broken[:, piece.product] += counts[:, kind] * piece.twelfths
            splits += counts[:, kind]
        else:
            whole[:, piece.product] += counts[:, kind]
    events = counts.sum(axis=1)
    split_burden, piece_burden, _ = burdens(grid)
    volume = np.zeros((len(counts), len(grid.liquids)), dtype=np.int64)
    return Doses(
        mass=mass,
        whole=whole,
        broken=broken,
        volume=volume,
        splits=splits,
        events=events,
        burden=splits * split_burden + events * piece_burden,
    )


def _multisets(grid: Grid, pieces: list[Piece], most: int) -> tuple[Ints, Ints]:
    """([n, K] counts of each kind of piece, [n] masses), grown one piece at a time in the order of the kinds."""
    masses = np.array([piece.mass for piece in pieces], dtype=np.int64)
    kinds = len(masses)
    counts = np.zeros((1, kinds), dtype=np.int64)
    last = np.zeros(1, dtype=np.int64)
    layers = [counts]
    for _ in range(grid.problem.policy.max_pieces if kinds else 0):
        rows = np.repeat(np.arange(len(counts)), kinds - last)
        kind = np.concatenate([np.arange(first, kinds) for first in last.tolist()]) if len(last) else last
        fits = counts[rows] @ masses + masses[kind] <= most
        rows, last = rows[fits], kind[fits]
        counts = counts[rows].copy()
        counts[np.arange(len(rows)), last] += 1
        layers.append(counts)
    table = np.concatenate(layers)
    return table, table @ masses if kinds else np.zeros(len(table), dtype=np.int64)


def burdens(grid: Grid) -> tuple[int, int, int]:
    """(split, piece, measure) burdens in money units."""
    policy = grid.problem.policy
    stated = (policy.split_burden, policy.piece_burden, policy.measure_burden)
    split, piece, measure = (grid.money(m.value) if m is not None else 0 for m in stated)
    return split, piece, measure


def measured(grid: Grid, rows: Doses, volume: Ints, count: Ints) -> Doses:
    """The rows beside volumes [n, L], measured so many times [n]."""
    return replace(rows, volume=volume, events=rows.events + count, burden=rows.burden + count * burdens(grid)[2])


def reachable(grid: Grid, target: int, slack: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """(deviation, the one or two totals that deviate so), smallest first, on the lattice of what can be given."""
    lattice = grid.lattice
    totals = range(-(-(target - slack) // lattice) * lattice, target + slack + 1, lattice)
    by_deviation: dict[int, list[int]] = {}
    for total in totals:
        if total >= 0:
            by_deviation.setdefault(abs(total - target), []).append(total)
    for deviation in sorted(by_deviation):
        yield deviation, tuple(by_deviation[deviation])
