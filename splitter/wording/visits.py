"""The visits of a plan: on which dates something is handed over, what, and for which days."""

from __future__ import annotations

import datetime as dt

from splitter.errors import Fault, InputError
from splitter.plan import Item, Plan
from splitter.wording.figures import day, listing

_ONE_DAY = dt.timedelta(days=1)


def visit_dates(plan: Plan) -> tuple[dt.date, ...]:
    """The date of each visit on which something is handed over, in order.

    Raises InputError where the plan hands nothing over.
    """
    if not plan.items:
        remedy = "there is nothing to print; see the plan's conflicts"
        raise InputError([Fault(file="plan", key="items", found="no items", remedy=remedy)])
    return tuple(sorted({item.date for item in plan.items}))


Days = tuple[dt.date, dt.date]
"""The first and the last of some days."""


def chosen_visits(plan: Plan, date: dt.date | None, every: bool, due: Days | None) -> tuple[dt.date, ...]:
    """The dates of the visits `due` in these days, of `every` one, of that of `date`, or else of the first.

    None where none is due. Raises InputError where the plan hands nothing over.
    """
    dates = visit_dates(plan)
    if due is not None:
        return tuple(each for each in dates if due[0] <= each <= due[1])
    if every:
        return dates
    return dates[:1] if date is None else (date,)


def items_of_visit(plan: Plan, date: dt.date) -> tuple[Item, ...]:
    """The items that are handed over on `date`.

    Raises InputError where nothing is, with the dates on which something is.
    """
    dates = visit_dates(plan)
    if date not in dates:
        remedy = f"name a date on which something is handed over: {listing(each.isoformat() for each in dates)}"
        raise InputError([Fault(file="plan", key="items", found=f"no visit on {day(date)}", remedy=remedy)])
    return tuple(item for item in plan.items if item.date == date)


def next_visit(plan: Plan, date: dt.date) -> dt.date | None:
    """The next date after `date` on which something is handed over; None after the last."""
    return next((each for each in visit_dates(plan) if each > date), None)


def first_day_served(plan: Plan, date: dt.date) -> dt.date:
    """The first day that the items of a visit serve: later than its `date` where those of the visit before still last.

    The first visit's is that of the plan: what the patient has at home may serve some days by itself.

    Raises InputError as `items_of_visit` does.
    """
    if date == visit_dates(plan)[0]:
        return plan.prescription.start
    return min(item.first_day for item in items_of_visit(plan, date))


def last_day_served(plan: Plan, date: dt.date) -> dt.date:
    """The last day before those that the next visit serves; after the last visit, the last day that any item serves."""
    more = next_visit(plan, date)
    return first_day_served(plan, more) - _ONE_DAY if more else max(item.use_until for item in plan.items)
