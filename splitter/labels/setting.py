"""Words to measured lines, on one stock in one profile."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from splitter.errors import Fault, InputError
from splitter.labels.fonts import LEADING, Face, TooWideError, width, wrap
from splitter.labels.profiles import Profile
from splitter.labels.stock import Stock

_NAMES = {
    "patient.name": "the patient's name",
    "prescription.indication": "the purpose",
    "prescription.number": "the prescription's number",
    "prescriber.name": "the prescriber's name",
    "pharmacy.name": "the pharmacy's name",
    "pharmacy.address": "the pharmacy's address",
    "cautions": "the caution",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line that has been measured: a bold head, then the rest in regular type; `indent` from the left [pt]."""

    head: str = ""
    rest: str = ""
    indent: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The stock that is printed on, the profile that it is printed by, and how much larger than its least type."""

    stock: Stock
    profile: Profile
    scale: float = 1

    @property
    def room(self) -> float:
        """The width of a full line [pt]."""
        return self.stock.room_wide

    @property
    def foot_limit(self) -> float:
        """The most that the secondary zone may take of the height between the margins [pt]."""
        return self.stock.high * (1 - self.profile.primary_share) - self.stock.bottom

    @property
    def primary_size(self) -> float:
        return self.profile.primary_size * self.scale

    @property
    def secondary_size(self) -> float:
        return self.profile.secondary_size * self.scale

    @property
    def primary_leading(self) -> float:
        return self.primary_size * LEADING

    @property
    def secondary_leading(self) -> float:
        return self.secondary_size * LEADING

    def primary(self, key: str, head: str, rest: str = "", indent: float = 0) -> tuple[Line, ...]:
        """Lines of the primary zone: a bold head, then the rest. `key` says where the words come from."""
        return self._lines(key, (head, rest), self.primary_size, self.room - indent, indent)

    def secondary(self, key: str, head: str, rest: str = "", room: float | None = None) -> tuple[Line, ...]:
        """Lines of the secondary zone, `room` points wide."""
        return self._lines(key, (head, rest), self.secondary_size, self.room if room is None else room, 0)

    def secondary_width(self, head: str, rest: str = "") -> float:
        """How wide a field of the secondary zone is, a bold head and the rest behind it [pt]."""
        size = self.secondary_size
        if not rest:
            return width(head, Face.BOLD, size)
        return width(f"{head} ", Face.BOLD, size) + width(rest, Face.REGULAR, size)

    def _lines(self, key: str, words: tuple[str, str], size: float, room: float, indent: float) -> tuple[Line, ...]:
        try:
            return _broken(*words, size, room, indent)
        except TooWideError as error:
            raise self.misfit(key, str(error)) from None

    def misfit(self, key: str, text: str) -> InputError:
        """The error of words that are too long for the stock, however they are broken; `key` says which they are."""
        asked = f"the {self.profile.primary_size:g} pt that profile {self.profile.name} asks"
        found = f"{_NAMES.get(key, 'the words')} {text!r}, too long for label stock {self.stock.name} at {asked}"
        return InputError([Fault(file="plan", key=key, found=found, remedy="print on larger stock")])


@lru_cache(maxsize=8192)
def _broken(head: str, rest: str, size: float, room: float, indent: float) -> tuple[Line, ...]:
    """A bold head and the rest behind it in lines of at most `room` points."""
    heads = wrap(head, Face.BOLD, size, room)
    if not rest:
        return tuple(Line(line, "", indent) for line in heads)
    used = width(f"{heads[-1]} ", Face.BOLD, size) if head else 0
    first, *others = wrap(rest, Face.REGULAR, size, room, used)
    above = (Line(line, "", indent) for line in heads[:-1])
    return (*above, Line(heads[-1], first, indent), *(Line("", line, indent) for line in others))
