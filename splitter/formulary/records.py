"""What exists for one drug: typed products with their supply and price."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from splitter.codec import alone
from splitter.formulary.facts import (
    Codes,
    Control,
    DoseLimits,
    HalfLife,
    Hazard,
    KidneyAdvice,
    Provenance,
    Stopping,
    TaperAdvice,
    Withdrawal,
)
from splitter.formulary.recipes import Batch, Size
from splitter.prescription import LargerDose
from splitter.quantity import Concentration, Mass, Money


class Form(StrEnum):
    TABLET = "tablet"
    CAPSULE = "capsule"
    PACKET = "packet"
    SUSPENSION = "suspension"
    SOLUTION = "solution"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """A plain sentence for labels. `forms` are those of the products that it holds for; empty: it holds for all."""

    text: str = field(metadata=alone())
    forms: tuple[Form, ...] = ()

    def holds_for(self, form: Form) -> bool:
        """Whether a product of this form must say it."""
        return not self.forms or form in self.forms


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose:
    """Counted out of a stock bottle; `price` per whole unit."""

    price: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Packs:
    """Whole packs of one or more sizes [units]."""

    sizes: tuple[Size, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottles:
    """Whole sealed bottles of one or more sizes [mL]. `in_use` [days] None: no limit after opening.

    They hold `overage` more than what is used, a share of it.
    """

    sizes: tuple[Size, ...]
    in_use: int | None = None
    overage: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Poured:
    """A marketed liquid out of a stock bottle, in whole multiples of `step` [mL] at a `price` per mL.

    It goes into `containers` (empty: they cost nothing) and keeps `keeps` [days, the day of pouring included].
    `overage` is what is poured more than is used, a share of it.
    """

    price: Money
    step: Fraction
    containers: tuple[Size, ...]
    keeps: int
    overage: Fraction = Fraction(0)


Supply = Loose | Packs | Bottles | Poured | Batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product. Discrete forms have a `strength`, liquids a `concentration`, never both.

    `pieces` is the functional score: 1, 2, 3 or 4 equal parts; `do_not_split_reason` is why it must stay whole.
    `name` is what a label calls it. `salt` is what the strength is of, where that is not the drug itself.
    Products of different families never go into one plan. An `illustrative_price` was not found anywhere, only
    estimated; `price_date` is the day the price is of. `ndc` and `dmd` are the packages' codes (United States,
    United Kingdom), `container` is what it is kept in, `stock` what the pharmacy has of it [units or mL]. `ladder` is
    the id of the recipe of several strengths of which it is one.
    """

    id: str
    name: str
    form: Form
    supply: Supply
    strength: Mass | None = None
    concentration: Concentration | None = None
    pieces: int = 1
    do_not_split: bool = False
    do_not_split_reason: str | None = None
    available: bool = True
    storage: str | None = None
    shake: bool = False
    illustrative_price: bool = False
    price_date: date | None = None
    price_source: str | None = None
    stock: Fraction | None = None
    ndc: tuple[str, ...] = ()
    dmd: tuple[str, ...] = ()
    salt: str | None = None
    family: str | None = None
    maker: str | None = None
    container: str | None = None
    provenance: Provenance | None = None
    ladder: str | None = None

    @property
    def is_liquid(self) -> bool:
        return self.concentration is not None

    @property
    def is_compounded(self) -> bool:
        return isinstance(self.supply, Batch)

    @property
    def is_chosen(self) -> bool:
        """Whether it is a strength of capsules that is made only where the search chooses it among others."""
        return self.ladder is not None and not self.is_liquid

    @property
    def called(self) -> str:
        """The id by which it is told of among others: its recipe's, where it is one strength of several."""
        return self.ladder if self.ladder is not None and self.is_chosen else self.id

    @property
    def has_lots(self) -> bool:
        """Whether it comes in lots, each of which serves all use of some days: all but what is counted out."""
        return isinstance(self.supply, Bottles | Poured | Batch)

    @property
    def shelf_life(self) -> int | None:
        """The days that a lot of it keeps, the day it is dispensed being day 1; None for no limit, and without lots."""
        match self.supply:
            case Batch(beyond_use=days) | Poured(keeps=days):
                return days
            case Bottles(in_use=limit):
                return limit
        return None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its packages."""
        return (*self.ndc, *self.dmd)

    @property
    def unit(self) -> str:
        """The unit in which it is counted: "mL", "tablet", "capsule" or "packet"."""
        return "mL" if self.is_liquid else self.form.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Formulary:
    """Everything that exists for one drug.

    `max_daily` is the labelled maximum daily dose; `max_imbalance` the drug's own limit for rule R3. `larger_dose` is
    the end of the day that keeps the larger doses, None where no source says; `taper_end` the smallest daily dose of
    its tapers, at which a rule ends that states none. `cautions` are for labels, most important first. `currency` is
    that of its prices, None where it does not say; `country` is where the products are sold; `salt` is what the
    strengths are of, where that is not the drug itself. `provenance` is that of the limits and cautions; `larger_dose`
    and `taper_end` have theirs beside them, the other facts carry their own.
    """

    drug: str
    products: tuple[Product, ...]
    max_daily: Mass | None = None
    max_imbalance: Mass | None = None
    larger_dose: LargerDose | None = None
    larger_dose_provenance: Provenance | None = None
    taper_end: Mass | None = None
    taper_end_provenance: Provenance | None = None
    cautions: tuple[Caution, ...] = ()
    currency: str | None = None
    country: str | None = None
    salt: str | None = None
    provenance: Provenance | None = None
    codes: Codes | None = None
    control: Control | None = None
    hazard: Hazard | None = None
    withdrawal: Withdrawal | None = None
    limits: DoseLimits | None = None
    half_life: HalfLife | None = None
    stopping: Stopping | None = None
    kidney: tuple[KidneyAdvice, ...] = ()
    tapers: tuple[TaperAdvice, ...] = ()
    sha256: str = ""
