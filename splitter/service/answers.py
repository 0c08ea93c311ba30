"""The other question: a physician's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from splitter.formulary import Formulary
from splitter.optimise import Limits, Progress
from splitter.plan import Plan, Status
from splitter.prescription import Pharmacy, Prescription
from splitter.service.planning import plan
from splitter.service.release import stops


class Verdict(StrEnum):
    """Whether a prescription can be made: yes; yes, but a check stops it; no."""

    POSSIBLE = "possible"
    STOPPED = "stopped"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a physician asks of a prescription."""

    verdict: Verdict
    plan: Plan


def check(
    prescription: Prescription,
    pharmacy: Pharmacy,
    formulary: Formulary,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Whether a prescription can be made, how, at what cost, and what is unsafe. Raises InputError as `plan` does."""
    made = plan(prescription, pharmacy, formulary, limits, progress)
    if made.status is Status.INFEASIBLE:
        return Answer(verdict=Verdict.IMPOSSIBLE, plan=made)
    return Answer(verdict=Verdict.STOPPED if stops(made) else Verdict.POSSIBLE, plan=made)
