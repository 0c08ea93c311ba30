"""The exact optimiser: `solve` answers a problem with the provably best plan, or says why there is none."""

from __future__ import annotations

from splitter.optimise.engine import Progress
from splitter.optimise.impossible import MOST_MOVED
from splitter.optimise.limits import LimitReachedError, Limits
from splitter.optimise.possible import can_be_made
from splitter.optimise.solution import Dose, Solution, day_use
from splitter.optimise.solving import solve

__all__ = [
    "MOST_MOVED",
    "Dose",
    "LimitReachedError",
    "Limits",
    "Progress",
    "Solution",
    "can_be_made",
    "day_use",
    "solve",
]
