"""What one label of an item says, measured: which words of the item it has its share of, and how high they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property

from splitter.labels.barcodes import Symbol, code128, datamatrix, module_size
from splitter.labels.fonts import Face, width
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
    directs: bool
    scale: float

    def primary_height(self, setting: Setting) -> float:
        return sum(map(len, self.primary)) * setting.primary_leading

    def block_height(self, setting: Setting) -> float:
        """The height of particulars and barcodes [pt]."""
        rows = len(self.rows) * setting.secondary_leading + (BAR_HEIGHT + 2 * GAP if self.bars else 0)
        return max(rows, matrix_side(self.matrix, setting) if self.matrix else 0)

    def foot_height(self, setting: Setting) -> float:
        """The height of the secondary zone with its rules [pt]."""
        return len(self.said) * setting.secondary_leading + self.block_height(setting) + 3 * GAP

    def fits(self, setting: Setting) -> bool:
        """Whether all of it stands between the margins; beside directions, the primary zone keeps its share."""
        foot = self.foot_height(setting)
        if self.directs and foot > setting.foot_limit:
            return False
        beside = setting.room - _right_column(self.matrix, setting)
        if beside < _LEAST_WORDS or (self.bars and self.bars.wide * module_size(setting.stock.dpi) > beside):
            return False
        return self.primary_height(setting) + foot <= setting.stock.room_high


def matrix_side(matrix: Symbol, setting: Setting) -> float:
    """The side of a matrix with its blank zone [pt]."""
    return matrix.wide * module_size(setting.stock.dpi)


def _right_column(matrix: Symbol | None, setting: Setting) -> float:
    return matrix_side(matrix, setting) + GUTTER if matrix else 0


class Maker:
    """Makes the contents of one item's labels; `listed` directions have a line for each dose.

    The same words are measured once, however often labels are tried with other words beside them.
    """

    def __init__(self, label: LabelText, setting: Setting, *, listed: bool = False) -> None:
        self.label, self.setting, self.listed = label, setting, listed
        self._key = f"items.{label.index}"
        self._matrix = datamatrix(label.elements)
        self._direction = cache(self._measured_direction)
        self._said = cache(self._measured_said)
        self._rows = cache(self._measured_rows)

    def fits(self, share: Share, place: tuple[int, int]) -> bool:
        return self.content(share, place).fits(self.setting)

    def content(self, share: Share, place: tuple[int, int]) -> Content:
        """What the label at `place`, its number and the number of all, says; the purpose on a line of its own if
        there is room for it."""
        apart = self._content(share, place, inline=False)
        if self.listed or not (share.purpose and share.directions) or apart.fits(self.setting):
            return apart
        return self._content(share, place, inline=True)

    def _content(self, share: Share, place: tuple[int, int], *, inline: bool) -> Content:
        number, total = place
        onward = number + 1 if share.onward and number < total else None
        return Content(
            primary=(*self._heading, *self._paragraphs(share, inline=inline)),
            said=self._said(share.cautions, onward, warned=share.warned),
            rows=self._rows(share.groups, place, matrix=share.matrix),
            matrix=self._matrix if share.matrix else None,
            bars=code128(self.label.number) if share.bars else None,
            directs=bool(share.directions),
            scale=self.setting.scale,
        )

    @cached_property
    def _heading(self) -> tuple[tuple[Line, ...], ...]:
        patient = self.setting.primary("patient.name", self.label.patient)
        return patient, self.setting.primary(self._key, self.label.drug)

    def _paragraphs(self, share: Share, *, inline: bool) -> Iterator[tuple[Line, ...]]:
        yield from (self.setting.primary("cautions", "", caution) for caution in share.apart)
        purpose = self.label.purpose if share.purpose else None
        *most, last = share.directions or (None,)
        yield from (self._direction(direction) for direction in most if direction)
        if last and purpose and inline:
            yield self.setting.primary(self._key, last.head, f"{last.body} {purpose}")
            return
        if last:
            yield self._direction(last)
        if purpose:
            yield self.setting.primary("prescription.indication", "", purpose)

    def _measured_direction(self, direction: Direction) -> tuple[Line, ...]:
        setting, item = self.setting, self._key
        if not self.listed or len(direction.doses) < 2:
            return setting.primary(item, direction.head, direction.body)
        lines = [setting.primary(item, direction.head, direction.verb.strip())]
        lines += (setting.primary(item, "", dose, _INDENT) for dose in direction.doses)
        lines += (setting.primary(item, "", note) for note in direction.notes)
        return tuple(line for paragraph in lines for line in paragraph)

    def _measured_said(self, cautions: tuple[str, ...], onward: int | None, *, warned: bool) -> tuple[Line, ...]:
        head = f"{self.label.warning} {self.label.until}".strip() if warned else ""
        rest = " ".join((*cautions, *((f"Continues on label {onward}.",) if onward else ())))
        return self.setting.secondary(self._key, head, rest) if head or rest else ()

    def _measured_rows(
        self, groups: tuple[Group, ...], place: tuple[int, int], *, matrix: bool
    ) -> tuple[tuple[Cell, ...], ...]:
        room = self.setting.room - _right_column(self._matrix if matrix else None, self.setting)
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
        wide = _field_width(head, rest, setting) + (blank + GAP if blank else 0)
        row = next((number for number, end in enumerate(ends) if end + _BETWEEN + wide <= room), len(rows))
        first, *others = setting.secondary(key, head, rest, room)
        if row < len(rows):
            rows[row].append(Cell(ends[row] + _BETWEEN, first, blank))
            ends[row] += _BETWEEN + wide
            continue
        rows += ([Cell(0, line, blank)] for line in (first, *others))
        ends += (wide if not others else room for _ in (first, *others))
    return tuple(map(tuple, rows))


def _field_width(head: str, rest: str, setting: Setting) -> float:
    size = setting.secondary_size
    if not rest:
        return width(head, Face.BOLD, size)
    return width(f"{head} ", Face.BOLD, size) + width(rest, Face.REGULAR, size)
