"""Errors planted in plan files: every field changed, every key and entry taken out, every list turned round.

A plan file must be refused by whoever prints it, because its seal is broken; and, with a seal made anew, by whoever
checks it against what it was made from.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

from splitter.errors import InputError, RefusedError
from splitter.plan import Plan, plan_from_json
from splitter.plan.seal import SEAL, seal_of
from splitter.service import refuse_unprintable, verify_plan
from tests.faults.plans import NAMES, Planned, planned

Path = tuple[str | int, ...]
Fields = dict[str, Any]

UNKNOWABLE = ("provenance.version ", "reasons emptied", "reasons taken out")
"""What the inputs alone don't tell: which version made the plan, and whether its reasons were asked for."""

_OTHERS = {
    "stop": "warn",
    "warn": "note",
    "note": "warn",
    "optimal": "feasible",
    "feasible": "optimal",
    "infeasible": "optimal",
    "tablet": "capsule",
    "capsule": "tablet",
    "suspension": "solution",
    "solution": "suspension",
    "label": "secondary",
    "secondary": "label",
    "unverified": "label",
    "plain": "fine",
    "fine": "plain",
    "IV": "II",
    "II": "IV",
    "1/2": "1/4",
    "1/4": "1/2",
}


def planted(fields: Fields) -> Iterator[tuple[str, Fields]]:
    """Every error, by a name that says where it is and what it is."""
    for path, value in _walk(fields):
        for what, other in _changes(value):
            yield f"{_said(path)} {what}", _with(fields, path, other)
        yield f"{_said(path)} taken out", _without(fields, path)
        if isinstance(path[-1], int):
            yield f"{_said(path)} twice", _twice(fields, path)


def prints(text: str) -> bool:
    """Whether a plan file would be printed from."""
    try:
        refuse_unprintable(plan_from_json(text, "plan.json"))
    except (InputError, RefusedError):
        return False
    return True


def passes(text: str, of: Planned) -> bool:
    """Whether a plan file that says something else agrees with what the plan was made from."""
    try:
        made = plan_from_json(text, "plan.json")
    except InputError:
        return False
    return made != plan_from_json(of.text, "plan.json") and agrees(made, of)


def agrees(made: Plan, of: Planned) -> bool:
    """Whether a plan agrees with what it was made from."""
    return verify_plan(made, of.inputs.prescription, of.inputs.pharmacy, of.inputs.formulary).agrees


def sealed(fields: Fields) -> str:
    """The file of these fields under a seal that fits them."""
    return json.dumps(fields | {SEAL: seal_of(fields)})


def is_knowable(name: str) -> bool:
    """Whether an error is one that a check could see under a seal made anew."""
    return not name.startswith((*UNKNOWABLE, SEAL))


def report() -> int:
    """Plant all of it, and say what got through; 1 when anything did."""
    through = 0
    for plan in NAMES:
        of = planned(plan)
        fields = json.loads(of.text)
        assert agrees(plan_from_json(of.text, "plan.json"), of)
        tried = printed = 0
        for name, other in planted(fields):
            tried += 1
            if prints(json.dumps(other)):
                printed += 1
                print(f"{plan}: printed: {name}")
            if is_knowable(name) and passes(sealed(other), of):
                through += 1
                print(f"{plan}: passed: {name}")
        print(f"{plan}: {tried} errors, {printed} printed")
        through += printed
    print(f"{through} got through")
    return 1 if through else 0


def _walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value below one, with its path."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        yield (*path, key), below
        yield from _walk(below, (*path, key))


def _changes(value: Any) -> Iterator[tuple[str, Any]]:
    """What a value could be changed into, in words and itself."""
    match value:
        case bool():
            yield "turned", not value
        case int():
            yield "one more", value + 1
            if value:
                yield "as 0", 0
        case str():
            other = _other_text(value)
            yield f"as {json.dumps(other)}", other
        case None:
            yield 'as "x"', "x"
            yield "as 1", 1
        case list() if value:
            yield "emptied", []
            if value != value[::-1]:
                yield "turned round", value[::-1]
        case dict():
            yield "as null", None


def _other_text(text: str) -> str:
    if text in _OTHERS:
        return _OTHERS[text]
    if re.fullmatch(r"\d+", text):
        return str(int(text) + 1)
    if re.fullmatch(r"\d+\.\d+", text):
        return f"{text}1"
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return str(dt.date.fromisoformat(text) + dt.timedelta(days=1))
    return "11:11" if re.fullmatch(r"\d\d:\d\d", text) else f"{text}x"


def _spot(fields: Fields, path: Path) -> tuple[Fields, Any]:
    """A copy of the fields, and what holds the end of a path in it."""
    copied = copy.deepcopy(fields)
    spot: Any = copied
    for key in path[:-1]:
        spot = spot[key]
    return copied, spot


def _with(fields: Fields, path: Path, other: Any) -> Fields:
    copied, spot = _spot(fields, path)
    spot[path[-1]] = other
    return copied


def _without(fields: Fields, path: Path) -> Fields:
    copied, spot = _spot(fields, path)
    del spot[path[-1]]
    return copied


def _twice(fields: Fields, path: Path) -> Fields:
    copied, spot = _spot(fields, path)
    spot.insert(path[-1], copy.deepcopy(spot[path[-1]]))
    return copied


def _said(path: Path) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).removeprefix(".")
