"""In which order the times of a day are filled: the reverse of the order in which they are cut."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from splitter.prescription import LargerDose, Prescription

_DAY = 24 * 60 * 60


def filling_order(prescription: Prescription, larger_dose: LargerDose) -> tuple[int, ...]:
    """The places of the times in the day's list; the one that is lowered first comes last."""
    if prescription.cut_order is not None:
        cut = [prescription.times.index(moment) for moment in prescription.cut_order]
    else:
        cut = _cut(prescription.times, larger_dose)
    return tuple(reversed(cut))


def _cut(times: Sequence[dt.time], larger_dose: LargerDose) -> list[int]:
    """First the time without which the longest gap around the clock is the shortest, then so among the rest."""
    listed = list(range(len(times)))
    remaining = listed[::-1] if larger_dose is LargerDose.FIRST else listed
    cut = []
    while remaining:
        first = min(remaining, key=lambda place: _longest_gap([times[other] for other in remaining if other != place]))
        cut.append(first)
        remaining.remove(first)
    return cut


def _longest_gap(times: Sequence[dt.time]) -> int:
    """The longest time between one dose and the next around the clock [s]."""
    clock = sorted((moment.hour * 60 + moment.minute) * 60 + moment.second for moment in times)
    if not clock:
        return _DAY
    return max(after - before for before, after in zip(clock, [*clock[1:], clock[0] + _DAY], strict=True))
