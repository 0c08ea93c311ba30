"""Marks to ZPL II, for thermal printers: the same words in the same places as in the PDF.

What the printer's own font 0 surely has, printable ASCII, is sent as text, with every sign that could mean something to
the printer in hexadecimal, so that no name can become a command. Other lines are sent as pictures in the type of the
PDF, and so are barcodes: the printers' own encoders differ in how they take FNC1 and in the size they choose. A printer
of labels knows no grey: what is lighter than half is left out, the rest is black.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from splitter.labels.fonts import ASCENT, DESCENT, Face, font_file, width
from splitter.labels.marks import Box, Code, Mark, Page, Rule, Text
from splitter.labels.shaping import shown

_MILLIMETRES = 25.4 / 72
# Sent as they are; everything else as _HH.
_PLAIN = re.compile(r"[A-Za-z0-9 .,:;()/-]")
# A backslash begins a line break in some of the printer's fields.
_NATIVE = re.compile(r"[ -\[\]-~]*")
# Lines are drawn so many times too large, then reduced, so that they come out as wide as they were measured.
_OVERSIZE = 4


def zpl(pages: Iterable[Page], dots_per_mm: int) -> bytes:
    """One label format a page, for a printer of 8 (203 dpi), 12 (300 dpi) or 24 dots to the millimetre.

    Barcodes are sharpest when the stock was laid out for that dpi. Raises TypeError for a mark that no label has.
    """
    scale = _MILLIMETRES * dots_per_mm
    return "".join(_label(page, scale) for page in pages).encode("ascii")


def _label(page: Page, scale: float) -> str:
    """One label; UTF-8 (^CI28), its own size, and nothing of what the printer was told before."""
    wide, high = math.floor(page.wide * scale), math.floor(page.high * scale)
    fields = (field for mark in page.marks for field in _fields(mark, page, scale))
    return "\n".join((f"^XA^CI28^LH0,0^PW{wide}^LL{high}", *fields, "^XZ\n"))


def _fields(mark: Mark, page: Page, scale: float) -> Iterator[str]:
    """The fields that show one mark; y is turned, since a printer counts from the top."""
    left, _, _, top = mark.box
    x, y = round(left * scale), round((page.high - top) * scale)
    if isinstance(mark, Text):
        if _NATIVE.fullmatch(mark.text):
            yield _words(mark, x, round((page.high - mark.y) * scale), scale)
        else:
            yield _picture(_line(mark, scale), x, y)
    elif isinstance(mark, Code):
        yield _picture(_modules(mark, scale), x, y)
    elif isinstance(mark, Rule):
        yield from _rule(mark, x, y, scale)
    elif isinstance(mark, Box):
        yield from _box(mark, x, y, scale)
    else:
        raise TypeError(f"a label printer draws no {type(mark).__name__}")


def escaped(text: str) -> str:
    """`text` as field data after ^FH: every byte but letters, digits and plain signs in hexadecimal.

    >>> escaped("Ann ^XZ~JA_é")
    'Ann _5EXZ_7EJA_5F_C3_A9'
    """
    return "".join(
        character if _PLAIN.fullmatch(character) else "".join(f"_{byte:02X}" for byte in character.encode())
        for character in text
    )


def _words(text: Text, x: int, baseline: int, scale: float) -> str:
    """A line in the printer's font 0, which is narrower than the type that it was measured in."""
    size = round(text.size * scale)
    return f"^FT{x},{baseline}^A0N,{size},{size}^FH_^FD{escaped(text.text)}^FS"


def _rule(rule: Rule, x: int, y: int, scale: float) -> Iterator[str]:
    if rule.grey <= 0.5:
        left, bottom, right, top = rule.box
        weight = max(1, round(rule.weight * scale))
        yield _lines(x, y, max(weight, (right - left) * scale), max(weight, (top - bottom) * scale), weight)


def _box(box: Box, x: int, y: int, scale: float) -> Iterator[str]:
    wide, high = box.wide * scale, box.high * scale
    if box.fill is None:
        yield _lines(x, y, wide, high, max(1, round(0.6 * scale)))
    elif box.fill <= 0.5:
        yield _lines(x, y, wide, high, math.ceil(min(wide, high)))


def _lines(x: int, y: int, wide: float, high: float, weight: int) -> str:
    return f"^FO{x},{y}^GB{round(wide)},{round(high)},{weight}^FS"


@cache
def _type(face: Face, size: int) -> ImageFont.FreeTypeFont:
    """The type of the PDF at `size` dots to the em."""
    return ImageFont.truetype(io.BytesIO(font_file(face)), size, layout_engine=ImageFont.Layout.BASIC)


def _line(text: Text, scale: float) -> Sequence[str]:
    """A line of text as rows of dots."""
    large = scale * _OVERSIZE
    wide = math.ceil(width(text.text, text.face, text.size) * scale)
    high = math.ceil((ASCENT + DESCENT) * text.size * scale)
    sheet = Image.new("L", (wide * _OVERSIZE, high * _OVERSIZE))
    start = (0, ASCENT * text.size * large)
    ImageDraw.Draw(sheet).text(start, shown(text.text), 255, _type(text.face, round(text.size * large)), anchor="ls")
    dots = sheet.reduce(_OVERSIZE).tobytes().translate(_AS_DOTS).decode("ascii")
    return [dots[row * wide : (row + 1) * wide] for row in range(high)]


_AS_DOTS = bytes(ord("1") if value > 127 else ord("0") for value in range(256))


def _modules(code: Code, scale: float) -> Sequence[str]:
    """A barcode as rows of dots, the blank zone included; each module is as many whole dots as fit."""
    module = max(1, math.floor(round(code.module * scale, 2)))
    symbol = code.symbol
    high = module if code.height is None else round(code.height * scale)
    side = "0" * symbol.quiet_x
    above = ["0" * symbol.wide] * symbol.quiet_y
    rows = (*above, *(f"{side}{row}{side}" for row in symbol.rows), *above)
    return [line for row in rows for line in ["".join(dot * module for dot in row)] * high]


def _picture(rows: Sequence[str], x: int, y: int) -> str:
    """Rows of dots as a picture in hexadecimal, a row that repeats as ":", blank to its end as ","."""
    bytes_wide = -(-len(rows[0]) // 8)
    data, before = [], ""
    for row in rows:
        line = "".join(f"{int(row[at : at + 8].ljust(8, '0'), 2):02X}" for at in range(0, len(row), 8))
        short = line.rstrip("0")
        data.append(":" if line == before else line if short == line else f"{short},")
        before = line
    total = bytes_wide * len(rows)
    return f"^FO{x},{y}^GFA,{total},{total},{bytes_wide},{''.join(data)}^FS"
