"""Days put together from administrations, as tables."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass

import numpy as np

from splitter.optimise.day.allowance import Allowance
from splitter.optimise.day.exchange import Exchange
from splitter.optimise.day.options import Doses, Hand, best_of_each, burdens, stack, tablet_options
from splitter.optimise.integers import Grid, Ints, Mask, ranges
from splitter.optimise.limits import Budget

CHUNK = 100_000
"""Rows of a day table built at once, so that memory stays bounded."""

_SHIFT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Days to be put together, in mass units: tablets and what is poured make the `totals` [t] exactly.

    No administration has more tablets than the day's `caps` [t], and no day pours more than `pour`.
    """

    totals: Ints
    caps: Ints
    pour: int


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

    def places(self, masses: Ints) -> Ints:
        """Where each of some masses stands among those that are made."""
        places: Ints = np.searchsorted(self.masses, masses)
        return places

    def tuples(
        self, times: int, wanted: Wanted, budget: Budget, fits: Fits | None = None
    ) -> Iterator[tuple[Ints, Ints]]:
        """([n] the day, [n, times] ascending tablet masses that it may have), in bounded parts.

        They are grown a mass at a time, each at least as large as the one before. `fits` has the allowance's step of
        each of the days that are wanted.
        """
        owner, place = ranges(np.searchsorted(self.masses, wanted.caps, side="right"))
        spent = None if fits is None else fits.least[place]
        begun = _Begun(owner=owner, places=place[:, None], given=self.masses[place], spent=spent)
        waiting = [self._promising(begun, wanted, times - 1, fits)]
        # Those with the most masses go on first, so that few wait.
        while waiting:
            begun = waiting.pop()
            left = times - begun.places.shape[1]
            if not left:
                yield begun.owner, self.masses[begun.places]
                continue
            first, counts = self._next_places(begun, wanted, left)
            now = _affordable(counts)
            if now < len(counts):
                waiting.append(begun.pick(slice(now, None)))
            budget.spend(int(counts[:now].sum()))
            rows, added = ranges(counts[:now])
            longer = begun.pick(rows).with_mass(first[rows] + added, self.masses, fits)
            waiting.append(self._promising(longer, wanted, left - 1, fits))

    def _next_places(self, begun: _Begun, wanted: Wanted, left: int) -> tuple[Ints, Ints]:
        """([n] the first place, [n] how many places) of the next of `left` masses, in ascending order.

        It is at most an even share of what is left to give, and leaves no more than the others can hold, each up to its
        cap, beside all that may be poured.
        """
        rest, cap = wanted.totals[begun.owner] - begun.given, wanted.caps[begun.owner]
        end = np.searchsorted(self.masses, np.minimum(rest // left, cap), side="right")
        least = np.searchsorted(self.masses, rest - wanted.pour - cap * (left - 1))
        first = np.maximum(begun.places[:, -1], least)
        return first, np.maximum(end - first, 0)

    def _promising(self, begun: _Begun, wanted: Wanted, left: int, fits: Fits | None) -> _Begun:
        """Those that `left` more masses, none smaller than the last, can end within the cap, the total and the pour."""
        rest = wanted.totals[begun.owner] - begun.given
        may = self.masses[begun.places[:, -1]] * left <= rest
        may &= rest <= wanted.caps[begun.owner] * left + wanted.pour
        if fits is not None and begun.spent is not None:
            may &= fits.beginnings(begun.owner, begun.spent, rest)
        return begun.pick(may)

    def days(self, tuples: Ints, budget: Budget, fits: Fits | None = None) -> Iterator[tuple[Doses, Ints]]:
        """(rows, [n] the tuple of each row) for all combinations of options that fit, in bounded parts."""
        places = self.places(tuples)
        alive = np.arange(len(tuples)) if fits is None else fits.tuples(places)
        waiting = [(alive, np.zeros((len(alive), 0), dtype=np.int64))]
        while waiting:
            owner, chosen = waiting.pop()
            column = chosen.shape[1]
            if column == places.shape[1]:
                if len(owner):
                    yield self._sum(chosen), owner
                continue
            counts = self.counts[places[owner, column]]
            now = _affordable(counts)
            if now < len(owner):
                waiting.append((owner[now:], chosen[now:]))
            rows, offset = ranges(counts[:now])
            budget.spend(len(rows))
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
            waiting.append((owner, chosen))

    def _sum(self, chosen: Ints) -> Doses:
        """The days of the options `chosen` [n, times]."""
        day = self.rows[chosen[:, 0]]
        for column in range(1, chosen.shape[1]):
            day = day.plus(self.rows[chosen[:, column]])
        return day


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """The first masses of days: their total's number `owner` [n], the `places` [n, some] of the masses, what these
    give [n] together, and where an allowance asks for it what they cost at least, `spent` [n, A]."""

    owner: Ints
    places: Ints
    given: Ints
    spent: Ints | None

    def pick(self, rows: Ints | Mask | slice) -> _Begun:
        spent = None if self.spent is None else self.spent[rows]
        return _Begun(owner=self.owner[rows], places=self.places[rows], given=self.given[rows], spent=spent)

    def with_mass(self, place: Ints, masses: Ints, fits: Fits | None) -> _Begun:
        """The same with one more mass each, at its `place` [n]."""
        return _Begun(
            owner=self.owner,
            places=np.column_stack([self.places, place]),
            given=self.given + masses[place],
            spent=None if self.spent is None or fits is None else self.spent + fits.least[place],
        )


def _affordable(counts: Ints) -> int:
    """How many of the first rows, one at least, go on at once that become so many [n] each."""
    return max(int(np.searchsorted(np.cumsum(counts), CHUNK, side="right")), 1)


class Fits:
    """Which days a plan within the goal may use, found before they are put together.

    A day costs at least what its options cost, or for an administration whose option is not chosen yet, what the
    cheapest of its mass costs; and it uses at least the products of the chosen options. `steps` [t] are the
    allowance's steps of the tuples asked about, `poured` [t] the volumes of a liquid beside them.
    """

    def __init__(self, options: Administrations, hand: Hand, allowance: Allowance) -> None:
        self.allowance = allowance
        self.hand = hand
        self.steps: Ints = np.zeros(0, dtype=np.int64)
        self.poured: Ints | None = None
        self.mask = 0
        self.costs = allowance.costs(options.rows)
        self.masks = allowance.masks(options.rows)
        self.least = np.minimum.reduceat(self.costs, options.starts)
        self.measure = burdens(allowance.grid)[2]
        self.rates = self._rates(options)

    def of(self, steps: Ints) -> Fits:
        """The same for tuples of these steps [t]."""
        fits = copy(self)
        fits.steps = steps
        return fits

    def beside(self, liquid: int, volumes: Ints) -> Fits:
        """The same for tuples beside these volumes [t] of a liquid."""
        fits = copy(self)
        fits.poured = self.allowance.pouring(liquid, volumes) + self.measure
        fits.mask = self.allowance.liquid(liquid)
        return fits

    def measured(self, rows: Ints, counts: Ints) -> Fits:
        """The same for these rows [m] of the tuples beside a liquid, which is measured so many times [m]."""
        fits = copy(self)
        fits.steps = self.steps[rows]
        if self.poured is not None:
            fits.poured = self.poured[rows] + ((counts - 1) * self.measure)[:, None]
        return fits

    def _rates(self, options: Administrations) -> Ints:
        """[A] the least cost of a mass unit, of pieces or of a liquid, times 2^8, rounded down."""
        some = options.masses > 0
        pieces = (self.least[some] << _SHIFT) // options.masses[some, None]
        drop = np.ones(1, dtype=np.int64)
        factors = self.allowance.grid.mass_per_volume
        drops = [(self.allowance.pouring(q, drop) << _SHIFT) // factors[q] for q in self.hand.liquids]
        rates = np.concatenate([pieces, *drops])
        least: Ints = rates.min(axis=0) if len(rates) else np.zeros(self.least.shape[1], dtype=np.int64)
        return least

    def beginnings(self, owner: Ints, spent: Ints, rest: Ints) -> Mask:
        """[n] whether days of their tuple that begin at costs `spent` [n, A], with `rest` [n] to be given, may fit."""
        costs = spent + (rest[:, None] * self.rates >> _SHIFT)
        return self.allowance.admits(self.steps[owner], costs, 0)

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


class Gathered:
    """Days of several totals, found part by part; those that others beat are dropped whenever there are many."""

    def __init__(self, exchange: Exchange, budget: Budget) -> None:
        self.exchange = exchange
        self.budget = budget
        self._parts: list[tuple[Ints, Doses]] = []
        self._known = 0
        self._new = 0

    def add(self, owner: Ints, doses: Doses) -> None:
        """Take in days, each with the place of its total. Raises LimitReachedError when they are too many to hold."""
        if not len(owner):
            return
        self._parts.append((owner, doses))
        self._new += len(owner)
        if self._new > max(self._known, CHUNK):
            self._parts = [self.left()]
            self._known, self._new = len(self._parts[0][0]), 0
            self.budget.hold(self._parts[0][1].entries)

    @property
    def is_empty(self) -> bool:
        """Whether there are none."""
        return not self._parts

    def left(self) -> tuple[Ints, Doses]:
        """([n] the place of the total, rows) of the days that none of their own total beats, by the place."""
        owner, doses = np.concatenate([owner for owner, _ in self._parts]), stack([rows for _, rows in self._parts])
        best = best_of_each_key(doses, owner)
        owner, doses = owner[best], doses[best]
        rows = self.exchange.survivors(doses, owner, self.budget)
        return owner[rows], doses[rows]
