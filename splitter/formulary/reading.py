"""A formulary file to its record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, TypeVar

from splitter.bounds import MOST_LISTED
from splitter.codec import TomlReader, digest, partial
from splitter.formulary.beyond_use import with_beyond_use
from splitter.formulary.checks import (
    Problem,
    amount,
    check_codes,
    check_ids,
    check_liquid,
    check_salts,
    check_tablet,
    check_unit,
    is_capsule,
    step_of,
)
from splitter.formulary.facts import (
    Codes,
    Control,
    DoseLimits,
    HalfLife,
    Hazard,
    KidneyAdvice,
    Stopping,
    TaperAdvice,
    Withdrawal,
)
from splitter.formulary.recipes import Batch, Size
from splitter.formulary.records import Bottles, Form, Formulary, Loose, Packs, Poured, Product
from splitter.formulary.strengths import RungTable, check_recipes, rungs, without_doubles
from splitter.formulary.tables import (
    BottleTable,
    Head,
    LiquidTable,
    ProductTable,
    RecipeTable,
    TabletTable,
    UnitTable,
)
from splitter.prescription import Compounding
from splitter.units import mass_words

_FACTS: dict[str, type[Any]] = {
    "codes": Codes,
    "control": Control,
    "hazard": Hazard,
    "withdrawal": Withdrawal,
    "limits": DoseLimits,
    "half_life": HalfLife,
    "stopping": Stopping,
}
KINDS = ("tablet", "capsule", "packet", "liquid", "recipe")
Table = TypeVar("Table", bound=ProductTable)
Placed = TypeVar("Placed")


def read_formulary(text: str, name: str) -> Formulary:
    """Read a formulary from TOML; `name` says in messages where it came from.

    Raises InputError with every fault of the file.
    """
    return formulary_of(TomlReader(text, name), digest(text))


def formulary_of(reader: TomlReader, sha256: str) -> Formulary:
    """The formulary of a table that was read, whose content has the digest `sha256`. Raises InputError as above."""
    head = reader.head(Head)
    facts = {name: reader.one(kind, name) for name, kind in _FACTS.items()}
    tapers = reader.many(TaperAdvice, "taper")
    kidney = reader.many(KidneyAdvice, "kidney")
    tables = [
        *_tables(reader, TabletTable, Form.TABLET, check_tablet),
        *_tables(reader, UnitTable, Form.CAPSULE, check_unit),
        *_tables(reader, UnitTable, Form.PACKET, check_unit),
        *_tables(reader, LiquidTable, "liquid", check_liquid),
        *_tables(reader, RecipeTable, "recipe", check_recipes),
    ]
    stated = head or partial(Head, reader.table)
    for problem in (
        *check_ids(_own_last(reader, _ids(reader), "id"), reader.named),
        *check_codes(_own_last(reader, tables, "ndc", "dmd"), reader.named),
        *check_salts(stated, tables),
    ):
        reader.fault(*problem)
    if not any(name in reader.table for name in KINDS):
        reader.fault("", "no product", "add one as " + ", ".join(f"[[{name}]]" for name in KINDS))
    reader.finish()
    assert head is not None
    return Formulary(
        drug=head.drug,
        products=tuple(_product(head, where.partition("[")[0], table) for where, table in _each_strength(tables)),
        max_daily=head.max_daily,
        max_imbalance=head.max_imbalance,
        larger_dose=head.larger_dose,
        larger_dose_provenance=head.larger_dose_origin,
        taper_end=head.taper_end,
        taper_end_provenance=head.taper_end_origin,
        cautions=head.cautions,
        currency=head.currency,
        country=head.country,
        salt=head.salt,
        provenance=head.provenance,
        kidney=tuple(advice for advice in kidney if advice is not None),
        tapers=tuple(advice for advice in tapers if advice is not None),
        sha256=sha256,
        **facts,
    )


def _each_strength(tables: list[tuple[str, ProductTable]]) -> Iterator[tuple[str, ProductTable]]:
    """The tables, recipes of several strengths as a recipe of each."""
    recipes = [(where, rung) for where, table in tables if isinstance(table, RecipeTable) for rung in rungs(table)]
    yield from ((where, table) for where, table in tables if not isinstance(table, RecipeTable))
    yield from without_doubles(recipes)


def _own_last(reader: TomlReader, tables: list[tuple[str, Placed]], *keys: str) -> list[tuple[str, Placed]]:
    """Tables whose keys come from another file last: of two that agree too well, theirs is the one to mend."""
    return sorted(tables, key=lambda pair: any(reader.is_adopted(f"{pair[0]}.{key}") for key in keys))


def _ids(reader: TomlReader) -> list[tuple[str, object]]:
    """The place of each product's table and the id that stands there, whatever else may be wrong with it."""
    tables = ((kind, reader.table.get(kind)) for kind in KINDS)
    return [
        (f"{kind}[{i}]", table.get("id"))
        for kind, listed in tables
        if isinstance(listed, list)
        for i, table in enumerate(listed[:MOST_LISTED])
        if isinstance(table, dict)
    ]


def _tables(
    reader: TomlReader, kind: type[Table], name: str, check: Callable[[Table], Iterator[Problem]]
) -> list[tuple[str, Table]]:
    """The tables `[[name]]`, each with its place; what `check` finds becomes faults.

    Of one with faults it is what could be read (`codec.partial`): enough for the checks, and no record is made of it.
    """
    read = [(f"{name}[{i}]", table, i) for i, table in enumerate(reader.many(kind, name))]
    found = [
        (where, table or partial(kind, reader.table[name][i]))
        for where, table, i in read
        if table or _is_table(reader, name, i)
    ]
    for where, table in found:
        for key, what, remedy in check(table):
            reader.fault(f"{where}.{key}", what, remedy)
    return found


def _is_table(reader: TomlReader, name: str, place: int) -> bool:
    return isinstance(reader.table[name][place], dict)


def _product(head: Head, kind: str, table: ProductTable) -> Product:
    match table:
        case LiquidTable():
            return _liquid(head, table)
        case RecipeTable():
            return _recipe(head, table)
        case UnitTable():
            return _unit(head, Form(kind), table)
    raise TypeError(f"no product is made from a {type(table).__name__}")


def _unit(head: Head, form: Form, table: UnitTable) -> Product:
    sizes = tuple(Size(content=Fraction(pack.count), price=pack.price) for pack in table.packs or ())
    splittable = isinstance(table, TabletTable) and not table.do_not_split and table.do_not_split_reason is None
    return Product(
        **_common(head, table, f"{head.drug} {mass_words(table.strength)} {form}"),
        form=form,
        supply=Loose(price=table.price) if table.price is not None else Packs(sizes=sizes),
        strength=table.strength,
        pieces=table.pieces if isinstance(table, TabletTable) else 1,
        do_not_split=not splittable,
        do_not_split_reason=table.do_not_split_reason,
        stock=None if table.stock is None else Fraction(table.stock),
    )


def _liquid(head: Head, table: LiquidTable) -> Product:
    form = table.form or (Form.SUSPENSION if table.shake else Form.SOLUTION)
    return Product(
        **_common(head, table, f"{head.drug} {table.concentration} oral {form}"),
        form=form,
        supply=_handing(table),
        concentration=table.concentration,
        shake=table.shake,
        stock=None if table.stock is None else table.stock.value,
    )


def _handing(table: LiquidTable) -> Bottles | Poured:
    poured = table.poured
    if poured is None:
        return Bottles(sizes=_sizes(table.bottles or ()), in_use=table.in_use, overage=table.overage)
    return Poured(
        price=poured.price,
        step=poured.step.value,
        containers=_sizes(poured.containers),
        keeps=table.keeps or 0,
        overage=table.overage,
    )


def _sizes(tables: tuple[BottleTable, ...]) -> tuple[Size, ...]:
    return tuple(Size(content=table.volume.value, price=table.price) for table in tables)


def _recipe(head: Head, table: RecipeTable) -> Product:
    if table.strength is not None:
        name = f"{head.drug} {mass_words(table.strength)} compounded {table.form}"
    else:
        name = f"{head.drug} {table.concentration} compounded oral {table.form}"
    product = Product(
        **_common(head, table, name),
        form=table.form,
        supply=_batch(table),
        strength=table.strength,
        concentration=table.concentration,
        do_not_split=is_capsule(table),
        shake=table.form is Form.SUSPENSION if table.shake is None else table.shake,
        ladder=table.ladder if isinstance(table, RungTable) else None,
    )
    return with_beyond_use(product, Compounding())


def _batch(table: RecipeTable) -> Batch:
    step = step_of(table)
    sizes = ((c.volume.value if c.volume is not None else Fraction(c.count or 0), c.price) for c in table.containers)
    return Batch(
        beyond_use=table.beyond_use or 0,
        labour=table.labour,
        step=step,
        minimum=amount(table.minimum) or step,
        maximum=amount(table.maximum),
        overage=table.overage,
        containers=tuple(Size(content=content, price=price) for content, price in sizes),
        ingredients=table.ingredients,
        method=table.method,
        stated_beyond_use=table.beyond_use,
        stated_basis=table.beyond_use_basis,
        category=table.category,
        monograph=table.monograph,
        published=table.published,
        vehicle=table.vehicle,
        equipment=table.equipment,
        quality_checks=table.quality_checks,
    )


def _common(head: Head, table: ProductTable, name: str) -> dict[str, Any]:
    """What every product's record takes from its table; `name` where the table gives none."""
    return {
        "id": table.id,
        "name": table.name or name,
        "available": table.available,
        "storage": table.storage,
        "illustrative_price": table.illustrative,
        "price_date": table.price_date,
        "price_source": table.price_source,
        "ndc": table.ndc,
        "dmd": table.dmd,
        "salt": table.salt or head.salt,
        "family": table.family,
        "maker": table.maker,
        "container": table.container,
        "provenance": table.provenance,
    }
