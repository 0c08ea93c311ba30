"""An infeasible plan: it hands nothing over, and says why in terms that exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from splitter.plan import Conflict, Finding, Status
from splitter.prescription import Policy
from splitter.quantity import counted
from splitter.verify.case import Case
from splitter.verify.findings import compare, stop

_RULES = frozenset(f"R{number}" for number in range(1, 9))
_SETTINGS = frozenset(field.name for field in fields(Policy)) | {"tolerance", "doses", "times"}


def check_status(case: Case) -> Iterator[Finding]:
    """Conflicts are stated when there is no plan, and only then."""
    if bool(case.plan.conflicts) is not (case.plan.status is Status.INFEASIBLE):
        said = f"status {case.plan.status.value} with {counted(len(case.plan.conflicts), 'conflict')}"
        yield stop("verify-status", "plan", said)


def check_infeasible(case: Case) -> Iterator[Finding]:
    """No item, no figure and no regimen; conflicts that speak of this prescription."""
    plan = case.plan
    for name in ("objective", "total", "lower_bound", "costs"):
        yield from compare("verify-infeasible", "plan", name, getattr(plan, name), None)
    for name in ("items", "products"):
        yield from compare("verify-infeasible", "plan", f"number of {name}", len(getattr(plan, name)), 0)
    for number, step in enumerate(plan.steps, 1):
        yield from compare("verify-infeasible", f"step {number}", "day's dose [mg]", step.delivered_mg, None)
        yield from compare("verify-infeasible", f"step {number}", "administrations", len(step.administrations), 0)
    for number, conflict in enumerate(plan.conflicts, 1):
        for message in _faults(case, conflict):
            yield stop("verify-conflict", f"conflict {number}", message)


def _faults(case: Case, conflict: Conflict) -> Iterator[str]:
    indices = conflict.steps if conflict.step is None else (conflict.step,)
    if not indices:
        yield "it names no step"
    dosed = {index for index, step in enumerate(case.prescription.steps) if step.target}
    if not dosed.issuperset(indices):
        yield f"steps {[index + 1 for index in indices if index not in dosed]} have no dose to give"
    if not _RULES.intersection(conflict.rules):
        yield "it names no rule R1 to R8"
    recipes = {product.ladder for product in case.products.values()}
    for unknown in sorted(set(conflict.rules) - _RULES - _SETTINGS - case.products.keys() - recipes):
        yield f"{unknown!r} is no rule, no setting and no product"
    if conflict.step in dosed and conflict.step is not None:
        yield from _nearest_faults(case, conflict, conflict.step)
    for relaxation in conflict.relaxations:
        named = f"relaxation {relaxation.key!r} to {relaxation.value!r}"
        if not relaxation.key or (relaxation.total is not None and relaxation.total < 0):
            yield f"{named} makes no sense"
        if relaxation.total is not None and not relaxation.suffices:
            yield f"{named} has a total, though other steps can't be made with it"


def _nearest_faults(case: Case, conflict: Conflict, step: int) -> Iterator[str]:
    target, (below, above) = case.prescription.steps[step].target.value, conflict.nearest_mg
    if below is not None and not 0 < below < target:
        yield f"the nearest dose below, {below} mg, is not between 0 and the target of {target} mg"
    if above is not None and above <= target:
        yield f"the nearest dose above, {above} mg, is not above the target of {target} mg"
