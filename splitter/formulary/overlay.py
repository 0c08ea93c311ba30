"""A pharmacy's own shelf and prices: files of the user's configuration, laid over the built-in ones.

Each file of `splitter/formulary/` there may change products that are built in (`[[product]]` with their id), add others
(`[[tablet]]`, `[[recipe]]` and so on), and state what a drug's file states at its head. Files are read in the order of
their names; a later one has the last word. The result is one table, which is then read as any other file; faults name
the file that a value came from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

import formulations
from splitter.codec import TomlReader, digest, read_file, shown
from splitter.errors import Fault, InputError
from splitter.files import configuration_directory
from splitter.formulary.reading import KINDS, formulary_of
from splitter.formulary.records import Formulary
from splitter.units import quoted

Table = dict[str, Any]

_CHANGES = "product"
_OWN_KEYS = ("drug", "currency", "replaces_built_in", _CHANGES, *KINDS)
_BOUGHT = ("price", "packs", "bottles", "poured")
_PRICES = (*_BOUGHT, "containers", "ingredients")
_SHELF = frozenset(("id", "drug", *_BOUGHT, "price_date", "price_source", "illustrative", "stock", "stocked"))
"""What may change without touching the facts that a product's source is cited for."""
_INSTEAD = (
    ("price", ("packs",)),
    ("packs", ("price",)),
    ("bottles", ("poured", "keeps")),
    ("poured", ("bottles", "in_use")),
)
"""How a product is bought, and the keys of which it takes the place."""
_PARTS = ("ingredients", "containers")
_OF_SHELF = ("price", "expires")
"""What may change of a part without touching the facts about the whole."""
_ORIGIN = ("source", "certainty", "checked")
_HEAD_FACTS = ("larger_dose", "taper_end")
"""What the head of a file states with an origin of its own, under the same keys after its name."""
_FORMULA = ("name", "amount", "unit", "active", "to_volume", "dilution", "powder", "diluent", "salt_factor")
_PRICE_ORIGIN = ("price_date", "price_source", "illustrative")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFact:
    """What one of the user's files says of a drug: keys of a product that it changes, or a product that it adds.

    `product` None: keys at the head of the drug's file. Empty `keys`: the whole product is new.
    """

    file: str
    product: str | None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlaid:
    """A drug's formulary as it is in force, and which parts of it are the user's own."""

    formulary: Formulary
    own: tuple[OwnFact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One table of an overlay: of which drug, and where it stands."""

    drug: str
    kind: str
    table: Table
    reader: TomlReader
    where: str


def own_files() -> tuple[Path, ...]:
    """The user's own formulary files, by name; hidden ones are what editors and computers keep for themselves."""
    paths = (configuration_directory() / "formulary").glob("*.toml")
    return tuple(sorted(path for path in paths if not path.name.startswith(".")))


def read_overlays(files: Sequence[Path] | None = None) -> tuple[TomlReader, ...]:
    """The user's own files (None: those of the configuration). Raises InputError for those that can't be read."""
    faults: list[Fault] = []
    readers = []
    for path in own_files() if files is None else files:
        try:
            readers.append(TomlReader(read_file(path), str(path)))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return tuple(readers)


def known_drugs(overlays: Sequence[TomlReader]) -> tuple[str, ...]:
    """Every drug that is built in or that a file of the user's own is about, in order."""
    own = (head for reader in overlays if (head := about(reader)) is not None and _is_whole(reader))
    return tuple(sorted({name.casefold(): name for name in (*own, *formulations.drugs())}.values()))


def overlay(drug: str, overlays: Sequence[TomlReader]) -> Overlaid | None:
    """The formulary of a drug with the user's own files laid over it, None for a drug that nobody knows.

    Raises InputError with every fault of it, those of the user's files among them.
    """
    if not overlays:
        built_in = _built_in(drug)
        return None if built_in is None else Overlaid(formulary=built_in)
    base, text = base_of(drug, overlays)
    faults = [fault for reader in overlays for fault in _misplaced(reader)]
    faults += _unknown_drugs(overlays)
    if base is None:
        if faults:
            raise InputError(faults)
        return None
    merger = _Merger(base)
    for reader in overlays:
        merger.lay(reader, drug)
    faults += merger.faults
    try:
        formulary = formulary_of(base, digest(text + "".join(merger.applied)))
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError(faults)
    return Overlaid(formulary=formulary, own=tuple(merger.own))


class _Merger:
    """Lays tables over those of a base, and notes whose they are."""

    def __init__(self, base: TomlReader) -> None:
        self.base = base
        self.faults: list[Fault] = []
        self.own: list[OwnFact] = []
        self.applied: list[str] = []

    def lay(self, reader: TomlReader, drug: str) -> None:
        """Lay over the base what a file says of the drug."""
        if reader.file == self.base.file:
            return
        if same_drug(about(reader), drug):
            self._lay_head(reader)
        entries = [entry for entry in _entries(reader) if same_drug(entry.drug, drug)]
        self._refuse_currency(reader, entries)
        seen: dict[str, str] = {}
        for entry in entries:
            name = str(entry.table.get("id"))
            if entry.kind == _CHANGES and name in seen:
                self._fault(entry, "id", f"{quoted(name)}, which {seen[name]} changes too", "put both into one table")
            elif entry.kind == _CHANGES:
                seen[name] = entry.where
                self._change(entry, name)
            else:
                self._add(entry)

    def _lay_head(self, reader: TomlReader) -> None:
        keys = tuple(key for key in reader.table if key not in _OWN_KEYS)
        for fact in (fact for fact in _HEAD_FACTS if fact in keys):  # one's own has not the built-in source
            for key in _ORIGIN:
                self.base.table.pop(f"{fact}_{key}", None)
        for key in keys:
            self.base.table[key] = reader.table[key]
            self.base.adopt(key, reader, key)
        if keys:
            self._note(reader, None, keys, {key: reader.table[key] for key in keys})

    def _change(self, entry: _Entry, name: str) -> None:
        stated_by = list(_products(self.base, name))
        if not stated_by:
            known = [str(table.get("id")) for _, table in _products(self.base)]
            self._fault(
                entry, "id", f"{shown(entry.table.get('id'))}, no product of {entry.drug}", nearest(name, known)
            )
            return
        where, table = stated_by[0]
        changes = {key: value for key, value in entry.table.items() if key not in ("id", "drug")}
        _forget_origins(table, changes)
        for key, value in changes.items():
            inner = "available" if key == "stocked" else key
            table[inner] = _within(table.get(inner), value) if key == "poured" else value
            self.base.adopt(f"{where}.{inner}", entry.reader, f"{entry.where}.{key}")
        self._note(entry.reader, name, tuple(changes), {entry.kind: entry.table})

    def _add(self, entry: _Entry) -> None:
        tables = self.base.table.setdefault(entry.kind, [])
        self.base.adopt(f"{entry.kind}[{len(tables)}]", entry.reader, entry.where)
        tables.append({key: value for key, value in entry.table.items() if key != "drug"})
        self._note(entry.reader, str(entry.table.get("id")), (), {entry.kind: entry.table})

    def _refuse_currency(self, reader: TomlReader, entries: Sequence[_Entry]) -> None:
        """Prices say their currency, and it is that of the formulary: they never mix."""
        stated, wanted = reader.table.get("currency"), self.base.table.get("currency")
        if (stated == wanted and stated is not None) or not any(key in e.table for e in entries for key in _PRICES):
            return
        if stated is None:
            found, remedy = "prices without a currency", f"add currency = {json.dumps(wanted or 'USD')}"
        elif wanted is None:
            found = f"{shown(stated)}, and no currency in {self.base.file}"
            remedy = "state the currency there"
        else:
            found = f"{shown(stated)}, where the prices of {self.base.file} are in {wanted}"
            remedy = f"write prices in {wanted}, or a file of your own with all prices and replaces_built_in = true"
        self.faults.append(reader.located("currency", found, remedy))

    def _fault(self, entry: _Entry, key: str, found: str, remedy: str) -> None:
        self.faults.append(entry.reader.located(f"{entry.where}.{key}", found, remedy))

    def _note(self, reader: TomlReader, product: str | None, keys: tuple[str, ...], what: Table) -> None:
        self.own.append(OwnFact(file=reader.file, product=product, keys=keys))
        self.applied.append("\n" + json.dumps(what, default=str, sort_keys=True))


def is_overlay(reader: TomlReader) -> bool:
    """Whether a file changes what others state, rather than being all there is of one drug."""
    return _CHANGES in reader.table or any("drug" in entry.table for entry in _entries(reader))


def concerned(reader: TomlReader) -> tuple[str, ...]:
    """The drugs that a file is about, in the order of the file."""
    stated = (entry.drug for entry in _entries(reader) if entry.drug != str(None))
    head = about(reader)
    return tuple({name.casefold(): name for name in (*([head] if head else []), *stated)}.values())


def place_of(reader: TomlReader, product: str, key: str) -> str | None:
    """Where a file states `key` of a product, or the whole product: the dotted path of the table."""
    for entry in _entries(reader):
        if entry.table.get("id") == product and (entry.kind != _CHANGES or key in entry.table):
            return entry.where
    return None


def same_drug(one: str | None, other: str) -> bool:
    """Whether two texts name one drug."""
    return one is not None and one.casefold() == other.casefold()


def nearest(name: str, known: Sequence[str]) -> str:
    """The remedy for a name that is not known: those most like it, else all."""
    near = get_close_matches(name, known, n=3, cutoff=0.5) or list(known)
    return "write one of: " + ", ".join(near)


def base_of(drug: str, overlays: Sequence[TomlReader]) -> tuple[TomlReader | None, str]:
    """What the rest is laid over: the user's own whole file of the drug, or the built-in one."""
    whole = [reader for reader in overlays if same_drug(about(reader), drug) and _is_whole(reader)]
    if len(whole) > 1:
        found = f"all of {drug}, as in {whole[0].file}"
        raise InputError([each.located("drug", found, "keep one of the files") for each in whole[1:]])
    if whole:
        return TomlReader(whole[0].text, whole[0].file), whole[0].text
    name = _built_in_name(drug)
    if name is None:
        return None, ""
    text = formulations.drug(name)
    return _built_in_reader(name, text), text


def _built_in(drug: str) -> Formulary | None:
    """The built-in formulary of a drug as it stands, None where there is none."""
    name = _built_in_name(drug)
    return None if name is None else _read_built_in(name, formulations.drug(name))


@lru_cache(maxsize=64)
def _read_built_in(name: str, text: str) -> Formulary:
    return formulary_of(_built_in_reader(name, text), digest(text))


def _built_in_name(drug: str) -> str | None:
    return next((name for name in formulations.drugs() if same_drug(name, drug)), None)


def _built_in_reader(name: str, text: str) -> TomlReader:
    return TomlReader(text, f"built-in {name}.toml", sound=True)


def about(reader: TomlReader) -> str | None:
    """The drug that the head of a file names, None where it names none."""
    stated = reader.table.get("drug")
    return stated if isinstance(stated, str) else None


def _is_whole(reader: TomlReader) -> bool:
    """Whether a file is all there is of its drug: it says so, or the drug is not built in."""
    head = about(reader)
    built_in = any(same_drug(head, name) for name in formulations.drugs())
    return reader.table.get("replaces_built_in") is True or (
        not built_in and any(kind in reader.table for kind in KINDS)
    )


def _entries(reader: TomlReader) -> Iterator[_Entry]:
    """The tables of a file that are about products; the drug is their own or that of the head."""
    for kind in (_CHANGES, *KINDS):
        tables = reader.table.get(kind, [])
        for place, table in enumerate(tables if isinstance(tables, list) else []):
            if isinstance(table, dict):
                drug = table.get("drug", about(reader))
                yield _Entry(drug=str(drug), kind=kind, table=table, reader=reader, where=f"{kind}[{place}]")


def _misplaced(reader: TomlReader) -> Iterator[Fault]:
    """What stands in a file so that it would be passed over in silence."""
    for kind in (_CHANGES, *KINDS):
        tables = reader.table.get(kind, [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            yield reader.located(kind, shown(tables), f"write it as [[{kind}]], once for each")
    if "drug" not in reader.table:
        for key in (key for key in reader.table if key not in _OWN_KEYS):
            remedy = "remove it, or add the drug that it is about at the head of the file"
            yield reader.located(key, "a key that is about no drug", remedy)
    elif about(reader) is None:
        yield reader.located("drug", shown(reader.table["drug"]), "write the drug's name in quotes")
    if not isinstance(reader.table.get("replaces_built_in", False), bool):
        yield reader.located("replaces_built_in", shown(reader.table["replaces_built_in"]), "write true or false")


def _unknown_drugs(overlays: Sequence[TomlReader]) -> Iterator[Fault]:
    """Tables about drugs that nobody knows; a slip in a name must not lose a price in silence."""
    known = known_drugs(overlays)
    for reader in overlays:
        for entry in _entries(reader):
            stated = entry.table.get("drug", reader.table.get("drug"))
            if stated is None:
                yield reader.located(f"{entry.where}.drug", "nothing", 'add "drug", here or at the head of the file')
            elif not any(same_drug(entry.drug, name) for name in known):
                yield reader.located(f"{entry.where}.drug", shown(stated), nearest(entry.drug, known))


def _products(reader: TomlReader, name: str | None = None) -> Iterator[tuple[str, Table]]:
    """The product tables of a file with their places, or the one of an id."""
    for kind in KINDS:
        tables = reader.table.get(kind, [])
        for place, table in enumerate(tables if isinstance(tables, list) else []):
            if isinstance(table, dict) and (name is None or table.get("id") == name):
                yield f"{kind}[{place}]", table


def _forget_origins(table: Table, stated: Table) -> None:
    """A price of one's own has not the built-in price's date, nor a fact of one's own the built-in source."""
    bought = any(key in stated for key in _BOUGHT)
    if bought:
        for key in (other for one, others in _INSTEAD if one in stated for other in others):
            table.pop(key, None)
    if bought or any(key in stated and _priced(stated[key]) != _priced(table.get(key)) for key in _PARTS):
        for key in _PRICE_ORIGIN:
            table.pop(key, None)
    kept = {key for key in _PARTS if key in stated and _facts(stated[key]) == _facts(table.get(key))}
    if not stated.keys() <= _SHELF | kept:
        for key in _ORIGIN:
            table.pop(key, None)
    if "ingredients" in stated and _formula(stated["ingredients"]) != _formula(table.get("ingredients")):
        _keep_strictest(table)


def _within(old: object, new: object) -> object:
    """A table of which only some keys are stated anew."""
    return {**old, **new} if isinstance(old, dict) and isinstance(new, dict) else new


def _tables(listed: object) -> list[Table]:
    return [part for part in listed if isinstance(part, dict)] if isinstance(listed, list) else []


def _priced(listed: object) -> list[object]:
    """What parts cost, in their order."""
    return [part.get("price") for part in _tables(listed)]


def _facts(listed: object) -> list[Table]:
    """What parts are, but for what they cost and when those on the shelf expire."""
    return [{key: value for key, value in part.items() if key not in _OF_SHELF} for part in _tables(listed)]


def _formula(ingredients: object) -> list[object]:
    """What a preparation is made of, without prices and dates."""
    listed = ingredients if isinstance(ingredients, list) else []
    return [tuple(part.get(key) for key in _FORMULA) if isinstance(part, dict) else part for part in listed]


def _keep_strictest(table: Table) -> None:
    """Studies of another formula: without their container they shorten a beyond-use date still, and never lengthen."""
    studies = table.get("published")
    for study in studies if isinstance(studies, list) else []:
        if isinstance(study, dict):
            study.pop("container", None)
