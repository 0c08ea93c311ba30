"""The compounding worksheet: the master formulation record of an item, and a compounding record for each batch."""

from __future__ import annotations

from collections.abc import Iterable

from splitter.plan import Plan
from splitter.sheets.cells import Cell
from splitter.sheets.dispensing import SPECIMEN_ROOM, Labels, specimen_words, specimens, whose
from splitter.sheets.flow import Column, Flow, Paper, Row
from splitter.wording.compounding import (
    BatchRecord,
    Worksheet,
    dating_words,
    drug_held,
    per_hundred,
    preparation,
    quality_rows,
)
from splitter.wording.customs import Customs
from splitter.wording.label import drug_line
from splitter.wording.measures import exact_words
from splitter.wording.reckonings import Component, Reckoning
from splitter.wording.triturations import MadeTrituration, parts_of

_PAIR_COLUMNS = (Column("", 16), Column("", 88))
_RECKONING_COLUMNS = (Column("What", 26), Column("Formula", 28), Column("With its numbers", 32), Column("Result", 18))
_FORMULA_COLUMNS = (Column("Ingredient", 52), Column("Amount", 26), Column("Drug in it", 26))
_QUALITY_COLUMNS = (Column("Check", 36), Column("Expected", 68))
_INGREDIENT_COLUMNS = (
    Column("Ingredient", 27),
    Column("Required", 15),
    Column("Actual", 13),
    Column("Maker and lot", 21),
    Column("Expiry", 12),
    Column("Made", 8),
    Column("Checked", 9),
)
_ROUNDING_COLUMNS = (
    Column("Ingredient", 34),
    Column("Exactly", 16),
    Column("Measured with", 26),
    Column("As measured", 16),
    Column("Error", 14),
)
_AS_MEASURED = 3
_RESULT_COLUMNS = (Column("Check", 26), Column("Expected", 40), Column("Found", 26), Column("Initials", 12))
_MADE_COLUMNS = (
    Column("Compounded by", 32),
    Column("Began: date and time", 22),
    Column("Ended: time", 14),
    Column("Quantity made", 18),
    Column("Yield", 12),
)

# About how high the heads of a batch's ingredients are with the row below them, and one ingredient; what is kept
# together on one page at most [pt].
_HEADS_HIGH, _INGREDIENT_HIGH, _MOST_KEPT = 100.0, 34.0, 300.0
_CHECK_HIGH, _APPROVAL_HIGH = 20.0, 130.0


def compounding_sheets(
    plan: Plan, worksheet: Worksheet, labels: Labels, paper: Paper, customs: Customs
) -> tuple[Flow, ...]:
    """The worksheet of one compounded item: its formula, then its batches; `labels` are its labels."""
    records = (_record(plan, worksheet, batch, labels, paper, customs) for batch in worksheet.batches)
    return (_formula(plan, worksheet, paper), *records)


def _formula(plan: Plan, worksheet: Worksheet, paper: Paper) -> Flow:
    product, unit = worksheet.product, worksheet.item.unit
    flow = Flow(f"Formula {worksheet.reference}", paper=paper)
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
    _reckonings(flow, worksheet.reckonings)
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


def _record(
    plan: Plan, worksheet: Worksheet, batch: BatchRecord, labels: Labels, paper: Paper, customs: Customs
) -> Flow:
    place = f"batch {batch.place} of {batch.of}"
    flow = Flow(f"Compounding record {worksheet.lot}, {place}", paper=paper)
    flow.title("Compounding record", f"lot {worksheet.lot}, {place}")
    flow.paragraph(drug_line(plan, worksheet.product), bold=True, size=12)
    flow.space(4)
    whose(flow, plan, customs)
    flow.space(4)
    columns = (Column("", 16), Column("", 36), Column("", 16), Column("", 36))
    flow.table(
        columns,
        (
            [Cell(words, bold=not place % 2) for place, words in enumerate(row)]
            for row in preparation(worksheet, batch, customs)
        ),
    )
    if words := dating_words(worksheet.item, customs):
        flow.space(3)
        flow.paragraph(words, bold=True)
    flow.heading("Calculations")
    _reckonings(flow, (*worksheet.need, *batch.reckonings))
    _measures(flow, batch)
    for made in batch.triturations:
        _trituration(flow, made)
    _ingredients(flow, batch)
    flow.heading("Method")
    for number, line in enumerate(worksheet.method, 1):
        flow.paragraph(f"{number}. {line}", tick=True)
        flow.space(2)
    _results(flow, worksheet, batch)
    _specimens(flow, worksheet, batch, labels)
    flow.keep(120)
    flow.heading("Release")
    flow.signatures(("Compounded by", "Checked and released by"))
    return flow


def _specimens(flow: Flow, worksheet: Worksheet, batch: BatchRecord, labels: Labels) -> None:
    """Every label of the item's first container, once: all its batches bear the same."""
    if batch.place > 1:
        flow.heading("Label")
        flow.paragraph("As shown in the record of batch 1.")
        return
    flow.keep(SPECIMEN_ROOM)
    first = labels[0] if labels else ()
    flow.heading("Specimen of each label" if len(first) > 1 else "Specimen of the label")
    specimens(flow, first)
    if len(labels) > 1:
        flow.paragraph(f"Of this lot, {specimen_words(worksheet.product, labels)}")


def _pairs(flow: Flow, pairs: Iterable[tuple[str, str]]) -> None:
    flow.table(_PAIR_COLUMNS, ((Cell(key, bold=True), Cell(words)) for key, words in pairs))


def _reckonings(flow: Flow, reckonings: Iterable[Reckoning]) -> None:
    """Calculations, with lines between the columns so that no figure runs into the result beside it."""
    rows = (
        (Cell(each.what), Cell(each.formula), Cell(each.numbers), Cell(each.result, bold=True)) for each in reckonings
    )
    flow.table(_RECKONING_COLUMNS, rows, ruled=True)


def _measures(flow: Flow, batch: BatchRecord) -> None:
    flow.heading("Rounded to what can be measured")
    weighed = [(each.name, each.amount) for made in batch.triturations for each in made.weighings]
    rows = (
        *((name, exact.exactly, exact.device, exact.words, exact.error_words) for name, exact in weighed),
        *(
            (each.ingredient.name, each.exactly, each.amount.device, each.required, each.error)
            for each in batch.components
        ),
    )
    flow.table(
        _ROUNDING_COLUMNS,
        ([Cell(words, bold=place == _AS_MEASURED) for place, words in enumerate(row)] for row in rows),
    )
    for fault in batch.faults:
        flow.space(3)
        flow.paragraph(f"Attention: {fault}", bold=True, tick=True)


def _ingredients(flow: Flow, batch: BatchRecord) -> None:
    """What is weighed and by whom, on one page unless the ingredients are many."""
    flow.keep(min(_HEADS_HIGH + _INGREDIENT_HIGH * len(batch.components), _MOST_KEPT))
    flow.heading(f"Ingredients of this batch of {batch.size}")
    made = {each.name for each in batch.triturations}
    rows = (_ingredient_row(each, made_here=each.ingredient.name in made) for each in batch.components)
    flow.table(_INGREDIENT_COLUMNS, rows)
    flow.space(4)
    flow.table(_MADE_COLUMNS, ((Cell(blank=True),) * len(_MADE_COLUMNS),))


def _ingredient_row(component: Component, *, made_here: bool) -> Row:
    """An ingredient to measure; the maker, lot and expiry of a trituration are those of what it is made of."""
    blank = Cell(blank=True)
    origin = (Cell("made as above"), Cell("as above")) if made_here else (blank, blank)
    return Cell(component.ingredient.name), Cell(component.required, bold=True), blank, *origin, blank, blank


def _trituration(flow: Flow, made: MadeTrituration) -> None:
    """What is weighed for a trituration and by whom, on one page."""
    flow.keep(_HEADS_HIGH + _INGREDIENT_HIGH * (len(made.weighings) + 1))
    flow.heading(f"Make first: {made.name}")
    blank = Cell(blank=True)
    weighed = ((Cell(each.name), Cell(each.amount.words, bold=True), *(blank,) * 5) for each in made.weighings)
    total = (Cell("Trituration made", bold=True), Cell(made.total, bold=True), blank, Cell(), Cell(), blank, blank)
    flow.table(_INGREDIENT_COLUMNS, (*weighed, total))


def _results(flow: Flow, worksheet: Worksheet, batch: BatchRecord) -> None:
    flow.heading("Quality checks")
    expected = (("Quantity made", batch.size), *quality_rows(worksheet))
    rows = ((Cell(check, tick=True), Cell(words), Cell(blank=True), Cell(blank=True)) for check, words in expected)
    flow.table(_RESULT_COLUMNS, rows)
    flow.table((Column("", 26), Column("", 78)), ((Cell("Deviations", bold=True), Cell(blank=True)),))
