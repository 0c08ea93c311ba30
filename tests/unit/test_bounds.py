"""The most that files can state: what is just allowed is read, and the next is refused with its key and the remedy."""

from __future__ import annotations

import ast
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from splitter import bounds
from splitter.errors import InputError
from splitter.formulary import read_formulary
from splitter.prescription import pharmacy_from_text, read_prescription
from splitter.prices import read_prices

RX = """
[prescription]
number = "RX-1"
drug = "baclofen"
start = 2026-12-01
times = ["08:00"]
[policy]
syringes = ["5 mL by 0.2 mL"]
[[step]]
daily = "5 mg"
for = "14 days"
"""
FORMULARY = """
drug = "baclofen"
[[tablet]]
id = "t"
strength = "10 mg"
packs = [{ count = 28, price = "1" }]
[[liquid]]
id = "l"
concentration = "5 mg/mL"
bottles = [{ volume = "60 mL", price = "1" }]
[[recipe]]
id = "r"
form = "suspension"
concentration = "5 mg/mL"
beyond_use = "35 days"
labour = "30 min"
ingredients = [{ name = "x", amount = "50", unit = "g", price = "1" }]
"""
PHARMACY = '[costs]\nitem_fee = "1"\n[policy]\nmax_volume = "20 mL"\nvisit_interval = "28 days"\n'

READ: dict[str, Callable[[str], object]] = {
    RX: lambda text: read_prescription("f", text),
    FORMULARY: lambda text: read_formulary(text, "f"),
    PHARMACY: lambda text: pharmacy_from_text(text, "f"),
}


def listed(count: int, entry: str) -> str:
    return ", ".join(entry.format(place) for place in range(1, count + 1))


# (file, what is changed, into what is just allowed, into what is not, the key, the remedy)
BOUNDS = [
    (RX, '"5 mg"', '"1000000 mg"', '"1000000.001 mg"', "step[0].daily", "at most 1000000 mg"),
    (RX, '"14 days"', '"3660 days"', '"3661 days"', "step[0].for", "at most 3660 days"),
    (RX, '"14 days"', '"522 weeks"', '"523 weeks"', "step[0].for", "at most 3660 days"),
    (RX, "2026-12-01", "2199-12-31", "2200-01-01", "prescription.start", "from 1900 to 2199"),
    (RX, "2026-12-01", "1900-01-01", "1899-12-31", "prescription.start", "from 1900 to 2199"),
    (RX, '"RX-1"', f'"{"9" * 60}"', f'"{"9" * 61}"', "prescription.number", "at most 60 characters"),
    (RX, '"baclofen"', f'"{"b" * 500}"', f'"{"b" * 501}"', "prescription.drug", "at most 500 characters"),
    (RX, '"5 mL by 0.2 mL"', '"100 mL by 0.1 mL"', '"101 mL by 1 mL"', "policy.syringes[0]", "at most 100 mL"),
    (RX, '"5 mL by 0.2 mL"', '"1 mL by 0.001 mL"', '"1.001 mL by 0.001 mL"', "policy.syringes[0]", "1000 graduations"),
    (
        RX,
        '"5 mL by 0.2 mL"',
        listed(20, '"{} mL by 1 mL"'),
        listed(21, '"{} mL by 1 mL"'),
        "policy.syringes",
        "at most 20",
    ),
    (PHARMACY, '"20 mL"', '"200 mL"', '"200.001 mL"', "policy.max_volume", "at most 200 mL"),
    (PHARMACY, '"28 days"', '"3660 days"', '"3661 days"', "policy.visit_interval", "at most 3660 days"),
    (PHARMACY, '"1"', '"1000000000"', '"1000000001"', "costs.item_fee", "at most 1000000000"),
    (FORMULARY, "28", "100000", "100001", "tablet[0].packs[0].count", "from 1 to 100000"),
    (FORMULARY, '"60 mL"', '"100000 mL"', '"100000.001 mL"', "liquid[0].bottles[0].volume", "at most 100000 mL"),
    (FORMULARY, '"5 mg/mL"', '"10000 mg/mL"', '"10001 mg/mL"', "liquid[0].concentration", "at most 10000 mg/mL"),
    (FORMULARY, '"30 min"', '"100 h"', '"101 h"', "recipe[0].labour", "at most 100 h"),
    (FORMULARY, '"35 days"', '"3660 days"', '"3661 days"', "recipe[0].beyond_use", "at most 3660 days"),
    (FORMULARY, '"50"', '"1000000"', '"1000001"', "recipe[0].ingredients[0].amount", "at most 1000000"),
    (
        FORMULARY,
        '{ count = 28, price = "1" }',
        listed(30, '{{ count = {}, price = "1" }}'),
        listed(31, '{{ count = {}, price = "1" }}'),
        "tablet[0].packs",
        "at most 30",
    ),
    (
        FORMULARY,
        'id = "t"',
        'id = "t"\nndc = [' + listed(2000, '"00172-{:04}-60"') + "]",
        'id = "t"\nndc = [' + listed(2001, '"00172-{:04}-60"') + "]",
        "tablet[0].ndc",
        "list at most 2000",
    ),
]


@pytest.mark.parametrize(("good", "old", "most", "more", "key", "remedy"), BOUNDS)
def test_what_is_beyond_a_bound_is_refused(good: str, old: str, most: str, more: str, key: str, remedy: str) -> None:
    """With the key and the most that may stand there; the most itself is read."""
    assert old in good
    READ[good](good.replace(old, most))
    with pytest.raises(InputError) as caught:
        READ[good](good.replace(old, more))
    told = {fault.key: fault.remedy for fault in caught.value.faults}
    assert remedy in told[key]


@pytest.mark.parametrize(("rows", "said"), [(bounds.MOST_ROWS + 1, "more than 250000 lines"), (1, "201 columns")])
def test_price_lists_have_bounds(rows: int, said: str) -> None:
    """Of rows, and of columns."""
    head = "NDC Description,NDC,NADAC Per Unit,Effective Date,Pricing Unit\n"
    text = head + ("a\n" * rows if rows > 1 else "," * 200 + "\n")
    with pytest.raises(InputError, match=said):
        read_prices(text, "f")


def test_every_bound_is_used_and_has_its_reason() -> None:
    """A bound that nobody asks is none; and each says why it stands where it does."""
    own = Path(bounds.__file__)
    sources = "".join(path.read_text(encoding="utf-8") for path in own.parent.rglob("*.py") if path != own)
    statements = ast.parse(own.read_text(encoding="utf-8")).body
    for statement, reason in pairwise(statements):
        for target in statement.targets if isinstance(statement, ast.Assign) else ():
            for name in ast.walk(target):
                if isinstance(name, ast.Name) and name.id != "MEGABYTE":
                    assert name.id in sources, name.id
                    assert isinstance(reason, ast.Expr), name.id
