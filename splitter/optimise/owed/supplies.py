"""The products of a grid by how they are supplied, and exactly what so much of each costs."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from splitter.formulary import Batch, Bottles, Loose, Packs, Product
from splitter.optimise.integers import Grid, Ints
from splitter.supply import batch_cost, cheapest_cover, is_limited, is_windowed, lot_maker, reach


class Supplies:
    """All products of one grid, discrete ones first, then liquids; a product is its place among them.

    Arrays of products: `loose`, `packs`, and both as `counted`; `windowed` bottles and batches, which don't last an
    interval; `lots`, those that do, of which `dated` ones must end some day; `handed_once`, those whose item fee falls
    due once in each interval in which they are used. `has_item_a_lot` are the others: each of their lots or windows
    is an item. `known` keeps what covers and lots cost.
    """

    def __init__(self, grid: Grid, known: dict[tuple[int, int], int]) -> None:
        problem = grid.problem
        self.grid = grid
        self.products: tuple[Product, ...] = (*grid.discrete, *grid.liquids)
        self.item_fee = grid.money(problem.costs.item_fee.value)
        self.split_fee = grid.money(problem.costs.split_fee.value)
        self.loose = self._where(lambda p: isinstance(p.supply, Loose))
        self.packs = self._where(lambda p: isinstance(p.supply, Packs))
        self.counted = np.sort(np.concatenate([self.loose, self.packs]))
        self.windowed = self._where(lambda p: is_windowed(p, problem))
        self.lots = self._where(lambda p: p.has_lots and not is_windowed(p, problem))
        self.dated = np.array([q for q in self.lots if is_limited(self.products[q], problem)], dtype=np.int64)
        self.handed_once = self._where(lambda p: not self._is_lot_item(p))
        self.has_item_a_lot = frozenset(range(len(self.products))).difference(self.handed_once.tolist())
        self.unit_prices = np.array(
            [grid.money(p.supply.price.value) if isinstance(p.supply, Loose) else 0 for p in self.products],
            dtype=np.int64,
        )
        self.making = tuple(map(self._making, self.products))
        self._reach = {q: np.array(reach(self.products[q], problem), dtype=np.int64) for q in self.lots.tolist()}
        self._makers = {q: lot_maker(self.products[q], problem.costs) for q in (*self.windowed, *self.lots)}
        self._known = known

    def reach(self, lot: int) -> Ints:
        """[V] how many intervals a lot begun in each of them may serve."""
        return self._reach[lot]

    def longest(self, product: int) -> int:
        """How many intervals one lot of a product may serve at most."""
        return int(self._reach[product].max()) if product in self._reach else 1

    def costs(self, product: int, amounts: Ints) -> Ints:
        """[n] the cost of packs for `amounts` [n] units, or of lots for so much use, each with its item fee."""
        distinct, inverse = np.unique(amounts, return_inverse=True)
        costs = np.array([self._cost(product, amount) for amount in distinct.tolist()], dtype=np.int64)
        each: Ints = costs[inverse]
        return each

    def smallest(self, product: int) -> int:
        """What the smallest item of a product costs that comes in packs, bottles or batches."""
        fee = 0 if product in self.has_item_a_lot else self.item_fee
        return self._cost(product, 1) + fee

    def _cost(self, product: int, amount: int) -> int:
        if not amount:
            return 0
        key = (product, amount)
        if key not in self._known:
            self._known[key] = self._cost_anew(product, amount)
        return self._known[key]

    def _cost_anew(self, number: int, amount: int) -> int:
        product = self.products[number]
        if isinstance(product.supply, Packs):
            return self.grid.money(cheapest_cover(product.supply.sizes, amount)[0])
        use = Fraction(amount, self.grid.volume_scale if product.is_liquid else 1)
        fee = self.item_fee if number in self.has_item_a_lot else 0
        return self.grid.money(self._makers[number].cost(use)) + fee

    def _making(self, product: Product) -> int:
        """What making one batch costs, whatever its size; of what is not compounded, nothing."""
        supply = product.supply
        return self.grid.money(batch_cost(supply, self.grid.problem.costs)) if isinstance(supply, Batch) else 0

    def _where(self, wanted: Callable[[Product], bool]) -> Ints:
        return np.array([i for i, p in enumerate(self.products) if wanted(p)], dtype=np.int64)

    def _is_lot_item(self, product: Product) -> bool:
        """Whether the item fee falls due with each lot, and not once an interval."""
        if isinstance(product.supply, Bottles):
            return not is_windowed(product, self.grid.problem)
        return product.has_lots
