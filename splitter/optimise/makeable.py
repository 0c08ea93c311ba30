"""Which daily doses can be made at all: sets of masses as the bits of integers, without any cost.

A bit stands for a multiple of the dose grid's unit. The doses of one administration are the sums of at most
`max_pieces` pieces with at most one measured volume; the doses of a day are the sums of one such dose for each
time, all within the imbalance of the smallest. Shifting a set adds a mass to all of it at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from splitter.division import Giving, Shelf, shelves
from splitter.optimise.grid import Grid
from splitter.optimise.options import Hand, hand_of
from splitter.prescription import Fine, Step
from splitter.problem import Problem
from splitter.quantity import Mass

Choice = frozenset[str]
"""The ids of the products that one whole plan may use."""


class Makeable:
    """The doses that a problem's products and policy can make."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.grid = Grid(problem)
        self.unit = self.grid.lattice
        heaviest = max((self.grid.mass(s.target.value) + self.grid.slack(s.target) for s in problem.steps), default=0)
        largest = max((piece.mass for piece in self.grid.pieces), default=0)
        self.most = (2 * heaviest + largest) // self.unit
        self._doses: dict[tuple[Choice, Giving], int] = {}
        self._days: dict[tuple[Choice, Giving], int] = {}

    def choices(self) -> Iterator[Choice]:
        """The largest sets of products that a plan may use, by one_liquid, fine and max_products."""
        bound = self.problem.policy.max_products
        for ids in self._sets():
            if not bound or len(ids) <= bound:
                yield frozenset(ids)
            else:
                yield from map(frozenset, combinations(ids, bound))

    def _sets(self) -> list[list[str]]:
        policy = self.problem.policy
        if policy.fine is Fine.PHASE:
            return [[p.id for p in (*shelf.plain, *shelf.means)] for shelf in shelves(self.problem.products, policy)]
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
        days = self.of_day(choice_of(shelf))
        place = target * self.grid.mass_scale / self.unit
        if way < 0:
            left = days & (1 << max(-(-place.numerator // place.denominator), 0)) - 1 & ~1
            while left:
                bit = left.bit_length() - 1
                yield Fraction(bit * self.unit, self.grid.mass_scale)
                left ^= 1 << bit
        else:
            first = place.numerator // place.denominator + 1
            yield from (Fraction((bit + first) * self.unit, self.grid.mass_scale) for bit in _bits(days >> first))

    def _mass(self, units: int | None) -> Mass | None:
        return None if units is None else Mass(Fraction(units, self.grid.mass_scale))

    def makes(self, choice: Choice, step: Step, giving: Giving = Giving.ANY) -> bool:
        """Whether products can make a step that is given so."""
        if not step.target:
            return True
        if step.doses:
            doses = self._of_time(choice, giving)
            return all(self._has(doses, dose, self.grid.slack(dose)) if dose else True for dose in step.doses)
        return self._has(self.of_day(choice, giving), step.target, self.grid.slack(step.target))

    def _has(self, doses: int, dose: Mass, slack: int) -> bool:
        mass = self.grid.mass(dose.value)
        first, last = max(-(-(mass - slack) // self.unit), 0), (mass + slack) // self.unit
        return first <= last and bool(doses >> first & (1 << last - first + 1) - 1)

    def _around(self, choice: Choice, step: Step, target: int) -> tuple[int | None, int | None]:
        """The nearest masses below and above; where the doses of the times are stated, each time by itself."""
        if not step.doses:
            return self._beside(self.of_day(choice), target)
        sides = [(0, 0) if not dose else self._each(choice, self.grid.mass(dose.value), dose) for dose in step.doses]
        lows, highs = [low for low, _ in sides], [high for _, high in sides]
        below = sum(low for low in lows if low is not None) if None not in lows else None
        above = sum(high for high in highs if high is not None) if None not in highs else None
        return below or None, above

    def _each(self, choice: Choice, mass: int, dose: Mass) -> tuple[int | None, int | None]:
        if self._has(self._of_time(choice), dose, self.grid.slack(dose)):
            return mass, mass
        low, high = self._beside(self._of_time(choice), mass)
        return low or 0, high

    def _beside(self, doses: int, mass: int) -> tuple[int | None, int | None]:
        lower = doses & (1 << -(-mass // self.unit)) - 1 & ~1
        above = mass // self.unit + 1
        higher = doses >> above
        low = (lower.bit_length() - 1) * self.unit if lower else None
        high = ((higher & -higher).bit_length() - 1 + above) * self.unit if higher else None
        return low, high

    def _of_time(self, choice: Choice, giving: Giving = Giving.ANY) -> int:
        """The doses of one administration."""
        if (choice, giving) not in self._doses:
            grid = self.grid
            discrete = frozenset(q for q, product in enumerate(grid.discrete) if product.id in choice)
            liquids = tuple(q for q, product in enumerate(grid.liquids) if product.id in choice)
            self._doses[choice, giving] = self._administrations(hand_of(grid, discrete, liquids, giving))
        return self._doses[choice, giving]

    def _administrations(self, hand: Hand) -> int:
        """The doses of the pieces of any group, and of these with a volume beside them."""
        doses = 0
        for group in hand.groups:
            pieces = self._sums_of_pieces(group)
            doses |= pieces
            for liquid in hand.liquids:
                poured_beside = pieces if group <= hand.beside else 1
                doses |= self._poured(poured_beside, self.grid.mass_per_volume[liquid], hand.share)
        return doses

    def _poured(self, pieces: int, factor: int, share: Fraction) -> int:
        """The doses of a volume of a liquid and pieces with these sums, of which it gives its share."""
        kept, doses = (2 << self.most) - 1, 0
        for volume in self.grid.volumes.tolist():
            mass = volume * factor
            if mass // self.unit > self.most:
                break
            # Beside pieces of a mass m it gives its share s where m is at most (1 - s) / s of its own mass.
            most = (share.denominator - share.numerator) * mass // (share.numerator * self.unit) if share else self.most
            doses |= (pieces & (2 << min(most, self.most)) - 1) << mass // self.unit & kept
        return doses

    def _sums_of_pieces(self, group: frozenset[int]) -> int:
        """The sums of at most `max_pieces` pieces of some products."""
        grid, kept = self.grid, (2 << self.most) - 1
        shifts = {p.mass // self.unit for p in grid.pieces if p.product in group}
        tablets = 1
        for _ in range(self.problem.policy.max_pieces):
            longer = tablets
            for shift in shifts:
                longer |= tablets << shift & kept
            if longer == tablets:
                break
            tablets = longer
        return tablets

    def of_day(self, choice: Choice, giving: Giving = Giving.ANY) -> int:
        """The sums of a day's administrations, by its smallest dose, as multiples of `unit`."""
        if (choice, giving) not in self._days:
            self._days[choice, giving] = self._sums(self._of_time(choice, giving))
        return self._days[choice, giving]

    def _sums(self, doses: int) -> int:
        times, kept = len(self.problem.times), (2 << self.most) - 1
        if self.grid.imbalance is None:
            return _all_sums(doses, times, kept)
        width = self.grid.imbalance // self.unit
        days = 0
        for smallest in _bits(doses):
            if smallest * times > self.most:
                break
            window = doses >> smallest & (2 << width) - 1
            days |= _all_sums(window, times - 1, kept) << smallest * times
        return days & kept


def choice_of(shelf: Shelf) -> Choice:
    """The products of a shelf."""
    return frozenset(product.id for product in (*shelf.plain, *shelf.means))


def _all_sums(doses: int, times: int, kept: int) -> int:
    """The sums of `times` members of a set."""
    sums = 1
    for _ in range(times):
        longer = 0
        for dose in _bits(doses):
            longer |= sums << dose
        sums = longer & kept
    return sums


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
