"""The leaflet of a visit: what its labels have no room for, every step of every container, and the cautions."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from splitter.errors import InputError
from splitter.labels import Style, read_on_leaflet
from splitter.plan import Plan
from splitter.sheets.calendar import SIZE
from splitter.sheets.cells import Cell
from splitter.sheets.flow import Column, Flow, Paper
from splitter.wording import LabelText, label_texts
from splitter.wording.calendar import whom_to_call
from splitter.wording.label import leaflet_name


def leaflet_sheet(plan: Plan, date: dt.date, paper: Paper, style: Style) -> Flow | None:
    """The leaflet that the labels of the visit of `date` name; None where none of them does."""
    named: tuple[int, ...] = ()
    with suppress(InputError):  # of labels too narrow for the patient's name, which other sheets are printed without
        named = read_on_leaflet(plan, style, date)
    if not named:
        return None
    texts = {text.index: text for text in label_texts(plan, date, style.manner)}
    name = leaflet_name(date, style.profile.customs)
    name = f"{name[0].upper()}{name[1:]}"
    flow = Flow(name, size=SIZE, paper=paper)
    flow.title(f"{name}: what the labels have no room for")
    first = texts[min(texts)]
    flow.paragraph(f"For {first.patient}. {first.warning}")
    for index in named:
        _container(flow, texts[index])
    flow.space(8)
    flow.paragraph(f"If you feel unwell or have questions, call {whom_to_call(plan)}.", bold=True)
    return flow


def _container(flow: Flow, text: LabelText) -> None:
    flow.space(8)
    flow.paragraph(f"{text.drug} ({text.position.partition(',')[0].lower()})", bold=True)
    rows = ([Cell(direction.head, bold=True), Cell(direction.body)] for direction in text.directions)
    flow.table((Column("", 4), Column("", 7)), rows, pad=2)
    flow.paragraph(" ".join((*text.conditions, *text.cautions)))
