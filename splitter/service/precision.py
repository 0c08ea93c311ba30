"""How precise a plan's doses are under the policy in force, and what a mix would cost that resolves every step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from splitter.optimise import Limits
from splitter.plan import Plan, Status
from splitter.precision import USUAL_CERTAINTY, StepPrecision, precision_of, unresolved
from splitter.prescription import DivisionRule
from splitter.service.comparison.asking import Asking
from splitter.service.comparison.settings import PolicyLine, Settings, policy_of, with_settings, written
from splitter.service.inputs import Inputs

_FINE = 1_000_000
MOST_NODES = 100_000
"""Partial plans that are looked at for a mix that resolves; no clock, so that a prescription has one answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolving:
    """What `setting` would make of a plan with steps that its mix doesn't resolve.

    `plan` is None where there is none with it. `left` are the steps that it doesn't resolve either, counted from 1:
    those that whole tablets are too inexact for.
    """

    setting: PolicyLine
    plan: Plan | None
    left: tuple[int, ...]


def precision(made: Plan, inputs: Inputs) -> tuple[StepPrecision, ...]:
    """The precision of each step of a plan that was made from these inputs."""
    policy = policy_of(inputs)
    return precision_of(made, inputs.formulary.products, policy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What a day of one step delivers, for other programs: all but `mean_mg` rounded to a millionth.

    Between `low_mg` and `high_mg` lie 95 % of days. `chance_wrong`, `resolved_mg` and `is_resolved` are those of the
    change from the step before, None where there is none. `step` counts from 1.
    """

    step: int
    mean_mg: Fraction
    sd_mg: Fraction
    low_mg: Fraction
    high_mg: Fraction
    chance_wrong: Fraction | None
    resolved_mg: Fraction | None
    is_resolved: bool | None


def delivered(made: Plan, inputs: Inputs) -> tuple[Delivered, ...]:
    """The precision of each step in figures that can be written down."""
    return tuple(map(_delivered, precision(made, inputs)))


def _delivered(exact: StepPrecision) -> Delivered:
    (low, high), change = exact.day.range_mg, exact.change
    return Delivered(
        step=exact.step,
        mean_mg=exact.day.mean_mg,
        sd_mg=_rounded(exact.day.sd_mg),
        low_mg=_rounded(low),
        high_mg=_rounded(high),
        chance_wrong=_rounded(change.chance_wrong) if change else None,
        resolved_mg=change.resolved_mg if change else None,
        is_resolved=change.is_resolved if change else None,
    )


def _rounded(value: float) -> Fraction:
    return Fraction(round(value * _FINE), _FINE)


def resolving(made: Plan, inputs: Inputs) -> Resolving | None:
    """The cheapest plan that resolves its steps, where `made` has some that it doesn't; else None.

    None, too, where the policy asks for that already, or divides freely. Its search has a limit of its own; what isn't
    found within it is no plan.
    """
    policy = policy_of(inputs)
    if policy.resolve or policy.division is DivisionRule.FREE or unresolved(precision(made, inputs)) is None:
        return None
    settings: Settings = (("resolve", USUAL_CERTAINTY),)
    (line,) = written(settings)
    found = Asking(inputs, Limits(nodes=MOST_NODES), None, 1).plan(settings)
    if found is None or found.status is Status.INFEASIBLE:
        return Resolving(setting=line, plan=None, left=())
    asked = replace(inputs, prescription=with_settings(inputs.prescription, settings))
    left = unresolved(precision(found, asked))
    return Resolving(setting=line, plan=found, left=left.steps if left else ())
