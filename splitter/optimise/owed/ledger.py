"""How days, windows and visits change what partial plans carry and have cost.

Costs are added the moment they are certain: of counted products with each unit, of packs with the interval, of windows
and lots with their end. Counted products carry the broken twelfths of their last unit, which is paid already, and in
packs the units so far; bottles and batches carry the use of their open lot or window.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from splitter.optimise.day import Doses, Ways
from splitter.optimise.integers import TWELFTHS, Ints, Mask
from splitter.optimise.owed.at_home import AtHome, Need
from splitter.optimise.owed.states import NO_LOT, States, join
from splitter.optimise.owed.supplies import Supplies


def _needed(doses: Doses, days: Ints) -> Need:
    """The need of `days` [n] like each row."""
    no_discrete, no_liquid = np.zeros_like(doses.whole), np.zeros_like(doses.volume)
    return Need(
        whole=np.hstack([doses.whole, no_liquid]) * days[:, None],
        broken=np.hstack([doses.broken, no_liquid]) * days[:, None],
        volume=np.hstack([no_discrete, doses.volume]) * days[:, None],
    )


def _uses(need: Need) -> Mask:
    """[n, Q] whether anything of a product is needed."""
    any_use: Mask = need.whole + need.broken + need.volume > 0
    return any_use


class Ledger:
    """The accounts of a search, in which each state is a row."""

    def __init__(self, supplies: Supplies) -> None:
        self.supplies = supplies
        self.at_home = AtHome(supplies)
        self._bits = 1 << np.arange(len(supplies.products), dtype=np.int64)
        self._bulk = np.concatenate([supplies.windowed, supplies.lots])

    def spend(self, states: States, ways: Ways, way: Ints, when: tuple[Ints, Ints, Ints]) -> States:
        """Give each state its `way` [n] on days: how many, the first of them, their interval [n each] in `when`."""
        (days, first, interval), supplies, day = when, self.supplies, ways.doses[way]
        needed = _needed(day, days)
        home, need = self.at_home.serve(states.home, needed, days, first)
        uses = _uses(need)
        twelfths = states.broken + need.broken
        cut = -(-twelfths // TWELFTHS) - (states.broken > 0)
        units = need.whole + cut
        fees = supplies.split_fee * cut.sum(axis=1) + supplies.item_fee * self._items_begun(uses, states.opened)
        loose = units[:, supplies.loose] @ supplies.unit_prices[supplies.loose]
        return replace(
            states,
            broken=twelfths % TWELFTHS,
            units=_added(states.units, units, supplies.packs),
            use=_added(states.use, need.whole + need.volume, self._bulk),
            since=self._lots_begun(states.since, uses, interval),
            opened=states.opened | uses @ self._bits,
            home=home,
            used=states.used | _uses(needed) @ self._bits,
            deviation=states.deviation + days * ways.deviation[way],
            cost=states.cost + loose + fees + days * day.burden,
            splits=states.splits + days * day.splits,
            events=states.events + days * day.events,
        )

    def end_windows(self, states: States, products: tuple[int, ...]) -> States:
        """Pay for the use of the windows that end."""
        use, cost = states.use.copy(), states.cost.copy()
        for product in products:
            cost += self.supplies.costs(product, use[:, product])
            use[:, product] = 0
        return replace(states, use=use, cost=cost)

    def end_interval(self, states: States, interval: Ints, *, ends_block: bool) -> States:
        """Pay for packs, forget fragments, and let each open lot end or go on where its shelf life allows.

        `interval` [n] is the one that ends; where the block ends with it, so do all lots.
        """
        states = replace(
            states,
            cost=states.cost + self._packs_of(states.units),
            broken=np.zeros_like(states.broken),
            units=np.zeros_like(states.units),
            opened=np.zeros_like(states.opened),
        )
        if ends_block:
            for product in self.supplies.lots.tolist():
                states = self._end_lot(states, product)
            return states
        for product in self.supplies.dated.tolist():
            # Each state ends the lot, and once more goes on with it if it may.
            going_on = self._may_go_on(states.since[:, product], product, interval + 1)
            states = join([self._end_lot(states, product), states.pick(going_on)])
            interval = np.concatenate([interval, interval[going_on]])
        return states

    def _items_begun(self, uses: Mask, opened: Ints) -> Ints:
        """[n] the products whose item of this interval is handed over for these uses, of those that have one each."""
        products = self.supplies.handed_once
        before = opened[:, None] >> products & 1
        begun: Ints = (uses[:, products] & (before == 0)).sum(axis=1)
        return begun

    def _lots_begun(self, since: Ints, uses: Mask, interval: Ints) -> Ints:
        """[n, Q] since when lots are open, after these uses in an interval [n]."""
        dated, begun = self.supplies.dated, since.copy()
        begins = (since[:, dated] == NO_LOT) & uses[:, dated]
        begun[:, dated] = np.where(begins, interval[:, None], since[:, dated])
        return begun

    def _may_go_on(self, since: Ints, product: int, following: Ints) -> Ints:
        """The states whose open lot of a product may also serve the interval `following` [n]."""
        reach = self.supplies.reach(product)
        return np.flatnonzero((since != NO_LOT) & (following < since + reach[since]))

    def _end_lot(self, states: States, product: int) -> States:
        use, since = states.use.copy(), states.since.copy()
        cost = states.cost + self.supplies.costs(product, use[:, product])
        use[:, product], since[:, product] = 0, NO_LOT
        return replace(states, use=use, since=since, cost=cost)

    def _packs_of(self, units: Ints) -> Ints:
        """[n] what the packs for units [n, Q] cost."""
        cost = np.zeros(len(units), dtype=np.int64)
        for product in self.supplies.packs.tolist():
            cost += self.supplies.costs(product, units[:, product])
        return cost


def _added(table: Ints, amounts: Ints, products: Ints) -> Ints:
    """A table [n, Q] with amounts [n, Q] of some products added to it."""
    longer = table.copy()
    longer[:, products] += amounts[:, products]
    return longer
