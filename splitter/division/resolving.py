"""Which pieces and volumes are exact enough for a step, where the policy asks that each step be a real one (rule R8).

Let a step's dose T differ from that of a neighbour by δ at the least, and let z be the quantile of the certainty asked
for. Two days that are independent, with variances of at most B = δ²/(2z²) each, differ the right way with that
certainty. Let a piece or a volume hold m with a variance v. A day of which all have v·T ≤ B·m has a variance of at most
B, since its masses add up to T: Σ v ≤ B/T · Σ m. So each kind of piece and each volume is ruled out or not by itself,
before any search, and whatever is put together of the rest resolves the step. Each part of a tablet counts as if the
rest of it were taken by somebody else, which is the unfavourable case. Whole units are never ruled out, nor is the
content of a preparation a matter of this rule: no way to give a dose of them would do better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from splitter.formulary import Product, built_in_accuracy, quantile
from splitter.prescription import Cutting, Policy, Step, Syringe


def with_room(steps: Sequence[Step], certainty: Fraction) -> tuple[Step, ...]:
    """The steps, each with the room that it leaves for errors: B / T [mg]; without a `certainty`, as they are.

    A step that differs from no neighbour has no limit; over a drug-free step nothing is compared.
    """
    if not certainty:
        return tuple(steps)
    least: list[Fraction | None] = [None] * len(steps)
    for place, (before, after) in enumerate(pairwise(steps)):
        apart = abs(before.target.value - after.target.value)
        if apart and before.target and after.target:
            for number in (place, place + 1):
                known = least[number]
                least[number] = apart if known is None else min(known, apart)
    sure = quantile(certainty)
    return tuple(
        step if apart is None else replace(step, room=apart**2 / (2 * sure**2) / step.target.value)
        for step, apart in zip(steps, least, strict=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Exactness:
    """What may be used on a step with so much `room` for errors [mg]."""

    room: Fraction
    cutting: Cutting
    syringes: tuple[Syringe, ...]

    @classmethod
    def of(cls, step: Step, policy: Policy) -> Exactness | None:
        """That of a step under a policy; None where nothing is ruled out."""
        if not policy.resolve or step.room is None:
            return None
        return cls(room=step.room, cutting=policy.cutting, syringes=policy.syringes)

    def allows_piece(self, product: Product, fraction: Fraction) -> bool:
        """Whether a piece of a tablet may be given."""
        assert product.strength is not None
        if fraction == 1:
            return True
        share = built_in_accuracy().part(product.pieces, fraction.denominator, self.cutting)
        return share * product.strength.value * fraction <= self.room

    def allows_volume(self, product: Product, volume: Fraction) -> bool:
        """Whether a volume [mL] of a liquid may be measured."""
        assert product.concentration is not None
        return _volume_variance(volume, self.syringes) * product.concentration.value <= self.room * volume


@lru_cache(maxsize=4096)
def _volume_variance(volume: Fraction, syringes: tuple[Syringe, ...]) -> Fraction:
    """The variance [mL²] of a volume: full draws of the largest syringe, and one in the smallest for the rest."""
    capacities = sorted(syringe.capacity.value for syringe in syringes)
    full, rest = divmod(volume, capacities[-1])
    accuracy = built_in_accuracy()
    limits = [accuracy.draw_limit(capacities[-1], capacities[-1])] * int(full)
    if rest:
        limits.append(accuracy.draw_limit(rest, next(each for each in capacities if each >= rest)))
    return sum((limit**2 for limit in limits), Fraction(0)) / 3
