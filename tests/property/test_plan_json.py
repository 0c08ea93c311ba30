"""A plan survives being written and read, whatever it holds."""

import datetime as dt
import json
from dataclasses import fields, is_dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from splitter.bounds import MOST_COUNTED, MOST_STEPS, RECKONED_YEARS
from splitter.codec import from_json, record_of
from splitter.plan import FORMAT, Plan, plan_to_json
from splitter.prescription import Amendment

PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), max_size=5),
    int: st.integers(min_value=0, max_value=MOST_COUNTED),
    bool: st.booleans(),
    Fraction: st.fractions(min_value=0, max_value=10**12, max_denominator=10**12),
    dt.date: st.dates(dt.date(RECKONED_YEARS[0], 1, 1), dt.date(RECKONED_YEARS[1], 12, 31)),
    dt.time: st.times().map(lambda time: time.replace(second=0, microsecond=0)),
    NoneType: st.none(),
}

PLAIN[Amendment] = st.builds(
    Amendment,
    number=st.integers(min_value=1, max_value=MOST_STEPS),
    plan=st.just("0" * 64),
    prescription=st.just("f" * 64),
    change=PLAIN[str],
    reason=PLAIN[str],
    by=PLAIN[str],
)


@cache  # hypothesis looks each strategy over once, so that each type's has to be one object
def values(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type, from the fields' types alone."""
    if kind in PLAIN:
        return PLAIN[kind]
    if is_dataclass(kind):
        return st.deferred(lambda: records(kind))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return st.sampled_from(list(kind))
    parts = get_args(kind)
    if get_origin(kind) is tuple and parts[-1] is Ellipsis:
        return st.lists(values(parts[0]), max_size=2).map(tuple)
    if get_origin(kind) is tuple:
        return st.tuples(*(values(part) for part in parts))
    return st.one_of(*(values(part) for part in parts))


def records(kind: Any) -> st.SearchStrategy[Any]:
    types = get_type_hints(kind)
    return st.builds(kind, **{field.name: values(types[field.name]) for field in fields(kind)})


PLANS = st.builds(
    Plan,
    **{name: values(kind) for name, kind in get_type_hints(Plan).items() if name != "format"},
    format=st.just(FORMAT),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(PLANS)
def test_a_plan_reads_back(plan: Plan) -> None:
    """The same plan, and the same bytes when it is written again, also where no plan could say it."""
    text = plan_to_json(plan)
    again = record_of(Plan, from_json(text, "plan.json"), "plan.json", {"format": FORMAT})
    assert again == plan
    assert plan_to_json(again) == text


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(PLANS)
def test_a_plan_holds_no_binary_number(plan: Plan) -> None:
    """Exact numbers are texts, so that no reader rounds them."""
    floats: list[str] = []
    json.loads(plan_to_json(plan), parse_float=floats.append)
    assert floats == []
