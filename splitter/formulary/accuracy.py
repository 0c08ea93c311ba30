"""How exactly pieces, volumes and preparations give the dose that they stand for: reviewed facts as one record.

Deviations are standard deviations, limits the most that something accepted may be off; both are shares of what is
meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import ceil
from statistics import NormalDist

import formulations
from splitter.codec import Share, SomeVolume, TomlReader
from splitter.formulary.facts import Sourced
from splitter.prescription import Cutting
from splitter.quantity import Volume

_PLACES = 10_000
_FILE = "built-in precision.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class CutError(Sourced):
    """The deviation of half a tablet that was broken by one method, along a score or not; its content included."""

    method: Cutting
    scored: bool
    deviation: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class SyringeError(Sourced):
    """What one draw may be off: shares of the capacity and of a volume below half of it; of others `of_large` alone.

    It holds for syringes of less than `below`; None: for all that no other holds for.
    """

    of_capacity: Share
    of_small: Share
    of_large: Share
    below: SomeVolume | None = None

    def limit(self, volume: Fraction, capacity: Fraction) -> Fraction:
        """The most that a draw of a volume may be off [mL], in a syringe of such a capacity [mL]."""
        if 2 * volume < capacity:
            return self.of_capacity * capacity + self.of_small * volume
        return self.of_large * volume


@dataclass(frozen=True, slots=True, kw_only=True)
class _Deviation(Sourced):
    deviation: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limit(Sourced):
    limit: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loss(Sourced):
    share: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """All of it. `unit` is the deviation of whole marketed units; `capsule` and `preparation` are limits of what is
    made.

    A part has lost the share `loss` for each cut that was made through its tablet before it.
    """

    cuts: tuple[CutError, ...]
    syringes: tuple[SyringeError, ...]
    loss: Fraction
    unit: Fraction
    capsule: Fraction
    preparation: Fraction

    def cut(self, method: Cutting, *, scored: bool) -> Fraction:
        """The deviation of half a tablet."""
        return next(cut.deviation for cut in self.cuts if cut.method is method and cut.scored is scored)

    def part(self, score: int, parts: int, method: Cutting) -> Fraction:
        """The variance of one of so many parts of a tablet, as a share of it squared; `score` is the functional one.

        A quarter is half of a half, of which the second cut is along a score where the tablet has four parts. A third
        bears the errors of two cuts of a tablet in halves at the most, which weigh more in a smaller part.
        """
        if parts == 3:
            return self.unit**2 + 2 * self.cut_alone(method, along=True) * Fraction(9, 4)
        first = self.cut_alone(method, along=score in (2, 4))
        second = self.cut_alone(method, along=score == 4) if parts == 4 else Fraction(0)
        return self.unit**2 + first + second

    def cut_alone(self, method: Cutting, *, along: bool) -> Fraction:
        """The variance that a halving adds to the content's, as a share of the half squared."""
        return max(self.cut(method, scored=along) ** 2 - self.unit**2, Fraction(0))

    def draw_limit(self, volume: Fraction, capacity: Fraction) -> Fraction:
        """The most that a draw of a volume [mL] may be off [mL]."""
        fitting = (each for each in self.syringes if each.below is None or Volume(capacity) < each.below)
        return next(fitting).limit(volume, capacity)


@cache
def built_in_accuracy() -> Accuracy:
    """The built-in facts."""
    reader = TomlReader(formulations.precision(), _FILE)
    cuts = [cut for cut in reader.many(CutError, "cut") if cut]
    syringes = [each for each in reader.many(SyringeError, "syringe") if each]
    loss = reader.one(_Loss, "loss", required=True)
    unit = reader.one(_Deviation, "unit", required=True)
    capsule = reader.one(_Limit, "capsule", required=True)
    preparation = reader.one(_Limit, "preparation", required=True)
    reader.finish()
    assert loss and unit and capsule and preparation  # noqa: PT018  finish has raised otherwise
    return Accuracy(
        cuts=tuple(cuts),
        syringes=tuple(syringes),
        loss=loss.share,
        unit=unit.deviation,
        capsule=capsule.limit,
        preparation=preparation.limit,
    )


@cache
def quantile(certainty: Fraction) -> Fraction:
    """The standard deviations that a normal variable stays below with a certainty, rounded up to four decimals.

    Rounded up, so that a difference in the last bits between two machines never makes a step resolved on one of them.

    >>> quantile(Fraction(19, 20))
    Fraction(16449, 10000)
    """
    return Fraction(ceil(NormalDist().inv_cdf(float(certainty)) * _PLACES), _PLACES)
