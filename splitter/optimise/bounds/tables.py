"""The least linear cost of a day's dose for every set of open products: min-plus tables over the dose grid.

First f(O, t), the least sum of prices of at most `max_pieces` pieces of products in O that make the tablet mass t of
one administration; then its least sums over the day's times, up to each mass S; then the liquid's mass T - S at
its price, with the burden of one measurement. Where the imbalance is limited every dose lies within k-1 k-ths of the
limit of the mean. How a volume is divided and every rounding up are left out, so this is a lower bound on a day of the
plan. On a very fine grid the price per mass bounds it instead.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np

from splitter.division import Giving
from splitter.optimise.bounds.poured import FAR, SHIFT, Poured, Stack, add
from splitter.optimise.day import burdens
from splitter.optimise.integers import TWELFTHS, Grid, Ints
from splitter.optimise.limits import Budget
from splitter.prescription import Step
from splitter.quantity import Mass

MOST_ENTRIES = 2**20
"""Entries, over masses and sets, up to which a table is built; a finer grid gets the price per mass."""

_MOST_TOPS = 256
"""Sums of tablets that are kept, each for days up to a mass."""

MOST_KEPT = 2**23
"""Entries of all tables that are kept for the next search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Products:
    """The products of a bound, as places in `Supplies`: `members` are told apart, `free` ones are always open."""

    members: tuple[int, ...]
    free: tuple[int, ...]


class TabletTables:
    """Bounds on days for all sets of discrete members at some prices, as arrays [2^d] with FAR for what can't be made.

    `prices` [Q] of units are multiples of 12; `most` mass units are the heaviest day or stated dose asked about. The
    liquid's price comes with each question, so that all liquids and all tariffs that differ in nothing but liquids
    share the tables.
    """

    def __init__(self, grid: Grid, products: Products, prices: Ints, most: int) -> None:
        self.grid = grid
        self.budget = Budget()
        self.most = most
        self.products = products
        self.prices = prices
        self.sets = 1 << len(products.members)
        self.times = len(grid.problem.times)
        self._measure = burdens(grid)[2]
        self.lattice = gcd(*(piece.mass for piece in grid.pieces)) or 1
        self._is_fine = (most // self.lattice + 1) * self.sets > MOST_ENTRIES
        self._tablets = None if self._is_fine else self._administrations(most)
        self._sums_below: dict[int, Ints] = {}
        self._alone: dict[tuple[int, int], Ints] = {}
        self._known_pours: dict[int, Poured] = {}
        self._known_doses: dict[tuple[Mass, Giving, int], Ints] = {}

    @property
    def entries(self) -> int:
        """How many numbers are kept."""
        tables = [*self._sums_below.values(), *self._alone.values(), *self._known_doses.values()]
        return sum(each.size for each in tables) + (0 if self._tablets is None else self._tablets.size)

    def stack(self, asked: Sequence[tuple[Step, Giving]]) -> Stack:
        """The days of all these steps, none of which states its doses."""
        masses = np.array([self.grid.mass(step.target.value) for step, _ in asked])
        slacks = np.array([self.grid.slack(step.target) for step, _ in asked])
        tops = [self._top(mass) for mass in (masses + slacks).tolist()]
        distinct = sorted({*tops})
        sums = [self._below(top) for top in distinct]
        padded = np.full((len(sums), max(map(len, sums)), self.sets), FAR)
        for place, each in enumerate(sums):
            padded[place, : len(each)] = each
        window, usable = np.searchsorted(distinct, tops), {giving: self._open(giving) for _, giving in asked}
        each_day = list(zip(masses.tolist(), slacks.tolist(), strict=True))
        near = [
            self._near(padded[w], *day) if day[1] else padded[w, 0] * 0 + FAR
            for w, day in zip(window, each_day, strict=True)
        ]
        return Stack(
            alone=np.array([self._without(*day) for day in each_day]),
            sums=padded,
            window=window,
            near=np.array(near),
            rest=masses - slacks,
            usable=np.array([usable[giving] for _, giving in asked]),
            is_poured=np.array([giving is not Giving.PLAIN for _, giving in asked]),
            measure=self._measure,
            lattice=self.lattice,
        )

    def _near(self, table: Ints, mass: int, slack: int) -> Ints:
        """[2^d] the least cost of tablets that a drop of liquid brings within the slack of a mass."""
        return _least(table, mass - slack, 2 * slack - 1, self.lattice)

    @property
    def is_fine(self) -> bool:
        """Whether the grid is so fine that no table is built."""
        return self._tablets is None

    def day(self, step: Step, giving: Giving, pour: int) -> Ints:
        """[2^d] a bound on the cost of a day whose doses are stated, or of any on so fine a grid."""
        pour = FAR if giving is Giving.PLAIN else pour
        if self._tablets is None:
            return self._per_mass(step, pour)
        return add(*(self._known_dose(dose, giving, pour) for dose in step.doses or ()))

    def _known_dose(self, dose: Mass, giving: Giving, pour: int) -> Ints:
        """What `_dose` says of a dose, worked out once."""
        key = dose, giving, pour
        if key not in self._known_doses:
            if len(self._known_doses) * self.sets > MOST_ENTRIES:
                self._known_doses.clear()
            self._known_doses[key] = self._dose(dose, giving, pour)
        return self._known_doses[key]

    def _dose(self, dose: Mass, giving: Giving, pour: int) -> Ints:
        """[2^d] a bound on the cost of one stated dose."""
        if giving is Giving.APART:
            return np.minimum(self._dose(dose, Giving.PLAIN, FAR), self._dose(dose, Giving.ALONE, pour))
        assert self._tablets is not None
        mass, slack = self.grid.mass(dose.value), self.grid.slack(dose) if dose else 0
        found = _least(self._tablets, mass - slack, 2 * slack, self.lattice)
        if pour < FAR:
            beside = self._poured(pour).of(np.array([mass - slack]))[0]
            near = self._near(self._tablets, mass, slack)
            found = np.minimum(found, add(np.minimum(beside, near), self._measure))
        return found[self._open(giving)]

    def _poured(self, pour: int) -> Poured:
        """The doses of tablets and a liquid, worked out once for each price of the liquid."""
        assert self._tablets is not None
        if pour not in self._known_pours:
            if (len(self._known_pours) + 1) * self._tablets.size > MOST_ENTRIES:
                self._known_pours.clear()
            self._known_pours[pour] = Poured(self._tablets[None], self.lattice, pour)
        return self._known_pours[pour]

    def _open(self, giving: Giving) -> Ints:
        """[2^d] for each set of members those of them whose pieces a step that is given so may use."""
        capsules = [self.grid.discrete[q].is_compounded for q in self.products.members]
        usable = {Giving.PLAIN: [not each for each in capsules], Giving.ALONE: capsules}.get(giving)
        every = np.arange(self.sets)
        return every if usable is None else every & sum(1 << bit for bit, may in enumerate(usable) if may)

    def _without(self, mass: int, slack: int) -> Ints:
        """[2^d] the least cost of a day of tablets only, within the slack of a mass."""
        if (mass, slack) not in self._alone:
            if len(self._alone) * self.sets > MOST_ENTRIES:
                self._alone.clear()
            self._alone[mass, slack] = self._without_anew(mass, slack)
        return self._alone[mass, slack]

    def _without_anew(self, mass: int, slack: int) -> Ints:
        assert self._tablets is not None
        limit = self.grid.imbalance
        if limit is None:
            return _least(self._below(self.most), mass - slack, 2 * slack, self.lattice)
        low = -(-max(mass - slack - (self.times - 1) * limit, 0) // (self.times * self.lattice))
        doses = self._tablets[low : self._high(mass + slack) + 1]
        sums = self._sums(doses, (mass + slack) // self.lattice - self.times * low)
        return _least(sums, mass - slack - self.times * low * self.lattice, 2 * slack, self.lattice)

    def _top(self, mass: int) -> int:
        """The mass up to which the sums beside a liquid are shared by all days of a mass: of so many as are kept.

        Where the imbalance is limited, sums for heavier days let one administration have more, which is a bound too.
        """
        if self.grid.imbalance is None:
            return self.most
        kept = min(max(MOST_ENTRIES // ((self.most // self.lattice + 1) * self.sets), 1), _MOST_TOPS)
        share = max(self.most // kept, 1)
        return min(-(-mass // share) * share, self.most)

    def _below(self, top: int) -> Ints:
        """[.., 2^d] the least sums of one administration for each time, up to a top."""
        if top not in self._sums_below:
            assert self._tablets is not None
            self._sums_below[top] = self._sums(self._tablets[: self._high(top) + 1], top // self.lattice)
        return self._sums_below[top]

    def _high(self, most: int) -> int:
        """The last entry of an administration of a day of a mass."""
        limit = self.grid.imbalance
        if limit is None:
            return most // self.lattice
        return min(most + (self.times - 1) * limit, most * self.times) // (self.times * self.lattice)

    def _sums(self, doses: Ints, last: int) -> Ints:
        """[.., 2^n] the least sums of one of `doses` for each time, up to entry `last`."""
        total = doses[: last + 1]
        # Most masses are no sum of pieces at all.
        made = np.flatnonzero((doses < FAR).any(axis=1)).tolist()
        for _ in range(self.times - 1):
            length = max(min(len(total) + len(doses) - 1, last + 1), 0)
            longer = np.full((length, self.sets), FAR)
            for place in made[: bisect_left(made, length)]:
                self.budget.spend()
                part = longer[place : place + len(total)]
                np.minimum(part, total[: len(part)] + doses[place], out=part)
            total = longer
        return total

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
        return np.where(rates < FAR, least * np.where(rates < FAR, rates, 0) >> SHIFT, FAR)

    def _rate(self, product: int) -> int:
        """The least cost of a mass unit of a discrete product, times 2^8, rounded down."""
        return min((cost << SHIFT) // mass for mass, cost in self._pieces(product))


class DoseTables:
    """Bounds on days for all sets of members, discrete ones first, from tables kept for all that may share them.

    Raises LimitReachedError when the budget ends before a table is made.
    """

    def __init__(self, grid: Grid, kept: dict[tuple[Products, bytes], TabletTables], budget: Budget) -> None:
        self.grid = grid
        self.budget = budget
        self._kept = kept
        self._stacks: dict[TabletTables, Stack] = {}
        problem = grid.problem
        keys = [(step.target, step.doses, problem.giving(n)) for n, step in enumerate(problem.steps)]
        asked = {key: step for key, step in zip(keys, problem.steps, strict=True) if step.target}
        self.steps = tuple(asked.values())
        self.givings = tuple(giving for _, _, giving in asked)
        place = {key: place for place, key in enumerate(asked)}
        self.places = np.array([place.get(key, 0) for key in keys])
        self.is_given = np.array([bool(step.target) for step in problem.steps])
        self.most = max(map(self._heaviest, self.steps), default=0)

    def days(self, products: Products, prices: Ints) -> Ints:
        """[S, 2^n] a bound on the cost of a day of each step at `prices` [Q] of use; a drug-free one costs nothing."""
        self.budget.spend()
        tables, pours = self._tablets(products, prices), self._pours(products, prices)
        given = np.zeros((len(self.steps), len(pours), tables.sets), dtype=np.int64)
        together = [] if tables.is_fine else [n for n, step in enumerate(self.steps) if not step.doses]
        stack = self._stack(tables, together) if together else None
        alone = sorted({*range(len(self.steps))}.difference(together))
        for number, pour in enumerate(pours):
            for place in alone:
                given[place, number] = tables.day(self.steps[place], self.givings[place], pour)
            if stack is not None:
                given[together, number] = stack.days(pour)
        if not self.steps:
            return np.zeros((len(self.places), tables.sets * len(pours)), dtype=np.int64)
        found: Ints = given.reshape(len(given), -1)[self.places] * self.is_given[:, None]
        return found

    def _stack(self, tables: TabletTables, places: list[int]) -> Stack:
        """The steps at these places, stacked once as long as not too many are."""
        if tables not in self._stacks:
            if sum(each.sums.size for each in self._stacks.values()) > MOST_ENTRIES:
                self._stacks.clear()
            self._stacks[tables] = tables.stack([(self.steps[n], self.givings[n]) for n in places])
        return self._stacks[tables]

    def _tablets(self, products: Products, prices: Ints) -> TabletTables:
        first = len(self.grid.discrete)
        discrete = Products(
            members=tuple(q for q in products.members if q < first), free=tuple(q for q in products.free if q < first)
        )
        key = (discrete, prices[:first].tobytes())
        tables = self._kept.pop(key, None)
        if tables is None or tables.most < self.most:
            tables = TabletTables(self.grid, discrete, prices[:first], self.most)
        tables.budget = self.budget
        while sum(each.entries for each in self._kept.values()) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = tables
        return tables

    def _heaviest(self, step: Step) -> int:
        """The most mass units that a day, or a stated dose, of a step may have."""
        return max(self.grid.mass(dose.value) + self.grid.slack(dose) for dose in step.doses or (step.target,))

    def _pours(self, products: Products, prices: Ints) -> list[int]:
        """[2^l] the price per mass of the cheapest liquid of each set of liquid members, times 2^8, rounded down."""
        first = len(self.grid.discrete)
        factors = self.grid.mass_per_volume
        rate = {q: (int(prices[q]) << SHIFT) // factors[q - first] for q in range(first, len(prices))}
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
