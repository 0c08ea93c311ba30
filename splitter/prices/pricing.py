"""From matched rows to new prices: of each code the newest row, of each pack one price, exact or refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from splitter.formulary import Bottles, Formulary, Loose, Packs, Poured, Product
from splitter.prices.matching import Catalogue, Known, Match
from splitter.prices.records import Change, Matched, NewPrice, Outcome, PriceList, Quote, Refusal
from splitter.quantity import Money, format_exact

_FINEST = Fraction(1, 100_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A row and its product."""

    quote: Quote
    known: Known
    matched: Matched


def price(prices: PriceList, formularies: Sequence[Formulary]) -> Outcome:
    """Match the rows of a list to the products of formularies, and say what each costs by it.

    A price is refused rather than guessed: where rows disagree, where a unit is another, where currencies differ.
    """
    catalogue = Catalogue(formularies)
    matches = [(quote, catalogue.match(quote)) for quote in prices.quotes]
    found = [_Found(quote=quote, known=each, matched=m.matched) for quote, m in matches for each in m.known]
    of_drugs = [(refusal, catalogue.drug_of(refusal.name)) for refusal in prices.refusals]
    refusals = [_refused(quote, match) for quote, match in matches if match.reason is not None]
    refusals += [replace(refusal, drug=drug) for refusal, drug in of_drugs if drug is not None]
    changes: list[Change] = []
    currencies = {formulary.drug: formulary.currency for formulary in formularies}
    for own in _by_product(found):
        changes += _settle(prices, own, currencies[own[0].known.drug], refusals)
    nothing = Match()
    return Outcome(
        file=prices.file,
        publisher=prices.publisher,
        currency=prices.currency,
        rows=prices.rows,
        changes=tuple(changes),
        refusals=tuple(sorted(refusals, key=lambda each: (each.drug or "", each.rows))),
        unrelated=sum(match == nothing for _, match in matches) + sum(drug is None for _, drug in of_drugs),
    )


def prices_of(product: Product) -> tuple[NewPrice, ...]:
    """What a product that is bought costs now, in the order of its file."""
    match product.supply:
        case Loose(price=price) | Poured(price=price):
            return (NewPrice(size=None, price=price),)
        case Packs(sizes=sizes) | Bottles(sizes=sizes):
            return tuple(NewPrice(size=size.content, price=size.price) for size in sizes)
    raise TypeError(f"{product.id} is not bought")


def _by_product(found: Iterable[_Found]) -> Iterator[list[_Found]]:
    """The rows of each product; where some have its code, only these."""
    groups: dict[tuple[str, str], list[_Found]] = {}
    for each in found:
        groups.setdefault((each.known.drug, each.known.product.id), []).append(each)
    for _, group in sorted(groups.items()):
        yield [each for each in group if each.matched is Matched.CODE] or group


def _settle(
    prices: PriceList, found: Sequence[_Found], currency: str | None, refusals: list[Refusal]
) -> Iterator[Change]:
    """The change of one product, if its rows give one; why not goes to `refusals`."""
    known = found[0].known
    unit = _unit(known.product)
    fitting = [each for each in found if each.quote.unit == unit]
    refusals += [_product_refusal(known, [e.quote], _other_unit(e)) for e in found if e.quote.unit != unit]
    if not fitting:
        return
    if currency != prices.currency:
        reason = f"priced in {prices.currency}, its formulary in {currency or 'no stated currency'}; they never mix"
        refusals.append(_product_refusal(known, [each.quote for each in fitting], reason))
        return
    agreed = list(_agreed(known, _newest([each.quote for each in fitting]), refusals))
    new = tuple(price for quotes in agreed for price in _new_prices(known, quotes, refusals))
    if new:
        yield _change(prices, known, fitting[0].matched, agreed, new)


def _change(
    prices: PriceList, known: Known, matched: Matched, agreed: Sequence[list[Quote]], new: tuple[NewPrice, ...]
) -> Change:
    used = [quote for quotes in agreed for quote in quotes]
    bases = ", ".join(dict.fromkeys(quote.basis for quote in used))
    product, seen = known.product, min(quote.seen for quote in used)
    kept = _kept(product, new)
    return Change(
        drug=known.drug,
        product=product.id,
        matched=matched,
        unit=product.unit,
        prices=new,
        kept=kept,
        illustrative=(bool(kept) or isinstance(product.supply, Poured)) and product.illustrative_price,
        before=prices_of(product),
        date=min(seen, product.price_date) if kept and product.price_date else seen,
        source=f"{prices.publisher}, {bases}: {used[0].name}{_as_before(product, kept)}{_containers(product)}",
        name=used[0].name,
        rows=tuple(quote.row for quote in used),
    )


def _kept(product: Product, new: Sequence[NewPrice]) -> tuple[NewPrice, ...]:
    """The sizes of packs or bottles whose price the list doesn't state; they can still be bought."""
    stated = {each.size for each in new}
    return tuple(old for old in prices_of(product) if old.size is not None and old.size not in stated)


def _as_before(product: Product, kept: Sequence[NewPrice]) -> str:
    """What a source must say of the sizes that keep their price."""
    if not kept:
        return ""
    sizes = " and ".join(format_exact(each.size or 1) for each in kept)
    origin = product.price_source or ("an estimate" if product.illustrative_price else "no stated source")
    when = f", {product.price_date}" if product.price_date else ""
    return f"; {sizes} {'mL ' if product.is_liquid else ''}as before ({origin}{when})"


def _containers(product: Product) -> str:
    """What a source must say of what a liquid is poured into, of which no list states the price."""
    poured = isinstance(product.supply, Poured) and product.supply.containers
    return "; the bottles that it is poured into as before" if poured else ""


def _unit(product: Product) -> str:
    return "mL" if product.is_liquid else "each"


def _other_unit(each: _Found) -> str:
    unit = each.quote.unit
    stated = "in a unit that is not known" if unit is None else "for each" if unit == "each" else f"by the {unit}"
    return f"priced {stated}, it is counted in {each.known.product.unit}"


def _newest(quotes: Sequence[Quote]) -> list[Quote]:
    """Of each code and pack the rows with the newest effective date, of these the ones that the list last showed."""
    newest: dict[object, dt.date] = {}
    for quote in quotes:
        key = (quote.codes, quote.size)
        newest[key] = max(quote.effective, newest.get(key, quote.effective))
    current = [quote for quote in quotes if quote.effective == newest[quote.codes, quote.size]]
    last = max(quote.seen for quote in current)
    return [quote for quote in current if quote.seen == last]


def _agreed(known: Known, quotes: Sequence[Quote], refusals: list[Refusal]) -> Iterator[list[Quote]]:
    """The rows of each pack size, if all of them have the same price."""
    sizes: dict[Fraction | None, list[Quote]] = {}
    for quote in quotes:
        sizes.setdefault(quote.size, []).append(quote)
    for size, own in sorted(sizes.items(), key=lambda pair: pair[0] or Fraction(0)):
        distinct = sorted({quote.price for quote in own})
        if len(distinct) == 1:
            yield own
            continue
        pack = "" if size is None else f" of {format_exact(size)}"
        listed = ", ".join(map(str, distinct[:4])) + (", …" if len(distinct) > 4 else "")
        reason = f"{len(distinct)} prices{pack} ({listed}); give the product the code of the one that you buy"
        refusals.append(_product_refusal(known, own, reason))


def _new_prices(known: Known, quotes: list[Quote], refusals: list[Refusal]) -> Iterator[NewPrice]:
    """The price of the rows' pack; one of a unit becomes the price of each size that the product has."""
    size, unit = quotes[0].size, quotes[0].price
    if size is not None and isinstance(known.product.supply, Poured):
        reason = f"a bottle of {format_exact(size)} mL; what is poured has a price for 1 mL"
        refusals.append(_product_refusal(known, quotes, reason))
        return
    if size is not None and (known.product.is_liquid or size.denominator == 1):
        yield NewPrice(size=size, price=unit)
        return
    if size is not None:
        refusals.append(_product_refusal(known, quotes, f"a pack of {format_exact(size)}"))
        return
    new = [(old.size, unit.value * (1 if old.size is None else old.size)) for old in prices_of(known.product)]
    fine = [format_exact(size or 1) for size, exact in new if (exact / _FINEST).denominator != 1]
    if fine:
        reason = f"the price of {', '.join(fine)} would have more than five decimals"
        refusals.append(_product_refusal(known, quotes, reason))
        return
    yield from (NewPrice(size=size, price=Money(exact)) for size, exact in new)


def _refused(quote: Quote, match: Match) -> Refusal:
    return Refusal(rows=(quote.row,), name=quote.name, reason=match.reason or "", drug=match.drug)


def _product_refusal(known: Known, quotes: Sequence[Quote], reason: str) -> Refusal:
    rows = tuple(quote.row for quote in quotes)
    return Refusal(rows=rows, name=quotes[0].name, reason=reason, drug=known.drug, product=known.product.id)
