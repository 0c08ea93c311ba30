"""A taper as a staircase of characters: the dose of each day upward, the days to the right."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from splitter.plan import Plan, PlannedStep
from splitter.wording.figures import amount, day

WHOLE, CUT, MEASURED, ASKED, BLANK = "#", "/", ":", ".", " "
"""What a day's dose is made of: whole units, pieces among them, something measured. Plain characters, for any
terminal."""

_WIDEST = 72


def staircase(plan: Plan, width: int, height: int) -> list[str]:
    """The chart in `height` lines of at most `width` characters and one of dates; none where nothing can be drawn."""
    days = [(step.start + dt.timedelta(days=number), step) for step in plan.steps for number in range(step.days)]
    most = max((_daily(step) for _, step in days), default=Fraction(0))
    label = amount(most, "mg")
    columns = min(width, _WIDEST) - len(label) - 2
    if not most or columns < 2 or not height:
        return []
    shown = [_shown(days, place, columns) for place in range(columns)]
    rows = []
    for level in range(height, 0, -1):
        head = label if level == height else ""
        bars = "".join(_mark(step) if _height(step, most, height) >= level else BLANK for step in shown)
        rows.append(f"{head:>{len(label)}} |{bars.rstrip()}")
    first, last = day(days[0][0]), day(days[-1][0])
    gap = " " * max(columns - len(first) - len(last), 1)
    return [*rows, f"{'':>{len(label)}}  {first}{gap}{last}"]


def legend(plan: Plan) -> str:
    """What the characters mean, of those that are drawn."""
    marks = {_mark(step) for step in plan.steps if _daily(step)}
    known = ((WHOLE, "whole units"), (CUT, "with pieces of tablets"), (MEASURED, "measured"), (ASKED, "as prescribed"))
    return ", ".join(f"{mark} {words}" for mark, words in known if mark in marks)


def _shown(days: list[tuple[dt.date, PlannedStep]], place: int, columns: int) -> PlannedStep:
    """The step that a column shows: that of the day in its middle."""
    return days[(2 * place + 1) * len(days) // (2 * columns)][1]


def _height(step: PlannedStep, most: Fraction, height: int) -> int:
    """How many lines a dose is high: no dose above zero is invisible."""
    return -(-_daily(step) * height // most)


def _mark(step: PlannedStep) -> str:
    if step.delivered_mg is None:
        return ASKED
    if any(given.measure for given in step.administrations):
        return MEASURED
    pieces = any(take.fraction != 1 for given in step.administrations for take in given.take)
    return CUT if pieces else WHOLE


def _daily(step: PlannedStep) -> Fraction:
    return step.target_mg if step.delivered_mg is None else step.delivered_mg
