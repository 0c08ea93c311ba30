"""What one day of a step delivers: pieces, volumes and preparations added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from splitter.formulary import Accuracy, Product
from splitter.plan import PlannedStep
from splitter.precision.draws import volume_variance
from splitter.precision.pieces import Amount, Broken, whole_units
from splitter.prescription import Policy

NINETY_FIVE = 1.96
"""The standard deviations on either side of the mean within which 95 % of a normal distribution lie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What a day delivers. `mean_mg` and `own` [mg²], the variance of all errors that are new each day, are exact.

    `made` are the means [mg] of what comes from each liquid or compounded product, whose content varies by
    `preparation` [share squared] from one supply to the next, the same on all days that one supply serves.
    """

    target_mg: Fraction
    mean_mg: Fraction
    own: Fraction
    made: tuple[tuple[str, Fraction], ...]
    preparation: Fraction

    @property
    def variance(self) -> Fraction:
        """That of a day whose supply may be any [mg²]."""
        return self.own + self.preparation * sum((mass**2 for _, mass in self.made), Fraction(0))

    @property
    def sd_mg(self) -> float:
        """The standard deviation [mg]."""
        return sqrt(self.variance)

    @property
    def range_mg(self) -> tuple[float, float]:
        """Where 95 % of days lie [mg]."""
        mean = float(self.mean_mg)
        return max(mean - NINETY_FIVE * self.sd_mg, 0.0), mean + NINETY_FIVE * self.sd_mg

    @property
    def off_percent(self) -> float:
        """The larger distance of this range from the target, in percent of the target."""
        low, high = self.range_mg
        target = float(self.target_mg)
        return 100 * max(high - target, target - low) / target


def day_of(step: PlannedStep, products: Mapping[str, Product], policy: Policy, accuracy: Accuracy) -> Day:
    """What a day of a planned step delivers, which must give something."""
    total, made = Amount(), dict[str, Fraction]()
    for (product_id, parts), count in _counted(step).items():
        product = products[product_id]
        if parts > 1:
            amount = Broken.of(product, parts, policy.cutting, accuracy).a_day(count)
        else:
            amount = whole_units(product, count, accuracy)
        if product.is_compounded:
            made[product_id] = amount.mean
            amount = _of_varying_content(amount, accuracy)
        total = total.plus(amount)
    for measure in (given.measure for given in step.administrations if given.measure):
        concentration = products[measure.product].concentration
        assert concentration is not None
        off = volume_variance(measure.mL, measure.syringe, policy, accuracy)
        amount = Amount(mean=measure.mL * concentration.value, variance=off * concentration.value**2)
        made[measure.product] = made.get(measure.product, Fraction(0)) + amount.mean
        total = total.plus(_of_varying_content(amount, accuracy))
    return Day(
        target_mg=step.target_mg,
        mean_mg=total.mean,
        own=total.variance,
        made=tuple(sorted(made.items())),
        preparation=_preparation(accuracy),
    )


def _counted(step: PlannedStep) -> Counter[tuple[str, int]]:
    """How many pieces of each product and part a day takes."""
    counted: Counter[tuple[str, int]] = Counter()
    for take in (take for given in step.administrations for take in given.take):
        counted[take.product, take.fraction.denominator] += take.count
    return counted


def _preparation(accuracy: Accuracy) -> Fraction:
    """The variance of a preparation's content, any within its limit being as likely as another; a share squared."""
    return accuracy.preparation**2 / 3


def _of_varying_content(amount: Amount, accuracy: Accuracy) -> Amount:
    """The part of the variance that is new each day: the errors are multiplied by the content, of mean 1."""
    return Amount(mean=amount.mean, variance=amount.variance * (1 + _preparation(accuracy)))
