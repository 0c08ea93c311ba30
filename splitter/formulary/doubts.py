"""What may be wrong with a formulary though it can be read: strengths, prices and recipes that look like slips.

The thresholds are this program's own: five and ten are the factors of the confusions that ISMP reports (5 mg/mL for
5 mg/5 mL, a decimal point that slipped); twenty is beyond what strengths of one drug differ in price by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from splitter.formulary.facts import Certainty
from splitter.formulary.recipes import Batch, Ingredient
from splitter.formulary.records import Bottles, Form, Formulary, Loose, Packs, Poured, Product
from splitter.formulary.strengths import listed
from splitter.quantity import format_exact
from splitter.units import ReadError, parse_mass

FAR = 5
CONFUSABLE = (5, 10, 20)
"""How many times stronger a liquid is that is taken for another: 5 mg/mL for 5 mg/5 mL, 20 mg/mL for 2 mg/mL, and
100 mg/5 mL for 5 mg/5 mL, which is how both liquids of oxycodone are labelled."""
_SLIPS = (5, 10)
DEAR = 20
_BESIDE = 2  # so that one slip does not make its neighbours doubtful
_PER = 100  # ingredients are stated for 100 mL or 100 capsules
_DILUTED = re.compile(r"\btriturat|\b1 in [0-9]", re.IGNORECASE)
_MASS = re.compile(r"[0-9][0-9.]* (?:mg|mcg|g)\b(?!/)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A fact to look at again: of which product, under which key of its table, and why."""

    product: str
    key: str
    message: str


def doubts(formulary: Formulary) -> tuple[Doubt, ...]:
    """Everything doubtful of a formulary, product by product."""
    once = listed(formulary)
    found = (*_strengths(once), *_concentrations(once), *_prices(once))
    every = (
        *found,
        *(doubt for product in once for doubt in (*_recipe(product), *_triturations(product))),
    )
    places = {product.id: place for place, product in enumerate(once)}
    return tuple(sorted(every, key=lambda doubt: places[doubt.product]))


def changed_prices(before: Formulary, after: Formulary) -> tuple[Doubt, ...]:
    """Prices that are far from those that they take the place of, by unit: a decimal point may have slipped."""
    return tuple(_changed_prices({product.id: product for product in before.products}, after.products))


def _changed_prices(before: Mapping[str, Product], products: Sequence[Product]) -> Iterator[Doubt]:
    for product in products:
        old, new = before.get(product.id), _price(product)
        was = None if old is None else _price(old)
        if old is None or not was or not new or _ratio(was, new) < DEAR:
            continue
        how = "more" if new > was else "less"
        stood = "the estimate in force" if old.illustrative_price else "what is in force"
        message = f"a {product.unit} costs {how} than by {stood}, by a factor of {_times(_ratio(was, new))}"
        yield Doubt(product=product.id, key=_price_key(product), message=message)


def _strengths(products: Sequence[Product]) -> Iterator[Doubt]:
    """A unit that is far from every other one of its form: a decimal point may have slipped."""
    for product in products:
        others = [other for other in products if other is not product and other.form is product.form]
        ratios = [(_ratio(_content(product), _content(other)), other) for other in others if not other.is_liquid]
        if product.is_liquid or product.is_compounded or not ratios:
            continue
        least, nearest = min(ratios, key=lambda pair: pair[0])
        if least >= FAR and not _is_certain(product):
            beside = f"its nearest, {nearest.strength} ({nearest.id})"
            message = f"{product.strength} is a factor of {_times(least)} from {beside}"
            yield Doubt(product=product.id, key="strength", message=message)


def _concentrations(products: Sequence[Product]) -> Iterator[Doubt]:
    """A marketed liquid that is exactly five or ten times another: 5 mg/mL may be meant for 5 mg/5 mL."""
    liquids = [product for product in products if product.is_liquid and not product.is_compounded]
    for product in liquids:
        for other in liquids:
            ratio = _ratio(_content(product), _content(other))
            if ratio in _SLIPS and not _is_certain(product):
                message = f"{product.concentration} is a factor of {ratio} from {other.concentration} ({other.id})"
                yield Doubt(product=product.id, key="concentration", message=message)


def _prices(products: Sequence[Product]) -> Iterator[Doubt]:
    """A price per mg that is far from those of the two next strengths of its kind; estimates don't count."""
    kinds: dict[object, list[Product]] = {}
    for product in products:
        if not product.illustrative_price and _price(product) is not None:
            kind = (product.is_liquid, product.form, product.do_not_split_reason, product.salt)
            kinds.setdefault(kind, []).append(product)
    for own in kinds.values():
        ordered = sorted(own, key=_content)
        for place, product in enumerate(ordered):
            first = max(0, min(place - 1, len(ordered) - _BESIDE - 1))
            beside = [other for other in ordered[first : first + _BESIDE + 1] if other is not product]
            yield from _price_doubt(product, beside)


def _price_doubt(product: Product, beside: Sequence[Product]) -> Iterator[Doubt]:
    factors = [_ratio(_per_mg(product), _per_mg(other)) for other in beside]
    if factors and min(factors) >= DEAR:
        how = "more" if _per_mg(product) > _per_mg(beside[0]) else "less"
        listed = " and ".join(other.id for other in beside)
        message = f"a mg costs {how} than that of {listed}, by a factor of {_times(min(factors))}"
        yield Doubt(product=product.id, key=_price_key(product), message=message)


def _triturations(product: Product) -> Iterator[Doubt]:
    """An ingredient that its name calls a trituration, and nothing says how it is made."""
    for part in product.supply.ingredients if isinstance(product.supply, Batch) else ():
        if part.dilution is None and _DILUTED.search(part.name):
            message = f"{part.name}: nothing says of what it is made; add dilution, powder and diluent"
            yield Doubt(product=product.id, key="ingredients", message=message)


def _recipe(product: Product) -> Iterator[Doubt]:
    """A recipe whose ingredients don't say how much drug they hold; where their names do, that is added up."""
    supply = product.supply
    if not isinstance(supply, Batch) or any(part.active is not None for part in supply.ingredients):
        return
    named = sum((_named_mg(part) for part in supply.ingredients), Fraction(0))
    needed = _content(product) * _PER
    unit = "capsules" if product.form is Form.CAPSULE else "mL"
    if not named:
        message = "no ingredient says how much drug it holds (active), so the arithmetic can't be checked"
        yield Doubt(product=product.id, key="ingredients", message=message)
    elif named != needed:
        stated = f"{format_exact(named)} mg of drug by the ingredients' names"
        message = f"{stated}, where {_PER} {unit} need {format_exact(needed)} mg"
        yield Doubt(product=product.id, key="ingredients", message=message)


def _named_mg(part: Ingredient) -> Fraction:
    """The drug in an ingredient that is counted in units of the mass that its name states [mg]."""
    found = _MASS.findall(part.name)
    if len(found) != 1 or part.unit not in ("tablet", "capsule"):
        return Fraction(0)
    try:
        return parse_mass(found[0]).value * part.amount
    except ReadError:
        return Fraction(0)


def _content(product: Product) -> Fraction:
    """The drug in one unit or mL [mg]."""
    measure = product.strength or product.concentration
    return measure.value if measure else Fraction(0)


def _price(product: Product) -> Fraction | None:
    """The least price of one unit or mL; None for what is free or compounded."""
    match product.supply:
        case Loose(price=price) | Poured(price=price):
            return price.value or None
        case Packs(sizes=sizes) | Bottles(sizes=sizes):
            return min(size.price.value / size.content for size in sizes) or None
    return None


def _per_mg(product: Product) -> Fraction:
    return (_price(product) or Fraction(0)) / _content(product)


def _price_key(product: Product) -> str:
    match product.supply:
        case Packs():
            return "packs"
        case Bottles():
            return "bottles"
        case Poured():
            return "poured"
    return "price"


def _ratio(one: Fraction, other: Fraction) -> Fraction:
    return max(one, other) / min(one, other)


def _times(ratio: Fraction) -> str:
    """A ratio as people say it, in whole numbers."""
    return str(round(ratio))


def _is_certain(product: Product) -> bool:
    return product.provenance is not None and product.provenance.certainty is Certainty.LABEL
