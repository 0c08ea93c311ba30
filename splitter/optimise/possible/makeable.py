"""Which daily doses can be made at all: sets of masses (`masses`), without any cost.

The doses of one administration are the sums of at most `max_pieces` pieces with at most one measured volume; the doses
of a day are the sums of one such dose for each time, all within the imbalance of the smallest. Each choice of products
has a unit of its own, of which every dose that it makes is a multiple.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from math import gcd

from splitter.division import Giving, Shelf, shelves
from splitter.optimise.day import Hand, hand_of
from splitter.optimise.integers import DayMasses, Grid, Series, between, day_masses, dilated, series
from splitter.prescription import Fine, Step
from splitter.problem import Problem
from splitter.quantity import Mass

Choice = frozenset[str]
"""The ids of the products that one whole plan may use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """What a choice of products makes, in units of so many mass units: doses of one administration, and days."""

    unit: int
    doses: int
    days: DayMasses


class Makeable:
    """The doses that a problem's products and policy can make."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.grid = Grid(problem)
        heaviest = max((self.grid.mass(s.target.value) + self.grid.slack(s.target) for s in problem.steps), default=0)
        largest = max((piece.mass for piece in self.grid.pieces), default=0)
        self.most = 2 * heaviest + largest
        self._volumes = tuple(series(self.grid.volumes.tolist()))
        self._known: dict[tuple[Choice, Giving], _Made] = {}

    def choices(self) -> Iterator[Choice]:
        """The largest sets of products that a plan may use, by one_liquid, fine and max_products."""
        bound = self.problem.policy.max_products
        for ids in self._sets():
            if not bound or len(ids) <= bound:
                yield frozenset(ids)
            else:
                yield from map(frozenset, combinations(ids, bound))

    def _sets(self) -> Sequence[Collection[str]]:
        policy = self.problem.policy
        if policy.fine is Fine.PHASE:
            return list(map(choice_of, shelves(self.problem.products, policy)))
        solid, liquid = [p.id for p in self.grid.discrete], [p.id for p in self.grid.liquids]
        together = not policy.one_liquid or not liquid
        return [[*solid, *some] for some in ([liquid] if together else [[each] for each in liquid])]

    def can(self, *steps: Step) -> bool:
        """Whether one choice of products can make all of these steps."""
        return any(all(self.makes(choice, step) for step in steps) for choice in self.choices())

    def can_as_settled(self) -> bool:
        """Whether one choice of products can make all steps with what their givings say."""
        problem = self.problem
        steps = [(step, problem.giving(n)) for n, step in enumerate(problem.steps)]
        return any(all(self.makes(choice, step, giving) for step, giving in steps) for choice in self.choices())

    def nearest(self, step: Step) -> tuple[Mass | None, Mass | None]:
        """The nearest daily doses below and above a step's target that it could be given, as (below, above)."""
        target = self.grid.mass(step.target.value)
        found = [self._around(choice, step, target) for choice in self.choices()]
        below = max((low for low, _ in found if low is not None), default=None)
        above = min((high for _, high in found if high is not None), default=None)
        return self._mass(below), self._mass(above)

    def doses(self, shelf: Shelf, target: Fraction, way: int) -> Iterator[Fraction]:
        """The daily doses [mg] that a shelf makes above a target (`way` 1) or below it (-1), the nearest first."""
        made = self._made(choice_of(shelf))
        place = target * self.grid.mass_scale / made.unit
        found = made.days.below(-(-place.numerator // place.denominator)) if way < 0 else made.days.above(int(place))
        return (Fraction(each * made.unit, self.grid.mass_scale) for each in found)

    def _mass(self, units: int | None) -> Mass | None:
        return None if units is None else Mass(Fraction(units, self.grid.mass_scale))

    def makes(self, choice: Choice, step: Step, giving: Giving = Giving.ANY) -> bool:
        """Whether products can make a step that is given so."""
        if not step.target:
            return True
        made = self._made(choice, giving)
        if step.doses:
            return all(self._has(made, dose) if dose else True for dose in step.doses)
        return made.days.has(*self._window(made, step.target))

    def _window(self, made: _Made, dose: Mass) -> tuple[int, int]:
        """The (first, last) unit within the slack of a dose."""
        mass, slack = self.grid.mass(dose.value), self.grid.slack(dose)
        return max(-(-(mass - slack) // made.unit), 0), (mass + slack) // made.unit

    def _has(self, made: _Made, dose: Mass) -> bool:
        """Whether one administration can have a dose, within its slack."""
        first, last = self._window(made, dose)
        return bool(between(made.doses, first, last))

    def _around(self, choice: Choice, step: Step, target: int) -> tuple[int | None, int | None]:
        """The nearest masses below and above; where the doses of the times are stated, each time by itself."""
        made = self._made(choice)
        if not step.doses:
            below = next(made.days.below(-(-target // made.unit)), None)
            above = next(made.days.above(target // made.unit), None)
            return below and below * made.unit, above and above * made.unit
        sides = [(0, 0) if not dose else self._each(made, dose) for dose in step.doses]
        lows, highs = [low for low, _ in sides], [high for _, high in sides]
        low_sum = sum(low for low in lows if low is not None) if None not in lows else None
        high_sum = sum(high for high in highs if high is not None) if None not in highs else None
        return low_sum or None, high_sum

    def _each(self, made: _Made, dose: Mass) -> tuple[int | None, int | None]:
        mass = self.grid.mass(dose.value)
        if self._has(made, dose):
            return mass, mass
        lower = made.doses & (1 << -(-mass // made.unit)) - 1 & ~1
        above = mass // made.unit + 1
        higher = made.doses >> above
        low = (lower.bit_length() - 1) * made.unit if lower else 0
        high = ((higher & -higher).bit_length() - 1 + above) * made.unit if higher else None
        return low, high

    def _made(self, choice: Choice, giving: Giving = Giving.ANY) -> _Made:
        """What products make of which a step is given so."""
        if (choice, giving) not in self._known:
            grid = self.grid
            discrete = frozenset(q for q, product in enumerate(grid.discrete) if product.id in choice)
            liquids = tuple(q for q, product in enumerate(grid.liquids) if product.id in choice)
            self._known[choice, giving] = self._made_by(hand_of(grid, discrete, liquids, giving))
        return self._known[choice, giving]

    def _made_by(self, hand: Hand) -> _Made:
        grid = self.grid
        used = frozenset().union(*hand.groups)
        drops = (grid.mass_per_volume[liquid] * grid.finest_volume for liquid in hand.liquids)
        unit = gcd(*(piece.mass for piece in grid.pieces if piece.product in used), *drops) or 1
        most = self.most // unit
        doses = self._administrations(hand, unit)
        width = None if grid.imbalance is None else grid.imbalance // unit
        return _Made(unit=unit, doses=doses, days=day_masses(doses, len(self.problem.times), width, most))

    def _administrations(self, hand: Hand, unit: int) -> int:
        """The doses of the pieces of any group, and of these with a volume beside them."""
        grid, most, doses = self.grid, self.most // unit, 0
        for group in hand.groups:
            shifts = frozenset(p.mass // unit for p in grid.pieces if p.product in group)
            pieces = _sums_of_pieces(shifts, self.problem.policy.max_pieces, most)
            doses |= pieces
            for liquid in hand.liquids:
                beside = pieces if group <= hand.beside else 1
                doses |= _poured(beside, self._volume_masses(liquid, unit), hand.share, most)
        return doses

    def _volume_masses(self, liquid: int, unit: int) -> tuple[Series, ...]:
        """The doses of the measurable volumes of a liquid alone."""
        factor = self.grid.mass_per_volume[liquid]
        return tuple((first * factor // unit, step * factor // unit, n) for first, step, n in self._volumes)


def choice_of(shelf: Shelf) -> Choice:
    """The products of a shelf."""
    return frozenset(product.id for product in (*shelf.plain, *shelf.means))


@lru_cache(maxsize=256)
def _sums_of_pieces(sizes: frozenset[int], count: int, most: int) -> int:
    """The sums of at most `count` pieces of some sizes, up to `most`."""
    kept, tablets = (2 << most) - 1, 1
    for _ in range(count):
        longer = tablets
        for size in sizes:
            longer |= tablets << size
        longer &= kept
        if longer == tablets:
            break
        tablets = longer
    return tablets


@lru_cache(maxsize=256)
def _poured(pieces: int, volumes: tuple[Series, ...], share: Fraction, most: int) -> int:
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
                doses |= dilated(pieces, min(count - place, (most - mass) // step + 1), step) << mass
                break
            doses |= (pieces & (2 << beside) - 1) << mass
    return doses & (2 << most) - 1
