"""A formulary file to its record, and which file speaks for a drug."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import formulations
from splitter.codec import TomlReader, digest, read_file
from splitter.errors import Fault, InputError
from splitter.formulary.checks import (
    Problem,
    amount,
    check_ids,
    check_liquid,
    check_recipe,
    check_unit,
    is_capsule,
    step_of,
)
from splitter.formulary.records import (
    Batch,
    Bottles,
    Form,
    Formulary,
    Loose,
    Packs,
    Product,
    Provenance,
    Size,
)
from splitter.formulary.tables import (
    Head,
    LiquidTable,
    ProductTable,
    RecipeTable,
    Sourced,
    TabletTable,
    UnitTable,
)
from splitter.units import mass_words

_KINDS = ("tablet", "capsule", "packet", "liquid", "recipe")
Table = TypeVar("Table", bound=ProductTable)


def load_formulary(drug: str, files: Sequence[Path] = ()) -> Formulary:
    """The formulary of one drug: of `files` the one that names it, else the built-in one.

    Raises InputError with the faults of the files, and for a drug that none of them knows.
    """
    return choose_formulary(drug, [read_formulary(read_file(path), str(path)) for path in files])


def choose_formulary(drug: str, formularies: Sequence[Formulary]) -> Formulary:
    """The one of `formularies` that names the drug, else the built-in one.

    Raises InputError where several name it, and for a drug that none knows.
    """
    own = [formulary for formulary in formularies if _same(drug, formulary.drug)]
    if len(own) > 1:
        raise InputError([_fault("--formulary", f"{len(own)} files for {own[0].drug}", "give one file for each drug")])
    if own:
        return own[0]
    for name in formulations.drugs():
        if _same(drug, name):
            return read_formulary(formulations.drug(name), f"built-in {name}.toml")
    known = ", ".join(formulations.drugs())
    raise InputError([_fault("prescription.drug", drug, f"give a --formulary for it, or write one of: {known}")])


def read_formulary(text: str, name: str) -> Formulary:
    """Read a formulary from TOML; `name` says in messages where it came from.

    Raises InputError with every fault of the file.
    """
    reader = TomlReader(text, name)
    head = reader.head(Head)
    tables = [
        *_tables(reader, TabletTable, Form.TABLET, check_unit),
        *_tables(reader, UnitTable, Form.CAPSULE, check_unit),
        *_tables(reader, UnitTable, Form.PACKET, check_unit),
        *_tables(reader, LiquidTable, "liquid", check_liquid),
        *_tables(reader, RecipeTable, "recipe", check_recipe),
    ]
    for problem in check_ids(tables):
        reader.fault(*problem)
    if not any(name in reader.table for name in _KINDS):
        reader.fault("", "no product", "add one as " + ", ".join(f"[[{name}]]" for name in _KINDS))
    reader.finish()
    assert head is not None
    return Formulary(
        drug=head.drug,
        products=tuple(_product(head.drug, where.partition("[")[0], table) for where, table in tables),
        max_daily=head.max_daily,
        max_imbalance=head.max_imbalance,
        cautions=head.cautions,
        currency=head.currency,
        provenance=_provenance(head),
        sha256=digest(text),
    )


def _tables(
    reader: TomlReader, kind: type[Table], name: str, check: Callable[[Table], Iterator[Problem]]
) -> list[tuple[str, Table]]:
    """The tables `[[name]]` that could be read, each with its place; what `check` finds becomes faults."""
    found = [(f"{name}[{i}]", table) for i, table in enumerate(reader.many(kind, name)) if table is not None]
    for where, table in found:
        for key, what, remedy in check(table):
            reader.fault(f"{where}.{key}", what, remedy)
    return found


def _product(drug: str, kind: str, table: ProductTable) -> Product:
    match table:
        case LiquidTable():
            return _liquid(drug, table)
        case RecipeTable():
            return _recipe(drug, table)
        case UnitTable():
            return _unit(drug, Form(kind), table)
    raise TypeError(f"no product is made from a {type(table).__name__}")


def _unit(drug: str, form: Form, table: UnitTable) -> Product:
    sizes = tuple(Size(content=Fraction(pack.count), price=pack.price) for pack in table.packs or ())
    return Product(
        **_common(table, f"{drug} {mass_words(table.strength)} {form}"),
        form=form,
        supply=Loose(price=table.price) if table.price is not None else Packs(sizes=sizes),
        strength=table.strength,
        pieces=table.pieces if isinstance(table, TabletTable) else 1,
        do_not_split=not isinstance(table, TabletTable) or table.do_not_split,
    )


def _liquid(drug: str, table: LiquidTable) -> Product:
    form = table.form or (Form.SUSPENSION if table.shake else Form.SOLUTION)
    sizes = tuple(Size(content=bottle.volume.value, price=bottle.price) for bottle in table.bottles)
    return Product(
        **_common(table, f"{drug} {table.concentration} oral {form}"),
        form=form,
        supply=Bottles(sizes=sizes, in_use=table.in_use),
        concentration=table.concentration,
        shake=table.shake,
    )


def _recipe(drug: str, table: RecipeTable) -> Product:
    if table.strength is not None:
        name = f"{drug} {mass_words(table.strength)} compounded {table.form}"
    else:
        name = f"{drug} {table.concentration} compounded oral {table.form}"
    return Product(
        **_common(table, name),
        form=table.form,
        supply=_batch(table),
        strength=table.strength,
        concentration=table.concentration,
        do_not_split=is_capsule(table),
        shake=table.form is Form.SUSPENSION if table.shake is None else table.shake,
    )


def _batch(table: RecipeTable) -> Batch:
    step = step_of(table)
    sizes = ((c.volume.value if c.volume is not None else Fraction(c.count or 0), c.price) for c in table.containers)
    return Batch(
        beyond_use=table.beyond_use,
        labour=table.labour,
        step=step,
        minimum=amount(table.minimum) or step,
        maximum=amount(table.maximum),
        overage=table.overage,
        containers=tuple(Size(content=content, price=price) for content, price in sizes),
        ingredients=table.ingredients,
        method=table.method,
        beyond_use_basis=table.beyond_use_basis,
    )


def _common(table: ProductTable, name: str) -> dict[str, Any]:
    """What every product's record takes from its table; `name` where the table gives none."""
    return {
        "id": table.id,
        "name": table.name or name,
        "available": table.available,
        "storage": table.storage,
        "illustrative_price": table.illustrative,
        "price_date": table.price_date,
        "provenance": _provenance(table),
    }


def _provenance(table: Sourced) -> Provenance | None:
    if table.source is None:
        return None
    return Provenance(source=table.source, certainty=table.certainty, checked=table.checked)


def _same(drug: str, other: str) -> bool:
    return drug.casefold() == other.casefold()


def _fault(key: str, found: str, remedy: str) -> Fault:
    return Fault(file="", key=key, found=found, remedy=remedy)
