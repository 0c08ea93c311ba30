"""Labels onto what the printer is fed with: sheets of many, some perhaps used up, or a roll, one to a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from splitter.errors import Fault, InputError
from splitter.labels.marks import Code, Inset, Mark, Page, Rule, Text
from splitter.labels.stock import Stock


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The first label of the first sheet that isn't used up, from 1; how far to move all print [pt]."""

    start: int = 1
    right: float = 0
    down: float = 0


FROM_FIRST = Feed()


def check_feed(stock: Stock, feed: Feed) -> None:
    """Raises InputError where the stock has no label to start at."""
    count = stock.sheet.count if stock.sheet else 1
    if not 1 <= feed.start <= count:
        found = f"label {feed.start} of a page of {count}"
        remedy = f"write a number from 1 to {count}" if stock.sheet else "leave it out; a roll has one label to a page"
        raise InputError([Fault(file="", key="--start", found=found, remedy=remedy)])


def impose(labels: Iterable[Page], stock: Stock, feed: Feed = FROM_FIRST) -> Iterator[Page]:
    """The pages to print: on sheets row by row, from the label where `feed` starts.

    Raises InputError as `check_feed` does.
    """
    check_feed(stock, feed)
    if stock.sheet is None:
        yield from labels if not (feed.right or feed.down) else (_moved(label, feed) for label in labels)
        return
    sheet, rest, used = stock.sheet, iter(labels), feed.start - 1
    while together := tuple(islice(rest, sheet.count - used)):
        corners = (sheet.corner(place, stock.high) for place in range(used, used + len(together)))
        marks = tuple(
            Inset(x=x + feed.right, y=y - feed.down, scale=1, page=label)
            for (x, y), label in zip(corners, together, strict=True)
        )
        yield Page(wide=sheet.wide, high=sheet.high, marks=marks)
        used = 0


def pages_of(first: int, count: int, stock: Stock, feed: Feed) -> tuple[int, int]:
    """On which page (from 1) the label `first` (from 0) stands, and on how many pages `count` labels from it are."""
    per_page = stock.sheet.count if stock.sheet else 1
    begin = (feed.start - 1 + first) // per_page
    end = (feed.start - 1 + first + count - 1) // per_page
    return begin + 1, end - begin + 1


def _moved(label: Page, feed: Feed) -> Page:
    return replace(label, marks=tuple(_moved_mark(mark, feed.right, -feed.down) for mark in label.marks))


def _moved_mark(mark: Mark, right: float, up: float) -> Mark:
    if isinstance(mark, Rule):
        return replace(mark, x=mark.x + right, y=mark.y + up, to_x=mark.to_x + right, to_y=mark.to_y + up)
    assert isinstance(mark, Text | Code)  # a label has no others
    return replace(mark, x=mark.x + right, y=mark.y + up)
