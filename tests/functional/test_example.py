"""The example of the README, end to end: a year of baclofen for invented people."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pypdf
import pytest

from tests.functional.conftest import ROOT

SPLITTER = (sys.executable, "-m", "splitter")
DOSES = "60 55 50 45 40 35 30 27 24 22.5 21 18 16.5 15 13.5 12 10.5 9 8.4 7.5 6.6 6 5.4 4.8 4.5"
EXAMPLE = ROOT / "tests/examples/baclofen.toml"
MG = {
    "tablet": Fraction(10),
    "0.5mg-capsule": Fraction(1, 2),
    "2.5mg-capsule": Fraction(5, 2),
    "5mg-per-ml": Fraction(5),
}


def fill(target: Path, seed: int) -> Path:
    """Fill the example in a process of its own, with a hash seed."""
    command = [*SPLITTER, "fill", str(EXAMPLE), "-o", str(target)]
    environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("example") / "fill", seed=1)


@pytest.fixture(scope="module")
def plan(filled: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((filled / "plan.json").read_text(encoding="utf-8"))
    return found


def mg_of(product: str) -> Fraction:
    return next(mass for part, mass in MG.items() if part in product)


def test_the_plan_is_proved(plan: dict[str, Any]) -> None:
    """The cheapest plan of 25 steps over 50 weeks, with its exact total."""
    assert plan["status"] == "optimal"
    assert plan["total"] == "540.73715"
    assert plan["objective"] == plan["lower_bound"] == "805.33715"
    assert len(plan["items"]) == 14
    assert [step["days"] for step in plan["steps"]] == [14] * 25


def test_the_doses_go_down_by_a_tenth(plan: dict[str, Any]) -> None:
    """To 30 mg in steps of 5 mg on tablets, then in equal doses near a tenth less, and every day adds up to it."""
    start = dt.date(2026, 12, 1)
    for step, dose in zip(plan["steps"], map(Fraction, DOSES.split()), strict=True):
        assert (step["start"], Fraction(step["target_mg"])) == (start.isoformat(), dose)
        given = [
            Fraction(take["fraction"]) * take["count"] * mg_of(take["product"])
            for each in step["administrations"]
            for take in each["take"]
        ]
        measured = [each["measure"] for each in step["administrations"] if each["measure"]]
        assert sum(given) + sum(Fraction(m["mL"]) * mg_of(m["product"]) for m in measured) == dose
        start += dt.timedelta(days=14)


def test_the_second_check_agrees(filled: Path) -> None:
    """`splitter verify` re-adds the plan from the raw file."""
    command = [*SPLITTER, "verify", str(filled / "plan.json"), str(EXAMPLE)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "agrees\n")


def test_the_papers_say_what_the_plan_says(filled: Path, plan: dict[str, Any]) -> None:
    """Every label is 4 by 2 inches; the tablets' first one reads as the issue of a taper needs it."""
    pages = pypdf.PdfReader(filled / "labels.pdf").pages
    assert {(float(page.mediabox.width), float(page.mediabox.height)) for page in pages} == {(288, 144)}
    texts = [" ".join(page.extract_text().split()) for page in pages]
    first = [text for text in texts if "baclofen 10 mg tablets" in text]
    said = "Dec 1 to Dec 14 (60 mg a day): take 2 tablets in the morning, 2 in the afternoon and 2 in the evening."
    assert said in first[0]
    assert all("Do not stop taking this medicine suddenly." in text and "RX-104233" in text for text in texts)
    items = [item for item in plan["items"] if item["date"] == "2026-12-01"]
    assert {re.search(r"Item (\d) of (\d)", text)[0] for text in texts} == {  # type: ignore[index]
        f"Item {number} of {len(items)}" for number in range(1, len(items) + 1)
    }


def test_the_same_input_gives_the_same_bytes(filled: Path, tmp_path: Path) -> None:
    """Whatever the hash seed: plan, labels and sheets."""
    again = fill(tmp_path / "fill", seed=2)
    for name in ("plan.json", "labels.pdf", "sheets.pdf"):
        assert (again / name).read_bytes() == (filled / name).read_bytes()
