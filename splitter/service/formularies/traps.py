"""What has been confused, or could be, among the products of one drug: said wherever its formulary is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from splitter.formulary import CONFUSABLE, Formulary, Product


def traps(formulary: Formulary) -> tuple[str, ...]:
    """Each as a sentence."""
    products = formulary.products
    return (
        *_salt(formulary),
        *_families(products),
        *_look_alikes(products),
        *_scores(products),
        *_storage(products),
        *_whole(products),
    )


def _salt(formulary: Formulary) -> Iterator[str]:
    if formulary.salt is not None:
        yield f"All strengths are of {formulary.salt}."
    for product in formulary.products:
        if product.salt not in (None, formulary.salt):
            yield f"The strength of {product.id} is of {product.salt}."


def _families(products: Sequence[Product]) -> Iterator[str]:
    families = sorted({product.family for product in products if product.family is not None})
    if len(families) > 1:
        yield f"Products of different families never go into one plan: {', '.join(families)}."


def _look_alikes(products: Sequence[Product]) -> Iterator[str]:
    liquids = [product for product in products if product.concentration is not None]
    strengths = sorted({product.concentration for product in liquids if product.concentration is not None})
    for low, high in combinations(strengths, 2):
        if high.value / low.value in CONFUSABLE:
            alike = ", ".join(product.id for product in liquids if product.concentration in (low, high))
            yield f"{low} and {high} are easily taken for each other: {alike}."


def _scores(products: Sequence[Product]) -> Iterator[str]:
    """Tablets of one strength whose scores differ by their maker."""
    whole = [product for product in products if product.strength is not None and not product.do_not_split]
    for strength in sorted({product.strength for product in whole if product.strength is not None}):
        own = [product for product in whole if product.strength == strength and not product.is_compounded]
        if len({product.pieces for product in own}) > 1:
            listed = ", ".join(f"{product.id} into {product.pieces}" for product in own)
            yield f"The score of {strength} differs by maker: {listed}."


def _storage(products: Sequence[Product]) -> Iterator[str]:
    """Compounded liquids of one strength that are kept differently."""
    made = [product for product in products if product.is_compounded and product.concentration is not None]
    for strength in sorted({product.concentration for product in made if product.concentration is not None}):
        own = [product for product in made if product.concentration == strength]
        if len({product.storage for product in own}) > 1:
            listed = ", ".join(f"{product.id} at {product.storage}" for product in own)
            yield f"What is compounded at {strength} is kept by its vehicle: {listed}."


def _whole(products: Sequence[Product]) -> Iterator[str]:
    reasons = dict.fromkeys(p.do_not_split_reason for p in products if p.do_not_split_reason is not None)
    for reason in reasons:
        own = [product.id for product in products if product.do_not_split_reason == reason]
        yield f"Never split, {reason}: {', '.join(own)}."
