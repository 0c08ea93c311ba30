"""A taper as a rule: the record of the phases that a file states, before any product is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from splitter.quantity import Mass


class Round(StrEnum):
    """To what a rule's doses are rounded: to those that products can give evenly, or to multiples of `grid`."""

    TABLETS = "tablets"
    GRID = "grid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduction:
    """By how much each step of a phase is lower: an `amount`, or a `share` (one of the two), above zero.

    The share is of the current dose, or where `of_start` is set, of the dose that the rule begins with.
    """

    amount: Mass | None = None
    share: Fraction | None = None
    of_start: bool = False

    @property
    def is_by_amounts(self) -> bool:
        """Whether each step is lower by as much as the one before."""
        return self.share is None or self.of_start


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One phase of a rule, which begins where the one before ended.

    Two of three are stated: the `reduction`, how long each step is (`every` [days]), how long all of them are (`over`
    [days], without `hold`). `to` is the dose whose step ends the phase, `last` the smallest dose before nothing, at
    most one of them; the step that reaches it is longer by `hold` [days]. `round_within` is a share of the exact dose.
    Finer doses than plain products give are multiples of `grid`; with `Round.GRID`, which needs it, all doses are, and
    `round_within` isn't looked at. Where a prescriber leaves a range open, `reduction` and `every` are its lower ends,
    `reduction_most` and `every_most` its upper ones.
    """

    reduction: Reduction | None = None
    every: int | None = None
    over: int | None = None
    to: Mass | None = None
    last: Mass | None = None
    hold: int = 0
    round: Round = Round.TABLETS
    round_within: Fraction = Fraction(1, 20)
    grid: Mass | None = None
    reduction_most: Reduction | None = None
    every_most: int | None = None

    @property
    def has_range(self) -> bool:
        """Whether its pace is left open, so that there are no steps until one is chosen."""
        return self.reduction_most is not None or self.every_most is not None

    @property
    def end(self) -> Mass | None:
        """The dose that ends the phase, where one is stated."""
        return self.last if self.to is None else self.to

    @property
    def is_by_amounts(self) -> bool:
        """Whether each step is lower by as much as the one before; so are those that `over` makes."""
        return self.reduction is None or self.reduction.is_by_amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class TaperRule:
    """A taper as a rule, which `splitter.taper` turns into steps: from the daily dose `start` through its phases.

    Of the paces that are left open, only those are meant that end within `finish` (least, most) [days].
    """

    start: Mass
    phases: tuple[Phase, ...]
    finish: tuple[int, int] | None = None
