"""Small pictures of what is taken: tablets and their pieces, capsules, packets, a syringe filled to a volume.

Each picture is a page of its own, made once, so that the file holds it once however often it is shown. What is taken is
tinted; the rest of a broken tablet is a faint outline. Lengths are in points.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from splitter.formulary import Form
from splitter.labels.fonts import ASCENT, LEADING, Face, width
from splitter.labels.marks import Box, Mark, Page, Rule, Sector, Shape, Text
from splitter.plan import Administration, Measure, Plan, Take
from splitter.units import parse_syringe
from splitter.wording.figures import number
from splitter.wording.names import strength
from splitter.wording.regimens import BROKEN, Regimen

_TINT, _FAINT, _DARK = 0.82, 0.7, 0.25
# The height of every counted piece, and the size of the largest.
HIGH = 24.0
_LARGEST, _SMALLEST, _SMALLER = 22.0, 13.0, 3.0
_QUARTER = 90.0
# A syringe: its barrel, the nozzle, the rod of the plunger with its thumb rest, and the figures on the scale.
_BARREL_HIGH, _NOZZLE, _ROD, _FIGURES = 16.0, 7.0, 9.0, 12.0
_WIDEST = 140.0
# The blank on either side of a strength below a picture, so that two don't read as one [pt].
_APART_WORDS = 4.0
# Marks nearer than this run into each other [pt]; then only some are drawn, at whole multiples.
_APART, _EVERY = 1.8, (2, 5, 10)
_SCALE_STEPS = tuple(Fraction(text) for text in ("0.1", "0.2", "0.5", "1", "2", "5", "10", "20", "50"))


class Pictures:
    """The pictures of a plan's doses: tablets scored as the plan breaks them.

    Several strengths of a form are drawn by size, with each strength below its picture.
    """

    def __init__(self, plan: Plan, room: float) -> None:
        self._products = {product.id: product for product in plan.products}
        self._wide = min(room, _WIDEST)
        self._parts = dict.fromkeys(self._products, 1)
        for step in plan.steps:
            for given in step.administrations:
                for take in given.take:
                    self._parts[take.product] = max(self._parts[take.product], take.fraction.denominator)

    def of(self, given: Administration) -> tuple[Page, ...]:
        """All that is taken at one time, product by product, whole pieces first."""
        order = {product: place for place, product in enumerate(dict.fromkeys(take.product for take in given.take))}
        takes = sorted(given.take, key=lambda take: (order[take.product], -take.fraction))
        pieces = [self._named(take) for take in takes for _ in range(take.count)]
        return (*pieces, *(self._draws(given.measure) if given.measure else ()))

    def legend(self, found: Iterable[Regimen]) -> tuple[tuple[Page, str], ...]:
        """What the grey of a broken piece means, where these days have one; all else has its words beside it."""
        given = [dose.given for regimen in found for dose in regimen.doses if dose.given]
        takes = [take for each in given for take in each.take]
        broken = [(self._piece(take.product, take.fraction), BROKEN) for take in takes if take.fraction < 1]
        return tuple(broken[:1])

    def _piece(self, product: str, fraction: Fraction) -> Page:
        form = self._products[product].form
        strengths = {each.strength_mg for each in self._products.values() if each.form is form and each.strength_mg}
        rank = sorted(strengths, reverse=True).index(self._products[product].strength_mg or Fraction(0))
        return piece(form, fraction, self._parts[product], rank)

    def _named(self, take: Take) -> Page:
        """A piece, with its strength where its form has several."""
        product, drawn = self._products[take.product], self._piece(take.product, take.fraction)
        if len({each.strength_mg for each in self._products.values() if each.form is product.form}) == 1:
            return drawn
        words = strength(product)
        return named(drawn, words if take.fraction == 1 else f"of {words}")

    def _draws(self, measure: Measure) -> tuple[Page, ...]:
        """A syringe for each draw of a volume."""
        capacity = parse_syringe(measure.syringe)[0].value
        full, rest = divmod(measure.mL, capacity)
        volumes = [capacity] * int(full) + ([rest] if rest else [])
        return tuple(syringe(measure.syringe, volume, self._wide) for volume in volumes)


@lru_cache(maxsize=512)
def piece(form: Form, fraction: Fraction, parts: int, rank: int) -> Page:
    """One piece of a product that is broken into `parts` at most; `rank` 0 is the largest product of its form."""
    size = max(_LARGEST - _SMALLER * rank, _SMALLEST)
    if form is Form.TABLET:
        return _tablet(fraction, parts, size)
    return _capsule(size) if form is Form.CAPSULE else _packet(size)


@lru_cache(maxsize=512)
def named(drawn: Page, words: str) -> Page:
    """A picture with its strength below it, since sizes alone can't be told apart at a glance."""
    long, line = width(words, Face.BOLD, _FIGURES), _FIGURES * LEADING
    wide = max(drawn.wide, long + 2 * _APART_WORDS)
    marks = tuple(_moved(mark, (wide - drawn.wide) / 2, line) for mark in drawn.marks)
    below = Text(x=(wide - long) / 2, y=line - _FIGURES * ASCENT, text=words, face=Face.BOLD, size=_FIGURES)
    return Page(wide=wide, high=drawn.high + line, marks=(*marks, below))


def _moved(mark: Mark, right: float, up: float) -> Mark:
    match mark:
        case Rule():
            ends = {"to_x": mark.to_x + right, "to_y": mark.to_y + up}
            return replace(mark, x=mark.x + right, y=mark.y + up, **ends)
        case Shape():
            return replace(mark, points=tuple((x + right, y + up) for x, y in mark.points))
        case _:
            return replace(mark, x=mark.x + right, y=mark.y + up)


def _tablet(fraction: Fraction, parts: int, size: float) -> Page:
    middle, radius = HIGH / 2, size / 2
    x = radius + 0.5
    if fraction == 1:
        marks: list[Mark] = [Sector(x=x, y=middle, radius=radius, fill=_TINT)]
        marks += _scores(x, middle, radius, parts)
    else:
        marks = [
            Sector(x=x, y=middle, radius=radius, fill=1, weight=0.3),
            Sector(x=x, y=middle, radius=radius, start=_QUARTER, sweep=360 * float(fraction), fill=_TINT),
        ]
    return Page(wide=size + 1, high=HIGH, marks=tuple(marks))


def _scores(x: float, y: float, radius: float, parts: int) -> list[Rule]:
    """The lines along which a tablet is broken into `parts`: across for two, a cross for four, a star for three."""
    if parts < 2:
        return []
    turns = [_QUARTER + 360 * place / parts for place in range(parts)]
    ends = [(x + radius * math.cos(math.radians(turn)), y + radius * math.sin(math.radians(turn))) for turn in turns]
    return [Rule(x=x, y=y, to_x=end_x, to_y=end_y, weight=0.6) for end_x, end_y in ends]


def _capsule(size: float) -> Page:
    """Two halves, the right one tinted."""
    high, wide = size * 0.5, size * 1.25
    radius, low, middle = high / 2, (HIGH - high) / 2, HIGH / 2
    left, right, half = 0.5 + radius, 0.5 + wide - radius, 0.5 + wide / 2
    top = low + high
    marks = (
        Box(x=half, y=low, wide=right - half, high=high, fill=_FAINT),
        Sector(x=right, y=middle, radius=radius, start=-_QUARTER, sweep=180, fill=_FAINT, weight=0),
        Shape(points=_arc(left, middle, radius, _QUARTER)),
        Shape(points=_arc(right, middle, radius, -_QUARTER)),
        Rule(x=left, y=top, to_x=right, to_y=top, weight=0.8),
        Rule(x=left, y=low, to_x=right, to_y=low, weight=0.8),
        Rule(x=half, y=low, to_x=half, to_y=top, weight=0.8),
    )
    return Page(wide=wide + 1, high=HIGH, marks=marks)


def _arc(x: float, y: float, radius: float, start: float) -> tuple[tuple[float, float], ...]:
    """Half a circle from `start` degrees, as short lines."""
    turns = [math.radians(start + step * 15) for step in range(13)]
    return tuple((x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns)


def _packet(size: float) -> Page:
    """A sachet with its edge to tear."""
    wide, high = size * 0.75, size
    low = (HIGH - high) / 2
    tear = low + high * 0.8
    return Page(
        wide=wide + 1,
        high=HIGH,
        marks=(
            Box(x=0.5, y=low, wide=wide, high=high, fill=_TINT),
            Box(x=0.5, y=low, wide=wide, high=high),
            Rule(x=0.5, y=tear, to_x=wide + 0.5, to_y=tear, weight=0.6),
        ),
    )


@lru_cache(maxsize=2048)
def syringe(text: str, volume: Fraction, wide: float) -> Page:
    """A syringe, by the policy's own string, lying with its nozzle to the left, filled to `volume` [mL]."""
    capacity, graduation = (each.value for each in parse_syringe(text))
    barrel = wide - _NOZZLE - _ROD - 1
    per_ml = barrel / float(capacity)
    left, right, top = _NOZZLE, _NOZZLE + barrel, _BARREL_HIGH + 0.5
    level = left + per_ml * float(volume)
    high = _BARREL_HIGH + _FIGURES + 2
    middle = 0.5 + _BARREL_HIGH / 2
    marks: list[Mark] = [
        Box(x=left, y=0.5, wide=level - left, high=_BARREL_HIGH, fill=_TINT),
        Box(x=level, y=1.5, wide=min(4.0, right + 2 - level), high=_BARREL_HIGH - 2, fill=_DARK),
        Rule(x=level, y=middle, to_x=right + _ROD - 2, to_y=middle, weight=2.4, grey=0.55),
        Box(x=left, y=0.5, wide=barrel, high=_BARREL_HIGH),
        Box(x=0.5, y=middle - 2, wide=_NOZZLE - 0.5, high=4),
        Box(x=right + _ROD - 2.5, y=middle - 5, wide=2.5, high=10, fill=_DARK),
    ]
    named = _named_step(capacity, per_ml)
    marks += _graduations(capacity, graduation, named, (left, top, per_ml))
    marks += _figures(capacity, named, (left, top, per_ml))
    return Page(wide=wide, high=high, marks=tuple(marks))


def _named_step(capacity: Fraction, per_ml: float) -> Fraction:
    """The distance [mL] between the graduations that bear a figure, so that figures stand apart."""
    for step in _SCALE_STEPS:
        widest = max(width(number(step), Face.REGULAR, _FIGURES), width(number(capacity), Face.REGULAR, _FIGURES))
        if float(step) * per_ml >= widest + 5 and (capacity / step).denominator == 1:
            return step
    return capacity


def _graduations(
    capacity: Fraction, graduation: Fraction, named: Fraction, place: tuple[float, float, float]
) -> list[Rule]:
    left, top, per_ml = place
    rules = []
    drawn = _drawn_graduation(graduation, named, per_ml)
    for count in range(1, int(capacity / drawn)):
        value = count * drawn
        long = (value / named).denominator == 1
        x = left + per_ml * float(value)
        rules.append(Rule(x=x, y=top, to_x=x, to_y=top - (9 if long else 5), weight=0.6 if long else 0.3))
    return rules


def _drawn_graduation(graduation: Fraction, named: Fraction, per_ml: float) -> Fraction:
    """The distance [mL] between the marks that are drawn: the graduation, or a multiple that stays legible."""
    if float(graduation) * per_ml >= _APART:
        return graduation
    multiples = (graduation * every for every in _EVERY)
    apart = (each for each in multiples if float(each) * per_ml >= _APART and (named / each).denominator == 1)
    return next(apart, named)


def _figures(capacity: Fraction, named: Fraction, place: tuple[float, float, float]) -> list[Text]:
    left, top, per_ml = place
    texts = []
    for count in range(1, int(capacity / named) + 1):
        words = number(count * named)
        x = left + per_ml * float(count * named) - width(words, Face.REGULAR, _FIGURES) / 2
        y = top + 1.5 + _FIGURES * (1 - ASCENT)
        texts.append(Text(x=x, y=y, text=words, face=Face.REGULAR, size=_FIGURES))
    return texts
