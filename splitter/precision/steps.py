"""The precision of every step of a plan, and the steps that its mix doesn't resolve."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from splitter.formulary import Product, built_in_accuracy
from splitter.plan import Item, Plan, PlannedStep
from splitter.precision.change import USUAL_CERTAINTY, Change, change_between
from splitter.precision.day import Day, day_of
from splitter.prescription import Policy

_PARTS = tuple(Fraction(1, parts) for parts in (1, 2, 3, 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPrecision:
    """What a day of one step delivers, and how that differs from the step before.

    `step` counts from 1. `change` is None of the first step, after a drug-free one, and where the dose stays the same.
    """

    step: int
    day: Day
    change: Change | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unresolved:
    """The steps, counted from 1, at which nobody could tell a day from one on the step before, and how bad it gets."""

    steps: tuple[int, ...]
    worst_chance: float


def precision_of(plan: Plan, products: Iterable[Product], policy: Policy) -> tuple[StepPrecision, ...]:
    """The precision of each step that gives something, in the order of the plan; none of a plan that can't be made.

    A step of a plan file that gives what nobody knows, or as nobody can, has none.

    `products` are the formulary's, `policy` the one in force, of which the syringes, the way of cutting and the
    certainty asked for count.
    """
    stock = {product.id: product for product in products}
    accuracy, certainty = built_in_accuracy(), policy.resolve or USUAL_CERTAINTY
    days = [day_of(step, stock, policy, accuracy) if _is_known(step, stock) else None for step in plan.steps]
    changes: list[Change | None] = [None]
    for (before, old), (after, new) in pairwise(zip(plan.steps, days, strict=True)):
        if old is None or new is None:
            changes.append(None)
        else:
            changes.append(change_between(old, new, certainty, _same(plan.items, before, after, new)))
    return tuple(
        StepPrecision(step=number, day=day, change=change)
        for number, (day, change) in enumerate(zip(days, changes, strict=True), 1)
        if day is not None
    )


def _is_known(step: PlannedStep, stock: Mapping[str, Product]) -> bool:
    """Whether a step gives something, and nothing but known products as they can be given."""
    takes = [take for given in step.administrations for take in given.take]
    measures = [given.measure for given in step.administrations if given.measure]
    counted = [stock[take.product] for take in takes if take.product in stock and take.fraction in _PARTS]
    poured = [stock[each.product] for each in measures if each.product in stock and each.mL > 0]
    return (
        step.target_mg > 0
        and 0 < len(takes) + len(measures) == len(counted) + len(poured)
        and not any(product.is_liquid for product in counted)
        and all(product.is_liquid for product in poured)
    )


def unresolved(precision: Sequence[StepPrecision]) -> Unresolved | None:
    """The steps that the mix of a plan doesn't resolve; None where it resolves all, as far as is known."""
    found = [(each.step, each.change) for each in precision if each.change and not each.change.is_resolved]
    if not found:
        return None
    return Unresolved(
        steps=tuple(step for step, _ in found),
        worst_chance=max(change.chance_wrong for _, change in found),
    )


def _same(items: Sequence[Item], before: PlannedStep, after: PlannedStep, new: Day) -> Fraction:
    """The share of the pairs of days, one of each step, whose preparations come from one supply of each product."""
    made = [name for name, _ in new.made]
    old, young = _served(items, before, made), _served(items, after, made)
    alike = sum(count * young[supplies] for supplies, count in old.items() if None not in supplies)
    return Fraction(alike, before.days * after.days)


def _served(items: Sequence[Item], step: PlannedStep, made: Sequence[str]) -> Counter[tuple[int | None, ...]]:
    """How many days of a step each set of supplies serves, one of each of these products; None: it can't be told."""
    served: Counter[tuple[int | None, ...]] = Counter()
    for number in range(step.days):
        date = step.start + dt.timedelta(days=number)
        served[tuple(_supply(items, name, date) for name in made)] += 1
    return served


def _supply(items: Sequence[Item], product: str, date: dt.date) -> int | None:
    """The item that serves a product on a day; None where none does, or where it was made in several batches."""
    for number, item in enumerate(items):
        if item.product == product and item.first_day <= date <= item.use_until:
            return None if (item.batches or 1) > 1 else number
    return None
