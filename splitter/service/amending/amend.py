"""A taper changed under way: the new prescription and its plan, what of the old papers is void, what it costs.

What was handed over is at home, by the plan as taken until that day or as it was counted; the new plan uses it first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from splitter.codec import from_toml, to_toml
from splitter.division import StepForm
from splitter.errors import Fault, InputError
from splitter.formulary import Formulary
from splitter.optimise import Limits, Progress, day_use
from splitter.plan import Item, Plan, Status
from splitter.prescription import AtHome, Pharmacy, Prescription, Step, read_prescription
from splitter.problem import pose
from splitter.quantity import Mass, format_exact
from splitter.service.amending.remains import handed_over, remains
from splitter.service.planning import plan as planned
from splitter.supply import costs_of, dispense
from splitter.taper import Change, as_toml_steps, changed, rounder_for

_ONE_DAY = dt.timedelta(days=1)
_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a prescriber orders: the `change` from the day `on`, in `words` as it was asked for, why, and who.

    `today` is the day of asking, against which the start is held; None: it isn't.
    `counted` is what was counted at home, in place of what the plan as taken leaves there.
    """

    on: dt.date
    change: Change
    words: str
    reason: str
    by: str
    counted: tuple[AtHome, ...] = ()
    today: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """The plan under way with its prescription: their records, their texts, the digest of the plan's file."""

    plan: Plan
    prescription: Prescription
    text: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    """The new prescription as a file's text, its plan, and what becomes of what was there.

    `void` and `kept` are items of the replaced plan that are at home, whose labels are wrong now or still right.
    `spent` is what was handed over before, `total_before` the whole replaced plan, `saved_by_home` what handing
    over the same doses would cost more if nothing were at home. `differs_from` is the first day on which
    something else is taken than by the replaced plan, None where nothing else is.
    """

    text: str
    prescription: Prescription
    plan: Plan
    void: tuple[Item, ...]
    kept: tuple[Item, ...]
    differs_from: dt.date | None
    last_before: dt.date
    total_before: Fraction
    spent: Fraction
    saved_by_home: Fraction | None

    @property
    def cost_of_change(self) -> Fraction | None:
        """What the taper costs more, or less, from its first day to its last; None where it can't be made."""
        return None if self.plan.total is None else self.spent + self.plan.total - self.total_before


def amend(
    replaced: Replaced,
    order: Order,
    pharmacy: Pharmacy,
    formulary: Formulary,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Amended:
    """The prescription and the plan that take the place of others from a day on.

    Raises InputError for a prescription that isn't the plan's, a plan that can't be made, a day outside it, and for
    more counted at home than was ever handed over.
    """
    _refuse(replaced, order)
    steps = _ordered_steps(replaced)
    day = (order.on - replaced.plan.prescription.start).days
    fine = [step.form is StepForm.FINE for step in replaced.plan.steps]
    rounder = rounder_for(replaced.prescription, steps[0].target, pharmacy, formulary)
    new_steps = changed(steps, day, order.change, rounder, fine)
    homes = _homes(replaced.plan, order)
    text = _text(replaced, order, new_steps, homes)
    prescription = read_prescription("the amended prescription", text)
    made = planned(prescription, pharmacy, formulary, limits, progress, order.today)
    void, kept = _papers(replaced.plan, made, order.on)
    return Amended(
        text=text,
        prescription=prescription,
        plan=made,
        void=void,
        kept=kept,
        differs_from=_first_difference(replaced.plan, made, order.on),
        last_before=replaced.plan.steps[-1].last,
        total_before=replaced.plan.total or _ZERO,
        spent=_spent(replaced.plan, order.on, pharmacy),
        saved_by_home=_saved(prescription, made, pharmacy, formulary),
    )


def _refuse(replaced: Replaced, order: Order) -> None:
    plan = replaced.plan
    faults = []
    if replaced.prescription.sha256 != plan.provenance.prescription_sha256:
        remedy = "name the prescription file that the plan was made from, as it was"
        file = f"prescription {replaced.prescription.number}"
        faults.append(Fault(file=file, key="", found="another prescription than the plan's", remedy=remedy))
    if plan.status is Status.INFEASIBLE:
        faults.append(Fault(file="plan", key="status", found="infeasible", remedy="name a plan that can be made"))
    first, last = plan.prescription.start + _ONE_DAY, plan.steps[-1].last
    if not first <= order.on <= last:
        found = f"{order.on}, a day outside the plan"
        faults.append(Fault(file="", key="--on", found=found, remedy=f"write a day from {first} to {last}"))
    known = {product.id for product in plan.products} | {home.product for home in plan.at_home}
    for home in order.counted:
        had = handed_over(plan, home.product, order.on)
        if home.product not in known:
            remedy = "name a product of the plan: " + ", ".join(sorted(known))
            faults.append(Fault(file="", key="--at-home", found=f'"{home.product}"', remedy=remedy))
        elif (amount := home.amount) > had:
            found = f"{format_exact(amount)} of {home.product}, of which {format_exact(had)} were ever handed over"
            faults.append(Fault(file="", key="--at-home", found=found, remedy="count again"))
    if faults:
        raise InputError(faults)


def _ordered_steps(replaced: Replaced) -> tuple[Step, ...]:
    """The steps of the replaced plan; those of a rule as the plan has them."""
    if replaced.prescription.steps:
        return replaced.prescription.steps
    return tuple(Step(days=step.days, target=Mass(step.target_mg)) for step in replaced.plan.steps)


def _homes(plan: Plan, order: Order) -> tuple[AtHome, ...]:
    """What is at home: as counted, else by the plan as taken; what is used up is left out."""
    counted = {home.product: home for home in order.counted}
    by_plan = {home.product: home for home in remains(plan, order.on)}
    return tuple(home for home in (by_plan | counted).values() if home.amount)


def _text(replaced: Replaced, order: Order, steps: Sequence[Step], homes: Sequence[AtHome]) -> str:
    """The new prescription: the old file's tables with other steps, from another day on."""
    table = from_toml(replaced.text)
    for key in ("step", "taper", "at_home", "amendment"):
        table.pop(key, None)
    table["prescription"]["start"] = order.on
    # A stated quantity is that of the whole taper, which the steps that remain would contradict.
    table["prescription"].pop("quantity", None)
    before = replaced.prescription.amendment
    table["amendment"] = {
        "number": 1 if before is None else before.number + 1,
        "plan": replaced.digest,
        "prescription": replaced.prescription.sha256,
        "change": order.words,
        "reason": order.reason,
        "by": order.by,
    }
    head = f"# The taper as it was changed from {order.on} on: {order.words}. Written by splitter amend.\n"
    changed_to = replace(replaced.prescription, start=order.on, steps=tuple(steps), taper=None)
    homes_text = "".join(f"\n[[at_home]]\n{to_toml(_home_table(home))}" for home in homes)
    return f"{head}\n{to_toml(table)}\n{as_toml_steps(changed_to)}{homes_text}"


def _home_table(home: AtHome) -> dict[str, object]:
    counts = {key: getattr(home, key) for key in ("units", "halves", "thirds", "quarters") if getattr(home, key)}
    volume = {"volume": str(home.volume)} if home.volume else {}
    last = {"use_by": home.use_by} if home.use_by is not None else {}
    return {"product": home.product, **counts, **volume, **last}


def _papers(before: Plan, after: Plan, on: dt.date) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """(what is at home with a label that is wrong now, with one that is still right)."""
    at_home = [item for item in before.items if item.date < on <= item.use_until]
    right = [item for item in at_home if _is_right(before, after, item, on)]
    return tuple(item for item in at_home if item not in right), tuple(right)


def _is_right(before: Plan, after: Plan, item: Item, on: dt.date) -> bool:
    """Whether a label's directions hold on every day that is left of it, and all of them are served by it."""
    home = next((home for home in after.at_home if home.product == item.product), None)
    if home is None or home.used_until is None:
        return False
    days = range((item.use_until - on).days + 1)
    return all(_directions(before, on + n * _ONE_DAY) == _directions(after, on + n * _ONE_DAY) for n in days)


def _directions(plan: Plan, day: dt.date) -> object:
    """What is given at each time of a day."""
    step = plan.step_on(day)
    return None if step is None else step.administrations


def _first_difference(before: Plan, after: Plan, on: dt.date) -> dt.date | None:
    last = max(before.steps[-1].last, after.steps[-1].last)
    days = (on + number * _ONE_DAY for number in range((last - on).days + 1))
    return next((day for day in days if _directions(before, day) != _directions(after, day)), None)


def _spent(plan: Plan, on: dt.date, pharmacy: Pharmacy) -> Fraction:
    """What was handed over before a day, with its fees at the pharmacy's rates."""
    items = [item for item in plan.items if item.date < on]
    fees = pharmacy.costs.item_fee.value * len(items) + pharmacy.costs.split_fee.value * sum(item.cut for item in items)
    return sum((item.cost for item in items), _ZERO) + fees


def _saved(prescription: Prescription, made: Plan, pharmacy: Pharmacy, formulary: Formulary) -> Fraction | None:
    """What handing over the same doses would cost more with nothing at home; None where the plan has none."""
    if made.total is None:
        return None
    used = {product.id for product in made.products}
    problem = pose(prescription, pharmacy, formulary)
    problem = replace(problem, stock=tuple(product for product in problem.stock if product.id in used))
    days = [day_use(step.administrations) for step in made.steps]
    with_home, without = (
        sum(costs_of(problem, dispense(each, days)), _ZERO) for each in (problem, replace(problem, at_home=()))
    )
    return without - with_home
