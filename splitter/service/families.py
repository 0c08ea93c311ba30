"""Products of different families never go into one plan: each family is solved by itself, and the best plan kept.

Strengths of 15 and of 16.2 mg look like one ladder and are two. So a drug with several families is as many problems,
each with the products of one family and those that have none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from splitter.division import Order, settle
from splitter.optimise import LimitReachedError, Limits, Progress, Solution, can_be_made, solve
from splitter.plan import Conflict, Plan, Relaxation, Status
from splitter.prescription import DivisionRule
from splitter.problem import Problem, by_family
from splitter.service.assembly import assemble
from splitter.service.inputs import Inputs

_ZERO = Fraction(0)
_OTHERS_TRIED = "the other family of strengths, which is never mixed with this one, can't make the prescription either"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What one family gives, exactly and as it is written down; `order` is what its path is compared by."""

    solution: Solution
    plan: Plan
    order: Order = ()


def best_plan(inputs: Inputs, problem: Problem, limits: Limits, progress: Progress | None = None) -> Plan:
    """The best plan of a problem, without findings, over the families of its products.

    It is proved when the search of every family has ended with its proof; `limits` are shared out evenly. Raises
    LimitReachedError when they end before any plan is found, InputError and SplitterError as the search does.
    """
    families = by_family(problem)
    if len(families) == 1:
        only = assemble(inputs, families[0], solve(families[0], limits, progress))
        return _with_excluded(inputs, problem, limits, only)
    # Why a family can't make it is asked only where none can: prices of its relaxations take longer than the plan.
    possible = [family for family in families if can_be_made(family)] or families
    answers = [_attempt(inputs, family, _share(limits, len(families)), progress) for family in possible]
    ended = [answer for answer in answers if answer is not None]
    found = [answer for answer in ended if answer.plan.status is not Status.INFEASIBLE]
    stopped = len(ended) < len(answers)
    if found:
        return _judged(found, min(found, key=_rank), stopped=stopped)
    if stopped:
        raise LimitReachedError
    plans = sorted((answer.plan for answer in ended), key=lambda plan: len(plan.conflicts))
    return _with_excluded(inputs, problem, limits, _explained(_advised(plans[0], plans[1:])))


def _with_excluded(inputs: Inputs, problem: Problem, limits: Limits, plan: Plan) -> Plan:
    """A plan; one that can't be made also with what would help of the families whose products are all excluded."""
    if plan.status is not Status.INFEASIBLE or not problem.policy.exclude:
        return plan
    asked = {family.stock for family in by_family(problem)}
    every = by_family(replace(problem, policy=replace(problem.policy, exclude=())))
    left_out = [replace(problem, stock=family.stock) for family in every if family.stock not in asked]
    answers = [_attempt(inputs, family, _share(limits, len(left_out))) for family in left_out]
    return _advised(plan, [answer.plan for answer in answers if answer is not None])


def _advised(plan: Plan, others: Sequence[Plan]) -> Plan:
    """A plan that can't be made, its conflicts with the changes that help in other families at the same step."""
    return replace(
        plan,
        conflicts=tuple(
            replace(conflict, relaxations=_cheapest([conflict, *_alike(conflict, others)]))
            for conflict in plan.conflicts
        ),
    )


def _alike(conflict: Conflict, others: Sequence[Plan]) -> list[Conflict]:
    where = conflict.step, conflict.steps
    return [other for plan in others for other in plan.conflicts if (other.step, other.steps) == where]


def _cheapest(conflicts: Sequence[Conflict]) -> tuple[Relaxation, ...]:
    """Each change once: of those that several families offer, what suffices first, then the cheapest."""
    changes: dict[tuple[str, str], Relaxation] = {}
    for change in (change for conflict in conflicts for change in conflict.relaxations):
        known = changes.setdefault((change.key, change.value), change)
        changes[change.key, change.value] = min(known, change, key=_worth)
    return tuple(changes.values())


def _worth(change: Relaxation) -> tuple[bool, bool, Fraction]:
    return not change.suffices, change.total is None, change.total or _ZERO


def _share(limits: Limits, families: int) -> Limits:
    return Limits(
        seconds=None if limits.seconds is None else limits.seconds / families,
        nodes=None if limits.nodes is None else limits.nodes // families,
    )


def _attempt(inputs: Inputs, problem: Problem, limits: Limits, progress: Progress | None = None) -> _Answer | None:
    """The answer of one family, None where limits end the search before it has any."""
    try:
        solution = solve(problem, limits, progress)
    except LimitReachedError:
        return None
    path = settle(problem.demand) if problem.policy.division is DivisionRule.PATH else None
    return _Answer(
        solution=solution, plan=assemble(inputs, problem, solution), order=path.order if path is not None else ()
    )


def _rank(answer: _Answer) -> tuple[object, ...]:
    """The order of preference: the path, then as plans of one family compare, but for the listing.

    What ties in all of these goes to the family that comes first by name.
    """
    return answer.order, answer.solution.rank[:-1]


def _judged(found: Sequence[_Answer], best: _Answer, *, stopped: bool) -> Plan:
    """The best plan with what is proved of all families together; nothing is known of a search without a plan."""
    if not stopped and all(answer.plan.status is Status.OPTIMAL for answer in found):
        return best.plan
    bounds = [_ZERO] if stopped else [answer.plan.lower_bound or _ZERO for answer in found]
    return replace(best.plan, status=Status.FEASIBLE, lower_bound=min(bounds))


def _explained(plan: Plan) -> Plan:
    """The conflicts of the family that comes nearest, saying that the others were tried."""
    return replace(
        plan,
        conflicts=tuple(
            replace(conflict, message=f"{conflict.message}; {_OTHERS_TRIED}") for conflict in plan.conflicts
        ),
    )
