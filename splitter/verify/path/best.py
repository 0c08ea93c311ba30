"""The best path: one candidate for each step, by the whole order of preference.

Candidates meet only their neighbours, so the steps are gone through from the last to the first: for each candidate the
best that can follow it is kept. Of what ties, the order of the doses decides, and then that of the forms; both are kept
as places among the candidates of the same step, since what follows them is compared as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from splitter.verify.path.candidates import Candidate, Choices, Doses
from splitter.verify.path.question import Asked, Question
from splitter.verify.path.reach import Reach
from splitter.verify.path.strengths import is_given

Path = tuple[Candidate | None, ...]
"""A candidate for each step, None for a drug-free one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The best path, and what the means that share it can give."""

    path: Path
    sharing: tuple[Reach, ...]


def find_best(question: Question) -> Best | None:
    """The best path over all means; None where some step can't be made with any of them."""
    weights = _Weights(question)
    reaches = [Reach(question, means) for means in question.means]
    ways = [(_best_of(_ByRoom(question, reach), weights), reach) for reach in reaches]
    possible = _as_others([(way, reach) for way, reach in ways if way is not None and is_given(reach, way.path)])
    if not possible:
        return None
    best = min(way.standing for way, _ in possible)
    path = next(way.path for way, _ in possible if way.standing == best)
    return Best(path=path, sharing=tuple(reach for way, reach in possible if way.standing == best))


def _as_others(possible: Sequence[tuple[_Way, Reach]]) -> list[tuple[_Way, Reach]]:
    """Where a liquid has a path, capsules of which strengths are chosen go that of the best other means, or none."""
    others = [(way, reach) for way, reach in possible if not reach.means.chosen]
    if not any(reach.means.liquids for _, reach in others):
        return list(possible)
    best = min(way.standing for way, _ in others)
    return [(way, reach) for way, reach in possible if not reach.means.chosen or way.standing == best]


class _ByRoom:
    """The choices of one means for steps with so much room for errors, each reckoned once."""

    def __init__(self, question: Question, reach: Reach) -> None:
        self._question, self._reach = question, reach
        self._known: dict[Fraction | None, Choices] = {}

    def of(self, step: Asked) -> tuple[Candidate, ...]:
        """The candidates of a step with a dose."""
        if step.room not in self._known:
            self._known[step.room] = Choices(self._question, self._reach.of(step.room))
        return self._known[step.room].of(step)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """The best path of one means. `cost` is by `_Weights`."""

    path: Path
    cost: int
    days: tuple[int, ...]

    @property
    def standing(self) -> tuple[object, ...]:
        """How good it is beside those of other means: the smaller total deviation, then the order of paths."""
        dosed = [(days, candidate) for days, candidate in zip(self.days, self.path, strict=True) if candidate]
        off = sum(days * candidate.off for days, candidate in dosed)
        doses = tuple(tuple(-dose for dose in candidate.doses) for _, candidate in dosed)
        return off, self.cost, doses, tuple(candidate.is_fine for _, candidate in dosed)


class _Weights:
    """The first four preferences of a path as one number: each weighs more than all of the later ones together."""

    def __init__(self, question: Question) -> None:
        self.question = question
        days, count = sum(step.days for step in question.steps), len(question.steps)
        self.spread = count * question.times + 1
        self.burden = self.spread * (days * question.highest + 1)
        self.against = self.burden * (3 * days + count * question.policy.form_change + 1)
        self._known: dict[tuple[Doses, Doses, int], int] = {}

    def alone(self, step: Asked, candidate: Candidate) -> int:
        """What a candidate adds by itself: the days that are fine, twice those that are uneven; the spread."""
        burden = step.days * (candidate.is_fine + 2 * (not candidate.is_even))
        return burden * self.burden + step.days * candidate.spread * self.spread

    def between(self, direction: int, before: Candidate, after: Candidate) -> int:
        """What neighbours add. `direction` is 1 where the target rises, -1 where it falls, 0 where it stays."""
        key = before.doses, after.doses, direction
        if key not in self._known:
            changes = [now - then for then, now in zip(before.doses, after.doses, strict=True) if now != then]
            against = any(change * direction <= 0 for change in changes)
            self._known[key] = against * self.against + len(changes)
        change = self.question.policy.form_change if before.is_fine is not after.is_fine else 0
        return self._known[key] + change * self.burden


@dataclass(frozen=True, slots=True)
class _Node:
    """A candidate with the best that follows it: together so good, and so in order by doses and by forms."""

    candidate: Candidate | None
    cost: int
    doses_place: int
    forms_place: int
    follows: _Node | None


def _best_of(choices: _ByRoom, weights: _Weights) -> _Way | None:
    """The best path for one means; None where a step has no candidates."""
    steps = weights.question.steps
    after: list[_Node] = [_Node(None, 0, 0, 0, None)]
    later: Asked | None = None
    for step in reversed(steps):
        candidates: Sequence[Candidate | None] = choices.of(step) if step.target else (None,)
        if not candidates:
            return None
        direction = 0 if later is None else (later.target > step.target) - (later.target < step.target)
        after = _placed([_lead(candidate, step, after, weights, direction) for candidate in candidates])
        later = step
    node = min(after, key=_standing)
    cost, path = node.cost, []
    while node.follows is not None:
        path.append(node.candidate)
        node = node.follows
    return _Way(path=tuple(path), cost=cost, days=tuple(step.days for step in steps))


def _standing(node: _Node) -> tuple[int, int, int]:
    return node.cost, node.doses_place, node.forms_place


def _lead(candidate: Candidate | None, step: Asked, after: Sequence[_Node], weights: _Weights, direction: int) -> _Node:
    """A candidate with the best of what may follow it; across a drug-free step nothing counts."""
    best, least = after[0], None
    for node in after:
        cost = node.cost
        if candidate is not None and node.candidate is not None:
            cost += weights.between(direction, candidate, node.candidate)
        standing = cost, node.doses_place, node.forms_place
        if least is None or standing < least:
            best, least = node, standing
    assert least is not None  # `after` is never empty
    cost = least[0] + (0 if candidate is None else weights.alone(step, candidate))
    return _Node(candidate, cost, 0, 0, best)


def _placed(nodes: Sequence[_Node]) -> list[_Node]:
    """The nodes of a step with their places by doses, the larger first, and by form, plain first."""

    def by_doses(node: _Node) -> tuple[tuple[int, ...], int]:
        assert node.follows is not None
        doses = () if node.candidate is None else tuple(-dose for dose in node.candidate.doses)
        return doses, node.follows.doses_place

    def by_forms(node: _Node) -> tuple[bool, int]:
        assert node.follows is not None
        return node.candidate is not None and node.candidate.is_fine, node.follows.forms_place

    doses_order = {key: place for place, key in enumerate(sorted(set(map(by_doses, nodes))))}
    forms_order = {key: place for place, key in enumerate(sorted(set(map(by_forms, nodes))))}
    return [
        _Node(node.candidate, node.cost, doses_order[by_doses(node)], forms_order[by_forms(node)], node.follows)
        for node in nodes
    ]
