"""How the doses go down, in one sentence: no more is said than is so of every step."""

from __future__ import annotations

import pytest

from splitter.cli.show import whole_plan
from splitter.formulary import load_formulary
from splitter.prescription import Prescription, read_pharmacy, read_prescription
from splitter.service import plan
from splitter.wording.path import course_words, path_words

HEAD = '[prescription]\nnumber = "RX-1"\ndrug = "baclofen"\nstart = 2026-12-01\ntimes = ["08:00", "{}", "20:00"]\n'


def ordered(second: str, *targets: int) -> Prescription:
    steps = "".join(f'[[step]]\ndaily = "{target} mg"\nfor = "1 week"\n' for target in targets)
    return read_prescription("rx.toml", HEAD.format(second) + steps)


@pytest.mark.parametrize(
    ("second", "targets", "words"),
    [
        ("14:00", (60, 55, 50, 45), "tablets, one time of the day lower by 5 mg at a step, the afternoon's first"),
        ("12:00", (60, 55, 50, 45), "tablets, one time of the day lower by 5 mg at a step, noon's first"),
        ("09:00", (60, 55, 50, 45), "tablets, one time of the day lower by 5 mg at a step, the 09:00 dose's first"),
        ("14:00", (80, 70, 60), "tablets, lower at some times of the day at each step"),
        ("14:00", (30, 20, 10), "tablets, lower at some times of the day at each step"),
    ],
    ids=["one time", "noon", "two in the morning", "several times", "a time gets nothing"],
)
def test_what_is_said(second: str, targets: tuple[int, ...], words: str) -> None:
    """Which time is lowered first; where a step lowers several times, no more than that some are lowered."""
    made = plan(ordered(second, *targets), read_pharmacy(), load_formulary("baclofen"))
    assert path_words(made) == words


def test_doses_that_rise_do_not_go_down() -> None:
    """Neither the plan nor the patient's papers call it so where a dose is above the one before."""
    made = plan(ordered("14:00", 30, 45), read_pharmacy(), load_formulary("baclofen"))
    assert course_words(made) == ""
    assert "How the doses go down" not in whole_plan(made)
    assert "What the doses are: tablets" in whole_plan(made)
