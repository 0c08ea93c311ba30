"""Steps that must be resolved: which pieces and volumes are ruled out, by the program and by the independent check, and
that whatever is put together of the rest resolves its step."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from splitter.division import fractions_of, settle, with_room
from splitter.formulary import Form, Product, built_in_accuracy, quantile
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


def test_a_plan_that_resolves_its_steps_anyway_stays_the_best() -> None:
    """Where the best plan without the rule obeys it, it is the best with it: nothing more is ruled out."""
    same = 0
    for case in (case for case in map(resolved_case, range(2 * BLOCK)) if case.policy.syringes):
        free = replace(case, policy=replace(case.policy, resolve=Fraction(0)))
        planned = plan(free.prescription, pharmacy_of(free), free.formulary)
        if planned.status is Status.OPTIMAL and not verify(
            planned, case.prescription, pharmacy_of(case), case.formulary
        ):
            asked = plan(case.prescription, pharmacy_of(case), case.formulary)
            assert (asked.steps, asked.items, asked.objective) == (planned.steps, planned.items, planned.objective)
            same += 1
    assert same > BLOCK // 2


def test_where_no_part_is_exact_enough_tablets_are_as_if_never_broken() -> None:
    """With steps so small that every part is ruled out of each, the best plan is that of tablets which stay whole."""
    compared = 0
    for seed in range(3 * BLOCK):
        case = resolved_case(seed)
        steps = case.prescription.steps
        rooms = [step.room for step in with_room(steps, case.policy.resolve) if step.target]
        tablets = [p for p in case.formulary.products if p.form is Form.TABLET and not p.do_not_split]
        if not case.policy.syringes or not tablets or any(_some_part(case, p, room) for p in tablets for room in rooms):
            continue
        whole = tuple(replace(p, do_not_split=True) if p in tablets else p for p in case.formulary.products)
        without = replace(case.formulary, products=whole)
        asked = plan(case.prescription, pharmacy_of(case), case.formulary)
        other = plan(case.prescription, pharmacy_of(case), without)
        # The smallest plain piece is a matter of what may be broken at all, so that evenness may differ.
        if [step.form for step in asked.steps] == [step.form for step in other.steps]:
            assert (asked.status, asked.objective) == (other.status, other.objective), seed
            compared += 1
    assert compared > 3


def _some_part(case: Case, product: Product, room: Fraction | None) -> bool:
    """Whether some part of a tablet may be given."""
    assert product.strength is not None
    parts = (fraction for fraction in fractions_of(product, case.policy.split) if fraction != 1)
    accuracy = built_in_accuracy()
    errors = (
        accuracy.part(product.pieces, part.denominator, case.policy.cutting) * part * product.strength.value
        for part in parts
    )
    return any(room is None or error <= room for error in errors)


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
