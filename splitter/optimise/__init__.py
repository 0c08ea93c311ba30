"""The exact optimiser: `solve` answers a problem with the provably best plan, or says why there is none."""

from __future__ import annotations

from splitter.optimise.engine import Progress, best_plan
from splitter.optimise.search import LimitReachedError
from splitter.optimise.solution import Dose, Limits, Solution
from splitter.plan import Status
from splitter.problem import Problem

__all__ = ["Dose", "LimitReachedError", "Limits", "Progress", "Solution", "solve"]


def solve(problem: Problem, limits: Limits | None = None, progress: Progress | None = None) -> Solution:
    """The best plan of a problem by the whole order of preference, with its proof, or its conflicts.

    Raises LimitReachedError when `limits` end the search before any plan is found, and InputError when the
    figures are too fine for exact integers of the machine.
    """
    found = best_plan(problem, limits or Limits(), progress)
    if found is None:
        return Solution(status=Status.INFEASIBLE)
    return found
