"""A price list by whomever, recognised by its headings."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from splitter.prices import dmd, nadac
from splitter.prices.records import PriceList, Quote, Refusal
from splitter.prices.table import has_headings, read_table


def read_prices(text: str, file: str, day: dt.date | None = None, today: dt.date | None = None) -> PriceList:
    """Read a price list; `day` is the day that it is of, for lists that don't say it, `today` that of the computer.

    Raises InputError for what is no such list. A row that can't be used is a refusal of the list, so is a price that
    holds only from a day after `today`: it is not yet true, or its date is a slip.
    """
    table = read_table(text, file, (nadac.HEADINGS, dmd.HEADINGS))
    read = nadac.read_nadac if has_headings(table.headings, nadac.HEADINGS) else dmd.read_dmd
    return _without_to_come(read(table, day), today or dt.datetime.now().astimezone().date())


def _without_to_come(prices: PriceList, today: dt.date) -> PriceList:
    current = tuple(quote for quote in prices.quotes if quote.effective <= today)
    to_come = (_refused(quote, today) for quote in prices.quotes if quote.effective > today)
    return replace(prices, quotes=current, refusals=(*prices.refusals, *to_come))


def _refused(quote: Quote, today: dt.date) -> Refusal:
    reason = f"its price holds from {quote.effective}, after today, {today}"
    return Refusal(rows=(quote.row,), name=quote.name, reason=reason)
