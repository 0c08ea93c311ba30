"""How fast papers are made, each case in a process of its own: labels for many people, and a year's papers of one.

The peer is reportlab used as its manual shows: one canvas, `drawString` and `rect`, the same words in the same embedded
type at the same places and the same DataMatrix. It is given places and words ready; ours measures, lays out and checks.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from splitter import service
from splitter.formulary import load_formulary
from splitter.labels import lay_out_labels, render_labels
from splitter.labels.fonts import Face, font_file
from splitter.labels.marks import Code, Page, Rule, Text
from splitter.plan import Plan
from splitter.prescription import Patient, read_pharmacy, read_prescription
from splitter.sheets import phone_calendar, render_sheets
from splitter.wording.visits import visit_dates
from tests.benchmark import pages
from tests.unit.paper_plans import START, TABLET_10, TIMES, a_plan, dose, item, step, take

MADE = dt.datetime(2026, 11, 28, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One row: its goal in words, and what is timed; it returns how many papers were made."""

    goal: str
    run: Callable[[], tuple[int, float]]


def vials(count: int) -> Iterator[Plan]:
    """One vial each for so many invented people: 10 mg tablets three times a day for four weeks."""
    one = a_plan(
        (step(START, 28, "60", *(dose(time, "20", take(TABLET_10, 2)) for time in TIMES)),),
        (item(TABLET_10, "168", "tablet"),),
    )
    for number in range(count):
        patient = Patient(name=f"{_given(number)} Example-{number}")
        yield replace(one, prescription=replace(one.prescription, number=f"RX-{number:06}", patient=patient))


def _given(number: int) -> str:
    return ("Ada", "Łukasz", "Chloë", "Nguyễn", "Ωmega", "Ben")[number % 6]


def labels(count: int) -> tuple[int, float]:
    """So many vial labels in one PDF: plans to bytes."""
    plans = vials(count)
    began = time.perf_counter()
    document = render_labels(plans)
    spent = time.perf_counter() - began
    assert document.startswith(b"%PDF")
    return count, spent


def raw_reportlab(count: int) -> tuple[int, float]:
    """The same labels drawn by reportlab alone, from places and words that are ready."""
    drawn = [page for plan in vials(count) for page in lay_out_labels(plan)]
    began = time.perf_counter()
    canvas = Canvas(io.BytesIO(), pageCompression=1, invariant=1)
    for face in Face:
        pdfmetrics.registerFont(TTFont(face.value, io.BytesIO(font_file(face))))
    for page in drawn:
        _draw(canvas, page)
    canvas.save()
    return len(drawn), time.perf_counter() - began


def _draw(canvas: Canvas, page: Page) -> None:
    canvas.setPageSize((page.wide, page.high))
    for mark in page.marks:
        if isinstance(mark, Text):
            canvas.setFont(mark.face.value, mark.size)
            canvas.drawString(mark.x, mark.y, mark.text)
        elif isinstance(mark, Rule):
            canvas.line(mark.x, mark.y, mark.to_x, mark.to_y)
        elif isinstance(mark, Code):
            for x, y in _modules(mark):
                canvas.rect(x, y, mark.module, mark.module if mark.height is None else mark.height, stroke=0, fill=1)
    canvas.showPage()


def _modules(code: Code) -> Iterator[tuple[float, float]]:
    for row, modules in enumerate(reversed(code.symbol.rows)):
        for column, module in enumerate(modules):
            if module == "1":
                yield code.x + column * code.module, code.y + row * code.module


def year() -> tuple[int, float]:
    """All labels, sheets, worksheets and calendars of the example's year, of each of its visits."""
    prescription = read_prescription(Path(pages.EXAMPLE))
    plan = service.plan(prescription, read_pharmacy(), load_formulary(prescription.drug))
    dates = visit_dates(plan)
    began = time.perf_counter()
    documents = (render_labels([plan], dates=dates), render_sheets(plan, dates), phone_calendar(plan, dates, MADE))
    return len(documents), time.perf_counter() - began


CASES = {
    "1,000 vial labels": Target(goal="1,000 a second", run=lambda: labels(1_000)),
    "10,000 vial labels": Target(goal="under 200 MB", run=lambda: labels(10_000)),
    "1,000, raw reportlab": Target(goal="the peer", run=lambda: raw_reportlab(1_000)),
    "a year's papers": Target(goal="under 1 s", run=year),
}


def measure(name: str) -> dict[str, float]:
    """Run a case in this process: how many papers, seconds, peak memory [MB]."""
    made, spent = CASES[name].run()
    return {"made": made, "seconds": spent, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def run(rounds: int) -> None:
    """Print the table: of each case the best of some rounds, and how our labels compare with the peer's."""
    print(f"{'case':24}{'goal':18}{'seconds':>9}{'a second':>10}{'peak MB':>9}")
    rates: dict[str, float] = {}
    for name, target in CASES.items():
        best = min((_in_process(name) for _ in range(rounds)), key=lambda result: result["seconds"])
        rates[name] = best["made"] / best["seconds"]
        print(f"{name:24}{target.goal:18}{best['seconds']:9.2f}{rates[name]:10.0f}{best['peak']:9.0f}", flush=True)
    ours, peer = rates["1,000 vial labels"], rates["1,000, raw reportlab"]
    print(f"\nours, with measuring, layout and checks, against raw reportlab: {ours / peer:.2f}")
    pages.run()


def _in_process(name: str) -> dict[str, float]:
    code = "import json, sys; from tests.benchmark.paper import measure; print(json.dumps(measure(sys.argv[1])))"
    done = subprocess.run([sys.executable, "-c", code, name], capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result
