"""Pharmacy labels: a plan's words, measured, laid out on a stock, and drawn.

`fonts` measures and says which characters can be shown, `outside` checks the words that somebody wrote. `stock` is
geometry, `stocks` the built-in ones, `own_stock` the user's; `profiles` a country's type and words; `style` and
`preferences` which are meant. `setting` breaks words into lines; `content` is what one label says, `layout` how an
item is shared out over labels, `refusal` why it can't be; `placing` gives each its place; `imposing` fills sheets,
`alignment` tests them; `drawing` and `zpl` are the formats.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from splitter.errors import Fault, InputError
from splitter.labels.alignment import alignment
from splitter.labels.content import Content
from splitter.labels.drawing import pdf
from splitter.labels.imposing import Feed, check_feed, impose, pages_of
from splitter.labels.layout import contents
from splitter.labels.marks import Page
from splitter.labels.outside import check_words
from splitter.labels.placing import place
from splitter.labels.preferences import find_profile, find_stock, own_stocks, parse_offset, preferred_style
from splitter.labels.profiles import PROFILES, UK, US, Profile
from splitter.labels.refusal import explained
from splitter.labels.stock import Stock
from splitter.labels.stocks import ROLL_4X2, STOCKS
from splitter.labels.style import USUAL, Style
from splitter.labels.zpl import zpl
from splitter.plan import Plan
from splitter.wording import LabelText, label_texts

__all__ = [
    "PROFILES",
    "ROLL_4X2",
    "STOCKS",
    "TITLE",
    "UK",
    "US",
    "USUAL",
    "Feed",
    "Profile",
    "Stock",
    "Style",
    "alignment",
    "check_feed",
    "count_labels",
    "find_profile",
    "find_stock",
    "impose",
    "lay_out_items",
    "lay_out_labels",
    "own_stocks",
    "pages_of",
    "parse_offset",
    "pdf",
    "preferred_style",
    "read_on_leaflet",
    "render_labels",
    "render_zpl",
]
TITLE = "Pharmacy labels"
"""The title of every document of labels, which names no patient."""
_INCH = 25.4  # mm


def lay_out_labels(plan: Plan, style: Style = USUAL, dates: Sequence[dt.date] = ()) -> tuple[Page, ...]:
    """The labels of each container of each item of the visits on `dates` (none: the first), one page each.

    Raises InputError with all that keeps a label from being printed: a name missing, a character that can't be
    shown, an error-prone designation, words that don't fit.
    """
    return tuple(page for item in lay_out_items(plan, style, dates) for pages in item for page in pages)


def lay_out_items(
    plan: Plan, style: Style = USUAL, dates: Sequence[dt.date] = ()
) -> tuple[tuple[tuple[Page, ...], ...], ...]:
    """The same labels, item by item and container by container. Raises InputError as `lay_out_labels` does."""
    check_words(plan)
    setting = style.setting
    items: list[tuple[tuple[Page, ...], ...]] = []
    faults: list[Fault] = []
    for containers in _items(plan, style, dates):
        try:
            each = _contents(containers, style)
        except InputError as error:
            faults += error.faults
        else:
            items.append(tuple(tuple(place(content, setting) for content in contents) for contents in each))
    if faults:
        raise InputError(dict.fromkeys(faults))
    return tuple(items)


def count_labels(plan: Plan, style: Style = USUAL, dates: Sequence[dt.date] = ()) -> tuple[int, ...]:
    """How many labels each item of the visits on `dates` (none: the first) has, those of all its containers.

    Raises InputError as `lay_out_labels` does.
    """
    return tuple(sum(map(len, _contents(containers, style))) for containers in _items(plan, style, dates))


def render_labels(plans: Iterable[Plan], style: Style = USUAL, dates: Sequence[dt.date] = ()) -> bytes:
    """One PDF with the labels of the visits on `dates` (none: the first) of each plan, in order.

    The same plans give the same bytes. Raises InputError as `lay_out_labels` and `impose` do.
    """
    labels = (page for plan in plans for page in lay_out_labels(plan, style, dates))
    return pdf(impose(labels, style.stock, style.feed), title=TITLE)


def render_zpl(plans: Iterable[Plan], style: Style = USUAL, dates: Sequence[dt.date] = ()) -> bytes:
    """The same labels in the language of thermal printers.

    Raises InputError as `render_labels` does, and for stock that comes in sheets.
    """
    stock = style.stock
    if stock.sheet is not None:
        remedy = "thermal printers take rolls: name one with --stock, or leave --format out"
        raise InputError(
            [Fault(file="", key="--format", found=f"zpl on {stock.name}, which are sheets", remedy=remedy)]
        )
    labels = (page for plan in plans for page in lay_out_labels(plan, style, dates))
    return zpl(impose(labels, stock, style.feed), round(stock.dpi / _INCH))


def _items(plan: Plan, style: Style, dates: Sequence[dt.date]) -> Iterator[tuple[LabelText, ...]]:
    """The words of each item, container by container."""
    visits: Sequence[dt.date | None] = dates or (None,)
    for date in visits:
        for _, containers in groupby(label_texts(plan, date, style.manner), key=lambda text: text.index):
            yield tuple(containers)


def read_on_leaflet(plan: Plan, style: Style, date: dt.date) -> tuple[int, ...]:
    """The places in the plan of the visit's items whose labels leave something to the leaflet.

    Raises InputError as `lay_out_labels` does.
    """
    return tuple(
        containers[0].index
        for containers in _items(plan, style, (date,))
        if any(content.partial for contents in _contents(containers, style) for content in contents)
    )


@lru_cache(maxsize=256)
def _contents(containers: tuple[LabelText, ...], style: Style) -> tuple[tuple[Content, ...], ...]:
    """The labels of an item's containers. Where the stock is too small for them, the refusal names stock that isn't."""
    try:
        return contents(containers, style.setting, continued=style.continued)
    except InputError as error:
        raise explained(error, containers, style) from None
