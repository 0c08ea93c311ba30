"""How the check says that two figures differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import fields
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING

from splitter.plan import Finding, Severity
from splitter.quantity import format_exact

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def stop(code: str, where: str, message: str) -> Finding:
    """A finding that forbids the plan's use."""
    return Finding(code=code, severity=Severity.STOP, where=where, message=message)


def compare(code: str, where: str, what: str, stated: object, expected: object) -> Iterator[Finding]:
    """One finding with both figures when they differ, else none."""
    if stated != expected:
        message = f"{what}: the plan says {_say(stated)}; it should be {_say(expected)}"
        yield stop(code, where, message)


def compare_records(code: str, where: str, stated: DataclassInstance, expected: DataclassInstance) -> Iterator[Finding]:
    """One finding for each field in which two records of the same type differ."""
    for part in fields(expected):
        yield from compare(code, where, part.name, getattr(stated, part.name), getattr(expected, part.name))


def _say(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, (Fraction, int)):
        return format_exact(value)
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(_say(part) for part in value) + "]"
    return str(value)
