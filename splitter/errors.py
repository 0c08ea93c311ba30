"""The error tree. Each class carries the exit code that a command ends with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from splitter.bounds import MOST_FAULTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with an input: where it stands, what was found, how to mend it. `line` counts from 1."""

    file: str
    key: str
    found: str
    remedy: str
    line: int | None = None

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.file, self.key) if part)
        line = "" if self.line is None else f" (line {self.line})"
        return f"{where}{line}: found {self.found}; {self.remedy}"


class SplitterError(Exception):
    """Base of every error that this program raises on purpose; a fault of its surroundings."""

    exit_code = 3


class InputError(SplitterError):
    """Input that can't be used. All its faults are reported together; nothing is written."""

    exit_code = 2

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.told()))

    def told(self) -> tuple[str, ...]:
        """Its faults in words: the first of them, and how many more there are."""
        more = len(self.faults) - MOST_FAULTS
        words = [str(fault) for fault in self.faults[:MOST_FAULTS]]
        return (*words, f"and {more} more, told when these are mended") if more > 0 else tuple(words)


class NothingDueError(SplitterError):
    """There is nothing to print in the days that were asked for, which is no fault of anybody."""

    exit_code = 0


class RefusedError(SplitterError):
    """The answer is no: a plan that fails verification or that a clinical check stops."""

    exit_code = 1
