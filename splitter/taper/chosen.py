"""A prescription's own text with one pace written in place of the ranges that it left open; all else stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from splitter.codec import lines_of
from splitter.errors import Fault, InputError
from splitter.prescription import Reduction, TaperRule, read_prescription
from splitter.quantity import counted, format_exact
from splitter.taper.paces import Pace, at_pace

_VALUE = r"""({key}\s*=\s*)("[^"\n]*"|'[^'\n]*')"""
_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A key on a line [from 0], and what is to stand there; None where the key goes."""

    line: int
    key: str
    value: str | None


def with_paces(text: str, rule: TaperRule, paces: Sequence[Pace]) -> str:
    """The text of a prescription with these paces in its open `rule`; it is read again to make sure.

    Raises InputError where the keys stand so that they can't be replaced.
    """
    lines = text.splitlines(keepends=True)
    for change in sorted(_changes(text, rule, paces), key=lambda change: change.line, reverse=True):
        lines[change.line] = _changed(lines[change.line], change)
    made = "".join(lines)
    try:
        is_right = read_prescription("the chosen prescription", made).taper == at_pace(rule, paces)
    except InputError:
        is_right = False
    if not is_right:
        remedy = "write reduce, every and finish on a line of its own each"
        found = "ranges that can't be replaced where they stand"
        raise InputError([Fault(file="", key="taper", found=found, remedy=remedy)])
    return made


def pace_words(pace: Pace) -> str:
    """A pace as a prescriber would say it: "12 % every 3 weeks"."""
    reduction = [] if pace.reduction is None else [reduction_words(pace.reduction)]
    every = [] if pace.every is None else [f"every {length_words(pace.every)}"]
    return " ".join([*reduction, *every])


def reduction_words(reduction: Reduction) -> str:
    """As a prescription file has it."""
    if reduction.share is None:
        return str(reduction.amount)
    return f"{format_exact(reduction.share * 100)} %{' of start' if reduction.of_start else ''}"


def length_words(days: int) -> str:
    """As a prescription file has it, in weeks where they are whole."""
    return counted(days, "day") if days % _WEEK else counted(days // _WEEK, "week")


def _changes(text: str, rule: TaperRule, paces: Sequence[Pace]) -> Iterator[_Change]:
    lines = lines_of(text)
    for place, (phase, pace) in enumerate(zip(rule.phases, paces, strict=True)):
        if phase.reduction_most is not None and pace.reduction is not None:
            yield _Change(line=_line(lines, place, "reduce"), key="reduce", value=reduction_words(pace.reduction))
        if phase.every_most is not None and pace.every is not None:
            yield _Change(line=_line(lines, place, "every"), key="every", value=length_words(pace.every))
    if rule.finish is not None:
        yield _Change(line=_line(lines, len(rule.phases) - 1, "finish"), key="finish", value=None)


def _line(lines: Mapping[str, int], place: int, key: str) -> int:
    """Where a key of a phase stands, whether the rule is a table or a list of them [from 0]."""
    names = (f"taper[{place}].{key}", f"taper.{key}")
    return next(lines[name] for name in names if name in lines) - 1


def _changed(line: str, change: _Change) -> str:
    """One line with its key's value replaced, what stood there beside it; with its key as a comment where it goes."""
    if change.value is None:
        return f"# {line}"
    pattern = re.compile(_VALUE.format(key=re.escape(change.key)))
    stated = next(islice(pattern.finditer(line), 1), None)
    if stated is None or "\n" not in line:
        return line
    said = f"  # chosen from {stated[2][1:-1]}"
    body, comment, rest = _without_comment(pattern.sub(rf'\g<1>"{change.value}"', line, count=1))
    return f"{body}{said}{'; ' if comment else ''}{rest}\n"


def _without_comment(line: str) -> tuple[str, str, str]:
    body, mark, rest = line.rstrip("\r\n").partition(" #")
    return body.rstrip(), mark, rest.strip()
