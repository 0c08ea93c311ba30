"""The calendar for a phone is read back with the library's own reader and held to the plan, day by day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from icalendar import Calendar

from splitter.plan import Finding, Plan, Severity
from splitter.prescription import Patient
from splitter.sheets import phone_calendar
from splitter.wording.calendar import calendar_days, served_regimens, stop_day
from tests.unit.paper_plans import START, mixed_plan, tablets_plan
from tests.unit.test_sheets import many_times_plan, ugly_plan

PLANS = {"tablets": tablets_plan(), "mixed": mixed_plan(), "six times": many_times_plan(), "ugly": ugly_plan()}
every_plan = pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)


def events_of(plan: Plan, *dates: dt.date) -> list[Any]:
    return list(Calendar.from_ical(phone_calendar(plan, dates or (START,))).walk("VEVENT"))


def reminders(plan: Plan) -> Iterator[tuple[dt.datetime, str]]:
    """Every dose that a phone reminds of: when, and its words."""
    for event in events_of(plan):
        begin = event["DTSTART"].dt
        if isinstance(begin, dt.datetime):
            (days,) = event["RRULE"]["COUNT"] if "RRULE" in event else (1,)
            for place in range(days):
                yield begin + place * dt.timedelta(days=1), str(event["SUMMARY"])


@every_plan
def test_the_phone_reminds_of_each_dose_in_the_words_of_the_paper(plan: Plan) -> None:
    """Every day, every time, once; nothing where nothing is taken."""
    expected = Counter(
        (dt.datetime.combine(entry.date, dose.time), f"baclofen: {dose.words}")
        for entry in calendar_days(served_regimens(plan, START))
        for dose in entry.regimen.doses
        if not dose.is_none
    )
    assert Counter(reminders(plan)) == expected


@every_plan
def test_times_float_and_each_has_an_alarm(plan: Plan) -> None:
    """No time zone: 8 AM stays 8 AM on a journey. Stamps are the plan's, not the clock's."""
    for event in events_of(plan):
        begin = event["DTSTART"].dt
        assert event["DTSTAMP"].dt == dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
        if isinstance(begin, dt.datetime):
            assert begin.tzinfo is None
            assert len(event.walk("VALARM")) == 1


def test_the_last_event_is_the_next_visit_or_the_stop_day() -> None:
    """A whole day, without a time."""
    plan = tablets_plan()
    assert events_of(plan)[-1]["DTSTART"].dt == stop_day(plan) == dt.date(2026, 12, 29)
    assert events_of(plan)[-1]["SUMMARY"] == "baclofen: stop day"
    date = START + dt.timedelta(days=14)
    plan = replace(plan, items=(*plan.items[1:], replace(plan.items[0], date=date)))
    assert [event["SUMMARY"] for event in events_of(plan) if not isinstance(event["DTSTART"].dt, dt.datetime)] == [
        "baclofen: collect the next supply"
    ]
    both = [event["SUMMARY"] for event in events_of(plan, START, date)]
    assert both.count("baclofen: stop day") == both.count("baclofen: collect the next supply") == 1


def test_a_plan_that_ends_high_reminds_to_ask_a_week_before() -> None:
    """And nothing says stop."""
    found = Finding(code="abrupt-end", severity=Severity.WARN, where="step 2", message="ends at 52.5 mg a day")
    last = events_of(replace(tablets_plan(), findings=(found,)))[-1]
    assert (last["SUMMARY"], last["DTSTART"].dt) == ("baclofen: ask what to take next", dt.date(2026, 12, 22))
    assert "ask Dr B. Example, 555 0100, what to take next." in last["DESCRIPTION"]


@every_plan
def test_events_have_names_of_their_own_that_tell_nobody_s(plan: Plan) -> None:
    """UIDs differ, stay the same, and hold no prescription number; the patient's name is nowhere."""
    named = replace(plan, prescription=replace(plan.prescription, patient=Patient(name="Zebedee Quux")))
    uids = [str(event["UID"]) for event in events_of(named)]
    assert len(set(uids)) == len(uids)
    assert uids == [str(event["UID"]) for event in events_of(plan)]
    assert not any(plan.prescription.number in uid for uid in uids)
    text = phone_calendar(named, (START,)).decode()
    assert "Zebedee" not in text
    assert "Quux" not in text


@every_plan
def test_the_bytes_are_the_same_each_time_and_lines_are_short(plan: Plan) -> None:
    """RFC 5545: CRLF, lines of at most 75 octets; special characters survive."""
    content = phone_calendar(plan, (START,))
    assert content == phone_calendar(plan, (START,))
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
