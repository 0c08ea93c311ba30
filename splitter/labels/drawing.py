"""Marks to PDF: embedded fonts, one content stream a page, the same bytes each time."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable

from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from splitter.labels.fonts import registered
from splitter.labels.marks import Code, Inset, Mark, Page, Rule, Sector, Shape, Text
from splitter.labels.shaping import shown

AUTHOR = "Splitter"
_RUN = re.compile("1+")

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
        canvas.drawString(mark.x, mark.y, shown(mark.text))
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
