"""Every built-in drug can be planned: an invented taper each, every recipe on its own, and what can't be made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

import pytest

import formulations
from splitter.formulary import Batch, ControlSchedule, Formulary, Product, read_formulary
from splitter.labels import lay_out_labels
from splitter.plan import Plan, Status
from splitter.prescription import Patient, Pharmacy, Prescriber, Prescription, pharmacy_from_text, read_prescription
from splitter.quantity import format_exact
from splitter.service import plan, verify_plan
from splitter.sheets import lay_out_sheets
from splitter.wording.visits import visit_dates

CLOCKS = {
    1: ["20:00"],
    2: ["08:00", "20:00"],
    3: ["08:00", "14:00", "20:00"],
    4: ["06:00", "12:00", "18:00", "23:00"],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taper:
    """Daily doses [mg] in so many administrations, each dose for so many weeks; `policy` is the prescription's own."""

    drug: str
    times: int
    doses: str
    weeks: int = 2
    policy: str = ""

    def prescription(self) -> Prescription:
        head = (
            f'[prescription]\nnumber = "RX-1"\ndrug = "{self.drug}"\nstart = 2026-12-01\ntimes = {CLOCKS[self.times]}\n'
        )
        steps = (f'[[step]]\ndaily = "{dose} mg"\nfor = "{self.weeks} weeks"\n' for dose in self.doses.split())
        return read_prescription("an invented taper", "".join((head, f"[policy]\n{self.policy}\n", *steps)))


TAPERS = (
    Taper(drug="alprazolam", times=3, doses="1.5 1.25 1 0.75"),
    Taper(drug="baclofen", times=3, doses="60 50 40 30 20 10", weeks=1),
    Taper(drug="citalopram", times=1, doses="40 30 20 10 5 2.4"),
    Taper(drug="clonazepam", times=2, doses="1 0.9 0.8"),
    Taper(drug="clonidine", times=2, doses="0.3 0.2 0.1", weeks=1),
    Taper(drug="dexamethasone", times=1, doses="4 2 1 0.5"),
    Taper(drug="diazepam", times=2, doses="20 18 16 14 12"),
    Taper(drug="duloxetine", times=1, doses="60 40 30 20"),
    Taper(drug="escitalopram", times=1, doses="20 15 10 5 2.4"),
    Taper(drug="gabapentin", times=3, doses="1800 1500 1200 900 600 300", weeks=1),
    Taper(drug="hydrocortisone", times=2, doses="20 18 16 15"),
    Taper(drug="lamotrigine", times=2, doses="200 100 50 25", weeks=1),
    Taper(drug="levetiracetam", times=2, doses="3000 2000 1000 500"),
    Taper(drug="lorazepam", times=2, doses="3 2.5 2 1.8"),
    Taper(drug="methadone", times=1, doses="30 28 25.5 23"),
    Taper(drug="metoprolol tartrate", times=2, doses="100 50 25", weeks=1),
    Taper(drug="mirtazapine", times=1, doses="45 30 15 7.5", weeks=4),
    Taper(drug="morphine", times=4, doses="120 108 97.2", weeks=4),
    Taper(drug="olanzapine", times=1, doses="10 7.5 6 5"),
    Taper(drug="oxycodone", times=4, doses="60 54 48"),
    Taper(drug="paroxetine", times=1, doses="40 30 20 10 5"),
    Taper(drug="phenobarbital", times=1, doses="90 75 60 45"),
    Taper(drug="prednisolone", times=1, doses="20 15 10 5"),
    Taper(drug="prednisone", times=1, doses="40 30 20 15 10 7.5 5", weeks=1),
    Taper(drug="pregabalin", times=2, doses="300 225 150 75 50 25", weeks=1),
    Taper(drug="propranolol", times=2, doses="160 120 80 40", weeks=1),
    Taper(drug="quetiapine", times=2, doses="400 300 225", weeks=4),
    Taper(drug="sertraline", times=1, doses="100 50 25 12.5 6"),
    Taper(drug="tizanidine", times=3, doses="12 10 8 6 4", weeks=1),
    Taper(drug="tramadol", times=4, doses="400 350 300 250"),
    Taper(drug="venlafaxine", times=2, doses="150 112.5 75 50 25"),
    Taper(drug="venlafaxine er", times=1, doses="150 112.5 75 37.5"),
    Taper(drug="zolpidem", times=1, doses="10 5"),
)
"""Plainly invented: they show that the products can be planned with, and advise nobody how to taper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Impossible:
    """A taper whose `dose` can't be made, the `nearest` that can, and what would help: each setting and its value."""

    taper: Taper
    dose: str
    nearest: tuple[str | None, str | None]
    helpful: frozenset[tuple[str, str]] = frozenset()


HALVES = ("split", "halves")
IMPOSSIBLE = (
    Impossible(
        taper=Taper(drug="mirtazapine", times=1, doses="30 15 3.75"),
        dose="3.75",
        nearest=(None, "7.5"),
        helpful=frozenset({HALVES}),
    ),
    Impossible(taper=Taper(drug="duloxetine", times=1, doses="60 30 10"), dose="10", nearest=(None, "20")),
    Impossible(
        taper=Taper(drug="zolpidem", times=1, doses="10 7.5 5"),
        dose="7.5",
        nearest=("5", "10"),
        helpful=frozenset({HALVES}),
    ),
    Impossible(
        taper=Taper(drug="venlafaxine er", times=1, doses="75 37.5 25"),
        dose="25",
        nearest=(None, "37.5"),
    ),
    Impossible(
        taper=Taper(drug="olanzapine", times=1, doses="5 1.25", policy="compounded = false"),
        dose="1.25",
        nearest=(None, "2.5"),
        helpful=frozenset({HALVES}),
    ),
)


@cache
def formulary_of(drug: str) -> Formulary:
    return read_formulary(formulations.drug(drug), drug)


@cache
def built_in_pharmacy() -> Pharmacy:
    return pharmacy_from_text(formulations.pharmacy(), "built-in pharmacy")


def planned(taper: Taper) -> Plan:
    return plan(taper.prescription(), built_in_pharmacy(), formulary_of(taper.drug))


def recipes() -> list[tuple[str, Product]]:
    """Every recipe that may be used, with its drug."""
    return [
        (drug, product)
        for drug in formulations.drugs()
        for product in formulary_of(drug).products
        if isinstance(product.supply, Batch) and product.available
    ]


def alone(drug: str, product: Product) -> Taper:
    """Two weeks on this product only: 4 mL or one capsule a day."""
    dose = (
        product.concentration.value * 4 if product.concentration else product.strength.value if product.strength else 0
    )
    others = ", ".join(f'"{other.id}"' for other in formulary_of(drug).products if other.id != product.id)
    return Taper(drug=drug, times=1, doses=format_exact(Fraction(dose)), policy=f"exclude = [{others}]")


def test_every_built_in_drug_has_a_taper() -> None:
    """A drug that is added gets a row here."""
    assert [taper.drug for taper in TAPERS] == list(formulations.drugs())


@pytest.mark.parametrize("taper", TAPERS, ids=lambda taper: taper.drug)
def test_each_drug_can_be_tapered(taper: Taper) -> None:
    """The plan is proved, gives each dose exactly, and is confirmed by the check; only the law of refills stops it."""
    made = planned(taper)
    assert made.status is Status.OPTIMAL
    assert [step.delivered_mg for step in made.steps] == [Fraction(dose) for dose in taper.doses.split()]
    assert verify_plan(made, taper.prescription(), built_in_pharmacy(), formulary_of(taper.drug)).agrees
    assert [each.code for each in made.findings if each.severity == "stop"] == ["refills-beyond-law"] * (
        made.drug.schedule is ControlSchedule.II
    )


@pytest.mark.parametrize("taper", TAPERS, ids=lambda taper: taper.drug)
def test_the_papers_of_each_drug_can_be_printed(taper: Taper) -> None:
    """Names, codes, cautions and methods of every drug fit on labels and sheets, at each visit."""
    people = {"patient": Patient(name="Ada Example"), "prescriber": Prescriber(name="Dr B. Example", phone="555 0100")}
    ordered = replace(taper.prescription(), **people)
    made = plan(ordered, built_in_pharmacy(), formulary_of(taper.drug))
    assert lay_out_labels(made, dates=visit_dates(made))
    assert lay_out_sheets(made, visit_dates(made))


@pytest.mark.parametrize(("drug", "product"), recipes(), ids=lambda value: getattr(value, "id", ""))
def test_each_recipe_can_be_planned_alone(drug: str, product: Product) -> None:
    """A dose that only this recipe may serve is made from it, in whole steps, and kept just as long as it may be."""
    made = planned(alone(drug, product))
    assert made.status is Status.OPTIMAL
    assert {item.product for item in made.items} == {product.id}
    assert isinstance(product.supply, Batch)
    assert all(item.quantity % product.supply.step == 0 for item in made.items)
    kept = {(item.discard_after - item.date).days + 1 for item in made.items if item.discard_after}
    assert kept == {product.supply.beyond_use}


@pytest.mark.parametrize("case", IMPOSSIBLE, ids=lambda case: case.taper.drug)
def test_what_cannot_be_made_is_said(case: Impossible) -> None:
    """No plan, the one step that can't be made, its nearest doses, and only changes that were shown to help."""
    made = planned(case.taper)
    assert made.status is Status.INFEASIBLE
    (conflict,) = made.conflicts
    assert conflict.step == case.taper.doses.split().index(case.dose)
    assert conflict.nearest_mg == tuple(None if each is None else Fraction(each) for each in case.nearest)
    assert {(change.key, change.value) for change in conflict.relaxations} == case.helpful
    assert all(change.total for change in conflict.relaxations)
