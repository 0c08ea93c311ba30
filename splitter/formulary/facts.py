"""Facts with their origin: where each comes from, how sure it is, and what is known of the drug beside its products."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from splitter.codec import from_text
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
class TaperAdvice(Sourced):
    """One cited way to taper: by how much and how often, in its source's words. Never merged with another."""

    name: str
    rate: str
    interval: str
    note: str | None = None
