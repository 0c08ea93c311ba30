"""What the dates of a treatment make a pharmacist ask: when it was written, when it starts, how long it may be
filled."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterator

from splitter.checks.law import Law, law_of
from splitter.checks.question import Question, Said, check, listed
from splitter.plan import Severity
from splitter.quantity import counted

LONGEST_AHEAD, LONGEST_PAST = 365, 30
"""[days] from the day of asking to a start that can be meant: nobody writes a taper more than a year ahead, and what
began a month ago has had its first visit."""

_SHOWN = 3


@check("start-before-written", Severity.STOP, "a prescription is written before it is filled")
def start_before_written(question: Question) -> Iterator[Said]:
    """A start before the day on which the prescription was written."""
    written, start = question.prescription.written, question.prescription.start
    if written is not None and written > start:
        yield Said(message=f"starts on {start}, before it was written on {written}")


@check("start-long-ago", Severity.STOP, "a start more than 30 days ago has had its first visit, or is a slip")
def start_long_ago(question: Question) -> Iterator[Said]:
    """A start more than 30 days before the day of asking."""
    today, start = question.today, question.prescription.start
    if today is not None and (today - start).days > LONGEST_PAST:
        yield Said(
            message=f"starts on {start}, {counted((today - start).days, 'day')} before {today}, when it was asked"
        )


@check("start-far-ahead", Severity.STOP, "a start more than a year ahead is a slip")
def start_far_ahead(question: Question) -> Iterator[Said]:
    """A start more than a year after the day of asking."""
    today, start = question.today, question.prescription.start
    if today is not None and (start - today).days > LONGEST_AHEAD:
        yield Said(
            message=f"starts on {start}, {counted((start - today).days, 'day')} after {today}, when it was asked"
        )


@check("refills-beyond-law", Severity.STOP, "21 CFR 1306.12, 1306.22; in the UK the Misuse of Drugs Regulations 2001")
def refills_beyond_law(question: Question) -> Iterator[Said]:
    """Visits of a controlled drug that one prescription can't serve: too many refills, or too late."""
    law = law_of(question.formulary)
    if not law.is_strict:
        return
    visits = _visits(question)
    beyond = [day for number, day in enumerate(visits) if _is_beyond(question, law, number, day)]
    if beyond:
        schedule = question.formulary.control.schedule if question.formulary.control else ""
        own = "their own, the first by" if len(beyond) > 1 else "its own, by"
        message = f"schedule {schedule}: {_counted_visits(beyond)} a prescription of {own} {beyond[0]}"
        if law.together is not None:
            until = visits[0] + dt.timedelta(days=law.together)
            later = [day for day in beyond if day >= until]
            message += f"; written at once they may reach to {until - dt.timedelta(days=1)}"
            message += f", the next are due by {later[0]}" if later else ""
        yield Said(message=f"{message} ({law.source})")


@check("prescription-lapses", Severity.WARN, "the law of most US states, a year; in the UK six months")
def prescription_lapses(question: Question) -> Iterator[Said]:
    """Visits of a drug that isn't controlled, after the day to which a prescription may be filled."""
    law = law_of(question.formulary)
    if law.is_strict or law.months is None:
        return
    last = _months_after(question.written, law.months)
    beyond = [day for day in _visits(question) if day > last]
    if beyond:
        said = f"written on {question.written}" if question.prescription.written else "counted from its start"
        message = (
            f"the prescription, {said}, may be filled until {last}: {_counted_visits(beyond)} another, by {beyond[0]}"
        )
        yield Said(message=f"{message} ({law.source})")


@check("supply-beyond-law", Severity.STOP, "the UK's Department of Health: at most 30 days of a controlled drug")
def supply_beyond_law(question: Question) -> Iterator[Said]:
    """A hand-over of a controlled drug for longer than one prescription may be for."""
    law = law_of(question.formulary)
    if law.supply is None:
        return
    spans = {item.date: (item.use_until - item.first_day).days + 1 for item in question.plan.items}
    for item in question.plan.items:
        spans[item.date] = max(spans[item.date], (item.use_until - item.first_day).days + 1)
    long = {day: days for day, days in spans.items() if days > law.supply}
    if long:
        day = max(long, key=lambda day: long[day])
        more = f", and {counted(len(long) - 1, 'other visit')}" if len(long) > 1 else ""
        yield Said(
            message=f"{counted(long[day], 'day')} are handed over on {day}{more}; at most {law.supply} ({law.source})"
        )


def _is_beyond(question: Question, law: Law, number: int, day: dt.date) -> bool:
    """Whether the prescription can't be used for this visit, counted from 0."""
    if law.refills is not None and number > law.refills:
        return True
    if law.first_days is not None and not number and (day - question.written).days > law.first_days:
        return True
    return law.months is not None and day > _months_after(question.written, law.months)


def _visits(question: Question) -> list[dt.date]:
    return sorted({item.date for item in question.plan.items})


def _counted_visits(days: list[dt.date]) -> str:
    """So many visits need something: "2 visits (2026-12-29 and 2027-01-26) need"."""
    shown = [str(day) for day in days[:_SHOWN]]
    named = listed(shown) if len(days) <= _SHOWN else f"{', '.join(shown)} and so on to {days[-1]}"
    return f"{counted(len(days), 'visit')} ({named}) {'need' if len(days) > 1 else 'needs'}"


def _months_after(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, the month's last where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
