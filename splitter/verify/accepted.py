"""Whether what somebody took on themselves stands with the findings of a plan, word for word."""

from __future__ import annotations

from collections.abc import Iterator

from splitter.plan import Finding, Plan, Severity
from splitter.verify.findings import stop

_SAYS = "; accepted by "


def check_accepted(plan: Plan) -> Iterator[Finding]:
    """Each acceptance has a name, a reason and a warning that says them; no other warning says that it was accepted."""
    ends = {each.code: f"{_SAYS}{each.by}: {each.why}" for each in plan.accepted}
    if len(ends) != len(plan.accepted):
        yield stop("verify-accepted", "plan", "a finding is accepted twice")
    for each in plan.accepted:
        if not each.by.strip() or not each.why.strip():
            yield stop("verify-accepted", each.code, "it is accepted without a name or a reason")
    for finding in plan.findings:
        yield from _finding(finding, ends.get(finding.code))
    known = {finding.code for finding in plan.findings}
    for code in sorted(ends.keys() - known):
        yield stop("verify-accepted", code, "it is accepted, but the plan has no such finding")


def _finding(finding: Finding, end: str | None) -> Iterator[Finding]:
    """What is wrong with one finding; `end` is how it ends where it was accepted."""
    if end is not None and finding.severity is Severity.STOP:
        yield stop("verify-accepted", finding.where, f"{finding.code} is accepted, but still stops the plan")
    if end is not None and finding.severity is Severity.WARN and not finding.message.endswith(end):
        yield stop("verify-accepted", finding.where, f"{finding.code} does not say by whom it was accepted, and why")
    if end is None and _SAYS in finding.message:
        yield stop("verify-accepted", finding.where, f"{finding.code} says that it was accepted, but by nobody")
