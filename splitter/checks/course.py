"""The course of the daily dose: stretches of days, and how far each falls below what was taken before.

A fall is judged against the highest dose of the days before it, not against the step before: 4, 3, 2 mg a week apart
halve the dose within a fortnight, though no step takes more than a third.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from splitter.checks.question import Question, daily
from splitter.plan import PlannedStep

WINDOW = 14
"""Days before a fall of which the highest dose counts: what a body has got used to. The joint guideline on
benzodiazepine tapering of 2025 bounds the reduction of two weeks (doi 10.1007/s11606-025-09499-2), most others one of
two to four."""

UNSTEADY = Fraction(1, 2)
"""How much larger than another a step of a steady tail may be: a rule's rounding adds at most half to a step."""

_LEAST_TURNS = 4
"""So many steps of one day that go up and down by turns are days that take turns, not steps of a taper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Days of one dose [mg], from the step of this number (counted from 1). Of days that take turns it is their
    mean."""

    number: int
    start: dt.date
    days: int
    dose: Fraction

    @property
    def end(self) -> dt.date:
        """The day after its last one."""
        return self.start + dt.timedelta(days=self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """A stretch that is below the highest dose `before` of the days before it; `at_once` is the share that its step
    takes.

    `end` is the daily dose from which the drug's facts let a treatment end [mg], 0 where they don't say.
    `is_small`: its percentage says nothing, since it is part of a tail of small steady steps, or begins at a dose at
    which tapers of the drug end.
    """

    stretch: Stretch
    before: Fraction
    at_once: Fraction
    is_small: bool
    end: Fraction

    @property
    def share(self) -> Fraction:
        """Of the highest dose before, what is gone."""
        return (self.before - self.stretch.dose) / self.before

    @property
    def weight(self) -> Fraction:
        """The share by which it is judged: what several steps take below the `end`, from which one may stop, is
        nothing."""
        down_to = min(max(self.stretch.dose, self.end), self.before)
        return max(self.at_once, (self.before - down_to) / self.before)


def course(question: Question) -> list[Stretch]:
    """The stretches of the plan, in order."""
    found: list[Stretch] = []
    steps = question.numbered_steps()
    place = 0
    while place < len(steps):
        run = _taking_turns([step for _, step in steps[place:]])
        number, first = steps[place]
        doses = [daily(step) for _, step in steps[place : place + run]]
        days = first.days if run == 1 else run
        found.append(Stretch(number=number, start=first.start, days=days, dose=sum(doses, Fraction(0)) / run))
        place += run
    return found


def until_last_dose(stretches: Sequence[Stretch]) -> list[Stretch]:
    """The stretches up to the last one that has a dose."""
    kept = list(stretches)
    while kept and not kept[-1].dose:
        kept.pop()
    return kept


def goes_down(stretches: Sequence[Stretch]) -> bool:
    """Whether it is a taper: some stretch before the last dose is lower than the one before it."""
    return any(before.dose > after.dose for before, after in pairwise(until_last_dose(stretches)))


def falls(question: Question, window: int = WINDOW) -> list[Fall]:
    """Each stretch that is lower than the one before it, held against the `window` [days] before; the end is none."""
    stretches = until_last_dose(course(question))
    piece, end = question.smallest_piece(), safe_end(question)
    found = []
    for place in range(1, len(stretches)):
        stretch = stretches[place]
        if stretch.dose >= stretches[place - 1].dose:
            continue
        since = stretch.start - dt.timedelta(days=window)
        first = next(i for i in range(place) if stretches[i].end > since)
        before = max(each.dose for each in stretches[first:place])
        is_small = stretches[place - 1].dose <= end or _is_steady(stretches, first, place, piece)
        at_once = 1 - stretch.dose / stretches[place - 1].dose
        found.append(Fall(stretch=stretch, before=before, at_once=at_once, is_small=is_small, end=end))
    return found


def safe_end(question: Question) -> Fraction:
    """The daily dose [mg] from which the drug's facts let a treatment end; 0 where they don't say."""
    known = question.formulary
    end = known.stopping.unsafe_above if known.stopping is not None else known.taper_end
    return Fraction(0) if end is None else end.value


def is_short_course(question: Question) -> bool:
    """Whether the drug was taken for so short a time that its facts ask for no taper."""
    stopping = question.formulary.stopping
    days = sum(each.days for each in course(question) if each.dose)
    return stopping is not None and days < stopping.after


def _is_steady(stretches: Sequence[Stretch], first: int, last: int, piece: Fraction) -> bool:
    """Whether a taper goes down here by one amount, as near as rounding allows, of at most the smallest piece."""
    since = max(min(first, last - 2), 0)
    amounts = [before.dose - after.dose for before, after in pairwise(stretches[since : last + 2])]
    return len(amounts) > 1 and 0 < max(amounts) <= min(piece, (1 + UNSTEADY) * min(amounts))


def _taking_turns(steps: Sequence[PlannedStep]) -> int:
    """How many of the first of these steps are days that take turns; 1 where they are none."""
    run = 1
    while run < len(steps) and steps[run - 1].days == steps[run].days == 1:
        if (
            run > 1
            and (daily(steps[run]) - daily(steps[run - 1])) * (daily(steps[run - 1]) - daily(steps[run - 2])) >= 0
        ):
            break
        run += 1
    return run if run >= _LEAST_TURNS else 1
