"""The patient's calendar: what to take at each time drawn once for each step, then one row a day with a box to tick.

A step of one day has its pictures in its own row. On each page what is taken stands above its days again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby

from splitter.errors import InputError
from splitter.labels.fonts import Face, width
from splitter.labels.marks import Text
from splitter.plan import Plan
from splitter.sheets.cells import Cell, RowStyle, broken
from splitter.sheets.flow import Band, Column, Flow, Lead, Paper, Row, fewest_pages
from splitter.sheets.pictures import Pictures
from splitter.wording.at_home import at_home_words
from splitter.wording.calendar import covered_words, safety_lines, served_regimens, stop_words
from splitter.wording.changes import CalendarDay, calendar_days
from splitter.wording.clocks import night_words
from splitter.wording.collecting import next_words
from splitter.wording.customs import Customs
from splitter.wording.ends import stop_day
from splitter.wording.figures import amount, time_heading, weekday
from splitter.wording.label import parties
from splitter.wording.regimens import Dose, Regimen, measuring, shaking
from splitter.wording.visits import next_visit, visit_dates

# Patients' text is at least this large (USP <17>).
SIZE = 12.0
# From so many times a day on, the paper is turned; not where nothing is measured and upright pages are fewer.
_MANY_TIMES = 4
# The blank above and below the words of a row: as much as costs no page [pt].
_PADS = (4.0, 3.0, 2.0)
# Room on a name's line for the word before it and the mark behind it [pt].
_BESIDE_NAME = 40.0
_EACH_DAY = "Each day"
# Lines that the words of a dose may take on each day; longer ones stand above the days. The second where with the first
# a page would hold less than a week.
_LINES = (2, 1)
_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """The paper, a country's customs, the lines that the words of a dose may take."""

    paper: Paper
    customs: Customs
    lines: int

    @property
    def turned(self) -> _Setting:
        """The same on the paper turned."""
        return replace(self, paper=(self.paper[1], self.paper[0]))


def calendar_sheet(plan: Plan, date: dt.date, paper: Paper, customs: Customs) -> Flow:
    """The calendar of the days that the visit of `date` serves; where words allow it, with a week on each page."""
    flows = (_fewest(plan, date, _Setting(paper=paper, customs=customs, lines=lines)) for lines in _LINES)
    flow = next(flows)
    days = {_date_words(entry.date, customs) for entry in calendar_days(plan, served_regimens(plan, date), customs)}
    return flow if _holds_weeks(flow, days) else next(flows)


def _fewest(plan: Plan, date: dt.date, setting: _Setting) -> Flow:
    """The calendar on as few pages as can be, turned or upright."""
    turned = setting if len(plan.prescription.times) < _MANY_TIMES else setting.turned
    flow = fewest_pages(lambda pad: _calendar(plan, date, turned, pad), _PADS)
    if turned is setting or any(dose.measure for step in plan.steps for dose in step.administrations):
        return flow
    with suppress(InputError):  # a word that is too wide for the columns of an upright page
        upright = fewest_pages(lambda pad: _calendar(plan, date, setting, pad), _PADS)
        return min(flow, upright, key=lambda each: each.length)
    return flow


def _holds_weeks(flow: Flow, days: set[str]) -> bool:
    """Whether each page but the last has the rows of seven of these days."""
    *pages, _ = flow.pages()
    rows = (sum(isinstance(mark, Text) and mark.text in days for mark in page.marks) for page in pages)
    return all(count >= _WEEK for count in rows)


def _calendar(plan: Plan, date: dt.date, setting: _Setting, pad: float) -> Flow:
    paper, customs = setting.paper, setting.customs
    found = served_regimens(plan, date)
    flow = Flow(f"Calendar from {customs.day(found[0].first)}", size=SIZE, paper=paper, pad=pad)
    patient, _ = parties(plan)
    flow.title(f"Medicine calendar: {plan.prescription.drug}")
    name = broken(patient.name, SIZE, flow.room - _BESIDE_NAME)
    flow.paragraph(f"For {name}, {covered_words(found, customs)}. Tick the box when you have taken a dose.")
    flow.space(4)
    columns = _columns(flow, plan, found, customs)
    style = RowStyle(widths=(columns[1].share,), size=SIZE, pad=pad)
    pictures = Pictures(plan, style.room(Cell(tick=True), 0))
    flow.legend(pictures.legend(found))
    home = at_home_words(plan, customs) if date == visit_dates(plan)[0] else ()
    for line in (*home, *shaking(plan, found), *measuring(found), *night_words(plan, found, customs)):
        flow.paragraph(line)
    flow.space(4)
    follows = (next_words(plan, date, customs),) if next_visit(plan, date) else ()
    flow.frame(
        [
            *(Cell(words, bold=True) for words in follows),
            *(Cell(words, bold=bold) for words, bold in safety_lines(plan)),
        ]
    )
    flow.space(8)
    drawn = _drawn(pictures, found, style, setting.lines)
    flow.table(columns, _rows(plan, date, drawn, customs), ruled=True, centred=drawn.beside)
    return flow


def _drawn(pictures: Pictures, found: tuple[Regimen, ...], style: RowStyle, lines: int) -> _Drawn:
    """How the doses of these days are drawn in columns as wide as the first."""
    doses = [dose for regimen in found for dose in regimen.doses]
    worded = _Drawn(pictures, beside=True, brief=False)
    brief = any(style.lines(worded.worded(dose), 0) > lines for dose in doses)
    beside = all(style.fits_beside(worded.pictured(dose), 0) for dose in doses)
    return _Drawn(pictures, beside=beside, brief=brief)


def _columns(flow: Flow, plan: Plan, found: tuple[Regimen, ...], customs: Customs) -> tuple[Column, ...]:
    """The date and the day's total as wide as their words, the rest shared by the times."""
    days = (_date_words(each.first + dt.timedelta(days=day), customs) for each in found for day in range(each.length))
    totals = ("Total", *(amount(regimen.total_mg, "mg") for regimen in found))
    first, last = _widest((_EACH_DAY, *days)), _widest(totals)
    times = plan.prescription.times
    each = (flow.room - first - last) / len(times)
    titles = (Column(time_heading(time, times), each) for time in times)
    return Column("Day", first), *titles, Column("Total", last, right=True)


def _widest(texts: Iterable[str]) -> float:
    """The width of a column that holds each of these on one line."""
    return max(width(text, Face.BOLD, SIZE) for text in texts) + 2 * _PADS[0] + 0.1


def _date_words(date: dt.date, customs: Customs) -> str:
    return f"{weekday(date)} {customs.day(date, beside=date)}"


@dataclass(frozen=True, slots=True)
class _Drawn:
    """How doses are drawn, the same way in the whole calendar: with their words beside or below their pictures.

    On `brief` days their words are long, and stand above the days alone; each day says how much it is.
    """

    pictures: Pictures
    beside: bool
    brief: bool

    def pictured(self, dose: Dose, *, tick: bool = True) -> Cell:
        """A dose with its pictures."""
        if dose.is_none or dose.given is None:
            return Cell(dose.words)
        words = dose.words if self.beside else dose.lines
        return Cell(words, tick=tick, pictures=self.pictures.of(dose.given), beside=self.beside)

    def worded(self, dose: Dose) -> Cell:
        """A dose on a day below its pictures."""
        if dose.is_none or dose.given is None:
            return Cell(dose.words)
        return Cell(amount(dose.given.dose_mg, "mg") if self.brief else dose.words, tick=True)


def _rows(plan: Plan, date: dt.date, drawn: _Drawn, customs: Customs) -> Iterator[Row]:
    found = served_regimens(plan, date)
    stop = stop_day(plan)
    days = calendar_days(plan, found, customs)
    for regimen, entries in groupby(days, key=lambda entry: entry.regimen):
        first, *others = entries
        brief = not others and not first.notes and first.date > found[0].first
        if first.change and not brief:
            yield Band(stop_words(plan, customs) if first.date == stop else "\n".join((first.change, *first.notes)))
        if others and regimen.total_mg:
            yield Lead((Cell(_EACH_DAY), *(drawn.pictured(dose, tick=False) for dose in regimen.doses), Cell()))
        cells = drawn.worded if others else drawn.pictured
        for entry in (first, *others):
            yield _day_row(entry, tuple(map(cells, regimen.doses)), customs)
    if stop > found[-1].last and next_visit(plan, date) is None:
        yield Band(stop_words(plan, customs), alone=True)


def _day_row(entry: CalendarDay, doses: tuple[Cell, ...], customs: Customs) -> tuple[Cell, ...]:
    total = amount(entry.regimen.total_mg, "mg")
    return (Cell(_date_words(entry.date, customs), bold=True), *doses, Cell(total))
