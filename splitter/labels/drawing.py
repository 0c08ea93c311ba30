"""Marks to PDF: embedded fonts, one content stream a page, the same bytes each time.

What labels are full of (text, rules, barcodes) is written straight as PDF operators, since reportlab's own way spends
most of its time on the formatting of numbers; the rest is drawn by its canvas. Positions are written to a hundredth of
a point.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from functools import cache

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from splitter.labels.fonts import Face, subsets
from splitter.labels.marks import Box, Code, Inset, Mark, Page, Rule, Sector, Shape, Text
from splitter.labels.shaping import shown

AUTHOR = "Splitter"
# Content as plain bytes: armouring it as ASCII, the default, takes half as long again and a quarter more room.
rl_config.useA85 = 0


def pdf(pages: Iterable[Page], title: str) -> bytes:
    """The pages as one PDF with embedded fonts; the same pages give the same bytes. `title` must name no patient."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1, pageCompression=1, lang="en-US")
    canvas.setTitle(title)
    canvas.setAuthor(AUTHOR)
    canvas.setCreator(AUTHOR)
    canvas.setSubject("")
    pen = _Pen(canvas)
    for page in pages:
        canvas.setPageSize((page.wide, page.high))
        pen.draw(page.marks)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


class _Pen:
    """Draws marks on one canvas, and remembers what recurs: words, and pages that are insets of others."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._words: dict[tuple[str, Face, float], str] = {}
        self._insets: dict[int, tuple[Page, str]] = {}

    def draw(self, marks: Iterable[Mark]) -> None:
        for mark in marks:
            if isinstance(mark, Text):
                self._canvas.addLiteral(self._text(mark))
            elif isinstance(mark, Rule):
                self._canvas.addLiteral(_rule(mark))
            elif isinstance(mark, Code):
                self._canvas.addLiteral(_code(mark))
            elif isinstance(mark, Inset):
                self._draw_inset(mark)
            elif isinstance(mark, Box):
                _draw_box(self._canvas, mark)
            else:
                _draw_path(self._canvas, mark)

    def _text(self, mark: Text) -> str:
        key = mark.text, mark.face, mark.size
        words = self._words.get(key)
        if words is None:
            words = self._words[key] = _words(mark, self._canvas)
        line = f"BT 1 0 0 1 {mark.x:.2f} {mark.y:.2f} Tm {words} ET"
        return f"{mark.grey:.3g} g {line} 0 g" if mark.grey else line

    def _draw_inset(self, inset: Inset) -> None:
        canvas, page = self._canvas, inset.page
        if id(page) not in self._insets:
            self._insets[id(page)] = page, f"inset{len(self._insets) + 1}"
            canvas.beginForm(self._insets[id(page)][1], 0, 0, page.wide, page.high)
            self.draw(page.marks)
            canvas.endForm()
        canvas.saveState()
        canvas.translate(inset.x, inset.y)
        canvas.scale(inset.scale, inset.scale)
        canvas.doForm(self._insets[id(page)][1])
        canvas.restoreState()


def _words(mark: Text, canvas: Canvas) -> str:
    """The operators that choose the type and show the words."""
    return " ".join(
        f"{name} {mark.size:g} Tf ({''.join(map(_ESCAPED.__getitem__, data))}) Tj"
        for name, data in subsets(shown(mark.text), mark.face, canvas)
    )


# Each byte as it stands within a string of a PDF.
_ESCAPED = tuple(
    f"\\{chr(byte)}" if chr(byte) in "()\\" else chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"
    for byte in range(256)
)


def _rule(mark: Rule) -> str:
    ends = f"{mark.x:.2f} {mark.y:.2f} m {mark.to_x:.2f} {mark.to_y:.2f} l"
    return f"{mark.grey:.3g} G {mark.weight:.3g} w {ends} S"


def _code(mark: Code) -> str:
    """All dark modules as one path, whose unit is the module: filled one by one, they would show seams on a screen."""
    symbol, module = mark.symbol, mark.module
    left, bottom = mark.x + symbol.quiet_x * module, mark.y + symbol.quiet_y * module
    high = module if mark.height is None else mark.height
    path = "".join(
        _strip(at, line, row[at : at + _STRIP])
        for line, row in enumerate(reversed(symbol.rows))
        for at in range(0, len(row), _STRIP)
    )
    return f"q {module:.5f} 0 0 {high:.5f} {left:.5f} {bottom:.5f} cm {path}f Q"


_STRIP = 8


@cache
def _strip(x: int, y: int, modules: str) -> str:
    """A few modules of one row as rectangles; so few that all there are can be kept."""
    runs = (run.span() for run in re.finditer("1+", modules))
    return "".join(f"{x + start} {y} {end - start} 1 re " for start, end in runs)


def _draw_box(canvas: Canvas, mark: Box) -> None:
    if mark.fill is None:
        canvas.setStrokeGray(0)
        canvas.setLineWidth(0.6)
        canvas.rect(mark.x, mark.y, mark.wide, mark.high)
    else:
        canvas.setFillGray(mark.fill)
        canvas.rect(mark.x, mark.y, mark.wide, mark.high, stroke=0, fill=1)
        canvas.setFillGray(0)


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
