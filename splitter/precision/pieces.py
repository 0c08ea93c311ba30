"""Mean and variance of what a day's whole units and broken tablets hold; exact."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from splitter.formulary import Accuracy, Product
from splitter.prescription import Cutting

_SCORED_ONCE = (2, 4)
"""The functional scores that halve a tablet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A random amount of drug: its mean [mg] and its variance [mg²]."""

    mean: Fraction = Fraction(0)
    variance: Fraction = Fraction(0)

    def plus(self, other: Amount) -> Amount:
        """The sum of two that are independent."""
        return Amount(mean=self.mean + other.mean, variance=self.variance + other.variance)


def whole_units(product: Product, count: int, accuracy: Accuracy) -> Amount:
    """Whole units, each with a content of its own: with the deviation of marketed ones, or within capsules' limit."""
    assert product.strength is not None
    strength = product.strength.value
    return Amount(mean=count * strength, variance=count * unit_variance(product, accuracy) * strength**2)


def unit_variance(product: Product, accuracy: Accuracy) -> Fraction:
    """The variance of one unit's content, as a share of its strength squared."""
    return accuracy.capsule**2 / 3 if product.is_compounded else accuracy.unit**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A tablet of one product that is broken into `parts` equal ones, which are used in turn.

    Let C be its content. A half is C/2 + e and the other C/2 - e. A quarter is a half of a half, with an error of its
    own cut. Thirds take two cuts, each with the error of a halving, so that the middle one bears both.
    """

    strength: Fraction
    parts: int
    content: Fraction
    first: Fraction
    second: Fraction
    kept: Fraction

    @classmethod
    def of(cls, product: Product, parts: int, method: Cutting, accuracy: Accuracy) -> Broken:
        """`content`, `first` and `second` are the variances of content and cuts, as shares squared of what is cut."""
        assert product.strength is not None
        first, second = (
            accuracy.cut_alone(method, along=along)
            for along in (product.pieces in _SCORED_ONCE or parts == 3, product.pieces == 4 or parts == 3)
        )
        kept = (1 - accuracy.loss) ** (1 if parts == 2 else 2)
        return cls(
            strength=product.strength.value,
            parts=parts,
            content=accuracy.unit**2,
            first=first,
            second=second,
            kept=kept,
        )

    def of_one(self, count: int, used: int = 0) -> Amount:
        """`count` neighbouring parts of one tablet of which `used` are gone already."""
        share = self.strength * count / self.parts
        return Amount(
            mean=self.kept * share, variance=self.content * (self.kept * share) ** 2 + self._cuts(count, used)
        )

    def _cuts(self, count: int, used: int) -> Fraction:
        """The variance [mg²] that the cuts give to so many parts of one tablet; none to all of them."""
        half = self.strength / 2
        if count in (0, self.parts):
            return Fraction(0)
        if self.parts == 3:
            ends = (used > 0) + (used + count < self.parts)
            return self.first * half**2 * ends
        if 2 * count == self.parts:
            return self.first * half**2
        return (self.first + self.second) * (half / 2) ** 2

    def a_day(self, count: int) -> Amount:
        """`count` parts a day, tablet after tablet: of the days that come round again, a random one.

        Each of these days has the same mean, so that the variance is the mean of theirs.
        """
        days = [self._day(count, number * count % self.parts) for number in range(self.parts)]
        return Amount(mean=days[0].mean, variance=sum((day.variance for day in days), Fraction(0)) / self.parts)

    def _day(self, count: int, used: int) -> Amount:
        """The day on which `used` parts of the first tablet are gone already."""
        first = min(count, self.parts - used) if used else 0
        whole, last = divmod(count - first, self.parts)
        total = self.of_one(first, used).plus(self.of_one(last))
        each = self.of_one(self.parts)
        return total.plus(Amount(mean=whole * each.mean, variance=whole * each.variance))
