"""What the built-in drugs must not become: broken against a label, mixed, or nearly right; and what is said instead.

The orders are invented and advise nobody how to taper.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from splitter.plan import Plan, Status
from splitter.quantity import format_exact
from splitter.service import load, plan

ONCE, TWICE, THRICE = ["08:00"], ["08:00", "20:00"], ["08:00", "14:00", "20:00"]
NO_LIQUID = 'liquids = "never"'


def order(drug: str, times: list[str], steps: str, policy: str = "") -> str:
    """A prescription: steps as "15 mg x 28, 12.5 mg x 28", with the doses of the times joined by +."""
    text = f'[prescription]\nnumber = "RX-1"\ndrug = "{drug}"\nstart = 2026-12-01\ntimes = {times}\n'
    text += f"[policy]\n{policy}\n" if policy else ""
    for step in steps.split(", "):
        dose, days = step.split(" x ")
        given = [f"{part} mg" for part in dose.removesuffix(" mg").split("+")]
        stated = f"doses = {given}" if "+" in dose else f"daily = '{dose}'"
        text += f"[[step]]\n{stated}\nfor = '{days} days'\n"
    return text


def planned(folder: Path, text: str) -> Plan:
    path = folder / "rx.toml"
    path.write_text(text, encoding="utf-8")
    given = load(path)
    return plan(given.prescription, given.pharmacy, given.formulary)


@dataclass(frozen=True, slots=True, kw_only=True)
class Honest:
    """An order whose `step` (0-based) can't be made, the daily doses nearest to it [mg], and the settings that help."""

    drug: str
    times: list[str]
    steps: str
    settings: str = NO_LIQUID
    step: int = 1
    nearest: tuple[str, str]
    helpful: frozenset[str]


HONEST = (
    Honest(
        drug="hydrocortisone",
        times=THRICE,
        steps="10+5+2.5 mg x 28",
        settings='exclude = ["hydrocortisone-5mg-tablet-scored"]',
        step=0,
        nearest=("17.4", "17.6"),
        helpful=frozenset({"split", "exclude", "syringes"}),
    ),
    Honest(
        drug="prednisolone",
        times=ONCE,
        steps="15 mg x 14, 12.5 mg x 14",
        nearest=("10", "15"),
        helpful=frozenset({"liquids"}),
    ),
    Honest(
        drug="propranolol",
        times=TWICE,
        steps="80 mg x 14, 45 mg x 14",
        nearest=("40", "50"),
        helpful=frozenset({"split", "liquids"}),
    ),
    Honest(
        drug="metoprolol tartrate",
        times=TWICE,
        steps="50 mg x 7, 20 mg x 7",
        nearest=("12.5", "25"),
        helpful=frozenset({"liquids"}),
    ),
)


@pytest.mark.parametrize("case", HONEST, ids=lambda case: case.drug)
def test_what_cannot_be_made_is_said(tmp_path: Path, case: Honest) -> None:
    """The step, the nearest doses around it, and each single change that would make the whole order possible."""
    made = planned(tmp_path, order(case.drug, case.times, case.steps, case.settings))
    assert made.status is Status.INFEASIBLE
    assert made.items == ()
    (conflict,) = made.conflicts
    assert conflict.step == case.step
    assert tuple(format_exact(dose) for dose in conflict.nearest_mg if dose is not None) == case.nearest
    assert {relaxation.key for relaxation in conflict.relaxations} == case.helpful
    assert all(relaxation.total for relaxation in conflict.relaxations)


def test_orally_disintegrating_tablets_stay_whole_under_any_setting(tmp_path: Path) -> None:
    """Leave to break unscored tablets does not extend to what its label forbids to break."""
    text = order("prednisolone", ONCE, "12.5 mg x 14", f'{NO_LIQUID}\nsplit = "quarters"')
    made = planned(tmp_path, text)
    assert made.status is Status.INFEASIBLE


def test_strength_families_never_go_into_one_plan(tmp_path: Path) -> None:
    """31.2 mg of phenobarbital would be 15 and 16.2 mg: from tablets alone it can't be made."""
    made = planned(tmp_path, order("phenobarbital", ONCE, "31.2 mg x 14", NO_LIQUID))
    assert made.status is Status.INFEASIBLE
