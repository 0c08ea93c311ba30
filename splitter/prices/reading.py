"""A price list by whomever, recognised by its headings."""

from __future__ import annotations

import datetime as dt

from splitter.prices import dmd, nadac
from splitter.prices.records import PriceList
from splitter.prices.table import has_headings, read_table


def read_prices(text: str, file: str, day: dt.date | None = None) -> PriceList:
    """Read a price list; `day` is the day that it is of, for lists that don't say it.

    Raises InputError for what is no such list. A row that can't be used is a refusal of the list.
    """
    table = read_table(text, file, (nadac.HEADINGS, dmd.HEADINGS))
    read = nadac.read_nadac if has_headings(table.headings, nadac.HEADINGS) else dmd.read_dmd
    return read(table, day)
