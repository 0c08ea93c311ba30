"""How precise a plan's doses are, under the policy in force."""

from __future__ import annotations

from splitter.formulary import policy_for
from splitter.plan import Plan
from splitter.precision import StepPrecision, precision_of
from splitter.service.inputs import Inputs


def precision(plan: Plan, inputs: Inputs) -> tuple[StepPrecision, ...]:
    """The precision of each step of a plan that was made from these inputs."""
    policy = policy_for(inputs.prescription, inputs.pharmacy, inputs.formulary)
    return precision_of(plan, inputs.formulary.products, policy)
