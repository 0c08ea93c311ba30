"""The labels of a visit as they are printed, to be shown on its sheets."""

from __future__ import annotations

import datetime as dt

from splitter.errors import InputError
from splitter.labels import Style, lay_out_items
from splitter.plan import Plan
from splitter.sheets.dispensing import Labels
from splitter.wording import label_texts
from splitter.wording.visits import items_of_visit


def labels_of_items(plan: Plan, date: dt.date, style: Style) -> tuple[Labels, ...]:
    """The labels of each item of the visit of `date`; none where the patient's name alone is too wide for their stock.

    Raises InputError as labels do for everything else.
    """
    label_texts(plan, date, style.manner)  # what the words themselves refuse is no matter of the stock
    try:
        return lay_out_items(plan, style, (date,))
    except InputError as error:
        if any(fault.key != "patient.name" for fault in error.faults):
            raise
        return tuple(() for _ in items_of_visit(plan, date))
