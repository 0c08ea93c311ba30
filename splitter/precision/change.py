"""Whether a step is real: a day on the new dose against a day on the old one."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt, sqrt
from statistics import NormalDist

from splitter.formulary import quantile
from splitter.precision.day import Day
from splitter.quantity import ceiling

USUAL_CERTAINTY = Fraction(19, 20)
"""How sure it should be that a day on the lower of two doses delivers less than a day on the higher one."""

_FINE = 1_000_000
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From one step to the next. `reduction_mg` is what is meant, below zero where the dose rises.

    `chance_wrong` is the chance that a random day on the new step delivers more than one on the old (less, where the
    dose rises), with the supplies that serve them. `resolved_mg` is the smallest reduction that these pieces and
    volumes resolve with the certainty asked for [mg, rounded up to a millionth], and `is_resolved` whether this one
    is; the content of preparations is left out there, since no way to give a dose of them would change it.
    """

    reduction_mg: Fraction
    chance_wrong: float
    resolved_mg: Fraction
    is_resolved: bool


def change_between(old: Day, new: Day, certainty: Fraction, same: Fraction = Fraction(1)) -> Change | None:
    """What becomes of a step from one day to another; None where the dose stays the same.

    `same` is the share of the pairs of days, one of each step, that one supply serves.
    """
    reduction = old.target_mg - new.target_mg
    if not reduction:
        return None
    apart = (old.mean_mg - new.mean_mg) * (1 if reduction > 0 else -1)
    shared, other = _variance_of_difference(old, new, True), _variance_of_difference(old, new, False)
    own, needed = old.own + new.own, quantile(certainty)
    chances = ((same, shared), (1 - same, other))
    return Change(
        reduction_mg=reduction,
        chance_wrong=sum(float(weight) * _chance_below_zero(apart, variance) for weight, variance in chances),
        resolved_mg=_root(needed**2 * own),
        is_resolved=apart > 0 and apart**2 >= needed**2 * own,
    )


def _variance_of_difference(old: Day, new: Day, one_supply: bool) -> Fraction:
    """The variance [mg²] of the difference of two days, served by one supply or by two."""
    before, after = dict(old.made), dict(new.made)
    masses = [(before.get(name, Fraction(0)), after.get(name, Fraction(0))) for name in {*before, *after}]
    made = sum(((a - b) ** 2 if one_supply else a**2 + b**2 for a, b in masses), Fraction(0))
    return old.own + new.own + old.preparation * made


def _root(square: Fraction) -> Fraction:
    """The square root, rounded up to a millionth."""
    scaled = ceiling(square * _FINE**2)
    return Fraction(isqrt(scaled - 1) + 1 if scaled else 0, _FINE)


def _chance_below_zero(mean: Fraction, variance: Fraction) -> float:
    if not variance:
        return 1.0 if mean < 0 else 0.0
    return _NORMAL.cdf(-float(mean) / sqrt(variance))
