"""On which line of a JSON text each key stands that a fault is about; the json module does not say.

What no fault is about is passed over by its own scanner, so that a large plan
takes little longer than reading it once more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import islice

from splitter.bounds import MOST_FAULTS
from splitter.codec.places import around, nearest_line
from splitter.errors import Fault

_BETWEEN = re.compile(r"[ \t\r\n:,]*")
_decode = json.JSONDecoder().raw_decode


def with_lines(faults: Iterable[Fault], text: str) -> tuple[Fault, ...]:
    """The faults of a JSON text with the lines of their keys; those that are told one by one."""
    found = tuple(faults)
    lines = json_lines(text, (fault.key for fault in islice(found, MOST_FAULTS)))
    return tuple(replace(fault, line=nearest_line(lines, fault.key)) for fault in found)


def json_lines(text: str, keys: Iterable[str]) -> Mapping[str, int]:
    """The lines, from 1, of dotted paths and of all that they stand in, as far as they stand in the text.

    >>> json_lines('{"steps": [{},\\n{"days": 7}]}', ["steps[1].days", "steps[2]"])
    {'steps': 1, 'steps[1]': 2, 'steps[1].days': 2}
    """
    paths = [tuple(around(key)) for key in keys]
    wanted = frozenset(each for path in paths for each in path)
    scan = _Scan(text, wanted, frozenset(("", *(each for path in paths for each in path[1:]))))
    with suppress(RecursionError, ValueError, IndexError):  # too deep to read, or no JSON from there on
        scan.value(scan.behind(0), "")
    return scan.lines


class _Scan:
    """One pass over a text, into the objects and lists that are `opened`, for what is wanted, and past all others."""

    def __init__(self, text: str, wanted: frozenset[str], opened: frozenset[str]) -> None:
        self.lines: dict[str, int] = {}
        self._text = text
        self._wanted, self._opened = wanted, opened
        self._line, self._counted = 1, 0

    def value(self, place: int, path: str) -> int:
        """The place behind the value that begins at a place, and behind the marks that follow."""
        if path in self._wanted:
            self._line += self._text.count("\n", self._counted, place)
            self._counted = place
            self.lines[path] = self._line
        if path not in self._opened or self._text[place] not in "{[":
            return self.behind(_decode(self._text, place)[1])
        inside = self._object if self._text[place] == "{" else self._list
        return self.behind(inside(self.behind(place + 1), path) + 1)

    def behind(self, place: int) -> int:
        """The place behind blanks and the marks between values."""
        found = _BETWEEN.match(self._text, place)
        assert found is not None
        return found.end()

    def _object(self, place: int, path: str) -> int:
        while self._text[place] != "}":
            name, end = _decode(self._text, place)
            place = self.value(self.behind(end), f"{path}.{name}" if path else name)
        return place

    def _list(self, place: int, path: str) -> int:
        number = 0
        while self._text[place] != "]":
            place = self.value(place, f"{path}[{number}]")
            number += 1
        return place
