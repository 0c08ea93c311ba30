"""The cheapest packs, bottles or containers that hold a need."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm

from splitter.bounds import MOST_FILLED
from splitter.errors import Fault, InputError
from splitter.formulary import Size
from splitter.plan import Part
from splitter.quantity import ceiling, format_exact


class CoverTable:
    """The best cover of each need by a set of sizes: cheapest, then fewest parts, then least content.

    f(r) = min over sizes s of (price, 1, content) of s + f(max(0, r - content)), compared as tuples; sums of
    tuples keep that order, so the best cover of a need extends a best cover of the rest. The table grows.

    A need is counted in `unit`s of content, a price in parts of which `money` make one of the currency.
    """

    def __init__(self, sizes: tuple[Size, ...]) -> None:
        self.sizes = tuple(sorted(sizes, key=lambda size: size.content))
        scale = lcm(*(size.content.denominator for size in sizes))
        contents = [int(size.content * scale) for size in self.sizes]
        unit = gcd(*contents)
        self.unit = Fraction(unit, scale)
        self.contents = [content // unit for content in contents]
        self.money = lcm(*(size.price.value.denominator for size in sizes))
        self.prices = [int(size.price.value * self.money) for size in self.sizes]
        self.best: list[tuple[int, int, int]] = [(0, 0, 0)]
        self.choice = [0]

    def price(self, need: int) -> int:
        """What the best cover of a need costs. Raises InputError for sizes too odd for so large a need."""
        if need > MOST_FILLED:
            sizes = ", ".join(format_exact(size.content) for size in self.sizes)
            common, needed = format_exact(self.unit), format_exact(need * self.unit)
            found = f"sizes of {sizes} that have only {common} in common, to hold {needed}"
            raise InputError([Fault(file="formulary", key="", found=found, remedy="state sizes in rounder numbers")])
        for rest in range(len(self.best), need + 1):
            self._extend(rest)
        return self.best[need][0]

    def parts(self, need: int) -> tuple[Part, ...]:
        """The best cover of a need, smallest size first."""
        self.price(need)
        counts = [0] * len(self.sizes)
        while need > 0:
            counts[self.choice[need]] += 1
            need = max(0, need - self.contents[self.choice[need]])
        return tuple(Part(size=s.content, count=n) for s, n in zip(self.sizes, counts, strict=True) if n)

    def _extend(self, rest: int) -> None:
        options = []
        for index, content in enumerate(self.contents):
            cost, count, filled = self.best[max(0, rest - content)]
            options.append(((cost + self.prices[index], count + 1, filled + content), index))
        best, index = min(options)
        self.best.append(best)
        self.choice.append(index)


@lru_cache(maxsize=1024)
def cover_table(sizes: tuple[Size, ...]) -> CoverTable:
    """The table of some sizes, of which there must be one at least."""
    return CoverTable(sizes)


def cheapest_cover(sizes: Sequence[Size], need: Fraction | int) -> tuple[Fraction, tuple[Part, ...]]:
    """The exact cost and the parts of the best multiset of sizes that holds `need` (units or mL)."""
    if not sizes or need <= 0:
        return Fraction(0), ()
    table = cover_table(tuple(sizes))
    goal = ceiling(need / table.unit)
    return Fraction(table.price(goal), table.money), table.parts(goal)
