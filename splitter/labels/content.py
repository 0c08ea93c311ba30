"""What one label of an item says, measured: which words of the item it has its share of, and how high they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, cached_property

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

    `cautions` stand in the secondary zone, those `apart` in large type in place of directions. `warned` labels have
    the warning, the lot and the last day of use; those with a `banner` what must not be overlooked, in large type;
    `onward` ones say that more follow, unless they are the last.
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
    banner: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """Words that begin at `x` [pt] from the left margin, and the length of a line to write on behind them."""

    x: float
    line: Line
    blank: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Paragraphs of the primary zone; banner, sentences, rows of particulars and barcodes of the secondary zone.

    It was measured in type of `scale` times the profile's. A `partial` one leaves something to the leaflet.
    """

    primary: tuple[tuple[Line, ...], ...]
    banner: tuple[Line, ...]
    said: tuple[Line, ...]
    rows: tuple[tuple[Cell, ...], ...]
    matrix: Symbol | None
    bars: Symbol | None
    scale: float
    partial: bool = False

    def primary_height(self, setting: Setting) -> float:
        """The height of the primary zone without what is added between its paragraphs [pt]."""
        return sum(map(len, self.primary)) * setting.primary_leading

    def banner_height(self, setting: Setting) -> float:
        """The height of the banner [pt]."""
        return len(self.banner) * setting.primary_leading

    def foot_height(self, setting: Setting) -> float:
        """The height of the secondary zone with its banner and its rules [pt]."""
        side = matrix_side(self.matrix, setting) if self.matrix else 0
        block = len(self.rows) * setting.secondary_leading + (BAR_HEIGHT + 2 * GAP if self.bars else 0)
        said = len(self.said) * setting.secondary_leading
        return self.banner_height(setting) + said + max(block, side) + 3 * GAP


def matrix_side(matrix: Symbol, setting: Setting) -> float:
    """The side of a matrix with its blank zone [pt]."""
    return matrix.wide * module_size(setting.stock.dpi)


class Maker:
    """Makes the contents of one container's labels, whatever their shares of its words are.

    A share is tried many times over while labels are laid out, so each paragraph is measured once and kept. With
    `listed`, directions have a line for each dose.
    """

    def __init__(self, label: LabelText, setting: Setting, *, listed: bool = False) -> None:
        self.label, self.setting, self.listed = label, setting, listed
        self._key = f"items.{label.index}"
        self._matrix = datamatrix(label.elements)
        # A number that bars can't hold is printed in figures alone.
        self._bars = code128(label.number) if can_be_barred(label.number) else None
        self._heading = (
            setting.primary("patient.name", label.patient),
            setting.primary(self._key, label.drug),
        )
        self._measured = cache(self._measure_direction)
        self._said = cache(self._measure_said)
        self._rows = cache(self._measure_rows)

    def fits(self, share: Share, place: tuple[int, int]) -> bool:
        """Whether all of it stands between the margins of the label at `place`, its number and the number of all.

        Beside directions, the primary zone keeps its share of the label.
        """
        return self._fitting(share, place) is not None

    def content(self, share: Share, place: tuple[int, int]) -> Content:
        """What the label at `place` says. Raises ValueError for a share that doesn't fit there."""
        found = self._fitting(share, place)
        if found is None:
            raise ValueError(f"label {place[0]} of {place[1]} does not fit")
        return found

    def _fitting(self, share: Share, place: tuple[int, int]) -> Content | None:
        """The content that fits: the purpose on a line of its own, else behind the last direction."""
        if not self._is_wide_enough(share):
            return None
        foot = self._content(share, place, ())
        foot_high = foot.foot_height(self.setting)
        if any(direction.dates for direction in share.directions) and foot_high > self.setting.foot_limit:
            return None
        for paragraphs in self._ways(share):
            lines = sum(map(len, self._heading)) + sum(map(len, paragraphs))
            if lines * self.setting.primary_leading + foot_high <= self.setting.stock.room_high:
                return replace(foot, primary=(*self._heading, *paragraphs))
        return None

    def _content(self, share: Share, place: tuple[int, int], primary: tuple[tuple[Line, ...], ...]) -> Content:
        return Content(
            primary=primary,
            banner=self._banner if share.banner else (),
            said=self._said(share.cautions, share.warned),
            rows=self._rows(share.groups, place, share.matrix, share.onward),
            matrix=self._matrix if share.matrix else None,
            bars=self._bars if share.bars else None,
            scale=self.setting.scale,
            partial=self.label.then in share.directions or self.label.more_cautions in share.cautions + share.apart,
        )

    def _is_wide_enough(self, share: Share) -> bool:
        """Whether there is room for words, and for the bars, beside the matrix."""
        beside = self._beside(matrix=share.matrix)
        bars = self._bars.wide * module_size(self.setting.stock.dpi) if share.bars and self._bars else 0
        return beside >= max(_LEAST_WORDS, bars)

    def _beside(self, *, matrix: bool) -> float:
        """The width of a line of particulars [pt]."""
        return self.setting.room - (matrix_side(self._matrix, self.setting) + GUTTER if matrix else 0)

    @cached_property
    def _banner(self) -> tuple[Line, ...]:
        return self.setting.primary(self._key, self.label.banner) if self.label.banner else ()

    @cached_property
    def _purpose(self) -> tuple[Line, ...]:
        return self.setting.primary("prescription.indication", "", self.label.purpose or "")

    def _ways(self, share: Share) -> Iterator[tuple[tuple[Line, ...], ...]]:
        """The paragraphs under the heading, in the ways in which they may be written, the roomiest first."""
        apart = tuple(self.setting.primary("cautions", "", caution) for caution in share.apart)
        directions = tuple(map(self._measured, share.directions))
        purpose = self.label.purpose if share.purpose else None
        yield (*apart, *directions, *((self._purpose,) if purpose else ()))
        if purpose and directions and not self.listed:
            last = share.directions[-1]
            behind = self.setting.primary(self._key, last.head, f"{last.body} {purpose}")
            yield (*apart, *directions[:-1], behind)

    def _measure_direction(self, direction: Direction) -> tuple[Line, ...]:
        setting, item = self.setting, self._key
        if not self.listed or len(direction.doses) < 2:
            return setting.primary(item, direction.head, direction.body)
        lines = [setting.primary(item, direction.head, direction.verb)]
        lines += (setting.primary(item, "", dose, _INDENT) for dose in direction.doses)
        lines += (setting.primary(item, "", note) for note in direction.sentences)
        return tuple(line for paragraph in lines for line in paragraph)

    def _measure_said(self, cautions: tuple[str, ...], warned: bool) -> tuple[Line, ...]:
        head = f"{self.label.warning} {self.label.until}".strip() if warned else ""
        rest = " ".join(cautions)
        return self.setting.secondary(self._key, head, rest) if head or rest else ()

    def _measure_rows(
        self, groups: tuple[Group, ...], place: tuple[int, int], matrix: bool, onward: bool
    ) -> tuple[tuple[Cell, ...], ...]:
        fields = self._fields(groups, place, onward=onward)
        return _packed(fields, self.setting, self._beside(matrix=matrix))

    def _fields(self, groups: tuple[Group, ...], place: tuple[int, int], *, onward: bool) -> Iterator[_Field]:
        label, item = self.label, self._key
        number, total = place
        yield "prescription.number", label.customs.number, label.number, 0
        if Group.FILLED in groups:
            yield item, label.customs.filled, label.filled, 0
        yield item, f"{label.position}, label {number} of {total}" if total > 1 else label.position, "", 0
        if label.turn:
            yield item, label.turn, "", 0
        if label.lot and groups:
            yield item, "Lot", label.lot, 0
        if Group.SUPPLY in groups:
            yield item, "Quantity", label.quantity, 0
            yield "prescriber.name", "Prescriber", label.prescriber, 0
        if Group.PHARMACY in groups:
            yield "pharmacy.name", label.pharmacy, f"{label.pharmacy_address}, {label.pharmacy_phone}", 0
        elif Group.PHONE in groups:
            yield "pharmacy.name", label.pharmacy, label.pharmacy_phone, 0
        if onward and number < total:
            yield item, "", f"Continues on label {number + 1}", 0
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
