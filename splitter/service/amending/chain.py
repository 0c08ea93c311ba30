"""A chain of amendments, verified back to the first: each names the files that it replaces, and begins inside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from splitter.plan import Finding, Plan, Severity
from splitter.prescription import Prescription
from splitter.quantity import format_exact
from splitter.service.amending.remains import handed_over

_CODE = "verify-chain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A plan with its prescription, and the SHA-256 of the plan's file."""

    plan: Plan
    prescription: Prescription
    digest: str

    @property
    def number(self) -> int:
        """The number of the amendment, 0 for the first plan of all."""
        return 0 if self.prescription.amendment is None else self.prescription.amendment.number


def check_chain(links: Sequence[Link]) -> Iterator[Finding]:
    """What doesn't fit together, in the order of the amendments; the first plan must be among them."""
    ordered = sorted(links, key=lambda link: link.number)
    if ordered[0].number:
        yield _finding(ordered[0], f"the plan that amendment {ordered[0].number} replaces is not named")
    for before, after in pairwise(ordered):
        yield from _check_link(before, after)


def _check_link(before: Link, after: Link) -> Iterator[Finding]:
    amendment = after.prescription.amendment
    if amendment is None or amendment.number != before.number + 1:
        yield _finding(after, f"number {after.number} comes after number {before.number}")
        return
    if amendment.plan != before.digest:
        yield _finding(after, "it replaces another plan than the one before")
    if amendment.prescription != before.prescription.sha256:
        yield _finding(after, "it replaces another prescription than the one before")
    if after.prescription.number != before.prescription.number:
        yield _finding(after, f"it is of prescription {after.prescription.number}, not {before.prescription.number}")
    start, last = after.prescription.start, before.plan.steps[-1].last
    if not before.prescription.start < start <= last:
        yield _finding(after, f"it begins on {start}, outside the plan before, which ends on {last}")
    for home in after.plan.at_home:
        had = handed_over(before.plan, home.product, start)
        if home.stated > had:
            said = f"{format_exact(home.stated)} of {home.product} at home"
            yield _finding(after, f"{said}, of which {_amount(had)} were ever handed over")


def _amount(had: Fraction) -> str:
    return format_exact(had) if had else "none"


def _finding(link: Link, message: str) -> Finding:
    return Finding(code=_CODE, severity=Severity.STOP, where=f"amendment {link.number}", message=message)
