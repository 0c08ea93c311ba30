"""How many pages of sheets six plans have: of the first visit, of the visit with most, and of all visits together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from splitter import service
from splitter.formulary import load_formulary
from splitter.plan import Plan
from splitter.prescription import read_pharmacy, read_prescription
from splitter.sheets import lay_out_sheets
from splitter.wording.visits import visit_dates

EXAMPLE = "tests/examples/baclofen.toml"
_HEAD = """
[prescription]
number = "RX-1"
drug = "{drug}"
start = 2026-12-01
times = [{times}]
[patient]
name = "Ada Example"
[prescriber]
name = "Dr B. Example"
phone = "555 0100"
"""
_DAY, _TWICE, _THRICE, _FOUR = (
    '"08:00"',
    '"08:00", "20:00"',
    '"08:00", "14:00", "20:00"',
    '"07:00", "12:00", "18:00", "22:00"',
)


def _order(drug: str, times: str, steps: str) -> str:
    return _HEAD.format(drug=drug, times=times) + steps


def _rule(start: str, reduce: str, every: str, last: str) -> str:
    return f'[taper]\nfrom = "{start}"\nreduce = "{reduce}"\nevery = "{every}"\nlast = "{last}"\n'


def _steps(doses: str, length: str) -> str:
    return "".join(f'[[step]]\ndaily = "{dose} mg"\nfor = "{length}"\n' for dose in doses.split())


ORDERS = {
    "prednisone, a step a day": _order("prednisone", _DAY, _steps("60 50 40 30 20 15 10 5", "1 day")),
    "methadone, three times": _order("methadone", _THRICE, _rule("30 mg", "10 %", "1 week", "3 mg")),
    "levetiracetam, twice": _order("levetiracetam", _TWICE, _steps("3000 2500 2000 1500 1000 500", "2 weeks")),
    "clonazepam, twice": _order("clonazepam", _TWICE, _rule("2 mg", "10 %", "2 weeks", "0.25 mg")),
    "gabapentin, four times": _order("gabapentin", _FOUR, _steps("2400 2100 1800 1500 1200 900 600 300", "1 week")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Pages of sheets: of the first visit, of the visit that has most, of all visits in one file."""

    first: int
    most: int
    every: int

    def __str__(self) -> str:
        return f"{self.first:7}{self.most:7}{self.every:7}"


# At commit 71e5043, before each step was drawn once a page and batches shared a record.
BEFORE = {
    "baclofen, the example": Pages(first=6, most=11, every=115),
    "prednisone, a step a day": Pages(first=4, most=4, every=4),
    "methadone, three times": Pages(first=6, most=7, every=35),
    "levetiracetam, twice": Pages(first=7, most=7, every=18),
    "clonazepam, twice": Pages(first=7, most=10, every=84),
    "gabapentin, four times": Pages(first=11, most=11, every=19),
}


def plans() -> Iterator[tuple[str, Plan]]:
    """The example, and five more of other drugs, times and forms."""
    texts = {"baclofen, the example": Path(EXAMPLE).read_text(encoding="utf-8"), **ORDERS}
    for name, text in texts.items():
        prescription = read_prescription(name, text)
        yield name, service.plan(prescription, read_pharmacy(), load_formulary(prescription.drug))


def counted(plan: Plan) -> Pages:
    """The pages of a plan."""
    dates = visit_dates(plan)
    each = [len(lay_out_sheets(plan, (date,))) for date in dates]
    return Pages(first=each[0], most=max(each), every=len(lay_out_sheets(plan, dates)))


def run() -> None:
    """Print the table: before and now."""
    print(f"\n{'pages of sheets':28}{'before: first, most, all':>24}{'now: first, most, all':>24}")
    for name, plan in plans():
        before = BEFORE[name]
        print(f"{name:28}{f'{before}':>24}{f'{counted(plan)}':>24}", flush=True)
