"""What a scanner reads: the words of a label as modules, before any format knows of it.

An item's DataMatrix is a GS1 element string (FNC1 first) of this pharmacy's own: the day to use it by (17), the lot
(10), the item's serial (21). It never has (01), a trade item's number: what is handed over is no longer the
manufacturer's item, and a compounded one never was. `zxingcpp` encodes; what it would let pass is refused here.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache, lru_cache

import zxingcpp

from splitter.errors import Fault, InputError

# The characters of a GS1 element (GS1 General Specifications, character set 82), and how many there may be.
_ELEMENT = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}")
_TRADE_ITEM = ("01", "02", "03")
# A prescription's number in bars: plain characters, since the reading of others depends on the scanner's settings,
# and no more than the widest label has room for.
_BARRED = re.compile(r"[ -~]{1,40}")
# The least module [mm]. GS1 allows a DataMatrix 0.254 mm, but a page is also printed or scanned at other dots than its
# stock's: of 0.254 mm, some codes were not read at 203 dpi; of two dots, Code 128 was read in 7 of 20 prints.
_LEAST_MODULE = 0.33
_LEAST_DOTS = 3
_POINTS = 72
_MILLIMETRES = 25.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """The modules of a barcode, row by row from the top, "1" for dark; a code of bars has one row.

    `text` is what a scanner reads, with the identifiers in brackets. `quiet_x` and `quiet_y` are the modules that
    must stay blank on either side, and above and below.
    """

    text: str
    rows: tuple[str, ...]
    quiet_x: int
    quiet_y: int

    @property
    def wide(self) -> int:
        """Modules from side to side, the blank ones included."""
        return len(self.rows[0]) + 2 * self.quiet_x

    @property
    def high(self) -> int:
        """Modules from top to bottom, the blank ones included; a code of bars is as high as it is drawn."""
        return len(self.rows) + 2 * self.quiet_y


@lru_cache(maxsize=1024)
def datamatrix(elements: tuple[tuple[str, str], ...]) -> Symbol:
    """The square GS1 DataMatrix of `elements`, each an application identifier and its value.

    Those of a fixed length are best put first, since they need no separator. Raises InputError for a trade item's
    number, and for each value that GS1 can't carry: other than 1 to 20 of its letters, digits and signs.

    >>> datamatrix((("17", "261205"), ("10", "L1"), ("21", "RX-1"))).text
    '(17)261205(10)L1(21)RX-1'
    """
    faults = [_fault(f"({identifier})", value) for identifier, value in elements if not _fits(identifier, value)]
    if faults:
        raise InputError(faults)
    # A bracket in a value would end it if round ones marked the identifiers; square ones are no GS1 character.
    marked = "".join(f"[{identifier}]{value}" for identifier, value in elements)
    code = zxingcpp.create_barcode(marked, zxingcpp.BarcodeFormat.DataMatrix, gs1=True, force_square=True)
    return Symbol(text=code.text, rows=_rows(code), quiet_x=1, quiet_y=1)


def _fits(identifier: str, value: str) -> bool:
    return identifier not in _TRADE_ITEM and bool(_ELEMENT.fullmatch(value))


def can_be_barred(text: str) -> bool:
    """Whether Code 128 holds `text`; a UUID it does, a number in Cyrillic it does not."""
    return bool(_BARRED.fullmatch(text))


@lru_cache(maxsize=1024)
def code128(text: str) -> Symbol:
    """`text` in Code 128, one row of bars.

    Raises InputError for other than 1 to 40 printable ASCII characters; `can_be_barred` tells before.
    """
    if not can_be_barred(text):
        raise InputError([_fault("Code 128", text)])
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
    return Symbol(text=text, rows=_rows(code)[:1], quiet_x=10, quiet_y=0)


def _rows(code: zxingcpp.Barcode) -> tuple[str, ...]:
    """The modules of an encoded symbol; its picture has one pixel each, 0 for dark."""
    picture = memoryview(zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False))  # type: ignore[arg-type]
    high, wide = picture.shape or (0, 0)
    pixels = picture.tobytes().translate(_AS_MODULES).decode("ascii")
    return tuple(pixels[place * wide : (place + 1) * wide] for place in range(high))


_AS_MODULES = bytes(ord("0") if light else ord("1") for light in range(256))


def _fault(kind: str, found: str) -> Fault:
    remedy = "give 1 to 20 plain letters, digits or signs, without spaces"
    return Fault(file="plan", key=f"barcode {kind}", found=repr(found), remedy=remedy)


@cache
def module_size(dpi: int) -> float:
    """The side of a module [pt]: the fewest whole printer dots that scan reliably.

    >>> [round(module_size(dpi) / 72 * dpi) for dpi in (203, 300, 600)]
    [3, 4, 8]
    """
    dots = math.ceil(round(_LEAST_MODULE / _MILLIMETRES * dpi, 6))
    return max(dots, _LEAST_DOTS) * _POINTS / dpi


def to_dots(length: float, dpi: int) -> int:
    """Whole printer dots in `length` points; a length that is whole but for its last bits counts as whole.

    >>> to_dots(module_size(203), 203), to_dots(1.0, 203)
    (3, 2)
    """
    return math.floor(round(length * dpi / _POINTS, 6))


def on_dots(length: float, dpi: int) -> float:
    """`length` [pt] cut down to whole printer dots."""
    return to_dots(length, dpi) * _POINTS / dpi
