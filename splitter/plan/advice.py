"""What a plan says beside itself: why it can't be made, what would help, what its products and settings are worth."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from splitter.codec import DayDifference, Difference


class Status(StrEnum):
    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True, slots=True, kw_only=True)
class NearerDose:
    """One change of a setting that doesn't make an impossible dose possible, but one that is nearer to it [mg]."""

    key: str
    value: str
    dose_mg: Fraction
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """One change of a setting that makes an impossible dose possible, and the plan's total with it.

    `suffices`: not this step alone but the whole prescription can be made with it; where it can and `total` is None,
    the search for the plan was too long. `message` says the change as a pharmacist would.
    """

    key: str
    value: str
    total: Fraction | None
    message: str = ""
    suffices: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Why no plan is allowed: an irreducible set of rules, settings and products that conflict.

    `step` is 0-based, None for a conflict that no single step has (then `steps`). `nearest_mg` are the
    daily doses below and above that the step could be given; `nearer` says how it could be given one nearer.
    """

    step: int | None
    steps: tuple[int, ...]
    rules: tuple[str, ...]
    nearest_mg: tuple[Fraction | None, Fraction | None]
    relaxations: tuple[Relaxation, ...]
    message: str
    nearer: tuple[NearerDose, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductReason:
    """Why a product is in the mix: the steps (0-based) and days it serves, and the best plan without it.

    `status`, `total` and `objective` are those of that plan, and `saves` is by how much the objective rises. They are
    None where there is no such plan, and `message` says why; `status` is None too where a limit ended the search.
    """

    product: str
    steps: tuple[int, ...]
    days: int
    status: Status | None
    total: Fraction | None
    objective: Fraction | None
    saves: Difference | None
    message: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What one changed setting would save: `key` and `value` as a prescription's [policy] would state them.

    `total` is what the plan with it costs, `money` how much less that is, `fine_days` how many days fewer have
    something to measure or a compounded capsule, `fine_left` how many still have, `cut_days` how many fewer have a
    piece of a tablet. `other_doses`: a rule then comes to other doses. `pieces` are those of tablets that are not
    allowed now.
    """

    key: str
    value: str
    total: Fraction
    money: Difference
    fine_days: int
    fine_left: int
    cut_days: DayDifference
    other_doses: bool = False
    pieces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One setting as a prescription would state it: its `key`, with its table, and its `value`, as in TOML."""

    key: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """Changes, mostly two together, that make a prescription possible that no change of one setting does.

    `total` is what the plan with them costs, `moved` the largest share by which a day's dose is another than asked.
    """

    changes: tuple[Change, ...]
    total: Fraction
    moved: Fraction
