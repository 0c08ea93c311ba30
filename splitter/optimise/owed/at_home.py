"""What the patient has, as columns of the states: how days take from it, and the most that it can still save.

Giving a plan's regimens without anything at home costs no more than the plan and what home saves it; so a bound that
knows nothing of home, less the most that home can save, is a bound. A counted unit saves at most its price, a fragment
a unit and its cut, and each may make an item of one interval needless. A lot saves in each interval or window no more
than a lot of all that is left of it would cost: two lots are never cheaper than one, but for what each costs alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from splitter.optimise.integers import TWELFTHS, Ints
from splitter.optimise.owed.supplies import Supplies
from splitter.problem import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What days need of each product: whole units, broken twelfths, volume units [n, Q each]."""

    whole: Ints
    broken: Ints
    volume: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """What there is of one product in one shape: `twelfths` of a unit or of volume units, how much at the start.

    `is_lot`: it serves whole days, until `last_day`. `times` are the intervals or windows in which it may save an item.
    """

    product: int
    twelfths: int
    amount: int
    is_lot: bool
    last_day: int | None
    times: int


class AtHome:
    """The columns of one grid's products that are at home; there are none where nothing is."""

    def __init__(self, supplies: Supplies) -> None:
        self.supplies = supplies
        problem = supplies.grid.problem
        stated = [(q, problem.home(product.id)) for q, product in enumerate(supplies.products)]
        self.columns = tuple(column for q, home in stated if home for column in self._columns(q, home))
        self.products = frozenset(column.product for column in self.columns)
        self.start = np.array([column.amount for column in self.columns], dtype=np.int64)

    def serve(self, left: Ints, need: Need, days: Ints, first: Ints) -> tuple[Ints, Need]:
        """(what is left at home [n, C], what the pharmacy must supply) of `days` [n] alike from day `first` [n] on."""
        if not self.columns:
            return left, need
        left = left.copy()
        whole, broken, volume = need.whole.copy(), need.broken.copy(), need.volume.copy()
        for place, column in enumerate(self.columns):
            q = column.product
            if column.is_lot:
                table = volume if self.supplies.products[q].is_liquid else whole
                left[:, place], table[:, q] = _from_lot(column, left[:, place], table[:, q], days, first)
            elif column.twelfths == TWELFTHS:
                taken = np.minimum(left[:, place], whole[:, q])
                left[:, place] -= taken
                whole[:, q] -= taken
            else:
                taken = np.minimum(left[:, place], broken[:, q] // column.twelfths)
                left[:, place] -= taken
                broken[:, q] -= taken * column.twelfths
        return left, Need(whole=whole, broken=broken, volume=volume)

    def worth(self, left: Ints) -> Ints:
        """[n] the most that what is left at home [n, C] can still save."""
        total = np.zeros(len(left), dtype=np.int64)
        for place, column in enumerate(self.columns):
            total += self._worth_of(column, left[:, place])
        return total

    def _worth_of(self, column: _Column, left: Ints) -> Ints:
        supplies, q = self.supplies, column.product
        if column.is_lot:
            saved: Ints = column.times * (left > 0) * (supplies.costs(q, left) + supplies.item_fee)
            return saved
        # One unit alone is the dearest, in packs too.
        is_packed = q in supplies.packs
        unit = int(supplies.costs(q, np.ones(1, dtype=np.int64))[0] if is_packed else supplies.unit_prices[q])
        cut = supplies.split_fee if column.twelfths != TWELFTHS else 0
        found: Ints = left * (unit + cut) + np.minimum(left, column.times) * supplies.item_fee
        return found

    def _columns(self, product: int, home: Home) -> list[_Column]:
        supplies = self.supplies
        is_lot = supplies.products[product].has_lots
        amount = home.volume * supplies.grid.volume_scale if supplies.products[product].is_liquid else home.whole
        shapes = [(TWELFTHS, int(amount))]
        if not is_lot:
            shapes.append((int(home.size * TWELFTHS), home.fragments))
        return [
            _Column(
                product=product,
                twelfths=twelfths,
                amount=count,
                is_lot=is_lot,
                last_day=home.last_day,
                times=self._times(product, home.last_day),
            )
            for twelfths, count in shapes
            if count
        ]

    def _times(self, product: int, last_day: int | None) -> int:
        """In how many intervals, or windows, use until a day may fall."""
        problem = self.supplies.grid.problem
        days = problem.days if last_day is None else min(last_day + 1, problem.days)
        begun = [(first, end) for first, end in pairwise(problem.bounds) if first < days]
        life = self.supplies.products[product].shelf_life
        if product not in self.supplies.windowed or life is None:
            return len(begun)
        return sum(-(-(min(end, days) - first) // life) for first, end in begun)


def _from_lot(column: _Column, left: Ints, need: Ints, days: Ints, first: Ints) -> tuple[Ints, Ints]:
    """([n] what is left of a lot, [n] the need that it doesn't serve) of `days` [n] alike from `first` [n] on."""
    a_day = need // days
    suffices = np.where(a_day > 0, left // np.maximum(a_day, 1), days)
    if column.last_day is not None:
        suffices = np.minimum(suffices, np.maximum(column.last_day + 1 - first, 0))
    served = np.minimum(suffices, days)
    # The first day that it can't serve ends it, and so does the day after its last.
    ended = (served < days) & (a_day > 0)
    return np.where(ended, 0, left - served * a_day), (days - served) * a_day
