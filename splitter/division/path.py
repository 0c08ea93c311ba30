"""The path: one candidate for each step, chosen over all steps together by the order that the contract states.

Steps meet only their neighbours. Of the six orders the first four add up over the steps; they are the digits of one
whole number, its price, so that the least price is the best by all four. A pass backward gives the least price of the
rest of the path from each candidate on; a pass forward follows the larger doses, and among equal doses the plain
form, through the candidates from which that price is reached. A drug-free step parts what is before it from what
follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from operator import gt, lt, ne

from splitter.division.records import Candidate, StepForm

Rank = tuple[int, int, Fraction, int]
"""(steps in which a time goes the wrong way, days that are charged for, sum of spreads over days, doses changed)."""

_UNEVEN = 2
"""How many days of measuring an uneven day counts as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathStep:
    """One step of a path to be found: its days, its target [mg], and its candidates, none of a drug-free step."""

    days: int
    target: Fraction
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """The candidate of each step, None of a drug-free one, and how the path ranks by the first four orders."""

    chosen: tuple[Candidate | None, ...]
    rank: Rank


def find_path(stages: Sequence[PathStep], filling: Sequence[int], form_change: int) -> Path | None:
    """The best path, None where a step with a dose has no candidate; a `form_change` counts as so many days."""
    if any(stage.target and not stage.candidates for stage in stages):
        return None
    walk = _Walk(stages, filling, form_change)
    places = walk.plain_first(walk.largest_first())
    chosen = tuple(
        None if place is None else stage.candidates[place] for stage, place in zip(stages, places, strict=True)
    )
    return Path(chosen=chosen, rank=walk.rank)


def _is_disturbed(before: Sequence[int], after: Sequence[int], way: int) -> bool:
    """Whether some time goes another way than the day's target does."""
    if not way:
        return before != after
    return any(map(gt if way < 0 else lt, after, before))


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


@dataclass(frozen=True, slots=True)
class _Node:
    """One candidate of one step: its doses in the order of filling, its form, and its own price."""

    doses: tuple[int, ...]
    form: StepForm
    price: int


class _Walk:
    """All paths through the candidates of the steps, on whole numbers of one small unit of mass."""

    def __init__(self, stages: Sequence[PathStep], filling: Sequence[int], form_change: int) -> None:
        doses = [dose for stage in stages for candidate in stage.candidates for dose in candidate.doses]
        self._scale = lcm(*{dose.denominator for dose in doses}, *{stage.target.denominator for stage in stages})
        self._targets = [self._whole(stage.target) for stage in stages]
        self._form_change = form_change
        days = sum(stage.days for stage in stages)
        most = max(int(max(doses, default=Fraction(0)) * self._scale), _UNEVEN + 1) * days
        self._base = 1 + most + (form_change + len(filling)) * len(stages)
        self.nodes = [[self._node(stage, each, filling) for each in stage.candidates] for stage in stages]
        self._links = [self._linked(number) for number in range(len(stages))]
        self._rests = self._backward()

    @property
    def rank(self) -> Rank:
        """How the best path ranks."""
        rest, changed = divmod(min(self._rests[0]) if self._rests else 0, self._base)
        rest, spread = divmod(rest, self._base)
        wrong, charged = divmod(rest, self._base)
        return wrong, charged, Fraction(spread, self._scale), changed

    def _whole(self, mass: Fraction) -> int:
        """A mass [mg] in the small unit."""
        return mass.numerator * (self._scale // mass.denominator)

    def _price(self, wrong: int, charged: int, spread: int, changed: int) -> int:
        """The first four orders as one number; none of the sums of a path reaches the base."""
        return ((wrong * self._base + charged) * self._base + spread) * self._base + changed

    def _node(self, stage: PathStep, candidate: Candidate, filling: Sequence[int]) -> _Node:
        doses = tuple(self._whole(candidate.doses[place]) for place in filling)
        charged = (candidate.form is StepForm.FINE) + _UNEVEN * (not candidate.is_even)
        price = self._price(0, stage.days * charged, stage.days * (max(doses) - min(doses)), 0)
        return _Node(doses, candidate.form, price)

    def _linked(self, number: int) -> list[list[int]]:
        """The price of going from each candidate of the step before to each of a step; none over a drug-free step."""
        if not number:
            return []
        way = _sign(self._targets[number] - self._targets[number - 1])
        return [[self._between(a, b, way) for b in self.nodes[number]] for a in self.nodes[number - 1]]

    def _between(self, before: _Node, after: _Node, way: int) -> int:
        changed = sum(map(ne, before.doses, after.doses))
        wrong = bool(changed) and _is_disturbed(before.doses, after.doses, way)
        return self._price(wrong, self._form_change * (before.form is not after.form), 0, changed)

    def _backward(self) -> list[list[int]]:
        """For each step the least price of the rest of the path from each candidate on; a drug-free step has one."""
        rests: list[list[int]] = []
        after = [0]
        for number in reversed(range(len(self.nodes))):
            nodes = self.nodes[number]
            if not nodes:
                after = [min(after)]
            elif number + 1 < len(self.nodes) and self.nodes[number + 1]:
                links = self._links[number + 1]
                after = [n.price + min(map(int.__add__, link, after)) for n, link in zip(nodes, links, strict=True)]
            else:
                after = [node.price + min(after) for node in nodes]
            rests.insert(0, after)
        return rests

    def _onward(self, number: int, current: Iterable[int]) -> set[int]:
        """The candidates of a step that best paths go on to from the `current` ones of the step before."""
        rests = self._rests[number]
        if not number or not self.nodes[number - 1]:
            least = min(rests)
            return {place for place, price in enumerate(rests) if price == least}
        onward: set[int] = set()
        for before in current:
            prices = list(map(int.__add__, self._links[number][before], rests))
            least = min(prices)
            onward |= {place for place, price in enumerate(prices) if price == least}
        return onward

    def largest_first(self) -> list[set[int]]:
        """The candidates of each step on the best paths with the larger doses: those of one division."""
        sets: list[set[int]] = []
        current: set[int] = set()
        for number, nodes in enumerate(self.nodes):
            current = self._onward(number, current) if nodes else set()
            largest = max((nodes[place].doses for place in current), default=())
            current = {place for place in current if nodes[place].doses == largest}
            sets.append(current)
        return sets

    def plain_first(self, sets: list[set[int]]) -> list[int | None]:
        """Of the best paths through these candidates the one that is plain first; they differ in form alone."""
        leading = [set(places) for places in sets]
        for number in reversed(range(len(sets) - 1)):
            if self.nodes[number] and self.nodes[number + 1]:
                onward = ((place, self._onward(number + 1, [place])) for place in leading[number])
                leading[number] = {place for place, reached in onward if reached & leading[number + 1]}
        chosen: list[int | None] = []
        for number, nodes in enumerate(self.nodes):
            before = chosen[-1] if chosen else None
            reached = self._onward(number, () if before is None else (before,)) & leading[number] if nodes else ()
            first = min(reached, key=lambda place: (nodes[place].form is StepForm.FINE, place), default=None)
            chosen.append(first)
        return chosen
