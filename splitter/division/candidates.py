"""What a step could be: the divisions of its dose that are worth a look, each with the form in which it is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from splitter.division.shelf import RANKS, Giving, Shelf, StepForm
from splitter.formulary import Product

_ROUND = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5))
"""The figures of round numbers, times any power of ten [mg]."""

Doses = tuple[Fraction, ...]
"""The dose of each time of a day [mg], in the order of the times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One division of a step: the dose of each time [mg], its form, with what it is given, whether it is even."""

    doses: Doses
    form: StepForm
    giving: Giving
    is_even: bool

    @property
    def spread(self) -> Fraction:
        """The largest less the smallest dose [mg]."""
        return max(self.doses) - min(self.doses)


def candidates(target: Fraction, filling: Sequence[int], shelf: Shelf) -> tuple[Candidate, ...]:
    """The candidates of a step of `target` > 0 mg a day, plain ones first; `filling` has the places of the times."""
    return (*plain_candidates(target, filling, shelf), *fine_candidates(target, filling, shelf))


def plain_candidates(target: Fraction, filling: Sequence[int], shelf: Shelf) -> tuple[Candidate, ...]:
    """Those of plain products alone: D_u for the size u of each plain piece."""
    divided = _divided(target, filling, shelf.pieces, shelf, Giving.PLAIN)
    return tuple(
        Candidate(doses=doses, form=StepForm.PLAIN, giving=Giving.PLAIN, is_even=is_even(doses, shelf, StepForm.PLAIN))
        for doses in divided
    )


def fine_candidates(target: Fraction, filling: Sequence[int], shelf: Shelf) -> tuple[Candidate, ...]:
    """Those of the means: all even ones of the first rank that has any, else all that the last rank gives.

    Of several means each is looked at by itself; what any of them makes is a candidate.
    """
    found: dict[Doses, None] = {}
    for alone in each_means(shelf):
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


def each_means(shelf: Shelf) -> tuple[Shelf, ...]:
    """The shelf with each of its means alone: each liquid, and all capsules together."""
    sets: list[tuple[Product, ...]] = [(liquid,) for liquid in shelf.liquids]
    if shelf.capsules:
        sets.append(shelf.capsules)
    return (shelf,) if len(sets) == 1 else tuple(Shelf(shelf.plain, means, shelf.policy) for means in sets)


def _fine_doses(target: Fraction, filling: Sequence[int], shelf: Shelf) -> tuple[Doses, ...]:
    mean = target / len(filling)
    units = (*(size for size in (*shelf.pieces, *shelf.strengths) if size <= mean), *_round_units(mean, shelf))
    graduated = tuple(_graduated_units(mean, shelf))
    for rank in RANKS:
        for tried in (units, (*units, *graduated)) if graduated else (units,):
            divided = _with_equal(target, filling, tried, shelf, rank)
            if even := tuple(doses for doses in divided if is_even(doses, shelf, StepForm.FINE)):
                return even
    return _with_equal(target, filling, (*units, *graduated), shelf, RANKS[-1])


def _with_equal(
    target: Fraction, filling: Sequence[int], units: Sequence[Fraction], shelf: Shelf, giving: Giving
) -> tuple[Doses, ...]:
    """The equal division, where it can be given so, and the others of some units."""
    equal = target / len(filling)
    first = ((equal,) * len(filling),) if shelf.gives(equal, giving) else ()
    return tuple(dict.fromkeys((*first, *_divided(target, filling, units, shelf, giving))))


def _divided(
    target: Fraction, filling: Sequence[int], units: Iterable[Fraction], shelf: Shelf, giving: Giving
) -> tuple[Doses, ...]:
    """The different D_u of which every dose can be given so, for each of `units` [mg]."""
    found: dict[Doses, None] = {}
    for unit in units:
        values = divide(target, len(filling), unit)
        if all(shelf.gives(value, giving) for value in dict.fromkeys(values)):
            doses = [Fraction(0)] * len(filling)
            for place, value in zip(filling, values, strict=True):
                doses[place] = value
            found[tuple(doses)] = None
    return tuple(found)


def divide(target: Fraction, times: int, unit: Fraction) -> Doses:
    """D_u: the doses of a day [mg] in the order of filling, for a unit u.

    The target is n·u + r with r < u, and n is a·k + b with b < k: the first b times get (a + 1)·u, the next one
    a·u + r, the others a·u. As the target falls, no time ever rises.

    >>> [str(dose) for dose in divide(Fraction(55), 3, Fraction(5))]
    ['20', '20', '15']
    >>> [str(dose) for dose in divide(Fraction(21, 2), 2, Fraction(2))]
    ['6', '9/2']
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
    marks = {syringe.graduation.value for syringe in shelf.policy.syringes}
    strengths = [liquid.concentration.value for liquid in shelf.liquids if liquid.concentration is not None]
    return tuple(sorted({mark * strength for mark in marks for strength in strengths}))


def smallest_graduation(shelf: Shelf) -> Fraction:
    """The dose [mg] of the smallest graduation of any liquid, 0 where there is none."""
    return min(graduations(shelf), default=Fraction(0))


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
