"""Measured lines to marks on a page: the primary zone from the top, the secondary zone on the bottom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from splitter.labels.barcodes import module_size, on_dots
from splitter.labels.content import BAR_HEIGHT, GAP, Content, matrix_side
from splitter.labels.fonts import ASCENT, Face, width
from splitter.labels.marks import Code, Mark, Page, Rule, Text
from splitter.labels.setting import Line, Setting

# The most that is added between paragraphs, as a share of a line.
_AIR = 0.5


def place(content: Content, setting: Setting) -> Page:
    """The page of one label."""
    stock, setting = setting.stock, replace(setting, scale=content.scale)
    rule = stock.bottom + content.foot_height(setting) - GAP / 2
    marks = (*_primary(content, setting), *_foot(content, setting, rule), *_codes(content, setting))
    return Page(wide=stock.wide, high=stock.high, marks=marks)


def _primary(content: Content, setting: Setting) -> Iterator[Mark]:
    """The paragraphs, with what room there is shared out between them; patient and drug stay together."""
    stock = setting.stock
    spare = stock.room_high - content.primary_height(setting) - content.foot_height(setting)
    air = max(min(spare / len(content.primary), _AIR * setting.primary_leading), 0)
    top = stock.high - stock.top
    for number, paragraph in enumerate(content.primary):
        if number > 1:
            top -= air
        yield from _stacked(paragraph, stock.left, top, setting.primary_size, setting.primary_leading)
        top -= len(paragraph) * setting.primary_leading


def _foot(content: Content, setting: Setting, rule: float) -> Iterator[Mark]:
    stock, size, leading = setting.stock, setting.secondary_size, setting.secondary_leading
    left, right = stock.left, stock.wide - stock.right
    yield Rule(x=left, y=rule, to_x=right, to_y=rule, weight=1)
    top = rule - GAP / 2
    yield from _stacked(content.banner, left, top, setting.primary_size, setting.primary_leading)
    top -= content.banner_height(setting)
    if content.said:
        yield from _stacked(content.said, left, top, size, leading)
        top -= len(content.said) * leading + GAP
        yield Rule(x=left, y=top, to_x=right, to_y=top, weight=0.25, grey=0.5)
    for row in content.rows:
        for cell in row:
            yield from _stacked((cell.line,), left + cell.x, top, size, leading)
            if cell.blank:
                start = left + cell.x + width(f"{cell.line.head} ", Face.BOLD, size)
                base = top - ASCENT * size
                yield Rule(x=start, y=base, to_x=start + cell.blank, to_y=base, weight=0.4)
        top -= leading


def _codes(content: Content, setting: Setting) -> Iterator[Code]:
    """The matrix in the lower right corner, the bars in the lower left, on whole dots of the printer."""
    stock, module = setting.stock, module_size(setting.stock.dpi)
    bottom = _up_to_dots(stock.bottom, stock.dpi)
    if content.matrix:
        x = on_dots(stock.wide - stock.right - matrix_side(content.matrix, setting), stock.dpi)
        yield Code(x=x, y=bottom, module=module, symbol=content.matrix)
    if content.bars:
        high = on_dots(BAR_HEIGHT, stock.dpi)
        yield Code(x=_up_to_dots(stock.left, stock.dpi), y=bottom, module=module, symbol=content.bars, height=high)


def _up_to_dots(length: float, dpi: int) -> float:
    """`length` [pt] raised to whole printer dots."""
    down = on_dots(length, dpi)
    return down if down >= length else down + 72 / dpi


def _stacked(lines: Iterable[Line], x: float, top: float, size: float, leading: float) -> Iterator[Text]:
    """Lines one below the other, the first under `top`."""
    baseline = top - ASCENT * size
    for line in lines:
        start = x + line.indent
        if line.head:
            yield Text(x=start, y=baseline, text=line.head, face=Face.BOLD, size=size)
            start += width(f"{line.head} ", Face.BOLD, size)
        if line.rest:
            yield Text(x=start, y=baseline, text=line.rest, face=Face.REGULAR, size=size)
        baseline -= leading
