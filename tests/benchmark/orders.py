"""Prescriptions as a pharmacy gets them, over all built-in drugs: invented, and drawn with a fixed seed.

A taper goes down by 5 to 25 % of the current dose, or by a fixed step, every one to four weeks, once to four times a
day, for 4 to 52 weeks, with visits 7 to 90 days apart. It starts at what one to three of the larger tablets a time
make, within the labelled maximum.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from random import Random

import formulations
from splitter.formulary import Formulary, load_formulary
from splitter.quantity import format_exact

_CLOCKS = {
    1: '["08:00"]',
    2: '["08:00", "20:00"]',
    3: '["08:00", "14:00", "20:00"]',
    4: '["06:00", "12:00", "18:00", "23:00"]',
}
_SHARES = (5, 10, 10, 10, 15, 20, 25)
_VISITS = (7, 14, 28, 28, 28, 28, 30, 56, 84, 90)
_DAYS_A_WEEK = 7


def orders(count: int, seed: int = 20261201) -> Iterator[tuple[str, str]]:
    """(drug, the text of a prescription file) for so many prescriptions."""
    rng = Random(seed)  # noqa: S311  reproducible cases, no secret
    drugs = list(formulations.drugs())
    for number in range(count):
        drug = drugs[number % len(drugs)]
        yield drug, _order(rng, load_formulary(drug), number)


def _order(rng: Random, formulary: Formulary, number: int) -> str:
    times = rng.choice((1, 1, 2, 2, 3, 4))
    start = _start(rng, formulary, times)
    every = rng.randint(1, 4)
    weeks = rng.randint(4, 52)
    percent = rng.choice(_SHARES)
    # A fixed step ends the taper in the weeks that it has; a percentage goes down to what they reach.
    steps = max(weeks // every, 2)
    if rng.random() < Fraction(1, 3):
        reduce = _tidy(start / steps)
        last = ""
    else:
        reduce = f"{percent} %"
        reached = start * Fraction(100 - percent, 100) ** steps
        last = f'last = "{_tidy(max(reached, start / 20), 1)}"\n'
    return (
        f'[prescription]\nnumber = "RX-{number}"\ndrug = "{formulary.drug}"\nstart = 2026-12-01\n'
        f"times = {_CLOCKS[times]}\n[policy]\n"
        f'visit_interval = "{rng.choice(_VISITS)} days"\n'
        f'[taper]\nfrom = "{_tidy(start)}"\nreduce = "{reduce}"\nevery = "{every * _DAYS_A_WEEK} days"\n{last}'
    )


def _start(rng: Random, formulary: Formulary, times: int) -> Fraction:
    """A daily dose [mg] of one to three of one of the larger tablets at each time."""
    strengths = sorted(
        {p.strength.value for p in formulary.products if p.available and p.strength and not p.is_compounded}
    )
    one = rng.choice(strengths[len(strengths) // 2 :])
    start = one * rng.randint(1, 3) * times
    most = formulary.max_daily.value if formulary.max_daily else start
    return start if start <= most else one * max(int(most / one), 1)


def _tidy(dose: Fraction, figures: int = 2) -> str:
    """A dose that a prescriber would write: few figures, at least 1 microgram."""
    digits = len(str(int(dose))) if dose >= 1 else -len(format_exact(Fraction(1) / dose).split(".")[0]) + 1
    unit = max(Fraction(10) ** (digits - figures), Fraction(1, 1000))
    return f"{format_exact(max(round(dose / unit), 1) * unit)} mg"
