"""Which volumes the policy's syringes measure (rule R4)."""

from __future__ import annotations

from splitter.prescription import Policy
from splitter.quantity import Volume


def syringe_for(volume: Volume, policy: Policy) -> str | None:
    """The policy's string of the syringe that measures a volume, None when none does (rule R4).

    Above the largest capacity it is the largest syringe's, used for the full draws.
    """
    if not policy.syringes or not policy.min_volume <= volume <= policy.max_volume:
        return None
    largest = max(s.capacity for s in policy.syringes)
    if volume <= largest:
        return _one_draw(volume, policy)
    rest = volume - largest * (volume / largest).__floor__()
    if rest and (rest < policy.min_volume or _one_draw(rest, policy) is None):
        return None
    return next(s.text for s in policy.syringes if s.capacity == largest)


def rest_syringe_for(volume: Volume, policy: Policy) -> str | None:
    """The syringe of what is left of a volume after full draws of the largest; None where nothing is."""
    largest = max(s.capacity for s in policy.syringes)
    rest = volume - largest * (volume / largest).__floor__()
    return _one_draw(rest, policy) if rest and volume > largest else None


def _one_draw(volume: Volume, policy: Policy) -> str | None:
    capacity = min(s.capacity for s in policy.syringes if s.capacity >= volume)
    for syringe in policy.syringes:
        if syringe.capacity == capacity and (volume / syringe.graduation).denominator == 1:
            return syringe.text
    return None
