"""What a search may spend: the time and the partial plans that the user allows, and the memory that none may pass."""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction

MOST_HELD = 10_000_000
"""Whole numbers, of 8 bytes, that one table of partial plans may have: with what is made beside it, under 500 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When to stop without a proof: `seconds` of wall time, `nodes` of partial plans; None: never."""

    seconds: Fraction | None = None
    nodes: int | None = None


class LimitReachedError(Exception):
    """A limit ended the search before its proof: one that the user set, or that of memory."""


@dataclass(slots=True, kw_only=True)
class Budget:
    """What a search may still spend: `deadline` [s, monotonic] and `nodes` (partial plans) of None: no limit."""

    deadline: float | None = None
    nodes: int | None = None

    @classmethod
    def of(cls, limits: Limits) -> Budget:
        """What the user's limits leave from now on."""
        deadline = None if limits.seconds is None else time.monotonic() + float(limits.seconds)
        return cls(deadline=deadline, nodes=limits.nodes)

    def spend(self, nodes: int = 0) -> None:
        """Raise LimitReachedError when the limits are used up."""
        if self.nodes is not None:
            self.nodes -= nodes
            if self.nodes < 0:
                raise LimitReachedError
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise LimitReachedError

    def hold(self, numbers: int) -> None:
        """Raise LimitReachedError where a table of so many whole numbers would take more memory than it may."""
        if numbers > MOST_HELD:
            raise LimitReachedError
