"""A taper changed under way: the steps that remain from a day on, held, slowed, stepped back or stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate

from splitter.prescription import Phase, Step
from splitter.quantity import Mass, ceiling
from splitter.taper.rounding import Rounder

_HALF = Fraction(1, 2)


class Way(StrEnum):
    """How a taper is changed."""

    HOLD = "hold"
    SLOWER = "slower"
    HALF = "half"
    BACK = "back"
    STOP = "stop"
    STEPS = "steps"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of what remains: by how many `days` it is held, by which `factor` slowed, or to which new `steps`."""

    way: Way
    days: int = 0
    factor: Fraction = Fraction(1)
    steps: tuple[Step, ...] = ()


def under_way(steps: Sequence[Step], day: int) -> int:
    """The number of the step on a day, counted from 0."""
    ends = accumulate(step.days for step in steps)
    return next(number for number, end in enumerate(ends) if day < end)


def changed(
    steps: Sequence[Step], day: int, change: Change, rounder: Rounder, fine: Sequence[bool]
) -> tuple[Step, ...]:
    """The steps from `day` on, as the change makes them.

    `fine` says of each step whether it is given with finer doses than tablets. What isn't changed stays as it was.
    """
    number = under_way(steps, day)
    first = sum(step.days for step in steps[:number])
    current = replace(steps[number], days=first + steps[number].days - day)
    left = (current, *steps[number + 1 :])
    match change.way:
        case Way.HOLD:
            return (replace(current, days=current.days + change.days), *left[1:])
        case Way.SLOWER:
            return tuple(replace(step, days=ceiling(step.days * change.factor)) for step in left)
        case Way.HALF:
            return _halved(left, rounder, fine[number:])
        case Way.BACK:
            before = steps[number - 1] if number else steps[0]
            return (before, steps[number], *left[1:])
        case Way.STOP:
            return (replace(current, days=sum(step.days for step in left)),)
        case Way.STEPS:
            return change.steps


def _halved(steps: Sequence[Step], rounder: Rounder, fine: Sequence[bool]) -> tuple[Step, ...]:
    """The steps with one more in each drop, half-way, as long as the step that it leads to; the last to nothing too.

    Where products give no dose near the middle, the drop stays as it is.
    """
    changed: list[Step] = []
    for step, following, is_fine in zip(steps, (*steps[1:], None), fine, strict=True):
        changed.append(step)
        lower = following.target.value if following is not None else Fraction(0)
        if step.target.value <= lower:
            continue
        middle = (step.target.value + lower) * _HALF
        rounded = rounder.next_dose(step.target.value, middle, Phase(), fine_first=is_fine)
        if rounded is not None and rounded.kept and lower < rounded.dose < step.target.value:
            changed.append(Step(days=(following or step).days, target=Mass(rounded.dose)))
    return tuple(changed)
