"""On which line of a TOML text each key stands; tomllib does not say.

Only texts that tomllib has read come here, so the scan knows strings, comments, brackets and keys, and trusts the rest.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<skip>[ \t\r]+|\#[^\n]*)
    | (?P<text>\"{3}(?:\\.|[^\\])*?\"{3}(?!\")|'{3}.*?'{3}(?!')|"(?:\\.|[^"\\])*"|'[^']*')
    | (?P<mark>[\[\]{}=,.\n])
    | (?P<bare>[^\s\[\]{}=,.\#"']+)
    """,
    re.VERBOSE | re.DOTALL,
)
_END = ""


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    line: int

    @property
    def is_mark(self) -> bool:
        return self.text in ("[", "]", "{", "}", "=", ",", ".", "\n", _END)


def lines_of(text: str) -> dict[str, int]:
    """The line, from 1, of every table, key and list item by its dotted path, lists counted from 0.

    >>> lines_of('drug = "x"\\n[[tablet]]\\npacks = [{ count = 84 }]')["tablet[0].packs[0].count"]
    3
    """
    return _Scan(text).lines


def nearest_line(lines: Mapping[str, int], key: str) -> int | None:
    """The line of a dotted path, or of the nearest table around it that stands in the text."""
    return next((lines[each] for each in around(key) if each in lines), None)


def around(key: str) -> Iterator[str]:
    """A dotted path, and those of all that it stands in, the nearest first."""
    while key:
        yield key
        key = key[: max(key.rfind("."), key.rfind("["), 0)]


class _Scan:
    """One pass over the tokens of a text."""

    def __init__(self, text: str) -> None:
        self.lines: dict[str, int] = {}
        self._counts: dict[str, int] = {}
        self._tokens = _tokens(text)
        self._next = next(self._tokens)
        self._document()

    def _take(self) -> _Token:
        taken = self._next
        self._next = next(self._tokens, taken)
        return taken

    def _skip_lines(self) -> None:
        while self._next.text == "\n":
            self._take()

    def _document(self) -> None:
        prefix = ""
        self._skip_lines()
        while self._next.text != _END:
            if self._next.text == "[":
                prefix = self._header()
            else:
                self._pair(prefix)
            self._skip_lines()

    def _header(self) -> str:
        """The path of the table that a line `[name]` or `[[name]]` opens."""
        line = self._take().line
        is_list = self._next.text == "["
        if is_list:
            self._take()
        path = ""
        parts = self._key()
        for place, part in enumerate(parts):
            path = f"{path}.{part}" if path else part
            if is_list and place == len(parts) - 1:
                self._counts[path] = self._counts.get(path, -1) + 1
            self.lines.setdefault(path, line)
            if path in self._counts:
                path = f"{path}[{self._counts[path]}]"
                self.lines.setdefault(path, line)
        for _ in range(1 + is_list):
            self._take()
        return path

    def _pair(self, prefix: str) -> None:
        line = self._next.line
        path = prefix
        for part in self._key():
            path = f"{path}.{part}" if path else part
            self.lines.setdefault(path, line)
        self._take()
        self._value(path)

    def _key(self) -> list[str]:
        """The parts of a dotted key; the mark that ends it is still to come."""
        parts = [_name(self._take().text)]
        while self._next.text == ".":
            self._take()
            parts.append(_name(self._take().text))
        return parts

    def _value(self, path: str) -> None:
        opened = self._take().text
        if opened == "[":
            self._list(path)
        elif opened == "{":
            self._inline_table(path)
        else:
            while not self._next.is_mark or self._next.text == ".":
                self._take()

    def _list(self, path: str) -> None:
        place = 0
        self._skip_lines()
        while self._next.text != "]":
            self.lines[f"{path}[{place}]"] = self._next.line
            self._value(f"{path}[{place}]")
            place += 1
            self._separator()
        self._take()

    def _inline_table(self, path: str) -> None:
        self._skip_lines()
        while self._next.text != "}":
            self._pair(path)
            self._separator()
        self._take()

    def _separator(self) -> None:
        self._skip_lines()
        if self._next.text == ",":
            self._take()
        self._skip_lines()


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "skip":
            yield _Token(match[0], line)
        line += match[0].count("\n")
    yield _Token(_END, line)


def _name(key: str) -> str:
    """A part of a key as tomllib gives it."""
    return next(iter(tomllib.loads(f"{key} = 0"))) if key[0] in "\"'" else key
