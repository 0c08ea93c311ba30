"""Pharmacy labels: a plan's words, measured, laid out on a stock, and drawn.

`fonts` measures and says which characters can be shown; `stock` holds geometry and profiles; `outside` checks the words
that somebody wrote; `setting` breaks words into lines; `layout` shares them out over labels; `placing` gives each its
place; `marks` says what lies where, `drawing` makes it a PDF.
"""

from __future__ import annotations

from collections.abc import Iterable

from splitter.errors import Fault, InputError
from splitter.labels.drawing import pdf
from splitter.labels.layout import contents
from splitter.labels.marks import Page
from splitter.labels.outside import check_words
from splitter.labels.placing import place
from splitter.labels.setting import Setting
from splitter.labels.stock import ROLL_4X2, US, Profile, Stock
from splitter.plan import Plan
from splitter.wording import label_texts

__all__ = ["ROLL_4X2", "US", "Profile", "Stock", "count_labels", "lay_out_labels", "pdf", "render_labels"]


def lay_out_labels(plan: Plan, stock: Stock = ROLL_4X2, profile: Profile = US) -> tuple[Page, ...]:
    """The labels of each item of the plan's first visit, one page each, ready to draw.

    Raises InputError with all that keeps a label from being printed: a name missing, a character that can't be
    shown, an error-prone designation, words that don't fit.
    """
    check_words(plan)
    setting = Setting(stock=stock, profile=profile)
    pages: list[Page] = []
    faults: list[Fault] = []
    for text in label_texts(plan):
        try:
            pages += (place(content, setting) for content in contents(text, setting))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(dict.fromkeys(faults))
    return tuple(pages)


def count_labels(plan: Plan, stock: Stock = ROLL_4X2, profile: Profile = US) -> tuple[int, ...]:
    """How many labels each item of the plan's first visit has.

    Raises InputError as `lay_out_labels` does.
    """
    setting = Setting(stock=stock, profile=profile)
    return tuple(len(contents(text, setting)) for text in label_texts(plan))


def render_labels(plans: Iterable[Plan], stock: Stock = ROLL_4X2, profile: Profile = US) -> bytes:
    """One PDF with the labels of the first visit of each plan, in order; fonts are embedded once.

    The same plans give the same bytes. Raises InputError as `lay_out_labels` does.
    """
    return pdf((page for plan in plans for page in lay_out_labels(plan, stock, profile)), title="Pharmacy labels")
