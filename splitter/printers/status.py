r"""The host status of a ZPL printer: its answer to `~HS`, three lines between STX and ETX.

Source: Zebra, ZPL II Programming Guide, "~HS Host Status Return".

>>> first, second = b"030,1,0,0405,000,0,0,0,000,0,0,0", b"000,0,0,0,0,2,4,0,00000000,1,000"
>>> answer = b"\x02%b\x03\r\n\x02%b\x03\r\n\x021234,0\x03\r\n" % (first, second)
>>> read_status(answer).fault, read_status(answer[:40])
('it is out of paper', None)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ASK = b"~HS\r\n"
_LINE = re.compile(rb"\x02([^\x02\x03]*)\x03")
_LINES, _FIELDS = 3, (12, 11)
# Of the first line and of the second: the fields that say why nothing is printed.
_FIRST = {1: "it is out of paper", 2: "it is paused", 5: "its memory is full", 9: "its memory is corrupt",
          10: "it is too cold", 11: "it is too hot"}  # fmt: skip
_SECOND = {2: "its head is open", 3: "it is out of ribbon"}
_FORMATS, _PARTIAL, _REMAINING = 4, 7, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What a printer says of itself: why it prints nothing (empty: it does), and whether it has nothing to print."""

    fault: str
    is_idle: bool


def read_status(answer: bytes) -> Status | None:
    """The status in what a printer answered; None where it isn't whole, or isn't one."""
    lines = [line.decode("ascii", "replace").split(",") for line in _LINE.findall(answer)]
    if len(lines) < _LINES or any(len(line) < fields for line, fields in zip(lines, _FIELDS, strict=False)):
        return None
    first, second = lines[0], lines[1]
    faults = [words for place, words in _FIRST.items() if _is_set(first[place])]
    faults += [words for place, words in _SECOND.items() if _is_set(second[place])]
    waiting = (first[_FORMATS], first[_PARTIAL], second[_REMAINING])
    return Status(fault=", ".join(faults), is_idle=not any(map(_is_set, waiting)))


def _is_set(field: str) -> bool:
    return field.strip(" 0") != ""
