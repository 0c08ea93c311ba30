"""Files changed at random are read by the commands: each ends with a stated exit code, in time and in little memory.

`python -m tests.faults fuzz --minutes 10` does so for a while, each time with other changes.
"""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, seed, settings

from splitter.cli import main
from tests.faults.changes import changed
from tests.faults.files import KINDS, Kind, prepare

SECONDS = 20
"""[s] of work that a command may take: none of these files asks for a second of it."""

WAITING = 6
"""How many times as long it may take by the clock, on a computer that others use too."""

STATED = (0, 1, 2)
"""How a command may end whatever a file holds; 3 is a fault of the program."""

MEGABYTES = 400
"""What a command may take beside the program itself and the libraries of these tests."""

_FOUND = Path(tempfile.gettempdir()) / "faults-found"
_ROUND = 40


class FaultError(AssertionError):
    """A command ended as none should."""


def tried(kind: Kind, content: bytes, folder: Path) -> list[int]:
    """How each command that reads this file ends. Raises FaultError where it ends otherwise than it may."""
    path = folder / kind.place
    path.write_bytes(content)
    codes = []
    try:
        for command in kind.commands:
            before = _megabytes()
            with _limited(command):
                result = CliRunner().invoke(main, list(command))
            if _megabytes() - before > MEGABYTES:
                raise FaultError(f"{' '.join(command)} takes {_megabytes() - before} MB more than any before it")
            told = result.stderr[-2000:] if result.stderr_bytes else ""
            if result.exit_code not in STATED or (result.exception and not isinstance(result.exception, SystemExit)):
                raise FaultError(f"{' '.join(command)} ends with {result.exit_code}: {told}{result.exception!r}")
            codes.append(result.exit_code)
    finally:
        path.unlink(missing_ok=True)
        for made in ("out", "batched"):
            shutil.rmtree(folder / made, ignore_errors=True)
        (folder / "prices.toml").unlink(missing_ok=True)
    return codes


def _megabytes() -> int:
    """The most memory that this process has had at any time."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000


@contextmanager
def _limited(command: object) -> Iterator[None]:
    def late(_: int, __: FrameType | None) -> None:
        raise FaultError(f"{command} takes more than {SECONDS} s")

    clocks = ((signal.SIGPROF, signal.ITIMER_PROF, SECONDS), (signal.SIGALRM, signal.ITIMER_REAL, WAITING * SECONDS))
    before = [signal.signal(number, late) for number, _, _ in clocks]
    for _, clock, seconds in clocks:
        signal.setitimer(clock, seconds)
    try:
        yield
    finally:
        for (number, clock, _), handler in zip(clocks, before, strict=True):
            signal.setitimer(clock, 0)
            signal.signal(number, handler)


@contextmanager
def working_directory() -> Iterator[Path]:
    """A directory of its own with the good files, in which the commands run with a configuration of their own."""
    before, configured = Path.cwd(), os.environ.get("XDG_CONFIG_HOME")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        prepare(folder)
        os.chdir(folder)
        os.environ["XDG_CONFIG_HOME"] = str(folder / "configuration")
        try:
            yield folder
        finally:
            os.chdir(before)
            os.environ.pop("XDG_CONFIG_HOME", None)
            if configured is not None:
                os.environ["XDG_CONFIG_HOME"] = configured


def fuzz(kind: Kind, examples: int, counted: Counter[int], chance: int | None = None) -> None:
    """Try so many changed files of a kind; `chance` None: the same each time. Raises FaultError with the first bad one.

    Nothing is made smaller: what is found is a file that can be run again.
    """
    with working_directory() as folder:

        def attempt(content: bytes) -> None:
            try:
                counted.update(tried(kind, content, folder))
            except FaultError as error:
                raise FaultError(f"{error}; kept in {_kept(kind, content)}") from None

        plain = settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=chance is None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        )
        test = plain(given(changed(kind))(attempt))
        (test if chance is None else seed(chance)(test))()


def _kept(kind: Kind, content: bytes) -> Path:
    """Where a file is kept that was found to be too much."""
    _FOUND.mkdir(exist_ok=True)
    path = _FOUND / f"{hashlib.sha256(content).hexdigest()[:8]}-{Path(kind.place).name}"
    path.write_bytes(content)
    return path


def report(minutes: float, start: int | None) -> int:
    """Fuzz all kinds in turn until the time is up, and say what was found; 1 when anything was."""
    resource.setrlimit(resource.RLIMIT_AS, (4 * 10**9, 4 * 10**9))
    end = time.monotonic() + 60 * minutes
    chance = int(time.time()) if start is None else start
    counted: Counter[int] = Counter()
    found: Counter[str] = Counter()
    while time.monotonic() < end:
        chance += 1
        for name, kind in KINDS.items():
            try:
                fuzz(kind, _ROUND, counted, chance)
            except FaultError as error:
                found[name] += 1
                print(f"{name}: {error}", file=sys.stderr)
    print(f"{counted.total()} commands: " + ", ".join(f"{count} ended with {code}" for code, count in counted.items()))
    print(f"{found.total()} faults found {dict(found)}; {_megabytes()} MB at most")
    return 1 if found else 0
