"""What an item hands over, cuts and bears as its date, re-added from the plan's own figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from splitter.plan import Finding, Item, Plan, PlannedProduct, PlannedStep
from splitter.quantity import counted, format_exact
from splitter.verify.findings import compare, stop
from splitter.verify.items import item_place
from splitter.verify.triturations import check_triturations

_DAY = dt.timedelta(days=1)
_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Used:
    """What is taken of a product: units in whole pieces, units in broken ones, and volume [mL]."""

    whole: Fraction = _ZERO
    broken: Fraction = _ZERO
    volume: Fraction = _ZERO

    @property
    def total(self) -> Fraction:
        return self.whole + self.broken + self.volume


def last_day(step: PlannedStep) -> dt.date:
    return step.start + (step.days - 1) * _DAY


def used(plan: Plan, product_id: str, first: dt.date, last: dt.date) -> Used:
    """What the plan's steps take of a product on the days from `first` to `last`."""
    whole = broken = volume = _ZERO
    for step in plan.steps:
        days = max(0, (min(last_day(step), last) - max(step.start, first)).days + 1)
        for given in step.administrations:
            takes = [take for take in given.take if take.product == product_id]
            whole += days * sum(take.count for take in takes if take.fraction == 1)
            broken += days * sum((take.count * take.fraction for take in takes if take.fraction != 1), _ZERO)
            if given.measure is not None and given.measure.product == product_id:
                volume += days * given.measure.mL
    return Used(whole, broken, volume)


def check_contents(plan: Plan, item: Item, product: PlannedProduct) -> Iterator[Finding]:
    """An item holds what its days need, in parts that hold it, cut as needed, made in batches, until a right date."""
    where, use = item_place(item), used(plan, item.product, item.first_day, item.use_until)
    yield from compare("verify-needed", where, "needed", item.needed, use.total)
    yield from compare("verify-cut", where, "cut", item.cut, ceil(use.broken))
    yield from _check_quantity(item, product, use)
    yield from _check_batches(item, product)
    yield from check_triturations(plan, item, product)
    yield from _check_discard(item, product)


def _check_quantity(item: Item, product: PlannedProduct, use: Used) -> Iterator[Finding]:
    where, held = item_place(item), sum((part.size * part.count for part in item.parts), _ZERO)
    least = (use.whole + ceil(use.broken) + use.volume) * (1 + (product.overage or 0))
    if product.compounded or product.is_poured:
        if item.parts and held < item.quantity:
            yield stop("verify-parts", where, f"{item.quantity} in containers of {held}")
        if product.is_poured:
            yield from _check_poured(item, product, least)
    elif item.parts:
        yield from compare("verify-parts", where, "content of the parts", held, item.quantity)
    else:
        yield from compare("verify-quantity", where, "quantity", item.quantity, least)
    if item.quantity < least:
        yield stop("verify-quantity", where, f"hands over {format_exact(item.quantity)} of {format_exact(least)}")


def _check_poured(item: Item, product: PlannedProduct, least: Fraction) -> Iterator[Finding]:
    """As many whole steps as are enough, and no more."""
    if product.pour_step is None or product.pour_step <= 0:
        yield stop("verify-quantity", item_place(item), "poured, but not in steps")
        return
    due = ceil(least / product.pour_step) * product.pour_step
    yield from compare("verify-quantity", item_place(item), "quantity", item.quantity, due)


def _check_batches(item: Item, product: PlannedProduct) -> Iterator[Finding]:
    """What is compounded is at least one batch, and the batches are made of whole steps; nothing else has batches."""
    where, step = item_place(item), product.batch_step
    if step is None:
        yield from compare("verify-batches", where, "batches", item.batches, None)
    elif item.batches is None or item.batches < 1 or step <= 0:
        yield stop("verify-batches", where, "compounded, but not in batches")
    elif (item.quantity / step).denominator != 1 or item.quantity / step < item.batches:
        message = (
            f"{item.quantity} can't be made in {counted(item.batches, 'batch', 'batches')} of whole steps of {step}"
        )
        yield stop("verify-batches", where, message)
    else:
        steps = item.quantity / step
        sizes = (steps // item.batches * step, ceil(steps / item.batches) * step)
        yield from (stop("verify-batches", where, message) for message in _outside(product, *sizes))


def _outside(product: PlannedProduct, smallest: Fraction, largest: Fraction) -> Iterator[str]:
    """Batches that are smaller or larger than the recipe allows."""
    if product.batch_min is not None and smallest < product.batch_min:
        yield f"a batch of {format_exact(smallest)}, less than {format_exact(product.batch_min)}"
    if product.batch_max is not None and largest > product.batch_max:
        yield f"a batch of {format_exact(largest)}, more than {format_exact(product.batch_max)}"


def _check_discard(item: Item, product: PlannedProduct) -> Iterator[Finding]:
    """The last day of the shelf life; bottles that are opened in turn have none."""
    life = product.beyond_use_days or product.keeps_days or product.in_use_days
    due = None if life is None else item.date + (life - 1) * _DAY
    if product.compounded or product.is_poured or item.discard_after is not None:
        yield from compare("verify-discard-after", item_place(item), "discard_after", item.discard_after, due)
