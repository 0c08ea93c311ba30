"""Which ways of giving a day can't be part of any best plan, because another way beats them everywhere.

Take any plan that gives way b on all n days of a step, and give way a instead. In an interval that holds m of
these days a discrete product needs ceil(x + m·F_a) instead of ceil(x + m·F_b) units for its fractions, with the
same unknown x from other steps; and ceil(x + y) - ceil(x) is at most ceil(y). So the cost rises by at most

    sum over products of price · (m·(W_a - W_b) + ceil(m·(F_a - F_b))) + split fee · ceil(m·(F_a - F_b))
    + the item fee for each product that a uses and b doesn't,

as long as a uses no more of any liquid, and needs no more units of anything that comes in packs or batches,
whose costs never fall with use. When that bound is negative, b is in no best plan. When it is zero, b is in none
either if a splits fewer pieces, or as many and gives fewer: whatever b's plan costs, a's costs no more. Of what the
patient has at home a must use no more either; that it uses less counts for nothing, since it may have been free.
"""

from __future__ import annotations

import numpy as np

from splitter.formulary import Loose
from splitter.optimise.day.options import Doses, least_cost
from splitter.optimise.integers import TWELFTHS, Grid, Ints, Mask
from splitter.optimise.limits import Budget

CHAMPIONS = 64
"""How many ways are tried against the others. Fewer prune less; the answer stays the same."""


class Exchange:
    """Bounds on what it costs to give one way instead of another, for a step that spans given intervals.

    `days` holds the number of the step's days in each interval that it touches.
    """

    def __init__(self, grid: Grid, days: tuple[int, ...]) -> None:
        problem = grid.problem
        loose = [isinstance(p.supply, Loose) for p in grid.discrete]
        self.prices = np.array(
            [grid.money(p.supply.price.value) if isinstance(p.supply, Loose) else 0 for p in grid.discrete],
            dtype=np.int64,
        )
        self.bulk = ~np.array(loose, dtype=bool)
        self.at_home = np.array([problem.home(product.id) is not None for product in grid.discrete], dtype=bool)
        self.split_fee = grid.money(problem.costs.split_fee.value)
        self.item_fee = grid.money(problem.costs.item_fee.value)
        self.limits_products = problem.policy.max_products > 0
        self.days = days
        self.grid = grid

    def survivors(self, doses: Doses, groups: Ints | None = None, budget: Budget | None = None) -> Ints:
        """The rows that no champion of their own group [n] beats, by group, cheapest first.

        Raises LimitReachedError when the budget, if any, ends first.
        """
        if len(doses) <= 1:
            return np.arange(len(doses))
        groups = np.zeros(len(doses), dtype=np.int64) if groups is None else groups
        left = np.lexsort((least_cost(self.grid, doses, self.grid.rates), groups))
        for place in range(CHAMPIONS):
            if budget is not None:
                budget.spend()
            labels = groups[left]
            champion = np.searchsorted(labels, labels) + place
            tried = np.flatnonzero(champion < np.searchsorted(labels, labels, side="right"))
            if not len(tried):
                break
            beaten = np.zeros(len(left), dtype=bool)
            beaten[tried] = self._beaten(doses[left[champion[tried]]], doses[left[tried]])
            left = left[~beaten]
        return left

    def _beaten(self, ways: Doses, doses: Doses) -> Mask:
        """[n] whether each row is beaten by the row of `ways` beside it."""
        rise, holds = self._rises(ways, doses)
        fewer = (ways.splits < doses.splits) | ((ways.splits == doses.splits) & (ways.events < doses.events))
        beaten: Mask = holds & ((rise < 0) | ((rise == 0) & fewer))
        return beaten

    def _rises(self, ways: Doses, doses: Doses) -> tuple[Ints, Mask]:
        """([n] bounds on the rise from each row to the row of `ways` beside it, [n] whether the bound holds)."""
        whole = ways.whole - doses.whole
        broken = ways.broken - doses.broken
        new = (ways.whole + ways.broken > 0) & (doses.whole + doses.broken == 0)
        holds: Mask = np.all(ways.volume <= doses.volume, axis=1)
        if self.limits_products:
            holds &= ~new.any(axis=1)
        holds &= (whole[:, self.at_home] <= 0).all(axis=1) & (broken[:, self.at_home] <= 0).all(axis=1)
        whole, broken = np.where(self.at_home, 0, whole), np.where(self.at_home, 0, broken)
        rise: Ints = sum(self.days) * (ways.burden - doses.burden)
        for count in self.days:
            cuts = -(-count * broken // TWELFTHS)
            units = count * whole + cuts
            holds &= (units[:, self.bulk] <= 0).all(axis=1)
            rise = rise + units @ self.prices + self.split_fee * cuts.sum(axis=1) + self.item_fee * new.sum(axis=1)
        return rise, holds
