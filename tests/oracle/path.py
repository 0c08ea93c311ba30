"""How a day is divided, as the problem says it, sentence by sentence: the dose of each time, the form of each step.

Everything is tried and nothing is clever: a dose can be given where some pieces and some volume make it; of the
candidates of all steps every path is judged as a whole (`every_path`), or, where there are too many, the best paths to
each candidate of the last step are carried on by one step (`settle`). All amounts are milligrams.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from fractions import Fraction
from functools import cached_property
from itertools import pairwise, product
from math import ceil, floor, gcd, lcm
from typing import NamedTuple

from splitter.formulary import Product
from splitter.prescription import LargerDose, Policy, Step
from tests.oracle.cases import Case
from tests.oracle.rules import allowed_fractions, allowed_products, is_measurable

PLAIN, FINE = "plain", "fine"
CAPSULES, TOGETHER, NOTHING = "capsules", "all means together", "no means"
ROUND = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5))
DAY = 24 * 60 * 60

Doses = tuple[Fraction, ...]


class Candidate(NamedTuple):
    """What a step could be: the dose of each time, in the order of the times, with what, and how far off it is."""

    doses: Doses
    form: str
    even: bool
    deviation: Fraction = Fraction(0)


Path = tuple[Candidate | None, ...]
"""A candidate for each step; None for a drug-free one."""


class Means(NamedTuple):
    """With what fine steps are given: its name, the liquids, the compounded capsules."""

    name: str
    liquids: tuple[Product, ...]
    capsules: tuple[Product, ...]

    def each_alone(self) -> tuple[Means, ...]:
        """One liquid, or the capsules: where several are the plan's means, each of them is one means."""
        alone = tuple(Means(liquid.id, (liquid,), ()) for liquid in self.liquids)
        return (*alone, Means(CAPSULES, (), self.capsules)) if self.capsules else alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The best path and the means that share it, by name; without any path no means."""

    means: tuple[Means, ...]
    path: Path | None


# -------------------------------------------------------------------------------------------- the order of the times


def cutting_order(case: Case) -> tuple[int, ...]:
    """The times by their place in the day's list, the one that is cut first in front."""
    asked = case.prescription
    if asked.cut_order is not None:
        return tuple(asked.times.index(moment) for moment in asked.cut_order)
    larger = asked.larger_dose or case.formulary.larger_dose or LargerDose.LAST
    left, order = list(range(len(asked.times))), []
    while left:
        gaps = {j: _longest_gap([asked.times[other] for other in left if other != j]) for j in left}
        shortest = [j for j in left if gaps[j] == min(gaps.values())]
        order.append(min(shortest) if larger is LargerDose.LAST else max(shortest))
        left.remove(order[-1])
    return tuple(order)


def _longest_gap(times: Sequence[time]) -> int:
    """The longest time without a dose around the clock [s]; a whole day with one dose or none."""
    seconds = sorted(moment.hour * 3600 + moment.minute * 60 + moment.second for moment in times)
    if not seconds:
        return DAY
    return max(later - earlier for earlier, later in pairwise([*seconds, seconds[0] + DAY]))


def divided(target: Fraction, unit: Fraction, filling: Sequence[int]) -> Doses:
    """D_u(T): T = n·u + r, n = a·k + b; the first b times get (a + 1)·u, the next one a·u + r, the others a·u."""
    k = len(filling)
    n = floor(target / unit)
    r = target - n * unit
    a, b = divmod(n, k)
    doses = [Fraction(0)] * k
    for place, j in enumerate(filling):
        doses[j] = (a + 1) * unit if place < b else a * unit + r if place == b else a * unit
    return tuple(doses)


# ------------------------------------------------------------------------------------------ what gives a dose (R2, R4)


def sums(sizes: Sequence[Fraction], most: int, highest: Fraction) -> set[Fraction]:
    """What up to `most` pieces of these sizes add up to, up to `highest`."""
    made = {Fraction(0)}
    for _ in range(most):
        made |= {total + size for total in made for size in sizes if total + size <= highest}
    return made


class Shelf:
    """The plain products and one means: which doses they give."""

    def __init__(self, case: Case, means: Means) -> None:
        self.case, self.means, self.policy = case, means, case.policy
        self.plain = sorted({size for p in plain_products(case) for size in _sizes(p, case.policy)})
        self.capsules = sorted({size for p in means.capsules for size in _sizes(p, case.policy)})
        steps = case.prescription.steps
        self.highest = max((2 * step.target.value for step in steps), default=Fraction(0))
        self._known: dict[tuple[str, Fraction], bool] = {}
        self._sums: dict[str, set[Fraction]] = {}

    def plain_gives(self, dose: Fraction) -> bool:
        """Plain products alone."""
        return self._gives("plain", self.plain, (), dose)

    def means_gives(self, dose: Fraction) -> bool:
        """The means alone."""
        return self._gives("means", self.capsules, self.means.liquids, dose)

    def both_give(self, dose: Fraction) -> bool:
        """Plain products, the means, or both in one administration."""
        return self._gives("both", [*self.plain, *self.capsules], self.means.liquids, dose)

    def gives(self, rank: int, dose: Fraction) -> bool:
        """Rank 0: the means alone; 1: that or plain pieces alone; 2: both. A dose of zero counts as given."""
        if rank == 0:
            return self.means_gives(dose)
        if rank == 1:
            return self.means_gives(dose) or self.plain_gives(dose)
        return self.both_give(dose)

    def rank(self, doses: Doses) -> int:
        """The first rank at which all the doses of a fine step are given."""
        return next(rank for rank in (0, 1, 2) if all(self.gives(rank, dose) for dose in doses))

    def _gives(self, what: str, sizes: Sequence[Fraction], liquids: Sequence[Product], dose: Fraction) -> bool:
        if (what, dose) not in self._known:
            if what not in self._sums or dose > self.highest:
                self.highest = max(self.highest, dose)
                self._sums[what] = sums(sizes, self.policy.max_pieces, self.highest)
            self._known[what, dose] = any(self._completes(pieces, liquids, dose) for pieces in self._sums[what])
        return self._known[what, dose]

    def _completes(self, pieces: Fraction, liquids: Sequence[Product], dose: Fraction) -> bool:
        """Whether pieces of so much make the dose, with a volume of one of the liquids if need be."""
        rest = dose - pieces
        if rest == 0:
            return True
        if rest < 0 or (pieces and rest < self.policy.min_share * dose):
            return False
        return any(is_measurable(rest / liquid.concentration.value, self.policy) for liquid in liquids)

    @cached_property
    def each_alone(self) -> list[Shelf]:
        """The plain products with each means alone."""
        return [Shelf(self.case, means) for means in self.means.each_alone()]

    @cached_property
    def graduations(self) -> list[Fraction]:
        """The dose of one graduation of each liquid in each syringe."""
        return [s.graduation.value * p.concentration.value for s in self.policy.syringes for p in self.means.liquids]

    @cached_property
    def lattice(self) -> Fraction | None:
        """Every dose that can be given is a multiple of this."""
        fills = [s.capacity.value * p.concentration.value for s in self.policy.syringes for p in self.means.liquids]
        amounts = [*self.plain, *self.capsules, *self.graduations, *fills]
        if not amounts:
            return None
        return Fraction(gcd(*(a.numerator for a in amounts)), lcm(*(a.denominator for a in amounts)))


def plain_products(case: Case) -> tuple[Product, ...]:
    """The allowed discrete products that are not compounded."""
    return tuple(p for p in allowed_products(case) if not p.is_liquid and not p.is_compounded)


def all_means(case: Case) -> tuple[Means, ...]:
    """Each liquid, and the compounded capsules; together where `one_liquid` is off; one of nothing where none is."""
    liquids = tuple(p for p in allowed_products(case) if p.is_liquid)
    capsules = tuple(p for p in allowed_products(case) if not p.is_liquid and p.is_compounded)
    if not liquids and not capsules:
        return (Means(NOTHING, (), ()),)
    together = Means(TOGETHER, liquids, capsules)
    return together.each_alone() if case.policy.one_liquid else (together,)


def _sizes(item: Product, policy: Policy) -> list[Fraction]:
    return [item.strength.value * fraction for fraction in allowed_fractions(item, policy.split)]


# --------------------------------------------------------------------------------------------- a step's candidates


def candidates(case: Case, step: Step, shelf: Shelf) -> list[Candidate]:
    """What a step with a dose could be with these means, without doubles."""
    tolerance = case.prescription.tolerance
    if step.doses is None:
        near = _nearest_daily(case, step.target.value, tolerance.of(step.target).value, shelf)
    else:
        near = _nearest_stated(case, step, shelf)
    found = list(dict.fromkeys(near))
    if case.policy.every_time and any(all(c.doses) for c in found):
        return [c for c in found if all(c.doses)]
    return found


def _nearest_daily(case: Case, target: Fraction, off: Fraction, shelf: Shelf) -> list[Candidate]:
    """Those of the nearest daily dose that has any, which is not nothing; of both when two are equally near."""
    for distance, totals in _distances(target, off, shelf.lattice):
        found = [
            c._replace(deviation=distance)
            for total in totals
            if total
            for c in (*plain_candidates(case, total, shelf), *fine_candidates(case, total, shelf))
        ]
        if found:
            return found
    return []


def _distances(wanted: Fraction, off: Fraction, lattice: Fraction | None) -> list[tuple[Fraction, list[Fraction]]]:
    """What could be given instead of a dose, by its distance from it."""
    if lattice is None:
        return []
    multiples = range(ceil(max(wanted - off, Fraction(0)) / lattice), floor((wanted + off) / lattice) + 1)
    by_distance: dict[Fraction, list[Fraction]] = {}
    for multiple in multiples:
        by_distance.setdefault(abs(multiple * lattice - wanted), []).append(multiple * lattice)
    return sorted(by_distance.items())


def plain_candidates(case: Case, target: Fraction, shelf: Shelf) -> Iterator[Candidate]:
    """D_u(T), for u the size of a piece of a plain product, where plain products alone give every dose."""
    filling = cutting_order(case)[::-1]
    for unit in shelf.plain:
        doses = divided(target, unit, filling)
        if all(map(shelf.plain_gives, doses)):
            yield Candidate(doses, PLAIN, is_even_plain(case, doses, shelf))


def is_even_plain(case: Case, doses: Doses, shelf: Shelf) -> bool:
    """No time gets nothing, and the spread is at most `evenness` of T / k or at most the smallest plain piece."""
    return all(doses) and spread(doses) <= max(case.policy.evenness * sum(doses) / len(doses), min(shelf.plain))


def is_even_fine(case: Case, doses: Doses) -> bool:
    """No time gets nothing, and the spread is at most `evenness` of T / k."""
    return all(doses) and spread(doses) <= case.policy.evenness * sum(doses) / len(doses)


def spread(doses: Doses) -> Fraction:
    """The largest minus the smallest dose."""
    return max(doses) - min(doses)


def fine_candidates(case: Case, target: Fraction, shelf: Shelf) -> Iterator[Candidate]:
    """Those for one means, for each of the plan's means."""
    for alone in shelf.each_alone:
        yield from _of_one_means(case, target, alone)


def _of_one_means(case: Case, target: Fraction, shelf: Shelf) -> list[Candidate]:
    """Of the first rank that holds an even one all its even ones; where none does, all that rank 2 gives."""
    first = _divisions(case, target, _units(case, target, shelf))
    more = _divisions(case, target, _graduation_units(case, target, shelf))
    for rank in (0, 1, 2):
        for tried in (first, more):
            given = [doses for doses in tried if all(shelf.gives(rank, dose) for dose in doses)]
            even = [Candidate(doses, FINE, True) for doses in given if is_even_fine(case, doses)]
            if even:
                return even
    return [Candidate(doses, FINE, False) for doses in (*first, *more) if all(shelf.gives(2, d) for d in doses)]


def _divisions(case: Case, target: Fraction, units: Sequence[Fraction]) -> list[Doses]:
    """The equal division and D_u(T) for the units."""
    k, filling = len(case.prescription.times), cutting_order(case)[::-1]
    return [(target / k,) * k, *(divided(target, unit, filling) for unit in units)]


def _units(case: Case, target: Fraction, shelf: Shelf) -> list[Fraction]:
    """Of at most T / k: plain pieces, the capsules' strengths, and round numbers."""
    mean = target / len(case.prescription.times)
    numbers = round_numbers(_least_number(mean, shelf), mean)
    return [unit for unit in (*shelf.plain, *shelf.capsules, *numbers) if unit <= mean]


def _graduation_units(case: Case, target: Fraction, shelf: Shelf) -> list[Fraction]:
    """Round numbers times the dose of one graduation of the liquid in each syringe, within the same bounds."""
    mean = target / len(case.prescription.times)
    least = _least_number(mean, shelf)
    return [n * unit for unit in shelf.graduations for n in round_numbers(least / unit, mean / unit)]


def _least_number(mean: Fraction, shelf: Shelf) -> Fraction:
    """Not below a tenth of T / k, nor below the dose of the smallest graduation of the liquid."""
    return max(mean / 10, min(shelf.graduations, default=Fraction(0)))


def round_numbers(least: Fraction, most: Fraction) -> list[Fraction]:
    """1, 2, 2.5 and 5 times a power of ten, from `least` to `most`."""
    power = Fraction(1)
    while power > least:
        power /= 10
    numbers = []
    while power <= most:
        numbers += [digit * power for digit in ROUND if least <= digit * power <= most]
        power *= 10
    return numbers


def _nearest_stated(case: Case, step: Step, shelf: Shelf) -> list[Candidate]:
    """The stated doses, or the nearest to them within the tolerance of each, that plain products or the means give."""
    plain = [
        (off, Candidate(doses, PLAIN, is_even_plain(case, doses, shelf), off))
        for off, doses in _nearest_doses(case, step, shelf, PLAIN)
    ]
    fine = [
        (off, Candidate(doses, FINE, is_even_fine(case, doses), off))
        for off, doses in _nearest_doses(case, step, shelf, FINE)
        if shelf.means.name != NOTHING
    ]
    nearest = min((off for off, _ in (*plain, *fine)), default=None)
    return [candidate for off, candidate in (*plain, *fine) if off == nearest]


def _nearest_doses(case: Case, step: Step, shelf: Shelf, form: str) -> list[tuple[Fraction, Doses]]:
    """The doses nearest to the stated ones that one form gives, each with the sum of their distances."""
    each = []
    for stated in step.doses:
        off = case.prescription.tolerance.of(stated).value
        near = _distances(stated.value, off, shelf.lattice) if stated else [(Fraction(0), [Fraction(0)])]
        gives = shelf.plain_gives if form == PLAIN else shelf.both_give
        given = [(distance, dose) for distance, doses in near for dose in doses if gives(dose)]
        each.append([(distance, dose) for distance, dose in given if distance == given[0][0]])
    return [(sum(off for off, _ in way), tuple(dose for _, dose in way)) for way in product(*each)]


# ------------------------------------------------------------------------------------------------------- the path


def judge(case: Case, path: Path) -> tuple[object, ...]:
    """How good a path is: a tuple, of which the smallest is best. It may end before the last step."""
    filling = cutting_order(case)[::-1]
    steps = case.prescription.steps[: len(path)]
    dosed = [(step, c) for step, c in zip(steps, path, strict=True) if c is not None]
    meetings = [
        (before.target, after.target, one, other)
        for (before, one), (after, other) in pairwise(zip(steps, path, strict=True))
        if one is not None and other is not None
    ]
    return (
        sum(step.days * c.deviation for step, c in dosed),
        sum(_moves_against(*meeting) for meeting in meetings),
        sum(step.days for step, c in dosed if c.form == FINE)
        + 2 * sum(step.days for step, c in dosed if not c.even)
        + case.policy.form_change * sum(one.form != other.form for _, _, one, other in meetings),
        sum(step.days * spread(c.doses) for step, c in dosed),
        sum(a != b for _, _, one, other in meetings for a, b in zip(one.doses, other.doses, strict=True)),
        tuple(-c.doses[j] for _, c in dosed for j in filling),
        tuple(c.form == FINE for _, c in dosed),
    )


def _moves_against(before: object, after: object, one: Candidate, other: Candidate) -> bool:
    """A time rises although the target fell, falls although it rose, or changes although it is equal."""
    times = list(zip(one.doses, other.doses, strict=True))
    if after < before:
        return any(then > now for now, then in times)
    if after > before:
        return any(then < now for now, then in times)
    return one.doses != other.doses


def choices(case: Case, shelf: Shelf) -> list[list[Candidate | None]]:
    """The candidates of each step; None alone for a drug-free one."""
    return [candidates(case, step, shelf) if step.target else [None] for step in case.prescription.steps]


def every_path(case: Case, steps: Sequence[Sequence[Candidate | None]]) -> Path | None:
    """The best of all paths, each judged as a whole."""
    return min(product(*steps), key=lambda path: judge(case, path), default=None)


def best_path(case: Case, steps: Sequence[Sequence[Candidate | None]]) -> Path | None:
    """The best path, step by step: what follows a candidate doesn't ask how the path came to it."""
    reached: list[Path] = [()]
    for number in range(len(steps)):
        ends = []
        for candidate in steps[number]:
            longer = [(*path, candidate) for path in reached]
            ends.append(min(longer, key=lambda path: judge(case, path), default=None))
        reached = [path for path in ends if path is not None]
    return min(reached, key=lambda path: judge(case, path), default=None)


def settle(case: Case, find: Callable[[Case, Sequence[Sequence[Candidate | None]]], Path | None] = best_path) -> Answer:
    """The best path over all means, each alone, and the means that share it; `find` finds that of one means."""
    found = [(means, find(case, choices(case, Shelf(case, means)))) for means in all_means(case)]
    paths = [path for _, path in found if path is not None]
    if not paths:
        return Answer(means=(), path=None)
    best = min(judge(case, path) for path in paths)
    sharing = [(means, path) for means, path in found if path is not None and judge(case, path) == best]
    return Answer(means=tuple(means for means, _ in sharing), path=sharing[0][1])
