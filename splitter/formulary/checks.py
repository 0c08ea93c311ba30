"""What a formulary file must mean beyond its types; each function yields key, what was found, remedy.

A table may have keys that can't be read (`codec.partial`): a rule that needs one of them is passed over, others hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import TypeVar

from splitter.bounds import MOST_PRODUCTS, MOST_SIZES
from splitter.codec import UnreadError
from splitter.formulary.codes import billing_code
from splitter.formulary.facts import Certainty
from splitter.formulary.recipes import Category, Dilution, Ingredient
from splitter.formulary.records import Form
from splitter.formulary.tables import (
    Head,
    LiquidTable,
    ProductTable,
    RecipeTable,
    TabletTable,
    UnitTable,
    VolumeOrCount,
)
from splitter.quantity import Mass, Volume, format_exact
from splitter.units import quoted

Problem = tuple[str, str, str]
Table = TypeVar("Table")

COLD = "2 to 8 °C"
"""How the storage of what must be refrigerated is written."""

_PER = 100  # ingredients are stated for 100 mL or 100 capsules
_MISWRITTEN = {
    "mL": "ml cc cm3 millilitre millilitres milliliter milliliters",
    "g": "gm gms gram grams",
    "mg": "mgs milligram milligrams",
    "mcg": "ug µg μg microgram micrograms",
    "tablet": "tab tabs tablets",
    "capsule": "cap caps capsules",
}
"""Units of ingredients as people write them; by the unit as it should be, it is weighed, measured or counted."""
_UNIT_OF = {word: unit for unit, words in _MISWRITTEN.items() for word in (unit.casefold(), *words.split())}
_AMOUNTS = (("step", "step"), ("min", "minimum"), ("max", "maximum"))
"""The keys of a batch's amounts and their fields."""
_WEIGHED = {"g": 1000, "mg": 1}
_COUNTED = ("tablet", "capsule", "packet")
_LIQUID_FORMS = (Form.SUSPENSION, Form.SOLUTION)


def check_tablet(table: TabletTable) -> Iterator[Problem]:
    """A tablet: counted, and its score known."""
    yield from _each(table, check_unit, _check_score)


def check_unit(table: UnitTable) -> Iterator[Problem]:
    """A tablet, capsule or packet: counted loose or in packs."""
    yield from _each(table, _check_price, _check_packs)


def check_liquid(table: LiquidTable) -> Iterator[Problem]:
    """A marketed liquid: bottles of distinct sizes, or poured."""
    yield from _each(table, _check_handing, _check_bottles, _check_poured, _check_liquid_form)


def check_recipe(table: RecipeTable) -> Iterator[Problem]:
    """A recipe: its form, its amounts, and the arithmetic of its ingredients."""
    wrong = list(_each(table, _check_form))
    yield from wrong
    yield from _each(table, _check_units)
    if wrong:
        return
    yield from _each(
        table, _check_strength, _check_triturations, _check_keeping, _check_volume, _check_amounts, _check_containers
    )
    yield from _each(table, _check_order, _check_whole_units, _check_active)


def check_salts(head: Head, tables: Sequence[tuple[str, ProductTable]]) -> Iterator[Problem]:
    """The whole file: strengths of one salt, or all of the drug itself, since doses are added up."""
    for where, table in tables:
        with suppress(UnreadError):
            if table.salt is not None and table.salt != head.salt:
                found = f'"{table.salt}", where the other strengths are of {head.salt or head.drug}'
                yield f"{where}.salt", found, "state the strength on the same basis, or give the salt a file of its own"


def check_codes(tables: Sequence[tuple[str, ProductTable]], named: Callable[[str, str], str]) -> Iterator[Problem]:
    """The whole file: a package's code belongs to one product. `named` names a place to people."""
    owners: dict[str, str] = {}
    for where, table in tables:
        for key in ("ndc", "dmd"):
            for i, code in enumerate(_codes(table, key)):
                if code in owners:
                    found = f"{code}, which {named(owners[code], 'has too')}"
                    yield f"{where}.{key}[{i}]", found, "give each code to one product, once"
                owners.setdefault(code, where)


def check_ids(ids: Sequence[tuple[str, object]], named: Callable[[str, str], str]) -> Iterator[Problem]:
    """The whole file: not too many products, each id once. The ids are as they stand there, with their places."""
    if len(ids) > MOST_PRODUCTS:
        yield ids[MOST_PRODUCTS][0], f"{len(ids)} products", f"list at most {MOST_PRODUCTS}"
    seen: dict[str, str] = {}
    for where, name in ids:
        if not isinstance(name, str):
            continue
        if name in seen:
            yield f"{where}.id", f"{quoted(name)}, which {named(seen[name], 'has too')}", "give each product its own id"
        seen.setdefault(name, where)


def is_capsule(table: RecipeTable) -> bool:
    return table.form is Form.CAPSULE


def amount(stated: VolumeOrCount | None) -> Fraction | None:
    """A stated amount as a number [mL, or capsules]."""
    return stated.value if isinstance(stated, Volume) else None if stated is None else Fraction(stated)


def step_of(table: RecipeTable) -> Fraction:
    """What batches are multiples of [mL, or capsules]; 1 where the file says nothing."""
    return amount(table.step) or Fraction(1)


def _each(table: Table, *rules: Callable[[Table], Iterator[Problem]]) -> Iterator[Problem]:
    """What the rules find, each as far as the keys that it needs could be read."""
    for rule in rules:
        with suppress(UnreadError):
            yield from rule(table)


def _codes(table: ProductTable, key: str) -> tuple[str, ...]:
    """The codes of a table, comparable; none where they can't be read."""
    with suppress(UnreadError):
        return tuple(map(billing_code, table.ndc)) if key == "ndc" else table.dmd
    return ()


def _check_price(table: UnitTable) -> Iterator[Problem]:
    if (table.price is None) == (table.packs is None):
        found = "both price and packs" if table.packs is not None else "neither price nor packs"
        yield "price", found, "write one of them"


def _check_packs(table: UnitTable) -> Iterator[Problem]:
    if table.packs is not None:
        yield from _check_sizes("packs", [pack.count for pack in table.packs], required=True)


def _check_handing(table: LiquidTable) -> Iterator[Problem]:
    """In bottles or poured, never both; what says how long it keeps belongs to one of them."""
    if (table.bottles is None) == (table.poured is None):
        found = "both bottles and poured" if table.poured is not None else "neither bottles nor poured"
        yield "bottles", found, "write one of them"
        return
    if table.poured is not None and table.in_use is not None:
        yield "in_use", "poured beside it", 'remove it; how long a poured liquid lasts is "keeps"'
    if table.poured is None and table.keeps is not None:
        yield "keeps", "bottles beside it", 'remove it; how long a bottle lasts after opening is "in_use"'


def _check_bottles(table: LiquidTable) -> Iterator[Problem]:
    if table.bottles is not None:
        yield from _check_sizes("bottles", [bottle.volume.value for bottle in table.bottles], required=True)


def _check_poured(table: LiquidTable) -> Iterator[Problem]:
    """What is repackaged always has a last day."""
    if table.poured is not None:
        yield from _check_sizes("poured.containers", [each.volume.value for each in table.poured.containers])
        if table.keeps is None:
            yield "keeps", "nothing", "add how long it lasts from the day it is poured"


def _check_liquid_form(table: LiquidTable) -> Iterator[Problem]:
    if table.form is not None and table.form not in _LIQUID_FORMS:
        yield "form", f'"{table.form}"', 'write "suspension" or "solution"'


def _check_form(table: RecipeTable) -> Iterator[Problem]:
    if table.form not in (*_LIQUID_FORMS, Form.CAPSULE):
        yield "form", f'"{table.form}"', 'write "suspension", "solution" or "capsule"'


def _check_strength(table: RecipeTable) -> Iterator[Problem]:
    strength, other = ("strength", "concentration") if is_capsule(table) else ("concentration", "strength")
    if getattr(table, strength) is None:
        yield strength, "nothing", f'add "{strength}" for a {table.form}'
    if getattr(table, other) is not None:
        yield other, str(getattr(table, other)), f"remove it; a {table.form} has a {strength}"
    if not table.ingredients:
        yield "ingredients", "an empty list", "list what it is made of"


def _check_score(table: TabletTable) -> Iterator[Problem]:
    """A score that is said to be known from anything but the label is none."""
    sure = table.certainty if table.score_certainty is None else table.score_certainty
    if table.pieces > 1 and sure not in (None, Certainty.LABEL):
        found = f"{table.pieces}, with a score that is {sure}"
        yield "pieces", found, 'write 1 until the score was seen on a label, then score_certainty = "label"'


def _check_keeping(table: RecipeTable) -> Iterator[Problem]:
    """How long it keeps is stated, or follows from its category."""
    if table.category is None:
        if table.beyond_use is None:
            yield "beyond_use", "nothing", 'add "beyond_use", or "category" to have it computed'
        for key, given in (("monograph", table.monograph), ("published", table.published)):
            if given:
                yield key, "no category beside it", "add the category, so that the beyond-use date is computed"
        return
    if (table.category is Category.SOLID) != is_capsule(table):
        yield "category", f'"{table.category}" for a {table.form}', "write the category of this form"
    for i, study in enumerate(table.published):
        if study.vehicle != table.vehicle:
            remedy = "write the recipe's own vehicle, word for word; another vehicle is another recipe"
            yield f"published[{i}].vehicle", f'"{study.vehicle}"', remedy
    if table.category is Category.AQUEOUS and table.storage != COLD:
        yield "storage", table.storage or "nothing", f'write "{COLD}"; without preservative it must be refrigerated'


def _check_units(table: RecipeTable) -> Iterator[Problem]:
    """A unit that is only miswritten would be counted, though it should be weighed or measured."""
    for i, part in enumerate(table.ingredients):
        unit = _UNIT_OF.get(part.unit.casefold(), part.unit)
        if part.unit != unit:
            yield f"ingredients[{i}].unit", quoted(part.unit), f'write "{unit}"'


def _check_triturations(table: RecipeTable) -> Iterator[Problem]:
    """Who makes a trituration must be told of what, and what is said of its drug must follow from it."""
    for i, part in enumerate(table.ingredients):
        for key, found, remedy in _check_trituration(part):
            yield f"ingredients[{i}].{key}", found, remedy


def _check_trituration(part: Ingredient) -> Iterator[Problem]:
    if part.dilution is None:
        for key in ("powder", "diluent", "salt_factor"):
            if getattr(part, key) is not None:
                yield key, "no dilution beside it", 'add how it is diluted, such as dilution = "1 in 10"'
        return
    for key, what in (("powder", "the powder that is diluted"), ("diluent", "what it is diluted with")):
        if getattr(part, key) is None:
            yield key, "nothing beside a dilution", f"name {what}"
    if part.to_volume:
        yield "to_volume", "true beside a dilution", "leave it out; what fills up holds no drug"
    if part.unit not in _WEIGHED:
        yield "unit", f"{quoted(part.unit)} of a trituration", 'write "g" or "mg"; it is weighed'
    else:
        yield from _check_diluted(part, part.dilution, _WEIGHED[part.unit])


def _check_diluted(part: Ingredient, dilution: Dilution, unit_mg: int) -> Iterator[Problem]:
    """The drug in one unit is the powder in it, over the salt factor; the parts are such as a balance can weigh."""
    factor = part.salt_factor or Fraction(1)
    share = dilution.part / dilution.whole
    words = f"{format_exact(dilution.part)} in {format_exact(dilution.whole)}"
    if factor < 1:
        yield "salt_factor", format_exact(factor), "write the mass of powder that holds 1 of the drug, at least 1"
    if share.numerator > _PER:
        yield "dilution", words, f"write parts that are in the ratio of whole numbers up to {_PER}, such as 1 in 10"
    due = Mass(unit_mg * share / factor)
    if part.active is None or part.active != due:
        found = "nothing" if part.active is None else str(part.active)
        of = f" of powder with a salt factor of {format_exact(factor)}" if part.salt_factor else ""
        holds = f"1 {part.unit} holds {due} at {words}{of}"
        yield (
            "active",
            found,
            f"{holds}: choose parts that give a decimal" if "/" in f"{due}" else f"write {due}; {holds}",
        )


def _check_volume(table: RecipeTable) -> Iterator[Problem]:
    """What fills up: one ingredient. A liquid's by mL, enough with the others and no more than the whole; a capsule's
    is a powder, of which the capsules take what they hold."""
    filling = [(f"ingredients[{i}]", part) for i, part in enumerate(table.ingredients) if part.to_volume]
    for where, part in filling:
        found = f"{format_exact(part.amount)} {part.unit} to volume"
        if is_capsule(table) and part.unit not in ("g", "mg"):
            yield where, found, "write the powder that fills the capsules in g or mg"
        elif not is_capsule(table) and (part.unit != "mL" or part.amount > _PER):
            yield where, found, f"write at most {_PER} mL"
    if len(filling) > 1:
        yield "ingredients", f"{len(filling)} to volume", "mark one; the others have their amounts"
    elif filling and not is_capsule(table):
        volume = sum(part.amount for part in table.ingredients if part.unit == "mL")
        if volume < _PER:
            found = f"{format_exact(volume)} mL in all, to fill {_PER} mL"
            yield "ingredients", found, "list enough to reach the final volume"


def _check_sizes(key: str, sizes: Sequence[Fraction | int], *, required: bool = False) -> Iterator[Problem]:
    if required and not sizes:
        yield key, "an empty list", "list at least one size"
    if len(sizes) > MOST_SIZES:
        yield key, f"{len(sizes)} sizes", f"list at most {MOST_SIZES}"
    for size in sorted({size for size in sizes if sizes.count(size) > 1}):
        yield key, f"the size {format_exact(size)} twice", "list each size once"


def _fits(table: RecipeTable, stated: VolumeOrCount | None) -> bool:
    """Whether an amount is of the form's kind: a volume for a liquid, a count for capsules."""
    return stated is None or isinstance(stated, int if is_capsule(table) else Volume)


def _remedy(table: RecipeTable) -> str:
    return "write a whole number of capsules" if is_capsule(table) else 'write a volume such as "30 mL"'


def _check_amounts(table: RecipeTable) -> Iterator[Problem]:
    for key, name in _AMOUNTS:
        with suppress(UnreadError):
            stated = getattr(table, name)
            if not _fits(table, stated):
                yield key, str(stated), _remedy(table)


def _check_containers(table: RecipeTable) -> Iterator[Problem]:
    for i, container in enumerate(table.containers):
        own, foreign = (container.count, container.volume) if is_capsule(table) else (container.volume, container.count)
        if own is None or foreign is not None:
            yield f"containers[{i}]", "another kind of size", _remedy(table)
    sizes = [c.count if c.volume is None else c.volume.value for c in table.containers]
    yield from _check_sizes("containers", [size for size in sizes if size is not None])


def _check_order(table: RecipeTable) -> Iterator[Problem]:
    if not all(_fits(table, getattr(table, name)) for _, name in _AMOUNTS):
        return
    smallest = max(step_of(table), amount(table.minimum) or Fraction(0))
    largest = amount(table.maximum)
    if largest is not None and smallest > largest:
        yield "max", format_exact(largest), f"write at least min and step, {format_exact(smallest)}"
    else:
        yield from _check_multiples(table)


def _check_multiples(table: RecipeTable) -> Iterator[Problem]:
    """Batches are whole steps, as even as these allow: with other limits, one could be outside them."""
    step = step_of(table)
    for key, stated, up in (("min", amount(table.minimum), 1), ("max", amount(table.maximum), 0)):
        if stated is not None and (stated / step).denominator != 1:
            nearest = (stated // step + up) * step
            unit = "" if is_capsule(table) else " mL"
            found = f"{format_exact(stated)}{unit}, no multiple of step, {format_exact(step)}{unit}"
            yield key, found, f"write a multiple of step, such as {format_exact(nearest)}{unit}"


def _check_whole_units(table: RecipeTable) -> Iterator[Problem]:
    """A batch that starts from tablets or capsules takes whole ones, so each step of it must."""
    if not _fits(table, table.step):
        return
    for i, ingredient in enumerate(table.ingredients):
        units = ingredient.amount * step_of(table) / _PER
        if ingredient.unit in _COUNTED and units.denominator != 1:
            found = f"{format_exact(units)} {ingredient.unit}s for one step of {format_exact(step_of(table))}"
            yield f"ingredients[{i}]", found, f"choose a step that takes whole {ingredient.unit}s"


def _check_active(table: RecipeTable) -> Iterator[Problem]:
    """Where the ingredients say how much drug they hold, it adds up to what the product is said to hold."""
    stated = [ingredient for ingredient in table.ingredients if ingredient.active is not None]
    in_1_ml = Mass(table.concentration.value) if table.concentration else None
    per_unit = table.strength if is_capsule(table) else in_1_ml
    if not stated or per_unit is None:
        return
    added = sum(((i.active or Mass(Fraction(0))) * i.amount for i in stated), Mass(Fraction(0)))
    if added != per_unit * _PER:
        unit = "capsules" if is_capsule(table) else "mL"
        yield "ingredients", f"{added} of drug for {_PER} {unit}", f"make it {per_unit * _PER}"
