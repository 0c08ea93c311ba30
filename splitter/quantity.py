"""Exact masses, volumes, concentrations and money. No float and no pint ever comes here.

Each kind is its own type, so that adding milligrams to millilitres is a type error before it is
a wrong label. Values are :class:`fractions.Fraction` in one fixed unit per kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Self, overload

_EXACT = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+|/[1-9][0-9]*)?")


def exact(text: str) -> Fraction:
    """Read a decimal or a fraction as `format_exact` writes it.

    >>> exact("2.5"), exact("10/3")
    (Fraction(5, 2), Fraction(10, 3))

    Raises ValueError for anything else: an exponent, a sign of plus, a space, other digits.
    """
    if not _EXACT.fullmatch(text) or not text.isascii():
        raise ValueError(f"{text!r} is not a decimal number or a fraction")
    return Fraction(text)


def format_exact(value: Fraction | int) -> str:
    """Write a number exactly: a finite decimal without trailing zeros, else a fraction.

    >>> format_exact(Fraction(5, 2)), format_exact(Fraction(10, 3)), format_exact(Fraction(60))
    ('2.5', '10/3', '60')
    """
    value = Fraction(value)
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    if places == 0:
        return str(value.numerator)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def counted(count: int, thing: str, things: str | None = None) -> str:
    """A number of things in words: `thing` for one, else `things`, by default with an s.

    >>> counted(1, "day"), counted(0, "day"), counted(2, "batch", "batches")
    ('1 day', '0 days', '2 batches')
    """
    return f"{count} {thing if count == 1 else things or f'{thing}s'}"


def round_half_up(value: Fraction, step: Fraction) -> Fraction:
    """Round to a multiple of `step`, halves away from zero.

    >>> round_half_up(Fraction("0.000005"), Fraction("0.00001"))
    Fraction(1, 100000)
    """
    scaled = abs(value) / step
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return whole * step if value >= 0 else -whole * step


def ceiling(value: Fraction) -> int:
    """The smallest integer that is not below `value`."""
    return -(-value.numerator // value.denominator)


@dataclass(frozen=True, slots=True, order=True)
class _Amount:
    """An exact amount that adds to its own kind and scales by pure numbers."""

    value: Fraction

    def __post_init__(self) -> None:
        if isinstance(self.value, float):
            raise TypeError(f"{type(self).__name__} takes exact numbers, not the float {self.value}")
        object.__setattr__(self, "value", Fraction(self.value))

    def __add__(self, other: Self) -> Self:
        return type(self)(self.value + self._same(other))

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.value - self._same(other))

    def __mul__(self, factor: Fraction | int) -> Self:
        if not isinstance(factor, (Fraction, int)):
            return NotImplemented
        return type(self)(self.value * factor)

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        return self.value != 0

    def _same(self, other: Self) -> Fraction:
        if type(other) is not type(self):
            raise TypeError(f"{type(self).__name__} and {type(other).__name__} don't add")
        return other.value


class Volume(_Amount):
    """A volume [mL]."""

    __slots__ = ()

    @overload
    def __truediv__(self, other: Volume) -> Fraction: ...
    @overload
    def __truediv__(self, other: Fraction | int) -> Volume: ...
    def __truediv__(self, other: Volume | Fraction | int) -> Volume | Fraction:
        if isinstance(other, Volume):
            return self.value / other.value
        return Volume(self.value / other)

    def __str__(self) -> str:
        return f"{format_exact(self.value)} mL"


class Concentration(_Amount):
    """A mass concentration [mg/mL]."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"{format_exact(self.value)} mg/mL"


class Mass(_Amount):
    """A mass [mg]."""

    __slots__ = ()

    @overload
    def __truediv__(self, other: Mass) -> Fraction: ...
    @overload
    def __truediv__(self, other: Concentration) -> Volume: ...
    @overload
    def __truediv__(self, other: Fraction | int) -> Mass: ...
    def __truediv__(self, other: Mass | Concentration | Fraction | int) -> Mass | Volume | Fraction:
        if isinstance(other, Mass):
            return self.value / other.value
        if isinstance(other, Concentration):
            return Volume(self.value / other.value)
        return Mass(self.value / other)

    def __str__(self) -> str:
        return f"{format_exact(self.value)} mg"


class Money(_Amount):
    """An amount of money in the pharmacy's currency, which the pharmacy's record names."""

    __slots__ = ()

    def __str__(self) -> str:
        return format_exact(self.value)
