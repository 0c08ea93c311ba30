"""Strengths of capsules chosen by the search: the very plan of brute force over all sets, and the check agrees."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from splitter.optimise import Solution, solve
from splitter.optimise.possible import settled
from splitter.optimise.strengths import alternatives
from splitter.problem import Problem
from tests.oracle import brute
from tests.oracle import strengths as oracle
from tests.oracle.strengths import strengths_case
from tests.property.test_engine import problem_of, regimens_of

BLOCK = 60
CI_CASES, NIGHTLY_CASES = 4 * BLOCK, 100 * BLOCK


def compare(seed: int) -> str:
    """What both say of one case: "" where brute force has too much to try, "chosen" where strengths were chosen."""
    case = strengths_case(seed)
    tried = oracle.solve(case)
    if tried.status == brute.TOO_LARGE:
        return ""
    found = solve(problem_of(case))
    assert str(found.status) == tried.status, seed
    if tried.best is None:
        return "none"
    assert found.objective == found.lower_bound == tried.best.score.objective, seed
    assert regimens_of(found) == tried.regimens, seed
    used = {take.product for regimen in found.regimens for dose in regimen or () for take in dose.take}
    return "chosen" if any(name.startswith(oracle.LADDER) for name in used) else "other"


@pytest.mark.parametrize("first", range(0, CI_CASES, BLOCK))
def test_the_set_found_is_that_of_brute_force_over_all_sets(first: int) -> None:
    """Small random problems with a coarse ladder: one plan is best over every set, and the search finds it."""
    said = [compare(seed) for seed in range(first, first + BLOCK)]
    assert said.count("chosen") >= BLOCK // 4, "in many of the cases strengths must have been chosen"


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(CI_CASES, NIGHTLY_CASES, BLOCK))
def test_the_set_found_is_that_of_brute_force_on_thousands_more(first: int) -> None:
    """The same on many more."""
    for seed in range(first, first + BLOCK):
        compare(seed)


@pytest.mark.parametrize("first", range(0, CI_CASES // 2, BLOCK))
def test_no_plan_costs_less_than_the_bound_of_its_set(first: int) -> None:
    """What decides which sets are not looked at holds for each: no plan that uses all of a set is cheaper."""
    compared = 0
    for seed in range(first, first + BLOCK):
        for problem in settled(problem_of(strengths_case(seed))):
            for each in alternatives(problem):
                found = solve(replace(each.problem, policy=replace(each.problem.policy, compounded_strengths=3)))
                compared += _uses_all(each.problem, found) and _holds(each.bound, found)
    assert compared > BLOCK


def _uses_all(problem: Problem, found: Solution) -> bool:
    capsules = {product.id for product in problem.products if product.is_compounded and not product.is_liquid}
    used = {take.product for regimen in found.regimens for dose in regimen or () for take in dose.take}
    return bool(capsules) and capsules <= used


def _holds(bound: Fraction, found: Solution) -> bool:
    assert found.objective is not None
    assert bound <= found.objective
    return True
