"""Words down a page and on to the next: paragraphs and tables that are measured, never clipped.

Lengths are in points. Every page ends with the same foot and its number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TypeVar

from splitter.errors import Fault, InputError
from splitter.labels.fonts import ASCENT, LEADING, Face, width
from splitter.labels.marks import Box, Inset, Mark, Page, Rule, Text
from splitter.sheets.cells import BLANK_HEIGHT, Cell, RowStyle

Paper = tuple[float, float]
_T = TypeVar("_T")
A4: Paper = (595.28, 841.89)
LETTER: Paper = (612.0, 792.0)
MARGIN = 36.0
# The blank above and below the words of a row: as much as costs no page [pt].
PADS = (3.0, 2.0, 1.5)
_FOOT_HEIGHT = 20.0
_FOOT_SIZE = 7.5
_TITLE_SIZE = 16.0
_TINT, _DARK = 0.92, 0.2
_FRAME_PAD = 6.0
_GAP = 6.0
_SIGNATURE_HIGH = 28.0
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
    """A row that is one dark band of bold words over the whole width; with the row after it unless it is `alone`."""

    text: str
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Lead:
    """A row that goes before the rows below it, and stands above them again on each page, until a band comes."""

    cells: Sequence[Cell]


Row = Sequence[Cell] | Band | Lead


class Flow:
    """Pages being filled from the top; `name` stands in their feet, `size` is the type size of their words.

    `pad` is the blank above and below the words of a table's rows, unless a table has its own.
    """

    def __init__(self, name: str = "", size: float = 9, paper: Paper = LETTER, pad: float = PADS[0]) -> None:
        self.name = name
        self.size = size
        self.pad = pad
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

    @property
    def full(self) -> float:
        """The height of a page between its margins, above its foot."""
        return self.high - 2 * MARGIN - _FOOT_HEIGHT

    @property
    def line(self) -> float:
        """The height of a line of a paragraph."""
        return self.size * LEADING + 1

    @property
    def length(self) -> int:
        """How many pages there are so far."""
        return len(self._pages)

    def space(self, height: float) -> None:
        """Leave `height` blank."""
        self._top -= height

    def title(self, text: str, beside: str = "") -> None:
        """The heading of a sheet, above a heavy rule; `beside` stands at its right end."""
        if beside:
            x = self.wide - MARGIN - width(beside, Face.BOLD, self.size + 2)
            baseline = self._top - _TITLE_SIZE * ASCENT - 0.5
            self._add(Text(x=x, y=baseline, text=beside, face=Face.BOLD, size=self.size + 2))
        taken = width(beside, Face.BOLD, self.size + 2) + _GAP if beside else 0
        style = RowStyle(widths=(self.room - taken,), size=_TITLE_SIZE, pad=0.5)
        self._row((Cell(text, bold=True),), style)
        self.space(2)
        self._rule(weight=1.2, grey=0)
        self.space(5)

    def heading(self, text: str) -> None:
        """The heading of a part, on the page of what follows it."""
        self.keep(_TOGETHER)
        self.space(3 * self.pad)
        self.paragraph(text, bold=True, size=self.size + 2)
        self.space(2)

    def paragraph(self, text: str, *, bold: bool = False, tick: bool = False, size: float | None = None) -> None:
        """Words over the whole width, with a box to tick before them where asked."""
        style = RowStyle(widths=(self.room,), size=size or self.size, pad=0.5)
        self._row((Cell(text, bold=bold, tick=tick),), style)

    def frame(self, paragraphs: Sequence[Cell], weight: float = 1.2) -> None:
        """Paragraphs in a frame, together on one page."""
        style = RowStyle(widths=(self.room - 2 * _FRAME_PAD,), size=self.size, pad=1.5)
        high = sum(style.height((cell,)) for cell in paragraphs) + 2 * _FRAME_PAD
        self.keep(high)
        edges = (MARGIN + weight / 2, self._top, self.wide - MARGIN - weight / 2, self._top - high)
        self._top -= _FRAME_PAD
        for cell in paragraphs:
            self._row((cell,), style, MARGIN + _FRAME_PAD)
        self._top -= _FRAME_PAD
        self._edges(*edges, weight)

    def advice(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Bold heads, each with its words below if it has any, in a frame."""
        self.frame(
            [Cell(text, bold=not place) for pair in pairs for place, text in enumerate(pair) if text],
        )

    def _edges(self, left: float, top: float, right: float, bottom: float, weight: float) -> None:
        for x in (left, right):
            self._add(Rule(x=x, y=bottom, to_x=x, to_y=top, weight=weight))
        for y in (bottom, top):
            self._add(Rule(x=left, y=y, to_x=right, to_y=y, weight=weight))

    def legend(self, entries: Sequence[tuple[Page, str]]) -> None:
        """Pictures with words at their right, as many side by side as there is room for."""
        line: list[tuple[Page, str]] = []
        left = self.room
        for picture, text in entries:
            wide = picture.wide + width(text, Face.REGULAR, self.size) + 3 * _GAP
            if line and wide > left:
                self._legend_line(line)
                line, left = [], self.room
            line.append((picture, text))
            left -= wide
        if line:
            self._legend_line(line)

    def _legend_line(self, entries: Sequence[tuple[Page, str]]) -> None:
        widths: list[float] = []
        for picture, text in entries:
            widths += [picture.wide + _GAP, width(text, Face.REGULAR, self.size) + 2 * _GAP]
        widths[-1] = self.room - sum(widths[:-1])
        cells = [cell for picture, text in entries for cell in (Cell(pictures=(picture,)), Cell(text))]
        self._row(cells, RowStyle(widths=tuple(widths), size=self.size, pad=0, centred=True))

    def signatures(self, whose: Sequence[str]) -> None:
        """A row to sign in for each."""
        columns = (Column("", 30), Column("Name and signature", 50), Column("Date", 15), Column("Time", 15))
        rows = [(Cell(words, bold=True), *(Cell(blank=True),) * 3) for words in whose]
        self.table(columns, rows, blank=_SIGNATURE_HIGH)

    def inset(self, page: Page) -> None:
        """A page in its own size, from the left margin."""
        self.keep(page.high)
        self._add(Inset(x=MARGIN, y=self._top - page.high, scale=1, page=page))
        self._top -= page.high

    def specimens(self, pages: Sequence[Page], across: int, most: float = 1) -> None:
        """Pages drawn at the scale `most` or smaller, so many beside each other, each in a thin frame."""
        room = (self.room - (across - 1) * _GAP) / across
        for start in range(0, len(pages), across):
            row = pages[start : start + across]
            scales = self._scales(row, across, most)
            high = max(page.high * scale for page, scale in zip(row, scales, strict=True))
            self.keep(high + _GAP)
            for place, (page, scale) in enumerate(zip(row, scales, strict=True)):
                x, y = MARGIN + place * (room + _GAP), self._top - page.high * scale
                self._add(Inset(x=x, y=y, scale=scale, page=page))
                self._add(Box(x=x, y=y, wide=page.wide * scale, high=page.high * scale))
            self._top -= high + _GAP

    def specimens_high(self, pages: Sequence[Page], across: int, most: float = 1) -> float:
        """How high they will be under their heading."""
        high = _TOGETHER / 2
        for start in range(0, len(pages), across):
            row = pages[start : start + across]
            high += _GAP + max(
                page.high * scale for page, scale in zip(row, self._scales(row, across, most), strict=True)
            )
        return high

    def _scales(self, pages: Sequence[Page], across: int, most: float) -> list[float]:
        room = (self.room - (across - 1) * _GAP) / across
        return [min(most, room / page.wide, self._most_high / page.high) for page in pages]

    @property
    def _most_high(self) -> float:
        """The most that a specimen may take of a page's height."""
        return self.full / 2.2

    def table(
        self,
        columns: Sequence[Column],
        rows: Iterable[Row],
        pad: float | None = None,
        blank: float = BLANK_HEIGHT,
        ruled: bool = False,
        centred: bool = False,
    ) -> None:
        """Rows with a line under each, `blank` high where there is something to write; the head on every page.

        `ruled` columns have lines between them; `centred` cells stand in the middle of their row.
        """
        shares = sum(column.share for column in columns)
        style = RowStyle(
            widths=tuple(self.room * column.share / shares for column in columns),
            rights=frozenset(place for place, column in enumerate(columns) if column.right),
            size=self.size,
            pad=self.pad if pad is None else pad,
            blank=blank,
            ruled=ruled,
            centred=centred,
        )
        self._rows(tuple(rows), tuple(Cell(column.title, bold=True) for column in columns), style)

    def _rows(self, rows: tuple[Row, ...], head: tuple[Cell, ...], style: RowStyle) -> None:
        titled = any(cell.text for cell in head)
        lead: Lead | None = None
        for place, row in enumerate(rows):
            needed = self._needed(rows[place:], style)
            if titled and place == 0:
                self.keep(style.height(head) + needed)
                self._tinted(head, style)
            if self.keep(needed):
                if titled:
                    self._tinted(head, style)
                if lead and not isinstance(row, Band):
                    self._ruled_row(lead.cells, style)
            if isinstance(row, Band):
                lead = None
                self._tinted(*self._band(row, style), _DARK)
            elif isinstance(row, Lead):
                lead = row
                self._ruled_row(row.cells, style)
            else:
                self._ruled_row(row, style)

    def _ruled_row(self, cells: Sequence[Cell], style: RowStyle) -> None:
        """A row with the lines under it and between its columns."""
        top = self._top
        self._row(cells, style)
        self._rule(weight=0.3, grey=0.6)
        if style.ruled:
            self._columns(style, top)

    def _columns(self, style: RowStyle, top: float) -> None:
        """The lines between the columns of a row that began at `top`."""
        for x in accumulate(style.widths[:-1], initial=MARGIN):
            if x > MARGIN:
                self._add(Rule(x=x, y=self._top, to_x=x, to_y=top, weight=0.3, grey=0.6))

    def _band(self, band: Band, style: RowStyle) -> tuple[tuple[Cell, ...], RowStyle]:
        return (Cell(band.text, bold=True, white=True),), replace(style, widths=(self.room,), rights=frozenset())

    def keep(self, height: float) -> bool:
        """Turn the page unless `height` is left on this one; says whether it was turned."""
        if self._top - height >= MARGIN + _FOOT_HEIGHT:
            return False
        self._turn()
        return True

    def _needed(self, rows: tuple[Row, ...], style: RowStyle) -> float:
        """The height that the first of these rows needs on its page.

        Bands and leads stand with the row after them, a row with the lone band after it.
        """
        high = 0.0
        for place, row in enumerate(rows):
            high += self._height_of(row, style)
            after = rows[place + 1] if place + 1 < len(rows) else None
            if isinstance(row, Lead) or (isinstance(row, Band) and not row.alone):
                continue
            if not (isinstance(after, Band) and after.alone):
                break
        return high

    def _height_of(self, row: Row, style: RowStyle) -> float:
        if isinstance(row, Band):
            cells, whole = self._band(row, style)
            return whole.height(cells)
        return style.height(row.cells if isinstance(row, Lead) else row)

    def _tinted(self, cells: Sequence[Cell], style: RowStyle, tint: float = _TINT) -> None:
        height = style.height(cells)
        self._add(Box(x=MARGIN, y=self._top - height, wide=self.room, high=height, fill=tint))
        self._row(cells, style)

    def _row(self, cells: Sequence[Cell], style: RowStyle, x: float = MARGIN) -> None:
        height = style.height(cells)
        self.keep(height)
        if self._top - height < MARGIN + _FOOT_HEIGHT:
            found = repr(max((cell.text for cell in cells), key=len)[:60])
            raise InputError([Fault(file="plan", key="sheets", found=found, remedy="shorten it to less than a page")])
        for mark in style.marks(cells, x, self._top):
            self._add(mark)
        self._top -= height

    def _rule(self, weight: float, grey: float) -> None:
        self._add(Rule(x=MARGIN, y=self._top, to_x=self.wide - MARGIN, to_y=self._top, weight=weight, grey=grey))

    def _add(self, mark: Mark) -> None:
        self._pages[-1].append(mark)

    def _turn(self) -> None:
        self._pages.append([])
        self._top = self.high - MARGIN


def fewest_pages(made: Callable[[_T], Flow], pads: Sequence[_T]) -> Flow:
    """The flow that is made with the widest of these pads, widest first, with which it has as few pages as with any."""
    widest = made(pads[0])
    if widest.length == 1:
        return widest
    tightest = made(pads[-1])
    if widest.length == tightest.length:
        return widest
    between = (made(pad) for pad in pads[1:-1])
    return next((flow for flow in between if flow.length == tightest.length), tightest)


def numbered(flows: Iterable[Flow], foot: str) -> tuple[Page, ...]:
    """The pages of all flows; under each its flow's name, `foot`, and "page 1 of 9"."""
    named = [(page, flow.name) for flow in flows for page in flow.pages()]
    return tuple(
        _with_foot(page, f"{name}  ·  {foot}" if name else foot, f"page {place} of {len(named)}")
        for place, (page, name) in enumerate(named, 1)
    )


def _with_foot(page: Page, foot: str, number: str) -> Page:
    x = page.wide - MARGIN - width(number, Face.REGULAR, _FOOT_SIZE)
    marks = (
        Rule(x=MARGIN, y=MARGIN + 10, to_x=page.wide - MARGIN, to_y=MARGIN + 10, weight=0.3, grey=0.6),
        Text(x=MARGIN, y=MARGIN, text=foot, face=Face.REGULAR, size=_FOOT_SIZE),
        Text(x=x, y=MARGIN, text=number, face=Face.REGULAR, size=_FOOT_SIZE),
    )
    return replace(page, marks=page.marks + marks)
