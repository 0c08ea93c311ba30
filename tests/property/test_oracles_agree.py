"""Brute force and the integer programme, two statements of one problem, must give one answer.

Also the doses that existing tools get wrong, with answers worked out by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from splitter.formulary import Product
from splitter.prescription import Split, Step
from splitter.quantity import Mass
from tests.oracle import brute, milp
from tests.oracle.cases import Case, case_of, random_case, settled_case, tablet
from tests.oracle.evaluate import Give, evaluate
from tests.oracle.realistic import baclofen_like
from tests.oracle.tapers import taper_case

BLOCK = 20


def plans_compared(kind: Callable[[int], Case], block: int) -> int:
    """Of how many cases of a block both oracles found a plan; whatever they find has to agree."""
    plans = 0
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        case = kind(seed)
        tried = brute.solve(case)
        if tried.status == brute.TOO_LARGE:
            continue
        solved = milp.solve(case)
        assert solved.status == tried.status, f"seed {seed}"
        if tried.best is not None:
            assert solved.best.score[:2] == tried.best.score[:2], f"seed {seed}"
            plans += 1
    return plans


@pytest.mark.parametrize("block", range(10))
def test_both_oracles_give_the_same_deviation_and_objective(block: int) -> None:
    """On random small problems brute force and the integer programme agree, in status and in both first preferences."""
    assert plans_compared(random_case, block) >= BLOCK // 4, "most of the cases must have been compared"


@pytest.mark.parametrize("kind", [settled_case, taper_case], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("block", range(4))
def test_both_oracles_agree_where_doses_or_forms_are_settled(kind: Callable[[int], Case], block: int) -> None:
    """Each means that may be the plan's is tried by both, with the doses of the path or in one form for each step."""
    assert plans_compared(kind, block) >= BLOCK // 3, "many of the cases must have been compared"


def test_cases_cover_what_they_are_meant_to() -> None:
    """Among the random cases there are cut units, several batches, lots over visits, windows, tolerance put to use."""
    seen = set()
    for seed in range(200):
        case = random_case(seed)
        best = brute.solve(case).best
        if best is None:
            continue
        products = {product.id: product for product in case.formulary.products}
        seen |= {type(products[item.product].supply).__name__ for item in best.items}
        seen |= {"cut" for item in best.items if item.cut}
        seen |= {"batches" for item in best.items if (item.batches or 0) > 1}
        seen |= {"window" for item in best.items if item.day % case.policy.visit_interval}
        seen |= {"deviation"} if best.score.deviation else set()
        seen |= {"rounded"} if best.recorded != best.score.objective else set()
    assert seen >= {"Loose", "Packs", "Bottles", "Batch", "cut", "batches", "window", "deviation"}


# ------------------------------------------------------------------------------------------ doses got wrong elsewhere

BACLOFEN = (tablet("5", "0.20"), tablet("10", "0.05", 2), tablet("20", "0.12", 2))
DIAZEPAM = (tablet("2", "0.02", 2), tablet("5", "0.02", 2), tablet("10", "0.02", 2))
TENS = (tablet("2", "0.02", 2), tablet("5", "0.05", 2), tablet("10", "0.10", 2))
CHEAP_FIVE = (tablet("2", "0.02", 2), tablet("5", "0.01", 2), tablet("10", "0.10", 2))
AUSTRALIAN = (tablet("10", "0.10"), tablet("25", "0.10"))
FIVES = (tablet("5", "0.10"), tablet("25", "0.10"))
PREDNISOLONE = (tablet("5", "2.46"), tablet("10", "34.6"), tablet("20", "69.5"))
OPIOID = (tablet("30", "0.10"), tablet("100", "0.10"))


def one_step(products: tuple[Product, ...], dose: str, times: int = 1, **settings: object) -> Case:
    """Two days of one dose, so that halves of one day serve the next."""
    return case_of(products, [Step(days=2, target=Mass(Fraction(dose)))], times, **settings)


KNOWN = [
    pytest.param(one_step(AUSTRALIAN, "40"), "0.40", id="40 mg from 10 and 25 mg: four tens"),
    pytest.param(
        one_step(FIVES, "20", split=Split.HALVES), "0.20", id="20 mg from 5 and 25 mg: halves of both and a five"
    ),
    pytest.param(one_step(BACLOFEN, "55", times=2), "0.275", id="55 mg: five and a half tens"),
    pytest.param(one_step(BACLOFEN, "55", max_pieces=6), "0.275", id="55 mg at once: five and a half tens"),
    pytest.param(
        one_step(BACLOFEN, "55", max_pieces=4), "0.315", id="55 mg in four pieces: two twenties, a ten and a half"
    ),
    pytest.param(one_step(TENS, "6"), "0.06", id="6 mg: three twos"),
    pytest.param(one_step(CHEAP_FIVE, "6"), "0.02", id="6 mg with a cheap five: a five and half a two"),
    pytest.param(one_step(DIAZEPAM, "4"), "0.04", id="4 mg: two twos"),
    pytest.param(one_step(DIAZEPAM, "8"), "0.04", id="8 mg: half a ten and one and a half twos"),
    pytest.param(one_step(DIAZEPAM, "9"), "0.05", id="9 mg: half a ten and two twos"),
    pytest.param(one_step(DIAZEPAM, "14"), "0.06", id="14 mg: a ten and two twos"),
    pytest.param(one_step(OPIOID, "120"), "0.40", id="120 mg from 30 and 100 mg: four thirties"),
    pytest.param(one_step(FIVES, "24"), None, id="24 mg from 5 and 25 mg: impossible"),
    pytest.param(one_step(FIVES, "24", split=Split.HALVES), None, id="24 mg from halves of 5 and 25 mg: impossible"),
    pytest.param(one_step(PREDNISOLONE, "20"), "9.84", id="prednisolone 20 mg: four fives"),
]


@pytest.mark.parametrize(("case", "daily"), KNOWN)
def test_both_oracles_know_the_doses_that_others_get_wrong(case: Case, daily: str | None) -> None:
    """The cost of a day, worked out by hand; None where the dose can't be made."""
    tried, solved = brute.solve(case), milp.solve(case)
    if daily is None:
        assert (tried.status, solved.status) == (brute.INFEASIBLE, milp.INFEASIBLE)
        return
    assert tried.best.score.objective == solved.best.score.objective == 2 * Fraction(daily)


@pytest.mark.parametrize(
    ("dose", "pieces"),
    [
        ("4", (("tablet-2", Fraction(1), 2),)),
        ("6", (("tablet-2", Fraction(1), 3),)),
        ("14", (("tablet-10", Fraction(1), 1), ("tablet-2", Fraction(1), 2))),
    ],
)
def test_nothing_is_cut_without_need(dose: str, pieces: tuple[object, ...]) -> None:
    """Where the prices per milligram are equal, brute force gives whole tablets."""
    assert brute.solve(one_step(TENS, dose)).regimens == ((Give(pieces, ()),),)


def test_every_half_milligram_up_to_60_but_two() -> None:
    """Halves of 2, 5 and 10 mg make each half milligram except 0.5 and 1.5 mg, by both oracles."""
    case = one_step(TENS, "60", max_pieces=8)
    grid = [Fraction(n, 2) for n in range(1, 121)]
    made = brute.administrations(case, Fraction(60), 20_000)
    assert [dose for dose in grid if dose not in made] == [Fraction(1, 2), Fraction(3, 2)]
    for dose in grid:
        step = replace(case.prescription.steps[0], target=Mass(dose))
        asked = replace(case, prescription=replace(case.prescription, steps=(step,)))
        expected = milp.OPTIMAL if dose in made else milp.INFEASIBLE
        assert milp.solve(asked).status == expected, f"{dose} mg"


def test_programme_solves_a_realistic_taper() -> None:
    """Two months from 35 mg in three doses: proved, and each dose re-added from the regimens is the target's."""
    case = baclofen_like(("35", "31.5", "28", "25"))
    solved = milp.solve(case, time_limit=60)
    assert solved.status == milp.OPTIMAL
    assert solved.bound == solved.best.score.objective == evaluate(case, solved.regimens).score.objective
    assert solved.best.score.deviation == 0
