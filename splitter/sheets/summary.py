"""One page for the patient: the whole taper as a staircase, its steps, and what to do when it goes badly."""

from __future__ import annotations

from splitter.plan import Plan
from splitter.sheets.calendar import SIZE
from splitter.sheets.cells import Cell, broken
from splitter.sheets.chart import staircase_chart
from splitter.sheets.flow import Column, Flow, Paper
from splitter.wording.at_home import amendment_words, at_home_words
from splitter.wording.calendar import (
    end_words,
    pace_words,
    safety_words,
    stair_words,
    staircase,
    stop_words,
    unwell_words,
)
from splitter.wording.customs import Customs
from splitter.wording.label import parties
from splitter.wording.path import course_words

# The heights of the chart that are tried until all stands on one page [pt].
_CHART_HEIGHTS = (350.0, 300.0, 260.0, 220.0, 180.0)
# Room on a name's line for the word before it and the mark behind it [pt].
_BESIDE_NAME = 40.0
# Steps are listed in so many columns.
_ACROSS = 3


def summary_sheet(plan: Plan, paper: Paper, customs: Customs) -> Flow:
    """The summary of the whole plan on one page: with the largest chart, and the list of steps if there is room."""
    tries = (_summary(plan, (paper, customs), high, listed) for listed in (True, False) for high in _CHART_HEIGHTS)
    for flow in tries:
        if len(flow.pages()) == 1:
            break
    return flow


def _summary(plan: Plan, setting: tuple[Paper, Customs], chart_high: float, listed: bool) -> Flow:
    paper, customs = setting
    flow = Flow("Summary", size=SIZE, paper=paper)
    patient, _ = parties(plan)
    stairs = staircase(plan)
    flow.title(f"Your plan: {plan.prescription.drug}")
    said = " ".join(filter(None, [pace_words(stairs), course_words(plan, customs)]))
    flow.paragraph(f"For {broken(patient.name, SIZE, flow.room - _BESIDE_NAME)}. {said}")
    for sentence in filter(None, (amendment_words(plan, customs), *at_home_words(plan, customs))):
        flow.paragraph(sentence, bold=True)
    flow.space(8)
    flow.inset(staircase_chart(stairs, (flow.room, chart_high), end_words(plan, customs), customs))
    flow.space(4)
    if listed:
        _list(flow, stair_words(stairs, customs))
    flow.space(6)
    flow.paragraph(stop_words(plan, customs), bold=True)
    flow.space(6)
    flow.advice((*safety_words(plan), *unwell_words(plan, customs)))
    return flow


def _list(flow: Flow, words: tuple[str, ...]) -> None:
    rows = -(-len(words) // _ACROSS)
    columns = [words[start : start + rows] for start in range(0, len(words), rows)]
    cells = ([Cell(column[row] if row < len(column) else "") for column in columns] for row in range(rows))
    flow.table(tuple(Column("", 1) for _ in columns), cells, pad=1)
