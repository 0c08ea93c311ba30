"""The ranges that a prescriber leaves open: by how much a dose is lowered, how long each step is, when all ends.

"10 % to 20 %" and "10 to 20 %" are the same range; a single value is a range of itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from splitter.prescription.rule import Reduction
from splitter.quantity import Mass
from splitter.units import ReadError, parse_duration, parse_mass_or_percentage, parse_percentage, quoted

_TO = " to "
_OF_START = " of start"
_Value = TypeVar("_Value", Reduction, int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reductions:
    """From the least to the most by which each step is lower, both of one kind; the same where one value is stated."""

    least: Reduction
    most: Reduction


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """From the shortest to the longest time [days], the same where one value is stated."""

    least: int
    most: int


def read_reductions(text: str) -> Reductions:
    """Read "5 mg", "10 %", "10 % of start", or a range of one kind, "10 % to 20 %". Raises ReadError."""
    least, most = _ends(text, _reduction)
    if (least.share is None, least.of_start) != (most.share is None, most.of_start):
        raise ReadError(quoted(text), 'write both ends in one unit, such as "10 % to 20 %"')
    _refuse_empty(text, _size(least), _size(most))
    return Reductions(least=least, most=most)


def read_lengths(text: str) -> Lengths:
    """Read "2 weeks", or a range, "2 to 4 weeks". Raises ReadError."""
    least, most = _ends(text, parse_duration)
    _refuse_empty(text, least, most)
    return Lengths(least=least, most=most)


def _ends(text: str, read: Callable[[str], _Value]) -> tuple[_Value, _Value]:
    """Both ends of a range, the first with the unit of the second where it has none of its own. Raises ReadError."""
    first, to, second = text.partition(_TO)
    if not to:
        value = read(text)
        return value, value
    unit = second.lstrip("0123456789./")
    return read(first if first.rstrip("0123456789./") else first + unit), read(second)


def _refuse_empty(text: str, least: Fraction | int, most: Fraction | int) -> None:
    """Raise ReadError for a range that has no two values."""
    if _TO in text and not least < most:
        raise ReadError(quoted(text), "write the smaller end first, and two that differ, or one value")


def _size(reduction: Reduction) -> Fraction:
    """What reductions of one unit are compared by."""
    return reduction.share if reduction.share is not None else (reduction.amount or Mass(Fraction(0))).value


def _reduction(text: str) -> Reduction:
    """Read "5 mg", "10 %" of the current dose or "10 % of start". Raises ReadError."""
    if text.endswith(_OF_START):
        return Reduction(share=parse_percentage(text.removesuffix(_OF_START)), of_start=True)
    if "%" in text and not text.endswith("%"):
        raise ReadError(quoted(text), 'write "10 %", which is of the current dose, or "10 % of start"')
    value = parse_mass_or_percentage(text)
    return Reduction(amount=value) if isinstance(value, Mass) else Reduction(share=value)
