"""When a dose is taken, where a night or the clocks make that unclear: after midnight, and in the hour that is left out
when clocks go forward in spring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from splitter.plan import Plan
from splitter.prescription import is_after_midnight, moment
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.figures import clock, weekday
from splitter.wording.regimens import Regimen

_ONE_DAY = dt.timedelta(days=1)
_ONE_HOUR = dt.timedelta(hours=1)
# Before this hour, a day's first dose is taken before a pharmacy opens that could hand it over.
_MORNING = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTime:
    """When a dose of a day is taken by the clock; `note` is a sentence where that needs one, else empty."""

    moment: dt.datetime
    note: str


def day_time(plan: Plan, date: dt.date, time: dt.time, customs: Customs = AMERICAN) -> DayTime:
    """When the dose of `time` of the day of `date` is taken: an hour later where the clocks leave that time out."""
    when = moment(date, time, plan.prescription.times)
    forward = customs.clocks_forward(when.year)
    if forward <= when < forward + _ONE_HOUR:
        later = when + _ONE_HOUR
        note = (
            f"In the night to {weekday(when)} {customs.day(when)}, where clocks go forward, there is no "
            f"{clock(time)}: take this dose at {clock(later.time())}."
        )
        return DayTime(moment=later, note=note)
    return DayTime(moment=when, note="")


def night_words(plan: Plan, found: tuple[Regimen, ...], customs: Customs = AMERICAN) -> Iterator[str]:
    """Sentences on the doses of these days that are taken at night: in which night, and where the clocks change."""
    first, times = found[0].first, plan.prescription.times
    for time in times:
        if is_after_midnight(time, times):
            evening, morning = (f"{weekday(each)} {customs.day(each)}" for each in (first, first + _ONE_DAY))
            yield f"{clock(time)} is in the night after the day: for {evening}, in the night to {morning}."
        elif time.hour < _MORNING:
            evening, morning = (f"{weekday(each)} {customs.day(each)}" for each in (first - _ONE_DAY, first))
            yield f"{clock(time)} is before the morning of the day: for {morning}, in the night from {evening}."
    taken = ((regimen, dose) for regimen in found for dose in regimen.doses if not dose.is_none)
    for regimen, dose in taken:
        for offset in range(regimen.length):
            if note := day_time(plan, regimen.first + offset * _ONE_DAY, dose.time, customs).note:
                yield note
