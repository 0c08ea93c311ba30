"""What a phone reminds of: each dose, then the next supply or the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from splitter.plan import Plan
from splitter.wording.calendar import served_regimens
from splitter.wording.clocks import DayTime, day_time
from splitter.wording.collecting import collecting_day, next_words
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.ends import ends_open, stop_day
from splitter.wording.figures import amount
from splitter.wording.label import DO_NOT_STOP
from splitter.wording.regimens import Dose, Regimen, measuring
from splitter.wording.visits import visit_dates

_ONE_DAY = dt.timedelta(days=1)
# What to take next is asked so many days before the end.
_ASKED_BEFORE = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """What a phone reminds of, at a moment or (a date) on the whole day.

    `name` is the same in every plan of a prescription: a dose's day and time, the visit's place, the end.
    """

    name: str
    when: dt.datetime | dt.date
    summary: str
    description: str


def reminders(plan: Plan, date: dt.date, customs: Customs = AMERICAN) -> Iterator[Reminder]:
    """The doses of the days from the visit of `date` to the next, then that next visit or the end."""
    for regimen in served_regimens(plan, date):
        for dose in regimen.doses:
            if not dose.is_none:
                yield from _doses(plan, regimen, dose, customs)
    name, when, summary = _whole_day(plan, date)
    said = f"{plan.prescription.drug}: {summary}"
    yield Reminder(name=name, when=when, summary=said, description=next_words(plan, date, customs))


def _doses(plan: Plan, regimen: Regimen, dose: Dose, customs: Customs) -> Iterator[Reminder]:
    """A dose on each day of its regimen."""
    total = f"{amount(regimen.total_mg, 'mg')} a day."
    words = (total, *measuring((replace(regimen, doses=(dose,)),)), DO_NOT_STOP)
    for offset in range(regimen.length):
        date = regimen.first + offset * _ONE_DAY
        at = day_time(plan, date, dose.time, customs)
        yield Reminder(
            name=f"{date:%Y%m%d}T{dose.time:%H%M}",
            when=at.moment,
            summary=f"{plan.prescription.drug}: {dose.words}",
            description=" ".join((*words, *_told(at))),
        )


def _told(at: DayTime) -> tuple[str, ...]:
    return (at.note,) if at.note else ()


def _whole_day(plan: Plan, date: dt.date) -> tuple[str, dt.date, str]:
    """The name, day and words of what follows the visit of `date`; what to take next is asked a week before the end."""
    more = collecting_day(plan, date)
    if more is not None:
        return f"visit-{visit_dates(plan).index(date) + 2}", more, "collect the next supply"
    if ends_open(plan):
        return "end", max(date, stop_day(plan) - _ASKED_BEFORE * _ONE_DAY), "ask what to take next"
    return "end", stop_day(plan), "stop day"
