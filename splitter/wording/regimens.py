"""What is taken on each day, in words: by clock time, by date."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from splitter.plan import Administration, Plan, PlannedProduct, PlannedStep, Take
from splitter.wording.doses import draws_of, pieces_words, syringe_name, volume_words
from splitter.wording.figures import amount, clock, listing
from splitter.wording.lint import refuse
from splitter.wording.names import distinction, known_name, strength

NONE = "none"
BROKEN = "a piece: take the grey part"
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """What is taken at one time of a day; `given` is None where the plan gives nothing."""

    time: dt.time
    words: str
    given: Administration | None

    @property
    def lines(self) -> str:
        """The words, each kind of piece on a line of its own."""
        return self.words.replace(" plus ", "\nplus ")

    @property
    def is_none(self) -> bool:
        """Whether there is nothing to take."""
        return self.words == NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """What is taken on each day of a range: its doses, and the day's total [mg]."""

    first: dt.date
    last: dt.date
    total_mg: Fraction
    doses: tuple[Dose, ...]

    @property
    def length(self) -> int:
        """How many days it lasts."""
        return (self.last - self.first).days + 1

    def same_day(self, other: Regimen) -> bool:
        """Whether a day of one is as a day of the other."""
        return [dose.words for dose in self.doses] == [dose.words for dose in other.doses]


def regimens(plan: Plan, first: dt.date, last: dt.date) -> tuple[Regimen, ...]:
    """The regimen of each step, cut to the days from `first` to `last`."""
    found = tuple(
        _regimen(plan, step, max(step.start, first), min(step.last, last))
        for step in plan.steps
        if step.start <= last and step.last >= first
    )
    refuse((f"step from {regimen.first}", dose.words) for regimen in found for dose in regimen.doses)
    return found


def _regimen(plan: Plan, step: PlannedStep, first: dt.date, last: dt.date) -> Regimen:
    given = {administration.time: administration for administration in step.administrations}
    doses = tuple(_dose(plan, time, given.get(time)) for time in plan.prescription.times)
    total = sum((administration.dose_mg for administration in step.administrations), Fraction(0))
    return Regimen(first=first, last=last, total_mg=total, doses=doses)


def _dose(plan: Plan, time: dt.time, given: Administration | None) -> Dose:
    return Dose(time=time, words=dose_words(plan, given) if given else NONE, given=given)


def dose_words(plan: Plan, administration: Administration) -> str:
    """All that is taken at one time: "1 and a half tablets of 10 mg plus 4 mL (20 mg) of suspension"."""
    known = {product.id: product for product in plan.products}
    taken: dict[str, list[Take]] = {}
    for take in administration.take:
        taken.setdefault(take.product, []).append(take)
    words = [
        f"{pieces_words(takes, known[product].form.value)} of {strength(known[product])}"
        f"{distinction(known[product], plan.products)}"
        for product, takes in taken.items()
    ]
    if administration.measure is not None:
        liquid = known[administration.measure.product]
        words.append(f"{volume_words(administration.measure, liquid)} of {_liquid_name(plan, liquid)}")
    return " plus ".join(words) or NONE


def given_words(plan: Plan, step: PlannedStep) -> tuple[str, ...]:
    """What is taken on a day of a step; times in a row that take the same share a line."""
    given = [(clock(each.time), dose_words(plan, each)) for each in step.administrations]
    if len({words for _, words in given}) == 1 < len(given):
        return (f"each time: {given[0][1]}",)
    groups = groupby(given, key=lambda pair: pair[1])
    return tuple(f"{listing(time for time, _ in pairs)}: {words}" for words, pairs in groups) or ("nothing",)


def _liquid_name(plan: Plan, liquid: PlannedProduct) -> str:
    """Its form, and what tells it apart where the plan has several liquids."""
    several = sum(product.concentration_mg_per_mL is not None for product in plan.products) > 1
    return known_name(liquid, plan.products) if several else liquid.form.value


def shaking(plan: Plan, found: tuple[Regimen, ...]) -> tuple[str, ...]:
    """The liquids of these days that are shaken before each dose; sentences."""
    measures = (dose.given.measure for regimen in found for dose in regimen.doses if dose.given)
    used = {measure.product for measure in measures if measure}
    return tuple(
        f"Shake the {_liquid_name(plan, product)} well before each dose."
        for product in plan.products
        if product.shake and product.id in used
    )


def measuring(found: tuple[Regimen, ...]) -> tuple[str, ...]:
    """For each syringe that these days need, the volumes that it measures; sentences."""
    measures = [dose.given.measure for regimen in found for dose in regimen.doses if dose.given]
    draws = [draw for measure in measures if measure for draw in draws_of(measure)]
    volumes: dict[str, set[Fraction]] = {}
    for syringe, volume in sorted(draws, key=lambda draw: draw[1]):
        volumes.setdefault(syringe_name(syringe), set()).add(volume)
    return tuple(
        f"Use the {syringe} oral syringe for {listing(amount(volume, 'mL') for volume in sorted(measured))}."
        for syringe, measured in volumes.items()
    )
