"""Words down a page and on to the next: paragraphs and tables that are measured, never clipped.

Lengths are in points. Every page ends with the same foot and its number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from splitter.errors import Fault, InputError
from splitter.labels.fonts import Face, width
from splitter.labels.marks import Box, Mark, Page, Rule, Text
from splitter.sheets.cells import Cell, Grid

LETTER = (612.0, 792.0)
LETTER_LANDSCAPE = (792.0, 612.0)
MARGIN = 36.0
_FOOT_HEIGHT = 20.0
_FOOT_SIZE = 7.5
_TINT = 0.92
# What must be left on a page for a heading or a band to begin there: itself and two rows below it.
_TOGETHER = 75.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its title and its share of the width. Without any titles, a table has no head."""

    title: str
    share: float
    right: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """A row that is one tinted band of bold words over the whole width."""

    text: str


Row = Sequence[Cell] | Band


class Flow:
    """Pages being filled from the top; `size` is the type size of their words."""

    def __init__(self, size: float = 9, paper: tuple[float, float] = LETTER) -> None:
        self.size = size
        self.wide, self.high = paper
        self._pages: list[list[Mark]] = []
        self._top = 0.0
        self._turn()

    @property
    def room(self) -> float:
        """The width between the margins."""
        return self.wide - 2 * MARGIN

    def pages(self) -> tuple[Page, ...]:
        """The pages so far, still without their feet."""
        return tuple(Page(wide=self.wide, high=self.high, marks=tuple(marks)) for marks in self._pages)

    def space(self, height: float) -> None:
        """Leave `height` blank."""
        self._top -= height

    def title(self, text: str) -> None:
        """The heading of a sheet, above a heavy rule."""
        self.paragraph(text, bold=True, size=16)
        self.space(2)
        self._rule(weight=1.2, grey=0)
        self.space(5)

    def heading(self, text: str) -> None:
        """The heading of a part, on the page of what follows it."""
        self.keep(_TOGETHER)
        self.space(9)
        self.paragraph(text, bold=True, size=self.size + 2)
        self.space(2)

    def paragraph(self, text: str, *, bold: bool = False, tick: bool = False, size: float | None = None) -> None:
        """Words over the whole width, with a box to tick before them where asked."""
        grid = Grid(widths=(self.room,), size=size or self.size, pad=0.5)
        self._row((Cell(text, bold=bold, tick=tick),), grid)

    def table(self, columns: Sequence[Column], rows: Iterable[Row], size: float | None = None) -> None:
        """Rows with a line under each; the head is repeated on every page."""
        shares = sum(column.share for column in columns)
        grid = Grid(
            widths=tuple(self.room * column.share / shares for column in columns),
            rights=frozenset(place for place, column in enumerate(columns) if column.right),
            size=size or self.size,
        )
        head = tuple(Cell(column.title, bold=True) for column in columns)
        titled = any(column.title for column in columns)
        for place, row in enumerate(rows):
            if titled and place == 0:
                self.keep(grid.height(head) + self._needed(row, grid))
                self._tinted(head, grid)
            if self.keep(self._needed(row, grid)) and titled:
                self._tinted(head, grid)
            if isinstance(row, Band):
                self._tinted((Cell(row.text, bold=True),), replace(grid, widths=(self.room,), rights=frozenset()))
            else:
                self._row(row, grid)
                self._rule(weight=0.3, grey=0.6)

    def keep(self, height: float) -> bool:
        """Turn the page unless `height` is left on this one; says whether it was turned."""
        if self._top - height >= MARGIN + _FOOT_HEIGHT:
            return False
        self._turn()
        return True

    def _needed(self, row: Row, grid: Grid) -> float:
        """The height that a row needs on its page; a band needs the rows after it, too."""
        return _TOGETHER if isinstance(row, Band) else grid.height(row)

    def _tinted(self, cells: Sequence[Cell], grid: Grid) -> None:
        height = grid.height(cells)
        self._add(Box(x=MARGIN, y=self._top - height, wide=self.room, high=height, fill=_TINT))
        self._row(cells, grid)

    def _row(self, cells: Sequence[Cell], grid: Grid) -> None:
        height = grid.height(cells)
        self.keep(height)
        if self._top - height < MARGIN + _FOOT_HEIGHT:
            found = repr(max((cell.text for cell in cells), key=len)[:60])
            raise InputError([Fault(file="plan", key="sheets", found=found, remedy="shorten it to less than a page")])
        for mark in grid.marks(cells, MARGIN, self._top):
            self._add(mark)
        self._top -= height

    def _rule(self, weight: float, grey: float) -> None:
        self._add(Rule(x=MARGIN, y=self._top, to_x=self.wide - MARGIN, to_y=self._top, weight=weight, grey=grey))

    def _add(self, mark: Mark) -> None:
        self._pages[-1].append(mark)

    def _turn(self) -> None:
        self._pages.append([])
        self._top = self.high - MARGIN


def numbered(pages: Sequence[Page], foot: str) -> tuple[Page, ...]:
    """The pages with `foot` and "page 1 of 9" under each."""
    return tuple(_with_foot(page, foot, f"page {place} of {len(pages)}") for place, page in enumerate(pages, 1))


def _with_foot(page: Page, foot: str, number: str) -> Page:
    x = page.wide - MARGIN - width(number, Face.REGULAR, _FOOT_SIZE)
    marks = (
        Rule(x=MARGIN, y=MARGIN + 10, to_x=page.wide - MARGIN, to_y=MARGIN + 10, weight=0.3, grey=0.6),
        Text(x=MARGIN, y=MARGIN, text=foot, face=Face.REGULAR, size=_FOOT_SIZE),
        Text(x=x, y=MARGIN, text=number, face=Face.REGULAR, size=_FOOT_SIZE),
    )
    return replace(page, marks=page.marks + marks)
