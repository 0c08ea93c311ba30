"""In which order the times of a day are lowered, and the other way round, filled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

from splitter.prescription import LargerDose

_DAY = 24 * 60


def filling_order(
    times: Sequence[dt.time], larger_dose: LargerDose, stated: Sequence[dt.time] | None = None
) -> tuple[int, ...]:
    """The places of the times in the order in which larger doses go to them: the reverse of the order of cutting.

    >>> filling_order((dt.time(8), dt.time(14), dt.time(20)), LargerDose.LAST)
    (2, 0, 1)
    """
    return cutting_order(times, larger_dose, stated)[::-1]


def cutting_order(
    times: Sequence[dt.time], larger_dose: LargerDose, stated: Sequence[dt.time] | None = None
) -> tuple[int, ...]:
    """The places of the times, the one whose dose is lowered first in front; `stated` is the prescription's own order.

    First is the time whose absence leaves the shortest longest gap around the clock, then the next among the rest; of
    equals the earlier, or where the larger dose comes first, the later.
    """
    if stated is not None:
        return tuple(times.index(time) for time in stated)
    left, order = list(range(len(times))), []
    while left:
        earlier_first = left if larger_dose is LargerDose.LAST else left[::-1]
        first = min(earlier_first, key=lambda place: _longest_gap([times[other] for other in left if other != place]))
        order.append(first)
        left.remove(first)
    return tuple(order)


def _longest_gap(times: Sequence[dt.time]) -> int:
    """The longest gap around the clock between doses at these times [min]."""
    minutes = sorted(time.hour * 60 + time.minute for time in times)
    if not minutes:
        return _DAY
    return max(later - earlier for earlier, later in pairwise([*minutes, minutes[0] + _DAY]))
