"""The paces that a prescriber's ranges leave open, on a stated grid: one reduction and one time for each phase.

Reductions go by 1 %, or, where they are amounts, by the phase's grid, else by the smallest plain piece of the drug;
times by whole weeks where both ends are weeks, else by days. The upper end is always one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import prod

from splitter.bounds import MOST_PACES
from splitter.errors import Fault, InputError
from splitter.prescription import Phase, Reduction, TaperRule
from splitter.quantity import Mass

_PERCENT = Fraction(1, 100)
_WEEK = 7
_PARTS = 10
"""In how many steps a range of amounts is cut where the drug has no plain piece."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The pace of one phase: by how much each step is lower, and how long it is [days]; None where `over` says it."""

    reduction: Reduction | None
    every: int | None


def paced(rule: TaperRule, piece: Mass | None) -> Iterator[tuple[tuple[Pace, ...], TaperRule]]:
    """Every choice of paces with the rule that it makes, the slowest first.

    `piece` is the smallest plain piece of the drug. Raises InputError for more than MOST_PACES choices.
    """
    choices = [_paces(phase, piece) for phase in rule.phases]
    if prod(map(len, choices)) > MOST_PACES:
        found = f"ranges with {prod(map(len, choices))} choices of paces"
        raise InputError([Fault(file="", key="taper", found=found, remedy=f"narrow them to at most {MOST_PACES}")])
    yield from ((paces, at_pace(rule, paces)) for paces in product(*choices))


def at_pace(rule: TaperRule, paces: Sequence[Pace]) -> TaperRule:
    """The rule with one pace for each of its phases, so that nothing is left open."""
    phases = (
        replace(phase, reduction=pace.reduction, every=pace.every, reduction_most=None, every_most=None)
        for phase, pace in zip(rule.phases, paces, strict=True)
    )
    return replace(rule, phases=tuple(phases), finish=None)


def _paces(phase: Phase, piece: Mass | None) -> list[Pace]:
    return [
        Pace(reduction=reduction, every=every) for reduction in _reductions(phase, piece) for every in _lengths(phase)
    ]


def _reductions(phase: Phase, piece: Mass | None) -> list[Reduction | None]:
    least, most = phase.reduction, phase.reduction_most
    if least is None or most is None:
        return [least]
    if least.share is not None and most.share is not None:
        return [replace(least, share=share) for share in _between(least.share, most.share, _PERCENT)]
    assert least.amount is not None
    assert most.amount is not None
    low, high = least.amount.value, most.amount.value
    grid = phase.grid or piece
    by = grid.value if grid is not None else (high - low) / _PARTS
    return [Reduction(amount=Mass(amount)) for amount in _between(low, high, by)]


def _lengths(phase: Phase) -> list[int | None]:
    """The times of a step, the longest first [days]."""
    least, most = phase.every, phase.every_most
    if least is None or most is None:
        return [least]
    by = 1 if least % _WEEK or most % _WEEK else _WEEK
    return [*range(least, most, by), most][::-1]


def _between(least: Fraction, most: Fraction, by: Fraction) -> list[Fraction]:
    """From the least by equal steps, and the most."""
    return [*(least + number * by for number in range(-(-(most - least) // by))), most]
