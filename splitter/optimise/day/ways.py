"""The ways in which a day of a step can be given: what remains after division and exchange.

A way is what supply and cost can see of a regimen: whole pieces, broken twelfths and liquid volumes of a day,
with its splits, events and burden. How it is laid out over the times comes later, for the ways of the best
plan only (`layout`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from splitter.division import Exactness, Giving
from splitter.optimise.day.allowance import Allowance
from splitter.optimise.day.days import Administrations, Fits, Gathered, Wanted, best_of_each_key
from splitter.optimise.day.division import Division
from splitter.optimise.day.exchange import Exchange
from splitter.optimise.day.mixed import mixed_days
from splitter.optimise.day.options import Doses, Hand, hand_of, measured, reachable, stack
from splitter.optimise.day.stated import Joining, Stated
from splitter.optimise.integers import Grid, Ints
from splitter.optimise.limits import Budget
from splitter.prescription import Step, Tolerance


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The ways of one step: `doses` has a row per way, `deviation` [n] its mass units from the target per day.

    `is_cut` says that some were left out because they were too many for a narrow search.
    """

    doses: Doses
    deviation: Ints
    is_cut: bool = False

    def __len__(self) -> int:
        return len(self.doses)

    def pick(self, rows: Ints | slice) -> Ways:
        return replace(self, doses=self.doses[rows], deviation=self.deviation[rows])


def join(parts: list[Ways]) -> Ways:
    """The ways of all parts; there must be at least one part."""
    return Ways(
        doses=stack([ways.doses for ways in parts]),
        deviation=np.concatenate([ways.deviation for ways in parts]),
        is_cut=any(ways.is_cut for ways in parts),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The products that a day may use: discrete ones and liquids, by their places in the grid."""

    discrete: frozenset[int]
    liquids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A step of `mass` units a day that has `days` in each interval it touches, and with what it is given."""

    step: Step
    mass: int
    days: tuple[int, ...]
    giving: Giving


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What days have in common that are looked for together: the step's in each interval, and what they are made of."""

    days: tuple[int, ...]
    hand: Hand


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """The days of one mass that cost no more than `most` [A, 2^n]; further ones are not known yet."""

    most: Ints
    doses: Doses


_MOST_KNOWN = 4096
"""Masses whose days are kept; when there are more, all are forgotten but those just asked about."""

_PAIRS = 16
"""How many times as many days of stated doses go on as are asked for."""


class WayFinder:
    """Finds the ways of the steps of one problem, and of all that differ from it in their steps alone."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.times = len(grid.problem.times)
        self.keep_all = grid.problem.policy.max_products > 0
        self.is_tolerant = grid.problem.tolerance != Tolerance()
        self._budget = Budget()
        self._width: int | None = None
        self._divisions: dict[tuple[int, Hand], Division] = {}
        self._administrations: dict[tuple[object, ...], Administrations] = {}
        self._stated = Stated(grid)
        self._known: dict[tuple[Pattern, bytes], dict[int, _Known]] = {}

    def find(
        self,
        asked: Sequence[Asked],
        palette: Palette,
        budget: Budget,
        allowance: Allowance | None = None,
        most: int | None = None,
    ) -> list[Ways | None]:
        """The ways of each step, or None where it can't be made; the `budget` is spent on what may be long.

        Only the smallest deviation is kept, except where a bound on the products may force a larger one; and only
        what the allowance admits, which must not be given where a tolerance is. Where a step has more than `most` ways
        some may be left out.
        """
        self._budget = budget
        self._width = None if most is None else _PAIRS * most
        found: list[Ways | None] = [None] * len(asked)
        together: dict[Pattern, list[int]] = {}
        for place, each in enumerate(asked):
            made_of = replace(
                hand_of(self.grid, palette.discrete, palette.liquids, each.giving),
                exactness=Exactness.of(each.step, self.grid.problem.policy),
            )
            if each.step.doses or self.is_tolerant or len(palette.liquids) > 1 or not made_of.is_told_by_mass:
                only = None if allowance is None else allowance.of(slice(place, place + 1))
                found[place] = self._alone(each, made_of, only)
            else:
                together.setdefault(Pattern(days=each.days, hand=made_of), []).append(place)
        for pattern, places in together.items():
            masses = [asked[place].mass for place in places]
            ways = self._exact(masses, np.array(places), pattern, allowance)
            for place, one in zip(places, ways, strict=True):
                found[place] = one
        return found

    def _exact(
        self, masses: list[int], places: Ints, pattern: Pattern, allowance: Allowance | None
    ) -> list[Ways | None]:
        """The ways of days of exactly these masses, from what is kept; `places` are the allowance's steps."""
        prices = b"" if allowance is None else allowance.key
        most = np.zeros((len(masses), 0, 1), dtype=np.int64) if allowance is None else allowance.most[places]
        known = self._known.setdefault((pattern, prices), {})
        self._keep(known, pattern, dict(_widest(masses, most)), allowance)
        sizes = [len(known[mass].doses) for mass in masses]
        owner, doses = np.repeat(np.arange(len(masses)), sizes), stack([known[mass].doses for mass in masses])
        if allowance is not None:
            admitted = allowance.within(places[owner], doses)
            owner, doses = owner[admitted], doses[admitted]
        ends = np.searchsorted(owner, np.arange(len(masses) + 1))
        ways = Ways(doses=doses, deviation=np.zeros(len(owner), dtype=np.int64))
        return [ways.pick(slice(first, end)) if first < end else None for first, end in pairwise(ends.tolist())]

    def _keep(
        self, known: dict[int, _Known], pattern: Pattern, most: dict[int, Ints], allowance: Allowance | None
    ) -> None:
        """Look for the days that are not `known` yet up to the `most` [A, 2^n] that a day of each mass may cost."""
        wanted = {
            mass: np.maximum(row, known[mass].most) if mass in known else row
            for mass, row in most.items()
            if mass not in known or (row > known[mass].most).any()
        }
        if not wanted:
            return
        widest = None if allowance is None else replace(allowance, most=np.array(list(wanted.values())))
        found = self._search_days(list(wanted), pattern, widest)
        if sum(map(len, self._known.values())) > _MOST_KNOWN:
            asked = {mass: known[mass] for mass in most if mass in known}
            for masses in self._known.values():
                masses.clear()
            known.update(asked)
        for (mass, row), doses in zip(wanted.items(), found, strict=True):
            known[mass] = _Known(most=row, doses=doses)

    def _search_days(self, masses: list[int], pattern: Pattern, allowance: Allowance | None) -> list[Doses]:
        """The days of each mass, all at once, that a plan within an allowance of as many steps may use."""
        exchange, places = Exchange(self.grid, pattern.days), np.arange(len(masses))
        options = self._options(pattern.hand, self._cap(max(masses)), exchange)
        fits = None if allowance is None else Fits(options, pattern.hand, allowance)
        gathered = Gathered(exchange, self._budget)
        for owner, doses in self._given(np.array(masses), places, pattern.hand, options, fits):
            admitted = slice(None) if allowance is None else allowance.within(owner, doses)
            gathered.add(owner[admitted], doses[admitted])
        if gathered.is_empty:
            return [options.rows[:0]] * len(masses)
        owner, doses = gathered.left()
        ends = np.searchsorted(owner, np.arange(len(masses) + 1))
        return [doses[first:end] for first, end in pairwise(ends.tolist())]

    def _alone(self, asked: Asked, hand: Hand, allowance: Allowance | None) -> Ways | None:
        """The ways of one step that states its doses, or has a tolerance or several liquids."""
        exchange, is_cut = Exchange(self.grid, asked.days), False
        if asked.step.doses:
            options = self._options(hand, self._stated.heaviest(asked.step.doses), exchange)
            joining = Joining(exchange=exchange, budget=self._budget, allowance=allowance, width=self._width)
            days, is_cut = self._stated.days(asked.step.doses, (hand, options), joining)
            choices: Iterable[tuple[int, Doses]] = sorted(days.items(), key=lambda entry: entry[0])
        else:
            choices = self._daily(asked.step, hand, exchange)
        found = []
        for deviation, doses in choices:
            rows = doses if allowance is None else doses[allowance.within(np.zeros(len(doses), dtype=int), doses)]
            rows = rows[exchange.survivors(rows)]
            far = np.full(len(rows), deviation, dtype=np.int64)
            found.append(Ways(doses=rows, deviation=far, is_cut=is_cut))
            if not self.keep_all:
                break
        return join(found) if is_cut or any(len(ways) for ways in found) else None

    def _daily(self, step: Step, hand: Hand, exchange: Exchange) -> Iterator[tuple[int, Doses]]:
        target, slack = self.grid.mass(step.target.value), self.grid.slack(step.target)
        options = self._options(hand, self._cap(target + slack), exchange)
        for deviation, totals in reachable(self.grid, target, slack):
            gathered = Gathered(exchange, self._budget)
            for rows in (rows for total in totals for rows in self._of_total(total, hand, options)):
                gathered.add(np.zeros(len(rows), dtype=np.int64), rows)
            if not gathered.is_empty:
                yield deviation, gathered.left()[1]

    def _of_total(self, total: int, hand: Hand, options: Administrations) -> Iterator[Doses]:
        """The ways to give exactly `total` mass units in a day."""
        if len(hand.liquids) > 1 or not hand.is_told_by_mass:
            yield from mixed_days(self.grid, hand, total, options, self._budget)
        else:
            given = self._given(np.array([total]), np.zeros(1, dtype=np.int64), hand, options, None)
            yield from (rows for _, rows in given)

    def _cap(self, total: int) -> int:
        """The most that one administration of a day of `total` can hold: the others stay within the imbalance."""
        limit = self.grid.imbalance
        return total if limit is None else min(total, (total + (self.times - 1) * limit) // self.times)

    def _options(self, hand: Hand, most: int, exchange: Exchange) -> Administrations:
        """The administrations of at least all masses up to `most`, kept for the steps that have the same days."""
        key = (hand.groups, hand.exactness, exchange.days)
        known = self._administrations.get(key)
        if known is None or known.most < most:
            known = Administrations(self.grid, hand, most, exchange)
            self._administrations[key] = known
        return known

    def _given(
        self, totals: Ints, places: Ints, hand: Hand, options: Administrations, fits: Fits | None
    ) -> Iterator[tuple[Ints, Doses]]:
        """([n] the total, rows) of the ways to give exactly each of `totals` in a day; `places` are the allowance's."""
        caps = np.array([self._cap(total) for total in totals.tolist()])
        pour = max((self.grid.mass_per_volume[liquid] for liquid in hand.liquids), default=0)
        pour *= self.times * int(self.grid.volumes.max(initial=0))
        wanted = Wanted(totals=totals, caps=caps, pour=pour)
        for owner, tuples in options.tuples(self.times, wanted, self._budget, fits and fits.of(places)):
            left = totals[owner] - tuples.sum(axis=1)
            pure = left == 0
            yield from self._without_liquid(owner[pure], tuples[pure], options, fits and fits.of(places[owner[pure]]))
            for liquid in hand.liquids:
                volumes, rest = np.divmod(left, self.grid.mass_per_volume[liquid])
                poured = np.flatnonzero((left > 0) & (rest == 0))
                beside = fits and fits.of(places[owner[poured]]).beside(liquid, volumes[poured])
                division = self._division(liquid, hand)
                yield from self._with_liquid(division, owner[poured], tuples[poured], volumes[poured], options, beside)

    def _without_liquid(
        self, owner: Ints, tuples: Ints, options: Administrations, fits: Fits | None
    ) -> Iterator[tuple[Ints, Doses]]:
        if self.grid.imbalance is not None:
            even = tuples[:, -1] - tuples[:, 0] <= self.grid.imbalance
            owner, tuples, fits = owner[even], tuples[even], fits and fits.of(fits.steps[even])
        for rows, place in options.days(tuples, self._budget, fits):
            best = best_of_each_key(rows, owner[place])
            yield owner[place[best]], rows[best]

    def _with_liquid(
        self, division: Division, owner: Ints, tuples: Ints, volumes: Ints, options: Administrations, fits: Fits | None
    ) -> Iterator[tuple[Ints, Doses]]:
        alive = np.arange(len(tuples)) if fits is None else fits.tuples(options.places(tuples))
        counts = division.fewest(tuples[alive], volumes[alive], self._budget)
        alive, counts = alive[counts > 0], counts[counts > 0]
        owner, tuples, volumes, fits = (
            owner[alive],
            tuples[alive],
            volumes[alive],
            fits and fits.measured(alive, counts),
        )
        for rows, place in options.days(tuples, self._budget, fits):
            poured = rows.volume.copy()
            poured[:, division.liquid] = volumes[place]
            days = measured(self.grid, rows, poured, counts[place])
            best = best_of_each_key(days, owner[place])
            yield owner[place[best]], days[best]

    def _division(self, liquid: int, hand: Hand) -> Division:
        """What divides volumes of a liquid beside pieces."""
        key = liquid, hand
        if key not in self._divisions:
            self._divisions[key] = Division(self.grid, liquid, hand)
        return self._divisions[key]


def _widest(masses: list[int], most: Ints) -> Iterator[tuple[int, Ints]]:
    """(a mass, the most [A, 2^n] of all its rows) for each mass of the rows of `most` [k, A, 2^n]."""
    order = np.argsort(masses, kind="stable")
    distinct, first = np.unique(np.array(masses)[order], return_index=True)
    yield from zip(distinct.tolist(), np.maximum.reduceat(most[order], first), strict=True)
