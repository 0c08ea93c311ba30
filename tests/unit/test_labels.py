"""Labels as printed: everything is there, whole, in embedded type, on pages of the stock's size."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from splitter.errors import InputError
from splitter.labels import (
    PROFILES,
    STOCKS,
    UK,
    Style,
    count_labels,
    lay_out_items,
    lay_out_labels,
    read_on_leaflet,
    render_labels,
)
from splitter.labels.content import Maker, Share
from splitter.labels.fonts import Face, TooWideError, normal, width, wrap
from splitter.labels.layout import contents
from splitter.labels.marks import Code, Page, Text
from splitter.plan import Plan
from splitter.prescription import Patient
from splitter.wording import Direction, LabelText, label_texts
from tests.unit.paper_plans import (
    COMPOUNDED,
    START,
    TABLET_10,
    TABLET_20,
    TIMES,
    a_plan,
    cautioned,
    dose,
    item,
    measured,
    mixed_plan,
    step,
    tablets_plan,
    take,
)

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


def one_step_plan() -> Plan:
    """One item, three times a day."""
    steps = (step(START, 28, "60", *(dose(time, "20", take(TABLET_10, 2)) for time in TIMES)),)
    return a_plan(steps, (item(TABLET_10, "168", "tablet"),))


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


PLANS = {"tablets": tablets_plan(), "mixed": mixed_plan(), "long": long_plan(12), "one step": one_step_plan()}
ROOMY = ("4x2", "4x3.33", "4x6", "dymo-30256", "brother-62x100", "avery-5163", "avery-5164")
EVERY_STYLE = [
    pytest.param(Style(stock=stock, profile=profile), id=f"{stock.name}-{profile.name}")
    for stock in STOCKS.values()
    for profile in PROFILES.values()
]


def laid_out(plan: Plan, style: Style) -> Iterator[tuple[LabelText, tuple[Page, ...]]]:
    """Each container's words with its labels; nothing where the stock is too small, which only a small one may be."""
    try:
        items = lay_out_items(plan, style)
    except InputError:
        assert style.stock.name not in ROOMY
        return
    assert count_labels(plan, style) == tuple(sum(map(len, containers)) for containers in items)
    labels = [pages for containers in items for pages in containers]
    assert [page for pages in labels for page in pages] == list(lay_out_labels(plan, style))
    yield from zip(label_texts(plan, None, style.manner), labels, strict=True)


def said_in(read: str, directions: Sequence[Direction]) -> bool:
    """Whether each direction's dates, doses (together or in parts), what else is taken and notes stand there, in
    order."""
    place = 0
    for direction in directions:
        ways = (direction.doses, direction.alone or direction.doses)
        others = tuple(words for other in direction.others for words in (other.name, *other.doses))
        after = (direction.instead, direction.syringe, *others, *direction.notes)
        ends = [found_in_order(read, (direction.dates, *doses, *after), place) for doses in ways]
        place = min((end for end in ends if end >= 0), default=-1)
        if place < 0:
            return False
    return True


def found_in_order(read: str, words: Sequence[str], place: int) -> int:
    """Where the last of `words` stands, each looked for from the place of the one before; -1 where one is missing."""
    for each in words:
        place = read.find(each.removesuffix("."), place)
        if place < 0:
            return -1
    return place


@pytest.mark.parametrize("style", EVERY_STYLE)
@pytest.mark.parametrize("name", PLANS)
def test_every_word_is_on_a_label(name: str, style: Style) -> None:
    """On continued labels, nothing that the wording says is lost, and each says whose it is, of what, and its place."""
    for text, pages in laid_out(PLANS[name], replace(style, continued=True)):
        read = words_of(pages)
        assert said_in(read, text.directions) or said_in(read, text.brief)
        for words in (text.warning, text.until, text.lot or "", text.filled, text.quantity, text.prescriber):
            assert words in read
        for words in (text.pharmacy, text.pharmacy_address, text.pharmacy_phone, text.purpose or "", "Initials"):
            assert words in read
        for sentence in (*text.conditions, *text.cautions):
            assert read.count(sentence) == 1
        for number, page in enumerate(pages, 1):
            label = " ".join(lines_of(page))
            place = text.position if len(pages) == 1 else f"{text.position}, label {number} of {len(pages)}"
            assert label.startswith(f"{text.patient} {text.drug} ")
            assert text.number in label
            assert place in label


@pytest.mark.parametrize("style", EVERY_STYLE)
@pytest.mark.parametrize("name", PLANS)
def test_every_mark_is_where_the_printer_reaches_and_none_covers_another(name: str, style: Style) -> None:
    """Measured boxes lie within the margins; neither words nor barcodes with their blank zones overlap."""
    stock, seen = style.stock, 0
    for page in (page for _, pages in laid_out(PLANS[name], style) for page in pages):
        for mark in page.marks:
            left, bottom, right, top = mark.box
            assert stock.left - 0.01 <= left <= right <= stock.wide - stock.right + 0.01
            assert stock.bottom - 0.01 <= bottom <= top <= stock.high - stock.top + 0.01
        boxes = [mark.box for mark in page.marks if isinstance(mark, Text | Code)]
        for place, one in enumerate(boxes):
            for other in boxes[place + 1 :]:
                seen += 1
                apart = (
                    one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] + 0.01 or other[3] <= one[1] + 0.01
                )
                assert apart, page
    assert seen or stock.name not in ROOMY


@pytest.mark.parametrize("style", EVERY_STYLE)
@pytest.mark.parametrize("name", PLANS)
def test_type_is_never_small_and_directions_keep_their_half(name: str, style: Style) -> None:
    """No type is below the profile's; where there are directions, the larger type has half of the height to itself."""
    profile, stock = style.profile, style.stock
    for text, pages in laid_out(PLANS[name], style):
        dates = [direction.dates for direction in (*text.directions, *text.brief) if direction.dates]
        for page in pages:
            texts = [mark for mark in page.marks if isinstance(mark, Text)]
            large, small = max(mark.size for mark in texts), min(mark.size for mark in texts)
            assert large >= profile.primary_size
            assert small == pytest.approx(profile.secondary_size * large / profile.primary_size)
            top_of_small = max(mark.box[3] for mark in texts if mark.size == small)
            assert min(mark.box[1] for mark in texts if mark.size == large) >= top_of_small - 0.01
            if any(mark.text.startswith(date) for date in dates for mark in texts):
                assert top_of_small <= stock.high / 2


@pytest.mark.parametrize("style", EVERY_STYLE)
def test_every_item_has_its_barcode(style: Style) -> None:
    """A GS1 DataMatrix with last day, lot and serial, on whole dots; the number in bars where there is room."""
    for text, pages in laid_out(mixed_plan(), style):
        codes = [mark for page in pages for mark in page.marks if isinstance(mark, Code)]
        matrices = [code.symbol.text for code in codes if code.height is None]
        assert set(matrices) == {"".join(f"({name}){value}" for name, value in text.elements)}
        assert all(code.symbol.text == text.number for code in codes if code.height is not None)
        for code in codes:
            for length in (code.x, code.y, code.module):
                dots = length * style.stock.dpi / 72
                assert dots == pytest.approx(round(dots), abs=0.001)


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
    """Where they are asked for, each continuation says its number, and that more follows, which the last never says."""
    pages = lay_out_labels(long_plan(12), Style(continued=True))
    assert len(pages) > 2
    for place, page in enumerate(pages, 1):
        read = " ".join(lines_of(page))
        assert f"Item 1 of 1, label {place} of {len(pages)}" in read
        assert re.findall(r"Continues on label (\d+)", read) == ([str(place + 1)] if place < len(pages) else [])


LEAST = ("4x2", "4x3.33", "4x6", "dymo-30256", "brother-62x100", "avery-5163", "avery-5164")


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("stock", LEAST)
def test_a_container_has_two_labels_at_the_most(name: str, stock: str) -> None:
    """The first begins with a dose, and where one is used its syringe; each says what the law asks for, the number to
    call, what must not be overlooked; where steps are left out, where they are."""
    style = Style(stock=STOCKS[stock])
    left_out = 0
    for text, pages in laid_out(PLANS[name], style):
        assert len(pages) <= 2
        read = words_of(pages)
        first = " ".join(lines_of(pages[0]))
        dosed = next(direction for direction in text.directions if direction.doses)
        assert dosed.dates in first
        assert dosed.syringe.removesuffix(".") in first
        assert text.banner in first or (stock, name) == ("dymo-30256", "mixed")
        for page in pages:
            label = " ".join(lines_of(page))
            assert all(words in label for words in (text.warning, text.until, text.pharmacy_phone, text.number))
            matrix = [mark for mark in page.marks if isinstance(mark, Code) and mark.height is None]
            assert len(matrix) == 1
        for words in (*text.conditions, *(each for each in text.cautions if each not in text.advice), text.quantity):
            assert words in read
        assert (text.more_cautions in read) is any(caution not in read for caution in text.advice)
        every = [each.dates for each in text.directions[text.directions.index(dosed) :]]
        said = [dates for dates in every if dates in read]
        left_out += len(said) < len(every)
        assert (text.then.instead in read) or len(said) == len(every)
    assert left_out or name != "long" or stock in ("4x6", "4x3.33", "avery-5164")


def test_the_bar_code_of_the_prescription_is_on_the_first_label() -> None:
    """In the lower left corner, wherever directions of a usual length leave room for it."""
    for _, pages in laid_out(long_plan(12), Style()):
        bars = [mark for mark in pages[0].marks if isinstance(mark, Code) and mark.height is not None]
        assert len(bars) == 1
        assert bars[0].x < pages[0].wide / 4


def test_the_items_that_leave_something_to_the_leaflet_are_named() -> None:
    """Those of which a label says so, and no other."""
    plan = long_plan(12)
    assert read_on_leaflet(plan, Style(), START) == (0,)
    assert read_on_leaflet(plan, Style(continued=True), START) == ()
    assert read_on_leaflet(one_step_plan(), Style(), START) == ()


@pytest.mark.parametrize("stock", ["4x2", "dymo-30256", "avery-5163", "brother-62x100", "4x3.33"])
def test_the_first_label_has_a_dose_where_one_can_stand_on_it(stock: str) -> None:
    """Sentences give way to it, which would leave a first label that says only what is not to be taken."""
    later = START + dt.timedelta(days=14)
    steps = (
        step(START, 14, "20", *(dose(time, "20", take(TABLET_20, 1)) for time in TIMES)),
        step(later, 14, "10", *(dose(time, "10", take(TABLET_10, 1)) for time in TIMES)),
    )
    cautions = tuple(f"Caution number {place} is a sentence of about the usual length." for place in range(1, 4))
    plan = a_plan(steps, (item(TABLET_10, "42", "tablet"),), cautions=cautioned(*cautions))
    first, *others = lay_out_labels(plan, Style(stock=STOCKS[stock]))
    assert "1 tablet in the morning" in words_of((first,))
    read = words_of((first, *others))
    assert all(caution in read for caution in cautions) or "More cautions are on your leaflet of Dec 1." in read


def test_a_step_too_long_for_a_label_is_continued_with_its_dates() -> None:
    """Doses stay whole; the rest of the day's follow under the same dates, and each part says that it is one."""
    times = tuple(dt.time(hour) for hour in (6, 8, 10, 14, 18, 22))
    planned = (step(START, 14, "60", *(dose(time, "10", take(TABLET_20, 1, "1/2")) for time in times)),)
    plan = a_plan(planned, (item(TABLET_20, "42", "tablet", use_until=START + dt.timedelta(days=13)),))
    plan = replace(plan, prescription=replace(plan.prescription, times=times))
    pages = lay_out_labels(plan, Style(stock=STOCKS["avery-l7160"], continued=True))
    read = words_of(pages)
    parts = len(re.findall(r"Dec 1 to Dec 14, part \d+ of", read))
    assert parts > 1
    for place in range(1, parts + 1):
        assert f"Dec 1 to Dec 14, part {place} of {parts}" in read
    assert read.count("half a tablet") == len(times)


def test_each_part_of_a_brief_direction_names_its_unit() -> None:
    """In brief, "2 tablets in the morning and 2 at bedtime"; on a label of its own, "2 at bedtime" would be no dose.
    On the smallest stock, where nothing else would fit, the verb is left out."""
    times = (dt.time(8), dt.time(22))
    planned = (step(START, 14, "80", *(dose(time, "40", take(TABLET_20, 2)) for time in times)),)
    plan = a_plan(planned, (item(TABLET_20, "56", "tablet", use_until=START + dt.timedelta(days=13)),))
    plan = replace(plan, prescription=replace(plan.prescription, times=times))
    read = words_of(lay_out_labels(plan, Style(stock=STOCKS["2.25x1.25"], continued=True)))
    assert "Dec 1 to Dec 14, part 1 of 2: 2 tablets in the morning." in read
    assert "Dec 1 to Dec 14, part 2 of 2: 2 tablets at bedtime." in read


@pytest.mark.parametrize("stock", ["avery-l7160", "uk-70x35", "dymo-99012", "avery-l7163", "4x2"])
@pytest.mark.parametrize("volume", ["4", "12"])
def test_each_part_of_a_direction_names_the_syringe_of_its_volumes(stock: str, volume: str) -> None:
    """Whoever holds one label of a long day measures with the right syringe."""
    times = tuple(dt.time(hour) for hour in (6, 10, 14, 18, 22))
    planned = (step(START, 14, "60", *(dose(time, "20", measure=measured(COMPOUNDED, volume)) for time in times)),)
    plan = a_plan(planned, (item(COMPOUNDED, "280", "mL", use_until=START + dt.timedelta(days=13)),))
    plan = replace(plan, prescription=replace(plan.prescription, times=times))
    for profile in PROFILES.values():
        with suppress(InputError):
            for page in lay_out_labels(plan, Style(stock=STOCKS[stock], profile=profile)):
                read = words_of((page,))
                assert "5 mL oral syringe" in read or "5 mL syringe" in read or f"{volume} mL (" not in read


def test_a_label_that_its_number_makes_too_full_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Labels are laid out before they are numbered; where the number then takes a line more, nothing is printed."""
    fits = Maker.fits

    few = 9

    def only_unnumbered(maker: Maker, share: Share, place: tuple[int, int]) -> bool:
        return place[1] > few and fits(maker, share, place)

    monkeypatch.setattr(Maker, "fits", only_unnumbered)
    with pytest.raises(InputError, match="label 1 of"):
        contents(label_texts(mixed_plan())[:1], Style().setting)


def test_cautions_beyond_the_room_go_to_labels_of_their_own() -> None:
    """None is dropped; a label may hold nothing but cautions under the patient and the drug."""
    cautions = tuple(f"Caution number {place} is a sentence of about the usual length." for place in range(1, 16))
    pages = lay_out_labels(replace(tablets_plan(), cautions=cautioned(*cautions)), Style(continued=True))
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
        ({"address": "y" * 100}, "pharmacy.address"),
        ({"address": "High Street " * 150}, "pharmacy.address"),
        ({"indication": "spasm " * 60}, "prescription.indication"),
        ({"patient": "Ada " * 60}, "patient.name"),
    ],
    ids=["name", "indication", "address", "long address", "long indication", "long name"],
)
def test_what_cannot_be_broken_to_fit_is_an_error(change: dict[str, str], key: str) -> None:
    """A word wider than the label, or fixed words that leave no room, refuse the label and say which words are too
    long; no others are blamed."""
    with pytest.raises(InputError) as caught:
        lay_out_labels(named(tablets_plan(), **change))
    assert {fault.key for fault in caught.value.faults} == {key}
    for fault in caught.value.faults:
        assert fault.found.endswith(", too long for label stock 4x2 at the 12 pt that profile us asks")
        assert fault.remedy.startswith("print on larger stock")
        assert fault.remedy.endswith(", or shorten it")


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


@pytest.mark.parametrize(
    "text",
    [
        "Feb 23 to Mar 8, part 1 of 2: 1 and a half tablets at bedtime.",
        "part 10 of 12: take 2 and three quarters tablets",
        "take 1 and two thirds tablets in the morning",
        "2 capsules at 8 AM, 1 at 2:30 PM and 1 at 8 PM.",
    ],
)
def test_no_line_ends_within_a_count(text: str) -> None:
    """A line that ends at "take 1", or begins at "2: 1 tablet", would be read as another dose."""
    for room in range(85, 260, 3):
        for line in wrap(text, Face.REGULAR, 12, room):
            assert not re.search(r"(?:\d|\d and|\d at|part|of)$", line), line
            assert not re.match(r"of\b|and (?:a|two|three)\b|\d+: ", line), line


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


def test_only_a_year_stays_with_what_stands_before_its_comma() -> None:
    """Codes of packages are a list that may be broken between any two, also where one ends in a digit."""
    codes = ("NDC 0378-6231-01,", "0378-6231-05,", "0904-6084-61")
    room = max(width(code, Face.REGULAR, 12) for code in codes)
    assert wrap(" ".join(codes), Face.REGULAR, 12, room) == codes
    for date in ("Dec 1, 2026", "Dec 14, 2026"):
        with pytest.raises(TooWideError):
            wrap(date, Face.REGULAR, 12, width(date, Face.REGULAR, 12) - 1)


@pytest.mark.parametrize("name", ["avery-5160", "2.25x1.25", "dymo-30252"])
def test_stock_that_is_too_small_names_stock_that_is_not(name: str) -> None:
    """Each label that doesn't fit says what is too long and which stock would do, and on each of these it does fit.
    Nobody is told to shorten a sentence that nobody wrote."""
    with pytest.raises(InputError) as caught:
        lay_out_labels(mixed_plan(), Style(stock=STOCKS[name]))
    for fault in caught.value.faults:
        larger = (
            fault.remedy.removeprefix("print on larger stock, such as ").partition(", or shorten it")[0].split(", ")
        )
        assert larger
        assert ("shorten" in fault.remedy) is not fault.key.startswith("items.")
        assert f"too long for label stock {name} at the 12 pt that profile us asks" in fault.found
        assert fault.key.startswith("items.") or fault.key in ("pharmacy.address", "patient.name")
        assert name not in larger
    for other in ("4x3.33", "4x6"):
        assert lay_out_labels(mixed_plan(), Style(stock=STOCKS[other]))


def test_larger_stock_has_larger_type_and_a_line_for_each_dose() -> None:
    """White space is used for what patients read, as long as it costs no label."""
    (page,) = lay_out_labels(one_step_plan(), Style(stock=STOCKS["4x6"]))
    assert max(mark.size for mark in page.marks if isinstance(mark, Text)) == pytest.approx(16)
    assert "2 tablets in the morning" in lines_of(page)


def test_the_british_labels_say_it_their_way() -> None:
    """Day before month, Celsius alone, "reach and sight", 10 pt."""
    read = words_of(lay_out_labels(tablets_plan(), Style(profile=UK)))
    for words in (
        "1 Dec to 14 Dec (60 mg a day):",
        "Dispensed 1 Dec 2026",
        "No. RX-104233",
        "out of the reach and sight of children",
    ):
        assert words in read
    assert "°F" not in read
    assert "Store at 20 to 25 °C." in read


def test_clock_times_by_setting() -> None:
    """In place of parts of the day."""
    read = words_of(lay_out_labels(one_step_plan(), Style(clock=True)))
    assert "2 tablets at 8 AM" in read
    assert "morning" not in read


def test_a_later_visit_and_all_visits() -> None:
    """Any visit by its date; an unknown date names those that there are."""
    later = START + dt.timedelta(days=14)
    plan = tablets_plan()
    plan = replace(plan, items=(*plan.items, replace(plan.items[1], date=later)))
    first, second = lay_out_labels(plan), lay_out_labels(plan, dates=(later,))
    assert "Filled Dec 15, 2026 Item 1 of 1" in words_of(second)
    assert lay_out_labels(plan, dates=(START, later)) == (*first, *second)
    with pytest.raises(InputError, match=r"no visit on Dec 2, 2026; .*2026-12-01 and 2026-12-15"):
        lay_out_labels(plan, dates=(dt.date(2026, 12, 2),))


def many_times_plan(count: int, steps: int = 2) -> Plan:
    """One item that is taken at so many times of a day, in steps of two weeks."""
    times = tuple(dt.time(hour) for hour in (6, 8, 10, 14, 18, 22))[:count]
    planned = tuple(
        step(
            START + dt.timedelta(days=14 * place),
            14,
            "60",
            *(dose(time, "10", take(TABLET_20, 3 - place)) for time in times),
        )
        for place in range(steps)
    )
    end = START + dt.timedelta(days=14 * steps - 1)
    plan = a_plan(planned, (item(TABLET_20, "420", "tablet", use_until=end),))
    return replace(plan, prescription=replace(plan.prescription, times=times))


@pytest.mark.parametrize(("count", "listed"), [(3, False), (4, True), (6, False)])
def test_many_doses_of_a_day_are_a_list_where_that_takes_one_label_more(count: int, listed: bool) -> None:
    """From four doses a day on, a line for each is easier to follow than a sentence; two labels don't hold one of
    six."""
    pages = lay_out_labels(many_times_plan(count, steps=1))
    lines = [line for page in pages for line in lines_of(page)]
    assert len(pages) <= 2
    assert (sum(line.startswith("3 tablets") for line in lines) == count) is listed
