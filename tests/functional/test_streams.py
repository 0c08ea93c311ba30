"""Standard streams and outputs in whatever state shells leave them: each a stated exit code, and nothing is lost."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.functional.conftest import ROOT, RX, Run, Write

pytestmark = pytest.mark.skipif(os.name != "posix" or shutil.which("sh") is None, reason="as POSIX shells redirect")
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run a line of a POSIX shell, in which `splitter` is the command, in a directory."""
    command = f"{shlex.quote(sys.executable)} -m splitter"
    return subprocess.run(
        ["sh", "-c", line.replace("splitter", command)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        timeout=60,
    )


# what is run, its exit code, what is said on the stream that is left
ENDINGS = [
    ("splitter schedule rx.toml >&-", 3, b"standard output: can't be written (it is closed)"),
    ("splitter --help >&-", 3, b"standard output: can't be written (it is closed)"),
    ("splitter --version >&-", 3, b"standard output: can't be written (it is closed)"),
    ("splitter plan --help >&- 2>&-", 3, b""),
    ("splitter stock --json >&-", 3, b"standard output: can't be written (it is closed)"),
    ("splitter plan rx.toml -o - >&-", 3, b"standard output: can't be written (it is closed)"),
    ("splitter plan rx.toml -o plan.json --json >&-", 3, b"wrote plan.json"),
    ("splitter schedule rx.toml 2>&-", 0, b"RX-7"),
    ("splitter schedule bad.toml 2>&-", 2, b""),
    ("splitter schedule 2>&-", 2, b""),
    ("splitter schedule - <&-", 2, b"standard input, which is closed"),
    ("splitter schedule rx.toml <&- >&- 2>&-", 3, b""),
    ("{ splitter schedule bad.toml 2>&1; echo $? >code; } | true; sleep 2; exit $(cat code)", 2, b""),
    ("{ splitter schedule rx.toml; echo $? >code; } | true; sleep 2; exit $(cat code)", 0, b""),
    pytest.param("splitter schedule bad.toml 2>/dev/full", 2, b"", marks=FULL),
    pytest.param("splitter schedule 2>/dev/full", 2, b"", marks=FULL),
    pytest.param("splitter schedule rx.toml 2>/dev/full", 0, b"RX-7", marks=FULL),
    pytest.param("splitter --help >/dev/full", 3, b"No space left", marks=FULL),
    pytest.param("splitter plan --help >/dev/full", 3, b"standard output: can't be written (No space", marks=FULL),
    ("{ splitter plan --help; echo $? >code; } | true; sleep 2; exit $(cat code)", 0, b""),
]


@pytest.mark.parametrize(("line", "code", "said"), ENDINGS)
def test_streams_that_are_closed_or_full_or_left(tmp_path: Path, line: str, code: int, said: bytes) -> None:
    """A lost answer is 3; a lost message changes nothing; nothing is told with a traceback."""
    (tmp_path / "rx.toml").write_text(RX, encoding="utf-8")
    (tmp_path / "bad.toml").write_text("number = \n", encoding="utf-8")
    ran = shell(line, tmp_path)
    assert (ran.returncode, b"Traceback" in ran.stderr) == (code, False)
    assert said in ran.stdout + ran.stderr


def test_a_plan_is_written_though_nobody_can_be_told(tmp_path: Path) -> None:
    """The file is what was asked for; that the answer can't be shown too is said by the exit code."""
    (tmp_path / "rx.toml").write_text(RX, encoding="utf-8")
    assert shell("splitter plan rx.toml -o plan.json 2>&-", tmp_path).returncode == 0
    assert shell("splitter plan rx.toml -o again.json >&- 2>&-", tmp_path).returncode == 3
    assert (tmp_path / "plan.json").read_bytes() == (tmp_path / "again.json").read_bytes()


@pytest.mark.parametrize("name", ["pipe.toml", "/dev/zero"])
def test_only_files_are_read(tmp_path: Path, name: str) -> None:
    """A pipe under the name of a file may never end, and a device never does."""
    os.mkfifo(tmp_path / "pipe.toml")
    ran = shell(f"splitter schedule {name}", tmp_path)
    assert ran.returncode == 2
    assert b"a pipe or a device, no file" in ran.stderr


def test_what_is_too_large_is_not_read_whole(tmp_path: Path) -> None:
    """Neither a file nor what comes in."""
    (tmp_path / "large.toml").write_bytes(b"#" * 2_000_001)
    for line in ("splitter schedule large.toml", "splitter schedule - </dev/zero"):
        ran = shell(line, tmp_path)
        assert (ran.returncode, b"found more than 2 MB" in ran.stderr) == (2, True)


def test_names_that_are_no_utf8(tmp_path: Path) -> None:
    """They are read, written and told, the bytes as numbers; one of them doesn't end a batch."""
    bad = os.fsdecode(b"a\xff.toml")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / bad).write_text(RX, encoding="utf-8")
    (folder / "b.toml").write_text("number = \n", encoding="utf-8")
    os.mkfifo(folder / "pipe.toml")
    ran = shell("splitter plan in/a*.toml -o $(printf 'o\\377.json') --json", tmp_path)
    assert (ran.returncode, b"wrote o\\xff.json" in ran.stderr) == (0, True)
    assert (tmp_path / os.fsdecode(b"o\xff.json")).exists()
    ran = shell("splitter batch in -o out", tmp_path)
    assert ran.returncode == 1
    assert "a\\xff.toml" in (tmp_path / "out" / "manifest.csv").read_text(encoding="utf-8")
    refused = (tmp_path / "out" / "refused.csv").read_text(encoding="utf-8")
    assert all(name in refused for name in ("b.toml", "pipe.toml"))
    assert len(list((tmp_path / "out" / "plans").iterdir())) == 1


def test_two_outputs_in_one_file_are_refused(run: Run, rx: Write, tmp_path: Path) -> None:
    """Also under two names, or by a link; nothing is written."""
    run("plan", rx(), "-o", tmp_path / "plan.json")
    (tmp_path / "below").mkdir()
    (tmp_path / "link.pdf").symlink_to(tmp_path / "a.pdf")
    for other in (tmp_path / "a.pdf", tmp_path / "below" / ".." / "a.pdf", tmp_path / "link.pdf"):
        ran = run("sheets", tmp_path / "plan.json", "-o", tmp_path / "a.pdf", "--ics", other)
        assert (ran.code, "two outputs in one file" in ran.err) == (2, True)
    assert not (tmp_path / "a.pdf").exists()
    assert run("sheets", tmp_path / "plan.json", "-o", "/dev/null", "--ics", "/dev/null").code == 0


@pytest.mark.parametrize("name", ["rx.toml", "pharmacy.toml", "configuration/splitter/labels.toml"])
def test_no_input_is_written_over(run: Run, rx: Write, tmp_path: Path, name: str) -> None:
    """Neither what the command names nor what it reads of the user's configuration."""
    prescription = rx()
    (tmp_path / "pharmacy.toml").write_text("", encoding="utf-8")
    (tmp_path / "configuration" / "splitter").mkdir(parents=True)
    (tmp_path / "configuration" / "splitter" / "labels.toml").write_text("", encoding="utf-8")
    before = (tmp_path / name).read_bytes()
    ran = run("plan", prescription, "--pharmacy", tmp_path / "pharmacy.toml", "-o", tmp_path / name)
    assert (ran.code, "the input itself" in ran.err) == (2, True)
    assert (tmp_path / name).read_bytes() == before


def test_fill_writes_over_no_input(run: Run, rx: Write, tmp_path: Path) -> None:
    """A prescription that is called as one of the papers stays."""
    path = rx(name="fill/plan.json")
    ran = run("fill", path, "-o", tmp_path / "fill")
    assert (ran.code, "the input itself" in ran.err) == (2, True)
    assert path.read_text(encoding="utf-8") == RX


def test_fill_replaces_its_own_papers_and_says_so(run: Run, rx: Write, tmp_path: Path) -> None:
    """What a prescription was filled with before gives way; where it may not be printed any more, that is gone too."""
    folder = tmp_path / "fill"
    assert "wrote" in run("fill", rx(), "-o", folder).err
    assert run("fill", rx(), "-o", folder).err.count("replaced") == 3
    ran = run("fill", rx(('daily = "20 mg"', 'daily = "100 mg"')), "-o", folder)
    assert (ran.code, ran.err.count("removed")) == (1, 2)
    assert [path.name for path in folder.iterdir()] == ["plan.json"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('"RX-7"', '"RX-8"'), "the papers of prescription RX-7 of Ada Example"),
        (("Ada Example", "Bob Example"), "the papers of prescription RX-7 of Ada Example"),
    ],
)
def test_fill_replaces_nobody_elses_papers(
    run: Run, rx: Write, tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    """Another number or another patient: another directory."""
    folder = tmp_path / "fill"
    run("fill", rx(), "-o", folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    ran = run("fill", rx(change, name="other.toml"), "-o", folder)
    assert (ran.code, said in ran.err) == (2, True)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_fill_replaces_no_papers_of_unknown_owners(run: Run, rx: Write, tmp_path: Path) -> None:
    """Labels without a plan beside them, or with one that can't be read."""
    folder = tmp_path / "fill"
    folder.mkdir()
    (folder / "labels.pdf").write_bytes(b"%PDF")
    ran = run("fill", rx(), "-o", folder)
    assert (ran.code, "labels.pdf of a prescription that can't be told" in ran.err) == (2, True)
    (folder / "plan.json").write_text("{", encoding="utf-8")
    assert run("fill", rx(), "-o", folder).code == 2
    assert (folder / "labels.pdf").read_bytes() == b"%PDF"
