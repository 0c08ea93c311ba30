"""What the way of the dose makes a pharmacist ask: how far it falls, where it rises, from what it ends.

Doses are exact; percentages are rounded for reading, and only there.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from splitter.checks.course import Fall, Stretch, course, falls, goes_down, is_short_course, until_last_dose
from splitter.checks.pace import cited_paces
from splitter.checks.question import Question, Said, check, for_all, mg, percent
from splitter.plan import Severity
from splitter.quantity import counted

LARGE_DROP = Fraction(3, 4)
"""Of the highest dose of the fortnight before: what nobody loses at once without a name under it. The largest step of
any taper cited for the built-in drugs takes half (lamotrigine a week, antipsychotics in three months)."""

STEEP_REDUCTION = Fraction(1, 4)
"""Of the highest dose of the fortnight before, where no source gives a figure; usual tapers take 10 to 20 % every two
to four weeks, and the joint guideline on benzodiazepines of 2025 says never more than 25 % in two weeks."""

LARGE_RISE, RISE_IN_TAPER = Fraction(1, 2), Fraction(1, 10)
"""Of the dose before: what is no step of any build-up without a name under it, and what a rounded step of a taper may
go up by, when doses that products don't give lie between."""


@check("large-drop", Severity.STOP, "no cited taper takes more than half at once; judged over 14 days")
def large_drop(question: Question) -> Iterator[Said]:
    """A dose at least 75 % below the highest of the 14 days before, or nothing after at least 75 % of the highest dose.

    Several steps that come to it within the 14 days don't count where a taper cited for the drug goes as fast.
    """
    if is_short_course(question):
        return
    cited = any(pace.faster is False for pace in cited_paces(question))
    found = []
    for fall in sorted(falls(question), key=lambda fall: -fall.weight):
        if fall.weight >= LARGE_DROP and not fall.is_small and not (cited and fall.at_once < LARGE_DROP):
            found.append((fall.stretch.number, _words(fall)))
    last = _sudden_end(question)
    if last is not None and not found:
        found.append((last.number, f"nothing from {last.end}, after {mg(last.dose)} a day"))
    yield from for_all(found)


@check("unsafe-end", Severity.STOP, "stopping of the drug's formulary")
def unsafe_end(question: Question) -> Iterator[Said]:
    """A taper, or a treatment after which nothing is given, that ends from a dose above what the drug's facts call
    safe."""
    stretches = until_last_dose(course(question))
    stopping = question.formulary.stopping
    if stopping is None or not stretches or is_short_course(question) or not _ends(question):
        return
    last = stretches[-1]
    if last.dose > stopping.unsafe_above.value:
        treated = counted(sum(each.days for each in stretches), "day")
        safe = f"from more than {stopping.unsafe_above} it isn't stopped at once"
        message = f"ends at {mg(last.dose)} a day after {treated}; {safe}"
        yield Said(message=message, steps=(last.number,))


@check("steep-reduction", Severity.WARN, "cited tapers of other drugs: at most 25 % in two weeks")
def steep_reduction(question: Question) -> Iterator[Said]:
    """A dose more than 25 % below the highest of the 14 days before, of a drug for which no cited taper has a figure.

    A tail that goes down by one steady amount of at most the smallest tablet piece isn't steep.
    """
    if is_short_course(question) or any(advice.paces for advice in question.formulary.tapers) or _is_stopped(question):
        return
    found = [
        (fall.stretch.number, _words(fall))
        for fall in sorted(falls(question), key=lambda fall: -fall.weight)
        if STEEP_REDUCTION < fall.weight < LARGE_DROP and not fall.is_small
    ]
    yield from for_all(found)


@check("faster-than-cited", Severity.WARN, "the tapers cited in the drug's formulary, with what rounding may add")
def faster_than_cited(question: Question) -> Iterator[Said]:
    """Faster than the cited taper that the prescription names, or than every one that has a figure for it.

    A tail that goes down by one steady amount of at most the smallest tablet piece isn't faster than anything.
    """
    named = question.prescription.follows
    judged = [pace for pace in cited_paces(question) if pace.faster is not None]
    if named is not None:
        judged = [pace for pace in judged if pace.name == named]
    if not judged or is_short_course(question) or not all(pace.faster for pace in judged) or _is_stopped(question):
        return
    fastest = min(judged, key=lambda pace: pace.times)
    which = ", which it follows" if named else "" if len(judged) == 1 else f", the fastest of {len(judged)} cited"
    yield Said(message=f'faster than "{fastest.name}"{which}: {fastest.ours}; it says {fastest.says}')


@check("large-rise", Severity.STOP, "a dose that rises by half has no place in a taper, and is a slip elsewhere")
def large_rise(question: Question) -> Iterator[Said]:
    """A dose more than 50 % above the one before it."""
    yield from for_all([found for share, found in _rises(question) if share > LARGE_RISE])


@check("rise-in-taper", Severity.STOP, "a taper goes down; what is rounded up stays within a tenth")
def rise_in_taper(question: Question) -> Iterator[Said]:
    """A dose 10 to 50 % above the one before it, in a treatment that elsewhere goes down."""
    if goes_down(course(question)):
        yield from for_all([found for share, found in _rises(question) if RISE_IN_TAPER < share <= LARGE_RISE])


@check("slight-rise-in-taper", Severity.WARN, "a taper goes down")
def slight_rise_in_taper(question: Question) -> Iterator[Said]:
    """A dose at most 10 % above the one before it, in a treatment that elsewhere goes down."""
    if goes_down(course(question)):
        yield from for_all([found for share, found in _rises(question) if share <= RISE_IN_TAPER])


@check("restart-after-pause", Severity.WARN, "US labels of drugs that are built up: after a pause they begin anew")
def restart_after_pause(question: Question) -> Iterator[Said]:
    """Drug again after days without it."""
    found = [
        (after.number, f"{mg(after.dose)} a day again on {after.start} after {counted(before.days, 'day')} without")
        for before, after in pairwise(course(question))
        if not before.dose and after.dose
    ]
    yield from for_all(found)


@check("abrupt-end", Severity.WARN, "usual tapers end at less than a quarter of the first dose")
def abrupt_end(question: Question) -> Iterator[Said]:
    """A last dose of more than 25 % of the highest."""
    stretches = until_last_dose(course(question))
    highest = max((each.dose for each in stretches), default=Fraction(0))
    if not highest or is_short_course(question) or stretches[-1].dose <= STEEP_REDUCTION * highest:
        return
    last, stopping = stretches[-1], question.formulary.stopping
    is_told = stopping is not None and last.dose > stopping.unsafe_above.value and _ends(question)
    if is_told or _is_stopped(question):
        return
    follows = f"nothing is given from {last.end}"
    if not _says_nothing_follows(question):
        follows = "the prescription says nothing of what follows"
    message = f"ends at {mg(last.dose)} a day, {percent(last.dose / highest)} of the highest dose; {follows}"
    yield Said(message=message, steps=(last.number,))


def _is_stopped(question: Question) -> bool:
    """Whether a fall stops the plan already, so that a warning of the same would be one too many."""
    return any(large_drop.ask(question))


def _words(fall: Fall) -> str:
    dose, day = fall.stretch.dose, fall.stretch.start
    return f"{mg(dose)} a day on {day}, {percent(fall.share)} below the {mg(fall.before)} of the days before"


def _ends(question: Question) -> bool:
    """Whether the treatment ends with the plan: it says that nothing follows, or it goes down."""
    return _says_nothing_follows(question) or goes_down(course(question))


def _says_nothing_follows(question: Question) -> bool:
    stretches = course(question)
    return bool(stretches) and not stretches[-1].dose


def _sudden_end(question: Question) -> Stretch | None:
    """The last stretch of a treatment that says that nothing follows, where it holds most of the highest dose."""
    stretches = until_last_dose(course(question))
    if not stretches or not _says_nothing_follows(question):
        return None
    highest = max(each.dose for each in stretches)
    return stretches[-1] if stretches[-1].dose >= LARGE_DROP * highest else None


def _rises(question: Question) -> list[tuple[Fraction, tuple[int, str]]]:
    """Each rise by its share, the largest first: the step, and the words."""
    found = []
    for before, after in pairwise(until_last_dose(course(question))):
        if 0 < before.dose < after.dose:
            share = (after.dose - before.dose) / before.dose
            words = f"rises from {mg(before.dose)} to {mg(after.dose)} a day on {after.start}, {percent(share)} more"
            found.append((share, (after.number, words)))
    return sorted(found, key=lambda pair: -pair[0])
