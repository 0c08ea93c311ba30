"""What the patient has at home: how it is stated, what is refused, what is said of it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from splitter.cli.show import whole_plan
from splitter.errors import InputError
from splitter.formulary import load_formulary
from splitter.plan import Plan
from splitter.prescription import read_pharmacy, read_prescription
from splitter.service import plan
from splitter.wording.at_home import at_home_words

RX = """[prescription]
number = "RX-1"
drug = "baclofen"
start = 2026-12-01
times = ["08:00", "20:00"]

[[step]]
daily = "20 mg"
for = "1 week"

[[step]]
daily = "15 mg"
for = "1 week"

[[at_home]]
"""
TABLET = "baclofen-10mg-tablet"


def made(home: str) -> Plan:
    return plan(read_prescription("rx.toml", RX + home), read_pharmacy(), load_formulary("baclofen"))


def test_tablets_at_home_come_first_and_are_free() -> None:
    """Thirteen whole ones last until the seventh day; one half is used in the second week; the rest is handed over."""
    without = plan(
        read_prescription("rx.toml", RX.removesuffix("[[at_home]]\n")), read_pharmacy(), load_formulary("baclofen")
    )
    found = made(f'product = "{TABLET}"\nunits = 13\nhalves = 1')
    (home,) = found.at_home
    assert home.used == Fraction(27, 2)
    assert sum(item.needed for item in found.items) == sum(item.needed for item in without.items) - Fraction(27, 2)
    assert found.total is not None
    assert without.total is not None
    assert found.total < without.total
    assert "Use first what is at home: 13 whole and 1 half of baclofen 10 mg tablets" in whole_plan(found)


def test_what_is_only_at_home_is_no_item() -> None:
    """Nothing is handed over, and the plan still names the product."""
    found = made(f'product = "{TABLET}"\nunits = 30\nhalves = 20')
    assert found.items == ()
    assert found.total == 0
    assert [product.id for product in found.products] == [TABLET]
    assert at_home_words(found)[1].startswith("After Dec 14, ")


def test_what_is_not_used_is_to_be_brought_back() -> None:
    """A liquid that tablets make needless."""
    found = made('product = "baclofen-5mg-per-ml-suspension"\nvolume = "42 mL"\nuse_by = 2027-01-20')
    assert at_home_words(found) == (
        "Not used any more: 42 mL of baclofen 5 mg/mL oral suspension at home. Bring it back.",
    )


@pytest.mark.parametrize(
    ("home", "key", "word"),
    [
        (f'product = "{TABLET}"', "at_home[0]", "neither"),
        (f'product = "{TABLET}"\nunits = 1\nvolume = "4 mL"', "at_home[0]", "both"),
        (f'product = "{TABLET}"\nunits = -1', "at_home[0].units", "-1"),
        (f'product = "{TABLET}"\nunits = 1\nuse_by = 2026-11-30', "at_home[0].use_by", "any more"),
        (
            f'product = "{TABLET}"\nunits = 1\n[[at_home]]\nproduct = "{TABLET}"\nunits = 1',
            "at_home[1].product",
            "again",
        ),
        ('product = "aspirin"\nunits = 1', "at_home[0].product", "formulary show"),
        (f'product = "{TABLET}"\nvolume = "4 mL"', "at_home[0].volume", "counted"),
        ('product = "baclofen-5mg-per-ml-suspension"\nunits = 4\nuse_by = 2027-01-20', "at_home[0].units", "liquid"),
        ('product = "baclofen-5mg-per-ml-suspension"\nvolume = "4 mL"', "at_home[0].use_by", "last day"),
    ],
)
def test_what_cannot_be_is_refused(home: str, key: str, word: str) -> None:
    """With the key and how to mend it."""
    with pytest.raises(InputError) as raised:
        made(home)
    (fault,) = raised.value.faults
    assert fault.key == key
    assert word in f"{fault.found} {fault.remedy}"


def test_halves_and_quarters_of_one_tablet_cannot_both_be_counted() -> None:
    """Where the policy allows both sizes, fragments at home are refused, with what to do."""
    text = RX.replace("[[step]]", '[policy]\nsplit = "quarters"\n\n[[step]]', 1)
    with pytest.raises(InputError, match="both halves and quarters"):
        plan(
            read_prescription("rx.toml", f'{text}product = "{TABLET}"\nquarters = 2'),
            read_pharmacy(),
            load_formulary("baclofen"),
        )
