"""How one value of a file is read, and the types that say so.

A field is read by its type. A type that needs its own reading carries `Reads`, as in
`Currency = Annotated[str, from_text(currency)]
Days = Annotated[int, from_text(parse_duration)]`; a field whose key in the file differs from its name
carries `key("for")`. So there is one list of fields: the record.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from splitter import bounds
from splitter.quantity import Mass, Volume, exact
from splitter.units import (
    ReadError,
    parse_clearance,
    parse_duration,
    parse_duration_from_zero,
    parse_labour,
    parse_mass,
    parse_number,
    parse_percentage,
    parse_volume,
    quoted,
)

_SHOWN = 60
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_SPOKEN = re.compile(r"([0-9]{1,2})(?:[:.]([0-5][0-9]))? ?(am|pm|a\.m\.|p\.m\.)?")
_MONTH = re.compile(r"[1-9][0-9]{3}-(0[1-9]|1[0-2])")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNPRINTABLE = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
_MOST_PLACES = 4  # of a chance
_JOINERS = "\u200c\u200d"  # format characters that Persian and Indic names are spelled with


@dataclass(frozen=True, slots=True)
class Reads:
    """Marks a type with the function that reads its value as it stands in the file. It raises ReadError."""

    read: Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class Writes:
    """Marks a type with the function that writes its value in JSON."""

    write: Callable[[Any], object]


def from_text(parse: Callable[[str], object]) -> Reads:
    """Read a value that must be a text."""

    def read(raw: object) -> object:
        if type(raw) in (int, Decimal):
            raise ReadError(shown(raw), _bare_number(_digits(raw), parse))
        return parse(_no_longer(text(raw), bounds.MOST_CHARACTERS))

    return Reads(read)


def above_zero(parse: Callable[[str], object]) -> Reads:
    """Read a text whose quantity must be above zero."""

    def positive(line: str) -> object:
        value = parse(line)
        if not value:
            raise ReadError(quoted(line), "write an amount above zero")
        return value

    return from_text(positive)


def whole(low: int, high: int) -> Reads:
    """Read a whole number from `low` to `high`."""

    def read(raw: object) -> int:
        if type(raw) is not int or not low <= raw <= high:
            raise ReadError(shown(raw), f"write a whole number from {low} to {high}, without quotes")
        return raw

    return Reads(read)


def key(name: str) -> dict[str, str]:
    """The metadata of a field that has another key in the file."""
    return {"key": name}


def alone() -> dict[str, bool]:
    """The metadata of a field whose value may stand for its record's table, where the others have their defaults.

    Read and written so: `cautions = ["Keep it dry."]` for `cautions = [{ text = "Keep it dry." }]`.
    """
    return {"alone": True}


def text(raw: object) -> str:
    """A text of one line, without control characters and marks that change the direction of writing."""
    if not isinstance(raw, str):
        example = f', such as "{_digits(raw)}"' if type(raw) in (int, Decimal) else ""
        raise ReadError(shown(raw), f"write a text in quotes{example}")
    for character in raw:
        if unicodedata.category(character) in _UNPRINTABLE and character not in _JOINERS:
            raise ReadError(f"the control character U+{ord(character):04X}", "write plain text on one line")
    return raw


def filled_text(raw: object) -> str:
    """A text that says something."""
    line = _no_longer(text(raw), bounds.MOST_CHARACTERS)
    if not line or line != line.strip():
        raise ReadError(shown(raw), "write a text without spaces around it, or leave the key out")
    return line


def planned_text(raw: object) -> str:
    """A text of a plan, which may be empty."""
    return _no_longer(text(raw), bounds.MOST_PLANNED_CHARACTERS)


def _no_longer(line: str, most: int) -> str:
    if len(line) > most:
        raise ReadError(f"a text of {len(line)} characters", f"write at most {most} characters")
    return line


def clock(raw: object) -> dt.time:
    """A time of day as "08:00"."""
    if isinstance(raw, str) and _CLOCK.fullmatch(raw):
        return dt.time.fromisoformat(raw)
    raise ReadError(shown(raw), f'write hours and minutes in quotes, such as "{_clock_meant(raw)}"')


def _clock_meant(raw: object) -> str:
    """The time that a text seems to mean, which says noon and midnight too little of "12 am" to be read as one."""
    match = _SPOKEN.fullmatch(raw.casefold()) if isinstance(raw, str) else None
    if match is None or not 1 <= int(match[1]) <= (11 if match[3] else 23):
        return "08:00"
    return f"{int(match[1]) + 12 * ((match[3] or '')[:1] == 'p'):02}:{match[2] or '00'}"


def toml_date(raw: object) -> dt.date:
    """A date that TOML itself has read."""
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        return _within(raw, bounds.YEARS)
    meant = raw if isinstance(raw, str) and _ISO_DATE.fullmatch(raw) else "2026-12-01"
    raise ReadError(
        shown(raw),
        f"write year, month and day without quotes and without a time, {'' if meant == raw else 'such '}as {meant}",
    )


def last_day(raw: object) -> dt.date:
    """The last day of something, as a date of TOML, or as a month in quotes, which means the month's last day.

    So packages are marked that state no day (GS1 General Specifications, application identifier 17).
    """
    if not isinstance(raw, str):
        return toml_date(raw)
    if not _MONTH.fullmatch(raw):
        remedy = 'write a date without quotes, such as 2026-12-31, or a month in quotes, such as "2026-12"'
        raise ReadError(shown(raw), f"{remedy}, which means its last day")
    year, month = map(int, raw.split("-"))
    return _within(dt.date(year, month, monthrange(year, month)[1]), bounds.YEARS)


def iso_date(raw: object) -> dt.date:
    """A date written as a text."""
    try:
        if isinstance(raw, str) and _ISO_DATE.fullmatch(raw):
            return _within(dt.date.fromisoformat(raw), bounds.RECKONED_YEARS)
    except ReadError:
        raise
    except ValueError:
        pass
    raise ReadError(shown(raw), 'write a date such as "2026-12-01"')


def _within(date: dt.date, years: tuple[int, int]) -> dt.date:
    if not years[0] <= date.year <= years[1]:
        raise ReadError(shown(date), "write a year from {} to {}".format(*years))
    return date


def exact_number(raw: object) -> Fraction:
    """A number as `format_exact` writes it, not below zero."""
    number = signed_number(raw)
    if number < 0:
        raise ReadError(shown(raw), "write a number without a sign")
    return number


def signed_number(raw: object) -> Fraction:
    """A number as `format_exact` writes it."""
    try:
        number = exact(_no_longer(text(raw), bounds.MOST_DIGITS))
    except ReadError:
        raise
    except ValueError:
        raise ReadError(shown(raw), 'write an exact number such as "2.5" or "10/3"') from None
    if abs(number) > bounds.MOST_EXACT:
        raise ReadError(shown(raw), f"write a number of at most {bounds.MOST_EXACT}")
    return number


def chance(raw: object) -> Fraction:
    """A chance as a number from 0 to 1 with at most four decimals, or as a percentage in quotes."""
    if type(raw) is int and raw in (0, 1):
        return Fraction(raw)
    if isinstance(raw, Decimal):
        places = raw.as_tuple().exponent
        if isinstance(places, int) and -_MOST_PLACES <= places <= 0 and 0 <= raw <= 1:
            return Fraction(raw)
    if isinstance(raw, str):
        return parse_percentage(_no_longer(text(raw), bounds.MOST_CHARACTERS))
    raise ReadError(shown(raw), 'write a chance such as 0.95, or "95 %"')


def currency(line: str) -> str:
    """The code of a currency by ISO 4217."""
    if not re.fullmatch("[A-Z]{3}", line):
        raise ReadError(shown(line), 'write the three letters of the currency, such as "USD"')
    return line


def _bare_number(number: str, parse: Callable[[str], object]) -> str:
    """How to mend a number without quotes: most need a unit too, as the parser of the text says."""
    try:
        parse(number)
    except ReadError as error:
        return f"{error.remedy}, in quotes"
    return f'write it in quotes: "{number}"'


def boolean(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    raise ReadError(shown(raw), "write true or false, without quotes")


def integer(raw: object) -> int:
    if type(raw) is int and 0 <= raw <= bounds.MOST_COUNTED:
        return raw
    raise ReadError(shown(raw), f"write a whole number from 0 to {bounds.MOST_COUNTED}, without quotes")


def signed_integer(raw: object) -> int:
    """A whole number, which may be below zero."""
    if type(raw) is int and abs(raw) <= bounds.MOST_COUNTED:
        return raw
    raise ReadError(shown(raw), f"write a whole number of at most {bounds.MOST_COUNTED}, without quotes")


def shown(raw: object) -> str:
    """A raw value as a message shows it."""
    match raw:
        case None:
            return "nothing"
        case str():
            return quoted(raw) if raw else "an empty text"
        case bool():
            return str(raw).lower()
        case int() | float() | Decimal():
            return f"the number {_digits(raw)}"
        case dict():
            return "a table"
        case list():
            return f"a list of {len(raw)}"
        case dt.datetime():
            return f"the date and time {raw.isoformat()}"
        case dt.date() | dt.time():
            return f"the {type(raw).__name__} {raw.isoformat()}"
        case _:
            return f"a {type(raw).__name__}"


def _digits(raw: object) -> str:
    """A number as far as a message shows it."""
    return str(raw)[:_SHOWN]


Clock = Annotated[dt.time, Reads(clock)]
Currency = Annotated[str, from_text(currency)]
Days = Annotated[int, from_text(parse_duration)]
DaysFromZero = Annotated[int, from_text(parse_duration_from_zero)]
Hours = Annotated[Fraction, from_text(parse_labour)]
Chance = Annotated[Fraction, Reads(chance)]
Clearance = Annotated[Fraction, from_text(parse_clearance)]
Share = Annotated[Fraction, from_text(parse_percentage)]
Ratio = Annotated[Fraction, Reads(exact_number), Writes(str)]
Difference = Annotated[Fraction, Reads(signed_number)]
DayDifference = Annotated[int, Reads(signed_integer)]
LastDay = Annotated[dt.date, Reads(last_day)]
Number = Annotated[Fraction, above_zero(parse_number)]
SomeMass = Annotated[Mass, above_zero(parse_mass)]
SomeVolume = Annotated[Volume, above_zero(parse_volume)]
