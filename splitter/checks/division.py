"""What the division of the days over their times makes a pharmacist ask, where it follows the path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from splitter.checks.question import Question, Said, check, for_all, listed, mg
from splitter.division import StepForm
from splitter.plan import Administration, PlannedStep, Severity
from splitter.prescription import DivisionRule


@check("dose-against-the-day", Severity.WARN, "a time whose dose rises in a taper is mistaken for the old one")
def against_the_day(question: Question) -> Iterator[Said]:
    """A time whose dose goes another way than the day's does: it rises while the day's falls, or the reverse."""
    found = []
    for (_, before), (number, after) in pairwise(question.numbered_steps()):
        if not before.administrations or not after.administrations:
            continue
        way = _sign(after.target_mg - before.target_mg)
        changes = zip(before.administrations, after.administrations, strict=True)
        wrong = [(old, new) for old, new in changes if _sign(new.dose_mg - old.dose_mg) not in (0, way)]
        if wrong:
            said = listed([f"{_clock(new)} goes from {mg(old.dose_mg)} to {mg(new.dose_mg)}" for old, new in wrong])
            day = {-1: "falls", 0: "stays the same", 1: "rises"}[way]
            most = max(abs(new.dose_mg - old.dose_mg) for old, new in wrong)
            found.append((most, number, f"on {after.start} the dose at {said}, though the day's dose {day}"))
    yield from _told(question, found, "no division of the steps together avoids that")


@check("uneven-day", Severity.WARN, "the policy: evenness, 40 % of the mean dose unless stated")
def uneven_day(question: Question) -> Iterator[Said]:
    """A day whose doses differ by more than the policy's evenness allows, or that leaves a time without a dose."""
    found = []
    for number, step in question.numbered_steps():
        if not step.administrations:
            continue
        nothing = [given for given in step.administrations if not given.dose_mg]
        if nothing:
            message = f"nothing is given at {listed([_clock(given) for given in nothing])} from {step.start}"
        elif _spread(step) > _most_even(question, step):
            doses = listed([f"{mg(given.dose_mg)} at {_clock(given)}" for given in step.administrations])
            message = f"the doses of a day differ by {mg(_spread(step))} from {step.start}: {doses}"
        else:
            continue
        found.append((_spread(step), number, message))
    yield from _told(question, found, "even doses can't be had, or only by more measuring")


def _told(question: Question, found: list[tuple[Fraction, int, str]], unavoidable: str) -> Iterator[Said]:
    """What was found, the worst first; a note for the steps whose doses the prescription itself states.

    Where cost may divide the days as it likes, the prescription asked for that, and nothing is said.
    """
    if question.policy.division is DivisionRule.FREE:
        return
    found.sort(key=lambda each: -each[0])
    steps = question.prescription.steps
    stated = [(number, words) for _, number, words in found if steps[number - 1].doses]
    own = [(number, words) for _, number, words in found if not steps[number - 1].doses]
    yield from for_all(own, f"; {unavoidable}")
    for said in for_all(stated, "; so the prescription states it"):
        yield replace(said, severity=Severity.NOTE)


def _most_even(question: Question, step: PlannedStep) -> Fraction:
    """The most by which doses of an even day differ [mg]: `evenness` of their mean, with tablets alone also a piece."""
    doses = [given.dose_mg for given in step.administrations]
    limit = question.policy.evenness * sum(doses, Fraction(0)) / len(doses)
    if step.form is StepForm.FINE:
        return limit
    return max(limit, question.smallest_piece())


def _spread(step: PlannedStep) -> Fraction:
    doses = [given.dose_mg for given in step.administrations]
    return max(doses) - min(doses)


def _clock(given: Administration) -> str:
    return f"{given.time:%H:%M}"


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)
