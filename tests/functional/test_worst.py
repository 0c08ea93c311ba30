"""The largest files that are read at all, filled with what takes most memory and time: refused within 500 MB."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from splitter.bounds import MEGABYTE, MOST_PLAN, MOST_PRICE_LIST, MOST_TOML
from tests.functional.conftest import ROOT

pytestmark = pytest.mark.skipif(not hasattr(os, "wait4"), reason="as POSIX tells what a process took")

LARGEST = 500 * MEGABYTE
LONGEST = 30  # [s] of work


def filled(begin: str, middle: str, end: str, most: int) -> str:
    """A text as long as may be."""
    return begin + middle * ((most - len(begin) - len(end)) // len(middle)) + end


PLAN = '{"format":"splitter-plan/1","steps":['
NADAC = "NDC Description,NDC,NADAC Per Unit,Effective Date,Pricing Unit\n"
# the file's name, what is in it, how it is read
WORST = {
    "steps of a prescription": ("rx.toml", filled("", "[[step]]\n", "", MOST_TOML), ("schedule", "rx.toml")),
    "numbers in a prescription": ("rx.toml", filled("a=[", "1,", "]", MOST_TOML), ("schedule", "rx.toml")),
    "a long key": ("rx.toml", filled("a", ".a", "=1", MOST_TOML), ("schedule", "rx.toml")),
    "products of an overlay": (
        "own.toml",
        filled('currency = "USD"\n', '[[product]]\ndrug="x"\n', "", MOST_TOML),
        ("formulary", "check", "own.toml"),
    ),
    "lists in a plan": ("plan.json", filled(PLAN, "[],", "[]]}", MOST_PLAN), ("labels", "plan.json", "-o", "l.pdf")),
    "rows of a price list": (
        "p.csv",
        filled(NADAC, "A,1,1,,EA\n", "", 2_400_000),
        ("formulary", "prices", "import", "p.csv", "--date", "2026-11-02"),
    ),
    "columns of a price list": (
        "p.csv",
        filled(NADAC, ",", "", MOST_PRICE_LIST),
        ("formulary", "prices", "import", "p.csv"),
    ),
}


@pytest.mark.parametrize("name", WORST)
def test_the_largest_files_take_little(tmp_path: Path, name: str) -> None:
    """An answer, or a refusal in words; what is told of it is short."""
    file, content, arguments = WORST[name]
    (tmp_path / file).write_text(content, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "splitter", *arguments]
    with (tmp_path / "told").open("wb") as told:
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=told, stderr=told)
        _, status, took = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode in (1, 2)
    assert took.ru_maxrss * 1024 < LARGEST
    assert took.ru_utime < LONGEST
    assert (tmp_path / "told").stat().st_size < MEGABYTE
