"""The calendar for a phone is read back with the library's own reader and held to the plan, day by day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from icalendar import Calendar

from splitter.errors import InputError
from splitter.plan import Finding, Plan, Severity
from splitter.prescription import Patient
from splitter.sheets import phone_calendar, read_calendar
from splitter.wording.calendar import served_regimens, stop_words
from splitter.wording.changes import calendar_days
from splitter.wording.clocks import night_words
from splitter.wording.customs import BRITISH
from splitter.wording.ends import stop_day
from tests.unit.paper_plans import (
    START,
    TABLET_10,
    TABLET_20,
    TIMES,
    a_plan,
    dose,
    item,
    mixed_plan,
    step,
    tablets_plan,
    take,
)
from tests.unit.test_sheets import many_times_plan, ugly_plan

PLANS = {"tablets": tablets_plan(), "mixed": mixed_plan(), "six times": many_times_plan(), "ugly": ugly_plan()}
every_plan = pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)


MADE = dt.datetime(2026, 11, 28, 9, tzinfo=dt.UTC)


def events_of(plan: Plan, *dates: dt.date) -> list[Any]:
    return list(Calendar.from_ical(phone_calendar(plan, dates or (START,), MADE)).walk("VEVENT"))


def reminders(plan: Plan) -> Iterator[tuple[dt.datetime, str]]:
    """Every dose that a phone reminds of: when, and its words."""
    for event in events_of(plan):
        begin = event["DTSTART"].dt
        assert "RRULE" not in event
        if isinstance(begin, dt.datetime):
            yield begin, str(event["SUMMARY"])


@every_plan
def test_the_phone_reminds_of_each_dose_in_the_words_of_the_paper(plan: Plan) -> None:
    """Every day, every time, once; nothing where nothing is taken."""
    expected = Counter(
        (dt.datetime.combine(entry.date, dose.time), f"baclofen: {dose.words}")
        for entry in calendar_days(plan, served_regimens(plan, START))
        for dose in entry.regimen.doses
        if not dose.is_none
    )
    assert Counter(reminders(plan)) == expected


@every_plan
def test_times_float_and_each_has_an_alarm(plan: Plan) -> None:
    """No time zone: 8 AM stays 8 AM on a journey. Stamps are of the moment when the file was made."""
    for event in events_of(plan):
        begin = event["DTSTART"].dt
        assert event["DTSTAMP"].dt == MADE
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
    text = phone_calendar(named, (START,), MADE).decode()
    assert "Zebedee" not in text
    assert "Quux" not in text


@every_plan
def test_the_bytes_are_the_same_each_time_and_lines_are_short(plan: Plan) -> None:
    """RFC 5545: CRLF, lines of at most 75 octets; special characters survive."""
    content = phone_calendar(plan, (START,), MADE)
    assert content == phone_calendar(plan, (START,), MADE)
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)


def numbered(plan: Plan) -> dict[str, Any]:
    return {str(event["UID"]): event for event in events_of(plan)}


def test_a_newer_plan_s_events_replace_the_older_ones_day_by_day_and_time_by_time() -> None:
    """One name for each prescription, day and time, whatever is taken then and whichever days have the same dose; a
    later file has a higher SEQUENCE and a later DTSTAMP. Another prescription shares no name."""
    old, lower = tablets_plan(), tablets_plan().steps[1]
    longer = replace(old, steps=(replace(old.steps[0], days=7), replace(lower, start=START + WEEK, days=21)))
    before, after = numbered(old), numbered(longer)
    assert before.keys() == after.keys()
    changed = [uid for uid in before if before[uid]["SUMMARY"] != after[uid]["SUMMARY"]]
    assert len(changed) == 7 * 3 - 7  # 8 to 14 December, at the two times whose dose differs
    later = phone_calendar(old, (START,), MADE + dt.timedelta(seconds=1))
    newer = {str(event["UID"]): event for event in Calendar.from_ical(later).walk("VEVENT")}
    assert all(newer[uid]["SEQUENCE"] > before[uid]["SEQUENCE"] for uid in before)
    assert all(newer[uid]["DTSTAMP"].dt > before[uid]["DTSTAMP"].dt for uid in before)
    other = replace(old, prescription=replace(old.prescription, number="RX-2"))
    assert not numbered(other).keys() & before.keys()


WEEK = dt.timedelta(days=7)


def test_doses_that_are_gone_are_cancelled_in_the_file_that_replaces_them() -> None:
    """Those of the calendar before that no visit of the plan has: without an alarm, at their own moment, named as
    before. Those of visits that this file does not hold stay."""
    old = tablets_plan()
    before = phone_calendar(old, (START,), MADE)
    first = replace(old.steps[0], administrations=(dose(TIMES[0], "20", take(TABLET_20, 1)), *none_after()))
    shorter = replace(old, steps=(first, old.steps[1]))
    made = phone_calendar(shorter, (START,), MADE + WEEK, replaced=read_calendar(before.decode(), "old.ics"))
    events = Calendar.from_ical(made).walk("VEVENT")
    gone = [event for event in events if event.get("STATUS") == "CANCELLED"]
    assert {event["DTSTART"].dt.time() for event in gone} == {TIMES[1], TIMES[2]}
    assert len(gone) == 28
    assert not any(event.walk("VALARM") for event in gone)
    named = numbered(old)
    assert all(
        str(event["UID"]) in named and event["SEQUENCE"] > named[str(event["UID"])]["SEQUENCE"] for event in gone
    )
    assert Calendar.from_ical(made)["METHOD"] == "PUBLISH"
    same = Calendar.from_ical(phone_calendar(old, (START,), MADE, replaced=read_calendar(before.decode(), "old.ics")))
    assert not [event for event in same.walk("VEVENT") if "STATUS" in event]


def none_after() -> tuple[Any, ...]:
    return dose(TIMES[1], "0"), dose(TIMES[2], "0")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("", "Found no components"),
        ("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "a calendar of another program"),
        ("nonsense", "."),
    ],
)
def test_what_is_no_calendar_of_ours_is_replaced_by_none(content: str, found: str) -> None:
    """Nobody's appointments are cancelled; nor those of another prescription."""
    with pytest.raises(InputError, match=found):
        read_calendar(content, "old.ics")
    plan = tablets_plan()
    other = replace(plan, prescription=replace(plan.prescription, number="RX-2"))
    theirs = read_calendar(phone_calendar(other, (START,), MADE).decode(), "old.ics")
    with pytest.raises(InputError, match="of another prescription than RX-104233"):
        phone_calendar(plan, (START,), MADE, replaced=theirs)


def night_plan(*times: dt.time) -> Plan:
    """Tablets at these times over the change of the clocks of March 2027, in the United States and in Britain."""
    start = dt.date(2027, 3, 8)
    steps = (step(start, 28, "60", *(dose(time, "20", take(TABLET_20, 1)) for time in times)),)
    plan = a_plan(steps, (item(TABLET_20, "84", "tablet", date=start, use_until=start + dt.timedelta(days=27)),))
    return replace(plan, prescription=replace(plan.prescription, start=start, times=times))


def test_a_time_that_does_not_exist_is_an_hour_later_and_said() -> None:
    """On the night of the change alone; where the customs are another country's, on that country's night."""
    plan, date = night_plan(dt.time(2, 30), dt.time(10, 30), dt.time(18, 30)), dt.date(2027, 3, 8)
    events = events_of(plan, date)
    nights = [
        event for event in events if isinstance(event["DTSTART"].dt, dt.datetime) and event["DTSTART"].dt.hour < 4
    ]
    moved = [event for event in nights if event["DTSTART"].dt.hour == 3]
    assert [event["DTSTART"].dt for event in moved] == [dt.datetime.fromisoformat("2027-03-14 03:30")]
    assert "there is no 2:30 AM: take this dose at 3:30 AM." in moved[0]["DESCRIPTION"]
    assert len(nights) == 28
    british = Calendar.from_ical(phone_calendar(plan, (date,), MADE, BRITISH)).walk("VEVENT")
    assert not [event for event in british if "there is no" in event["DESCRIPTION"]]
    (note,) = [words for words in night_words(plan, served_regimens(plan, date)) if "there is no" in words]
    assert note.startswith("In the night to Sun Mar 14, 2027, where clocks go forward")


def test_a_dose_after_midnight_is_on_the_next_date_under_the_day_that_it_belongs_to() -> None:
    """At a change of step, too: the night's dose of the last day of a step is still of that step."""
    plan = night_plan(dt.time(8), dt.time(16), dt.time(1))
    first, date = plan.steps[0], plan.prescription.start
    lower = (*first.administrations[:2], dose(dt.time(1), "10", take(TABLET_10, 1)))
    steps = (replace(first, days=14), replace(first, start=date + 2 * WEEK, days=14, administrations=lower))
    doses = {event["DTSTART"].dt: str(event["SUMMARY"]) for event in events_of(replace(plan, steps=steps), date)}
    assert dt.datetime.fromisoformat("2027-03-08 01:00") not in doses
    assert (
        doses[dt.datetime.fromisoformat("2027-03-09 01:00")]
        == doses[dt.datetime.fromisoformat("2027-03-22 01:00")]
        == "baclofen: 1 tablet of 20 mg"
    )
    assert (
        doses[dt.datetime.fromisoformat("2027-03-23 01:00")]
        == doses[dt.datetime.fromisoformat("2027-04-05 01:00")]
        == "baclofen: 1 tablet of 10 mg"
    )
    (note,) = night_words(plan, served_regimens(plan, date))
    assert note == "1 AM is in the night after the day: for Mon Mar 8, 2027, in the night to Tue Mar 9, 2027."
    assert "From the morning of this day on, take none" in stop_words(plan)
    *_, last = (entry.notes for entry in calendar_days(plan, served_regimens(plan, date)) if entry.notes)
    assert "After Sun Apr 4, 2027 and the night that follows it you take none of this medicine" in last[-1]


def test_a_dose_before_the_morning_says_in_which_night_it_is() -> None:
    """12 midnight of a date is its beginning: on the first day before the pharmacy opens."""
    plan = night_plan(dt.time(0), dt.time(8), dt.time(16))
    (note,) = night_words(plan, served_regimens(plan, plan.prescription.start))
    assert note == (
        "12 midnight is before the morning of the day: for Mon Mar 8, 2027, in the night from Sun Mar 7, 2027."
    )
