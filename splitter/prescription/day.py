"""The day of doses: its times as they are listed, the last of which may lie after midnight, in the next night."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

NIGHT_ENDS = dt.time(6)
"""Before it, a time that is listed after later ones belongs to the night that follows: from then on it would be the
next morning's dose, and the list is more likely out of order."""


def is_ordered(times: Sequence[dt.time]) -> bool:
    """Whether each time stands once, in the order of a day that may go on past midnight.

    >>> day = [dt.time(8), dt.time(16), dt.time(1)]
    >>> is_ordered(day), is_ordered(day[::-1]), is_ordered([dt.time(14), dt.time(22), dt.time(6)])
    (True, False, False)
    """
    placed = [(is_after_midnight(time, times), time) for time in times]
    late = (time for night, time in placed if night)
    return all(earlier < later for earlier, later in pairwise(placed)) and all(time < NIGHT_ENDS for time in late)


def is_after_midnight(time: dt.time, times: Sequence[dt.time]) -> bool:
    """Whether a time of the list is given in the night after the date of its day.

    >>> is_after_midnight(dt.time(1), [dt.time(8), dt.time(1)]), is_after_midnight(dt.time(1), [dt.time(1)])
    (True, False)
    """
    return time < times[0]


def moment(date: dt.date, time: dt.time, times: Sequence[dt.time]) -> dt.datetime:
    """When the dose of `time` of the day of `date` is given.

    >>> moment(dt.date(2026, 12, 7), dt.time(1), [dt.time(8), dt.time(1)])
    datetime.datetime(2026, 12, 8, 1, 0)
    """
    night = dt.timedelta(days=1) if is_after_midnight(time, times) else dt.timedelta(0)
    return dt.datetime.combine(date + night, time)
