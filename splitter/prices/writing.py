"""New prices as an overlay of the formularies, in TOML."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePath

from splitter.prices.records import Change, NewPrice, Outcome
from splitter.quantity import Money, format_exact

MARK = "# Written by splitter formulary prices import; the next import may replace it."
"""The first line of a file that was written here, so that no file of a person's own is taken for one."""

_LONGEST = 300


def as_overlay(outcome: Outcome) -> str:
    """The text of a file for the user's configuration directory."""
    heading = f"{MARK}\n# Prices of {outcome.publisher}, from {_plain(PurePath(outcome.file).name)}.\n\n"
    tables = "".join("\n" + "\n".join(_table(change)) + "\n" for change in outcome.changes)
    return f"{heading}currency = {_quoted(outcome.currency)}\n{tables}"


def _table(change: Change) -> Iterator[str]:
    yield "[[product]]"
    yield f"drug = {_quoted(change.drug)}"
    yield f"id = {_quoted(change.product)}"
    yield _prices(change)
    yield f"price_date = {change.date.isoformat()}"
    yield f"price_source = {_quoted(change.source)}"
    if change.illustrative:
        yield "illustrative = true"


def _prices(change: Change) -> str:
    if change.prices[0].size is None:
        price = f'price = "{exact_price(change.prices[0].price)}"'
        return f"poured = {{ {price} }}" if change.unit == "mL" else price
    key, size = ("bottles", _volume) if change.unit == "mL" else ("packs", _count)
    return (
        f"{key} = ["
        + ", ".join(f'{{ {size(each)}, price = "{exact_price(each.price)}" }}' for each in _all_sizes(change))
        + "]"
    )


def _all_sizes(change: Change) -> list[NewPrice]:
    return sorted((*change.prices, *change.kept), key=lambda each: each.size or 0)


def exact_price(price: Money) -> str:
    """A price to its last digit, with two decimals at least."""
    whole, _, decimals = format_exact(price.value).partition(".")
    return f"{whole}.{decimals:0<2}"


def _volume(price: NewPrice) -> str:
    return f'volume = "{format_exact(price.size or 0)} mL"'


def _count(price: NewPrice) -> str:
    return f"count = {format_exact(price.size or 0)}"


def _quoted(text: str) -> str:
    """A text as TOML writes it; JSON's escapes are TOML's."""
    return json.dumps(_plain(text), ensure_ascii=False)


def _plain(text: str) -> str:
    """On one line, without what can't be printed, and of bounded length."""
    return "".join(each for each in " ".join(text.split()) if each.isprintable())[:_LONGEST].strip()
