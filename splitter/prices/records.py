"""What a published price list says, row by row, and what came of each row."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from splitter.quantity import Money


class Publisher(StrEnum):
    """Whose list it is."""

    NADAC = "CMS NADAC"
    DMD = "NHS dm+d"


class Matched(StrEnum):
    """By what a row was found to be of a product."""

    CODE = "code"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One row with a price that can be used.

    `price` is of one `unit` ("each", "mL", "g") where `size` is None, else of a whole pack of `size` units. `unit` is
    None where the list's own code for it is not known. `effective` is the day from which the price holds, `seen` the
    last day on which it is known to hold. `row` is the line in the file.
    """

    row: int
    name: str
    codes: tuple[str, ...]
    price: Money
    size: Fraction | None
    unit: str | None
    effective: dt.date
    seen: dt.date
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Rows whose price was not taken, and why. `drug` and `product` where they are known."""

    rows: tuple[int, ...]
    name: str
    reason: str
    drug: str | None = None
    product: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceList:
    """A price list as it was read: how many rows it has, those that can be used and those that can't."""

    file: str
    publisher: Publisher
    currency: str
    rows: int
    quotes: tuple[Quote, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPrice:
    """The price that a product gets: `price` of `size` units, or of one where `size` is None."""

    size: Fraction | None
    price: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """New prices of one product, old ones beside them, and the rows that say so.

    `kept` are sizes of the product that the list doesn't state: they stay, at their old prices. `illustrative` where
    these were estimates; `date` is then the earlier one.
    """

    drug: str
    product: str
    matched: Matched
    unit: str
    prices: tuple[NewPrice, ...]
    kept: tuple[NewPrice, ...] = ()
    illustrative: bool = False
    before: tuple[NewPrice, ...]
    date: dt.date
    source: str
    name: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a price list: prices taken, rows refused, and how many rows are of no known drug."""

    file: str
    publisher: Publisher
    currency: str
    rows: int
    changes: tuple[Change, ...]
    refusals: tuple[Refusal, ...]
    unrelated: int

    @property
    def taken(self) -> int:
        """How many rows say a price that was taken."""
        return len(self._taken())

    @property
    def refused(self) -> int:
        """How many rows say a price that no product took."""
        return len({row for refusal in self.refusals for row in refusal.rows} - self._taken())

    @property
    def set_aside(self) -> int:
        """How many rows are older than another of the same product, or name one whose code another has."""
        return self.rows - self.taken - self.refused - self.unrelated

    def _taken(self) -> set[int]:
        return {row for change in self.changes for row in change.rows}
