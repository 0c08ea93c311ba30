"""Rule R8: what is too inexact for a step is ruled out of it, and of no other; by hand, and through files."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from splitter.division import Exactness, with_room
from splitter.errors import InputError
from splitter.formulary import built_in_accuracy, load_formulary, quantile
from splitter.optimise.course.memory import forget
from splitter.plan import Plan, Status
from splitter.precision import precision_of
from splitter.prescription import Cutting, Policy, Step, pharmacy_from_text, read_prescription
from splitter.quantity import Mass
from splitter.service import compare, plan, verify_plan
from splitter.verify import verify
from splitter.verify.resolving import rooms_of
from tests.unit.plans import BOTTLED, MIXTURE, TEN, THIRTY

SURE = Fraction(19, 20)
PHARMACY = pharmacy_from_text("", "pharmacy.toml")


def _steps(*doses: str) -> tuple[Step, ...]:
    return tuple(Step(days=14, target=Mass(Fraction(dose))) for dose in doses)


def _order(drug: str, doses: str, policy: str) -> tuple:  # type: ignore[type-arg]
    steps = "".join(f'[[step]]\ndaily = "{dose} mg"\nfor = "2 weeks"\n' for dose in doses.split())
    text = (
        f'[prescription]\nnumber = "RX-1"\ndrug = "{drug}"\nstart = 2026-12-01\ntimes = ["08:00", "20:00"]\n'
        f"[policy]\n{policy}\n{steps}"
    )
    return read_prescription("rx.toml", text), PHARMACY, load_formulary(drug)


def _taken(made: Plan, step: int) -> set[tuple[str, Fraction]]:
    given = made.steps[step].administrations
    return {(take.product, take.fraction) for each in given for take in each.take}


def test_the_room_of_a_step_is_worked_out_on_paper() -> None:
    """20, 18, 17 mg: 2 mg against the first, 1 mg against the others; over a drug-free step nothing is compared."""
    sure = quantile(SURE)
    rooms = [step.room for step in with_room(_steps("20", "18", "17"), SURE)]
    assert rooms == [4 / (2 * sure**2) / 20, 1 / (2 * sure**2) / 18, 1 / (2 * sure**2) / 17]
    assert [step.room for step in with_room(_steps("20", "20"), SURE)] == [None, None]
    assert [step.room for step in with_room(_steps("20", "0", "10"), SURE)] == [None, None, None]
    assert with_room(_steps("20", "18"), Fraction(0)) == _steps("20", "18")


@pytest.mark.parametrize("doses", [("20", "18", "17"), ("5", "10", "10", "0", "3", "2.5"), ("1",)])
def test_both_reckonings_of_the_room_agree(doses: tuple[str, ...]) -> None:
    """The search's and the independent check's."""
    found = tuple(step.room for step in with_room(_steps(*doses), SURE))
    assert found == rooms_of(_steps(*doses), Policy(resolve=SURE))


@pytest.mark.parametrize(
    ("score", "fraction", "method", "percent"),
    [
        (2, "1/2", Cutting.SPLITTER, "6"),
        (1, "1/2", Cutting.SPLITTER, "11.6"),
        (1, "1/2", Cutting.KNIFE, "23"),
        (4, "1/2", Cutting.HAND, "9.3"),
    ],
)
def test_a_half_is_ruled_out_below_its_own_error(score: int, fraction: str, method: Cutting, percent: str) -> None:
    """Half of 10 mg, off by so many percent, has an error of that squared times 5 mg: the least room that it needs."""
    tablet, part = replace(TEN, pieces=score), Fraction(fraction)
    least = (Fraction(percent) / 100) ** 2 * 10 * part
    for room, allowed in ((least, True), (least * Fraction(999, 1000), False)):
        exactness = Exactness(room=room, cutting=method, syringes=Policy().syringes)
        assert exactness.allows_piece(tablet, part) is allowed
        assert exactness.allows_piece(tablet, Fraction(1))


def test_thirds_and_quarters_need_more_room_than_halves() -> None:
    """A quarter bears two cuts, and so does a third in a smaller part."""
    accuracy = built_in_accuracy()
    half, quarter = (accuracy.part(2, parts, Cutting.SPLITTER) for parts in (2, 4))
    crossed, third = accuracy.part(4, 4, Cutting.SPLITTER), accuracy.part(3, 3, Cutting.SPLITTER)
    assert half < crossed < quarter
    assert half < third
    exactness = Exactness(room=half * 10, cutting=Cutting.SPLITTER, syringes=Policy().syringes)
    assert not exactness.allows_piece(THIRTY, Fraction(1, 3))


def test_a_volume_is_ruled_out_by_its_syringe_and_its_strength() -> None:
    """0.2 mL in a 1 mL syringe may be off by 0.019 mL; of 5 mg/mL that needs five times the room of 1 mg/mL."""
    least = Fraction("0.019") ** 2 / 3 / Fraction("0.2")
    for liquid, strong in ((BOTTLED, 1), (MIXTURE, 5)):
        for share, allowed in ((1, True), (Fraction(999, 1000), False)):
            exactness = Exactness(room=least * strong * share, cutting=Cutting.SPLITTER, syringes=Policy().syringes)
            assert exactness.allows_volume(liquid, Fraction("0.2")) is allowed


def test_quarters_are_given_where_the_step_is_large_enough_and_nowhere_else() -> None:
    """Clonazepam by 0.125 mg can't be shown by quarters of 0.5 mg; the last step, by 0.5 mg, can."""
    policy = 'split = "quarters"\nresolve = 0.95'
    order = _order("clonazepam", "2 1.875 1.75 1.25", policy)
    made = plan(*order)
    quarter = ("clonazepam-0.5mg-tablet", Fraction(1, 4))
    assert made.status is Status.OPTIMAL
    assert quarter not in _taken(made, 1) | _taken(made, 2)
    assert quarter in _taken(made, 3)
    assert verify_plan(made, *order).agrees
    without = plan(*_order("clonazepam", "2 1.875 1.75 1.25", 'split = "quarters"'))
    assert quarter in _taken(without, 1)
    codes = {finding.code for finding in verify(without, *order)}
    assert "verify-R8" in codes


def test_what_the_rule_leaves_is_resolved_as_the_model_sees_it() -> None:
    """The precision of such a plan says of no step that its mix doesn't resolve it."""
    for certainty in ("0.9", "0.95", "0.99"):
        prescription, pharmacy, formulary = _order("clonazepam", "2 1.875 1.75 1.25", f"resolve = {certainty}")
        made = plan(prescription, pharmacy, formulary)
        found = precision_of(made, formulary.products, replace(PHARMACY.policy, resolve=Fraction(certainty)))
        assert all(each.change is None or each.change.is_resolved for each in found)


def test_what_only_inexact_parts_make_is_refused_with_the_rule_as_a_way_out() -> None:
    """The conflict names R8, and resolve = 0 is what would make it possible."""
    order = _order("clonazepam", "2 1.875", 'split = "halves"\nliquids = "never"\ncompounded = false\nresolve = "99 %"')
    products = tuple(p for p in order[2].products if p.id == "clonazepam-0.5mg-tablet")
    unscored = replace(products[0], strength=Mass(Fraction("0.25")), pieces=1)
    formulary = replace(order[2], products=(unscored,))
    made = plan(order[0], order[1], formulary)
    assert made.status is Status.INFEASIBLE
    (conflict, *_) = made.conflicts
    assert "R8" in conflict.rules
    assert {("resolve", "0")} <= {(each.key, each.value) for each in conflict.relaxations if each.suffices}
    assert "certainty of 99 %" in conflict.message


@pytest.mark.parametrize("stated", ["0.5", '"40 %"', "1", '"100 %"', "0.99999", "2", '"often"', "-0.9"])
def test_a_certainty_that_is_none_is_refused(stated: str) -> None:
    """Above one half, below certainty, and written as one."""
    with pytest.raises(InputError, match="resolve"):
        plan(*_order("clonazepam", "2 1.5", f"resolve = {stated}"))


def test_steps_are_resolved_by_the_path_alone() -> None:
    """Where the division is free, nothing sees to it, so that both together are refused."""
    with pytest.raises(InputError, match="division"):
        plan(*_order("clonazepam", "2 1.5", 'resolve = 0.95\ndivision = "free"'))


def test_alternatives_that_divide_freely_leave_the_rule_out_and_say_so() -> None:
    """`compare` still has all its ways; those lines of [policy] that make them stand beside each."""
    found = compare(*_order("clonazepam", "2 1.5", "resolve = 0.95"), trade_offs=0)
    free = next(each for each in found.alternatives if each.name == "free division")
    assert ("resolve", "0") in {(setting.key, setting.value) for setting in free.settings}
    assert free.plan is not None


def test_what_was_solved_before_rules_out_nothing() -> None:
    """The same doses beside other steps have other room, whatever was kept of them from another prescription."""
    policy = 'split = "quarters"\nresolve = 0.95'
    quarter = ("clonazepam-0.5mg-tablet", Fraction(1, 4))
    near = _order("clonazepam", "2 1.75 1.625", policy)
    far = _order("clonazepam", "2 1.75", policy)
    forget()
    first = plan(*near)
    second = plan(*far)
    assert quarter not in _taken(first, 1)
    assert quarter in _taken(second, 1)
    assert plan(*near) == first
    forget()
    assert plan(*far) == second
