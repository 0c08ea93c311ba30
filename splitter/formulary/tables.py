"""The tables of a formulary file, as they stand there; their types say what may stand in each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Annotated

from splitter.bounds import MOST_STOCK, MOST_STRENGTHS, MOST_UNITS
from splitter.codec import Currency, Days, Hours, Reads, Share, SomeMass, SomeVolume, from_text, key, shown, whole
from splitter.formulary.codes import Dmd, Ndc
from splitter.formulary.facts import Certainty, Provenance, Sourced, origin
from splitter.formulary.recipes import Category, Ingredient, Monograph, QualityCheck, Study
from splitter.formulary.records import Caution, Form
from splitter.prescription import LargerDose
from splitter.quantity import Concentration, Mass, Money, Volume
from splitter.units import ReadError, parse_mass, parse_volume, quoted

MOST_ID = 60
"""Characters of a product's id."""

_IDENTIFIER = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")
_EVERY = re.compile(r"(?P<first>.+) to (?P<last>.+) by (?P<step>.+)")


def _identifier(text: str) -> str:
    if not _IDENTIFIER.fullmatch(text) or len(text) > MOST_ID:
        remedy = f'write at most {MOST_ID} small letters, digits and hyphens, such as "baclofen-10mg-tablet"'
        raise ReadError(quoted(text), remedy)
    return text


def _volume_or_count(raw: object) -> Volume | int:
    """An amount of a batch: a volume for liquids, a whole number for capsules."""
    if isinstance(raw, str) and raw.isascii() and raw.isdigit() and not raw.startswith("0"):
        raw = int(raw)
    if isinstance(raw, str) and (volume := parse_volume(raw)):
        return volume
    if type(raw) is int and 0 < raw <= MOST_UNITS:
        return raw
    raise ReadError(shown(raw), 'write a volume such as "30 mL", for capsules a whole number such as 30')


def _strengths(raw: object) -> tuple[Mass, ...]:
    """Several strengths, smallest first: listed, or "0.5 mg to 30 mg by 0.5 mg"."""
    if isinstance(raw, str):
        found = _EVERY.fullmatch(raw)
        if found is None:
            raise ReadError(quoted(raw), 'write them as a list, or as in "0.5 mg to 30 mg by 0.5 mg"')
        first, last, step = (parse_mass(found[name]).value for name in ("first", "last", "step"))
        if not 0 < first < last or not step or (last - first) % step:
            remedy = (
                "write a smaller strength above zero, a larger one, and what fits between them a whole number of times"
            )
            raise ReadError(quoted(raw), remedy)
        if (last - first) / step >= MOST_STRENGTHS:
            raise ReadError(quoted(raw), f"write at most {MOST_STRENGTHS} strengths")
        return tuple(Mass(first + place * step) for place in range(int((last - first) / step) + 1))
    if not isinstance(raw, list) or not raw or not all(isinstance(each, str) for each in raw):
        raise ReadError(shown(raw), 'write the strengths as a list of masses, or as in "0.5 mg to 30 mg by 0.5 mg"')
    masses = tuple(map(parse_mass, raw))
    if not masses[0] or any(after <= before for before, after in pairwise(masses)) or len(masses) > MOST_STRENGTHS:
        raise ReadError(shown(raw), f"list at most {MOST_STRENGTHS} strengths above zero, the smaller first, each once")
    return masses


Identifier = Annotated[str, from_text(_identifier)]
Count = Annotated[int, whole(1, MOST_UNITS)]
VolumeOrCount = Annotated[Volume | int, Reads(_volume_or_count)]
Strengths = Annotated[tuple[Mass, ...], Reads(_strengths)]


class Country(StrEnum):
    """Where the products of a file are sold."""

    US = "US"
    GB = "GB"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head(Sourced):
    """What a file says of its drug. One that `replaces_built_in` is not laid over the built-in file.

    `larger_dose` and `taper_end` have an origin of their own, since it is another text that states them.
    """

    drug: str
    replaces_built_in: bool = False
    max_daily: SomeMass | None = None
    max_imbalance: Mass | None = None
    larger_dose: LargerDose | None = None
    larger_dose_source: str | None = None
    larger_dose_certainty: Certainty | None = None
    larger_dose_checked: date | None = None
    taper_end: SomeMass | None = None
    taper_end_source: str | None = None
    taper_end_certainty: Certainty | None = None
    taper_end_checked: date | None = None
    cautions: tuple[Caution, ...] = ()
    currency: Currency | None = None
    country: Country | None = None
    salt: str | None = None

    @property
    def larger_dose_origin(self) -> Provenance | None:
        return origin(self.larger_dose_source, self.larger_dose_certainty, self.larger_dose_checked)

    @property
    def taper_end_origin(self) -> Provenance | None:
        return origin(self.taper_end_source, self.taper_end_certainty, self.taper_end_checked)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductTable(Sourced):
    """What every kind of product may say. `illustrative`: its price is only an estimate."""

    id: Identifier
    name: str | None = None
    available: bool = True
    storage: str | None = None
    illustrative: bool = False
    price_date: date | None = None
    price_source: str | None = None
    ndc: tuple[Ndc, ...] = ()
    dmd: tuple[Dmd, ...] = ()
    salt: str | None = None
    family: str | None = None
    maker: str | None = None
    container: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackTable:
    count: Count
    price: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class BottleTable:
    volume: SomeVolume
    price: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PouredTable:
    """How a liquid is poured out of a stock bottle: `price` per mL, in multiples of `step`, into `containers`."""

    price: Money
    step: SomeVolume = Volume(Fraction(1))
    containers: tuple[BottleTable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerTable:
    volume: SomeVolume | None = None
    count: Count | None = None
    price: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTable(ProductTable):
    """A capsule or a packet: a whole unit, never split. `stock` is how many are on the shelf."""

    strength: SomeMass
    do_not_split_reason: str | None = None
    price: Money | None = None
    packs: tuple[PackTable, ...] | None = None
    stock: Annotated[int, whole(0, MOST_STOCK)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TabletTable(UnitTable):
    """`score_certainty` is how sure the score is, where that differs from the other facts."""

    pieces: Annotated[int, whole(1, 4)] = 1
    score_certainty: Certainty | None = None
    do_not_split: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LiquidTable(ProductTable):
    """A marketed liquid. Without `form` it is a suspension when it must be shaken, else a solution.

    It is handed over in `bottles`, which keep `in_use` after opening, or `poured`, and then `keeps` from that day on.
    `stock` is what is on the shelf, all bottles together.
    """

    concentration: Concentration
    bottles: tuple[BottleTable, ...] | None = None
    in_use: Days | None = None
    poured: PouredTable | None = None
    keeps: Days | None = None
    overage: Share = Fraction(0)
    shake: bool = False
    form: Form | None = None
    stock: Volume | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeTable(ProductTable):
    """A compounded preparation; amounts are volumes, for capsules counts.

    One with `strengths` or `concentrations` stands for a recipe of each (`strengths`), whose `ladder` is then its id.
    """

    form: Form
    concentration: Concentration | None = None
    strength: SomeMass | None = None
    concentrations: tuple[Concentration, ...] = ()
    strengths: Strengths = ()
    beyond_use: Days | None = None
    beyond_use_basis: str | None = None
    category: Category | None = None
    monograph: Monograph | None = None
    published: tuple[Study, ...] = ()
    vehicle: str | None = None
    shake: bool | None = None
    labour: Hours = Fraction(0)
    step: VolumeOrCount | None = None
    minimum: VolumeOrCount | None = field(default=None, metadata=key("min"))
    maximum: VolumeOrCount | None = field(default=None, metadata=key("max"))
    overage: Share = Fraction(0)
    containers: tuple[ContainerTable, ...] = ()
    ingredients: tuple[Ingredient, ...]
    method: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    quality_checks: tuple[QualityCheck, ...] = ()
