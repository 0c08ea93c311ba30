"""What the labels of one dispensed item say, container by container. The layout is the affair of `labels`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from splitter.errors import Fault, InputError
from splitter.formulary import Ground
from splitter.plan import Item, Part, Plan, PlannedProduct
from splitter.prescription import Patient, Prescriber
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.directions import PLAIN, Direction, Manner, brief_directions, directions, start
from splitter.wording.figures import amount, number, sentence
from splitter.wording.identity import elements, lot
from splitter.wording.lint import refuse
from splitter.wording.names import known_name, short_name
from splitter.wording.path import course_words
from splitter.wording.visits import items_of_visit, visit_dates

DO_NOT_STOP = "Do not stop taking this medicine suddenly."
REPACKAGED = "Repackaged by the pharmacy from the maker's bottle."
_CHILDREN = re.compile(r"\breach\b.*\bchildren\b|\bchildren\b.*\breach\b")
_CHILDREN_ALONE = re.compile(
    r"Keep (?:it |this medicine )?out of (?:the )?(?:sight and )?reach (?:and sight )?of children\."
)
_RANGE = re.compile(r"(\d+) to (\d+) °C")
# The signs of "USP <795>" are mistaken for figures.
_BASES = (
    (Ground.CHAPTER.removesuffix(" (2023)"), "by USP 795"),
    (Ground.MONOGRAPH, "by its monograph"),
    (Ground.STUDY, "by a published study"),
    (Ground.COMPONENT, "by the age of an ingredient"),
)
_REFRIGERATED = "Keep in a refrigerator,"
_DILUTE = re.compile(r", (dilute [a-z ]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelText:
    """The words on one container of an item, sentence by sentence; an empty `until` is not said.

    `warning` and `until` belong on each of its labels, `conditions` and `cautions` on one of them. `banner` is what
    must not be overlooked. `brief` says what `directions` do, in fewer words; where only the first doses are said,
    `start` says before which day there are none, and `then` where to read on. `advice` are those of the `cautions` for
    which the leaflet may stand in, as `more_cautions` then says. `index` is the item's place in the plan, `elements`
    what the barcode holds. `course` says in one sentence how the doses go down; it stands where a label has room.
    Containers of one item differ in `position`, `elements` and `turn`, which is when to open it, alone.
    """

    index: int
    customs: Customs
    patient: str
    drug: str
    directions: tuple[Direction, ...]
    brief: tuple[Direction, ...]
    start: tuple[Direction, ...]
    then: Direction
    banner: str
    purpose: str | None
    warning: str
    until: str
    lot: str | None
    conditions: tuple[str, ...]
    cautions: tuple[str, ...]
    advice: tuple[str, ...]
    more_cautions: str
    course: str
    number: str
    position: str
    turn: str
    filled: str
    quantity: str
    prescriber: str
    pharmacy: str
    pharmacy_address: str
    pharmacy_phone: str
    elements: tuple[tuple[str, str], ...]

    def composed(self) -> Iterator[tuple[str, str]]:
        """Every line that is not a proper name, with the place in the plan that it comes from."""
        item = f"items.{self.index}"
        yield item, self.drug
        yield from ((item, direction.text) for direction in (*self.directions, *self.brief, *self.start, self.then))
        if self.purpose:
            yield "prescription.indication", self.purpose
        yield from ((f"{item} storage", condition) for condition in self.conditions)
        yield from (("cautions", caution) for caution in (self.warning, self.until, *self.cautions, self.more_cautions))
        yield "steps", self.course
        yield from ((item, words) for words in (self.quantity, self.filled, self.position, self.turn))

    def outside(self) -> tuple[tuple[str, str], ...]:
        """The words from outside that stand on a label, with their places in the plan."""
        return (
            ("patient.name", self.patient),
            ("prescription.indication", self.purpose or ""),
            ("prescription.number", self.number),
            ("prescriber.name", self.prescriber),
            ("pharmacy.name", self.pharmacy),
            ("pharmacy.address", self.pharmacy_address),
        )


def first_visit(plan: Plan) -> tuple[Item, ...]:
    """The items that are handed over on the first visit.

    Raises InputError where the plan hands nothing over.
    """
    return items_of_visit(plan, visit_dates(plan)[0])


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
    twice = [place for place, name in enumerate(names) if name in names[:place]]
    if twice:
        remedy = "give each its own name in the formulary, so that they can be told apart"
        raise InputError(
            Fault(
                file="plan",
                key=f"products.{place}.name",
                found=f'several products called "{names[place][1]}"',
                remedy=remedy,
            )
            for place in twice
        )


def label_texts(plan: Plan, date: dt.date | None = None, manner: Manner = PLAIN) -> tuple[LabelText, ...]:
    """What the label of each container of each item of a visit says; the first visit where `date` is None.

    Raises InputError where nothing is handed over on that date, a name is missing or the same twice, or a line holds
    an error-prone designation.
    """
    refuse_same_names(plan)
    items = first_visit(plan) if date is None else items_of_visit(plan, date)
    places = (f"Item {place} of {len(items)}" for place in range(1, len(items) + 1))
    texts = tuple(
        text
        for item, place in zip(items, places, strict=True)
        for text in _of_each_container(plan, item, _label_text(plan, item, place, manner))
    )
    refuse(line for text in texts for line in text.composed())
    return texts


def _of_each_container(plan: Plan, item: Item, text: LabelText) -> Iterator[LabelText]:
    """The words on each container, with its number where there are several, and what its own barcode holds."""
    coded = elements(plan, item)
    if len(coded) == 1:
        yield text
        return
    product = product_of(plan, item)
    word = container_word(product)
    sizes = [part.size for part in item.parts for _ in range(part.count)]
    for place, held in enumerate(coded, 1):
        own = "" if word == "container" else f" ({amount(sizes[place - 1], item.unit)})"
        position = f"{text.position}, {word} {place} of {len(coded)}{own}"
        yield replace(text, position=position, turn=_turn(item, product, place), elements=held)


def _turn(item: Item, product: PlannedProduct, place: int) -> str:
    """When one of several containers is opened: in the order of their numbers, each when the one before is empty, or
    has been open for as long as it may be."""
    if place == 1:
        return "Open this one first" + (": it has the cut ones" if item.cut else "")
    lived = product.in_use_days is not None and item.discard_after is None
    until = f" or its {amount(product.in_use_days or 0, 'day')} are over" if lived else ""
    return f"Open when {container_word(product)} {place - 1} is empty{until}"


def _label_text(plan: Plan, item: Item, position: str, manner: Manner) -> LabelText:
    patient, prescriber = parties(plan)
    product = product_of(plan, item)
    customs = manner.customs
    warning, cautions, advice = _warnings(plan, product, customs)
    indication = (plan.prescription.indication or "").strip().removesuffix(".")
    return LabelText(
        index=plan.items.index(item),
        customs=customs,
        patient=patient.name.strip(),
        drug=drug_line(plan, product),
        directions=directions(plan, item, manner),
        brief=brief_directions(plan, item, manner),
        start=start(plan, item, manner),
        then=Direction(
            dates="", doses=(), instead=f"Then as your calendar and {leaflet_name(item.date, customs, item.date)} say."
        ),
        banner=banner(plan, product, item),
        purpose=f"For {indication}." if indication else None,
        warning=warning,
        until=_until(item, customs),
        lot=lot(plan, item),
        conditions=conditions(product, item, customs),
        cautions=cautions,
        advice=advice,
        more_cautions=f"More cautions are on your {leaflet_name(item.date, customs, item.date)}.",
        course=course_words(plan, customs),
        number=plan.prescription.number,
        position=position,
        turn="",
        filled=customs.day(item.date),
        quantity=quantity_words(item, product),
        prescriber=prescriber.name.strip(),
        pharmacy=plan.pharmacy.name,
        pharmacy_address=plan.pharmacy.address,
        pharmacy_phone=plan.pharmacy.phone,
        elements=elements(plan, item)[0],
    )


def leaflet_name(date: dt.date, customs: Customs, beside: dt.date | None = None) -> str:
    """What the leaflet of a visit is called: "leaflet of Dec 1, 2026"; without its year on a label that bears it."""
    return f"leaflet of {customs.day(date, beside)}"


def banner(plan: Plan, product: PlannedProduct, item: Item) -> str:
    """What must not be overlooked, in capitals: another strength than before, shaking, the refrigerator."""
    said = (
        "NEW STRENGTH." if _is_new_strength(plan, product, item) else "",
        "SHAKE WELL." if product.shake else "",
        "REFRIGERATE." if product.storage and storage_words(product.storage).startswith(_REFRIGERATED) else "",
    )
    return " ".join(filter(None, said))


def _is_new_strength(plan: Plan, product: PlannedProduct, item: Item) -> bool:
    """Whether the patient had this form in other strengths alone until now."""
    before = {other.product for other in plan.items if other.date < item.date}
    forms = {known.form for known in plan.products if known.id in before}
    return product.id not in before and product.form in forms


def _until(item: Item, customs: Customs) -> str:
    """The last day of use; a sentence."""
    return f"Do not use after {customs.day(item.discard_after)}." if item.discard_after else ""


def basis_words(basis: str | None) -> str:
    """In short, and in words that a label may carry, what a beyond-use date rests on: the strictest limit, named first.

    >>> basis_words("USP <795> (2023), solid: 180 days; monograph: 180 days")
    'by USP 795'
    """
    return next((words for ground, words in _BASES if (basis or "").startswith(ground)), "as the pharmacy states")


def product_of(plan: Plan, item: Item) -> PlannedProduct:
    """The product of an item."""
    return next(product for product in plan.products if product.id == item.product)


def drug_line(plan: Plan, product: PlannedProduct) -> str:
    """Drug, strength or concentration, and form: "baclofen 10 mg tablets"."""
    return f"{plan.prescription.drug} {known_name(product, plan.products)}"


def _warnings(plan: Plan, product: PlannedProduct, customs: Customs) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The sentence against stopping, in the drug's own words where it has them; all other cautions for this form; and
    those of them that no law asks for on the label.

    What keeps the medicine from children is said in the country's own words, unless the drug's file says more.
    """
    written = [sentence(caution.text) for caution in plan.cautions if caution.holds_for(product.form)]
    own = [caution for caution in written if caution.startswith(DO_NOT_STOP.removesuffix("."))]
    others = [caution for caution in written if caution not in own and not _CHILDREN_ALONE.fullmatch(caution)]
    keep_out = "" if any(map(_CHILDREN.search, others)) else customs.keep_out
    transfer = customs.transfer if plan.drug.schedule in customs.transfer_schedules else ""
    cautions = tuple(words for words in (transfer, *others, keep_out) if words)
    advice = tuple(words for words in others if not _CHILDREN.search(words))
    return (own or [DO_NOT_STOP])[0], cautions, advice


def conditions(product: PlannedProduct, item: Item, customs: Customs = AMERICAN) -> tuple[str, ...]:
    """What it is where it is compounded or repackaged, and how to keep and use the medicine; sentences."""
    liquid = product.concentration_mg_per_mL is not None
    said = (
        _compounded(product) if product.compounded else "",
        REPACKAGED if product.is_poured else "",
        _dilution(product),
        "Shake well before each dose." if product.shake else "",
        storage_words(product.storage, fahrenheit=customs.fahrenheit) if product.storage else "",
        _life_of_each(product) if liquid and item.discard_after is None else "",
        f"Last day {basis_words(product.beyond_use_basis)}." if product.compounded else "",
    )
    return tuple(words for words in said if words)


def _compounded(product: PlannedProduct) -> str:
    """That it is compounded, its route, and its active ingredient where the name of the drug alone doesn't say it."""
    active = product.salt
    per = "mL" if product.concentration_mg_per_mL is not None else product.form.value
    mass = product.concentration_mg_per_mL or product.strength_mg
    contains = f" Each {per} contains {active} {amount(mass, 'mg')}." if active and mass is not None else ""
    return f"Compounded medicine, to be taken by mouth.{contains}"


def _dilution(product: PlannedProduct) -> str:
    """That a concentrate is never swallowed as it is, where its name says so."""
    match = _DILUTE.search(product.name)
    return sentence(match[1]) if match else ""


def storage_words(storage: str, *, fahrenheit: bool = True) -> str:
    """Where to keep it; a range in Celsius has degrees Fahrenheit beside it (rounded to whole degrees) if asked for.

    >>> storage_words("2 to 8 °C")
    'Keep in a refrigerator, 2 to 8 °C (36 to 46 °F).'
    """
    match = _RANGE.fullmatch(storage.strip())
    if not match:
        return sentence(f"Store at {storage}" if storage[:1].isdigit() else storage)
    low, high = int(match[1]), int(match[2])
    place = _REFRIGERATED if low >= 2 and high <= 8 else "Store at"
    also = f" ({_fahrenheit(low)} to {_fahrenheit(high)} °F)" if fahrenheit else ""
    return f"{place} {low} to {high} °C{also}."


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
    size = amount(part.size, "mL") if item.unit == "mL" else number(part.size)
    return f"{amount(part.count, container_word(product))} of {size}"


def container_word(product: PlannedProduct) -> str:
    """What one container of a product is called."""
    if product.compounded or product.is_poured:
        return "container"
    return "bottle" if product.concentration_mg_per_mL is not None else "pack"
