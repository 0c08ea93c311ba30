"""What compounding makes a pharmacist ask: what is too light to weigh, what expires, what a date rests on."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from splitter.checks.question import Question, Said, check
from splitter.formulary import Batch, Ground, Ingredient, as_counted
from splitter.plan import Item, Severity
from splitter.quantity import counted, format_exact

_MG_IN = {"mcg": Fraction(1, 1000), "mg": Fraction(1), "g": Fraction(1000)}


@check("compounded", Severity.NOTE, "the plan: its products")
def compounded(question: Question) -> Iterator[Said]:
    """Products that the pharmacy makes itself."""
    names = [product.name for product in question.used() if product.is_compounded]
    if names:
        yield Said(message=f"compounded to order: {', '.join(names)}")


@check("too-light-to-weigh", Severity.STOP, "the pharmacy's balance: balance_minimum")
def too_light_to_weigh(question: Question) -> Iterator[Said]:
    """What a batch takes less of than the pharmacy's balance weighs well: an ingredient, or the powder of one."""
    least = question.plan.pharmacy.equipment.balance_minimum_mg
    for item, batch in _compounded_items(question):
        size = _smallest_batch(item, batch)
        for name, mass in _weighed(item, batch, size):
            if mass < least:
                message = (
                    f"{item.product} of {item.date}: {format_exact(mass)} mg of {name} for a batch of "
                    f"{format_exact(size)} {item.unit}; the balance weighs no less than {format_exact(least)} mg"
                )
                yield Said(message=message)


@check("component-expires", Severity.STOP, "expires of the ingredients in stock")
def component_expires(question: Question) -> Iterator[Said]:
    """An ingredient in stock whose last day comes before that of what is made with it.

    The batches of the next visit, the first, can't be made with it; by the later ones it will have been replaced.
    """
    start, later = question.prescription.start, dict[tuple[str, str], str]()
    for item, batch in _compounded_items(question):
        last = item.discard_after or item.use_until
        for part in batch.ingredients:
            if part.expires is None or part.expires >= last:
                continue
            if item.date == start:
                message = f"{item.product} of {item.date} is kept until {last}; {part.name} expires on {part.expires}"
                yield Said(message=message)
                continue
            message = f"{item.product}, from {item.date} on: replace {part.name}, which expires on {part.expires}"
            later.setdefault((item.product, part.name), message)
    yield from (Said(message=message, severity=Severity.NOTE) for message in later.values())


@check("beyond-use-evidence", Severity.NOTE, "the pharmacy: compounding.evidence")
def beyond_use_evidence(question: Question) -> Iterator[Said]:
    """Beyond-use dates that rest on published evidence which the pharmacy accepts."""
    for product in question.plan.products:
        if Ground.EVIDENCE in (product.beyond_use_basis or "") and product.beyond_use_days is not None:
            days, how = as_counted(product.beyond_use_days, product.beyond_use_basis)
            message = f"{product.name}: {counted(days, 'day')}{how}, by published evidence that the pharmacy accepts"
            yield Said(message=message)


@check("beyond-use-stated", Severity.NOTE, "USP <795>: a category for each preparation")
def beyond_use_stated(question: Question) -> Iterator[Said]:
    """Beyond-use dates that the formulary alone states, without a category of USP <795>."""
    for known in question.used():
        if isinstance(known.supply, Batch) and known.supply.category is None:
            message = f"{known.name}: the beyond-use date is the formulary's own; it states no category for USP <795>"
            yield Said(message=message)


@check("hazardous-drug", Severity.NOTE, "hazard of the drug's formulary, after the lists of NIOSH")
def hazardous_dust(question: Question) -> Iterator[Said]:
    """Cutting or compounding a drug that is hazardous to staff."""
    hazard = question.formulary.hazard
    if hazard is not None and any(item.cut or item.batches for item in question.plan.items):
        yield Said(message=f"the plan cuts or compounds it: {hazard.text}")


def _compounded_items(question: Question) -> Iterator[tuple[Item, Batch]]:
    batches = {p.id: p.supply for p in question.formulary.products if isinstance(p.supply, Batch)}
    yield from ((item, batches[item.product]) for item in question.plan.items if item.product in batches)


def _smallest_batch(item: Item, batch: Batch) -> Fraction:
    """The size [mL or capsules] of the smallest of an item's batches, which are as even as whole steps allow."""
    return item.quantity / batch.step // (item.batches or 1) * batch.step


def _weighed(item: Item, batch: Batch, size: Fraction) -> Iterator[tuple[str, Fraction]]:
    """All that is weighed for a batch of this size, by name [mg]; of a trituration also its powder and diluent.

    Where the plan does not say how much of a trituration is made, no more is than the batch needs.
    """
    for part in batch.ingredients:
        mass = _mass(part, size)
        if mass is None:
            continue
        yield part.name, mass
        if part.dilution is not None:
            made = [each for each in item.triturations if each.ingredient == part.name]
            powder = min((each.powder_mg for each in made), default=mass * part.dilution.part / part.dilution.whole)
            diluent = min((each.diluent_mg for each in made), default=mass - powder)
            yield part.powder or part.name, powder
            yield part.diluent or part.name, diluent


def _mass(part: Ingredient, size: Fraction) -> Fraction | None:
    """What a batch takes of an ingredient that is weighed [mg]; None for what is counted or measured."""
    unit = _MG_IN.get(part.unit)
    return None if unit is None else part.amount * size / 100 * unit
