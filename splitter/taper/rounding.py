"""The next dose of a rule: near the exact one, and such that the products give it well.

Tablets come first while they give even days; then each time gets the same finer dose, in round numbers. A dose is
judged as a step of its own, by its candidates (`splitter.division`); the path divides all of them later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from splitter.division import (
    RANKS,
    Giving,
    Shelf,
    fine_candidates,
    plain_candidates,
    round_numbers,
    rounding_shelves,
)
from splitter.formulary import Product
from splitter.prescription import Phase, Policy, Round
from splitter.taper.aim import Aim, Once, common_multiple, common_unit
from splitter.taper.records import Clause

_FARTHEST = Fraction(1, 4)
"""How far from the exact dose, as a share of it, the next is sought where the rule can't be kept."""
_FINEST = Fraction(1, 1000)
"""The finest dose that a rule is rounded to [mg]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounded:
    """The next dose [mg], the clause that gave it, and whether it is as near the exact one as the rule asks."""

    dose: Fraction
    clause: Clause
    kept: bool = True


class Rounder:
    """The doses of a rule that some products can give, at so many times; `filling` has the places of the times."""

    def __init__(self, products: Sequence[Product], filling: Sequence[int], policy: Policy) -> None:
        self._filling = filling
        self._every_time = policy.every_time
        self._shelves = rounding_shelves(products, policy)
        self._means = [alone for shelf in self._shelves for alone in shelf.each_means if alone.means]
        self._plain = self._shelves[0].beside(())
        self._graduations = {dose for alone in self._means for dose in alone.graduations}
        self._least = min(self._graduations, default=_FINEST)
        self._marks: list[Fraction] = []
        self._reckoned = Fraction(0)

    def next_dose(self, current: Fraction, exact: Fraction, phase: Phase, *, fine_first: bool) -> Rounded | None:
        """The dose that follows `current` where the rule's is `exact` [mg], None where there is none near it.

        `fine_first`: finer doses come before those on tablets, since one was taken before. By a grid the dose may be
        zero.
        """
        if phase.round is Round.GRID:
            assert phase.grid is not None
            return Rounded(dose=_nearest_below(current, exact, phase.grid.value), clause=Clause.GRID)
        grid = phase.grid.value if phase.grid is not None else None
        within = min(phase.round_within * exact, (current - exact) / 2)
        aim = Aim(exact=exact, within=within, below=current)
        return self._kept(aim, grid, phase.is_by_amounts, fine_first) or self._not_kept(
            Aim(exact=exact, within=exact * _FARTHEST, below=current), grid
        )

    def has_plain(self, dose: Fraction) -> bool:
        """Whether the day's dose [mg], as a step, has a candidate of plain products, even or not."""
        plain = plain_candidates(dose, self._filling, self._plain)
        if not self._every_time or any(all(each.doses) for each in plain):
            return bool(plain)
        return bool(plain) and not all(self._reaches_every_time(dose, shelf) for shelf in self._shelves)

    def _kept(self, aim: Aim, grid: Fraction | None, by_amounts: bool, fine_first: bool) -> Rounded | None:
        """The dose within what the rule allows."""
        finer = self._finer(aim, grid) if fine_first else None
        even = finer or self._even_plain(aim, by_amounts)
        return even or (None if fine_first else self._finer(aim, grid)) or self._any_plain(aim)

    def _not_kept(self, aim: Aim, grid: Fraction | None) -> Rounded | None:
        """The dose where there is none within what the rule allows."""
        instead = self._even_plain(aim) or self._equal(aim, grid) or self._any_plain(aim)
        return instead and Rounded(dose=instead.dose, clause=instead.clause, kept=False)

    def _even_plain(self, aim: Aim, by_amounts: bool = False) -> Rounded | None:
        if by_amounts and self.has_plain(aim.exact):
            return Rounded(dose=aim.exact, clause=Clause.TABLETS)
        return _first(Clause.TABLETS, filter(self._has_even_plain, self._plain_doses(aim)))

    def _any_plain(self, aim: Aim) -> Rounded | None:
        return _first(Clause.UNEVEN, filter(self.has_plain, self._plain_doses(aim)))

    def _finer(self, aim: Aim, grid: Fraction | None) -> Rounded | None:
        return self._equal(aim, grid) or self._even_fine(aim, grid)

    def _equal(self, aim: Aim, grid: Fraction | None) -> Rounded | None:
        """The same dose at each time by some means, at the lowest rank at which there is one."""
        times = len(self._filling)
        doses = Once(self._equal_doses(aim) if grid is None else ())
        for rank in RANKS:
            gives = partial(_gives_each, times, rank)
            if grid is not None:
                dose = self._on_grid(aim, grid, times, gives)
            else:
                dose = next((dose for dose in doses if any(gives(each, dose) for each in self._means)), None)
            if dose is not None:
                return Rounded(dose=dose, clause=Clause.EQUAL)
        return None

    def _even_fine(self, aim: Aim, grid: Fraction | None) -> Rounded | None:
        """A dose with an even fine candidate, whatever its rank."""
        if grid is not None:
            dose = self._on_grid(aim, grid, 1, self._has_even)
            return None if dose is None else Rounded(dose=dose, clause=Clause.EVEN)
        units = _coarsest_first(_FINEST, aim.most) if self._means else ()
        doses = dict.fromkeys(dose for unit in units for dose in aim.beside(unit, 1))
        return _first(Clause.EVEN, (dose for dose in doses if any(self._has_even(each, dose) for each in self._means)))

    def _on_grid(
        self, aim: Aim, grid: Fraction, times: int, gives: Callable[[Shelf, Fraction], bool]
    ) -> Fraction | None:
        """The multiple of a grid that is nearest of those that some means gives so."""
        best: Fraction | None = None
        for alone in self._means:
            unit = common_multiple(grid, times * alone.lattice)
            nearest = next((dose for dose in aim.multiples(unit) if gives(alone, dose)), None)
            if nearest is not None and (best is None or aim.rank(nearest) < aim.rank(best)):
                best, aim = nearest, replace(aim, within=abs(nearest - aim.exact))
        return best

    def _equal_doses(self, aim: Aim) -> Iterator[Fraction]:
        """The days of equal doses in round numbers, then in marks of a syringe, in the order of trying."""
        if not self._means:
            return
        times = len(self._filling)
        most = aim.most / times
        for unit in _coarsest_first(self._least, most):
            yield from aim.beside(unit, times)
        for unit in self._graduated(most):
            yield from aim.beside(unit, times)

    def _graduated(self, most: Fraction) -> list[Fraction]:
        """Round numbers times the dose of one graduation of a liquid, up to `most` [mg], the largest first."""
        if not self._marks or most > self._reckoned:
            numbers = ((dose, round_numbers(self._least / dose, most / dose)) for dose in self._graduations)
            self._marks = sorted(
                {number * dose for dose, multipliers in numbers for number in multipliers}, reverse=True
            )
            self._reckoned = most
        return [unit for unit in self._marks if unit <= most]

    def _plain_doses(self, aim: Aim) -> Iterator[Fraction]:
        """The doses that could be sums of plain pieces."""
        return aim.multiples(common_unit(self._plain.pieces)) if self._plain.pieces else iter(())

    def _has_even_plain(self, dose: Fraction) -> bool:
        return any(each.is_even for each in plain_candidates(dose, self._filling, self._plain))

    def _has_even(self, alone: Shelf, dose: Fraction) -> bool:
        """Whether one means has an even candidate of a dose."""
        if dose % alone.lattice:
            return False
        return any(each.is_even for each in fine_candidates(dose, self._filling, alone))

    def _reaches_every_time(self, dose: Fraction, shelf: Shelf) -> bool:
        """Whether finer doses give every time something, so that days on which one gets nothing are no candidates."""
        return any(all(each.doses) for each in fine_candidates(dose, self._filling, shelf))


def _nearest_below(current: Fraction, exact: Fraction, grid: Fraction) -> Fraction:
    """The multiple of a grid below the current dose that is nearest to the exact one, halves up; it may be zero."""
    nearest = (2 * exact + grid) // (2 * grid) * grid
    return nearest if nearest < current else (-(-current // grid) - 1) * grid


def _gives_each(times: int, rank: Giving, alone: Shelf, dose: Fraction) -> bool:
    """Whether one means gives a day's dose as the same dose at each time."""
    return alone.gives(dose / times, rank)


def _coarsest_first(least: Fraction, most: Fraction) -> list[Fraction]:
    return list(round_numbers(least, most))[::-1]


def _first(clause: Clause, doses: Iterable[Fraction]) -> Rounded | None:
    dose = next(iter(doses), None)
    return None if dose is None else Rounded(dose=dose, clause=clause)
