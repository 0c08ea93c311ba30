"""The picture of a taper for a physician: doses, what they are made of, how exactly they are delivered, how they fall.

Above, over the dates: each step's dose as areas by product, one on the other, the target as a heavy line, and the range
of 95 % of days as two thin ones. Below: by how many percent each step is lower than the one before, against the most
that cited tapers take off. Lengths are in points; floats place ink.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from splitter.labels.fonts import ASCENT, Face, width
from splitter.labels.marks import Box, Mark, Page, Rule, Shape, Text
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.figures import number

_SIZE, _LEADING = 8.0, 10.0
_RIGHT, _GAP = 30.0, 12.0
_SHARES = 96.0
"""The height of the lower panel, with its title above and half a line below its ground."""
_GROUND = _SIZE / 2
_STEPS = tuple(Fraction(f"{figure}e{power}") for power in range(-3, 5) for figure in (1, 2, 5))
_MOST_LINES = 6
_GREYS = (0.86, 0.62, 0.76, 0.5, 0.93, 0.42)
"""The greys of products, far apart for neighbours; more products share them in turn."""
_DARK, _FAINT, _MIDDLE = 0.25, 0.85, 0.45
_LEAST_TOP = Fraction(20)
"""The lower panel reaches at least this many percent, so that small steps look small."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One step of the picture: its days, its target, the mass [mg] of each product, where 95 % of days lie [mg].

    `less` is the percentage by which it is lower than the one before, `cited` the most that each of the cited tapers
    takes off there, None where it says nothing of such a dose.
    """

    first: dt.date
    last: dt.date
    target: Fraction
    masses: tuple[Fraction, ...]
    delivered: tuple[float, float] | None
    less: Fraction | None
    cited: tuple[Fraction | None, ...]


def taper_chart(stretches: Sequence[Stretch], size: tuple[float, float], customs: Customs = AMERICAN) -> Page:
    """The picture, `size` wide and high; stretches follow each other."""
    field = _Field(stretches, size)
    marks = (
        *field.axis(),
        *field.areas(),
        *field.ranges(),
        *field.targets(),
        *field.dates(customs),
        *field.shares(),
        *field.cited(),
    )
    return Page(wide=size[0], high=size[1], marks=marks)


def key_of(products: Sequence[str], cited: Sequence[str]) -> tuple[tuple[Page, str], ...]:
    """What each grey and each line of the picture stands for."""
    tints = [(_sample(Box(x=0, y=1, wide=12, high=7, fill=_grey(place))), name) for place, name in enumerate(products)]
    lines = (
        (_sample(Rule(x=0, y=4, to_x=14, to_y=4, weight=1.6)), "the target"),
        (
            _sample(
                Rule(x=0, y=2, to_x=14, to_y=2, weight=0.6, grey=_DARK),
                Rule(x=0, y=6, to_x=14, to_y=6, weight=0.6, grey=_DARK),
            ),
            "between them 95 % of days",
        ),
    )
    numbered = [
        (_sample(_words(0, 0.5, str(place), Face.BOLD)), f"at most, by {name}") for place, name in enumerate(cited, 1)
    ]
    return tuple((picture, text) for picture, text in (*lines, *tints, *numbered))


def _sample(*marks: Mark) -> Page:
    return Page(wide=14, high=9, marks=marks)


def _grey(place: int) -> float:
    return _GREYS[place % len(_GREYS)]


def highest_share(stretches: Sequence[Stretch]) -> Fraction:
    """How many percent the lower panel reaches: so far that the steps of the plan fill half of it at the least."""
    shares = [abs(stretch.less) for stretch in stretches if stretch.less is not None]
    most = max([*shares, _LEAST_TOP / 2])
    cited = [share for stretch in stretches for share in stretch.cited if share is not None and share <= 2 * most]
    return min(max([most, _LEAST_TOP, *cited]), Fraction(100))


class _Field:
    """Where days, doses and percentages lie in the picture."""

    def __init__(self, stretches: Sequence[Stretch], size: tuple[float, float]) -> None:
        self.stretches = stretches
        self.first, self.stop = stretches[0].first, stretches[-1].last + dt.timedelta(days=1)
        self.wide, self.high = size
        self.floor = _SHARES + _GAP + _LEADING
        reach = [Fraction(stretch.delivered[1]) for stretch in stretches if stretch.delivered]
        self.highest = max([*reach, *(stretch.target for stretch in stretches)]) or Fraction(1)
        self.unit = _unit(self.highest)
        self.most = highest_share(stretches)
        figures = [number(count * self.unit) for count in range(int(self.highest / self.unit) + 1)]
        self.left = max(width(words, Face.REGULAR, _SIZE) for words in (*figures, "100 %")) + 6

    def x(self, date: dt.date) -> float:
        share = (date - self.first).days / (self.stop - self.first).days
        return self.left + (self.wide - self.left - _RIGHT) * share

    def y(self, dose: Fraction | float) -> float:
        return self.floor + (self.high - self.floor - 2 * _LEADING) * float(dose) / float(self.highest)

    def at(self, percent: Fraction) -> float:
        """How high a percentage lies in the lower panel."""
        return _GROUND + (_SHARES - _GROUND - 2 * _LEADING) * float(min(percent, self.most) / self.most)

    def axis(self) -> Iterator[Mark]:
        """The lines of both panels with their figures, and what they mean."""
        yield _words(0, self.high - ASCENT * _SIZE, "mg a day", Face.BOLD)
        for count in range(int(self.highest / self.unit) + 1):
            yield from self._line(self.y(count * self.unit), number(count * self.unit), not count)
        yield _words(0, _SHARES - ASCENT * _SIZE, "lower than the step before (hollow: higher)", Face.BOLD)
        unit = _unit(self.most, 4)
        for count in range(int(self.most / unit) + 1):
            yield from self._line(self.at(count * unit), f"{number(count * unit)} %", not count)

    def _line(self, y: float, words: str, ground: bool) -> Iterator[Mark]:
        grey, weight = (0, 0.7) if ground else (_FAINT, 0.4)
        yield Rule(x=self.left, y=y, to_x=self.wide - _RIGHT, to_y=y, weight=weight, grey=grey)
        yield _words(self.left - 4 - width(words, Face.REGULAR, _SIZE), y - 0.35 * _SIZE, words)

    def areas(self) -> Iterator[Mark]:
        """What each step's dose is made of."""
        for stretch, x, to_x in self._placed():
            low = Fraction(0)
            for place, mass in enumerate(stretch.masses):
                if mass:
                    y = self.y(low)
                    yield Box(x=x, y=y, wide=to_x - x, high=self.y(low + mass) - y, fill=_grey(place))
                low += mass

    def ranges(self) -> Iterator[Mark]:
        """Where 95 % of days lie."""
        for end in (0, 1):
            before: tuple[float, float] | None = None
            for stretch, x, to_x in self._placed():
                if stretch.delivered is None:
                    before = None
                    continue
                y = self.y(stretch.delivered[end])
                if before is not None:
                    yield Rule(x=x, y=before[1], to_x=x, to_y=y, weight=0.5, grey=_DARK)
                yield Rule(x=x, y=y, to_x=to_x, to_y=y, weight=0.5, grey=_DARK)
                before = to_x, y

    def targets(self) -> Iterator[Mark]:
        """The prescribed doses, as one line that ends on the ground."""
        edge = [(self.x(self.first), self.y(0))]
        for stretch, x, to_x in self._placed():
            edge += [(x, self.y(stretch.target)), (to_x, self.y(stretch.target))]
        yield Shape(points=(*edge, (self.x(self.stop), self.y(0))), weight=1.4)

    def dates(self, customs: Customs) -> Iterator[Mark]:
        """As many first days of steps, and the end, as stay apart."""
        ground, right = self.floor, -1.0
        days = [stretch.first for stretch in self.stretches]
        ends = customs.day(self.stop, beside=self.first)
        last = self.x(self.stop) - width(ends, Face.REGULAR, _SIZE) / 2
        for date in days:
            words = customs.day(date, beside=None if date == self.first else self.first)
            wide = width(words, Face.REGULAR, _SIZE)
            start = max(self.x(date) - wide / 2, 0.0)
            if start <= right or start + wide + 6 > last:
                continue
            yield from self._dated(self.x(date), start, words, ground)
            right = start + wide + 6
        yield from self._dated(self.x(self.stop), min(last, self.wide - 2 * (self.x(self.stop) - last)), ends, ground)

    def _dated(self, x: float, start: float, words: str, ground: float) -> Iterator[Mark]:
        yield Rule(x=x, y=ground, to_x=x, to_y=ground - 3, weight=0.6)
        yield _words(start, ground - 4 - ASCENT * _SIZE, words)

    def shares(self) -> Iterator[Mark]:
        """By how much each step is lower, as a bar where it begins; a rise is hollow."""
        for stretch, x, to_x in self._placed():
            if not stretch.less:
                continue
            right, high = x + max(min((to_x - x) * 0.7, 14.0), 1.0), self.at(abs(stretch.less))
            edge = ((x, _GROUND), (x, high), (right, high), (right, _GROUND), (x, _GROUND))
            yield Shape(points=edge, fill=_MIDDLE if stretch.less > 0 else None, weight=0.5)

    def cited(self) -> Iterator[Mark]:
        """The most that each cited taper takes off, as a line with its number at its end."""
        ends: list[float] = []
        for place in range(len(self.stretches[0].cited)):
            known = [(stretch.cited[place], x, to_x) for stretch, x, to_x in self._placed()]
            drawn = [(self.at(most), x, to_x) for most, x, to_x in known if most is not None and most <= self.most]
            for y, x, to_x in drawn:
                yield Rule(x=x, y=y, to_x=to_x, to_y=y, weight=0.9, grey=0)
            if drawn:
                y = drawn[-1][0]
                across = self.wide - _RIGHT + 3 + 7 * sum(abs(y - other) < _SIZE for other in ends)
                ends.append(y)
                yield _words(across, y - 0.35 * _SIZE, str(place + 1), Face.BOLD)

    def _placed(self) -> Iterator[tuple[Stretch, float, float]]:
        """Each stretch with where it begins and ends."""
        for stretch in self.stretches:
            yield stretch, self.x(stretch.first), self.x(stretch.last + dt.timedelta(days=1))


def _unit(highest: Fraction, lines: int = _MOST_LINES) -> Fraction:
    """What the lines of an axis are apart."""
    return next((step for step in _STEPS if highest / step <= lines), highest)


def _words(x: float, y: float, words: str, face: Face = Face.REGULAR) -> Text:
    return Text(x=x, y=y, text=words, face=face, size=_SIZE)
