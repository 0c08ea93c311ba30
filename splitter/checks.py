"""Clinical checks of a plan. Each function is one check; `CHECKS` lists them; adding a check is adding a function.

No check knows a drug: what differs by drug stands in its formulary. Doses are exact; percentages are rounded
for reading, and only there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from splitter.formulary import Bottles, Certainty, Formulary, Product
from splitter.plan import Finding, Plan, PlannedStep, Severity, Status
from splitter.prescription import Prescription
from splitter.quantity import format_exact

STEEP_REDUCTION = Fraction(1, 4)
"""A reduction of more than this share of the dose before it is worth a question, as is stopping from more than
this share of the highest dose. Usual tapers take 10 to 20 % every two to four weeks."""

LONG_AGO = 180
"""Days from writing to start beyond which a prescription may have lapsed (six months for a US schedule III or IV
drug, 21 CFR 1306.22, and for any UK prescription)."""

LONG_OPEN = 60
"""Days of use beyond which a bottle of unknown life after opening is worth a question: the longest such life that
a label of the built-in drug states (two months, baclofen suspension 5 mg/mL)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the checks look at. The prescription's steps are written out and are the plan's."""

    plan: Plan
    prescription: Prescription
    formulary: Formulary

    def numbered_steps(self) -> list[tuple[int, PlannedStep]]:
        """The steps, counted from 1."""
        return list(enumerate(self.plan.steps, 1))

    def used(self) -> list[Product]:
        """The products that the regimens give, in the formulary's order."""
        given = [given for step in self.plan.steps for given in step.administrations]
        ids = {take.product for administration in given for take in administration.take}
        ids |= {administration.measure.product for administration in given if administration.measure is not None}
        return [product for product in self.formulary.products if product.id in ids]


Check = Callable[[Question], Iterator[Finding]]


def run_checks(plan: Plan, prescription: Prescription, formulary: Formulary) -> tuple[Finding, ...]:
    """Every clinical finding about a plan, in the order of `CHECKS`.

    For an infeasible plan the targets are checked, since nothing is delivered.
    """
    question = Question(plan=plan, prescription=prescription, formulary=formulary)
    return tuple(finding for check in CHECKS for finding in check(question))


def over_labelled_maximum(question: Question) -> Iterator[Finding]:
    """A day's dose above the drug's labelled maximum."""
    limit = question.formulary.max_daily
    for number, step in question.numbered_steps():
        if limit is not None and _daily(step) > limit.value:
            message = f"{_mg(_daily(step))} a day from {step.start}; the labelled maximum is {_mg(limit.value)} a day"
            yield _finding("over-labelled-maximum", Severity.STOP, number, message)


def outside_prescribed_range(question: Question) -> Iterator[Finding]:
    """A day's dose that is not in the range that the prescriber stated for the step."""
    for (number, step), order in zip(question.numbered_steps(), question.prescription.steps, strict=False):
        if order.allowed is None:
            continue
        low, high = (bound.value for bound in order.allowed)
        if not low <= _daily(step) <= high:
            message = f"{_mg(_daily(step))} a day from {step.start}; the prescriber allows {_mg(low)} to {_mg(high)}"
            yield _finding("outside-prescribed-range", Severity.STOP, number, message)


def not_the_target(question: Question) -> Iterator[Finding]:
    """A day's dose, or one of its administrations, that differs from what is prescribed, within the tolerance."""
    for (number, step), order in zip(question.numbered_steps(), question.prescription.steps, strict=False):
        if step.delivered_mg is None:
            continue
        if step.delivered_mg != step.target_mg:
            message = f"gives {_mg(step.delivered_mg)} a day instead of {_mg(step.target_mg)}"
            difference = step.delivered_mg - step.target_mg
            sign = "more" if difference > 0 else "less"
            yield _finding("not-the-target", Severity.WARN, number, f"{message}: {_mg(abs(difference))} {sign}")
        for given, stated in zip(step.administrations, order.doses or (), strict=False):
            if given.dose_mg != stated.value:
                message = f"gives {_mg(given.dose_mg)} at {given.time:%H:%M} instead of {_mg(stated.value)}"
                yield _finding("not-the-target", Severity.WARN, number, message)


def steep_reduction(question: Question) -> Iterator[Finding]:
    """A step of more than 25 % less than the step before it. Days without the drug, and drug after, count as 0 mg;
    the end of the treatment is `abrupt_end`."""
    for (_, before), (number, after) in pairwise(_until_last_dose(question)):
        previous, dose = _daily(before), _daily(after)
        if previous and previous - dose > STEEP_REDUCTION * previous:
            share = _percent((previous - dose) / previous)
            message = f"from {_mg(previous)} to {_mg(dose)} a day on {after.start}, {share} less at once"
            yield _finding("steep-reduction", Severity.WARN, number, message)


def increase_in_taper(question: Question) -> Iterator[Finding]:
    """A step of more than the step before it, in a treatment that elsewhere goes down."""
    steps = _until_last_dose(question)
    if not any(_daily(before) > _daily(after) for (_, before), (_, after) in pairwise(steps)):
        return
    for (_, before), (number, after) in pairwise(steps):
        previous, dose = _daily(before), _daily(after)
        if 0 < previous < dose:
            share = _percent((dose - previous) / previous)
            message = f"the dose rises from {_mg(previous)} to {_mg(dose)} a day on {after.start}, {share} more"
            yield _finding("increase-in-taper", Severity.WARN, number, message)


def restart_after_pause(question: Question) -> Iterator[Finding]:
    """Drug again after days without it."""
    for (_, before), (number, after) in pairwise(question.numbered_steps()):
        if not _daily(before) and _daily(after):
            message = f"restarts at {_mg(_daily(after))} a day on {after.start} after {before.days} days without"
            yield _finding("restart-after-pause", Severity.WARN, number, message)


def abrupt_end(question: Question) -> Iterator[Finding]:
    """A last dose of more than 25 % of the highest."""
    steps = _until_last_dose(question)
    highest = max((_daily(step) for _, step in steps), default=Fraction(0))
    if not highest or _daily(steps[-1][1]) <= STEEP_REDUCTION * highest:
        return
    number, last = steps[-1]
    end = last.start + dt.timedelta(days=last.days)
    follows = f"nothing is given from {end}"
    if number == len(question.plan.steps):
        follows = "the prescription says nothing of what follows"
    share = _percent(_daily(last) / highest)
    message = f"ends at {_mg(_daily(last))} a day, {share} of the highest dose; {follows}"
    yield _finding("abrupt-end", Severity.WARN, number, message)


def written_and_started(question: Question) -> Iterator[Finding]:
    """A prescription written after its start, or so long before that it may have lapsed."""
    written, start = question.prescription.written, question.prescription.start
    if written is None:
        return
    if written > start:
        yield _plan_finding("written-after-start", Severity.NOTE, f"written on {written}, to start on {start}")
    elif (start - written).days > LONG_AGO:
        message = f"written on {written}, {(start - written).days} days before it starts on {start}"
        yield _plan_finding("written-long-ago", Severity.NOTE, message)


def not_proved_cheapest(question: Question) -> Iterator[Finding]:
    """A search that a limit stopped."""
    plan = question.plan
    if plan.status is Status.FEASIBLE and plan.objective is not None and plan.lower_bound is not None:
        most = format_exact(plan.objective - plan.lower_bound)
        message = f"the search was stopped early: a plan that is cheaper by at most {most} {plan.currency} may exist"
        yield _plan_finding("not-proved-cheapest", Severity.WARN, message)


def illustrative_price(question: Question) -> Iterator[Finding]:
    """Products whose price is made up for want of a published one."""
    names = [product.name for product in question.used() if product.illustrative_price]
    if names:
        message = f"the cost rests on illustrative prices, not real ones: {', '.join(names)}"
        yield _plan_finding("illustrative-price", Severity.NOTE, message)


def unverified_fact(question: Question) -> Iterator[Finding]:
    """Products whose facts nobody has verified."""
    used = question.used()
    names = [p.name for p in used if p.provenance is not None and p.provenance.certainty is Certainty.UNVERIFIED]
    if names:
        message = f"facts that are not verified; check the package before dispensing: {', '.join(names)}"
        yield _plan_finding("unverified-fact", Severity.NOTE, message)


def long_open_bottle(question: Question) -> Iterator[Finding]:
    """A marketed bottle without a stated life after opening that serves for long."""
    unlimited = {
        product.id: product
        for product in question.formulary.products
        if isinstance(product.supply, Bottles) and product.supply.in_use is None
    }
    for item in question.plan.items:
        days = (item.use_until - item.date).days + 1
        if item.product in unlimited and days > LONG_OPEN:
            message = (
                f"{unlimited[item.product].name}, handed over on {item.date}, serves for {days} days; the formulary "
                "states no limit after opening: ask the maker's label"
            )
            yield _plan_finding("long-open-bottle", Severity.WARN, message)


def compounded(question: Question) -> Iterator[Finding]:
    """Products that the pharmacy makes itself."""
    names = [product.name for product in question.used() if product.is_compounded]
    if names:
        yield _plan_finding("compounded", Severity.NOTE, f"compounded to order: {', '.join(names)}")


CHECKS: tuple[Check, ...] = (
    over_labelled_maximum,
    outside_prescribed_range,
    not_the_target,
    steep_reduction,
    increase_in_taper,
    restart_after_pause,
    abrupt_end,
    written_and_started,
    not_proved_cheapest,
    illustrative_price,
    unverified_fact,
    long_open_bottle,
    compounded,
)


def _daily(step: PlannedStep) -> Fraction:
    """A day's dose [mg]: as delivered, in an infeasible plan as prescribed."""
    return step.target_mg if step.delivered_mg is None else step.delivered_mg


def _until_last_dose(question: Question) -> list[tuple[int, PlannedStep]]:
    """The steps up to the last one that has a dose, counted from 1."""
    steps = question.numbered_steps()
    while steps and not _daily(steps[-1][1]):
        steps.pop()
    return steps


def _mg(dose: Fraction) -> str:
    return f"{format_exact(dose)} mg"


def _percent(share: Fraction) -> str:
    """A share for reading: whole percents, with "about" where that is rounded."""
    percent = share * 100
    return f"{percent} %" if percent.denominator == 1 else f"about {round(percent)} %"


def _finding(code: str, severity: Severity, step: int, message: str) -> Finding:
    return Finding(code=code, severity=severity, where=f"step {step}", message=message)


def _plan_finding(code: str, severity: Severity, message: str) -> Finding:
    return Finding(code=code, severity=severity, where="plan", message=message)
