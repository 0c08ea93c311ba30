"""The compounding worksheet: the record of one compounded item, from the reckoning to the release."""

from __future__ import annotations

from splitter.formulary import Form
from splitter.plan import Plan
from splitter.sheets.cells import Cell
from splitter.sheets.dispensing import whose
from splitter.sheets.flow import Column, Flow
from splitter.wording.figures import day, listing
from splitter.wording.label import drug_line, quantity_words, storage_words
from splitter.wording.sheet import BatchSize, Worksheet

_INGREDIENT_COLUMNS = (
    Column("Ingredient", 24),
    Column("Required", 17),
    Column("Actual", 13),
    Column("Maker and lot", 20),
    Column("Expiry", 12),
    Column("Made", 8),
    Column("Checked", 10),
)
_LIQUID_CHECKS = (
    "Appearance: uniform, without lumps or foreign matter.",
    "Container: clean, intact, closed tightly; oral syringe supplied.",
)
_COUNTED_CHECKS = (
    "Appearance: whole, clean, evenly filled.",
    "Weight: each unit between 90 and 110 % of the theoretical weight.",
)


def compounding_sheet(plan: Plan, worksheet: Worksheet) -> Flow:
    """The worksheet of one compounded item."""
    flow = Flow()
    flow.title(f"Compounding worksheet: {drug_line(plan, worksheet.product)}")
    whose(flow, plan)
    _batch(flow, worksheet)
    for batch in worksheet.batches:
        _ingredients(flow, batch)
    flow.heading("Method")
    for place, line in enumerate(worksheet.product.method or ("Follow the pharmacy's master record.",), 1):
        flow.paragraph(f"{place}. {line}", tick=True)
        flow.space(2)
    _checks(flow, worksheet)
    _release(flow)
    return flow


def _ingredients(flow: Flow, batch: BatchSize) -> None:
    flow.heading(f"Ingredients of one batch of {batch.size}")
    flow.table(
        _INGREDIENT_COLUMNS,
        ((Cell(part.name), Cell(part.required, bold=True), *(Cell(blank=True),) * 5) for part in batch.ingredients),
    )
    flow.heading("Calculations")
    for part in batch.ingredients:
        flow.paragraph(f"{part.name}: {part.reckoned}")


def _batch(flow: Flow, worksheet: Worksheet) -> None:
    item, product = worksheet.item, worksheet.product
    flow.heading("Preparation")
    made = listing(_batches(batch) for batch in worksheet.batches)
    discard = day(item.discard_after) if item.discard_after else "not stated"
    pairs = (
        ("Product", product.name),
        ("Make", f"{made}; hand over {quantity_words(item, product)}"),
        ("Needed", worksheet.needed),
        ("Compound on", f"{day(item.date)} (day 1 of the shelf life)"),
        ("Beyond-use date", f"{discard}. Basis: {product.beyond_use_basis or 'not stated'}"),
        ("Storage", storage_words(product.storage) if product.storage else "not stated"),
    )
    flow.table((Column("", 18), Column("", 86)), ((Cell(key, bold=True), Cell(words)) for key, words in pairs))
    flow.table(
        (Column("Internal lot number", 34), Column("Compounded by", 40), Column("Date and time", 30)),
        ((Cell(blank=True), Cell(blank=True), Cell(blank=True)),),
    )


def _batches(batch: BatchSize) -> str:
    return f"{batch.count} {'batch' if batch.count == 1 else 'batches'} of {batch.size}"


def _checks(flow: Flow, worksheet: Worksheet) -> None:
    flow.heading("Quality checks")
    counted = worksheet.product.form is Form.CAPSULE
    lines = (
        f"Quantity made: expected {' or '.join(batch.size for batch in worksheet.batches)} a batch.",
        *(_COUNTED_CHECKS if counted else _LIQUID_CHECKS),
        "Label: drug, strength, beyond-use date and storage agree.",
    )
    rows = ((Cell(line, tick=True), Cell(blank=True), Cell(blank=True)) for line in lines)
    flow.table((Column("Check", 70), Column("Found", 20), Column("Initials", 14)), rows)


def _release(flow: Flow) -> None:
    flow.heading("Release")
    columns = (Column("", 36), Column("Name and signature", 48), Column("Date", 13), Column("Time", 13))
    flow.table(columns, ((Cell("Reviewed and released by", bold=True), *(Cell(blank=True),) * 3),), size=12)
