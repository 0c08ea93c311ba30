"""The form of a step where its division is free: plain where plain products can give it, else of the first rank.

A day can be given when some dose for each time can, and no two of them are further apart than the imbalance that is
allowed. Whether all together can be exactly the target is asked of every form first; only where none can, whether they
can be within its tolerance.
"""

from __future__ import annotations

from dataclasses import replace

from splitter.verify.path.question import Asked
from splitter.verify.path.reach import PLAIN, RANKS, Reach, places


def find_form(reach: Reach, step: Asked, limit: int | None) -> int | None:
    """PLAIN, or the rank at which a step with a dose is given with this means; None where it can't be made.

    `limit` is the largest difference between two doses of a day that is allowed, None for any.
    """
    stated = None if step.stated is None else tuple((dose, 0) for dose, _ in step.stated)
    for asked in (replace(step, off=0, stated=stated), step):
        for among in (PLAIN, *RANKS):
            if _can_give(reach, among, asked, limit):
                return among
    return None


def _can_give(reach: Reach, among: int, step: Asked, limit: int | None) -> bool:
    doses, lattice, times = reach.doses(among), reach.lattice, reach.question.times
    if step.stated is not None:
        return all(not dose or _any_between(doses, *_range(dose, off, lattice)) for dose, off in step.stated)
    low, high = _range(step.target, step.off, lattice)
    if high < low:
        return False
    if limit is None:
        return _any_between(_sums(doses, times, high), low, high)
    width = limit // lattice
    smallest = [place for place in places(doses) if place * times <= high and (place + width) * times >= low]
    return any(
        _any_between(
            _sums(doses >> least & (1 << width + 1) - 1, times - 1, high - times * least),
            max(low - times * least, 0),
            high - times * least,
        )
        for least in reversed(smallest)
    )


def _range(dose: int, off: int, lattice: int) -> tuple[int, int]:
    """The first and the last multiple of the lattice within `off` of a dose, none below nothing."""
    return -(-max(dose - off, 0) // lattice), (dose + off) // lattice


def _sums(doses: int, count: int, highest: int) -> int:
    """What so many of the doses add up to, up to the highest."""
    sums, within = 1, (1 << highest + 1) - 1
    parts = tuple(places(doses & within))
    for _ in range(count):
        more = 0
        for part in parts:
            more |= sums << part
        sums = more & within
    return sums


def _any_between(bits: int, low: int, high: int) -> bool:
    return bool(bits >> low & (1 << high - low + 1) - 1) if low <= high else False
