"""`splitter report`: the physician's pages, of what can be made and of what can't."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pypdf
import pytest

from tests.functional.conftest import Run, Write


def _text(path: Path) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def test_a_report_is_written_and_written_again_alike(run: Run, rx: Write, tmp_path: Path) -> None:
    """The same prescription gives the same bytes; the file is told of."""
    order, target = rx(), tmp_path / "report.pdf"
    found = run("report", order, "-o", target)
    assert found.code == 0
    assert "wrote" in found.err
    first = target.read_bytes()
    assert run("report", order, "-o", target).code == 0
    assert target.read_bytes() == first


@pytest.mark.parametrize(
    ("options", "size", "words"),
    [
        ((), (612, 792), "Rx RX-"),
        (("--profile", "uk"), (595.28, 841.89), "No. RX-"),
        (("--paper", "a4"), (595.28, 841.89), "Rx"),
    ],
)
def test_paper_and_words_are_the_profiles(
    run: Run, rx: Write, tmp_path: Path, options: tuple[str, ...], size: tuple[float, float], words: str
) -> None:
    """The profile's paper unless another is named, its dates and its word for a number."""
    target = tmp_path / "report.pdf"
    assert run("report", rx(), "-o", target, *options).code == 0
    assert {tuple(float(side) for side in page.mediabox[2:]) for page in pypdf.PdfReader(target).pages} == {size}
    assert words in _text(target)


def test_what_cannot_be_made_ends_with_one(run: Run, rx: Write, tmp_path: Path) -> None:
    """The report is written, and the answer is no."""
    target = tmp_path / "report.pdf"
    order = rx(('daily = "20 mg"', 'daily = "1 mg"'))
    found = run("report", order, "-o", target, "--json")
    assert found.code == 1
    assert json.loads(found.out)["verdict"] == "impossible"
    assert "Can't be made as it stands." in _text(target)


def test_the_prescription_is_never_overwritten(run: Run, rx: Write) -> None:
    """An output that is an input is refused; so are two answers on standard output."""
    order = rx()
    before = order.read_bytes()
    assert run("report", order, "-o", order).code == 2
    assert order.read_bytes() == before
    assert run("report", order, "-o", "-", "--json").code == 2


def test_a_check_says_how_exactly_each_step_is_delivered(run: Run, rx: Write) -> None:
    """In its details a row for each step, not on the first screen; for programs in figures."""
    order = rx()
    lines = run("check", order, "--full", "--today", "2026-11-28").out.splitlines()
    start = lines.index("How exactly each step is delivered")
    assert lines[start + 1].split() == [
        "Step",
        "mg",
        "a",
        "day",
        "95",
        "%",
        "of",
        "days,",
        "mg",
        "Not",
        "lower",
        "Shows,",
        "mg",
    ]
    assert [line.split()[:2] for line in lines[start + 2 : start + 4]] == [["1", "20"], ["2", "15"]]
    assert "How exactly" not in run("check", order, "--today", "2026-11-28").out
    (first, second) = json.loads(run("check", order, "--json", "--today", "2026-11-28").out)["precision"]
    assert first["mean_mg"] == "20"
    assert Fraction(first["low_mg"]) < 20 < Fraction(first["high_mg"])
    assert first["is_resolved"] is None
    assert second["is_resolved"] is True
    assert Fraction(second["resolved_mg"]) < 5
