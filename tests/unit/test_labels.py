"""Labels as printed: everything is there, whole, in embedded type, on pages of the stock's size."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from splitter.errors import InputError
from splitter.labels import ROLL_4X2, US, count_labels, lay_out_labels, render_labels
from splitter.labels.fonts import Face, TooWideError, normal, width, wrap
from splitter.labels.marks import Page, Text
from splitter.plan import Plan
from splitter.prescription import Patient, Prescriber
from splitter.wording import label_texts
from tests.unit.paper_plans import START, TABLET_20, TIMES, a_plan, dose, item, mixed_plan, step, tablets_plan, take

GOLDEN = Path(__file__).parents[1] / "golden" / "labels.txt"


def lines_of(page: Page) -> list[str]:
    """The lines of a page from top to bottom, as they are read."""
    texts = [mark for mark in page.marks if isinstance(mark, Text)]
    rows: dict[float, list[Text]] = {}
    for text in texts:
        rows.setdefault(round(text.y, 2), []).append(text)
    return [
        " ".join(text.text for text in sorted(rows[y], key=lambda text: text.x)) for y in sorted(rows, reverse=True)
    ]


def words_of(pages: tuple[Page, ...]) -> str:
    return " ".join(line for page in pages for line in lines_of(page))


def named(plan: Plan, **names: str) -> Plan:
    """The plan with other words of the patient, prescription or pharmacy."""
    prescription, pharmacy = plan.prescription, plan.pharmacy
    if "patient" in names:
        prescription = replace(prescription, patient=Patient(name=names["patient"]))
    if "indication" in names:
        prescription = replace(prescription, indication=names["indication"])
    if "address" in names:
        pharmacy = replace(pharmacy, address=names["address"])
    return replace(plan, prescription=prescription, pharmacy=pharmacy)


def long_plan(steps: int) -> Plan:
    """One item that serves many weekly steps of different doses."""
    planned = tuple(
        step(
            START + dt.timedelta(days=7 * place),
            7,
            "60",
            *(dose(time, "20", take(TABLET_20, 1 + (place + offset) % 4)) for offset, time in enumerate(TIMES)),
        )
        for place in range(steps)
    )
    end = START + dt.timedelta(days=7 * steps - 1)
    return a_plan(planned, (item(TABLET_20, "84", "tablet", use_until=end),))


@pytest.mark.parametrize("plan", [tablets_plan(), mixed_plan(), long_plan(12)], ids=["tablets", "mixed", "long"])
def test_every_word_is_on_a_label(plan: Plan) -> None:
    """Nothing that the wording says is lost: directions in order, and particulars on every label."""
    pages = iter(lay_out_labels(plan))
    for text, count in zip(label_texts(plan), count_labels(plan), strict=True):
        mine = tuple(next(pages) for _ in range(count))
        read = words_of(mine)
        for direction in text.directions:
            for words in (direction.dates, *direction.doses, *direction.notes):
                assert words.removesuffix(".") in read
        for caution in text.cautions:
            assert caution in read
        for page in mine:
            label = " ".join(lines_of(page))
            for words in (text.patient, text.drug, text.number, text.position, text.warning, text.quantity):
                assert words in label
            for words in (text.prescriber, text.pharmacy, text.pharmacy_phone, text.filled, *text.conditions):
                assert words in label
    assert next(pages, None) is None


@pytest.mark.parametrize("plan", [tablets_plan(), mixed_plan(), long_plan(12)], ids=["tablets", "mixed", "long"])
def test_every_mark_is_inside_the_margins_and_no_line_covers_another(plan: Plan) -> None:
    """Measured boxes lie within the stock; lines of text don't overlap."""
    for page in lay_out_labels(plan):
        for mark in page.marks:
            left, bottom, right, top = mark.box
            assert ROLL_4X2.margin_x <= left <= right <= ROLL_4X2.wide - ROLL_4X2.margin_x
            assert ROLL_4X2.margin_y - 0.01 <= bottom <= top <= ROLL_4X2.high - ROLL_4X2.margin_y + 0.01
        texts = [mark.box for mark in page.marks if isinstance(mark, Text)]
        for place, (left, bottom, right, top) in enumerate(texts):
            for other in texts[place + 1 :]:
                apart = right <= other[0] or other[2] <= left or top <= other[1] + 0.01 or other[3] <= bottom + 0.01
                assert apart


@pytest.mark.parametrize("plan", [tablets_plan(), mixed_plan(), long_plan(12)], ids=["tablets", "mixed", "long"])
def test_the_primary_zone_is_half_of_the_label_in_12_point(plan: Plan) -> None:
    """Type is never below the profile's sizes, and the larger type has at least half of the height to itself."""
    for page in lay_out_labels(plan):
        texts = [mark for mark in page.marks if isinstance(mark, Text)]
        assert {text.size for text in texts} == {US.primary_size, US.secondary_size}
        top_of_small = max(text.box[3] for text in texts if text.size < US.primary_size)
        assert top_of_small <= ROLL_4X2.high / 2
        assert min(text.box[1] for text in texts if text.size == US.primary_size) >= top_of_small


def test_the_pdf_holds_the_same_words_in_embedded_type() -> None:
    """One page of 4 by 2 inches a label; every font has its file; no patient's name in the metadata."""
    plan = mixed_plan()
    pages = lay_out_labels(plan)
    reader = PdfReader(io.BytesIO(render_labels([plan])))
    assert len(reader.pages) == len(pages) == sum(count_labels(plan))
    for drawn, page in zip(reader.pages, pages, strict=True):
        assert (drawn.mediabox.width, drawn.mediabox.height) == (288, 144)
        read = "".join(drawn.extract_text().split())
        assert sorted(read) == sorted("".join("".join(lines_of(page)).split()))
        for font in drawn["/Resources"]["/Font"].values():  # type: ignore[index]
            assert font.get_object()["/Subtype"] == "/Type1" or "/FontFile2" in font["/FontDescriptor"]
    assert "Ada" not in str(reader.metadata)
    assert reader.root_object["/Lang"] == "en-US"


def test_no_glyph_comes_from_a_font_that_is_not_embedded() -> None:
    """reportlab names a standard font in every document; no text uses it."""
    reader = PdfReader(io.BytesIO(render_labels([mixed_plan()])))
    used: set[str] = set()
    for page in reader.pages:
        page.extract_text(
            visitor_text=lambda text, _cm, _tm, font, _size: used.add(font["/BaseFont"]) if text.strip() else None
        )
    assert used
    assert all("FiraGO" in name for name in used)


def test_the_same_plans_give_the_same_bytes_in_one_document() -> None:
    """Reproducible; several plans follow each other, in order."""
    plans = [tablets_plan(), mixed_plan()]
    once = render_labels(plans)
    assert once == render_labels(iter(plans))
    assert len(PdfReader(io.BytesIO(once)).pages) == sum(sum(count_labels(plan)) for plan in plans)


def test_the_labels_read_as_agreed() -> None:
    """The presented text of two plans, line by line; a change here is a change of what patients read."""
    pages = (*lay_out_labels(tablets_plan()), *lay_out_labels(mixed_plan()))
    assert "\n\n".join("\n".join(lines_of(page)) for page in pages) + "\n" == GOLDEN.read_text("utf-8")


def test_long_directions_go_to_numbered_labels() -> None:
    """Each continuation repeats who and what, says its number, and the last says no more follows."""
    pages = lay_out_labels(long_plan(12))
    assert len(pages) > 2
    for place, page in enumerate(pages, 1):
        read = " ".join(lines_of(page))
        assert f"Item 1 of 1, label {place} of {len(pages)}" in read
        assert (f"Continues on label {place + 1}." in read) == (place < len(pages))


def test_a_step_too_long_for_a_label_is_continued_with_its_dates() -> None:
    """Doses stay whole; the rest of the day's follow under the same dates, and each part says that it is one."""
    times = tuple(dt.time(hour) for hour in (6, 8, 10, 14, 18, 22))
    planned = (step(START, 14, "60", *(dose(time, "10", take(TABLET_20, 1, "1/2")) for time in times)),)
    plan = a_plan(planned, (item(TABLET_20, "42", "tablet", use_until=START + dt.timedelta(days=13)),))
    plan = replace(plan, prescription=replace(plan.prescription, times=times))
    pages = lay_out_labels(plan)
    assert len(pages) > 1
    read = words_of(pages)
    for place in range(1, len(pages) + 1):
        assert f"Dec 1 to Dec 14, part {place} of {len(pages)}:" in read
    assert read.count("half a tablet") == len(times)


def test_cautions_beyond_the_room_go_to_labels_of_their_own() -> None:
    """None is dropped; a label may hold nothing but cautions under the patient and the drug."""
    cautions = tuple(f"Caution number {place} is a sentence of about the usual length." for place in range(1, 16))
    pages = lay_out_labels(replace(tablets_plan(), cautions=cautions))
    read = words_of(pages)
    assert all(read.count(caution) == len(tablets_plan().items) for caution in cautions)
    assert any(
        "Caution number" in " ".join(lines) and "take" not in " ".join(lines[:3]) for lines in map(lines_of, pages)
    )


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"patient": "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren"}, "patient.name"),
        ({"indication": "x" * 80}, "prescription.indication"),
        ({"address": "y" * 100}, "pharmacy.name"),
        ({"address": "High Street " * 60}, "pharmacy.address"),
        ({"indication": "spasm " * 60}, "prescription.indication"),
        ({"patient": "Ada " * 60}, "patient.name"),
    ],
    ids=["name", "indication", "address", "long address", "long indication", "long name"],
)
def test_what_cannot_be_broken_to_fit_is_an_error(change: dict[str, str], key: str) -> None:
    """A word wider than the label, or fixed words that leave no room, refuse the label and say which words."""
    with pytest.raises(InputError) as caught:
        lay_out_labels(named(tablets_plan(), **change))
    assert key in {fault.key for fault in caught.value.faults}
    assert "4 x 2 in label" in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "Łukasz Žižka",
        "Nguyễn Thị Minh",
        "Ευγενία Παπαδοπούλου",
        "Ольга Ёлкина",
        "İğneli Şule",
        "Tom <b>Bold & Co",
        "A</para>b %s {0}",
    ],
)
def test_names_of_the_world_print_as_they_are(name: str) -> None:
    """Letters with marks, Greek, Cyrillic, and words that look like markup come out as they went in."""
    reader = PdfReader(io.BytesIO(render_labels([named(tablets_plan(), patient=name)])))
    assert all(normal(name) in page.extract_text() for page in reader.pages)


def test_decomposed_letters_are_composed() -> None:
    """A letter and a combining mark print as the one letter that they make."""
    pages = lay_out_labels(named(tablets_plan(), patient="Z\u030cizka"))
    assert lines_of(pages[0])[0] == "Žizka"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("王小明", "U+738B"),
        ("김민수", "U+AE40"),
        ("Ada\u202eelpmaxE", "U+202E (RIGHT-TO-LEFT OVERRIDE)"),
        ("Ada\u200bExample", "U+200B"),
        ("Ada\nExample", "U+000A"),
        ("Ada\tExample", "U+0009"),
        ("Ada\x00", "U+0000"),
        ("Ada \N{PILL}", "U+1F48A (PILL)"),
        ("x\u0325", "a combining mark"),
    ],
)
def test_characters_that_cannot_be_printed_are_named(name: str, found: str) -> None:
    """Control and direction characters, and what the font lacks or can't place, refuse the label."""
    with pytest.raises(InputError) as caught:
        lay_out_labels(named(tablets_plan(), patient=name))
    assert {fault.key for fault in caught.value.faults} == {"patient.name"}
    assert found in str(caught.value)


def test_all_bad_characters_are_reported_together() -> None:
    """Faults of different words come in one error, each with its place."""
    with pytest.raises(InputError) as caught:
        lay_out_labels(named(tablets_plan(), patient="王", address="街"))
    assert {fault.key for fault in caught.value.faults} == {"patient.name", "pharmacy.address"}


def test_measuring_refuses_a_character_that_the_font_lacks() -> None:
    """Even a word that nobody checked is never drawn with a missing glyph."""
    with pytest.raises(InputError, match=r"U\+738B"):
        width("王", Face.REGULAR, 12)


def test_lines_break_between_words_and_keep_numbers_with_their_units() -> None:
    """No line is wider than the room; "20 mg" and "Dec 14" stay together; a wide word is refused."""
    text = "Dec 1 to Dec 14: take 2.5 mL of 20 mg"
    for room in range(60, 260, 3):
        lines = wrap(text, Face.REGULAR, 12, room)
        assert " ".join(lines) == text
        assert all(width(line, Face.REGULAR, 12) <= room for line in lines)
        assert not any(line.endswith(("Dec", "2.5", "20")) for line in lines)
    with pytest.raises(TooWideError):
        wrap("unbreakable", Face.REGULAR, 12, 40)


def test_for_want_of_room_storage_and_purpose_are_said_once() -> None:
    """Long names of everybody leave little room: what need not stand on each label stands on one of them."""
    plan = named(
        mixed_plan(),
        patient="Maximiliana Konstantinopoulou-Featherstonehaugh",
        address="1234 West Example Boulevard, Suite 200, Springfield, IL 62704",
    )
    prescriber = Prescriber(name="Dr Bartholomew Q. Example-Smythe, MD")
    plan = replace(plan, prescription=replace(plan.prescription, prescriber=prescriber))
    pages = iter(lay_out_labels(plan))
    for text, count in zip(label_texts(plan), count_labels(plan), strict=True):
        read = words_of(tuple(next(pages) for _ in range(count)))
        assert all(words in read for words in (*text.conditions, *text.cautions, "For muscle spasms."))
        assert read.count(text.warning) == count
