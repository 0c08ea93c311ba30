"""The staircase of a taper: its daily doses over its dates, as one picture. Lengths are in points."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from fractions import Fraction

from splitter.labels.fonts import ASCENT, DESCENT, Face, width
from splitter.labels.marks import Mark, Page, Rule, Shape, Text
from splitter.wording.calendar import Stair
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.figures import number

_SIZE = 12.0
_LEADING = 15.0
# Around the field: room for the axis' figures and title, the top label, and two lines of dates below.
_RIGHT, _TOP = 14.0, 2 * _LEADING + 4
_BELOW = 2 * _LEADING + 9
_TINT, _FAINT = 0.88, 0.8
_STEPS = tuple(Fraction(f"{figure}e{power}") for power in range(-3, 5) for figure in (1, 2, 5))
_MOST_LINES = 7


def staircase_chart(stairs: Sequence[Stair], size: tuple[float, float], end: str, customs: Customs = AMERICAN) -> Page:
    """The chart, `size` wide and high: the stairs, their doses where there is room, the dates; last the words `end`."""
    field = _Field(stairs, size)
    marks = (*field.axis(), *field.steps(), *field.doses(), *field.dates(end, customs))
    return Page(wide=size[0], high=size[1], marks=marks)


class _Field:
    """Where days and doses lie in the picture."""

    def __init__(self, stairs: Sequence[Stair], size: tuple[float, float]) -> None:
        self.stairs = stairs
        self.first = stairs[0].first
        self.stop = stairs[-1].last + dt.timedelta(days=1)
        self.highest = max(stair.total_mg for stair in stairs) or Fraction(1)
        self.unit = next((step for step in _STEPS if self.highest / step <= _MOST_LINES), self.highest)
        self.wide, self.high = size
        figures = [number(count * self.unit) for count in range(int(self.highest / self.unit) + 1)]
        self.left = max(width(words, Face.REGULAR, _SIZE) for words in figures) + 6

    def x(self, date: dt.date) -> float:
        """How far to the right a day begins."""
        share = (date - self.first).days / (self.stop - self.first).days
        return self.left + (self.wide - self.left - _RIGHT) * share

    def y(self, dose: Fraction) -> float:
        """How high a dose [mg] lies."""
        return _BELOW + (self.high - _BELOW - _TOP) * float(dose / self.highest)

    def axis(self) -> Iterator[Mark]:
        """The lines of the doses with their figures, and what they mean."""
        yield _text(0, self.high - ASCENT * _SIZE, "mg a day", Face.BOLD)
        for count in range(int(self.highest / self.unit) + 1):
            dose = count * self.unit
            y, words = self.y(dose), number(dose)
            grey, weight = (0, 0.8) if not count else (_FAINT, 0.4)
            yield Rule(x=self.left, y=y, to_x=self.wide - _RIGHT, to_y=y, weight=weight, grey=grey)
            yield _text(self.left - 4 - width(words, Face.REGULAR, _SIZE), y - 0.35 * _SIZE, words)

    def steps(self) -> Iterator[Mark]:
        """The area under the stairs, and their edge."""
        edge = [(self.x(self.first), self.y(Fraction(0)))]
        for stair in self.stairs:
            after = stair.last + dt.timedelta(days=1)
            edge += [(self.x(stair.first), self.y(stair.total_mg)), (self.x(after), self.y(stair.total_mg))]
        edge.append((self.x(self.stop), self.y(Fraction(0))))
        yield Shape(points=tuple(edge), fill=_TINT, weight=0)
        yield Shape(points=tuple(edge), weight=1.6)

    def doses(self) -> Iterator[Mark]:
        """The dose above each step; where steps are narrow, above as many as stay apart."""
        taken: list[tuple[float, float, float, float]] = []
        for stair in self._most_important_first():
            words = number(stair.total_mg)
            x = self.x(stair.first) + 2.5
            wide = width(words, Face.BOLD, _SIZE)
            low = self.y(stair.total_mg) + 2.5
            box = (x - 2, low, x + wide + 2, low + _SIZE)
            if x + wide > self.wide or self._crossed(stair, x + wide) or any(_meet(box, other) for other in taken):
                continue
            taken.append(box)
            yield _text(x, low + DESCENT * _SIZE, words, Face.BOLD)

    def _crossed(self, stair: Stair, right: float) -> bool:
        """Whether a dose that rises later would run through the words above this step."""
        later = (other for other in self.stairs if other.first > stair.last and self.x(other.first) < right + 1)
        return any(other.total_mg > stair.total_mg for other in later)

    def _most_important_first(self) -> list[Stair]:
        """The first, the last, then the others from the left."""
        return list(dict.fromkeys((self.stairs[0], self.stairs[-1], *self.stairs)))

    def dates(self, end_words: str, customs: Customs) -> Iterator[Mark]:
        """The first day and the end on the lower line, and between them as many steps' days as stay apart."""
        ground = self.y(Fraction(0))
        baseline = ground - 8 - ASCENT * _SIZE
        last = self.x(self.stop) - 3
        wide = width(end_words, Face.BOLD, _SIZE)
        x = min(self.x(self.stop) - wide / 2, self.wide - wide)
        yield _tick(self.x(self.stop), ground, 6 + _LEADING)
        yield _text(x, baseline - _LEADING, end_words, Face.BOLD)
        right = 0.0
        for stair in self.stairs:
            words = customs.day(stair.first, beside=None if stair is self.stairs[0] else stair.first)
            start = max(0.0, self.x(stair.first) - width(words, Face.REGULAR, _SIZE) / 2)
            end = start + width(words, Face.REGULAR, _SIZE)
            if (start < right + 8 and right) or end > last:
                continue
            right = end
            yield _tick(self.x(stair.first), ground, 5)
            yield _text(start, baseline, words)


def _text(x: float, y: float, words: str, face: Face = Face.REGULAR) -> Text:
    return Text(x=x, y=y, text=words, face=face, size=_SIZE)


def _tick(x: float, ground: float, long: float) -> Rule:
    return Rule(x=x, y=ground - long, to_x=x, to_y=ground, weight=0.8)


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
