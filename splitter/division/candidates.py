"""What a step could be: the divisions of its dose that are worth a look, each with the form in which it is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import count
from math import lcm

from splitter.division.records import RANKS, Candidate, Doses, Giving, StepForm
from splitter.division.shelf import Shelf

_ROUND = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5))
"""The figures of round numbers, times any power of ten [mg]."""


def candidates(target: Fraction, filling: Sequence[int], shelf: Shelf) -> tuple[Candidate, ...]:
    """The candidates of a step of `target` > 0 mg a day, plain ones first; `filling` has the places of the times."""
    return (*plain_candidates(target, filling, shelf), *fine_candidates(target, filling, shelf))


def plain_candidates(target: Fraction, filling: Sequence[int], shelf: Shelf) -> tuple[Candidate, ...]:
    """Those of plain products alone: D_u for the size u of each plain piece."""
    key = target, tuple(filling)
    known = shelf.plain_shelf.plain_candidates
    if key not in known:
        divided = _Divided(target, filling, shelf.pieces, shelf).given(Giving.PLAIN)
        known[key] = tuple(_plain_candidate(doses, shelf) for doses in divided)
    return known[key]


def _plain_candidate(doses: Doses, shelf: Shelf) -> Candidate:
    even = is_even(doses, shelf, StepForm.PLAIN)
    return Candidate(doses=doses, form=StepForm.PLAIN, giving=Giving.PLAIN, is_even=even)


def fine_candidates(target: Fraction, filling: Sequence[int], shelf: Shelf) -> tuple[Candidate, ...]:
    """Those of the means: all even ones of the first rank that has any, else all that the last rank gives.

    Of several means each is looked at by itself; what any of them makes is a candidate.
    """
    found: dict[Doses, None] = {}
    for alone in shelf.each_means:
        found.update(dict.fromkeys(_fine_doses(target, filling, alone)))
    return tuple(fine_candidate(doses, shelf) for doses in found)


def fine_candidate(doses: Doses, shelf: Shelf) -> Candidate:
    """The candidate of these doses by the means, at the lowest rank that gives them all; there must be one."""
    giving = next(rank for rank in RANKS if all(shelf.gives(dose, rank) for dose in doses))
    return Candidate(doses=doses, form=StepForm.FINE, giving=giving, is_even=is_even(doses, shelf, StepForm.FINE))


def is_even(doses: Doses, shelf: Shelf, form: StepForm) -> bool:
    """Whether no time gets nothing and the doses differ by at most `evenness` of their mean, or by a plain piece."""
    spread = max(doses) - min(doses)
    if not all(doses):
        return False
    if spread <= shelf.policy.evenness * sum(doses) / len(doses):
        return True
    return form is StepForm.PLAIN and bool(shelf.pieces) and spread <= shelf.pieces[0]


def _fine_doses(target: Fraction, filling: Sequence[int], shelf: Shelf) -> tuple[Doses, ...]:
    mean = target / len(filling)
    units = (*(size for size in (*shelf.pieces, *shelf.strengths) if size <= mean), *_round_units(mean, shelf))
    equal = (mean,) * len(filling)

    def attempts() -> Iterator[tuple[Doses, ...]]:
        """What each rank gives: first without the graduations' units, which are more than all others."""
        first = _Divided(target, filling, units, shelf, equal)
        more = None
        for rank in RANKS:
            yield first.given(rank)
            more = more or _Divided(target, filling, (*units, *_graduated_units(mean, shelf)), shelf, equal)
            yield more.given(rank)

    made: tuple[Doses, ...] = ()
    for made in attempts():
        if even := tuple(doses for doses in made if is_even(doses, shelf, StepForm.FINE)):
            return even
    return made


class _Divided:
    """The D_u of a target for some units, and a division besides, on whole numbers of one small unit of mass."""

    def __init__(
        self,
        target: Fraction,
        filling: Sequence[int],
        units: Sequence[Fraction],
        shelf: Shelf,
        besides: Doses | None = None,
    ) -> None:
        times = len(filling)
        self._shelf = shelf
        self._scale = lcm(shelf.scale, target.denominator * times, *(unit.denominator for unit in units))
        self._grain = self._scale // shelf.scale
        whole = int(target * self._scale)
        places = sorted(range(times), key=filling.__getitem__)
        values = [divide(whole, times, int(unit * self._scale)) for unit in units]
        self._found = [tuple(doses[place] for place in places) for doses in values]
        if besides is not None:
            self._found.insert(0, tuple(int(dose * self._scale) for dose in besides))

    def given(self, giving: Giving) -> tuple[Doses, ...]:
        """The different ones [mg] of which every dose can be given so."""
        made = (doses for doses in dict.fromkeys(self._found) if all(self._makes(d, giving) for d in {*doses}))
        return tuple(tuple(Fraction(dose, self._scale) for dose in doses) for doses in made)

    def _makes(self, dose: int, giving: Giving) -> bool:
        units, rest = divmod(dose, self._grain)
        return not rest and self._shelf.makes(units, giving)


def divide(target: int, times: int, unit: int) -> tuple[int, ...]:
    """D_u: the doses of a day in the order of filling, for a unit u; all in whole numbers of one unit of mass.

    The target is n·u + r with r < u, and n is a·k + b with b < k: the first b times get (a + 1)·u, the next one
    a·u + r, the others a·u. As the target falls, no time ever rises.

    >>> divide(55, 3, 5), divide(105, 2, 20)
    ((20, 20, 15), (60, 45))
    """
    whole, rest = divmod(target, unit)
    each, more = divmod(whole, times)
    lower, upper = each * unit, (each + 1) * unit
    return (*[upper] * more, lower + rest, *[lower] * (times - more - 1))


def _round_units(mean: Fraction, shelf: Shelf) -> Iterator[Fraction]:
    """The round numbers from a tenth of the mean dose, and from the smallest graduation's dose, up to the mean."""
    yield from round_numbers(max(mean / 10, smallest_graduation(shelf)), mean)


def _graduated_units(mean: Fraction, shelf: Shelf) -> Iterator[Fraction]:
    """Round numbers times the dose of one graduation of the liquid in each syringe, within the same bounds."""
    least = max(mean / 10, smallest_graduation(shelf))
    for dose in graduations(shelf):
        yield from (number * dose for number in round_numbers(least / dose, mean / dose))


def graduations(shelf: Shelf) -> tuple[Fraction, ...]:
    """The different doses [mg] of one graduation of each liquid in each syringe, smallest first."""
    return shelf.graduations


def smallest_graduation(shelf: Shelf) -> Fraction:
    """The dose [mg] of the smallest graduation of any liquid, 0 where there is none."""
    return min(shelf.graduations, default=Fraction(0))


def round_numbers(least: Fraction, most: Fraction) -> Iterator[Fraction]:
    """The round numbers from `least` > 0 to `most`, smallest first.

    >>> [str(number) for number in round_numbers(Fraction(3, 10), Fraction(3))]
    ['1/2', '1', '2', '5/2']
    """
    for power in count(_power_of_ten(least)):
        for figure in _ROUND:
            number = figure * Fraction(10) ** power
            if number > most:
                return
            if number >= least:
                yield number


def _power_of_ten(number: Fraction) -> int:
    """The largest power of ten that is at most a number above zero, as its exponent."""
    power = len(str(number.numerator)) - len(str(number.denominator))
    return power if Fraction(10) ** power <= number else power - 1
