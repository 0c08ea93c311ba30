"""What is weighed for triturations, re-added from the plan's own figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeGuard

from splitter.plan import Finding, IngredientAmount, Item, Plan, PlannedDilution, PlannedProduct, Trituration
from splitter.quantity import format_exact
from splitter.verify.case import Case
from splitter.verify.findings import compare, stop
from splitter.verify.items import item_place

_CODE = "verify-trituration"
_IN_MG = {"mg": Fraction(1), "g": Fraction(1000)}


def check_all_triturations(case: Case) -> Iterator[Finding]:
    """The triturations of every item; what products are made of is held against the formulary elsewhere."""
    products = {product.id: product for product in case.plan.products}
    for item in case.plan.items:
        if item.product in products:
            yield from check_triturations(case.plan, item, products[item.product])


def check_triturations(plan: Plan, item: Item, product: PlannedProduct) -> Iterator[Finding]:
    """Each batch has each trituration of the recipe once, in its order; each is enough and can be weighed."""
    where = item_place(item)
    diluted = {part.name: part for part in product.ingredients if part.dilution is not None}
    due = [(batch, name) for batch in range(1, (item.batches or 0) + 1) for name in diluted]
    stated = [(made.batch, made.ingredient) for made in item.triturations]
    if stated != due:
        yield from compare(_CODE, where, "triturations", _named(stated), _named(due))
        return
    scales = _Scales(plan.pharmacy.equipment.balance_readability_mg, plan.pharmacy.equipment.balance_minimum_mg)
    if scales.reads <= 0:
        yield stop(_CODE, where, "the balance reads in steps of nothing")
        return
    for made in item.triturations:
        part = diluted[made.ingredient]
        name = f"{made.ingredient}, batch {made.batch}"
        if not product.batch_step or part.unit not in _IN_MG or not _is_diluted(part.dilution):
            yield stop(_CODE, where, f"{name}: not a diluted powder of a batch")
            continue
        needed = part.amount * _batch_size(item, product.batch_step, made.batch) / 100 * _IN_MG[part.unit]
        yield from compare(_CODE, where, f"needed of {name} [mg]", made.needed_mg, needed)
        for message in (*_faults(made, part.dilution, scales), *_held(part, part.dilution)):
            yield stop(_CODE, where, f"{name}: {message}")


def _is_diluted(dilution: PlannedDilution | None) -> TypeGuard[PlannedDilution]:
    return dilution is not None and 0 < dilution.part < dilution.whole and dilution.salt_factor >= 1


def _batch_size(item: Item, step: Fraction, place: int) -> Fraction:
    """The size of one batch, as even as whole steps allow, the larger first [mL or capsules]."""
    least, larger = divmod(item.quantity / step, item.batches or 1)
    return step * (least + (1 if place <= larger else 0))


@dataclass(frozen=True, slots=True)
class _Scales:
    """What a balance reads, and the least that it weighs well [mg]."""

    reads: Fraction
    least: Fraction


def _named(places: list[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(f"batch {batch}: {name}" for batch, name in places)


def _faults(made: Trituration, dilution: PlannedDilution, scales: _Scales) -> Iterator[str]:
    """Powder and diluent add up, in the recipe's proportion; both can be weighed; no less would do."""
    if made.powder_mg + made.diluent_mg != made.total_mg:
        yield "powder and diluent do not add up to the total"
    if made.powder_mg * dilution.whole != made.total_mg * dilution.part:
        yield f"the powder is not {format_exact(dilution.part)} in {format_exact(dilution.whole)} of the total"
    for what, mass in (("powder", made.powder_mg), ("diluent", made.diluent_mg)):
        if (mass / scales.reads).denominator != 1:
            yield f"{format_exact(mass)} mg of {what} is no whole reading of the balance"
        if mass < scales.least:
            yield f"{format_exact(mass)} mg of {what} is less than the balance weighs well"
    if made.total_mg < made.needed_mg:
        yield "less is made than the batch needs"
    # In lowest terms, the parts of the whole say of how many readings the next smaller trituration has less.
    less = made.total_mg - scales.reads * (dilution.whole / dilution.part).numerator
    powder = less * dilution.part / dilution.whole
    if less >= made.needed_mg and min(powder, less - powder) >= scales.least:
        yield f"{format_exact(made.total_mg)} mg is made where {format_exact(less)} mg would do"


def _held(part: IngredientAmount, dilution: PlannedDilution) -> Iterator[str]:
    """The drug in one unit is what the dilution leaves of it."""
    held = _IN_MG[part.unit] * dilution.part / dilution.whole / dilution.salt_factor
    if part.active_mg != held:
        yield f"one {part.unit} of it holds {format_exact(held)} mg of drug"
