"""How a compounded item is divided into batches, and what is weighed for the triturations of each."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil

from splitter.bounds import MOST_BATCHES
from splitter.formulary import Batch, Dilution, Ingredient
from splitter.plan import Item, Trituration
from splitter.prescription import Compounding

_MG = {"mg": 1, "g": 1000}
_HUNDRED = 100  # ingredients are stated for 100 mL or 100 capsules


def batch_sizes(quantity: Fraction, batches: int, step: Fraction) -> tuple[Fraction, ...]:
    """The size of each batch, as even as whole steps allow, larger first.

    >>> [int(size) for size in batch_sizes(Fraction(214), 3, Fraction(1))]
    [72, 71, 71]
    """
    each, more = divmod(int(quantity / step), batches)
    return tuple((each + (place < more)) * step for place in range(batches))


def triturations(item: Item, batch: Batch, balance: Compounding) -> tuple[Trituration, ...]:
    """What is weighed for each ingredient of each of the item's batches that is a trituration."""
    return tuple(_triturations(item, batch, balance))


def _triturations(item: Item, batch: Batch, balance: Compounding) -> Iterator[Trituration]:
    diluted = any(part.dilution is not None for part in batch.ingredients)
    if not diluted or (item.batches or 1) > MOST_BATCHES:  # a plan of so many is refused
        return
    for place, size in enumerate(batch_sizes(item.quantity, item.batches or 1, batch.step), 1):
        for part in batch.ingredients:
            if part.dilution is not None:
                yield _trituration(place, part, part.dilution, part.amount * size / _HUNDRED, balance)


def _trituration(
    place: int, part: Ingredient, dilution: Dilution, amount: Fraction, balance: Compounding
) -> Trituration:
    """The least that is enough and can be weighed: powder and diluent both in whole readings of the balance.

    So the proportion is exact. With a powder of n in d parts, in lowest terms, n and d - n readings are the smallest
    amounts that can be weighed in it, and what is made is a whole multiple of these.
    """
    read, least = balance.balance_readability.value, balance.balance_minimum.value
    share = dilution.part / dilution.whole
    powder, diluent = share.numerator * read, (share.denominator - share.numerator) * read
    needed = amount * _MG[part.unit]
    times = ceil(max(needed / (powder + diluent), least / powder, least / diluent))
    return Trituration(
        batch=place,
        ingredient=part.name,
        needed_mg=needed,
        powder_mg=times * powder,
        diluent_mg=times * diluent,
        total_mg=times * (powder + diluent),
    )
