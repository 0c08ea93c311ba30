"""The patient's calendar for a phone: an event for each dose, in the words of the paper, without anybody's name.

Times are floating: 8 AM is 8 AM wherever the phone is. Days in a row with the same dose are one repeating event. The
same plan gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable

from icalendar import Alarm, Calendar, Event

from splitter.plan import Plan
from splitter.wording.calendar import PhoneEvent, phone_events
from splitter.wording.customs import AMERICAN, Customs

_PRODUCER = "-//Splitter//Medicine calendar//EN"
_LONG = dt.timedelta(minutes=15)


def phone_calendar(plan: Plan, dates: Iterable[dt.date], customs: Customs = AMERICAN) -> bytes:
    """The days of these visits as an iCalendar file (RFC 5545). Raises InputError as the sheets do."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Medicine calendar: {plan.prescription.drug}")
    for date in dates:
        for event in phone_events(plan, date, customs):
            calendar.add_component(_event(plan, event))
    content: bytes = calendar.to_ical()
    return content


def _event(plan: Plan, said: PhoneEvent) -> Event:
    event = Event()
    event.add("uid", _uid(plan, said))
    event.add("dtstamp", dt.datetime.combine(plan.prescription.start, dt.time(), tzinfo=dt.UTC))
    event.add("summary", said.summary)
    event.add("description", said.description)
    if said.time is None:
        event.add("dtstart", said.first)
        event.add("transp", "TRANSPARENT")
        return event
    event.add("dtstart", dt.datetime.combine(said.first, said.time))
    event.add("duration", _LONG)
    if said.days > 1:
        event.add("rrule", {"freq": "daily", "count": said.days})
    event.add_component(_alarm(said))
    return event


def _alarm(said: PhoneEvent) -> Alarm:
    """A reminder at the time itself."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", said.summary)
    alarm.add("trigger", dt.timedelta(0))
    return alarm


def _uid(plan: Plan, said: PhoneEvent) -> str:
    """The same for the same prescription, day and time, so that a newer plan's event replaces the older."""
    words = "\n".join((plan.prescription.number, said.kind, said.first.isoformat(), str(said.time)))
    return f"{hashlib.sha256(words.encode()).hexdigest()[:32]}@splitter"
