"""A published table as rows under known headings, however its file was saved."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import islice

from splitter.bounds import MOST_COLUMNS, MOST_ROWS
from splitter.errors import Fault, InputError
from splitter.quantity import Money
from splitter.units import quoted

_TITLE_LINES = 10
"""How many lines may stand above the headings."""

_DELIMITERS = ",;\t"
"""What stands between cells: spreadsheets of many countries write semicolons, some programs tabs."""

_LONGEST_HEAD = 10_000  # characters of a line in which headings are looked for
_AMOUNT = re.compile(r"([0-9]{0,9})(?:\.([0-9]{1,9}))?")
_FINEST = 100_000  # parts of a unit of money
_US_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ].*)?")


class RowError(ValueError):
    """A row that can't be used, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row by its headings; `line` is where it begins in the file."""

    line: int
    cells: Mapping[str, str]

    def get(self, heading: str) -> str:
        return self.cells.get(heading, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The headings, in small letters without blanks and marks, and the rows below them."""

    file: str
    headings: tuple[str, ...]
    lines: tuple[tuple[int, list[str]], ...]

    def rows(self) -> Iterator[Row]:
        """Every row that is not blank."""
        for line, cells in self.lines:
            yield Row(line=line, cells=dict(zip(self.headings, map(str.strip, cells), strict=False)))


def heading(text: str) -> str:
    """A heading as it is compared: `NADAC_Per_Unit` and `NADAC Per Unit` are one.

    >>> heading("NADAC_Per_Unit")
    'nadacperunit'
    """
    return re.sub("[^a-z0-9]", "", text.casefold())


def has_headings(headings: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether all the wanted headings are there, however they are written."""
    return {heading(name) for name in wanted} <= set(headings)


def read_table(text: str, file: str, known: tuple[tuple[str, ...], ...]) -> Table:
    """Read a CSV text. Its headings are the first line that has all of one of the `known` sets of headings.

    Raises InputError for a text that is no CSV and for headings that are not known.
    """
    lines = list(_lines(text, file, _delimiter(text, known)))
    for place, (_, cells) in enumerate(lines[:_TITLE_LINES]):
        headings = tuple(heading(cell) for cell in cells)
        if any(has_headings(headings, wanted) for wanted in known):
            _refuse_repeated(file, headings)
            return Table(file=file, headings=headings, lines=tuple(lines[place + 1 :]))
    first = ", ".join(lines[0][1]) if lines else ""
    found = f"the headings {quoted(first)}" if lines else "an empty file"
    wanted = "; or ".join(", ".join(names) for names in known)
    raise InputError([Fault(file=file, key="", found=found, remedy=f"give a list with the headings {wanted}")])


def read_price(text: str, *, per: int = 1) -> Money:
    """A price above zero, exact, in hundredths where `per` is 100. Raises RowError."""
    if not text:
        raise RowError("no price")
    match = _AMOUNT.fullmatch(text)
    if match is None or text == ".":
        raise RowError("a negative price" if text.startswith("-") else f"{quoted(text)} is no price")
    decimals = match[2] or ""
    digits, denominator = int((match[1] or "0") + decimals), 10 ** len(decimals) * per
    if not digits:
        raise RowError("a price of zero")
    if digits * _FINEST % denominator:
        raise RowError(f"{quoted(text)} has more than five decimals")
    return Money(Fraction(digits, denominator))


@lru_cache
def read_date(text: str) -> dt.date | None:
    """A date as the publishers write it, month/day/year or ISO; None for nothing. Raises RowError."""
    if not text:
        return None
    try:
        if us := _US_DATE.fullmatch(text):
            return dt.date(int(us[3]), int(us[1]), int(us[2]))
        if iso := _ISO_DATE.fullmatch(text):
            return dt.date(int(iso[1]), int(iso[2]), int(iso[3]))
    except ValueError:
        pass
    raise RowError(f"{quoted(text)} is no date")


def _delimiter(text: str, known: tuple[tuple[str, ...], ...]) -> str:
    """What stands between the headings; a comma where no known headings are found."""
    first = [line[:_LONGEST_HEAD] for line in islice(filter(str.strip, io.StringIO(text)), _TITLE_LINES)]
    for delimiter in _DELIMITERS:
        for line in first:
            headings = tuple(map(heading, line.replace('"', "").split(delimiter)))
            if any(has_headings(headings, wanted) for wanted in known):
                return delimiter
    return ","


def _lines(text: str, file: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that has any, with its number."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            _refuse_large(file, reader.line_num, len(cells))
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        remedy = "export the list again as CSV"
        raise InputError(
            [Fault(file=file, key="", line=line, found=f"no valid CSV ({error})", remedy=remedy)]
        ) from None


def _refuse_large(file: str, lines: int, columns: int) -> None:
    """Raise InputError for more rows or columns than any published list has."""
    if lines > MOST_ROWS or columns > MOST_COLUMNS:
        found = f"more than {MOST_ROWS} lines" if lines > MOST_ROWS else f"{columns} columns"
        remedy = f"give a list of at most {MOST_ROWS} lines and {MOST_COLUMNS} columns"
        raise InputError([Fault(file=file, key="", line=lines, found=found, remedy=remedy)])


def _refuse_repeated(file: str, headings: tuple[str, ...]) -> None:
    repeated = sorted(name for name, count in Counter(headings).items() if name and count > 1)
    if repeated:
        found = f"the headings {', '.join(repeated)} twice"
        raise InputError([Fault(file=file, key="", found=found, remedy="keep one column of each")])
