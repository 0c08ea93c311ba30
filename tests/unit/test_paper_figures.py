"""The words on paper are read back and re-added: doses of each day, quantities, batches, ingredients."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from dataclasses import replace
from fractions import Fraction

import pytest

from splitter.plan import Plan
from splitter.prescription import Patient, Prescriber
from splitter.wording import label_texts
from splitter.wording.calendar import served_regimens
from splitter.wording.compounding import worksheets
from splitter.wording.label import first_visit
from splitter.wording.reckonings import brings_to_volume
from tests.unit.paper_plans import mixed_plan, tablets_plan
from tests.unit.plans import FEASIBLE

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PARTS = {"half": Fraction(1, 2), "third": Fraction(1, 3), "quarter": Fraction(1, 4)}
COUNTS = {"a": 1, "two": 2, "three": 3}
WHEN = r"(?:in the|at) (?:morning|noon|afternoon|evening|bedtime|night)(?: \([^)]*\))?"


def named(plan: Plan) -> Plan:
    """The plan with somebody to print it for."""
    patient, prescriber = Patient(name="Ada Example"), Prescriber(name="Dr B. Example")
    return replace(plan, prescription=replace(plan.prescription, patient=patient, prescriber=prescriber))


PLANS = {
    **{name: named(make().plan) for name, make in FEASIBLE.items()},
    "paper: tablets": tablets_plan(),
    "paper: mixed": mixed_plan(),
}


def date_of(text: str, year: int) -> dt.date:
    month, day, *rest = text.replace(",", "").split()
    return dt.date(int(rest[0]) if rest else year, MONTHS.index(month) + 1, int(day))


def days_of(text: str, year: int) -> list[dt.date]:
    """Every day of "Dec 1 to Jan 11, 2027", both ends included."""
    text = text.partition(", part ")[0]
    first, _, last = text.partition(" to ")
    end = date_of(last or first, year)
    begin = date_of(first, end.year)
    if begin > end:
        begin = begin.replace(year=begin.year - 1)
    return [begin + dt.timedelta(days=place) for place in range((end - begin).days + 1)]


def units_of(words: str) -> Fraction:
    """Units in "1 and a half tablets", "two thirds of a tablet", "half a tablet", "2 tablets plus 3 half tablets"."""
    total = Fraction(0)
    for piece in re.split(" plus | and ", words):
        first = piece.split()[0]
        count = int(first) if first.isdigit() else COUNTS.get(first, 1)
        total += count * next((part for name, part in PARTS.items() if name in piece), Fraction(1))
    return total


def amount_of(dose: str) -> Fraction:
    """Units, or mL, that one dose of a direction gives."""
    volume = re.match(r"([0-9.]+) mL \(", dose)
    return Fraction(volume[1]) if volume else units_of(re.sub(rf" {WHEN}$", "", dose))


@pytest.mark.parametrize("name", PLANS)
def test_the_words_of_the_labels_add_up_to_the_plan(name: str) -> None:
    """Every day that a label serves, its doses are the plan's of that product: none more, none less, no day twice."""
    plan = PLANS[name]
    for item, text in ((plan.items[text.index], text) for text in label_texts(plan)):
        said: dict[dt.date, Fraction] = defaultdict(Fraction)
        seen: Counter[dt.date] = Counter()
        for direction in text.directions:
            if direction.dates.startswith(("On ", "From ")) or not direction.day:
                continue
            for date in days_of(direction.dates, item.date.year):
                seen[date] += 1
                said[date] += sum((amount_of(dose) for dose in direction.doses), Fraction(0))
        assert set(seen.values()) == {1}
        assert min(seen) == item.first_day
        assert max(seen) <= item.use_until
        for step in plan.steps:
            gives = Fraction(0)
            for given in step.administrations:
                gives += sum((t.count * t.fraction for t in given.take if t.product == item.product), Fraction(0))
                if given.measure is not None and given.measure.product == item.product:
                    gives += given.measure.mL
            for place in range(step.days):
                date = step.start + dt.timedelta(days=place)
                if item.first_day <= date <= item.use_until:
                    assert said[date] == gives, (date, text.directions)


@pytest.mark.parametrize("name", PLANS)
def test_the_calendar_s_totals_are_the_plan_s(name: str) -> None:
    """Each range of days bears the day's dose as delivered."""
    plan = PLANS[name]
    for regimen in served_regimens(plan, first_visit(plan)[0].date):
        step = next(s for s in plan.steps if s.start <= regimen.first < s.start + dt.timedelta(days=s.days))
        assert regimen.total_mg == step.delivered_mg


def figure(words: str) -> Fraction:
    """The number that words begin with."""
    return Fraction(words.split(maxsplit=1)[0].replace(",", ""))


@pytest.mark.parametrize("name", PLANS)
def test_the_quantity_on_a_label_is_the_item_s(name: str) -> None:
    """What is handed over, in which parts, and how many are cut."""
    plan = PLANS[name]
    for item, text in ((plan.items[text.index], text) for text in label_texts(plan)):
        assert figure(text.quantity) == item.quantity
        cut = re.search(r"(\d+) of them cut", text.quantity)
        assert (int(cut[1]) if cut else 0) == item.cut
        parts = re.findall(r"([\d,]+) (?:bottle|pack|container)s? of ([\d.,]+\d)", text.quantity)
        assert [(int(count), figure(size)) for count, size in parts] == [(p.count, p.size) for p in item.parts]


@pytest.mark.parametrize("name", PLANS)
def test_the_batches_and_ingredients_of_a_worksheet_add_up_to_the_item(name: str) -> None:
    """All batches together are the quantity; each ingredient together is its share of it, to what can be measured."""
    plan = PLANS[name]
    for sheet in worksheets(plan, first_visit(plan)[0].date):
        assert sum(figure(batch.size) for batch in sheet.batches) == sheet.item.quantity
        for place, ingredient in enumerate(sheet.product.ingredients):
            parts = [batch.components[place] for batch in sheet.batches]
            share = (
                sheet.item.quantity if brings_to_volume(ingredient) else ingredient.amount * sheet.item.quantity / 100
            )
            assert sum(part.amount.exact for part in parts) == share
            for part in parts:
                stated = figure(part.required.removeprefix("to make ").removeprefix("about "))
                assert stated == part.amount.value
                assert (stated == part.amount.exact) == (part.amount.error_words == "exact")


@pytest.mark.parametrize("name", PLANS)
def test_the_drug_on_a_worksheet_is_what_the_label_says(name: str) -> None:
    """What is measured of the drug, read back and re-added, is the strength of what is made, within the error said."""
    plan = PLANS[name]
    for sheet in worksheets(plan, first_visit(plan)[0].date):
        content = sheet.product.concentration_mg_per_mL or sheet.product.strength_mg or Fraction(0)
        for batch in sheet.batches:
            held = [part for part in batch.components if part.ingredient.active_mg is not None]
            (said,) = (line for line in batch.reckonings if line.what == "Drug in the batch")
            assert figure(said.result) == content * figure(batch.size)
            if held:
                (check,) = (line for line in batch.reckonings if line.what == "Check of the strength")
                mass = sum(figure(part.amount.words) * part.ingredient.active_mg for part in held)
                read = re.fullmatch(r".* = ([0-9.,/]+ mg)(?: in ([0-9.,]+ mL) as measured)?", check.numbers)
                assert read
                assert figure(read[1]) == mass
                size = figure(read[2]) if read[2] else figure(batch.size)
                assert (check.result == "exact") == (mass == content * size)
