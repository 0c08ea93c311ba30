"""Numbers, dates and times as people read them. Every rounding for people is done here, and says so."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache

from splitter.prescription import is_after_midnight
from splitter.quantity import format_exact, round_half_up

_ISO_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")
_NO_PLURAL = ("mL", "L", "mg", "g", "kg", "mcg", "each")
_PARTS = {3: "third", 6: "sixth", 7: "seventh", 9: "ninth", 11: "eleventh", 12: "twelfth"}
_NIGHT = "at night"
# The time before which each part of the day ends. Patients understand the part of the day better than a clock time
# (USP <17>, California 16 CCR 1707.5). Noon is what lies less than an hour from it.
_DAY_PARTS = (
    (dt.time(4), _NIGHT, "Night"),
    (dt.time(11, 1), "in the morning", "Morning"),
    (dt.time(13), "at noon", "Noon"),
    (dt.time(17), "in the afternoon", "Afternoon"),
    (dt.time(21), "in the evening", "Evening"),
    (dt.time.max, "at bedtime", "Bedtime"),
)
# Of the night, it is said on which side of the date it lies: "at night" alone does not.
_DAY_BEGINS, _NIGHT_AFTER = "as the day begins", "in the night after"


@lru_cache(maxsize=4096)
def number(value: Fraction | int) -> str:
    """A number exactly: a decimal with commas from 1,000 on, or words where no decimal is exact.

    >>> number(Fraction(5, 2)), number(12500), number(Fraction(10, 3)), number(Fraction(2, 3))
    ('2.5', '12,500', '3 and one third', 'two thirds')
    """
    text = format_exact(value)
    if "/" in text:
        return _fraction_words(Fraction(value))
    whole, point, places = text.partition(".")
    return f"{int(whole):,}{point}{places}"


def _fraction_words(value: Fraction) -> str:
    if value.denominator not in _PARTS:
        return f"({value.numerator:,} divided by {value.denominator:,})"
    whole, rest = divmod(value.numerator, value.denominator)
    words = f"{_COUNTS[rest - 1]} {_PARTS[value.denominator]}{'s' if rest > 1 else ''}"
    return f"{whole:,} and {words}" if whole else words


def amount(value: Fraction | int, unit: str) -> str:
    """A number with its unit; counted units take their plural.

    >>> amount(1, "tablet"), amount(84, "tablet"), amount(Fraction(5, 2), "mL")
    ('1 tablet', '84 tablets', '2.5 mL')
    """
    return f"{number(value)} {plural(unit, value)}"


def plural(unit: str, count: Fraction | int) -> str:
    """`unit` in the number that `count` asks for; symbols and "each" have none."""
    return unit if count == 1 or unit in _NO_PLURAL else f"{unit}s"


def money(value: Fraction, currency: str) -> str:
    """An amount of money, rounded half up to two decimals.

    >>> money(Fraction("1234.565"), "USD")
    'USD 1,234.57'
    """
    cents = round_half_up(value, Fraction(1, 100)) * 100
    units, rest = divmod(abs(int(cents)), 100)
    return f"{currency} {'-' if cents < 0 else ''}{units:,}.{rest:02}"


def percent(share: Fraction) -> str:
    """A share in percent: whole ones, with "about" where that is rounded.

    >>> percent(Fraction(1, 20)), percent(Fraction(1, 3))
    ('5 %', 'about 33 %')
    """
    hundredths = share * 100
    return f"{hundredths} %" if hundredths.denominator == 1 else f"about {round(hundredths)} %"


def near(value: Fraction, unit: str) -> str:
    """An amount exactly where that takes at most four decimals, else rounded half up to two, and said to be.

    >>> near(Fraction("14.58"), "mg"), near(Fraction(80, 13), "mg")
    ('14.58 mg', 'about 6.15 mg')
    """
    if (value * 10_000).denominator == 1:
        return amount(value, unit)
    return f"about {amount(round_half_up(value, Fraction(1, 100)), unit)}"


def day(when: dt.date, beside: dt.date | None = None, *, day_first: bool = False) -> str:
    """A date with its month as a word; the year is left out when it is the year of `beside`.

    >>> day(dt.date(2026, 12, 1)), day(dt.date(2026, 12, 1), beside=dt.date(2026, 1, 1))
    ('Dec 1, 2026', 'Dec 1')
    >>> day(dt.date(2026, 12, 1), day_first=True)
    '1 Dec 2026'
    """
    month = _MONTHS[when.month - 1]
    text = f"{when.day} {month}" if day_first else f"{month} {when.day}"
    if beside is not None and when.year == beside.year:
        return text
    return f"{text}{'' if day_first else ','} {when.year}"


def people_dates(text: str, *, day_first: bool = False) -> str:
    """A text with each ISO date written as people do.

    >>> people_dates("at the visit of 2027-01-12")
    'at the visit of Jan 12, 2027'
    """
    return _ISO_DATE.sub(lambda match: _person_date(match[0], day_first), text)


def _person_date(text: str, day_first: bool) -> str:
    """A date that is one; anything else that looks like one stays."""
    try:
        return day(dt.date.fromisoformat(text), day_first=day_first)
    except ValueError:
        return text


def weekday(when: dt.date) -> str:
    """The short name of the day of the week."""
    return _WEEKDAYS[when.weekday()]


def days(first: dt.date, last: dt.date, beside: dt.date, *, day_first: bool = False) -> str:
    """A range of days; years are given where they are not the year of `beside`, or nobody could infer the first.

    >>> days(dt.date(2026, 12, 15), dt.date(2027, 1, 11), beside=dt.date(2026, 12, 1))
    'Dec 15 to Jan 11, 2027'
    """
    if first == last:
        return day(first, beside, day_first=day_first)
    turn_of_year = last.year - first.year == 1 and (first.month, first.day) > (last.month, last.day)
    first_beside = first if first.year == last.year else beside if turn_of_year else None
    return f"{day(first, first_beside, day_first=day_first)} to {day(last, beside, day_first=day_first)}"


def clock(time: dt.time) -> str:
    """A clock time, with noon and midnight in words because 12 AM and 12 PM are mistaken for each other.

    >>> clock(dt.time(8)), clock(dt.time(14, 30)), clock(dt.time(12)), clock(dt.time(0))
    ('8 AM', '2:30 PM', '12 noon', '12 midnight')
    """
    minutes = f":{time.minute:02}" if time.minute else ""
    if not minutes and time.hour in (0, 12):
        return "12 midnight" if time.hour == 0 else "12 noon"
    return f"{(time.hour - 1) % 12 + 1}{minutes} {'AM' if time.hour < 12 else 'PM'}"


def part_of_day(time: dt.time) -> str:
    """The part of the day as a heading.

    >>> part_of_day(dt.time(8)), part_of_day(dt.time(11)), part_of_day(dt.time(11, 30))
    ('Morning', 'Morning', 'Noon')
    """
    return next(name for end, _, name in _DAY_PARTS if time < end)


def time_heading(time: dt.time, times: Sequence[dt.time]) -> str:
    """The heading of one of a day's times, with its clock; of a night, on which side of the date it lies.

    >>> day = [dt.time(8), dt.time(12), dt.time(1)]
    >>> [time_heading(time, day) for time in day]
    ['Morning 8 AM', '12 noon', 'Night after 1 AM']
    """
    part, words = part_of_day(time), clock(time)
    if is_after_midnight(time, times):
        return f"Night after {words}"
    if part == "Night":
        return f"Day begins {words}"
    return words if words.endswith(part.lower()) else f"{part} {words}"


def times_of_day(times: Sequence[dt.time]) -> dict[dt.time, str]:
    """The part of the day of each of a day's times, with the clock time too where two share a part, and at night.

    >>> list(times_of_day([dt.time(8), dt.time(14), dt.time(20)]).values())
    ['in the morning', 'in the afternoon', 'in the evening']
    >>> list(times_of_day([dt.time(8), dt.time(20), dt.time(1)]).values())[2]
    'in the night after (1 AM)'
    """
    parts = {time: _words_of_part(time, times) for time in times}
    words = list(parts.values())
    nights = (_DAY_BEGINS, _NIGHT_AFTER)
    return {
        time: f"{part} ({clock(time)})" if part in nights or words.count(part) > 1 else part
        for time, part in parts.items()
    }


def _words_of_part(time: dt.time, times: Sequence[dt.time]) -> str:
    if is_after_midnight(time, times):
        return _NIGHT_AFTER
    words = next(words for end, words, _ in _DAY_PARTS if time < end)
    return _DAY_BEGINS if words == _NIGHT else words


def listing(parts: Iterable[str]) -> str:
    """Words joined as a sentence joins them.

    >>> listing(["a", "b", "c"])
    'a, b and c'
    """
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def sentence(text: str) -> str:
    """A sentence with its capital and its full stop.

    >>> sentence("shake well")
    'Shake well.'
    """
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."
