"""The dispensing sheet of a visit: what to count, cut and label, with room for lots and two signatures."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from splitter.plan import Plan, Severity
from splitter.sheets.cells import Cell
from splitter.sheets.flow import Column, Flow, Row
from splitter.wording.figures import amount, clock, day, days, money, weekday
from splitter.wording.label import parties, quantity_words
from splitter.wording.sheet import Pick, picks, regimens, served_until

_PICK_COLUMNS = (
    Column("Item", 8),
    Column("Product", 27),
    Column("Hand over", 19),
    Column("Leave whole", 14),
    Column("Cut", 16),
    Column("Labels", 9),
    Column("Cost", 11, right=True),
)
_STOCK_COLUMNS = (
    Column("Item", 8),
    Column("Stock taken from: maker and code", 39),
    Column("Lot", 24),
    Column("Expiry", 18),
    Column("Counted by", 18),
    Column("Checked by", 18),
)
_SEVERITY = {Severity.STOP: "Stop", Severity.WARN: "Warning", Severity.NOTE: "Note"}


def dispensing_sheet(plan: Plan, labels: Sequence[int]) -> Flow:
    """The sheet of the first visit; `labels` is the number of labels of each of its items."""
    flow = Flow()
    found = picks(plan)
    flow.title(f"Dispensing sheet, {weekday(found[0].item.date)} {day(found[0].item.date)}")
    whose(flow, plan)
    flow.heading("Count, cut and label")
    flow.table(_PICK_COLUMNS, (_pick_row(plan, pick, place, labels) for place, pick in enumerate(found, 1)))
    flow.heading("Stock")
    flow.table(_STOCK_COLUMNS, ((Cell(f"{place}", bold=True), *_blanks(5)) for place in range(1, len(found) + 1)))
    _doses(flow, plan, found)
    _findings(flow, plan)
    _costs(flow, plan, found)
    _signatures(flow)
    return flow


def whose(flow: Flow, plan: Plan) -> None:
    """Whose prescription it is, by whom, and where it is filled."""
    patient, prescriber = parties(plan)
    prescription, pharmacy = plan.prescription, plan.pharmacy
    born = f", born {day(patient.born)}" if patient.born else ""
    written = f", written {day(prescription.written)}" if prescription.written else ""
    purpose = f", for {prescription.indication}" if prescription.indication else ""
    prescribed_by = ", ".join(filter(None, (prescriber.name, prescriber.phone)))
    rows = (
        ("Patient", f"{patient.name}{born}", "Prescription", f"{prescription.number}{written}"),
        ("Address", patient.address or "not given", "Drug", f"{prescription.drug}{purpose}"),
        ("Prescriber", prescribed_by, "Pharmacy", f"{pharmacy.name}, {pharmacy.phone}"),
    )
    columns = (Column("", 12), Column("", 40), Column("", 14), Column("", 38))
    flow.table(columns, ([Cell(text, bold=place % 2 == 0) for place, text in enumerate(row)] for row in rows))


def _blanks(count: int) -> tuple[Cell, ...]:
    return (Cell(blank=True),) * count


def _pick_row(plan: Plan, pick: Pick, place: int, labels: Sequence[int]) -> Row:
    parts = sum(part.count for part in pick.item.parts)
    copies = f" for each of {parts}" if parts > 1 else ""
    return (
        Cell(f"{place}", bold=True, tick=True),
        Cell(pick.product.name),
        Cell(quantity_words(pick.item, pick.product), bold=True),
        Cell(pick.whole if pick.item.cut else "all"),
        Cell(pick.cut or "none", bold=bool(pick.cut)),
        Cell(f"{labels[place - 1]}{copies}"),
        Cell(money(pick.item.cost, plan.currency)),
    )


def _doses(flow: Flow, plan: Plan, found: Sequence[Pick]) -> None:
    """What these items serve, and each of them until when, so that the count can be checked against it."""
    times = plan.prescription.times
    flow.heading("What this supply serves")
    columns = (Column("Days", 16), Column("A day", 8), *(Column(clock(time), 54 / len(times)) for time in times))
    rows = (
        (
            Cell(days(regimen.first, regimen.last, beside=regimen.first), bold=True),
            Cell(amount(regimen.total_mg, "mg")),
            *(Cell(words) for _, words in regimen.doses),
        )
        for regimen in regimens(plan, served_until(plan))
    )
    flow.table(columns, rows)
    for pick in found:
        span = days(pick.item.date, pick.item.use_until, beside=pick.item.date)
        flow.paragraph(f"{pick.product.name}: this supply is for {span}.")


def _findings(flow: Flow, plan: Plan) -> None:
    flow.heading("Findings")
    if not plan.findings:
        flow.paragraph("None.")
        return
    rows = (
        (
            Cell(_SEVERITY[finding.severity], bold=finding.severity is not Severity.NOTE, tick=True),
            Cell(finding.where),
            Cell(finding.message),
        )
        for finding in plan.findings
    )
    flow.table((Column("Seen", 12), Column("Where", 22), Column("What", 70)), rows)


def _costs(flow: Flow, plan: Plan, found: Sequence[Pick]) -> None:
    flow.heading("Cost")
    this_visit = sum((pick.item.cost for pick in found), Fraction(0))
    amounts = [("Products of this visit", this_visit)]
    if plan.costs is not None and plan.total is not None:
        amounts += [
            ("Products of the plan", plan.costs.products),
            ("Fees for items", plan.costs.item_fees),
            ("Fees for cutting", plan.costs.split_fees),
            ("Total of the plan", plan.total),
        ]
    row = tuple(Cell(money(value, plan.currency), bold=name.startswith("Total")) for name, value in amounts)
    flow.table(tuple(Column(name, 20) for name, _ in amounts), (row,))
    flow.paragraph("Amounts are rounded half up to 0.01; the plan holds them exactly.", size=7.5)


def _signatures(flow: Flow) -> None:
    flow.keep(125)
    flow.heading("Signatures")
    flow.paragraph("The second person counts and checks independently, from this sheet and the prescription.")
    flow.space(2)
    columns = (Column("", 36), Column("Name and signature", 48), Column("Date", 13), Column("Time", 13))
    whose = ("Counted, cut and labelled by", "Checked and released by")
    flow.table(columns, ((Cell(words, bold=True), *_blanks(3)) for words in whose), size=12)
