"""From matched rows to new prices: of each code the newest row, of each pack one price, exact or refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from splitter.formulary import Bottles, Formulary, Loose, Packs, Product
from splitter.prices.matching import Known, Match, Shelf
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
    shelf = Shelf(formularies)
    matches = [(quote, shelf.match(quote)) for quote in prices.quotes]
    found = [_Found(quote=quote, known=m.known, matched=m.matched) for quote, m in matches if m.known is not None]
    of_drugs = [(refusal, shelf.drug_of(refusal.name)) for refusal in prices.refusals]
    refusals = [_refused(quote, match) for quote, match in matches if match.reason is not None]
    refusals += [_about(refusal, drug) for refusal, drug in of_drugs if drug is not None]
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
        refusals=tuple(sorted(refusals, key=lambda each: (each.drug or "", each.row or 0))),
        unrelated=sum(match == nothing for _, match in matches) + sum(drug is None for _, drug in of_drugs),
    )


def prices_of(product: Product) -> tuple[NewPrice, ...]:
    """What a product that is bought costs now, in the order of its file."""
    match product.supply:
        case Loose(price=price):
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
    fitting = [each for each in found if each.quote.unit == _unit(known.product)]
    refusals += [_product_refusal(known, each.quote, _other_unit(each)) for each in found if each not in fitting]
    if not fitting:
        return
    if currency != prices.currency:
        reason = f"priced in {prices.currency}, its formulary in {currency or 'no stated currency'}"
        refusals.append(_product_refusal(known, fitting[0].quote, reason))
        return
    agreed = list(_agreed(known, _newest([each.quote for each in fitting]), refusals))
    new = tuple(_new_prices(known, agreed, refusals))
    if new:
        yield _change(prices, known, fitting[0].matched, agreed, new)


def _change(
    prices: PriceList, known: Known, matched: Matched, agreed: Sequence[Quote], new: tuple[NewPrice, ...]
) -> Change:
    bases = ", ".join(dict.fromkeys(quote.basis for quote in agreed))
    return Change(
        drug=known.drug,
        product=known.product.id,
        matched=matched,
        unit=known.product.unit,
        prices=new,
        before=prices_of(known.product),
        date=min(quote.seen for quote in agreed),
        source=f"{prices.publisher}, {bases}: {agreed[0].name}",
        name=agreed[0].name,
        rows=tuple(quote.row for quote in agreed),
    )


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


def _agreed(known: Known, quotes: Sequence[Quote], refusals: list[Refusal]) -> Iterator[Quote]:
    """Of each pack size the first row, if all its rows have the same price."""
    sizes: dict[Fraction | None, list[Quote]] = {}
    for quote in quotes:
        sizes.setdefault(quote.size, []).append(quote)
    for size, own in sorted(sizes.items(), key=lambda pair: pair[0] or Fraction(0)):
        distinct = sorted({quote.price for quote in own})
        if len(distinct) == 1:
            yield own[0]
            continue
        pack = "" if size is None else f" of {format_exact(size)}"
        listed = ", ".join(map(str, distinct[:4])) + (", …" if len(distinct) > 4 else "")
        reason = f"{len(distinct)} prices{pack} in {len(own)} rows ({listed}); give the product the code of yours"
        refusals.append(_product_refusal(known, own[0], reason))


def _new_prices(known: Known, agreed: Sequence[Quote], refusals: list[Refusal]) -> Iterator[NewPrice]:
    for quote in agreed:
        if quote.size is not None:
            yield NewPrice(size=quote.size, price=quote.price)
            continue
        for before in prices_of(known.product):
            exact = quote.price.value * (1 if before.size is None else before.size)
            if (exact / _FINEST).denominator == 1:
                yield NewPrice(size=before.size, price=Money(exact))
                continue
            reason = f"the price of {format_exact(before.size or 1)} has more than five decimals"
            refusals.append(_product_refusal(known, quote, reason))


def _refused(quote: Quote, match: Match) -> Refusal:
    return Refusal(row=quote.row, name=quote.name, reason=match.reason or "", drug=match.drug)


def _about(refusal: Refusal, drug: str) -> Refusal:
    return Refusal(row=refusal.row, name=refusal.name, reason=refusal.reason, drug=drug)


def _product_refusal(known: Known, quote: Quote, reason: str) -> Refusal:
    return Refusal(row=quote.row, name=quote.name, reason=reason, drug=known.drug, product=known.product.id)
