"""A liquid poured out of a stock bottle: its file and its faults, what a pharmacy may change of it, what papers say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from splitter.codec import TomlReader
from splitter.errors import InputError
from splitter.formulary import Bottles, Formulary, Poured, Product, Size, overlay, read_formulary
from splitter.labels import render_labels
from splitter.plan import Plan
from splitter.quantity import Money
from splitter.sheets import render_sheets
from splitter.wording.customs import AMERICAN
from splitter.wording.label import REPACKAGED, label_texts
from splitter.wording.sheet import lot_rows, picks
from splitter.wording.visits import visit_dates
from tests.unit.plans import Made, day
from tests.unit.supply_plans import limited, poured, poured_often

LIQUID = """drug = "examplamine"
currency = "USD"
[[liquid]]
id = "solution"
concentration = "5 mg/5 mL"
"""
BOTTLES = 'bottles = [{ volume = "500 mL", price = "24" }]\nin_use = "60 days"\n'
POURED = 'poured = { price = "0.05", step = "5 mL", containers = [{ volume = "60 mL", price = "0.80" }] }\n'
KEEPS = 'keeps = "60 days"\n'


def liquid(*parts: str) -> Product:
    (product,) = read_formulary("".join((LIQUID, *parts)), "examplamine.toml").products
    return product


def test_a_poured_liquid() -> None:
    """Its price for each mL, the steps and containers that it is poured in, how long it keeps, and what goes beyond."""
    product = liquid(POURED, KEEPS, 'overage = "5 %"\n')
    assert product.supply == Poured(
        price=Money(Fraction("0.05")),
        step=Fraction(5),
        containers=(Size(content=Fraction(60), price=Money(Fraction("0.8"))),),
        keeps=60,
        overage=Fraction(1, 20),
    )
    assert (product.shelf_life, product.has_lots, product.is_liquid, product.is_compounded) == (60, True, True, False)


def test_what_is_not_stated_of_pouring() -> None:
    """Steps of 1 mL, containers that cost nothing, nothing beyond the use; of bottles nothing either."""
    supply = liquid('poured = { price = "0.05" }\n', KEEPS).supply
    assert supply == Poured(price=Money(Fraction("0.05")), step=Fraction(1), containers=(), keeps=60)
    bottles = liquid(BOTTLES)
    assert isinstance(bottles.supply, Bottles)
    assert (bottles.supply.overage, bottles.shelf_life) == (0, 60)


# (what stands in the file, the key at fault, a part of the message)
FAULTS = [
    ((KEEPS,), "bottles", "neither bottles nor poured"),
    ((BOTTLES, POURED, KEEPS), "bottles", "both bottles and poured"),
    ((POURED,), "keeps", "from the day it is poured"),
    ((POURED, KEEPS, 'in_use = "60 days"\n'), "in_use", 'is "keeps"'),
    ((BOTTLES, KEEPS), "keeps", 'is "in_use"'),
    ((POURED, 'keeps = "3661 days"\n'), "keeps", "at most 3660 days"),
    ((POURED, "keeps = 60\n"), "keeps", "in quotes"),
    ((POURED.replace('"5 mL"', '"0 mL"'), KEEPS), "poured.step", "above zero"),
    ((POURED.replace("step", "steps"), KEEPS), "poured.steps", "an unknown key"),
    ((POURED.replace('price = "0.05", ', ""), KEEPS), "poured.price", "nothing"),
    ((POURED.replace('"0.05"', "0.05"), KEEPS), "poured.price", "in quotes"),
    ((POURED.replace('volume = "60 mL"', "count = 60"), KEEPS), "poured.containers[0].count", "an unknown key"),
    (
        (POURED.replace("[{", '[{ volume = "60 mL", price = "1" }, {'), KEEPS),
        "poured.containers",
        "the size 60 twice",
    ),
    ((BOTTLES, 'overage = "101 %"\n'), "overage", "at most 100 %"),
    ((BOTTLES, 'overage = "5"\n'), "overage", "add the unit"),
]


@pytest.mark.parametrize(("parts", "key", "words"), FAULTS)
def test_each_fault_of_a_liquid(parts: tuple[str, ...], key: str, words: str) -> None:
    """At its key, with its remedy."""
    with pytest.raises(InputError) as caught:
        liquid(*parts)
    told = {fault.key: f"{fault.found} {fault.remedy}" for fault in caught.value.faults}
    assert words in told[f"liquid[0].{key}"]


def laid(base: str, change: str) -> Formulary:
    """A pharmacy's own change over a file of its own."""
    own = 'currency = "USD"\n[[product]]\ndrug = "examplamine"\nid = "solution"\n' + change
    found = overlay("examplamine", [TomlReader(LIQUID + base, "base.toml"), TomlReader(own, "own.toml")])
    assert found is not None
    return found.formulary


def test_a_pharmacy_s_own_price_leaves_the_pouring_as_it_is() -> None:
    """Only what it states is another."""
    (product,) = laid(POURED + KEEPS, 'poured = { price = "0.07" }\n').products
    assert isinstance(product.supply, Poured)
    assert product.supply.price == Money(Fraction("0.07"))
    assert (product.supply.step, len(product.supply.containers), product.supply.keeps) == (5, 1, 60)


@pytest.mark.parametrize(
    ("base", "change", "kind"),
    [
        (BOTTLES, POURED + 'keeps = "30 days"\n', Poured),
        (POURED + KEEPS, BOTTLES, Bottles),
        (POURED + KEEPS, 'bottles = [{ volume = "500 mL", price = "24" }]\n', Bottles),
    ],
)
def test_a_pharmacy_may_pour_what_others_hand_over_in_bottles(base: str, change: str, kind: type) -> None:
    """And the other way round: what belongs to the one goes when the other is stated."""
    (product,) = laid(base, change).products
    assert isinstance(product.supply, kind)


def test_a_pharmacy_that_pours_says_how_long_that_keeps() -> None:
    """The life of an open bottle says nothing of it."""
    with pytest.raises(InputError) as caught:
        laid(BOTTLES, POURED)
    assert [fault.key for fault in caught.value.faults] == ["liquid[0].keeps"]


# ------------------------------------------------------------------------------------------------------- on paper


def test_a_label_says_that_it_was_repackaged() -> None:
    """In a sentence, with the last day of its life; each container has its own label."""
    plan = poured().plan
    texts = label_texts(plan)
    assert [text.position for text in texts] == [f"Item 1 of 1, container {place} of 2" for place in (1, 2)]
    assert all(text.conditions[0] == REPACKAGED for text in texts)
    assert {text.until for text in texts} == {f"Do not use after {AMERICAN.day(day(29))}."}
    assert {text.quantity for text in texts} == {"150 mL (1 container of 60 mL, 1 container of 120 mL)"}
    assert {text.lot for text in texts} == {None}
    assert all(("17", f"{day(29):%y%m%d}") in text.elements for text in texts)
    assert REPACKAGED not in label_texts(limited().plan)[0].conditions


def test_the_dispensing_sheet_says_what_to_pour() -> None:
    """How much, into which containers, and how long the stock bottle must last; one stock bottle to note."""
    (pick,) = picks(poured().plan, day(0))
    assert pick.pour == (
        "Pour 150 mL from the stock bottle into 1 container of 60 mL and 1 container of 120 mL. "
        "Take a stock bottle that does not expire before Dec 30, 2026."
    )
    assert lot_rows(pick) == ("",)
    (bottles,) = picks(limited().plan, day(0))
    assert bottles.pour == ""


def test_what_is_poured_into_nothing_in_particular() -> None:
    """Where the pharmacy states no containers."""
    (pick,) = picks(_without_parts(), day(14))
    assert pick.pour.startswith("Pour 55 mL from the stock bottle into a container. ")


def _without_parts() -> Plan:
    plan = poured_often().plan
    return replace(plan, items=tuple(replace(item, parts=()) for item in plan.items))


@pytest.mark.parametrize("made", [poured, poured_often, limited], ids=lambda made: made.__name__)
def test_the_papers_are_printed(made: Callable[[], Made]) -> None:
    """Labels and sheets of every visit."""
    plan = made().plan
    assert render_labels([plan], dates=visit_dates(plan))
    assert render_sheets(plan, visit_dates(plan))
