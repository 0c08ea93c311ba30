"""What may change in a problem without changing its answer, and what may only make it cheaper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from splitter.formulary import Batch, Loose, Product, Size, Supply
from splitter.optimise import LimitReachedError, Limits, Solution, solve
from splitter.plan import Status
from splitter.prescription import Costs, Step, Tolerance
from splitter.problem import Problem
from splitter.quantity import Concentration, Mass, Money
from tests.oracle.cases import aligned_case, random_case, settled_case, tablet
from tests.oracle.tapers import taper_case
from tests.property.test_engine import problem_of

SEEDS = range(90)
MICRO = Fraction(1, 1000)


def problems() -> list[Problem]:
    """Some small problems, in part with many intervals alike."""
    return [problem_of((aligned_case if seed % 3 == 0 else random_case)(seed)) for seed in SEEDS]


def settled() -> list[Problem]:
    """Others whose doses or forms are settled before any cost."""
    return [problem_of((taper_case if seed % 2 else settled_case)(seed)) for seed in range(40)]


def feasible() -> list[tuple[Problem, Solution]]:
    """Those of them that have a plan, with the best."""
    solved = [(problem, solve(problem)) for problem in problems()]
    found = [(problem, best) for problem, best in solved if best.status is Status.OPTIMAL]
    assert len(found) > len(SEEDS) // 2
    return found


def smaller(problem: Problem, factor: Fraction = MICRO) -> Problem:
    """The problem with all masses a thousandth: what was milligrams is micrograms."""
    tolerance = problem.tolerance
    return replace(
        problem,
        steps=tuple(_smaller_step(step, factor) for step in problem.steps),
        stock=tuple(_smaller_product(product, factor) for product in problem.stock),
        tolerance=tolerance if tolerance.mass is None else Tolerance(mass=tolerance.mass * factor),
        policy=replace(
            problem.policy,
            max_imbalance=None if problem.policy.max_imbalance is None else problem.policy.max_imbalance * factor,
        ),
    )


def _smaller_step(step: Step, factor: Fraction) -> Step:
    doses = None if step.doses is None else tuple(dose * factor for dose in step.doses)
    return replace(step, target=step.target * factor, doses=doses)


def _smaller_product(product: Product, factor: Fraction) -> Product:
    if product.strength is not None:
        return replace(product, strength=product.strength * factor)
    assert product.concentration is not None
    return replace(product, concentration=Concentration(product.concentration.value * factor))


def dearer(problem: Problem, factor: int = 2) -> Problem:
    """The problem with every price, fee, wage and burden multiplied."""
    policy = problem.policy
    burdens = {
        name: None if (burden := getattr(policy, name)) is None else burden * factor
        for name in ("split_burden", "piece_burden", "measure_burden")
    }
    costs = Costs(
        **{
            name: getattr(problem.costs, name) * factor
            for name in ("item_fee", "split_fee", "batch_fee", "labour_rate")
        }
    )
    stock = tuple(replace(product, supply=_dearer(product.supply, factor)) for product in problem.stock)
    return replace(problem, stock=stock, costs=costs, policy=replace(policy, **burdens))


def _dearer(supply: Supply, factor: int) -> Supply:
    def sizes(some: tuple[Size, ...]) -> tuple[Size, ...]:
        return tuple(replace(size, price=size.price * factor) for size in some)

    if isinstance(supply, Loose):
        return replace(supply, price=supply.price * factor)
    if isinstance(supply, Batch):
        dearer = tuple(replace(part, price=part.price * factor) for part in supply.ingredients)
        return replace(supply, containers=sizes(supply.containers), ingredients=dearer)
    return replace(supply, sizes=sizes(supply.sizes))


def turned(problem: Problem) -> Problem:
    """The problem with its products in another order."""
    return replace(problem, stock=problem.stock[::-1])


@pytest.mark.parametrize("change", [smaller, turned], ids=["micrograms", "another order"])
def test_what_changes_nothing(change: Callable[[Problem], Problem]) -> None:
    """Micrograms for milligrams and another order of the formulary leave plan, cost and status as they are."""
    for problem in (*problems(), *settled()):
        one, other = solve(problem), solve(change(problem))
        assert (other.status, other.regimens, other.objective) == (one.status, one.regimens, one.objective)


def test_twice_the_prices_cost_twice_as_much() -> None:
    """The plan stays as it is when all money is doubled."""
    others = [(problem, solve(problem)) for problem in settled()]
    for problem, best in (*feasible(), *((one, best) for one, best in others if best.status is Status.OPTIMAL)):
        doubled = solve(dearer(problem))
        assert best.objective is not None
        assert (doubled.objective, doubled.regimens) == (2 * best.objective, best.regimens)


def test_one_more_product_never_costs_more() -> None:
    """What can be made stays possible with more in stock, and gets no dearer."""
    for number, (problem, best) in enumerate(feasible()):
        more = replace(random_case(number + 5000).formulary.products[0], id="zzz")
        richer = solve(replace(problem, stock=(*problem.stock, more)))
        assert richer.objective is not None
        assert best.objective is not None
        if problem.tolerance == Tolerance():
            assert richer.objective <= best.objective


def test_what_is_not_used_is_not_missed() -> None:
    """Without a product that the best plan doesn't use, it is the best plan still."""
    for problem, best in feasible():
        used = {
            product
            for regimen in best.regimens
            for dose in regimen or ()
            for product in (*(take.product for take in dose.take), *([dose.measure.product] if dose.measure else []))
        }
        without = replace(problem, stock=tuple(product for product in problem.stock if product.id in used))
        assert solve(without).regimens == best.regimens


@pytest.mark.parametrize("nodes", [1, 5, 20, 100, 1000])
def test_a_limit_never_makes_a_wrong_claim(nodes: int) -> None:
    """Within a limit the bound is below the best objective, and that below the plan's; optimal is what is optimal."""
    stopped = 0
    for problem, best in feasible():
        try:
            found = solve(problem, Limits(nodes=nodes))
        except LimitReachedError:
            stopped += 1
            continue
        assert found.lower_bound is not None
        assert found.objective is not None
        if problem.tolerance == Tolerance():
            assert best.objective is not None
            assert found.lower_bound <= best.objective <= found.objective
        if found.status is Status.OPTIMAL:
            assert found == best
        stopped += found.status is Status.FEASIBLE
    assert stopped > 0 or nodes > 100


def test_a_price_of_nothing_is_a_price() -> None:
    """Where nothing costs anything the later preferences decide, and the plan is proved."""
    for problem, _ in feasible()[:20]:
        free = solve(dearer(problem, 0))
        assert (free.status, free.objective) == (Status.OPTIMAL, 0)


def test_money_of_a_hundred_thousandth_is_counted() -> None:
    """The smallest difference in price that an input may have decides between two tablets."""
    problem, _ = feasible()[0]
    price = Money(Fraction(1, 100_000))
    one, other = (tablet(5, price.value * count, id=name) for name, count in (("dear", 2), ("cheap", 1)))
    asked = replace(problem, stock=(one, other), steps=(Step(days=1, target=Mass(Fraction(5))),))
    best = solve(asked)
    assert [take.product for dose in best.regimens[0] or () for take in dose.take] == ["cheap"]
