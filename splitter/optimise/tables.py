"""The least linear cost of a day's dose for every set of open products: min-plus tables over the dose grid.

First f(O, t), the least sum of prices of at most `max_pieces` pieces of products in O that make the tablet mass t of
one administration; then its least sums over the day's times, up to each mass S; then the liquid's mass T - S at
its price. Where the imbalance is limited every dose lies within k-1 k-ths of the limit of the mean. How a volume is
divided and every rounding up are left out, so this is a lower bound on a day of the plan. On a very fine grid
the price per mass bounds it instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import numpy as np

from splitter.optimise.grid import TWELFTHS, Grid, Ints
from splitter.optimise.ledger import Tariff
from splitter.optimise.options import burdens
from splitter.prescription import Step

FAR = 2**61
"""The cost of what can't be made. Two of them still fit 63 bits."""

MOST_ENTRIES = 2**20
"""Entries, over masses and sets, up to which a table is built; a finer grid gets the price per mass."""

_SHIFT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Products:
    """The products of a bound, by their places in the ledger: `members` are told apart, `free` ones always open."""

    members: tuple[int, ...]
    free: tuple[int, ...]


class DoseTables:
    """Bounds on days for all sets of members, as arrays [2^n] of money units with FAR for what can't be made."""

    def __init__(self, grid: Grid, products: Products, tariff: Tariff) -> None:
        self.grid = grid
        self.products = products
        self.tariff = tariff
        self.sets = 1 << len(products.members)
        self.times = len(grid.problem.times)
        self.lattice = gcd(*(piece.mass for piece in grid.pieces)) or 1
        steps = [step for step in grid.problem.steps if step.target]
        most = max((self._heaviest(step) for step in steps), default=0)
        self._is_fine = (most // self.lattice + 1) * self.sets > MOST_ENTRIES
        self._tablets = None if self._is_fine else self._administrations(most)
        self._pour = self._liquid_prices()

    def day(self, step: Step) -> Ints:
        """[2^n] a bound on the cost of one day of a step."""
        if self._tablets is None:
            return self._per_mass(step)
        target, slack = self.grid.mass(step.target.value), self.grid.slack(step.target)
        if step.doses:
            doses = [(self.grid.mass(d.value), self.grid.slack(d) if d else 0) for d in step.doses]
            return add(*(self._with_liquid(self._tablets, mass, slack) for mass, slack in doses))
        low, high = self._window(target - slack, target + slack)
        pure = self._sums(self._tablets[low : high + 1], (target + slack) // self.lattice - self.times * low)
        alone = _least(pure, target - slack - self.times * low * self.lattice, 2 * slack, self.lattice)
        sums = self._sums(self._tablets[: high + 1], (target + slack) // self.lattice)
        return np.minimum(alone, self._with_liquid(sums, target, slack, measured=True))

    def _window(self, least: int, most: int) -> tuple[int, int]:
        """The (first, last) entry of a dose without liquid, and the last with it, for a day between two masses."""
        limit = self.grid.imbalance
        if limit is None:
            return 0, most // self.lattice
        reach = (self.times - 1) * limit
        low = -(-max(least - reach, 0) // (self.times * self.lattice))
        return low, min(most + reach, most * self.times) // (self.times * self.lattice)

    def _sums(self, doses: Ints, last: int) -> Ints:
        """[.., 2^n] the least sums of one of `doses` for each time, up to entry `last`."""
        total = doses[: last + 1]
        for _ in range(self.times - 1):
            length = max(min(len(total) + len(doses) - 1, last + 1), 0)
            longer = np.full((length, self.sets), FAR)
            for place in range(min(len(doses), length)):
                part = longer[place : place + len(total)]
                np.minimum(part, total[: len(part)] + doses[place], out=part)
            total = longer
        return total

    def _with_liquid(self, tablets: Ints, mass: int, slack: int, *, measured: bool = False) -> Ints:
        """The least cost of a mass within `slack`, from tablets and the rest as liquid; `measured`: some of it is."""
        best = _least(tablets, mass - slack, 2 * slack, self.lattice) if not measured else np.full(self.sets, FAR)
        below = np.arange(len(tablets)) * self.lattice
        rest = np.maximum(mass - slack - below, 0)
        poured = rest[:, None] * np.where(self._pour < FAR, self._pour, 0) >> _SHIFT
        costs = np.where(self._pour < FAR, np.minimum(tablets + poured, FAR), FAR)
        fits = below < mass + slack
        found: Ints = np.minimum(best, costs[fits].min(axis=0, initial=FAR))
        return found

    def _liquid_prices(self) -> Ints:
        """[2^n] the price per mass of the cheapest liquid of each set, times 2^8, rounded down."""
        first = len(self.grid.discrete)
        free = min([FAR, *(self._rate(q) for q in self.products.free if q >= first)])
        prices = np.full(self.sets, free)
        for bit, q in enumerate(self.products.members):
            if q >= first:
                holds = np.arange(self.sets) >> bit & 1 == 1
                prices = np.where(holds, np.minimum(prices, self._rate(q)), prices)
        return prices

    def _heaviest(self, step: Step) -> int:
        """The most mass units that a day, or a stated dose, of a step may have."""
        return max(self.grid.mass(dose.value) + self.grid.slack(dose) for dose in step.doses or (step.target,))

    def _administrations(self, most: int) -> Ints:
        """[G, 2^n] f(O, t) for tablet masses up to `most`."""
        pieces = self.grid.problem.policy.max_pieces
        table = np.full((pieces + 1, most // self.lattice + 1, self.sets), FAR)
        table[0, 0, 0] = 0
        for q in self.products.free:
            self._add_pieces(table[:, :, :1], q)
        for bit, q in enumerate(self.products.members):
            block = slice(1 << bit, 2 << bit)
            table[:, :, block] = table[:, :, : 1 << bit]
            self._add_pieces(table[:, :, block], q)
        tablets: Ints = table.min(axis=0)
        return tablets

    def _add_pieces(self, table: Ints, product: int) -> None:
        """Allow the pieces of one more product in a table [pieces, G, sets]."""
        for mass, cost in self._pieces(product):
            shift = mass // self.lattice
            if shift < table.shape[1]:
                for count in range(1, len(table)):
                    more = table[count, shift:]
                    np.minimum(more, table[count - 1, : table.shape[1] - shift] + cost, out=more)

    def _pieces(self, product: int) -> list[tuple[int, int]]:
        """(mass, least cost) of each piece of a product; none of a liquid."""
        grid = self.grid
        split, piece, _ = burdens(grid)
        fee = grid.money(grid.problem.costs.split_fee.value) // TWELFTHS
        price = int(self.tariff.prices[product]) // TWELFTHS
        return [
            (p.mass, p.twelfths * (price + fee * p.is_split) + piece + split * p.is_split)
            for p in grid.pieces
            if p.product == product
        ]

    def _per_mass(self, step: Step) -> Ints:
        """[2^n] the dose at the price per mass of the cheapest product of each set."""
        least = sum(max(self.grid.mass(d.value) - self.grid.slack(d), 0) for d in step.doses or (step.target,))
        rates = [self._rate(q) for q in self.products.members]
        free = min(map(self._rate, self.products.free), default=FAR)
        costs = []
        for mask in range(self.sets):
            cheapest = min([free, *(rate for bit, rate in enumerate(rates) if mask >> bit & 1)])
            costs.append(min(least * cheapest >> _SHIFT, FAR))
        return np.array(costs, dtype=np.int64)

    def _rate(self, product: int) -> int:
        """The least cost of a mass unit of a product, times 2^8, rounded down."""
        liquid = product - len(self.grid.discrete)
        if liquid >= 0:
            return (int(self.tariff.prices[product]) << _SHIFT) // self.grid.mass_per_volume[liquid]
        return min((cost << _SHIFT) // mass for mass, cost in self._pieces(product))


def _least(table: Ints, mass: int, width: int, lattice: int) -> Ints:
    """The least cost of the masses from `mass` to `mass + width` in a table that starts at zero."""
    first, last = max(-(-mass // lattice), 0), (mass + width) // lattice
    found: Ints = table[first : max(last, -1) + 1].min(axis=0, initial=FAR)
    return found


def add(*parts: Ints) -> Ints:
    """The sum of costs, FAR where any of them is."""
    total = parts[0]
    for part in parts[1:]:
        total = np.minimum(total + part, FAR)
    return total


def scaled(cost: Ints, days: int) -> Ints:
    """A cost of `days` days, FAR where one day is."""
    return np.where(cost < FAR, np.minimum(cost, FAR // max(days, 1)) * days, FAR)
