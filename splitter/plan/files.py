"""A plan as a file: written as JSON under a seal, read again."""

from __future__ import annotations

from dataclasses import replace

from splitter.codec import fields_of, from_json, record_of, to_json, with_lines
from splitter.errors import InputError
from splitter.plan.records import FORMAT, Plan
from splitter.plan.seal import SEAL, seal_of
from splitter.plan.soundness import refuse_unsound


def plan_to_json(plan: Plan) -> str:
    """Write a plan as `plan.json`: the fields in their order, exact numbers as texts, and their seal."""
    fields = fields_of(plan)
    return to_json(fields | {SEAL: seal_of(fields)})


def plan_digest(plan: Plan) -> str:
    """The digest in the seal of a plan's file, by which paper can be told to be of this very plan."""
    return seal_of(fields_of(plan)).rpartition(" ")[2]


def plan_from_json(text: str, file: str) -> Plan:
    """Read a plan that `plan_to_json` wrote; `file` names it in messages.

    Its `seal` is empty where the file bears none that fits what it says. Fields that this version does not know are
    passed over. Raises InputError with every other fault, and with what no plan can say.
    """
    fields = from_json(text, file)
    try:
        plan = record_of(Plan, fields, file, {"format": FORMAT})
        refuse_unsound(plan, file)
    except InputError as error:
        raise InputError(with_lines(error.faults, text)) from None
    return plan if plan.seal == seal_of(fields) else replace(plan, seal="")
