"""What lies where on a page, before any format knows of it, and the PDF that shows it.

Positions are in points from the page's lower left corner. The text of a mark is one line, already measured.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from splitter.labels.fonts import ASCENT, DESCENT, Face, registered, width

AUTHOR = "Splitter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One line of text whose baseline begins at x, y."""

    x: float
    y: float
    text: str
    face: Face
    size: float

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


Mark = Text | Rule | Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of `wide` by `high` points with its marks, drawn in order."""

    wide: float
    high: float
    marks: tuple[Mark, ...]


def pdf(pages: Iterable[Page], title: str) -> bytes:
    """The pages as one PDF with embedded fonts; the same pages give the same bytes. `title` must name no patient."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1, pageCompression=1, lang="en-US")
    canvas.setTitle(title)
    canvas.setAuthor(AUTHOR)
    canvas.setCreator(AUTHOR)
    canvas.setSubject("")
    for page in pages:
        canvas.setPageSize((page.wide, page.high))
        for mark in page.marks:
            _draw(canvas, mark)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw(canvas: Canvas, mark: Mark) -> None:
    if isinstance(mark, Text):
        canvas.setFont(registered(mark.face), mark.size)
        canvas.drawString(mark.x, mark.y, mark.text)
    elif isinstance(mark, Rule):
        canvas.setStrokeGray(mark.grey)
        canvas.setLineWidth(mark.weight)
        canvas.line(mark.x, mark.y, mark.to_x, mark.to_y)
    elif mark.fill is None:
        canvas.setStrokeGray(0)
        canvas.setLineWidth(0.6)
        canvas.rect(mark.x, mark.y, mark.wide, mark.high)
    else:
        canvas.setFillGray(mark.fill)
        canvas.rect(mark.x, mark.y, mark.wide, mark.high, stroke=0, fill=1)
        canvas.setFillGray(0)
