"""Labels on the stock that the user names: options, configuration, sheets that are partly used, visits."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest
from pypdf import PdfReader

from splitter.printers.status import ASK
from tests.functional.conftest import Run, Write
from tests.unit.test_printers import listening, put_lp

LATER = ('for = "2 weeks"\n\n[[step]]\ndaily = "15 mg"', 'for = "6 weeks"\n\n[[step]]\ndaily = "15 mg"')


@pytest.fixture(autouse=True)
def configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's configuration directory, empty."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "config" / "splitter").mkdir(parents=True)
    return tmp_path / "config" / "splitter"


@pytest.fixture
def plan(run: Run, rx: Write, tmp_path: Path) -> Path:
    """A plan of two visits."""
    path = tmp_path / "plan.json"
    assert run("plan", rx(LATER), "-o", path).code == 0
    return path


def pages(path: Path) -> list[str]:
    """The words of each page."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(path).pages]


def test_labels_on_a_part_used_sheet(run: Run, plan: Path, tmp_path: Path) -> None:
    """All labels of both visits on one Letter page, from the place that is named."""
    output = tmp_path / "labels.pdf"
    assert run("labels", plan, "--all", "--stock", "5163", "--start", "3", "-o", output).code == 0
    (page,) = PdfReader(output).pages
    assert (page.mediabox.width, page.mediabox.height) == (612, 792)
    (words,) = pages(output)
    assert "Filled Dec 1, 2026" in words
    assert "Filled Dec 29, 2026" in words


def test_labels_of_a_visit(run: Run, plan: Path, tmp_path: Path) -> None:
    """That of its date; a date without a visit names those that there are."""
    output = tmp_path / "labels.pdf"
    assert run("labels", plan, "--visit", "2026-12-29", "-o", output).code == 0
    assert all("Filled Dec 29, 2026" in words for words in pages(output))
    ran = run("labels", plan, "--visit", "2026-12-30", "-o", tmp_path / "none.pdf")
    assert ran.code == 2
    assert "2026-12-01 and 2026-12-29" in ran.err
    assert not (tmp_path / "none.pdf").exists()


def test_fill_and_its_profile(run: Run, rx: Write, tmp_path: Path) -> None:
    """British words, clock times, and sheets on A4; every visit's labels with --all."""
    folder = tmp_path / "out"
    assert run("fill", rx(LATER), "-o", folder, "--profile", "uk", "--clock", "--all").code == 0
    words = " ".join(pages(folder / "labels.pdf"))
    assert "Dispensed 1 Dec 2026" in words
    assert "Dispensed 29 Dec 2026" in words
    assert "at 8 AM" in words
    assert round(float(PdfReader(folder / "sheets.pdf").pages[0].mediabox.height)) == 842


def test_a_batch_on_sheets_says_on_which_page_each_stands(run: Run, rx: Write, tmp_path: Path) -> None:
    """Prescriptions share pages; the list names the first, and on how many the labels are."""
    for name in ("a", "b", "c"):
        rx(('"RX-7"', f'"RX-{name}"'), name=f"in/{name}.toml")
    out = tmp_path / "out"
    assert run("batch", tmp_path / "in", "-o", out, "--stock", "avery-5164", "--start", "4").code == 0
    made = list(csv.DictReader(io.StringIO((out / "manifest.csv").read_text(encoding="utf-8"))))
    sheets = pages(out / "labels.pdf")
    labels = [int(row["labels"]) for row in made]
    assert len(sheets) == -(-(3 + sum(labels)) // 6)
    for row in made:
        first, count = int(row["first page"]), int(row["pages"])
        assert all(row["number"] in words for words in sheets[first - 1 : first - 1 + count])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--stock", "nothing"), '--stock: found "nothing"; name one of 4x2, 4x3.33'),
        (("--profile", "mars"), '--profile: found "mars"; name one of us, uk'),
        (("--start", "2"), "--start: found label 2 of a page of 1; leave it out"),
        (("--stock", "5163", "--start", "11"), "--start: found label 11 of a page of 10; write a number from 1 to 10"),
        (("--offset", "1"), '--offset: found "1"; write two lengths'),
        (("--stock", "5160"), "print on larger stock, such as"),
        (("--stock", "absent.toml"), "absent.toml: found no readable file"),
        (("--visit", "2026-12-01", "--all"), "give --visit or --all, not both"),
    ],
)
def test_options_that_can_t_be_meant_write_nothing(
    run: Run, plan: Path, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    """Exit code 2, with what was found and the remedy."""
    ran = run("labels", plan, "-o", tmp_path / "labels.pdf", *options)
    assert ran.code == 2
    assert message in ran.err
    assert not (tmp_path / "labels.pdf").exists()


def test_the_configuration_decides_unless_an_option_does(
    run: Run, plan: Path, tmp_path: Path, configuration: Path
) -> None:
    """Stock and profile of every day are written once."""
    (configuration / "labels.toml").write_text('[labels]\nstock = "L7163"\nprofile = "uk"\n', encoding="utf-8")
    output = tmp_path / "labels.pdf"
    assert run("labels", plan, "-o", output).code == 0
    assert round(float(PdfReader(output).pages[0].mediabox.height)) == 842
    assert run("labels", plan, "-o", output, "--stock", "4x2", "--profile", "us").code == 0
    assert PdfReader(output).pages[0].mediabox.height == 144
    assert "Filled Dec 1, 2026" in pages(output)[0]


def test_stock_lists_and_tests(run: Run, tmp_path: Path, configuration: Path) -> None:
    """Every stock with its size, the user's own too; a test page for one; JSON."""
    (configuration / "stocks").mkdir()
    own = '[label]\nname = "small vials"\nwidth = "75 mm"\nheight = "40 mm"\n'
    (configuration / "stocks" / "vials.toml").write_text(own, encoding="utf-8")
    ran = run("stock")
    assert ran.code == 0
    assert len(ran.out.splitlines()) == 15
    assert "avery-5163       101.6 x  50.8 mm  4.00 x 2.00 in  2 x 5 on a sheet" in ran.out
    assert "small vials" in ran.out
    assert json.loads(run("stock", "--json").out)[0]["name"] == "small vials"
    output = tmp_path / "test.pdf"
    assert run("stock", "avery-5163", "-o", output, "--offset", "1 mm, 2 mm").code == 0
    assert "avery-5163, label 10" in pages(output)[0]
    assert run("stock", "-o", output).code == 2
    assert run("stock", "nothing").code == 2


def test_labels_for_a_thermal_printer(run: Run, plan: Path, tmp_path: Path) -> None:
    """ZPL to a file or standard output, a format a label; not on sheets."""
    assert run("labels", plan, "--format", "zpl", "-o", tmp_path / "labels.zpl").code == 0
    written = (tmp_path / "labels.zpl").read_bytes()
    assert written.count(b"^XA") == written.count(b"^XZ") > 0
    assert run("labels", plan, "--format", "zpl", "-o", "-").out.encode() == written
    refused = run("labels", plan, "--format", "zpl", "--stock", "5163", "-o", tmp_path / "other.zpl")
    assert refused.code == 2
    assert "--format: found zpl on avery-5163, which are sheets; thermal printers take rolls" in refused.err
    assert not (tmp_path / "other.zpl").exists()


def test_labels_are_sent_once(run: Run, plan: Path, tmp_path: Path) -> None:
    """To a listening printer, once it was asked how it is, the very bytes that the file has, in one connection."""
    with listening() as listener:
        ran = run("labels", plan, "--format", "zpl", "--print", listener.address, "-o", tmp_path / "labels.zpl")
    assert (ran.code, listener.heard) == (0, [ASK + (tmp_path / "labels.zpl").read_bytes()])
    assert "sent, not confirmed" in ran.err


def test_labels_go_to_a_queue(run: Run, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a file of their own; the title that the queue shows names no patient."""
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    put_lp(tmp_path)
    assert run("labels", plan, "--print", "counter").code == 0
    assert (tmp_path / "document").read_bytes().startswith(b"%PDF")
    arguments = (tmp_path / "arguments").read_text(encoding="utf-8").split("\n")
    assert arguments[:4] == ["-d", "counter", "-t", "Pharmacy labels"]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ((), 2, "say where the labels go, with -o or --print"),
        (("--print", "tcp://127.0.0.1:9100"), 2, "add --format zpl for a thermal printer"),
        (("--print", "a b"), 2, "name a CUPS queue"),
        (("--print", "ipp://host"), 2, "name a CUPS queue"),
        (("--format", "zpl", "--print", "tcp://127.0.0.1:1"), 3, "nothing was sent"),
    ],
)
def test_what_can_t_be_sent_is_not(run: Run, plan: Path, options: tuple[str, ...], code: int, said: str) -> None:
    """Each with its reason, and bad input before anything is made."""
    ran = run("labels", plan, *options)
    assert ran.code == code
    assert said in ran.err
