"""Whether a plan may be printed: nothing is, that disagrees with itself or that a check stops."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from splitter.errors import Fault, InputError, RefusedError
from splitter.plan import Finding, Plan, Severity, Status
from splitter.verify import check_consistency

_NEVER_ACCEPTED = "verify-"
ACCEPTED = "; accepted by the user"


def stops(plan: Plan) -> tuple[Finding, ...]:
    """The plan's findings that stop it."""
    return tuple(finding for finding in plan.findings if finding.severity is Severity.STOP)


def accept(plan: Plan, codes: Collection[str]) -> Plan:
    """The plan with the stopping findings of these codes turned into warnings that say who accepted them.

    Raises InputError for a code of the independent check: figures that disagree can't be accepted.
    """
    refused = sorted(code for code in codes if code.startswith(_NEVER_ACCEPTED))
    if refused:
        remedy = "leave it out; a plan that fails its verification is never printed"
        raise InputError(Fault(file="", key="--accept", found=code, remedy=remedy) for code in refused)
    return replace(plan, findings=tuple(_accepted(finding, codes) for finding in plan.findings))


def accepted(finding: Finding) -> Finding:
    """A stopping finding as it stands in a plan whose user takes responsibility for it."""
    return replace(finding, severity=Severity.WARN, message=finding.message + ACCEPTED)


def _accepted(finding: Finding, codes: Collection[str]) -> Finding:
    if finding.severity is not Severity.STOP or finding.code not in codes:
        return finding
    return accepted(finding)


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
