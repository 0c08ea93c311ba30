"""One formulary file, or one of a pharmacy's own overlays, checked whole: every fault, and what is doubtful."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from splitter.codec import TomlReader, digest, read_file
from splitter.errors import Fault, InputError
from splitter.files import shown_path
from splitter.formulary import (
    Formulary,
    changed_prices,
    concerned,
    doubts,
    formulary_of,
    is_overlay,
    overlay,
    place_of,
    read_overlays,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """Something that can be read but looks wrong: key and line in the file, and why."""

    key: str
    line: int | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """What was found of a file; without faults and suspicions it can be relied on as far as its sources can."""

    file: str
    drugs: tuple[str, ...]
    faults: tuple[Fault, ...]
    suspicions: tuple[Suspicion, ...]


def check_file(path: Path) -> CheckedFile:
    """Check a file as a drug's formulary, or, where it changes products of others, as an overlay of these.

    Raises InputError only where it can't be read at all.
    """
    text = read_file(path)
    try:
        reader = TomlReader(text, str(path))
        read = tuple(_read(reader))
    except InputError as error:
        return CheckedFile(file=shown_path(path), drugs=(), faults=error.faults, suspicions=())
    suspicions = tuple(each for before, after in read for each in _suspicions(before, after, reader))
    drugs = tuple(after.drug for _, after in read)
    return CheckedFile(file=shown_path(path), drugs=drugs, faults=(), suspicions=suspicions)


def _read(reader: TomlReader) -> Iterator[tuple[Formulary | None, Formulary]]:
    """The formularies that a file is about, each after what it is laid over. Raises InputError with all its faults."""
    if not is_overlay(reader):
        yield None, formulary_of(reader, digest(reader.text))
        return
    faults: list[Fault] = []
    own = Path(reader.file).resolve()
    others = tuple(each for each in read_overlays() if Path(each.file).resolve() != own)
    read = []
    for drug in concerned(reader):
        try:
            laid, before = overlay(drug, (*others, reader)), overlay(drug, others)
            read += [(before.formulary if before else None, laid.formulary)] if laid else []
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(dict.fromkeys(faults))
    yield from read


def _suspicions(before: Formulary | None, after: Formulary, reader: TomlReader) -> Iterator[Suspicion]:
    """The doubts about what stands in this file."""
    for doubt in (*doubts(after), *(changed_prices(before, after) if before else ())):
        where = place_of(reader, doubt.product, doubt.key)
        if where is not None:
            key = f"{where}.{doubt.key}"
            message = f"{doubt.product}: {doubt.message}"
            yield Suspicion(key=key, line=reader.line(key), message=message)
