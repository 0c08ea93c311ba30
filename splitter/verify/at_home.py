"""What the plan's days take from home, followed day by day and piece by piece, and whether the plan says the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from splitter.plan import Administration, Finding, PlannedHome
from splitter.prescription import AtHome
from splitter.verify.case import Case
from splitter.verify.findings import compare, compare_records


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Whole pieces, broken pieces [units] and volume [mL] of one product over some days."""

    whole: int = 0
    broken: Fraction = Fraction(0)
    volume: Fraction = Fraction(0)

    @property
    def amount(self) -> Fraction:
        """All of it [units or mL]."""
        return self.whole + self.broken + self.volume

    def plus(self, other: Use, sign: int = 1) -> Use:
        """Both together, or without the other."""
        return Use(
            whole=self.whole + sign * other.whole,
            broken=self.broken + sign * other.broken,
            volume=self.volume + sign * other.volume,
        )


def from_home(case: Case, product_id: str, first: int, last: int) -> Use:
    """What the days from `first` to `last` take of a product from home."""
    total = Use()
    for day, use in served_days(case, product_id):
        if first <= day <= last:
            total = total.plus(use)
    return total


def served_days(case: Case, product_id: str) -> Iterator[tuple[int, Use]]:
    """The days on which something of a product is taken from home, and how much, in order."""
    home = next((each for each in case.prescription.at_home if each.product == product_id), None)
    product = case.products.get(product_id)
    if home is None or product is None:
        return
    yield from _lot_days(case, home) if product.has_lots else _unit_days(case, home)


def _days(case: Case) -> Iterator[tuple[int, tuple[Administration, ...]]]:
    for first, step in case.dated_steps():
        for day in range(first, first + step.days):
            yield day, step.administrations


def _unit_days(case: Case, home: AtHome) -> Iterator[tuple[int, Use]]:
    """Of what is counted: a whole piece from a whole unit, a fragment from one of its size, while there are any."""
    left = Counter({Fraction(1): home.units, **dict(home.fragments)})
    for day, administrations in _days(case):
        taken = Use()
        for take in (take for given in administrations for take in given.take if take.product == home.product):
            count = min(take.count, left[take.fraction])
            left[take.fraction] -= count
            is_whole = take.fraction == 1
            taken = taken.plus(Use(whole=count) if is_whole else Use(broken=count * take.fraction))
        if taken.amount:
            yield day, taken
        if not any(left.values()):
            return


def _lot_days(case: Case, home: AtHome) -> Iterator[tuple[int, Use]]:
    """Of an open lot: whole days, until its last day is past or it doesn't suffice for one."""
    left = home.units + home.volume.value
    for day, administrations in _days(case):
        if home.use_by is not None and case.date(day) > home.use_by:
            return
        capsules = sum(take.count for given in administrations for take in given.take if take.product == home.product)
        measures = (given.measure for given in administrations if given.measure is not None)
        volume = sum((measure.mL for measure in measures if measure.product == home.product), Fraction(0))
        need = Use(whole=capsules, volume=volume)
        if need.amount > left:
            return
        left -= need.amount
        if need.amount:
            yield day, need


def check_at_home(case: Case) -> Iterator[Finding]:
    """What is at home is as the prescription states it, and as much of it is used as the plan says."""
    stated = tuple(home.product for home in case.plan.at_home)
    ordered = tuple(home.product for home in case.prescription.at_home)
    yield from compare("verify-at-home", "at home", "products at home", stated, ordered)
    for planned, home in zip(case.plan.at_home, case.prescription.at_home, strict=False):
        yield from compare_records("verify-at-home", f"at home {home.product}", planned, _as_planned(case, home))


def _as_planned(case: Case, home: AtHome) -> PlannedHome:
    days = list(served_days(case, home.product))
    return PlannedHome(
        product=home.product,
        name=case.products[home.product].name,
        units=home.units,
        halves=home.halves,
        thirds=home.thirds,
        quarters=home.quarters,
        volume_mL=home.volume.value,
        use_by=home.use_by,
        used=sum((use.amount for _, use in days), Fraction(0)),
        used_until=case.date(days[-1][0]) if days else None,
    )
