"""Rule R8: pieces and volumes are exact enough for a step to be a real one, found again from the rule.

A step's room is what its smallest change against a neighbour with a dose leaves for errors: the change squared, over
twice the quantile squared and the dose. The error of a part of a tablet, or of a volume, is its variance over its mass;
it may be given where that is no more than the room.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil
from statistics import NormalDist

from splitter.formulary import Accuracy, Product, built_in_accuracy
from splitter.prescription import Policy, Step

Rooms = tuple[Fraction | None, ...]
"""The room of each step [mg]; None where nothing is asked of it."""


def rooms_of(steps: Sequence[Step], policy: Policy) -> Rooms:
    """The room that each step leaves."""
    if not policy.resolve:
        return (None,) * len(steps)
    return tuple(_room(steps, place, policy.resolve) for place in range(len(steps)))


def _room(steps: Sequence[Step], place: int, certainty: Fraction) -> Fraction | None:
    dose = steps[place].target.value
    beside = [steps[other].target.value for other in (place - 1, place + 1) if 0 <= other < len(steps)]
    changes = [abs(other - dose) for other in beside if other and dose and other != dose]
    if not changes:
        return None
    # The quantile to four decimals, upward, as the rule has it.
    deviations = Fraction(ceil(10_000 * NormalDist().inv_cdf(float(certainty))), 10_000)
    return (min(changes) / deviations) ** 2 / (2 * dose)


def error_of_part(product: Product, fraction: Fraction, policy: Policy) -> Fraction:
    """The variance of a part of a tablet over its mass [mg]; that of whole units is not asked about."""
    assert product.strength is not None
    known = built_in_accuracy()
    content = known.unit**2
    along = [
        max(known.cut(policy.cutting, scored=scored) ** 2, content) - content for scored in _scores(product, fraction)
    ]
    if fraction == Fraction(1, 3):
        # Two cuts, each off by what it is in halves; a third is two thirds of a half.
        along = [cut * Fraction(3, 2) ** 2 for cut in along]
    return (content + sum(along, Fraction(0))) * product.strength.value * fraction


def _scores(product: Product, fraction: Fraction) -> list[bool]:
    """For each cut that a part has seen, whether it was along a score."""
    if fraction == Fraction(1, 3):
        return [True, True]
    halved = product.pieces in (2, 4)
    return [halved] if fraction == Fraction(1, 2) else [halved, product.pieces == 4]


def error_of_volume(strong: Fraction, volume: Fraction, policy: Policy) -> Fraction:
    """The variance of a volume [mL] of a liquid of so many mg/mL over its mass [mg]."""
    known, sizes = built_in_accuracy(), sorted({syringe.capacity.value for syringe in policy.syringes})
    left, variance = volume, Fraction(0)
    while left > 0:
        # The smallest syringe that holds what is left, else a full draw of the largest.
        capacity = next((size for size in sizes if size >= left), sizes[-1])
        drawn = min(left, capacity)
        variance += _variance_of_draw(known, drawn, capacity)
        left -= drawn
    return strong * variance / volume


def _variance_of_draw(known: Accuracy, drawn: Fraction, capacity: Fraction) -> Fraction:
    """A third of the square of what it may be off, every error within that being as likely."""
    return known.draw_limit(drawn, capacity) ** 2 / 3
