"""How a record is read and written: one converter for TOML, which refuses unknown keys, and one for JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import MISSING, Field, fields, is_dataclass
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from cattrs import Converter

from splitter import bounds
from splitter.codec import values
from splitter.quantity import Concentration, Mass, Money, Volume, format_exact
from splitter.units import ReadError, parse_concentration, parse_mass, parse_money, parse_volume

Kind = TypeVar("Kind")
Hook = Callable[[Any, Any], Any]
_ALIKE = 0.7
"""From where two keys are so alike that one was meant: "evry" and "every" by 0.89, "dose" and "doses" by 0.89."""
_QUANTITIES = (
    (Mass, parse_mass),
    (Volume, parse_volume),
    (Concentration, parse_concentration),
    (Money, parse_money),
)


class ProblemsError(Exception):
    """Everything wrong inside one value: the path below it, what was found, the remedy."""

    def __init__(self, problems: Iterable[tuple[str, str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)


def structure(converter: Converter, raw: object, kind: type[Kind]) -> Kind:
    """Read `raw` as `kind`. Raises ProblemsError with all that is wrong."""
    try:
        return converter.structure(raw, kind)
    except ReadError as error:
        raise ProblemsError([("", error.found, error.remedy)]) from None


@cache
def toml_converter() -> Converter:
    """Reads what tomllib gives: dates are dates, an empty text says nothing, unknown keys are faults."""
    converter = _converter(strict=True)
    converter.register_structure_hook(str, _reads(values.filled_text))
    converter.register_structure_hook(dt.date, _reads(values.toml_date))
    for kind, parse in _QUANTITIES:
        converter.register_structure_hook(kind, _reads(values.from_text(parse).read))
    return converter


@cache
def json_converter() -> Converter:
    """Reads and writes the program's own JSON: exact numbers, dates and times are texts."""
    converter = _converter(strict=False)
    converter.register_structure_hook(str, _reads(values.planned_text))
    converter.register_structure_hook(dt.date, _reads(values.iso_date))
    converter.register_structure_hook(dt.time, _reads(values.clock))
    converter.register_structure_hook(Fraction, _reads(values.exact_number))
    converter.register_unstructure_hook(dt.date, dt.date.isoformat)
    converter.register_unstructure_hook(dt.time, lambda time: time.strftime("%H:%M"))
    converter.register_unstructure_hook(Fraction, format_exact)
    for kind, _ in _QUANTITIES:
        converter.register_unstructure_hook(kind, str)
    converter.register_unstructure_hook_factory(is_dataclass, lambda kind: _record_writer(kind, converter))
    return converter


def _converter(*, strict: bool) -> Converter:
    """What both formats share. Later registrations win, so the annotated types come last."""
    converter = Converter()
    converter.register_structure_hook(bool, _reads(values.boolean))
    converter.register_structure_hook(int, _reads(values.integer))
    converter.register_structure_hook(StrEnum, _enum_member)
    converter.register_structure_hook_factory(is_dataclass, lambda kind: _record_hook(kind, converter, strict))
    most = bounds.MOST_LISTED if strict else bounds.MOST_PLANNED
    converter.register_structure_hook_factory(_is_tuple, lambda kind: _tuple_hook(kind, converter, most))
    converter.register_structure_hook_factory(_is_annotated, _annotated_hook)
    return converter


def _reads(read: Callable[[Any], object]) -> Hook:
    return lambda raw, _: read(raw)


def _enum_member(raw: object, kind: type[StrEnum]) -> StrEnum:
    for member in kind:
        if raw == member.value:
            return member
    raise ReadError(values.shown(raw), "write one of " + ", ".join(f'"{member}"' for member in kind))


def _is_annotated(kind: Any) -> bool:
    return get_origin(kind) is Annotated


def _annotated_hook(kind: Any) -> Hook:
    return _reads(next(note for note in get_args(kind)[1:] if isinstance(note, values.Reads)).read)


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _tuple_hook(kind: Any, converter: Converter, most: int) -> Hook:
    kinds = get_args(kind)
    endless = kinds[-1] is Ellipsis

    def hook(raw: object, _: object) -> tuple[object, ...]:
        if not isinstance(raw, list) or not (endless or len(raw) == len(kinds)):
            of_one = f", such as [{values.shown(raw)}]" if isinstance(raw, str) and raw else ""
            raise ReadError(values.shown(raw), f"write a list{of_one}" if endless else f"write a list of {len(kinds)}")
        if len(raw) > most:
            raise ReadError(values.shown(raw), f"list at most {most}")
        parts = ((f"[{i}]", item, kinds[0] if endless else kinds[i]) for i, item in enumerate(raw))
        return tuple(_each(converter, parts, []).values())

    return hook


def _record_hook(kind: Any, converter: Converter, strict: bool) -> Hook:
    """Reads a table into a dataclass, each field by its type, under its own key or the field's name.

    Not by cattrs' own reader of dataclasses: it doesn't see how the type of a field is annotated.
    """
    types = get_type_hints(kind, include_extras=True)
    keys = field_keys(kind)
    alone = _alone(kind)

    def hook(raw: object, _: object) -> object:
        if alone is not None and not isinstance(raw, dict):
            return kind(**{alone.name: structure(converter, raw, types[alone.name])})
        if not isinstance(raw, dict):
            raise ReadError(values.shown(raw), "write a table of keys and values")
        unknown = sorted(raw.keys() - keys.keys()) if strict else []
        problems = [(name, "an unknown key", unknown_key(name, keys)) for name in unknown]
        missing = (name for name, f in keys.items() if name not in raw and _is_required(f))
        problems += [(name, "nothing", f'add "{name}"') for name in missing]
        parts = ((name, raw[name], types[f.name]) for name, f in keys.items() if name in raw)
        found = _each(converter, parts, problems)
        return kind(**{keys[name].name: value for name, value in found.items()})

    return hook


def _record_writer(kind: Any, converter: Converter) -> Callable[[Any], Any]:
    """Writes a record field by field. cattrs' own writer doesn't see how a type is annotated."""
    types = get_type_hints(kind, include_extras=True)
    writers = {name: _writer(of_field, converter) for name, of_field in types.items()}
    alone = _alone(kind)

    def write(record: Any) -> Any:
        if alone is not None and record == kind(**{alone.name: getattr(record, alone.name)}):
            return writers[alone.name](getattr(record, alone.name))
        return {name: each(getattr(record, name)) for name, each in writers.items()}

    return write


def _alone(kind: Any) -> Field[Any] | None:
    """The field of a record whose value may stand for the record."""
    return next((f for f in fields(kind) if f.metadata.get("alone")), None)


def _writer(kind: Any, converter: Converter) -> Callable[[Any], object]:
    notes = get_args(kind)[1:] if _is_annotated(kind) else ()
    return next((note.write for note in notes if isinstance(note, values.Writes)), converter.unstructure)


def _each(
    converter: Converter, parts: Iterable[tuple[str, object, Any]], problems: list[tuple[str, str, str]]
) -> dict[str, object]:
    """Read every part. Raises ProblemsError for those that fail, added to `problems`."""
    found = {}
    for name, raw, kind in parts:
        try:
            found[name] = structure(converter, raw, kind)
        except ProblemsError as error:
            problems += [(join(name, path), what, remedy) for path, what, remedy in error.problems]
    if problems:
        raise ProblemsError(problems)
    return found


def field_keys(kind: Any) -> dict[str, Field[Any]]:
    """The fields of a record by their keys in a file."""
    return {f.metadata.get("key", f.name): f for f in fields(kind)}


def _is_required(record_field: Field[Any]) -> bool:
    return record_field.default is MISSING and record_field.default_factory is MISSING


def join(path: str, below: str) -> str:
    """A dotted path: `step[3]` and `daily` are `step[3].daily`."""
    return path + below if not below or not path or below.startswith("[") else f"{path}.{below}"


def unknown_key(name: str, names: Iterable[str]) -> str:
    """The remedy for a key that is none: the one most like it, and all that there are."""
    known = list(names)
    near = get_close_matches(name.casefold(), known, n=1, cutoff=_ALIKE)
    return f"{f'write {near[0]}, or' if near else ''} remove it; the keys here are {', '.join(known)}".strip()
