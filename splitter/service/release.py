"""Whether a plan may be printed: nothing is, that disagrees with itself or that a check stops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from splitter.errors import Fault, InputError, RefusedError
from splitter.plan import Acceptance, Finding, Plan, Severity, Status
from splitter.units import quoted
from splitter.verify import check_consistency

_NEVER_ACCEPTED = "verify-"


def stops(plan: Plan) -> tuple[Finding, ...]:
    """The plan's findings that stop it."""
    return tuple(finding for finding in plan.findings if finding.severity is Severity.STOP)


def accept(plan: Plan, acceptances: Sequence[Acceptance]) -> Plan:
    """The plan with the findings that these accept turned into warnings, which say who accepted them and why.

    Raises InputError for a code that doesn't stop it, and for one of the independent check: figures that disagree can't
    be accepted.
    """
    faults = [fault for each in acceptances for fault in _refused(plan, each.code)]
    if faults:
        raise InputError(faults)
    by_code = {each.code: each for each in acceptances}
    findings = (_accepted(finding, by_code.get(finding.code)) for finding in plan.findings)
    return replace(plan, findings=tuple(findings), accepted=(*plan.accepted, *by_code.values()))


def accepted(finding: Finding, acceptance: Acceptance) -> Finding:
    """A stopping finding as it stands in a plan for which somebody takes responsibility."""
    message = f"{finding.message}; accepted by {acceptance.by}: {acceptance.why}"
    return replace(finding, severity=Severity.WARN, message=message)


def _accepted(finding: Finding, acceptance: Acceptance | None) -> Finding:
    if acceptance is None or finding.severity is not Severity.STOP:
        return finding
    return accepted(finding, acceptance)


def _refused(plan: Plan, code: str) -> Iterator[Fault]:
    """Why a code can't be accepted."""
    codes = sorted({finding.code for finding in stops(plan)})
    if code.startswith(_NEVER_ACCEPTED):
        remedy = "leave it out; a plan that fails its verification is never printed"
        yield Fault(file="", key="--accept", found=code, remedy=remedy)
    elif code not in codes:
        remedy = (
            f"accept only what stops the plan: {', '.join(codes)}" if codes else "leave it out; nothing stops the plan"
        )
        yield Fault(file="", key="--accept", found=quoted(code), remedy=remedy)


def objections(plan: Plan) -> tuple[str, ...]:
    """All that keeps a plan from being printed, in words; empty when it may be."""
    stated = tuple(map(_words, stops(plan)))
    if plan.status is not Status.INFEASIBLE:
        return stated
    conflicts = tuple(conflict.message for conflict in plan.conflicts)
    return ("the prescription can't be made as it stands", *conflicts, *stated)


def refuse_unprintable(plan: Plan) -> None:
    """Raises RefusedError for a plan file that contradicts itself, is infeasible, or that a finding stops."""
    contradictions = tuple(
        f"{finding.where}: {finding.message} ({finding.code})" for finding in check_consistency(plan)
    )
    reasons = (*contradictions, *objections(plan))
    if reasons:
        raise RefusedError("\n".join(f"not printed: {reason}" for reason in reasons))


def _words(finding: Finding) -> str:
    return f"{finding.where}: {finding.message} ({finding.code})"
