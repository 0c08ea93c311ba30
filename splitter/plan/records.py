"""The plan as it is written to `plan.json`: regimens, items, costs, findings, conflicts.

The field names are the file's. Quantities are exact numbers in the unit that the name or the
`unit` field gives; money is in `currency`. A plan holds all that a label or a sheet prints.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from splitter.codec import Ratio
from splitter.division import StepForm
from splitter.formulary import Caution, Certainty, ControlSchedule, Form, QualityCheck
from splitter.plan.advice import Conflict, ProductReason, Remedy, Saving, Status
from splitter.prescription import Amendment, DivisionRule, Patient, Prescriber

FORMAT = "splitter-plan/1"


class Severity(StrEnum):
    STOP = "stop"
    WARN = "warn"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """`count` pieces of one `fraction` of a product, written as "1", "1/2", "1/3" or "1/4"."""

    product: str
    fraction: Ratio
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measured volume [mL]. `syringe` is the policy's own string.

    Where it is more than that syringe holds, it is drawn up in full draws of it and a rest, `rest_syringe` is that of
    the rest; else None.
    """

    product: str
    mL: Fraction  # noqa: N815  the file's own name
    syringe: str
    rest_syringe: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """What is given at one clock time of a day; an empty `take` and no `measure` is a dose of zero."""

    time: dt.time
    dose_mg: Fraction
    take: tuple[Take, ...]
    measure: Measure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """One step with the regimen of each of its days; a drug-free step has no administrations.

    `delivered_mg` is None in an infeasible plan. `form` says whether it is given with plain products or with the plan's
    liquid or compounded capsules (rule R7); None where that is free, and of a drug-free step.
    """

    start: dt.date
    days: int
    target_mg: Fraction
    delivered_mg: Fraction | None
    administrations: tuple[Administration, ...]
    form: StepForm | None = None

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return self.start + dt.timedelta(days=self.days - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`count` packs, bottles or containers of `size` (units or mL)."""

    size: Fraction
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trituration:
    """What is weighed to make an ingredient that is a trituration for one batch, counted from 1 [mg].

    At least the `needed_mg` that the batch takes is made: `powder_mg` and `diluent_mg`, each no less than the balance
    weighs well and a whole multiple of what it reads, in exactly the recipe's proportion; `total_mg` is their sum.
    """

    batch: int
    ingredient: str
    needed_mg: Fraction
    powder_mg: Fraction
    diluent_mg: Fraction
    total_mg: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One product handed over on one date; each of its containers is labelled. `cost` is the product's, without fees.

    `use_from` and `use_until` are the first and the last day it serves; in plans of earlier versions it serves from
    its `date` on, and `use_from` is None. `discard_after` is the last day of its shelf life, None for counted units
    and for bottles without a limit or that are opened one after another. `triturations` are those of its batches.
    """

    date: dt.date
    use_until: dt.date
    discard_after: dt.date | None
    product: str
    quantity: Fraction
    unit: str
    cut: int
    needed: Fraction
    batches: int | None
    parts: tuple[Part, ...]
    cost: Fraction
    triturations: tuple[Trituration, ...] = ()
    use_from: dt.date | None = None

    @property
    def first_day(self) -> dt.date:
        """The first day that it serves."""
        return self.use_from or self.date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedHome:
    """What the patient has of one product, called `name`, and what of it the plan's days take.

    Whole `units` and fragments of a counted product or compounded capsules, or a `volume_mL`; `used` [units or mL] is
    taken up to the day `used_until`, None where nothing is. What is left then is not used any more.
    """

    product: str
    name: str
    units: int
    halves: int
    thirds: int
    quarters: int
    volume_mL: Fraction  # noqa: N815  mL is written so
    use_by: dt.date | None
    used: Fraction
    used_until: dt.date | None

    @property
    def stated(self) -> Fraction:
        """All of it [units or mL]."""
        fragments = Fraction(self.halves, 2) + Fraction(self.thirds, 3) + Fraction(self.quarters, 4)
        return self.units + fragments + self.volume_mL


@dataclass(frozen=True, slots=True, kw_only=True)
class CostSummary:
    products: Fraction
    item_fees: Fraction
    split_fees: Fraction
    burdens: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A clinical or supply problem: a code, its weight, where it is, and what it says."""

    code: str
    severity: Severity
    where: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """A finding that stops a plan, taken on by somebody: its code, who, and why."""

    code: str
    by: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDilution:
    """A trituration of `part` of `powder` in `whole`, by mass, made up with `diluent`.

    `salt_factor` is the mass of the powder that holds one of the drug.
    """

    powder: str
    diluent: str
    part: Fraction
    whole: Fraction
    salt_factor: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class IngredientAmount:
    """An ingredient of a recipe: `amount` in `unit` for 100 mL or 100 capsules.

    `active_mg` is the drug in one unit of it, None where it holds none or that is not stated. One that is
    `to_volume` brings the batch to its final volume, or fills the capsules: `amount` is more than enough.
    One with a `dilution` is a trituration, made for each batch.
    """

    name: str
    amount: Fraction
    unit: str
    active_mg: Fraction | None
    to_volume: bool
    dilution: PlannedDilution | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDrug:
    """The drug as labels and sheets must speak of it.

    `schedule` is that of a controlled substance, `hazard` why a hazardous one is and how staff are protected.
    The patient's sentences: signs of withdrawal, and when to call for help.
    """

    name: str
    schedule: ControlSchedule | None
    hazard: str | None
    withdrawal_signs: tuple[str, ...]
    withdrawal_emergency: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedProduct:
    """A product of the plan as labels and sheets name it.

    `ingredients` (per 100 mL or capsules), `method`, `batch_step`, `batch_min`, `batch_max`, `equipment`,
    `quality_checks` and `beyond_use_days` (the day of compounding included) only for compounded ones; `in_use_days`
    only for bottles with a limit after opening; `keeps_days` (the day of pouring included) and `pour_step` [mL] only
    for what is poured out of a stock bottle. `overage` is the share that lots hold beyond their use, None for what is
    counted. Each batch is a whole multiple of `batch_step` and at least `batch_min`; they are as few as `batch_max`
    allows (None: no limit) [mL or capsules]. `salt` is what the strength is of, where that is not the drug itself.
    `codes` are the packages' (NDC in segments, dm+d). `certainty` and `source` are None where a pharmacy's own file
    does not state them.
    """

    id: str
    name: str
    form: Form
    strength_mg: Fraction | None
    concentration_mg_per_mL: Fraction | None  # noqa: N815  mL is written so
    compounded: bool
    storage: str | None
    shake: bool
    in_use_days: int | None
    beyond_use_days: int | None
    beyond_use_basis: str | None
    overage: Fraction | None
    batch_step: Fraction | None
    batch_min: Fraction | None
    batch_max: Fraction | None
    ingredients: tuple[IngredientAmount, ...]
    method: tuple[str, ...]
    salt: str | None
    codes: tuple[str, ...]
    certainty: Certainty | None
    source: str | None
    container: str | None
    equipment: tuple[str, ...]
    quality_checks: tuple[QualityCheck, ...]
    keeps_days: int | None = None
    pour_step: Fraction | None = None

    @property
    def is_poured(self) -> bool:
        """Whether it is repackaged here: poured out of a stock bottle."""
        return self.keeps_days is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPrescription:
    """The words of the prescription that are printed."""

    number: str
    drug: str
    start: dt.date
    times: tuple[dt.time, ...]
    written: dt.date | None
    indication: str | None
    patient: Patient | None
    prescriber: Prescriber | None
    amendment: Amendment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedEquipment:
    """The balance that compounding is reckoned with [mg]."""

    balance_readability_mg: Fraction
    balance_minimum_mg: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPharmacy:
    """The words of the pharmacy that are printed, and what it compounds with."""

    name: str
    address: str
    phone: str
    licence: str
    equipment: PlannedEquipment


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanProvenance:
    """What made the plan, from what: the program's version, the inputs' hashes, the solver."""

    version: str
    formulary_sha256: str
    prescription_sha256: str
    pharmacy_sha256: str
    solver: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenStrengths:
    """The strengths of compounded capsules that a plan has made, out of recipes that state several.

    Of `offered` strengths there were `sets` of at most `at_most` that give every dose of the plan; `products` are the
    ids of the capsules that it uses.
    """

    products: tuple[str, ...]
    offered: int
    at_most: int
    sets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole plan, ready to be checked, written and printed. `reasons`, `savings` and `remedies` are there where
    asked for, `at_home` where the patient has something.

    `accepted` is who takes which finding that would stop it on them, and why. `asked` is the day on which it was made,
    where a finding rests on that. `division` is the rule by which its days were divided, `strengths` what was chosen
    where capsules are made of a recipe of several. A label has those of the `cautions` that hold for its product's
    form. `seal` is that of the file from which the plan was read, empty where it doesn't fit; None for one that was
    not read.
    """

    format: str
    status: Status
    currency: str
    objective: Fraction | None
    total: Fraction | None
    lower_bound: Fraction | None
    steps: tuple[PlannedStep, ...]
    items: tuple[Item, ...]
    costs: CostSummary | None
    findings: tuple[Finding, ...]
    conflicts: tuple[Conflict, ...]
    prescription: PlannedPrescription
    pharmacy: PlannedPharmacy
    drug: PlannedDrug
    products: tuple[PlannedProduct, ...]
    cautions: tuple[Caution, ...]
    provenance: PlanProvenance
    division: DivisionRule = DivisionRule.PATH
    strengths: ChosenStrengths | None = None
    reasons: tuple[ProductReason, ...] = ()
    savings: tuple[Saving, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    at_home: tuple[PlannedHome, ...] = ()
    accepted: tuple[Acceptance, ...] = ()
    asked: dt.date | None = None
    seal: str | None = field(default=None, compare=False)

    def step_on(self, day: dt.date) -> PlannedStep | None:
        """The step of a day, None before the first and after the last."""
        return next((step for step in self.steps if step.start <= day <= step.last), None)
