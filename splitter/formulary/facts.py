"""Facts with their origin: where each comes from, how sure it is, and what is known of the drug beside its products."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated

from splitter.codec import Clearance, Days, Hours, SomeMass, from_text, key
from splitter.prescription import AmountOrShare, Reduction, read_reductions
from splitter.units import ReadError, quoted


class Certainty(StrEnum):
    """How sure a fact is: read on the label, read in a secondary source, not verified."""

    LABEL = "label"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a fact comes from, how sure it is, and the day it was checked (None: not stated)."""

    source: str
    certainty: Certainty = Certainty.UNVERIFIED
    checked: date | None = None


def origin(source: str | None, certainty: Certainty | None, checked: date | None) -> Provenance | None:
    """What a file says of a fact's origin as one record, None where it names no source.

    A source of which nobody says how sure it is counts as unverified.
    """
    if source is None:
        return None
    return Provenance(source=source, certainty=certainty or Certainty.UNVERIFIED, checked=checked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """Where the facts of a table come from, how sure the least sure of them is, and the day they were checked."""

    source: str | None = None
    certainty: Certainty | None = None
    checked: date | None = None

    @property
    def provenance(self) -> Provenance | None:
        """The origin as one record; a source of which nobody says how sure it is counts as unverified."""
        return origin(self.source, self.certainty, self.checked)


class ControlSchedule(StrEnum):
    """A schedule of controlled substances, as the country's law numbers them."""

    II = "II"
    III = "III"
    IV = "IV"
    V = "V"


def _matching(pattern: str, remedy: str) -> object:
    def read(text: str) -> str:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise ReadError(quoted(text), remedy)
        return text

    return from_text(read)


RxCui = Annotated[str, _matching("[1-9][0-9]{0,7}", 'write the digits of the RxNorm concept, such as "1292"')]
Atc = Annotated[str, _matching("[A-Z][0-9]{2}[A-Z]{2}[0-9]{2}", 'write the seven characters, such as "M03BX01"')]


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes(Sourced):
    """The drug's codes: RxNorm's for the ingredient, and the Anatomical Therapeutic Chemical one."""

    rxcui: RxCui | None = None
    atc: Atc | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Control(Sourced):
    """The drug is a controlled substance."""

    schedule: ControlSchedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard(Sourced):
    """The drug is hazardous to those who handle it; `text` says why and how they are protected."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal(Sourced):
    """What a patient must know of withdrawal, in plain sentences: its signs, and when to call for help."""

    signs: tuple[str, ...]
    emergency: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseLimits(Sourced):
    """What the labels say of doses beside the maximum of a day.

    `max_single` is the labelled maximum of one dose; `usual_daily` the largest daily dose that labels usually begin
    with, for a drug that has no fixed maximum.
    """

    max_single: SomeMass | None = None
    usual_daily: SomeMass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfLife(Sourced):
    """How fast the drug leaves the body: the range of its half-life in adults [h].

    `once_a_day`: its labels nevertheless give it once a day, since its effect outlasts it or is wanted at night alone.
    """

    low: Hours = field(metadata=key("from"))
    high: Hours = field(metadata=key("to"))
    once_a_day: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping(Sourced):
    """The daily dose above which the drug isn't stopped at once, after a treatment of `after` [days] or longer."""

    unsafe_above: SomeMass
    after: Days


@dataclass(frozen=True, slots=True, kw_only=True)
class KidneyAdvice(Sourced):
    """What one source says for a kidney function under `below` [mL/min], in its words.

    A source has several where it speaks of several ranges; the lowest that holds counts.
    """

    name: str
    below: Clearance
    advice: str


def _one_reduction(text: str) -> Reduction:
    """Read "5 mg", "10 %" or "10 % of start", no range. Raises ReadError."""
    read = read_reductions(text)
    if read.least != read.most:
        raise ReadError(quoted(text), 'write the most alone, such as "10 %"')
    return read.most


OneReduction = Annotated[Reduction, from_text(_one_reduction)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How much lower a dose may be, from one `above` so much (None: from any): `most` of it (None: no figure).

    `above` is a daily dose, or a share of the first one.
    """

    most: OneReduction | None = None
    above: AmountOrShare | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaperAdvice(Sourced):
    """One cited way to taper: by how much and how often, in its source's words. Never merged with another.

    In figures, where the words have some: `paces` are the fastest that it allows `within` so many days, from the
    largest dose down; `in_all` [days] is how long it says that a taper takes at the least.
    """

    name: str
    rate: str
    interval: str
    note: str | None = None
    paces: tuple[Pace, ...] = ()
    within: Days | None = None
    in_all: Days | None = None

    @property
    def has_figures(self) -> bool:
        """Whether a taper can be held against it."""
        return bool(self.paces) or self.in_all is not None
