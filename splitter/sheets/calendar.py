"""The patient's calendar: one row a day, what to take at each time in words, and a box to tick."""

from __future__ import annotations

from collections.abc import Iterator

from splitter.plan import Plan
from splitter.sheets.cells import Cell
from splitter.sheets.flow import LETTER, LETTER_LANDSCAPE, Band, Column, Flow, Row
from splitter.wording.figures import amount, clock, day, part_of_day, weekday
from splitter.wording.label import DO_NOT_STOP, parties
from splitter.wording.sheet import calendar_days, measuring, next_supply

# Patients' text is at least this large (USP <17>).
_SIZE = 12
# Columns of the date and of the day's total [pt].
_DAY_WIDTH, _TOTAL_WIDTH = 84.0, 70.0
# From so many times a day on, the paper is turned.
_MANY_TIMES = 4


def calendar_sheet(plan: Plan) -> Flow:
    """The calendar of the days up to the next supply."""
    times = plan.prescription.times
    flow = Flow(size=_SIZE, paper=LETTER_LANDSCAPE if len(times) >= _MANY_TIMES else LETTER)
    patient, _ = parties(plan)
    flow.title(f"Medicine calendar: {plan.prescription.drug}")
    flow.paragraph(f"For {patient.name}. Tick the box when you have taken a dose.")
    flow.space(4)
    _warnings(flow, plan)
    flow.space(6)
    columns = (
        Column("Day", _DAY_WIDTH),
        *(
            Column(f"{part_of_day(time)} {clock(time)}", (flow.room - _DAY_WIDTH - _TOTAL_WIDTH) / len(times))
            for time in times
        ),
        Column("Total", _TOTAL_WIDTH, right=True),
    )
    flow.table(columns, _rows(plan))
    flow.space(6)
    flow.paragraph(_next(plan), bold=True)
    return flow


def _warnings(flow: Flow, plan: Plan) -> None:
    _, prescriber = parties(plan)
    flow.paragraph(DO_NOT_STOP, bold=True)
    phone = f", {prescriber.phone}" if prescriber.phone else ""
    flow.paragraph(
        f"If you feel worse, miss doses or have questions, call {plan.pharmacy.name}, {plan.pharmacy.phone}, "
        f"or {prescriber.name}{phone}. In an emergency, call the emergency number at once."
    )
    for line in measuring(plan):
        flow.paragraph(line)


def _rows(plan: Plan) -> Iterator[Row]:
    for entry in calendar_days(plan):
        regimen = entry.regimen
        if entry.changed:
            total = f"{amount(regimen.total_mg, 'mg')} a day" if regimen.total_mg else "nothing to take"
            yield Band(f"From {day(entry.date)}: {total}")
        yield (
            Cell(f"{weekday(entry.date)} {day(entry.date, beside=entry.date)}", bold=True),
            *(Cell(words, tick=words != "none") for _, words in regimen.doses),
            Cell(amount(regimen.total_mg, "mg")),
        )


def _next(plan: Plan) -> str:
    """What follows the last day of the calendar."""
    more = next_supply(plan)
    return f"Collect your next supply on {day(more)}." if more else "There is no further supply in this plan."
