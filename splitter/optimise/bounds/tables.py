"""The least linear cost of a day's dose for every set of open products: min-plus tables over the dose grid.

First f(O, t), the least sum of prices of at most `max_pieces` pieces of products in O that make the tablet mass t of
one administration; then its least sums over the day's times, up to each mass S; then the liquid's mass T - S at
its price, with the burden of one measurement. Where the imbalance is limited every dose lies within k-1 k-ths of the
limit of the mean. How a volume is divided and every rounding up are left out, so this is a lower bound on a day of the
plan. On a very fine grid the price per mass bounds it instead.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat
from math import gcd

import numpy as np

from splitter.division import Giving
from splitter.optimise.day import burdens
from splitter.optimise.integers import TWELFTHS, Grid, Ints
from splitter.prescription import Step
from splitter.quantity import Mass

FAR = 2**61
"""The cost of what can't be made. Two of them still fit 63 bits."""

MOST_ENTRIES = 2**20
"""Entries, over masses and sets, up to which a table is built; a finer grid gets the price per mass."""

_SHIFT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Products:
    """The products of a bound, as places in `Supplies`: `members` are told apart, `free` ones are always open."""

    members: tuple[int, ...]
    free: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Days of several steps: `alone` [S, 2^d] of tablets only; `tablets` [S, G, 2^d] of the tablets beside a liquid,
    FAR where there is none, with the burden of one measurement; `rest` [S, G] the mass units of the liquid then.
    """

    alone: Ints
    tablets: Ints
    rest: Ints

    def days(self, pour: int) -> Ints:
        """[S, 2^d] a bound on the cost of a day, beside a liquid at `pour` / 2^8 a mass unit."""
        if pour >= FAR:
            return self.alone
        poured = self.tablets + (self.rest * pour >> _SHIFT)[:, :, None]
        found: Ints = np.minimum(self.alone, poured.min(axis=1, initial=FAR))
        return found


class TabletTables:
    """Bounds on days for all sets of discrete members at some prices, as arrays [2^d] with FAR for what can't be made.

    `prices` [Q] of units are multiples of 12; `most` mass units are the heaviest day or stated dose asked about. The
    liquid's price comes with each question, so that all liquids and all tariffs that differ in nothing but liquids
    share the tables.
    """

    def __init__(self, grid: Grid, products: Products, prices: Ints, most: int) -> None:
        self.grid = grid
        self.most = most
        self.products = products
        self.prices = prices
        self.sets = 1 << len(products.members)
        self.times = len(grid.problem.times)
        self._measure = burdens(grid)[2]
        self.lattice = gcd(*(piece.mass for piece in grid.pieces)) or 1
        self._is_fine = (most // self.lattice + 1) * self.sets > MOST_ENTRIES
        self._tablets = None if self._is_fine else self._administrations(most)
        self._known: dict[Mass, tuple[Ints, Ints]] = {}
        self._known_doses: dict[tuple[Mass, Giving, int], Ints] = {}

    def stack(self, steps: tuple[Step, ...], givings: tuple[Giving, ...]) -> Stack | None:
        """The days of all steps together; None where each has to be asked alone."""
        if self._tablets is None or not steps or any(step.doses for step in steps) or {*givings} != {Giving.ANY}:
            return None
        days = [self._known_day(step) for step in steps]
        below = np.arange(max(len(sums) for _, sums in days)) * self.lattice
        sums = np.full((len(steps), len(below), self.sets), FAR)
        rest = np.zeros((len(steps), len(below)), dtype=np.int64)
        for place, (step, (_, tablets)) in enumerate(zip(steps, days, strict=True)):
            target, slack = self.grid.mass(step.target.value), self.grid.slack(step.target)
            fits = int(np.count_nonzero(below[: len(tablets)] < target + slack))
            sums[place, :fits] = tablets[:fits]
            rest[place, :fits] = np.maximum(target - slack - below[:fits], 0)
        return Stack(alone=np.array([alone for alone, _ in days]), tablets=add(sums, self._measure), rest=rest)

    def day(self, step: Step, giving: Giving, pour: int) -> Ints:
        """[2^d] a bound on the cost of a day of a step, beside a liquid at `pour` / 2^8 a mass unit; FAR: none."""
        pour = FAR if giving is Giving.PLAIN else pour
        if self._tablets is None:
            return self._per_mass(step, pour)
        if step.doses:
            return add(*(self._known_dose(dose, giving, pour) for dose in step.doses))
        alone_all_day, sums = self._known_day(step)
        target, slack = self.grid.mass(step.target.value), self.grid.slack(step.target)
        return np.minimum(alone_all_day, self._with_liquid(sums, target, slack, pour))[self._open(giving)]

    def _known_dose(self, dose: Mass, giving: Giving, pour: int) -> Ints:
        """What `_dose` says of a dose, worked out once."""
        key = dose, giving, pour
        if key not in self._known_doses:
            self._known_doses[key] = self._dose(dose, giving, pour)
        return self._known_doses[key]

    def _dose(self, dose: Mass, giving: Giving, pour: int) -> Ints:
        """[2^d] a bound on the cost of one stated dose."""
        if giving is Giving.APART:
            return np.minimum(self._dose(dose, Giving.PLAIN, FAR), self._dose(dose, Giving.ALONE, pour))
        assert self._tablets is not None
        mass, slack = self.grid.mass(dose.value), self.grid.slack(dose) if dose else 0
        alone = _least(self._tablets, mass - slack, 2 * slack, self.lattice)
        return np.minimum(alone, self._with_liquid(self._tablets, mass, slack, pour))[self._open(giving)]

    def _open(self, giving: Giving) -> Ints:
        """[2^d] for each set of members those of them whose pieces a step that is given so may use."""
        capsules = [self.grid.discrete[q].is_compounded for q in self.products.members]
        usable = {Giving.PLAIN: [not each for each in capsules], Giving.ALONE: capsules}.get(giving)
        every = np.arange(self.sets)
        return every if usable is None else every & sum(1 << bit for bit, may in enumerate(usable) if may)

    def _known_day(self, step: Step) -> tuple[Ints, Ints]:
        """What `_days` says of a step, worked out once for each dose."""
        if step.target not in self._known:
            self._known[step.target] = self._days(self.grid.mass(step.target.value), self.grid.slack(step.target))
        return self._known[step.target]

    def _days(self, target: int, slack: int) -> tuple[Ints, Ints]:
        """([2^d] the least cost of a day of tablets, [.., 2^d] of the tablets up to it beside a liquid)."""
        low, high = self._window(target - slack, target + slack)
        assert self._tablets is not None
        pure = self._sums(self._tablets[low : high + 1], (target + slack) // self.lattice - self.times * low)
        alone = _least(pure, target - slack - self.times * low * self.lattice, 2 * slack, self.lattice)
        return alone, self._sums(self._tablets[: high + 1], (target + slack) // self.lattice)

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
        # Most masses are no sum of pieces at all.
        made = np.flatnonzero((doses < FAR).any(axis=1)).tolist()
        for _ in range(self.times - 1):
            length = max(min(len(total) + len(doses) - 1, last + 1), 0)
            longer = np.full((length, self.sets), FAR)
            for place in made[: bisect_left(made, length)]:
                part = longer[place : place + len(total)]
                np.minimum(part, total[: len(part)] + doses[place], out=part)
            total = longer
        return total

    def _with_liquid(self, tablets: Ints, mass: int, slack: int, pour: int) -> Ints:
        """[2^d] the least cost of a mass within `slack`, from tablets and the rest as liquid; some of it is."""
        below = np.arange(len(tablets)) * self.lattice
        fits = below < mass + slack
        if pour >= FAR or not fits.any():
            return np.full(self.sets, FAR)
        rest = np.maximum(mass - slack - below[fits], 0)
        poured = self._measure + (rest * pour >> _SHIFT)
        found: Ints = np.minimum(tablets[fits] + poured[:, None], FAR).min(axis=0)
        return found

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
        price = int(self.prices[product]) // TWELFTHS
        return [
            (p.mass, p.twelfths * (price + fee * p.is_split) + piece + split * p.is_split)
            for p in grid.pieces
            if p.product == product
        ]

    def _per_mass(self, step: Step, pour: int) -> Ints:
        """[2^d] the dose at the price per mass of the cheapest product of each set, or of the liquid."""
        least = sum(max(self.grid.mass(d.value) - self.grid.slack(d), 0) for d in step.doses or (step.target,))
        rates = np.full(self.sets, min([pour, *map(self._rate, self.products.free)]))
        for bit, q in enumerate(self.products.members):
            holds = np.arange(self.sets) >> bit & 1 == 1
            rates = np.where(holds, np.minimum(rates, self._rate(q)), rates)
        return np.where(rates < FAR, least * np.where(rates < FAR, rates, 0) >> _SHIFT, FAR)

    def _rate(self, product: int) -> int:
        """The least cost of a mass unit of a discrete product, times 2^8, rounded down."""
        return min((cost << _SHIFT) // mass for mass, cost in self._pieces(product))


class DoseTables:
    """Bounds on days for all sets of members, discrete ones first, from tables kept for all that may share them.

    `pause` is called before each table; it raises what ends the search.
    """

    def __init__(self, grid: Grid, kept: dict[tuple[Products, bytes], TabletTables], pause: Callable[[], None]) -> None:
        self.grid = grid
        self._kept = kept
        self._pause = pause
        problem = grid.problem
        keys = [(step.target, step.doses, problem.giving(n)) for n, step in enumerate(problem.steps)]
        asked = {key: step for key, step in zip(keys, problem.steps, strict=True) if step.target}
        self.steps = tuple(asked.values())
        self.givings = tuple(giving for _, _, giving in asked)
        place = {key: place for place, key in enumerate(asked)}
        self.places = np.array([place.get(key, 0) for key in keys])
        self.is_given = np.array([bool(step.target) for step in problem.steps])
        self.most = max(map(self._heaviest, self.steps), default=0)
        self._known: dict[tuple[Products, bytes], tuple[TabletTables, Stack | None]] = {}

    def days(self, products: Products, prices: Ints) -> Ints:
        """[S, 2^n] a bound on the cost of a day of each step at `prices` [Q] of use; a drug-free one costs nothing."""
        self._pause()
        tables, stack = self._tablets(products, prices)
        given = [
            stack.days(pour) if stack else np.array(list(map(tables.day, self.steps, self.givings, repeat(pour))))
            for pour in self._pours(products, prices)
        ]
        if not self.steps:
            return np.zeros((len(self.places), tables.sets * len(given)), dtype=np.int64)
        found: Ints = np.hstack(given)[self.places] * self.is_given[:, None]
        return found

    def _tablets(self, products: Products, prices: Ints) -> tuple[TabletTables, Stack | None]:
        first = len(self.grid.discrete)
        discrete = Products(
            members=tuple(q for q in products.members if q < first), free=tuple(q for q in products.free if q < first)
        )
        key = (discrete, prices[:first].tobytes())
        if key not in self._known:
            tables = self._kept.get(key)
            if tables is None or tables.most < self.most:
                tables = self._kept[key] = TabletTables(self.grid, discrete, prices[:first], self.most)
            self._known[key] = tables, tables.stack(self.steps, self.givings)
        return self._known[key]

    def _heaviest(self, step: Step) -> int:
        """The most mass units that a day, or a stated dose, of a step may have."""
        return max(self.grid.mass(dose.value) + self.grid.slack(dose) for dose in step.doses or (step.target,))

    def _pours(self, products: Products, prices: Ints) -> list[int]:
        """[2^l] the price per mass of the cheapest liquid of each set of liquid members, times 2^8, rounded down."""
        first = len(self.grid.discrete)
        factors = self.grid.mass_per_volume
        rate = {q: (int(prices[q]) << _SHIFT) // factors[q - first] for q in range(first, len(prices))}
        pours = [min((rate[q] for q in products.free if q >= first), default=FAR)]
        for q in products.members:
            if q >= first:
                pours += [min(pour, rate[q]) for pour in pours]
        return pours


def _least(table: Ints, mass: int, width: int, lattice: int) -> Ints:
    """The least cost of the masses from `mass` to `mass + width` in a table that starts at zero."""
    first, last = max(-(-mass // lattice), 0), (mass + width) // lattice
    found: Ints = table[first : max(last, -1) + 1].min(axis=0, initial=FAR)
    return found


def add(*parts: Ints | int) -> Ints:
    """The sum of costs, FAR where any of them is."""
    total, *others = parts
    for part in others:
        total = np.minimum(total + part, FAR)
    return np.asarray(total)


def scaled(cost: Ints, days: Ints | int) -> Ints:
    """A cost of `days` days, FAR where one day is."""
    return np.where(cost < FAR, np.minimum(cost, FAR // np.maximum(days, 1)) * days, FAR)
