"""A prescription's schedule: its steps, the dose of each time by the path, what a rule's doses were rounded from."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from splitter.division import StepForm
from splitter.formulary import Formulary, Product
from splitter.prescription import DivisionRule, Fine, Pharmacy, Prescription, pharmacy_from_text, read_prescription
from splitter.service import TaperSchedule, compare, inputs_of, plan, schedule
from splitter.taper import Clause, EndReason
from tests.oracle.cases import policy, tablet

RULE = '[taper]\nfrom = "20 mg"\nreduce = "25 %"\nevery = "1 week"\nlast = "5 mg"\n'
FIVE, TEN = tablet("5", "0.1", 2), tablet("10", "0.1")


def order(steps: str) -> Prescription:
    head = '[prescription]\nnumber = "RX-1"\ndrug = "exampline"\nstart = 2026-12-01\ntimes = ["08:00", "20:00"]\n'
    return read_prescription("rx.toml", head + steps)


def house(**settings: object) -> Pharmacy:
    by_path = {"division": DivisionRule.PATH, "fine": Fine.PHASE}
    return replace(pharmacy_from_text("", "pharmacy.toml"), policy=policy(**{**by_path, **settings}))


def formulary(*products: Product) -> Formulary:
    return Formulary(drug="exampline", products=products)


def scheduled(steps: str, *products: Product, **settings: object) -> TaperSchedule:
    return schedule(order(steps), house(**settings), formulary(*products))


def doses_of(found: TaperSchedule) -> list[list[str] | None]:
    return [step.doses_mg and [str(dose) for dose in step.doses_mg] for step in found.steps]


def test_a_rule_with_the_doses_of_its_times() -> None:
    """From 11.25 mg to 12.5 mg, of tablets and halves, the morning lowered first; length, end and largest drop."""
    found = scheduled(RULE, FIVE, TEN)
    assert doses_of(found) == [["10", "10"], ["15/2", "15/2"], ["5", "15/2"], ["5", "5"], ["5/2", "5"], ["5/2", "5/2"]]
    assert [step.daily_mg for step in found.steps] == [20, 15, Fraction(25, 2), 10, Fraction(15, 2), 5]
    assert {step.form for step in found.steps} == {StepForm.PLAIN}
    assert (found.days, found.last, found.largest_drop_mg) == (42, dt.date(2027, 1, 11), 5)
    assert found.steps[2].rounding is not None
    assert (found.steps[2].rounding.clause, found.steps[2].rounding.kept) == (Clause.TABLETS, False)
    assert found.ending is not None
    assert found.ending.reason is EndReason.LAST


def test_steps_that_are_written_out() -> None:
    """Stated doses, days without the drug, which have none, and no word of rounding."""
    steps = '[[step]]\ndoses = ["5 mg", "10 mg"]\nfor = "1 week"\n[[step]]\ndaily = "0 mg"\nfor = "3 days"\n'
    found = scheduled(steps + '[[step]]\ndaily = "5 mg"\nfor = "2 days"\n', FIVE)
    assert doses_of(found) == [["5", "10"], None, ["5/2", "5/2"]]
    assert [step.form for step in found.steps] == [StepForm.PLAIN, None, StepForm.PLAIN]
    assert ([step.rounding for step in found.steps], found.ending) == ([None] * 3, None)
    assert (found.days, found.largest_drop_mg, found.is_divided) == (12, 15, True)
    assert scheduled('[[step]]\ndaily = "5 mg"\nfor = "2 days"\n', FIVE).largest_drop_mg == 0


def test_what_is_not_settled_before_cost_is_not_told() -> None:
    """The doses of the times where cost divides, or where a step can't be made; the form where any may be used."""
    free = scheduled(RULE, FIVE, TEN, division=DivisionRule.FREE)
    assert (free.is_divided, doses_of(free)) == (False, [None] * 6)
    stated = '[[step]]\ndoses = ["5 mg", "4 mg"]\nfor = "1 week"\n'
    impossible = scheduled(stated, FIVE)
    assert (impossible.is_divided, doses_of(impossible)) == (False, [["5", "4"]])
    anything = scheduled(RULE, FIVE, TEN, fine=Fine.FREE)
    assert (anything.is_divided, {step.form for step in anything.steps}) == (True, {None})


def test_families_of_strengths_are_not_mixed() -> None:
    """The one that gives the first dose on tablets divides all of them."""
    one, other = (replace(tablet(strength, "0.1"), family=strength) for strength in ("3", "4"))
    rule = '[taper]\nfrom = "16 mg"\nreduce = "25 %"\nevery = "1 week"\nlast = "8 mg"\nround_within = "30 %"\n'
    assert doses_of(scheduled(rule, one, other)) == [["8", "8"], ["4", "8"], ["4", "4"]]


def test_alternatives_are_asked_of_the_same_steps() -> None:
    """A rule is rounded by the policy in force, not by that of each alternative."""
    prescription, products = order(RULE), formulary(FIVE, TEN)
    found = compare(prescription, house(), products, trade_offs=0)
    doses = [step.target.value for step in inputs_of(prescription, house(), products).prescription.steps]
    plans = [each.plan for each in found.alternatives if each.plan is not None]
    assert len(plans) > 1
    assert all([step.target_mg for step in made.steps] == doses for made in plans)
    assert [step.target_mg for step in plan(prescription, house(), products).steps] == doses
