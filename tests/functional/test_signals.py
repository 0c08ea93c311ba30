"""Commands that are told to end while they write: nothing of a patient's stays behind, and the exit code says so."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from splitter.files import new_directory
from tests.functional.conftest import ROOT, RX, Run, Write

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and permissions as POSIX has them")


def modes(folder: Path) -> set[tuple[bool, str]]:
    """The permissions of a directory and of all in it, and whether each is a directory."""
    return {(path.is_dir(), oct(stat.S_IMODE(path.stat().st_mode))) for path in (folder, *folder.rglob("*"))}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
@pytest.mark.parametrize("files", [12, 40], ids=["alone", "with workers"])
def test_a_batch_that_is_told_to_end_leaves_nothing(tmp_path: Path, files: int, number: int, code: int) -> None:
    """By a service manager, or by a terminal that is closed."""
    (tmp_path / "in").mkdir()
    for place in range(files):
        (tmp_path / "in" / f"{place}.toml").write_text(RX.replace("RX-7", f"RX-{place}"), encoding="utf-8")
    command = [sys.executable, "-m", "splitter", "batch", "in", "-o", "out"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 60
    while len(list(tmp_path.iterdir())) == 1 and time.monotonic() < until:
        time.sleep(0.005)
    running.send_signal(number)
    _, said = running.communicate(timeout=60)
    # A worker that is just being started may say that nobody was there any more to start it.
    assert (running.returncode, said.splitlines()[0]) == (code, "splitter: ended by a signal")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_signal_that_is_ignored_ends_nothing(tmp_path: Path) -> None:
    """As under nohup."""
    (tmp_path / "rx.toml").write_text(RX, encoding="utf-8")
    line = f"trap '' HUP; (sleep 0.5; kill -HUP $$) & exec {sys.executable} -m splitter schedule rx.toml"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(["sh", "-c", line], cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert ran.returncode == 0


def test_papers_are_for_the_user_alone(run: Run, rx: Write, tmp_path: Path) -> None:
    """Files and directories, whatever the system's mask would let others read."""
    before = os.umask(0o000)
    try:
        run("fill", rx(name="in/rx.toml"), "-o", tmp_path / "fill")
        run("batch", tmp_path / "in", "-o", tmp_path / "out")
        run("sheets", tmp_path / "fill" / "plan.json", "-o", tmp_path / "s.pdf", "--ics", tmp_path / "c.ics")
    finally:
        os.umask(before)
    assert modes(tmp_path / "fill") == modes(tmp_path / "out") == {(True, "0o700"), (False, "0o600")}
    assert modes(tmp_path / "s.pdf") | modes(tmp_path / "c.ics") == {(False, "0o600")}


def test_what_a_killed_run_left_is_cleared_away_later(tmp_path: Path) -> None:
    """After a day; until then another run may be writing it. Nothing else is touched."""
    names = {".0123abcd.splitter-part": True, ".4567abcd.splitter-part": False, ".0123abcd.part": True}
    for name, is_old in names.items():
        (tmp_path / name / "plans").mkdir(parents=True)
        (tmp_path / name / "plans" / "a.json").write_text("{}", encoding="utf-8")
        if is_old:
            os.utime(tmp_path / name, (0, 0))
    with new_directory(tmp_path / "out"):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {".4567abcd.splitter-part", ".0123abcd.part", "out"}
