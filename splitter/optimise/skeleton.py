"""Lower bounds from the skeleton of a plan: which products are open in which interval.

Given the set O of products that may be used in an interval, a day of dose T costs at least f(O, T), the least sum
of linear prices of pieces and volumes that make T (a min-plus table over the dose grid; division over the times
and roundings up are left out, so it is a bound). To that come what opening costs: the item fee of a counted
product, the fixed cost of a batch. A lot that may serve several intervals is paid where it begins, and lives on
as long as its shelf life allows; a pass backward over the intervals, with the ages of these lots as states, gives
the least cost of all later days, and a pass forward that of all earlier ones.

Each bound is computed with several tariffs of the ledger, and the largest counts: in each interval by itself where
tariffs differ only in what serves one interval. Every tariff gives a bound of its own, so that leaving some of them
out leaves a bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from splitter.optimise.allowance import Allowance
from splitter.optimise.grid import Ints, Mask
from splitter.optimise.ledger import Ledger, States, Tariff
from splitter.optimise.options import least_cost
from splitter.optimise.tables import FAR, DoseTables, Products, add, scaled
from splitter.optimise.timeline import Segment
from splitter.optimise.ways import Ways

MEMBERS = 12
"""Products that the bound tells apart; of a larger formulary the others are taken as open and free to open."""

GROUPS = 2
"""Groups of tariffs that are kept, those with the largest bounds on whole plans. Fewer cut off less, but sooner."""

MOST_AGES = 20_000
"""States of the open lots that the bound tells apart; lots beyond them are taken as free to open."""


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
    steps: dict[tuple[int, ...], tuple[Ints, Ints]]

    def step(self, interval: int, used: int) -> tuple[Ints, Ints]:
        """([a] the place of each age after an interval that uses the lots `used` (bits), [a] what it pays)."""
        key = (used, *self.reach[:, interval].tolist())
        if key not in self.steps:
            self.steps[key] = self._step(interval, used)
        return self.steps[key]

    def _step(self, interval: int, used: int) -> tuple[Ints, Ints]:
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
    """The bound on single intervals by one tariff. A mask is a set of members as bits, discrete ones first."""

    def __init__(
        self, ledger: Ledger, tables: DoseTables, products: Products, segments: tuple[Segment, ...], tariff: Tariff
    ) -> None:
        self.ledger = ledger
        self.members = products.members
        self.segments = segments
        self.tariff = tariff
        self.masks = np.arange(1 << len(self.members), dtype=np.int64)
        self.day = tables.days(products, tariff.prices)
        days = np.array([segment.days for segment in segments])
        self.given = scaled(self.day[[segment.step for segment in segments]], days[:, None])

    def fees(self) -> Ints:
        """[2^n] what opening the members of each mask costs in an interval, without lots over several intervals.

        Those are paid where they begin (`Carried`), or not at all where there are too many of them: what a partial
        plan owes for an open lot is its whole opening, so that a share for each interval would charge it again.
        """
        fees = np.zeros(len(self.masks), dtype=np.int64)
        for bit, q in enumerate(self.members):
            if self.ledger.longest(q) == 1:
                fees += (self.masks >> bit & 1) * int(self.tariff.opening[q])
        return fees

    def intervals(self) -> Ints:
        """[V, 2^n] the cost of each interval's days with each mask open."""
        first = [n for n, s in enumerate(self.segments) if n == 0 or s.interval != self.segments[n - 1].interval]
        return _sums(self.given, first)

    def rest(self, number: int) -> Ints:
        """[2^n] the cost of the days of a segment's interval that come after it, with each mask open."""
        interval = self.segments[number].interval
        end = next((n for n, s in enumerate(self.segments) if s.interval > interval), len(self.segments))
        after = self.given[number + 1 : end]
        return _sums(after, [0])[0] if len(after) else np.zeros(len(self.masks), dtype=np.int64)


class Group:
    """The bounds on whole plans by tariffs that agree on the lots over several intervals."""

    def __init__(
        self,
        ledger: Ledger,
        tables: DoseTables,
        products: Products,
        segments: tuple[Segment, ...],
        tariffs: tuple[Tariff, ...],
    ) -> None:
        self.ledger = ledger
        self.segments = segments
        self.members = products.members
        self.accounts = tuple(Account(ledger, tables, products, segments, tariff) for tariff in tariffs)
        self.carried = _carried(ledger, self.members, tariffs[0])
        self.masks = self.accounts[0].masks
        self._fees = [account.fees() for account in self.accounts]
        self._lots_of_mask = self._carried_bits(self.masks)
        costs = [add(account.intervals(), fees) for account, fees in zip(self.accounts, self._fees, strict=True)]
        self._costs = np.stack(costs, axis=1)
        largest, lots = self._costs.max(axis=1), np.arange(1 << len(self.carried.members))
        self._days = [largest[:, self._lots_of_mask == used].min(axis=1).tolist() for used in lots.tolist()]
        self.later = self._backward()
        self._rests: dict[tuple[int, int], Ints] = {}

    @property
    def least(self) -> int:
        """The bound on the whole plan."""
        return int(self.later[0][0])

    def _carried_bits(self, masks: Ints) -> Ints:
        """[n] the carried lots in each mask, as bits of their own."""
        bits = np.zeros_like(masks)
        for lot, q in enumerate(self.carried.members):
            bits |= (masks >> self.members.index(q) & 1) << lot
        return bits

    def _backward(self) -> list[Ints]:
        """[V + 1][a] the least cost from each visit to the end, by the age of the carried lots."""
        later = [np.zeros(len(self.carried.ages), dtype=np.int64)]
        for interval in reversed(range(len(self._costs))):
            best = np.full(len(self.carried.ages), FAR)
            for used, days in enumerate(self._days):
                place, paid = self.carried.step(interval, used)
                best = np.minimum(best, add(later[-1][place], paid + days[interval]))
            later.append(best)
        return later[::-1]

    @cached_property
    def through(self) -> Ints:
        """[V, account, 2^n] a bound on plans that use, in an interval, only the products of a mask."""
        before = np.full(len(self.carried.ages), FAR)
        before[0] = 0
        around = np.full((len(self._costs), len(self._days)), FAR)
        for interval in range(len(self._costs)):
            after = np.full(len(before), FAR)
            for used, days in enumerate(self._days):
                place, paid = self.carried.step(interval, used)
                spent = before + paid
                around[interval, used] = add(spent, self.later[interval + 1][place]).min()
                np.minimum.at(after, place, np.minimum(spent + days[interval], FAR))
            before = after
        return add(self._costs, around[:, None, self._lots_of_mask])

    def allowed(self, steps: Sequence[Mapping[int, int]], places: Sequence[int], goal: int) -> Ints:
        """[S, account, 2^n] the most that a day of each step may cost that uses at least the products of each mask.

        `steps` has the days of each step in the intervals it touches, by the interval; `places` says which they are.
        """
        pairs = [(place, v, days) for place, step in zip(places, steps, strict=True) for v, days in step.items()]
        step, interval, days = np.array(pairs).T
        given = np.stack([account.day for account in self.accounts], axis=1)[step]
        through = self.through[interval]
        rest = np.where(through < FAR, through - scaled(given, days[:, None, None]), FAR)
        most = (goal - _least_of_supersets(rest)) // days[:, None, None]
        return np.minimum.reduceat(most, np.flatnonzero(np.diff(step, prepend=-1)))

    def of_states(self, states: States, number: int, account: int) -> Ints:
        """[n] a bound, by one account, on plans that go on from each state after a segment."""
        segment = self.segments[number]
        ages = self.carried.place(self._ages(states, segment.interval + segment.ends_interval))
        owed = self.ledger.owed(states, self.accounts[account].tariff)
        if segment.ends_interval:
            later: Ints = self.later[segment.interval + 1][ages]
        else:
            later = self._completions(account, number, _gathered(self.members, states.opened), ages)
        bound: Ints = np.minimum(states.cost + owed + later, FAR)
        return bound

    def _ages(self, states: States, interval: int) -> Ints:
        """[n, C] the ages of the carried lots of each state, counted from an interval on."""
        lots = list(self.carried.members)
        # A lot without a shelf life has no beginning in the state: any that is in use serves to the end.
        since = np.where((states.since < 0) & (states.use > 0), 0, states.since)[:, lots]
        reach = np.take_along_axis(self.carried.reach.T, np.maximum(since, 0), axis=0)
        return np.where(since < 0, 0, np.maximum(since + reach - interval, 0))

    def of_pairs(self, states: States, ways: Ways, number: int, account: int) -> Ints:
        """[n, w] a bound, by one account, on plans that go on from each state with each way in a segment."""
        segment = self.segments[number]
        tariff = self.accounts[account].tariff
        opened = _gathered(self.members, states.opened)
        ages = self.carried.place(self._ages(states, segment.interval))
        kinds, kind = np.unique(opened * len(self.carried.ages) + ages, return_inverse=True)
        uses = np.hstack([ways.doses.whole + ways.doses.broken, ways.doses.volume])[:, list(self.members)] > 0
        masks = (kinds // len(self.carried.ages))[:, None] | uses @ (1 << np.arange(len(self.members)))
        later = self._completions(account, number, masks, (kinds % len(self.carried.ages))[:, None])
        fees = self._fees[account]
        later = later + fees[masks] - fees[kinds // len(self.carried.ages)][:, None]
        given = segment.days * least_cost(self.ledger.grid, ways.doses, tariff.prices)
        so_far = states.cost + self.ledger.owed(states, tariff)
        bound: Ints = np.minimum(so_far[:, None] + given + later[kind.reshape(-1)], FAR)
        return bound

    def _completions(self, account: int, number: int, opened: Ints, ages: Ints) -> Ints:
        """[n] the least cost of the rest of an interval and all later ones, by the products open and the ages."""
        interval = self.segments[number].interval
        rest = self._rest(account, number)
        best = np.full(np.broadcast_shapes(opened.shape, ages.shape), FAR)
        for used in range(len(rest)):
            place, paid = self.carried.step(interval, used)
            after = self.later[interval + 1][place] + paid
            best = np.minimum(best, rest[used][opened] + after[ages])
        return best

    def _rest(self, account: int, number: int) -> Ints:
        """[lots][2^n] the least cost of an interval's days after a segment that use these lots, by what is open."""
        if (account, number) not in self._rests:
            fees = self._fees[account]
            days = add(self.accounts[account].rest(number), fees)
            lots = np.arange(1 << len(self.carried.members))[:, None]
            least = _least_of_supersets(np.where(self._lots_of_mask == lots, days, FAR))
            self._rests[account, number] = np.where(least < FAR, least - fees, FAR)
        return self._rests[account, number]


class Skeleton:
    """The bounds of one search, each the largest of the tariffs' bounds."""

    def __init__(
        self, ledger: Ledger, tables: DoseTables, products: tuple[int, ...], segments: tuple[Segment, ...]
    ) -> None:
        ranked = sorted(products, key=lambda q: (q not in ledger.lots, q))
        self._split = Products(members=tuple(sorted(ranked[:MEMBERS])), free=tuple(ranked[MEMBERS:]))
        self._tables = tables
        self._segments = segments
        self.ledger = ledger
        self.members = self._split.members
        self._tariffs = ledger.tariffs(products)
        self.groups: tuple[Group, ...] = (self._group(next(self._tariffs)),)

    def deepen(self) -> None:
        """Take the tariffs into account that the first bound left out."""
        groups = [*self.groups, *map(self._group, self._tariffs)]
        self.groups = tuple(sorted(groups, key=lambda group: -group.least)[:GROUPS])

    def _group(self, tariffs: tuple[Tariff, ...]) -> Group:
        return Group(self.ledger, self._tables, self._split, self._segments, tariffs)

    @property
    def least(self) -> int:
        """The bound on whole plans."""
        return max(group.least for group in self.groups)

    def least_with(self, product: int) -> int:
        """The bound on plans that use a product: in some interval it is open."""
        if product not in self.members:
            return self.least
        holds = np.arange(1 << len(self.members)) >> self.members.index(product) & 1 == 1
        bounds = [int(group.through.max(axis=1)[:, holds].min()) for group in self.groups]
        return max(self.least, *bounds)

    def open_sets(self, interval: int, goal: int) -> Ints:
        """The largest sets of members that a plan within the goal may use in an interval, as masks."""
        within = np.max([group.through[interval].max(axis=0) for group in self.groups], axis=0) <= goal
        above = _any_superset(within)
        largest = within.copy()
        for bit in range(len(self.members)):
            step = 1 << bit
            lower = np.flatnonzero(np.arange(len(within)) & step == 0)
            largest[lower] &= ~above[lower | step]
        return np.flatnonzero(largest)

    def allowance(self, steps: Sequence[Mapping[int, int]], places: Sequence[int], goal: int) -> Allowance:
        """What a day of each step may cost in a plan within the goal; the arguments are those of `Group.allowed`."""
        accounts = [account for group in self.groups for account in group.accounts]
        bits = np.zeros(len(self.ledger.products), dtype=np.int64)
        bits[list(self.members)] = 1 << np.arange(len(self.members))
        return Allowance(
            grid=self.ledger.grid,
            prices=np.array([account.tariff.prices for account in accounts]),
            bits=bits,
            most=np.concatenate([group.allowed(steps, places, goal) for group in self.groups], axis=1),
        )

    def pairs(self, states: States, ways: Ways, number: int, goal: int) -> tuple[Ints, Ints]:
        """(state, way) of the pairs from which a plan within the goal may go on, with the way from a segment on."""
        within = np.ones((len(states), len(ways)), dtype=bool)
        for group in self.groups:
            for account in range(len(group.accounts)):
                within &= group.of_pairs(states, ways, number, account) <= goal
        state, way = np.nonzero(within)
        return state, way

    def within(self, states: States, number: int, goal: int) -> States:
        """The states after a segment from which a plan within the goal may go on."""
        return states.pick(np.flatnonzero(self.of_states(states, number) <= goal))

    def of_states(self, states: States, number: int) -> Ints:
        """[n] a bound on plans that go on from each state after a segment."""
        bounds = [
            group.of_states(states, number, account) for group in self.groups for account in range(len(group.accounts))
        ]
        bound: Ints = np.max(bounds, axis=0)
        return bound

    def later(self, interval: int) -> int:
        """The largest bound on all days from an interval on, with no lot open."""
        return max(int(group.later[interval][0]) for group in self.groups)


def _sums(costs: Ints, starts: list[int]) -> Ints:
    """[v, 2^n] the sums of the rows of costs [n, 2^n] from each start to the next, FAR where any of them is."""
    far = costs >= FAR
    sums = np.add.reduceat(np.where(far, 0, costs), starts)
    return np.where(np.logical_or.reduceat(far, starts), FAR, sums)


def _carried(ledger: Ledger, members: tuple[int, ...], tariff: Tariff) -> Carried:
    lots: list[int] = []
    states = 1
    for q in members:
        if q in ledger.lots and (longest := ledger.longest(q)) > 1 and states * (longest + 1) <= MOST_AGES:
            lots.append(q)
            states *= longest + 1
    reach = np.array([ledger.reach(q) for q in lots], dtype=np.int64).reshape(len(lots), len(ledger.bounds) - 1)
    ages = list(product(*(range(int(row.max()) + 1) for row in reach)))
    return Carried(
        members=tuple(lots),
        ages=np.array(ages, dtype=np.int64).reshape(len(ages), len(lots)),
        opening=tariff.opening[np.array(lots, dtype=np.int64)],
        reach=reach,
        steps={},
    )


def _gathered(members: tuple[int, ...], bits: Ints) -> Ints:
    """[n] the bits of the members, in their order, out of bits of all products."""
    found = np.zeros_like(bits)
    for bit, q in enumerate(members):
        found |= (bits >> q & 1) << bit
    return found


def _least_of_supersets(values: Ints) -> Ints:
    """[.., 2^n] the least value among each mask and all masks that contain it."""
    found = values.copy()
    for bit in range(values.shape[-1].bit_length() - 1):
        pairs = found.reshape(*values.shape[:-1], -1, 2, 1 << bit)
        np.minimum(pairs[..., 0, :], pairs[..., 1, :], out=pairs[..., 0, :])
    return found


def _any_superset(flags: Mask) -> Mask:
    found: Mask = _least_of_supersets(np.where(flags, 0, 1)) == 0
    return found
