"""A taper's dated steps: from a rule to explicit steps, and back to the text of a prescription."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate, islice

from splitter.bounds import MOST_DAYS, MOST_STEPS
from splitter.errors import Fault, InputError
from splitter.prescription import Prescription, Step, TaperRule
from splitter.quantity import Mass, round_half_up


def with_steps(prescription: Prescription) -> Prescription:
    """The prescription with its `[taper]`, if it has one, turned into steps.

    Raises InputError for a rule of more than MOST_STEPS steps or MOST_DAYS days.
    """
    rule = prescription.taper
    if rule is None:
        return prescription
    doses = tuple(islice(taper_doses(rule), MOST_STEPS + 1))
    if len(doses) > MOST_STEPS or len(doses) * rule.every > MOST_DAYS:
        found = f"a taper of more than {MOST_STEPS} steps or {MOST_DAYS} days"
        remedy = "reduce by more, round to a coarser grid, or shorten the steps"
        raise InputError([Fault(file=f"prescription {prescription.number}", key="taper", found=found, remedy=remedy)])
    steps = tuple(Step(days=rule.every, target=dose) for dose in doses)
    return replace(prescription, steps=steps, taper=None)


def taper_doses(rule: TaperRule) -> Iterator[Mass]:
    """The daily dose of each step [mg], from `start` down to `last`.

    The next dose is the current one less `amount`, or less its `share`, rounded to the nearest multiple of
    `grid`, halves up. Where that is not smaller than the current dose, it is the largest multiple of `grid`
    that is. It is never below `last`; after `last` the taper ends.

    >>> from fractions import Fraction as F
    >>> rule = TaperRule(start=Mass(F(5)), share=F(1, 10), every=14, grid=Mass(F(1, 2)), last=Mass(F(7, 2)))
    >>> [str(dose) for dose in taper_doses(rule)]
    ['5 mg', '4.5 mg', '4 mg', '3.5 mg']
    """
    dose = rule.start
    while dose > rule.last:
        yield dose
        dose = max(_next_dose(rule, dose), rule.last)
    yield rule.last


def step_starts(prescription: Prescription) -> tuple[date, ...]:
    """The first day of each step."""
    lengths = (step.days for step in with_steps(prescription).steps)
    return tuple(prescription.start + timedelta(days=days) for days in accumulate(lengths, initial=0))[:-1]


def as_toml_steps(prescription: Prescription) -> str:
    """The steps as explicit `[[step]]` tables, as a prescription file states them; their first days as comments."""
    expanded = with_steps(prescription)
    tables = (_toml_step(step, first) for step, first in zip(expanded.steps, step_starts(expanded), strict=True))
    return "\n".join(tables)


def _next_dose(rule: TaperRule, dose: Mass) -> Mass:
    reduced = dose * (1 - rule.share) if rule.share is not None else dose - (rule.amount or rule.grid)
    rounded = Mass(round_half_up(reduced.value, rule.grid.value))
    if rounded < dose:
        return rounded
    steps_below = -(-dose.value // rule.grid.value) - 1
    return rule.grid * steps_below


def _toml_step(step: Step, first: date) -> str:
    if step.doses is None:
        dose = f'daily = "{step.target}"'
    else:
        dose = "doses = [" + ", ".join(f'"{dose}"' for dose in step.doses) + "]"
    lines = ["[[step]]", f"# from {first.isoformat()}", dose, f'for = "{step.days} days"']
    if step.allowed is not None:
        lines.append('range = ["{}", "{}"]'.format(*step.allowed))
    return "\n".join(lines) + "\n"
