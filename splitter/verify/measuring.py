"""Rule R4: the volumes that the syringes of a policy measure [mL]."""

from __future__ import annotations

from fractions import Fraction

from splitter.prescription import Policy, Syringe


def largest_capacity(policy: Policy) -> Fraction:
    """The most that one draw holds [mL]; 0 without syringes."""
    return max((syringe.capacity.value for syringe in policy.syringes), default=Fraction(0))


def that_measure(policy: Policy, volume: Fraction) -> list[Syringe]:
    """The smallest syringes that hold a volume [mL] in one draw, as far as it is a multiple of their graduation."""
    holding = [syringe for syringe in policy.syringes if syringe.capacity.value >= volume]
    smallest = min((syringe.capacity.value for syringe in holding), default=None)
    return [
        syringe
        for syringe in holding
        if syringe.capacity.value == smallest and (volume / syringe.graduation.value).denominator == 1
    ]


def measured_volumes(policy: Policy, highest: Fraction) -> tuple[Fraction, ...]:
    """Every volume up to `highest` that may be measured, in one draw or in full draws and a rest [mL]."""
    least, most = policy.min_volume.value, min(policy.max_volume.value, highest)
    full = largest_capacity(policy)
    rests = _one_draw(policy, min(full, most))
    volumes = set(rests)
    for draws in range(1, most // full + 1 if full else 1):
        volumes |= {draws * full + rest for rest in rests if rest < full}
        if draws > 1:  # a single full draw is one draw, on a mark or not
            volumes.add(draws * full)
    return tuple(sorted(volume for volume in volumes if least <= volume <= most))


def _one_draw(policy: Policy, most: Fraction) -> set[Fraction]:
    """The volumes of one draw, which are rests too: at least `min_volume` and above nothing."""
    tried = {
        count * syringe.graduation.value
        for syringe in policy.syringes
        for count in range(1, min(syringe.capacity.value, most) // syringe.graduation.value + 1)
    }
    return {volume for volume in tried if volume >= policy.min_volume.value and that_measure(policy, volume)}
