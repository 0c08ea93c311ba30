"""From a question to its answer: the best plan of all that was settled before the search, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from splitter.errors import SplitterError
from splitter.optimise.engine import Effort, Progress, best_solution
from splitter.optimise.impossible import Explanation, Relaxed
from splitter.optimise.limits import Budget, LimitReachedError, Limits
from splitter.optimise.possible import Makeable, settled
from splitter.optimise.solution import Solution, day_use
from splitter.optimise.strengths import Alternative, alternatives, plain_part
from splitter.plan import Status
from splitter.prescription import DivisionRule, Tolerance
from splitter.problem import Problem
from splitter.supply import costs_of, dispense

MOST_NODES = 200_000
"""Partial plans that are looked at for the price of one relaxation of a prescription that can't be made."""

MOST_NODES_IN_ALL = 500_000
"""Those that are looked at for the prices of all its relaxations, so that a "no" never waits for what it could cost."""


def solve(problem: Problem, limits: Limits | None = None, progress: Progress | None = None) -> Solution:
    """The best plan of a problem by the whole order of preference, with its proof, or its conflicts.

    Raises LimitReachedError when `limits` end the search before any plan is found, InputError when the figures are
    too fine for exact integers of the machine, and SplitterError when the search and the explanation disagree on
    whether there is a plan.
    """
    budget = Budget.of(limits or Limits())
    best = None if _is_hopeless(problem) else _best(problem, Effort(budget=budget, progress=progress, remember=True))
    if best is not None:
        return best
    explanation = Explanation(problem, _Prices(budget).of)
    return Solution(status=Status.INFEASIBLE, conflicts=explanation.conflicts())


def _is_hopeless(problem: Problem) -> bool:
    """Whether it is known without a search that there is no plan; a bound on the products is left to the search."""
    policy = problem.policy
    if policy.division is not DivisionRule.FREE or policy.max_products:
        return False
    return not Makeable(problem).can(*problem.steps)


def _best(problem: Problem, effort: Effort) -> Solution | None:
    """The best plan of all problems that were settled from this one, as far as the limits let them be searched."""
    solutions: list[Solution] = []
    open_yet: list[Fraction] = []
    for each in (one for divided in settled(problem) for one in _alternatives(divided, effort)):
        ceiling = min((one.objective for one in solutions if one.objective is not None), default=None)
        if ceiling is not None and each.bound > ceiling:
            continue
        try:
            # What is known of one set of strengths serves no other prescription, and would crowd out what does.
            one = _searched(each.problem, replace(effort, remember=effort.remember and each.choice is None), ceiling)
        except LimitReachedError:
            open_yet.append(each.bound)
            continue
        solutions += [_of_alternative(one, each)] if one is not None else []
    if open_yet and not solutions:
        raise LimitReachedError
    return _first(solutions, open_yet) if solutions else None


def _alternatives(problem: Problem, effort: Effort) -> tuple[Alternative, ...]:
    """Those of a settled problem; where there are several, what its plain steps cost is part of their bounds."""
    found = alternatives(problem)
    part = plain_part(problem) if len(found) > 1 else None
    if part is None:
        return found
    try:
        plain = best_solution(part, effort)
    except LimitReachedError:
        return found
    cost = plain.lower_bound if plain is not None and plain.lower_bound is not None else Fraction(0)
    return tuple(replace(each, bound=each.bound + cost) for each in found)


def _of_alternative(one: Solution, each: Alternative) -> Solution:
    """A solution with what is known of its problem: between how many sets it was, and their own bound."""
    assert one.objective is not None
    assert one.lower_bound is not None
    return replace(one, choice=each.choice, lower_bound=max(one.lower_bound, min(each.bound, one.objective)))


def _searched(problem: Problem, effort: Effort, ceiling: Fraction | None) -> Solution | None:
    """The best plan of a settled problem; deviation comes first, so without any where there are such plans."""
    if problem.tolerance == Tolerance():
        return best_solution(problem, effort, ceiling)
    exact = replace(problem, tolerance=Tolerance())
    without = best_solution(exact, effort) if Makeable(exact).can_as_settled() else None
    return without or best_solution(problem, effort)


def _first(solutions: Sequence[Solution], open_yet: Sequence[Fraction]) -> Solution:
    """The best of several plans, with what is proved of all; `open_yet` are bounds of searches without a plan."""
    best = min(solutions, key=lambda one: one.rank)
    open_yet = [bound for bound in open_yet if best.objective is None or bound <= best.objective]
    if not open_yet and all(one.status is Status.OPTIMAL for one in solutions):
        return best
    bounds = [*open_yet, *(one.lower_bound for one in solutions if one.lower_bound is not None)]
    return replace(best, status=Status.FEASIBLE, lower_bound=min(bounds))


class _Prices:
    """What relaxations of one problem cost, together within what its search left of the limits, and MOST_NODES_IN_ALL.

    The nodes of each are bounded, so that without a limit of time the answer is the same on every machine.
    """

    def __init__(self, budget: Budget) -> None:
        self._deadline = budget.deadline
        self._left = MOST_NODES_IN_ALL if budget.nodes is None else min(max(budget.nodes, 0), MOST_NODES_IN_ALL)

    def of(self, problem: Problem) -> Relaxed | None:
        """What the best plan costs and gives, None where the limits end before any is found."""
        allowed = min(self._left, MOST_NODES)
        budget = Budget(deadline=self._deadline, nodes=allowed)
        try:
            best = _best(problem, Effort(budget=budget))
        except LimitReachedError:
            return None
        finally:
            self._left -= allowed - max(budget.nodes or 0, 0)
        if best is None or best.settled is None:
            raise SplitterError("a fault of the program: a dose that can be made has no plan; please report it")
        doses = [dose for regimen in best.regimens for dose in regimen or ()]
        supplied = dispense(best.settled, [day_use(regimen) for regimen in best.regimens])
        return Relaxed(
            total=sum(costs_of(best.settled, supplied), Fraction(0)),
            pieces=frozenset((take.product, take.fraction) for dose in doses for take in dose.take),
            liquids=frozenset(dose.measure.product for dose in doses if dose.measure is not None),
        )
