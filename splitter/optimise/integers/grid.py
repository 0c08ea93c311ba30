"""The problem on integers: masses, volumes and money as whole numbers of one small unit each.

Every figure of the contract is rational, so a common denominator makes all of them integers; numpy then
adds and compares them exactly. A problem so fine that 63 bits don't hold it is refused, never rounded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from math import gcd, lcm

import numpy as np
import numpy.typing as npt

from splitter.division import fractions_of
from splitter.errors import Fault, InputError
from splitter.formulary import Bottles, Loose, Packs, Poured, Product, Size
from splitter.prescription import Policy
from splitter.problem import Problem
from splitter.quantity import Mass
from splitter.supply import batch_cost, unit_cost

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

TWELFTHS = 12
"""Broken units are counted in twelfths: halves, thirds and quarters are all whole numbers of them."""

MOST = 2**60
"""No plan costs as much, in money units, as problems whose plans might are refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One kind of piece: `product` indexes the grid's discrete products; `twelfths` is 12 for a whole unit."""

    product: int
    fraction: Fraction
    mass: int

    @property
    def twelfths(self) -> int:
        return int(self.fraction * TWELFTHS)

    @property
    def is_split(self) -> bool:
        return self.fraction != 1


class Grid:
    """Integer units for one problem, and its products split into discrete ones and liquids.

    `mass_scale` units make 1 mg, `volume_scale` units 1 mL, `money_scale` units one of the currency.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        products = problem.products
        self.discrete: tuple[Product, ...] = tuple(p for p in products if not p.is_liquid)
        self.liquids: tuple[Product, ...] = tuple(p for p in products if p.is_liquid)
        self.volume_scale = _common(_volumes(problem.policy))
        self.mass_scale = _common(self._masses())
        self.money_scale = _common(self._prices()) * TWELFTHS
        self.pieces = self._pieces()
        _refuse_overflow(self)

    def mass(self, value: Fraction) -> int:
        """A mass [mg] in grid units; it must be a whole number of them."""
        scaled = value * self.mass_scale
        assert scaled.denominator == 1
        return scaled.numerator

    def money(self, value: Fraction) -> int:
        scaled = value * self.money_scale
        assert scaled.denominator == 1
        return scaled.numerator

    @cached_property
    def volumes(self) -> Ints:
        """[v] the measurable volumes in grid units, ascending."""
        return _measurable(self.problem.policy, self.volume_scale)

    @cached_property
    def measurable(self) -> frozenset[int]:
        return frozenset(self.volumes.tolist())

    @cached_property
    def mass_per_volume(self) -> tuple[int, ...]:
        """The mass units in one volume unit of each liquid."""
        return tuple(self.mass(_concentration(p) / self.volume_scale) for p in self.liquids)

    @cached_property
    def imbalance(self) -> int | None:
        """The largest allowed difference within a day in mass units, rounded down to the grid; None for no limit."""
        limit = self.problem.policy.max_imbalance
        return None if limit is None else int(limit.value * self.mass_scale)

    @cached_property
    def strengths(self) -> tuple[int, ...]:
        """The mass units of one whole unit of each discrete product."""
        return tuple(self.mass(_strength(product)) for product in self.discrete)

    @cached_property
    def targets(self) -> tuple[int, ...]:
        """The mass units of each step's daily dose."""
        return tuple(self.mass(step.target.value) for step in self.problem.steps)

    @cached_property
    def lattice(self) -> int:
        """The mass units of which every dose that can be given is a multiple."""
        return self.lattice_of(set(range(len(self.liquids))))

    def lattice_of(self, liquids: set[int]) -> int:
        """The same for doses that use no other liquids than these."""
        drops = [f * self.finest_volume for liquid, f in enumerate(self.mass_per_volume) if liquid in liquids]
        return gcd(*(piece.mass for piece in self.pieces), *drops) or 1

    @cached_property
    def finest_volume(self) -> int:
        """The volume units of which every measurable volume is a multiple, 0 where nothing can be measured."""
        return gcd(*self.volumes.tolist()) if len(self.volumes) else 0

    def slack(self, dose: Mass) -> int:
        """How far a delivered dose may be from its target, in mass units, rounded down to the grid."""
        tolerance = self.problem.tolerance
        if not (tolerance.mass or tolerance.share):
            return 0
        return int(tolerance.of(dose).value * self.mass_scale)

    @cached_property
    def rates(self) -> Ints:
        """[Q] lower bounds on the money of a unit of each discrete product, then of a volume unit of each liquid.

        Those of units are multiples of 12, so that a twelfth of a unit has an integer price too.
        """
        units = [least_rate(p) * self.money_scale / TWELFTHS for p in self.discrete]
        volumes = [least_rate(p) * self.money_scale / self.volume_scale for p in self.liquids]
        return np.array([rate.__floor__() * TWELFTHS for rate in units] + [rate.__floor__() for rate in volumes], int)

    def _pieces(self) -> tuple[Piece, ...]:
        split = self.problem.policy.split
        return tuple(
            Piece(product=index, fraction=fraction, mass=self.mass(_strength(product) * fraction))
            for index, product in enumerate(self.discrete)
            for fraction in fractions_of(product, split)
        )

    def _masses(self) -> Iterable[Fraction]:
        split = self.problem.policy.split
        for product in self.discrete:
            yield from (_strength(product) * fraction for fraction in fractions_of(product, split))
        for product in self.liquids:
            yield _concentration(product) / self.volume_scale
        for step in self.problem.steps:
            yield step.target.value
            yield from (dose.value for dose in step.doses or ())

    def _prices(self) -> Iterable[Fraction]:
        costs, policy = self.problem.costs, self.problem.policy
        yield from (costs.item_fee.value, costs.split_fee.value)
        yield from (m.value for m in (policy.split_burden, policy.piece_burden, policy.measure_burden) if m)
        for product in (*self.discrete, *self.liquids):
            supply = product.supply
            if isinstance(supply, Loose):
                yield supply.price.value
            elif isinstance(supply, Packs | Bottles):
                yield from (size.price.value for size in supply.sizes)
            else:
                yield from (size.price.value for size in supply.containers)
                if isinstance(supply, Poured):
                    yield supply.price.value * supply.step
                else:
                    yield from (batch_cost(supply, costs), unit_cost(supply) * supply.step)


def least_rate(product: Product) -> Fraction:
    """A lower bound on the money that one unit (or mL) of use costs, whatever the sizes chosen."""
    match product.supply:
        case Loose(price=price):
            return price.value
        case Packs(sizes=sizes):
            return _least_of(sizes)
        case Bottles(sizes=sizes, overage=overage):
            return _least_of(sizes) * (1 + overage)
        case Poured(price=price, containers=containers, overage=overage):
            return (price.value + _least_of(containers)) * (1 + overage)
        case batch:
            return (unit_cost(batch) + _least_of(batch.containers)) * (1 + batch.overage)


def _least_of(sizes: tuple[Size, ...]) -> Fraction:
    return min((size.price.value / size.content for size in sizes), default=Fraction(0))


@lru_cache(maxsize=64)
def _measurable(policy: Policy, scale: int) -> Ints:
    """The volumes of rule R4, in units of which `scale` make 1 mL."""
    least, most = (int(volume.value * scale) for volume in (policy.min_volume, policy.max_volume))
    volumes = np.arange(max(least, 1), most + 1)
    drawn = _one_draw(policy, scale)
    largest = len(drawn) - 1
    if not largest:
        return volumes[:0]
    rest = np.where(volumes <= largest, volumes, volumes % largest)
    measurable: Ints = volumes[(rest == 0) | ((rest >= least) & drawn[rest])]
    return measurable


def _one_draw(policy: Policy, scale: int) -> Mask:
    """[largest capacity + 1] whether the smallest syringe that holds a volume measures it."""
    syringes = [(int(s.capacity.value * scale), int(s.graduation.value * scale)) for s in policy.syringes]
    drawn = np.zeros(max((capacity for capacity, _ in syringes), default=0) + 1, dtype=bool)
    first = 1
    for capacity in sorted({capacity for capacity, _ in syringes}):
        volumes = np.arange(first, capacity + 1)
        graduations = [graduation for held, graduation in syringes if held == capacity]
        drawn[volumes] = np.any([volumes % graduation == 0 for graduation in graduations], axis=0)
        first = capacity + 1
    return drawn


def _volumes(policy: Policy) -> Iterable[Fraction]:
    yield from (policy.min_volume.value, policy.max_volume.value)
    for syringe in policy.syringes:
        yield from (syringe.capacity.value, syringe.graduation.value)


def _common(values: Iterable[Fraction]) -> int:
    return lcm(1, *{value.denominator for value in values})


def _strength(product: Product) -> Fraction:
    assert product.strength is not None
    return product.strength.value


def _concentration(product: Product) -> Fraction:
    assert product.concentration is not None
    return product.concentration.value


def _refuse_overflow(grid: Grid) -> None:
    """Raise InputError when the dearest conceivable plan would not fit an integer of the machine."""
    problem = grid.problem
    prices = max(grid._prices(), default=Fraction(0))
    heaviest = max((step.target.value for step in problem.steps), default=Fraction(0))
    events = (problem.days + 1) * (len(problem.times) + 1) * (problem.policy.max_pieces + 1)
    finest = min((piece.mass for piece in grid.pieces), default=1)
    units = events + heaviest * grid.mass_scale / finest * problem.days
    if prices * grid.money_scale * units * TWELFTHS > MOST:
        raise InputError(
            [
                Fault(
                    file="formulary",
                    key="prices and doses",
                    found="figures too large or too fine to be added exactly in 63 bits",
                    remedy="look for a dose or a price of the wrong size; round recipe amounts to whole units",
                )
            ]
        )
