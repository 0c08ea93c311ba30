"""A row of cells: measured, then placed. Lengths are in points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from splitter.errors import Fault, InputError
from splitter.labels.fonts import ASCENT, LEADING, Face, TooWideError, width, wrap
from splitter.labels.marks import Box, Inset, Mark, Page, Text

# The least height of a row with a box to write in [pt].
BLANK_HEIGHT = 20.0
# The side of a box to tick, and the blank on its right, as shares of the type size.
_TICK, _TICK_GAP = 0.8, 0.5
# Lines of words that are about as high as the pictures before them.
_FEW_LINES = 2
# Between pictures, beside and below each other [pt].
_BETWEEN = 3.0


def broken(name: str, size: float, room: float) -> str:
    """A person's name with each word that is wider than `room` cut at the ends of lines; nothing else may be cut so."""
    lines: list[str] = []
    for word in name.split(" "):
        line = ""
        for letter in word:
            if line and width(line + letter, Face.REGULAR, size) > room:
                lines.append(f"{line}\n")
                line = ""
            line += letter
        lines.append(f"{line} ")
    return "".join(lines).rstrip(" ")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: pictures above words, a box to tick before them, or (`blank`) an empty box to write in.

    `beside` each other, pictures stand before the words, for which there must be room. Words are broken where they hold
    a line's end, too. `white` words are for a dark ground.
    """

    text: str = ""
    bold: bool = False
    tick: bool = False
    blank: bool = False
    white: bool = False
    pictures: tuple[Page, ...] = ()
    beside: bool = False

    @property
    def face(self) -> Face:
        return Face.BOLD if self.bold else Face.REGULAR


@dataclass(frozen=True, slots=True, kw_only=True)
class RowStyle:
    """How rows of cells are set: the widths of columns, which are set to the right, the type size, the blank around.

    A box to write in is at least `blank` high; `centred` cells stand in the middle of their row;
    lines part `ruled` columns.
    """

    widths: tuple[float, ...]
    size: float
    rights: frozenset[int] = frozenset()
    pad: float = 3.0
    blank: float = BLANK_HEIGHT
    centred: bool = False
    ruled: bool = False

    def height(self, cells: Sequence[Cell]) -> float:
        """The height of a row.

        Raises InputError for a word that is wider than its column.
        """
        highest = max(self._content_height(cell, place) for place, cell in enumerate(cells))
        return max(highest + 2 * self.pad, self.blank if any(cell.blank for cell in cells) else 0)

    def marks(self, cells: Sequence[Cell], x: float, top: float) -> Iterator[Mark]:
        """The marks of a row whose upper left corner is at `x`, `top`; words beside boxes to write in are centred."""
        height = self.height(cells)
        centred = self.centred or any(cell.blank for cell in cells)
        for place, cell in enumerate(cells):
            if cell.blank:
                yield Box(x=x + 2, y=top - height + 2, wide=self.widths[place] - 4, high=height - 4)
            begin = top - ((height - self._content_height(cell, place)) / 2 if centred else self.pad)
            yield from self._pictures(cell, place, x + self._indent(cell), begin)
            yield from self._tick(cell, place, x, begin)
            yield from self._words(cell, place, x, begin - self._words_below(cell, place))
            x += self.widths[place]

    def fits_beside(self, cell: Cell, place: int) -> bool:
        """Whether the words of a cell have room beside its pictures, on few lines."""
        room = self.room(cell, place) - sum(page.wide + _BETWEEN for page in cell.pictures) - _BETWEEN
        try:
            return len(wrap(cell.text, cell.face, self.size, room)) <= _FEW_LINES
        except TooWideError:
            return False

    def lines(self, cell: Cell, place: int) -> int:
        """How many lines the words of a cell take."""
        return len(self._lines(cell, place))

    def _content_height(self, cell: Cell, place: int) -> float:
        if cell.beside:
            pictures = max((page.high for page in cell.pictures), default=0.0)
            return max(pictures, len(self._lines(cell, place)) * self.size * LEADING)
        lines = len(self._lines(cell, place)) if cell.text or not cell.pictures else 0
        return self._pictures_height(cell, place) + lines * self.size * LEADING

    def _words_below(self, cell: Cell, place: int) -> float:
        """How far below the top of the cell its words begin."""
        if cell.beside:
            lines = len(self._lines(cell, place)) * self.size * LEADING
            return (self._content_height(cell, place) - lines) / 2
        return self._pictures_height(cell, place)

    def _pictures_height(self, cell: Cell, place: int) -> float:
        return sum(max(page.high for page in row) + _BETWEEN for row in self._picture_rows(cell, place))

    def _picture_rows(self, cell: Cell, place: int) -> list[list[Page]]:
        """The pictures side by side, as many in a row as there is room for."""
        rows: list[list[Page]] = []
        left = 0.0
        for page in cell.pictures:
            if rows and page.wide <= left:
                rows[-1].append(page)
            else:
                rows.append([page])
                left = self.room(cell, place)
            left -= page.wide + _BETWEEN
        return rows

    def _pictures(self, cell: Cell, place: int, x: float, top: float) -> Iterator[Mark]:
        for row in self._picture_rows(cell, place):
            left, high = x, max(page.high for page in row)
            for page in row:
                yield Inset(x=left, y=top - (high + page.high) / 2, scale=1, page=page)
                left += page.wide + _BETWEEN
            top -= high + _BETWEEN

    def _tick(self, cell: Cell, place: int, x: float, top: float) -> Iterator[Mark]:
        """The box to tick, on the line of the first row of pictures or words."""
        if not cell.tick:
            return
        side = _TICK * self.size
        rows = self._picture_rows(cell, place)
        if rows:
            yield Box(x=x + self._side, y=top - (max(page.high for page in rows[0]) + side) / 2, wide=side, high=side)
        else:
            yield Box(x=x + self._side, y=top - (ASCENT + 0.04) * self.size, wide=side, high=side)

    def _words(self, cell: Cell, place: int, x: float, top: float) -> Iterator[Mark]:
        left = x + self._text_indent(cell)
        baseline = top - ASCENT * self.size
        for line in self._lines(cell, place):
            if line:
                end = x + self.widths[place] - self._side - width(line, cell.face, self.size)
                start = end if place in self.rights else left
                yield Text(x=start, y=baseline, text=line, face=cell.face, size=self.size, grey=1 if cell.white else 0)
            baseline -= self.size * LEADING

    @property
    def _side(self) -> float:
        """The blank on the left and the right of a cell's words."""
        return self.pad if self.pad >= 1 else 0

    def _indent(self, cell: Cell) -> float:
        return self._side + ((_TICK + _TICK_GAP) * self.size if cell.tick else 0)

    def _text_indent(self, cell: Cell) -> float:
        """Words below pictures begin under the box to tick, words beside them after the last."""
        if cell.beside:
            return self._indent(cell) + sum(page.wide + _BETWEEN for page in cell.pictures) + _BETWEEN
        return self._side if cell.pictures else self._indent(cell)

    def room(self, cell: Cell, place: int) -> float:
        """The width for pictures."""
        return self.widths[place] - self._indent(cell) - self._side

    def _lines(self, cell: Cell, place: int) -> tuple[str, ...]:
        if not cell.text:
            return ("",)
        try:
            room = self.widths[place] - self._text_indent(cell) - self._side
            return tuple(line for part in cell.text.split("\n") for line in wrap(part, cell.face, self.size, room))
        except TooWideError as error:
            remedy = "shorten it; it is wider than its column on the sheet"
            raise InputError([Fault(file="plan", key="sheets", found=repr(str(error)), remedy=remedy)]) from None
