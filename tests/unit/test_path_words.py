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
        ("14:00", (60, 45, 30), "tablets, the same dose three times a day, each lower by 5 mg at a step"),
        ("14:00", (60, 30, 15), "tablets, the same dose three times a day, each lower at a step"),
        ("14:00", (30, 20, 10), "tablets, lower at some times of the day at each step"),
    ],
    ids=[
        "one time",
        "noon",
        "two in the morning",
        "several times",
        "all times by one amount",
        "all times",
        "a time gets nothing",
    ],
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


METHADONE = """[prescription]
number = "RX-2"
drug = "methadone"
start = 2026-12-01
times = ["08:00", "14:00", "20:00"]
"""


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        (
            ("18", "16.5", "15", "13.5", "12"),
            "measured doses; on the days of Dec 8 to Dec 14 and Dec 22 to Dec 28 also tablets",
        ),
        (
            ("18", "16.5", "15", "16.5", "15", "13.5", "12", "13.5", "12"),
            "tablets and measured doses; which of them are taken changes 8 times",
        ),
    ],
    ids=["two weeks", "too many"],
)
def test_short_stretches_of_something_else_are_dated(targets: tuple[str, ...], words: str) -> None:
    """What is taken on most days comes first, then when tablets join it; many such stretches are counted."""
    steps = "".join(f'[[step]]\ndaily = "{target} mg"\nfor = "1 week"\n' for target in targets)
    made = plan(read_prescription("rx.toml", METHADONE + steps), read_pharmacy(), load_formulary("methadone"))
    assert path_words(made) == words
