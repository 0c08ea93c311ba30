"""The other questions: a physician's, a taper's schedule."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from splitter.formulary import Formulary
from splitter.optimise import Limits, Progress
from splitter.plan import Plan, Status
from splitter.prescription import Pharmacy, Prescription
from splitter.service.planning import plan
from splitter.service.release import stops
from splitter.taper import step_starts, with_steps


class Verdict(StrEnum):
    """Whether a prescription can be made: yes; yes, but a check stops it; no."""

    POSSIBLE = "possible"
    STOPPED = "stopped"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a physician asks of a prescription."""

    verdict: Verdict
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledStep:
    """One dated step; `doses_mg` where the prescription states the dose of each time."""

    start: dt.date
    last: dt.date
    days: int
    daily_mg: Fraction
    doses_mg: tuple[Fraction, ...] | None


def check(
    prescription: Prescription,
    pharmacy: Pharmacy,
    formulary: Formulary,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Whether a prescription can be made, how, at what cost, and what is unsafe. Raises InputError as `plan` does."""
    made = plan(prescription, pharmacy, formulary, limits, progress)
    if made.status is Status.INFEASIBLE:
        return Answer(verdict=Verdict.IMPOSSIBLE, plan=made)
    return Answer(verdict=Verdict.STOPPED if stops(made) else Verdict.POSSIBLE, plan=made)


def schedule(prescription: Prescription) -> tuple[ScheduledStep, ...]:
    """The dated steps of a prescription, its taper rule written out."""
    steps = with_steps(prescription).steps
    return tuple(
        ScheduledStep(
            start=first,
            last=first + dt.timedelta(days=step.days - 1),
            days=step.days,
            daily_mg=step.target.value,
            doses_mg=None if step.doses is None else tuple(dose.value for dose in step.doses),
        )
        for step, first in zip(steps, step_starts(prescription), strict=True)
    )
