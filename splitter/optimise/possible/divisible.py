"""Which daily doses the path can divide: those for which a step has a candidate, of products that may be together.

`makeable_of` says for any problem what can be made, by the path or, where the division is free, by any.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cached_property

from splitter.division import Demand, path_of, shelves, step_candidates
from splitter.optimise.possible.makeable import Makeable
from splitter.optimise.possible.settled import settled
from splitter.prescription import DivisionRule, Fine, Step, Tolerance
from splitter.problem import Problem
from splitter.quantity import Mass

_TRIES = 200
"""Doses that are tried on each side of a step's target, in search of the nearest that the path can divide."""

Nearest = tuple[Mass | None, Mass | None]


class Divisible:
    """The doses that a problem's products and policy can make by the path."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._demand = problem.demand
        self._exact = replace(self._demand, tolerance=Tolerance())
        self._shelves = shelves(problem.products, problem.policy)
        self._known: dict[tuple[int, Step], bool] = {}

    @cached_property
    def free(self) -> Makeable:
        """What the same products make by any division."""
        return Makeable(self.problem)

    def can(self, *steps: Step) -> bool:
        """Whether one choice of products can make all of these steps."""
        if not any(self._walks(n, steps) for n in range(len(self._shelves))):
            return False
        if not self.problem.policy.max_products:
            return True
        divided = settled(replace(self.problem, steps=steps))
        return any(Makeable(each).can_as_settled() for each in divided)

    def nearest(self, step: Step) -> Nearest:
        """The nearest daily doses below and above a step's target that it could be given, as (below, above)."""
        if step.doses:
            # Nothing tells how near a dose comes whose pieces and volumes must be exact enough, too.
            return (None, None) if self.problem.policy.resolve else self.free.nearest(step)
        target = step.target.value
        below = (self._first(n, step, self.free.doses(shelf, target, -1)) for n, shelf in enumerate(self._shelves))
        above = (self._first(n, step, self.free.doses(shelf, target, 1)) for n, shelf in enumerate(self._shelves))
        return max(filter(None, below), default=None), min(filter(None, above), default=None)

    def _first(self, shelf: int, step: Step, doses: Iterator[Fraction]) -> Mass | None:
        """The first of some doses that a shelf can divide."""
        for _, dose in zip(range(_TRIES), doses, strict=False):
            if self._has_candidate(self._exact, replace(step, target=Mass(dose)), shelf):
                return Mass(dose)
        return None

    def _walks(self, number: int, steps: tuple[Step, ...]) -> bool:
        """Whether a shelf can divide all of these steps, with as few strengths of capsules as are allowed."""
        if not all(self._divides(number, step) for step in steps):
            return False
        shelf = self._shelves[number]
        return not shelf.is_chosen or path_of(replace(self._demand, steps=steps), shelf) is not None

    def _has_candidate(self, demand: Demand, step: Step, number: int) -> bool:
        shelf = self._shelves[number]
        if not step_candidates(demand, step, shelf):
            return False
        return not shelf.is_chosen or path_of(replace(demand, steps=(step,)), shelf) is not None

    def _divides(self, number: int, step: Step) -> bool:
        if not step.target:
            return True
        key = number, step
        if key not in self._known:
            self._known[key] = self._has_candidate(self._demand, step, number)
        return self._known[key]


class Phased(Makeable):
    """The doses that can be made where the division is free, but each step has one form."""

    def can(self, *steps: Step) -> bool:
        """Whether one choice of products can make all of these steps, each in the form that is settled for it."""
        possible = super().can(*steps)
        if not possible or not self.problem.policy.max_products:
            return possible
        phased = settled(replace(self.problem, steps=steps))
        return any(Makeable(each).can_as_settled() for each in phased)


def makeable_of(problem: Problem) -> Makeable | Divisible:
    """What can be made under the problem's own rules of division and of forms."""
    if problem.policy.division is DivisionRule.PATH:
        return Divisible(problem)
    return Phased(problem) if problem.policy.fine is Fine.PHASE else Makeable(problem)


def can_be_made(problem: Problem) -> bool:
    """Whether a problem has any plan; decided without a search."""
    return makeable_of(problem).can(*problem.steps)
