"""Families of strengths that never mix: each is solved by itself, the best is kept, and the check knows the rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from splitter.errors import InputError
from splitter.formulary import Form, Formulary, Loose, Product
from splitter.optimise import LimitReachedError, Limits, Solution, solve
from splitter.plan import Plan, Status
from splitter.prescription import Pharmacy, Prescription, Step, Tolerance
from splitter.problem import Problem, by_family, pose
from splitter.quantity import Mass, Money
from splitter.service import families, plan
from splitter.verify import verify
from tests.unit.plans import PHARMACY, tablets

NEW, OLD = "15 mg family", "16.2 mg family"


def tablet(strength: str, family: str | None, price: str = "0.05", *, pieces: int = 1) -> Product:
    return Product(
        id=f"x-{strength}mg",
        name=f"{strength} mg tablet",
        form=Form.TABLET,
        strength=Mass(Fraction(strength)),
        pieces=pieces,
        supply=Loose(price=Money(Fraction(price))),
        family=family,
    )


def asked(doses: tuple[str, ...], *products: Product, limits: Limits | None = None, tolerance: str = "0") -> Plan:
    """The plan of daily doses [mg], each for 14 days, given once a day."""
    prescription, pharmacy, formulary = inputs(doses, products, tolerance)
    return plan(prescription, pharmacy, formulary, limits)


Inputs = tuple[Prescription, Pharmacy, Formulary]


def inputs(doses: tuple[str, ...], products: tuple[Product, ...], tolerance: str = "0") -> Inputs:
    steps = tuple(Step(days=14, target=Mass(Fraction(dose))) for dose in doses)
    order = replace(
        tablets().prescription,
        times=(dt.time(20),),
        steps=steps,
        settings=(),
        tolerance=Tolerance(mass=Mass(Fraction(tolerance))),
    )
    return order, PHARMACY, Formulary(drug="examplamine", products=products)


def used(made: Plan) -> set[str]:
    return {product.id for product in made.products}


def test_the_cheapest_family_makes_the_plan() -> None:
    """30 mg is 2 × 15 mg or a dearer 30 mg of a third family."""
    made = asked(("30",), tablet("15", NEW), tablet("30", OLD, "0.20"))
    assert (made.status, used(made)) == (Status.OPTIMAL, {"x-15mg"})
    dearer = asked(("30",), tablet("15", NEW, "0.11"), tablet("30", OLD, "0.20"))
    assert (dearer.status, used(dearer)) == (Status.OPTIMAL, {"x-30mg"})
    assert dearer.lower_bound == dearer.objective


def test_families_are_never_mixed() -> None:
    """Not even where only a mixture would make the dose; the answer says so, and a relaxation stays inside a family."""
    made = asked(("31.2",), tablet("15", NEW), tablet("16.2", OLD))
    assert made.status is Status.INFEASIBLE
    assert not [finding for finding in made.findings if finding.code.startswith("verify")]
    (conflict,) = made.conflicts
    assert "never mixed with this one" in conflict.message


def test_one_family_makes_all_steps() -> None:
    """A dose that only the one makes decides for the other doses too."""
    made = asked(("30", "16.2"), tablet("15", NEW), tablet("16.2", OLD))
    assert made.status is Status.INFEASIBLE
    made = asked(("32.4", "16.2"), tablet("15", NEW), tablet("16.2", OLD))
    assert used(made) == {"x-16.2mg"}


def test_products_without_a_family_go_with_all() -> None:
    """A plain tablet may join either family."""
    made = asked(("35",), tablet("15", NEW), tablet("16.2", OLD), tablet("5", None))
    assert used(made) == {"x-15mg", "x-5mg"}


def test_the_least_deviation_comes_before_the_cost() -> None:
    """Within a tolerance the family that comes nearer is taken, though it costs more."""
    made = asked(("16",), tablet("15", NEW, "0.01"), tablet("16.2", OLD, "0.50"), tolerance="2")
    assert used(made) == {"x-16.2mg"}


def test_fewer_pieces_decide_between_plans_of_one_cost() -> None:
    """As in the order of preference within one family."""
    made = asked(("30",), tablet("15", NEW, "0.05"), tablet("30", OLD, "0.10"))
    assert used(made) == {"x-30mg"}


def test_evenness_decides_between_plans_of_as_many_pieces() -> None:
    """40 mg in two doses is 13 + 9 mg beside 9 + 9 mg, or twice 15 + 5 mg, for as much."""
    uneven, even = (tablet("13", NEW), tablet("9", NEW)), (tablet("15", OLD), tablet("5", OLD))
    order, pharmacy, formulary = inputs(("40",), (*uneven, *even))
    without_fees = replace(pharmacy, costs=replace(pharmacy.costs, item_fee=Money(Fraction(0))))
    made = plan(replace(order, times=(dt.time(8), dt.time(20))), without_fees, formulary)
    assert used(made) == {"x-15mg", "x-5mg"}


def test_the_check_knows_that_families_never_mix() -> None:
    """A plan that mixes them is stopped."""
    products = (tablet("15", NEW), tablet("5", NEW))
    made = asked(("35",), *products)
    prescription, pharmacy, formulary = inputs(("35",), (products[0], replace(products[1], family=OLD)))
    codes = {f.code for f in verify(made, prescription, pharmacy, formulary)}
    assert "verify-family" in codes


def test_problems_are_split_by_the_families_that_are_allowed() -> None:
    """A family of which nothing is allowed asks no question; without families the problem stays as it is."""
    products = (tablet("15", NEW), replace(tablet("16.2", OLD), available=False), tablet("5", None))
    problem = pose(*inputs(("30",), products))
    assert [[p.id for p in each.stock] for each in by_family(problem)] == [["x-15mg", "x-5mg"]]
    plain = pose(*inputs(("30",), (tablet("15", None),)))
    assert by_family(plain) == (plain,)


def _stopping(name: str) -> Callable[..., Solution]:
    """A search that ends without an answer for the family that has this product."""

    def search(problem: Problem, *_: object) -> Solution:
        if any(product.id == name for product in problem.stock):
            raise LimitReachedError
        return solve(problem)

    return search


def test_a_family_that_was_not_finished_leaves_the_plan_unproved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its best plan may be cheaper by all that the plan costs."""
    monkeypatch.setattr(families, "solve", _stopping("x-30mg"))
    made = asked(("30",), tablet("15", NEW), tablet("30", OLD), limits=Limits(nodes=10))
    assert (made.status, made.lower_bound, used(made)) == (Status.FEASIBLE, Fraction(0), {"x-15mg"})


def test_limits_that_end_every_search_are_too_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is a prescription impossible that only the unfinished family may make."""
    monkeypatch.setattr(families, "solve", _stopping("x-30mg"))
    with pytest.raises(InputError, match="--node-limit: found 10, reached before any plan was found"):
        asked(("30",), tablet("16.2", NEW), tablet("30", OLD), limits=Limits(nodes=10))


def test_limits_are_shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two families get half each, so that all together keep to what the user allows."""
    given: list[Limits] = []

    def search(problem: Problem, limits: Limits, *_: object) -> Solution:
        given.append(limits)
        return solve(problem, limits)

    monkeypatch.setattr(families, "solve", search)
    asked(("30",), tablet("15", NEW), tablet("30", OLD), limits=Limits(seconds=Fraction(9), nodes=1000))
    assert given == [Limits(seconds=Fraction(9, 2), nodes=500)] * 2
