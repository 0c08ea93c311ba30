"""Prices from published lists, as an overlay for the user's configuration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from splitter.bounds import MOST_PRICE_LIST
from splitter.codec import read_file
from splitter.errors import Fault, InputError
from splitter.files import shown_path
from splitter.prices import MARK, Outcome, as_overlay, price, read_prices
from splitter.service.formularies.overview import in_force


def import_prices(path: Path, day: dt.date | None = None, files: Sequence[Path] = ()) -> Outcome:
    """What a price list says of the products in force. `day` is the list's day where it doesn't say it.

    Raises InputError for what is no price list, and with the faults of the formularies.
    """
    prices = read_prices(read_file(path, MOST_PRICE_LIST), shown_path(path), day)
    return price(prices, [laid.formulary for laid in in_force(files)])


def overlay_of(outcome: Outcome) -> bytes:
    """The overlay file of the prices taken."""
    return as_overlay(outcome).encode()


def refuse_replacing(path: Path) -> None:
    """Raises InputError where a file stands that an import has not written."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        begins = file.read(len(MARK.encode()))
    if begins != MARK.encode():
        remedy = "name a new file, or one that an import has written"
        raise InputError([Fault(file=shown_path(path), key="", found="a file of somebody's own", remedy=remedy)])
