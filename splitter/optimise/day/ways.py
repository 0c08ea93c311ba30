"""The ways in which a day of a step can be given: what remains after division and exchange.

A way is what supply and cost can see of a regimen: whole pieces, broken twelfths and liquid volumes of a day,
with its splits, events and burden. How it is laid out over the times comes later, for the ways of the best
plan only (`layout`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from splitter.division import Exactness, Giving
from splitter.optimise.day.allowance import Allowance
from splitter.optimise.day.days import Administrations, Fits, Spend, best_of_each_key, sums
from splitter.optimise.day.division import Division
from splitter.optimise.day.exchange import Exchange
from splitter.optimise.day.mixed import mixed_days
from splitter.optimise.day.options import Doses, Hand, burdens, hand_of, least_volumes, stack
from splitter.optimise.integers import Grid, Ints
from splitter.prescription import Step, Tolerance


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The ways of one step: `doses` has a row per way, `deviation` [n] its mass units from the target per day."""

    doses: Doses
    deviation: Ints

    def __len__(self) -> int:
        return len(self.doses)

    def pick(self, rows: Ints | slice) -> Ways:
        return Ways(doses=self.doses[rows], deviation=self.deviation[rows])


def join(parts: list[Ways]) -> Ways:
    """The ways of all parts; there must be at least one part."""
    return Ways(
        doses=stack([ways.doses for ways in parts]), deviation=np.concatenate([ways.deviation for ways in parts])
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


class WayFinder:
    """Finds the ways of the steps of one problem, and of all that differ from it in their steps alone."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.times = len(grid.problem.times)
        self.measure_burden = burdens(grid)[2]
        self.keep_all = grid.problem.policy.max_products > 0
        self.is_tolerant = grid.problem.tolerance != Tolerance()
        self._spend: Spend = _nothing
        self._divisions: dict[tuple[int, Hand], Division] = {}
        self._administrations: dict[tuple[object, ...], Administrations] = {}
        self._known_days: dict[tuple[object, ...], list[tuple[int, Doses]]] = {}
        self._known: dict[tuple[Pattern, bytes], dict[int, _Known]] = {}

    def find(
        self, asked: Sequence[Asked], palette: Palette, spend: Spend, allowance: Allowance | None = None
    ) -> list[Ways | None]:
        """The ways of each step, or None where it can't be made; `spend` is told of work that may be long.

        Only the smallest deviation is kept, except where a bound on the products may force a larger one; and only
        what the allowance admits, which must not be given where a tolerance is.
        """
        self._spend = spend
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
        fits = None if allowance is None else Fits(options, allowance)
        parts = list(self._given(np.array(masses), places, pattern.hand, options, fits))
        none = options.rows[places[:0]]
        owner = np.concatenate([places[:0], *(owner for owner, _ in parts)])
        doses = stack([none, *(rows for _, rows in parts)])
        if allowance is not None:
            admitted = allowance.within(owner, doses)
            owner, doses = owner[admitted], doses[admitted]
        rows = exchange.survivors(doses, owner)
        ends = np.searchsorted(owner[rows], np.arange(len(masses) + 1))
        return [doses[rows[first:end]] for first, end in pairwise(ends.tolist())]

    def _alone(self, asked: Asked, hand: Hand, allowance: Allowance | None) -> Ways | None:
        """The ways of one step that states its doses, or has a tolerance or several liquids."""
        exchange = Exchange(self.grid, asked.days)
        if asked.step.doses:
            choices = iter(self._known_stated(asked, hand, exchange))
        else:
            choices = self._daily(asked.step, hand, exchange)
        found = []
        for deviation, doses in choices:
            rows = doses if allowance is None else doses[allowance.within(np.zeros(len(doses), dtype=int), doses)]
            rows = rows[exchange.survivors(rows)]
            found.append(Ways(doses=rows, deviation=np.full(len(rows), deviation, dtype=np.int64)))
            if not self.keep_all:
                break
        return join(found) if sum(map(len, found)) else None

    def _daily(self, step: Step, hand: Hand, exchange: Exchange) -> Iterator[tuple[int, Doses]]:
        target, slack = self.grid.mass(step.target.value), self.grid.slack(step.target)
        options = self._options(hand, self._cap(target + slack), exchange)
        for deviation, totals in reachable(self.grid, target, slack):
            parts = [rows for total in totals for rows in self._of_total(total, hand, options)]
            if sum(map(len, parts)):
                rows = stack(parts)
                yield deviation, rows[best_of_each_key(rows)]

    def _of_total(self, total: int, hand: Hand, options: Administrations) -> Iterator[Doses]:
        """The ways to give exactly `total` mass units in a day."""
        if len(hand.liquids) > 1 or not hand.is_told_by_mass:
            yield from mixed_days(self.grid, hand, total, options, self._spend)
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
        owner, tuples = options.tuples(self.times, (caps, totals, pour), self._spend)
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
        for rows, place in options.days(tuples, self._spend, fits):
            best = best_of_each_key(rows, owner[place])
            yield owner[place[best]], rows[best]

    def _with_liquid(
        self, division: Division, owner: Ints, tuples: Ints, volumes: Ints, options: Administrations, fits: Fits | None
    ) -> Iterator[tuple[Ints, Doses]]:
        for rows, place in options.days(tuples, self._spend, fits):
            counts = self._measurements(division, tuples, volumes, place)
            made = np.flatnonzero(counts)
            poured = rows.volume[made]
            poured[:, division.liquid] = volumes[place[made]]
            days = self._measured(rows[made], poured, counts[made])
            best = best_of_each_key(days, owner[place[made]])
            yield owner[place[made]][best], days[best]

    def _measurements(self, division: Division, tuples: Ints, volumes: Ints, owner: Ints) -> Ints:
        """[n] the fewest measurements that divide the volume of the tuple of each row, or 0 where none do."""
        distinct, inverse = np.unique(owner, return_inverse=True)
        counts: Ints = division.fewest(tuples[distinct], volumes[distinct], self._spend)[inverse]
        return counts

    def _division(self, liquid: int, hand: Hand) -> Division:
        """What divides volumes of a liquid beside pieces."""
        key = liquid, hand
        if key not in self._divisions:
            self._divisions[key] = Division(self.grid, liquid, hand)
        return self._divisions[key]

    def _measured(self, rows: Doses, volume: Ints, count: Ints) -> Doses:
        return replace(
            rows, volume=volume, events=rows.events + count, burden=rows.burden + count * self.measure_burden
        )

    def _known_stated(self, asked: Asked, hand: Hand, exchange: Exchange) -> list[tuple[int, Doses]]:
        """What `_stated` finds, looked for once."""
        key = asked.step.doses, hand, asked.days
        if key not in self._known_days:
            if len(self._known_days) >= _MOST_KNOWN:
                self._known_days.clear()
            self._known_days[key] = list(self._stated(asked.step, hand, exchange))
        return self._known_days[key]

    def _stated(self, step: Step, hand: Hand, exchange: Exchange) -> Iterator[tuple[int, Doses]]:
        """Days whose administrations each obey their own dose, by the day's deviation (its sum over the times)."""
        assert step.doses is not None
        # A stated dose of zero means that nothing is given then, whatever the tolerance.
        slacks = [self.grid.slack(dose) if dose else 0 for dose in step.doses]
        heaviest = max(self.grid.mass(dose.value) + slack for dose, slack in zip(step.doses, slacks, strict=True))
        options = self._options(hand, heaviest, exchange)
        each = [(self.grid.mass(dose.value), slack) for dose, slack in zip(step.doses, slacks, strict=True)]
        given = {asked: self._one_dose(*asked, hand, options) for asked in {*each}}
        days = given[each[0]]
        for asked in each[1:]:
            days = self._combined(days, given[asked], exchange)
        yield from sorted(days.items(), key=lambda entry: entry[0])

    def _one_dose(self, target: int, slack: int, hand: Hand, options: Administrations) -> dict[int, Doses]:
        found: dict[int, Doses] = {}
        for deviation, totals in reachable(self.grid, target, slack):
            parts = [rows for total in totals for rows in self._single(total, hand, options)]
            if parts:
                found[deviation] = stack(parts)
                if not self.keep_all:
                    break
        return found

    def _single(self, dose: int, hand: Hand, options: Administrations) -> Iterator[Doses]:
        """The ways to give one administration of exactly `dose` mass units; of none, only nothing."""
        rows = options.of_mass(dose)
        if rows is not None:
            yield rows
        for liquid in hand.liquids if dose else ():
            factor = self.grid.mass_per_volume[liquid]
            volumes, rests = np.divmod(dose - options.masses[options.masses < dose], factor)
            for place in np.flatnonzero(rests == 0).tolist():
                mass, volume = int(options.masses[place]), int(volumes[place])
                if volume in self.grid.measurable and hand.pours(self.grid, liquid, volume):
                    tablets = options.of_mass(mass)
                    assert tablets is not None
                    tablets = tablets[least_volumes(hand, tablets, factor) <= volume]
                    poured = tablets.volume.copy()
                    poured[:, liquid] = volume
                    yield self._measured(tablets, poured, np.ones(len(tablets), dtype=np.int64))

    def _combined(self, days: dict[int, Doses], given: dict[int, Doses], exchange: Exchange) -> dict[int, Doses]:
        parts: dict[int, list[Doses]] = {}
        for before, rows in days.items():
            for added, more in given.items():
                parts.setdefault(before + added, []).append(sums(rows, more))
        stacked = {deviation: stack(found) for deviation, found in parts.items()}
        merged = {deviation: rows[best_of_each_key(rows)] for deviation, rows in stacked.items()}
        return {deviation: rows[exchange.survivors(rows)] for deviation, rows in merged.items()}


def _nothing(_count: int) -> None:
    """Spend nothing."""


def _widest(masses: list[int], most: Ints) -> Iterator[tuple[int, Ints]]:
    """(a mass, the most [A, 2^n] of all its rows) for each mass of the rows of `most` [k, A, 2^n]."""
    order = np.argsort(masses, kind="stable")
    distinct, first = np.unique(np.array(masses)[order], return_index=True)
    yield from zip(distinct.tolist(), np.maximum.reduceat(most[order], first), strict=True)


def reachable(grid: Grid, target: int, slack: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """(deviation, the one or two totals that deviate so), smallest first, on the lattice of what can be given."""
    lattice = grid.lattice
    totals = range(-(-(target - slack) // lattice) * lattice, target + slack + 1, lattice)
    by_deviation: dict[int, list[int]] = {}
    for total in totals:
        if total >= 0:
            by_deviation.setdefault(abs(total - target), []).append(total)
    for deviation in sorted(by_deviation):
        yield deviation, tuple(by_deviation[deviation])
