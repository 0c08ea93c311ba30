"""A recipe that states several strengths stands for a recipe of each: its strengths are a ladder.

Its amounts are those of the first strength. What holds drug scales with the strength; what fills the capsules gives way
to it by weight, so that every capsule weighs the same; all else stays as it is. A strength that the file also has as a
capsule recipe of its own comes from that one alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from fractions import Fraction

from splitter.codec import UnreadError
from splitter.formulary.checks import Problem, check_recipe, is_capsule
from splitter.formulary.recipes import Ingredient
from splitter.formulary.records import Formulary, Product
from splitter.formulary.tables import MOST_ID, RecipeTable
from splitter.quantity import Concentration, Mass, format_exact
from splitter.units import mass_words

_WEIGHED = {"g": Fraction(1), "mg": Fraction(1, 1000)}


@dataclass(frozen=True, slots=True, kw_only=True)
class RungTable(RecipeTable):
    """The recipe of one strength of several; `ladder` is the id of the recipe that states them."""

    ladder: str


def rungs(table: RecipeTable) -> tuple[RecipeTable, ...]:
    """The recipes that a table stands for: one for each strength or concentration, itself where it states only one."""
    if not table.strengths and not table.concentrations:
        return (table,)
    return tuple(_rung(table, strength) for strength in table.strengths or table.concentrations)


def check_recipes(table: RecipeTable) -> Iterator[Problem]:
    """A recipe of one strength or of several: each of these has to be one."""
    with suppress(UnreadError):
        if table.strengths or table.concentrations:
            yield from _check_ladder(table)
            return
    yield from check_recipe(table)


def without_doubles(tables: Sequence[tuple[str, RecipeTable]]) -> Iterator[tuple[str, RecipeTable]]:
    """The recipes of a file, without the strengths of ladders that another recipe of capsules states for itself."""
    own = {table.strength for _, table in tables if table.available and not isinstance(table, RungTable)}
    return ((where, table) for where, table in tables if not isinstance(table, RungTable) or table.strength not in own)


def listed(formulary: Formulary) -> tuple[Product, ...]:
    """The products as a person goes through them: a ladder once, by its recipe's id and with its ends in its name."""
    found: dict[str, list[Product]] = {}
    for product in formulary.products:
        found.setdefault(product.ladder or product.id, []).append(product)
    return tuple(group[0] if group[0].ladder is None else _as_one(formulary.drug, group) for group in found.values())


def _as_one(drug: str, group: Sequence[Product]) -> Product:
    first, last = group[0], group[-1]
    assert first.ladder is not None
    if first.strength is not None and last.strength is not None:
        ends = f"{mass_words(first.strength)} to {mass_words(last.strength)}"
        name = f"{drug} {ends} compounded {first.form}s, {len(group)} strengths"
    else:
        name = (
            f"{drug} {first.concentration} to {last.concentration} compounded oral {first.form}, {len(group)} strengths"
        )
    return replace(first, id=first.ladder, name=name)


def _rung(table: RecipeTable, strength: Mass | Concentration) -> RungTable:
    first = (table.strengths or table.concentrations)[0]
    own = {
        "id": f"{table.id}-{_suffix(strength)}",
        "strengths": (),
        "concentrations": (),
        "ingredients": tuple(_scaled(table.ingredients, strength.value / first.value)),
        "strength" if isinstance(strength, Mass) else "concentration": strength,
    }
    kept = {field.name: getattr(table, field.name) for field in fields(RecipeTable)}
    return RungTable(**{**kept, **own}, ladder=table.id)


def _suffix(strength: Mass | Concentration) -> str:
    return f"{format_exact(strength.value)}mg{'' if isinstance(strength, Mass) else '-per-ml'}"


def _scaled(ingredients: Iterable[Ingredient], times: Fraction) -> Iterator[Ingredient]:
    """The ingredients for so many times the first strength; the filler is less by what the drug weighs more."""
    parts = tuple(ingredients)
    more = sum((_grams(part) * (times - 1) for part in parts if part.active is not None), Fraction(0))
    for part in parts:
        if part.active is not None:
            yield replace(part, amount=part.amount * times)
        elif part.to_volume and part.unit in _WEIGHED:
            yield replace(part, amount=part.amount - more / _WEIGHED[part.unit])
        else:
            yield part


def _grams(part: Ingredient) -> Fraction:
    """What an ingredient weighs for 100 capsules [g]; of what isn't weighed, nothing is known and nothing gives way."""
    return part.amount * _WEIGHED.get(part.unit, Fraction(0))


def _check_ladder(table: RecipeTable) -> Iterator[Problem]:
    several, one = ("strengths", "strength") if is_capsule(table) else ("concentrations", "concentration")
    other = "concentrations" if is_capsule(table) else "strengths"
    if getattr(table, other):
        yield other, "several", f'remove it; a {table.form} of several strengths has "{several}"'
        return
    if table.strength is not None or table.concentration is not None:
        yield one, f"{several} beside it", "write one of them"
        return
    if table.name is not None:
        yield "name", f'"{table.name}"', "remove it; each strength is named by itself"
    longest = max(len(f"{table.id}-{_suffix(strength)}") for strength in table.strengths or table.concentrations)
    if longest > MOST_ID:
        yield "id", f"{len(table.id)} characters", f"write {longest - MOST_ID} fewer; the strength is put behind it"
    if not any(part.active is not None for part in table.ingredients):
        yield "ingredients", "none with active", "say of one how much drug it holds, so that it can be scaled"
        return
    yield from _check_rungs(table)


def _check_rungs(table: RecipeTable) -> Iterator[Problem]:
    """What is wrong with the recipes of the strengths, of each key the first fault."""
    told: set[str] = set()
    for rung in rungs(table):
        strength = rung.strength if rung.strength is not None else rung.concentration
        if any(part.amount <= 0 for part in rung.ingredients):
            yield "strengths", f"{strength} weighs more than the filler leaves room for", "end at a smaller strength"
            return
        for key, found, remedy in check_recipe(rung):
            if key not in told:
                told.add(key)
                yield key, f"{found} (of {strength})", remedy
