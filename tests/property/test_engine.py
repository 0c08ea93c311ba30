"""The engine against the oracles: the same status, deviation and objective, and the very same regimens.

Where a case is too large for brute force, the integer programme stands in with the first two preferences; the common
run does so for the seeds in LARGE, the nightly one for all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from splitter.formulary import Bottles, Form, Product, Size
from splitter.optimise import Dose, Solution, day_use, solve
from splitter.prescription import Step, Tolerance
from splitter.problem import Problem, homes_of
from splitter.quantity import Concentration, Mass, Money, Volume
from splitter.supply import Supplied, dispense
from tests.oracle import brute, milp
from tests.oracle.cases import Case, aligned_case, case_of, random_case, settled_case, syringe, tablet
from tests.oracle.evaluate import Give, Item, Regimen, evaluate
from tests.oracle.realistic import baclofen_like
from tests.oracle.tapers import taper_case
from tests.oracle.unusual import unusual_case

BLOCK = 112  # of which brute force manages 100 or so
CI_CASES, NIGHTLY_CASES = 5 * BLOCK, 200 * BLOCK
LARGE = (1, 2, 17, 64, 103, 104, 111, 118, 120, 122, 125, 153, 180, 194, 205, 222, 226, 236, 256, 270, 274, 279, 282)

FALLBACKS = (785, 800, 835, 861, 878)  # several lots over several visits


def problem_of(case: Case) -> Problem:
    """The engine's question, from the oracles'."""
    asked = case.prescription
    return Problem(
        start=asked.start,
        times=asked.times,
        steps=asked.steps,
        tolerance=asked.tolerance,
        larger_dose=asked.larger_dose,
        cut_order=asked.cut_order,
        policy=case.policy,
        costs=case.costs,
        stock=case.formulary.products,
        at_home=homes_of(asked, case.formulary, case.policy),
    )


def engine(case: Case) -> tuple[str, tuple[Regimen, ...] | None, Fraction | None, Fraction | None]:
    """The engine's status, regimens, objective and lower bound, in the oracles' terms."""
    found = solve(problem_of(case))
    if found.objective is None:
        return str(found.status), None, None, None
    return str(found.status), regimens_of(found), found.objective, found.lower_bound


def regimens_of(found: Solution) -> tuple[Regimen, ...]:
    """The regimens of a solution in the oracles' terms."""
    return tuple(tuple(map(_give, regimen or ())) for regimen in found.regimens)


def _give(dose: Dose) -> Give:
    pieces = tuple((take.product, take.fraction, take.count) for take in dose.take)
    return Give(pieces, (dose.measure.product, dose.measure.mL) if dose.measure else ())


def handed_over(case: Case, found: Solution) -> list[Item]:
    """What the pharmacy hands over for a solution, in the oracles' terms."""
    problem = problem_of(case)
    supplied = dispense(problem, [day_use(regimen) for regimen in found.regimens])
    return sorted(_item(problem, each) for each in supplied)


def _item(problem: Problem, supplied: Supplied) -> Item:
    item = supplied.item
    parts = tuple((part.size, part.count) for part in item.parts)
    day, first, last = ((date - problem.start).days for date in (item.date, item.first_day, item.use_until))
    held = (item.quantity, item.cut, item.needed, item.batches, parts, supplied.cost)
    return Item(item.product, day, first, last, *held)


def compare(case: Case, label: str, **most: int) -> bool:
    """The engine's answer must be brute force's; False where brute force has none. `most` limits what it tries."""
    tried = brute.solve(case, **most)
    if tried.status == brute.TOO_LARGE:
        return False
    status, regimens, objective, bound = engine(case)
    assert status == tried.status, label
    assert regimens == tried.regimens, label
    if tried.best is not None:
        assert objective == bound == tried.best.score.objective, label
    return True


def compare_with_programme(case: Case, label: str) -> None:
    """The engine's deviation and objective must be the integer programme's, and its plan must add up to them."""
    status, regimens, objective, _ = engine(case)
    solved = milp.solve(case, time_limit=60)
    assert status == solved.status, label
    if solved.best is not None:
        assert evaluate(case, regimens).score[:2] == solved.best.score[:2], label
        assert objective == solved.best.score.objective, label


@pytest.mark.parametrize("first", range(0, CI_CASES, BLOCK))
def test_engine_gives_the_very_plan_of_brute_force(first: int) -> None:
    """Small random problems, full of ties: one plan is best, and the engine finds it."""
    compared = sum(compare(random_case(seed), f"seed {seed}") for seed in range(first, first + BLOCK))
    assert compared >= BLOCK * 3 // 4, "most of the cases must have been compared"


def test_engine_agrees_where_handling_costs_more_than_products() -> None:
    """Burdens that outweigh every price, so that the bounds rest on how much is given and measured."""
    heavy = {"split_burden": Money(Fraction(2)), "piece_burden": Money(1), "measure_burden": Money(Fraction(5, 2))}
    cases = [random_case(seed) for seed in range(CI_CASES, CI_CASES + BLOCK)]
    priced = [replace(case, policy=replace(case.policy, **heavy)) for case in cases]
    compared = sum(compare(case, f"seed {CI_CASES + number}") for number, case in enumerate(priced))
    assert compared >= BLOCK * 3 // 4, "most of the cases must have been compared"


@pytest.mark.parametrize(
    "limits",
    [
        {"bounds.carried.MOST_AGES": 1},
        {"bounds.skeleton.MEMBERS": 2},
        {"bounds.skeleton.GROUPS": 1, "course.contender._NARROW": 1, "course.search._CHUNK": 3},
        {"course.search._FEW": 0, "course.block._PERCENTS": (1,), "course.choices._MOST_ENTRIES": 1},
        {"course.contender._NARROW": 2, "course.search._FEW": 1, "day.ways._MOST_KNOWN": 1},
        {"bounds.tables.MOST_ENTRIES": 0},
    ],
    ids=str,
)
def test_fallbacks_of_large_problems_change_no_answer(
    monkeypatch: pytest.MonkeyPatch, limits: dict[str, object]
) -> None:
    """What the bounds leave out when there are many lots, products or doses makes them weaker, never wrong."""
    for name, value in limits.items():
        monkeypatch.setattr(f"splitter.optimise.{name}", value)
    assert sum(compare(random_case(seed), f"seed {seed}") for seed in (*range(60), *FALLBACKS)) > 50


@pytest.mark.parametrize("first", [0, BLOCK])
def test_engine_agrees_where_intervals_are_alike(first: int) -> None:
    """Intervals that are searched side by side, and remembered, have the very plans of brute force."""
    compared = sum(compare(aligned_case(seed), f"aligned seed {seed}") for seed in range(first, first + BLOCK))
    assert compared > BLOCK // 2


def test_plans_without_any_product_are_plans() -> None:
    """Drug-free steps alone need nothing, over several visits too."""
    case = case_of((), [Step(days=3, target=Mass(Fraction(0)))] * 3, 2, visit_interval=3)
    assert engine(case) == ("optimal", ((), (), ()), Fraction(0), Fraction(0))


@pytest.mark.parametrize("first", range(0, 3 * BLOCK, BLOCK))
def test_engine_agrees_at_the_edges(first: int) -> None:
    """Many times, odd masses, thirds, tight batches, shelf lives of just an interval: the very plans of brute force."""
    compared = sum(
        compare(unusual_case(seed), f"unusual seed {seed}", most_regimens=800, most_plans=1_000)
        for seed in range(first, first + BLOCK)
    )
    assert compared > BLOCK // 2


@pytest.mark.parametrize("kind", [settled_case, taper_case], ids=lambda kind: kind.__name__)
def test_engine_agrees_where_doses_or_forms_are_settled(kind: Callable[[int], Case]) -> None:
    """Doses by the path, one form for each step, or both, for each means that may be the plan's: the very plans."""
    limits = {"most_regimens": 1_500, "most_plans": 1_500}
    compared = sum(compare(kind(seed), f"{kind.__name__} {seed}", **limits) for seed in range(2 * BLOCK))
    assert compared > BLOCK


@pytest.mark.nightly
@pytest.mark.parametrize("kind", [settled_case, taper_case], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("first", range(2 * BLOCK, 2 * BLOCK + NIGHTLY_CASES // 8, BLOCK))
def test_engine_agrees_on_thousands_more_that_are_settled(kind: Callable[[int], Case], first: int) -> None:
    """The same on other problems, each with the oracle that can answer it."""
    for seed in range(first, first + BLOCK):
        case, label = kind(seed), f"{kind.__name__} {seed}"
        if not compare(case, label):
            compare_with_programme(case, label)


@pytest.mark.parametrize("kind", [random_case, aligned_case, unusual_case], ids=lambda kind: kind.__name__)
def test_what_is_handed_over_is_what_the_rules_say(kind: Callable[[int], Case]) -> None:
    """Lots, dates, packs, bottles, containers, units cut and costs are those of trying every choice of them."""
    seen = 0
    for seed in range(BLOCK):
        case = kind(seed)
        found = solve(problem_of(case))
        if found.objective is not None:
            expected = sorted(evaluate(case, regimens_of(found)).items)
            assert handed_over(case, found) == expected, f"{kind.__name__} {seed}"
            seen += len(expected)
    assert seen > BLOCK


def test_the_evener_of_two_liquids_is_given() -> None:
    """Where two liquids tie in all but evenness, that decides, and not their order by name."""
    liquids = [
        Product(
            id=name,
            name=name,
            form=Form.SOLUTION,
            supply=Bottles(sizes=(Size(content=Fraction(10), price=Money(1)),)),
            concentration=Concentration(Fraction(concentration)),
        )
        for name, concentration in (("a", "3"), ("b", "2.25"))
    ]
    case = case_of(
        liquids,
        [Step(days=2, target=Mass(Fraction("4.5")))],
        2,
        syringes=(syringe("1", "0.5"),),
        max_volume=Volume(1),
    )
    assert engine(case)[1] == ((Give((), ("b", Fraction(1))), Give((), ("b", Fraction(1)))),)
    assert compare(case, "two liquids")


@pytest.mark.parametrize(("share", "status"), [("1/4", "infeasible"), ("1/2", "optimal")])
def test_a_percentage_is_of_the_dose_that_is_stated(share: str, status: str) -> None:
    """3 mg stand for 2 mg within a half, not within a quarter, though the day's 14 mg are missed by less."""
    step = Step(days=2, target=Mass(14), doses=(Mass(12), Mass(2)))
    case = case_of([tablet("3", "0.1")], [step], 2, tolerance=Tolerance(share=Fraction(share)))
    assert engine(case)[0] == status
    assert compare(case, share)


@pytest.mark.parametrize(("limit", "status"), [("1.75", "infeasible"), ("2", "optimal")])
def test_an_imbalance_between_two_doses_is_not_rounded_up(limit: str, status: str) -> None:
    """2 mg and 4 mg differ by 2 mg, which is more than 1.75 mg, though all doses are whole milligrams."""
    case = case_of([tablet("2", "0.1")], [Step(days=2, target=Mass(6))], 2, max_imbalance=Mass(Fraction(limit)))
    assert engine(case)[0] == status
    assert compare(case, limit)


@pytest.mark.parametrize("seed", LARGE)
def test_engine_agrees_with_the_programme_beyond_brute_force(seed: int) -> None:
    """Random problems with too many plans to try them all."""
    compare_with_programme(random_case(seed), f"seed {seed}")


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(CI_CASES, CI_CASES + NIGHTLY_CASES, BLOCK))
def test_engine_agrees_on_twenty_thousand_more(first: int) -> None:
    """The same on other problems, each with the oracle that can answer it."""
    for seed in range(first, first + BLOCK):
        case, label = (aligned_case, random_case, unusual_case, random_case)[seed % 4](seed), f"seed {seed}"
        if not compare(case, label):
            compare_with_programme(case, label)


@pytest.mark.parametrize(
    ("doses", "times"), [(("60", "54", "48.5"), 3), (("35", "31.5", "28", "25"), 3), (("12.5", "11", "10"), 2)]
)
def test_engine_agrees_with_the_programme_on_real_strengths(doses: tuple[str, ...], times: int) -> None:
    """Two-week steps from tablets of 5 to 20 mg and two suspensions."""
    compare_with_programme(baclofen_like(doses, times), " ".join(doses))
