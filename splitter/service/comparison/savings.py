"""Which one setting would save most: most money, and most days with something to measure or compounded to take.

Each setting that a pharmacist or a prescriber could change alone is tried by planning the whole prescription with it.
What would undo a clinical rule of the plan (`division`, `fine`, `evenness`) is not offered, nor quarters of tablets or
a second liquid, nor money that is saved by more to measure, cut or count; `compare` shows what that is worth.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from splitter.division import fractions_of
from splitter.formulary import Formulary
from splitter.optimise import Limits
from splitter.plan import Plan, Saving, Status
from splitter.prescription import Liquids, Pharmacy, Policy, Prescription, Split
from splitter.quantity import Volume
from splitter.service.comparison.asking import Asking
from splitter.service.comparison.measures import measures_of
from splitter.service.comparison.settings import Settings, policy_of, written
from splitter.service.inputs import Inputs

MOST_NODES = 100_000
"""Partial plans that are looked at for each setting; one that needs more isn't told of. No clock, so that the same
prescription always gives the same plan."""

_MORE_PIECES = 2


def with_savings(
    made: Plan,
    prescription: Prescription,
    pharmacy: Pharmacy,
    formulary: Formulary,
    until: float | None = None,
) -> Plan:
    """The plan with the setting that would save most money, and the one that would save most fine days, if any do.

    `made` is the proved plan of the same prescription; a plan that isn't proved has no savings. Settings that aren't
    done with `until` then [s, monotonic] aren't told of; None: all are tried.
    """
    if made.status is not Status.OPTIMAL:
        return made
    inputs = Inputs(prescription=prescription, pharmacy=pharmacy, formulary=formulary)
    tried = (_tried(made, settings, inputs, until) for settings in _settings(inputs))
    savings = [saving for saving in tried if saving is not None]
    easy = (one for one in savings if one.money > 0 and _is_as_easy(one))
    money = max(easy, key=lambda one: one.money, default=None)
    measuring = max((one for one in savings if one.fine_days > 0), key=lambda one: one.fine_days, default=None)
    return replace(made, savings=tuple(dict.fromkeys(one for one in (money, measuring) if one is not None)))


def saving_again(made: Plan, stated: Saving, inputs: Inputs) -> Saving | None:
    """What a setting saves, worked out anew; None where it is none that is tried, or has no proved plan."""
    for settings in _settings(inputs):
        ((key, value),) = ((setting.key, setting.value) for setting in written(settings))
        if (key, value) == (stated.key, stated.value):
            return _tried(made, settings, inputs)
    return None


def _tried(made: Plan, settings: Settings, inputs: Inputs, until: float | None = None) -> Saving | None:
    """What a setting saves, None where no plan with it is proved within the limits."""
    left = None if until is None else Fraction(until - time.monotonic()).limit_denominator(1000)
    if left is not None and left <= 0:
        return None
    other = Asking(inputs, Limits(nodes=MOST_NODES, seconds=left), None, 1).plan(settings)
    return _saving(made, other, settings, inputs) if other and other.status is Status.OPTIMAL else None


def _settings(inputs: Inputs) -> Iterator[Settings]:
    """What could be changed alone."""
    policy = policy_of(inputs)
    for pieces in range(policy.max_pieces + 1, policy.max_pieces + 1 + _MORE_PIECES):
        yield (("max_pieces", pieces),)
    if policy.split in (Split.NEVER, Split.SCORED):
        yield (("split", Split.HALVES),)
    if policy.liquids is not Liquids.ALLOW:
        yield (("liquids", Liquids.ALLOW),)
    if not policy.compounded:
        yield (("compounded", True),)
    yield (("max_volume", policy.max_volume * 2),)
    finer = Volume(Fraction(1, 10))
    if policy.min_volume > finer:
        yield (("min_volume", finer),)


def _saving(made: Plan, other: Plan, settings: Settings, inputs: Inputs) -> Saving:
    assert made.total is not None
    assert other.total is not None
    ((key, value),) = ((setting.key, setting.value) for setting in written(settings))
    fine = fine_days(made) - fine_days(other)
    return Saving(
        key=key,
        value=value,
        total=other.total,
        money=made.total - other.total,
        fine_days=fine,
        fine_left=fine_days(other),
        other_doses=[step.target_mg for step in made.steps] != [step.target_mg for step in other.steps],
        cut_days=measures_of(made).cut_days - measures_of(other).cut_days,
        pieces=_new_pieces(other, inputs) if key == "split" else (),
    )


def _is_as_easy(saving: Saving) -> bool:
    """Whether what saves money asks no more of the patient: no more measuring, cutting, or pieces to count."""
    return saving.fine_days >= 0 and saving.cut_days >= 0 and (saving.key != "max_pieces" or saving.fine_days > 0)


def fine_days(plan: Plan) -> int:
    """The days with something to measure or a compounded capsule to take."""
    made = {product.id for product in plan.products if product.compounded}
    return sum(
        step.days
        for step in plan.steps
        if any(given.measure or made & {take.product for take in given.take} for given in step.administrations)
    )


def _new_pieces(other: Plan, inputs: Inputs) -> tuple[str, ...]:
    """The pieces that the other plan takes and today's policy doesn't allow, as "1/2 of ID"."""
    policy: Policy = policy_of(inputs)
    products = {product.id: product for product in inputs.formulary.products}
    taken = {(t.product, t.fraction) for step in other.steps for given in step.administrations for t in given.take}
    return tuple(
        f"{fraction} of {products[product].name}"
        for product, fraction in sorted(taken)
        if fraction not in fractions_of(products[product], policy.split)
    )
