"""Mean and variance of what is measured with syringes; exact."""

from __future__ import annotations

from fractions import Fraction

from splitter.formulary import Accuracy
from splitter.prescription import Policy
from splitter.units import parse_syringe


def volume_variance(volume: Fraction, syringe: str, policy: Policy, accuracy: Accuracy) -> Fraction:
    """The variance [mL²] of a volume [mL] that a plan measures with `syringe`: each draw is off within its limit.

    Every error within the limit is as likely as any other, so that its variance is a third of the limit squared.
    """
    capacity = parse_syringe(syringe)[0].value
    full, rest = divmod(volume, capacity)
    variance = full * accuracy.draw_limit(capacity, capacity) ** 2 / 3
    if not rest:
        return variance
    return variance + accuracy.draw_limit(rest, _holding(rest, capacity, policy) if full else capacity) ** 2 / 3


def _holding(rest: Fraction, largest: Fraction, policy: Policy) -> Fraction:
    """The capacity of the smallest syringe that holds what is left after full draws [mL]."""
    return min((each.capacity.value for each in policy.syringes if each.capacity.value >= rest), default=largest)
