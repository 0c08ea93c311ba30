"""The steps of a prescription: when each begins, and how a prescription file states them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate

from splitter.errors import Fault, InputError
from splitter.prescription import Prescription, Step
from splitter.quantity import Mass, counted
from splitter.units import ReadError, parse_mass


def step_starts(prescription: Prescription) -> tuple[date, ...]:
    """The first day of each step; a rule must have become steps already."""
    lengths = (step.days for step in prescription.steps)
    return tuple(prescription.start + timedelta(days=days) for days in accumulate(lengths, initial=0))[:-1]


def as_toml_steps(prescription: Prescription) -> str:
    """The steps as explicit `[[step]]` tables, as a prescription file states them; their first days as comments.

    Raises InputError for doses that are finer than such a file may state: marks of a syringe can be.
    """
    _refuse_unreadable(prescription.number, prescription.steps)
    dated = zip(prescription.steps, step_starts(prescription), strict=True)
    return "\n".join(_toml_step(step, first) for step, first in dated)


def _refuse_unreadable(number: str, steps: Sequence[Step]) -> None:
    faults = [
        Fault(
            file=f"prescription {number}",
            key=f"step[{place}]",
            found=f"{dose}, finer than a prescription may state",
            remedy='add grid = "0.001 mg" to the rule, or a coarser one',
        )
        for place, step in enumerate(steps)
        for dose in step.doses or (step.target,)
        if not _is_readable(dose)
    ]
    if faults:
        raise InputError(faults)


def _is_readable(dose: Mass) -> bool:
    try:
        return parse_mass(str(dose)) == dose
    except ReadError:
        return False


def _toml_step(step: Step, first: date) -> str:
    if step.doses is None:
        dose = f'daily = "{step.target}"'
    else:
        dose = "doses = [" + ", ".join(f'"{dose}"' for dose in step.doses) + "]"
    length = counted(step.days, "day")
    lines = ["[[step]]", f"# from {first.isoformat()}", dose, f'for = "{length}"']
    if step.allowed is not None:
        lines.append('range = ["{}", "{}"]'.format(*step.allowed))
    return "\n".join(lines) + "\n"
