"""Barcodes as a scanner sees them: from the modules, and from printed pages."""

from __future__ import annotations

import string

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from splitter.errors import InputError
from splitter.labels.barcodes import Symbol, code128, datamatrix, module_size, on_dots, to_dots
from splitter.labels.drawing import pdf
from splitter.labels.marks import Code, Page

GS1 = "!\"%&'()*+,-./:;<=>?_" + string.digits + string.ascii_letters
VALUES = st.text(GS1, min_size=1, max_size=20)
DAYS = st.dates().map("{:%y%m%d}".format)
SEPARATOR = "\x1d"


def picture_of(symbol: Symbol) -> Image.Image:
    """The modules with their blank zone, three dots each; bars are 30 dots high."""
    high = 3 if len(symbol.rows) > 1 else 30
    picture = Image.new("L", (symbol.wide * 3, (len(symbol.rows) + 2 * symbol.quiet_y) * high), 255)
    for y, row in enumerate(symbol.rows, symbol.quiet_y):
        for x, module in enumerate(row, symbol.quiet_x):
            if module == "1":
                picture.paste(0, (x * 3, y * high, x * 3 + 3, y * high + high))
    return picture


@given(DAYS, VALUES, VALUES)
@settings(max_examples=150, deadline=None)
def test_elements_are_read_as_gs1(day: str, lot: str, serial: str) -> None:
    """FNC1 leads, a separator ends a value of free length unless it is the last, and brackets are not in the data."""
    symbol = datamatrix((("17", day), ("10", lot), ("21", serial)))
    (read,) = zxingcpp.read_barcodes(picture_of(symbol))
    assert read.symbology_identifier == "]d2"
    assert read.bytes.decode("ascii") == f"17{day}10{lot}{SEPARATOR}21{serial}"
    assert symbol.text == read.text == f"(17){day}(10){lot}(21){serial}"
    assert len(symbol.rows) == len(symbol.rows[0])


@given(st.text([chr(code) for code in range(32, 127)], min_size=1, max_size=40))
@settings(max_examples=150, deadline=None)
def test_numbers_are_read_as_code_128(number: str) -> None:
    """Any printable ASCII comes back as it is, as plain data."""
    (read,) = zxingcpp.read_barcodes(picture_of(code128(number)))
    assert (read.text, read.symbology_identifier) == (number, "]C0")


@pytest.mark.parametrize(
    ("identifier", "value"),
    [("01", "00305910369019"), ("02", "00305910369019"), ("21", ""), ("21", "a b"), ("21", "x" * 21), ("21", "é"),
     ("10", "a\x1d21b"), ("10", "[21]x"), ("10", "^"), ("10", "~1"), ("10", "a\n")],
)  # fmt: skip
def test_what_gs1_cannot_carry_is_refused(identifier: str, value: str) -> None:
    """A trade item's number, and values that are too long or of other characters, are bad input; the place is named."""
    with pytest.raises(InputError) as caught:
        datamatrix((("17", "261231"), (identifier, value)))
    assert [fault.key for fault in caught.value.faults] == [f"barcode ({identifier})"]


@pytest.mark.parametrize("text", ["", "x" * 41, "Nº 7", "a\tb", "a\n"])
def test_what_code_128_does_not_carry_is_refused(text: str) -> None:
    """Control characters and letters beyond ASCII depend on the scanner's settings."""
    with pytest.raises(InputError, match="Code 128"):
        code128(text)


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_modules_are_whole_dots_of_a_size_that_gs1_allows(dpi: int) -> None:
    """From 0.33 to 0.495 mm, which other resolutions than the stock's show too, and at least three dots."""
    dots = module_size(dpi) * dpi / 72
    assert dots == pytest.approx(round(dots))
    assert round(dots) >= 3
    assert 0.33 <= round(dots) * 25.4 / dpi <= 0.495
    assert to_dots(module_size(dpi), dpi) == round(dots)
    assert on_dots(module_size(dpi) * 1.3, dpi) == pytest.approx(int(round(dots) * 1.3) * 72 / dpi)


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("shift", [0, 0.21, 0.43, 0.77])
def test_printed_codes_are_read_wherever_they_stand(dpi: int, shift: float) -> None:
    """A page drawn at the printer's resolution, black or white only, is read even where a printer is off its grid."""
    module = module_size(dpi)
    matrix = datamatrix((("17", "261231"), ("10", "261201-K7QD2"), ("21", "RX-104233-261201-1")))
    bars = code128("RX-104233")
    marks = (
        Code(x=on_dots(20, dpi) + shift, y=on_dots(60, dpi) - shift, module=module, symbol=matrix),
        Code(x=on_dots(60, dpi) + shift, y=on_dots(30, dpi) - shift, module=module, symbol=bars, height=14),
    )
    page = pypdfium2.PdfDocument(pdf([Page(wide=288, high=144, marks=marks)], title="test"))[0]
    drawn = page.render(scale=dpi / 72).to_pil().convert("L").point(lambda value: 255 if value > 127 else 0)
    assert {read.text for read in zxingcpp.read_barcodes(drawn)} == {matrix.text, bars.text}


def test_a_box_holds_the_zone_that_must_stay_blank() -> None:
    """One module around a DataMatrix, ten on either side of bars."""
    matrix, bars = datamatrix((("21", "1"),)), code128("1")
    assert Code(x=0, y=0, module=2, symbol=matrix).box == (0, 0, 2 * len(matrix.rows) + 4, 2 * len(matrix.rows) + 4)
    assert Code(x=1, y=2, module=2, symbol=bars, height=9).box == (1, 2, 1 + 2 * len(bars.rows[0]) + 40, 11)
