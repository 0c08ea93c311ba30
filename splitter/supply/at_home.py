"""What days take from home, and what is left for the pharmacy to supply.

Of counted units the first whole pieces come from whole units at home, the first fragments from fragments of their size;
nothing at home is cut. A lot at home serves each whole day from the first on, until its last day is past or what is
left of it doesn't suffice for a day; the rest is waste.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from splitter.formulary import Product
from splitter.problem import Home
from splitter.supply.lots import Use


@dataclass(frozen=True, slots=True, kw_only=True)
class FromHome:
    """What was taken from home: pieces and volume, and the last day (from 0) on which any was, None: never."""

    use: Use = Use()
    last_day: int | None = None


def shared(product: Product, home: Home | None, daily: Sequence[Use]) -> tuple[list[Use], FromHome]:
    """(what each day needs from the pharmacy, what all days take from home)."""
    if home is None:
        return list(daily), FromHome()
    served = _of_lot(home, daily) if product.has_lots else _of_units(home, daily)
    days = [day for day, use in enumerate(served) if use.total]
    total = sum(served, Use())
    return [_less(use, taken) for use, taken in zip(daily, served, strict=True)], FromHome(
        use=total, last_day=days[-1] if days else None
    )


def _of_units(home: Home, daily: Sequence[Use]) -> list[Use]:
    """What each day takes of counted units and fragments."""
    whole, fragments = home.whole, home.fragments
    served = []
    for use in daily:
        taken = min(use.whole, whole)
        pieces = min(int(use.broken / home.size), fragments) if home.size else 0
        whole, fragments = whole - taken, fragments - pieces
        served.append(Use(whole=taken, broken=pieces * home.size))
    return served


def _of_lot(home: Home, daily: Sequence[Use]) -> list[Use]:
    """What each day takes of an open lot: all of its use, or nothing from the first day on that it can't serve."""
    left = home.whole + home.volume
    served = []
    for day, use in enumerate(daily):
        if use.total > left or (home.last_day is not None and day > home.last_day):
            left = Fraction(0)
        taken = use if use.total <= left else Use()
        left -= taken.total
        served.append(taken)
    return served


def _less(use: Use, taken: Use) -> Use:
    return Use(whole=use.whole - taken.whole, broken=use.broken - taken.broken, volume=use.volume - taken.volume)
