"""What is said of a step: its form, with what it is given, and how its dose is divided over the times of a day."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

Doses = tuple[Fraction, ...]
"""The dose of each time of a day [mg], in the order of the times."""


class StepForm(StrEnum):
    """Whether a step is given with plain products, or with the plan's means."""

    PLAIN = "plain"
    FINE = "fine"


class Giving(StrEnum):
    """With what each administration of a step is given (rule R7).

    `PLAIN`: with plain pieces; `ALONE`, `APART` and `TOGETHER` are the ranks 0, 1 and 2 of a fine step: with the means
    alone; with the means alone or plain pieces alone; with both at once where need be. `ANY`: with any allowed product.
    """

    PLAIN = "plain"
    ALONE = "alone"
    APART = "apart"
    TOGETHER = "together"
    ANY = "any"

    @property
    def form(self) -> StepForm | None:
        """The form of a step that is given so; None where any product may be used."""
        if self is Giving.ANY:
            return None
        return StepForm.PLAIN if self is Giving.PLAIN else StepForm.FINE


RANKS = (Giving.ALONE, Giving.APART, Giving.TOGETHER)
"""The ranks of a fine step, the one to be tried first in front."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One division of a step: the dose of each time [mg], its form, with what it is given, whether it is even."""

    doses: Doses
    form: StepForm
    giving: Giving
    is_even: bool
