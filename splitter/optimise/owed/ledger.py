"""What a partial plan owes and carries: the states of the search, and how days, windows and visits change them.

A state is a row of integers. Counted products carry the broken twelfths of their last unit (that unit is paid
already), and in packs the units so far; bottles and batches carry the use of their open lot or window. Costs
are added the moment they are certain, in money units.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from splitter.formulary import Batch, Bottles, Loose, Packs, Product
from splitter.optimise.day import Ways
from splitter.optimise.integers import TWELFTHS, Grid, Ints, Mask
from splitter.supply import batch_cost, cheapest_cover, is_limited, is_windowed, lot_maker, reach

_NO_LOT = -1

WEIGHT = 4
"""The parts in which a tariff weighs what opening costs against a price of use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """Partial plans of blocks, one a row: what they carry and what they have cost.

    `broken` [n, Q] twelfths of the last unit, `units` [n, Q] of packs, `use` [n, Q] of the open lot in volume units
    or capsules, `since` [n, Q] the interval in which the open lot began or -1, for the Q products; `opened` [n] a
    bit for each product with an item in this interval; `used` [n] a bit for each product used so far; `way` [n]
    the way of the step under way; `block` [n] the block of days, of those searched side by side. `deviation`, `cost`,
    `splits`, `events` [n] are sums over the days so far.
    `parent` and `chosen` [n] say which state of the layer before and which way (or -1) led here.
    """

    broken: Ints
    units: Ints
    use: Ints
    since: Ints
    opened: Ints
    used: Ints
    way: Ints
    block: Ints
    deviation: Ints
    cost: Ints
    splits: Ints
    events: Ints
    parent: Ints
    chosen: Ints

    def __len__(self) -> int:
        return len(self.cost)

    def pick(self, rows: Ints) -> States:
        return States(**{name: getattr(self, name)[rows] for name in self.__slots__})


def join(parts: list[States]) -> States:
    """The rows of all parts, one below the other."""
    return States(**{name: np.concatenate([getattr(p, name) for p in parts]) for name in States.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """Prices that no plan undercuts, for the products of a ledger.

    `prices` [Q] money per unit or volume unit of use; `opening` [Q] money for an item or lot beside it, as the mean by
    `weights` [Q], of WEIGHT, of what the smallest costs and of `begun` [Q], the fee and the making alone.
    """

    prices: Ints
    begun: Ints
    opening: Ints
    weights: Ints


class Ledger:
    """The accounts of one grid's products, discrete ones first, then liquids.

    `priced` and `tariffs` keep what was reckoned already.
    """

    def __init__(self, grid: Grid, priced: dict[tuple[int, int], int], tariffs: dict[bytes, Tariff]) -> None:
        self.grid = grid
        self.bounds = np.array(grid.problem.bounds, dtype=np.int64)
        problem = grid.problem
        self.products: tuple[Product, ...] = (*grid.discrete, *grid.liquids)
        self.item_fee = grid.money(problem.costs.item_fee.value)
        self.split_fee = grid.money(problem.costs.split_fee.value)
        self.loose = self._where(lambda p: isinstance(p.supply, Loose))
        self.packs = self._where(lambda p: isinstance(p.supply, Packs))
        self.counted = np.sort(np.concatenate([self.loose, self.packs]))
        self.windowed = self._where(lambda p: is_windowed(p, problem))
        self.lots = self._where(lambda p: p.has_lots and not is_windowed(p, problem))
        self.dated = np.array([q for q in self.lots if is_limited(self.products[q], problem)], dtype=np.int64)
        self.prices = np.array(
            [grid.money(p.supply.price.value) if isinstance(p.supply, Loose) else 0 for p in self.products],
            dtype=np.int64,
        )
        self.handed_once = self._where(lambda p: not self._is_lot_item(p))
        self._item_a_lot = frozenset(range(len(self.products))).difference(self.handed_once.tolist())
        self._reach = {q: np.array(reach(self.products[q], problem), dtype=np.int64) for q in self.lots.tolist()}
        self._makers = {q: lot_maker(self.products[q], problem.costs) for q in (*self.windowed, *self.lots)}
        self._makings = [self._making(product) for product in self.products]
        self._priced = priced
        self._tariffs = tariffs

    def start(self, blocks: Ints) -> States:
        """A state before the first day of each block."""
        table = np.zeros((len(blocks), len(self.products)), dtype=np.int64)
        none = np.zeros(len(blocks), dtype=np.int64)
        return States(
            broken=table,
            units=table,
            use=table,
            since=table + _NO_LOT,
            opened=none,
            used=none,
            way=none,
            block=blocks,
            deviation=none,
            cost=none,
            splits=none,
            events=none,
            parent=none,
            chosen=none,
        )

    def spend(self, states: States, ways: Ways, way: Ints, when: tuple[Ints, Ints]) -> States:
        """Give each state its `way` [n] for so many days [n] of an interval [n], which `when` holds."""
        days, interval = when
        chosen = ways.doses[way]
        none = np.zeros_like(chosen.volume)
        whole = np.hstack([chosen.whole, none]) * days[:, None]
        broken = np.hstack([chosen.broken, none]) * days[:, None]
        volume = np.hstack([np.zeros_like(chosen.whole), chosen.volume]) * days[:, None]
        twelfths = states.broken + broken
        cuts = -(-twelfths // TWELFTHS) - (states.broken > 0)
        units = whole + cuts
        uses = whole + broken + volume > 0
        bits = uses @ (1 << np.arange(len(self.products), dtype=np.int64))
        use = states.use.copy()
        bulk = np.concatenate([self.windowed, self.lots])
        use[:, bulk] += (whole + volume)[:, bulk]
        since = states.since.copy()
        begins = (since[:, self.dated] == _NO_LOT) & uses[:, self.dated]
        since[:, self.dated] = np.where(begins, interval[:, None], since[:, self.dated])
        packed = states.units.copy()
        packed[:, self.packs] += units[:, self.packs]
        cost = states.cost + units[:, self.loose] @ self.prices[self.loose]
        cost = cost + self.split_fee * cuts.sum(axis=1) + days * chosen.burden
        cost = cost + self.item_fee * self._newly_handed(uses, states.opened)
        return replace(
            states, broken=twelfths % TWELFTHS, units=packed, use=use, since=since,
            opened=states.opened | bits, used=states.used | bits, cost=cost,
            deviation=states.deviation + days * ways.deviation[way],
            splits=states.splits + days * chosen.splits,
            events=states.events + days * chosen.events,
        )  # fmt: skip

    def end_windows(self, states: States, products: tuple[int, ...]) -> States:
        """Pay for the use of the windows that end."""
        use, cost = states.use.copy(), states.cost.copy()
        for product in products:
            cost += self._look_up(product, use[:, product])
            use[:, product] = 0
        return replace(states, use=use, cost=cost)

    def end_interval(self, states: States, interval: Ints, *, ends_block: bool) -> States:
        """Pay for packs, forget fragments, and let each open lot end or go on where its shelf life allows.

        `interval` [n] is the one that ends; where the block ends with it, so do all lots.
        """
        states = replace(
            states,
            cost=states.cost + self._pack_cost(states.units),
            broken=np.zeros_like(states.broken),
            units=np.zeros_like(states.units),
            opened=np.zeros_like(states.opened),
        )
        if ends_block:
            for product in self.lots.tolist():
                states = self._end_lot(states, product)
            return states
        for product in self.dated.tolist():
            going = self._going_on(states, product, interval + 1)
            interval = np.concatenate([interval, interval[going]])
            states = join([self._end_lot(states, product), states.pick(going)])
        return states

    def _going_on(self, states: States, product: int, following: Ints) -> Ints:
        """The states whose open lot of a product may also serve the interval `following` [n]."""
        since = states.since[:, product]
        return np.flatnonzero((since != _NO_LOT) & (following < since + self._reach[product][since]))

    def owed(self, states: States, tariff: Tariff) -> Ints:
        """[n] the least that the open packs, windows and lots cost, beyond a tariff's price of use yet to come.

        A lot costs at least its opening and the price of its use, and never less for more use; a weighed mean of both
        bounds is a bound too.
        """
        amounts = states.units + states.use
        # The fragments left of units already paid serve later days, which the price of use would charge again.
        left = np.where(states.broken > 0, TWELFTHS - states.broken, 0)[:, self.counted]
        prepaid = left @ ((tariff.prices[self.counted] + self.split_fee) // TWELFTHS)
        cost: Ints = amounts @ tariff.prices - prepaid
        for product in (*self.packs.tolist(), *self.windowed.tolist(), *self.lots.tolist()):
            weight = int(tariff.weights[product])
            if not amounts[:, product].any():
                continue
            if product in self._item_a_lot:
                cost = cost + (amounts[:, product] > 0) * ((WEIGHT - weight) * tariff.begun[product] // WEIGHT)
            if weight:
                cost = cost + weight * self._look_up(product, amounts[:, product]) // WEIGHT
        return cost

    def tariffs(self, products: tuple[int, ...]) -> Iterator[tuple[Tariff, ...]]:
        """Tariffs for plans of these products, in groups that price lots over several intervals alike.

        Each group ranges, for what serves one interval, from its use priced to its smallest pack, bottle or batch
        opened. The groups do the same for bottles over several intervals, and price the making of batches of a
        limited size from once a lot to by their use.
        """
        flags = np.zeros((3, len(self.products)), dtype=np.int64)
        for q in products:
            carried, supply = self.longest(q) > 1, self.products[q].supply
            flags[0, q] = not carried and not isinstance(supply, Loose)
            flags[1, q] = carried and isinstance(supply, Bottles)
            flags[2, q] = carried and isinstance(supply, Batch) and supply.maximum is not None
        once, bottles = ((0, WEIGHT // 2, WEIGHT) if row.any() else (0,) for row in flags[:2])
        made = (0, 1, 2, WEIGHT) if flags[2].any() else (0,)
        for b, m in itertools.product(bottles, made):
            yield tuple(self._tariff(flags[0] * o + flags[1] * b, flags[2] * m) for o in once)

    def longest(self, product: int) -> int:
        """How many intervals one lot of a product may serve at most."""
        return int(self._reach[product].max()) if product in self._reach else 1

    def reach(self, lot: int) -> Ints:
        """[V] how many intervals a lot begun in each of them may serve."""
        return self._reach[lot]

    def _tariff(self, weights: Ints, made: Ints) -> Tariff:
        """`weights` [Q], of WEIGHT, of the smallest pack or lot; `made` [Q], of WEIGHT, of making by use."""
        key = weights.tobytes() + made.tobytes()
        if key not in self._tariffs:
            self._tariffs[key] = self._tariff_anew(weights, made)
        return self._tariffs[key]

    def _tariff_anew(self, weights: Ints, made: Ints) -> Tariff:
        begun, prices, opening = (np.zeros(len(self.products), dtype=np.int64) for _ in range(3))
        for q, (weight, by_use) in enumerate(zip(weights.tolist(), made.tolist(), strict=True)):
            begun[q] = self.item_fee + self._makings[q] * (WEIGHT - by_use) // WEIGHT
            grain = 1 if self.products[q].is_liquid else TWELFTHS
            price = int(self.grid.rates[q]) + self._making_rate(q, by_use)
            prices[q] = price * (WEIGHT - weight) // (WEIGHT * grain) * grain
            smallest = self.smallest(q) if weight else 0
            opening[q] = (weight * smallest + (WEIGHT - weight) * begun[q]) // WEIGHT
        return Tariff(prices=prices, begun=begun, opening=opening, weights=weights)

    def _making(self, product: Product) -> int:
        supply = product.supply
        return self.grid.money(batch_cost(supply, self.grid.problem.costs)) if isinstance(supply, Batch) else 0

    def _making_rate(self, product: int, weight: int) -> int:
        """`weight` parts of WEIGHT of the making of full batches, for a unit of use."""
        supply = self.products[product].supply
        if not weight or not isinstance(supply, Batch) or supply.maximum is None:
            return 0
        scale = self.grid.volume_scale if self.products[product].is_liquid else 1
        return (weight * self._makings[product] * (1 + supply.overage) / (WEIGHT * supply.maximum * scale)).__floor__()

    def smallest(self, product: int) -> int:
        """What the smallest item of a product costs that comes in packs, bottles or batches."""
        fee = 0 if product in self._item_a_lot else self.item_fee
        return self._price(product, 1) + fee

    def _where(self, wanted: Callable[[Product], bool]) -> Ints:
        return np.array([i for i, p in enumerate(self.products) if wanted(p)], dtype=np.int64)

    def _is_lot_item(self, product: Product) -> bool:
        """Whether the item fee falls due with each lot, and not once an interval."""
        if isinstance(product.supply, Bottles):
            return not is_windowed(product, self.grid.problem)
        return product.has_lots

    def _newly_handed(self, uses: Mask, opened: Ints) -> Ints:
        before = (opened[:, None] >> self.handed_once) & 1
        fresh: Ints = (uses[:, self.handed_once] & (before == 0)).sum(axis=1)
        return fresh

    def _end_lot(self, states: States, product: int) -> States:
        use, since = states.use.copy(), states.since.copy()
        cost = states.cost + self._look_up(product, use[:, product])
        use[:, product], since[:, product] = 0, _NO_LOT
        return replace(states, use=use, since=since, cost=cost)

    def _pack_cost(self, units: Ints) -> Ints:
        cost = np.zeros(len(units), dtype=np.int64)
        for product in self.packs.tolist():
            cost += self._look_up(product, units[:, product])
        return cost

    def _look_up(self, product: int, amounts: Ints) -> Ints:
        distinct, inverse = np.unique(amounts, return_inverse=True)
        costs = np.array([self._price(product, amount) for amount in distinct.tolist()], dtype=np.int64)
        found: Ints = costs[inverse]
        return found

    def _price(self, product: int, amount: int) -> int:
        """The cost of packs for `amount` units, or of a lot for `amount` of use with its item fee."""
        if not amount:
            return 0
        key = (product, amount)
        if key not in self._priced:
            self._priced[key] = self._price_anew(product, amount)
        return self._priced[key]

    def _price_anew(self, number: int, amount: int) -> int:
        product = self.products[number]
        if isinstance(product.supply, Packs):
            return self.grid.money(cheapest_cover(product.supply.sizes, amount)[0])
        use = Fraction(amount, self.grid.volume_scale if product.is_liquid else 1)
        fee = self.item_fee if number in self._item_a_lot else 0
        return self.grid.money(self._makers[number].cost(use)) + fee
