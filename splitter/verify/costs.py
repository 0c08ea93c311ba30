"""Totals, fees and burdens, re-added from the items and the days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from splitter.plan import Finding, Plan, Status
from splitter.verify.case import Case
from splitter.verify.findings import compare, compare_records, stop


def check_costs(case: Case) -> Iterator[Finding]:
    """Each fee from the pharmacy's, the burdens from the policy's, and the plan's own sums."""
    items, fees, stated = case.plan.items, case.pharmacy.costs, case.plan.costs
    if stated is not None:
        expected = replace(
            stated,
            item_fees=len(items) * fees.item_fee.value,
            split_fees=sum(item.cut for item in items) * fees.split_fee.value,
            burdens=_burdens(case),
        )
        yield from compare_records("verify-costs", "costs", stated, expected)
    yield from check_sums(case.plan)


def _burdens(case: Case) -> Fraction:
    """Over all days: the money for split pieces, for pieces, and for measured volumes."""
    split_burden, piece_burden, measure_burden = case.burdens
    total = Fraction(0)
    for step in case.plan.steps:
        for administration in step.administrations:
            pieces = sum(take.count for take in administration.take)
            split = sum(take.count for take in administration.take if take.fraction != 1)
            measured = 0 if administration.measure is None else 1
            total += step.days * (split * split_burden + pieces * piece_burden + measured * measure_burden)
    return total


def check_sums(plan: Plan) -> Iterator[Finding]:
    """The total, the objective and its bound, from the plan's own cost summary."""
    costs = plan.costs
    if costs is None or plan.total is None or plan.objective is None or plan.lower_bound is None:
        yield stop("verify-total", "plan", "a plan with regimens needs costs, total, objective and lower bound")
        return
    paid = sum((item.cost for item in plan.items), Fraction(0))
    yield from compare("verify-costs", "costs", "products", costs.products, paid)
    total = costs.products + costs.item_fees + costs.split_fees
    yield from compare("verify-total", "plan", "total", plan.total, total)
    yield from compare("verify-objective", "plan", "objective", plan.objective, total + costs.burdens)
    if plan.status is Status.OPTIMAL:
        yield from compare("verify-lower-bound", "plan", "lower bound", plan.lower_bound, plan.objective)
    elif plan.lower_bound > plan.objective:
        yield stop("verify-lower-bound", "plan", "the lower bound is above the objective")
