"""A directory of prescriptions becomes one file of labels and two lists."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

import splitter.batch
from splitter import service
from splitter.plan import Plan
from splitter.prescription import Prescription
from tests.functional.conftest import ROOT, SPLITTER, Run, Write, python


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


@pytest.fixture
def many(rx: Write, tmp_path: Path) -> Path:
    """Three that can be filled and four that can't, of which one has a name that a spreadsheet would run."""
    rx(('"RX-7"', '"RX-2"'), name="in/b.toml")
    rx(('"RX-7"', '"RX-1"'), ('"20 mg"', '"30 mg"'), name="in/a.toml")
    rx(('"RX-7"', '"RX-3"'), name="in/c.toml")
    rx(('"RX-7"', '"RX-4"'), ('"15 mg"', '"7 mg"'), name="in/infeasible.toml")
    rx(('"RX-7"', '"RX-5"'), ("[patient]", "[patients]"), name="in/misspelt.toml")
    rx(('"RX-7"', '"RX-6"'), ("Ada Example", "Ada \U0001f600"), name="in/unprintable.toml")
    rx(("[prescription]", "[prescription"), name="in/=SUM(A1).toml")
    (tmp_path / "in" / "notes.txt").write_text("not a prescription", encoding="utf-8")
    return tmp_path / "in"


def test_batch_fills_what_it_can_and_lists_the_rest(run: Run, many: Path, tmp_path: Path) -> None:
    """Labels in the order of the names; every file is in exactly one list; no patient's name in either."""
    out = tmp_path / "out"
    ran = run("batch", many, "-o", out)
    assert ran.code == 1
    assert ran.out == "3 prescriptions filled with 6 labels, 4 refused\n"
    assert sorted(path.name for path in out.iterdir()) == ["labels.pdf", "manifest.csv", "plans", "refused.csv"]
    made, refused = rows(out / "manifest.csv"), rows(out / "refused.csv")
    assert [row["file"] for row in made] == ["a.toml", "b.toml", "c.toml"]
    assert [row["file"] for row in refused] == [
        "'=SUM(A1).toml",
        "infeasible.toml",
        "misspelt.toml",
        "unprintable.toml",
    ]
    assert all(row["reason"] for row in refused)
    pages = PdfReader(out / "labels.pdf").pages
    assert sum(int(row["pages"]) for row in made) == len(pages)
    for row in made:
        assert row["number"] in pages[int(row["first page"]) - 1].extract_text()
        assert json.loads((out / row["plan"]).read_text(encoding="utf-8"))["total"] == row["total"]
    assert not any("Ada" in (out / name).read_text(encoding="utf-8") for name in ("manifest.csv", "refused.csv"))


def test_batch_gives_the_labels_of_fill(run: Run, rx: Write, tmp_path: Path) -> None:
    """One prescription in a directory is filled as it is alone, and ends well."""
    path = rx(name="in/rx.toml")
    assert run("fill", path, "-o", tmp_path / "fill").code == 0
    ran = run("batch", path.parent, "-o", tmp_path / "out", "--json")
    assert ran.code == 0
    assert json.loads(ran.out) == {"filled": 1, "refused": 0, "labels": 2, "repeated": []}
    assert (tmp_path / "out" / "labels.pdf").read_bytes() == (tmp_path / "fill" / "labels.pdf").read_bytes()


def test_several_processes_give_the_labels_of_one(
    run: Run, rx: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who laid a label out makes no difference to the bytes, nor to the lists."""
    for number in range(10, 26):
        rx(('"RX-7"', f'"RX-{number}"'), name=f"in/{number}.toml")
    fresh = python(
        "import os; os.cpu_count = lambda: 2; " + SPLITTER, "batch", tmp_path / "in", "-o", tmp_path / "out2"
    )
    assert fresh.returncode == 0, fresh.stderr
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert run("batch", tmp_path / "in", "-o", tmp_path / "out1").code == 0
    for name in ("labels.pdf", "manifest.csv", "refused.csv", "plans/17.json"):
        assert (tmp_path / "out1" / name).read_bytes() == (tmp_path / "out2" / name).read_bytes()


def test_batch_without_any_label_has_no_labels(run: Run, rx: Write, tmp_path: Path) -> None:
    """Where all are refused there is nothing to print, but the reasons are there."""
    rx(("[patient]", "[patients]"), name="in/rx.toml")
    assert run("batch", tmp_path / "in", "-o", tmp_path / "out").code == 1
    assert not (tmp_path / "out" / "labels.pdf").exists()
    assert len(rows(tmp_path / "out" / "refused.csv")) == 1


def test_batch_tells_numbers_that_come_twice(run: Run, rx: Write, tmp_path: Path) -> None:
    """Two files of one number may be one prescription filled twice."""
    rx(name="in/a.toml")
    rx(name="in/b.toml")
    assert "RX-7 stands in several files" in run("batch", tmp_path / "in", "-o", tmp_path / "out").err


def test_batch_refuses_what_is_no_directory_of_prescriptions(run: Run, rx: Write, tmp_path: Path) -> None:
    """A file, an empty directory, a faulty pharmacy; nothing is written."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "pharmacy.toml").write_text("nonsense = 1", encoding="utf-8")
    path = rx(name="in/rx.toml")
    out = tmp_path / "out"
    assert run("batch", path, "-o", out).code == 2
    assert run("batch", tmp_path / "empty", "-o", out).code == 2
    assert run("batch", path.parent, "-o", out, "--pharmacy", tmp_path / "pharmacy.toml").code == 2
    assert not out.exists()


def test_batch_does_not_write_into_a_directory_that_holds_something(run: Run, rx: Write, tmp_path: Path) -> None:
    """Yesterday's labels stay apart from today's."""
    path = rx(name="in/rx.toml")
    assert run("batch", path.parent, "-o", tmp_path).code == 2
    (tmp_path / "out").mkdir()
    assert run("batch", path.parent, "-o", tmp_path / "out").code == 0


@pytest.mark.parametrize(("raised", "code"), [(KeyboardInterrupt(), 130), (OSError(28, "No space left on device"), 3)])
def test_a_broken_batch_leaves_nothing(
    run: Run, many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: BaseException, code: int
) -> None:
    """Neither the directory nor a part of it."""
    calls = iter([None, None, raised])
    fill_file = splitter.batch.fill_file

    def fail(setting: splitter.batch.BatchSetting, path: Path) -> splitter.batch.Outcome:
        if (error := next(calls)) is not None:
            raise error
        return fill_file(setting, path)

    monkeypatch.setattr(splitter.batch, "fill_file", fail)
    assert run("batch", many, "-o", tmp_path / "out").code == code
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_fault_of_the_program_refuses_one_and_not_the_others(
    run: Run, many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A prescription that the program trips over is listed like any other that can't be filled."""
    plan = service.plan

    def trip(prescription: Prescription, *rest: Any, **more: Any) -> Plan:
        if prescription.number == "RX-2":
            raise ZeroDivisionError("oops")
        return plan(prescription, *rest, **more)

    monkeypatch.setattr(splitter.batch, "plan", trip)
    run("batch", many, "-o", tmp_path / "out")
    reasons = {row["file"]: row["reason"] for row in rows(tmp_path / "out" / "refused.csv")}
    assert reasons["b.toml"] == "a fault of the program: ZeroDivisionError: oops"
    assert len(rows(tmp_path / "out" / "manifest.csv")) == 2


@pytest.mark.skipif(sys.platform == "win32" or (os.cpu_count() or 1) < 2, reason="needs worker processes and signals")
def test_workers_end_with_a_main_process_that_is_killed(rx: Write, tmp_path: Path) -> None:
    """Nobody tells them: each watches the main process. Standard error closes when the last of them has ended."""
    for place in range(200):
        rx(("RX-7", f"RX-{place}"), name=f"in/{place:03}.toml")
    command = [sys.executable, "-c", SPLITTER, "batch", str(tmp_path / "in"), "-o", str(tmp_path / "out")]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as main:
        while not any(tmp_path.glob(".*.splitter-part/plans/*.json")):
            assert main.poll() is None, "it ended before any plan was written"
        main.kill()
        main.communicate(timeout=60)
    assert main.returncode == -signal.SIGKILL
    assert not (tmp_path / "out").exists()
