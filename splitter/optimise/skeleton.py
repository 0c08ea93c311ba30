"""Lower bounds from the skeleton of a plan: which products are open in which interval.

Given the set O of products that may be used in an interval, a day of dose T costs at least f(O, T), the least sum
of linear prices of pieces and volumes that make T (a min-plus table over the dose grid; division over the times
and roundings up are left out, so it is a bound). To that come what opening costs: the item fee of a counted
product, the fixed cost of a batch. A lot that may serve several intervals is paid where it begins, and lives on
as long as its shelf life allows; a pass backward over the intervals, with the ages of these lots as states, gives
the least cost of all later days, and a pass forward that of all earlier ones.

Each bound is computed with both tariffs of the ledger, and the larger counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from splitter.optimise.grid import Grid, Ints, Mask
from splitter.optimise.ledger import Ledger, States, Tariff
from splitter.optimise.options import least_cost
from splitter.optimise.tables import FAR, DoseTable, Products, add, scaled
from splitter.optimise.timeline import Segment
from splitter.optimise.ways import Ways
from splitter.prescription import Step
from splitter.supply import shelf_life

MEMBERS = 12
"""Products that the bound tells apart; of a larger formulary the others are taken as open and free to open."""

MOST_AGES = 20_000
"""States of the open lots that the bound tells apart; lots beyond them are paid a share in each interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """The lots that may serve several intervals, and how their ages change.

    An age is, for each such lot, the intervals that it may still serve, the current one included; 0 where none is
    open. `ages` [a, C] lists them; `opening` [C] is what beginning each lot costs; `reach` [C, V] how many intervals
    a lot begun in each may serve.
    """

    members: tuple[int, ...]
    ages: Ints
    opening: Ints
    reach: Ints

    def step(self, interval: int, used: int) -> tuple[Ints, Ints]:
        """([a] the place of each age after an interval that uses the lots `used` (bits), [a] what it pays)."""
        ages, cost = self.ages.copy(), np.zeros(len(self.ages), dtype=np.int64)
        for lot in range(len(self.members)):
            if used >> lot & 1:
                begins = ages[:, lot] == 0
                cost += np.where(begins, self.opening[lot], 0)
                ages[:, lot] = np.where(begins, self.reach[lot, interval], ages[:, lot])
        return self.place(np.maximum(ages - 1, 0)), cost

    def place(self, ages: Ints) -> Ints:
        """[n] the places in `ages` of rows of ages [n, C]."""
        place = np.zeros(len(ages), dtype=np.int64)
        for lot in range(len(self.members)):
            place = place * (int(self.reach[lot].max()) + 1) + ages[:, lot]
        return place


class Account:
    """The bounds of one tariff. A mask is a set of members as bits."""

    def __init__(self, ledger: Ledger, products: Products, segments: tuple[Segment, ...], tariff: Tariff) -> None:
        problem = ledger.grid.problem
        self.ledger = ledger
        self.members = products.members
        self.segments = segments
        self.tariff = tariff
        self.masks = np.arange(1 << len(self.members), dtype=np.int64)
        table = DoseTable(ledger.grid, products, tariff, max(_heaviest(ledger.grid, step) for step in problem.steps))
        zero = np.zeros(len(self.masks), dtype=np.int64)
        self.day = [table.day(step) if step.target else zero for step in problem.steps]
        self.carried = _carried(ledger, self.members, tariff)
        self.fees = self._fees()
        self._lots_of_mask = self._carried_bits(self.masks)
        self.intervals = [self._interval(v) for v in range(len(problem.visits))]
        self.later = self._backward()
        self.through = self._through()
        self._completions: dict[tuple[int, int, int], int] = {}

    @property
    def least(self) -> int:
        """The bound on the whole plan."""
        return int(self.later[0][0])

    def _fees(self) -> Ints:
        """[2^n] what opening the members of each mask costs in an interval, without the carried lots."""
        fees = np.zeros(len(self.masks), dtype=np.int64)
        for bit, q in enumerate(self.members):
            if q not in self.carried.members:
                longest = int(_reach(self.ledger, q).max()) if q in self.ledger.lots else 1
                fees += (self.masks >> bit & 1) * (int(self.tariff.opening[q]) // longest)
        return fees

    def _carried_bits(self, masks: Ints) -> Ints:
        """[n] the carried lots in each mask, as bits of their own."""
        bits = np.zeros_like(masks)
        for lot, q in enumerate(self.carried.members):
            bits |= (masks >> self.members.index(q) & 1) << lot
        return bits

    def _interval(self, interval: int) -> Ints:
        """[2^n] the cost of the days of an interval with each mask open, and of opening it."""
        days = [scaled(self.day[s.step], s.days) for s in self.segments if s.interval == interval]
        return add(self.fees, *days)

    def _backward(self) -> list[Ints]:
        """[V + 1][a] the least cost from each visit to the end, by the age of the carried lots."""
        later = [np.zeros(len(self.carried.ages), dtype=np.int64)]
        for interval in reversed(range(len(self.intervals))):
            best = np.full(len(self.carried.ages), FAR)
            for used in range(1 << len(self.carried.members)):
                days = int(self.intervals[interval][self._lots_of_mask == used].min())
                place, paid = self.carried.step(interval, used)
                best = np.minimum(best, add(later[-1][place], paid + days))
            later.append(best)
        return later[::-1]

    def _through(self) -> list[Ints]:
        """[V][2^n] a bound on plans that use, in an interval, only the products of a mask."""
        before = np.full(len(self.carried.ages), FAR)
        before[0] = 0
        through = []
        for interval, cost in enumerate(self.intervals):
            after = np.full(len(before), FAR)
            around = np.full(1 << len(self.carried.members), FAR)
            for used in range(len(around)):
                place, paid = self.carried.step(interval, used)
                around[used] = add(before, paid, self.later[interval + 1][place]).min()
                days = int(cost[self._lots_of_mask == used].min())
                np.minimum.at(after, place, add(before, paid + days))
            through.append(add(cost, around[self._lots_of_mask]))
            before = after
        return through

    def of_ways(self, ways: Ways, step: int, intervals: dict[int, int]) -> Ints:
        """[n] a bound on plans with each way of a step that has the given days in the intervals it touches."""
        bits = _member_bits(self.members, ways)
        linear = least_cost(self.ledger.grid, ways.doses, self.tariff.prices)
        bound = np.zeros(len(ways), dtype=np.int64)
        for interval, days in intervals.items():
            rest = self.through[interval] - scaled(self.day[step], days)
            rest = _least_of_supersets(np.where(self.through[interval] < FAR, rest, FAR))
            bound = np.maximum(bound, np.minimum(rest[bits] + days * linear, FAR))
        return bound

    def after(self, states: States, number: int) -> Ints:
        """[n] a bound on what the days after a segment add, beyond what each state has paid and owes."""
        segment = self.segments[number]
        ages = self.carried.place(self._ages(states, segment.interval + segment.ends_interval))
        if segment.ends_interval:
            found: Ints = self.later[segment.interval + 1][ages]
            return found
        opened = _gathered(self.members, states.opened)
        pairs, inverse = np.unique(np.column_stack([opened, ages]), axis=0, return_inverse=True)
        costs = [self._completion(number, mask, age) for mask, age in pairs.tolist()]
        return np.array(costs, dtype=np.int64)[inverse.reshape(-1)]

    def owed(self, states: States) -> Ints:
        """[n] a bound on what the open packs, windows and lots cost, beyond the price of use yet to come."""
        return self.ledger.owed(states, self.tariff)

    def _ages(self, states: States, interval: int) -> Ints:
        """[n, C] the ages of the carried lots of each state, counted from an interval on."""
        lots = list(self.carried.members)
        # A lot without a shelf life has no beginning in the state: any that is in use serves to the end.
        since = np.where((states.since < 0) & (states.use > 0), 0, states.since)[:, lots]
        reach = np.take_along_axis(self.carried.reach.T, np.maximum(since, 0), axis=0)
        return np.where(since < 0, 0, np.maximum(since + reach - interval, 0))

    def _completion(self, number: int, opened: int, age: int) -> int:
        """The least cost of the rest of an interval and all later ones, with the products of a mask open."""
        key = (number, opened, age)
        if key not in self._completions:
            self._completions[key] = self._complete(number, opened, age)
        return self._completions[key]

    def _complete(self, number: int, opened: int, age: int) -> int:
        interval = self.segments[number].interval
        rest = [s for s in self.segments[number + 1 :] if s.interval == interval]
        days = add(self.fees[self.masks & ~opened], *(scaled(self.day[s.step], s.days) for s in rest))
        days = np.where(self.masks & opened == opened, days, FAR)
        best = FAR
        for used in range(1 << len(self.carried.members)):
            members = self._lots_of_mask == used
            place, paid = self.carried.step(interval, used)
            after = int(self.later[interval + 1][place[age]]) + int(paid[age])
            best = min(best, int(days[members].min()) + after)
        return best


class Skeleton:
    """The bounds of one search, each the larger of both tariffs' bounds."""

    def __init__(self, ledger: Ledger, products: tuple[int, ...], segments: tuple[Segment, ...]) -> None:
        ranked = sorted(products, key=lambda q: (q not in ledger.lots, q))
        split = Products(members=tuple(ranked[:MEMBERS]), free=tuple(ranked[MEMBERS:]))
        self.members = split.members
        self.accounts = tuple(Account(ledger, split, segments, tariff) for tariff in ledger.tariffs())
        self.least = max(account.least for account in self.accounts)

    def open_sets(self, interval: int, goal: int) -> Ints:
        """The largest sets of members that a plan within the goal may use in an interval, as masks."""
        within = np.all([account.through[interval] <= goal for account in self.accounts], axis=0)
        above = _any_superset(within)
        largest = within.copy()
        for bit in range(len(self.members)):
            step = 1 << bit
            lower = np.flatnonzero(np.arange(len(within)) & step == 0)
            largest[lower] &= ~above[lower | step]
        return np.flatnonzero(largest)

    def of_ways(self, ways: Ways, step: int, intervals: dict[int, int]) -> Ints:
        """[n] a bound on plans with each way of a step."""
        return np.maximum(*(account.of_ways(ways, step, intervals) for account in self.accounts))

    def of_states(self, states: States, number: int) -> Ints:
        """[n] a bound on plans that go on from each state after a segment."""
        bounds = [
            np.minimum(states.cost + account.owed(states) + account.after(states, number), FAR)
            for account in self.accounts
        ]
        return np.maximum(*bounds)

    def later(self, interval: int) -> int:
        """The larger bound on all days from an interval on, with no lot open."""
        return max(int(account.later[interval][0]) for account in self.accounts)


def _heaviest(grid: Grid, step: Step) -> int:
    """The most mass units that a day, or a stated dose, of a step may have."""
    return max(grid.mass(dose.value) + grid.slack(dose) for dose in step.doses or (step.target,))


def _reach(ledger: Ledger, lot: int) -> Ints:
    """[V] how many intervals a lot begun in each of them may serve."""
    life = shelf_life(ledger.products[lot])
    bounds = ledger.bounds
    visits = len(bounds) - 1
    ends = visits if life is None else np.searchsorted(bounds, bounds[:-1] + life, side="right") - 1
    found: Ints = ends - np.arange(visits)
    return found


def _carried(ledger: Ledger, members: tuple[int, ...], tariff: Tariff) -> Carried:
    lots: list[int] = []
    states = 1
    for q in members:
        if q in ledger.lots and (longest := int(_reach(ledger, q).max())) > 1 and states * (longest + 1) <= MOST_AGES:
            lots.append(q)
            states *= longest + 1
    reach = np.array([_reach(ledger, q) for q in lots], dtype=np.int64).reshape(len(lots), len(ledger.bounds) - 1)
    ages = list(product(*(range(int(row.max()) + 1) for row in reach)))
    return Carried(
        members=tuple(lots),
        ages=np.array(ages, dtype=np.int64).reshape(len(ages), len(lots)),
        opening=tariff.opening[np.array(lots, dtype=np.int64)],
        reach=reach,
    )


def _gathered(members: tuple[int, ...], bits: Ints) -> Ints:
    """[n] the bits of the members, in their order, out of bits of all products."""
    found = np.zeros_like(bits)
    for bit, q in enumerate(members):
        found |= (bits >> q & 1) << bit
    return found


def _member_bits(members: tuple[int, ...], ways: Ways) -> Ints:
    """[n] the members that each way uses, as a mask."""
    doses = ways.doses
    uses: Mask = np.hstack([doses.whole + doses.broken, doses.volume])[:, list(members)] > 0
    bits: Ints = uses @ (1 << np.arange(len(members), dtype=np.int64))
    return bits


def _least_of_supersets(values: Ints) -> Ints:
    """[2^n] the least value among each mask and all masks that contain it."""
    found = values.copy()
    masks = np.arange(len(values))
    for step in (1 << bit for bit in range(len(values).bit_length() - 1)):
        lower = np.flatnonzero(masks & step == 0)
        found[lower] = np.minimum(found[lower], found[lower | step])
    return found


def _any_superset(flags: Mask) -> Mask:
    found: Mask = _least_of_supersets(np.where(flags, 0, 1)) == 0
    return found
