"""A plan as a file: written as JSON under a seal, read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

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
    try:
        return _plan_of(from_json(text, file), file)
    except InputError as error:
        faults = error.faults
    raise InputError(with_lines(faults, text))  # now that what was read of a large file is gone


def _plan_of(fields: Mapping[str, Any], file: str) -> Plan:
    plan = record_of(Plan, fields, file, {"format": FORMAT})
    refuse_unsound(plan, file)
    return plan if plan.seal == seal_of(fields) else replace(plan, seal="")
