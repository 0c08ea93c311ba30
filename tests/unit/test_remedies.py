"""What is offered where no single setting makes a prescription possible: changes that do so together."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest

from splitter.formulary import Formulary, load_formulary
from splitter.plan import Change, Plan, Status, plan_from_json, plan_to_json
from splitter.prescription import Pharmacy, Prescription, read_pharmacy, read_prescription
from splitter.service import plan, verify_plan, with_remedies
from splitter.service.remedies import MOST_MOVED

HEAD = '[prescription]\nnumber = "RX-1"\ndrug = "venlafaxine"\nstart = 2026-12-01\ntimes = ["08:00", "20:00"]\n'
BY_GRID = '[taper]\nfrom = "75 mg"\nreduce = "10 %"\nevery = "4 weeks"\nround = "grid"\ngrid = "1 mg"\n'
TOGETHER = (
    Change(key="taper.round", value='"tablets"'),
    Change(key="policy.compounded", value="true"),
    Change(key="taper.last", value='"15 mg"'),
)


@cache
def asked(text: str) -> tuple[Prescription, Pharmacy, Formulary]:
    return read_prescription("rx.toml", HEAD + text), read_pharmacy(), load_formulary("venlafaxine")


@cache
def remedied(text: str) -> Plan:
    """The plan of a prescription with all that would help."""
    return with_remedies(plan(*asked(text)), *asked(text))


def test_changes_that_help_together() -> None:
    """In milligrams without compounding it can't be made; rounded, compounded, and ended sooner it can."""
    made = remedied(f"[policy]\ncompounded = false\n{BY_GRID}")
    assert made.status is Status.INFEASIBLE
    (remedy,) = made.remedies
    assert remedy.changes == TOGETHER
    assert 0 < remedy.moved <= MOST_MOVED
    rounded = BY_GRID.replace('"grid"', '"tablets"') + 'last = "15 mg"\n'
    assert plan(*asked(rounded)).total == remedy.total
    assert plan_from_json(plan_to_json(made), "plan.json") == made


@pytest.mark.parametrize(
    "changes",
    [{"total": Fraction(1)}, {"moved": Fraction(1, 100)}, {"changes": TOGETHER[:2]}, {"changes": TOGETHER[1:]}],
)
def test_a_wrong_remedy_is_caught(changes: dict[str, object]) -> None:
    """Each is worked out anew by the second check."""
    made, order = (
        remedied(f"[policy]\ncompounded = false\n{BY_GRID}"),
        asked(f"[policy]\ncompounded = false\n{BY_GRID}"),
    )
    assert verify_plan(made, *order).agrees
    wrong = replace(made, remedies=(replace(made.remedies[0], **changes),))
    assert {finding.code for finding in verify_plan(wrong, *order).findings} == {"verify-remedies"}


@pytest.mark.parametrize(
    "text",
    [
        '[policy]\ncompounded = false\n[[step]]\ndaily = "66 mg"\nfor = "2 weeks"\n',
        '[[step]]\ndaily = "75 mg"\nfor = "2 weeks"\n',
    ],
    ids=["one setting is enough", "it can be made"],
)
def test_nothing_is_offered_where_nothing_is_needed(text: str) -> None:
    """A single relaxation that suffices is told with its conflict; a plan has none."""
    assert remedied(text).remedies == ()


def test_no_offer_moves_a_dose_far() -> None:
    """2 mg a day lies below all that can be measured: nothing near it can be made, so nothing is offered."""
    assert remedied('[[step]]\ndaily = "2 mg"\nfor = "2 weeks"\n').remedies == ()
