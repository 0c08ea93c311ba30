"""What the commands do, as functions from records to records: anyone can call them from Python.

`inputs` reads the files of one prescription, `planning` makes the plan, `assembly` writes it down, `release`
says whether it may be printed, `answers` holds the physician's answer, the second check and the schedule,
`comparison` the alternatives and the worth of each product.
"""

from splitter.service.answers import Answer, ScheduledStep, Verdict, Verification, check, schedule, verify_plan
from splitter.service.comparison import Alternative, Comparison, Measures, Setting, compare, with_reasons, with_savings
from splitter.service.inputs import Inputs, load, load_shared
from splitter.service.planning import plan
from splitter.service.release import accept, objections, refuse_unprintable, stops

__all__ = [
    "Alternative",
    "Answer",
    "Comparison",
    "Inputs",
    "Measures",
    "ScheduledStep",
    "Setting",
    "Verdict",
    "Verification",
    "accept",
    "check",
    "compare",
    "load",
    "load_shared",
    "objections",
    "plan",
    "refuse_unprintable",
    "schedule",
    "stops",
    "verify_plan",
    "with_reasons",
    "with_savings",
]
