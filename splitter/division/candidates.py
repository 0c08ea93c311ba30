"""What a step could be: the divisions of its dose that are worth a look, each with the form in which it is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import count
from math import lcm

from splitter.division.records import RANKS, Candidate, Doses, Giving, StepForm
from splitter.division.shelf import Shelf

Ratio = tuple[int, int]
"""A numerator and a denominator."""

_ROUND = (2, 4, 5, 10)
"""Twice the figures of round numbers, 1, 2, 2.5 and 5, times any power of ten [mg]."""


def candidates(target: Fraction, filling: Sequence[int], shelf: Shelf) -> tuple[Candidate, ...]:
    """The candidates of a step of `target` > 0 mg a day, plain ones first; `filling` has the places of the times."""
    return (*plain_candidates(target, filling, shelf), *fine_candidates(target, filling, shelf))


def plain_candidates(target: Fraction, filling: Sequence[int], shelf: Shelf) -> tuple[Candidate, ...]:
    """Those of plain products alone: D_u for the size u of each plain piece."""
    key = target, tuple(filling)
    known = shelf.plain_shelf.plain_candidates
    if key not in known:
        units = [size.as_integer_ratio() for size in shelf.pieces]
        known[key] = _Divided(target, filling, units, shelf, with_equal=False).given(Giving.PLAIN)
    return known[key]


def _plain_candidate(doses: Doses, shelf: Shelf) -> Candidate:
    even = is_even(doses, shelf, StepForm.PLAIN)
    return Candidate(doses=doses, form=StepForm.PLAIN, giving=Giving.PLAIN, is_even=even)


def fine_candidates(target: Fraction, filling: Sequence[int], shelf: Shelf) -> tuple[Candidate, ...]:
    """Those of the means: all even ones of the first rank that has any, else all that the last rank gives.

    Of several means each is looked at by itself; what any of them makes is a candidate.
    """
    key = target, tuple(filling)
    known = shelf.fine_candidates
    if key not in known:
        alone = [_fine_candidates(target, filling, each) for each in shelf.each_means]
        own = alone[0] if shelf.each_means == (shelf,) else _of_any(alone, shelf)
        known[key] = own
    return known[key]


def _of_any(alone: Sequence[tuple[Candidate, ...]], shelf: Shelf) -> tuple[Candidate, ...]:
    """What any of a shelf's means makes, as the shelf gives it."""
    doses_of_any = dict.fromkeys(each.doses for one in alone for each in one)
    return tuple(fine_candidate(doses, shelf) for doses in doses_of_any)


def fine_candidate(doses: Doses, shelf: Shelf) -> Candidate:
    """The candidate of these doses by the means, at the lowest rank that gives them all; there must be one."""
    giving = next(rank for rank in RANKS if all(shelf.gives(dose, rank) for dose in doses))
    return Candidate(doses=doses, form=StepForm.FINE, giving=giving, is_even=is_even(doses, shelf, StepForm.FINE))


def is_even(doses: Doses, shelf: Shelf, form: StepForm) -> bool:
    """Whether no time gets nothing and the doses differ by at most `evenness` of their mean, or by a plain piece."""
    spread = max(doses) - min(doses)
    if not all(doses):
        return False
    if spread <= shelf.making.evenness * sum(doses) / len(doses):
        return True
    return form is StepForm.PLAIN and bool(shelf.pieces) and spread <= shelf.pieces[0]


def _fine_candidates(target: Fraction, filling: Sequence[int], shelf: Shelf) -> tuple[Candidate, ...]:
    mean = target / len(filling)
    sizes = [size.as_integer_ratio() for size in (*shelf.pieces, *shelf.strengths) if size <= mean]
    least = max(mean / 10, min(shelf.graduations, default=Fraction(0)))
    units = [*sizes, *_rounds(least.as_integer_ratio(), mean.as_integer_ratio())]
    first = _Divided(target, filling, units, shelf, with_equal=True)
    more: _Divided | None = None
    for rank in RANKS:
        if even := first.even(rank):
            return even
        # The graduations' units are more than all others, so they are looked at only where those divide nothing.
        more = more or _Divided(
            target, filling, [*units, *_graduated_units(least, mean, shelf)], shelf, with_equal=True
        )
        if even := more.even(rank):
            return even
    assert more is not None
    return more.given(RANKS[-1])


class _Divided:
    """The D_u of a target for some units, perhaps the equal division too, on whole numbers of a small unit."""

    def __init__(
        self, target: Fraction, filling: Sequence[int], units: Sequence[Ratio], shelf: Shelf, *, with_equal: bool
    ) -> None:
        times = len(filling)
        self._shelf = shelf
        self._scale = lcm(shelf.scale, target.denominator * times, *{under for _, under in units})
        self._grain = self._scale // shelf.scale
        whole = target.numerator * (self._scale // target.denominator)
        places = sorted(range(times), key=filling.__getitem__)
        self._found: dict[tuple[int, ...], None] = {}
        if with_equal:
            self._found[(whole // times,) * times] = None
        for unit in dict.fromkeys(over * (self._scale // under) for over, under in units):
            doses = divide(whole, times, unit)
            self._found[tuple([doses[place] for place in places])] = None

    def given(self, giving: Giving) -> tuple[Candidate, ...]:
        """The candidates of which every dose can be given so."""
        return tuple(self._candidate(doses, giving) for doses in self._made(giving))

    def even(self, giving: Giving) -> tuple[Candidate, ...]:
        """The even ones of them."""
        return tuple(self._candidate(doses, giving) for doses in self._made(giving) if self._is_even(doses))

    def _made(self, giving: Giving) -> Iterator[tuple[int, ...]]:
        return (doses for doses in self._found if all(self._makes(dose, giving) for dose in {*doses}))

    def _makes(self, dose: int, giving: Giving) -> bool:
        units, rest = divmod(dose, self._grain)
        return not rest and self._shelf.makes(units, giving)

    def _is_even(self, doses: tuple[int, ...]) -> bool:
        """As `is_even` says of a fine step."""
        over, under = self._shelf.making.evenness.as_integer_ratio()
        return all(doses) and (max(doses) - min(doses)) * len(doses) * under <= over * sum(doses)

    def _candidate(self, doses: tuple[int, ...], giving: Giving) -> Candidate:
        """The candidate of doses that can be given so; a fine one has the lowest rank that gives them all."""
        exact = tuple(Fraction(dose, self._scale) for dose in doses)
        if giving is Giving.PLAIN:
            return _plain_candidate(exact, self._shelf)
        lowest = next(rank for rank in RANKS if all(self._makes(dose, rank) for dose in {*doses}))
        return Candidate(doses=exact, form=StepForm.FINE, giving=lowest, is_even=self._is_even(doses))


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


def _graduated_units(least: Fraction, mean: Fraction, shelf: Shelf) -> Iterator[Ratio]:
    """Round numbers times the dose of one graduation of the liquid in each syringe, from `least` up to the mean."""
    for dose in shelf.graduations:
        over, under = dose.as_integer_ratio()
        for number, halves in _rounds((least / dose).as_integer_ratio(), (mean / dose).as_integer_ratio()):
            yield number * over, halves * under


def round_numbers(least: Fraction, most: Fraction) -> Iterator[Fraction]:
    """The round numbers from `least` > 0 to `most`, smallest first.

    >>> [str(number) for number in round_numbers(Fraction(3, 10), Fraction(3))]
    ['1/2', '1', '2', '5/2']
    """
    return (Fraction(over, under) for over, under in _rounds(least.as_integer_ratio(), most.as_integer_ratio()))


def _rounds(least: Ratio, most: Ratio) -> Iterator[Ratio]:
    """The same as numerators and denominators, which need not be in their lowest terms."""
    for power in count(_power_of_ten(least)):
        times, under = (10**power, 2) if power >= 0 else (1, 2 * 10**-power)
        for halves in _ROUND:
            over = halves * times
            if over * most[1] > most[0] * under:
                return
            if over * least[1] >= least[0] * under:
                yield over, under


def _power_of_ten(number: Ratio) -> int:
    """The largest power of ten that is at most a number above zero, or the next smaller one, as its exponent."""
    return len(str(number[0])) - len(str(number[1])) - 1
