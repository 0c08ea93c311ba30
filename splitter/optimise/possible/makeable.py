"""Which daily doses can be made at all, without any cost: by some choice of products that a whole plan may use.

The doses of one administration are the sums of at most `max_pieces` pieces with at most one measured volume; the doses
of a day are the sums of one such dose for each time, all within the imbalance of the smallest (`made`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from splitter.division import Giving, Shelf, shelves
from splitter.optimise.day import hand_of
from splitter.optimise.integers import Grid
from splitter.optimise.possible.made import Made
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
        heaviest = max((self.grid.mass(s.target.value) + self.grid.slack(s.target) for s in problem.steps), default=0)
        largest = max((piece.mass for piece in self.grid.pieces), default=0)
        self.most = 2 * heaviest + largest
        self._known: dict[tuple[Choice, Giving], Made] = {}

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
        around = [self._around(self._made(choice), step) for choice in self.choices()]
        below = max((low for low, _ in around if low is not None), default=None)
        above = min((high for _, high in around if high is not None), default=None)
        return self._mass(below), self._mass(above)

    def doses(self, shelf: Shelf, target: Fraction, way: int) -> Iterator[Fraction]:
        """The daily doses [mg] that a shelf makes above a target (`way` 1) or below it (-1), the nearest first."""
        made, mass = self._made(choice_of(shelf)), target * self.grid.mass_scale
        nearest_first = made.days_below(mass) if way < 0 else made.days_above(mass)
        return (Fraction(each, self.grid.mass_scale) for each in nearest_first)

    def makes(self, choice: Choice, step: Step, giving: Giving = Giving.ANY) -> bool:
        """Whether products can make a step that is given so."""
        if not step.target:
            return True
        made = self._made(choice, giving)
        if step.doses:
            return all(made.has_dose(*self._window(dose)) for dose in step.doses if dose)
        return made.has_day(*self._window(step.target))

    def _mass(self, units: int | None) -> Mass | None:
        return None if units is None else Mass(Fraction(units, self.grid.mass_scale))

    def _window(self, dose: Mass) -> tuple[int, int]:
        """The (least, most) mass units within the slack of a dose."""
        mass, slack = self.grid.mass(dose.value), self.grid.slack(dose)
        return mass - slack, mass + slack

    def _around(self, made: Made, step: Step) -> tuple[int | None, int | None]:
        """The nearest masses below and above; where the doses of the times are stated, each time by itself."""
        if not step.doses:
            target = self.grid.mass(step.target.value)
            return next(made.days_below(target), None), next(made.days_above(target), None)
        lows, highs = zip(*(self._around_dose(made, dose) for dose in step.doses), strict=True)
        return sum(lows) or None, None if None in highs else sum(highs)

    def _around_dose(self, made: Made, dose: Mass) -> tuple[int, int | None]:
        """The nearest doses of one time: its own where that can be given, as a dose of zero always can."""
        mass = self.grid.mass(dose.value)
        return (mass, mass) if not dose or made.has_dose(*self._window(dose)) else made.doses_around(mass)

    def _made(self, choice: Choice, giving: Giving = Giving.ANY) -> Made:
        """What products make of which a step is given so."""
        if (choice, giving) not in self._known:
            grid = self.grid
            discrete = frozenset(q for q, product in enumerate(grid.discrete) if product.id in choice)
            liquids = tuple(q for q, product in enumerate(grid.liquids) if product.id in choice)
            self._known[choice, giving] = Made(grid, hand_of(grid, discrete, liquids, giving), self.most)
        return self._known[choice, giving]


def choice_of(shelf: Shelf) -> Choice:
    """The products of a shelf."""
    return frozenset(product.id for product in (*shelf.plain, *shelf.means))
