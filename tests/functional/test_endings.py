"""How the program behaves when things go wrong: messages without tracebacks, exit codes, nothing half written."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from splitter import service
from splitter.cli import main
from splitter.errors import SplitterError
from tests.functional.conftest import ROOT, RX, SPLITTER, Run, Write, python

BAD_FILES = {
    "not TOML": ("number = \n", "which is no TOML; write a value behind the ="),
    "two faults": (RX.replace('"20 mg"', '"20 Mg"').replace('"15 mg"', '"15"'), 'write the unit as "mg"'),
    "unknown key": (RX.replace("[patient]", "[patient]\nage = 3"), "an unknown key"),
    "unknown drug": (RX.replace('"baclofen"', '"nosuchdrug"'), "prescription.drug"),
    "both step and taper": (RX + "\n[taper]\n", "both [taper] and [[step]]"),
    "contradicting policy": (RX.replace("[policy]", '[policy]\nmin_volume = "30 mL"'), "min_volume"),
    "empty": ("", "prescription"),
}


@pytest.mark.parametrize("name", BAD_FILES)
@pytest.mark.parametrize("command", ["plan", "check", "fill"])
def test_bad_prescriptions_are_refused_with_file_and_remedy(run: Run, tmp_path: Path, command: str, name: str) -> None:
    """Exit code 2, the file's name, what is wrong, no traceback, nothing written."""
    text, said = BAD_FILES[name]
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    ran = run(command, path, *(("-o", tmp_path / "out") if command == "fill" else ()))
    assert ran.code == 2
    assert ran.out == ""
    assert said in ran.err
    assert "bad.toml" in ran.err or "RX-7" in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["fill", "batch"])
def test_several_files_cant_go_to_standard_output(
    run: Run, rx: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """`-o -` would otherwise make a directory of that name."""
    monkeypatch.chdir(tmp_path)
    source = rx(name="in/rx.toml")
    ran = run(command, source if command == "fill" else source.parent, "-o", "-")
    assert (ran.code, ran.out) == (2, "")
    assert "name a directory" in ran.err
    assert not (tmp_path / "-").exists()


def test_faults_of_all_files_are_told_together(run: Run, rx: Write, tmp_path: Path) -> None:
    """Prescription, pharmacy and formulary: one run shows everything that is wrong."""
    for name in ("pharmacy", "formulary"):
        (tmp_path / f"{name}.toml").write_text("nonsense = 1\n", encoding="utf-8")
    options = ("--pharmacy", tmp_path / "pharmacy.toml", "--formulary", tmp_path / "formulary.toml")
    ran = run("plan", rx(('"20 mg"', '"20"'), ('"15 mg"', '"15"')), *options)
    assert ran.code == 2
    assert all(name in ran.err for name in ("rx.toml: step[0]", "rx.toml: step[1]", "pharmacy.toml", "formulary.toml"))


@pytest.mark.parametrize("command", ["plan", "check", "schedule"])
def test_unreadable_files_are_told(run: Run, tmp_path: Path, command: str) -> None:
    """A missing file, a directory, bytes that are no text."""
    (tmp_path / "latin.toml").write_bytes(b'name = "caf\xe9"')
    for path, said in (
        (tmp_path / "nowhere.toml", "No such file"),
        (tmp_path, "directory"),
        (tmp_path / "latin.toml", "no UTF-8 text"),
    ):
        ran = run(command, path)
        assert (ran.code, ran.out) == (2, "")
        assert said in ran.err
        assert str(path) in ran.err


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "splitter-plan/9"}', "{", "null", '{"format": NaN}'])
@pytest.mark.parametrize("command", ["labels", "verify"])
def test_files_that_are_no_plan_are_refused(run: Run, rx: Write, tmp_path: Path, command: str, text: str) -> None:
    """A plan file is checked whole before it is used."""
    plan = tmp_path / "plan.json"
    plan.write_text(text, encoding="utf-8")
    ran = run(command, plan, *((rx(),) if command == "verify" else ("-o", tmp_path / "labels.pdf")))
    assert ran.code == 2
    assert "plan.json" in ran.err


def test_an_output_never_replaces_an_input(run: Run, rx: Write) -> None:
    """A slip of the hand doesn't cost the prescription."""
    path = rx()
    assert run("plan", path, "-o", path).code == 2
    assert path.read_text(encoding="utf-8") == RX


def test_targets_that_can_be_no_output_end_with_two(run: Run, rx: Write, tmp_path: Path) -> None:
    """A missing directory, a directory in the place of a file, a file in the place of a directory: wrong usage."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert run("plan", rx(), "-o", tmp_path / "nowhere" / "plan.json").code == 2
    assert run("plan", rx(), "-o", tmp_path).code == 2
    ran = run("fill", rx(), "-o", tmp_path / "file")
    assert (ran.code, str(tmp_path / "file") in ran.err) == (2, True)


def test_an_empty_name_is_no_name(run: Run, rx: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a script has it whose variable isn't set; it would mean the directory in which one stands."""
    path = rx()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for arguments in (
        ("fill", path, "-o", ""),
        ("plan", ""),
        ("plan", path, "--pharmacy", ""),
        ("batch", "", "-o", "x"),
    ):
        ran = run(*arguments)
        assert (ran.code, "an empty name; name a file or a directory" in ran.err) == (2, True)
    assert list((tmp_path / "here").iterdir()) == []


def test_fill_writes_all_files_or_none(run: Run, rx: Write, tmp_path: Path) -> None:
    """Where one of the three can't be written, the others aren't either."""
    folder = tmp_path / "fill"
    (folder / "sheets.pdf").mkdir(parents=True)
    assert run("fill", rx(), "-o", folder).code == 2
    assert [path.name for path in folder.iterdir()] == ["sheets.pdf"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_told(rx: Write) -> None:
    """As a file and as standard output."""
    prescription = rx()
    ran = python(SPLITTER, "plan", prescription, "-o", "/dev/full")
    assert (ran.returncode, "No space left" in ran.stderr) == (3, True)
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "splitter", "plan", str(prescription)]
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr == "splitter: standard output: can't be written (No space left on device)\n"


def test_a_reader_who_leaves_is_no_error(rx: Write) -> None:
    """`splitter plan rx.toml | head` is quiet."""
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "splitter", "plan", str(rx())]
    done = subprocess.run(command, cwd=ROOT, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (ZeroDivisionError("x"), 3, "a fault of the program"),
        (MemoryError(), 3, "MemoryError"),
    ],
)
def test_interrupts_and_faults_of_the_program_are_told(
    run: Run, rx: Write, monkeypatch: pytest.MonkeyPatch, raised: BaseException, code: int, said: str
) -> None:
    """They are neither an answer nor bad input."""

    def fail(*_: object) -> None:
        raise raised

    monkeypatch.setattr(service, "plan", fail)
    ran = run("plan", rx())
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_load_nothing_heavy(option: str) -> None:
    """Neither pint nor numpy nor a PDF library nor a solver; click is there, so the test sees what is loaded."""
    code = (
        "import sys\n"
        "from splitter.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "print('LOADED', *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    ran = python(code, option)
    loaded = ran.stdout.partition("LOADED ")[2].split()
    assert "click" in loaded, ran.stderr
    assert not {"pint", "numpy", "reportlab", "cattrs", "attrs", "highspy", "pymupdf_fonts"}.intersection(loaded)


def test_every_command_has_help_with_an_example(run: Run) -> None:
    """In plain words, with the options that all share; but label stock knows neither pharmacy nor formulary."""
    assert isinstance(main, click.Group)
    named = "plan fill labels stock sheets verify check report amend compare schedule new propose batch formulary"
    assert set(main.commands) == set(named.split())
    for path in paths(main):
        ran = run(*path, "--help")
        assert f"Example: splitter {' '.join(path)}" in ran.out
        shared = ("--json",) if path == ("stock",) else ("--pharmacy", "--formulary", "--json")
        assert all(option in ran.out for option in shared)


def paths(group: click.Group) -> Iterator[tuple[str, ...]]:
    """The words by which each command is called, also those of groups within groups."""
    for name, command in group.commands.items():
        below = paths(command) if isinstance(command, click.Group) else [()]
        yield from ((name, *rest) for rest in below)


def test_wrong_usage_ends_with_two(run: Run) -> None:
    """A missing argument, an unknown option, an unknown command."""
    for arguments in (("plan",), ("plan", "--no-such-option"), ("no-such-command",), ("fill", "rx.toml"), ()):
        ran = run(*arguments)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err


def test_a_fill_that_cant_be_written_leaves_no_empty_directory(
    run: Run, rx: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk ends with code 3, and the directory that was to hold the papers is gone again."""

    def full(_: object) -> None:
        raise SplitterError("the disk is full")

    monkeypatch.setattr("splitter.cli.output.write_files", full)
    ran = run("fill", rx(), "-o", tmp_path / "out" / "fill")
    assert (ran.code, "the disk is full" in ran.err) == (3, True)
    assert not (tmp_path / "out" / "fill").exists()
