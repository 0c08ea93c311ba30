"""Prices that no plan undercuts, and what a partial plan still owes for its open packs and lots beyond them.

An item that serves a use u > 0 costs c(u), which never falls with u. Two bounds on it are linear: c(u) is at least what
the smallest item costs, c(1); and at least what beginning one costs, with the fee and the making, and the lowest rate
for each unit of use. The first is near for little use, the second for much. Making in turn falls due for each batch of
at most so much, so that some of it may be counted as a rate instead. Any weighed mean of bounds is a bound. A tariff is
one choice of these means, a product at a time, in parts of PARTS.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from splitter.formulary import Batch, Bottles, Loose
from splitter.optimise.integers import TWELFTHS, Ints
from splitter.optimise.owed.states import States
from splitter.optimise.owed.supplies import Supplies

PARTS = 4
"""The parts in which two bounds are weighed against each other."""

_BY_ITEM = (0, PARTS // 2, PARTS)
"""Parts that the smallest item has against beginning one and a rate, in the tariffs tried."""

_MAKING_BY_USE = (0, 1, 2, PARTS)
"""Parts of the making of batches that are counted by their use, in the tariffs tried."""

Parts = Mapping[int, int]
"""Parts of PARTS by product; the others have none."""

TariffKey = tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]
"""The parts by item and the making by use, of a tariff, each as pairs of a product and its parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """Prices that no plan undercuts, for the products of a grid, in money units.

    An item for a use u > 0 costs at least `opening` + `prices`·u [Q each]; `prices` are for a unit or volume unit, and
    multiples of 12 for units. `begun` [Q] is the fee and that part of the making which is no price of use; `by_item`
    [Q] says how many parts of the opening are the smallest item, all others being `begun`.
    """

    prices: Ints
    begun: Ints
    opening: Ints
    by_item: Ints


class Tariffs:
    """The tariffs of one grid's products. `known` keeps those that were worked out."""

    def __init__(self, supplies: Supplies, known: dict[TariffKey, Tariff]) -> None:
        self.supplies = supplies
        self._known = known

    def groups(self, products: Sequence[int]) -> Iterator[tuple[Tariff, ...]]:
        """Tariffs for plans of these products, in groups that price lots over several intervals alike.

        Within a group the parts by item change of whatever serves one interval; between the groups those of bottles
        over several intervals, and the parts by use of the making of batches over several that have a limited size.
        """
        brief = [q for q in products if not self._is_carried(q) and not isinstance(self._supply(q), Loose)]
        bottles = [q for q in products if self._is_carried(q) and isinstance(self._supply(q), Bottles)]
        batches = [q for q in products if self._is_carried(q) and self._is_batch_of_limited_size(q)]
        for of_bottles, of_batches in itertools.product(_tried(_BY_ITEM, bottles), _tried(_MAKING_BY_USE, batches)):
            yield tuple(
                self._tariff(
                    by_item=dict.fromkeys(brief, of_brief) | dict.fromkeys(bottles, of_bottles),
                    making_by_use=dict.fromkeys(batches, of_batches),
                )
                for of_brief in _tried(_BY_ITEM, brief)
            )

    def owed(self, states: States, tariff: Tariff) -> Ints:
        """[n] the least that the open packs, windows and lots cost, beyond a tariff's price of use yet to come.

        What an item serves so far is known here, so its part by item is what it costs already, not the smallest.
        """
        supplies = self.supplies
        amounts = states.units + states.use
        cost: Ints = amounts @ tariff.prices - self._prepaid(states, tariff)
        for product in (*supplies.packs.tolist(), *supplies.windowed.tolist(), *supplies.lots.tolist()):
            amount, by_item = amounts[:, product], int(tariff.by_item[product])
            if not amount.any():
                continue
            if product in supplies.has_item_a_lot:
                cost = cost + (amount > 0) * ((PARTS - by_item) * tariff.begun[product] // PARTS)
            if by_item:
                cost = cost + by_item * supplies.costs(product, amount) // PARTS
        return cost

    def _prepaid(self, states: States, tariff: Tariff) -> Ints:
        """[n] what is paid already of later use: the fragments left of cut units, which a price of use counts again."""
        counted = self.supplies.counted
        left = np.where(states.broken > 0, TWELFTHS - states.broken, 0)[:, counted]
        prepaid: Ints = left @ ((tariff.prices[counted] + self.supplies.split_fee) // TWELFTHS)
        return prepaid

    def _supply(self, product: int) -> object:
        return self.supplies.products[product].supply

    def _is_carried(self, product: int) -> bool:
        """Whether one lot may serve several intervals."""
        return self.supplies.longest(product) > 1

    def _is_batch_of_limited_size(self, product: int) -> bool:
        supply = self._supply(product)
        return isinstance(supply, Batch) and supply.maximum is not None

    def _tariff(self, *, by_item: Parts, making_by_use: Parts) -> Tariff:
        key = _pairs(by_item), _pairs(making_by_use)
        if key not in self._known:
            self._known[key] = self._tariff_anew(by_item, making_by_use)
        return self._known[key]

    def _tariff_anew(self, by_item: Parts, making_by_use: Parts) -> Tariff:
        supplies, count = self.supplies, len(self.supplies.products)
        prices, begun, opening = (np.zeros(count, dtype=np.int64) for _ in range(3))
        for q in range(count):
            parts, by_use = by_item.get(q, 0), making_by_use.get(q, 0)
            begun[q] = supplies.item_fee + supplies.making[q] * (PARTS - by_use) // PARTS
            smallest = supplies.smallest(q) if parts else 0
            opening[q] = (parts * smallest + (PARTS - parts) * begun[q]) // PARTS
            # A twelfth of a unit has a whole price too.
            grain = 1 if supplies.products[q].is_liquid else TWELFTHS
            rate = int(supplies.grid.rates[q]) + self._making_rate(q, by_use)
            prices[q] = rate * (PARTS - parts) // (PARTS * grain) * grain
        shares = np.array([by_item.get(q, 0) for q in range(count)], dtype=np.int64)
        return Tariff(prices=prices, begun=begun, opening=opening, by_item=shares)

    def _making_rate(self, product: int, parts: int) -> int:
        """So many parts of the making of full batches, for a unit or volume unit of use."""
        supply = self._supply(product)
        if not parts or not isinstance(supply, Batch) or supply.maximum is None:
            return 0
        scale = self.supplies.grid.volume_scale if self.supplies.products[product].is_liquid else 1
        making = parts * self.supplies.making[product] * (1 + supply.overage)
        return (making / (PARTS * supply.maximum * scale)).__floor__()


def _pairs(parts: Parts) -> tuple[tuple[int, int], ...]:
    return tuple((product, some) for product, some in parts.items() if some)


def _tried(parts: tuple[int, ...], products: Sequence[int]) -> tuple[int, ...]:
    """The parts to try for some products; where there are none, all would give the same tariff."""
    return parts if products else (0,)
