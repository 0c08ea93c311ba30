"""The check of a plan against its inputs, stage by stage."""

from __future__ import annotations

from splitter.formulary import Formulary
from splitter.plan import Finding, Plan, Status
from splitter.prescription import Pharmacy, Prescription
from splitter.verify.accepted import check_accepted
from splitter.verify.at_home import check_at_home
from splitter.verify.case import open_case
from splitter.verify.choice import check_choice
from splitter.verify.conflicts import check_infeasible, check_status
from splitter.verify.copies import check_copies
from splitter.verify.costs import check_costs
from splitter.verify.items import check_items
from splitter.verify.path.forms import check_division
from splitter.verify.reasons import check_reasons, check_savings
from splitter.verify.regimens import check_regimens, check_steps
from splitter.verify.sealed import check_seal
from splitter.verify.triturations import check_all_triturations

# Each stage rests on the one before: supply that is re-added from a wrong regimen says nothing (and a volume
# of a million mL would keep it busy for hours). So the stage that finds a fault is the last.
_STAGES = (
    (check_status, check_steps),
    (check_regimens, check_choice, check_division),
    (check_items, check_at_home, check_all_triturations, check_costs, check_reasons, check_savings),
)
_STAGES_INFEASIBLE = (_STAGES[0], (check_infeasible,))


def verify(plan: Plan, prescription: Prescription, pharmacy: Pharmacy, formulary: Formulary) -> tuple[Finding, ...]:
    """Every figure of `plan` that the inputs contradict; empty when all agree.

    `prescription` has its steps written out (a taper rule already expanded). That no other regimens are
    cheaper is not shown here, only that these obey every rule, with the best lots, at the cost that is stated.
    """
    case = open_case(plan, prescription, pharmacy, formulary)
    copies = (*check_seal(plan), *check_accepted(plan), *check_copies(case))
    for stage in _STAGES_INFEASIBLE if plan.status is Status.INFEASIBLE else _STAGES:
        findings = tuple(finding for check in stage for finding in check(case))
        if findings:
            return (*copies, *findings)
    return copies
