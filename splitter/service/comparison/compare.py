"""The alternatives side by side."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from splitter.formulary import Formulary, listed
from splitter.optimise import Limits, Progress
from splitter.plan import Plan, Status
from splitter.prescription import Pharmacy, Prescription
from splitter.quantity import Money
from splitter.service.comparison.asking import Asking
from splitter.service.comparison.measures import Measures, measures_of
from splitter.service.comparison.reasons import reasons_of, why_none
from splitter.service.comparison.settings import PolicyLine, Settings, charging, named, written
from splitter.service.comparison.sweep import MOST_PLANS, MOST_STEPS, PRICE_STEP, sweep
from splitter.service.inputs import inputs_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One way to fill the prescription.

    `settings` are what its [policy] would have to say. `same_as` names an earlier alternative with the very same
    regimens and supply. `measures` are None where there is no plan; then `message` says why. `is_trade_off`: no
    other alternative is as cheap and easier to handle, or as easy and cheaper. `plan` is None where a limit ended the
    search before any was found.
    """

    name: str
    settings: tuple[PolicyLine, ...]
    same_as: str | None
    is_trade_off: bool
    measures: Measures | None
    message: str | None
    plan: Plan | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The alternatives of one prescription; the plan of the first is that as it stands, with its products' reasons.

    `handling_price` is the highest price of handling that was asked for [money for a piece], and
    `all_trade_offs` says whether every plan that is the best at some price up to it is among the alternatives.
    """

    number: str
    drug: str
    currency: str
    alternatives: tuple[Alternative, ...]
    handling_price: Fraction
    all_trade_offs: bool


def compare(
    prescription: Prescription,
    pharmacy: Pharmacy,
    formulary: Formulary,
    limits: Limits | None = None,
    progress: Progress | None = None,
    trade_offs: int = MOST_PLANS,
) -> Comparison:
    """A prescription's alternatives: by name, and the trade-offs of cost against handling that are best at some price.

    `trade_offs` is how many plans may be made to find these. `limits` are those of each plan; besides, there are one
    for each name and one for each product of the first. Raises InputError as `plan` does, except for limits: an
    alternative for which no plan was found in time says so.
    """
    inputs = inputs_of(prescription, pharmacy, formulary)
    asked = list(named(inputs))
    asking = Asking(inputs, limits, progress, len(asked) + trade_offs + len(listed(formulary)))
    rows = _cheapest_of_each([_alternative(name, settings, asking.plan(settings)) for name, settings in asked])
    swept = sweep(lambda price: asking.plan(charging(price)), trade_offs)
    rows += [_alternative(*_priced(price), made) for price, made in sorted(swept.plans.items())]
    first = rows[0].plan
    if first is not None:
        rows[0] = replace(rows[0], plan=replace(first, reasons=reasons_of(first, asking)))
    return Comparison(
        number=prescription.number,
        drug=prescription.drug,
        currency=pharmacy.currency,
        alternatives=_distinct(rows, len({name for name, _ in asked})),
        handling_price=MOST_STEPS * PRICE_STEP,
        all_trade_offs=swept.complete,
    )


def _cheapest_of_each(rows: Sequence[Alternative]) -> list[Alternative]:
    """Of the alternatives of one name the cheapest, the first where none can be made."""
    best: dict[str, Alternative] = {}
    for row in rows:
        known = best.setdefault(row.name, row)
        if row.measures is not None and (known.measures is None or row.measures.total < known.measures.total):
            best[row.name] = row
    return list(best.values())


def _priced(price: int) -> tuple[str, Settings]:
    """The name and the settings of a trade-off that is best at a price in steps."""
    money = price * PRICE_STEP
    return f"at {Money(money)} a piece", charging(money)


def _alternative(name: str, settings: Settings, plan: Plan | None) -> Alternative:
    feasible = plan is not None and plan.status is not Status.INFEASIBLE
    return Alternative(
        name=name,
        settings=written(settings),
        same_as=None,
        is_trade_off=False,
        measures=measures_of(plan) if plan is not None and feasible else None,
        message=None if feasible else why_none(plan),
        plan=plan,
    )


def _distinct(rows: Sequence[Alternative], named_rows: int) -> tuple[Alternative, ...]:
    """The alternatives with what repeats an earlier one said, or left out where it has no name of its own."""
    kept: list[Alternative] = []
    for place, row in enumerate(rows):
        twin = next((other.name for other in kept if other.same_as is None and _is_same(row, other)), None)
        if place < named_rows or twin is None:
            kept.append(replace(row, same_as=twin))
    points = {_point(row.measures) for row in kept if row.measures is not None}
    return tuple(replace(row, is_trade_off=_is_best(row.measures, points)) for row in kept)


def _is_same(one: Alternative, other: Alternative) -> bool:
    if one.plan is None or other.plan is None or one.measures is None:
        return False
    given = [[(step.days, step.administrations) for step in each.plan.steps] for each in (one, other) if each.plan]
    return given[0] == given[1] and one.plan.items == other.plan.items


def _point(measures: Measures) -> tuple[Fraction, Fraction]:
    return measures.total, measures.handling


def _is_best(measures: Measures | None, points: Collection[tuple[Fraction, Fraction]]) -> bool:
    if measures is None:
        return False
    total, handling = own = _point(measures)
    return not any(t <= total and h <= handling for t, h in points if (t, h) != own)
