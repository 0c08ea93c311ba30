"""What a step could be: the doses of its times, plain or fine, as the rules of the path list them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from splitter.verify.path.question import Asked, Question
from splitter.verify.path.reach import BOTH, PLAIN, RANKS, Reach

Doses = tuple[int, ...]

_DIGITS_IN_HALVES = (2, 4, 5, 10)  # 1, 2, 2.5 and 5, so that they are whole numbers


@dataclass(frozen=True, slots=True)
class Candidate:
    """The doses of a step in the order of filling, their largest difference, and how far off their sum is."""

    doses: Doses
    is_fine: bool
    is_even: bool
    spread: int
    off: int


class Choices:
    """The candidates of steps for one means, or for several together; those of a daily dose are reckoned once."""

    def __init__(self, question: Question, reach: Reach) -> None:
        self._question, self._reach = question, reach
        self._alone = [_OneMeans(question, alone) for alone in reach.each_alone()]
        self._known: dict[int, list[tuple[Doses, bool]]] = {}

    def of(self, step: Asked) -> tuple[Candidate, ...]:
        """The candidates of a step with a dose; none where it can't be made."""
        nearest = self._nearest_daily(step) if step.stated is None else self._nearest_stated(step)
        found = tuple(dict.fromkeys(nearest))
        if self._question.policy.every_time and any(all(candidate.doses) for candidate in found):
            return tuple(candidate for candidate in found if all(candidate.doses))
        return found

    def _nearest_daily(self, step: Asked) -> list[Candidate]:
        """Those of the nearest daily dose that has any, of both where two are equally near."""
        for off, totals in self._outward(step.target, step.off):
            found = [(doses, fine) for total in totals for doses, fine in self._of_total(total)]
            if found:
                return [self._candidate(doses, off, is_fine=fine) for doses, fine in found]
        return []

    def _outward(self, wanted: int, off: int) -> Iterator[tuple[int, list[int]]]:
        """The multiples of the lattice within `off` of a dose, the nearest first, each with its distance."""
        lattice = self._reach.lattice
        below = wanted - wanted % lattice
        above = below if below == wanted else below + lattice
        while True:
            distance = min(wanted - below if below >= 0 else off + 1, above - wanted)
            if distance > off:
                return
            near = {total for total in (below, above) if abs(total - wanted) == distance and total >= 0}
            yield distance, sorted(near)
            below -= lattice * (below in near)
            above += lattice * (above in near)

    def _of_total(self, total: int) -> list[tuple[Doses, bool]]:
        """The divisions of a daily dose, each with whether it is fine; nothing is no dose."""
        if not 0 < total <= self._reach.largest * self._question.times:
            return []
        if total not in self._known:
            plain = [divide(total, unit, self._question.times) for unit in self._question.plain]
            found = [(doses, False) for doses in plain if self._reach.give(PLAIN, doses)]
            found += [(doses, True) for alone in self._alone for doses in alone.divisions(total)]
            self._known[total] = found
        return self._known[total]

    def _nearest_stated(self, step: Asked) -> list[Candidate]:
        """The stated doses, or what plain products or the means give nearest to them."""
        forms = (False, True) if self._alone else (False,)
        ways = [way for fine in forms for way in self._near_stated(step, is_fine=fine)]
        nearest = min((way.off for way in ways), default=0)
        return [way for way in ways if way.off == nearest]

    def _near_stated(self, step: Asked, *, is_fine: bool) -> list[Candidate]:
        assert step.stated is not None
        among, each = BOTH if is_fine else PLAIN, []
        for place in self._question.filling:
            stated, off = step.stated[place]
            each.append(next(self._near_dose(among, stated, off), ()))
        return [
            self._candidate(tuple(dose for dose, _ in way), sum(off for _, off in way), is_fine=is_fine)
            for way in product(*each)
        ]

    def _near_dose(self, among: int, stated: int, off: int) -> Iterator[tuple[tuple[int, int], ...]]:
        """The doses that are given within `off` of a stated one, the nearest first, each with its distance."""
        if not stated:
            yield ((0, 0),)
            return
        for distance, doses in self._outward(stated, off):
            given = tuple((dose, distance) for dose in doses if self._reach.gives(among, dose))
            if given:
                yield given

    def _candidate(self, doses: Doses, off: int, *, is_fine: bool) -> Candidate:
        even = _is_even(doses, self._question.policy.evenness)
        if not is_fine and not even:
            even = min(doses) > 0 and max(doses) - min(doses) <= min(self._question.plain)
        return Candidate(doses, is_fine, even, max(doses) - min(doses), off)


class _OneMeans:
    """The fine divisions of daily doses for one means."""

    def __init__(self, question: Question, reach: Reach) -> None:
        self._question, self._reach, self._times = question, reach, question.times
        self._graduations = [mark for liquid in reach.means.liquids for mark in liquid.graduations]

    def divisions(self, total: int) -> list[Doses]:
        """The even ones of the first rank that holds one, else all that the last rank gives."""
        first = [(total // self._times,) * self._times, *self._divide(total, self._units(total))]
        more = list(self._divide(total, self._units_of_graduations(total)))
        even, more_even = self._even_ones(first), self._even_ones(more)
        for rank in RANKS:
            for tried in (even, more_even):
                given = [doses for doses in tried if self._reach.give(rank, doses)]
                if given:
                    return given
        return [doses for doses in (*first, *more) if self._reach.give(BOTH, doses)]

    def _divide(self, total: int, units: Iterable[int]) -> Iterator[Doses]:
        return (divide(total, unit, self._times) for unit in dict.fromkeys(units))

    def _even_ones(self, divisions: Iterable[Doses]) -> list[Doses]:
        evenness = self._question.policy.evenness
        return [doses for doses in dict.fromkeys(divisions) if _is_even(doses, evenness)]

    def _units(self, total: int) -> Iterator[int]:
        """None above a k-th of the dose: pieces, strengths of capsules, round numbers."""
        mean = total // self._times
        yield from (size for size in (*self._question.plain, *self._reach.means.sizes) if size <= mean)
        yield from self._round_numbers(self._question.unit, mean)

    def _units_of_graduations(self, total: int) -> Iterator[int]:
        """Round numbers of graduations, within the same bounds."""
        for graduation in self._graduations:
            yield from self._round_numbers(graduation, total // self._times)

    def _round_numbers(self, one: int, mean: int) -> Iterator[int]:
        """Round numbers of `one`, from a tenth of the mean and from the smallest graduation up to the mean."""
        least = max(mean // 10, min(self._graduations, default=0))
        power = one
        while power > least:
            power //= 10
        while power <= mean:
            numbers = (digit * power // 2 for digit in _DIGITS_IN_HALVES)
            yield from (number for number in numbers if least <= number <= mean)
            power *= 10


def divide(total: int, unit: int, times: int) -> Doses:
    """D_u: whole units turn by turn in the order of filling, and the rest at the time after the last of them."""
    whole, rest = divmod(total, unit)
    all_get, more = divmod(whole, times)
    low = all_get * unit
    return (*(low + unit,) * more, low + rest, *(low,) * (times - more - 1))


def _is_even(doses: Doses, evenness: Fraction) -> bool:
    """No time gets nothing, and the largest difference is small against the mean dose."""
    spread = (max(doses) - min(doses)) * evenness.denominator * len(doses)
    return min(doses) > 0 and spread <= evenness.numerator * sum(doses)
