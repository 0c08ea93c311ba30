"""The quantity that a prescriber writes beside the schedule, such as "100 tablets of 5 mg"."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from splitter.quantity import Concentration, Mass
from splitter.units import ReadError, parse_concentration, parse_mass, parse_number, quoted

_UNITS = {name: name for name in ("tablet", "capsule", "packet")}
_SPELLINGS = {**_UNITS, **{f"{name}s": name for name in _UNITS}, "mL": "mL"}
_EXAMPLE = 'such as "100 tablets", "100 tablets of 5 mg" or "480 mL of 5 mg/5 mL"'


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedQuantity:
    """So many of a `unit` ("tablet", "capsule", "packet" or "mL"), of a strength where one is stated.

    `text` is the prescriber's own. Of units that are counted the strength is a mass, of mL a concentration.
    """

    text: str
    count: Fraction
    unit: str
    strength: Mass | Concentration | None = None

    @classmethod
    def parse(cls, text: str) -> StatedQuantity:
        """Read a quantity. Raises units.ReadError.

        >>> StatedQuantity.parse("100 tablets of 5 mg").strength
        Mass(value=Fraction(5, 1))
        """
        amount, of, strength = text.partition(" of ")
        number, _, word = amount.partition(" ")
        unit = _SPELLINGS.get(word)
        if unit is None or bool(of) != bool(strength):
            raise ReadError(quoted(text), f"write how many of what, {_EXAMPLE}")
        try:
            count = parse_number(number)
            each = None if not of else parse_concentration(strength) if unit == "mL" else parse_mass(strength)
        except ReadError as error:
            raise ReadError(quoted(text), f"{error.remedy}, as a quantity {_EXAMPLE}") from None
        if not count or (each is not None and not each):
            raise ReadError(quoted(text), f"write a quantity above zero, {_EXAMPLE}")
        if unit != "mL" and count.denominator != 1:
            raise ReadError(quoted(text), f"write a whole number of units, {_EXAMPLE}")
        return cls(text=text, count=count, unit=unit, strength=each)
