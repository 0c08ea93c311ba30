"""A test page that shows whether a printer puts words where the stock has its labels."""

from __future__ import annotations

from collections.abc import Iterator

from splitter.labels.fonts import Face
from splitter.labels.imposing import FROM_FIRST, Feed, impose
from splitter.labels.marks import Page, Rule, Text
from splitter.labels.stock import INCH, MILLIMETRE, Stock

_HAIR = 0.4
_RULER = 10
_SIZE, _LEADING = 7.0, 9.0


def alignment(stock: Stock, feed: Feed = FROM_FIRST) -> Page:
    """A test page: each label's edge, the edge of what is printed on it, and rulers from its corner, in millimetres."""
    count = stock.sheet.count if stock.sheet else 1
    return next(impose((_alignment_label(stock, place) for place in range(1, count + 1)), stock, _whole(feed)))


def _whole(feed: Feed) -> Feed:
    return Feed(right=feed.right, down=feed.down)


def _alignment_label(stock: Stock, place: int) -> Page:
    edge = _frame(0, 0, stock.wide, stock.high)
    inner = _frame(stock.left, stock.bottom, stock.wide - stock.right, stock.high - stock.top)
    millimetres = f"{stock.wide / MILLIMETRE:.1f} by {stock.high / MILLIMETRE:.1f} mm"
    words = (
        f"{stock.name}, label {place}",
        f"{millimetres}, {stock.wide / INCH:.2f} by {stock.high / INCH:.2f} in",
        "outer frame: the label's edge",
        "inner frame: what is printed on",
    )
    top = stock.high - max(stock.top, _RULER * MILLIMETRE / 2) - _LEADING
    texts = (
        Text(x=stock.left + 12, y=top - _LEADING * line, text=text, face=Face.REGULAR, size=_SIZE)
        for line, text in enumerate(words)
    )
    return Page(wide=stock.wide, high=stock.high, marks=(*edge, *inner, *_rulers(stock), *texts))


def _frame(left: float, bottom: float, right: float, top: float) -> Iterator[Rule]:
    for x in (left, right):
        yield Rule(x=x, y=bottom, to_x=x, to_y=top, weight=_HAIR)
    for y in (bottom, top):
        yield Rule(x=left, y=y, to_x=right, to_y=y, weight=_HAIR)


def _rulers(stock: Stock) -> Iterator[Rule]:
    """A stroke for each of the first millimetres from the upper left corner, the fifth and tenth longer."""
    for step in range(1, _RULER + 1):
        away, long = step * MILLIMETRE, 3 if step % 5 else 6
        yield Rule(x=away, y=stock.high, to_x=away, to_y=stock.high - long, weight=_HAIR)
        yield Rule(x=0, y=stock.high - away, to_x=long, to_y=stock.high - away, weight=_HAIR)
