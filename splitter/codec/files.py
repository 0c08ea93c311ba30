"""Whole texts: a TOML file read table by table with all its faults, JSON read and written."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from splitter.bounds import MOST_DEEP, MOST_KEY, MOST_LISTED
from splitter.codec.converters import (
    ProblemsError,
    field_keys,
    join,
    json_converter,
    structure,
    toml_converter,
    unknown_key,
)
from splitter.codec.places import around, lines_of, nearest_line
from splitter.codec.slips import no_toml
from splitter.codec.values import shown
from splitter.errors import Fault, InputError
from splitter.files import shown_path
from splitter.units import ReadError, quoted

Record = TypeVar("Record")
_BITS = 63
_SHOWN = 60
# Keys of so many parts are nothing that anybody means, and tomllib takes the cube of their number.
_DEEP = re.compile(rf"""(?<![\w.\-"'])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{MOST_DEEP}}}""")


class TomlReader:
    """Reads the tables of one TOML text and collects all faults, those of meaning beside those of form.

    Use `one` and `many` for the tables, `fault` for what they mean together, then `finish`.
    """

    def __init__(self, text: str, file: str, *, sound: bool = False) -> None:
        """`sound`: the text by itself is without faults, so that what is adopted causes those that are found."""
        self.file = shown_path(Path(file))
        self._sound = sound
        self.text = text
        self._adopted: dict[str, tuple[TomlReader, str]] = {}
        self._faults: list[Fault] = []
        self._known: dict[str, None] = {}
        if deep := _DEEP.search(text):
            found, line = f"a key of more than {MOST_DEEP} parts", text.count("\n", 0, deep.start()) + 1
            remedy = "write the keys as documented"
            raise InputError([Fault(file=self.file, key="", found=found, remedy=remedy, line=line)])
        try:
            self.table = tomllib.loads(text, parse_float=Decimal)
        except (ValueError, ArithmeticError, RecursionError) as error:
            raise InputError([no_toml(error, text, self.file)]) from None
        for where, found, remedy in _beyond_bounds(self.table):
            place = self._lines.get(where)
            raise InputError([Fault(file=self.file, key=where[:_SHOWN], found=found, remedy=remedy, line=place)])

    def head(self, kind: type[Record]) -> Record | None:
        """The record of the values that stand before the first table, None when it has faults."""
        names = field_keys(kind)
        self._known |= dict.fromkeys(names)
        return self._structure(kind, {name: self.table[name] for name in names if name in self.table}, "")

    def one(self, kind: type[Record], name: str, *, required: bool = False) -> Record | None:
        """The record of the table or value `name`, None when it is absent or has faults."""
        self._known[name] = None
        if name in self.table:
            return self._structure(kind, self.table[name], name)
        if required:
            self.fault(name, "nothing", f'add "{name}"')
        return None

    def many(self, kind: type[Record], name: str) -> tuple[Record | None, ...]:
        """The records of the tables `[[name]]`, None for each that has faults."""
        self._known[name] = None
        tables = self.table.get(name, [])
        if not isinstance(tables, list):
            self.fault(name, shown(tables), f"write it as [[{name}]], once for each")
            return ()
        if len(tables) > MOST_LISTED:
            self.fault(name, f"{len(tables)} tables [[{name}]]", f"write at most {MOST_LISTED}")
            return ()
        return tuple(self._structure(kind, table, f"{name}[{i}]") for i, table in enumerate(tables))

    def part(self, kind: Any, name: str, key: str) -> Any:
        """One value of the table `name`, None when it is absent or has faults, which `one` tells.

        So what values mean together is checked though others of their tables have faults.
        """
        table = self.table.get(name)
        if not isinstance(table, dict) or key not in table:
            return None
        try:
            return structure(toml_converter(), table[key], kind)
        except ProblemsError:
            return None

    def adopt(self, where: str, other: TomlReader, elsewhere: str) -> None:
        """What stands in `table` at `where` was put there from `elsewhere` in another file, which its faults name."""
        self._adopted[where] = (other, elsewhere)

    def located(self, where: str, found: str, remedy: str) -> Fault:
        """A fault at the dotted key `where` as it is reported, not noted here."""
        return self._placed(Fault(file=self.file, key=where, found=found, remedy=remedy))

    def line(self, where: str) -> int | None:
        """The line of a dotted key, or of the nearest table around it."""
        return nearest_line(self._lines, where)

    def states(self, where: str) -> bool:
        """Whether a dotted key stands in the text."""
        return where in self._lines

    @cached_property
    def _lines(self) -> Mapping[str, int]:
        """Where each key stands, found out when the first fault is told."""
        return lines_of(self.text)

    def fault(self, where: str, found: str, remedy: str) -> None:
        """Note a fault at the dotted key `where`; lists count from 0."""
        self._faults.append(Fault(file=self.file, key=where, found=found, remedy=remedy))

    def finish(self) -> None:
        """Raise InputError with every fault noted, unknown keys included, if there is any."""
        for name in self.table:
            if name not in self._known:
                self.fault(name, "an unknown key", unknown_key(name, self._known))
        if self._faults:
            places = {name: place for place, name in enumerate(self.table)}
            first = sorted(self._faults, key=lambda fault: places.get(_head_of(fault.key), len(places)))
            raise InputError(map(self._placed, first))

    def _structure(self, kind: type[Record], raw: object, where: str) -> Record | None:
        try:
            return structure(toml_converter(), raw, kind)
        except ProblemsError as error:
            for path, found, remedy in error.problems:
                self.fault(join(where, path), found, remedy)
            return None

    def is_adopted(self, where: str) -> bool:
        """Whether what stands at the dotted key, or anything in it, was put there from another file."""
        return any(_is_within(where, adopted) or _is_within(adopted, where) for adopted in self._adopted)

    def named(self, where: str, what: str) -> str:
        """The dotted key as a message about another names it: `what` of it, its line, and its file if several."""
        there = self.located(where, "", "")
        file = f" of {there.file}" if self._adopted else ""
        return f"{there.key} {what}, on line {there.line}{file}"

    def _placed(self, fault: Fault) -> Fault:
        """The fault with the file, the key and the line where a person finds it."""
        where = next((each for each in around(fault.key) if each in self._adopted), None)
        if where is not None:
            other, elsewhere = self._adopted[where]
            key = (elsewhere + fault.key.removeprefix(where)).removeprefix(".")
            return other._placed(replace(fault, file=other.file, key=key))
        cause = self._cause(fault.key) if self._sound else None
        if cause is not None:
            other, elsewhere = cause
            found = f"with {fault.key} of {self.file}: {fault.found}"
            return other._placed(replace(fault, file=other.file, key=elsewhere, found=found))
        return replace(fault, line=self.line(fault.key))

    def _cause(self, where: str) -> tuple[TomlReader, str] | None:
        """What another file states of the same table, or at the head under the same key: it goes with the rest without.

        Where that is one value, its place, where it is several, the table that they stand in.
        """
        table = re.match(r"\w+\[[0-9]+\]", where)
        beside = [place for adopted, place in self._adopted.items() if table and adopted.startswith(f"{table[0]}.")]
        if not beside:
            return self._adopted.get(where.rpartition(".")[2])
        other, key = beside[-1]
        own = {place for reader, place in beside if reader is other}
        return other, key if len(own) == 1 else key.rpartition(".")[0]


def _beyond_bounds(table: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The dotted paths of keys that nobody means, and of integers beyond those that TOML has, with what was found.

    Python takes such integers, and refuses to write them down; what is told of a key takes the square of its length.
    """
    waiting: list[tuple[str, Any]] = [("", table)]
    while waiting:
        where, value = waiting.pop()
        if isinstance(value, dict):
            for name, each in value.items():
                if len(name) > MOST_KEY:
                    yield join(where, name), f"a key of {len(name)} characters", f"write at most {MOST_KEY}"
                waiting.append((join(where, name), each))
        elif isinstance(value, list):
            waiting += ((f"{where}[{place}]", each) for place, each in enumerate(value))
        elif type(value) is int and value.bit_length() > _BITS:
            yield where, "a number of more than 64 bits", "write a smaller number"


def _head_of(where: str) -> str:
    """The table, or the value at the head of the file, in which a dotted key stands."""
    return re.split(r"[.\[]", where, maxsplit=1)[0]


def _is_within(where: str, around: str) -> bool:
    """Whether a dotted key is another, or stands in it."""
    return re.match(re.escape(around) + r"(?![^.\[])", where) is not None


def from_json(text: str, file: str) -> Mapping[str, Any]:
    """The fields of a JSON object as they stand there, for `record_of`. Raises InputError."""
    try:
        raw = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
        if not isinstance(raw, dict):
            raise ReadError(shown(raw), "write an object of fields and values")
    except ReadError as error:
        found, remedy = error.found, error.remedy
    except (ValueError, RecursionError) as error:
        found, remedy = f"no valid JSON ({error})", "give a file that this program wrote"
    else:
        return raw
    raise InputError([Fault(file=file, key="", found=found, remedy=remedy)])


def record_of(kind: type[Record], raw: Mapping[str, Any], file: str, expected: Mapping[str, str]) -> Record:
    """Read a record from the fields of a JSON object: strict about types, tolerant of fields that it does not know.

    `expected` are top-level fields that must have the given text, looked at first. Raises InputError with
    every fault.
    """
    try:
        _expect(raw, expected)
        return structure(json_converter(), raw, kind)
    except ProblemsError as error:
        problems = error.problems
    raise InputError(Fault(file=file, key=path, found=found, remedy=remedy) for path, found, remedy in problems)


def fields_of(record: object) -> dict[str, Any]:
    """The fields of a record as JSON has them, in their order, exact numbers as texts."""
    found: dict[str, Any] = json_converter().unstructure(record)
    return found


def to_json(record: object) -> str:
    """Write a record, or a tuple of records, or the fields of one, as JSON."""
    return json.dumps(json_converter().unstructure(record), indent=2, ensure_ascii=False) + "\n"


def _expect(raw: Mapping[str, Any], expected: Mapping[str, str]) -> None:
    for name, wanted in expected.items():
        if raw.get(name) != wanted:
            raise ProblemsError([(name, shown(raw.get(name)), f"give a file whose {name} is {quoted(wanted)}")])


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        (twice, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise ReadError(f"the field {quoted(twice)} twice", "write it once")
    return record


def _no_constant(name: str) -> None:
    raise ReadError(f"the number {name}", "write an exact number in quotes")


def digest(text: str) -> str:
    """The SHA-256 of a text, as a plan records what it was made from."""
    return hashlib.sha256(text.encode()).hexdigest()
