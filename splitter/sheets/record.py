"""The compounding record of a lot: how it was reckoned, and a column for what is written down of each batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from splitter.plan import Plan
from splitter.sheets.cells import Cell
from splitter.sheets.dispensing import SPECIMEN_ROOM, Labels, specimen_words, specimens, whose
from splitter.sheets.flow import Column, Flow, Paper, Row
from splitter.wording.compounding import (
    BatchRecord,
    Worksheet,
    batch_groups,
    dating_words,
    group_words,
    preparation,
    quality_rows,
)
from splitter.wording.customs import Customs
from splitter.wording.figures import listing
from splitter.wording.label import drug_line
from splitter.wording.reckonings import Component, Reckoning
from splitter.wording.triturations import MadeTrituration

_RECKONING_COLUMNS = (Column("What", 26), Column("Formula", 28), Column("With its numbers", 32), Column("Result", 18))
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
# Batches that stand side by side; more than these go on below.
_SIDE_BY_SIDE = 4
# The share of the width that the columns of all batches have together.
_BATCHES_SHARE = 46.0


def record_sheet(plan: Plan, worksheet: Worksheet, labels: Labels, setting: tuple[Paper, Customs], pad: float) -> Flow:
    """The record of all batches of an item, with this blank between its lines."""
    paper, customs = setting
    batches = worksheet.batches
    place = f", {len(batches)} batches" if len(batches) > 1 else ""
    flow = Flow(f"Compounding record {worksheet.lot}", paper=paper, pad=pad)
    flow.title("Compounding record", f"lot {worksheet.lot}{place}")
    flow.paragraph(drug_line(plan, worksheet.product), bold=True, size=12)
    flow.space(4)
    whose(flow, plan, customs)
    flow.space(4)
    columns = (Column("", 14), Column("", 30), Column("", 14), Column("", 46))
    flow.table(
        columns,
        (
            [Cell(words, bold=not place % 2) for place, words in enumerate(row)]
            for row in preparation(worksheet, customs)
        ),
    )
    if words := dating_words(worksheet.item, customs):
        flow.space(3)
        flow.paragraph(words, bold=True)
    _calculations(flow, worksheet)
    _measures(flow, worksheet)
    for batch in batches:
        for made in batch.triturations:
            _trituration(flow, made, f", for batch {batch.place}" if batch.of > 1 else "")
    for start in range(0, len(batches), _SIDE_BY_SIDE):
        _ingredients(flow, batches[start : start + _SIDE_BY_SIDE])
    _made(flow, batches)
    _method(flow, worksheet)
    for start in range(0, len(batches), _SIDE_BY_SIDE):
        _results(flow, worksheet, batches[start : start + _SIDE_BY_SIDE])
    _deviations(flow)
    _specimens(flow, worksheet, labels)
    flow.keep(120)
    flow.heading("Release")
    flow.signatures(("Compounded by", "Checked and released by"))
    return flow


def _specimens(flow: Flow, worksheet: Worksheet, labels: Labels) -> None:
    """Every label of the item's first container: those of all its batches say the same."""
    flow.keep(SPECIMEN_ROOM)
    first = labels[0] if labels else ()
    flow.heading("Specimen of each label" if len(first) > 1 else "Specimen of the label")
    specimens(flow, first)
    if len(labels) > 1:
        flow.paragraph(f"Of this lot, {specimen_words(worksheet.product, labels)}")


def _calculations(flow: Flow, worksheet: Worksheet) -> None:
    """Those of the need, and of the batches: once for all of one size."""
    flow.heading("Calculations")
    groups = batch_groups(worksheet)
    if len(worksheet.batches) == 1:
        reckonings(flow, (*worksheet.need, *worksheet.batches[0].reckonings))
        return
    reckonings(flow, worksheet.need)
    for group in groups:
        flow.heading(f"Calculations of {group_words(group)}")
        reckonings(flow, group[0].reckonings)


def reckonings(flow: Flow, found: Iterable[Reckoning]) -> None:
    """Calculations, with lines between the columns so that no figure runs into the result beside it."""
    rows = ((Cell(each.what), Cell(each.formula), Cell(each.numbers), Cell(each.result, bold=True)) for each in found)
    flow.table(_RECKONING_COLUMNS, rows, ruled=True)


def _measures(flow: Flow, worksheet: Worksheet) -> None:
    for group in batch_groups(worksheet):
        batch = group[0]
        of = f", {group_words(group)}" if batch.of > 1 else ""
        flow.heading(f"Rounded to what can be measured{of}")
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


def _ingredients(flow: Flow, batches: Sequence[BatchRecord]) -> None:
    """What is weighed and by whom, on one page unless the ingredients are many; several batches side by side."""
    first, *others = batches
    rows = 3 if others else 1
    flow.keep(min(_HEADS_HIGH + _INGREDIENT_HIGH * rows * len(first.components), _MOST_KEPT))
    made = {each.name for batch in batches for each in batch.triturations}
    if not others:
        flow.heading(f"Ingredients of this {group_words((first,))}")
        rows_of_one = (_ingredient_row(each, made_here=each.ingredient.name in made) for each in first.components)
        flow.table(_INGREDIENT_COLUMNS, rows_of_one)
        return
    flow.heading(f"Ingredients of batches {first.place} to {others[-1].place} of {first.of}")
    columns = (Column("Ingredient", 28), Column("Maker and lot", 18), Column("Expiry", 12), *_batch_columns(batches))
    flow.table(columns, (row for place in range(len(first.components)) for row in _shared_rows(batches, place, made)))


def _batch_columns(batches: Sequence[BatchRecord]) -> tuple[Column, ...]:
    return tuple(Column(f"Batch {batch.place}", _BATCHES_SHARE / len(batches)) for batch in batches)


def _shared_rows(batches: Sequence[BatchRecord], place: int, made: set[str]) -> Iterator[Row]:
    """An ingredient of several batches: what each requires, then room for what was taken, and by whom."""
    blanks = (Cell(blank=True),) * len(batches)
    parts = [batch.components[place] for batch in batches]
    is_made = parts[0].ingredient.name in made
    origin = (Cell("made as above"), Cell("as above")) if is_made else (Cell(blank=True),) * 2
    yield Cell(parts[0].ingredient.name, bold=True), *origin, *(Cell(each.required, bold=True) for each in parts)
    yield Cell("Actual"), Cell(), Cell(), *blanks
    yield Cell("Made by, checked by"), Cell(), Cell(), *blanks


def _made(flow: Flow, batches: Sequence[BatchRecord]) -> None:
    """Who made each batch, when, and what came out."""
    flow.space(4)
    blanks = (Cell(blank=True),) * len(_MADE_COLUMNS)
    if len(batches) == 1:
        flow.table(_MADE_COLUMNS, (blanks,))
        return
    flow.table((Column("Batch", 8), *_MADE_COLUMNS), ((Cell(f"{batch.place}"), *blanks) for batch in batches))


def _method(flow: Flow, worksheet: Worksheet) -> None:
    """Each step with a box to tick for each batch."""
    flow.heading("Method")
    if len(worksheet.batches) == 1:
        for place, line in enumerate(worksheet.method, 1):
            flow.paragraph(f"{place}. {line}", tick=True)
            flow.space(2)
        return
    many = [Column(f"{batch.place}", 5) for batch in worksheet.batches]
    rows = (
        (Cell(f"{place}. {line}"), *(Cell(tick=True),) * len(many)) for place, line in enumerate(worksheet.method, 1)
    )
    flow.table((Column("Step, done for batch", max(104 - 5 * len(many), 40)), *many), rows)


def _ingredient_row(component: Component, *, made_here: bool) -> Row:
    """An ingredient to measure; the maker, lot and expiry of a trituration are those of what it is made of."""
    blank = Cell(blank=True)
    origin = (Cell("made as above"), Cell("as above")) if made_here else (blank, blank)
    return Cell(component.ingredient.name), Cell(component.required, bold=True), blank, *origin, blank, blank


def _trituration(flow: Flow, made: MadeTrituration, place: str) -> None:
    """What is weighed for a trituration and by whom, on one page."""
    flow.keep(_HEADS_HIGH + _INGREDIENT_HIGH * (len(made.weighings) + 1))
    flow.heading(f"Make first{place}: {made.name}")
    blank = Cell(blank=True)
    weighed = ((Cell(each.name), Cell(each.amount.words, bold=True), *(blank,) * 5) for each in made.weighings)
    total = (Cell("Trituration made", bold=True), Cell(made.total, bold=True), blank, Cell(), Cell(), blank, blank)
    flow.table(_INGREDIENT_COLUMNS, (*weighed, total))


def _results(flow: Flow, worksheet: Worksheet, batches: Sequence[BatchRecord]) -> None:
    first, *others = batches
    several = f" of batches {first.place} to {others[-1].place}" if others else ""
    flow.heading(f"Quality checks{several}")
    sizes = listing(dict.fromkeys(batch.size for batch in batches))
    expected = (("Quantity made", sizes), *quality_rows(worksheet))
    if not others:
        rows = ((Cell(check, tick=True), Cell(words), Cell(blank=True), Cell(blank=True)) for check, words in expected)
        flow.table(_RESULT_COLUMNS, rows)
        return
    blanks = (Cell(blank=True),) * len(batches)
    found = ((Cell(check, tick=True), Cell(words), *blanks) for check, words in expected)
    columns = (Column("Check", 24), Column("Expected", 34), *_batch_columns(batches))
    flow.table(columns, (*found, (Cell("Initials", bold=True), Cell(), *blanks)))


def _deviations(flow: Flow) -> None:
    flow.table((Column("", 26), Column("", 78)), ((Cell("Deviations", bold=True), Cell(blank=True)),))
