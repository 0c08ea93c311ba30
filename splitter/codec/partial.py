"""A table of which some keys can't be read: what the others mean together is checked all the same."""

from __future__ import annotations

from dataclasses import MISSING, is_dataclass
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from splitter.codec.converters import ProblemsError, field_keys, structure, toml_converter


class UnreadError(Exception):
    """A key was asked for that can't be read; its own fault is told elsewhere."""


class Partial:
    """What could be read of a record, under its fields' names. Asking for another raises UnreadError."""

    def __init__(self, found: dict[str, object]) -> None:
        self._found = found

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in self._found:
            raise UnreadError(name)
        return self._found[name]


def partial(kind: Any, raw: object) -> Any:
    """`raw` as the record `kind`, or as a Partial of it; lists of records likewise. Raises UnreadError for the rest."""
    try:
        return structure(toml_converter(), raw, kind)
    except ProblemsError:
        pass
    kinds = [each for each in get_args(kind) if each is not NoneType]
    if get_origin(kind) is UnionType and len(kinds) == 1:
        return partial(kinds[0], raw)
    if get_origin(kind) is tuple and isinstance(raw, list) and kinds[-1] is Ellipsis:
        return tuple(partial(kinds[0], item) for item in raw)
    if is_dataclass(kind) and isinstance(raw, dict):
        return Partial(_readable(kind, raw))
    raise UnreadError


def _readable(kind: Any, raw: dict[str, object]) -> dict[str, object]:
    types = get_type_hints(kind, include_extras=True)
    found: dict[str, object] = {}
    for name, field in field_keys(kind).items():
        try:
            if name in raw:
                found[field.name] = partial(types[field.name], raw[name])
            elif field.default is not MISSING:
                found[field.name] = field.default
        except UnreadError:
            continue
    return found
