"""Measured lines to marks on a page: the primary zone from the top, the secondary zone on the bottom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from splitter.labels.fonts import ASCENT, Face, width
from splitter.labels.layout import GAP, Content, row_lines
from splitter.labels.marks import Mark, Page, Rule, Text
from splitter.labels.setting import Line, Setting


def place(content: Content, setting: Setting) -> Page:
    """The page of one label."""
    stock, left = setting.stock, setting.stock.margin_x
    right = stock.wide - left
    marks: list[Mark] = []
    top = stock.high - stock.margin_y
    marks += _stacked(content.primary, left, top, setting.profile.primary_size, setting.primary_leading)
    rule = stock.margin_y + content.foot_height(setting) - GAP / 2
    marks.append(Rule(x=left, y=rule, to_x=right, to_y=rule, weight=1))
    size, leading = setting.profile.secondary_size, setting.secondary_leading
    marks += _stacked(content.said, left, rule - GAP / 2, size, leading)
    rule -= 1.5 * GAP + len(content.said) * leading
    marks.append(Rule(x=left, y=rule, to_x=right, to_y=rule, weight=0.25, grey=0.5))
    for row in content.rows:
        for cell in row:
            marks += _stacked(cell.lines, left + setting.room * cell.start, rule, size, leading)
        rule -= row_lines(row) * leading
    return Page(wide=stock.wide, high=stock.high, marks=tuple(marks))


def _stacked(lines: Iterable[Line], x: float, top: float, size: float, leading: float) -> Iterator[Text]:
    """Lines one below the other, the first under `top`."""
    baseline = top - ASCENT * size
    for line in lines:
        start = x
        if line.head:
            yield Text(x=start, y=baseline, text=line.head, face=Face.BOLD, size=size)
            start += width(f"{line.head} ", Face.BOLD, size)
        if line.rest:
            yield Text(x=start, y=baseline, text=line.rest, face=Face.REGULAR, size=size)
        baseline -= leading
