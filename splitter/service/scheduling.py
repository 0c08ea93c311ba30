"""A taper's schedule, before any cost: its dated steps, how a rule was rounded, and the dose of each time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise, repeat

from splitter.division import Candidate, StepForm, settle
from splitter.formulary import Formulary
from splitter.optimise import can_be_made
from splitter.prescription import DivisionRule, Fine, Pharmacy, Prescription, Step
from splitter.problem import Problem, by_family, pose
from splitter.taper import Ending, Rounding, expand, step_starts

_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledStep:
    """One dated step.

    `doses_mg` are those of its times, None of a drug-free step, where cost is to choose them and where some step can't
    be made; `form` is whether they are plain or fine, None where that isn't decided beforehand. `rounding` is None
    where no rule made the step.
    """

    start: dt.date
    last: dt.date
    days: int
    daily_mg: Fraction
    doses_mg: tuple[Fraction, ...] | None
    form: StepForm | None
    rounding: Rounding | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaperSchedule:
    """A prescription's steps, how long they take and until when, and the most by which one is below that before it.

    `is_divided` is False where the doses of the times aren't told: a policy leaves them to cost, or a step can't be
    made. `ending` is why the rule ended, None without one.
    """

    number: str
    drug: str
    times: tuple[dt.time, ...]
    days: int
    last: dt.date
    largest_drop_mg: Fraction
    is_divided: bool
    ending: Ending | None
    steps: tuple[ScheduledStep, ...]


def schedule(prescription: Prescription, pharmacy: Pharmacy, formulary: Formulary) -> TaperSchedule:
    """The dated steps of a prescription, a rule written out, with the dose of each time. Raises InputError."""
    made = expand(prescription, pharmacy, formulary)
    explicit = replace(prescription, steps=made.steps, taper=None)
    problem = pose(explicit, pharmacy, formulary)
    divided = _divided(problem)
    has_form = problem.policy.fine is Fine.PHASE
    rows = zip(made.steps, step_starts(explicit), divided or repeat(None), made.roundings, strict=False)
    steps = tuple(_step(step, first, each, rounding, has_form) for step, first, each, rounding in rows)
    return TaperSchedule(
        number=prescription.number,
        drug=prescription.drug,
        times=prescription.times,
        days=problem.days,
        last=steps[-1].last,
        largest_drop_mg=max([_NOTHING, *(before.daily_mg - after.daily_mg for before, after in pairwise(steps))]),
        is_divided=divided is not None,
        ending=made.ending,
        steps=steps,
    )


def _divided(problem: Problem) -> tuple[Candidate | None, ...] | None:
    """The division of each step by the path, None where there is none or cost is to choose.

    Of several families of strengths it is that of the best path, as in the plan: of those of which the prescription
    can be made, if it can.
    """
    if problem.policy.division is DivisionRule.FREE:
        return None
    families = by_family(problem)
    possible = [family for family in families if can_be_made(family)] if len(families) > 1 else families
    found = [settled for family in possible or families if (settled := settle(family.demand))]
    best = min(found, key=lambda settled: settled.order, default=None)
    return None if best is None else best.path.chosen


def _step(
    step: Step, first: dt.date, candidate: Candidate | None, rounding: Rounding | None, has_form: bool
) -> ScheduledStep:
    stated = None if step.doses is None else tuple(dose.value for dose in step.doses)
    return ScheduledStep(
        start=first,
        last=first + dt.timedelta(days=step.days - 1),
        days=step.days,
        daily_mg=step.target.value,
        doses_mg=stated if candidate is None else candidate.doses,
        form=candidate.form if candidate is not None and has_form else None,
        rounding=rounding,
    )
