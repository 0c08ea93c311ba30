"""From the records of one prescription to its plan: solved, written down, re-added, questioned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction

from splitter.checks import Question, run_checks
from splitter.errors import Fault, InputError
from splitter.formulary import Formulary
from splitter.optimise import LimitReachedError, Limits, Progress
from splitter.plan import Finding, Plan, Severity, refuse_unsound
from splitter.prescription import Pharmacy, Prescription
from splitter.problem import Problem, pose
from splitter.quantity import Mass, format_exact
from splitter.service.families import best_plan
from splitter.service.inputs import Inputs
from splitter.taper import with_steps
from splitter.units import quoted
from splitter.verify import verify

TOO_LARGE = 10
"""How many times the labelled maximum a daily dose may be before it is taken as a slip: ten, as of a decimal point."""

TOO_MANY = 30
"""How many of the largest counted unit a daily dose may be where no maximum is labelled, before it is taken as a slip.

The six pieces that one time of the day has by default, five times a day: nobody is to swallow more, and a slipped
decimal point of an ordinary dose, three units or more, is beyond it.
"""


_TOO_MANY_PLANS = Fault(
    file="",
    key="policy",
    found="more partial plans than may be held in memory, before any plan was found",
    remedy='exclude products, lower max_pieces, or leave division and fine at "path" and "phase"',
)


def plan(
    prescription: Prescription,
    pharmacy: Pharmacy,
    formulary: Formulary,
    limits: Limits | None = None,
    progress: Progress | None = None,
    today: date | None = None,
) -> Plan:
    """The best plan of a prescription with all that was found about it; an infeasible one says why.

    The start is held against `today`, where one is given. The findings are those of the independent check (none, unless
    the program is wrong), of the inputs, and of the clinical checks, in this order. Raises InputError for settings that
    contradict each other and for `limits` that end the search before any plan is found.
    """
    try:
        inputs = Inputs(prescription=prescription, pharmacy=pharmacy, formulary=formulary, today=today)
        return attempt(inputs, limits, progress)
    except LimitReachedError:
        set_limits = limits or Limits()
        given = (("--time-limit", set_limits.seconds), ("--node-limit", set_limits.nodes))
        reached = [
            Fault(
                file="",
                key=option,
                found=f"{format_exact(Fraction(value))}, reached before any plan was found",
                remedy="raise it",
            )
            for option, value in given
            if value is not None
        ]
        raise InputError(reached or [_TOO_MANY_PLANS]) from None


def attempt(inputs: Inputs, limits: Limits | None = None, progress: Progress | None = None) -> Plan:
    """As `plan`, for those who go on without it: raises LimitReachedError when limits leave nothing found."""
    inputs = replace(inputs, prescription=with_steps(inputs.prescription, inputs.pharmacy, inputs.formulary))
    _refuse_slipped_points(inputs)
    _refuse_unknown_taper(inputs)
    problem = pose(inputs.prescription, inputs.pharmacy, inputs.formulary)
    made = best_plan(inputs, problem, limits or Limits(), progress)
    refuse_unsound(made)
    findings = verify(made, inputs.prescription, inputs.pharmacy, inputs.formulary)
    asked = findings_of(inputs, problem, made)
    # The day stands in the plan only where a finding rests on it, so that the same order gives the same file tomorrow.
    rests = inputs.today if asked != findings_of(replace(inputs, today=None), problem, made) else None
    return replace(made, findings=(*findings, *asked), asked=rests)


def findings_of(inputs: Inputs, problem: Problem, made: Plan) -> tuple[Finding, ...]:
    """What the inputs and the clinical checks have to say of a plan, in their order."""
    return (
        *_input_findings(inputs, problem),
        *run_checks(question_of(inputs, problem, made)),
    )


def question_of(inputs: Inputs, problem: Problem, made: Plan) -> Question:
    """What the clinical checks look at."""
    return Question(
        plan=made,
        prescription=inputs.prescription,
        formulary=inputs.formulary,
        allowed=problem.products,
        policy=problem.policy,
        today=inputs.today,
    )


def _refuse_unknown_taper(inputs: Inputs) -> None:
    """Raise InputError where the prescription names a taper that the drug's formulary doesn't cite."""
    named, known = inputs.prescription.follows, [advice.name for advice in inputs.formulary.tapers]
    if named is not None and named not in known:
        remedy = (
            f"write one of {', '.join(map(quoted, known))}" if known else "leave it out; none is cited for this drug"
        )
        file = f"prescription {inputs.prescription.number}"
        raise InputError([Fault(file=file, key="prescription.follows", found=quoted(named), remedy=remedy)])


def _refuse_slipped_points(inputs: Inputs) -> None:
    """Raise InputError for daily doses so far over what is given that they must be slips of the pen.

    A dose over the labelled maximum is a matter for the clinical checks; one beyond TOO_LARGE maxima is no dose at all,
    nor where no maximum is labelled, one of more than TOO_MANY of the largest unit.
    """
    bound = _most_conceivable(inputs.formulary)
    faults = [
        Fault(
            file=f"prescription {inputs.prescription.number}",
            key=f"step[{number}]",
            found=f"{step.target} a day, more than {bound[1]}",
            remedy="check the number and its unit; the decimal point may have slipped",
        )
        for number, step in enumerate(inputs.prescription.steps)
        if bound is not None and step.target > bound[0]
    ]
    if faults:
        raise InputError(faults)


def _most_conceivable(formulary: Formulary) -> tuple[Mass, str] | None:
    """The largest daily dose that may be meant, and what it is in words; None where nothing tells."""
    if formulary.max_daily is not None:
        return formulary.max_daily * TOO_LARGE, f"{TOO_LARGE} times the labelled maximum of {formulary.max_daily}"
    largest = max((product.strength for product in formulary.products if product.strength is not None), default=None)
    return None if largest is None else (largest * TOO_MANY, f"{TOO_MANY} of the largest unit, of {largest}")


def _input_findings(inputs: Inputs, problem: Problem) -> Iterator[Finding]:
    """What the inputs say that does not fit together."""
    priced, paid = inputs.formulary.currency, inputs.pharmacy.currency
    if priced is not None and priced != paid:
        message = f"the prices of {inputs.formulary.drug} are in {priced}, the pharmacy's costs in {paid}"
        yield Finding(code="currency-differs", severity=Severity.STOP, where="formulary", message=message)
    known = {name for product in inputs.formulary.products for name in (product.id, product.ladder)}
    for name in problem.policy.exclude:
        if name not in known:
            message = f'"{name}" is to be excluded, but the formulary has no such product'
            yield Finding(code="unknown-exclusion", severity=Severity.WARN, where="policy.exclude", message=message)
