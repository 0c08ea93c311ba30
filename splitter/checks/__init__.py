"""Clinical checks of a plan. Each function is one check; `CHECKS` lists them; adding a check is adding a function.

No check knows a drug: what differs by drug stands in its formulary. `doses` asks about the treatment, `division`
about the times of a day, `products` about what is used, `compounding` about what is made.
"""

from __future__ import annotations

from collections.abc import Sequence

from splitter.checks.compounding import (
    beyond_use_evidence,
    component_expires,
    compounded,
    hazardous_dust,
    too_light_to_weigh,
)
from splitter.checks.division import against_the_day, uneven_day
from splitter.checks.doses import (
    abrupt_end,
    increase_in_taper,
    not_the_target,
    outside_prescribed_range,
    over_labelled_maximum,
    restart_after_pause,
    steep_reduction,
    written_and_started,
)
from splitter.checks.products import (
    illustrative_price,
    long_open_bottle,
    look_alike_concentrations,
    not_proved_cheapest,
    not_scored,
    price_old,
    score_of_one_maker,
    unverified_fact,
)
from splitter.checks.question import Check, Question
from splitter.formulary import Formulary, Product
from splitter.plan import Finding, Plan
from splitter.prescription import Policy, Prescription

CHECKS: tuple[Check, ...] = (
    over_labelled_maximum,
    outside_prescribed_range,
    not_the_target,
    steep_reduction,
    increase_in_taper,
    restart_after_pause,
    abrupt_end,
    against_the_day,
    uneven_day,
    written_and_started,
    not_proved_cheapest,
    too_light_to_weigh,
    component_expires,
    look_alike_concentrations,
    hazardous_dust,
    long_open_bottle,
    not_scored,
    score_of_one_maker,
    illustrative_price,
    price_old,
    unverified_fact,
    beyond_use_evidence,
    compounded,
)


def run_checks(
    plan: Plan,
    prescription: Prescription,
    formulary: Formulary,
    allowed: Sequence[Product] | None = None,
    policy: Policy | None = None,
) -> tuple[Finding, ...]:
    """Every clinical finding about a plan, in the order of `CHECKS`.

    `allowed` are the products that the policy in force lets it use, None for all that are available; without a
    `policy` the default one is in force. For an infeasible plan the
    targets are checked, since nothing is delivered.
    """
    if allowed is None:
        allowed = [product for product in formulary.products if product.available]
    question = Question(
        plan=plan,
        prescription=prescription,
        formulary=formulary,
        allowed=tuple(allowed),
        policy=policy or Policy(),
    )
    return tuple(finding for check in CHECKS for finding in check(question))
