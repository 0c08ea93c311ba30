"""What one label of an item says, measured: which words of the item it has its share of, and how high they are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from splitter.labels.barcodes import Symbol, can_be_barred, code128, datamatrix, module_size
from splitter.labels.setting import Line, Setting
from splitter.wording import Direction, LabelText

# Above and below the rules of the secondary zone, between its fields, and left of the matrix [pt].
GAP = 1.5
_BETWEEN, GUTTER = 8.0, 6.0
# The doses of a list stand in from the dates above them [pt].
_INDENT = 12.0
# Where somebody writes initials; the height of bars, and the least width of words beside a matrix [pt].
_BLANK = 30.0
BAR_HEIGHT = 13.0
_LEAST_WORDS = 90.0


class Group(StrEnum):
    """Particulars of the secondary zone that stand or move together."""

    FILLED = "filled"
    SUPPLY = "supply"
    PHARMACY = "pharmacy"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one label takes of an item's words. Prescription number and place stand on every label.

    `cautions` stand in the secondary zone, those `apart` in large type in place of directions; `warned` labels have
    the warning, the lot and the last day of use; `onward` ones say that more follow.
    """

    directions: tuple[Direction, ...] = ()
    cautions: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    purpose: bool = False
    warned: bool = False
    onward: bool = False
    matrix: bool = False
    bars: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """Words that begin at `x` [pt] from the left margin, and the length of a line to write on behind them."""

    x: float
    line: Line
    blank: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Paragraphs of the primary zone; sentences, rows of particulars and barcodes of the secondary zone.

    It was measured in type of `scale` times the profile's.
    """

    primary: tuple[tuple[Line, ...], ...]
    said: tuple[Line, ...]
    rows: tuple[tuple[Cell, ...], ...]
    matrix: Symbol | None
    bars: Symbol | None
    scale: float

    def primary_height(self, setting: Setting) -> float:
        return sum(map(len, self.primary)) * setting.primary_leading

    def foot_height(self, setting: Setting) -> float:
        """The height of the secondary zone with its rules [pt]."""
        side = matrix_side(self.matrix, setting) if self.matrix else 0
        return _foot_height(setting.secondary_leading, (len(self.said), len(self.rows)), side, barred=bool(self.bars))


def _foot_height(leading: float, lines: tuple[int, int], side: float, *, barred: bool) -> float:
    """The height of so many lines of sentences, and rows of particulars beside a matrix of `side` [pt]."""
    said, rows = lines
    block = rows * leading + (BAR_HEIGHT + 2 * GAP if barred else 0)
    return said * leading + max(block, side) + 3 * GAP


def matrix_side(matrix: Symbol, setting: Setting) -> float:
    """The side of a matrix with its blank zone [pt]."""
    return matrix.wide * module_size(setting.stock.dpi)


class Maker:
    """Makes the contents of one item's labels; `listed` directions have a line for each dose, which starts as not.

    The same words are measured once, however often labels are tried with other words beside them, and a label that is
    only tried is counted in lines, not made.
    """

    def __init__(self, label: LabelText, setting: Setting) -> None:
        self.setting, self._key = setting, f"items.{label.index}"
        self._write(label, listed=False)
        self._said = cache(self._measured_said)
        self._heading = (
            setting.primary("patient.name", label.patient),
            setting.primary(self._key, label.drug),
        )
        self._purpose = setting.primary("prescription.indication", "", label.purpose or "")
        self._leadings = setting.primary_leading, setting.secondary_leading
        self._limits = setting.stock.room_high, setting.foot_limit, setting.room

        self._encode()
        # A number that bars can't hold, or that is too wide for the stock, is printed in figures alone.
        self._bars = code128(label.number) if can_be_barred(label.number) else None
        self._bars_wide = self._bars.wide * module_size(setting.stock.dpi) if self._bars else math.inf

    def rewritten(self, label: LabelText, *, listed: bool) -> Maker:
        """A maker for the same label with its directions written in another way; all else is measured only once."""
        other = copy(self)
        other._write(label, listed=listed)
        return other

    def beside(self, label: LabelText) -> Maker:
        """A maker for another container of the same item, which has its own number and barcode."""
        other = copy(self)
        other.label = replace(self.label, position=label.position, elements=label.elements)
        other._encode()
        return other

    def _encode(self) -> None:
        self._matrix = datamatrix(self.label.elements)
        self._side = matrix_side(self._matrix, self.setting)
        self._rows = cache(self._measured_rows)

    def _write(self, label: LabelText, *, listed: bool) -> None:
        self.label, self.listed = label, listed
        self._direction = cache(self._measured_direction)
        self._with_purpose = cache(self._measured_with_purpose)

    def fits(self, share: Share, place: tuple[int, int]) -> bool:
        """Whether all of it stands between the margins; beside directions, the primary zone keeps its share."""
        if self._fits(share, place, inline=False):
            return True
        return self._can_inline(share) and self._fits(share, place, inline=True)

    def content(self, share: Share, place: tuple[int, int]) -> Content:
        """What the label at `place`, its number and the number of all, says; the purpose on a line of its own if
        there is room for it."""
        inline = self._can_inline(share) and not self._fits(share, place, inline=False)
        return self._content(share, place, inline=inline)

    def _can_inline(self, share: Share) -> bool:
        return not self.listed and share.purpose and bool(share.directions)

    def _fits(self, share: Share, place: tuple[int, int], *, inline: bool) -> bool:
        high, foot_limit, room = self._limits
        primary_leading, leading = self._leadings
        beside = room - (self._side + GUTTER if share.matrix else 0)
        if beside < _LEAST_WORDS or (share.bars and self._bars_wide > beside):
            return False
        lines = len(self._said_by(share, place)), len(self._rows(share.groups, place, share.matrix))
        foot = _foot_height(leading, lines, self._side if share.matrix else 0, barred=share.bars)
        if share.directions and foot > foot_limit:
            return False
        primary = sum(map(len, self._heading)) + sum(map(len, self._paragraphs(share, inline=inline)))
        return primary * primary_leading + foot <= high

    def _said_by(self, share: Share, place: tuple[int, int]) -> tuple[Line, ...]:
        number, total = place
        return self._said(share.cautions, number + 1 if share.onward and number < total else None, share.warned)

    def _content(self, share: Share, place: tuple[int, int], *, inline: bool) -> Content:
        return Content(
            primary=(*self._heading, *self._paragraphs(share, inline=inline)),
            said=self._said_by(share, place),
            rows=self._rows(share.groups, place, share.matrix),
            matrix=self._matrix if share.matrix else None,
            bars=self._bars if share.bars else None,
            scale=self.setting.scale,
        )

    def _paragraphs(self, share: Share, *, inline: bool) -> Iterator[tuple[Line, ...]]:
        for caution in share.apart:
            yield self.setting.primary("cautions", "", caution)
        if inline:
            yield from map(self._direction, share.directions[:-1])
            yield self._with_purpose(share.directions[-1])
            return
        yield from map(self._direction, share.directions)
        if share.purpose and self.label.purpose:
            yield self._purpose

    def _measured_with_purpose(self, direction: Direction) -> tuple[Line, ...]:
        return self.setting.primary(self._key, direction.head, f"{direction.body} {self.label.purpose or ''}".rstrip())

    def _measured_direction(self, direction: Direction) -> tuple[Line, ...]:
        setting, item = self.setting, self._key
        if not self.listed or len(direction.doses) < 2:
            return setting.primary(item, direction.head, direction.body)
        lines = [setting.primary(item, direction.head, direction.verb)]
        lines += (setting.primary(item, "", dose, _INDENT) for dose in direction.doses)
        lines += (setting.primary(item, "", note) for note in direction.notes)
        return tuple(line for paragraph in lines for line in paragraph)

    def _measured_said(self, cautions: tuple[str, ...], onward: int | None, warned: bool) -> tuple[Line, ...]:
        head = f"{self.label.warning} {self.label.until}".strip() if warned else ""
        rest = " ".join((*cautions, *((f"Continues on label {onward}.",) if onward else ())))
        return self.setting.secondary(self._key, head, rest) if head or rest else ()

    def _measured_rows(
        self, groups: tuple[Group, ...], place: tuple[int, int], matrix: bool
    ) -> tuple[tuple[Cell, ...], ...]:
        room = self.setting.room - (self._side + GUTTER if matrix else 0)
        return _packed(self._fields(groups, place), self.setting, room)

    def _fields(self, groups: tuple[Group, ...], place: tuple[int, int]) -> Iterator[_Field]:
        label, item = self.label, self._key
        number, total = place
        yield "prescription.number", label.customs.number, label.number, 0
        if Group.FILLED in groups:
            yield item, label.customs.filled, label.filled, 0
        yield item, f"{label.position}, label {number} of {total}" if total > 1 else label.position, "", 0
        if label.lot and groups:
            yield item, "Lot", label.lot, 0
        if Group.SUPPLY in groups:
            yield item, "Quantity", label.quantity, 0
            yield "prescriber.name", "Prescriber", label.prescriber, 0
        if Group.PHARMACY in groups:
            yield "pharmacy.name", label.pharmacy, f"{label.pharmacy_address}, {label.pharmacy_phone}", 0
        elif Group.PHONE in groups:
            yield "pharmacy.name", label.pharmacy, label.pharmacy_phone, 0
        if Group.SUPPLY in groups:
            yield item, "Initials", "", _BLANK


_Field = tuple[str, str, str, float]


def _packed(fields: Iterable[_Field], setting: Setting, room: float) -> tuple[tuple[Cell, ...], ...]:
    """Fields (place in the plan, bold head, rest, blank) side by side, each in the first row that has room for it."""
    rows: list[list[Cell]] = []
    ends: list[float] = []
    for key, head, rest, blank in fields:
        wide = setting.secondary_width(head, rest) + (blank + GAP if blank else 0)
        row = next((number for number, end in enumerate(ends) if end + _BETWEEN + wide <= room), len(rows))
        first, *others = setting.secondary(key, head, rest, room)
        if row < len(rows):
            rows[row].append(Cell(ends[row] + _BETWEEN, first, blank))
            ends[row] += _BETWEEN + wide
            continue
        rows += ([Cell(0, line, blank)] for line in (first, *others))
        ends += (wide if not others else room for _ in (first, *others))
    return tuple(map(tuple, rows))
