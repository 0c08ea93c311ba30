"""Lower bounds from the skeleton of a plan: which products are open in which interval.

Given the set O of products that may be used in an interval, a day of dose T costs at least f(O, T), the least sum
of linear prices of pieces and volumes that make T (`tables`; division over the times and roundings up are left out, so
it is a bound). To that come what opening costs: the item fee of a counted product, the fixed cost of a batch
(`intervals`). A lot that may serve several intervals is paid where it begins, and lives on as long as its shelf life
allows (`carried`, `plans`).

Each bound is computed with several tariffs, and the largest counts: in each interval by itself where tariffs differ
only in what serves one interval, over whole plans elsewhere. Every tariff gives a bound of its own, so that leaving
some of them out leaves a bound.
"""

from __future__ import annotations

import numpy as np

from splitter.optimise.bounds.ahead import Ahead
from splitter.optimise.bounds.plans import Goals, PlanBound
from splitter.optimise.bounds.sets import largest_sets
from splitter.optimise.bounds.tables import DoseTables, Products
from splitter.optimise.day import Allowance
from splitter.optimise.integers import Ints, Segment, Shares, Stage
from splitter.optimise.owed import Tariff, Tariffs

MEMBERS = 12
"""Products that the bound tells apart; of a larger formulary the others are taken as open and free to open."""

GROUPS = 2
"""Groups of tariffs that are kept, those with the largest bounds on whole plans. Fewer cut off less, but sooner."""


class Skeleton:
    """The bounds of one search, each the largest of the tariffs' bounds."""

    def __init__(
        self, tariffs: Tariffs, tables: DoseTables, products: tuple[int, ...], segments: tuple[Segment, ...]
    ) -> None:
        self.supplies = tariffs.supplies
        ranked = sorted(products, key=lambda q: (q not in self.supplies.lots, q))
        self._split = Products(members=tuple(sorted(ranked[:MEMBERS])), free=tuple(ranked[MEMBERS:]))
        self._tariffs = tariffs
        self._tables = tables
        self._segments = segments
        self.members = self._split.members
        self._groups_left = tariffs.groups(products)
        self.bounds: tuple[PlanBound, ...] = (self._bound(next(self._groups_left)),)

    def deepen(self) -> None:
        """Take the tariffs into account that the first bound left out."""
        for group in self._groups_left:
            bounds = [*self.bounds, self._bound(group)]
            self.bounds = tuple(sorted(bounds, key=lambda bound: -bound.least)[:GROUPS])

    def _bound(self, group: tuple[Tariff, ...]) -> PlanBound:
        return PlanBound(self._tariffs, group, self._tables, self._split, self._segments)

    @property
    def carried(self) -> tuple[int, ...]:
        """The lots that may serve several intervals."""
        return self.bounds[0].carried.members

    @property
    def least(self) -> int:
        """The bound on whole plans."""
        return max(bound.least for bound in self.bounds)

    def least_with(self, product: int) -> int:
        """The bound on plans that use a product: in some interval it is open."""
        if product not in self.members:
            return self.least
        has_it = np.arange(1 << len(self.members)) >> self.members.index(product) & 1 == 1
        return max(self.least, *(int(bound.through.max(axis=1)[:, has_it].min()) for bound in self.bounds))

    def between(self, first: int, end: int) -> int:
        """The bound on the intervals from `first` to before `end`, a block, with no lot open at either end."""
        return max(int(bound.between(first, end)) for bound in self.bounds)

    def open_sets(self, interval: int, goals: Goals) -> Ints:
        """The largest sets of members that a plan within the goal of one block may use in an interval, as masks."""
        within = [bound.through[interval].max(axis=0) <= bound.whole(goals) for bound in self.bounds]
        return largest_sets(np.all(within, axis=0))

    def allowance(self, shares: Shares, goals: Goals) -> Allowance:
        """What a day of each step may cost in a plan within the goals, one for each step."""
        bits = np.zeros(len(self.supplies.products), dtype=np.int64)
        bits[list(self.members)] = 1 << np.arange(len(self.members))
        return Allowance(
            grid=self.supplies.grid,
            prices=np.array([part.tariff.prices for bound in self.bounds for part in bound.parts]),
            bits=bits,
            most=np.concatenate([bound.allowed(shares, goals) for bound in self.bounds], axis=1),
        )

    def ahead(self, stage: Stage) -> tuple[Ahead, ...]:
        """The bounds that reach over the days after a stage, one for each group of tariffs."""
        return tuple(Ahead.of(bound, stage) for bound in self.bounds)
