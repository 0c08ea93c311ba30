"""A plan as a file: written as JSON, read again."""

from __future__ import annotations

from splitter.codec import from_json, to_json
from splitter.plan.records import FORMAT, Plan


def plan_to_json(plan: Plan) -> str:
    """Write a plan as `plan.json`: the records' fields in their order, exact numbers as texts."""
    return to_json(plan)


def plan_from_json(text: str, file: str) -> Plan:
    """Read a plan that `plan_to_json` wrote; `file` names it in messages.

    Fields that this version does not know are passed over. Raises InputError with every other fault.
    """
    return from_json(Plan, text, file, {"format": FORMAT})
