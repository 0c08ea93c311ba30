"""The service: what comes out of the search becomes a plan that adds up, and says what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from splitter.errors import InputError, RefusedError, SplitterError
from splitter.optimise import LimitReachedError, Limits, Solution, solve
from splitter.optimise.course.memory import forget
from splitter.plan import Acceptance, Finding, Plan, Severity, Status
from splitter.prescription import Policy
from splitter.problem import Problem, pose
from splitter.quantity import Mass
from splitter.service import (
    Inputs,
    Verdict,
    accept,
    check,
    families,
    load,
    objections,
    plan,
    refuse_unprintable,
    stops,
    verify_plan,
)
from splitter.service.assembly import assemble
from tests.unit.plans import FEASIBLE, TEN, Made, infeasible, tablets

EXAMPLE = Path(__file__).parents[1] / "examples" / "baclofen.toml"


def inputs_of(made: Made) -> Inputs:
    return Inputs(prescription=made.prescription, pharmacy=made.pharmacy, formulary=made.formulary)


def plan_of(made: Made, limits: Limits | None = None) -> Plan:
    return plan(made.prescription, made.pharmacy, made.formulary, limits)


def question(made: Made) -> Problem:
    return pose(made.prescription, made.pharmacy, made.formulary)


def finding(code: str, severity: Severity = Severity.STOP) -> Finding:
    return Finding(code=code, severity=severity, where="step 1", message="too much")


@pytest.mark.parametrize("name", FEASIBLE)
def test_plans_agree_with_the_check_and_beat_those_made_by_hand(name: str) -> None:
    """They cost no more than a plan that a person worked out, and every figure is confirmed."""
    made = FEASIBLE[name]()
    found = plan_of(made)
    assert found.status is Status.OPTIMAL
    assert found.objective is not None
    assert made.plan.objective is not None
    assert found.objective <= made.plan.objective
    assert verify_plan(found, made.prescription, made.pharmacy, made.formulary).agrees
    refuse_unprintable(replace(found, findings=()))


@pytest.mark.parametrize("name", FEASIBLE)
def test_costs_add_up(name: str) -> None:
    """Products are the items' rounded costs; the total leaves the burdens out, the objective has them."""
    found = plan_of(FEASIBLE[name]())
    assert found.costs is not None
    assert found.total is not None
    assert found.costs.products == sum(item.cost for item in found.items)
    assert found.total == found.costs.products + found.costs.item_fees + found.costs.split_fees
    assert found.objective == found.total + found.costs.burdens == found.lower_bound


def test_burdens_stand_in_the_objective_and_not_in_the_total() -> None:
    """`lots` costs 0.01 for each volume measured; the best plan measures one on each of 70 days."""
    found = plan_of(FEASIBLE["lots"]())
    assert found.costs is not None
    assert found.total is not None
    assert found.costs.burdens == Fraction("0.7")
    assert found.objective == found.total + Fraction("0.7")


def test_an_infeasible_plan_hands_nothing_over() -> None:
    """It lists the steps without a dose, and may not be printed."""
    made = replace(infeasible(), formulary=replace(infeasible().formulary, products=(TEN,)))
    found = plan_of(made)
    assert found.status is Status.INFEASIBLE
    assert [step.delivered_mg for step in found.steps] == [None, None]
    assert not found.items
    assert not found.products
    assert found.costs is None
    assert found.objective is None
    with pytest.raises(RefusedError, match="can't be made"):
        refuse_unprintable(found)
    assert check(made.prescription, made.pharmacy, made.formulary).verdict is Verdict.IMPOSSIBLE


def test_a_search_that_disagrees_with_the_supply_is_a_fault_of_the_program() -> None:
    """The exact objective is added twice, by the search and from what is handed over."""
    made = tablets()
    solution = solve(question(made))
    assert solution.objective is not None
    wrong = replace(solution, objective=solution.objective + Fraction(1, 10**9))
    with pytest.raises(SplitterError, match="a fault of the program"):
        assemble(inputs_of(made), question(made), wrong)


def test_a_search_that_was_stopped_may_have_had_dearer_lots() -> None:
    """The plan is then what is handed over, whose lots are the cheapest; no search may promise less than that."""
    made = tablets()
    solution = replace(solve(question(made)), status=Status.FEASIBLE, lower_bound=Fraction(0))
    assert solution.objective is not None
    dearer, cheaper = (replace(solution, objective=solution.objective + off) for off in (1, -1))
    assert assemble(inputs_of(made), question(made), dearer) == assemble(inputs_of(made), question(made), solution)
    with pytest.raises(SplitterError, match="a fault of the program"):
        assemble(inputs_of(made), question(made), cheaper)


@pytest.mark.parametrize("nodes", [5_000, 10_000, 20_000])
def test_the_example_within_limits_is_a_plan_that_agrees(nodes: int) -> None:
    """A year with batches over several visits, stopped early: the plan adds up, and its bound is below it."""
    inputs = load(EXAMPLE)
    try:
        found = plan(inputs.prescription, inputs.pharmacy, inputs.formulary, Limits(nodes=nodes))
    except InputError:
        return
    assert found.lower_bound is not None
    assert found.objective is not None
    assert found.lower_bound <= found.objective
    assert verify_plan(found, inputs.prescription, inputs.pharmacy, inputs.formulary).agrees


def test_a_limit_in_seconds_is_told_as_it_was_written() -> None:
    """0.01 seconds are not 1/100."""
    inputs = load(EXAMPLE)
    forget()
    with pytest.raises(InputError, match=r"--time-limit: found 0\.001, reached before any plan was found"):
        plan(inputs.prescription, inputs.pharmacy, inputs.formulary, Limits(seconds=Fraction("0.001")))


def test_a_bound_is_never_above_the_recorded_objective() -> None:
    """Items are rounded for the record, so an exact bound may lie a little above what is recorded."""
    made = tablets()
    solution = solve(question(made))
    assert solution.objective is not None
    for bound, stated in ((solution.objective + 1, None), (Fraction(1, 3), Fraction(1, 3))):
        feasible = replace(solution, status=Status.FEASIBLE, lower_bound=bound)
        found = assemble(inputs_of(made), question(made), feasible)
        assert found.lower_bound == (found.objective if stated is None else stated)


def test_a_limit_that_is_too_small_is_bad_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the option that was given."""

    def out_of_time(*_: object) -> Solution:
        raise LimitReachedError

    monkeypatch.setattr(families, "solve", out_of_time)
    with pytest.raises(InputError, match="--node-limit: found 5, reached before any plan was found") as raised:
        plan_of(tablets(), Limits(nodes=5))
    assert "--time-limit" not in str(raised.value)


def test_currencies_never_mix() -> None:
    """Prices in another currency than the pharmacy's costs stop the plan, and can't be accepted."""
    made = tablets()
    foreign = replace(made, formulary=replace(made.formulary, currency="GBP"))
    found = accept(plan_of(foreign), [taken("currency-differs")])
    assert "verify-currency" in {each.code for each in stops(found)}
    assert "currency-differs" in {each.code for each in stops(plan_of(foreign))}


def test_an_exclusion_that_names_no_product_is_told() -> None:
    """A misspelt id excludes nothing, which somebody should know."""
    made = tablets()
    shop = replace(made.pharmacy, policy=replace(made.pharmacy.policy, exclude=("tenn",)))
    found = plan(made.prescription, shop, made.formulary)
    assert [each.where for each in found.findings if each.code == "unknown-exclusion"] == ["policy.exclude"]
    assert isinstance(shop.policy, Policy)


def taken(code: str) -> Acceptance:
    """Somebody takes this finding on them."""
    return Acceptance(code=code, by="A. Example", why="seen by Dr B. Example")


def test_accepting_turns_a_stop_into_a_warning_that_says_so() -> None:
    """Only the named code, only what stops; notes stay what they are. Who and why stand in the plan by themselves
    too."""
    findings = (finding("a"), finding("b"), finding("a", Severity.NOTE))
    stopped = replace(tablets().plan, findings=findings)
    accepted = accept(stopped, [taken("a")])
    assert accepted.accepted == (taken("a"),)
    assert [each.severity for each in accepted.findings] == [Severity.WARN, Severity.STOP, Severity.NOTE]
    assert accepted.findings[0].message == "too much; accepted by A. Example: seen by Dr B. Example"
    assert accepted.findings[1:] == findings[1:]
    assert objections(accepted) == ("step 1: too much (b)",)


def test_a_failed_verification_is_never_accepted() -> None:
    """Figures that disagree can't be waved through."""
    with pytest.raises(InputError, match="found verify-dose"):
        accept(tablets().plan, [taken("verify-dose")])


def test_what_stops_nothing_is_not_accepted() -> None:
    """A slip in a code is told with the codes that there are, and accepts nothing."""
    stopped = replace(tablets().plan, findings=(finding("a"), finding("b", Severity.NOTE)))
    with pytest.raises(InputError, match='found "b"; accept only what stops the plan: a'):
        accept(stopped, [taken("b")])
    with pytest.raises(InputError, match="leave it out; nothing stops the plan"):
        accept(tablets().plan, [taken("a")])


def test_a_plan_that_contradicts_itself_is_not_printed() -> None:
    """What a plan file says about itself is re-added first."""
    made = tablets().plan
    refuse_unprintable(made)
    with pytest.raises(RefusedError, match=r"not printed: .*verify-total"):
        refuse_unprintable(replace(made, total=Fraction(1)))


def test_a_slipped_decimal_point_is_bad_input() -> None:
    """A daily dose over ten labelled maxima is refused before it is solved; one at ten of them is not."""
    made = tablets()
    steps = (replace(made.prescription.steps[0], target=Mass(601), doses=None), *made.prescription.steps[1:])
    formulary = replace(made.formulary, max_daily=Mass(60))
    with pytest.raises(InputError, match=r"step\[0\]: found 601 mg a day, more than 10 times"):
        plan(replace(made.prescription, steps=steps), made.pharmacy, formulary)
    assert plan(made.prescription, made.pharmacy, replace(made.formulary, max_daily=Mass(6))).status is Status.OPTIMAL


def test_bottles_that_are_opened_in_turn_are_listed_in_that_order(tmp_path: Path) -> None:
    """A large one for the first 60 days and a small one after them: the large one first, and the check agrees."""
    path = tmp_path / "rx.toml"
    steps = "".join(
        f'[[step]]\ndaily = "{dose} mg"\nfor = "{days} days"\n' for dose, days in ((8, 40), (4, 20), (2, 30))
    )
    head = '[prescription]\nnumber = "RX-1"\ndrug = "prednisone"\nstart = 2026-12-01\ntimes = ["08:00"]\n'
    only = '[policy]\nliquids = "only"\ncompounded = false\nvisit_interval = "90 days"\n'
    path.write_text(head + only + steps, encoding="utf-8")
    given = load(path)
    made = plan(given.prescription, given.pharmacy, given.formulary)
    (item,) = made.items
    assert [(part.size, part.count) for part in item.parts] == [(500, 1), (120, 1)]
    assert verify_plan(made, given.prescription, given.pharmacy, given.formulary).agrees


def test_a_dose_of_too_many_units_is_bad_input_without_a_labelled_maximum() -> None:
    """Over thirty of the largest unit a day is refused before it is solved; a labelled maximum decides where it is."""
    made = tablets()
    largest = max(product.strength for product in made.formulary.products if product.strength is not None)
    over = largest * 30 + Mass(Fraction(1, 2))
    steps = (replace(made.prescription.steps[0], target=over, doses=None), *made.prescription.steps[1:])
    slipped = replace(made.prescription, steps=steps)
    unlabelled = replace(made.formulary, max_daily=None)
    with pytest.raises(InputError, match=r"step\[0\]: found .* a day, more than 30 of the largest unit"):
        plan(slipped, made.pharmacy, unlabelled)
    labelled = replace(made.formulary, max_daily=over)
    assert plan(slipped, made.pharmacy, labelled).status in {Status.OPTIMAL, Status.INFEASIBLE}
