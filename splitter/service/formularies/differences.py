"""What a formulary file says otherwise than what is in force: products added and removed, fields changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from splitter.codec import TomlReader, digest, read_file, to_json
from splitter.errors import Fault, InputError
from splitter.files import shown_path
from splitter.formulary import (
    Formulary,
    Overlaid,
    concerned,
    formulary_of,
    is_overlay,
    overlay,
    read_formulary,
    read_overlays,
)

_HEAD = "head"


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One product added or removed, or one field changed from `old` to `new`; the product "head" is the drug itself."""

    drug: str
    product: str
    kind: Kind
    field: str | None = None
    old: str | None = None
    new: str | None = None


def compare_file(path: Path, files: Sequence[Path] = ()) -> tuple[Difference, ...]:
    """A file compared with what is in force for its drug; an overlay, with what is in force without it.

    One of `files` that is of the drug is what is in force for it.

    Raises InputError with every fault of the file, and where nothing is in force to compare it with.
    """
    reader = TomlReader(read_file(path), str(path))
    others = tuple(each for each in read_overlays() if Path(each.file).resolve() != path.resolve())
    read = [read_formulary(read_file(file), str(file)) for file in files]
    given = {formulary.drug.casefold(): formulary for formulary in read}
    found: list[Difference] = []
    for drug in concerned(reader):
        laid = overlay(drug, others)
        old = given.get(drug.casefold()) or (laid.formulary if laid else None)
        new = _with(reader, drug, others)
        if old is None or new is None:
            remedy = "nothing is in force for it, so there is nothing to compare; see splitter formulary check"
            raise InputError([Fault(file=shown_path(path), key="drug", found=drug, remedy=remedy)])
        found += _differences(old, new.formulary)
    if not found and not concerned(reader):
        remedy = 'add drug = "…" at the head of the file'
        raise InputError([Fault(file=shown_path(path), key="drug", found="nothing", remedy=remedy)])
    return tuple(found)


def _with(reader: TomlReader, drug: str, others: tuple[TomlReader, ...]) -> Overlaid | None:
    if is_overlay(reader):
        return overlay(drug, (*others, reader))
    return Overlaid(formulary=formulary_of(TomlReader(reader.text, reader.file), digest(reader.text)))


def _differences(old: Formulary, new: Formulary) -> Iterator[Difference]:
    before, after = _facts(old), _facts(new)
    for product in dict.fromkeys((*before, *after)):
        if product not in after:
            yield Difference(drug=old.drug, product=product, kind=Kind.REMOVED)
        elif product not in before:
            yield Difference(drug=old.drug, product=product, kind=Kind.ADDED)
        else:
            yield from _changes(old.drug, product, before[product], after[product])


def _changes(drug: str, product: str, before: dict[str, str], after: dict[str, str]) -> Iterator[Difference]:
    for field in dict.fromkeys((*before, *after)):
        was, now = before.get(field), after.get(field)
        if was != now:
            yield Difference(drug=drug, product=product, kind=Kind.CHANGED, field=field, old=was, new=now)


def _facts(formulary: Formulary) -> dict[str, dict[str, str]]:
    """Each product's fields by their dotted names, as texts; the drug's own under "head"."""
    raw = json.loads(to_json(formulary))
    products = raw.pop("products")
    raw.pop("sha256")
    return {_HEAD: dict(_flat(raw)), **{product["id"]: dict(_flat(product)) for product in products}}


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """What is stated below a value, by dotted names; nothing is left out but nothing."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _flat(below, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for place, below in enumerate(value):
            yield from _flat(below, f"{name}[{place}]")
    elif value is not None:
        yield name, value if isinstance(value, str) else json.dumps(value)
