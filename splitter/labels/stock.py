"""What labels are printed on, as geometry; all lengths are in points (1/72 in).

`stocks` holds those that are built in, `own_stock` reads one of the user's own, `imposing` fills sheets.
"""

from __future__ import annotations

from dataclasses import dataclass

INCH = 72.0
MILLIMETRE = INCH / 25.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page of several labels: its size, the number of labels, the first one's place, and from each to the next.

    `left` and `top` are the distances from the page's edges; a pitch holds a label and the gap behind it.
    """

    wide: float
    high: float
    columns: int
    rows: int
    left: float
    top: float
    pitch_x: float
    pitch_y: float

    @property
    def count(self) -> int:
        """Labels on a page."""
        return self.columns * self.rows

    def corner(self, place: int, label_high: float) -> tuple[float, float]:
        """The lower left corner of a label from the page's; `place` counts from 0, row by row."""
        row, column = divmod(place, self.columns)
        return self.left + column * self.pitch_x, self.high - self.top - row * self.pitch_y - label_high


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """One label: its size, the margins that stay blank, the printer's resolution [dots per inch].

    A margin holds what the printer can't reach and what keeps words off the edge. A roll has one label to a page
    and no `sheet`.
    """

    name: str
    wide: float
    high: float
    left: float
    right: float
    top: float
    bottom: float
    dpi: int
    sheet: Sheet | None = None

    @property
    def room_wide(self) -> float:
        """The width between the margins."""
        return self.wide - self.left - self.right

    @property
    def room_high(self) -> float:
        """The height between the margins."""
        return self.high - self.top - self.bottom
