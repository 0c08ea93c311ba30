"""What is checked against what: the plan, the raw inputs, and the policy in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from splitter.formulary import Formulary, Product
from splitter.plan import Plan, PlannedStep
from splitter.prescription import LargerDose, Pharmacy, Policy, Prefer, Prescription
from splitter.quantity import Money
from splitter.verify.beyond_use import reckoned_again

_NO_BURDENS = (Fraction(0), Fraction(0), Fraction(0))
_SIMPLE_BURDENS = (Fraction("0.20"), Fraction("0.10"), Fraction("0.25"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One check. `max_imbalance` [mg] None: no limit; `burdens` are money per split piece, piece and volume.

    `products` have the beyond-use dates that this pharmacy gives them. `policy` has the `max_supply` and the `spare`
    of this drug; `spare` is the number of days that hand-overs are taken to last beyond the next visit.
    """

    plan: Plan
    prescription: Prescription
    pharmacy: Pharmacy
    formulary: Formulary
    policy: Policy
    max_imbalance: Fraction | None
    burdens: tuple[Fraction, Fraction, Fraction]
    products: Mapping[str, Product]
    larger_dose: LargerDose
    spare: int = 0

    @property
    def days(self) -> int:
        """D: the length of the prescription."""
        return sum(step.days for step in self.prescription.steps)

    def date(self, day: int) -> dt.date:
        """The date of day `day`; day 0 is the start."""
        return self.prescription.start + dt.timedelta(days=day)

    def dated_steps(self) -> tuple[tuple[int, PlannedStep], ...]:
        """The plan's steps, each with the day on which the prescription begins it."""
        day, dated = 0, []
        for step, planned in zip(self.prescription.steps, self.plan.steps, strict=True):
            dated.append((day, planned))
            day += step.days
        return tuple(dated)


def open_case(plan: Plan, prescription: Prescription, pharmacy: Pharmacy, formulary: Formulary) -> Case:
    """The case with the policy in force: the prescription's settings replace the pharmacy's, exclusions add up."""
    policy = _of_schedule(_policy_in_force(prescription, pharmacy), formulary)
    imbalance = policy.max_imbalance if policy.max_imbalance is not None else formulary.max_imbalance
    return Case(
        plan=plan,
        prescription=prescription,
        pharmacy=pharmacy,
        formulary=formulary,
        policy=policy,
        max_imbalance=None if imbalance is None else imbalance.value,
        burdens=_burdens(policy),
        products={p.id: reckoned_again(p, pharmacy.compounding, prescription.start) for p in formulary.products},
        larger_dose=prescription.larger_dose or formulary.larger_dose or LargerDose.LAST,
    )


def _policy_in_force(prescription: Prescription, pharmacy: Pharmacy) -> Policy:
    stated: dict[str, Any] = dict(prescription.settings)
    exclude = (*pharmacy.policy.exclude, *stated.pop("exclude", ()))
    return replace(pharmacy.policy, exclude=exclude, **stated)


def _of_schedule(policy: Policy, formulary: Formulary) -> Policy:
    """A scheduled drug is never handed over with days to spare, and may have a limit of its own on a lot's supply."""
    if formulary.control is None:
        return policy
    if policy.max_supply_controlled is not None:
        policy = replace(policy, max_supply=policy.max_supply_controlled)
    return replace(policy, spare=0)


def _burdens(policy: Policy) -> tuple[Fraction, Fraction, Fraction]:
    split, piece, measure = _SIMPLE_BURDENS if policy.prefer is Prefer.SIMPLE else _NO_BURDENS
    return (
        _stated(policy.split_burden, split),
        _stated(policy.piece_burden, piece),
        _stated(policy.measure_burden, measure),
    )


def _stated(burden: Money | None, default: Fraction) -> Fraction:
    return default if burden is None else burden.value
