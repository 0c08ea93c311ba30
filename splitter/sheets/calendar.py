"""The patient's calendar: one row a day, what to take at each time drawn and in words, and a box to tick."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from splitter.labels.fonts import Face, width
from splitter.plan import Plan
from splitter.sheets.cells import Cell, Grid, broken
from splitter.sheets.flow import Band, Column, Flow, Paper, Row
from splitter.sheets.pictures import Pictures
from splitter.wording.calendar import (
    calendar_days,
    covered_words,
    next_words,
    regimen_before,
    safety_words,
    served_regimens,
    stop_day,
    stop_words,
)
from splitter.wording.customs import Customs
from splitter.wording.figures import amount, clock, part_of_day, weekday
from splitter.wording.label import parties
from splitter.wording.regimens import Dose, Regimen, measuring, shaking
from splitter.wording.visits import next_visit

# Patients' text is at least this large (USP <17>).
SIZE = 12.0
# From so many times a day on, the paper is turned.
_MANY_TIMES = 4
_PAD = 4.0
# Room on a name's line for the word before it and the mark behind it [pt].
_BESIDE_NAME = 40.0


def calendar_sheet(plan: Plan, date: dt.date, paper: Paper, customs: Customs) -> Flow:
    """The calendar of the days that the visit of `date` serves."""
    times = plan.prescription.times
    paper = (paper[1], paper[0]) if len(times) >= _MANY_TIMES else paper
    found = served_regimens(plan, date)
    flow = Flow(f"Calendar from {customs.day(found[0].first)}", size=SIZE, paper=paper)
    patient, _ = parties(plan)
    flow.title(f"Medicine calendar: {plan.prescription.drug}")
    name = broken(patient.name, SIZE, flow.room - _BESIDE_NAME)
    flow.paragraph(f"For {name}, {covered_words(found, customs)}. Tick the box when you have taken a dose.")
    flow.space(4)
    columns = _columns(flow, plan, found, customs)
    grid = Grid(widths=(columns[1].share,), size=SIZE, pad=_PAD)
    pictures = Pictures(plan, grid.room(Cell(tick=True), 0))
    flow.legend(pictures.legend(found))
    for line in (*shaking(plan, found), *measuring(found)):
        flow.paragraph(line)
    flow.space(4)
    flow.advice(safety_words(plan))
    flow.space(8)
    drawn = _Drawn(pictures, beside=True)
    if not all(grid.fits_beside(cell, 0) for cell in drawn.cells(found)):
        drawn = _Drawn(pictures, beside=False)
    flow.table(columns, _rows(plan, date, drawn, customs), pad=_PAD, ruled=True, centred=drawn.beside)
    flow.space(8)
    if next_visit(plan, date) is not None:
        flow.frame([Cell(next_words(plan, date, customs), bold=True)])
    return flow


def _columns(flow: Flow, plan: Plan, found: tuple[Regimen, ...], customs: Customs) -> tuple[Column, ...]:
    """The date and the day's total as wide as their words, the rest shared by the times."""
    dates = (_date_words(entry.date, customs) for entry in calendar_days(found))
    totals = ("Total", *(amount(regimen.total_mg, "mg") for regimen in found))
    first, last = _widest(dates), _widest(totals)
    times = plan.prescription.times
    each = (flow.room - first - last) / len(times)
    titles = (Column(_time_words(time), each) for time in times)
    return Column("Day", first), *titles, Column("Total", last, right=True)


def _time_words(time: dt.time) -> str:
    """The part of the day with the clock time; "12 noon" says both."""
    part, words = part_of_day(time), clock(time)
    return words if words.endswith(part.lower()) else f"{part} {words}"


def _widest(texts: Iterable[str]) -> float:
    """The width of a column that holds each of these on one line."""
    return max(width(text, Face.BOLD, SIZE) for text in texts) + 2 * _PAD + 0.1


def _date_words(date: dt.date, customs: Customs) -> str:
    return f"{weekday(date)} {customs.day(date, beside=date)}"


@dataclass(frozen=True, slots=True)
class _Drawn:
    """How doses are drawn: with their words beside or below their pictures, the same way in the whole calendar."""

    pictures: Pictures
    beside: bool

    def cell(self, dose: Dose) -> Cell:
        """The cell of a dose."""
        if dose.is_none or dose.given is None:
            return Cell(dose.words)
        words = dose.words if self.beside else dose.lines
        return Cell(words, tick=True, pictures=self.pictures.of(dose.given), beside=self.beside)

    def cells(self, found: tuple[Regimen, ...]) -> Iterator[Cell]:
        """The cells of all doses."""
        return (self.cell(dose) for regimen in found for dose in regimen.doses)


def _rows(plan: Plan, date: dt.date, drawn: _Drawn, customs: Customs) -> Iterator[Row]:
    found = served_regimens(plan, date)
    stop = stop_day(plan)
    for entry in calendar_days(found, regimen_before(plan, found[0].first), customs):
        regimen = entry.regimen
        if entry.change:
            yield Band(stop_words(plan, customs) if entry.date == stop else entry.change)
        doses = (drawn.cell(dose) for dose in regimen.doses)
        yield Cell(_date_words(entry.date, customs), bold=True), *doses, Cell(amount(regimen.total_mg, "mg"))
    if stop > found[-1].last and next_visit(plan, date) is None:
        yield Band(stop_words(plan, customs), alone=True)
