"""What the commands do, as functions from records to records: anyone can call them from Python.

`beginning` writes a prescription to begin with, `amending` changes one under way, `inputs` reads the files of one,
`sources` says where in them a fault stands; `planning` makes the plan, of several `families` of strengths the best,
`assembly` writes it down, `remedies` says what would help; `release` says whether it may be printed, `answers` holds
the physician's answer and `summary` what it shows first, `verification` the second check, `scheduling` the dated
steps, `proposing` those inside a prescriber's ranges, `comparison` the alternatives and the worth of each product.
"""

from splitter.service.amending import Amended, Link, Order, Replaced, amend, check_chain
from splitter.service.answers import Answer, Pace, PacedAnswer, Verdict, check, check_paces, decided
from splitter.service.beginning import beginning
from splitter.service.comparison import (
    Alternative,
    Comparison,
    Measures,
    PolicyLine,
    compare,
    with_reasons,
    with_savings,
)
from splitter.service.inputs import Inputs, inputs_of, load, load_order, load_shared
from splitter.service.planning import plan
from splitter.service.precision import Delivered, Resolving, delivered, precision, resolving
from splitter.service.proposing import Drop, Proposal, Proposals, propose
from splitter.service.release import accept, objections, refuse_unprintable, stops
from splitter.service.remedies import with_remedies
from splitter.service.scheduling import ScheduledStep, TaperSchedule, schedule
from splitter.service.sources import Sources, by_product
from splitter.service.summary import OtherCost, StepDown, Summary, cost_of_visit, summary_of
from splitter.service.verification import Verification, together, verify_plan

__all__ = [
    "Alternative",
    "Amended",
    "Answer",
    "Comparison",
    "Delivered",
    "Drop",
    "Inputs",
    "Link",
    "Measures",
    "Order",
    "OtherCost",
    "Pace",
    "PacedAnswer",
    "PolicyLine",
    "Proposal",
    "Proposals",
    "Replaced",
    "Resolving",
    "ScheduledStep",
    "Sources",
    "StepDown",
    "Summary",
    "TaperSchedule",
    "Verdict",
    "Verification",
    "accept",
    "amend",
    "beginning",
    "by_product",
    "check",
    "check_chain",
    "check_paces",
    "compare",
    "cost_of_visit",
    "decided",
    "delivered",
    "inputs_of",
    "load",
    "load_order",
    "load_shared",
    "objections",
    "plan",
    "precision",
    "propose",
    "refuse_unprintable",
    "resolving",
    "schedule",
    "stops",
    "summary_of",
    "together",
    "verify_plan",
    "with_reasons",
    "with_remedies",
    "with_savings",
]
