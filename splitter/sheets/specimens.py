"""The labels of a visit as they are printed, to be shown on its sheets."""

from __future__ import annotations

import datetime as dt
from itertools import islice

from splitter.labels import Style, count_labels, lay_out_labels
from splitter.labels.marks import Page
from splitter.plan import Plan


def labels_of_items(plan: Plan, date: dt.date, style: Style) -> tuple[tuple[Page, ...], ...]:
    """The labels of each item of the visit of `date`. Raises InputError as labels do."""
    pages = iter(lay_out_labels(plan, style, (date,)))
    return tuple(tuple(islice(pages, count)) for count in count_labels(plan, style, (date,)))
