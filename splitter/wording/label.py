"""What the label of one dispensed item says. How it is laid out is the affair of `labels`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from splitter.errors import Fault, InputError
from splitter.plan import Item, Part, Plan, PlannedProduct
from splitter.prescription import Patient, Prescriber
from splitter.wording.directions import Direction, directions, distinction, short_name, strength
from splitter.wording.figures import amount, day, number, plural, sentence
from splitter.wording.lint import refuse

DO_NOT_STOP = "Do not stop taking this medicine suddenly."
_RANGE = re.compile(r"(\d+) to (\d+) °C")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelText:
    """The words of one item's label, sentence by sentence; an empty `discard` is not said.

    `warning`, `discard` and `conditions` belong on each of its labels, `cautions` on one of them. `index` is the
    item's place in the plan.
    """

    index: int
    patient: str
    drug: str
    directions: tuple[Direction, ...]
    purpose: str | None
    warning: str
    discard: str
    conditions: tuple[str, ...]
    cautions: tuple[str, ...]
    number: str
    position: str
    filled: str
    quantity: str
    prescriber: str
    pharmacy: str
    pharmacy_address: str
    pharmacy_phone: str

    def composed(self) -> Iterator[tuple[str, str]]:
        """Every line that is not a proper name, with the place in the plan that it comes from."""
        item = f"items.{self.index}"
        yield item, self.drug
        yield from ((item, direction.text) for direction in self.directions)
        if self.purpose:
            yield "prescription.indication", self.purpose
        yield from ((f"{item} storage", condition) for condition in self.conditions)
        yield from (("cautions", caution) for caution in (self.warning, self.discard, *self.cautions))
        yield item, self.quantity

    def outside(self) -> tuple[tuple[str, str], ...]:
        """The words from outside that stand on each label, with their places in the plan."""
        return (
            ("patient.name", self.patient),
            ("prescription.indication", self.purpose or ""),
            ("prescription.number", self.number),
            ("prescriber.name", self.prescriber),
            ("pharmacy.name", self.pharmacy),
            ("pharmacy.address", self.pharmacy_address),
            ("products storage", " ".join(self.conditions)),
        )


def first_visit(plan: Plan) -> tuple[Item, ...]:
    """The items that are handed over on the first visit.

    Raises InputError where the plan hands nothing over.
    """
    if not plan.items:
        remedy = "there is nothing to print; see the plan's conflicts"
        raise InputError([Fault(file="plan", key="items", found="no items", remedy=remedy)])
    date = min(item.date for item in plan.items)
    return tuple(item for item in plan.items if item.date == date)


def parties(plan: Plan) -> tuple[Patient, Prescriber]:
    """The patient and the prescriber, without whom nothing is printed.

    Raises InputError that names each one missing.
    """
    patient, prescriber = plan.prescription.patient, plan.prescription.prescriber
    if patient is None or prescriber is None or not patient.name.strip() or not prescriber.name.strip():
        named = (("patient", patient), ("prescriber", prescriber))
        raise InputError(
            Fault(file="plan", key=f"{key}.name", found="no name", remedy=f"give the prescription its [{key}] name")
            for key, party in named
            if party is None or not party.name.strip()
        )
    return patient, prescriber


def refuse_same_names(plan: Plan) -> None:
    """Raises InputError where two products of the plan can't be told apart by strength and name."""
    names = [(short_name(product), product.name) for product in plan.products]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        remedy = "give each its own name in the formulary, so that they can be told apart"
        raise InputError(
            Fault(file="plan", key="products", found=f'several products called "{name}"', remedy=remedy)
            for _, name in twice
        )


def label_texts(plan: Plan) -> tuple[LabelText, ...]:
    """What the label of each item of the first visit says.

    Raises InputError where a name is missing or the same twice, or a line holds an error-prone designation.
    """
    refuse_same_names(plan)
    items = first_visit(plan)
    texts = tuple(_label_text(plan, item, f"Item {place} of {len(items)}") for place, item in enumerate(items, 1))
    refuse(line for text in texts for line in text.composed())
    return texts


def _label_text(plan: Plan, item: Item, position: str) -> LabelText:
    patient, prescriber = parties(plan)
    product = product_of(plan, item)
    warning, cautions = _warnings(plan)
    indication = (plan.prescription.indication or "").strip().removesuffix(".")
    return LabelText(
        index=plan.items.index(item),
        patient=patient.name.strip(),
        drug=drug_line(plan, product),
        directions=directions(plan, item),
        purpose=f"For {indication}." if indication else None,
        warning=warning,
        discard=f"Do not use after {day(item.discard_after)}." if item.discard_after else "",
        conditions=conditions(product, item),
        cautions=cautions,
        number=plan.prescription.number,
        position=position,
        filled=day(item.date),
        quantity=quantity_words(item, product),
        prescriber=prescriber.name.strip(),
        pharmacy=plan.pharmacy.name,
        pharmacy_address=plan.pharmacy.address,
        pharmacy_phone=plan.pharmacy.phone,
    )


def product_of(plan: Plan, item: Item) -> PlannedProduct:
    """The product of an item."""
    return next(product for product in plan.products if product.id == item.product)


def drug_line(plan: Plan, product: PlannedProduct) -> str:
    """Drug, strength or concentration, and form: "baclofen 10 mg tablets"."""
    liquid = product.concentration_mg_per_mL is not None
    form = f"oral {product.form.value}" if liquid else plural(product.form.value, 2)
    return f"{plan.prescription.drug} {strength(product)} {form}{distinction(product, plan.products)}"


def _warnings(plan: Plan) -> tuple[str, tuple[str, ...]]:
    """The sentence against stopping, in the drug's own words where it has them, and the other cautions."""
    cautions = [sentence(caution) for caution in plan.cautions]
    own = [caution for caution in cautions if caution.startswith(DO_NOT_STOP.removesuffix("."))]
    return (own or [DO_NOT_STOP])[0], tuple(caution for caution in cautions if caution not in own)


def conditions(product: PlannedProduct, item: Item) -> tuple[str, ...]:
    """How to keep and use the medicine; sentences."""
    liquid = product.concentration_mg_per_mL is not None
    said = (
        "Compounded medicine, to be taken by mouth." if product.compounded else "",
        "Shake well before each dose." if product.shake else "",
        storage_words(product.storage) if product.storage else "",
        _life_of_each(product) if liquid and item.discard_after is None else "",
    )
    return tuple(words for words in said if words)


def storage_words(storage: str) -> str:
    """Where to keep it, with degrees Fahrenheit (rounded to whole degrees) beside a range in Celsius.

    >>> storage_words("2 to 8 °C")
    'Keep in a refrigerator, 2 to 8 °C (36 to 46 °F).'
    """
    match = _RANGE.fullmatch(storage.strip())
    if not match:
        return sentence(f"Store at {storage}" if storage[:1].isdigit() else storage)
    low, high = int(match[1]), int(match[2])
    place = "Keep in a refrigerator," if low >= 2 and high <= 8 else "Store at"
    return f"{place} {low} to {high} °C ({_fahrenheit(low)} to {_fahrenheit(high)} °F)."


def _fahrenheit(celsius: int) -> int:
    """Whole degrees, halves up."""
    return (celsius * 18 + 325) // 10


def _life_of_each(product: PlannedProduct) -> str:
    """How long a bottle may be used that is opened when the one before is empty or too old."""
    if product.in_use_days is None:
        return ""
    return f"Use each bottle for no more than {amount(product.in_use_days, 'day')}, the day you open it included."


def quantity_words(item: Item, product: PlannedProduct) -> str:
    """What is handed over: "84 tablets (4 of them cut)", "240 mL (2 bottles of 120 mL)"."""
    notes = [_part_words(part, item, product) for part in item.parts]
    if item.cut:
        notes.append(f"{item.cut} of them cut")
    words = amount(item.quantity, item.unit)
    return f"{words} ({', '.join(notes)})" if notes else words


def _part_words(part: Part, item: Item, product: PlannedProduct) -> str:
    sealed = "bottle" if product.concentration_mg_per_mL is not None else "pack"
    size = amount(part.size, "mL") if item.unit == "mL" else number(part.size)
    return f"{amount(part.count, 'container' if product.compounded else sealed)} of {size}"
