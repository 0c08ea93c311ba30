"""The second check of a plan file: its figures re-added, the clinical checks asked again, its advice worked out again.

`verify` re-adds every figure and knows nothing of the search. What a plan only says, it can't re-add: which findings
there are, why a prescription can't be made, what a product saves. That is asked anew and compared word for word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from splitter.formulary import Formulary
from splitter.optimise import LimitReachedError, Limits
from splitter.plan import Conflict, Finding, Plan, Severity, Status
from splitter.prescription import Pharmacy, Prescription
from splitter.problem import Problem, pose
from splitter.service.assembly import SOLVER
from splitter.service.comparison import saving_again, with_reasons
from splitter.service.families import best_plan
from splitter.service.inputs import Inputs
from splitter.service.planning import findings_of
from splitter.service.release import accepted
from splitter.service.remedies import remedy_again
from splitter.taper import with_steps
from splitter.verify import verify
from splitter.verify.findings import compare, compare_records

_OPEN = frozenset((None, Status.FEASIBLE))
"""What a limit leaves of an answer: none, or one that is not proved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What the second check says of a plan file."""

    agrees: bool
    findings: tuple[Finding, ...]


def verify_plan(
    made: Plan, prescription: Prescription, pharmacy: Pharmacy, formulary: Formulary, limits: Limits | None = None
) -> Verification:
    """Check a plan against the raw inputs, all that it says.

    Where it can't be made or gives reasons, that takes as long as making it did. `limits` are those that the plan was
    made with; what a limit of time left open is not compared. Where the figures are wrong, the words are not asked.
    """
    steps = with_steps(prescription, pharmacy, formulary)
    inputs = Inputs(prescription=steps, pharmacy=pharmacy, formulary=formulary, today=made.asked)
    findings = verify(made, inputs.prescription, pharmacy, formulary)
    if not findings:
        order = replace(inputs, prescription=prescription)
        findings = tuple(_words(made, inputs, order, limits or Limits()))
    return Verification(agrees=not findings, findings=findings)


def together(found: Sequence[Verification], more: Iterable[Finding]) -> Verification:
    """What was found of several plan files, and of how they hang together."""
    findings = tuple(finding for each in found for finding in each.findings)
    findings += tuple(more)
    return Verification(agrees=not findings, findings=findings)


def _words(made: Plan, inputs: Inputs, order: Inputs, limits: Limits) -> Iterator[Finding]:
    problem = pose(inputs.prescription, inputs.pharmacy, inputs.formulary)
    yield from compare("verify-provenance", "provenance", "solver", made.provenance.solver, SOLVER)
    yield from _findings(made, findings_of(inputs, problem, made))
    if made.status is Status.INFEASIBLE:
        yield from _conflicts(made, inputs, problem, limits)
    if made.reasons:
        yield from _reasons(made, inputs, limits)
    for number, remedy in enumerate(made.remedies, 1):
        again = remedy_again(remedy, made, order)
        if again is None:
            yield _stop("verify-remedies", f"remedy {number}", "these changes don't make it possible")
        else:
            yield from compare_records("verify-remedies", f"remedy {number}", remedy, again)
    for saving in made.savings:
        due = saving_again(made, saving, order)
        if due is None:
            yield _stop("verify-savings", f"saving of {saving.key}", "this setting saves nothing that can be shown")
        else:
            yield from compare_records("verify-savings", f"saving of {saving.key}", saving, due)


def _findings(made: Plan, due: tuple[Finding, ...]) -> Iterator[Finding]:
    """The findings are those of the checks, in their order; one that stops may be accepted, and then says by whom."""
    taken = {each.code: each for each in made.accepted}
    needless = sorted(taken.keys() - {finding.code for finding in due if finding.severity is Severity.STOP})
    yield from (
        _stop("verify-accepted", code, "it is accepted, but nothing of this code stops the plan") for code in needless
    )
    for number, (stated, expected) in enumerate(zip_longest(made.findings, due), 1):
        where = f"finding {number}"
        is_taken = expected is not None and expected.severity is Severity.STOP and expected.code in taken
        due_now = accepted(expected, taken[expected.code]) if expected is not None and is_taken else expected
        yield from compare("verify-findings", where, "it", _finding(stated), _finding(due_now))


def _finding(found: Finding | None) -> str | None:
    return None if found is None else f"{found.severity}, {found.where}: {found.message} ({found.code})"


def _conflicts(made: Plan, inputs: Inputs, problem: Problem, limits: Limits) -> Iterator[Finding]:
    """The prescription can't be made, for the reasons that are stated, and what is advised would help."""
    try:
        again = best_plan(inputs, problem, limits)
    except LimitReachedError:
        yield _stop("verify-status", "plan", "a limit ended the search before it was known whether it can be made")
        return
    if again.status is not Status.INFEASIBLE:
        yield _stop("verify-status", "plan", "it can be made, though the plan says that it can't")
        return
    for number, (stated, expected) in enumerate(zip_longest(made.conflicts, again.conflicts), 1):
        where = f"conflict {number}"
        if stated is None or expected is None:
            yield _stop("verify-conflict", where, "it is missing" if expected else "there is no such conflict")
        else:
            due = _without_open(stated, expected) if limits.seconds else expected
            yield from compare_records("verify-conflict", where, stated, due)


def _without_open(stated: Conflict, expected: Conflict) -> Conflict:
    """The expected conflict with the totals that only one of two searches came to as they are stated."""
    relaxations = tuple(
        replace(due, total=said.total) if said is not None and None in (said.total, due.total) else due
        for said, due in zip_longest(stated.relaxations, expected.relaxations)
        if due is not None
    )
    return replace(expected, relaxations=relaxations)


def _reasons(made: Plan, inputs: Inputs, limits: Limits) -> Iterator[Finding]:
    """The plans without each product are those that are stated."""
    bare = replace(made, reasons=())
    again = with_reasons(bare, inputs.prescription, inputs.pharmacy, inputs.formulary, limits).reasons
    for number, (stated, expected) in enumerate(zip_longest(made.reasons, again), 1):
        if stated is None or expected is None or stated.product != expected.product:
            yield _stop("verify-reasons", f"reason {number}", "the reasons are those of the products, in their order")
        elif not (limits.seconds and _OPEN.intersection((stated.status, expected.status))):
            where = f"reason of {expected.product}"
            yield from compare_records("verify-reasons", where, stated, expected)


def _stop(code: str, where: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.STOP, where=where, message=message)
