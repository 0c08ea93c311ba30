"""Planted errors: a sample of them in every run; `python -m tests.faults plant` plants all."""

from __future__ import annotations

import json
from itertools import islice

import pytest

from splitter.plan import plan_from_json
from tests.faults.plans import NAMES, planned
from tests.faults.plant import agrees, is_knowable, passes, planted, prints, sealed

EVERY = 23  # no divisor of how often a kind of record repeats, so that all its fields have their turn


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_as_it_was_written_passes(name: str) -> None:
    """The errors below are found for what they are: without them the file agrees with its inputs."""
    of = planned(name)
    assert agrees(plan_from_json(of.text, "plan.json"), of)


@pytest.mark.parametrize("name", NAMES)
def test_no_edited_plan_is_printed(name: str) -> None:
    """Whatever was changed, taken out or turned round: the seal shows it."""
    fields = json.loads(planned(name).text)
    errors = list(islice(planted(fields), 0, None, EVERY))
    assert len(errors) > 10
    assert [error for error, other in errors if prints(json.dumps(other))] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_edited_plan_passes_under_a_new_seal(name: str) -> None:
    """Whoever edits a plan and seals it again is found out by the second check."""
    of = planned(name)
    fields = json.loads(of.text)
    errors = [(error, other) for error, other in islice(planted(fields), 7, None, EVERY) if is_knowable(error)]
    assert len(errors) > 10
    assert [error for error, other in errors if passes(sealed(other), of)] == []


def test_every_kind_of_error_is_planted() -> None:
    """Values changed, keys and entries taken out, entries twice, lists emptied and turned round."""
    names = [name for plan in NAMES for name, _ in planted(json.loads(planned(plan).text))]
    assert len(names) > 4000
    for kind in (" as ", " one more", " turned", " taken out", " twice", " emptied", " turned round"):
        assert any(kind in name for name in names), kind
