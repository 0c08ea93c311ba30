"""Mean and variance of what is measured with syringes; exact."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from splitter.formulary import Accuracy
from splitter.prescription import Policy
from splitter.units import parse_syringe


def volume_variance(volume: Fraction, syringe: str, policy: Policy, accuracy: Accuracy) -> Fraction:
    """The variance [mL²] of a volume [mL] that a plan measures with `syringe`: each draw is off within its limit.

    Every error within the limit is as likely as any other, so that its variance is a third of the limit squared.
    """
    draws = _draws(volume, parse_syringe(syringe)[0].value, policy)
    limits = (accuracy.draw_limit(drawn, capacity) for drawn, capacity in draws)
    return sum((limit**2 / 3 for limit in limits), Fraction(0))


def _draws(volume: Fraction, capacity: Fraction, policy: Policy) -> Iterator[tuple[Fraction, Fraction]]:
    """(volume, capacity) of each draw: full ones, then the rest in the smallest syringe that holds it."""
    full, rest = divmod(volume, capacity)
    yield from [(capacity, capacity)] * full
    if rest and not full:
        yield rest, capacity
    elif rest:
        holding = (each.capacity.value for each in policy.syringes if each.capacity.value >= rest)
        yield rest, min(holding, default=capacity)
