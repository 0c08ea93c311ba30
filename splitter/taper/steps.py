"""The steps of a prescription: when each begins, and how a prescription file states them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import accumulate

from splitter.prescription import Prescription, Step


def step_starts(prescription: Prescription) -> tuple[date, ...]:
    """The first day of each step; a rule must have become steps already."""
    lengths = (step.days for step in prescription.steps)
    return tuple(prescription.start + timedelta(days=days) for days in accumulate(lengths, initial=0))[:-1]


def as_toml_steps(prescription: Prescription) -> str:
    """The steps as explicit `[[step]]` tables, as a prescription file states them; their first days as comments."""
    dated = zip(prescription.steps, step_starts(prescription), strict=True)
    return "\n".join(_toml_step(step, first) for step, first in dated)


def _toml_step(step: Step, first: date) -> str:
    if step.doses is None:
        dose = f'daily = "{step.target}"'
    else:
        dose = "doses = [" + ", ".join(f'"{dose}"' for dose in step.doses) + "]"
    lines = ["[[step]]", f"# from {first.isoformat()}", dose, f'for = "{step.days} days"']
    if step.allowed is not None:
        lines.append('range = ["{}", "{}"]'.format(*step.allowed))
    return "\n".join(lines) + "\n"
