"""Whole plans of small random problems pass the independent check, and none of their doses or forms can be changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

import pytest

from splitter.division import StepForm
from splitter.plan import Plan, PlannedStep, Status
from splitter.prescription import DivisionRule, Pharmacy
from splitter.service import plan
from splitter.verify import verify
from tests.oracle.cases import Case, aligned_case, random_case, settled_case
from tests.oracle.strengths import strengths_case
from tests.oracle.tapers import taper_case
from tests.oracle.unusual import unusual_case
from tests.unit.plans import PHARMACY

CASES = 60


def pharmacy_of(case: Case) -> Pharmacy:
    return replace(PHARMACY, policy=case.policy, costs=case.costs)


def codes(case: Case, made: Plan) -> set[str]:
    """What the check finds."""
    return {finding.code for finding in verify(made, case.prescription, pharmacy_of(case), case.formulary)}


def plans(kind: Callable[[int], Case]) -> Iterator[tuple[int, Case, Plan]]:
    """The plans of the cases that policies and products can be read for."""
    for seed in range(CASES):
        case = kind(seed)
        if case.policy.syringes:
            yield seed, case, plan(case.prescription, pharmacy_of(case), case.formulary)


@pytest.mark.parametrize(
    "kind",
    [random_case, aligned_case, unusual_case, settled_case, taper_case, strengths_case],
    ids=lambda kind: kind.__name__,
)
def test_plans_of_random_problems_pass(kind: Callable[[int], Case]) -> None:
    """What the search finds, the check finds right; what it can't make is explained in terms that exist."""
    for seed, case, made in plans(kind):
        assert codes(case, made) == set(), f"seed {seed}"


@pytest.mark.parametrize("kind", [settled_case, taper_case, strengths_case], ids=lambda kind: kind.__name__)
def test_no_form_can_be_changed_unnoticed(kind: Callable[[int], Case]) -> None:
    """Another form of any step is found."""
    changed = 0
    for seed, case, made in plans(kind):
        for index, step in enumerate(made.steps if made.status is Status.OPTIMAL else ()):
            for form in {None, *StepForm} - {step.form}:
                other = _with_step(made, index, replace(step, form=form))
                assert "verify-R7" in codes(case, other), f"seed {seed}, step {index}: {form}"
                changed += 1
    assert changed > CASES


@pytest.mark.parametrize("kind", [settled_case, taper_case], ids=lambda kind: kind.__name__)
def test_no_two_doses_of_the_path_can_be_swapped_unnoticed(kind: Callable[[int], Case]) -> None:
    """What is given at two times of a day is exchanged, wherever the doses differ."""
    swapped = 0
    for seed, case, made in plans(kind):
        is_path = case.policy.division is DivisionRule.PATH and made.status is Status.OPTIMAL
        for index, step in enumerate(made.steps if is_path else ()):
            for other in _swaps(step):
                found = codes(case, _with_step(made, index, other))
                assert found & {"verify-R1", "verify-R3"}, f"seed {seed}, step {index}"
                swapped += 1
    assert swapped >= CASES // 10


def _swaps(step: PlannedStep) -> Iterator[PlannedStep]:
    given = step.administrations
    for one, other in combinations(range(len(given)), 2):
        if given[one].dose_mg != given[other].dose_mg:
            changed = list(given)
            changed[one] = replace(given[other], time=given[one].time)
            changed[other] = replace(given[one], time=given[other].time)
            yield replace(step, administrations=tuple(changed))


def _with_step(made: Plan, index: int, step: PlannedStep) -> Plan:
    return replace(made, steps=(*made.steps[:index], step, *made.steps[index + 1 :]))
