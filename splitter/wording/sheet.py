"""What the sheets say: what to count, cut and compound, and what the patient takes on each day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from splitter.plan import Administration, IngredientAmount, Item, Plan, PlannedProduct, PlannedStep, Take
from splitter.quantity import format_exact, round_half_up
from splitter.wording.directions import (
    distinction,
    pieces_words,
    short_name,
    steps_served,
    strength,
    syringe_name,
    volume_words,
)
from splitter.wording.figures import amount, listing, number, plural
from splitter.wording.label import first_visit, product_of, refuse_same_names
from splitter.wording.lint import refuse

_ONE_DAY = dt.timedelta(days=1)
# Decimals that a worksheet gives of an amount which has more.
_DECIMALS = 3
_PIECES = {
    Fraction(1, 2): ("half", "halves"),
    Fraction(1, 3): ("third", "thirds"),
    Fraction(1, 4): ("quarter", "quarters"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """One item to count out or take from the shelf, in words; `cut` is empty where nothing is cut."""

    item: Item
    product: PlannedProduct
    whole: str
    cut: str


def picks(plan: Plan) -> tuple[Pick, ...]:
    """Each item of the first visit with what stays whole and what is cut. Raises InputError as labels do."""
    refuse_same_names(plan)
    found = tuple(
        Pick(
            item=item,
            product=product_of(plan, item),
            whole=amount(item.quantity - item.cut, item.unit),
            cut=_cut_words(plan, item),
        )
        for item in first_visit(plan)
    )
    refuse((f"items.{plan.items.index(pick.item)}", words) for pick in found for words in (pick.whole, pick.cut))
    return found


def _cut_words(plan: Plan, item: Item) -> str:
    """How many units to cut, and into which pieces."""
    pieces: Counter[Fraction] = Counter()
    for first, last, step in steps_served(plan, item):
        for administration in step.administrations:
            for take in administration.take:
                if take.product == item.product and take.fraction < 1:
                    pieces[take.fraction] += take.count * ((last - first).days + 1)
    words = [f"{number(count)} {_PIECES[size][count > 1]}" for size, count in sorted(pieces.items(), reverse=True)]
    return f"{amount(item.cut, item.unit)} into {listing(words)}" if item.cut and words else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """What is taken on each day of a range: by clock time, in words, and the day's total [mg]."""

    first: dt.date
    last: dt.date
    total_mg: Fraction
    doses: tuple[tuple[dt.time, str], ...]


def served_until(plan: Plan) -> dt.date:
    """The last day that any item of the first visit serves."""
    return max(item.use_until for item in first_visit(plan))


def next_supply(plan: Plan) -> dt.date | None:
    """The day on which more is handed over, None when the first visit's items are all."""
    first = first_visit(plan)[0].date
    return min((item.date for item in plan.items if item.date > first), default=None)


def last_calendar_day(plan: Plan) -> dt.date:
    """The last day for which the first visit's items are all that is needed."""
    more = next_supply(plan)
    return more - _ONE_DAY if more else served_until(plan)


def regimens(plan: Plan, end: dt.date) -> tuple[Regimen, ...]:
    """The regimen of each step, cut to the days from the first visit to `end`."""
    begin = first_visit(plan)[0].date
    found = tuple(
        _regimen(plan, step, max(step.start, begin), min(step.start + (step.days - 1) * _ONE_DAY, end))
        for step in plan.steps
        if step.start <= end and step.start + step.days * _ONE_DAY > begin
    )
    refuse((f"step from {regimen.first}", words) for regimen in found for _, words in regimen.doses)
    return found


def _regimen(plan: Plan, step: PlannedStep, first: dt.date, last: dt.date) -> Regimen:
    given = {administration.time: dose_words(plan, administration) for administration in step.administrations}
    doses = tuple((time, given.get(time, "none")) for time in plan.prescription.times)
    total = sum((administration.dose_mg for administration in step.administrations), Fraction(0))
    return Regimen(first=first, last=last, total_mg=total, doses=doses)


def dose_words(plan: Plan, administration: Administration) -> str:
    """All that is taken at one time: "1 and a half tablets of 10 mg plus 4 mL (20 mg) of suspension"."""
    known = {product.id: product for product in plan.products}
    taken: dict[str, list[Take]] = {}
    for take in administration.take:
        taken.setdefault(take.product, []).append(take)
    words = [
        f"{pieces_words(takes, known[product].form.value)} of {strength(known[product])}"
        f"{distinction(known[product], plan.products)}"
        for product, takes in taken.items()
    ]
    if administration.measure is not None:
        liquid = known[administration.measure.product]
        several = sum(product.concentration_mg_per_mL is not None for product in plan.products) > 1
        name = short_name(liquid) + distinction(liquid, plan.products) if several else liquid.form.value
        words.append(f"{volume_words(administration.measure, liquid)} of {name}")
    return " plus ".join(words) or "none"


def measuring(plan: Plan) -> tuple[str, ...]:
    """For each volume that the calendar's days measure, the syringe; sentences."""
    last = last_calendar_day(plan)
    measures = (
        administration.measure
        for step in plan.steps
        if step.start <= last
        for administration in step.administrations
        if administration.measure is not None
    )
    return tuple(
        f"To measure {amount(volume, 'mL')}, use the {syringe} oral syringe."
        for volume, syringe in sorted({(measure.mL, syringe_name(measure.syringe)) for measure in measures})
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaledIngredient:
    """An ingredient of one batch: what to weigh, measure or count, and how that was reckoned."""

    name: str
    required: str
    reckoned: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSize:
    """Batches of one size: how many, how much each is, and the ingredients of each."""

    count: int
    size: str
    ingredients: tuple[ScaledIngredient, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worksheet:
    """One compounded item: what is needed, and its batches by their size."""

    item: Item
    product: PlannedProduct
    needed: str
    batches: tuple[BatchSize, ...]


def worksheets(plan: Plan) -> tuple[Worksheet, ...]:
    """A worksheet for each compounded item of the first visit."""
    return tuple(_worksheet(pick) for pick in picks(plan) if pick.item.batches)


def _worksheet(pick: Pick) -> Worksheet:
    item, product = pick.item, pick.product
    overage = product.overage or Fraction(0)
    with_overage = f", with {number(overage * 100)} % overage {to_measure(item.needed * (1 + overage), item.unit)}"
    return Worksheet(
        item=item,
        product=product,
        needed=f"{to_measure(item.needed, item.unit)}{with_overage if overage else ''}",
        batches=tuple(
            BatchSize(
                count=count,
                size=to_measure(size, item.unit),
                ingredients=tuple(_scaled(ingredient, size, item.unit) for ingredient in product.ingredients),
            )
            for count, size in batch_sizes(item.quantity, item.batches or 1, product.batch_step or item.quantity)
        ),
    )


def batch_sizes(quantity: Fraction, batches: int, step: Fraction) -> tuple[tuple[int, Fraction], ...]:
    """(count, size) of batches as even as whole steps allow, larger first.

    >>> [(count, int(size)) for count, size in batch_sizes(Fraction(214), 3, Fraction(1))]
    [(1, 72), (2, 71)]
    """
    each, more = divmod(int(quantity / step), batches)
    sizes = ((more, (each + 1) * step), (batches - more, each * step))
    return tuple((count, size) for count, size in sizes if count)


def _scaled(ingredient: IngredientAmount, size: Fraction, unit: str) -> ScaledIngredient:
    required = ingredient.amount * size / 100
    per_hundred = f"{_exact(ingredient.amount, ingredient.unit)} per 100 {plural(unit, 100)}"
    return ScaledIngredient(
        name=ingredient.name,
        required=to_measure(required, ingredient.unit),
        reckoned=f"{per_hundred} × {_exact(size, unit)} = {_exact(required, ingredient.unit)}",
    )


def _exact(value: Fraction, unit: str) -> str:
    """An amount exactly: where no decimal is exact, as the fraction that a calculation uses."""
    text = format_exact(value)
    return f"{text if '/' in text else number(value)} {plural(unit, value)}"


def to_measure(value: Fraction, unit: str) -> str:
    """An amount to weigh or measure: exact where a decimal is, else rounded to 3 decimals (6 below 1), which is said.

    >>> to_measure(Fraction("0.0625"), "g"), to_measure(Fraction(79, 3), "g")
    ('0.0625 g', '26.333 g (rounded)')
    """
    if "/" not in format_exact(value):
        return amount(value, unit)
    near = round_half_up(value, Fraction(1, 10 ** (_DECIMALS if value >= 1 else 2 * _DECIMALS)))
    return f"{number(near)} {plural(unit, value)} (rounded)"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """A day of the patient's calendar with its regimen; `changed` where it is not the day before's."""

    date: dt.date
    regimen: Regimen
    changed: bool


def calendar_days(plan: Plan) -> Iterator[CalendarDay]:
    """Each day up to the next supply, and without one each day that is served."""
    previous: Regimen | None = None
    for regimen in regimens(plan, last_calendar_day(plan)):
        for offset in range((regimen.last - regimen.first).days + 1):
            changed = previous is None or regimen.doses != previous.doses
            yield CalendarDay(date=regimen.first + offset * _ONE_DAY, regimen=regimen, changed=changed)
            previous = regimen
