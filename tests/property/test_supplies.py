"""The engine against the oracles where supply decides: days to spare, limits on supply, poured liquids, overages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise

import pytest

from splitter.formulary import Batch, Bottles, Poured
from splitter.optimise import solve
from splitter.optimise.integers.grid import least_rate
from splitter.service import plan
from splitter.supply import lot_maker
from tests.oracle import brute, milp
from tests.oracle.cases import Case
from tests.oracle.evaluate import Item, evaluate, intervals, spare
from tests.oracle.supplies import settled_supplies_case, supplies_case
from tests.property.test_engine import compare, compare_with_programme, handed_over, problem_of, regimens_of
from tests.property.test_plans_verify import codes, pharmacy_of

BLOCK = 60
CI_CASES, NIGHTLY_CASES = 5 * BLOCK, 60 * BLOCK
LARGE = (1, 2, 6, 16, 17, 20, 22, 64, 87, 96, 100, 104, 117, 118, 120, 122, 125, 152, 216)  # too many for brute force
COVERED = 2 * BLOCK
USES = (*range(1, 13), 15, 20, 24, 30, 40, 45, 60, 90, 120, 600)


@pytest.mark.parametrize("first", range(0, CI_CASES, BLOCK))
def test_engine_gives_the_very_plan_of_brute_force(first: int) -> None:
    """One plan is best, and the engine finds it with its proof."""
    compared = sum(compare(supplies_case(seed), f"supplies seed {seed}") for seed in range(first, first + BLOCK))
    assert compared > BLOCK // 2, "most of the cases must have been compared"


@pytest.mark.parametrize("first", range(0, 3 * BLOCK, BLOCK))
def test_engine_agrees_where_something_is_settled_before_cost(first: int) -> None:
    """Days to spare are decided for each means alone, and cost decides between them."""
    cases = {f"settled supplies seed {seed}": settled_supplies_case(seed) for seed in range(first, first + BLOCK)}
    assert sum(compare(case, label) for label, case in cases.items()) > BLOCK // 2


@pytest.mark.parametrize("kind", [supplies_case, settled_supplies_case], ids=lambda kind: kind.__name__)
def test_plans_pass_the_independent_check(kind: Callable[[int], Case]) -> None:
    """Every day, lot, container and cost of what is handed over, reckoned a third time."""
    for seed in range(2 * BLOCK):
        case = kind(seed)
        if case.policy.syringes:
            made = plan(case.prescription, pharmacy_of(case), case.formulary)
            assert codes(case, made) == set(), f"seed {seed}"


@pytest.mark.parametrize(
    "limits",
    [
        {"bounds.carried.MOST_AGES": 1},
        {"bounds.skeleton.MEMBERS": 2},
        {"course.search._FEW": 0, "course.block._PERCENTS": (1,)},
    ],
    ids=str,
)
def test_weaker_bounds_change_no_answer(monkeypatch: pytest.MonkeyPatch, limits: dict[str, object]) -> None:
    """Bounds that tell fewer lots and products apart are bounds still."""
    for name, value in limits.items():
        monkeypatch.setattr(f"splitter.optimise.{name}", value)
    assert sum(compare(supplies_case(seed), f"supplies seed {seed}") for seed in range(BLOCK)) > BLOCK // 2


@pytest.mark.parametrize("first", range(0, CI_CASES, BLOCK))
def test_what_is_handed_over_is_what_the_rules_say(first: int) -> None:
    """Dates, days served, lots, bottles, containers and costs are those of trying every choice of them."""
    seen = 0
    for seed in range(first, first + BLOCK):
        case = supplies_case(seed)
        found = solve(problem_of(case))
        if found.objective is not None:
            expected = sorted(evaluate(case, regimens_of(found)).items)
            assert handed_over(case, found) == expected, f"supplies seed {seed}"
            seen += len(expected)
    assert seen > BLOCK


def test_no_lot_costs_less_than_its_rate_or_than_a_smaller_one() -> None:
    """On which every bound rests; where sizes and steps fit, the rate is what a lot costs."""
    reached = set()
    for seed in range(BLOCK):
        problem = problem_of(supplies_case(seed))
        for product in (product for product in problem.products if product.has_lots):
            maker, rate = lot_maker(product, problem.costs), least_rate(product)
            costs = [maker.cost(Fraction(use)) for use in USES]
            assert all(cost >= rate * use for cost, use in zip(costs, USES, strict=True)), f"supplies seed {seed}"
            assert costs == sorted(costs), f"supplies seed {seed}"
            if any(cost == rate * use for cost, use in zip(costs, USES, strict=True)):
                reached.add(type(product.supply).__name__)
    assert reached >= {"Bottles", "Poured"}


def test_both_oracles_agree() -> None:
    """Brute force and the integer programme have the same deviation and objective."""
    compared = 0
    for seed in range(40):
        case = supplies_case(seed)
        tried = brute.solve(case)
        if tried.status == brute.TOO_LARGE:
            continue
        solved = milp.solve(case)
        assert solved.status == tried.status, f"supplies seed {seed}"
        if tried.best is not None:
            assert solved.best.score[:2] == tried.best.score[:2], f"supplies seed {seed}"
            compared += 1
    assert compared > 10


def test_cases_cover_what_they_are_meant_to() -> None:
    """Best plans with days to spare, lots that the limit alone ends, poured lots and windows, bottles with overage."""
    seen = set()
    for seed in range(COVERED):
        case = supplies_case(seed)
        best = brute.solve(case).best
        if best is None:
            continue
        products = {product.id: product for product in case.formulary.products}
        lots = [item for item in best.items if isinstance(products[item.product].supply, Batch | Bottles | Poured)]
        seen |= {"spare"} if spare(case) and len(intervals(case)) > 1 else set()
        seen |= {"spare given up"} if case.policy.spare and not spare(case) else set()
        seen |= {"several intervals"} if any(_intervals_of(case, item) > 1 for item in lots) else set()
        seen |= {"limited"} if _is_cut_short(case, lots) else set()
        for item in lots:
            supply = products[item.product].supply
            seen |= {type(supply).__name__}
            seen |= {"bottles with overage"} if isinstance(supply, Bottles) and supply.overage else set()
            seen |= {"poured window"} if isinstance(supply, Poured) and item.day % case.policy.visit_interval else set()
    assert seen >= {
        "spare", "spare given up", "several intervals", "limited", "bottles with overage",
        "poured window", "Poured", "Bottles", "Batch",
    }  # fmt: skip


def _intervals_of(case: Case, item: Item) -> int:
    return sum(item.first <= each.first <= item.last for each in intervals(case))


def _is_cut_short(case: Case, lots: Sequence[Item]) -> bool:
    """Whether two lots of one bottle without a limit follow one another: nothing but the policy ends the first."""
    products = {product.id: product for product in case.formulary.products}
    endless = [item for item in lots if products[item.product].shelf_life is None]
    return any(one.product == other.product for one, other in pairwise(sorted(endless)))


@pytest.mark.parametrize("seed", LARGE)
def test_engine_agrees_with_the_programme_beyond_brute_force(seed: int) -> None:
    """Problems with too many plans to try them all."""
    compare_with_programme(supplies_case(seed), f"supplies seed {seed}")


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(CI_CASES, CI_CASES + NIGHTLY_CASES, BLOCK))
def test_engine_agrees_on_thousands_more(first: int) -> None:
    """The same on other problems, as far as brute force can answer them."""
    assert sum(compare(supplies_case(seed), f"supplies seed {seed}") for seed in range(first, first + BLOCK))
