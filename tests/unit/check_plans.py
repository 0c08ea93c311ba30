"""Plans and questions for the tests of the clinical checks: schedules of daily doses, and what is asked about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from splitter.checks import Question, run_checks
from splitter.division import StepForm
from splitter.plan import Administration, Finding, Measure, PlannedStep, Take
from splitter.prescription import Policy, Step
from splitter.quantity import Mass
from tests.unit.plans import START, Made, tablets

CLOCKS = (dt.time(8), dt.time(14), dt.time(20))


def question(made: Made, **changes: Any) -> Question:
    """What the checks are asked about a plan: all available products, the default policy, no day of asking."""
    asked = Question(
        plan=made.plan,
        prescription=made.prescription,
        formulary=made.formulary,
        allowed=tuple(product for product in made.formulary.products if product.available),
        policy=Policy(),
    )
    return replace(asked, **changes)


def findings(made: Made, **changes: Any) -> tuple[Finding, ...]:
    """All that the checks find."""
    return run_checks(question(made, **changes))


def of(made: Made, code: str, **changes: Any) -> list[Finding]:
    """What the check with this code finds."""
    return [finding for finding in findings(made, **changes) if finding.code == code]


def taper(doses: Sequence[str], days: int | Sequence[int] = 14, delivered: Sequence[str] | None = None) -> Made:
    """A plan of steps of `days` with these daily doses [mg]; what is taken does not matter here."""
    made, start = tablets(), START
    lengths = [days] * len(doses) if isinstance(days, int) else days
    planned, ordered = [], []
    for target, length, gives in zip(doses, lengths, delivered or doses, strict=True):
        planned.append(
            PlannedStep(
                start=start,
                days=length,
                target_mg=Fraction(target),
                delivered_mg=Fraction(gives),
                administrations=(),
            )
        )
        ordered.append(Step(days=length, target=Mass(Fraction(target))))
        start += dt.timedelta(days=length)
    return replace(
        made,
        plan=replace(made.plan, steps=tuple(planned)),
        prescription=replace(made.prescription, steps=tuple(ordered)),
    )


def divided(*days: str, form: StepForm | None = StepForm.PLAIN) -> Made:
    """Steps of two weeks whose doses of the times [mg] are as "20 15 20", from scored tablets of 10 mg."""
    made = taper([str(sum(map(Fraction, day.split()))) for day in days])
    planned = [
        replace(
            step,
            form=form,
            administrations=tuple(
                Administration(time=clock, dose_mg=Fraction(dose), take=(), measure=None)
                for clock, dose in zip(CLOCKS, day.split() if day != "0" else (), strict=False)
            ),
        )
        for step, day in zip(made.plan.steps, days, strict=True)
    ]
    return replace(made, plan=replace(made.plan, steps=tuple(planned)))


def taken(*days: Sequence[Take | Measure], made: Made | None = None) -> Made:
    """Steps of two weeks in which each morning's dose of 10 mg is taken so."""
    plan = made or taper(["10"] * len(days))
    planned = []
    for step, given in zip(plan.plan.steps, days, strict=True):
        pieces = tuple(each for each in given if isinstance(each, Take))
        volume = next((each for each in given if isinstance(each, Measure)), None)
        dose = Administration(time=CLOCKS[0], dose_mg=Fraction(10), take=pieces, measure=volume)
        planned.append(replace(step, administrations=(dose,)))
    return replace(plan, plan=replace(plan.plan, steps=tuple(planned)))


def with_formulary(made: Made, **changes: Any) -> Made:
    """The drug's facts changed."""
    return replace(made, formulary=replace(made.formulary, **changes))


def with_prescription(made: Made, **changes: Any) -> Made:
    """The prescription changed, its steps kept."""
    return replace(made, prescription=replace(made.prescription, **changes))
