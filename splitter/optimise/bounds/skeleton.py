"""Lower bounds from the skeleton of a plan: which products are open in which interval.

Given the set O of products that may be used in an interval, a day of dose T costs at least f(O, T), the least sum
of linear prices of pieces and volumes that make T (a min-plus table over the dose grid; division over the times
and roundings up are left out, so it is a bound). To that come what opening costs: the item fee of a counted
product, the fixed cost of a batch. A lot that may serve several intervals is paid where it begins, and lives on
as long as its shelf life allows; a pass backward over the intervals, with the ages of these lots as states, gives
the least cost of all later days, and a pass forward that of all earlier ones.

Each bound is computed with several tariffs, and the largest counts: in each interval by itself where
tariffs differ only in what serves one interval. Every tariff gives a bound of its own, so that leaving some of them
out leaves a bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from splitter.optimise.bounds.carried import carried
from splitter.optimise.bounds.tables import FAR, DoseTables, Products, add, scaled
from splitter.optimise.day import Allowance, Ways, least_cost
from splitter.optimise.integers import Ints, Mask, Segment, Stage
from splitter.optimise.owed import States, Supplies, Tariff, Tariffs

MEMBERS = 12
"""Products that the bound tells apart; of a larger formulary the others are taken as open and free to open."""

GROUPS = 2
"""Groups of tariffs that are kept, those with the largest bounds on whole plans. Fewer cut off less, but sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What blocks may cost: `goals` [S], each of the intervals from `first` [S] to before `end` [S]."""

    goals: Ints
    first: Ints
    end: Ints

    def of(self, some: slice) -> Limit:
        """The limit of some of them."""
        return Limit(goals=self.goals[some], first=self.first[some], end=self.end[some])


class Account:
    """The bound on single intervals by one tariff. A mask is a set of members as bits, discrete ones first."""

    def __init__(
        self, supplies: Supplies, tables: DoseTables, products: Products, segments: tuple[Segment, ...], tariff: Tariff
    ) -> None:
        self.supplies = supplies
        self.members = products.members
        self.segments = segments
        self.tariff = tariff
        self.masks = np.arange(1 << len(self.members), dtype=np.int64)
        self.day = tables.days(products, tariff.prices)
        self._steps = np.array([segment.step for segment in segments])
        self._days = np.array([segment.days for segment in segments])
        interval = np.array([segment.interval for segment in segments])
        self._ends = np.searchsorted(interval, interval, side="right")

    def fees(self) -> Ints:
        """[2^n] what opening the members of each mask costs in an interval, without lots over several intervals.

        Those are paid where they begin (`Carried`), or not at all where there are too many of them: what a partial
        plan owes for an open lot is its whole opening, so that a share for each interval would charge it again.
        """
        fees = np.zeros(len(self.masks), dtype=np.int64)
        for bit, q in enumerate(self.members):
            if self.supplies.longest(q) == 1:
                fees += (self.masks >> bit & 1) * int(self.tariff.opening[q])
        return fees

    def intervals(self) -> Ints:
        """[V, 2^n] the cost of each interval's days with each mask open."""
        found: Ints = self._tails_anew()[np.concatenate([[0], np.unique(self._ends)[:-1]])]
        return found

    def rests(self, numbers: Ints) -> Ints:
        """[s, 2^n] the cost of the days after some segments, up to the end of their intervals, with each mask open."""
        found: Ints = np.where((numbers + 1 < self._ends[numbers])[:, None], self._tails[numbers + 1], 0)
        return found

    def _tails_anew(self) -> Ints:
        """[S + 1, 2^n] the cost of the days from each segment on, up to the end of its interval; nothing at last."""
        costs = scaled(self.day[self._steps], self._days[:, None])
        far = costs >= FAR
        # Differences of running sums: right even where these pass the integers' end and come round again.
        sums, lost = _running(np.where(far, 0, costs)), _running(far)
        tails = np.zeros_like(sums)
        tails[:-1] = np.where(lost[self._ends] > lost[:-1], FAR, sums[self._ends] - sums[:-1])
        return tails

    @cached_property
    def _tails(self) -> Ints:
        """The same, kept; only of the few tariffs that a search goes by, since the tables are large."""
        return self._tails_anew()


def _running(costs: Ints | Mask) -> Ints:
    """[n + 1, 2^n] the sums of the rows before each."""
    sums = np.zeros((len(costs) + 1, costs.shape[1]), dtype=np.int64)
    np.cumsum(costs, axis=0, out=sums[1:])
    return sums


class Group:
    """The bounds on whole plans by tariffs that agree on the lots over several intervals."""

    def __init__(
        self,
        known: Tariffs,
        tables: DoseTables,
        products: Products,
        segments: tuple[Segment, ...],
        tariffs: tuple[Tariff, ...],
    ) -> None:
        self.known = known
        self.segments = segments
        self.members = products.members
        self.accounts = tuple(Account(known.supplies, tables, products, segments, tariff) for tariff in tariffs)
        self.carried = carried(known.supplies, self.members, tariffs[0])
        self.masks = self.accounts[0].masks
        self.fees = [account.fees() for account in self.accounts]
        self._lots_of_mask = self._carried_bits(self.masks)
        costs = [add(account.intervals(), fees) for account, fees in zip(self.accounts, self.fees, strict=True)]
        self._costs = np.stack(costs, axis=1)
        largest, lots = self._costs.max(axis=1), np.arange(1 << len(self.carried.members))
        self._days = [largest[:, self._lots_of_mask == used].min(axis=1).tolist() for used in lots.tolist()]
        self.later = self._backward()

    @property
    def least(self) -> int:
        """The bound on the whole plan."""
        return int(self.later[0, 0])

    def _carried_bits(self, masks: Ints) -> Ints:
        """[n] the carried lots in each mask, as bits of their own."""
        bits = np.zeros_like(masks)
        for lot, q in enumerate(self.carried.members):
            bits |= (masks >> self.members.index(q) & 1) << lot
        return bits

    def _backward(self) -> Ints:
        """[V + 1, a] the least cost from each visit to the end, by the age of the carried lots."""
        later = [np.zeros(len(self.carried.ages), dtype=np.int64)]
        for interval in reversed(range(len(self._costs))):
            best = np.full(len(self.carried.ages), FAR)
            for used, days in enumerate(self._days):
                place, paid = self.carried.step(interval, used)
                best = np.minimum(best, add(later[-1][place], paid + days[interval]))
            later.append(best)
        return np.array(later[::-1])

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

    def whole(self, limit: Limit) -> Ints:
        """[S] what whole plans may cost when the blocks reach their goals, and all others cost their bounds."""
        found: Ints = limit.goals + self.least - (self.later[limit.first, 0] - self.later[limit.end, 0])
        return found

    def allowed(self, steps: Sequence[Mapping[int, int]], numbers: Sequence[int], limit: Limit) -> Ints:
        """[S, account, 2^n] the most that a day of each step may cost that uses at least the products of each mask.

        `steps` has the days of each step in the intervals it touches, by the interval; `numbers` says which steps they
        are, `limit` what the blocks they are in may cost.
        """
        pairs = [(place, v, days) for place, step in enumerate(steps) for v, days in step.items()]
        place, interval, days = np.array(pairs).T
        given = np.stack([account.day for account in self.accounts], axis=1)[np.array(numbers)[place]]
        through = self.through[interval]
        rest = np.where(through < FAR, through - scaled(given, days[:, None, None]), FAR)
        most = (self.whole(limit)[place, None, None] - _least_of_supersets(rest)) // days[:, None, None]
        found: Ints = np.minimum.reduceat(most, np.flatnonzero(np.diff(place, prepend=-1)))
        return found

    def ahead(self, stage: Stage) -> Ahead:
        """What the days after the segments of a stage cost at least."""
        lots = range(len(self._days))
        moved = [[self.carried.step(interval, used) for used in lots] for interval in stage.intervals.tolist()]
        after = [
            [later[place] + paid for place, paid in row]
            for later, row in zip(self.later[stage.intervals + 1], moved, strict=True)
        ]
        return Ahead(
            group=self,
            stage=stage,
            rests=tuple(map(self._rests, range(len(self.accounts)), [stage.numbers] * len(self.accounts))),
            after=np.array(after),
            beyond=self.later[stage.intervals + 1],
            base=self.later[stage.block_ends, 0],
        )

    def _rests(self, account: int, numbers: Ints) -> Ints:
        """[s, lots, 2^n] the least cost of the rest of an interval that uses these lots, by what is open."""
        fees = self.fees[account]
        days = add(self.accounts[account].rests(numbers), fees)
        lots = np.arange(len(self._days))[:, None]
        least = _least_of_supersets(np.where(self._lots_of_mask == lots, days[:, None, :], FAR))
        return np.where(least < FAR, least - fees, FAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """Bounds on blocks by one group, from the states before or after the segments of a stage.

    For each of the stage's blocks: `rests` [B, lots, 2^n], one an account, the rest of the interval by the lots that it
    uses and the members open; `after` [B, lots, a] and `beyond` [B, a] the intervals that follow, by the ages of the
    lots when this interval begins and when it has ended; `base` [B] what of them lies beyond the block.
    """

    group: Group
    stage: Stage
    rests: tuple[Ints, ...]
    after: Ints
    beyond: Ints
    base: Ints

    def of_states(self, states: States) -> Ints:
        """[n] a bound on the blocks that go on from each state after the stage."""
        stage, group = self.stage, self.group
        block = stage.places[states.block]
        ages = self._ages(states, stage.intervals[block] + stage.ends_interval)
        opened = _gathered(group.members, states.opened)
        bounds = []
        for account, rests in zip(group.accounts, self.rests, strict=True):
            owed = group.known.owed(states, account.tariff)
            later = self.beyond[block, ages] if stage.ends_interval else self._completions(rests, block, opened, ages)
            bounds.append(states.cost + owed + later - self.base[block])
        found: Ints = np.max(bounds, axis=0)
        return found

    def of_pairs(self, states: States, ways: Ways, parent: Ints, chosen: Ints) -> Ints:
        """[p] a bound on the blocks that go on from each `parent` [p] of the states before the stage with each way."""
        stage, group = self.stage, self.group
        members = list(group.members)
        places = stage.places[states.block]
        ages, opened = self._ages(states, stage.intervals[places]), _gathered(group.members, states.opened)
        uses = np.hstack([ways.doses.whole + ways.doses.broken, ways.doses.volume])[:, members] > 0
        masks = opened[parent] | (uses @ (1 << np.arange(len(members))))[chosen]
        block, age = places[parent], ages[parent]
        bounds = []
        for number, account in enumerate(group.accounts):
            fees = group.fees[number]
            so_far = states.cost + group.known.owed(states, account.tariff) - fees[opened] - self.base[places]
            given = stage.days[block] * least_cost(group.known.supplies.grid, ways.doses, account.tariff.prices)[chosen]
            later = self._completions(self.rests[number], block, masks, age)
            bounds.append(so_far[parent] + given + fees[masks] + later)
        found: Ints = np.max(bounds, axis=0)
        return found

    def _completions(self, rests: Ints, block: Ints, opened: Ints, ages: Ints) -> Ints:
        """[n] the least cost of the rest of an interval and all later ones, by the products open and the ages."""
        best = np.full(len(block), FAR)
        for used in range(rests.shape[1]):
            best = np.minimum(best, rests[block, used, opened] + self.after[block, used, ages])
        return best

    def _ages(self, states: States, interval: Ints) -> Ints:
        """[n] the place of the ages of each state's carried lots, counted from its `interval` [n] on."""
        carried = self.group.carried
        lots = list(carried.members)
        # A lot without a shelf life has no beginning in the state: any that is in use serves to the end.
        since = np.where((states.since < 0) & (states.use > 0), 0, states.since)[:, lots]
        reach = np.take_along_axis(carried.reach.T, np.maximum(since, 0), axis=0)
        return carried.place(np.where(since < 0, 0, np.maximum(since + reach - interval[:, None], 0)))


class Skeleton:
    """The bounds of one search, each the largest of the tariffs' bounds."""

    def __init__(
        self, tariffs: Tariffs, tables: DoseTables, products: tuple[int, ...], segments: tuple[Segment, ...]
    ) -> None:
        self.supplies = tariffs.supplies
        ranked = sorted(products, key=lambda q: (q not in self.supplies.lots, q))
        self._split = Products(members=tuple(sorted(ranked[:MEMBERS])), free=tuple(ranked[MEMBERS:]))
        self._tables = tables
        self._segments = segments
        self.members = self._split.members
        self._known = tariffs
        self._tariffs = tariffs.groups(products)
        self.groups: tuple[Group, ...] = (self._group(next(self._tariffs)),)

    def deepen(self) -> None:
        """Take the tariffs into account that the first bound left out."""
        groups = [*self.groups, *map(self._group, self._tariffs)]
        self.groups = tuple(sorted(groups, key=lambda group: -group.least)[:GROUPS])

    def _group(self, tariffs: tuple[Tariff, ...]) -> Group:
        return Group(self._known, self._tables, self._split, self._segments, tariffs)

    @property
    def carried(self) -> tuple[int, ...]:
        """The lots that may serve several intervals."""
        return self.groups[0].carried.members

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

    def open_sets(self, interval: int, limit: Limit) -> Ints:
        """The largest sets of members that a plan within the limit of one block may use in an interval, as masks."""
        parts = [group.through[interval].max(axis=0) <= group.whole(limit) for group in self.groups]
        within = np.all(parts, axis=0)
        above = _any_superset(within)
        largest = within.copy()
        for bit in range(len(self.members)):
            step = 1 << bit
            lower = np.flatnonzero(np.arange(len(within)) & step == 0)
            largest[lower] &= ~above[lower | step]
        return np.flatnonzero(largest)

    def between(self, first: int, end: int) -> int:
        """The bound on the intervals from `first` to before `end`, a block, with no lot open at either end."""
        return max(int(group.later[first, 0] - group.later[end, 0]) for group in self.groups)

    def allowance(self, steps: Sequence[Mapping[int, int]], numbers: Sequence[int], limit: Limit) -> Allowance:
        """What a day of each step may cost in a plan within the limit; the arguments are those of `Group.allowed`."""
        accounts = [account for group in self.groups for account in group.accounts]
        bits = np.zeros(len(self.supplies.products), dtype=np.int64)
        bits[list(self.members)] = 1 << np.arange(len(self.members))
        return Allowance(
            grid=self.supplies.grid,
            prices=np.array([account.tariff.prices for account in accounts]),
            bits=bits,
            most=np.concatenate([group.allowed(steps, numbers, limit) for group in self.groups], axis=1),
        )

    def ahead(self, stage: Stage) -> tuple[Ahead, ...]:
        """The bounds that reach over the days after a stage, one a group."""
        return tuple(group.ahead(stage) for group in self.groups)


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
