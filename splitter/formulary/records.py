"""What exists for one drug: typed products with their supply and price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from splitter.codec import Number, SomeMass
from splitter.quantity import Concentration, Mass, Money


class Form(StrEnum):
    TABLET = "tablet"
    CAPSULE = "capsule"
    PACKET = "packet"
    SUSPENSION = "suspension"
    SOLUTION = "solution"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A pack [units], bottle [mL] or container [mL, or units for capsules] with its price."""

    content: Fraction
    price: Money


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
    """Whole sealed bottles of one or more sizes [mL]. `in_use` [days] None: no limit after opening."""

    sizes: tuple[Size, ...]
    in_use: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredient:
    """`amount` in `unit` for 100 mL or 100 capsules, at `price` per unit of amount.

    `active` is the drug that one unit of it holds, None for what holds none or is not stated.
    """

    name: str
    amount: Number
    unit: str
    price: Money
    active: SomeMass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Compounded to order. Amounts in mL, or in capsules for capsules; `labour` [hours]; `beyond_use` [days].

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


Supply = Loose | Packs | Bottles | Batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product. Discrete forms have a `strength`, liquids a `concentration`, never both.

    `pieces` is the functional score: 1, 2, 3 or 4 equal parts. `name` is what a label calls it. An
    `illustrative_price` was not found anywhere, only estimated; `price_date` is the day the price is of.
    """

    id: str
    name: str
    form: Form
    supply: Supply
    strength: Mass | None = None
    concentration: Concentration | None = None
    pieces: int = 1
    do_not_split: bool = False
    available: bool = True
    storage: str | None = None
    shake: bool = False
    illustrative_price: bool = False
    price_date: date | None = None
    provenance: Provenance | None = None

    @property
    def is_liquid(self) -> bool:
        return self.concentration is not None

    @property
    def is_compounded(self) -> bool:
        return isinstance(self.supply, Batch)

    @property
    def unit(self) -> str:
        """The unit in which it is counted: "mL", "tablet", "capsule" or "packet"."""
        return "mL" if self.is_liquid else self.form.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Formulary:
    """Everything that exists for one drug.

    `max_daily` is the labelled maximum daily dose; `max_imbalance` the drug's own limit for rule R3.
    `cautions` are plain sentences for labels, most important first. `currency` is that of its prices, None
    where it does not say; `provenance` is that of the limits and cautions.
    """

    drug: str
    products: tuple[Product, ...]
    max_daily: Mass | None = None
    max_imbalance: Mass | None = None
    cautions: tuple[str, ...] = ()
    currency: str | None = None
    provenance: Provenance | None = None
    sha256: str = ""
