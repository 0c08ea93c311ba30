"""How fast a taper goes, held against the tapers that are cited for its drug: each by itself, never merged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from splitter.checks.course import Fall, course, falls, goes_down, until_last_dose
from splitter.checks.question import Question, mg, percent
from splitter.formulary import Pace, TaperAdvice
from splitter.prescription import Reduction
from splitter.quantity import Mass, counted

ROUNDED, HALF = Fraction(1, 20), Fraction(1, 2)
"""What a rule's rounding may add to a step: 5 % of the dose, never more than half of what the rule takes off, the
defaults of round_within. A taper by the cited pace, rounded to what products give, isn't faster than it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedPace:
    """A cited taper beside the plan's own. `says` is what it allows where the plan goes fastest against it, in words.

    `ours` is what the plan does there, from `date` on, `times` how many times what it allows. `faster` is None where
    the source gives no figure, or has none for these doses.
    """

    name: str
    rate: str
    interval: str
    faster: bool | None
    says: str | None = None
    ours: str | None = None
    date: dt.date | None = None
    times: Fraction = Fraction(0)


def cited_paces(question: Question) -> tuple[CitedPace, ...]:
    """The plan held against each taper that is cited for its drug, in the formulary's order; none where it is no
    taper."""
    if not goes_down(course(question)):
        return ()
    return tuple(_held_against(question, advice) for advice in question.formulary.tapers)


def _held_against(question: Question, advice: TaperAdvice) -> CitedPace:
    bare = CitedPace(name=advice.name, rate=advice.rate, interval=advice.interval, faster=None)
    answers = [each for each in (_in_all(question, advice), _at_once(question, advice)) if each is not None]
    return next((each for each in answers if each.faster), answers[-1]) if answers else bare


def _in_all(question: Question, advice: TaperAdvice) -> CitedPace | None:
    """By how long the whole taper takes, from the first lower dose until the last."""
    if advice.in_all is None:
        return None
    stretches = until_last_dose(course(question))
    first = falls(question)[0].stretch.start
    days = (stretches[-1].end - first).days
    return CitedPace(
        name=advice.name,
        rate=advice.rate,
        interval=advice.interval,
        faster=days < advice.in_all,
        says=f"at least {counted(advice.in_all, 'day')} in all",
        ours=f"{counted(days, 'day')} in all",
        date=first,
        times=Fraction(advice.in_all, max(days, 1)),
    )


def _at_once(question: Question, advice: TaperAdvice) -> CitedPace | None:
    """By the fall that goes farthest beyond what it allows within its days, or comes nearest to that."""
    if advice.within is None:
        return None
    start = course(question)[0].dose
    known = [each for fall in falls(question, advice.within) for each in _bounded(advice, fall, start)]
    if not known:
        return None
    large = [pair for pair in known if not pair[0].is_small] or known
    fall, most = max(large, key=lambda pair: (pair[0].before - pair[0].stretch.dose) / pair[1])
    drop, days = fall.before - fall.stretch.dose, counted(advice.within, "day")
    return CitedPace(
        name=advice.name,
        rate=advice.rate,
        interval=advice.interval,
        faster=not fall.is_small and drop > _with_rounding(fall, most),
        says=f"at most {mg(most)} ({percent(most / fall.before)}) in {days}",
        ours=f"{mg(drop)} ({percent(fall.share)}) less on {fall.stretch.start} within {days}",
        date=fall.stretch.start,
        times=drop / most,
    )


def _with_rounding(fall: Fall, most: Fraction) -> Fraction:
    return most + min(ROUNDED * (fall.before - most), HALF * most)


def _bounded(advice: TaperAdvice, fall: Fall, start: Fraction) -> Iterator[tuple[Fall, Fraction]]:
    """A fall with the most that it may be [mg]; nothing where there is no figure for it.

    Where a source has a figure only for smaller doses, what falls below their limit counts from there.
    """
    before = fall.before
    for pace in advice.paces:
        limit = _limit(pace, start)
        if before <= limit:
            continue
        if pace.most is not None:
            yield replace(fall, before=before), _amount(pace.most, before, start)
            return
        if fall.stretch.dose >= limit:
            return
        before = limit


def most_at_once(advice: TaperAdvice, before: Fraction, start: Fraction) -> Fraction | None:
    """The most that a cited taper takes off a dose within its days [mg]; None where it has no figure for that.

    `start` is the first dose of the treatment.
    """
    pace = next((pace for pace in advice.paces if before > _limit(pace, start)), None)
    return None if pace is None or pace.most is None else _amount(pace.most, before, start)


def _limit(pace: Pace, start: Fraction) -> Fraction:
    if pace.above is None:
        return Fraction(0)
    return pace.above.value if isinstance(pace.above, Mass) else pace.above * start


def _amount(most: Reduction, before: Fraction, start: Fraction) -> Fraction:
    if most.amount is not None:
        return most.amount.value
    return (most.share or Fraction(0)) * (start if most.of_start else before)
