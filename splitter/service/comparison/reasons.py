"""Why each product is in the mix: the steps it serves, and the best plan that does without it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from splitter.formulary import Formulary
from splitter.optimise import Limits, Progress
from splitter.plan import Plan, PlannedStep, ProductReason
from splitter.prescription import Pharmacy, Prescription
from splitter.service.comparison.asking import Asking
from splitter.service.inputs import inputs_of


def with_reasons(
    made: Plan,
    prescription: Prescription,
    pharmacy: Pharmacy,
    formulary: Formulary,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Plan:
    """The plan with the reason of each of its products, each found by planning the whole prescription without it.

    `made` is the plan of the same prescription; `limits` are those of each search. An infeasible plan has no reasons.
    """
    inputs = inputs_of(prescription, pharmacy, formulary)
    return replace(made, reasons=reasons_of(made, Asking(inputs, limits, progress, len(made.products))))


def reasons_of(made: Plan, asking: Asking) -> tuple[ProductReason, ...]:
    """The reason of each product of a plan, in the plan's order."""
    return tuple(_reason(made, product.id, asking) for product in made.products)


def _reason(made: Plan, product: str, asking: Asking) -> ProductReason:
    without = asking.plan((("exclude", (product,)),))
    served = [number for number, step in enumerate(made.steps) if _serves(product, step)]
    return ProductReason(
        product=product,
        steps=tuple(served),
        days=sum(made.steps[number].days for number in served),
        status=None if without is None else without.status,
        total=None if without is None else without.total,
        objective=None if without is None else without.objective,
        saves=_saved(made, without),
        message=None if without is not None and without.total is not None else why_none(without),
    )


def _saved(made: Plan, without: Plan | None) -> Fraction | None:
    if without is None or without.objective is None or made.objective is None:
        return None
    return without.objective - made.objective


def _serves(product: str, step: PlannedStep) -> bool:
    taken = {take.product for given in step.administrations for take in given.take}
    return product in taken | {given.measure.product for given in step.administrations if given.measure is not None}


def why_none(plan: Plan | None) -> str:
    """Why there is no plan: the first conflict and how many more there are, or that a limit came first."""
    if plan is None:
        return "no plan was found within the limits"
    first, *others = plan.conflicts
    steps = "1 other step" if len(others) == 1 else f"{len(others)} other steps"
    return f"{first.message}; nor can {steps}" if others else first.message
