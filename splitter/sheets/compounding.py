"""The compounding worksheet: the master formulation record of an item, and the record of all its batches."""

from __future__ import annotations

from collections.abc import Iterable

from splitter.plan import Plan
from splitter.sheets.cells import Cell
from splitter.sheets.dispensing import Labels
from splitter.sheets.flow import PADS, Column, Flow, Paper, fewest_pages
from splitter.sheets.record import reckonings, record_sheet
from splitter.wording.compounding import Worksheet, drug_held, per_hundred, quality_rows
from splitter.wording.customs import Customs
from splitter.wording.label import drug_line
from splitter.wording.measures import exact_words
from splitter.wording.triturations import parts_of

_PAIR_COLUMNS = (Column("", 16), Column("", 88))
_FORMULA_COLUMNS = (Column("Ingredient", 52), Column("Amount", 26), Column("Drug in it", 26))
_QUALITY_COLUMNS = (Column("Check", 36), Column("Expected", 68))
# About how high a check is, and what follows the checks [pt].
_CHECK_HIGH, _APPROVAL_HIGH = 20.0, 130.0


def formula_sheet(plan: Plan, worksheet: Worksheet, paper: Paper) -> Flow:
    """The master formulation record of a compounded item."""
    return fewest_pages(lambda pad: _formula(plan, worksheet, paper, pad), PADS)


def compounding_record(plan: Plan, worksheet: Worksheet, labels: Labels, paper: Paper, customs: Customs) -> Flow:
    """The record of all batches of a compounded item, of which `labels` are the labels."""
    return fewest_pages(lambda pad: record_sheet(plan, worksheet, labels, (paper, customs), pad), PADS)


def _formula(plan: Plan, worksheet: Worksheet, paper: Paper, pad: float) -> Flow:
    product, unit = worksheet.product, worksheet.item.unit
    flow = Flow(f"Formula {worksheet.reference}", paper=paper, pad=pad)
    flow.title("Master formulation record", worksheet.reference)
    flow.paragraph(drug_line(plan, product), bold=True, size=12)
    flow.space(4)
    _pairs(flow, worksheet.formula)
    flow.heading(f"Ingredients for {exact_words(worksheet.base, unit)}")
    flow.table(
        _FORMULA_COLUMNS,
        (
            (Cell(each.name), Cell(per_hundred(each, unit), bold=True), Cell(drug_held(each)))
            for each in product.ingredients
        ),
    )
    for each in product.ingredients:
        if each.dilution is not None:
            flow.heading(f"What {each.name} is made of")
            flow.table(
                _FORMULA_COLUMNS,
                ((Cell(name), Cell(parts, bold=True), Cell(drug)) for name, parts, drug in parts_of(each.dilution)),
            )
    flow.heading("Calculations of the formula")
    reckonings(flow, worksheet.reckonings)
    flow.heading("Method")
    for place, line in enumerate(worksheet.method, 1):
        flow.paragraph(f"{place}. {line}")
        flow.space(2)
    checks = quality_rows(worksheet)
    flow.keep(_CHECK_HIGH * len(checks) + _APPROVAL_HIGH)  # no signature on a page by itself
    flow.heading("Quality checks")
    flow.table(_QUALITY_COLUMNS, ((Cell(check), Cell(expected)) for check, expected in checks))
    flow.heading("Approved")
    flow.signatures(("Reviewed and approved by",))
    return flow


def _pairs(flow: Flow, pairs: Iterable[tuple[str, str]]) -> None:
    flow.table(_PAIR_COLUMNS, ((Cell(key, bold=True), Cell(words)) for key, words in pairs))
