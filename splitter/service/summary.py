"""What a physician wants to know of a plan in ten seconds, in figures: each can be told, printed or drawn.

It is worked out from the plan and its inputs alone; the two costs beside its own are plans of their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from splitter.checks import CitedPace, Stretch, cited_paces, course, is_short_course, until_last_dose
from splitter.plan import Finding, Item, Plan, PlannedProduct, PlannedStep, Severity
from splitter.prescription import Costs
from splitter.problem import pose
from splitter.service.inputs import Inputs
from splitter.service.planning import question_of


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDown:
    """The largest single step down: on which day, from which dose to which [mg]. `share` is of the dose before."""

    date: dt.date
    before_mg: Fraction
    after_mg: Fraction
    share: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCost:
    """What the same doses cost in another way; `total` None: they can't be made so, and `message` says why."""

    name: str
    total: Fraction | None
    message: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A plan at a glance. Doses are a day's [mg]; `total` and `first_visit` are money, None where it can't be made.

    `last_mg` is the last dose above nothing, `last` the last day of the plan, `nothing_follows` whether the
    prescription says that nothing comes after. `highest` is the largest drop by mass, `steepest` by share; None where
    nothing falls. `is_short`: the drug was taken for so short a time that it needs no taper. `paces` are the cited
    tapers beside the plan's own. `cut`, `measured` and `compounded` are the first days on which a piece is taken, a
    volume is measured, something compounded is taken; None: never. `visits` are the days on which something is handed
    over. `stops`, `warnings` and `notes` are the plan's findings by their weight, in their order.
    """

    number: str
    drug: str
    start: dt.date
    last: dt.date
    days: int
    steps: int
    first_mg: Fraction
    last_mg: Fraction
    nothing_follows: bool
    highest: StepDown | None
    steepest: StepDown | None
    is_short: bool
    paces: tuple[CitedPace, ...]
    currency: str
    total: Fraction | None
    first_visit: Fraction | None
    others: tuple[OtherCost, ...]
    cut: dt.date | None
    measured: dt.date | None
    compounded: dt.date | None
    visits: tuple[dt.date, ...]
    stops: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    notes: tuple[Finding, ...]


def summary_of(inputs: Inputs, made: Plan, others: Sequence[OtherCost] = ()) -> Summary:
    """The summary of a plan; `inputs` are those it was made from, the rule as steps."""
    problem = pose(inputs.prescription, inputs.pharmacy, inputs.formulary)
    question = question_of(inputs, problem, made)
    doses = [(step.start, _daily(step)) for step in made.steps]
    drops = _drops(course(question))
    visits = tuple(sorted({item.date for item in made.items}))
    return Summary(
        number=made.prescription.number,
        drug=made.prescription.drug,
        start=made.prescription.start,
        last=made.steps[-1].last,
        days=sum(step.days for step in made.steps),
        steps=len(made.steps),
        first_mg=doses[0][1],
        last_mg=next((dose for _, dose in reversed(doses) if dose), Fraction(0)),
        nothing_follows=not doses[-1][1],
        highest=max(drops, key=lambda drop: drop.before_mg - drop.after_mg, default=None),
        steepest=max(drops, key=lambda drop: drop.share, default=None),
        is_short=is_short_course(question),
        paces=cited_paces(question),
        currency=made.currency,
        total=made.total,
        first_visit=cost_of_visit(made, visits[0], inputs.pharmacy.costs) if visits else None,
        others=tuple(others),
        cut=_first(
            made, lambda _, step: any(take.fraction != 1 for each in step.administrations for take in each.take)
        ),
        measured=_first(made, lambda _, step: any(each.measure for each in step.administrations)),
        compounded=_first(made, _takes_compounded),
        visits=visits,
        stops=_of_weight(made, Severity.STOP),
        warnings=_of_weight(made, Severity.WARN),
        notes=_of_weight(made, Severity.NOTE),
    )


def cost_of_visit(made: Plan, date: dt.date, costs: Costs) -> Fraction:
    """What one visit costs, with its fees [money]."""
    items = [item for item in made.items if item.date == date]
    cut = sum(item.cut for item in items)
    return sum(map(_cost, items), Fraction(0)) + costs.item_fee.value * len(items) + costs.split_fee.value * cut


def _cost(item: Item) -> Fraction:
    return item.cost


def _daily(step: PlannedStep) -> Fraction:
    return step.target_mg if step.delivered_mg is None else step.delivered_mg


def _drops(stretches: Sequence[Stretch]) -> list[StepDown]:
    """Every step down, but the end."""
    return [
        StepDown(
            date=after.start,
            before_mg=before.dose,
            after_mg=after.dose,
            share=(before.dose - after.dose) / before.dose,
        )
        for before, after in pairwise(until_last_dose(stretches))
        if after.dose < before.dose
    ]


def _first(made: Plan, is_so: Callable[[Plan, PlannedStep], bool]) -> dt.date | None:
    """The first day of the first step that is so."""
    return next((step.start for step in made.steps if is_so(made, step)), None)


def _takes_compounded(made: Plan, step: PlannedStep) -> bool:
    known: dict[str, PlannedProduct] = {product.id: product for product in made.products}
    taken = [take.product for each in step.administrations for take in each.take]
    taken += [each.measure.product for each in step.administrations if each.measure is not None]
    return any(known[name].compounded for name in taken)


def _of_weight(made: Plan, severity: Severity) -> tuple[Finding, ...]:
    return tuple(finding for finding in made.findings if finding.severity is severity)
