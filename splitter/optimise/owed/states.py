"""Partial plans as rows of integers: what each carries on to the days that follow, and what it has cost so far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitter.optimise.integers import Ints

NO_LOT = -1
"""Stands for the interval in which a lot began where none is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """Partial plans of blocks, one a row, on the evening of the same day of each block.

    Carried: `broken` [n, Q] twelfths of the last unit, `units` [n, Q] of packs, `use` [n, Q] of the open lot in
    volume units or capsules, `since` [n, Q] the interval in which the open lot began or NO_LOT, for the Q products;
    `opened` [n] a bit for each product with an item in this interval; `home` [n, C] what is left at home, by its
    columns; `used` [n] a bit for each product used so far; `way` [n] the way of the step under way; `block` [n] the
    block of days, of those searched side by side.
    Summed over the days so far: `deviation` [mass units], `cost` [money units], `splits`, `events` [n].
    Where it came from: `parent` and `chosen` [n] say which state of the layer before and which way (or -1) led here.
    """

    broken: Ints
    units: Ints
    use: Ints
    since: Ints
    opened: Ints
    home: Ints
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

    @property
    def entries(self) -> int:
        """How many numbers they are."""
        return sum(getattr(self, name).size for name in self.__slots__)

    def pick(self, rows: Ints) -> States:
        return States(**{name: getattr(self, name)[rows] for name in self.__slots__})


def start(blocks: Ints, products: int, home: Ints) -> States:
    """A state before the first day of each block, for so many products.

    What is at home [C] is carried, if any, and only into one block; nothing else, and nothing has been paid.
    """
    nothing = np.zeros((len(blocks), products), dtype=np.int64)
    none = np.zeros(len(blocks), dtype=np.int64)
    return States(
        broken=nothing,
        units=nothing,
        use=nothing,
        since=nothing + NO_LOT,
        opened=none,
        home=np.tile(home, (len(blocks), 1)),
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


def join(parts: list[States]) -> States:
    """The rows of all parts, one below the other."""
    return States(**{name: np.concatenate([getattr(p, name) for p in parts]) for name in States.__slots__})
