"""How a plan's doses go down, in one sentence: with what until when, and which time of the day is lowered first."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby, pairwise

from splitter.division import StepForm
from splitter.formulary import Form
from splitter.plan import Plan, PlannedStep
from splitter.prescription import DivisionRule
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.figures import amount, listing, part_of_day, plural

_ONE_DAY = dt.timedelta(days=1)
_ZERO = Fraction(0)
_MOST_PHASES = 4
"""More changes of form than these aren't told one by one."""
_MOST_EXCEPTIONS = 3
"""More stretches of something else are counted, not dated."""
_OFTEN = {1: "once", 2: "twice", 3: "three times", 4: "four times", 5: "five times", 6: "six times"}


def path_words(plan: Plan, customs: Customs = AMERICAN) -> str | None:
    """The sentence, without its full stop; None where cost divides the days, so that no path says how they go down.

    "tablets until Mar 8, one time of the day lower by 5 mg at a step, the afternoon's first; then the same volume three
    times a day".
    """
    steps = [step for step in plan.steps if step.administrations]
    if not steps or plan.division is DivisionRule.FREE:
        return None
    phases = [list(group) for _, group in groupby(steps, key=lambda step: (step.form, _names(plan, [step])))]
    if len(phases) > _MOST_PHASES:
        return _mostly(plan, phases, customs)
    said = []
    for number, phase in enumerate(phases):
        then = "then " if number else ""
        until = (
            f" until {customs.day(phase[-1].last, beside=plan.prescription.start)}" if number + 1 < len(phases) else ""
        )
        said.append(f"{then}{_what(plan, phase, until)}")
    return "; ".join(said)


def course_words(plan: Plan, customs: Customs = AMERICAN) -> str:
    """The same as a sentence for the patient; nothing where there is none, or nothing goes down."""
    words = path_words(plan, customs)
    return f"How your dose goes down: {words}." if words and len(plan.steps) > 1 and goes_down(plan) else ""


def goes_down(plan: Plan) -> bool:
    """Whether no step's dose is above that of the step before."""
    return all(before.target_mg >= after.target_mg for before, after in pairwise(plan.steps))


def _mostly(plan: Plan, phases: Sequence[Sequence[PlannedStep]], customs: Customs) -> str:
    """What is taken on most days, and when something else is; only how often that changes, where it often does."""
    days: Counter[tuple[str, ...]] = Counter()
    for phase in phases:
        days[_kinds(plan, phase)] += sum(step.days for step in phase)
    usual = days.most_common(1)[0][0]
    others: dict[tuple[str, ...], list[str]] = {}
    for phase in phases:
        if (kinds := _kinds(plan, phase)) != usual:
            dates = customs.days(phase[0].start, phase[-1].last, beside=plan.prescription.start)
            others.setdefault(kinds, []).append(dates)
    if sum(map(len, others.values())) > _MOST_EXCEPTIONS:
        every = [step for phase in phases for step in phase]
        return f"{_names(plan, every)}; which of them are taken changes {amount(len(phases) - 1, 'time')}"
    said = [f"on the days of {listing(dates)} {_instead(kinds, usual)}" for kinds, dates in others.items()]
    return "; ".join([listing(usual), *said])


def _instead(kinds: Sequence[str], usual: Sequence[str]) -> str:
    """What is taken in place of the usual, or beside it."""
    if set(usual) < set(kinds):
        return f"also {listing([kind for kind in kinds if kind not in usual])}"
    return f"{listing(kinds)} instead"


def _what(plan: Plan, phase: Sequence[PlannedStep], until: str) -> str:
    """What is taken in these steps, until when, and how that goes down."""
    name = _names(plan, phase)
    if phase[0].form is StepForm.FINE and all(_is_equal(step) for step in phase):
        often = len(phase[0].administrations)
        each = f"the same {'volume' if _is_measured(phase) else name} {_OFTEN[often]} a day"
        return f"{each if often > 1 else name}{until}"
    return f"{name}{until}{_way(phase)}"


def _way(phase: Sequence[PlannedStep]) -> str:
    """How the doses of the times change from step to step; nothing where one sentence can't say it, or over a pause."""
    if any(before.last + _ONE_DAY != after.start for before, after in pairwise(phase)):
        return ""
    changes = [_changes(before, after) for before, after in pairwise(phase)]
    if not changes or not all(changes):
        return ""
    sizes = {size for change in changes for size in change.values()}
    lowered = all(size < 0 for size in sizes)
    often = len(phase[0].administrations)
    if lowered and often > 1 and all(_is_equal(step) for step in phase):
        by = f" by {amount(-min(sizes), 'mg')}" if len(sizes) == 1 else ""
        return f", the same dose {_OFTEN[often]} a day, each lower{by} at a step"
    if often == 1:
        return f", lower by {amount(-min(sizes), 'mg')} at a step" if lowered and len(sizes) == 1 else ""
    if not lowered or any(len(change) > 1 for change in changes):
        return ", lower at some times of the day at each step" if lowered else ""
    by = f" by {amount(-min(sizes), 'mg')}" if len(sizes) == 1 else ""
    (first,) = changes[0]
    return f", one time of the day lower{by} at a step, {_time_words(first, phase[0])} first"


def _changes(before: PlannedStep, after: PlannedStep) -> dict[dt.time, Fraction]:
    """By how much the dose of each time that changes does so [mg]."""
    old, new = ({given.time: given.dose_mg for given in step.administrations} for step in (before, after))
    sizes = {time: new.get(time, _ZERO) - old.get(time, _ZERO) for time in dict.fromkeys((*old, *new))}
    return {time: size for time, size in sizes.items() if size}


def _time_words(time: dt.time, step: PlannedStep) -> str:
    """Whose dose it is: the part of the day of a time where no other shares it, else its clock."""
    part = part_of_day(time)
    if sum(part_of_day(given.time) == part for given in step.administrations) > 1:
        return f"the {time:%H:%M} dose's"
    return "noon's" if part == "Noon" else f"the {part.lower()}'s"


def _is_equal(step: PlannedStep) -> bool:
    return len({given.dose_mg for given in step.administrations}) == 1


def _is_measured(phase: Sequence[PlannedStep]) -> bool:
    return all(given.measure and not given.take for step in phase for given in step.administrations)


def _names(plan: Plan, steps: Sequence[PlannedStep]) -> str:
    """What is taken in these steps: "tablets", "measured doses", "capsules and measured doses"."""
    return listing(_kinds(plan, steps))


def _kinds(plan: Plan, steps: Sequence[PlannedStep]) -> tuple[str, ...]:
    """The kinds of what is taken in these steps."""
    forms = {product.id: product.form for product in plan.products}
    given = [each for step in steps for each in step.administrations]
    taken = {forms[take.product] for each in given for take in each.take}
    names = [plural(form.value, 2) for form in Form if form in taken]
    names += ["measured doses"] if any(each.measure for each in given) else []
    return tuple(names)
