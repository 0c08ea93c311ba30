"""What a compounding worksheet says: the formula, and for each batch what to measure and how that was reckoned.

The parts of the record are those that USP <795> asks of a master formulation record and a compounding record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from splitter.formulary import Form, as_counted
from splitter.plan import IngredientAmount, Item, Plan, PlannedEquipment, PlannedProduct
from splitter.supply import batch_sizes
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.figures import amount, listing, plural
from splitter.wording.identity import lot
from splitter.wording.label import conditions, drug_line, product_of, storage_words
from splitter.wording.measures import Measured, exact_words, measured
from splitter.wording.reckonings import (
    HUNDRED,
    Component,
    Reckoning,
    batch_reckonings,
    brings_to_volume,
    formula_reckonings,
    need_reckonings,
)
from splitter.wording.sheet import handed_words
from splitter.wording.triturations import MadeTrituration, formula_triturations, made_triturations
from splitter.wording.visits import items_of_visit

# Characters of a hash that tell formularies apart.
_HASH = 12

_LIQUID_CHECKS = (
    ("Appearance", "uniform, without lumps or foreign matter"),
    ("Container", "clean, whole, closed tightly; oral syringe supplied"),
)
_COUNTED_CHECKS = (
    ("Appearance", "whole, clean, evenly filled"),
    ("Weight", "each unit between 90 and 110 % of the theoretical weight"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRecord:
    """One batch of a compounded item: its place among them, its size, its ingredients, its calculations.

    `triturations` are made first; their calculations are among the batch's.
    """

    place: int
    of: int
    quantity: Fraction
    size: str
    components: tuple[Component, ...]
    reckonings: tuple[Reckoning, ...]
    triturations: tuple[MadeTrituration, ...] = ()

    @property
    def faults(self) -> tuple[str, ...]:
        """What can't be measured as it should be."""
        weighed = [(each.name, each.amount) for made in self.triturations for each in made.weighings]
        amounts = (*weighed, *((each.ingredient.name, each.amount) for each in self.components))
        return tuple(f"{name}: {amount.fault}." for name, amount in amounts if amount.fault)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worksheet:
    """One compounded item: its formula as pairs of a head and words, for `base` mL or units; its need; its batches.

    `reference` names the formula: the product, and the formulary that it stands in.
    """

    item: Item
    product: PlannedProduct
    lot: str
    reference: str
    base: Fraction
    formula: tuple[tuple[str, str], ...]
    reckonings: tuple[Reckoning, ...]
    method: tuple[str, ...]
    need: tuple[Reckoning, ...]
    batches: tuple[BatchRecord, ...]

    @property
    def master(self) -> tuple[object, ...]:
        """All that its master formulation record says, so that one record serves several visits."""
        return self.product, self.reference, self.formula, self.reckonings, self.method


def worksheets(plan: Plan, date: dt.date, customs: Customs = AMERICAN) -> tuple[Worksheet, ...]:
    """A worksheet for each compounded item of the visit of `date`; its label speaks by these customs."""
    return tuple(_worksheet(plan, item, customs) for item in items_of_visit(plan, date) if item.batches)


def _worksheet(plan: Plan, item: Item, customs: Customs) -> Worksheet:
    product = product_of(plan, item)
    sizes = batch_sizes(item.quantity, item.batches or 1, product.batch_step or item.quantity)
    return Worksheet(
        item=item,
        product=product,
        lot=lot(plan, item) or "",
        reference=f"{product.id} of formulary {plan.provenance.formulary_sha256[:_HASH]}",
        base=Fraction(HUNDRED),
        formula=tuple(_formula(plan, item, product, customs)),
        reckonings=(*formula_triturations(product), *formula_reckonings(product, item.unit)),
        method=product.method or ("Follow the pharmacy's master record.",),
        need=tuple(need_reckonings(plan, item, product)),
        batches=tuple(_batch(plan, item, product, (place, len(sizes), size)) for place, size in enumerate(sizes, 1)),
    )


def _formula(plan: Plan, item: Item, product: PlannedProduct, customs: Customs) -> Iterator[tuple[str, str]]:
    """The master formulation record, but for ingredients, method and quality checks."""
    yield "Preparation", f"{drug_line(plan, product)}, to be taken by mouth"
    if product.salt:
        yield "Strength is of", product.salt
    yield "Description", _description(product)
    kept = storage_words(product.storage, fahrenheit=customs.fahrenheit) if product.storage else "Not stated."
    yield "Container", product.container or "Not stated: choose one that is tight and protects from light."
    yield "Beyond-use", f"{_life(product)}. {kept} Basis: {product.beyond_use_basis or 'not stated'}"
    yield "Label says", " ".join(conditions(product, item, customs))
    yield "Equipment", listing(product.equipment) if product.equipment else "As the method asks."
    if plan.drug.hazard:
        yield "Hazard", plan.drug.hazard
    certainty = f" ({product.certainty.value})" if product.certainty else ""
    yield "Source", f"{product.source or 'not stated'}{certainty}"


def _description(product: PlannedProduct) -> str:
    """What the preparation looks like, as its quality checks expect it."""
    seen = next(expected for check, expected in _checks(product) if _is_appearance(check))
    return f"{product.form.value.capitalize()}: {seen}"


def _checks(product: PlannedProduct) -> tuple[tuple[str, str], ...]:
    """The recipe's own quality checks, always with one of its looks; else the general ones of its form."""
    own = tuple((each.check, each.expected) for each in product.quality_checks)
    general = _COUNTED_CHECKS if product.form is Form.CAPSULE else _LIQUID_CHECKS
    if any(_is_appearance(check) for check, _ in own):
        return own
    return (*own, general[0]) if own else general


def _is_appearance(check: str) -> bool:
    return check.casefold().startswith("appearance")


def _batch(plan: Plan, item: Item, product: PlannedProduct, place: tuple[int, int, Fraction]) -> BatchRecord:
    number_of, batches, size = place
    components = tuple(
        Component(ingredient=each, amount=_amount(each, size, plan.pharmacy.equipment)) for each in product.ingredients
    )
    made = tuple(made_triturations(item, product, number_of, plan.pharmacy.equipment))
    reckonings = (
        *batch_reckonings(components, product, size, item.unit),
        *(each for trituration in made for each in trituration.reckonings),
    )
    return BatchRecord(
        place=number_of,
        of=batches,
        quantity=size,
        size=exact_words(size, item.unit),
        components=components,
        reckonings=reckonings,
        triturations=made,
    )


def _life(product: PlannedProduct) -> str:
    """The beyond-use days as the pharmacy counts them, and how."""
    if not product.beyond_use_days:
        return "not stated"
    days, how = as_counted(product.beyond_use_days, product.beyond_use_basis)
    return f"{amount(days, 'day')}{how}"


def _amount(ingredient: IngredientAmount, size: Fraction, equipment: PlannedEquipment) -> Measured:
    """What one batch takes of an ingredient; one that brings it to its volume is measured as that volume.

    A vehicle of which 100 mL take 100 mL is the volume of the whole, too.
    """
    if brings_to_volume(ingredient):
        return measured(size, ingredient.unit, equipment, cylinder=True)
    is_whole = ingredient.unit == "mL" and ingredient.amount >= HUNDRED
    return measured(ingredient.amount * size / HUNDRED, ingredient.unit, equipment, cylinder=is_whole)


def preparation(worksheet: Worksheet, customs: Customs = AMERICAN) -> tuple[tuple[str, str, str, str], ...]:
    """What identifies the batches of one lot: rows of two heads, each with its words."""
    item, product = worksheet.item, worksheet.product
    discard = customs.day(item.discard_after) if item.discard_after else "not stated"
    kept = storage_words(product.storage, fahrenheit=customs.fahrenheit) if product.storage else "not stated"
    return (
        ("Internal lot", worksheet.lot, "Formula", worksheet.reference),
        ("Make", listing(_sized(group) for group in batch_groups(worksheet)), "Hand over", handed_words(item, product)),
        ("Compound on", customs.day(item.date), "Beyond-use date", discard),
        ("Storage", kept, "Basis", product.beyond_use_basis or "not stated"),
    )


def _sized(group: tuple[BatchRecord, ...]) -> str:
    """How many batches of which size: "2 batches of 15 capsules"."""
    count = len(group)
    return f"{count} batch{'es' if count > 1 else ''} of {group[0].size}" if group[0].of > 1 else group[0].size


def batch_groups(worksheet: Worksheet) -> tuple[tuple[BatchRecord, ...], ...]:
    """The batches in their order, those of which the same is reckoned and measured together."""
    same = groupby(worksheet.batches, key=lambda batch: replace(batch, place=0))
    return tuple(tuple(group) for _, group in same)


def group_words(group: tuple[BatchRecord, ...]) -> str:
    """Which batches these are: "batch 1", "batches 1 and 2 of 3, 84 capsules each"."""
    first, *others = group
    if first.of == 1:
        return f"batch of {first.size}"
    places = listing(f"{batch.place}" for batch in group)
    return f"batch{'es' if others else ''} {places} of {first.of}, {first.size}{' each' if others else ''}"


def dating_words(item: Item, customs: Customs = AMERICAN) -> str:
    """From which day the beyond-use date counts, and what is done on another; empty where the item has no such date."""
    if item.discard_after is None:
        return ""
    return (
        f"The beyond-use date {customs.day(item.discard_after)} counts from {customs.day(item.date)}. If this batch is "
        "compounded on another day, it must be reckoned anew, in a new plan, before any label is printed."
    )


def per_hundred(ingredient: IngredientAmount, unit: str) -> str:
    """An ingredient's amount in the formula."""
    base = f"100 {plural(unit, HUNDRED)}"
    return f"to make {base}" if brings_to_volume(ingredient) else exact_words(ingredient.amount, ingredient.unit)


def drug_held(ingredient: IngredientAmount) -> str:
    """The drug in one unit of an ingredient."""
    if ingredient.active_mg is None:
        return "none"
    return f"{exact_words(ingredient.active_mg, 'mg')} in 1 {ingredient.unit}"


def quality_rows(worksheet: Worksheet) -> tuple[tuple[str, str], ...]:
    """What is checked of each batch, and what is expected."""
    last = ("Label", "drug, strength, lot, beyond-use date and storage agree with this record")
    return (*_checks(worksheet.product), last)
