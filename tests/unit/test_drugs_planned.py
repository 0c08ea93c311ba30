"""One taper of each drug, planned end to end from its built-in file, and what can't be made said honestly.

The orders are invented: a dose and a pace that the file's advice on tapering would allow, for nobody.
"""

from pathlib import Path

import pytest

from splitter.formulary import Formulary
from splitter.plan import Plan, Status
from splitter.quantity import format_exact
from splitter.service import load, plan
from splitter.taper import with_steps
from splitter.verify import verify

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


def planned(folder: Path, text: str) -> tuple[Plan, Formulary]:
    """The plan of a prescription's text, checked again independently of the search."""
    path = folder / "rx.toml"
    path.write_text(text, encoding="utf-8")
    given = load(path)
    made = plan(given.prescription, given.pharmacy, given.formulary)
    assert list(verify(made, with_steps(given.prescription), given.pharmacy, given.formulary)) == []
    return made, given.formulary


# drug, times, steps, the products of the best plan
TAPERS: list[tuple[str, list[str], str, set[str]]] = [
    (
        "prednisone",
        ONCE,
        "15 mg x 28, 12.5 mg x 28, 10 mg x 28, 9 mg x 28",
        {"10mg-tablet", "5mg-tablet", "1mg-per-ml-solution"},
    ),
    ("prednisolone", ONCE, "15 mg x 28, 12.5 mg x 28, 10 mg x 28, 9 mg x 28", {"1mg-per-ml-phosphate-solution"}),
    ("dexamethasone", ONCE, "4 mg x 7, 3 mg x 7, 2 mg x 7, 1.5 mg x 7, 1 mg x 14, 0.5 mg x 14", {"1mg-tablet"}),
    (
        "hydrocortisone",
        THRICE,
        "10+5+5 mg x 28, 10+5+3 mg x 28, 10+5+2 mg x 28",
        {"5mg-tablet", "2mg-per-ml-compounded"},
    ),
    (
        "clonazepam",
        TWICE,
        "2 mg x 14, 1.8 mg x 14, 1.6 mg x 14, 1.45 mg x 14, 1.3 mg x 14",
        {"0.1mg-per-ml-compounded", "0.5mg-tablet"},
    ),
    ("lorazepam", THRICE, "3 mg x 14, 2.7 mg x 14, 2.4 mg x 14, 2.2 mg x 14", {"1mg-tablet", "2mg-per-ml-concentrate"}),
    ("alprazolam", THRICE, "3 mg x 14, 2.75 mg x 14, 2.5 mg x 14, 2.25 mg x 14", {"0.25mg-tablet"}),
    ("diazepam", TWICE, "20 mg x 7, 19 mg x 7, 18 mg x 7, 17 mg x 7, 16 mg x 7", {"10mg-tablet", "2mg-tablet"}),
    ("phenobarbital", TWICE, "120 mg x 28, 105 mg x 28, 90 mg x 28", {"15mg-tablet", "30mg-tablet", "60mg-tablet"}),
    ("tizanidine", THRICE, "24 mg x 7, 20 mg x 7, 16 mg x 7, 12 mg x 7, 8 mg x 7, 4 mg x 7", {"4mg-tablet"}),
    ("clonidine", TWICE, "0.4 mg x 7, 0.3 mg x 7, 0.2 mg x 7, 0.1 mg x 7, 0.05 mg x 7", {"0.1mg-tablet-scored"}),
    ("propranolol", THRICE, "120 mg x 14, 90 mg x 14, 60 mg x 14, 30 mg x 14", {"10mg-tablet"}),
    ("metoprolol tartrate", TWICE, "100 mg x 7, 75 mg x 7, 50 mg x 7, 25 mg x 7", {"25mg-tablet"}),
]


@pytest.mark.parametrize(("drug", "times", "steps", "products"), TAPERS, ids=[row[0] for row in TAPERS])
def test_a_taper_is_planned(tmp_path: Path, drug: str, times: list[str], steps: str, products: set[str]) -> None:
    """It is proved best, gives each day exactly what is ordered, and breaks only what may be broken."""
    made, formulary = planned(tmp_path, order(drug, times, steps))
    assert made.status is Status.OPTIMAL, made.conflicts
    assert made.objective == made.lower_bound
    assert [step.delivered_mg for step in made.steps] == [step.target_mg for step in made.steps]
    used = {item.product for item in made.items}
    assert {product.removeprefix(f"{drug.replace(' ', '-')}-") for product in used} == products
    whole = {product.id for product in formulary.products if product.do_not_split or product.pieces == 1}
    assert [item.product for item in made.items if item.cut and item.product in whole] == []


# drug, times, steps, settings, the step that can't be made, the daily doses below and above it, what would help
HONEST = [
    ("hydrocortisone", THRICE, "10+5+2.5 mg x 28", "", 0, ("17.4", "17.6"), {"split"}),
    ("prednisolone", ONCE, "15 mg x 14, 12.5 mg x 14", NO_LIQUID, 1, ("10", "15"), {"liquids", "tolerance"}),
    ("propranolol", TWICE, "80 mg x 14, 45 mg x 14", NO_LIQUID, 1, ("40", "50"), {"split", "liquids", "tolerance"}),
    ("metoprolol tartrate", TWICE, "50 mg x 7, 20 mg x 7", NO_LIQUID, 1, ("12.5", "25"), {"liquids", "tolerance"}),
]


@pytest.mark.parametrize(
    ("drug", "times", "steps", "settings", "step", "nearest", "helps"), HONEST, ids=[row[0] for row in HONEST]
)
def test_what_cannot_be_made_is_said(
    tmp_path: Path,
    drug: str,
    times: list[str],
    steps: str,
    settings: str,
    step: int,
    nearest: tuple[str, str],
    helps: set[str],
) -> None:
    """The step, the nearest doses around it, and each single change that would make the whole order possible."""
    made, _ = planned(tmp_path, order(drug, times, steps, settings))
    assert made.status is Status.INFEASIBLE
    assert made.items == ()
    (conflict,) = made.conflicts
    assert conflict.step == step
    assert tuple(format_exact(dose) for dose in conflict.nearest_mg if dose is not None) == nearest
    assert {relaxation.key for relaxation in conflict.relaxations} == helps
    assert all(relaxation.total for relaxation in conflict.relaxations)


def test_orally_disintegrating_tablets_stay_whole_under_any_setting(tmp_path: Path) -> None:
    """Leave to break unscored tablets does not extend to what its label forbids to break."""
    text = order("prednisolone", ONCE, "12.5 mg x 14", f'{NO_LIQUID}\nsplit = "quarters"')
    made, _ = planned(tmp_path, text)
    assert made.status is Status.INFEASIBLE


def test_strength_families_never_go_into_one_plan(tmp_path: Path) -> None:
    """31.2 mg of phenobarbital would be 15 and 16.2 mg: from tablets alone it can't be made."""
    made, _ = planned(tmp_path, order("phenobarbital", ONCE, "31.2 mg x 14", NO_LIQUID))
    assert made.status is Status.INFEASIBLE
