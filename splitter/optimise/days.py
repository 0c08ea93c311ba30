"""Days put together from administrations, as tables."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from splitter.optimise.exchange import Exchange
from splitter.optimise.grid import Grid, Ints
from splitter.optimise.options import Doses, tablet_options

_CHUNK = 200_000
"""Rows of a day table built at once, so that memory stays bounded."""


class Administrations:
    """The tablet options of one administration that no other option of the same mass beats.

    In any day an option can be exchanged for another of the same mass without touching the division, so an
    option that is beaten alone is beaten in every day.
    """

    def __init__(self, grid: Grid, products: frozenset[int], most: int, exchange: Exchange) -> None:
        options = tablet_options(grid, most, products)
        order = np.argsort(options.mass, kind="stable")
        self.masses, starts = np.unique(options.mass[order], return_index=True)
        groups = np.split(order, starts[1:])
        kept = [group[exchange.survivors(options[group])] for group in groups]
        self.counts = np.array([len(rows) for rows in kept], dtype=np.int64)
        self.starts = np.concatenate([[0], np.cumsum(self.counts)[:-1]])
        self.rows = options[np.concatenate(kept)]

    def of_mass(self, mass: int) -> Doses | None:
        """The options of exactly this mass."""
        place = int(np.searchsorted(self.masses, mass))
        if place == len(self.masses) or self.masses[place] != mass:
            return None
        return self.rows[np.arange(self.starts[place], self.starts[place] + self.counts[place])]

    def tuples(self, times: int, cap: int, total: int) -> Ints:
        """[n, times] ascending tablet masses of a day, each at most `cap`, together at most `total`."""
        masses = self.masses[self.masses <= cap]
        places = np.arange(len(masses))[:, None]
        places = places[masses[places[:, 0]] * times <= total]
        for place in range(1, times):
            last, left = places[:, -1], times - place
            repeats = len(masses) - last
            rows = np.repeat(np.arange(len(places)), repeats)
            added = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats) + last[rows]
            given = masses[places].sum(axis=1)[rows]
            fits = given + masses[added] * left <= total
            places = np.column_stack([places[rows[fits]], added[fits]])
        return masses[places]

    def days(self, tuples: Ints) -> Iterator[tuple[Doses, Ints]]:
        """(rows, [n] the tuple of each row) for all combinations of options, in bounded chunks."""
        places = np.searchsorted(self.masses, tuples)
        sizes = self.counts[places].prod(axis=1)
        chunk = np.cumsum(sizes) // _CHUNK
        for number in np.unique(chunk):
            members = np.flatnonzero(chunk == number)
            yield self._combine(places[members], members)

    def _combine(self, places: Ints, members: Ints) -> tuple[Doses, Ints]:
        owner = np.arange(len(places))
        chosen = np.zeros((len(places), 0), dtype=np.int64)
        for column in range(places.shape[1]):
            repeats = self.counts[places[owner, column]]
            rows = np.repeat(np.arange(len(owner)), repeats)
            offset = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
            owner, chosen = owner[rows], chosen[rows]
            option = self.starts[places[owner, column]] + offset
            if column:
                # The same masses in another order are the same day: keep one order.
                keep = (places[owner, column] != places[owner, column - 1]) | (option >= chosen[:, -1])
                owner, chosen, option = owner[keep], chosen[keep], option[keep]
            chosen = np.column_stack([chosen, option])
        day = self.rows[chosen[:, 0]]
        for column in range(1, chosen.shape[1]):
            day = day.plus(self.rows[chosen[:, column]])
        return day, members[owner]


def best_of_each_key(doses: Doses) -> Doses:
    """One row for each use of products: least burden, then fewest splits, then fewest events.

    Supply and cost depend on the key alone, so every other row of the same key is beaten or equal.
    """
    key = doses.key
    order = np.lexsort((doses.events, doses.splits, doses.burden, *key.T))
    ordered = key[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    return doses[order[first]]


def sums(left: Doses, right: Doses) -> Doses:
    """Every row of one with every row of the other."""
    rows = np.repeat(np.arange(len(left)), len(right))
    others = np.tile(np.arange(len(right)), len(left))
    return left[rows].plus(right[others])
