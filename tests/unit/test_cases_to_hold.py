"""Doses that existing tools get wrong: called impossible, given as another dose, or made dearer than need be.

Each was worked out on paper. Where prices are the same for a milligram, all exact mixes cost the same, so that the
fewest split pieces decide; over two days halves pair up to whole tablets.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from splitter.formulary import Product
from splitter.optimise import Solution, solve
from splitter.plan import Status
from splitter.prescription import Split, Step
from splitter.quantity import Mass
from tests.oracle.cases import Case, case_of, tablet
from tests.property.test_engine import compare, problem_of

DAYS = 2


def halves(*priced: tuple[str, str]) -> list[Product]:
    """Scored tablets from strengths [mg] and prices."""
    return [tablet(strength, price, pieces=2) for strength, price in priced]


DIAZEPAM = halves(("2", "0.02"), ("5", "0.05"), ("10", "0.10"))
PREDNISOLONE = [tablet("5", "0.0246"), tablet("10", "0.346"), tablet("20", "0.695")]
LARGER_SCORED = [tablet("5", "0.20"), *halves(("10", "0.05"), ("20", "0.12"))]


def two_days(products: list[Product], dose: str, **settings: object) -> Case:
    """One dose a day for two days."""
    return case_of(products, [Step(days=DAYS, target=Mass(Fraction(dose)))], **settings)


def given(solution: Solution) -> dict[tuple[str, str], int]:
    """What a day takes: the count of each strength [mg] and fraction."""
    (regimen,) = solution.regimens
    assert regimen is not None
    (dose,) = regimen
    return {(take.product.removeprefix("tablet-"), str(take.fraction)): take.count for take in dose.take}


@pytest.mark.parametrize(
    ("products", "dose", "settings", "expected", "per_day"),
    [
        pytest.param([tablet("10", "0.1"), tablet("25", "0.2")], "40", {}, {("10", "1"): 4}, "0.4", id="40 of 10, 25"),
        pytest.param(
            halves(("5", "0.05"), ("25", "0.30")), "20", {}, {("5", "1"): 4}, "0.2", id="20 of 5, 25: the small ones"
        ),
        pytest.param(
            halves(("5", "0.1"), ("25", "0.1")),
            "20",
            {},
            {("5", "1"): 1, ("5", "1/2"): 1, ("25", "1/2"): 1},
            "0.2",
            id="20 of 5, 25: halves, where they cost less",
        ),
        pytest.param(
            LARGER_SCORED, "55", {"max_pieces": 6}, {("10", "1"): 5, ("10", "1/2"): 1}, "0.275", id="55 of 5, 10, 20"
        ),
        pytest.param(DIAZEPAM, "6", {}, {("2", "1"): 3}, "0.06", id="6 of 2, 5, 10: no cut"),
        pytest.param(
            halves(("2", "0.1"), ("5", "0.1"), ("10", "0.1")),
            "6",
            {},
            {("2", "1/2"): 1, ("10", "1/2"): 1},
            "0.1",
            id="6 of 2, 5, 10: a cut, where prices say so",
        ),
        pytest.param(DIAZEPAM, "4", {}, {("2", "1"): 2}, "0.04", id="4 mg of diazepam"),
        pytest.param(DIAZEPAM, "8", {}, {("2", "1"): 4}, "0.08", id="8 mg of diazepam"),
        pytest.param(DIAZEPAM, "9", {}, {("2", "1"): 2, ("5", "1"): 1}, "0.09", id="9 mg of diazepam"),
        pytest.param(DIAZEPAM, "14", {}, {("2", "1"): 2, ("10", "1"): 1}, "0.14", id="14 mg of diazepam"),
        pytest.param(
            [tablet("30", "0.1"), tablet("100", "0.1")], "120", {}, {("30", "1"): 4}, "0.4", id="120 of 30, 100"
        ),
        pytest.param(PREDNISOLONE, "20", {}, {("5", "1"): 4}, "0.0984", id="20 mg of prednisolone"),
        pytest.param(
            PREDNISOLONE, "40", {"max_pieces": 8}, {("5", "1"): 8}, "0.1968", id="40 mg of prednisolone, 8 pieces"
        ),
        pytest.param(
            PREDNISOLONE,
            "40",
            {"max_pieces": 4},
            {("5", "1"): 2, ("10", "1"): 1, ("20", "1"): 1},
            "1.0902",
            id="40 mg of prednisolone, 4 pieces",
        ),
    ],
)
def test_the_cheapest_mix(
    products: list[Product],
    dose: str,
    settings: dict[str, object],
    expected: dict[tuple[str, str], int],
    per_day: str,
) -> None:
    """The mix and its cost are those worked out on paper, proved, and those of brute force."""
    case = two_days(products, dose, **settings)
    solution = solve(problem_of(case))
    assert solution.status is Status.OPTIMAL
    assert given(solution) == expected
    assert solution.objective == solution.lower_bound == DAYS * Fraction(per_day)
    assert compare(case, dose)


def fewest_splits(dose: Fraction, most: int) -> int | None:
    """The fewest halves of 2, 5 and 10 mg tablets with which at most `most` pieces make a dose; None: it can't be."""
    wholes = {0: 0}  # the fewest whole tablets that make a mass
    for mass in range(1, 61):
        wholes[mass] = min((wholes[mass - s] + 1 for s in (2, 5, 10) if mass - s in wholes), default=most + 1)
    for splits in range(most + 1):
        for ones, twos_and_a_half, fives in product(range(splits + 1), repeat=3):
            rest = dose - ones - twos_and_a_half * Fraction(5, 2) - fives * 5
            whole = rest.denominator == 1 and rest >= 0 and splits + wholes[int(rest)] <= most
            if ones + twos_and_a_half + fives == splits and whole:
                return splits
    return None


def test_every_half_milligram() -> None:
    """From 0.5 to 60 mg with halves of 2, 5 and 10 mg: exact, at one price a milligram, with the fewest halves."""
    impossible = []
    for half_milligrams in range(1, 121):
        dose = Fraction(half_milligrams, 2)
        solution = solve(problem_of(two_days(DIAZEPAM, str(dose), max_pieces=12)))
        fewest = fewest_splits(dose, 12)
        if solution.status is Status.INFEASIBLE:
            impossible.append(dose)
            assert fewest is None
            continue
        taken = given(solution)
        assert sum(Fraction(strength) * Fraction(part) * n for (strength, part), n in taken.items()) == dose
        assert sum(n for (_, part), n in taken.items() if part != "1") == fewest, dose
        assert solution.objective == DAYS * dose * Fraction("0.01")
    assert impossible == [Fraction(1, 2), Fraction(3, 2)]


def test_24_mg_from_5_and_25_mg_is_refused_with_reasons() -> None:
    """Nothing near is given instead: the tablets are named, the doses beside it, and what would help."""
    solution = solve(problem_of(two_days([tablet("5", "0.1"), tablet("25", "0.2")], "24")))
    assert (solution.status, solution.regimens, solution.objective) == (Status.INFEASIBLE, (), None)
    (conflict,) = solution.conflicts
    assert conflict.message == "24 mg a day can't be made: 5 mg and 25 mg tablets may only be given whole"
    assert conflict.nearest_mg == (20, 25)
    assert [(each.key, each.value, each.total) for each in conflict.relaxations] == [
        ("tolerance", "1 mg", DAYS * Fraction("0.2"))
    ]
    (nearer,) = conflict.nearer
    assert (nearer.value, nearer.dose_mg) == (Split.QUARTERS.value, Fraction("23.75"))
