"""The patient's calendar for a phone, as a paper beside the sheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from splitter.bounds import MOST_PLAN
from splitter.cli.inputs import chosen_dates
from splitter.cli.visits import Phone, Visits
from splitter.codec import read_file
from splitter.files import shown_path
from splitter.plan import Plan
from splitter.sheets import phone_calendar, read_calendar
from splitter.wording.customs import Customs


def phone_paper(phone: Phone, visits: Visits, customs: Customs) -> Callable[[Plan], bytes]:
    """What makes the calendar of these visits, newer than any made before.

    Raises InputError for a file to be replaced that is no such calendar.
    """
    replaced = None
    if phone.replaces is not None:
        replaced = read_calendar(read_file(phone.replaces, MOST_PLAN), shown_path(phone.replaces))
    made = dt.datetime.now(dt.UTC).replace(microsecond=0)
    return lambda plan: phone_calendar(plan, chosen_dates(plan, visits), made, customs, replaced)
