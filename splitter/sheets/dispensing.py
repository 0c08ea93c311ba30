"""The dispensing sheet of a visit: what to count, cut and label, with room for lots and two signatures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from splitter.labels.marks import Page
from splitter.plan import Plan, PlannedProduct, Severity
from splitter.sheets.cells import Cell, broken
from splitter.sheets.flow import PADS, Column, Flow, Paper, Row, fewest_pages
from splitter.wording.at_home import at_home_words
from splitter.wording.customs import Customs
from splitter.wording.figures import amount, clock, sentence, weekday
from splitter.wording.identity import lot
from splitter.wording.label import container_word, parties
from splitter.wording.regimens import regimens
from splitter.wording.sheet import (
    Pick,
    code_words,
    cost_rows,
    finding_words,
    handed_words,
    lot_rows,
    picks,
    serial_rows,
    span_words,
    visit_words,
)
from splitter.wording.visits import visit_dates

_PICK_COLUMNS = (
    Column("Item", 6),
    Column("Product", 36),
    Column("Hand over", 18),
    Column("Leave whole", 12),
    Column("Cut", 14),
    Column("Labels", 9),
    Column("Cost", 11, right=True),
)
_STOCK_COLUMNS = (
    Column("Item", 6),
    Column("Serial", 20),
    Column("Taken from: maker and code", 28),
    Column("Lot", 18),
    Column("Expiry", 14),
    Column("Counted", 10),
    Column("Checked", 10),
)
Labels = Sequence[tuple[Page, ...]]
"""The labels of one item, container by container."""
SPECIMENS_ACROSS = 2
# The blank between lines [pt] and the scale of the labels: smaller only where that saves a page.
_TIGHTER = (*((pad, 1.0) for pad in PADS), (PADS[-1], 0.75))
# About how high the signatures are, and one more [pt].
_SIGNING_ROOM, _WITNESS_ROOM = 120.0, 28.0
# The blank on both sides of a cell's words, and as much again for what follows a name.
_PADS = 12.0
LEFT_OUT = "Left out: the patient's name does not fit this label stock. Choose a wider one before you print labels."
# What is left on a page for the heading of specimens to begin there [pt].
SPECIMEN_ROOM = 170.0


def dispensing_sheet(plan: Plan, date: dt.date, labels: Sequence[Labels], paper: Paper, customs: Customs) -> Flow:
    """The sheet of the visit of `date`; `labels` are those of each of its items."""
    return fewest_pages(lambda tight: _sheet(plan, date, labels, (paper, customs), tight), _TIGHTER)


def _sheet(
    plan: Plan, date: dt.date, labels: Sequence[Labels], setting: tuple[Paper, Customs], tight: tuple[float, float]
) -> Flow:
    (paper, customs), (pad, most) = setting, tight
    flow = Flow(f"Dispensing sheet, {customs.day(date)}", paper=paper, pad=pad)
    found = picks(plan, date, customs)
    flow.title(f"Dispensing sheet, {weekday(date)} {customs.day(date)}", visit_words(plan, date))
    whose(flow, plan, customs)
    flow.heading("Count, cut and label")
    rows = (_pick_row(plan, pick, f"{place}", labels[place - 1]) for place, pick in enumerate(found, 1))
    flow.table(_PICK_COLUMNS, rows)
    for place, pick in enumerate(found, 1):
        for said in filter(None, (pick.left, pick.pour)):
            flow.paragraph(f"Item {place}: {said}")
    flow.heading("Stock")
    flow.table(
        _STOCK_COLUMNS, (row for place, pick in enumerate(found, 1) for row in _stock_rows(plan, pick, place, customs))
    )
    _doses(flow, plan, found, customs)
    _findings(flow, plan, customs)
    _costs(flow, plan, found)
    witnessed = bool(plan.drug.schedule) and any(pick.left for pick in found)
    below = _SIGNING_ROOM + (_WITNESS_ROOM if witnessed else 0)
    _specimens(flow, plan, list(zip(found, labels, strict=True)), (most, below))
    _signatures(flow, witnessed=witnessed)
    return flow


def _specimens(flow: Flow, plan: Plan, found: Sequence[tuple[Pick, Labels]], setting: tuple[float, float]) -> None:
    """The labels of what is counted out; those of what is made here are shown once, in its compounding record.

    The `setting` is the most that they are scaled, and the height [pt] of what is below them: all stand on one page
    where a page holds that.
    """
    most, below = setting
    counted = [each for pick, each in found if not pick.item.batches]
    pages = [page for each in counted for page in (each[0] if each else ())]
    said = sum(bool(pick.item.batches) or len(each) > 1 for pick, each in found)
    needed = flow.specimens_high(pages, SPECIMENS_ACROSS, most) + said * flow.line + below
    flow.keep(needed if needed < flow.full else SPECIMEN_ROOM)
    flow.heading("Specimen of each label")
    if counted:
        specimens(flow, pages, most)
    for place, (pick, each) in enumerate(found, 1):
        if pick.item.batches:
            flow.paragraph(f"Item {place}: see the compounding record of lot {lot(plan, pick.item)}.")
        elif len(each) > 1:
            flow.paragraph(f"Item {place}: {specimen_words(pick.product, each)}")


def specimens(flow: Flow, labels: Sequence[Page], most: float = 1) -> None:
    """The labels as they are printed, or why none is shown."""
    if labels:
        flow.specimens(labels, SPECIMENS_ACROSS, most)
    else:
        flow.paragraph(LEFT_OUT, bold=True)


def specimen_words(product: PlannedProduct, labels: Labels) -> str:
    """Of which container the labels are shown; a sentence."""
    word = container_word(product)
    return f"the labels of {word} 1 of {len(labels)} are shown; each {word} has its own number and serial."


def whose(flow: Flow, plan: Plan, customs: Customs) -> None:
    """Whose prescription it is, by whom, and where it is filled."""
    patient, prescriber = parties(plan)
    prescription, pharmacy = plan.prescription, plan.pharmacy
    born = f", born {customs.day(patient.born)}" if patient.born else ""
    written = f", written {customs.day(prescription.written)}" if prescription.written else ""
    purpose = f", for {prescription.indication}" if prescription.indication else ""
    schedule = f", schedule {plan.drug.schedule.value}" if plan.drug.schedule else ""
    prescribed_by = ", ".join(filter(None, (prescriber.name, prescriber.phone)))
    columns = (Column("", 12), Column("", 40), Column("", 14), Column("", 38))
    name = broken(patient.name, flow.size, flow.room * 40 / sum(column.share for column in columns) - _PADS)
    rows = (
        ("Patient", f"{name}{born}", "Prescription", f"{prescription.number}{written}"),
        ("Address", patient.address or "not given", "Drug", f"{prescription.drug}{schedule}{purpose}"),
        ("Prescriber", prescribed_by, "Pharmacy", f"{pharmacy.name}, {pharmacy.phone}"),
    )
    flow.table(columns, ([Cell(text, bold=place % 2 == 0) for place, text in enumerate(row)] for row in rows))


def _blanks(count: int) -> tuple[Cell, ...]:
    return (Cell(blank=True),) * count


def _pick_row(plan: Plan, pick: Pick, place: str, labels: Labels) -> Row:
    copies = f" ({len(labels[0])} for each of {len(labels)})" if len(labels) > 1 else ""
    codes = code_words(pick.product)
    money = dict(cost_rows(plan, [pick]))["Products of this visit"]
    return (
        Cell(place, bold=True, tick=True),
        Cell("\n".join(filter(None, (pick.product.name, codes)))),
        Cell(handed_words(pick.item, pick.product), bold=True),
        Cell(pick.whole if pick.item.cut else "all"),
        Cell(pick.cut or "none", bold=bool(pick.cut)),
        Cell(f"{sum(map(len, labels))}{copies}" if labels else "do not fit"),
        Cell(money),
    )


def _stock_rows(plan: Plan, pick: Pick, place: int, customs: Customs) -> list[Row]:
    """A row for each lot to write down; what is made here bears this pharmacy's own lot."""
    made = lot(plan, pick.item)
    heads = [(Cell(f"{place}", bold=True), Cell(serial)) for serial in serial_rows(plan, pick)]
    if not made:
        return [(*head, *_blanks(5)) for head in heads]
    discard = customs.day(pick.item.discard_after) if pick.item.discard_after else ""
    rest = ((Cell(f"made here, {words}"), Cell(made), Cell(discard), *_blanks(2)) for words in lot_rows(pick))
    return [(*head, *cells) for head, cells in zip(heads, rest, strict=True)]


def _doses(flow: Flow, plan: Plan, found: Sequence[Pick], customs: Customs) -> None:
    """What these items serve, and each of them until when, so that the count can be checked against it."""
    times = plan.prescription.times
    flow.heading("What this supply serves")
    columns = (Column("Days", 16), Column("A day", 8), *(Column(clock(time), 54 / len(times)) for time in times))
    first, last = min(pick.item.first_day for pick in found), max(pick.item.use_until for pick in found)
    rows = (
        (
            Cell(customs.days(regimen.first, regimen.last, beside=regimen.first), bold=True),
            Cell(amount(regimen.total_mg, "mg")),
            *(Cell(dose.words) for dose in regimen.doses),
        )
        for regimen in regimens(plan, first, last)
    )
    flow.table(columns, rows)
    flow.space(3)
    for pick in found:
        flow.paragraph(span_words(pick, customs))
    if found[0].item.date == visit_dates(plan)[0]:
        for line in at_home_words(plan, customs):
            flow.paragraph(line)


def _findings(flow: Flow, plan: Plan, customs: Customs) -> None:
    flow.heading("Findings")
    if not plan.findings:
        flow.paragraph("None.")
        return
    graver = [finding_words(each, customs) for each in plan.findings if each.severity is not Severity.NOTE]
    notes = [finding_words(each, customs) for each in plan.findings if each.severity is Severity.NOTE]
    columns = (Column("Seen", 11), Column("Where", 15), Column("What", 78))
    rows = ((Cell(severity, bold=True, tick=True), Cell(where), Cell(message)) for severity, where, message in graver)
    flow.table(columns, rows)
    if notes:
        flow.space(2)
        said = "; ".join(message if where == "plan" else f"{where}: {message}" for _, where, message in notes)
        flow.paragraph(sentence(f"Notes: {said}"), tick=True)


def _costs(flow: Flow, plan: Plan, found: Sequence[Pick]) -> None:
    flow.space(2 * flow.pad)
    amounts = "; ".join(f"{name.lower()} {value}" for name, value in cost_rows(plan, found))
    flow.paragraph(sentence(f"Cost: {amounts} (rounded half up to 0.01; the plan holds it exactly)"))


def _signatures(flow: Flow, *, witnessed: bool) -> None:
    flow.keep(_SIGNING_ROOM + (_WITNESS_ROOM if witnessed else 0))
    flow.heading("Signatures")
    flow.paragraph("The second person counts and checks independently, from this sheet and the prescription.")
    flow.space(2)
    witness = ("Rest destroyed, witness",) if witnessed else ()
    flow.signatures(("Counted, cut and labelled by", "Checked and released by", *witness))
