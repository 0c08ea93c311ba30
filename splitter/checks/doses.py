"""What the doses and the dates of a treatment make a pharmacist ask. Doses are exact; percentages are rounded for
reading, and only there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from splitter.checks.question import Question, mg, plan_finding, step_finding
from splitter.plan import Finding, PlannedStep, Severity
from splitter.quantity import counted

STEEP_REDUCTION = Fraction(1, 4)
"""A reduction of more than this share of the dose before it is worth a question, as is stopping from more than
this share of the highest dose. Usual tapers take 10 to 20 % every two to four weeks."""

LONG_AGO = 180
"""Days from writing to start beyond which a prescription may have lapsed (six months for a US schedule III or IV
drug, 21 CFR 1306.22, and for any UK prescription)."""


def over_labelled_maximum(question: Question) -> Iterator[Finding]:
    """A day's dose above the drug's labelled maximum."""
    limit = question.formulary.max_daily
    for number, step in question.numbered_steps():
        if limit is not None and _daily(step) > limit.value:
            message = f"{mg(_daily(step))} a day from {step.start}; the labelled maximum is {mg(limit.value)} a day"
            yield step_finding("over-labelled-maximum", Severity.STOP, number, message)


def outside_prescribed_range(question: Question) -> Iterator[Finding]:
    """A day's dose that is not in the range that the prescriber stated for the step."""
    for (number, step), order in zip(question.numbered_steps(), question.prescription.steps, strict=False):
        if order.allowed is None:
            continue
        low, high = (bound.value for bound in order.allowed)
        if not low <= _daily(step) <= high:
            message = f"{mg(_daily(step))} a day from {step.start}; the prescriber allows {mg(low)} to {mg(high)}"
            yield step_finding("outside-prescribed-range", Severity.STOP, number, message)


def not_the_target(question: Question) -> Iterator[Finding]:
    """A day's dose, or one of its administrations, that differs from what is prescribed, within the tolerance."""
    for (number, step), order in zip(question.numbered_steps(), question.prescription.steps, strict=False):
        if step.delivered_mg is None:
            continue
        if step.delivered_mg != step.target_mg:
            message = f"gives {mg(step.delivered_mg)} a day instead of {mg(step.target_mg)}"
            difference = step.delivered_mg - step.target_mg
            sign = "more" if difference > 0 else "less"
            yield step_finding("not-the-target", Severity.WARN, number, f"{message}: {mg(abs(difference))} {sign}")
        for given, stated in zip(step.administrations, order.doses or (), strict=False):
            if given.dose_mg != stated.value:
                message = f"gives {mg(given.dose_mg)} at {given.time:%H:%M} instead of {mg(stated.value)}"
                yield step_finding("not-the-target", Severity.WARN, number, message)


def steep_reduction(question: Question) -> Iterator[Finding]:
    """A step of more than 25 % less than the step before it. Days without the drug, and drug after, count as 0 mg;
    the end of the treatment is `abrupt_end`."""
    for (_, before), (number, after) in pairwise(_until_last_dose(question)):
        previous, dose = _daily(before), _daily(after)
        if previous and previous - dose > STEEP_REDUCTION * previous:
            share = _percent((previous - dose) / previous)
            message = f"from {mg(previous)} to {mg(dose)} a day on {after.start}, {share} less at once"
            yield step_finding("steep-reduction", Severity.WARN, number, message)


def increase_in_taper(question: Question) -> Iterator[Finding]:
    """A step of more than the step before it, in a treatment that elsewhere goes down."""
    steps = _until_last_dose(question)
    if not any(_daily(before) > _daily(after) for (_, before), (_, after) in pairwise(steps)):
        return
    for (_, before), (number, after) in pairwise(steps):
        previous, dose = _daily(before), _daily(after)
        if 0 < previous < dose:
            share = _percent((dose - previous) / previous)
            message = f"the dose rises from {mg(previous)} to {mg(dose)} a day on {after.start}, {share} more"
            yield step_finding("increase-in-taper", Severity.WARN, number, message)


def restart_after_pause(question: Question) -> Iterator[Finding]:
    """Drug again after days without it."""
    for (_, before), (number, after) in pairwise(question.numbered_steps()):
        if not _daily(before) and _daily(after):
            pause = counted(before.days, "day")
            message = f"restarts at {mg(_daily(after))} a day on {after.start} after {pause} without"
            yield step_finding("restart-after-pause", Severity.WARN, number, message)


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
    message = f"ends at {mg(_daily(last))} a day, {share} of the highest dose; {follows}"
    yield step_finding("abrupt-end", Severity.WARN, number, message)


def written_and_started(question: Question) -> Iterator[Finding]:
    """A prescription written after its start, or so long before that it may have lapsed."""
    written, start = question.prescription.written, question.prescription.start
    if written is None:
        return
    if written > start:
        yield plan_finding("written-after-start", Severity.NOTE, f"written on {written}, to start on {start}")
    elif (start - written).days > LONG_AGO:
        message = f"written on {written}, {counted((start - written).days, 'day')} before it starts on {start}"
        yield plan_finding("written-long-ago", Severity.NOTE, message)


def _daily(step: PlannedStep) -> Fraction:
    """A day's dose [mg]: as delivered, in an infeasible plan as prescribed."""
    return step.target_mg if step.delivered_mg is None else step.delivered_mg


def _until_last_dose(question: Question) -> list[tuple[int, PlannedStep]]:
    """The steps up to the last one that has a dose, counted from 1."""
    steps = question.numbered_steps()
    while steps and not _daily(steps[-1][1]):
        steps.pop()
    return steps


def _percent(share: Fraction) -> str:
    """A share for reading: whole percents, with "about" where that is rounded."""
    percent = share * 100
    return f"{percent} %" if percent.denominator == 1 else f"about {round(percent)} %"
