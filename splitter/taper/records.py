"""What comes of a rule: its steps, how the dose of each was rounded, and why it ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from splitter.prescription import Step
from splitter.quantity import Mass


class Clause(StrEnum):
    """Where a step's dose comes from.

    `STATED`: from the prescription. `TABLETS`: on plain products, evenly, or exactly by the rule. `EQUAL`: the same
    finer dose at each time. `EVEN`: finer doses that differ little. `UNEVEN`: on plain products, however uneven.
    `GRID`: the nearest multiple of the grid.
    """

    STATED = "stated"
    TABLETS = "tablets"
    EQUAL = "equal"
    EVEN = "even"
    UNEVEN = "uneven"
    GRID = "grid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    """How the dose of a step came about: the `exact` one of the rule, reckoned from the step before, and its clause.

    `kept` is False where the dose is farther from the exact one than the rule allows, since none nearer can be given.
    """

    exact: Mass
    clause: Clause
    kept: bool = True


class EndReason(StrEnum):
    """Why a rule ends with its last dose.

    `LAST`: the prescription states it. `NOTHING`: the next exact dose is none. `TAPER_END`: the next would be below the
    smallest dose of the drug's tapers. `SMALL`: the next would be below a share of the first dose. `NO_DOSE`: there is
    no lower one that products can give near the next.
    """

    LAST = "last"
    NOTHING = "nothing"
    TAPER_END = "taper end"
    SMALL = "small"
    NO_DOSE = "no dose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Why a rule ends; `limit` is the dose below which it doesn't go, or near which there is none."""

    reason: EndReason
    limit: Mass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The steps of a prescription. Where they come from a rule, how each was rounded, its phase, and why all ended."""

    steps: tuple[Step, ...]
    roundings: tuple[Rounding | None, ...]
    ending: Ending | None = None
    phases: tuple[int, ...] = ()
