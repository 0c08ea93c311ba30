"""What lies where on a page, before any format knows of it.

Positions are in points from the page's lower left corner. The text of a mark is one line, already measured.
"""

from __future__ import annotations

from dataclasses import dataclass

from splitter.labels.barcodes import Symbol
from splitter.labels.fonts import ASCENT, DESCENT, Face, width


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One line of text whose baseline begins at x, y; `grey` from 0 (black) to 1 (white)."""

    x: float
    y: float
    text: str
    face: Face
    size: float
    grey: float = 0

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        right = self.x + width(self.text, self.face, self.size)
        return self.x, self.y - DESCENT * self.size, right, self.y + ASCENT * self.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A straight line; `grey` from 0 (black) to 1 (white)."""

    x: float
    y: float
    to_x: float
    to_y: float
    weight: float = 0.5
    grey: float = 0

    @property
    def box(self) -> tuple[float, float, float, float]:
        return min(self.x, self.to_x), min(self.y, self.to_y), max(self.x, self.to_x), max(self.y, self.to_y)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle: an outline to write or tick in, or a tint when `fill` (0 black to 1 white) is given."""

    x: float
    y: float
    wide: float
    high: float
    fill: float | None = None

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.x, self.y, self.x + self.wide, self.y + self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Sector:
    """A slice of a disc around x, y: `sweep` degrees counterclockwise from `start` (0 is to the right); 360 is all."""

    x: float
    y: float
    radius: float
    start: float = 0
    sweep: float = 360
    fill: float = 1
    weight: float = 0.8

    @property
    def box(self) -> tuple[float, float, float, float]:
        """That of the whole disc."""
        return self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Straight lines through `points`, an area where `fill` (0 black to 1 white) is given; `weight` 0: no line."""

    points: tuple[tuple[float, float], ...]
    fill: float | None = None
    weight: float = 0.8
    grey: float = 0

    @property
    def box(self) -> tuple[float, float, float, float]:
        across, upward = zip(*self.points, strict=True)
        return min(across), min(upward), max(across), max(upward)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inset:
    """A page drawn at `scale` on another, its lower left corner at x, y; one that recurs is stored once."""

    x: float
    y: float
    scale: float
    page: Page

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.x, self.y, self.x + self.page.wide * self.scale, self.y + self.page.high * self.scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A barcode whose blank zone has its lower left corner at x, y; `module` is the side of a module [pt].

    `height` is that of the bars [pt]; the modules of a DataMatrix are square, and it has none.
    """

    x: float
    y: float
    module: float
    symbol: Symbol
    height: float | None = None

    @property
    def box(self) -> tuple[float, float, float, float]:
        """With the zone that must stay blank."""
        high = self.symbol.high * self.module if self.height is None else self.height
        return self.x, self.y, self.x + self.symbol.wide * self.module, self.y + high


Mark = Text | Rule | Box | Sector | Shape | Inset | Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of `wide` by `high` points with its marks, drawn in order."""

    wide: float
    high: float
    marks: tuple[Mark, ...]
