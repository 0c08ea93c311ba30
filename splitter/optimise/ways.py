"""The ways in which a day of a step can be given: what remains after division and exchange.

A way is what supply and cost can see of a regimen: whole pieces, broken twelfths and liquid volumes of a day,
with its splits, events and burden. How it is laid out over the times comes later, for the ways of the best
plan only (`layout`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from splitter.optimise.allowance import Allowance
from splitter.optimise.days import Administrations, Fits, best_of_each_key, sums
from splitter.optimise.division import Division
from splitter.optimise.exchange import Exchange
from splitter.optimise.grid import Grid, Ints
from splitter.optimise.mixed import mixed_days
from splitter.optimise.options import Doses, burdens, stack
from splitter.prescription import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The ways of one step: `doses` has a row per way, `deviation` [n] its mass units from the target per day."""

    doses: Doses
    deviation: Ints

    def __len__(self) -> int:
        return len(self.doses)

    def pick(self, rows: Ints) -> Ways:
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


class WayFinder:
    """Finds the ways of the steps of one problem."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.divisions = [Division(grid, liquid) for liquid in range(len(grid.liquids))]
        self.times = len(grid.problem.times)
        self.measure_burden = burdens(grid)[2]
        self.keep_all = grid.problem.policy.max_products > 0
        self._known: dict[tuple[frozenset[int], tuple[int, ...]], Administrations] = {}

    def find(
        self, step: Step, days: tuple[int, ...], palette: Palette, allowance: Allowance | None = None
    ) -> Ways | None:
        """The ways of a step that has `days` in each interval it touches, or None when it can't be made.

        Only the smallest deviation is kept, except where a bound on the products may force a larger one; and only
        what the allowance admits, which must not be given where a tolerance is.
        """
        exchange = Exchange(self.grid, days)
        if step.doses:
            choices = self._stated(step, palette, exchange)
        else:
            choices = self._daily(step, palette, exchange, allowance)
        found = []
        for deviation, doses in choices:
            rows = doses if allowance is None else allowance.within(doses)
            rows = rows[exchange.survivors(rows)]
            found.append(Ways(doses=rows, deviation=np.full(len(rows), deviation, dtype=np.int64)))
            if not self.keep_all:
                break
        return join(found) if sum(map(len, found)) else None

    def _daily(
        self, step: Step, palette: Palette, exchange: Exchange, allowance: Allowance | None
    ) -> Iterator[tuple[int, Doses]]:
        target, slack = self.grid.mass(step.target.value), self.grid.slack(step.target)
        options = self._options(palette.discrete, self._cap(target + slack), exchange)
        fits = None if allowance is None else Fits(options, allowance)
        for deviation, totals in reachable(self.grid, target, slack):
            parts = [rows for total in totals for rows in self._given(total, palette, options, fits)]
            if sum(map(len, parts)):
                yield deviation, best_of_each_key(stack(parts))

    def _cap(self, total: int) -> int:
        """The most that one administration of a day of `total` can hold: the others stay within the imbalance."""
        limit = self.grid.imbalance
        return total if limit is None else min(total, (total + (self.times - 1) * limit) // self.times)

    def _options(self, products: frozenset[int], most: int, exchange: Exchange) -> Administrations:
        """The administrations of at least all masses up to `most`, kept for the steps that have the same days."""
        key = (products, exchange.days)
        known = self._known.get(key)
        if known is None or known.most < most:
            doses = [step.target for step in self.grid.problem.steps if step.target]
            heaviest = max((self._cap(self.grid.mass(d.value) + self.grid.slack(d)) for d in doses), default=0)
            known = Administrations(self.grid, products, max(most, heaviest), exchange)
            self._known[key] = known
        return known

    def _given(self, total: int, palette: Palette, options: Administrations, fits: Fits | None) -> Iterator[Doses]:
        """The ways to give exactly `total` mass units in a day."""
        if len(palette.liquids) > 1:
            yield from mixed_days(self.grid, palette.liquids, total, options)
            return
        tuples = options.tuples(self.times, self._cap(total), total)
        left = total - tuples.sum(axis=1)
        yield from self._without_liquid(tuples[left == 0], options, fits)
        for liquid in palette.liquids:
            yield from self._with_liquid(liquid, tuples[left > 0], left[left > 0], options, fits)

    def _without_liquid(self, tuples: Ints, options: Administrations, fits: Fits | None) -> Iterator[Doses]:
        if self.grid.imbalance is not None:
            tuples = tuples[tuples[:, -1] - tuples[:, 0] <= self.grid.imbalance]
        for rows, _ in options.days(tuples, fits):
            yield best_of_each_key(rows)

    def _with_liquid(
        self, liquid: int, tuples: Ints, left: Ints, options: Administrations, fits: Fits | None
    ) -> Iterator[Doses]:
        volumes, rest = np.divmod(left, self.grid.mass_per_volume[liquid])
        tuples, volumes = tuples[rest == 0], volumes[rest == 0]
        for rows, owner in options.days(tuples, fits and fits.beside(liquid, volumes)):
            counts = self._measurements(liquid, tuples, volumes, owner)
            made = np.flatnonzero(counts)
            poured = rows.volume[made]
            poured[:, liquid] = volumes[owner[made]]
            yield best_of_each_key(self._measured(rows[made], poured, counts[made]))

    def _measurements(self, liquid: int, tuples: Ints, volumes: Ints, owner: Ints) -> Ints:
        """[n] the fewest measurements that divide the volume of the tuple of each row, or 0 where none do."""
        division = self.divisions[liquid]
        distinct, inverse = np.unique(owner, return_inverse=True)
        pairs = zip(tuples[distinct].tolist(), volumes[distinct].tolist(), strict=True)
        fewest = [division.fewest(tuple(masses), volume) or 0 for masses, volume in pairs]
        counts: Ints = np.array(fewest, dtype=np.int64)[inverse]
        return counts

    def _measured(self, rows: Doses, volume: Ints, count: Ints) -> Doses:
        return replace(
            rows, volume=volume, events=rows.events + count, burden=rows.burden + count * self.measure_burden
        )

    def _stated(self, step: Step, palette: Palette, exchange: Exchange) -> Iterator[tuple[int, Doses]]:
        """Days whose administrations each obey their own dose, by the day's deviation (its sum over the times)."""
        assert step.doses is not None
        # A stated dose of zero means that nothing is given then, whatever the tolerance.
        slacks = [self.grid.slack(dose) if dose else 0 for dose in step.doses]
        heaviest = max(self.grid.mass(dose.value) + slack for dose, slack in zip(step.doses, slacks, strict=True))
        options = self._options(palette.discrete, heaviest, exchange)
        days: dict[int, Doses] = {}
        for place, (dose, slack) in enumerate(zip(step.doses, slacks, strict=True)):
            given = self._one_dose(self.grid.mass(dose.value), slack, palette, options)
            days = self._combined(days, given, exchange) if place else given
        yield from sorted(days.items(), key=lambda entry: entry[0])

    def _one_dose(self, target: int, slack: int, palette: Palette, options: Administrations) -> dict[int, Doses]:
        found: dict[int, Doses] = {}
        for deviation, totals in reachable(self.grid, target, slack):
            parts = [rows for total in totals for rows in self._single(total, palette, options)]
            if parts:
                found[deviation] = stack(parts)
                if not self.keep_all:
                    break
        return found

    def _single(self, dose: int, palette: Palette, options: Administrations) -> Iterator[Doses]:
        """The ways to give one administration of exactly `dose` mass units; of none, only nothing."""
        rows = options.of_mass(dose)
        if rows is not None:
            yield rows
        for liquid in palette.liquids if dose else ():
            factor = self.grid.mass_per_volume[liquid]
            for mass in options.masses[options.masses < dose].tolist():
                volume, rest = divmod(dose - mass, factor)
                if rest == 0 and volume in self.grid.measurable:
                    tablets = options.of_mass(mass)
                    assert tablets is not None
                    poured = tablets.volume.copy()
                    poured[:, liquid] = volume
                    yield self._measured(tablets, poured, np.ones(len(tablets), dtype=np.int64))

    def _combined(self, days: dict[int, Doses], given: dict[int, Doses], exchange: Exchange) -> dict[int, Doses]:
        parts: dict[int, list[Doses]] = {}
        for before, rows in days.items():
            for added, more in given.items():
                parts.setdefault(before + added, []).append(sums(rows, more))
        merged = {deviation: best_of_each_key(stack(found)) for deviation, found in parts.items()}
        return {deviation: rows[exchange.survivors(rows)] for deviation, rows in merged.items()}


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
