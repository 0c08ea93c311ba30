"""What the optimiser answers, before it becomes a plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from splitter.plan import Administration, Conflict, Measure, Status, Take
from splitter.problem import Problem
from splitter.supply import Use


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """What is given at one administration time."""

    take: tuple[Take, ...]
    measure: Measure | None


def day_use(regimen: Iterable[Dose | Administration] | None) -> dict[str, Use]:
    """What one day of a regimen uses, by product id; of a search or of a plan."""
    uses: dict[str, Use] = {}
    for dose in regimen or ():
        for take in dose.take:
            whole = take.count if take.fraction == 1 else 0
            use = Use(whole=whole, broken=Fraction(0) if whole else take.count * take.fraction)
            uses[take.product] = uses.get(take.product, Use()) + use
        if dose.measure is not None:
            use = Use(volume=dose.measure.mL)
            uses[dose.measure.product] = uses.get(dose.measure.product, Use()) + use
    return uses


Rank = tuple[object, ...]
"""Deviation [mg-days], objective, split pieces, pieces and volumes, products, unevenness [mg-days], the listing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Between how many `sets` of strengths a plan was chosen, out of so many that were `offered`."""

    offered: int
    sets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The best regimens found, one a step (None: a drug-free step), exactly judged.

    `objective` and `lower_bound` are exact, in the currency; both None when infeasible, and `conflicts` say why. The
    objective of a feasible plan may be above what its regimens cost, since a limit may end the search of their lots.
    `settled` is the problem with its doses divided whose plan this is, `rank` what plans of several such are compared
    by; `choice` is there where strengths of capsules were chosen for it.
    """

    status: Status
    regimens: tuple[tuple[Dose, ...] | None, ...] = ()
    objective: Fraction | None = None
    lower_bound: Fraction | None = None
    conflicts: tuple[Conflict, ...] = ()
    settled: Problem | None = None
    rank: Rank = ()
    choice: Choice | None = None
