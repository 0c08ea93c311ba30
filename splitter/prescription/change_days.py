"""On which weekdays a new dose may begin: steps that would begin on another wait, the step before lasting longer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from splitter.prescription.records import Step
from splitter.prescription.weekdays import WEEKDAYS, ChangeDays


def waiting(steps: Sequence[Step], start: date, change_days: ChangeDays | None) -> tuple[Step, ...]:
    """The steps, each but the last so much longer that the next begins on a day on which a new dose may begin.

    The first begins on the prescription's own day, whichever that is.
    """
    if change_days is None:
        return tuple(steps)
    waited: list[Step] = []
    begins = start
    for step in steps[:-1]:
        begins += timedelta(days=step.days)
        waits = next(days for days in range(len(WEEKDAYS)) if (begins.weekday() + days) % 7 in change_days.days)
        begins += timedelta(days=waits)
        waited.append(replace(step, days=step.days + waits))
    return (*waited, *steps[-1:])
