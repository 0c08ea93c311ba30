"""What the division of the days over their times makes a pharmacist ask, where it follows the path."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from splitter.checks.question import Question, mg, step_finding
from splitter.division import StepForm, fractions_of
from splitter.plan import Administration, Finding, PlannedStep, Severity
from splitter.prescription import DivisionRule


def against_the_day(question: Question) -> Iterator[Finding]:
    """A time whose dose goes another way than the day's does: it rises while the day's falls, or the reverse."""
    if question.policy.division is DivisionRule.FREE:
        return
    for (_, before), (number, after) in pairwise(question.numbered_steps()):
        if not before.administrations or not after.administrations:
            continue
        way = _sign(after.target_mg - before.target_mg)
        changes = zip(before.administrations, after.administrations, strict=True)
        wrong = [(old, new) for old, new in changes if _sign(new.dose_mg - old.dose_mg) not in (0, way)]
        if wrong:
            said = _listed([f"{_clock(new)} goes from {mg(old.dose_mg)} to {mg(new.dose_mg)}" for old, new in wrong])
            day = {-1: "falls", 0: "stays the same", 1: "rises"}[way]
            severity, why = _why(question, number, "no division of the steps together avoids that")
            message = f"on {after.start} the dose at {said}, though the day's dose {day}; {why}"
            yield step_finding("dose-against-the-day", severity, number, message)


def uneven_day(question: Question) -> Iterator[Finding]:
    """A day whose doses differ by more than the policy's evenness allows, or that leaves a time without a dose."""
    if question.policy.division is DivisionRule.FREE:
        return
    for number, step in question.numbered_steps():
        if not step.administrations:
            continue
        nothing = [given for given in step.administrations if not given.dose_mg]
        if nothing:
            message = f"nothing is given at {_listed([_clock(given) for given in nothing])}"
        elif _spread(step) > _most_even(question, step):
            doses = _listed([f"{mg(given.dose_mg)} at {_clock(given)}" for given in step.administrations])
            message = f"the doses of a day differ by {mg(_spread(step))}: {doses}"
        else:
            continue
        severity, why = _why(question, number, "even doses can't be had, or only by more measuring")
        yield step_finding("uneven-day", severity, number, f"{message}; {why}")


def _why(question: Question, number: int, unavoidable: str) -> tuple[Severity, str]:
    """A warning, or a note where the prescription itself states the dose of each time; and why the step is so."""
    if question.prescription.steps[number - 1].doses:
        return Severity.NOTE, "so the prescription states it"
    return Severity.WARN, unavoidable


def _most_even(question: Question, step: PlannedStep) -> Fraction:
    """The most by which doses of an even day differ [mg]: `evenness` of their mean, with tablets alone also a piece."""
    doses = [given.dose_mg for given in step.administrations]
    limit = question.policy.evenness * sum(doses, Fraction(0)) / len(doses)
    if step.form is StepForm.FINE:
        return limit
    pieces = [
        product.strength.value * fraction
        for product in question.allowed
        if product.strength is not None and not product.is_compounded
        for fraction in fractions_of(product, question.policy.split)
    ]
    return max(limit, min(pieces, default=Fraction(0)))


def _spread(step: PlannedStep) -> Fraction:
    doses = [given.dose_mg for given in step.administrations]
    return max(doses) - min(doses)


def _clock(given: Administration) -> str:
    return f"{given.time:%H:%M}"


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


def _listed(texts: list[str]) -> str:
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)
