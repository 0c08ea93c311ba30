"""Steps that must be resolved: which pieces and volumes are ruled out, by the program and by the independent check, and
that whatever is put together of the rest resolves its step."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from splitter.division import settle, with_room
from splitter.formulary import built_in_accuracy, quantile
from splitter.plan import PlannedStep, Status
from splitter.prescription import Cutting, Tolerance
from splitter.service import plan
from splitter.verify import verify
from tests.oracle.cases import Case
from tests.oracle.tapers import taper_case
from tests.property.test_engine import problem_of
from tests.property.test_path import Found, by_check, found
from tests.property.test_plans_verify import pharmacy_of

CERTAINTIES = (Fraction(3, 5), Fraction(4, 5), Fraction(19, 20), Fraction(99, 100))
BLOCK, BLOCKS = 50, 8


def by_program(case: Case) -> Found | None:
    """What plans are made of."""
    problem = problem_of(case)
    settled = settle(replace(problem, steps=with_room(problem.steps, case.policy.resolve)).demand)
    if settled is None:
        return None
    walk = tuple(each and (each.doses, each.form.value) for each in settled.path.chosen)
    return found(walk, [frozenset(product.id for product in means) for means in settled.means])


def resolved_case(seed: int) -> Case:
    """A random taper whose steps must be resolved."""
    case = taper_case(seed)
    cutting = tuple(Cutting)[seed % 3]
    return replace(case, policy=replace(case.policy, resolve=CERTAINTIES[seed % 4], cutting=cutting))


@pytest.mark.parametrize("block", range(BLOCKS))
def test_program_and_check_rule_out_the_same(block: int) -> None:
    """The same path, the same forms, the same means; none where the other finds none."""
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        case = resolved_case(seed)
        assert by_program(case) == by_check(case), seed


def test_cases_cover_what_they_are_meant_to() -> None:
    """The rule changes paths, and makes some impossible; mostly it changes nothing."""
    changed = impossible = 0
    for seed in range(BLOCK * BLOCKS):
        case = resolved_case(seed)
        without = by_program(replace(case, policy=replace(case.policy, resolve=Fraction(0))))
        asked = by_program(case)
        changed += asked is not None and asked != without
        impossible += asked is None and without is not None
    assert changed > 5
    assert impossible > 5


@pytest.mark.parametrize("block", range(2))
def test_plans_resolve_their_steps_and_pass(block: int) -> None:
    """Whole plans pass the check, and no day's parts and volumes vary by more than the rule has room for."""
    made = 0
    cases = [(seed, resolved_case(seed)) for seed in range(block * BLOCK, (block + 1) * BLOCK)]
    for seed, case in ((seed, case) for seed, case in cases if case.policy.syringes):
        planned = plan(case.prescription, pharmacy_of(case), case.formulary)
        assert not list(verify(planned, case.prescription, pharmacy_of(case), case.formulary)), seed
        if planned.status is Status.INFEASIBLE:
            continue
        sure = quantile(case.policy.resolve)
        for step, before in zip(planned.steps[1:], planned.steps, strict=False):
            apart = abs(step.target_mg - before.target_mg)
            if apart and step.target_mg and before.target_mg and case.prescription.tolerance == Tolerance():
                most = apart**2 / sure**2
                assert _variance(case, step) + _variance(case, before) <= most, seed
                made += 1
    assert made > 10


def test_a_part_that_is_ruled_out_is_noticed() -> None:
    """The plan that is best without the rule does not pass with it, where the rule rules out what it gives."""
    caught = 0
    for case in (case for case in map(resolved_case, range(4 * BLOCK)) if case.policy.syringes):
        free = replace(case, policy=replace(case.policy, resolve=Fraction(0)))
        planned = plan(free.prescription, pharmacy_of(free), free.formulary)
        codes = {f.code for f in verify(planned, case.prescription, pharmacy_of(case), case.formulary)}
        caught += "verify-R8" in codes
    assert caught > 3


def _variance(case: Case, step: PlannedStep) -> Fraction:
    """The variance of a day's parts and volumes [mg²], each by itself."""
    products, accuracy, total = {p.id: p for p in case.formulary.products}, built_in_accuracy(), Fraction(0)
    for given in step.administrations:
        for take in given.take:
            product = products[take.product]
            assert product.strength is not None
            if take.fraction != 1:
                mass = product.strength.value * take.fraction
                share = accuracy.part(product.pieces, take.fraction.denominator, case.policy.cutting)
                total += take.count * share * mass**2
        if given.measure is not None:
            strong = products[given.measure.product].concentration
            assert strong is not None
            total += strong.value**2 * _draws(case, given.measure.mL)
    return total


def _draws(case: Case, volume: Fraction) -> Fraction:
    sizes = sorted(syringe.capacity.value for syringe in case.policy.syringes)
    total = Fraction(0)
    while volume:
        capacity = next((size for size in sizes if size >= volume), sizes[-1])
        drawn = min(volume, capacity)
        total += built_in_accuracy().draw_limit(drawn, capacity) ** 2 / 3
        volume -= drawn
    return total
