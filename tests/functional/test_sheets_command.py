"""`splitter sheets`: which visit, on which paper, and the calendar for a phone."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest
from icalendar import Calendar

from tests.functional.conftest import Run, Write


@pytest.fixture
def plan(run: Run, rx: Write, tmp_path: Path) -> Path:
    """A plan of two visits: four weeks of supply each, over six weeks."""
    path = tmp_path / "plan.json"
    assert run("plan", rx(('for = "2 weeks"', 'for = "3 weeks"')), "-o", path).code == 0
    return path


def text_of(path: Path) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def test_the_first_visit_is_printed_unless_another_is_named(run: Run, plan: Path, tmp_path: Path) -> None:
    """--visit names one by its date, --all prints each."""
    target = tmp_path / "sheets.pdf"
    for options, first, second in (
        ((), True, False),
        (("--visit", "2026-12-29"), False, True),
        (("--all",), True, True),
    ):
        assert run("sheets", plan, "-o", target, *options).code == 0
        read = text_of(target)
        assert ("Dispensing sheet, Tue Dec 1, 2026" in read) == first
        assert ("Dispensing sheet, Tue Dec 29, 2026" in read) == second


@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595.28, 841.89))])
def test_the_paper_is_letter_or_a4(run: Run, plan: Path, tmp_path: Path, paper: str, size: tuple[float, float]) -> None:
    """Every page has its size."""
    target = tmp_path / "sheets.pdf"
    assert run("sheets", plan, "-o", target, "--paper", paper).code == 0
    boxes = {tuple(float(side) for side in page.mediabox[2:]) for page in pypdf.PdfReader(target).pages}
    assert boxes == {size}


@pytest.mark.parametrize(
    ("options", "said", "size"),
    [((), "Rx", (612, 792)), (("--stock", "4x6"), "Rx", (612, 792)), (("--profile", "uk"), "No.", (595.28, 841.89))],
)
def test_the_labels_shown_are_those_that_are_printed(
    run: Run, plan: Path, tmp_path: Path, options: tuple[str, ...], said: str, size: tuple[float, float]
) -> None:
    """As many as `labels` prints on this stock, each with its words, on the profile's paper."""
    labels, sheets = tmp_path / "labels.pdf", tmp_path / "sheets.pdf"
    assert run("labels", plan, "-o", labels, *options).code == 0
    assert run("sheets", plan, "-o", sheets, *options).code == 0
    printed = [page.extract_text().split() for page in pypdf.PdfReader(labels).pages]
    read = text_of(sheets).split()
    assert all(said in words and set(words) <= set(read) for words in printed)
    assert read.count(said) == len(printed)
    assert {tuple(float(side) for side in page.mediabox[2:]) for page in pypdf.PdfReader(sheets).pages} == {size}


def test_fill_shows_the_labels_that_it_prints(run: Run, rx: Write, tmp_path: Path) -> None:
    """The sheets of a filling speak of the labels beside them."""
    assert run("fill", rx(), "-o", tmp_path / "out", "--profile", "uk", "--stock", "4x6").code == 0
    assert "No. RX-" in text_of(tmp_path / "out" / "labels.pdf").replace("\n", " ")
    read = text_of(tmp_path / "out" / "sheets.pdf").replace("\n", " ")
    assert ("No. RX-" in read, "Rx RX-" in read) == (True, False)


def test_the_calendar_for_a_phone_is_of_the_same_visits(run: Run, plan: Path, tmp_path: Path) -> None:
    """Beside the sheets, or on standard output."""
    target, calendar = tmp_path / "sheets.pdf", tmp_path / "calendar.ics"
    ran = run("sheets", plan, "-o", target, "--ics", calendar, "--json")
    assert ran.code == 0
    assert (str(target) in ran.out, str(calendar) in ran.out) == (True, True)
    few = len(Calendar.from_ical(calendar.read_text()).walk("VEVENT"))
    ran = run("sheets", plan, "-o", target, "--ics", "-", "--all")
    assert len(Calendar.from_ical(ran.out).walk("VEVENT")) > few > 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ("--visit", "2026-12-02"),
            "no visit on Dec 2, 2026; name a date on which something is handed over: 2026-12-01",
        ),
        (("--visit", "tomorrow"), "'tomorrow' does not match the format"),
        (("--visit", "2026-12-01", "--all"), "give --visit or --all, not both"),
        (("--paper", "a5"), "'a5' is not one of"),
    ],
)
def test_a_bad_choice_writes_nothing(
    run: Run, plan: Path, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    """Neither the sheets nor the calendar."""
    target, calendar = tmp_path / "sheets.pdf", tmp_path / "calendar.ics"
    ran = run("sheets", plan, "-o", target, "--ics", calendar, *options)
    assert ran.code == 2
    assert message in ran.err
    assert not target.exists()
    assert not calendar.exists()


def test_two_papers_in_one_place_are_refused(run: Run, plan: Path, tmp_path: Path) -> None:
    """Neither would be whole."""
    ran = run("sheets", plan, "-o", tmp_path / "x", "--ics", tmp_path / "x")
    assert (ran.code, "found two outputs in one file" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("due", "first", "second"),
    [
        ("2026-12-01..2026-12-29", True, True),
        ("2026-12-02..2027-01-31", False, True),
        ("2026-12-01..2026-12-28", True, False),
        ("2026-12-29", False, True),
    ],
)
def test_all_that_is_due_in_some_days_is_printed(
    run: Run, plan: Path, tmp_path: Path, due: str, first: bool, second: bool
) -> None:
    """From one day to another, both included; on one day."""
    target, labels = tmp_path / "sheets.pdf", tmp_path / "labels.pdf"
    assert run("sheets", plan, "-o", target, "--due", due).code == 0
    read = text_of(target)
    assert ("Dispensing sheet, Tue Dec 1, 2026" in read) == first
    assert ("Dispensing sheet, Tue Dec 29, 2026" in read) == second
    assert run("labels", plan, "-o", labels, "--due", due).code == 0
    assert ("Filled Dec 29, 2026" in text_of(labels)) == second


def test_that_nothing_is_due_is_no_fault(run: Run, plan: Path, rx: Write, tmp_path: Path) -> None:
    """It is said, nothing is written but the plan, and a batch lists the prescription without labels."""
    days = ("--due", "2026-12-07..2026-12-11")
    for command in ("labels", "sheets"):
        ran = run(command, plan, "-o", tmp_path / "x.pdf", *days)
        assert (ran.code, ran.err.strip()) == (0, "splitter: nothing is due from 2026-12-07 to 2026-12-11")
        assert not (tmp_path / "x.pdf").exists()
    ran = run("fill", rx(), "-o", tmp_path / "filled", *days)
    assert ran.code == 0
    assert "not printed: nothing is due from 2026-12-07 to 2026-12-11" in ran.err
    assert [path.name for path in (tmp_path / "filled").iterdir()] == ["plan.json"]
    folder = tmp_path / "many"
    folder.mkdir()
    rx().rename(folder / "one.toml")
    assert run("batch", folder, "-o", tmp_path / "out", *days).code == 0
    lines = (tmp_path / "out" / "manifest.csv").read_text().splitlines()
    assert len(lines) == 2
    assert ",0,0," in lines[1]
    assert not (tmp_path / "out" / "labels.pdf").exists()
    assert len((tmp_path / "out" / "refused.csv").read_text().splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--due", "2026-12-29..2026-12-01"), "ends before it begins"),
        (("--due", "next week"), "is not FROM..TO, such as 2026-12-07..2026-12-11"),
        (("--due", "2026-12-01..", "--all"), "is not FROM..TO"),
        (("--due", "2026-12-01", "--all"), "give --all or --due, not both"),
        (("--replaces", "old.ics"), "say with --ics where the calendar goes"),
    ],
)
def test_days_that_cannot_be_read_are_wrong_usage(
    run: Run, plan: Path, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    """Nothing is written."""
    ran = run("sheets", plan, "-o", tmp_path / "x.pdf", *options)
    assert (ran.code, message in ran.err) == (2, True), ran.err
    assert not (tmp_path / "x.pdf").exists()


def test_a_calendar_replaces_the_one_that_was_given_before(run: Run, rx: Write, tmp_path: Path) -> None:
    """The dose at noon is gone from the prescription: the phone is told to forget it. Another file is no calendar."""
    before, after, old = tmp_path / "plan.json", tmp_path / "plan2.json", tmp_path / "old.ics"
    assert run("plan", rx(), "-o", before).code == 0
    assert run("sheets", before, "-o", tmp_path / "x.pdf", "--ics", old).code == 0
    assert run("plan", rx(('for = "2 weeks"', 'for = "1 week"')), "-o", after).code == 0
    ran = run("sheets", after, "-o", tmp_path / "x.pdf", "--ics", tmp_path / "new.ics", "--replaces", old)
    assert ran.code == 0, ran.err
    assert "STATUS:CANCELLED" in (tmp_path / "new.ics").read_text()
    ran = run("sheets", after, "-o", tmp_path / "x.pdf", "--ics", tmp_path / "new.ics", "--replaces", before)
    assert (ran.code, "name the .ics file" in ran.err) == (2, True)
