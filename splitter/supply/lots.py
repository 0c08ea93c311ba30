"""How large a lot must be for its use, and what it costs: units, packs, bottles and batches."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from splitter.formulary import Batch, Bottles, Loose, Packs, Poured, Product, Size
from splitter.plan import Part
from splitter.prescription import Costs
from splitter.quantity import ceiling
from splitter.supply.covers import cheapest_cover, cover_table

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What one day, or a sum of days, uses of a product.

    `whole` pieces and `broken` units in fractional pieces of a discrete product, or `volume` [mL].
    """

    whole: int = 0
    broken: Fraction = _ZERO
    volume: Fraction = _ZERO

    @property
    def total(self) -> Fraction:
        return self.whole + self.broken + self.volume

    def __add__(self, other: Use) -> Use:
        return Use(whole=self.whole + other.whole, broken=self.broken + other.broken, volume=self.volume + other.volume)

    def times(self, days: int) -> Use:
        return Use(whole=self.whole * days, broken=self.broken * days, volume=self.volume * days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """What serves one use: the content handed over, its batches (compounded only), parts and exact cost."""

    cost: Fraction
    quantity: Fraction
    batches: int | None = None
    parts: tuple[Part, ...] = ()


def count_units(supply: Loose | Packs, use: Use) -> Lot:
    """N = W + ceil(F) units, loose or as the cheapest packs that hold them."""
    units = use.whole + ceiling(use.broken)
    if isinstance(supply, Loose):
        return Lot(cost=supply.price.value * units, quantity=Fraction(units))
    cost, parts = cheapest_cover(supply.sizes, units)
    return Lot(cost=cost, quantity=sum((p.size * p.count for p in parts), _ZERO), parts=parts)


def unit_cost(batch: Batch) -> Fraction:
    """The ingredients' cost of one mL or one capsule; the recipe lists them for 100."""
    return sum((i.amount * i.price.value for i in batch.ingredients), _ZERO) / 100


def batch_cost(batch: Batch, costs: Costs) -> Fraction:
    """What making one batch costs beside what goes into it: labour and the fee."""
    return batch.labour * costs.labour_rate.value + costs.batch_fee.value


def lot_maker(product: Product, costs: Costs) -> BatchMaker | BottleMaker | PouredMaker:
    """What sizes the lots of a bottled, poured or compounded product."""
    supply = product.supply
    if isinstance(supply, Batch):
        return BatchMaker(supply, costs, counted=not product.is_liquid)
    if isinstance(supply, Poured):
        return PouredMaker(supply)
    assert isinstance(supply, Bottles)
    return BottleMaker(supply)


class BottleMaker:
    """Sizes lots of bottles: the cheapest multiset of sizes that holds use × (1 + overage)."""

    def __init__(self, bottles: Bottles) -> None:
        self._overage = 1 + bottles.overage
        self._table = cover_table(bottles.sizes)

    def cost(self, use: Fraction) -> Fraction:
        """What the lot of a use [mL] costs exactly."""
        return Fraction(self._table.price(self._need(use)), self._table.money)

    def lot(self, use: Fraction) -> Lot:
        """The lot of a use [mL]."""
        parts = self._table.parts(self._need(use))
        return Lot(cost=self.cost(use), quantity=sum((p.size * p.count for p in parts), _ZERO), parts=parts)

    def _need(self, use: Fraction) -> int:
        return ceiling(use * self._overage / self._table.unit)


class Containers:
    """The cheapest containers that hold whole steps of content; none, which cost nothing, where no size is stated."""

    def __init__(self, sizes: tuple[Size, ...], step: Fraction) -> None:
        self._table = cover_table(sizes) if sizes else None
        self._per_step = step / self._table.unit if self._table else _ZERO
        self.money = self._table.money if self._table else 1

    def price(self, steps: int) -> int:
        """What they cost, in parts of which `money` make one of the currency."""
        return self._table.price(ceiling(steps * self._per_step)) if self._table else 0

    def parts(self, steps: int) -> tuple[Part, ...]:
        """The containers, smallest size first."""
        return self._table.parts(ceiling(steps * self._per_step)) if self._table else ()


class PouredMaker:
    """Sizes lots that are poured: Q is the smallest multiple of `step` that is at least use × (1 + overage)."""

    def __init__(self, poured: Poured) -> None:
        self._poured = poured
        self._containers = Containers(poured.containers, poured.step)
        self._content = poured.price.value * poured.step

    def cost(self, use: Fraction) -> Fraction:
        """What the lot of a use [mL] costs exactly: Q × price + the cheapest containers that hold Q."""
        steps = self._steps(use)
        return steps * self._content + Fraction(self._containers.price(steps), self._containers.money)

    def lot(self, use: Fraction) -> Lot:
        """The lot of a use [mL]."""
        steps = self._steps(use)
        return Lot(cost=self.cost(use), quantity=steps * self._poured.step, parts=self._containers.parts(steps))

    def _steps(self, use: Fraction) -> int:
        return ceiling(use * (1 + self._poured.overage) / self._poured.step)


class BatchMaker:
    """Sizes lots of a compounded product, on integers, since the search asks for thousands of them.

    R = use × (1 + overage), for capsules rounded up. Q is the smallest multiple of `step` that is at least R and
    n × min, n the smallest number of batches for which Q is at most n × max.
    """

    def __init__(self, batch: Batch, costs: Costs, *, counted: bool) -> None:
        self.batch = batch
        self._counted = counted
        self._overage = 1 + batch.overage
        self._least, self._most = batch.minimum / batch.step, batch.maximum and batch.maximum / batch.step
        self._containers = Containers(batch.containers, batch.step)
        making, content = batch_cost(batch, costs), unit_cost(batch) * batch.step
        self._money = lcm(making.denominator, content.denominator, self._containers.money)
        self._making, self._content = int(making * self._money), int(content * self._money)
        self._holding = self._money // self._containers.money

    def cost(self, use: Fraction) -> Fraction:
        """What the lot of a use costs exactly: n × making + Q × unit cost + the cheapest containers that hold Q."""
        steps, count = self._size(use)
        held = self._containers.price(steps) * self._holding
        return Fraction(count * self._making + steps * self._content + held, self._money)

    def lot(self, use: Fraction) -> Lot:
        """The lot of a use [mL or capsules]."""
        steps, count = self._size(use)
        parts = self._containers.parts(steps)
        return Lot(cost=self.cost(use), quantity=steps * self.batch.step, batches=count, parts=parts)

    def _size(self, use: Fraction) -> tuple[int, int]:
        """(Q in steps, n)."""
        required = use * self._overage
        goal = ceiling((ceiling(required) if self._counted else required) / self.batch.step)
        count = 1 if self._most is None else max(1, ceiling(goal / self._most))  # fewer don't hold it
        while True:
            steps = max(goal, ceiling(count * self._least))
            if self._most is None or steps <= count * self._most:
                return steps, count
            count += 1
