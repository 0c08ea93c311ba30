"""The reasons of a plan's products, and what a setting would save: what they say of the plan itself.

The plans that they compare it with are not made again.
"""

from __future__ import annotations

from collections.abc import Iterator

from splitter.plan import Finding, PlannedStep, ProductReason
from splitter.verify.case import Case
from splitter.verify.findings import compare, stop


def check_reasons(case: Case) -> Iterator[Finding]:
    """Each product has one reason or none has, with the steps and days that it serves and what it saves."""
    plan = case.plan
    if not plan.reasons:
        return
    explained = [reason.product for reason in plan.reasons]
    if sorted(explained) != sorted(product.id for product in plan.products):
        yield stop("verify-reasons", "plan", "the reasons are not those of the products")
    for reason in plan.reasons:
        yield from _faults(case, reason)


def check_savings(case: Case) -> Iterator[Finding]:
    """What one setting would save adds up with what the plan costs, and with its days of measuring."""
    plan = case.plan
    compounded = {product.id for product in plan.products if product.compounded}
    fine = sum(step.days for step in plan.steps if _is_fine(step, compounded))
    for saving in plan.savings:
        where = f"saving of {saving.key}"
        yield from compare("verify-savings", where, "total", plan.total, saving.total + saving.money)
        yield from compare("verify-savings", where, "days of measuring", fine, saving.fine_days + saving.fine_left)


def _is_fine(step: PlannedStep, compounded: set[str]) -> bool:
    """Whether something is measured on its days, or a compounded capsule taken."""
    for given in step.administrations:
        if given.measure is not None:
            return True
        if any(take.product in compounded for take in given.take):
            return True
    return False


def _faults(case: Case, reason: ProductReason) -> Iterator[Finding]:
    steps = tuple(number for number, step in enumerate(case.plan.steps) if _gives(step, reason.product))
    where = f"reason of {reason.product}"
    days = sum(case.plan.steps[number].days for number in steps)
    yield from compare("verify-reasons", where, "steps", reason.steps, steps)
    yield from compare("verify-reasons", where, "days", reason.days, days)
    without, with_it = reason.objective, case.plan.objective
    saves = None if without is None or with_it is None else without - with_it
    yield from compare("verify-reasons", where, "what it saves", reason.saves, saves)


def _gives(step: PlannedStep, product: str) -> bool:
    for given in step.administrations:
        if any(take.product == product for take in given.take):
            return True
        if given.measure is not None and given.measure.product == product:
            return True
    return False
