"""The sheets of a visit: dispensing sheet, compounding worksheets, the patient's summary and calendar,
and the leaflet where labels name one.

`cells` and `flow` set words on pages, `pictures` and `chart` draw; each sheet has a module of its own. `phone` is the
calendar for a phone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from splitter.labels import USUAL, Style, pdf
from splitter.labels.marks import Page
from splitter.labels.outside import check_words
from splitter.plan import Plan, plan_digest
from splitter.sheets.calendar import calendar_sheet
from splitter.sheets.compounding import compounding_record, formula_sheet
from splitter.sheets.dispensing import dispensing_sheet
from splitter.sheets.flow import A4, LETTER, Flow, Paper, numbered
from splitter.sheets.leaflet import leaflet_sheet
from splitter.sheets.phone import phone_calendar, read_calendar
from splitter.sheets.specimens import labels_of_items
from splitter.sheets.summary import summary_sheet
from splitter.wording.compounding import worksheets
from splitter.wording.visits import items_of_visit, visit_dates

PAPERS = {"letter": LETTER, "a4": A4}

__all__ = ["A4", "LETTER", "PAPERS", "Paper", "lay_out_sheets", "phone_calendar", "read_calendar", "render_sheets"]


def lay_out_sheets(
    plan: Plan, dates: Sequence[dt.date] = (), paper: Paper = LETTER, style: Style = USUAL
) -> tuple[Page, ...]:
    """The sheets of the visits on `dates`, page by page, ready to draw; of the first visit where none is named.

    They count and show the labels as they are printed in this `style`, and write dates as these do.

    Raises InputError with what keeps them from being printed: no visit on a date, a name missing, a character that
    can't be shown, an error-prone designation, a word wider than its column.
    """
    check_words(plan)
    foot = (
        f"Prescription {plan.prescription.number}  ·  plan {plan_digest(plan)[:12]}  ·  "
        f"Splitter {plan.provenance.version}"
    )
    return numbered(_flows(plan, dates or visit_dates(plan)[:1], paper, style), foot)


def _flows(plan: Plan, dates: Sequence[dt.date], paper: Paper, style: Style) -> Iterator[Flow]:
    customs = style.profile.customs
    formulas: set[object] = set()
    for date in dates:
        labels = labels_of_items(plan, date, style)
        yield dispensing_sheet(plan, date, labels, paper, customs)
        items = items_of_visit(plan, date)
        for worksheet in worksheets(plan, date, customs):
            if worksheet.master not in formulas:
                yield formula_sheet(plan, worksheet, paper)
            formulas.add(worksheet.master)
            yield compounding_record(plan, worksheet, labels[items.index(worksheet.item)], paper, customs)
    yield summary_sheet(plan, paper, customs)
    for date in dates:
        yield calendar_sheet(plan, date, paper, customs)
        if leaflet := leaflet_sheet(plan, date, paper, style):
            yield leaflet


def render_sheets(plan: Plan, dates: Sequence[dt.date] = (), paper: Paper = LETTER, style: Style = USUAL) -> bytes:
    """The sheets of the visits on `dates` as one PDF; the same plan gives the same bytes.

    Raises InputError as `lay_out_sheets` does.
    """
    return pdf(lay_out_sheets(plan, dates, paper, style), title="Dispensing sheets")
