"""The sheets of a visit: dispensing sheet, compounding worksheets, the patient's calendar.

`cells` and `flow` set words on pages; each sheet has a module of its own.
"""

from __future__ import annotations

from splitter.codec import digest, to_json
from splitter.labels import count_labels, pdf
from splitter.labels.marks import Page
from splitter.labels.outside import check_words
from splitter.plan import Plan
from splitter.sheets.calendar import calendar_sheet
from splitter.sheets.compounding import compounding_sheet
from splitter.sheets.dispensing import dispensing_sheet
from splitter.sheets.flow import numbered
from splitter.wording.sheet import worksheets

__all__ = ["lay_out_sheets", "render_sheets"]


def lay_out_sheets(plan: Plan) -> tuple[Page, ...]:
    """The sheets of the plan's first visit, page by page, ready to draw.

    Raises InputError with what keeps them from being printed: a name missing, a character that can't be shown, an
    error-prone designation, a word wider than its column.
    """
    check_words(plan)
    flows = (
        dispensing_sheet(plan, count_labels(plan)),
        *(compounding_sheet(plan, worksheet) for worksheet in worksheets(plan)),
        calendar_sheet(plan),
    )
    foot = (
        f"Prescription {plan.prescription.number}  ·  plan {digest(to_json(plan))[:12]}  ·  "
        f"Splitter {plan.provenance.version}"
    )
    return numbered([page for flow in flows for page in flow.pages()], foot)


def render_sheets(plan: Plan) -> bytes:
    """The sheets of the plan's first visit as one PDF; the same plan gives the same bytes.

    Raises InputError as `lay_out_sheets` does.
    """
    return pdf(lay_out_sheets(plan), title="Dispensing sheets")
