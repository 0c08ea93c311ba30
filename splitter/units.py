"""The only door to pint: what a person writes, "25 mg/5 mL", becomes an exact quantity.

A text is matched in full, number and unit, against the closed list of units that a prescription may use
before pint sees it; pint's own registry would read `5 Mg` as tonnes and `5 gr` as grains. The rules of
writing follow ISMP's list of error-prone abbreviations: a zero before the decimal point, one space before
the unit, no bare numbers, no household measures. Every refusal is a `ReadError` that says how to mend it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from splitter import bounds
from splitter.quantity import Concentration, Mass, Money, Volume, format_exact

if TYPE_CHECKING:
    import pint

_DEFINITIONS = (
    "milligram = [mass] = mg",
    "microgram = 1/1000 * milligram = mcg",
    "gram = 1000 * milligram = g",
    "millilitre = [volume] = mL",
    "millimetre = [length] = mm",
    "inch = 254/10 * millimetre",
    "day = [time]",
    "week = 7 * day",
    "hour = 1/24 * day = h",
    "minute = 1/60 * hour = min",
)
_NUMBER = r"(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,9}|/[1-9][0-9]{0,5})?"
_THOUSANDS = re.compile(r"[1-9][0-9]*\.[0-9]{2}0(?![0-9])")
_FINEST_MONEY = Fraction(1, 100_000)


def quoted(text: str) -> str:
    """A text as a message shows it: on one line, in quotes, cut when long."""
    return json.dumps(text if len(text) <= 60 else f"{text[:60]}…", ensure_ascii=False)


class ReadError(ValueError):
    """A value that can't be read: what was found, and how to mend it."""

    def __init__(self, found: str, remedy: str) -> None:
        self.found, self.remedy = found, remedy
        super().__init__(f"found {found}; {remedy}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A kind of quantity: its words, the unit it is read into, and the spellings that may be written.

    `finest` is the finest input in that unit, None for no bound, `most` the largest.
    """

    name: str
    example: str
    unit: str
    spellings: dict[str, str]
    most: int
    finest: Fraction | None = None


_MASS = _Kind(
    name="mass",
    example='"5 mg"',
    unit="mg",
    spellings={"mg": "mg", "mcg": "mcg", "ug": "mcg", "µg": "mcg", "μg": "mcg", "g": "g"},
    most=bounds.MOST_MASS,
    finest=Fraction(1, 1000),
)
_VOLUME = _Kind(
    name="volume",
    example='"5 mL"',
    unit="mL",
    spellings={"mL": "mL"},
    most=bounds.MOST_VOLUME,
    finest=Fraction(1, 1000),
)
_CONCENTRATION = _Kind(
    name="concentration",
    example='"25 mg/5 mL"',
    unit="mg/mL",
    spellings={"mg/mL": "mg/mL"},
    most=bounds.MOST_CONCENTRATION,
)
_DURATION = _Kind(
    name="duration",
    example='"14 days" or "2 weeks"',
    unit="day",
    spellings={"day": "day", "days": "day", "week": "week", "weeks": "week"},
    most=bounds.MOST_DAYS,
    finest=Fraction(1),
)
_LABOUR = _Kind(
    name="working time",
    example='"30 min" or "1 h"',
    unit="h",
    spellings={"min": "min", "minute": "min", "minutes": "min", "h": "h", "hour": "h", "hours": "h"},
    most=bounds.MOST_HOURS,
)
_LENGTH = _Kind(
    name="length", example='"50 mm" or "2 in"', unit="mm", spellings={"mm": "mm", "in": "inch"}, most=bounds.MOST_LENGTH
)
_PERCENTAGE = _Kind(name="percentage", example='"5 %"', unit="%", spellings={"%": "%"}, most=1)
_MASS_OR_PERCENTAGE = replace(_MASS, name="mass or a percentage", example='"5 mg" or "10 %"')
_CLEARANCE = _Kind(
    name="kidney function",
    example='"45 mL/min"',
    unit="mL/min",
    spellings={"mL/min": "mL/min", "mL/min/1.73 m2": "mL/min"},
    most=bounds.MOST_CLEARANCE,
)
_COUNT = _Kind(name="number", example='"50" or "1/2"', unit="", spellings={}, most=bounds.MOST_NUMBER)
_MONEY = _Kind(
    name="sum of money", example='"0.25"', unit="", spellings={}, most=bounds.MOST_MONEY, finest=_FINEST_MONEY
)

# What people write by mistake, most telling first: the first pattern found gives the advice. An advice without an
# example gets that of the kind; "5 mg" would be ten times too much beside ".5 mg".
_MISTAKES = tuple(
    (re.compile(pattern), advice)
    for pattern, advice in (
        (r"^$", "write a number and its unit"),
        (r"^\s|\s$|\s\s|[^\S ]", "write one plain space between number and unit, and none around them"),
        (r"[^\x00-\x7Fµμ]", "write plain digits and letters"),
        (r"^[-+−]", "write a number without a sign"),
        (r"(?i)^(nan|inf)", "write a number in digits"),
        (r",", "write a decimal point and no separators of thousands"),
        (r"[0-9]_", "write the digits without separators"),
        (r"[0-9][eE][-+]?[0-9]", "write the number out, without an exponent"),
        (r"(^|[^0-9])\.[0-9]", 'write a zero before the decimal point, as in "0.5"'),
        (r"[0-9]\.([^0-9]|$)", "write a digit after the decimal point, or no point"),
        (r"(^|[^0-9.])0[0-9]", "write the number without leading zeros"),
        (_THOUSANDS.pattern, "drop the last zero (a point may be read as a separator of thousands)"),
        (r":", "write the amount in a volume, not a ratio"),
        (r"(?i)/ ?kg", "write the dose itself, not a dose per kilogram"),
        (r"(?i)teaspoon|tablespoon|\bt(b)?sp\b|drop|\bgtts?\b", "write an exact amount, not spoons or drops"),
        (r"(?i)\b(units?|iu|u|meq|mmol)\b", "write the mass; this drug is measured in mass"),
        (
            r"(?i)^(half|an?|one|two|three|four|five|six|seven|eight|nine|ten|[a-z]+(teen|ty))\b",
            "write the number in figures",
        ),
        (r"(?i)percent|per cent|\bpct\b", "write the sign %"),
        (r"(?i)milligram|\bmgs\b", 'write the unit as "mg", as in "5 mg"'),
        (r"(?i)microgram|\bmcgs\b", 'write the unit as "mcg", as in "50 mcg"'),
        (r"(?i)month|year", "write days or weeks"),
        (r"[0-9][A-Za-zµμ]", "write one space between number and unit"),
    )
)


def parse_mass(text: str) -> Mass:
    """Read a mass [mg]; `mcg` may be written `ug` or `µg`. Zero is a mass. Raises ReadError.

    >>> parse_mass("5.0 mg"), parse_mass("50 µg") == parse_mass("0.05 mg")
    (Mass(value=Fraction(5, 1)), True)
    """
    return Mass(_read(text, _MASS))


def parse_volume(text: str) -> Volume:
    """Read a volume [mL]. Raises ReadError."""
    return Volume(_read(text, _VOLUME))


def parse_concentration(text: str) -> Concentration:
    """Read a concentration above zero [mg/mL]. Raises ReadError.

    >>> parse_concentration("25 mg/5 mL") == parse_concentration("5 mg/mL")
    True
    """
    amount, slash, per = text.partition("/") if text.count("/") == 1 else ("", "", "")
    if not slash or not per.endswith("mL"):
        raise _refusal(text, _CONCENTRATION)
    try:
        mass = parse_mass(amount.removesuffix(" "))
        volume = Volume(Fraction(1)) if per in ("mL", " mL") else parse_volume(per.removeprefix(" "))
    except ReadError:
        raise _refusal(text, _CONCENTRATION) from None
    if not mass or not volume:
        raise ReadError(quoted(text), f"write amounts above zero, such as {_CONCENTRATION.example}")
    if mass.value / volume.value > _CONCENTRATION.most:
        raise ReadError(quoted(text), f"write at most {_most(_CONCENTRATION)}")
    return Concentration(mass.value / volume.value)


def parse_duration(text: str) -> int:
    """Read whole days or weeks, at least one day [days]. Raises ReadError."""
    days = _read(text, _DURATION)
    if days == 0:
        raise ReadError(quoted(text), f"write at least one day, such as {_DURATION.example}")
    return int(days)


def parse_duration_from_zero(text: str) -> int:
    """Read whole days or weeks, none allowed [days]. Raises ReadError."""
    return int(_read(text, _DURATION))


def parse_clearance(text: str) -> Fraction:
    """Read the kidneys' function, an estimated filtration rate or a clearance [mL/min]. Raises ReadError."""
    return _read(text, _CLEARANCE)


def parse_labour(text: str) -> Fraction:
    """Read a working time in minutes or hours [h]. Raises ReadError."""
    return _read(text, _LABOUR)


def parse_length(text: str) -> Fraction:
    """Read a length in millimetres or inches [mm]. Raises ReadError."""
    return _read(text, _LENGTH)


def parse_percentage(text: str) -> Fraction:
    """Read a percentage from 0 to 100 % as a share: "5 %" is 1/20. Raises ReadError."""
    return _read(re.sub(r"(?<=[0-9])%$", " %", text), _PERCENTAGE)


def parse_mass_or_percentage(text: str) -> Mass | Fraction:
    """Read an amount as a mass [mg], or, with a percent sign, as a share. Raises ReadError."""
    if text.endswith("%") or "cent" in text.casefold():
        return parse_percentage(text)
    return Mass(_read(text, _MASS_OR_PERCENTAGE))


def parse_number(text: str) -> Fraction:
    """Read a number without a unit, "50" or "1/2". Raises ReadError."""
    return _read(text, _COUNT)


def parse_money(text: str) -> Money:
    """Read money in the pharmacy's currency, at most five decimals, not negative. Raises ReadError."""
    if "/" in text:
        raise ReadError(quoted(text), f"write money as a decimal, such as {_MONEY.example}")
    return Money(_read(text, _MONEY))


def parse_syringe(text: str) -> tuple[Volume, Volume]:
    """Read an oral syringe, "1 mL by 0.02 mL", as its capacity and graduation. Raises ReadError."""
    first, by, second = text.partition(" by ")
    example = 'such as "5 mL by 0.2 mL"'
    if not by:
        raise ReadError(quoted(text), f"write capacity and graduation, {example}")
    try:
        capacity, graduation = parse_volume(first), parse_volume(second)
    except ReadError as error:
        raise ReadError(quoted(text), f"{error.remedy}, as a syringe {example}") from None
    if not capacity or not graduation or (capacity / graduation).denominator != 1:
        raise ReadError(quoted(text), f"write a capacity that is a whole number of graduations, {example}")
    if capacity.value > bounds.MOST_CAPACITY or capacity / graduation > bounds.MOST_MARKS:
        most = f"at most {bounds.MOST_CAPACITY} mL with at most {bounds.MOST_MARKS} graduations"
        raise ReadError(quoted(text), f"write a syringe of {most}, {example}")
    return capacity, graduation


def mass_words(mass: Mass) -> str:
    """Write a mass as a label may carry it: in mg, or in mcg below 0.1 mg; never `µg`.

    >>> mass_words(parse_mass("50 µg")), mass_words(parse_mass("0.5 mg"))
    ('50 mcg', '0.5 mg')
    """
    if 0 < mass.value < Fraction(1, 10):
        return f"{format_exact(mass.value * 1000)} mcg"
    return str(mass)


@cache
def _registry() -> pint.UnitRegistry[Fraction]:
    """A registry that knows only the units above, in exact arithmetic; made when first needed."""
    import pint  # noqa: PLC0415  loading it takes longer than most commands

    registry: pint.UnitRegistry[Fraction] = pint.UnitRegistry(None, non_int_type=Fraction)
    for definition in _DEFINITIONS:
        registry.define(definition)
    return registry


def _read(text: str, kind: _Kind) -> Fraction:
    """Match `text` in full and convert it to the kind's unit."""
    unit = "|".join(re.escape(spelling) for spelling in kind.spellings)
    match = re.fullmatch(rf"({_NUMBER}) ({unit})" if unit else rf"({_NUMBER})()", text)
    if match is None or _THOUSANDS.search(text):
        raise _refusal(text, kind)
    value = _convert(Fraction(match[1]), kind.spellings.get(match[2], ""), kind.unit)
    if value > kind.most:
        raise ReadError(quoted(text), f"write at most {_most(kind)}")
    if kind.finest is not None and (value / kind.finest).denominator != 1:
        finest = f"{format_exact(kind.finest)} {kind.unit}".strip()
        raise ReadError(quoted(text), f"write a {kind.name} in whole multiples of {finest}, such as {kind.example}")
    return value


def _most(kind: _Kind) -> str:
    """The largest of a kind in words."""
    if kind is _PERCENTAGE:
        return "100 %"
    unit = "days" if kind is _DURATION else kind.unit
    return f"{kind.most} {unit}".strip()


def _convert(number: Fraction, unit: str, into: str) -> Fraction:
    if unit == "%":
        return number / 100
    if unit == into:
        return number
    return Fraction(_registry().Quantity(number, unit).m_as(into))


def _refusal(text: str, kind: _Kind) -> ReadError:
    """Why a text is refused, by the mistake that it most looks like."""
    found = quoted(text) if text else "an empty text"
    if not text and not kind.spellings:
        return ReadError(found, f"write a {kind.name}, such as {kind.example}")
    for pattern, advice in _MISTAKES:
        if pattern.search(text):
            return ReadError(found, advice if '"' in advice else f"{advice}, such as {kind.example}")
    if re.fullmatch(_NUMBER, text):
        return ReadError(found, f"add the unit, such as {kind.example}")
    number, _, unit = text.partition(" ")
    if re.fullmatch(r"[0-9./]+", number) and not re.fullmatch(_NUMBER, number):
        return ReadError(found, f"write a number of at most 12 digits and 9 decimals, such as {kind.example}")
    for spelling in kind.spellings:
        if unit != spelling and unit.casefold() == spelling.casefold():
            return ReadError(found, f'write the unit as "{spelling}", such as {kind.example}')
    return ReadError(found, f"write a {kind.name}, such as {kind.example}")
