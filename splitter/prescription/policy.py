"""Which policy is in force: the pharmacy's, with the prescription's settings over it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from splitter.bounds import MOST_SWALLOWED, MOST_SYRINGES, MOST_VISITS
from splitter.errors import Fault, InputError
from splitter.prescription.records import DivisionRule, Pharmacy, Policy, Prefer, Prescription
from splitter.quantity import Mass, Money, counted, format_exact

_UNSURE, _SUREST = Fraction(1, 2), Fraction(9999, 10_000)
"""Half of all days is no certainty at all; closer to 1 than this the errors are no normal distribution any more."""

# Money per event, by the rules of the optimisation: "simple" pays a little for easier regimens.
_BURDENS = {
    Prefer.CHEAPEST: {"split_burden": "0", "piece_burden": "0", "measure_burden": "0"},
    Prefer.SIMPLE: {"split_burden": "0.20", "piece_burden": "0.10", "measure_burden": "0.25"},
}


def burdens_of(prefer: Prefer) -> dict[str, Money]:
    """The burdens that a preference sets, by their keys in the policy [money per event]."""
    return {key: Money(Fraction(text)) for key, text in _BURDENS[prefer].items()}


def policy_in_force(
    prescription: Prescription, pharmacy: Pharmacy, drug_imbalance: Mass | None, *, controlled: bool
) -> Policy:
    """The policy of one plan. `drug_imbalance` is the formulary's own limit for rule R3 [mg].

    A setting of the prescription replaces the pharmacy's; its `exclude` adds. No burden is None in the result, and
    `spare` and `max_supply` are those of the drug, `controlled` where it has a schedule. Raises InputError when the
    two together contradict each other.
    """
    stated: dict[str, Any] = dict(prescription.settings)
    excluded = (*pharmacy.policy.exclude, *stated.get("exclude", ()))
    policy = replace(pharmacy.policy, **{**stated, "exclude": tuple(dict.fromkeys(excluded))})
    if policy.max_imbalance is None:
        policy = replace(policy, max_imbalance=drug_imbalance)
    burdens = burdens_of(policy.prefer).items()
    unset: dict[str, Any] = {name: burden for name, burden in burdens if getattr(policy, name) is None}
    policy = replace(policy, **unset)
    if controlled:
        policy = _for_controlled(policy)
    faults = [
        Fault(file=f"prescription {prescription.number}", key=f"policy.{key}", found=found, remedy=remedy)
        for key, found, remedy in (*policy_problems(policy), *_too_many_visits(prescription, policy))
    ]
    if faults:
        raise InputError(faults)
    return policy


def _for_controlled(policy: Policy) -> Policy:
    """What holds of a drug with a schedule: nothing to spare, and a limit of its own on how long a lot may serve."""
    most = policy.max_supply if policy.max_supply_controlled is None else policy.max_supply_controlled
    return replace(policy, spare=0, max_supply=most)


def _too_many_visits(prescription: Prescription, policy: Policy) -> Iterator[tuple[str, str, str]]:
    days = sum(step.days for step in prescription.steps)
    if days > MOST_VISITS * policy.visit_interval:
        found = f"{counted(policy.visit_interval, 'day')}, for a prescription of {days} days"
        yield "visit_interval", found, f"write at least {-(-days // MOST_VISITS)} days"


def policy_problems(policy: Policy) -> Iterator[tuple[str, str, str]]:
    """What contradicts itself inside a policy: key, what was found, remedy."""
    if policy.min_volume > policy.max_volume:
        yield "min_volume", str(policy.min_volume), f"write at most max_volume, {policy.max_volume}"
    if policy.spare > policy.visit_interval:
        most = counted(policy.visit_interval, "day")
        yield "spare", counted(policy.spare, "day"), f"write at most visit_interval, {most}"
    if policy.max_volume.value > MOST_SWALLOWED:
        yield "max_volume", str(policy.max_volume), f"write at most {MOST_SWALLOWED} mL"
    if policy.resolve and not _UNSURE < policy.resolve <= _SUREST:
        yield (
            "resolve",
            format_exact(policy.resolve),
            "write a chance above 0.5 and of at most 0.9999, or 0 for no rule",
        )
    if policy.resolve and policy.division is DivisionRule.FREE:
        yield "resolve", format_exact(policy.resolve), 'leave it out, or write division = "path"'
    if len(policy.syringes) > MOST_SYRINGES:
        yield "syringes", f"{len(policy.syringes)} syringes", f"list at most {MOST_SYRINGES}"
    if not policy.syringes:
        yield "syringes", "no syringe", 'list at least one; liquids = "never" removes liquids'
    texts = [syringe.text for syringe in policy.syringes]
    for text in sorted({text for text in texts if texts.count(text) > 1}):
        yield "syringes", f'"{text}" twice', "list each syringe once"
