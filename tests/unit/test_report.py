"""The physician's report: its pages hold all that it promises, whatever the taper, and are the same bytes each time."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from pypdf import PdfReader

from splitter import service
from splitter.labels.marks import Box, Rule, Shape, Text
from splitter.plan import Acceptance, Finding, Severity, Status
from splitter.report import Report, lay_out_report, render_report
from splitter.report.chart import Stretch, taper_chart
from splitter.service import Inputs, Verdict, load
from splitter.sheets.flow import A4
from splitter.wording.customs import BRITISH
from splitter.wording.report import about, chance_words

EXAMPLE = Path(__file__).parents[1] / "examples" / "baclofen.toml"


def _inputs(tmp_path: Path, steps: str, policy: str = "", drug: str = "baclofen") -> Inputs:
    path = tmp_path / "rx.toml"
    path.write_text(
        f'[prescription]\nnumber = "RX-1"\ndrug = "{drug}"\nstart = 2026-12-01\ntimes = ["08:00", "14:00", "20:00"]\n'
        f'[patient]\nname = "Ada Example"\n[prescriber]\nname = "Dr B. Example"\n[policy]\n{policy}\n{steps}',
        encoding="utf-8",
    )
    return load(path)


def _report(read: Inputs) -> Report:
    answer = service.check(read.prescription, read.pharmacy, read.formulary)
    return Report(
        answer=answer,
        precision=service.precision(answer.plan, read),
        resolving=service.resolving(answer.plan, read),
        formulary=read.formulary,
    )


@pytest.fixture(scope="module")
def example() -> Report:
    return _report(load(EXAMPLE))


def _text(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_the_same_report_is_the_same_bytes_on_two_pages(example: Report) -> None:
    """It goes into a file, where a second one must be told from a changed one."""
    pdf = render_report(example)
    assert pdf == render_report(example)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 2


def test_the_report_says_what_it_promises(example: Report) -> None:
    """Answer, way down, each step with its precision, costs, findings, certainty."""
    said = _text(render_report(example))
    for words in (
        "Report: baclofen",
        "Can be made exactly as prescribed.",
        "From 60 mg to 4.5 mg a day in 350 days, last dose on Nov 15, 2027.",
        "tablets until Mar 8, 2027",
        "each time: 1.8 mL (9 mg) of suspension",
        "23.8 to 30.2 (± 11.8 %)",
        "All of 13 visits",
        "baclofen 5 mg/mL compounded oral suspension",
        "How sure the facts are",
        "read on its own label or monograph",
    ):
        assert words in said, words
    assert example.plan.prescription.number in said


def test_a_country_writes_its_own_dates_and_paper(example: Report) -> None:
    """Dates with the day first, and A4, where that is the custom."""
    pages = lay_out_report(example, A4, BRITISH)
    assert {(page.wide, page.high) for page in pages} == {A4}
    assert "last dose on 15 Nov 2027" in _text(render_report(example, A4, BRITISH))


def test_what_cannot_be_made_has_its_report(tmp_path: Path) -> None:
    """The reason, and the doses as they were meant, without precision or cost."""
    found = _report(_inputs(tmp_path, '[[step]]\ndaily = "1 mg"\nfor = "7 days"\n', 'liquids = "never"'))
    assert found.answer.verdict is Verdict.IMPOSSIBLE
    said = _text(render_report(found))
    assert "Can't be made as it stands." in said
    assert "What it costs" not in said
    assert found.plan.conflicts[0].message[-20:] in said


def test_accepted_stops_are_decisions(example: Report) -> None:
    """What somebody took responsibility for stands apart from what was only found."""
    found = Finding(code="large-drop", severity=Severity.STOP, where="step 1", message="too much at once")
    plan = replace(example.plan, findings=(*example.plan.findings, found))
    stopped = replace(example.answer, verdict=Verdict.STOPPED, plan=plan)
    decided = service.decided(stopped, [Acceptance(code="large-drop", by="Dr B. Example", why="on the ward")])
    assert decided.verdict is Verdict.POSSIBLE
    said = _text(render_report(replace(example, answer=decided)))
    assert "accepted by Dr B. Example: on the ward" in said
    assert said.index("Decisions") < said.index("too much at once") < said.index("Findings")
    assert "Decisions" not in _text(render_report(example))


def test_a_very_long_taper_leaves_out_how_each_day_is_given(tmp_path: Path) -> None:
    """Sixty steps still fit two pages; all of them are there."""
    rule = (
        '[taper]\nfrom = "60 mg"\nreduce = "1 mg"\nevery = "3 days"\nlast = "1 mg"\nround = "grid"\ngrid = "0.5 mg"\n'
    )
    found = _report(_inputs(tmp_path, rule, 'prefer = "cheapest"'))
    assert len(found.plan.steps) >= 60
    pages = lay_out_report(found)
    words = [mark.text for page in pages for mark in page.marks if isinstance(mark, Text)]
    assert len(pages) <= 2
    assert {str(number) for number in range(1, 61)} <= set(words)
    assert not any("tablets of" in text for text in words)


def test_nothing_of_the_picture_lies_outside_it(example: Report, tmp_path: Path) -> None:
    """Whatever the doses: one step, a rise, a pause, a single day."""
    steps = '[[step]]\ndaily = "{}"\nfor = "{}"\n'
    cases = [
        steps.format("30 mg", "1 day"),
        steps.format("30 mg", "7 days") + steps.format("60 mg", "7 days"),
        steps.format("30 mg", "7 days") + steps.format("0 mg", "7 days") + steps.format("15 mg", "30 days"),
    ]
    for found in (example, *(_report(_inputs(tmp_path, case)) for case in cases)):
        for page in lay_out_report(found):
            for mark in page.marks:
                left, bottom, right, top = mark.box
                assert left >= 0
                assert bottom >= 0
                assert right <= page.wide
                assert top <= page.high


def test_steps_that_a_day_cannot_show_are_told_with_the_mix_that_can(tmp_path: Path) -> None:
    """Half a milligram less by quarters: which step, what the cheapest mix that shows it costs, by which setting."""
    steps = "".join(f'[[step]]\ndaily = "{dose} mg"\nfor = "2 weeks"\n' for dose in ("30", "29.5", "20"))
    found = _report(_inputs(tmp_path, steps, 'split = "quarters"'))
    said = _text(render_report(found))
    assert "* Step 2: less than the tablets and volumes of a day can show." in said
    assert found.resolving is not None
    assert "resolve = 0.95" in said
    asked = _report(_inputs(tmp_path, steps, 'split = "quarters"\nresolve = 0.95'))
    assert asked.resolving is None


def _stretch(first: int, days: int, target: int, **changes: object) -> Stretch:
    start = dt.date(2026, 12, 1) + dt.timedelta(days=first)
    plain = Stretch(
        first=start,
        last=start + dt.timedelta(days=days - 1),
        target=Fraction(target),
        masses=(Fraction(target),),
        delivered=(0.9 * target, 1.1 * target),
        less=None,
        cited=(),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_the_picture_is_to_scale() -> None:
    """A dose half as large has an area half as high; a reduction twice as large a bar twice as high."""
    stretches = (
        _stretch(0, 10, 40),
        _stretch(10, 10, 36, less=Fraction(10)),
        _stretch(20, 10, 20, masses=(Fraction(5), Fraction(15)), less=Fraction(20), cited=(Fraction(10),)),
    )
    stretches = tuple(replace(each, cited=each.cited or (None,)) for each in stretches)
    page = taper_chart(stretches, (500, 300))
    areas = [mark for mark in page.marks if isinstance(mark, Box)]
    assert [round(area.high / areas[0].high, 3) for area in areas] == [1, 0.9, 0.125, 0.375]
    bars = [mark.box for mark in page.marks if isinstance(mark, Shape) and mark.fill is not None]
    assert (bars[1][3] - bars[1][1]) == pytest.approx(2 * (bars[0][3] - bars[0][1]))
    cited = [mark for mark in page.marks if isinstance(mark, Rule) and mark.weight == 0.9]
    assert [mark.y for mark in cited] == pytest.approx([bars[0][3]])


def test_figures_that_were_never_exact_are_short() -> None:
    """Three significant figures, never a power of ten, a leading zero, no zeros at the end."""
    assert [about(value) for value in (0.0, 0.00012345, 2.0, 999.9, 123456.0)] == [
        "0",
        "0.000123",
        "2",
        "1,000",
        "123,456",
    ]
    assert [chance_words(value) for value in (0, 0.0009, 0.5, 0.9999)] == [
        "below 0.1 %",
        "below 0.1 %",
        "50 %",
        "above 99.9 %",
    ]


def test_a_plan_without_a_proof_still_has_a_report(example: Report) -> None:
    """A search that was ended early says so in its findings; the pages are there."""
    plan = replace(example.plan, status=Status.FEASIBLE)
    assert lay_out_report(replace(example, answer=replace(example.answer, plan=plan)))
