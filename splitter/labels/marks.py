"""What lies where on a page, before any format knows of it, and the PDF that shows it.

Positions are in points from the page's lower left corner. The text of a mark is one line, already measured.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from splitter.labels.barcodes import Symbol
from splitter.labels.fonts import ASCENT, DESCENT, Face, registered, width

AUTHOR = "Splitter"
_RUN = re.compile("1+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One line of text whose baseline begins at x, y; `grey` from 0 (black) to 1 (white)."""

    x: float
    y: float
    text: str
    face: Face
    size: float
    grey: float = 0

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        right = self.x + width(self.text, self.face, self.size)
        return self.x, self.y - DESCENT * self.size, right, self.y + ASCENT * self.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A straight line; `grey` from 0 (black) to 1 (white)."""

    x: float
    y: float
    to_x: float
    to_y: float
    weight: float = 0.5
    grey: float = 0

    @property
    def box(self) -> tuple[float, float, float, float]:
        return min(self.x, self.to_x), min(self.y, self.to_y), max(self.x, self.to_x), max(self.y, self.to_y)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle: an outline to write or tick in, or a tint when `fill` (0 black to 1 white) is given."""

    x: float
    y: float
    wide: float
    high: float
    fill: float | None = None

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.x, self.y, self.x + self.wide, self.y + self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Sector:
    """A slice of a disc around x, y: `sweep` degrees counterclockwise from `start` (0 is to the right); 360 is all."""

    x: float
    y: float
    radius: float
    start: float = 0
    sweep: float = 360
    fill: float = 1
    weight: float = 0.8

    @property
    def box(self) -> tuple[float, float, float, float]:
        """That of the whole disc."""
        return self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Straight lines through `points`, an area where `fill` (0 black to 1 white) is given; `weight` 0: no line."""

    points: tuple[tuple[float, float], ...]
    fill: float | None = None
    weight: float = 0.8
    grey: float = 0

    @property
    def box(self) -> tuple[float, float, float, float]:
        across, upward = zip(*self.points, strict=True)
        return min(across), min(upward), max(across), max(upward)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inset:
    """A page drawn at `scale` on another, its lower left corner at x, y; one that recurs is stored once."""

    x: float
    y: float
    scale: float
    page: Page

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.x, self.y, self.x + self.page.wide * self.scale, self.y + self.page.high * self.scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A barcode whose blank zone has its lower left corner at x, y; `module` is the side of a module [pt].

    `height` is that of the bars [pt]; the modules of a DataMatrix are square, and it has none.
    """

    x: float
    y: float
    module: float
    symbol: Symbol
    height: float | None = None

    @property
    def box(self) -> tuple[float, float, float, float]:
        """With the zone that must stay blank."""
        high = self.symbol.high * self.module if self.height is None else self.height
        return self.x, self.y, self.x + self.symbol.wide * self.module, self.y + high


Mark = Text | Rule | Box | Sector | Shape | Inset | Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of `wide` by `high` points with its marks, drawn in order."""

    wide: float
    high: float
    marks: tuple[Mark, ...]


# The pages that are stored as insets, by their identity, each with its name in the file.
_Insets = dict[int, tuple[Page, str]]


def pdf(pages: Iterable[Page], title: str) -> bytes:
    """The pages as one PDF with embedded fonts; the same pages give the same bytes. `title` must name no patient."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1, pageCompression=1, lang="en-US")
    canvas.setTitle(title)
    canvas.setAuthor(AUTHOR)
    canvas.setCreator(AUTHOR)
    canvas.setSubject("")
    insets: _Insets = {}
    for page in pages:
        canvas.setPageSize((page.wide, page.high))
        for mark in page.marks:
            _draw(canvas, mark, insets)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw(canvas: Canvas, mark: Mark, insets: _Insets) -> None:
    if isinstance(mark, Text):
        canvas.setFont(registered(mark.face), mark.size)
        if mark.grey:
            canvas.setFillGray(mark.grey)
        canvas.drawString(mark.x, mark.y, mark.text)
        if mark.grey:
            canvas.setFillGray(0)
    elif isinstance(mark, Rule):
        canvas.setStrokeGray(mark.grey)
        canvas.setLineWidth(mark.weight)
        canvas.line(mark.x, mark.y, mark.to_x, mark.to_y)
    elif isinstance(mark, Inset):
        _draw_inset(canvas, mark, insets)
    elif isinstance(mark, Sector | Shape):
        _draw_path(canvas, mark)
    elif isinstance(mark, Code):
        _draw_code(canvas, mark)
    elif mark.fill is None:
        canvas.setStrokeGray(0)
        canvas.setLineWidth(0.6)
        canvas.rect(mark.x, mark.y, mark.wide, mark.high)
    else:
        canvas.setFillGray(mark.fill)
        canvas.rect(mark.x, mark.y, mark.wide, mark.high, stroke=0, fill=1)
        canvas.setFillGray(0)


def _draw_inset(canvas: Canvas, inset: Inset, insets: _Insets) -> None:
    page = inset.page
    if id(page) not in insets:
        insets[id(page)] = page, f"inset{len(insets) + 1}"
        canvas.beginForm(insets[id(page)][1], 0, 0, page.wide, page.high)
        for mark in page.marks:
            _draw(canvas, mark, insets)
        canvas.endForm()
    canvas.saveState()
    canvas.translate(inset.x, inset.y)
    canvas.scale(inset.scale, inset.scale)
    canvas.doForm(insets[id(page)][1])
    canvas.restoreState()


def _draw_code(canvas: Canvas, code: Code) -> None:
    """All dark modules as one path: filled one by one, they would show seams on a screen."""
    symbol, module = code.symbol, code.module
    canvas.saveState()
    canvas.translate(code.x + symbol.quiet_x * module, code.y + symbol.quiet_y * module)
    canvas.scale(module, module if code.height is None else code.height)
    path = canvas.beginPath()
    for line, row in enumerate(reversed(symbol.rows)):
        for run in _RUN.finditer(row):
            path.rect(run.start(), line, run.end() - run.start(), 1)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()


def _draw_path(canvas: Canvas, mark: Sector | Shape) -> None:
    canvas.setLineWidth(mark.weight)
    canvas.setStrokeGray(mark.grey if isinstance(mark, Shape) else 0)
    canvas.setFillGray(1 if mark.fill is None else mark.fill)
    canvas.drawPath(_path(canvas, mark), stroke=mark.weight > 0, fill=mark.fill is not None)
    canvas.setFillGray(0)


def _path(canvas: Canvas, mark: Sector | Shape) -> PDFPathObject:
    path = canvas.beginPath()
    if isinstance(mark, Shape):
        first, *others = mark.points
        path.moveTo(*first)
        for point in others:
            path.lineTo(*point)
    elif mark.sweep >= 360:
        path.circle(mark.x, mark.y, mark.radius)
        return path
    else:
        path.moveTo(mark.x, mark.y)
        path.arcTo(*mark.box, startAng=mark.start, extent=mark.sweep)
    if mark.fill is not None:
        path.close()
    return path
