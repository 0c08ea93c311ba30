"""Days put together from administrations, as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy

import numpy as np

from splitter.optimise.day.allowance import Allowance
from splitter.optimise.day.exchange import Exchange
from splitter.optimise.day.options import Doses, Hand, best_of_each, tablet_options
from splitter.optimise.integers import Grid, Ints, Mask, ranges

_CHUNK = 200_000
"""Rows of a day table built at once, so that memory stays bounded."""

Spend = Callable[[int], None]
"""Told of partial days before they are made; raises LimitReachedError when they are too many."""


class Administrations:
    """The tablet options of one administration that no other option of the same mass beats.

    In any day an option can be exchanged for another of the same mass without touching the division, so an
    option that is beaten alone is beaten in every day.
    """

    def __init__(self, grid: Grid, hand: Hand, most: int, exchange: Exchange) -> None:
        self.most = most
        options = tablet_options(grid, most, hand)
        self.rows = options[exchange.survivors(options, options.mass)]
        self.masses, self.starts, self.counts = np.unique(self.rows.mass, return_index=True, return_counts=True)

    def of_mass(self, mass: int) -> Doses | None:
        """The options of exactly this mass."""
        place = int(np.searchsorted(self.masses, mass))
        if place == len(self.masses) or self.masses[place] != mass:
            return None
        return self.rows[np.arange(self.starts[place], self.starts[place] + self.counts[place])]

    def tuples(self, times: int, asked: tuple[Ints, Ints, int], spend: Spend) -> tuple[Ints, Ints]:
        """([n] the total, [n, times] ascending tablet masses of a day that it may have.

        `asked` are caps, totals and what may be poured: the masses are at most the total's cap, together at most the
        total, and at least all but what is poured of it.
        """
        caps, totals, pour = asked
        usable = np.searchsorted(self.masses, caps, side="right")
        owner, last = ranges(usable)
        places = last[:, None]
        for place in range(1, times + 1):
            left = times - place
            given = self.masses[places].sum(axis=1)
            fits = given + self.masses[last] * left <= totals[owner]
            fits &= given + caps[owner] * left + pour >= totals[owner]
            owner, places, last = owner[fits], places[fits], last[fits]
            if left:
                # The next mass is at most an even share of what is left, and leaves no more than the others can hold.
                rest = totals[owner] - given[fits]
                end = np.minimum(usable[owner], np.searchsorted(self.masses, rest // left, side="right"))
                first = np.maximum(last, np.searchsorted(self.masses, rest - pour - caps[owner] * (left - 1)))
                counts = np.maximum(end - first, 0)
                spend(int(counts.sum()))
                rows, added = ranges(counts)
                last = first[rows] + added
                owner, places = owner[rows], np.column_stack([places[rows], last])
        return owner, self.masses[places]

    def days(self, tuples: Ints, spend: Spend, fits: Fits | None = None) -> Iterator[tuple[Doses, Ints]]:
        """(rows, [n] the tuple of each row) for all combinations of options that fit, in bounded chunks."""
        places = np.searchsorted(self.masses, tuples)
        alive = np.arange(len(tuples)) if fits is None else fits.tuples(places)
        sizes = self.counts[places[alive]].prod(axis=1)
        chunk = np.cumsum(sizes) // _CHUNK
        for number in range(int(chunk[-1]) + 1 if len(chunk) else 0):
            members = alive[chunk == number]
            spend(int(sizes[chunk == number].sum()))
            yield self._combine(places, members, fits)

    def _combine(self, places: Ints, owner: Ints, fits: Fits | None) -> tuple[Doses, Ints]:
        """(rows, [n] the tuple of each row) of the combinations for the tuples in `owner`."""
        chosen = np.zeros((len(owner), 0), dtype=np.int64)
        for column in range(places.shape[1]):
            rows, offset = ranges(self.counts[places[owner, column]])
            owner, chosen = owner[rows], chosen[rows]
            option = self.starts[places[owner, column]] + offset
            if column:
                # The same masses in another order are the same day: keep one order.
                keep = (places[owner, column] != places[owner, column - 1]) | (option >= chosen[:, -1])
                owner, chosen, option = owner[keep], chosen[keep], option[keep]
            chosen = np.column_stack([chosen, option])
            if fits is not None:
                keep = fits.combinations(places, owner, chosen)
                owner, chosen = owner[keep], chosen[keep]
        day = self.rows[chosen[:, 0]]
        for column in range(1, chosen.shape[1]):
            day = day.plus(self.rows[chosen[:, column]])
        return day, owner


class Fits:
    """Which days a plan within the goal may use, found before they are put together.

    A day costs at least what its options cost, or for an administration whose option is not chosen yet, what the
    cheapest of its mass costs; and it uses at least the products of the chosen options. `steps` [t] are the
    allowance's steps of the tuples asked about, `poured` [t] the volumes of a liquid beside them.
    """

    def __init__(self, options: Administrations, allowance: Allowance) -> None:
        self.allowance = allowance
        self.steps: Ints = np.zeros(0, dtype=np.int64)
        self.poured: Ints | None = None
        self.mask = 0
        self.costs = allowance.costs(options.rows)
        self.masks = allowance.masks(options.rows)
        self.least = np.minimum.reduceat(self.costs, options.starts)

    def of(self, steps: Ints) -> Fits:
        """The same for tuples of these steps [t]."""
        fits = copy(self)
        fits.steps = steps
        return fits

    def beside(self, liquid: int, volumes: Ints) -> Fits:
        """The same for tuples beside these volumes [t] of a liquid."""
        fits = copy(self)
        fits.poured = self.allowance.pouring(liquid, volumes)
        fits.mask = self.allowance.liquid(liquid)
        return fits

    def tuples(self, places: Ints) -> Ints:
        """The rows of `places` [t, times], of masses, that some day may have."""
        costs = self._with_liquid(self.least[places].sum(axis=1), np.arange(len(places)))
        return np.flatnonzero(self.allowance.admits(self.steps, costs, self.mask))

    def combinations(self, places: Ints, owner: Ints, chosen: Ints) -> Mask:
        """[n] whether the chosen options [n, columns] of the first administrations may be in a day of their tuple."""
        later = self.least[places[owner, chosen.shape[1] :]].sum(axis=1)
        masks = np.bitwise_or.reduce(self.masks[chosen], axis=1) | self.mask
        costs = self._with_liquid(self.costs[chosen].sum(axis=1) + later, owner)
        return self.allowance.admits(self.steps[owner], costs, masks)

    def _with_liquid(self, costs: Ints, owner: Ints) -> Ints:
        """[n, A] the costs with those of the liquid that the tuples in `owner` pour."""
        return costs if self.poured is None else costs + self.poured[owner]


def best_of_each_key(doses: Doses, owner: Ints | None = None) -> Ints:
    """[m] one row for each owner [n] and use of products: least burden, then fewest splits, then fewest events.

    Supply and cost depend on the key alone, so every other row of the same key is beaten or equal.
    """
    key = doses.key if owner is None else np.column_stack([owner, doses.key])
    return best_of_each(key, doses)


def sums(left: Doses, right: Doses) -> Doses:
    """Every row of one with every row of the other."""
    rows = np.repeat(np.arange(len(left)), len(right))
    others = np.tile(np.arange(len(right)), len(left))
    return left[rows].plus(right[others])
