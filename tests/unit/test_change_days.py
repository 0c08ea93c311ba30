"""On which weekdays a new dose may begin: steps that would begin on another wait."""

from __future__ import annotations

import pytest

from splitter.errors import InputError
from splitter.formulary import load_formulary
from splitter.prescription import Prescription, read_pharmacy, read_prescription
from splitter.service import plan, schedule, verify_plan

HEAD = """[prescription]
number = "RX-1"
drug = "baclofen"
start = 2026-12-01
times = ["08:00", "20:00"]
change_day = "{}"
"""
STEPS = "".join(f'[[step]]\ndaily = "{mg} mg"\nfor = "{days} days"\n' for mg, days in ((40, 4), (30, 7), (20, 10)))
RULE = '[taper]\nfrom = "40 mg"\nreduce = "10 mg"\nevery = "10 days"\n'


def ordered(change_day: str, body: str = STEPS) -> Prescription:
    return read_prescription("rx.toml", HEAD.format(change_day) + body)


@pytest.mark.parametrize(
    ("change_day", "days"),
    [
        ("Mon to Sun", [4, 7, 10]),  # Dec 1 is a Tuesday: new doses on Sat and on Sat
        ("Mon to Thu", [6, 7, 10]),
        ("Mon, Wed", [6, 7, 10]),
        ("Sat to Mon", [4, 7, 10]),
        ("Fri to Sun", [4, 7, 10]),
        ("Wed", [8, 7, 10]),
        ("Tue, Fri", [7, 7, 10]),
    ],
)
def test_a_step_waits_for_its_day(change_day: str, days: list[int]) -> None:
    """The step before lasts longer; the first and the end of the last are as ordered."""
    assert [step.days for step in ordered(change_day).steps] == days


def test_so_does_a_rule() -> None:
    """Every new dose begins on a Wednesday; the plan has these days and passes its check."""
    order = ordered("Wed", RULE), read_pharmacy(), load_formulary("baclofen")
    found = schedule(*order)
    assert [f"{step.start:%a}" for step in found.steps[1:]] == ["Wed"] * (len(found.steps) - 1)
    made = plan(*order)
    assert [step.start for step in made.steps] == [step.start for step in found.steps]
    assert verify_plan(made, *order).agrees


@pytest.mark.parametrize("text", ["Monday", "Mon to", "Mon to Mon", "Mon, Mon", "", "to Thu", "Mon-Thu"])
def test_what_is_no_weekday_is_refused(text: str) -> None:
    """With an example of what to write."""
    with pytest.raises(InputError) as raised:
        ordered(text)
    assert raised.value.faults[0].key == "prescription.change_day"
    assert "Mon to Thu" in raised.value.faults[0].remedy
