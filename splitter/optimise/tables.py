"""The least linear cost of a day's dose for every set of open products: min-plus tables over the dose grid.

f(O, T) is the least sum of prices of pieces and volumes of the products in O that make exactly T. It leaves out how
the day is divided over its times, how many pieces fit, and every rounding up, so it is a lower bound on a day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitter.optimise.grid import TWELFTHS, Grid, Ints
from splitter.optimise.ledger import Tariff
from splitter.optimise.options import burdens
from splitter.prescription import Step

FINEST = 20_000
"""Entries of the dose grid up to which the table is built; a finer grid gets a price per mass instead."""

FAR = 2**61
"""The cost of what can't be made. Two of them still fit 63 bits."""

_SHIFT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Products:
    """The products of a bound, by their places in the ledger: `members` are told apart, `free` ones always open."""

    members: tuple[int, ...]
    free: tuple[int, ...]


class DoseTable:
    """f(O, T) for all sets O of members: [G, 2^n] money units, FAR where O can't make T."""

    def __init__(self, grid: Grid, products: Products, tariff: Tariff, most: int) -> None:
        self.grid = grid
        entries = most // grid.lattice + 1
        self.lattice = grid.lattice if entries <= FINEST else most + 1
        self.per_mass = [] if entries <= FINEST else self._rates(products, tariff)
        self.table = np.full((most // self.lattice + 1, 1 << len(products.members)), FAR, dtype=np.int64)
        self.table[0] = 0
        for q in products.free:
            self._extend(slice(0, 1), q, tariff)
        for bit, q in enumerate(products.members):
            block = slice(1 << bit, 2 << bit)
            self.table[:, block] = self.table[:, : 1 << bit]
            self._extend(block, q, tariff)

    def day(self, step: Step) -> Ints:
        """[2^n] the least cost of one day of a step."""
        if step.doses:
            return add(*(self._within(self.grid.mass(d.value), self.grid.slack(d) if d else 0) for d in step.doses))
        return self._within(self.grid.mass(step.target.value), self.grid.slack(step.target))

    def _within(self, mass: int, slack: int) -> Ints:
        if self.per_mass:
            least = max(mass - slack, 0)
            return np.array([min(least * rate >> _SHIFT, FAR) for rate in self.per_mass], dtype=np.int64)
        first, last = -(-max(mass - slack, 0) // self.lattice), (mass + slack) // self.lattice
        found: Ints = self.table[first : last + 1].min(axis=0, initial=FAR)
        return found

    def _rates(self, products: Products, tariff: Tariff) -> list[int]:
        """[2^n] the price per mass of the cheapest offer of each set, scaled by 2^20 and rounded down."""

        def rate(q: int) -> int:
            return min(((cost << _SHIFT) // mass for mass, cost in self._offers(q, tariff)), default=FAR)

        free = min(map(rate, products.free), default=FAR)
        members = list(map(rate, products.members))
        return [
            min([free, *(cheapest for bit, cheapest in enumerate(members) if mask >> bit & 1)])
            for mask in range(1 << len(members))
        ]

    def _extend(self, block: slice, product: int, tariff: Tariff) -> None:
        """Allow one more product in the sets of a block, any number of times."""
        for mass, cost in self._offers(product, tariff) if not self.per_mass else ():
            step = mass // self.lattice
            for dose in range(step, len(self.table)):
                np.minimum(self.table[dose, block], self.table[dose - step, block] + cost, out=self.table[dose, block])

    def _offers(self, product: int, tariff: Tariff) -> list[tuple[int, int]]:
        """(mass, least cost) of each piece of a product, or of the finest volume of a liquid."""
        grid = self.grid
        if product >= len(grid.discrete):
            liquid, finest = product - len(grid.discrete), grid.finest_volume
            price = int(tariff.prices[product]) * finest
            return [(grid.mass_per_volume[liquid] * finest, price)] if finest else []
        split, piece, _ = burdens(grid)
        fee = grid.money(grid.problem.costs.split_fee.value) // TWELFTHS
        return [
            (
                p.mass,
                p.twelfths * (int(tariff.prices[product]) // TWELFTHS + (fee if p.is_split else 0))
                + piece
                + split * p.is_split,
            )
            for p in grid.pieces
            if p.product == product
        ]


def add(*parts: Ints) -> Ints:
    """The sum of costs, FAR where any of them is."""
    total = parts[0]
    for part in parts[1:]:
        total = np.minimum(total + part, FAR)
    return total


def scaled(cost: Ints, days: int) -> Ints:
    """A cost of `days` days, FAR where one day is."""
    return np.where(cost < FAR, np.minimum(cost, FAR // max(days, 1)) * days, FAR)
