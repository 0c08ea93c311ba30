"""The bound on single intervals by one tariff: what their days cost at least with each set of products open."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from splitter.optimise.bounds.poured import FAR, add, scaled
from splitter.optimise.bounds.tables import DoseTables, Products
from splitter.optimise.integers import Ints, Mask, Segment
from splitter.optimise.owed import Supplies, Tariff


class IntervalBound:
    """Days of a plan at one tariff's prices of use. A mask is a set of members as bits, discrete ones first.

    `day` [steps, 2^n] is what a day of each step costs at least with only the products of a mask open. `fees` [2^n] is
    what opening them costs in an interval, without lots over several intervals: those are paid where they begin
    (`Carried`), or not at all where there are too many of them. What a partial plan owes for an open lot is its whole
    opening, so that a share for each interval would charge it again.
    """

    def __init__(
        self, supplies: Supplies, tables: DoseTables, products: Products, segments: tuple[Segment, ...], tariff: Tariff
    ) -> None:
        self.tariff = tariff
        self.day = tables.days(products, tariff.prices)
        self.fees = _fees(supplies, products.members, tariff)
        self._steps = np.array([segment.step for segment in segments])
        self._days = np.array([segment.days for segment in segments])
        interval = np.array([segment.interval for segment in segments])
        self._ends = np.searchsorted(interval, interval, side="right")

    def intervals(self) -> Ints:
        """[V, 2^n] the cost of each interval's days with each mask open, its fees among it."""
        # Each interval but the first begins with the segment in which the one before has its end.
        first = np.concatenate([[0], np.unique(self._ends)[:-1]])
        return add(self._tails_anew()[first], self.fees)

    def rests(self, numbers: Ints) -> Ints:
        """[s, 2^n] the cost of the days after some segments, up to the end of their intervals, with each mask open."""
        has_rest = numbers + 1 < self._ends[numbers]
        rests: Ints = np.where(has_rest[:, None], self._tails[numbers + 1], 0)
        return rests

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


def _fees(supplies: Supplies, members: tuple[int, ...], tariff: Tariff) -> Ints:
    masks = np.arange(1 << len(members), dtype=np.int64)
    fees = np.zeros_like(masks)
    for bit, q in enumerate(members):
        if supplies.longest(q) == 1:
            fees += (masks >> bit & 1) * int(tariff.opening[q])
    return fees


def _running(costs: Ints | Mask) -> Ints:
    """[n + 1, 2^n] the sums of the rows before each."""
    sums = np.zeros((len(costs) + 1, costs.shape[1]), dtype=np.int64)
    np.cumsum(costs, axis=0, out=sums[1:])
    return sums
