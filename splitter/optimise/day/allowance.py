"""What a day of a step may cost in a plan within the goal, by the products that it uses."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from splitter.optimise.day.options import Doses, least_cost
from splitter.optimise.integers import Grid, Ints, Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """Costs that no day of some steps exceeds in a plan within the goal, by several price lists at once.

    `prices` [A, Q] of the lists; `bits` [Q] the bit that stands for each product, 0 for those not told apart;
    `most` [S, A, 2^n] what a day of a step that uses at least the products of a mask may cost by each list: it never
    rises as products join the mask.
    """

    grid: Grid
    prices: Ints
    bits: Ints
    most: Ints

    @property
    def key(self) -> bytes:
        """What two allowances agree in when the same rows have the same costs and masks."""
        return self.prices.tobytes() + self.bits.tobytes()

    def of(self, steps: slice) -> Allowance:
        """The same for some of the steps."""
        return replace(self, most=self.most[steps])

    def costs(self, doses: Doses) -> Ints:
        """[n, A] lower bounds on the cost of a day of each row."""
        return np.column_stack([least_cost(self.grid, doses, prices) for prices in self.prices])

    def masks(self, doses: Doses) -> Ints:
        """[n] the products that each row uses, as a mask."""
        uses = np.hstack([doses.whole + doses.broken, doses.volume]) > 0
        masks: Ints = uses @ self.bits
        return masks

    def liquid(self, liquid: int) -> int:
        """The mask of a liquid alone."""
        return int(self.bits[len(self.grid.discrete) + liquid])

    def pouring(self, liquid: int, volumes: Ints) -> Ints:
        """[n, A] lower bounds on the cost of volumes of a liquid."""
        poured: Ints = volumes[:, None] * self.prices[:, len(self.grid.discrete) + liquid]
        return poured

    def admits(self, steps: Ints, costs: Ints, masks: Ints | int) -> Mask:
        """[n] whether days of `steps` [n] of at least these costs [n, A] and products may be in such a plan."""
        admitted: Mask = np.all(costs <= self.most[steps, :, masks], axis=1)
        return admitted

    def within(self, steps: Ints, doses: Doses) -> Mask:
        """[n] the rows, each a day of its step, that a plan within the goal may use."""
        return self.admits(steps, self.costs(doses), self.masks(doses))

    def best(self, doses: Doses, count: int) -> Ints:
        """The rows, ascending, of the `count` days that leave most of what they may cost; the steps must be one."""
        return np.sort(np.argsort(-self.spare(doses), kind="stable")[:count])

    def spare(self, doses: Doses) -> Ints:
        """[n] how far below what it may cost a day of each row is at least; the steps must be one."""
        spare: Ints = (self.most[0, :, self.masks(doses)] - self.costs(doses)).min(axis=1)
        return spare
