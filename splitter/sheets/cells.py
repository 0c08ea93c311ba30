"""A row of cells: measured, then placed. Lengths are in points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from splitter.errors import Fault, InputError
from splitter.labels.fonts import ASCENT, LEADING, Face, TooWideError, width, wrap
from splitter.labels.marks import Box, Mark, Text

# The least height of a row with a box to write in, as a share of the type size.
_BLANK_HEIGHT = 2.2
# The side of a box to tick, and the blank on its right, as shares of the type size.
_TICK, _TICK_GAP = 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: words, a box to tick before them, or (`blank`) an empty box to write in."""

    text: str = ""
    bold: bool = False
    tick: bool = False
    blank: bool = False

    @property
    def face(self) -> Face:
        return Face.BOLD if self.bold else Face.REGULAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The columns that cells stand in: their widths, which are set to the right, the type size, the blank around."""

    widths: tuple[float, ...]
    size: float
    rights: frozenset[int] = frozenset()
    pad: float = 3.0

    def height(self, cells: Sequence[Cell]) -> float:
        """The height of a row.

        Raises InputError for a word that is wider than its column.
        """
        lines = max(len(self._lines(cell, place)) for place, cell in enumerate(cells))
        blank = _BLANK_HEIGHT * self.size if any(cell.blank for cell in cells) else 0
        return max(lines * self.size * LEADING + 2 * self.pad, blank)

    def marks(self, cells: Sequence[Cell], x: float, top: float) -> Iterator[Mark]:
        """The marks of a row whose upper left corner is at `x`, `top`."""
        height = self.height(cells)
        for place, cell in enumerate(cells):
            if cell.blank:
                yield Box(x=x + 2, y=top - height + 2, wide=self.widths[place] - 4, high=height - 4)
            yield from self._words(cell, place, x, top - self.pad)
            x += self.widths[place]

    def _words(self, cell: Cell, place: int, x: float, top: float) -> Iterator[Mark]:
        left = x + self._indent(cell)
        baseline = top - ASCENT * self.size
        if cell.tick:
            side = _TICK * self.size
            yield Box(x=x + self._side, y=baseline - 0.04 * self.size, wide=side, high=side)
        for line in self._lines(cell, place):
            if line:
                end = x + self.widths[place] - self._side - width(line, cell.face, self.size)
                start = end if place in self.rights else left
                yield Text(x=start, y=baseline, text=line, face=cell.face, size=self.size)
            baseline -= self.size * LEADING

    @property
    def _side(self) -> float:
        """The blank on the left and the right of a cell's words."""
        return self.pad if self.pad >= 1 else 0

    def _indent(self, cell: Cell) -> float:
        return self._side + ((_TICK + _TICK_GAP) * self.size if cell.tick else 0)

    def _lines(self, cell: Cell, place: int) -> tuple[str, ...]:
        if not cell.text:
            return ("",)
        try:
            room = self.widths[place] - self._indent(cell) - self._side
            return wrap(cell.text, cell.face, self.size, room)
        except TooWideError as error:
            remedy = "shorten it; it is wider than its column on the sheet"
            raise InputError([Fault(file="plan", key="sheets", found=repr(str(error)), remedy=remedy)]) from None
