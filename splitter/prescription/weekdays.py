"""The weekdays on which a new dose may begin, as a prescription states them."""

from __future__ import annotations

from dataclasses import dataclass

from splitter.units import ReadError, quoted

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_TO = " to "


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDays:
    """The weekdays on which a new dose may begin, 0 for Monday; `text` is as it was written."""

    text: str
    days: frozenset[int]

    @classmethod
    def parse(cls, text: str) -> ChangeDays:
        """Read "Mon to Thu" or "Mon, Wed". Raises ReadError."""
        first, to, last = text.partition(_TO)
        names = (first, last) if to else tuple(part.strip() for part in text.split(","))
        if any(name not in WEEKDAYS for name in names) or len(set(names)) < len(names):
            raise ReadError(quoted(text), 'write weekdays such as "Mon to Thu" or "Mon, Wed"')
        numbers = [WEEKDAYS.index(name) for name in names]
        if to:
            begin, count = numbers[0], (numbers[1] - numbers[0]) % len(WEEKDAYS) + 1
            numbers = [(begin + place) % len(WEEKDAYS) for place in range(count)]
        return cls(text=text, days=frozenset(numbers))
