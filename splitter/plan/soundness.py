"""What no plan can say, whoever wrote it: asked when a plan is made, and when a file is read, before all else.

Each function asks one thing and yields the key, what was found, and the remedy. That figures add up is asked elsewhere
(`verify`); here they must mean something: names that exist, dates of this treatment, counts that hands can hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from splitter.bounds import MOST_BATCHES, MOST_CONTAINERS, MOST_DAYS, MOST_STEPS, MOST_TIMES
from splitter.errors import Fault, InputError
from splitter.formulary import Form
from splitter.plan.advice import Status
from splitter.plan.records import Administration, Item, Plan, PlannedProduct
from splitter.prescription import is_ordered
from splitter.quantity import counted, format_exact
from splitter.units import ReadError, parse_volume, quoted

_Problem = tuple[str, str, str]
"""The key at fault, what was found there, and how to mend it."""

_FRACTIONS = tuple(Fraction(1, parts) for parts in (1, 2, 3, 4))
_COUNTED = (Form.TABLET, Form.CAPSULE, Form.PACKET)
_WRITTEN = "give the file as this program wrote it"


def refuse_unsound(plan: Plan, file: str = "plan") -> None:
    """Raises InputError with everything in a plan that can't be meant; `file` names it in messages."""
    asked = (_drug, _times, _steps, _products, _strengths, _doses, _items, _reasons, _conflicts)
    problems = [problem for ask in asked for problem in ask(plan)]
    if problems:
        raise InputError(Fault(file=file, key=key, found=found, remedy=remedy) for key, found, remedy in problems)


def _drug(plan: Plan) -> Iterator[_Problem]:
    if plan.prescription.drug.casefold() != plan.drug.name.casefold():
        yield "drug.name", f"{quoted(plan.drug.name)} in a plan of {quoted(plan.prescription.drug)}", _WRITTEN


def _times(plan: Plan) -> Iterator[_Problem]:
    times = plan.prescription.times
    if not 1 <= len(times) <= MOST_TIMES:
        yield "prescription.times", f"{len(times)} times", f"a day has 1 to {MOST_TIMES} of them"
    elif not is_ordered(times):
        yield "prescription.times", "times that are not in order", _WRITTEN


def _steps(plan: Plan) -> Iterator[_Problem]:
    if not 1 <= len(plan.steps) <= MOST_STEPS:
        yield "steps", f"{len(plan.steps)} steps", f"a plan has 1 to {MOST_STEPS}"
    for number, step in enumerate(plan.steps):
        if not 1 <= step.days <= MOST_DAYS:
            yield f"steps[{number}].days", f"{step.days} days", f"a step lasts 1 to {MOST_DAYS} days"
    days = sum(step.days for step in plan.steps)
    if days > MOST_DAYS:
        yield "steps", f"{days} days in all", f"a plan has at most {MOST_DAYS}"


def _products(plan: Plan) -> Iterator[_Problem]:
    seen: set[str] = set()
    for place, product in enumerate(plan.products):
        if product.id in seen:
            yield f"products[{place}].id", f"{quoted(product.id)} twice", _WRITTEN
        seen.add(product.id)
        for key, found, remedy in _product(product):
            yield f"products[{place}].{key}", found, remedy


def _strengths(plan: Plan) -> Iterator[_Problem]:
    """What was chosen is made, and was chosen between at least one set."""
    if plan.strengths is None:
        return
    made = {product.id for product in plan.products if product.compounded and product.form is Form.CAPSULE}
    if not plan.strengths.products or not made.issuperset(plan.strengths.products):
        yield "strengths.products", "other than the plan's compounded capsules", _WRITTEN
    for key in ("offered", "at_most", "sets"):
        count = getattr(plan.strengths, key)
        if count < 1:
            yield f"strengths.{key}", f"{count}", "there is at least one"


def _product(product: PlannedProduct) -> Iterator[_Problem]:
    """A strength or a concentration, as its form has; the figures of batches and of pouring where it has them alone."""
    strength, concentration = (
        ("strength_mg", product.strength_mg),
        (
            "concentration_mg_per_mL",
            product.concentration_mg_per_mL,
        ),
    )
    (own, has), (other, foreign) = (strength, concentration) if product.form in _COUNTED else (concentration, strength)
    if not has:
        yield own, "nothing", f"a {product.form} has one"
    if foreign is not None:
        yield other, format_exact(foreign), f"a {product.form} has none"
    if product.is_poured and (product.compounded or product.form in _COUNTED):
        yield "keeps_days", f"{product.keeps_days}", "nothing but a marketed liquid is poured"
    for key, must, what in (
        ("batch_step", product.compounded, "compounded"),
        ("beyond_use_days", product.compounded, "compounded"),
        ("overage", product.compounded or product.form not in _COUNTED, "compounded or measured"),
        ("pour_step", product.is_poured, "poured"),
    ):
        stated = getattr(product, key)
        if (stated is not None) is not must:
            yield key, "nothing" if stated is None else str(stated), f"what is {what} has one, and nothing else has"
    for key in ("batch_step", "pour_step"):
        if getattr(product, key) == 0:
            yield key, "0", "amounts are multiples of something"
    for key in ("beyond_use_days", "in_use_days", "keeps_days"):
        days = getattr(product, key)
        if days is not None and not 1 <= days <= MOST_DAYS:
            yield key, f"{days} days", f"nothing keeps for fewer than 1 or more than {MOST_DAYS} days"


def _doses(plan: Plan) -> Iterator[_Problem]:
    known = {product.id: product for product in plan.products}
    for number, step in enumerate(plan.steps):
        for place, given in enumerate(step.administrations):
            for key, found, remedy in _given(given, known):
                yield f"steps[{number}].administrations[{place}].{key}", found, remedy


def _given(given: Administration, known: Mapping[str, PlannedProduct]) -> Iterator[_Problem]:
    for place, take in enumerate(given.take):
        where = f"take[{place}]"
        product = known.get(take.product)
        if product is None or product.form not in _COUNTED:
            yield f"{where}.product", quoted(take.product), "the plan has no such product that is counted"
        if take.fraction not in _FRACTIONS:
            yield f"{where}.fraction", format_exact(take.fraction), "pieces are 1, 1/2, 1/3 or 1/4"
        if take.count < 1:
            yield f"{where}.count", f"{take.count}", "pieces are counted from 1"
    if given.measure is not None:
        product = known.get(given.measure.product)
        if product is None or product.form in _COUNTED:
            yield "measure.product", quoted(given.measure.product), "the plan has no such liquid"
        for key in ("syringe", "rest_syringe"):
            stated = getattr(given.measure, key)
            if stated is not None and not _is_syringe(stated):
                yield f"measure.{key}", quoted(stated), 'a syringe has a name such as "5 mL by 0.2 mL"'


def _is_syringe(text: str) -> bool:
    """Whether a text names a capacity and a graduation; whether the policy has it is asked by the second check."""
    capacity, _, graduation = text.partition(" by ")
    try:
        return bool(parse_volume(capacity) and parse_volume(graduation))
    except ReadError:
        return False


def _items(plan: Plan) -> Iterator[_Problem]:
    if not plan.steps:
        return
    known = {product.id: product for product in plan.products}
    for place, item in enumerate(plan.items):
        for key, found, remedy in (*_dated(plan, item), *_held(item, known.get(item.product))):
            yield f"items[{place}].{key}", found, remedy


def _dated(plan: Plan, item: Item) -> Iterator[_Problem]:
    """Dates between the first and the last day; what is kept is kept no longer than anything keeps."""
    first = plan.steps[0].start
    last = max(step.last for step in plan.steps)
    for key in ("date", "use_from", "use_until"):
        date = getattr(item, key)
        if date is not None and not first <= date <= last:
            yield key, f"{date}", f"the plan has the days from {first} to {last}"
    if item.first_day < item.date:
        yield "use_from", f"{item.first_day}", f"it is handed over on {item.date}"
    if item.use_until < item.first_day:
        yield "use_until", f"{item.use_until}", f"it is used from {item.first_day} on"
    if item.discard_after is not None and item.discard_after < item.use_until:
        yield "discard_after", f"{item.discard_after}", f"it is used until {item.use_until}"


def _held(item: Item, product: PlannedProduct | None) -> Iterator[_Problem]:
    """Amounts above zero, and no more containers and batches than can be labelled and made."""
    if product is None:
        yield "product", quoted(item.product), "the plan describes no such product"
        return
    unit = product.form.value if product.form in _COUNTED else "mL"
    if item.unit != unit:
        yield "unit", quoted(item.unit), f"{product.id} is counted in {unit}"
    for key in ("quantity", "needed"):
        if not getattr(item, key):
            yield key, "0", "something is handed over"
    if (item.batches is not None) is not product.compounded:
        yield "batches", f"{item.batches}", "what is compounded is made in batches, and nothing else is"
    if item.batches is not None and not 1 <= item.batches <= MOST_BATCHES:
        yield "batches", f"{item.batches}", f"1 to {MOST_BATCHES} are made"
    for number, part in enumerate(item.parts):
        if part.count < 1 or not part.size:
            yield f"parts[{number}]", f"{part.count} of {format_exact(part.size)}", "they hold something"
    count = sum(part.count for part in item.parts)
    if count > MOST_CONTAINERS:
        yield "parts", f"{count} containers", f"at most {MOST_CONTAINERS} are handed over at once"


def _reasons(plan: Plan) -> Iterator[_Problem]:
    for place, reason in enumerate(plan.reasons):
        for number in reason.steps:
            if number >= len(plan.steps):
                yield f"reasons[{place}].steps", f"{number}", f"steps are counted from 0 to {len(plan.steps) - 1}"


def _conflicts(plan: Plan) -> Iterator[_Problem]:
    if (plan.status is Status.INFEASIBLE) is not bool(plan.conflicts):
        yield (
            "status",
            f"{plan.status} with {counted(len(plan.conflicts), 'conflict')}",
            "what can't be made has conflicts",
        )
    for place, conflict in enumerate(plan.conflicts):
        stated = () if conflict.step is None else (conflict.step,)
        for number in (*stated, *conflict.steps):
            if number >= len(plan.steps):
                yield f"conflicts[{place}].steps", f"{number}", f"steps are counted from 0 to {len(plan.steps) - 1}"
