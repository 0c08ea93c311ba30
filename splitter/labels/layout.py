"""One item's words shared out over labels: measured first, continued on numbered labels, never cut or shrunk.

Each label repeats the patient, the drug, the purpose, the warning, how long and how to keep it, and who gave it.
What flows from label to label is the directions, and the cautions in whatever room these leave in the secondary zone;
cautions that find none stand in large type on labels of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from splitter.errors import Fault, InputError
from splitter.labels.setting import Line, Setting
from splitter.wording import Direction, LabelText

# Above and below the rules of the secondary zone [pt].
GAP = 1.5
# Where the columns of the particulars begin, as shares of the width, and the space between them.
_FIRST, _SECOND, _HALF, _THIRD, _END = 0.0, 0.36, 0.5, 0.64, 1.0
_GUTTER = 6.0
# The largest number that is measured for "label 1 of 99" and "part 1 of 99".
_MOST = 99


@dataclass(frozen=True, slots=True)
class Cell:
    """Lines of the secondary zone that begin at `start`, a share of the width."""

    start: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What one label says: lines of the primary zone; sentences and rows of particulars of the secondary zone."""

    primary: tuple[Line, ...]
    said: tuple[Line, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def foot_height(self, setting: Setting) -> float:
        """The height of the secondary zone with its rules [pt]."""
        lines = len(self.said) + sum(row_lines(row) for row in self.rows)
        return lines * setting.secondary_leading + 3 * GAP

    def fits(self, setting: Setting) -> bool:
        """Whether all of it stands between the margins and the primary zone keeps its share."""
        foot = self.foot_height(setting)
        primary = len(self.primary) * setting.primary_leading
        return primary + foot <= setting.high and foot <= setting.foot_limit


def row_lines(row: tuple[Cell, ...]) -> int:
    """How many lines high a row is."""
    return max(len(cell.lines) for cell in row)


@dataclass(frozen=True, slots=True)
class _Share:
    """What one label takes of the words that flow: directions with cautions below, or cautions `apart`."""

    directions: tuple[Direction, ...] = ()
    cautions: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()


_Fits = Callable[[_Share], bool]


def contents(label: LabelText, setting: Setting) -> tuple[Content, ...]:
    """What each label of one item says.

    Raises InputError where a thing that can't be broken doesn't fit on a label by itself.
    """
    faults: list[Fault] = []
    for eased in _eased(label):
        try:
            return _contents(eased, setting)
        except InputError as error:
            faults += error.faults
    raise InputError(faults[:1])


def _eased(label: LabelText) -> Iterator[LabelText]:
    """The label as it should be; then, for want of room, how to keep it said once; then the purpose once, too."""
    yield label
    label = replace(label, conditions=(), cautions=label.conditions + label.cautions)
    yield label
    if label.purpose:
        yield replace(label, purpose=None, cautions=(label.purpose, *label.cautions))


def _contents(label: LabelText, setting: Setting) -> tuple[Content, ...]:
    shares = _share_out(label, setting, (1, 1))
    if len(shares) > 1:
        shares = _share_out(label, setting, (_MOST - 1, _MOST))
    return tuple(_content(label, setting, share, (place, len(shares))) for place, share in enumerate(shares, 1))


def _share_out(label: LabelText, setting: Setting, place: tuple[int, int]) -> list[_Share]:
    """The directions in order, each whole where it can be; then the cautions. `place` is measured as the number."""

    def fits(share: _Share) -> bool:
        return _content(label, setting, share, place).fits(setting)

    if not fits(_Share()):
        raise setting.misfit(*max(label.outside(), key=lambda pair: len(pair[1])))
    shares = [_Share()]
    for direction in label.directions:
        for part in _parts(direction, fits):
            if not fits(_Share((part,))):
                raise setting.misfit(f"items.{label.index}", part.text)
            longer = _Share((*shares[-1].directions, part))
            if fits(longer):
                shares[-1] = longer
            else:
                shares.append(_Share((part,)))
    return _with_cautions(shares, label.cautions, fits, setting)


def _parts(direction: Direction, fits: _Fits) -> list[Direction]:
    """A direction whole, or in parts that each fit where it is too long for one label."""
    if fits(_Share((direction,))):
        return [direction]
    part = replace(direction, dates=_part_dates(direction, _MOST, _MOST), doses=(), notes=())
    parts: list[Direction] = []
    atoms = (*(((dose,), ()) for dose in direction.doses), *(((), (note,)) for note in direction.notes))
    for doses, notes in atoms:
        if parts:
            longer = replace(parts[-1], doses=parts[-1].doses + doses, notes=parts[-1].notes + notes)
            if fits(_Share((longer,))):
                parts[-1] = longer
                continue
        parts.append(replace(part, doses=doses, notes=notes))
    return [replace(each, dates=_part_dates(direction, place, len(parts))) for place, each in enumerate(parts, 1)]


def _part_dates(direction: Direction, place: int, parts: int) -> str:
    """The dates above one part of a direction, so that nobody takes the first for all of it."""
    return f"{direction.dates}, part {place} of {parts}"


def _with_cautions(shares: Sequence[_Share], cautions: Sequence[str], fits: _Fits, setting: Setting) -> list[_Share]:
    """The cautions, in order, in the room that the directions leave; the rest on labels of their own."""
    full: list[_Share] = []
    rest = tuple(cautions)
    for share in shares:
        tries = [replace(share, cautions=rest[:count]) for count in range(len(rest), -1, -1)]
        full.append(next(filter(fits, tries)))
        rest = rest[len(full[-1].cautions) :]
    while rest:
        tries = [_Share(apart=rest[:count]) for count in range(len(rest), 0, -1)]
        fitting = next(filter(fits, tries), None)
        if fitting is None:
            raise setting.misfit("cautions", rest[0])
        full.append(fitting)
        rest = rest[len(fitting.apart) :]
    return full


def _content(label: LabelText, setting: Setting, share: _Share, place: tuple[int, int]) -> Content:
    item = f"items.{label.index}"
    primary = [
        setting.primary("patient.name", label.patient),
        setting.primary(item, label.drug),
        *(setting.primary(*paragraph) for paragraph in _paragraphs(label, share)),
    ]
    number, total = place
    onward = (f"Continues on label {number + 1}.",) if number < total else ()
    said = " ".join((*label.conditions, *share.cautions, *onward))
    return Content(
        primary=tuple(line for lines in primary for line in lines),
        said=setting.secondary(item, f"{label.warning} {label.discard}".strip(), said),
        rows=_rows(label, setting, f", label {number} of {total}" if total > 1 else ""),
    )


def _paragraphs(label: LabelText, share: _Share) -> Sequence[tuple[str, str, str]]:
    """The directions, and after the last of them the purpose: place in the plan, bold head, rest."""
    if share.apart:
        return [("cautions", "", caution) for caution in share.apart]
    paragraphs = [(f"items.{label.index}", f"{direction.dates}:", direction.body) for direction in share.directions]
    if not label.purpose:
        return paragraphs
    if not paragraphs:
        return [("prescription.indication", "", label.purpose)]
    *before, (item, head, rest) = paragraphs
    return [*before, (item, head, f"{rest} {label.purpose}")]


def _rows(label: LabelText, setting: Setting, place: str) -> tuple[tuple[Cell, ...], ...]:
    """The particulars: the prescription and the label's place; the supply and the prescriber; the pharmacy."""
    item = f"items.{label.index}"

    def cell(start: float, end: float, key: str, head: str, rest: str) -> Cell:
        room = setting.room * (end - start) - (_GUTTER if end < _END else 0)
        return Cell(start, setting.secondary(key, head, rest, room))

    def supply(middle: float) -> tuple[Cell, ...]:
        return (
            cell(_FIRST, middle, item, "Quantity", label.quantity),
            cell(middle, _END, "prescriber.name", "Prescriber", label.prescriber),
        )

    return (
        (
            cell(_FIRST, _SECOND, "prescription.number", "Rx", label.number),
            cell(_SECOND, _THIRD, item, "Filled", label.filled),
            cell(_THIRD, _END, item, f"{label.position}{place}", ""),
        ),
        min((supply(middle) for middle in (_THIRD, _HALF, _SECOND)), key=row_lines),
        (cell(_FIRST, _END, "pharmacy.name", label.pharmacy, f"{label.pharmacy_address}, {label.pharmacy_phone}"),),
    )
