"""The alternatives to a plan: what each may use, what it comes to, which are trade-offs, what each product is worth."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest

from splitter.cli.show import whole_plan
from splitter.formulary import Form, load_formulary
from splitter.optimise import Limits
from splitter.plan import Administration, Plan, Saving, Status, plan_from_json, plan_to_json
from splitter.prescription import (
    DivisionRule,
    Fine,
    Liquids,
    Phase,
    Prefer,
    Reduction,
    Split,
    Step,
    TaperRule,
    read_pharmacy,
)
from splitter.quantity import Mass, Money
from splitter.service import Alternative, Comparison, Inputs, compare, plan, verify_plan, with_reasons, with_savings
from splitter.service.comparison import sweep
from splitter.service.comparison.asking import Asking
from splitter.service.comparison.measures import measures_of
from splitter.service.comparison.settings import charging, with_settings, written
from tests.unit.plans import BOTTLED, FEASIBLE, TEN, Made, batches, lots, tablets

NAMES = (
    "as it stands",
    "no cutting",
    "tablets only",
    "no compounding",
    "liquid only",
    "capsules, no liquid",
    "a liquid, no capsules",
    "tablets and a volume together",
    "free division",
    "cheapest money",
)


def inputs_of(made: Made, *settings: tuple[str, object]) -> Inputs:
    prescription = with_settings(made.prescription, settings)
    return Inputs(prescription=prescription, pharmacy=made.pharmacy, formulary=made.formulary)


def plain(made: Made) -> Made:
    """The same without burdens."""
    settings = tuple((key, value) for key, value in made.prescription.settings if key == "visit_interval")
    return replace(made, prescription=replace(made.prescription, settings=settings))


def compared(made: Made, limits: Limits | None = None) -> Comparison:
    return compare(made.prescription, made.pharmacy, made.formulary, limits)


@cache
def by_name(name: str) -> Comparison:
    """The comparison of a hand-made case without its burdens."""
    return compared(plain(FEASIBLE[name]()))


def row(found: Comparison, name: str) -> Alternative:
    (each,) = (each for each in found.alternatives if each.name == name)
    return each


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (tablets, ("12.15", 0, 13, 0, 1, 2, 3, 7, 0, "122")),
        (batches, ("237.90124", 36, 0, 1, 0, 2, 6, 0, 3, "220")),
        (lots, ("170", 70, 0, 0, 0, 2, 7, 0, 2, "518")),
    ],
)
def test_measures_of_plans_made_by_hand(made: Callable[[], Made], expected: tuple[object, ...]) -> None:
    """What the patient and the bench do, counted on paper; drug-free days apart."""
    found = measures_of(made().plan)
    figures = (
        found.total,
        found.measured_days,
        found.cut_days,
        found.form_changes,
        found.strength_changes,
        found.containers,
        found.labels,
        found.units_cut,
        found.bench_dates,
        found.handling,
    )
    assert figures == tuple(Fraction(each) if isinstance(each, str) else each for each in expected)


@pytest.mark.parametrize("name", FEASIBLE)
def test_each_alternative_obeys_its_name(name: str) -> None:
    """Every plan is verified, uses only what its name allows, and the cheapest is the cheapest of all."""
    found = by_name(name)
    assert tuple(each.name for each in found.alternatives[: len(NAMES)]) == NAMES
    cheapest = row(found, "cheapest money").measures
    assert cheapest is not None
    for each in found.alternatives:
        assert each.plan is not None
        assert not [finding for finding in each.plan.findings if finding.code.startswith("verify")]
        assert (each.measures is None) == (each.plan.status is Status.INFEASIBLE) == (each.message is not None)
        assert each.measures is None or each.measures.total >= cheapest.total
    forms = {name: {product.form for product in _plan(row(found, name)).products} for name in NAMES}
    made = {product.form for product in _plan(row(found, "a liquid, no capsules")).products if product.compounded}
    assert Form.CAPSULE not in made
    assert not forms["capsules, no liquid"] & {Form.SUSPENSION, Form.SOLUTION}
    assert forms["tablets only"] <= {Form.TABLET}
    assert forms["liquid only"] <= {Form.SUSPENSION, Form.SOLUTION}
    assert not [item for item in _plan(row(found, "no cutting")).items if item.cut]
    assert not [product for product in _plan(row(found, "no compounding")).products if product.compounded]


def _plan(each: Alternative) -> Plan:
    assert each.plan is not None
    return each.plan


def test_what_cant_be_made_says_why() -> None:
    """85 mg in doses of 25 and 60 need a liquid or halves of what isn't scored: tablets alone can't."""
    each = row(by_name("batches"), "tablets only")
    assert (each.measures, each.is_trade_off, each.same_as) == (None, False, None)
    assert each.message is not None
    assert "can't be made" in each.message


def _given(each: Alternative) -> list[tuple[Administration, ...]]:
    """What is taken on a day of each step."""
    return [step.administrations for step in _plan(each).steps]


def test_the_same_plan_is_said_once() -> None:
    """An alternative with the regimens and the supply of an earlier one names it; no two others are alike."""
    found = by_name("tablets")
    twins = {each.name: each.same_as for each in found.alternatives if each.same_as}
    assert twins
    for name, same_as in twins.items():
        assert _given(row(found, name)) == _given(row(found, same_as))
    distinct = [each for each in found.alternatives if each.same_as is None and each.measures]
    regimens = [(_given(each), _plan(each).items) for each in distinct]
    assert len(regimens) == len(distinct) > 1
    assert not [one for place, one in enumerate(regimens) if one in regimens[:place]]


@pytest.mark.parametrize("name", FEASIBLE)
def test_trade_offs_are_those_that_nothing_beats(name: str) -> None:
    """An alternative is a trade-off unless another is at least as good in cost and handling, and better in one."""
    rows = [each for each in by_name(name).alternatives if each.measures]
    points = {each.name: (each.measures.total, each.measures.handling) for each in rows if each.measures}
    for each in rows:
        total, handling = points[each.name]
        beaten = any(t <= total and h <= handling and (t, h) != (total, handling) for t, h in points.values())
        assert each.is_trade_off is not beaten


@pytest.mark.parametrize("name", ["tablets", "batches", "thirds"])
def test_no_trade_off_is_missed_at_any_price(name: str) -> None:
    """The few plans that a sweep asks for are the best at every price: each was asked for here."""
    asking = Asking(inputs_of(FEASIBLE[name]()), None, None, 1)
    found = sweep.sweep(lambda price: asking.plan(charging(price)), sweep.MOST_STEPS + 1)
    assert found.complete
    assert len(found.plans) < sweep.MOST_STEPS / 2
    swept = {_figures(each) for each in found.plans.values()}
    for step in range(sweep.MOST_STEPS + 1):
        price = step * sweep.PRICE_STEP
        best = asking.plan(charging(price))
        assert best is not None
        total, handling = _figures(best)
        assert total + price * handling == min(t + price * h for t, h in swept)


def _figures(made: Plan) -> tuple[Fraction, Fraction]:
    measures = measures_of(made)
    return measures.total, measures.handling


@pytest.mark.parametrize("most", [0, 1, 2])
def test_a_sweep_that_stops_early_says_so(most: int) -> None:
    """With fewer plans than there are trade-offs, the comparison doesn't claim to have all."""
    made = plain(tablets())
    found = compare(made.prescription, made.pharmacy, made.formulary, trade_offs=most)
    assert not found.all_trade_offs
    assert len(found.alternatives) <= len(NAMES) + most


@pytest.mark.parametrize("made", [tablets, lots])
def test_with_burdens_the_plan_as_it_stands_comes_first(made: Callable[[], Made]) -> None:
    """Where the policy weighs burdens, the cheapest money is another question; stated burdens don't stop it."""
    case = made()
    found = compared(case)
    first, last = found.alternatives[0], row(found, "cheapest money")
    assert (first.name, first.settings) == ("as it stands", ())
    free = {"division": DivisionRule.FREE, "fine": Fine.FREE, "prefer": Prefer.CHEAPEST}
    without = {**dict(case.prescription.settings), **free}
    free = {key: Money(Fraction(0)) for key in ("split_burden", "piece_burden", "measure_burden")}
    cheapest = replace(case.prescription, settings=tuple({**without, **free}.items()))
    asked = plan(cheapest, case.pharmacy, case.formulary)
    assert _plan(last).total == asked.total == min(each.measures.total for each in found.alternatives if each.measures)


def test_settings_are_written_as_in_toml() -> None:
    """Each line reads back as TOML to what the policy file would say."""
    settings = (
        ("split", "never"),
        ("compounded", False),
        ("liquids", Liquids.NEVER),
        ("exclude", ("ten", "five")),
        ("split_burden", Money(Fraction("0.25"))),
    )
    text = "\n".join(f"{setting.key} = {setting.value}" for setting in written(settings))
    assert tomllib.loads(text) == {
        "split": "never",
        "compounded": False,
        "liquids": "never",
        "exclude": ["ten", "five"],
        "split_burden": "0.25",
    }


def test_exclusions_add_up() -> None:
    """What the prescription excludes stays out when an alternative leaves out more."""
    changed = with_settings(tablets().prescription, (("exclude", ("five",)),))
    assert dict(with_settings(changed, (("exclude", ("ten",)),)).settings)["exclude"] == ("five", "ten")


@pytest.mark.parametrize("name", FEASIBLE)
def test_what_a_product_saves_is_the_cost_of_doing_without(name: str) -> None:
    """Each product of the plan is excluded once; the reason tells what that plan comes to, or why there is none."""
    made = FEASIBLE[name]()
    best = plan(made.prescription, made.pharmacy, made.formulary)
    assert best.reasons == ()
    reasoned = with_reasons(best, made.prescription, made.pharmacy, made.formulary)
    assert replace(reasoned, reasons=()) == best
    assert verify_plan(reasoned, made.prescription, made.pharmacy, made.formulary).agrees
    assert [reason.product for reason in reasoned.reasons] == [product.id for product in best.products]
    for reason in reasoned.reasons:
        inputs = inputs_of(made, ("exclude", (reason.product,)))
        without = plan(inputs.prescription, inputs.pharmacy, inputs.formulary)
        assert (reason.status, reason.total, reason.objective) == (without.status, without.total, without.objective)
        if without.objective is None:
            assert (reason.saves, reason.message is None) == (None, False)
        else:
            assert best.objective is not None
            assert reason.saves == without.objective - best.objective >= 0
            assert reason.message is None


def test_a_product_serves_its_steps() -> None:
    """The steps in which it is taken or measured, and their days; a drug-free step is served by none."""
    made = tablets()
    best = replace(made.plan, products=tuple(p for p in made.plan.products if p.id == "ten"))
    (ten,) = with_reasons(best, made.prescription, made.pharmacy, made.formulary).reasons
    assert (ten.steps, ten.days) == ((0, 1), 28)


def test_an_only_product_has_nothing_to_stand_in() -> None:
    """Without the one product that there is, the reason says that nothing is left."""
    made = tablets()
    steps = (Step(days=7, target=Mass(Fraction(10))),)
    alone = replace(made.formulary, products=(TEN,))
    prescription = replace(made.prescription, steps=steps)
    best = plan(prescription, made.pharmacy, alone)
    (reason,) = with_reasons(best, prescription, made.pharmacy, alone).reasons
    assert (reason.status, reason.total) == (Status.INFEASIBLE, None)
    assert reason.message == "10 mg a day can't be made: no product is left that the policy allows"


def test_an_infeasible_prescription_is_compared_too() -> None:
    """What stands first can't be made and has no reasons; a setting that helps shows as an alternative that can."""
    made = plain(tablets())
    asked = inputs_of(made, ("liquids", Liquids.NEVER))
    steps = (Step(days=7, target=Mass(Fraction(7))),)
    stocked = replace(asked.formulary, products=(TEN, BOTTLED))
    found = compare(replace(asked.prescription, steps=steps), asked.pharmacy, stocked)
    first = found.alternatives[0]
    assert (first.measures, _plan(first).reasons) == (None, ())
    assert len(found.alternatives) == len(NAMES) - 2, "no capsules are compounded"
    assert first.message is not None
    assert row(found, "liquid only").measures is not None


def test_limits_end_an_alternative_and_not_the_comparison() -> None:
    """A search that ends before any plan is found leaves a row that says so."""
    found = compared(plain(lots()), Limits(nodes=1))
    stopped = [each for each in found.alternatives if each.plan is None]
    assert stopped
    assert {each.message for each in stopped} == {"no plan was found within the limits"}
    assert not found.all_trade_offs


def test_progress_ends_at_no_more_than_was_expected() -> None:
    """Progress is told of each plan, in order."""
    told: list[tuple[int, int]] = []
    made = plain(tablets())
    compare(made.prescription, made.pharmacy, made.formulary, None, lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == list(range(1, len(told) + 1))
    assert len({total for _, total in told}) == 1
    assert told[-1][0] <= told[-1][1]


@pytest.mark.parametrize(
    "changes",
    [{"steps": (0,)}, {"days": 27}, {"saves": Fraction(1)}, {"objective": Fraction(1)}, {"product": "mixture"}],
)
def test_a_wrong_reason_is_caught(changes: dict[str, object]) -> None:
    """A reason in a plan file that doesn't fit the plan fails its verification."""
    made = tablets()
    best = plan(made.prescription, made.pharmacy, made.formulary)
    reasoned = with_reasons(best, made.prescription, made.pharmacy, made.formulary)
    assert len(reasoned.reasons[0].steps) > 1
    wrong = replace(reasoned, reasons=(replace(reasoned.reasons[0], **changes), *reasoned.reasons[1:]))
    found = verify_plan(wrong, made.prescription, made.pharmacy, made.formulary)
    assert {finding.code for finding in found.findings} == {"verify-reasons"}


def test_the_setting_that_saves_most() -> None:
    """Seven pieces of 10 mg in place of six and a liquid: nothing left to measure, and what that saves is proved."""
    made = tablets()
    steps = (Step(days=14, target=Mass(Fraction(70))),)
    times = made.prescription.times[:1]
    stocked = replace(made.formulary, products=(TEN, BOTTLED))
    asked = replace(made.prescription, times=times, steps=steps, settings=(("max_pieces", 6), ("split", Split.NEVER)))
    best = plan(asked, made.pharmacy, stocked)
    assert [step.form for step in best.steps] == ["fine"]
    saved = with_savings(best, asked, made.pharmacy, stocked)
    assert verify_plan(saved, asked, made.pharmacy, stocked).agrees
    (saving,) = saved.savings
    assert (saving.key, saving.value, saving.fine_days, saving.fine_left) == ("max_pieces", "7", 14, 0)
    other = plan(with_settings(asked, (("max_pieces", 7),)), made.pharmacy, stocked)
    assert best.total is not None
    assert (saving.total, saving.money) == (other.total, best.total - saving.total)
    wrong = replace(saved, savings=(replace(saving, money=saving.money + 1),))
    found = verify_plan(wrong, asked, made.pharmacy, stocked)
    assert {finding.code for finding in found.findings} == {"verify-savings"}


def test_a_saving_that_costs_something_is_read_back() -> None:
    """Less to measure may cost money and more cutting: differences below zero stand in a plan's file."""
    made = tablets()
    best = plan(made.prescription, made.pharmacy, made.formulary)
    assert best.total is not None
    saving = Saving(
        key="split",
        value='"halves"',
        total=best.total + Fraction(11, 6),
        money=-Fraction(11, 6),
        fine_days=28,
        fine_left=0,
        cut_days=-14,
    )
    saved = replace(best, savings=(saving,))
    assert plan_from_json(plan_to_json(saved), "plan.json").savings == (saving,)
    assert (
        'with split = "halves": 28 days less to measure or with compounded capsules, none left, '
        "14 days more with pieces of tablets and USD 1.83 more"
    ) in " ".join(whole_plan(saved).split())


def test_what_a_setting_saves_of_a_rule_is_asked_again_of_the_rule() -> None:
    """A setting may round a rule to other doses; the second check compares what the prescription would become."""
    made = tablets()
    phase = Phase(reduction=Reduction(share=Fraction(1, 10)), every=14, last=Mass(Fraction(20)))
    taper = TaperRule(start=Mass(Fraction(30)), phases=(phase,))
    asked = replace(made.prescription, drug="baclofen", taper=taper, steps=())
    pharmacy, stocked = read_pharmacy(), load_formulary("baclofen")
    saved = with_savings(plan(asked, pharmacy, stocked), asked, pharmacy, stocked)
    assert "split" in {saving.key for saving in saved.savings}
    assert verify_plan(saved, asked, pharmacy, stocked).agrees


def test_what_nothing_would_save() -> None:
    """A plan that no single setting makes cheaper, or less to measure, names none."""
    made = tablets()
    steps = (Step(days=14, target=Mass(Fraction(20))),)
    asked = replace(made.prescription, steps=steps)
    stocked = replace(made.formulary, products=(TEN,))
    best = plan(asked, made.pharmacy, stocked)
    assert with_savings(best, asked, made.pharmacy, stocked) == best
