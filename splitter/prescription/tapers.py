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
from splitter.prescription.ranges import Lengths, Reductions, read_lengths, read_reductions
from splitter.prescription.rule import Phase, Round, TaperRule
from splitter.quantity import Mass, counted

_MAX_PHASES = 20
_Problem = tuple[str, str, str]
"""A key of a phase ("" the phase itself), what was found there, how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _PhaseTable:
    start: SomeMass | None = field(default=None, metadata=key("from"))
    reduce: Annotated[Reductions, from_text(read_reductions)] | None = None
    every: Annotated[Lengths, from_text(read_lengths)] | None = None
    over: Days | None = None
    to: SomeMass | None = None
    last: SomeMass | None = None
    hold: Days | None = None
    round: Round = Round.TABLETS
    round_within: Share = Fraction(1, 20)
    grid: SomeMass | None = None
    finish: Annotated[Lengths, from_text(read_lengths)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """One phase as a check sees it: what could be read of it and of the one before, the keys that it states.

    `is_open`: one before it leaves its pace open.
    """

    table: Any
    before: Any
    stated: frozenset[str]
    is_last: bool
    is_open: bool

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
    finish = phases[-1].finish
    return TaperRule(
        start=phases[0].start,
        phases=tuple(map(_phase, phases)),
        finish=None if finish is None else (finish.least, finish.most),
    )


def _phase(table: _PhaseTable) -> Phase:
    reduce, every = table.reduce, table.every
    return Phase(
        reduction=None if reduce is None else reduce.least,
        every=None if every is None else every.least,
        over=table.over,
        to=table.to,
        last=table.last,
        hold=table.hold or 0,
        round=table.round,
        round_within=table.round_within,
        grid=table.grid,
        reduction_most=reduce.most if reduce is not None and reduce.least != reduce.most else None,
        every_most=every.most if every is not None and every.least != every.most else None,
    )


def _check_phases(reader: TomlReader, tables: Sequence[object], names: Sequence[str]) -> None:
    before: Any = None
    is_open = False
    for number, (raw, name) in enumerate(zip(tables, names, strict=True)):
        if not isinstance(raw, dict):
            return
        table = partial(_PhaseTable, raw)
        is_last = number == len(tables) - 1
        place = _Place(table=table, before=before, stated=frozenset(raw), is_last=is_last, is_open=is_open)
        for check in _CHECKS:
            with suppress(UnreadError):
                for where, found, remedy in check(place):
                    reader.fault(f"{name}.{where}" if where else name, found, remedy)
        before = table
        is_open = is_open or _leaves_open(place)


def _opened(place: _Place) -> list[str]:
    """The keys with a range."""
    paces = (("reduce", place.table.reduce), ("every", place.table.every))
    return [name for name, pace in paces if pace is not None and pace.least != pace.most]


def _leaves_open(place: _Place) -> bool:
    with suppress(UnreadError):
        return bool(_opened(place))
    return False


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
    reductions = place.table.reduce
    if reductions is None:
        return
    reduction = reductions.most
    remedy = 'write a part of it, such as "10 %" or "5 mg"'
    if not (reductions.least.amount or reductions.least.share):
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
    every = every.least
    if over % every:
        near = " or ".join(counted(days, "day") for days in (over - over % every, over - over % every + every) if days)
        yield "over", f"{counted(over, 'day')} for steps of {counted(every, 'day')}", f"write whole steps, {near}"
    elif place.is_first and place.end is not None and (over == every or place.end == place.start):
        yield "over", "no lower dose for its steps", "write a longer one, and a dose below the first to end with"


def _check_ranges(place: _Place) -> Iterator[_Problem]:
    """A range is chosen from, which `over` does by itself; and the end of all stands where all ends."""
    opened = _opened(place)
    if "over" in place.stated:
        yield from ((name, "a range beside over", "write one value, or leave over out") for name in opened)
    if "finish" not in place.stated:
        return
    if not place.is_last:
        yield "finish", "another phase after it", "write it in the last phase; it is the time of all of them"
    elif not place.is_open and not opened:
        yield "finish", "no range to choose from", 'write one, such as reduce = "10 % to 20 %", or leave finish out'


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
    _check_ranges,
    _check_grid,
)
