"""Sheets as printed: each part is there, whole, on numbered pages that bear the plan's hash."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from splitter.codec import digest, to_json
from splitter.errors import InputError
from splitter.labels.fonts import Face
from splitter.labels.marks import Box, Page, Text
from splitter.plan import Finding, Plan, Severity
from splitter.sheets import lay_out_sheets, render_sheets
from splitter.sheets.cells import Cell
from splitter.sheets.flow import MARGIN, Column, Flow
from splitter.wording.sheet import calendar_days, picks, worksheets
from tests.unit.paper_plans import START, TABLET_20, a_plan, dose, item, mixed_plan, step, tablets_plan, take


def many_times_plan() -> Plan:
    """Six administrations a day."""
    times = tuple(dt.time(hour) for hour in (0, 6, 9, 12, 18, 22))
    half = take(TABLET_20, 1, "1/2")
    planned = (step(START, 28, "180", *(dose(time, "30", take(TABLET_20, 1), half) for time in times)),)
    plan = a_plan(planned, (item(TABLET_20, "252", "tablet", cut=84),))
    return replace(plan, prescription=replace(plan.prescription, times=times))


def crowded_plan() -> Plan:
    """More findings than a page holds."""
    message = "This is a finding of some length, so that it takes more than one line of its column on the sheet. " * 2
    findings = tuple(
        Finding(code=f"code-{place}", severity=Severity.WARN, where=f"step {place}", message=f"{place}: {message}")
        for place in range(40)
    )
    return replace(tablets_plan(), findings=findings)


PLANS = [tablets_plan(), mixed_plan(), many_times_plan(), crowded_plan()]
NAMES = ["tablets", "mixed", "six times", "crowded"]


def words_of(pages: tuple[Page, ...]) -> str:
    return " ".join(mark.text for page in pages for mark in page.marks if isinstance(mark, Text))


@pytest.mark.parametrize("plan", PLANS, ids=NAMES)
def test_every_mark_is_inside_the_margins_and_words_do_not_overlap(plan: Plan) -> None:
    """Measured boxes lie between the margins; no line of text covers another."""
    for page in lay_out_sheets(plan):
        for mark in page.marks:
            left, bottom, right, top = mark.box
            assert MARGIN - 2.1 <= bottom <= top <= page.high - MARGIN
            assert MARGIN - 0.01 <= left <= right <= page.wide - MARGIN + 0.01
        texts = sorted((mark.box for mark in page.marks if isinstance(mark, Text)), key=lambda box: box[1])
        for place, (left, _, right, top) in enumerate(texts):
            for other in texts[place + 1 :]:
                if other[1] >= top - 0.01:
                    break
                assert right <= other[0] + 0.01 or other[2] <= left + 0.01


@pytest.mark.parametrize("plan", PLANS, ids=NAMES)
def test_each_page_names_prescription_plan_and_version(plan: Plan) -> None:
    """Page x of y, the prescription's number, the plan's hash and the program's version."""
    pages = lay_out_sheets(plan)
    for place, page in enumerate(pages, 1):
        read = words_of((page,))
        assert f"page {place} of {len(pages)}" in read
        assert f"Prescription RX-104233  ·  plan {digest(to_json(plan))[:12]}  ·  Splitter 0.1.0" in read


@pytest.mark.parametrize("plan", PLANS, ids=NAMES)
def test_the_dispensing_sheet_holds_what_is_counted_and_every_finding(plan: Plan) -> None:
    """Each item with what is cut, each finding, the total, and two signatures."""
    read = words_of(lay_out_sheets(plan))
    for pick in picks(plan):
        for words in (pick.product.name, pick.whole if pick.item.cut else "all", pick.cut):
            assert set(words.split()) <= set(read.split())
    for finding in plan.findings:
        assert finding.message.split()[0] in read.split()
    for words in ("USD 81.50", "Counted, cut and labelled by", "Checked and released by", "Lot", "Expiry"):
        assert words in read


def test_each_compounded_item_has_a_worksheet_and_tablets_have_none() -> None:
    """Ingredients, reckoning, method and the beyond-use date with its basis; cutting needs no record."""
    read = words_of(lay_out_sheets(mixed_plan()))
    assert read.count("Compounding worksheet:") == len(worksheets(mixed_plan())) == 2
    for words in (
        "25 tablets",
        "glycerin: 5/3 mL per 100 mL × 100 mL = 5/3 mL",
        "1.667 mL (rounded)",
        "Jan 4, 2027. Basis: USP <795> limit for preserved aqueous preparations: 35 days",
        "4. Rinse the mortar with vehicle, bring to volume, and stir until uniform.",
        "Internal lot number",
        "Reviewed and released by",
    ):
        assert words in read
    assert "Compounding worksheet" not in words_of(lay_out_sheets(tablets_plan()))


@pytest.mark.parametrize("plan", PLANS, ids=NAMES)
def test_the_calendar_has_a_row_for_each_day_in_12_point(plan: Plan) -> None:
    """Each date with its weekday once, a box for each dose, type of 12 points, and the warning."""
    pages = lay_out_sheets(plan)
    first = next(place for place, page in enumerate(pages) if "Medicine calendar" in words_of((page,)))
    calendar = pages[first:]
    texts = [mark for page in calendar for mark in page.marks if isinstance(mark, Text)]
    entries = list(calendar_days(plan))
    for entry in entries:
        label = f"{('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun')[entry.date.weekday()]} Dec {entry.date.day}"
        assert sum(text.text == label and text.face is Face.BOLD for text in texts) == 1
    boxes = [mark for page in calendar for mark in page.marks if isinstance(mark, Box) and mark.fill is None]
    assert len(boxes) == sum(words != "none" for entry in entries for _, words in entry.regimen.doses)
    assert {text.size for text in texts if text.y > MARGIN + 5} == {12, 16}
    assert "Do not stop taking this medicine suddenly." in words_of(calendar)


def test_the_calendar_says_what_follows() -> None:
    """The date of the next supply, or that there is none."""
    plan = tablets_plan()
    later = replace(plan.items[0], date=dt.date(2026, 12, 29), use_until=dt.date(2027, 1, 25))
    read = words_of(lay_out_sheets(replace(plan, items=(*plan.items, later))))
    assert "Collect your next supply on Dec 29, 2026." in read
    assert "There is no further supply in this plan." in words_of(lay_out_sheets(plan))


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


def test_a_word_wider_than_its_column_is_refused() -> None:
    """Nothing runs into the next column."""
    plan = tablets_plan()
    finding = replace(plan.findings[0], where="w" * 80)
    with pytest.raises(InputError, match="wider than its column"):
        lay_out_sheets(replace(plan, findings=(finding,)))


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
