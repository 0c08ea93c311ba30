"""How many intervals a lot may serve: as long as it keeps, and no longer than the policy lets any lot serve.

A lot that is dispensed at visit a and serves the intervals a … b - 1 must keep from the visit to the last of these
days, and t_b - t_a may not be more than `max_supply`, unless it serves one interval alone. Where no visit t_b is, it
is the day on which there would be one, or D if that is earlier: days to spare count against the shelf life only.
"""

from __future__ import annotations

from bisect import bisect_right

from splitter.formulary import Product
from splitter.problem import Problem


def is_windowed(product: Product, problem: Problem) -> bool:
    """Whether the shelf life is shorter than the visit interval, so that windows of S days cut it."""
    life = product.shelf_life
    return life is not None and life < problem.policy.visit_interval


def is_limited(product: Product, problem: Problem) -> bool:
    """Whether anything ends a lot of a product before the plan does."""
    return product.shelf_life is not None or problem.policy.max_supply is not None


def reach(product: Product, problem: Problem) -> tuple[int, ...]:
    """For each visit the most intervals that a lot dispensed there may serve, its own the first of them.

    Of a product that keeps for an interval at least.
    """
    visits, bounds, most = problem.visits, problem.bounds, problem.policy.max_supply
    ends = (*visits, min(visits[-1] + problem.policy.visit_interval, problem.days))
    life = problem.days if product.shelf_life is None else product.shelf_life
    reached = []
    for number, visit in enumerate(visits):
        by_life = bisect_right(bounds, visit + life) - 1
        served = by_life if most is None else max(bisect_right(ends, visit + most) - 1, number + 1)
        reached.append(min(by_life, served) - number)
    return tuple(reached)
