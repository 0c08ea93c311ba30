"""What every check looks at, and how it says what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from splitter.formulary import Formulary, Product
from splitter.plan import Finding, Plan, PlannedStep, Severity
from splitter.prescription import Policy, Prescription
from splitter.quantity import format_exact


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the checks look at. The prescription's steps are written out and are the plan's.

    `allowed` are the products that the policy in force lets the plan use.
    """

    plan: Plan
    prescription: Prescription
    formulary: Formulary
    allowed: tuple[Product, ...]
    policy: Policy

    def numbered_steps(self) -> list[tuple[int, PlannedStep]]:
        """The steps, counted from 1."""
        return list(enumerate(self.plan.steps, 1))

    def used(self) -> list[Product]:
        """The products that the regimens give, in the formulary's order."""
        given = [given for step in self.plan.steps for given in step.administrations]
        ids = {take.product for administration in given for take in administration.take}
        ids |= {administration.measure.product for administration in given if administration.measure is not None}
        return [product for product in self.formulary.products if product.id in ids]


Check = Callable[[Question], Iterator[Finding]]


def step_finding(code: str, severity: Severity, step: int, message: str) -> Finding:
    """A finding about one step, counted from 1."""
    return Finding(code=code, severity=severity, where=f"step {step}", message=message)


def plan_finding(code: str, severity: Severity, message: str) -> Finding:
    """A finding about the plan as a whole."""
    return Finding(code=code, severity=severity, where="plan", message=message)


def mg(dose: Fraction) -> str:
    """A dose [mg] in words."""
    return f"{format_exact(dose)} mg"
