"""Why a prescription can't be made, and what would make it possible."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest

from splitter.formulary import Bottles, Form, Product, Size
from splitter.optimise import LimitReachedError, Limits, day_use, solve
from splitter.optimise.impossible.relax import CONSTRAINTS
from splitter.optimise.possible.makeable import Makeable
from splitter.plan import Conflict, Status
from splitter.prescription import Liquids, Policy, Split, Step, Tolerance
from splitter.problem import Problem
from splitter.quantity import Concentration, Mass, Money
from splitter.supply import costs_of, dispense
from tests.oracle import brute
from tests.oracle.cases import Case, case_of, random_case, syringe, tablet
from tests.oracle.realistic import baclofen_like
from tests.property.test_engine import problem_of


def days(*doses: str) -> list[Step]:
    return [Step(days=7, target=Mass(Fraction(dose))) for dose in doses]


def halves(*strengths: str) -> list[object]:
    return [tablet(strength, "0.1", pieces=2) for strength in strengths]


def two_liquids() -> list[Product]:
    """Bottles of 2 and 5 mg/mL."""
    supply = Bottles(sizes=(Size(content=Fraction(100), price=Money(Fraction(5))),))
    return [
        Product(id=name, name=name, form=Form.SOLUTION, supply=supply, concentration=Concentration(Fraction(strength)))
        for name, strength in (("weak", 2), ("strong", 5))
    ]


def conflict_of(case: Case) -> Conflict:
    solution = solve(problem_of(case))
    assert solution.status is Status.INFEASIBLE
    (conflict,) = solution.conflicts
    return conflict


def recorded_total(problem: Problem) -> Fraction:
    solved = solve(problem)
    return sum(costs_of(problem, dispense(problem, [day_use(regimen) for regimen in solved.regimens])))


def test_a_dose_between_halves() -> None:
    """7 mg from halves of 10 and 20 mg tablets: what is in the way and what is near, but too far to be offered."""
    conflict = conflict_of(case_of(halves("10", "20"), days("10", "7")))
    assert conflict.step == 1
    assert conflict.nearest_mg == (5, 10)
    assert conflict.message == "7 mg a day can't be made: 10 mg and 20 mg tablets may only be halved"
    assert conflict.relaxations == ()
    assert conflict.rules == ("R1", "tablet-10", "tablet-20")


def test_quarters_would_do() -> None:
    """2.5 mg from a tablet of 10 mg: the score is in the way, and quarters are offered."""
    conflict = conflict_of(case_of(halves("10"), days("2.5")))
    assert conflict.rules[1:3] == ("R2", "split")
    assert ("split", "quarters", Fraction("0.2")) in [(r.key, r.value, r.total) for r in conflict.relaxations]


@pytest.mark.parametrize(
    ("settings", "key", "value"),
    [
        ({"liquids": Liquids.NEVER}, "liquids", "allow"),
        ({"exclude": ("suspension-5", "suspension-1")}, "exclude", "without suspension-5"),
    ],
)
def test_the_setting_that_is_in_the_way(settings: dict[str, object], key: str, value: str) -> None:
    """The one setting that shuts a dose out is named, and its relaxation is offered with its cost."""
    base = baclofen_like(("17",), 2)
    ids = {p.id for p in base.formulary.products if p.is_liquid}
    if key == "exclude":
        settings, value = {"exclude": tuple(sorted(ids))}, f"without {min(ids)}"
    case = replace(base, policy=replace(base.policy, max_imbalance=Mass(4), **settings))
    problem = problem_of(case)
    conflict = conflict_of(case)
    offered = {(r.key, r.value): r.total for r in conflict.relaxations}
    assert key in conflict.rules
    assert offered[key, value] is not None
    constraint = next(c for c in CONSTRAINTS if c.key == key)
    changed = next(changed for text, changed in constraint.steps(problem) if text == value)
    assert offered[key, value] == recorded_total(changed)


def test_steps_that_can_only_be_made_apart() -> None:
    """With one product for the whole plan two steps that need two are a conflict of both, not of the third."""
    case = case_of([tablet("2", "0.1"), tablet("5", "0.1")], days("2", "10", "5"), max_products=1)
    conflict = conflict_of(case)
    assert conflict.step is None
    assert conflict.steps in {(0, 1), (0, 2)}
    assert "max_products" in conflict.rules
    assert ("max_products", "2") in [(r.key, r.value) for r in conflict.relaxations]


def test_a_relaxation_that_helps_one_step_of_two() -> None:
    """Where other steps still can't be made, the relaxation has no total and doesn't suffice."""
    solution = solve(problem_of(case_of(halves("10"), days("2.5", "3"))))
    assert [conflict.step for conflict in solution.conflicts] == [0, 1]
    found = {r.key: (r.total, r.suffices) for r in solution.conflicts[0].relaxations}
    assert found["split"] == (None, False)


def test_a_relaxation_whose_price_would_take_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is offered as sufficient without a total, and nobody waits for it."""
    case = case_of(halves("10"), days("2.5"))
    assert [(r.key, r.total is None, r.suffices) for r in conflict_of(case).relaxations] == [("split", False, True)]
    monkeypatch.setattr("splitter.optimise.solving.MOST_NODES", 0)
    assert [(r.key, r.total is None, r.suffices) for r in conflict_of(case).relaxations] == [("split", True, True)]


def test_all_prices_of_one_answer_share_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """The prices of one prescription's relaxations together look at no more than so many partial plans."""
    case = case_of((*halves("10", "4"), *two_liquids()), days("2.5"), liquids=Liquids.NEVER, split=Split.NEVER)
    assert all(each.total is not None for each in conflict_of(case).relaxations)
    monkeypatch.setattr("splitter.optimise.solving.MOST_NODES_IN_ALL", 0)
    assert all(each.total is None for each in conflict_of(case).relaxations)


@pytest.mark.parametrize("nodes", [1, 10, 30])
def test_days_of_one_liquid_are_counted_before_they_are_made(nodes: int) -> None:
    """A limit of nodes holds for the days that are put together and divided, which are no partial plans yet."""
    case = case_of((*halves("10", "4"), *two_liquids()), days("19"), 3, syringes=(syringe("5", "1"),))
    assert solve(problem_of(case)).status is Status.OPTIMAL
    with pytest.raises(LimitReachedError):
        solve(problem_of(case), Limits(nodes=nodes))


def test_what_can_not_be_made_by_any_division_is_refused_without_a_search() -> None:
    """A limit that leaves no search at all still lets a prescription be refused, with its conflict."""
    case = case_of(halves("10"), days("2.5"), 2)
    found = solve(problem_of(case), Limits(nodes=0))
    assert (found.status, [each.step for each in found.conflicts]) == (Status.INFEASIBLE, [0])


@pytest.mark.parametrize(("limits", "enough"), [(Limits(), True), (Limits(nodes=20), False)])
def test_days_of_several_liquids_are_counted_before_they_are_made(limits: Limits, enough: bool) -> None:
    """A limit of nodes holds for the days that are put together from several liquids too."""
    case = case_of(two_liquids(), days("9"), 3, one_liquid=False, syringes=(syringe("5", "1"),))
    if enough:
        assert solve(problem_of(case), limits).status is Status.OPTIMAL
    else:
        with pytest.raises(LimitReachedError):
            solve(problem_of(case), limits)


@pytest.mark.parametrize(
    ("tolerance", "words"),
    [
        (Tolerance(mass=Mass(Fraction(1))), "even within 1 mg: "),
        (Tolerance(share=Fraction(1, 10)), "even within 10 %: "),
    ],
)
def test_a_tolerance_that_does_not_help_is_told(tolerance: Tolerance, words: str) -> None:
    """A prescriber who allowed something reads that it was tried."""
    assert words in conflict_of(case_of(halves("10"), days("7"), tolerance=tolerance)).message


def test_a_conflict_names_what_somebody_set_before_what_is_usual() -> None:
    """With liquids shut out and syringes too coarse for the one there is, the reason is the liquids."""
    case = case_of([*halves("10"), *two_liquids()[:1]], days("1.5"), liquids=Liquids.NEVER, syringes=Policy().syringes)
    assert conflict_of(case).message.endswith("liquids are not allowed")


def test_an_irreducible_conflict() -> None:
    """Of the settings named, taking any one away makes the step possible, once all that are not named are away."""
    case = case_of(halves("10"), days("45"), max_pieces=2, split=Split.NEVER)
    problem, conflict = problem_of(case), conflict_of(case)
    named = [constraint for constraint in CONSTRAINTS if constraint.key in conflict.rules]
    assert [constraint.key for constraint in named] == ["split", "max_pieces"] or len(named) == 1
    relaxed = problem
    for constraint in CONSTRAINTS:
        relaxed = relaxed if constraint in named else constraint.widest(relaxed)
    assert not Makeable(relaxed).can(*problem.steps)
    assert all(Makeable(constraint.widest(relaxed)).can(*problem.steps) for constraint in named)


def test_stated_doses_have_their_own_neighbours() -> None:
    """Of a stated dose that can't be made the neighbours are taken time by time."""
    step = Step(days=7, target=Mass(17), doses=(Mass(10), Mass(7)))
    conflict = conflict_of(case_of(halves("10"), [step], times=2))
    assert conflict.nearest_mg == (15, 20)
    assert "10 mg + 7 mg a day can't be made" in conflict.message


def test_nothing_left_to_give() -> None:
    """A policy that shuts every product out says so."""
    conflict = conflict_of(case_of(halves("10"), days("10"), liquids=Liquids.ONLY))
    assert "no product is left" in conflict.message
    assert [(r.key, r.value) for r in conflict.relaxations] == [("liquids", "allow")]


@pytest.mark.parametrize("first", range(0, 300, 100))
def test_what_can_be_made_agrees_with_brute_force(first: int) -> None:
    """The sets of doses know without any search whether there is a plan."""
    compared = 0
    for seed in range(first, first + 100):
        case = random_case(seed)
        tried = brute.solve(case)
        if tried.status != brute.TOO_LARGE:
            problem = problem_of(case)
            assert Makeable(problem).can(*problem.steps) == (tried.status == brute.OPTIMAL), f"seed {seed}"
            compared += 1
    assert compared > 70


def test_the_nearest_doses_are_the_nearest() -> None:
    """Every half milligram from 0.5 to 60 mg with halves of 2, 5 and 10 mg: neighbours can be made, none between."""
    products = halves("2", "5", "10")
    for tenths in range(5, 605, 5):
        step = Step(days=1, target=Mass(Fraction(tenths, 10)))
        made = Makeable(problem_of(case_of(products, [step], max_pieces=3)))
        below, above = made.nearest(step)
        near = [dose for dose in (below, above) if dose is not None]
        assert all(made.can(replace(step, target=dose)) for dose in near)
        between = [
            Mass(Fraction(half, 2))
            for low, high in pairwise([below or Mass(0), step.target, above or Mass(60)])
            for half in range(int(low.value * 2) + 1, int(high.value * 2))
        ]
        assert not any(made.can(replace(step, target=dose)) for dose in between if dose != step.target)


def test_a_tolerance_makes_the_neighbour_possible() -> None:
    """The offered tolerance is the distance of the nearest dose, and the plan with it is proved."""
    case = case_of(halves("10"), days("47"))
    (offered,) = (r for r in conflict_of(case).relaxations if r.key == "tolerance")
    assert offered.value == "2 mg"
    problem = replace(problem_of(case), tolerance=Tolerance(mass=Mass(2)))
    assert solve(problem).status is Status.OPTIMAL
    assert offered.total == recorded_total(problem)


@pytest.mark.parametrize(("dose", "gap"), [("0.5", None), ("7", None), ("22.5", None), ("22", "2 mg"), ("27", "2 mg")])
def test_no_tolerance_that_moves_a_dose_by_more_than_a_tenth(dose: str, gap: str | None) -> None:
    """Where the nearest dose is further off than a tenth of the dose, a tolerance is not offered."""
    conflict = conflict_of(case_of(halves("10"), days(dose)))
    assert [r.value for r in conflict.relaxations if r.key == "tolerance"] == ([gap] if gap else [])


def changes_of(case: Case) -> dict[str, str]:
    """What each offered change lets the pharmacy do, by its setting."""
    (conflict,) = solve(problem_of(case)).conflicts
    return {each.key: each.message for each in conflict.relaxations}


def test_a_change_is_told_by_the_products_that_it_brings() -> None:
    """The product of the plan that a relaxation was solved for is named, or the pieces that it breaks."""
    base = baclofen_like(("17",), 2)
    liquids = {p.id: p.name for p in base.formulary.products if p.is_liquid}
    shut = replace(base, policy=replace(base.policy, max_imbalance=Mass(4), liquids=Liquids.NEVER))
    assert changes_of(shut)["liquids"] in {f"the {name}" for name in liquids.values()}
    excluded = replace(base, policy=replace(base.policy, max_imbalance=Mass(4), exclude=tuple(sorted(liquids))))
    assert changes_of(excluded)["exclude"] in {f"the {name}" for name in liquids.values()}


@pytest.mark.parametrize(
    ("products", "dose", "settings", "key", "words"),
    [
        (halves("10"), "2.5", {}, "split", "quarters of the 10 mg tablet"),
        (halves("10", "40"), "10", {"split": Split.NEVER, "exclude": ("tablet-10",)}, "exclude", "the 10 mg tablet"),
        ([tablet("10", "0.1"), tablet("6", "0.1")], "3", {}, "split", "halves of the 6 mg tablet"),
        (halves("10"), "80", {}, "max_pieces", "up to 8 pieces at a time"),
        (
            [tablet("2", "0.1"), tablet("5", "0.1")],
            "7",
            {"max_products": 1, "max_pieces": 2},
            "max_products",
            "2 different products: the 2 mg tablet and the 5 mg tablet",
        ),
        (halves("10"), "10", {"liquids": Liquids.ONLY}, "liquids", "the 10 mg tablet"),
        (halves("10"), "47", {}, "tolerance", "the nearest dose instead"),
    ],
)
def test_changes_in_words(products: list[object], dose: str, settings: dict[str, object], key: str, words: str) -> None:
    """Each says what is done then, not which setting does it."""
    assert changes_of(case_of(products, days(dose), **settings))[key] == words


def test_a_change_that_helps_one_step_alone_names_what_it_allows() -> None:
    """Where no plan of the whole was solved with it, all pieces that it allows are named."""
    conflicts = solve(problem_of(case_of(halves("10", "20"), days("2.5", "3")))).conflicts
    words = {relaxation.key: relaxation.message for relaxation in conflicts[0].relaxations}
    assert words["split"] == "quarters of the 10 mg and 20 mg tablets"


def test_a_nearer_dose_can_be_made_and_lies_nearer() -> None:
    """7 mg of 10 and 20 mg: quarters give 7.5 mg, half a milligram off in place of two; where they give it, none is."""
    case = case_of(halves("10", "20"), days("7"))
    (nearer,) = conflict_of(case).nearer
    assert (nearer.key, nearer.value, nearer.dose_mg) == ("split", "quarters", Fraction("7.5"))
    quartered = problem_of(case_of(halves("10", "20"), days("7.5"), split=Split.QUARTERS))
    assert solve(quartered).status is Status.OPTIMAL
    assert conflict_of(case_of(halves("10"), days("2.5"))).nearer == ()


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (case_of(halves("10"), days("80")), "from 10 mg tablets: at most 6 pieces may be given at a time"),
        (
            case_of([replace(tablet("100", "1"), form=Form.CAPSULE, pieces=1)], days("50")),
            "100 mg capsules are never divided",
        ),
        (
            case_of([tablet("2", "0.1"), tablet("5", "0.1")], days("7"), max_products=1),
            "2 mg and 5 mg tablets may only be given whole; only one product may be used",
        ),
    ],
)
def test_reasons_in_words(case: Case, message: str) -> None:
    """Whether it is the tablets' pieces or their number that stands in the way."""
    assert conflict_of(case).message.endswith(message)


def test_tablets_of_one_strength_are_named_once_by_the_one_that_is_broken_finest() -> None:
    """Beside a scored tablet, one of the same strength that is never broken doesn't say otherwise."""
    scored, melting = tablet("15", "0.1", 2), tablet("15", "0.5", id="melting", do_not_split=True)
    case = case_of((scored, melting, tablet("45", "0.1")), [Step(days=1, target=Mass(Fraction("3.75")))])
    (conflict,) = solve(problem_of(case)).conflicts
    assert "45 mg tablets may only be given whole" in conflict.message
    assert "15 mg tablets may only be halved" in conflict.message
    assert conflict.message.count("15 mg") == 1


def test_what_a_relaxation_costs_is_what_is_paid() -> None:
    """Burdens steer the plan of a relaxation and are no part of its total, as they are none of a plan's."""
    case = case_of(halves("10"), days("2.5"), split_burden=Money(1), piece_burden=Money(1))
    offered = {r.key: r.total for r in conflict_of(case).relaxations}
    assert offered["split"] == Fraction("0.2")


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"max_pieces": 1}, "from 10 mg tablets: at most 1 piece may be given at a time"),
        ({"max_imbalance": Mass(0)}, "; all doses of a day must be the same"),
    ],
)
def test_limits_of_one_and_of_nothing_in_words(limits: dict[str, object], message: str) -> None:
    """One piece is not "1 pieces", and doses that may differ by 0 mg are the same."""
    times = 2 if "max_imbalance" in limits else 1
    case = case_of([tablet("10", "0.1")], days("30" if times == 2 else "20"), times=times, **limits)
    assert conflict_of(case).message.endswith(message)
