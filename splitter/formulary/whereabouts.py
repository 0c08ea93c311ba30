"""Where something is stated of a drug or of one of its products: in which file, under which key, on which line.

Faults found in records are told with it. Files are asked in the order in which they count: one that was given for the
drug alone, else the user's own, the last first, and then what these are laid over.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from splitter.codec import TomlReader, read_file
from splitter.errors import Fault, InputError
from splitter.formulary.overlay import about, base_of, place_of, read_overlays, same_drug


def stated_at(drug: str, product: str | None, key: str, files: Sequence[Path], fault: Fault) -> Fault:
    """A fault at the key of a product (None: at the head) as the person finds it who wrote that.

    `files` are those given in place of built-in ones. Where no file states the key, it is at the product's table, or at
    the file itself; where no file can be read, the fault stays as it is.
    """
    readers = _readers(drug, files)
    found = [(reader, each) for reader in readers for each in _places(reader, product, key)]
    found += [(reader, each) for reader in readers[::-1] for each in _places(reader, product, "")]
    if not found:
        return fault
    reader, where = found[0]
    return reader.located(where, fault.found, fault.remedy)


def _readers(drug: str, files: Sequence[Path]) -> list[TomlReader]:
    try:
        given = [TomlReader(read_file(path), str(path)) for path in files]
        for reader in given:
            if same_drug(about(reader), drug):
                return [reader]
        overlays = read_overlays()
        base, _ = base_of(drug, overlays)
    except InputError:
        return []
    own = [reader for reader in overlays[::-1] if base is None or reader.file != base.file]
    return own if base is None else [*own, base]


def _places(reader: TomlReader, product: str | None, key: str) -> list[str]:
    """The dotted path of a key where a file states it; for an empty key that of the whole product, or of the file."""
    if product is None:
        return [key] if not key or reader.states(key) else []
    table = place_of(reader, product, key)
    where = table and (f"{table}.{key}" if key else table)
    return [where] if where and reader.states(where) else []
