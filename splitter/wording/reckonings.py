"""The calculations of a compounding worksheet: each with its formula, its numbers and what comes out, exactly."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from splitter.formulary import Form
from splitter.plan import IngredientAmount, Item, Plan, PlannedProduct
from splitter.quantity import ceiling, round_half_up
from splitter.supply import batch_sizes
from splitter.wording.directions import steps_served
from splitter.wording.figures import listing, number, plural
from splitter.wording.measures import Measured, error_words, exact_number, exact_words

HUNDRED = 100
# Each capsule weighs within this of the theoretical weight (USP <795>, as cited).
_LOWEST, _HIGHEST = Fraction(9, 10), Fraction(11, 10)
# To what the limits of one capsule's filling are rounded, halves up [mg].
_WEIGHED_TO = Fraction(1, 10)
# Room to write a figure that only the scale knows.
_BLANK = "_______"


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
        return self.amount.exactly

    @property
    def required(self) -> str:
        """What to weigh, measure or count."""
        words = self.amount.words
        if brings_to_volume(self.ingredient):
            return f"to make {words}"
        return f"about {words}" if self.fills else words

    @property
    def fills(self) -> bool:
        """Whether it is weighed by what fills the capsules, so that its amount is only a guide."""
        return self.ingredient.to_volume and not brings_to_volume(self.ingredient)

    @property
    def error(self) -> str:
        """How far what is measured is from the exact amount."""
        return "by what fills" if self.fills else self.amount.error_words


def brings_to_volume(ingredient: IngredientAmount) -> bool:
    """Whether an ingredient is measured as the volume of the whole; a powder that fills capsules is weighed."""
    return ingredient.to_volume and ingredient.unit == "mL"


def formula_reckonings(product: PlannedProduct, unit: str) -> Iterator[Reckoning]:
    """What the formula holds of the drug, against its strength."""
    held = [(each, each.active_mg) for each in product.ingredients if each.active_mg is not None]
    if not held:
        return
    per = unit if unit == "mL" else f"each {unit}"
    mass = sum((each.amount * active for each, active in held), Fraction(0))
    terms = [f"{exact_words(each.amount, each.unit)} × {_drug_in_one(each)}" for each, _ in held]
    yield Reckoning(
        what="Drug in the formula",
        formula="amount × drug in one unit of it",
        numbers=listing(terms),
        result=exact_words(mass, "mg"),
    )
    yield Reckoning(
        what="Strength",
        formula="drug ÷ quantity",
        numbers=f"{exact_words(mass, 'mg')} ÷ {exact_words(Fraction(HUNDRED), unit)}",
        result=f"{exact_words(mass / HUNDRED, 'mg')} per {per}".replace("per each", "in each"),
    )


def need_reckonings(plan: Plan, item: Item, product: PlannedProduct) -> Iterator[Reckoning]:
    """From the patient's doses to the quantity that is made."""
    unit = item.unit
    terms = [(last - first, _a_day(plan, step.start, item.product)) for first, last, step in steps_served(plan, item)]
    numbers = listing(f"{span.days + 1} × {_factor(each)}" for span, each in terms if each)
    formula = "days × amount a day, for each step"
    from_home = sum(((span.days + 1) * each for span, each in terms), Fraction(0)) - item.needed
    if from_home > 0:
        formula, numbers = f"{formula}, less what is at home", f"{numbers}, less {exact_words(from_home, unit)}"
    yield Reckoning(what="Needed", formula=formula, numbers=numbers, result=exact_words(item.needed, unit))
    overage = product.overage or Fraction(0)
    enough = item.needed * (1 + overage)
    if overage:
        numbers = f"{exact_words(item.needed, unit)} × {number(1 + overage)}"
        yield Reckoning(
            what=f"With {number(overage * HUNDRED)} % overage",
            formula="needed × (100 % and overage)",
            numbers=numbers,
            result=exact_words(enough, unit),
        )
    yield Reckoning(
        what="To make",
        formula=_rounding_up(item, product, enough),
        numbers=_rounding_numbers(item, product, enough),
        result=exact_words(item.quantity, unit),
    )
    if (item.batches or 1) > 1 and product.batch_max is not None:
        yield _split_reckoning(item, product, product.batch_max)


def _factor(value: Fraction) -> str:
    """A number by which another is multiplied; a mixed one in brackets."""
    words = exact_number(value)
    return f"({words})" if " " in words else words


def _drug_in_one(ingredient: IngredientAmount) -> str:
    """The drug in one unit of an ingredient: "10 mg per tablet"."""
    return f"{exact_words(ingredient.active_mg or Fraction(0), 'mg')} per {ingredient.unit}"


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
    words = f"up to a whole multiple of {exact_words(step, item.unit)}"
    return words if item.quantity == _whole_steps(enough, step) else f"{words}, at least the recipe's smallest batch"


def _whole_steps(enough: Fraction, step: Fraction) -> Fraction:
    return ceiling(enough / step) * step


def _rounding_numbers(item: Item, product: PlannedProduct, enough: Fraction) -> str:
    step, least = product.batch_step, product.batch_min
    if step is None:
        return exact_words(enough, item.unit)
    steps = f"{number(ceiling(enough / step))} × {exact_words(step, item.unit)}"
    words = f"{exact_words(enough, item.unit)} up to {steps}"
    if item.quantity == _whole_steps(enough, step) or least is None:
        return words
    times = f"{item.batches} × " if (item.batches or 1) > 1 else ""
    return f"{words}; at least {times}{exact_words(least, item.unit)}"


def _split_reckoning(item: Item, product: PlannedProduct, most: Fraction) -> Reckoning:
    """In how many batches the quantity is made, none above `most`, and of which sizes."""
    batches = item.batches or 1
    sizes = Counter(batch_sizes(item.quantity, batches, product.batch_step or item.quantity))
    return Reckoning(
        what="Batches",
        formula="quantity ÷ largest batch, up; as even as whole steps allow",
        numbers=f"{exact_words(item.quantity, item.unit)} ÷ {exact_words(most, item.unit)}, up to {batches}",
        result=listing(f"{count} of {exact_words(size, item.unit)}" for size, count in sizes.items()),
    )


def batch_reckonings(
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
        volumes = [each.amount.value for each in components if brings_to_volume(each.ingredient)]
        yield _strength_reckoning(held, content, (size, volumes[0] if volumes else size), unit)
    if product.form is Form.CAPSULE:
        yield from _weight_reckoning(components, size)


def _ingredient_reckoning(component: Component, size: Fraction, unit: str) -> Reckoning:
    ingredient = component.ingredient
    if brings_to_volume(ingredient):
        return Reckoning(
            what=ingredient.name,
            formula="as much as brings the batch to its quantity",
            numbers=f"at most {exact_words(ingredient.amount * size / HUNDRED, ingredient.unit)}",
            result=f"to make {exact_words(component.amount.exact, ingredient.unit)}",
        )
    per_hundred = f"{exact_words(ingredient.amount, ingredient.unit)} per 100 {plural(unit, HUNDRED)}"
    return Reckoning(
        what=ingredient.name,
        formula="amount per 100 × quantity",
        numbers=f"{per_hundred} × {exact_words(size, unit)}",
        result=exact_words(component.amount.exact, ingredient.unit),
    )


def _strength_reckoning(
    held: list[Component], content: Fraction, sizes: tuple[Fraction, Fraction], unit: str
) -> Reckoning:
    """What the measured amounts hold of the drug, in the quantity as it is measured, against what the label says.

    `sizes` are the quantity of the batch, exactly and as measured.
    """
    exactly, size = sizes
    terms = [f"{each.amount.words} × {_drug_in_one(each.ingredient)}" for each in held]
    mass = sum(((each.ingredient.active_mg or Fraction(0)) * each.amount.value for each in held), Fraction(0))
    error = (mass - content * size) / (content * size) if content else Fraction(0)
    read = f" in {exact_words(size, unit)} as measured" if size != exactly else ""
    return Reckoning(
        what="Check of the strength",
        formula="measured × drug in one, against strength × quantity",
        numbers=f"{' and '.join(terms)} = {exact_words(mass, 'mg')}{read}",
        result=error_words(error) if content else f"for {exact_words(size, unit)}",
    )


def _weight_reckoning(components: tuple[Component, ...], size: Fraction) -> Iterator[Reckoning]:
    """The weight of what fills one capsule; with room for it where the filler is weighed by what fills."""
    weighed = [each for each in components if each.ingredient.unit in ("g", "mg")]
    if not weighed:
        return
    what, formula = "Weight of one filling", "all powders ÷ capsules, 90 to 110 %"
    if any(each.fills for each in weighed):
        formula = "all powders, as weighed ÷ capsules"
        numbers = f"{_BLANK} mg ÷ {number(size)}"
        yield Reckoning(what=what, formula=formula, numbers=numbers, result=f"{_BLANK} mg")
        return
    grams = sum((each.amount.exact / (1 if each.ingredient.unit == "g" else 1000) for each in weighed), Fraction(0))
    each_mg = grams * 1000 / size
    limits = " to ".join(number(round_half_up(each_mg * share, _WEIGHED_TO)) for share in (_LOWEST, _HIGHEST))
    yield Reckoning(
        what=what,
        formula=formula,
        numbers=f"{exact_words(grams * 1000, 'mg')} ÷ {number(size)} = {exact_words(each_mg, 'mg')}",
        result=f"{limits} mg",
    )
