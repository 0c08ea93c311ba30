"""What takes most memory and time, answered or refused within 500 MB: the largest files, and the hardest searches."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

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
    code, took = run(tmp_path, arguments)
    assert code in (1, 2)
    assert took.ru_maxrss * 1024 < LARGEST
    assert took.ru_utime < LONGEST
    assert (tmp_path / "told").stat().st_size < MEGABYTE


SEARCHED = 4  # [s] that a search may take
AROUND = 8  # [s] of work for all that is done before and after it
FREE = ('division = "free"', 'fine = "free"')
# drug, first and last dose of a year that goes down daily, six times a day with daily visits, the policy
HARDEST = {
    "stated doses of many tablets": ("clonazepam", "12 mg", "0.12 mg", ()),
    "free doses of many tablets": ("clonazepam", "12 mg", "0.12 mg", FREE),
    "free doses of tablets and liquids": ("baclofen", "80 mg", "1.2 mg", FREE),
    "several liquids": ("baclofen", "80 mg", "1.2 mg", (*FREE, "one_liquid = false")),
    "free doses that differ by any amount": ("prednisone", "60 mg", "1 mg", FREE),
}


@pytest.mark.parametrize("name", HARDEST)
def test_the_hardest_searches_take_little(tmp_path: Path, name: str) -> None:
    """A limit of time holds, and so does that of memory, which nobody has to set."""
    drug, first, last, policy = HARDEST[name]
    clocks = ", ".join(f'"{hour:02}:00"' for hour in range(2, 24, 4))
    given = f'[prescription]\nnumber = "RX-1"\ndrug = "{drug}"\nstart = 2026-12-01\ntimes = [{clocks}]\n'
    given += "\n".join(("[policy]", 'visit_interval = "1 day"', 'spare = "0 days"', *policy))
    given += f'\n[taper]\nfrom = "{first}"\nreduce = "3 %"\nevery = "1 day"\nlast = "{last}"\n'
    (tmp_path / "rx.toml").write_text(given, encoding="utf-8")
    code, took = run(tmp_path, ("plan", "rx.toml", "--time-limit", str(SEARCHED)))
    assert code in (0, 1, 2)
    assert "fault of the program" not in (tmp_path / "told").read_text(encoding="utf-8")
    assert took.ru_maxrss * 1024 < LARGEST
    assert took.ru_utime < SEARCHED + AROUND


class Took(NamedTuple):
    """The most memory [kB] and the time of work [s] of a command."""

    ru_maxrss: int
    ru_utime: float


# A process counts as its own the memory of the one that starts it, so that a small one has to ask.
_ASK = """
import json, os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=sys.stderr)
_, status, took = os.wait4(process.pid, 0)
process.returncode = os.waitstatus_to_exitcode(status)
print(json.dumps([process.returncode, took.ru_maxrss, took.ru_utime]))
"""


def run(directory: Path, arguments: tuple[str, ...]) -> tuple[int, Took]:
    """(the exit code, what it took) of a command that runs in a directory and says what it has to say in `told`."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(directory)}
    command = [sys.executable, "-m", "splitter", *arguments]
    with (directory / "told").open("wb") as told:
        ran = subprocess.run(
            [sys.executable, "-c", _ASK, *command],
            cwd=directory,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=told,
            check=True,
        )
    code, memory, seconds = json.loads(ran.stdout)
    return code, Took(ru_maxrss=memory, ru_utime=seconds)
