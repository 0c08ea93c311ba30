"""What the volumes of a plan make a pharmacist ask: what a syringe can't measure, what changes under way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby

from splitter.checks.question import Question, Said, check, for_all, listed
from splitter.formulary import built_in_accuracy
from splitter.plan import Administration, Measure, Severity
from splitter.prescription import Syringe
from splitter.quantity import counted, format_exact

INACCURATE = Fraction(1, 10)
"""Of a volume: by how much a syringe may be off before that is worth a question. Arenas-Lopez and others (Arch Dis
Child 2017;102:655-9) held enteral syringes to 10 % and found those of 1 mL inaccurate at 0.1 mL and less."""

SHORT_INTERLUDE = 2
"""So many steps of another way to take a dose, between steps of one and the same, are an interlude and no phase."""

_LEAST = 2


@check("inaccurate-volume", Severity.WARN, "ISO 7886-1 and Arenas-Lopez 2017: a syringe off by more than 10 %")
def inaccurate_volume(question: Question) -> Iterator[Said]:
    """A volume in the part of its syringe where the standard lets it be more than 10 % off."""
    found = []
    for number, given in question.given():
        if given.measure is not None:
            volume, syringe = _last_draw(question, given.measure)
            off = _tolerance(volume, syringe)
            if off > INACCURATE:
                words = f"{format_exact(volume)} mL in the syringe of {syringe.text} may be {round(off * 100)} % off"
                found.append((off, number, words))
    found.sort(key=lambda each: -each[0])
    yield from for_all([(number, words) for _, number, words in found])


@check("concentration-changes", Severity.WARN, "the same volume is then another dose")
def concentration_changes(question: Question) -> Iterator[Said]:
    """A liquid of another concentration in the place of the one before, or beside it."""
    known = {product.id: product for product in question.used() if product.concentration is not None}
    seen: dict[object, tuple[int, dt.date, str]] = {}
    for number, given in question.given():
        if given.measure is not None and given.measure.product in known:
            product = known[given.measure.product]
            day = question.plan.steps[number - 1].start
            seen.setdefault(product.concentration, (number, day, f"{product.name} from {day}"))
    if len(seen) > 1:
        texts = [words for _, _, words in seen.values()]
        yield Said(message=f"the concentration changes: {listed(texts)}", steps=tuple(n for n, _, _ in seen.values()))


@check("short-interlude", Severity.WARN, "a habit that changes for a step or two is where doses are mistaken")
def short_interlude(question: Question) -> Iterator[Said]:
    """A step or two that are taken in another way than those before and after: tablets between volumes, or both at
    once."""
    ways = [(number, _way(step.administrations)) for number, step in question.numbered_steps()]
    runs = [(way, [number for number, _ in run]) for way, run in groupby(ways, key=lambda pair: pair[1])]
    found: list[tuple[int, str]] = []
    for (before, _), (way, numbers), (after, _) in zip(runs, runs[1:], runs[2:], strict=False):
        if way and before and before == after and way != before and len(numbers) <= SHORT_INTERLUDE:
            first, last = question.plan.steps[numbers[0] - 1], question.plan.steps[numbers[-1] - 1]
            days = counted((last.last - first.start).days + 1, "day")
            words = f"{way} for {days} from {first.start}, between steps with {before}"
            found += [(number, words) for number in numbers]
    yield from for_all(found)


def _way(administrations: tuple[Administration, ...]) -> str:
    """How the doses of a day are taken; empty for a day without."""
    counted_out = any(given.take for given in administrations)
    measured = any(given.measure for given in administrations)
    if counted_out and measured:
        return "units and a volume"
    return "units" if counted_out else "a volume" if measured else ""


def _last_draw(question: Question, measure: Measure) -> tuple[Fraction, Syringe]:
    """The smallest draw of a volume [mL] with its syringe: the rest after full ones, in the smallest that holds it."""
    syringe = Syringe.parse(measure.syringe)
    rest = measure.mL % syringe.capacity.value or syringe.capacity.value
    if rest == measure.mL:
        return rest, syringe
    holding = [each for each in question.policy.syringes if each.capacity.value >= rest] or [syringe]
    return rest, min(holding, key=lambda each: each.capacity.value)


def _tolerance(volume: Fraction, syringe: Syringe) -> Fraction:
    """By what share a volume of less than half of the capacity may be off (ISO 7886-1); none for more, where it is 5 %
    at the most."""
    capacity = syringe.capacity.value
    if volume * _LEAST >= capacity:
        return Fraction(0)
    return built_in_accuracy().draw_limit(volume, capacity) / volume
