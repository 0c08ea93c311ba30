"""What the prescriber ordered and how the pharmacy works: the records that both files become."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from fractions import Fraction
from typing import Annotated

from splitter.bounds import MOST_CHOSEN, MOST_PIECES, MOST_PRODUCTS, MOST_STEPS, MOST_UNITS
from splitter.codec import Chance, Days, DaysFromZero, Share, SomeMass, SomeVolume, from_text, whole
from splitter.prescription.quantity import StatedQuantity
from splitter.prescription.rule import TaperRule
from splitter.prescription.weekdays import ChangeDays
from splitter.quantity import Mass, Money, Volume
from splitter.units import ReadError, parse_syringe, quoted

Units = Annotated[int, whole(0, MOST_UNITS)]


def _sha256(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise ReadError(quoted(text), "leave it as splitter amend wrote it: 64 digits of a SHA-256")
    return text


class Split(StrEnum):
    """How far tablets may be broken (rule R2)."""

    NEVER = "never"
    SCORED = "scored"
    HALVES = "halves"
    QUARTERS = "quarters"


class Cutting(StrEnum):
    """What tablets are broken with; it decides how exact their parts are, and nothing else."""

    SPLITTER = "splitter"
    HAND = "hand"
    KNIFE = "knife"


class Liquids(StrEnum):
    """Whether liquids may, must not, or must be used (rule R6)."""

    NEVER = "never"
    ALLOW = "allow"
    ONLY = "only"


class DivisionRule(StrEnum):
    """How a day's dose becomes the doses of its times (rule R3): by the path, or freely within the imbalance."""

    PATH = "path"
    FREE = "free"


class Fine(StrEnum):
    """Where liquids and compounded products may be used (rule R7): where tablets can't, a form at a time; anywhere."""

    PHASE = "phase"
    FREE = "free"


class Prefer(StrEnum):
    """What a plan is judged by beside its cost; it sets the default burdens."""

    CHEAPEST = "cheapest"
    SIMPLE = "simple"


class LargerDose(StrEnum):
    """Which end of the day takes the larger administrations."""

    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Syringe:
    """An oral syringe. `text` is the policy's own string, which plans and sheets quote."""

    text: str
    capacity: Volume
    graduation: Volume

    @classmethod
    def parse(cls, text: str) -> Syringe:
        """Read "1 mL by 0.02 mL". Raises units.ReadError."""
        capacity, graduation = parse_syringe(text)
        return cls(text=text, capacity=capacity, graduation=graduation)


SyringeText = Annotated[Syringe, from_text(Syringe.parse)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The settings of one plan (rules R2 to R7), after the prescription's own have replaced the pharmacy's.

    `max_imbalance` None: the drug's own from the formulary applies, else no limit. A burden of None is
    set by `prefer`. `visit_interval`, `form_change`, `max_supply` and `spare` [days]; `max_supply` None: no limit but
    the shelf life; `max_supply_controlled` takes its place for a drug with a schedule, where it is stated. `spare` is
    how far each hand-over reaches beyond the next visit, never for a drug with a schedule. `evenness`
    and `min_share` are shares, of the mean dose of a day and of an administration; burdens are money per event.
    `resolve` is how sure it must be that a day on a step delivers less than one on the step before; 0 asks for nothing.
    `compounded_strengths` is how many strengths of compounded capsules may be chosen out of recipes of several.
    """

    visit_interval: Days = 28
    split: Split = Split.SCORED
    cutting: Cutting = Cutting.SPLITTER
    resolve: Chance = Fraction(0)
    max_pieces: Annotated[int, whole(1, MOST_PIECES)] = 6
    division: DivisionRule = DivisionRule.PATH
    evenness: Share = Fraction(2, 5)
    every_time: bool = False
    fine: Fine = Fine.PHASE
    form_change: DaysFromZero = 21
    max_supply: Days | None = None
    max_supply_controlled: Days | None = None
    spare: DaysFromZero = 0
    max_imbalance: Mass | None = None
    liquids: Liquids = Liquids.ALLOW
    compounded: bool = True
    compounded_strengths: Annotated[int, whole(0, MOST_CHOSEN)] = 2
    one_liquid: bool = True
    max_volume: SomeVolume = Volume(Fraction(20))
    min_volume: Volume = Volume(Fraction(1, 5))
    min_share: Share = Fraction(1, 20)
    max_products: Annotated[int, whole(0, MOST_PRODUCTS)] = 0
    exclude: tuple[str, ...] = ()
    syringes: tuple[SyringeText, ...] = tuple(
        Syringe.parse(text) for text in ("1 mL by 0.02 mL", "3 mL by 0.1 mL", "5 mL by 0.2 mL", "10 mL by 0.2 mL")
    )
    prefer: Prefer = Prefer.CHEAPEST
    split_burden: Money | None = None
    piece_burden: Money | None = None
    measure_burden: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """The pharmacy's fees: per dispensed item, unit cut and compounded batch, and labour per hour."""

    item_fee: Money
    split_fee: Money
    batch_fee: Money
    labour_rate: Money
    source: str | None = None


class Evidence(StrEnum):
    """How long a compounded preparation may be kept: by the default limits, or by accepted published evidence too."""

    DEFAULT = "default"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compounding:
    """How the pharmacy compounds.

    `first_day` is the number of the day of compounding when beyond-use days are counted: 1, or 0 where it is
    not counted. The balance reads in whole multiples of `balance_readability`, and nothing lighter than
    `balance_minimum` is weighed on it.
    """

    evidence: Evidence = Evidence.DEFAULT
    first_day: Annotated[int, whole(0, 1)] = 1
    balance_readability: SomeMass = Mass(Fraction(1))
    balance_minimum: SomeMass = Mass(Fraction(120))
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pharmacy:
    """Who dispenses, at what cost, by which policy."""

    name: str
    address: str
    phone: str
    licence: str
    currency: str
    costs: Costs
    policy: Policy
    compounding: Compounding = Compounding()
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    name: str
    born: date | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescriber:
    name: str
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """How far a delivered dose may be from its target: a mass, or a share of the target (not both)."""

    mass: Mass | None = None
    share: Fraction | None = None

    def of(self, target: Mass) -> Mass:
        """The largest deviation [mg] that this tolerance allows for a dose of `target`."""
        if self.share is not None:
            return target * self.share
        return self.mass if self.mass is not None else Mass(Fraction(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Consecutive days with one target daily dose.

    `doses` gives the dose of each administration time where the prescription states it; their sum is
    `target`. `allowed` is the range of daily doses that the prescriber stated, for the clinical check. `missed` is the
    dose that a rule asked for, where the step's is farther from it than the rule allows. `room` is what the step leaves
    for errors of pieces and volumes [mg], where the policy asks that steps be resolved (rule R8).
    """

    days: int
    target: Mass
    doses: tuple[Mass, ...] | None = None
    allowed: tuple[Mass, Mass] | None = None
    missed: Mass | None = None
    room: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHome:
    """What the patient has of one product, which is used first and costs nothing.

    Of a counted product whole `units` and fragments of them; of a bottle or a compounded preparation a `volume`, of
    compounded capsules their number, and the last day on which it may be used (None: no such day).
    """

    product: str
    units: Units = 0
    halves: Units = 0
    thirds: Units = 0
    quarters: Units = 0
    volume: Volume = Volume(Fraction(0))
    use_by: date | None = None

    @property
    def fragments(self) -> tuple[tuple[Fraction, int], ...]:
        """The sizes of what there are fragments of, in units, with how many."""
        counts = ((2, self.halves), (3, self.thirds), (4, self.quarters))
        return tuple((Fraction(1, parts), count) for parts, count in counts if count)

    @property
    def amount(self) -> Fraction:
        """All of it [units or mL]."""
        return self.units + sum((size * count for size, count in self.fragments), Fraction(0)) + self.volume.value


Digest = Annotated[str, from_text(_sha256)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """How a prescription came from another under way: the `number` of the amendment, from 1, and what it replaces.

    `plan` and `prescription` are the SHA-256 of the files that it replaces, `change` says how the taper was changed,
    `reason` why, `by` who decided it.
    """

    number: Annotated[int, whole(1, MOST_STEPS)]
    plan: Digest
    prescription: Digest
    change: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """One prescription. Its steps are dated from `start`; day 0 is `start`.

    It has steps, or the `taper` by whose rule they are made. `larger_dose` None: the drug's own applies. `cut_order`
    holds its times, the one that is lowered first in front. A new dose begins on `change_days` alone, None: on any day;
    steps that are written out wait already.

    `settings` holds the policy values that the prescription itself states, by their key in `Policy`; they
    replace the pharmacy's, except `exclude`, which adds to it. `at_home` is what the patient has, a product once.
    `quantity` is what the prescriber says is to be handed over, `follows` the name of the cited taper that the
    prescriber goes by, `egfr` the kidneys' function [mL/min].
    """

    number: str
    drug: str
    start: date
    times: tuple[time, ...]
    steps: tuple[Step, ...] = ()
    taper: TaperRule | None = None
    written: date | None = None
    indication: str | None = None
    tolerance: Tolerance = field(default_factory=Tolerance)
    larger_dose: LargerDose | None = None
    cut_order: tuple[time, ...] | None = None
    change_days: ChangeDays | None = None
    patient: Patient | None = None
    prescriber: Prescriber | None = None
    settings: tuple[tuple[str, object], ...] = ()
    at_home: tuple[AtHome, ...] = ()
    amendment: Amendment | None = None
    quantity: StatedQuantity | None = None
    follows: str | None = None
    egfr: Fraction | None = None
    sha256: str = ""
