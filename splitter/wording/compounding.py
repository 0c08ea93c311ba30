"""What a compounding worksheet says: the formula, and for each batch what to measure and how that was reckoned.

The parts of the record are those that USP <795> asks of a master formulation record and a compounding record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from splitter.formulary import Form
from splitter.plan import IngredientAmount, Item, Plan, PlannedEquipment, PlannedProduct
from splitter.quantity import ceiling, format_exact, round_half_up
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.directions import steps_served
from splitter.wording.figures import amount, day, listing, number, plural
from splitter.wording.identity import lot
from splitter.wording.label import conditions, drug_line, product_of, quantity_words, storage_words
from splitter.wording.measures import Measured, error_words, exact_words, measured
from splitter.wording.visits import items_of_visit

_HUNDRED = 100
# Characters of a hash that tell formularies apart.
_HASH = 12
# Each capsule weighs within this of the theoretical weight (USP <795>, as cited).
_LOWEST, _HIGHEST = Fraction(9, 10), Fraction(11, 10)
# To what the limits of one capsule's filling are rounded, halves up [mg].
_WEIGHED_TO = Fraction(1, 10)

_LIQUID_CHECKS = (
    ("Appearance", "uniform, without lumps or foreign matter"),
    ("Container", "clean, whole, closed tightly; oral syringe supplied"),
)
_COUNTED_CHECKS = (
    ("Appearance", "whole, clean, evenly filled"),
    ("Weight", "each unit between 90 and 110 % of the theoretical weight"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """One calculation: what is reckoned, the formula in words, the same with its numbers, and what comes out."""

    what: str
    formula: str
    numbers: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """An ingredient of one batch: the exact amount, and what can be measured of it."""

    ingredient: IngredientAmount
    amount: Measured

    @property
    def exactly(self) -> str:
        """The exact amount."""
        return exact_words(self.amount.exact, self.amount.unit)

    @property
    def required(self) -> str:
        """What to weigh, measure or count."""
        words = self.amount.words
        if brings_to_volume(self.ingredient):
            return f"to make {words}"
        return f"about {words}" if self.ingredient.to_volume else words


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRecord:
    """One batch of a compounded item: its place among them, its size, its ingredients, its calculations."""

    place: int
    of: int
    quantity: Fraction
    size: str
    components: tuple[Component, ...]
    reckonings: tuple[Reckoning, ...]

    @property
    def faults(self) -> tuple[str, ...]:
        """What can't be measured as it should be."""
        return tuple(f"{each.ingredient.name}: {each.amount.fault}." for each in self.components if each.amount.fault)


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
        base=Fraction(_HUNDRED),
        formula=tuple(_formula(plan, item, product, customs)),
        reckonings=tuple(_formula_reckonings(product, item.unit)),
        method=product.method or ("Follow the pharmacy's master record.",),
        need=tuple(_need(plan, item, product)),
        batches=tuple(_batch(plan, item, product, (place, len(sizes), size)) for place, size in enumerate(sizes, 1)),
    )


def batch_sizes(quantity: Fraction, batches: int, step: Fraction) -> tuple[Fraction, ...]:
    """The size of each batch, as even as whole steps allow, larger first.

    >>> [int(size) for size in batch_sizes(Fraction(214), 3, Fraction(1))]
    [72, 71, 71]
    """
    each, more = divmod(int(quantity / step), batches)
    return tuple((each + (place < more)) * step for place in range(batches))


def _formula(plan: Plan, item: Item, product: PlannedProduct, customs: Customs) -> Iterator[tuple[str, str]]:
    """The master formulation record, but for ingredients, method and quality checks."""
    yield "Preparation", f"{drug_line(plan, product)}, to be taken by mouth"
    if product.salt:
        yield "Strength is of", product.salt
    yield "Description", _description(product)
    kept = storage_words(product.storage) if product.storage else "Not stated."
    yield "Container", product.container or "Not stated: choose one that is tight and protects from light."
    life = amount(product.beyond_use_days, "day") if product.beyond_use_days else "not stated"
    yield "Beyond-use", f"{life}. {kept} Basis: {product.beyond_use_basis or 'not stated'}"
    yield "Label says", " ".join(conditions(plan, product, item, customs))
    yield "Equipment", listing(product.equipment) if product.equipment else "As the method asks."
    if plan.drug.hazard:
        yield "Hazard", plan.drug.hazard
    certainty = f" ({product.certainty.value})" if product.certainty else ""
    yield "Source", f"{product.source or 'not stated'}{certainty}"


def _description(product: PlannedProduct) -> str:
    """What the preparation looks like, as its quality checks expect it."""
    checks = _checks(product)
    seen = [expected for check, expected in checks if check.casefold().startswith("appearance")]
    return f"{product.form.value.capitalize()}: {seen[0]}" if seen else f"{product.form.value.capitalize()}."


def _checks(product: PlannedProduct) -> tuple[tuple[str, str], ...]:
    """The recipe's own quality checks; where it has none, the general ones of its form."""
    own = tuple((each.check, each.expected) for each in product.quality_checks)
    return own or (_COUNTED_CHECKS if product.form is Form.CAPSULE else _LIQUID_CHECKS)


def _formula_reckonings(product: PlannedProduct, unit: str) -> Iterator[Reckoning]:
    """What the formula holds of the drug, against its strength."""
    held = [(each, each.active_mg) for each in product.ingredients if each.active_mg is not None]
    if not held:
        return
    per = unit if unit == "mL" else f"each {unit}"
    mass = sum((each.amount * active for each, active in held), Fraction(0))
    terms = [f"{exact_words(each.amount, each.unit)} × {exact_words(active, 'mg')}" for each, active in held]
    yield Reckoning(
        what="Drug in the formula",
        formula="amount × drug in one unit of it",
        numbers=listing(terms),
        result=exact_words(mass, "mg"),
    )
    yield Reckoning(
        what="Strength",
        formula="drug ÷ quantity",
        numbers=f"{exact_words(mass, 'mg')} ÷ {exact_words(Fraction(_HUNDRED), unit)}",
        result=f"{exact_words(mass / _HUNDRED, 'mg')} per {per}".replace("per each", "in each"),
    )


def _need(plan: Plan, item: Item, product: PlannedProduct) -> Iterator[Reckoning]:
    """From the patient's doses to the quantity that is made."""
    unit = item.unit
    terms = [(last - first, _a_day(plan, step.start, item.product)) for first, last, step in steps_served(plan, item)]
    written = [f"{span.days + 1} × {format_exact(each)}" for span, each in terms if each]
    formula = "days × amount a day, for each step"
    yield Reckoning(what="Needed", formula=formula, numbers=listing(written), result=exact_words(item.needed, unit))
    overage, batches = product.overage or Fraction(0), item.batches or 1
    enough = item.needed * (1 + overage)
    if overage:
        numbers = f"{exact_words(item.needed, unit)} × {number(1 + overage)}"
        yield Reckoning(
            what=f"With {number(overage * _HUNDRED)} % overage",
            formula="needed × (100 % and overage)",
            numbers=numbers,
            result=exact_words(enough, unit),
        )
    yield Reckoning(
        what="To make",
        formula=_rounding_up(item, product, enough),
        numbers=f"{batches} {'batch' if batches == 1 else 'batches'}",
        result=exact_words(item.quantity, unit),
    )


def _a_day(plan: Plan, start: dt.date, product: str) -> Fraction:
    """What one day of the step that begins on `start` takes of a product [units or mL]."""
    total = Fraction(0)
    for given in next(step for step in plan.steps if step.start == start).administrations:
        total += sum((take.count * take.fraction for take in given.take if take.product == product), Fraction(0))
        if given.measure is not None and given.measure.product == product:
            total += given.measure.mL
    return total


def _rounding_up(item: Item, product: PlannedProduct, enough: Fraction) -> str:
    """How the quantity follows from what is enough."""
    step = product.batch_step
    if step is None:
        return "as the plan states"
    if item.quantity == ceiling(enough / step) * step:
        return f"up to a whole multiple of {exact_words(step, item.unit)}"
    return f"whole multiples of {exact_words(step, item.unit)}, not below the recipe's smallest batch"


def _batch(plan: Plan, item: Item, product: PlannedProduct, place: tuple[int, int, Fraction]) -> BatchRecord:
    number_of, batches, size = place
    components = tuple(
        Component(ingredient=each, amount=_amount(each, size, plan.pharmacy.equipment)) for each in product.ingredients
    )
    return BatchRecord(
        place=number_of,
        of=batches,
        quantity=size,
        size=exact_words(size, item.unit),
        components=components,
        reckonings=tuple(_reckonings(components, product, size, item.unit)),
    )


def _amount(ingredient: IngredientAmount, size: Fraction, equipment: PlannedEquipment) -> Measured:
    """What one batch takes of an ingredient; one that brings it to its volume is measured as that volume."""
    if brings_to_volume(ingredient):
        return measured(size, ingredient.unit, equipment, cylinder=True)
    return measured(ingredient.amount * size / _HUNDRED, ingredient.unit, equipment)


def brings_to_volume(ingredient: IngredientAmount) -> bool:
    """Whether an ingredient is measured as the volume of the whole; a powder that fills capsules is weighed."""
    return ingredient.to_volume and ingredient.unit == "mL"


def _reckonings(
    components: tuple[Component, ...], product: PlannedProduct, size: Fraction, unit: str
) -> Iterator[Reckoning]:
    """The calculations of one batch, the drug first, then each ingredient, then the strength that comes out."""
    content = product.concentration_mg_per_mL or product.strength_mg or Fraction(0)
    per = "mL" if unit == "mL" else unit
    made = exact_words(size, unit)
    yield Reckoning(
        what="Drug in the batch",
        formula="strength × quantity",
        numbers=f"{exact_words(content, 'mg')} per {per} × {made}",
        result=exact_words(content * size, "mg"),
    )
    for each in components:
        yield _ingredient_reckoning(each, size, unit)
    held = [each for each in components if each.ingredient.active_mg is not None]
    if held:
        yield _strength_reckoning(held, content, size, unit)
    if product.form is Form.CAPSULE:
        yield from _weight_reckoning(components, size)


def _ingredient_reckoning(component: Component, size: Fraction, unit: str) -> Reckoning:
    ingredient = component.ingredient
    if brings_to_volume(ingredient):
        return Reckoning(
            what=ingredient.name,
            formula="as much as brings the batch to its quantity",
            numbers=f"at most {exact_words(ingredient.amount * size / _HUNDRED, ingredient.unit)}",
            result=f"to make {exact_words(component.amount.exact, ingredient.unit)}",
        )
    per_hundred = f"{exact_words(ingredient.amount, ingredient.unit)} per 100 {plural(unit, _HUNDRED)}"
    return Reckoning(
        what=ingredient.name,
        formula="amount per 100 × quantity",
        numbers=f"{per_hundred} × {exact_words(size, unit)}",
        result=exact_words(component.amount.exact, ingredient.unit),
    )


def _strength_reckoning(held: list[Component], content: Fraction, size: Fraction, unit: str) -> Reckoning:
    """What the measured amounts hold of the drug, against what the label says."""
    terms = [f"{each.amount.words} × {exact_words(each.ingredient.active_mg or Fraction(0), 'mg')}" for each in held]
    mass = sum(((each.ingredient.active_mg or Fraction(0)) * each.amount.value for each in held), Fraction(0))
    error = (mass - content * size) / (content * size) if content else Fraction(0)
    return Reckoning(
        what="Check of the strength",
        formula="measured × drug in one, against the drug in the batch",
        numbers=f"{' and '.join(terms)} = {exact_words(mass, 'mg')}",
        result=error_words(error) if content else f"for {exact_words(size, unit)}",
    )


def _weight_reckoning(components: tuple[Component, ...], size: Fraction) -> Iterator[Reckoning]:
    """The weight of what fills one capsule, unless the filler is weighed by what fills."""
    weighed = [each for each in components if each.ingredient.unit in ("g", "mg")]
    if not weighed or any(each.ingredient.to_volume for each in weighed):
        return
    grams = sum((each.amount.exact / (1 if each.ingredient.unit == "g" else 1000) for each in weighed), Fraction(0))
    each_mg = grams * 1000 / size
    limits = " to ".join(number(round_half_up(each_mg * share, _WEIGHED_TO)) for share in (_LOWEST, _HIGHEST))
    yield Reckoning(
        what="Weight of one filling",
        formula="all powders ÷ capsules, 90 to 110 %",
        numbers=f"{exact_words(grams * 1000, 'mg')} ÷ {number(size)} = {exact_words(each_mg, 'mg')}",
        result=f"{limits} mg",
    )


def preparation(worksheet: Worksheet, batch: BatchRecord) -> tuple[tuple[str, str, str, str], ...]:
    """What identifies one batch: rows of two heads, each with its words."""
    item, product = worksheet.item, worksheet.product
    discard = day(item.discard_after) if item.discard_after else "not stated"
    kept = storage_words(product.storage) if product.storage else "not stated"
    return (
        ("Internal lot", f"{worksheet.lot}, batch {batch.place} of {batch.of}", "Formula", worksheet.reference),
        ("Make", batch.size, "Hand over", quantity_words(item, product)),
        ("Compound on", day(item.date), "Beyond-use date", discard),
        ("Storage", kept, "Basis", product.beyond_use_basis or "not stated"),
    )


def per_hundred(ingredient: IngredientAmount, unit: str) -> str:
    """An ingredient's amount in the formula."""
    base = f"100 {plural(unit, _HUNDRED)}"
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
