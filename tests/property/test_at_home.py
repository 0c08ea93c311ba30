"""The engine against brute force where the patient has something at home, which is used first and costs nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from splitter.optimise import solve
from splitter.plan import Status
from splitter.service import plan
from tests.oracle.evaluate import evaluate
from tests.oracle.supplies import at_home_case
from tests.property.test_engine import compare, handed_over, problem_of, regimens_of
from tests.property.test_plans_verify import codes, pharmacy_of

BLOCK = 30


@pytest.mark.parametrize("first", range(0, 5 * BLOCK, BLOCK))
def test_engine_gives_the_very_plan_of_brute_force(first: int) -> None:
    """Units, fragments and lots at home; what the pharmacy hands over is what these leave."""
    compared = sum(compare(at_home_case(seed), f"at home seed {seed}") for seed in range(first, first + BLOCK))
    assert compared > BLOCK // 2, "most of the cases must have been compared"


@pytest.mark.parametrize(
    "limits",
    [{"bounds.skeleton.MEMBERS": 2}, {"course.search._FEW": 0, "course.block._PERCENTS": (1,)}],
    ids=str,
)
def test_weaker_bounds_change_no_answer(monkeypatch: pytest.MonkeyPatch, limits: dict[str, object]) -> None:
    """What home can save is taken off every bound, however little it tells."""
    for name, value in limits.items():
        monkeypatch.setattr(f"splitter.optimise.{name}", value)
    assert sum(compare(at_home_case(seed), f"at home seed {seed}") for seed in range(BLOCK)) > BLOCK // 2


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(5 * BLOCK, 120 * BLOCK, BLOCK))
def test_engine_gives_the_very_plan_of_brute_force_on_many(first: int) -> None:
    """The same on thousands."""
    assert sum(compare(at_home_case(seed), f"at home seed {seed}") for seed in range(first, first + BLOCK)) > BLOCK // 3


def test_what_is_handed_over_is_what_home_leaves() -> None:
    """Every item, with its date, content, cuts and cost, is that of following the days one by one."""
    seen = 0
    for seed in range(3 * BLOCK):
        case = at_home_case(seed)
        found = solve(problem_of(case))
        if found.objective is not None:
            assert handed_over(case, found) == sorted(evaluate(case, regimens_of(found)).items), f"at home seed {seed}"
            seen += 1
    assert seen > BLOCK


def test_plans_pass_the_independent_check_and_no_planted_figure_does() -> None:
    """The plan says what is used from home until when; a unit more, a day later, or nothing said is found."""
    used = 0
    for seed in range(2 * BLOCK):
        case = at_home_case(seed)
        if not case.policy.syringes:
            continue
        made = plan(case.prescription, pharmacy_of(case), case.formulary)
        assert codes(case, made) == set(), f"at home seed {seed}"
        for place, home in enumerate(made.at_home if made.status is Status.OPTIMAL else ()):
            if home.used_until is None:
                continue
            used += 1
            for changed in (
                replace(home, used=home.used + 1),
                replace(home, units=home.units + 1),
                replace(home, used_until=home.used_until + timedelta(days=1)),
            ):
                other = (*made.at_home[:place], changed, *made.at_home[place + 1 :])
                assert codes(case, replace(made, at_home=other)) >= {"verify-at-home"}, f"at home seed {seed}"
            assert codes(case, replace(made, at_home=())) >= {"verify-at-home"}, f"at home seed {seed}"
    assert used > BLOCK // 3


def test_more_at_home_never_costs_more() -> None:
    """One more whole unit of what is there already, where all of it is used, saves money or changes nothing."""
    compared = 0
    for seed in range(2 * BLOCK):
        case = at_home_case(seed)
        more = tuple(replace(home, units=home.units + 1) if home.units else home for home in case.prescription.at_home)
        other = replace(case, prescription=replace(case.prescription, at_home=more))
        one, two = solve(problem_of(case)), solve(problem_of(other))
        if one.objective is not None and two.objective is not None and one.rank[0] == two.rank[0]:
            assert two.objective <= one.objective, f"at home seed {seed}"
            compared += 1
    assert compared > BLOCK
