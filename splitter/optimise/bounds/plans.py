"""The bound on whole plans by one group of tariffs: the shortest path over which products are open in each interval.

A plan opens a set M of products in each interval v, and begins lots that may serve the next ones. With cost[v, M] for
the days and what serves the interval alone, and the opening of lots where they begin, the least plan is a shortest path
whose nodes are the ages of the lots at each visit: a pass backward gives the least cost of all that follows a visit, a
pass forward that of all before it. Where the tariffs of the group differ, in what serves one interval, the largest
bound on each interval counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from splitter.optimise.bounds.carried import carried
from splitter.optimise.bounds.intervals import IntervalBound
from splitter.optimise.bounds.poured import FAR, add, scaled
from splitter.optimise.bounds.sets import least_of_supersets
from splitter.optimise.bounds.tables import DoseTables, Products
from splitter.optimise.integers import Ints, Segment, Shares
from splitter.optimise.owed import Tariff, Tariffs


@dataclass(frozen=True, slots=True, kw_only=True)
class Goals:
    """What blocks may cost: `most` [S] money units for the intervals from `first` [S] to before `end` [S]."""

    most: Ints
    first: Ints
    end: Ints

    def of(self, some: slice) -> Goals:
        """The goals of some of them."""
        return Goals(most=self.most[some], first=self.first[some], end=self.end[some])


class PlanBound:
    """The bound on whole plans by a group of tariffs that agree on the lots over several intervals.

    `parts` are the bounds on intervals by each tariff of the group. `later` [V + 1, a] is the least cost from each
    visit to the end, by the ages of the carried lots; `lots_of` [2^n] are the carried lots in each mask, as bits of
    their own.
    """

    def __init__(
        self,
        tariffs: Tariffs,
        group: tuple[Tariff, ...],
        tables: DoseTables,
        products: Products,
        segments: tuple[Segment, ...],
    ) -> None:
        self.tariffs = tariffs
        self.members = products.members
        self.parts = tuple(IntervalBound(tariffs.supplies, tables, products, segments, tariff) for tariff in group)
        self.carried = carried(tariffs.supplies, self.members, group[0])
        self.lots_of = self._lots_of(np.arange(1 << len(self.members), dtype=np.int64))
        self.lot_sets = range(1 << len(self.carried.members))
        self._costs = np.stack([part.intervals() for part in self.parts], axis=1)
        largest = self._costs.max(axis=1)
        self._by_lots = [largest[:, self.lots_of == lots].min(axis=1).tolist() for lots in self.lot_sets]
        self.later = self._backward()

    @property
    def least(self) -> int:
        """The bound on the whole plan."""
        return int(self.later[0, 0])

    def _lots_of(self, masks: Ints) -> Ints:
        lots = np.zeros_like(masks)
        for bit, q in enumerate(self.carried.members):
            lots |= (masks >> self.members.index(q) & 1) << bit
        return lots

    def _backward(self) -> Ints:
        """What `later` holds, from the last interval to the first."""
        later = [np.zeros(len(self.carried.ages), dtype=np.int64)]
        for interval in reversed(range(len(self._costs))):
            best = np.full(len(self.carried.ages), FAR)
            for lots, days in enumerate(self._by_lots):
                age_after, paid = self.carried.step(interval, lots)
                best = np.minimum(best, add(later[-1][age_after], paid + days[interval]))
            later.append(best)
        return np.array(later[::-1])

    @cached_property
    def through(self) -> Ints:
        """[V, tariff, 2^n] a bound on plans that open, in an interval, just the products of a mask."""
        before = np.full(len(self.carried.ages), FAR)
        before[0] = 0
        around = np.full((len(self._costs), len(self._by_lots)), FAR)
        for interval in range(len(self._costs)):
            after = np.full(len(before), FAR)
            for lots, days in enumerate(self._by_lots):
                age_after, paid = self.carried.step(interval, lots)
                spent = before + paid
                around[interval, lots] = add(spent, self.later[interval + 1][age_after]).min()
                np.minimum.at(after, age_after, np.minimum(spent + days[interval], FAR))
            before = after
        return add(self._costs, around[:, None, self.lots_of])

    def between(self, first: Ints | int, end: Ints | int) -> Ints:
        """The bound on the intervals from `first` to before `end`, a block, with no lot open at either end."""
        block: Ints = self.later[first, 0] - self.later[end, 0]
        return block

    def whole(self, goals: Goals) -> Ints:
        """[S] what whole plans may cost when the blocks reach their goals, and all others cost their bounds."""
        whole: Ints = goals.most + self.least - self.between(goals.first, goals.end)
        return whole

    def allowed(self, shares: Shares, goals: Goals) -> Ints:
        """[S, tariff, 2^n] the most that a day of each step may cost that uses at least the products of each mask.

        A plan that opens M in an interval costs at least through[M], of which m·day[M] is for the m days that a step
        has there. Where one of them costs c instead, the plan costs at least through[M] - m·day[M] + m·c, which must
        not pass what the whole may cost. The day uses some of M, so that its M is the best of those which contain what
        it uses; and it is the same day in all intervals that the step touches, so that the strictest of them counts.
        """
        days = shares.days[:, None, None]
        day = np.stack([part.day[shares.step] for part in self.parts], axis=1)
        through = self.through[shares.interval]
        other_days = np.where(through < FAR, through - scaled(day, days), FAR)
        most = (self.whole(goals)[shares.place, None, None] - least_of_supersets(other_days)) // days
        strictest: Ints = np.minimum.reduceat(most, shares.first_of_each)
        return strictest
