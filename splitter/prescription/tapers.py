"""The `[taper]` or `[[taper]]` of a prescription file to its rule, with every fault of every phase.

A table may have keys that can't be read (`codec.partial`): a check that needs one of them is passed over, others hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Annotated, Any

from splitter.codec import Days, Share, SomeMass, TomlReader, UnreadError, from_text, key, partial
from splitter.prescription.rule import Phase, Reduction, Round, TaperRule
from splitter.quantity import Mass, counted
from splitter.units import ReadError, parse_duration, parse_mass_or_percentage, parse_percentage, quoted

_MAX_PHASES = 20
_OF_START = " of start"
_RANGE = " to "
_Problem = tuple[str, str, str]
"""A key of a phase ("" the phase itself), what was found there, how to mend it."""


def _reduction(text: str) -> Reduction:
    """Read "5 mg", "10 %" of the current dose or "10 % of start". Raises ReadError."""
    if _RANGE in text:
        raise ReadError(quoted(text), 'write one value, such as "10 %"')
    if text.endswith(_OF_START):
        return Reduction(share=parse_percentage(text.removesuffix(_OF_START)), of_start=True)
    if "%" in text and not text.endswith("%"):
        raise ReadError(quoted(text), 'write "10 %", which is of the current dose, or "10 % of start"')
    value = parse_mass_or_percentage(text)
    return Reduction(amount=value) if isinstance(value, Mass) else Reduction(share=value)


def _one_duration(text: str) -> int:
    """Read days or weeks, no range of them [days]. Raises ReadError."""
    if _RANGE in text:
        raise ReadError(quoted(text), 'write one value, such as "2 weeks"')
    return parse_duration(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _PhaseTable:
    start: SomeMass | None = field(default=None, metadata=key("from"))
    reduce: Annotated[Reduction, from_text(_reduction)] | None = None
    every: Annotated[int, from_text(_one_duration)] | None = None
    over: Days | None = None
    to: SomeMass | None = None
    last: SomeMass | None = None
    hold: Days | None = None
    round: Round = Round.TABLETS
    round_within: Share = Fraction(1, 20)
    grid: SomeMass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """One phase as a check sees it: what could be read of it and of the one before, the keys that it states."""

    table: Any
    before: Any
    stated: frozenset[str]
    is_last: bool

    @property
    def is_first(self) -> bool:
        return self.before is None

    @property
    def start(self) -> Mass | None:
        """The dose with which the phase begins, or after which it does, where it is stated."""
        dose: Mass | None = self.table.start if self.is_first else self.before.to
        return dose

    @property
    def end(self) -> Mass | None:
        """The dose that ends the phase, where one is stated."""
        dose: Mass | None = self.table.last if self.table.to is None else self.table.to
        return dose


def read_taper(reader: TomlReader) -> TaperRule | None:
    """The rule of a file, None where it has none or one with faults, which `reader` is told."""
    raw = reader.table.get("taper")
    if isinstance(raw, list):
        tables = reader.many(_PhaseTable, "taper")
        names = [f"taper[{number}]" for number in range(len(raw))]
        if not 1 <= len(raw) <= _MAX_PHASES:
            reader.fault("taper", f"{len(raw)} phases", f"write 1 to {_MAX_PHASES}")
    else:
        tables, names, raw = (reader.one(_PhaseTable, "taper"),), ["taper"], [raw]
    _check_phases(reader, raw, names)
    phases = [table for table in tables if table is not None]
    if not phases or phases[0].start is None:
        return None
    return TaperRule(start=phases[0].start, phases=tuple(map(_phase, phases)))


def _phase(table: _PhaseTable) -> Phase:
    return Phase(
        reduction=table.reduce,
        every=table.every,
        over=table.over,
        to=table.to,
        last=table.last,
        hold=table.hold or 0,
        round=table.round,
        round_within=table.round_within,
        grid=table.grid,
    )


def _check_phases(reader: TomlReader, tables: Sequence[object], names: Sequence[str]) -> None:
    before: Any = None
    for number, (raw, name) in enumerate(zip(tables, names, strict=True)):
        if not isinstance(raw, dict):
            return
        table = partial(_PhaseTable, raw)
        place = _Place(table=table, before=before, stated=frozenset(raw), is_last=number == len(tables) - 1)
        for check in _CHECKS:
            with suppress(UnreadError):
                for where, found, remedy in check(place):
                    reader.fault(f"{name}.{where}" if where else name, found, remedy)
        before = table


def _check_from(place: _Place) -> Iterator[_Problem]:
    if place.is_first and "from" not in place.stated:
        yield "from", "nothing", 'add "from", the first daily dose'
    if not place.is_first and "from" in place.stated:
        yield "from", str(place.table.start), "remove it; a phase begins with the dose that the one before ended with"


def _check_pace(place: _Place) -> Iterator[_Problem]:
    """Two of three are stated."""
    missing = [name for name in ("reduce", "every") if name not in place.stated]
    if "over" not in place.stated:
        yield from ((name, "nothing", f'add "{name}", or "over" in its place') for name in missing)
    elif not missing:
        yield "over", "both reduce and every beside it", "write it in place of one of them"
    elif len(missing) == 2:
        yield "", "neither reduce nor every beside over", "add one of them"


def _check_reduction(place: _Place) -> Iterator[_Problem]:
    reduction = place.table.reduce
    if reduction is None:
        return
    remedy = 'write a part of it, such as "10 %" or "5 mg"'
    if not (reduction.amount or reduction.share):
        yield "reduce", "nothing of the dose", remedy
    elif reduction.share == 1 or (reduction.amount and place.start and reduction.amount >= place.start):
        yield "reduce", "all of the dose", remedy


def _check_end(place: _Place) -> Iterator[_Problem]:
    """How a phase ends, and that a next one can begin there."""
    if {"to", "last"} <= place.stated:
        yield "last", "to beside it", "write one of them"
    elif not place.is_last and "last" in place.stated:
        yield "last", "another phase after it", 'write it as "to"; the dose "last" is followed by nothing'
    elif not place.is_last and "to" not in place.stated:
        yield "to", "nothing", 'add "to", the dose after which the next phase begins'
    if "hold" in place.stated and not {"to", "last"} & place.stated:
        yield "hold", "neither to nor last beside it", "add the dose that is held"


def _check_meeting(place: _Place) -> Iterator[_Problem]:
    """The dose that ends a phase isn't above the one with which it begins; only the first may consist of it alone."""
    end, start = place.end, place.start
    if end is None or start is None:
        return
    name = "to" if place.table.to is not None else "last"
    if place.is_first and end > start:
        yield name, str(end), f"write at most the first dose, {start}"
    if not place.is_first and end >= start:
        yield name, str(end), f"write less than the dose after which the phase begins, {start}"


def _check_over(place: _Place) -> Iterator[_Problem]:
    """In place of `reduce`: so many steps as `every` makes of it, and more than the one dose that is stated."""
    over, every = place.table.over, place.table.every
    if over is None or every is None:
        return
    if over % every:
        near = " or ".join(counted(days, "day") for days in (over - over % every, over - over % every + every) if days)
        yield "over", f"{counted(over, 'day')} for steps of {counted(every, 'day')}", f"write whole steps, {near}"
    elif place.is_first and place.end is not None and (over == every or place.end == place.start):
        yield "over", "no lower dose for its steps", "write a longer one, and a dose below the first to end with"


def _check_grid(place: _Place) -> Iterator[_Problem]:
    if place.table.round is Round.GRID and "grid" not in place.stated:
        yield "grid", "nothing", 'add "grid", the dose of which all are multiples, such as grid = "0.5 mg"'


_CHECKS: tuple[Callable[[_Place], Iterator[_Problem]], ...] = (
    _check_from,
    _check_pace,
    _check_reduction,
    _check_end,
    _check_meeting,
    _check_over,
    _check_grid,
)
