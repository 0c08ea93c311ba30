"""Tables kept from one prescription to the next make it faster and never another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from splitter.optimise import solve
from splitter.optimise.course.memory import MOST_REMEMBERED, forget
from splitter.problem import Problem
from splitter.quantity import Mass
from tests.oracle.cases import random_case
from tests.property.test_engine import problem_of

CASES = 25


def variants(problem: Problem) -> tuple[Problem, ...]:
    """Problems of the same setting: the steps turned round, alone, lengthened, cut short, twice over, with one more."""
    steps = problem.steps
    more = replace(steps[0], target=Mass(steps[0].target.value + steps[-1].target.value), doses=None)
    others = (
        steps[::-1],
        steps[:1],
        tuple(replace(step, days=step.days + 1) for step in steps),
        tuple(replace(step, days=max(step.days - 1, 1)) for step in steps),
        (*steps, *steps),
        (*steps, more),
    )
    return problem, *(replace(problem, steps=other) for other in others)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    forget()
    yield
    forget()


@pytest.mark.parametrize("most", [4096, 2], ids=["all remembered", "hardly any"])
def test_what_was_solved_before_changes_no_answer(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of several like problems has the same answer after the others as it has alone, twice asked too."""
    monkeypatch.setattr("splitter.optimise.day.ways._MOST_KNOWN", most)
    for seed in range(CASES):
        problems = variants(problem_of(random_case(seed)))
        after_others = [solve(problem) for problem in problems]
        again = [solve(problem) for problem in reversed(problems)][::-1]
        for problem, found, repeated in zip(problems, after_others, again, strict=True):
            forget()
            alone = solve(problem)
            assert found == alone, f"seed {seed}: {problem.steps}"
            assert repeated == alone, f"seed {seed}, again: {problem.steps}"


def test_settings_beyond_the_number_kept_push_out_the_oldest_and_change_nothing() -> None:
    """More drugs in turn than tables are kept for are solved as each alone."""
    problems = [problem_of(random_case(seed)) for seed in range(2 * MOST_REMEMBERED)]
    alone = []
    for problem in problems:
        forget()
        alone.append(solve(problem))
    assert [solve(problem) for problem in (*problems, *problems)] == [*alone, *alone]
