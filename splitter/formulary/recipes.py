"""What a pharmacy compounds: ingredients, method, tests, and what is known of how long the preparation keeps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Annotated

from splitter.codec import Days, LastDay, Number, SomeMass, from_text
from splitter.formulary.facts import Sourced
from splitter.quantity import Money
from splitter.units import ReadError, parse_number, quoted

_DILUTION = re.compile(r"([0-9.]+) in ([0-9.]+)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A pack [units], bottle [mL] or container [mL, or units for capsules] with its price."""

    content: Fraction
    price: Money


class Category(StrEnum):
    """The kinds of preparation for which USP <795> (2023) sets default beyond-use dates."""

    AQUEOUS = "aqueous non-preserved"
    PRESERVED = "aqueous preserved"
    NON_AQUEOUS = "non-aqueous liquid"
    SOLID = "solid"

    @property
    def is_aqueous(self) -> bool:
        return self in (Category.AQUEOUS, Category.PRESERVED)


class Ground(StrEnum):
    """The words for what a beyond-use date rests on, and for how its days are counted."""

    CHAPTER = "USP <795> (2023)"
    MONOGRAPH = "monograph"
    STUDY = "published stability"
    EVIDENCE = "published stability, accepted by the pharmacy"
    COMPONENT = "what is left of"
    STATED = "the formulary's own limit"
    UNUSED = "published stability, not used"
    DAY_ONE = "the day of compounding is day 1"
    DAY_AFTER = "counted from the day after compounding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Monograph(Sourced):
    """A compendial monograph of this very preparation, and the beyond-use limit [days] that it sets."""

    beyond_use: Days


@dataclass(frozen=True, slots=True, kw_only=True)
class Study(Sourced):
    """A published stability study of the formula: `stable` for so many days in this vehicle, container and temperature.

    Without a `container` what was read does not name it: the study may then shorten a date, never lengthen it.
    `antimicrobial_tested`: it also showed that the preparation keeps microbes from growing.
    """

    stable: Days
    vehicle: str
    container: str | None = None
    temperature: str
    antimicrobial_tested: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityCheck:
    """What is examined of the finished preparation, and what it should show."""

    check: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dilution:
    """A trituration of `part` of a powder in `whole`, by mass."""

    part: Fraction
    whole: Fraction


def _dilution(text: str) -> Dilution:
    found = _DILUTION.fullmatch(text)
    remedy = 'write the parts of powder in the parts of the whole by mass, such as "1 in 10"'
    if not found:
        raise ReadError(quoted(text), remedy)
    part, whole = map(parse_number, found.groups())
    if not 0 < part < whole:
        raise ReadError(quoted(text), remedy)
    return Dilution(part=part, whole=whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredient:
    """`amount` in `unit` for 100 mL or 100 capsules, at `price` per unit of amount.

    `active` is the drug that one unit of it holds, None for what holds none or is not stated. One that is
    `to_volume` brings the batch to its final volume, or fills the capsules: `amount` is more than enough. `keeps` is
    the least life [days] that it still has when it is used, `expires` the last day of the one in stock, and of what is
    made with it.

    One with a `dilution` is a trituration that is made for each batch: of `powder`, so diluted with `diluent`.
    `salt_factor` is the mass of that powder that holds one of the drug; None: it is the drug itself.
    """

    name: str
    amount: Number
    unit: str
    price: Money
    active: SomeMass | None = None
    to_volume: bool = False
    keeps: Days | None = None
    expires: LastDay | None = None
    dilution: Annotated[Dilution, from_text(_dilution)] | None = None
    powder: str | None = None
    diluent: str | None = None
    salt_factor: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Compounded to order. Amounts in mL, or in capsules for capsules; `labour` [hours].

    `beyond_use` [days, the day of compounding included] is in force, for the reason `beyond_use_basis`;
    `stated_beyond_use` is the formulary's own limit [days]. Without a `category` that one alone counts.
    `maximum` None: no limit on one batch. Empty `containers`: they cost nothing.
    """

    beyond_use: int
    labour: Fraction
    step: Fraction
    minimum: Fraction
    maximum: Fraction | None
    overage: Fraction
    containers: tuple[Size, ...]
    ingredients: tuple[Ingredient, ...]
    method: tuple[str, ...] = ()
    beyond_use_basis: str | None = None
    stated_beyond_use: int | None = None
    stated_basis: str | None = None
    category: Category | None = None
    monograph: Monograph | None = None
    published: tuple[Study, ...] = ()
    vehicle: str | None = None
    equipment: tuple[str, ...] = ()
    quality_checks: tuple[QualityCheck, ...] = ()
