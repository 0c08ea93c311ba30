"""When the next supply is collected: by which day at the latest, so that no dose is missed."""

from __future__ import annotations

import datetime as dt

from splitter.plan import Plan
from splitter.prescription import moment
from splitter.wording.calendar import stop_words
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.figures import clock, weekday
from splitter.wording.regimens import Regimen, regimens
from splitter.wording.visits import first_day_served, items_of_visit, next_visit

_ONE_DAY = dt.timedelta(days=1)
# From this hour on, a day's first dose can still be collected on the day itself.
_EVENING = dt.time(17)


def next_words(plan: Plan, date: dt.date, customs: Customs = AMERICAN) -> str:
    """What follows the last day of the calendar of the visit of `date`: the next supply, or the end."""
    more = next_visit(plan, date)
    if more is None:
        return stop_words(plan, customs)
    served = first_day_served(plan, more)
    last, following = _last_dose(plan, served), _first_dose(plan, served)
    lasts = f"The last dose of this supply is {_when(last, customs)}." if last else ""
    if following is None:
        return f"Collect your next supply on {_day(more, customs)}. {lasts}".rstrip()
    first = f"the first of the next {_when(following, customs)}"
    begins = f"Collect your next supply {_by(plan, more, following, customs)}."
    return (
        f"{begins} {lasts.rstrip('.')}, {first}."
        if lasts
        else f"{begins} Its first dose is {_when(following, customs)}."
    )


def _by(plan: Plan, more: dt.date, following: dt.datetime, customs: Customs) -> str:
    """On which day the supply of the visit of `more` is collected, whose first dose is `following`."""
    before = f"before {clock(following.time())}"
    evening = following.time() >= _EVENING
    latest = following.date() if evening else following.date() - _ONE_DAY
    said = f"{_day(latest, customs)}, {before}," if evening else _day(latest, customs)
    if latest > more:
        return f"on {_day(more, customs)}, and by {said} at the latest"
    if latest == more or _keeps_a_day_more(plan, more):
        return f"by {said} at the latest"
    # Made a day earlier, it would pass its last day before it is used up.
    return f"on {_day(more, customs)}, {before}, not earlier"


def collecting_day(plan: Plan, date: dt.date) -> dt.date | None:
    """The day on which to be reminded of the next supply: that of the visit, or the day before where its first dose is
    on that day, before the evening; None after the last visit."""
    more = next_visit(plan, date)
    if more is None:
        return None
    following = _first_dose(plan, first_day_served(plan, more))
    late = following is not None and following.date() == more and following.time() < _EVENING
    return more - _ONE_DAY if late and _keeps_a_day_more(plan, more) else more


def _keeps_a_day_more(plan: Plan, date: dt.date) -> bool:
    """Whether all that is handed over on `date` would last as long if it were handed over a day earlier."""
    return all(item.discard_after is None or item.discard_after > item.use_until for item in items_of_visit(plan, date))


def _last_dose(plan: Plan, before: dt.date) -> dt.datetime | None:
    """The last dose of the days before `before`; None where there is none."""
    moments = [_moments(plan, each, each.last) for each in regimens(plan, plan.prescription.start, before - _ONE_DAY)]
    return max((when for each in moments for when in each), default=None)


def _first_dose(plan: Plan, first: dt.date) -> dt.datetime | None:
    """The first dose of the days from `first` on; None where there is none."""
    moments = [_moments(plan, each, each.first) for each in regimens(plan, first, plan.steps[-1].last)]
    return min((when for each in moments for when in each), default=None)


def _moments(plan: Plan, regimen: Regimen, date: dt.date) -> list[dt.datetime]:
    """When something is taken on a day of a regimen."""
    return [moment(date, dose.time, plan.prescription.times) for dose in regimen.doses if not dose.is_none]


def _day(date: dt.date, customs: Customs) -> str:
    return f"{weekday(date)} {customs.day(date)}"


def _when(when: dt.datetime, customs: Customs) -> str:
    return f"on {_day(when.date(), customs)} at {clock(when.time())}"
