"""What the patient's day and body make a pharmacist ask."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from splitter.checks.question import Question, Said, check, for_all, listed
from splitter.formulary import KidneyAdvice
from splitter.plan import Administration, Severity
from splitter.quantity import format_exact

SHORT_HALF_LIFE, LONG_GAP = Fraction(8), Fraction(16)
"""[h] A gap of more than 16 hours is two half-lives and more of a drug whose half-life is 8 hours or less: less than a
quarter of what was there is left."""

_MINUTES = 24 * 60


@check("long-gap", Severity.WARN, "two half-lives, from half_life of the drug's formulary")
def long_gap(question: Question) -> Iterator[Said]:
    """More than 16 hours between two doses of a drug whose half-life is short and that isn't meant once a day."""
    half_life = question.formulary.half_life
    if half_life is None or half_life.high > SHORT_HALF_LIFE or half_life.once_a_day:
        return
    gaps = [(number, _longest_gap(step.administrations)) for number, step in question.numbered_steps()]
    found = sorted(((gap, number) for number, gap in gaps if gap > LONG_GAP), reverse=True)
    low, high = format_exact(half_life.low), format_exact(half_life.high)
    message = "{} hours between two doses; its half-life is {} to {} hours"
    yield from for_all([(number, message.format(format_exact(gap), low, high)) for gap, number in found])


@check("kidney-function", Severity.WARN, "kidney of the drug's formulary, each source by itself")
def kidney_function(question: Question) -> Iterator[Said]:
    """A kidney function at which some source adjusts the drug; what each of them says, and whether they agree."""
    egfr = question.prescription.egfr
    if egfr is None:
        return
    held = _advice(question.formulary.kidney, egfr)
    if held:
        said = "; ".join(f"{advice.name}: {advice.advice}" for advice in held)
        names = dict.fromkeys(advice.name for advice in question.formulary.kidney)
        silent = [name for name in names if name not in {advice.name for advice in held}]
        if silent:
            said += f"; {listed(silent)}: no change"
        agree = len({advice.advice for advice in held}) == 1 and not silent
        differ = "" if agree else "; the sources don't agree"
        yield Said(message=f"kidney function {format_exact(egfr)} mL/min: {said}{differ}")


def _advice(known: tuple[KidneyAdvice, ...], egfr: Fraction) -> list[KidneyAdvice]:
    """Of each source what it says for the lowest range that holds."""
    lowest: dict[str, KidneyAdvice] = {}
    for advice in known:
        if egfr < advice.below and (advice.name not in lowest or advice.below < lowest[advice.name].below):
            lowest[advice.name] = advice
    return list(lowest.values())


def _longest_gap(administrations: tuple[Administration, ...]) -> Fraction:
    """The longest time between two doses around the clock [h]; 0 of a day without."""
    times = sorted(given.time.hour * 60 + given.time.minute for given in administrations if given.dose_mg)
    if not times:
        return Fraction(0)
    after = [*times[1:], times[0] + _MINUTES]
    return Fraction(max(later - earlier for earlier, later in zip(times, after, strict=True)), 60)
