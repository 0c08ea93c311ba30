"""The exact optimiser: `solve` answers a problem with the provably best plan, or says why there is none."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from splitter.errors import SplitterError
from splitter.optimise.engine import Progress, best_plan
from splitter.optimise.explain import Explanation
from splitter.optimise.relax import Relaxed
from splitter.optimise.search import LimitReachedError
from splitter.optimise.solution import Dose, Limits, Solution, day_use
from splitter.plan import Status
from splitter.prescription import Tolerance
from splitter.problem import Problem
from splitter.supply import costs_of, dispense

__all__ = ["Dose", "LimitReachedError", "Limits", "Progress", "Solution", "day_use", "solve"]


MOST_NODES = 4_000_000
"""Partial plans that are looked at for the price of one relaxation of a prescription that can't be made."""


def solve(problem: Problem, limits: Limits | None = None, progress: Progress | None = None) -> Solution:
    """The best plan of a problem by the whole order of preference, with its proof, or its conflicts.

    Raises LimitReachedError when `limits` end the search before any plan is found, InputError when the figures are
    too fine for exact integers of the machine, and SplitterError when the search and the explanation disagree on
    whether there is a plan.
    """
    limits = limits or Limits()
    found = _best(problem, limits, progress, keep=True)
    if found is not None:
        return found
    explanation = Explanation(problem, lambda relaxed: _relaxed(relaxed, limits))
    return Solution(status=Status.INFEASIBLE, conflicts=explanation.conflicts())


def _best(problem: Problem, limits: Limits, progress: Progress | None = None, *, keep: bool = False) -> Solution | None:
    """The best plan: of those without any deviation where there are some, since deviation comes first."""
    if problem.tolerance == Tolerance():
        return best_plan(problem, limits, progress, keep=keep)
    exact = best_plan(replace(problem, tolerance=Tolerance()), limits, progress, keep=keep)
    return exact or best_plan(problem, limits, progress, keep=keep)


def _relaxed(problem: Problem, limits: Limits) -> Relaxed | None:
    """What the best plan found within the limits costs and gives, None where they end before any is found.

    Without limits of the user's each has one of nodes, so that an answer of "no" never waits for what it could cost.
    """
    try:
        found = _best(problem, Limits(nodes=MOST_NODES) if limits == Limits() else limits)
    except LimitReachedError:
        return None
    if found is None:
        raise SplitterError("a fault of the program: a dose that can be made has no plan; please report it")
    doses = [dose for regimen in found.regimens for dose in regimen or ()]
    supplied = dispense(problem, [day_use(regimen) for regimen in found.regimens])
    return Relaxed(
        total=sum(costs_of(problem, supplied), Fraction(0)),
        pieces=frozenset((take.product, take.fraction) for dose in doses for take in dose.take),
        liquids=frozenset(dose.measure.product for dose in doses if dose.measure is not None),
    )
