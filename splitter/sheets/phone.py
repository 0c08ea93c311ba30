"""The patient's calendar for a phone: an event for each dose, in the words of the paper, without anybody's name.

Times are floating: 8 AM is 8 AM wherever the phone is. Each dose is an event of its own, named after the prescription,
its day and its time, so that a newer file replaces exactly the doses that it holds, and no rule of repetition has to be
right across a change of the clocks. A file is newer by its SEQUENCE and DTSTAMP, which are the moment when it was made.
The same plan at the same moment gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator

from icalendar import Alarm, Calendar, Component, Event

from splitter.errors import Fault, InputError
from splitter.plan import Plan
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.reminders import Reminder, reminders
from splitter.wording.visits import visit_dates

_PRODUCER = "-//Splitter//Medicine calendar//EN"
_LONG = dt.timedelta(minutes=15)
# SEQUENCE counts seconds from here on; it is an integer of 31 bits, which lasts until 2088.
_FIRST_MOMENT = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
_DIGITS = 24


def phone_calendar(
    plan: Plan,
    dates: Iterable[dt.date],
    made: dt.datetime,
    customs: Customs = AMERICAN,
    replaced: Calendar | None = None,
) -> bytes:
    """The days of these visits as an iCalendar file (RFC 5545), made at the moment `made`.

    Doses that a calendar given out before, `replaced`, still has and the plan has no longer are cancelled.

    Raises InputError as the sheets do, and for a replaced calendar of another prescription.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Medicine calendar: {plan.prescription.drug}")
    for date in dates:
        for said in reminders(plan, date, customs):
            calendar.add_component(_event(plan, said, made))
    for event in _gone(plan, replaced, customs) if replaced else ():
        calendar.add_component(_cancelled(event, made))
    content: bytes = calendar.to_ical()
    return content


def read_calendar(content: str, file: str) -> Calendar:
    """A calendar that this program made. Raises InputError for anything else."""
    try:
        calendar = Calendar.from_ical(content)
    except (ValueError, IndexError, KeyError) as error:
        raise _unread(file, str(error)[:60]) from None
    if not isinstance(calendar, Calendar) or str(calendar.get("PRODID")) != _PRODUCER:
        raise _unread(file, "a calendar of another program")
    if not all("UID" in event and "DTSTART" in event for event in calendar.walk("VEVENT")):
        raise _unread(file, "an event without a name or a day")
    return calendar


def _unread(file: str, found: str) -> InputError:
    remedy = "name the .ics file that this program wrote for the patient before"
    return InputError([Fault(file=file, key="", found=found, remedy=remedy)])


def _gone(plan: Plan, replaced: Calendar, customs: Customs) -> Iterator[Component]:
    """The events of an earlier calendar of this prescription that no visit of the plan has any more."""
    held = {_uid(plan, said) for date in visit_dates(plan) for said in reminders(plan, date, customs)}
    for event in replaced.walk("VEVENT"):
        uid = str(event.get("UID"))
        if not uid.startswith(_prefix(plan)):
            raise _unread("--replaces", f"a calendar of another prescription than {plan.prescription.number}")
        if uid not in held:
            yield event


def _event(plan: Plan, said: Reminder, made: dt.datetime) -> Event:
    event = _begun(_uid(plan, said), made)
    event.add("summary", said.summary)
    event.add("description", said.description)
    event.add("dtstart", said.when)
    if not isinstance(said.when, dt.datetime):
        event.add("transp", "TRANSPARENT")
        return event
    event.add("duration", _LONG)
    event.add_component(_alarm(said))
    return event


def _begun(uid: str, made: dt.datetime) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("sequence", int((made - _FIRST_MOMENT).total_seconds()))
    event.add("dtstamp", made)
    return event


def _cancelled(gone: Component, made: dt.datetime) -> Event:
    """The end of an event that a patient's phone has from before: the same name, without an alarm."""
    event = _begun(str(gone["UID"]), made)
    event.add("summary", "Cancelled")
    event.add("status", "CANCELLED")
    event.add("dtstart", gone.decoded("DTSTART"))
    return event


def _alarm(said: Reminder) -> Alarm:
    """A reminder at the time itself."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", said.summary)
    alarm.add("trigger", dt.timedelta(0))
    return alarm


def _prefix(plan: Plan) -> str:
    return hashlib.sha256(plan.prescription.number.encode()).hexdigest()[:_DIGITS]


def _uid(plan: Plan, said: Reminder) -> str:
    """The same for the same prescription, day and time, so that a newer plan's event replaces the older."""
    return f"{_prefix(plan)}-{said.name}@splitter"
