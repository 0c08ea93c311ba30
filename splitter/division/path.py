"""The path: one candidate for each step, chosen over all steps together by the order that the contract states.

Steps meet only their neighbours, so that a pass backward gives, for each candidate of each step, the best that can
follow it by the first four orders, which add up; a pass forward then follows the larger doses, and among equal doses
the plain form, through the candidates from which that best is reached. A drug-free step parts what is before it from
what follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from splitter.division.candidates import Candidate, Doses
from splitter.division.shelf import StepForm

Rank = tuple[int, int, Fraction, int]
"""(steps in which a time goes the wrong way, days that are charged for, sum of spreads over days, doses changed)."""

_NOTHING: Rank = (0, 0, Fraction(0), 0)
_UNEVEN = 2
"""How many days of measuring an uneven day counts as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step of a path to be found: its days, its target [mg], and its candidates, none of a drug-free step."""

    days: int
    target: Fraction
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """The candidate of each step, None of a drug-free one, and how the path ranks by the first four orders.

    `disturbed` are the steps in which a time rises although the target fell, falls although it rose, or changes
    although it is equal.
    """

    chosen: tuple[Candidate | None, ...]
    rank: Rank
    disturbed: tuple[int, ...]


def find_path(stages: Sequence[Stage], filling: Sequence[int], form_change: int) -> Path | None:
    """The best path, None where a step with a dose has no candidate; a `form_change` counts as so many days."""
    if any(stage.target and not stage.candidates for stage in stages):
        return None
    follows = _backward(stages, form_change)
    sets = _forward(stages, follows, filling, form_change)
    chosen = _plain_first(stages, sets, form_change, follows)
    targets = [stage.target for stage in stages]
    disturbed = tuple(
        number
        for number, (earlier, later) in enumerate(pairwise(chosen), 1)
        if earlier and later and is_disturbed(earlier.doses, later.doses, targets[number - 1], targets[number])
    )
    return Path(chosen=chosen, rank=min(follows[0], default=_NOTHING) if stages else _NOTHING, disturbed=disturbed)


def is_disturbed(before: Doses, after: Doses, target_before: Fraction, target: Fraction) -> bool:
    """Whether some time goes another way than the day's target does."""
    way = _sign(target - target_before)
    return any(_sign(dose - earlier) not in (0, way) for earlier, dose in zip(before, after, strict=True))


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


def _alone(stage: Stage, candidate: Candidate) -> Rank:
    """What a candidate adds by itself."""
    days = stage.days * ((candidate.form is StepForm.FINE) + _UNEVEN * (not candidate.is_even))
    return 0, days, stage.days * candidate.spread, 0


def _between(before: tuple[Stage, Candidate], after: tuple[Stage, Candidate], form_change: int) -> Rank:
    """What two candidates of neighbouring steps add."""
    (stage, candidate), (next_stage, follower) = before, after
    changed = sum(a != b for a, b in zip(candidate.doses, follower.doses, strict=True))
    disturbed = is_disturbed(candidate.doses, follower.doses, stage.target, next_stage.target) if changed else False
    return int(disturbed), form_change * (candidate.form is not follower.form), Fraction(0), changed


def _plus(*ranks: Rank) -> Rank:
    wrong, charged, spreads, changed = zip(*ranks, strict=True)
    return sum(wrong), sum(charged), sum(spreads, Fraction(0)), sum(changed)


def _backward(stages: Sequence[Stage], form_change: int) -> list[list[Rank]]:
    """For each step the least rank of the rest of the path from each of its candidates on; one entry where none are."""
    follows: list[list[Rank]] = []
    for number in reversed(range(len(stages))):
        stage = stages[number]
        after = follows[0] if follows else [_NOTHING]
        if not stage.candidates:
            follows.insert(0, [min(after)])
            continue
        following = stages[number + 1].candidates if number + 1 < len(stages) else ()
        row = []
        for candidate in stage.candidates:
            here = (stage, candidate)
            rest = [
                _plus(_between(here, (stages[number + 1], follower), form_change), rank)
                for follower, rank in zip(following, after, strict=True)
            ] if following else after  # fmt: skip
            row.append(_plus(_alone(stage, candidate), min(rest)))
        follows.insert(0, row)
    return follows


def _steps_on(
    stages: Sequence[Stage], number: int, current: Sequence[int], follows: list[list[Rank]], form_change: int
) -> list[int]:
    """The candidates of step `number` that some best path goes on to from the `current` ones of the step before."""
    stage = stages[number]
    if not number or not stages[number - 1].candidates:
        least = min(follows[number])
        return [place for place, rank in enumerate(follows[number]) if rank == least]
    before = stages[number - 1]
    found = set()
    for place in current:
        candidate = before.candidates[place]
        ranks = [
            _plus(_between((before, candidate), (stage, follower), form_change), rank)
            for follower, rank in zip(stage.candidates, follows[number], strict=True)
        ]
        least = min(ranks)
        found |= {other for other, rank in enumerate(ranks) if rank == least}
    return sorted(found)


def _forward(
    stages: Sequence[Stage], follows: list[list[Rank]], filling: Sequence[int], form_change: int
) -> list[list[int]]:
    """The candidates of each step on the best paths with the larger doses: those of one division."""
    sets: list[list[int]] = []
    current: list[int] = []
    for number, stage in enumerate(stages):
        if stage.candidates:
            open_yet = _steps_on(stages, number, current, follows, form_change)
            doses = {place: tuple(stage.candidates[place].doses[time] for time in filling) for place in open_yet}
            largest = max(doses.values())
            current = [place for place in open_yet if doses[place] == largest]
        else:
            current = []
        sets.append(current)
    return sets


def _plain_first(
    stages: Sequence[Stage], sets: list[list[int]], form_change: int, follows: list[list[Rank]]
) -> tuple[Candidate | None, ...]:
    """Of the best paths through these candidates the one that is plain first; they differ in form alone."""
    leading = _leading(stages, sets, follows, form_change)
    chosen: list[Candidate | None] = []
    current: list[int] = []
    for number, stage in enumerate(stages):
        if not stage.candidates:
            chosen.append(None)
            current = []
            continue
        open_yet = [p for p in _steps_on(stages, number, current, follows, form_change) if p in leading[number]]
        current = [min(open_yet, key=lambda place: (stage.candidates[place].form is StepForm.FINE, place))]
        chosen.append(stage.candidates[current[0]])
    return tuple(chosen)


def _leading(
    stages: Sequence[Stage], sets: list[list[int]], follows: list[list[Rank]], form_change: int
) -> list[set[int]]:
    """The candidates of each step from which a best path goes on through the sets of all later steps."""
    leading: list[set[int]] = [set(places) for places in sets]
    for number in reversed(range(len(stages) - 1)):
        if stages[number].candidates and stages[number + 1].candidates:
            leading[number] = {
                place
                for place in leading[number]
                if leading[number + 1] & set(_steps_on(stages, number + 1, [place], follows, form_change))
            }
    return leading
