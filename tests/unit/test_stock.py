"""Label stock: geometry that adds up, stock of one's own, sheets filled from any label, the test page, preferences."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from splitter.errors import InputError
from splitter.labels import (
    STOCKS,
    UK,
    US,
    Feed,
    Stock,
    Style,
    alignment,
    check_feed,
    find_profile,
    find_stock,
    impose,
    lay_out_labels,
    own_stocks,
    pages_of,
    parse_offset,
    preferred_style,
)
from splitter.labels.marks import Inset, Page, Rule, Text
from splitter.labels.stock import INCH, MILLIMETRE
from splitter.units import ReadError
from tests.unit.paper_plans import tablets_plan

OWN = """\
[label]
name = "vial roll"
width = "3 in"
height = "38 mm"

[sheet]
width = "210 mm"
height = "297 mm"
columns = 2
rows = 7
left = "10 mm"
top = "15 mm"
pitch_x = "80 mm"
"""
SHEETS = [stock for stock in STOCKS.values() if stock.sheet]


def written(path: Path, *changes: tuple[str, str]) -> Path:
    """The file of an own stock, changed."""
    text = OWN
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty configuration directory of the user."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "splitter"


@pytest.mark.parametrize("stock", SHEETS, ids=lambda stock: stock.name)
def test_sheets_add_up(stock: Stock) -> None:
    """Margins, pitches and labels are the page, to half a millimetre; labels don't overlap."""
    sheet = stock.sheet
    assert sheet
    across = 2 * sheet.left + (sheet.columns - 1) * sheet.pitch_x + stock.wide
    down = 2 * sheet.top + (sheet.rows - 1) * sheet.pitch_y + stock.high
    assert across == pytest.approx(sheet.wide, abs=0.5 * MILLIMETRE)
    assert down == pytest.approx(sheet.high, abs=0.5 * MILLIMETRE)
    assert sheet.pitch_x >= stock.wide - 1e-6
    assert sheet.pitch_y >= stock.high - 1e-6


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("4x2", (4 * INCH, 2 * INCH)),
        ("2.25x1.25", (2.25 * INCH, 1.25 * INCH)),
        ("brother-62x100", (100 * MILLIMETRE, 62 * MILLIMETRE)),
        ("dymo-30252", (252, 79)),
        ("avery-l7160", (63.5 * MILLIMETRE, 38.1 * MILLIMETRE)),
    ],
)
def test_sizes(name: str, size: tuple[float, float]) -> None:
    """As sold, and for Dymo as the driver says; both ends of a Dymo label keep clear of what it can't print."""
    stock = STOCKS[name]
    assert (stock.wide, stock.high) == pytest.approx(size)
    if name.startswith("dymo"):
        assert min(stock.left, stock.right) >= 16.6


@pytest.mark.parametrize(
    ("written_as", "name"),
    [
        ("4x2", "4x2"),
        ("4 x 2 in", "4x2"),
        ("5163", "avery-5163"),
        ("Avery L7160", "avery-l7160"),
        ("DYMO 99012", "dymo-99012"),
        ("70 x 35 mm", "uk-70x35"),
        ("62x100", "brother-62x100"),
    ],
)
@pytest.mark.usefixtures("configuration")
def test_stock_is_found_by_what_people_call_it(written_as: str, name: str) -> None:
    """Spaces, capitals, the maker's name and the unit don't matter."""
    assert find_stock(written_as) is STOCKS[name]


@pytest.mark.parametrize("name", ["", "5162", "x", "6", "avery", "../4x2"])
@pytest.mark.usefixtures("configuration")
def test_an_unknown_stock_names_those_that_there_are(name: str) -> None:
    """Neither nothing nor a part that several share is taken for a name."""
    with pytest.raises(InputError, match=r"--stock.*4x2, 4x3\.33.*ends in \.toml"):
        find_stock(name)


def test_a_stock_of_one_s_own(configuration: Path) -> None:
    """From a file, or by name from the configuration directory; without a pitch, labels touch."""
    path = written(configuration / "stocks" / "vials.toml")
    stock = find_stock(str(path))
    assert stock == find_stock("vials")
    assert own_stocks() == {"vials": path}
    assert (stock.wide, stock.high) == pytest.approx((216, 38 * MILLIMETRE))
    assert stock.left == stock.bottom == pytest.approx(1.5 * MILLIMETRE)
    assert stock.sheet
    assert stock.sheet.pitch_y == pytest.approx(stock.high)
    assert lay_out_labels(tablets_plan(), Style(stock=stock, profile=UK))


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ([('"3 in"', '"81 mm"')], ["sheet.pitch_x", "labels of 81 mm every 80 mm, which overlap"]),
        ([("columns = 2", "columns = 3")], ["sheet.columns", "end 246.2 mm along a page of 210 mm"]),
        ([("rows = 7", "rows = 8")], ["sheet.rows", "end 319 mm along a page of 297 mm"]),
        ([('pitch_x = "80 mm"', 'pitch_x = "-3 mm"')], ["sheet.pitch_x", "without a sign"]),
        ([('"38 mm"', '"12 mm"')], ["label.height", "9 mm between the margins", "at least 16 mm"]),
        ([('"38 mm"', '"38 mm"\nmargin = "20 mm"')], ["label.height", "0 mm between the margins"]),
        ([('"3 in"', '"3"')], ["label.width", "add the unit"]),
        ([('"3 in"', '"3 feet"')], ["label.width", '"50 mm" or "2 in"']),
        ([('"38 mm"', '"0 mm"')], ["label.height", "above zero"]),
        ([('height = "38 mm"\n', "")], ["label.height"]),
        ([("[label]", "[labels]")], ["labels", "unknown key", "label: found nothing"]),
        ([("columns = 2", "columns = 0")], ["sheet.columns", "whole number from 1 to 20"]),
        ([('"3 in"', '"3 in"\ndpi = 20')], ["label.dpi", "from 150 to 1200"]),
        ([('"3 in"', '"81 mm"'), ("rows = 7", "rows = 8")], ["sheet.pitch_x", "sheet.rows"]),
    ],
)
def test_a_stock_that_cannot_be_is_refused(changes: list[tuple[str, str]], faults: list[str], tmp_path: Path) -> None:
    """Labels that overlap, leave the page or hold nothing, and what isn't a length, all at once with their keys."""
    with pytest.raises(InputError) as caught:
        find_stock(str(written(tmp_path / "own.toml", *changes)))
    for fault in faults:
        assert fault in str(caught.value)


def labels(count: int, stock: Stock) -> list[Page]:
    """Labels that differ, with one mark each."""
    return [
        Page(wide=stock.wide, high=stock.high, marks=(Rule(x=0, y=0, to_x=number, to_y=1),)) for number in range(count)
    ]


@pytest.mark.parametrize("stock", SHEETS, ids=lambda stock: stock.name)
@pytest.mark.parametrize("start", [1, 4])
def test_sheets_are_filled_in_order_from_any_label(stock: Stock, start: int) -> None:
    """Row by row; the first sheet without those that are used up, the next ones whole; no label twice or missing."""
    assert stock.sheet
    per_page = stock.sheet.count
    made = labels(per_page + 2, stock)
    pages = list(impose(made, stock, Feed(start=start)))
    marks = [mark for page in pages for mark in page.marks]
    assert [mark.page for mark in marks if isinstance(mark, Inset)] == made
    assert [len(page.marks) for page in pages] == [per_page + 1 - start, start + 1]
    first = pages[0].marks[0]
    assert isinstance(first, Inset)
    assert first.x == pytest.approx(stock.sheet.left + (start - 1) % stock.sheet.columns * stock.sheet.pitch_x)
    for page in pages:
        assert (page.wide, page.high) == (stock.sheet.wide, stock.sheet.high)
        for mark in page.marks:
            left, bottom, right, top = mark.box
            assert -0.01 <= left < right <= page.wide + 0.01
            assert -0.01 <= bottom < top <= page.high + 0.01
        downward = [(round(-mark.box[1], 3), mark.box[0]) for mark in page.marks]
        assert all(one < other for one, other in pairwise(downward))


def test_no_labels_make_no_sheet() -> None:
    """An empty batch prints no blank paper."""
    assert list(impose([], STOCKS["avery-5163"])) == []


@pytest.mark.parametrize(("stock", "start"), [("avery-5163", 11), ("avery-5163", 0), ("4x2", 2)])
def test_a_label_that_is_not_there_can_t_be_the_first(stock: str, start: int) -> None:
    """On a roll only the first can."""
    with pytest.raises(InputError, match="--start"):
        check_feed(STOCKS[stock], Feed(start=start))
    with pytest.raises(InputError, match="--start"):
        list(impose([], STOCKS[stock], Feed(start=start)))


@pytest.mark.parametrize(
    ("stock", "start", "first", "count", "pages"),
    [
        ("4x2", 1, 3, 2, (4, 2)),
        ("avery-5163", 1, 8, 2, (1, 1)),
        ("avery-5163", 3, 7, 3, (1, 2)),
        ("4x2", 1, 0, 1, (1, 1)),
    ],
)
def test_on_which_pages_labels_stand(stock: str, start: int, first: int, count: int, pages: tuple[int, int]) -> None:
    """For the list of a batch: the first page, and on how many it and the next labels are."""
    assert pages_of(first, count, STOCKS[stock], Feed(start=start)) == pages


@pytest.mark.parametrize("name", ["4x2", "avery-5163"])
def test_all_print_moves_by_the_printer_s_offset(name: str) -> None:
    """To the right and down, on rolls and on sheets; sizes stay."""
    stock = STOCKS[name]
    plain = list(impose(lay_out_labels(tablets_plan()), stock))
    moved = list(impose(lay_out_labels(tablets_plan()), stock, Feed(right=3, down=-2)))
    for one, other in zip(plain, moved, strict=True):
        assert (one.wide, one.high) == (other.wide, other.high)
        for mark, shifted in zip(one.marks, other.marks, strict=True):
            assert shifted.box == pytest.approx(tuple(map(sum, zip(mark.box, (3, 2, 3, 2), strict=True))))


@pytest.mark.parametrize("stock", STOCKS.values(), ids=lambda stock: stock.name)
def test_the_test_page_shows_every_label(stock: Stock) -> None:
    """A frame at each edge, one at the margins, words inside; on sheets for each label."""
    page = alignment(stock)
    made = [mark.page for mark in page.marks if isinstance(mark, Inset)] if stock.sheet else [page]
    assert len(made) == (stock.sheet.count if stock.sheet else 1)
    for label in made:
        frame = {round(mark.x, 3) for mark in label.marks if isinstance(mark, Rule)}
        assert {0, round(stock.wide, 3), round(stock.left, 3)} <= frame
        for mark in (mark for mark in label.marks if isinstance(mark, Text)):
            left, bottom, right, top = mark.box
            assert 0 <= left <= right <= stock.wide
            assert 0 <= bottom <= top <= stock.high


@pytest.mark.parametrize(
    ("text", "lengths"),
    [("1 mm, -0.5 mm", (1, -0.5)), ("0 mm, 0 mm", (0, 0)), ("-0.1 in,2 mm", (-2.54, 2)), ("10 mm, 10 mm", (10, 10))],
)
def test_offsets(text: str, lengths: tuple[float, float]) -> None:
    """Two lengths, each with its sign and unit."""
    assert parse_offset(text) == pytest.approx(tuple(length * MILLIMETRE for length in lengths))


@pytest.mark.parametrize(
    "text", ["", "1 mm", "1, 2", "1 mm 2 mm", "1 mm, 2 mm, 3 mm", "11 mm, 0 mm", "--1 mm, 0 mm", ".5 mm, 0 mm"]
)
def test_offsets_that_can_t_be_meant(text: str) -> None:
    """One length, no unit, more than a centimetre."""
    with pytest.raises(ReadError):
        parse_offset(text)


def test_preferences_are_read_from_the_configuration(configuration: Path) -> None:
    """Without a file the usual ones; a file may name a stock of one's own."""
    assert preferred_style() == Style()
    written(configuration / "stocks" / "vials.toml")
    (configuration / "labels.toml").write_text(
        '[labels]\nstock = "vials"\nprofile = "uk"\nclock = true\noffset = "1 mm, 0 mm"\n', encoding="utf-8"
    )
    style = preferred_style()
    assert (style.stock.name, style.profile, style.clock) == ("vial roll", UK, True)
    assert style.feed == Feed(right=MILLIMETRE)


def test_all_that_is_wrong_with_preferences_is_said(configuration: Path) -> None:
    """Each with its key in the file."""
    configuration.mkdir()
    (configuration / "labels.toml").write_text('[labels]\nstock = "nothing"\nprofile = "mars"\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        preferred_style()
    assert {fault.key for fault in caught.value.faults} == {"labels.stock", "labels.profile"}
    assert all(fault.file.endswith("labels.toml") for fault in caught.value.faults)
    (configuration / "labels.toml").write_text('[labels]\noffset = "far"\nstok = 1\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"labels\.stok(.|\n)*labels\.offset"):
        preferred_style()


def test_profiles_by_name() -> None:
    """Two countries; another is refused with both."""
    assert (find_profile("us"), find_profile("uk")) == (US, UK)
    with pytest.raises(InputError, match=r"--profile.*us, uk"):
        find_profile("fr")
