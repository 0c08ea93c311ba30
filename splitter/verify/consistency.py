"""What can be re-added from a plan file alone, before anything is printed from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from splitter.plan import FORMAT, Finding, Plan, Status
from splitter.verify.accepted import check_accepted
from splitter.verify.choice import used_products
from splitter.verify.contents import check_contents, last_day, used
from splitter.verify.costs import check_sums
from splitter.verify.doses import amounts_of_plan, check_doses, step_place
from splitter.verify.findings import compare, stop
from splitter.verify.items import check_order, item_place
from splitter.verify.sealed import check_seal

_DAY = dt.timedelta(days=1)


def check_consistency(plan: Plan) -> tuple[Finding, ...]:
    """Every figure of `plan` that its other figures contradict; empty when all agree.

    An infeasible plan is only held to having nothing to hand over.
    """
    findings = [
        *check_seal(plan),
        *check_accepted(plan),
        *compare("verify-format", "plan", "format", plan.format, FORMAT),
    ]
    if plan.status is Status.INFEASIBLE:
        return (*findings, *compare("verify-infeasible", "plan", "number of items", len(plan.items), 0))
    for check in (_check_steps, _check_products, _check_items, _check_coverage, check_order, check_sums):
        findings.extend(check(plan))
    return tuple(findings)


def _check_steps(plan: Plan) -> Iterator[Finding]:
    start, amounts = plan.prescription.start, amounts_of_plan(plan)
    for number, step in enumerate(plan.steps, 1):
        where = step_place(number)
        yield from compare("verify-steps", where, "first day", step.start, start)
        start = step.start + step.days * _DAY
        if step.days < 1:
            yield stop("verify-steps", where, f"lasts {step.days} days")
        yield from check_doses(number, step, amounts)
        times = tuple(administration.time for administration in step.administrations)
        if times and times != plan.prescription.times:
            yield from compare("verify-times", where, "administration times", times, plan.prescription.times)
        pieces = [take for administration in step.administrations for take in administration.take]
        if any(take.count < 1 or take.fraction <= 0 for take in pieces):
            yield stop("verify-take", where, "pieces must be counted from 1 and have a size above 0")


def _check_products(plan: Plan) -> Iterator[Finding]:
    stated = tuple(product.id for product in plan.products)
    yield from compare("verify-products", "products", "product ids", stated, tuple(sorted(used_products(plan))))


def _check_items(plan: Plan) -> Iterator[Finding]:
    """Each item is of a product that the plan describes, and holds what is needed from its date to its last day."""
    products = {product.id: product for product in plan.products}
    for item in plan.items:
        where = item_place(item)
        if item.product not in products:
            yield stop("verify-product", where, "the plan does not describe this product")
            continue
        product = products[item.product]
        unit = "mL" if product.strength_mg is None else product.form.value
        yield from compare("verify-unit", where, "unit", item.unit, unit)
        days = (item.date, item.first_day, item.use_until, item.discard_after or item.use_until)
        if days != tuple(sorted(days)):
            yield stop("verify-use-until", where, "handed over, used up and discarded in the wrong order")
        yield from check_contents(plan, item, product)


def _check_coverage(plan: Plan) -> Iterator[Finding]:
    """All use of a product is in its items, and no day of use is in two."""
    for product_id in sorted(used_products(plan)):
        items = sorted((item for item in plan.items if item.product == product_id), key=lambda item: item.date)
        for before, after in pairwise(items):
            if after.first_day <= before.use_until:
                yield stop("verify-lot", item_place(after), f"begins before the last day of that of {before.date}")
        whole_plan = used(plan, product_id, plan.steps[0].start, last_day(plan.steps[-1]))
        supplied = sum((item.needed for item in items), Fraction(0))
        yield from compare("verify-item", product_id, "needed in all items together", supplied, whole_plan.total)
