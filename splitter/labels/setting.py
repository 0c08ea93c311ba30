"""Words to measured lines, on one stock in one profile."""

from __future__ import annotations

from dataclasses import dataclass

from splitter.errors import Fault, InputError
from splitter.labels.fonts import LEADING, Face, TooWideError, width, wrap
from splitter.labels.stock import Profile, Stock


@dataclass(frozen=True, slots=True)
class Line:
    """A line that has been measured: a bold head, then the rest in regular type."""

    head: str = ""
    rest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The stock that is printed on and the profile that it is printed by."""

    stock: Stock
    profile: Profile

    @property
    def room(self) -> float:
        """The width of a full line [pt]."""
        return self.stock.wide - 2 * self.stock.margin_x

    @property
    def high(self) -> float:
        """The height between the margins [pt]."""
        return self.stock.high - 2 * self.stock.margin_y

    @property
    def foot_limit(self) -> float:
        """The most that the secondary zone may take of that height [pt]."""
        return self.stock.high * (1 - self.profile.primary_share) - self.stock.margin_y

    @property
    def primary_leading(self) -> float:
        return self.profile.primary_size * LEADING

    @property
    def secondary_leading(self) -> float:
        return self.profile.secondary_size * LEADING

    def primary(self, key: str, head: str, rest: str = "") -> tuple[Line, ...]:
        """Lines of the primary zone: a bold head, then the rest. `key` says where the words come from."""
        return self._lines(key, head, rest, self.profile.primary_size, self.room)

    def secondary(self, key: str, head: str, rest: str = "", room: float | None = None) -> tuple[Line, ...]:
        """Lines of the secondary zone, `room` points wide."""
        return self._lines(key, head, rest, self.profile.secondary_size, room or self.room)

    def _lines(self, key: str, head: str, rest: str, size: float, room: float) -> tuple[Line, ...]:
        try:
            heads = wrap(head, Face.BOLD, size, room)
            if not rest:
                return tuple(Line(line) for line in heads)
            indent = width(f"{heads[-1]} ", Face.BOLD, size) if head else 0
            first, *others = wrap(rest, Face.REGULAR, size, room, indent)
        except TooWideError as error:
            raise self.misfit(key, str(error)) from None
        return (*(Line(line) for line in heads[:-1]), Line(heads[-1], first), *(Line("", line) for line in others))

    def misfit(self, key: str, text: str) -> InputError:
        """The error of words that can't be broken so as to fit."""
        remedy = f"shorten it; it doesn't fit a {self.stock.name} label at the type size that is required"
        return InputError([Fault(file="plan", key=key, found=repr(text), remedy=remedy)])
