"""A batch in several processes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import splitter.batch
from splitter.batch import BatchSetting, Outcome, fill_all
from splitter.errors import SplitterError
from tests.unit.plans import PHARMACY

SETTING = BatchSetting(pharmacy=PHARMACY)


def echo(_: BatchSetting, path: Path) -> Outcome:
    """Stands in for filling a file."""
    return Outcome(file=path.name, reasons=(f"process {os.getpid()}",))


def die(_: BatchSetting, path: Path) -> Outcome:
    """A worker that is killed, as for want of memory."""
    if path.stem == "10":
        os._exit(9)
    return echo(_, path)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Enough files that two processes are started for them."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(10, 28):
        (folder / f"{number}.toml").write_text("", encoding="utf-8")
    return folder


def test_several_processes_keep_the_order(many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lists are in the order of the names, whoever was first."""
    monkeypatch.setattr(splitter.batch, "fill_file", echo)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    reported: list[tuple[int, int]] = []
    summary = fill_all(many, tmp_path / "out", SETTING, lambda done, total: reported.append((done, total)))
    lines = (tmp_path / "out" / "refused.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert summary.refused == 18
    assert [line[:2] for line in lines] == [str(number) for number in range(10, 28)]
    assert not any(str(os.getpid()) in line for line in lines)
    assert reported == [(done, 18) for done in range(1, 19)]


def test_a_lost_worker_is_told_and_leaves_nothing(many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No output, no hanging, one plain message."""
    monkeypatch.setattr(splitter.batch, "fill_file", die)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    with pytest.raises(SplitterError, match="a worker process was lost"):
        fill_all(many, tmp_path / "out", SETTING)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
