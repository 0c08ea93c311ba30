"""Sheets as printed: each part is there, whole, on numbered pages that bear the plan's hash."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from pypdf import PdfReader

import formulations
from splitter.errors import InputError
from splitter.formulary import Form, QualityCheck, load_formulary
from splitter.labels import Style, count_labels, find_stock, lay_out_items, lay_out_labels
from splitter.labels.fonts import Face, width
from splitter.labels.marks import Box, Inset, Page, Rule, Text
from splitter.labels.profiles import UK
from splitter.plan import Finding, Part, Plan, Severity, plan_digest
from splitter.prescription import Patient, Prescriber
from splitter.sheets import A4, LETTER, lay_out_sheets, phone_calendar, render_sheets
from splitter.sheets.cells import Cell
from splitter.sheets.chart import staircase_chart
from splitter.sheets.flow import MARGIN, Column, Flow
from splitter.sheets.pictures import syringe
from splitter.wording.calendar import Stair, served_regimens
from splitter.wording.changes import calendar_days
from splitter.wording.compounding import quality_rows, worksheets
from splitter.wording.customs import BRITISH
from splitter.wording.figures import day, weekday
from splitter.wording.identity import lot
from splitter.wording.regimens import Dose, Regimen
from splitter.wording.sheet import picks, serial_rows
from splitter.wording.visits import items_of_visit, visit_dates
from tests.unit.paper_plans import (
    COMPOUNDED,
    PRODUCTS,
    START,
    TABLET_10,
    TABLET_20,
    a_plan,
    dose,
    ingredient,
    item,
    measured,
    mixed_plan,
    product,
    step,
    tablets_plan,
    take,
)


def many_times_plan(count: int = 6) -> Plan:
    """Up to six administrations a day: halves and quarters beside wholes, thirds beside a volume of two draws."""
    times = tuple(dt.time(hour) for hour in (0, 6, 9, 12, 18, 22))[:count]
    pieces = (take(TABLET_20, 3), take(TABLET_20, 1, "1/2"), take(TABLET_20, 3, "1/4"))
    volume = measured(COMPOUNDED, "6.2")
    given = (
        dose(time, "85", *pieces) if place % 2 else dose(time, "113/3", take(TABLET_10, 2, "1/3"), measure=volume)
        for place, time in enumerate(times)
    )
    bottles = (Part(size=Fraction(240), count=3),)
    items = (
        item(TABLET_20, "252", "tablet", cut=84),
        item(TABLET_10, "56", "tablet", cut=56),
        item(COMPOUNDED, "660", "mL", needed=Fraction(521), batches=2, parts=bottles, discard_after=START + 34 * DAY),
    )
    plan = a_plan((step(START, 28, "300", *given),), items)
    return replace(plan, prescription=replace(plan.prescription, times=times))


def crowded_plan() -> Plan:
    """More findings than a page holds."""
    message = "This is a finding of some length, so that it takes more than one line of its column on the sheet. " * 2
    findings = tuple(
        Finding(code=f"code-{place}", severity=Severity.WARN, where=f"step {place}", message=f"{place}: {message}")
        for place in range(40)
    )
    return replace(tablets_plan(), findings=findings)


def ugly_plan() -> Plan:
    """Long names, six ingredients with long names, many quality checks, a packet, a drug-free step between others."""
    plan = mixed_plan()
    long = "extraordinarily long-winded name of a preserved, sugar-free, cherry-flavoured suspending vehicle"
    parts = tuple(ingredient(f"{place} {long}", Fraction(10, 3), "mL") for place in range(1, 6))
    powder = ingredient("baclofen powder", Fraction("0.5"), "g", active_mg=Fraction(1000))
    checks = tuple(QualityCheck(check=f"Check {place}", expected=f"{long}, {place}") for place in range(1, 9))
    packet = product(
        "packet", Form.PACKET, "baclofen 5 mg packet", strength_mg=Fraction(5), codes=("70710-1285-1",) * 9
    )
    products = tuple(
        replace(each, ingredients=(powder, *parts), quality_checks=checks, equipment=(long, long), container=long)
        if each.id == COMPOUNDED
        else each
        for each in (*PRODUCTS, packet)
    )
    first, second, last = plan.steps
    steps = (
        first,
        replace(second, administrations=(dose(dt.time(8), "10", take("packet", 2)), *second.administrations[1:])),
        last,
        step(START + 28 * DAY, 7, "5", dose(dt.time(20), "5", take("packet", 1))),
    )
    items = (*plan.items, item("packet", "21", "packet", use_until=START + 34 * DAY))
    patient = Patient(name="Maximiliana Alexandrina Example-Featherstonehaugh", address=f"1 {'Long Street, ' * 9}Town")
    prescriber = Prescriber(name="Professor Dr Bartholomew Aurelius Example-Cholmondeley", phone="555 0100")
    prescription = replace(plan.prescription, patient=patient, prescriber=prescriber, indication="muscle spasms " * 4)
    return replace(plan, steps=steps, items=items, products=products, prescription=prescription)


DAY = dt.timedelta(days=1)
PLANS = {
    "tablets": tablets_plan(),
    "mixed": mixed_plan(),
    **{f"{count} times": many_times_plan(count) for count in (1, 4, 5, 6)},
    "crowded": crowded_plan(),
    "ugly": ugly_plan(),
}
every_plan = pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
every_paper = pytest.mark.parametrize("paper", [LETTER, A4], ids=["letter", "a4"])


def texts_of(page: Page) -> Iterator[Text]:
    """Every line of text of a page, of the pictures and labels upon it, too."""
    for mark in page.marks:
        if isinstance(mark, Text):
            yield mark
        elif isinstance(mark, Inset):
            yield from texts_of(mark.page)


def words_of(pages: tuple[Page, ...]) -> str:
    return " ".join(text.text for page in pages for text in texts_of(page))


def overlaps(page: Page) -> list[tuple[object, object]]:
    """Lines of text and insets of a page that lie on each other."""
    found = sorted((mark for mark in page.marks if isinstance(mark, Text | Inset)), key=lambda mark: mark.box[1])
    meeting: list[tuple[object, object]] = []
    for place, mark in enumerate(found):
        left, _, right, top = mark.box
        for other in found[place + 1 :]:
            if other.box[1] >= top - 0.01:
                break
            if right > other.box[0] + 0.01 and other.box[2] > left + 0.01:
                meeting.append((mark, other))
    return meeting


@every_paper
@every_plan
def test_every_mark_is_inside_the_margins_and_nothing_lies_on_another(plan: Plan, paper: tuple[float, float]) -> None:
    """Measured boxes lie between the margins; no line of text and no picture covers another."""
    for page in lay_out_sheets(plan, paper=paper):
        assert sorted((page.wide, page.high)) == sorted(paper)
        for mark in page.marks:
            left, bottom, right, top = mark.box
            assert MARGIN - 2.1 <= bottom <= top <= page.high - MARGIN + 0.01
            assert MARGIN - 0.01 <= left <= right <= page.wide - MARGIN + 0.01
        assert overlaps(page) == []


@every_plan
def test_every_picture_keeps_to_its_page(plan: Plan) -> None:
    """Tablets, syringes, the chart and the labels are drawn inside of their own edges, their words apart."""
    pictures = {
        id(mark.page): mark.page for page in lay_out_sheets(plan) for mark in page.marks if isinstance(mark, Inset)
    }
    assert pictures
    for page in pictures.values():
        assert overlaps(page) == []
        for mark in page.marks:
            left, bottom, right, top = mark.box
            assert -0.5 <= bottom <= top <= page.high + 0.5
            assert -0.5 <= left <= right <= page.wide + 0.5


@pytest.mark.parametrize(
    ("text", "volume", "wide", "marks"),
    [
        ("1 mL by 0.02 mL", "0.9", 140.0, 49),
        ("1 mL by 0.01 mL", "0.75", 140.0, 49),
        ("1 mL by 0.02 mL", "1", 75.0, 9),
        ("10 mL by 0.2 mL", "8.4", 120.0, 49),
        ("5 mL by 0.25 mL", "3.75", 140.0, 19),
    ],
)
def test_the_marks_of_a_syringe_stay_apart(text: str, volume: str, wide: float, marks: int) -> None:
    """Where all of them would run into each other, fewer are drawn; the liquid ends at its volume in any case."""
    page = syringe(text, Fraction(volume), wide)
    upright = sorted(mark.x for mark in page.marks if isinstance(mark, Rule) and mark.x == mark.to_x)
    assert len(upright) == marks
    assert all(after - before >= 1.8 for before, after in pairwise(upright))
    liquid, barrel = page.marks[0], page.marks[3]
    assert isinstance(liquid, Box)
    assert isinstance(barrel, Box)
    assert liquid.wide / barrel.wide == pytest.approx(float(Fraction(volume) / Fraction(text.split(maxsplit=1)[0])))


@every_plan
def test_each_page_names_prescription_plan_and_version(plan: Plan) -> None:
    """Page x of y, the prescription's number, the plan's hash and the program's version."""
    pages = lay_out_sheets(plan)
    for place, page in enumerate(pages, 1):
        read = words_of((page,))
        assert f"page {place} of {len(pages)}" in read
        assert f"Prescription RX-104233  ·  plan {plan_digest(plan)[:12]}  ·  Splitter 0.1.0" in read


def part(pages: tuple[Page, ...], name: str) -> tuple[Page, ...]:
    """The pages whose feet begin with `name`."""
    return tuple(
        page for page in pages if any(text.text.startswith(name) for text in texts_of(page) if text.y == MARGIN)
    )


@every_plan
def test_the_dispensing_sheet_holds_what_is_counted_and_every_finding(plan: Plan) -> None:
    """Each item with its serial, its codes and what is cut, each finding, the total, and two signatures."""
    read = words_of(part(lay_out_sheets(plan), "Dispensing sheet"))
    for pick in picks(plan, START):
        named = (pick.product.name, *pick.product.codes, pick.whole if pick.item.cut else "all", pick.cut)
        for words in (*named, *serial_rows(plan, pick), lot(plan, pick.item) or ""):
            assert set(words.split()) <= set(read.replace(",", "").split()) | set(read.split())
    for finding in plan.findings:
        assert finding.message.split()[0] in read.split()
    for words in ("USD 81.50", "Counted, cut and labelled by", "Checked and released by", "Lot", "Expiry"):
        assert words in read


@every_plan
def test_the_dispensing_sheet_shows_each_label(plan: Plan) -> None:
    """A specimen of every label of each item's first container, and their number beside each item.

    Those of what is made here are in its compounding record alone.
    """
    items = lay_out_items(plan)
    made = [bool(item.batches) for item in items_of_visit(plan, START)]
    labels = [page for containers, is_made in zip(items, made, strict=True) if not is_made for page in containers[0]]
    shown = [
        mark.page
        for page in part(lay_out_sheets(plan), "Dispensing sheet")
        for mark in page.marks
        if isinstance(mark, Inset)
    ]
    assert [words_of((page,)) for page in shown] == [words_of((page,)) for page in labels]
    read = words_of(part(lay_out_sheets(plan), "Dispensing sheet"))
    for place, containers in enumerate(items, 1):
        count = len(containers)
        words = rf"Item {place}: the labels of (\w+) 1 of {count} are shown; each \1 has its own number and serial\."
        assert bool(re.search(words, read)) is (count > 1 and not made[place - 1])
        assert (f"Item {place}: see the compounding record of lot" in read) is made[place - 1]
        assert (f"{sum(map(len, containers))} ({len(containers[0])} for each of {count})" in read) is (count > 1)


def test_dates_in_findings_are_written_as_people_do() -> None:
    """The plan holds them as 2027-01-12."""
    finding = replace(tablets_plan().findings[0], where="visit of 2027-01-12", message="opened on 2027-01-12")
    read = words_of(lay_out_sheets(replace(tablets_plan(), findings=(finding,))))
    assert "visit of Jan 12, 2027" in read
    assert "2027-01-12" not in read


def in_batches(count: int, quantity: str) -> Plan:
    """The plan of many times, whose suspension is made in so many batches."""
    plan = many_times_plan()
    *others, made = plan.items
    return replace(plan, items=(*others, replace(made, batches=count, quantity=Fraction(quantity))))


def test_batches_of_one_lot_share_a_record_and_tablets_have_none() -> None:
    """A formula and a record for each item; cutting needs no record."""
    pages = lay_out_sheets(many_times_plan())
    assert words_of(part(pages, "Formula")).count("Master formulation record") == 1
    read = words_of(part(pages, f"Compounding record {lot(many_times_plan(), many_times_plan().items[2])}"))
    assert read.count("2 batches Compounding record") == 1
    assert ", 2 batches Compounding record baclofen 5 mg per mL" in read
    for words in ("Batch 1 Batch 2", "1 batch of 332 mL and 1 batch of 328 mL", "Calculations of batch 1 of 2, 332 mL"):
        assert words in read
    assert read.count("Specimen of each label") == 1
    assert part(lay_out_sheets(tablets_plan()), "Compounding") == part(lay_out_sheets(tablets_plan()), "Formula") == ()


def test_each_batch_has_a_column_for_what_is_written_down_of_it() -> None:
    """Required, actual, initials, ticks of the method, checks; batches of another size are reckoned by themselves, and
    more than four go on below."""
    plan = in_batches(5, "664")
    pages = part(lay_out_sheets(plan), "Compounding record")
    read = words_of(pages)
    for words in (
        "4 batches of 132 mL and 1 batch of 136 mL",
        "Calculations of batch 1 of 5, 136 mL",
        "Calculations of batches 2, 3, 4 and 5 of 5, 132 mL each",
        "Ingredients of batches 1 to 4 of 5",
        "Ingredients of this batch",
        "Quality checks of batches 1 to 4",
        "Step, done for batch 1 2 3 4 5",
    ):
        assert (
            words.replace("4 batches of 132 mL and 1 batch of 136 mL", "1 batch of 136 mL and 4 batches of 132 mL")
            in read
        )
    ticks = [
        mark for page in pages for mark in page.marks if isinstance(mark, Box) and mark.fill is None and mark.wide < 10
    ]
    (worksheet,) = worksheets(plan, START)
    checks = 2 * (1 + len(quality_rows(worksheet)))
    assert len(ticks) == 5 * len(worksheet.method) + checks
    for batch in worksheet.batches:
        assert all(component.required in read for component in batch.components)


def test_the_formula_of_several_visits_stands_in_their_sheets_once() -> None:
    """The records refer to it."""
    plan = mixed_plan()
    later = tuple(replace(each, date=START + 7 * DAY) for each in plan.items if each.product == COMPOUNDED)
    pages = lay_out_sheets(replace(plan, items=(*plan.items, *later)), (START, START + 7 * DAY))
    assert len(part(pages, f"Formula {COMPOUNDED}")) == 1
    assert words_of(pages).count("The beyond-use date") == 3


def test_the_formula_has_what_a_master_formulation_record_needs() -> None:
    """Name, strength, form; ingredients; calculations; equipment, method; container; shelf life; checks; label."""
    read = words_of(part(lay_out_sheets(ugly_plan()), "Formula baclofen-5mg-per-ml"))
    for words in (
        "baclofen 5 mg per mL oral suspension, to be taken by mouth",
        "Description",
        "Container",
        "35 days. Keep in a refrigerator, 2 to 8 °C (36 to 46 °F). Basis: USP <795>",
        "Shake well before each dose.",
        "Equipment",
        "Source",
        "baclofen powder 0.5 g 1,000 mg in 1 g",
        "500 mg ÷ 100 mL 5 mg per mL",
        "4. Rinse the mortar with vehicle, bring to volume, and stir until uniform.",
        "Check 8",
        "Reviewed and approved by",
    ):
        assert words in read, words


def test_the_record_has_what_a_compounding_record_needs() -> None:
    """Lot, dates, shelf life and its basis; each calculation; required and actual; checks; release; the label."""
    pages = part(lay_out_sheets(mixed_plan()), "Compounding record")
    read = words_of(pages)
    for worksheet in worksheets(mixed_plan(), START):
        assert f"lot {worksheet.lot}" in read
        for batch in worksheet.batches:
            for component in batch.components:
                assert component.required in read
                assert component.amount.error_words in read
            for line in (*worksheet.need, *batch.reckonings):
                assert line.numbers.split()[-1] in read
    for words in (
        "1 and 2/3 mL per 100 mL ×",
        "1.7 mL 2 % more",
        "Jan 4, 2027",
        "Attention: baclofen powder USP: less than the 120 mg that the balance weighs well",
        "Maker and lot Expiry Made Checked",
        "Compounded by Began: date and time Ended: time Quantity made Yield",
        "Deviations",
        "Checked and released by",
    ):
        assert words in read, words
    labels = [mark for page in pages for mark in page.marks if isinstance(mark, Inset)]
    places = [place for place, each in enumerate(mixed_plan().items) if each.batches]
    printed = count_labels(mixed_plan())
    assert len(labels) == sum(printed[place] for place in places)


def test_a_line_parts_the_numbers_of_a_calculation_from_its_result() -> None:
    """The last figure before it must not be read with it."""
    page = part(lay_out_sheets(mixed_plan()), "Compounding record")[0]
    numbers, result = (next(text for text in texts_of(page) if text.text == words) for words in ("14 × 6", "84 mL"))
    lines = [mark for mark in page.marks if isinstance(mark, Rule) and mark.x == mark.to_x]
    assert any(numbers.box[2] < line.x < result.x and line.y <= result.y <= line.to_y for line in lines)


def test_the_labels_of_an_item_are_shown_once() -> None:
    """All of them, in the record of its batches, whose labels are the same."""
    plan, style = many_times_plan(), Style(stock=find_stock("l7163"))
    pages = lay_out_sheets(plan, style=style)
    record = part(pages, f"Compounding record {lot(plan, plan.items[2])}")
    shown = [mark for page in record for mark in page.marks if isinstance(mark, Inset)]
    of_each = [len(pages) for pages in lay_out_items(plan, style)[2]]
    assert of_each == [len(shown)] * 3
    assert len(shown) > 2
    assert "Of this lot, the labels of container 1 of 3 are shown" in words_of(record)


def calendar_of(plan: Plan) -> tuple[Page, ...]:
    return part(lay_out_sheets(plan), "Calendar from")


@every_plan
def test_the_calendar_has_a_row_for_each_day_in_12_point(plan: Plan) -> None:
    """Each date with its weekday once, a box for each dose, type of 12 points, and the warning."""
    calendar = calendar_of(plan)
    texts = [mark for page in calendar for mark in page.marks if isinstance(mark, Text)]
    entries = list(calendar_days(plan, served_regimens(plan, START)))
    for entry in entries:
        weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[entry.date.weekday()]
        label = f"{weekday} {entry.date:%b} {entry.date.day}"
        assert sum(text.text == label and text.face is Face.BOLD for text in texts) == 1
    boxes = [mark for page in calendar for mark in page.marks if isinstance(mark, Box) and mark.fill is None]
    assert len(boxes) == sum(not dose.is_none for entry in entries for dose in entry.regimen.doses)
    summary = part(lay_out_sheets(plan), "Summary")
    sizes = {text.size for page in (*calendar, *summary) for text in texts_of(page) if text.y > MARGIN or text.size > 9}
    assert sizes == {12, 16}
    assert "Do not stop taking this medicine suddenly." in words_of(calendar)


@every_plan
def test_the_calendar_draws_as_many_pictures_as_are_taken(plan: Plan) -> None:
    """Of each step once on each page, one for each piece and one for each draw of the syringe, below the legend."""
    pages = calendar_of(plan)
    expected = 0
    for page in pages:
        drawn = {text.text for text in texts_of(page) if text.face is Face.BOLD}
        shown = [regimen for regimen in served_regimens(plan, START) if drawn & set(dates_of(regimen))]
        expected += sum(pictures_of(dose) for regimen in shown for dose in regimen.doses)
    insets: list[Inset] = []
    for page in pages:
        head = next((text.y for text in texts_of(page) if text.text == "Day"), 0)
        insets += [mark for mark in page.marks if isinstance(mark, Inset) and mark.y < head]
    assert len(insets) == expected


def dates_of(regimen: Regimen) -> Iterator[str]:
    """How the days of a regimen stand in the calendar."""
    for offset in range(regimen.length):
        date = regimen.first + offset * DAY
        yield f"{weekday(date)} {date:%b} {date.day}"


def pictures_of(dose: Dose) -> int:
    """How many pieces and draws of a syringe a dose has."""
    if dose.given is None:
        return 0
    pieces = sum(take.count for take in dose.given.take)
    measure = dose.given.measure
    return pieces + (-(-measure.mL // Fraction(measure.syringe.split()[0])) if measure else 0)


def test_strengths_of_a_form_are_told_apart_below_their_pictures() -> None:
    """Each picture of one bears its strength, a broken one "of" it; where a form has one strength, none does."""
    plan = tablets_plan()
    drawn = [words_of((mark.page,)) for page in calendar_of(plan) for mark in page.marks if isinstance(mark, Inset)]
    assert set(drawn) == {"", "20 mg", "10 mg", "5 mg", "of 10 mg", "of 5 mg"}
    pages = calendar_of(mixed_plan())
    drawn = [words_of((mark.page,)) for page in pages for mark in page.marks if isinstance(mark, Inset)]
    assert "1 capsule of 2 mg" in words_of(pages)
    assert "2 mg" not in drawn


def test_the_calendar_says_what_to_shake_and_noon_once() -> None:
    """A suspension that is measured on its days, by name where there are several liquids."""
    read = words_of(calendar_of(many_times_plan()))
    assert "Shake the 5 mg per mL oral suspension well before each dose." in read
    assert "12 noon" in read
    assert "Noon 12 noon" not in read
    assert "Shake" not in words_of(calendar_of(tablets_plan()))


def test_the_calendar_says_what_follows() -> None:
    """The date of the next supply, or the stop day, once."""
    plan = tablets_plan()
    later = replace(plan.items[0], date=dt.date(2026, 12, 29), use_until=dt.date(2027, 1, 25))
    more = words_of(calendar_of(replace(plan, items=(*plan.items, later))))
    assert "Collect your next supply on Tue Dec 29, 2026. The last dose of this supply is on Mon Dec 28, 2026" in more
    assert "Stop day" not in more
    for ends in (tablets_plan(), mixed_plan()):
        assert words_of(calendar_of(ends)).count("Stop day: Tue Dec") == 1


@every_plan
def test_the_summary_is_one_page_with_the_staircase(plan: Plan) -> None:
    """Its chart bears the first and the last dose and the stop day; what to do when withdrawal shows, with phones."""
    pages = part(lay_out_sheets(plan), "Summary")
    assert len(pages) == 1
    (chart,) = (mark.page for mark in pages[0].marks if isinstance(mark, Inset))
    drawn = words_of((chart,))
    assert "mg a day" in drawn
    assert "stop " in drawn
    read = words_of(pages)
    for words in ("555 0100", "555 0199", "Call 911 for seizures", "Stiff or jerking muscles", "Stop day:"):
        assert words in read


@pytest.mark.parametrize(
    ("dose", "figures"),
    [("3600", ["0", "1,000", "2,000", "3,000"]), ("0.03", ["0", "0.005", "0.01", "0.015", "0.02", "0.025", "0.03"])],
)
def test_the_chart_has_a_scale_for_any_dose(dose: str, figures: list[str]) -> None:
    """Grams as well as micrograms."""
    stairs = (Stair(first=START, last=START + 6 * DAY, total_mg=Fraction(dose)),)
    texts = texts_of(staircase_chart(stairs, (500, 300), "stop"))
    assert [text.text for text in texts if text.face is Face.REGULAR][: len(figures)] == figures


def test_a_long_taper_keeps_its_summary_on_one_page() -> None:
    """120 daily steps are in the chart alone; their list would not fit."""
    steps = tuple(
        step(START + place * DAY, 1, f"{120 - place}", dose(dt.time(8), f"{120 - place}", take(TABLET_20, 1)))
        for place in range(120)
    )
    plan = a_plan(steps, (item(TABLET_20, "120", "tablet", use_until=START + 119 * DAY),))
    plan = replace(plan, prescription=replace(plan.prescription, times=(dt.time(8),)))
    pages = part(lay_out_sheets(plan), "Summary")
    assert len(pages) == 1
    assert overlaps(next(mark.page for mark in pages[0].marks if isinstance(mark, Inset))) == []


def test_every_visit_has_its_sheets() -> None:
    """Chosen visits in order, each with its own calendar; the summary once."""
    plan = tablets_plan()
    date = START + 14 * DAY
    later = replace(plan.items[0], date=date)
    plan = replace(plan, items=(plan.items[1], plan.items[2], later))
    pages = lay_out_sheets(plan, (START, date))
    read = words_of(pages)
    assert read.index("Dispensing sheet, Tue Dec 1, 2026") < read.index("Dispensing sheet, Tue Dec 15, 2026")
    assert len(part(pages, "Summary")) == 1
    assert "Mon Dec 14" in words_of(part(pages, "Calendar from Dec 1"))
    assert "Mon Dec 14" not in words_of(part(pages, "Calendar from Dec 15"))
    with pytest.raises(InputError, match="no visit on Dec 2, 2026"):
        lay_out_sheets(plan, (START + DAY,))


def test_the_dispensing_sheet_says_until_when_each_item_serves() -> None:
    """A bottle for longer than the tablets beside it."""
    plan = mixed_plan()
    *others, bottle = plan.items
    longer = replace(bottle, use_until=dt.date(2027, 1, 15))
    read = words_of(lay_out_sheets(replace(plan, items=(*others, longer))))
    assert "baclofen 20 mg tablet: this supply is for Dec 1 to Dec 28." in read
    assert "baclofen 1 mg per mL oral solution: this supply is for Dec 1 to Jan 15, 2027." in read


def test_the_pdf_is_reproducible_and_names_no_patient_in_its_metadata() -> None:
    """Same bytes each time; as many pages as were laid out; the same words."""
    plan = mixed_plan()
    data = render_sheets(plan)
    assert data == render_sheets(plan)
    reader = PdfReader(io.BytesIO(data))
    pages = lay_out_sheets(plan)
    assert len(reader.pages) == len(pages)
    assert "Ada" not in str(reader.metadata)
    for drawn, page in zip(reader.pages, pages, strict=True):
        assert sorted("".join(drawn.extract_text().split())) == sorted("".join(words_of((page,)).split()))


def test_a_missing_patient_or_a_bad_character_is_refused() -> None:
    """The sheets name the same faults as the labels."""
    plan = tablets_plan()
    with pytest.raises(InputError, match=r"patient\.name"):
        lay_out_sheets(replace(plan, prescription=replace(plan.prescription, patient=None)))
    finding = replace(plan.findings[0], message="price of 王")
    with pytest.raises(InputError, match=r"findings\.0.*U\+738B"):
        lay_out_sheets(replace(plan, findings=(finding,)))


def test_the_longest_name_of_a_built_in_recipe_has_room() -> None:
    """In the formula's heading and in the record, which names the formula."""
    names = [each.id for drug in formulations.drugs() for each in load_formulary(drug).products if each.is_compounded]
    longest = max(names, key=lambda name: width(name, Face.REGULAR, 9))
    plan = mixed_plan()
    products = tuple(replace(each, id=longest) if each.id == COMPOUNDED else each for each in plan.products)
    items = tuple(replace(each, product=longest) if each.product == COMPOUNDED else each for each in plan.items)
    first, *others = plan.steps
    given = tuple(
        replace(each, measure=replace(each.measure, product=longest)) if each.measure else each
        for each in first.administrations
    )
    steps = (replace(first, administrations=given), *others)
    assert longest in words_of(lay_out_sheets(replace(plan, products=products, items=items, steps=steps)))


@pytest.mark.parametrize("name", ["tablets", "mixed", "1 times", "crowded", "ugly"])
@every_paper
def test_each_page_of_a_calendar_holds_a_week(name: str, paper: tuple[float, float]) -> None:
    """But for the last, which holds what is left; none is without days."""
    pages = part(lay_out_sheets(PLANS[name], paper=paper), "Calendar from")
    held = [sum(bool(DAY_ROW.fullmatch(text.text)) for text in texts_of(page)) for page in pages]
    assert min(held[:-1], default=7) >= 7
    assert held[-1]


DAY_ROW = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} \d{1,2}")


def test_a_word_wider_than_its_column_is_refused() -> None:
    """Nothing runs into the next column."""
    plan = tablets_plan()
    finding = replace(plan.findings[0], where="w" * 80, severity=Severity.WARN)
    with pytest.raises(InputError, match="wider than its column"):
        lay_out_sheets(replace(plan, findings=(finding,)))


def test_what_is_signed_stands_with_the_labels_that_it_is_signed_for() -> None:
    """On one page with all specimens, wherever a page holds these."""
    for plan in (tablets_plan(), many_times_plan(1)):
        (shown,) = (
            page
            for page in part(lay_out_sheets(plan), "Dispensing sheet")
            if "Specimen of each label" in words_of((page,))
        )
        assert "Checked and released by" in words_of((shown,))


def test_a_cell_longer_than_a_page_is_refused() -> None:
    """A row can't be split over pages, so it must fit one."""
    flow = Flow()
    with pytest.raises(InputError, match="less than a page"):
        flow.table((Column("", 1), Column("", 1)), ((Cell("word " * 4000), Cell("short")),))


def test_a_table_repeats_its_head_on_each_page() -> None:
    """200 rows take several pages, each of which begins with the head."""
    flow = Flow()
    flow.table((Column("Head", 1), Column("", 1)), ((Cell(f"row {place}"), Cell(blank=True)) for place in range(200)))
    pages = flow.pages()
    assert len(pages) > 1
    assert all(words_of((page,)).startswith("Head row") for page in pages)
    assert [f"row {place}" in words_of(pages) for place in range(200)] == [True] * 200


AMERICAN_DATE = re.compile(r"(?<!\d )\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{1,2}\b(?! \d{4})")
BRITISH_DATE = re.compile(r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b")


def warned_plan() -> Plan:
    """The mixed plan of a drug whose file says in American numbers whom to call, with a finding that has a date."""
    plan = mixed_plan()
    drug = replace(
        plan.drug,
        withdrawal_emergency=("Call 911 for a seizure.", "Call 911, or the crisis line 988, for thoughts of dying."),
    )
    dated = Finding(code="x", severity=Severity.NOTE, where="at the visit of 2026-12-15", message="from 2026-12-01 on")
    return replace(plan, drug=drug, findings=(dated,))


def test_sheets_write_dates_as_the_labels_beside_them_do() -> None:
    """Day first for the United Kingdom, on every page and on the phone; month first for the United States."""
    plan, dates = warned_plan(), visit_dates(warned_plan())
    british, american = Style(profile=UK), Style()
    pages = lay_out_sheets(plan, dates, A4, british)
    words = words_of(pages)
    assert "1 Dec 2026" in words
    assert not [text for page in pages for text in texts_of(page) if AMERICAN_DATE.search(text.text)]
    assert "°F" not in words
    phone = phone_calendar(plan, dates, dt.datetime(2026, 11, 28, tzinfo=dt.UTC), BRITISH).decode()
    assert "22 Dec 2026" in phone
    assert not AMERICAN_DATE.findall(phone)
    pages = lay_out_sheets(plan, dates, LETTER, american)
    assert "Dec 1, 2026" in words_of(pages)
    assert not [text for page in pages for text in texts_of(page) if BRITISH_DATE.search(text.text)]


def test_nobody_is_told_to_call_the_number_of_another_country() -> None:
    """The drug's words for an emergency stay; numbers that are not in use there make way for neutral words."""
    plan = warned_plan()
    words = words_of(lay_out_sheets(plan, (), A4, Style(profile=UK)))
    assert "911" not in words
    assert "988" not in words
    assert "Call the emergency number for a seizure." in words
    assert "Call the emergency number, or a crisis line, for thoughts of dying." in words
    assert "Call 911 for a seizure. Call 911, or the crisis line 988, for" in words_of(lay_out_sheets(plan))


def with_patient(name: str) -> Plan:
    plan = mixed_plan()
    return replace(plan, prescription=replace(plan.prescription, patient=Patient(name=name)))


@pytest.mark.parametrize("letters", [60, 200])
def test_a_name_of_one_long_word_leaves_out_only_the_specimens(letters: int) -> None:
    """The sheets have it whole, cut at the ends of lines; that the stock is too narrow is said there."""
    name = "Wolfeschlegelstein" * 12
    plan = with_patient(name[:letters])
    pages = lay_out_sheets(plan)
    read = words_of(pages)
    made = sum(bool(item.batches) for item in plan.items)
    assert read.count("Left out: the patient's name does not fit this label stock.") == 1 + made
    assert "do not fit" in read
    assert name[:letters] in "".join(text.text for page in pages for text in texts_of(page)).replace(" ", "")
    for page in pages:
        assert all(text.box[2] <= page.wide - MARGIN + 0.1 for text in texts_of(page))
    with pytest.raises(InputError, match="too long for label stock"):
        lay_out_labels(plan)


@pytest.mark.parametrize("name", ["", "Jo \u4e2d", "Jo \u202e"])
def test_other_faults_of_a_name_still_refuse_the_sheets(name: str) -> None:
    """A missing one, a character that no font shows, one that turns the line."""
    with pytest.raises(InputError):
        lay_out_sheets(with_patient(name))


def test_each_record_says_from_which_day_its_beyond_use_date_counts() -> None:
    """Once for each batch, with the date that stands on the label."""
    plan = mixed_plan()
    records = part(lay_out_sheets(plan), "Compounding record")
    read = words_of(records)
    made = [item for item in plan.items if item.batches]
    assert read.count("must be reckoned anew") == sum(item.batches or 0 for item in made)
    for each in made:
        assert each.discard_after is not None
        assert f"The beyond-use date {day(each.discard_after)} counts from Dec 1, 2026." in read
