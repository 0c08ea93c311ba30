"""One page for the patient: the whole taper as a staircase, its steps, and what to do when it goes badly."""

from __future__ import annotations

from splitter.plan import Plan
from splitter.sheets.calendar import SIZE
from splitter.sheets.cells import Cell
from splitter.sheets.chart import staircase_chart
from splitter.sheets.flow import Column, Flow, Paper
from splitter.wording.calendar import pace_words, safety_words, stair_words, staircase, stop_words, unwell_words
from splitter.wording.label import parties

# The height of the chart where the list of steps is as long as it may be, and for each row less [pt].
_CHART_HIGH, _FOR_A_ROW = 230.0, 10.0
# Steps are listed in so many columns; more than this many rows would need another page.
_ACROSS, _MOST_ROWS = 3, 13


def summary_sheet(plan: Plan, paper: Paper) -> Flow:
    """The summary of the whole plan."""
    flow = Flow("Summary", size=SIZE, paper=paper)
    patient, _ = parties(plan)
    stairs = staircase(plan)
    flow.title(f"Your plan: {plan.prescription.drug}")
    flow.paragraph(f"For {patient.name}. {pace_words(stairs)}")
    flow.space(8)
    words = stair_words(stairs)
    rows = -(-len(words) // _ACROSS)
    if rows > _MOST_ROWS:
        words, rows = (), 0
    flow.inset(staircase_chart(stairs, (flow.room, _CHART_HIGH + (_MOST_ROWS - rows) * _FOR_A_ROW)))
    flow.space(4)
    if words:
        columns = [words[start : start + rows] for start in range(0, len(words), rows)]
        cells = ([Cell(column[row] if row < len(column) else "") for column in columns] for row in range(rows))
        flow.table(tuple(Column("", 1) for _ in columns), cells, pad=1)
    flow.space(6)
    flow.paragraph(stop_words(plan), bold=True)
    flow.space(6)
    flow.advice((*safety_words(plan), *unwell_words(plan)))
    return flow
