"""How the functional tests run the program: in this process where they can, else in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from splitter.cli import main

ROOT = Path(__file__).parents[2]

RX = """\
[prescription]
number = "RX-7"
drug = "baclofen"
start = 2026-12-01
times = ["08:00", "20:00"]
indication = "muscle spasms"

[patient]
name = "Ada Example"

[prescriber]
name = "Dr B. Example"

[policy]
compounded = false
liquids = "never"
exclude = ["baclofen-5mg-granules-packet", "baclofen-10mg-granules-packet", "baclofen-20mg-granules-packet"]

[[step]]
daily = "20 mg"
for = "2 weeks"

[[step]]
daily = "15 mg"
for = "2 weeks"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]
Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def _no_configuration_of_ones_own_and_always_the_same_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("SPLITTER_TODAY", "2026-11-28")


@pytest.fixture
def run() -> Run:
    """Run a command in this process."""

    def in_process(*arguments: object, stdin: str | None = None) -> Ran:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return Ran(code=result.exit_code, out=result.stdout, err=result.stderr)

    return in_process


@pytest.fixture
def rx(tmp_path: Path) -> Write:
    """Write the small prescription with some of its text changed."""

    def write(*changes: tuple[str, str], name: str = "rx.toml") -> Path:
        text = RX
        for old, new in changes:
            assert old in text, f"{old!r} is not in the prescription"
            text = text.replace(old, new)
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def python(code: str, *arguments: object, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run Python code in a process of its own, from the root of the project."""
    return subprocess.run(
        [sys.executable, "-c", code, *(str(argument) for argument in arguments)],
        cwd=ROOT,
        env={**os.environ, **changes},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


SPLITTER = "from splitter.cli import main; main()"
