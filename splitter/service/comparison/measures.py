"""What a plan asks of the patient who takes it, and of the pharmacy that prepares it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from splitter.plan import Item, Plan, PlannedProduct, PlannedStep
from splitter.service.comparison.settings import handling_weights


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What one plan comes to over all its days.

    `measured_days` have something to measure, `cut_days` a piece of a tablet to take. `form_changes` are the steps that
    begin with other forms than the step before (tablets, measured doses, compounded capsules), `strength_changes` those
    with the same forms but other products. `containers` are the most that are taken from on one day, `labels` the
    containers handed over, each with a label of its own. `units_cut` are the units that the pharmacy breaks,
    `bench_dates` the dates on which something is compounded. `handling` weighs the events of taking it as
    `prefer = "simple"` does, in pieces.
    """

    total: Fraction
    measured_days: int
    cut_days: int
    form_changes: int
    strength_changes: int
    containers: int
    labels: int
    units_cut: int
    bench_dates: int
    handling: Fraction


def measures_of(plan: Plan) -> Measures:
    """The measures of a plan that isn't infeasible."""
    assert plan.total is not None
    known = {product.id: product for product in plan.products}
    used = [_used(step) for step in plan.steps]
    pairs = [(before, after) for before, after in pairwise(used) if before and after]
    changed = [(_forms(before, known) != _forms(after, known), before != after) for before, after in pairs]
    return Measures(
        total=plan.total,
        measured_days=sum(step.days for step in plan.steps if any(given.measure for given in step.administrations)),
        cut_days=sum(step.days for step in plan.steps if _split_pieces(step)),
        form_changes=sum(form for form, _ in changed),
        strength_changes=sum(product and not form for form, product in changed),
        containers=max(map(len, used), default=0),
        labels=sum(map(_containers, plan.items)),
        units_cut=sum(item.cut for item in plan.items),
        bench_dates=len({item.date for item in plan.items if item.batches is not None}),
        handling=sum((step.days * _handling(step) for step in plan.steps), Fraction(0)),
    )


def _containers(item: Item) -> int:
    """In how many containers an item is handed over."""
    return sum(part.count for part in item.parts) or 1


def _used(step: PlannedStep) -> frozenset[str]:
    """The products that are taken on a day of a step."""
    taken = {take.product for given in step.administrations for take in given.take}
    return frozenset(taken | {given.measure.product for given in step.administrations if given.measure})


def _forms(used: Iterable[str], known: dict[str, PlannedProduct]) -> frozenset[str]:
    """The forms of products as a patient tells them apart."""
    products = [known[product] for product in used]
    return frozenset(
        "measured" if product.concentration_mg_per_mL is not None else f"{product.form} {product.compounded}"
        for product in products
    )


def _split_pieces(step: PlannedStep) -> int:
    return sum(take.count for given in step.administrations for take in given.take if take.fraction != 1)


def _handling(step: PlannedStep) -> Fraction:
    """The events of a day, in pieces given."""
    weights = handling_weights()
    pieces = sum(take.count for given in step.administrations for take in given.take)
    volumes = sum(given.measure is not None for given in step.administrations)
    return (
        _split_pieces(step) * weights["split_burden"]
        + pieces * weights["piece_burden"]
        + volumes * weights["measure_burden"]
    )
