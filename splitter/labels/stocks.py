"""The label stock that is built in.

Sizes of sheets are those of LibreOffice's labels.xml, in which two margins, the pitches and a label add up to the
page; those of Dymo and of thermal rolls are of the printers' own drivers; Brother's and the British roll's are as they
are sold. A test page (`splitter stock NAME -o test.pdf`) shows whether a printer agrees.
"""

from __future__ import annotations

from splitter.labels.stock import INCH, MILLIMETRE, Sheet, Stock

_LETTER = (8.5 * INCH, 11 * INCH)
_A4 = (210 * MILLIMETRE, 297 * MILLIMETRE)
_THERMAL, _FINE, _LASER = 203, 300, 600
# Words keep this far from a die-cut edge, which printers miss by about a millimetre.
_SIDE, _EDGE = 7.0, 4.0
_SHEET_SIDE, _SHEET_EDGE = 6.0, 5.0
# Dymo printers leave 16.6 pt blank at one short end; which one depends on how the page is turned.
_DYMO_END, _DYMO_EDGE = 17.0, 4.3


def _roll(name: str, wide: float, high: float, dpi: int = _THERMAL, *, side: float = _SIDE) -> Stock:
    return Stock(name=name, wide=wide, high=high, left=side, right=side, top=_EDGE, bottom=_EDGE, dpi=dpi)


def _dymo(name: str, wide: float, high: float) -> Stock:
    """`wide` is the long side [pt]: words run along it."""
    return Stock(
        name=name, wide=wide, high=high,
        left=_DYMO_END, right=_DYMO_END, top=_DYMO_EDGE, bottom=_DYMO_EDGE, dpi=_FINE,
    )  # fmt: skip


def _sheet(name: str, wide: float, high: float, sheet: Sheet) -> Stock:
    """A label of `wide` by `high` points on a sheet."""
    return Stock(
        name=name, wide=wide, high=high,
        left=_SHEET_SIDE, right=_SHEET_SIDE, top=_SHEET_EDGE, bottom=_SHEET_EDGE, dpi=_LASER, sheet=sheet,
    )  # fmt: skip


def _letter(grid: tuple[int, int], corner: tuple[float, float], pitch: tuple[float, float]) -> Sheet:
    """Columns and rows on a Letter page; lengths in inches."""
    return _page(_LETTER, grid, (corner[0] * INCH, corner[1] * INCH), (pitch[0] * INCH, pitch[1] * INCH))


def _a4(grid: tuple[int, int], corner: tuple[float, float], pitch: tuple[float, float]) -> Sheet:
    """Columns and rows on an A4 page; lengths in millimetres."""
    there = (corner[0] * MILLIMETRE, corner[1] * MILLIMETRE)
    return _page(_A4, grid, there, (pitch[0] * MILLIMETRE, pitch[1] * MILLIMETRE))


def _page(
    size: tuple[float, float], grid: tuple[int, int], corner: tuple[float, float], pitch: tuple[float, float]
) -> Sheet:
    return Sheet(
        wide=size[0], high=size[1], columns=grid[0], rows=grid[1],
        left=corner[0], top=corner[1], pitch_x=pitch[0], pitch_y=pitch[1],
    )  # fmt: skip


ROLL_4X2 = _roll("4x2", 4 * INCH, 2 * INCH)

_ROLLS = (
    ROLL_4X2,
    _roll("4x3.33", 4 * INCH, 10 / 3 * INCH),
    _roll("4x6", 4 * INCH, 6 * INCH, side=10),
    _roll("2.25x1.25", 2.25 * INCH, 1.25 * INCH, side=4),
    _dymo("dymo-30252", 252, 79),
    _dymo("dymo-30256", 288, 166.6),
    _dymo("dymo-99012", 251, 101.3),
    _roll("brother-62x100", 100 * MILLIMETRE, 62 * MILLIMETRE, _FINE),
    _roll("uk-70x35", 70 * MILLIMETRE, 35 * MILLIMETRE, side=5),
)
_SHEETS = (
    _sheet("avery-5160", 2.625 * INCH, INCH, _letter((3, 10), (0.1875, 0.5), (2.75, 1))),
    _sheet("avery-5163", 4 * INCH, 2 * INCH, _letter((2, 5), (0.15625, 0.5), (4.1875, 2))),
    _sheet("avery-5164", 4 * INCH, 10 / 3 * INCH, _letter((2, 3), (0.15625, 0.5), (4.1875, 10 / 3))),
    _sheet("avery-l7160", 63.5 * MILLIMETRE, 38.1 * MILLIMETRE, _a4((3, 7), (7.2, 15.15), (66.04, 38.1))),
    _sheet("avery-l7163", 99.1 * MILLIMETRE, 38.1 * MILLIMETRE, _a4((2, 7), (4.67, 15.15), (101.6, 38.1))),
)
STOCKS = {stock.name: stock for stock in (*_ROLLS, *_SHEETS)}
"""By the name that `--stock` takes."""
