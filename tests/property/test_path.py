"""How days are divided: the program, the independent check, a plain statement of the rules, and every path tried.

The four share nothing but records. They must give the same dose at each time, the same form of each step, and the same
means that lead to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time
from fractions import Fraction
from math import prod

import pytest

import formulations
from splitter.division import settle
from splitter.formulary import read_formulary
from splitter.prescription import DivisionRule, Fine, LargerDose, Step
from splitter.quantity import Mass, format_exact
from splitter.verify.case import open_case
from splitter.verify.path.best import find_best
from splitter.verify.path.question import put_question
from tests.oracle import path, strengths
from tests.oracle.cases import Case, case_of
from tests.oracle.strengths import strengths_case
from tests.oracle.tapers import taper_case
from tests.property.test_engine import problem_of
from tests.unit.plans import ALL, PHARMACY

BLOCK, CI_CASES, NIGHTLY_CASES = 100, 1000, 40_000
MOST_PATHS = 300

Walk = tuple[tuple[tuple[Fraction, ...], str] | None, ...]
"""The doses of each step, in the order of the times [mg], and its form; None of a drug-free step."""


@dataclass(frozen=True, slots=True)
class Found:
    """A path, and the ids of the products of each means that shares it; without a fine step these don't matter."""

    walk: Walk
    sharing: frozenset[frozenset[str]]


def found(walk: Walk, sharing: Sequence[frozenset[str]]) -> Found:
    measured = any(step and step[1] == path.FINE for step in walk)
    return Found(walk, frozenset(sharing) if measured else frozenset())


def by_oracle(case: Case) -> Found | None:
    """The plain statement's answer; where there are not too many paths, all of them must lead to it."""
    if any(product.ladder for product in case.formulary.products):
        answers = strengths.settle(case)
        answer = path.Answer(means=tuple(each[0] for each in answers), path=answers[0][1] if answers else None)
    else:
        answer = path.settle(case, find=_step_by_step_and_all)
    if answer.path is None:
        return None
    walk = tuple(each and (each.doses, each.form) for each in answer.path)
    return found(walk, [frozenset(p.id for p in (*means.liquids, *means.capsules)) for means in answer.means])


def _step_by_step_and_all(case: Case, steps: Sequence[Sequence[path.Candidate | None]]) -> path.Path | None:
    best = path.best_path(case, steps)
    if prod(map(len, steps)) <= MOST_PATHS:
        assert path.every_path(case, steps) == best
    return best


def by_program(case: Case) -> Found | None:
    """What plans are made of."""
    settled = settle(problem_of(case).demand)
    if settled is None:
        return None
    walk = tuple(each and (each.doses, each.form.value) for each in settled.path.chosen)
    return found(walk, [frozenset(product.id for product in means) for means in settled.means])


def by_check(case: Case) -> Found | None:
    """What plans are compared with."""
    plan, pharmacy = ALL["tablets"]().plan, replace(PHARMACY, policy=case.policy)
    opened = open_case(plan, case.prescription, pharmacy, case.formulary)
    question = put_question(opened, tuple(opened.products.values()))
    best = find_best(question)
    if best is None:
        return None
    walk: list[tuple[tuple[Fraction, ...], str] | None] = []
    for each in best.path:
        if each is None:
            walk.append(None)
            continue
        doses = [dose for _, dose in sorted(zip(question.filling, each.doses, strict=True))]
        form = path.FINE if each.is_fine else path.PLAIN
        walk.append((tuple(Fraction(dose, question.unit) for dose in doses), form))
    return found(tuple(walk), [frozenset(reach.means.products) for reach in best.sharing])


def compare(case: Case, label: str) -> Found | None:
    """All must agree."""
    expected = by_oracle(case)
    assert by_check(case) == expected, label
    assert by_program(case) == expected, label
    return expected


@pytest.mark.parametrize("first", range(0, CI_CASES, BLOCK))
def test_program_check_and_rules_find_the_same_path(first: int) -> None:
    """On small random tapers, full of ties."""
    answers = [compare(taper_case(seed), f"seed {seed}") for seed in range(first, first + BLOCK)]
    assert sum(answer is not None for answer in answers) > BLOCK // 2


def test_program_check_and_rules_agree_where_strengths_are_chosen() -> None:
    """With a coarse ladder of strengths, of which few may be made, beside tablets, capsules and a liquid."""
    answers = [compare(strengths_case(seed), f"seed {seed}") for seed in range(2 * BLOCK)]
    assert sum(answer is not None for answer in answers) > BLOCK


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(CI_CASES, CI_CASES + NIGHTLY_CASES, BLOCK))
def test_program_check_and_rules_find_the_same_path_forty_thousand_times(first: int) -> None:
    """The same on many more."""
    for seed in range(first, first + BLOCK):
        compare(taper_case(seed), f"seed {seed}")


def test_tapers_cover_what_they_are_meant_to() -> None:
    """Among the random tapers there are all ranks, uneven days, times that go against the day, and the like."""
    seen: dict[str, int] = {}
    for seed in range(300):
        case = taper_case(seed)
        answer = path.settle(case)
        for what in _kinds(case, answer):
            seen[what] = seen.get(what, 0) + 1
    kinds = {"no path", "rank 0", "rank 1", "rank 2", "both forms", "uneven", "tolerance", "shared", "against"}
    assert set(seen) == {*kinds, "plain", "drug-free", "stated", "together"}
    assert min(seen.values()) >= 5, seen


def _kinds(case: Case, answer: path.Answer) -> set[str]:
    if answer.path is None:
        return {"no path"}
    dosed = [each for each in answer.path if each is not None]
    shelf = path.Shelf(case, answer.means[0])
    forms = {each.form for each in dosed}
    flags = {
        "uneven": not all(each.even for each in dosed),
        "tolerance": any(each.deviation for each in dosed),
        "shared": len(answer.means) > 1 and path.FINE in forms,
        "against": bool(path.judge(case, answer.path)[1]),
        "drug-free": len(dosed) < len(answer.path),
        "stated": any(step.doses is not None for step in case.prescription.steps),
        "together": not case.policy.one_liquid and path.FINE in forms,
        "both forms": len(forms) == 2,
        "plain": path.PLAIN in forms,
    }
    ranks = {f"rank {shelf.rank(each.doses)}" for each in dosed if each.form == path.FINE}
    return ranks | {what for what, holds in flags.items() if holds}


# ------------------------------------------------------------------------------------------------ sequences on record

# (drug, hours of the day, days of each step, target: doses of the times, with * where they are measured)
STATED = {
    "baclofen from 60 mg by 10 %": (
        "baclofen",
        (8, 14, 20),
        14,
        """60: 20/20/20, 55: 20/15/20, 50: 15/15/20, 45: 15/15/15, 40: 15/10/15, 35: 10/10/15, 30: 10/10/10,
        27: 9/9/9*, 24: 8/8/8*, 22.5: 7.5/7.5/7.5*, 21: 7/7/7*, 18: 6/6/6*, 16.5: 5.5/5.5/5.5*, 15: 5/5/5*,
        13.5: 4.5/4.5/4.5*, 12: 4/4/4*, 10.5: 3.5/3.5/3.5*, 9: 3/3/3*, 8.4: 2.8/2.8/2.8*, 7.5: 2.5/2.5/2.5*,
        6.6: 2.2/2.2/2.2*, 6: 2/2/2*""",
    ),
    "baclofen from 80 mg by 10 mg every 4 days": (
        "baclofen",
        (8, 14, 20),
        4,
        """80: 25/25/30, 70: 25/20/25, 60: 20/20/20, 50: 15/15/20, 40: 15/10/15, 30: 10/10/10, 20: 5/5/10,
        10: 5/0/5""",
    ),
    "baclofen, one step between two on tablets": (
        "baclofen",
        (8, 14, 20),
        14,
        "60: 20/20/20, 55: 20/15/20, 52.5: 17.5/15/20*, 50: 15/15/20*",
    ),
    "methadone by 10 % a week": (
        "methadone",
        (6, 14, 22),
        7,
        """30: 10/10/10*, 27: 9/9/9*, 24: 8/8/8*, 21: 7/7/7*, 18: 6/6/6*, 16.2: 5.4/5.4/5.4*, 15: 5/5/5*,
        13.8: 4.6/4.6/4.6*, 12: 4/4/4*, 10.8: 3.6/3.6/3.6*, 9.6: 3.2/3.2/3.2*, 9: 3/3/3*, 8.4: 2.8/2.8/2.8*,
        7.5: 2.5/2.5/2.5*, 6.6: 2.2/2.2/2.2*, 6: 2/2/2*, 5.4: 1.8/1.8/1.8*, 4.8: 1.6/1.6/1.6*, 4.5: 1.5/1.5/1.5*,
        4.2: 1.4/1.4/1.4*, 3.6: 1.2/1.2/1.2*, 3.3: 1.1/1.1/1.1*, 3: 1/1/1*""",
    ),
    "clonazepam by 10 %": (
        "clonazepam",
        (8, 20),
        14,
        """2: 1/1, 1.75: 0.875/0.875, 1.625: 0.75/0.875, 1.5: 0.75/0.75, 1.375: 0.625/0.75, 1.25: 0.625/0.625,
        1.125: 0.5/0.625, 1: 0.5/0.5, 0.875: 0.375/0.5, 0.75: 0.375/0.375, 0.68: 0.34/0.34*, 0.6: 0.3/0.3*,
        0.56: 0.28/0.28*, 0.5: 0.25/0.25*, 0.44: 0.22/0.22*, 0.4: 0.2/0.2*, 0.36: 0.18/0.18*""",
    ),
    "venlafaxine by 10 %": (
        "venlafaxine",
        (8, 20),
        14,
        """225: 112.5/112.5, 200: 100/100, 175: 75/100, 162.5: 75/87.5, 150: 75/75, 137.5: 62.5/75, 125: 50/75,
        112.5: 50/62.5, 100: 50/50, 87.5: 37.5/50, 75: 37.5/37.5, 66: 33/33*, 60: 30/30*, 54: 27/27*, 48: 24/24*,
        45: 22.5/22.5*, 42: 21/21*, 36: 18/18*, 33: 16.5/16.5*, 30: 15/15*""",
    ),
}


@pytest.mark.parametrize("name", STATED)
def test_tapers_on_record_are_divided_as_they_are_written(name: str) -> None:
    """The sequences that the rules were written for, from the built-in files, larger doses last, by all three."""
    drug, hours, days, text = STATED[name]
    expected = [step.split(": ") for step in text.replace("\n", " ").split(", ")]
    formulary = read_formulary(formulations.drug(drug), drug)
    steps = [Step(days=days, target=Mass(Fraction(target.strip()))) for target, _ in expected]
    in_force = {"division": DivisionRule.PATH, "fine": Fine.PHASE}
    case = case_of(formulary.products, steps, len(hours), larger_dose=LargerDose.LAST, **in_force)
    case = replace(case, prescription=replace(case.prescription, times=tuple(time(hour) for hour in hours)))
    answer = compare(case, name)
    assert answer is not None
    assert [_said(each) for each in answer.walk] == [said for _, said in expected]


def _said(step: tuple[tuple[Fraction, ...], str] | None) -> str:
    assert step is not None
    doses, form = step
    return "/".join(map(format_exact, doses)) + ("*" if form == path.FINE else "")
