"""What may be given at one administration time: rules R2, R4 and R6 of the problem, for one product at a time."""

from __future__ import annotations

from fractions import Fraction
from math import floor

from splitter.formulary import Form, Product
from splitter.prescription import Liquids, Policy, Split
from tests.oracle.cases import Case

HALF, THIRD, QUARTER = Fraction(1, 2), Fraction(1, 3), Fraction(1, 4)


def allowed_products(case: Case) -> tuple[Product, ...]:
    """The products that R6 leaves (`max_products` apart), without those that are not available."""
    return tuple(p for p in case.formulary.products if p.available and _is_allowed(p, case.policy))


def _is_allowed(product: Product, policy: Policy) -> bool:
    if product.id in policy.exclude:
        return False
    if product.is_compounded and not policy.compounded:
        return False
    if policy.liquids is Liquids.NEVER:
        return not product.is_liquid
    if policy.liquids is Liquids.ONLY:
        return product.is_liquid
    return True


def allowed_fractions(product: Product, split: Split) -> tuple[Fraction, ...]:
    """The pieces of a discrete product: the whole unit and the fractions of R2, larger first."""
    whole = (Fraction(1),)
    if product.form is not Form.TABLET or product.do_not_split or split is Split.NEVER:
        return whole
    halves, thirds, quarters = (*whole, HALF), (*whole, THIRD), (*whole, HALF, QUARTER)
    table = {
        Split.SCORED: {1: whole, 2: halves, 3: thirds, 4: quarters},
        Split.HALVES: {1: halves, 2: halves, 3: thirds, 4: quarters},
        Split.QUARTERS: {1: quarters, 2: quarters, 3: thirds, 4: quarters},
    }
    return table[split][product.pieces]


def is_measurable(volume: Fraction, policy: Policy) -> bool:
    """Whether `volume` [mL] obeys R4."""
    least, most = policy.min_volume.value, policy.max_volume.value
    if not least <= volume <= most or volume <= 0 or not policy.syringes:
        return False
    largest = max(s.capacity.value for s in policy.syringes)
    if volume <= largest:
        return _in_one_draw(volume, policy)
    rest = volume - floor(volume / largest) * largest
    return rest == 0 or (rest >= least and _in_one_draw(rest, policy))


def _in_one_draw(volume: Fraction, policy: Policy) -> bool:
    capacity = min(s.capacity.value for s in policy.syringes if s.capacity.value >= volume)
    graduations = [s.graduation.value for s in policy.syringes if s.capacity.value == capacity]
    return any((volume / graduation).denominator == 1 for graduation in graduations)


def measurable_volumes(policy: Policy, most: Fraction) -> tuple[Fraction, ...]:
    """Every volume [mL] up to `most` that obeys R4, smallest first.

    Each is some full draws of the largest syringe and a multiple of some graduation, so these are tried.
    """
    if not policy.syringes:
        return ()
    most = min(most, policy.max_volume.value)
    largest = max(s.capacity.value for s in policy.syringes)
    tried = {
        draws * largest + count * s.graduation.value
        for s in policy.syringes
        for draws in range(floor(most / largest) + 1)
        for count in range(floor(s.capacity.value / s.graduation.value) + 1)
    }
    return tuple(sorted(v for v in tried if v <= most and is_measurable(v, policy)))
