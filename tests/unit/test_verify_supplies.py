"""The check of what is handed over: days to spare, limits on a lot, poured liquids, overages; each error is caught."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from splitter.division import StepForm
from splitter.errors import InputError
from splitter.formulary import Bottles, Control, ControlSchedule, Poured, Product
from splitter.plan import Item, Severity, Status, plan_from_json, plan_to_json
from splitter.prescription import DivisionRule, Fine
from splitter.quantity import Money
from splitter.service import plan as plan_of
from splitter.verify import check_consistency, verify
from splitter.verify.case import open_case
from splitter.verify.handing import possible_spares
from tests.unit.plans import BRIEF, Made, day
from tests.unit.supply_plans import SUPPLIED, poured, spared

Change = Callable[[Made], Made]


def _verify(made: Made) -> tuple[Any, ...]:
    return verify(made.plan, made.prescription, made.pharmacy, made.formulary)


def item(index: int, /, **changes: Any) -> Change:
    """Another figure on one of the plan's items."""

    def change(made: Made) -> Made:
        items = [*made.plan.items]
        items[index] = replace(items[index], **changes)
        return replace(made, plan=replace(made.plan, items=tuple(items)))

    return change


def part(index: int, place: int, **changes: Any) -> Change:
    def change(made: Made) -> Made:
        parts = [*made.plan.items[index].parts]
        parts[place] = replace(parts[place], **changes)
        return item(index, parts=tuple(parts))(made)

    return change


def described(**changes: Any) -> Change:
    """Another fact in the plan's own description of its first product."""
    return lambda made: replace(
        made,
        plan=replace(made.plan, products=(replace(made.plan.products[0], **changes), *made.plan.products[1:])),
    )


def setting(key: str, value: object) -> Change:
    def change(made: Made) -> Made:
        settings = (*((name, old) for name, old in made.prescription.settings if name != key), (key, value))
        return replace(made, prescription=replace(made.prescription, settings=settings))

    return change


def formulary(**changes: Any) -> Change:
    return lambda made: replace(made, formulary=replace(made.formulary, **changes))


def supply(product: str, **changes: Any) -> Change:
    """Another fact about how a product is supplied: the plan then contradicts it."""

    def changed(known: Product) -> Product:
        assert isinstance(known.supply, Bottles | Poured)
        return replace(known, supply=replace(known.supply, **changes))

    def change(made: Made) -> Made:
        products = tuple(changed(known) if known.id == product else known for known in made.formulary.products)
        return formulary(products=products)(made)

    return change


def also(product: Product) -> Change:
    """One more product in the formulary, which the plan doesn't use."""
    return lambda made: formulary(products=(*made.formulary.products, product))(made)


def together(*changes: Change) -> Change:
    def change(made: Made) -> Made:
        for one in changes:
            made = one(made)
        return made

    return change


def scheduled(made: Made) -> Made:
    """The same of a drug with a schedule."""
    made = formulary(control=Control(schedule=ControlSchedule.IV))(made)
    return replace(made, plan=replace(made.plan, drug=replace(made.plan.drug, schedule=ControlSchedule.IV)))


def joined(made: Made) -> Made:
    """The two lots of the plan of limited bottles as one, for both visits."""
    first, _ = made.plan.items
    whole = replace(first, use_until=day(27), needed=Fraction(140), quantity=Fraction(200), cost=Fraction(18))
    one = replace(whole, parts=(replace(first.parts[0], count=2),))
    return replace(made, plan=replace(made.plan, items=(one,)))


# (plan, what is wrong with it, the code that must catch it)
PLANTED: dict[str, tuple[str, Change, str]] = {
    # Days to spare
    "used from the visit on": ("spared", item(2, use_from=day(14)), "verify-use-from"),
    "used from a day later": ("spared", item(2, use_from=day(17)), "verify-use-from"),
    "lot used from the visit on": ("spared", item(3, use_from=day(28)), "verify-use-from"),
    "handed over when it is used": ("spared", item(2, date=day(16)), "verify-item"),
    "lot handed over when it is used": ("spared", item(3, date=day(30), discard_after=day(89)), "verify-item"),
    "used until the next visit": ("spared", item(1, use_until=day(13)), "verify-use-until"),
    "life counted from the first day of use": ("spared", item(3, discard_after=day(89)), "verify-discard-after"),
    "nothing to spare": ("spared", setting("spare", 0), "verify-use-until"),
    "more to spare": ("spared", setting("spare", 3), "verify-use-until"),
    "spare days of a scheduled drug": ("spared", scheduled, "verify-use-until"),
    "spare days of what expires before": ("spared", supply("bottled", in_use=15), "verify-use-until"),
    "spare days where another product expires before": ("spared", also(BRIEF), "verify-use-until"),
    "no item for the spare days": ("spared", item(1, quantity=Fraction(14), cost=Fraction("0.7")), "verify-quantity"),
    # How long a lot may serve
    "lot over the limit": ("limited", joined, "verify-max-supply"),
    "a shorter limit": ("spared", setting("max_supply", 27), "verify-max-supply"),
    "a scheduled drug's own limit": (
        "poured",
        together(setting("max_supply_controlled", 27), scheduled),
        "verify-max-supply",
    ),
    "no limit, so that a longer lot is cheaper": ("spared", setting("max_supply", 60), "verify-lots"),
    "no limit on bottles that last": ("limited", setting("max_supply", None), "verify-item"),
    "a lot shorter than the limit": ("limited", setting("max_supply", 28), "verify-lots"),
    # Bottles with an overage
    "another overage": ("spared", supply("bottled", overage=Fraction(2, 5)), "verify-quantity"),
    "overage that the plan doesn't state": ("spared", described(overage=Fraction(0)), "verify-product"),
    "bottles without the overage": (
        "spared",
        together(supply("bottled", overage=Fraction(1)), described(overage=Fraction(1))),
        "verify-quantity",
    ),
    # Poured
    "a step more": ("poured", item(0, quantity=Fraction(155)), "verify-quantity"),
    "a step less": ("poured", item(1, quantity=Fraction(70)), "verify-quantity"),
    "no whole steps": ("poured", item(1, quantity=Fraction("73.5")), "verify-quantity"),
    "other steps": ("poured", supply("poured", step=Fraction(4)), "verify-quantity"),
    "another price": ("poured", supply("poured", price=Money(Fraction("0.07"))), "verify-cost"),
    "without what it is poured into": ("poured", item(1, cost=Fraction("4.5")), "verify-cost"),
    "dearer containers": ("poured", part(1, 0, count=2), "verify-parts"),
    "containers that nobody has": ("poured", part(1, 0, size=Fraction(100)), "verify-parts"),
    "poured in batches": ("poured", item(0, batches=1), "verify-batches"),
    "kept for longer": ("poured", item(0, discard_after=day(30)), "verify-discard-after"),
    "without a last day": ("poured", item(0, discard_after=None), "verify-discard-after"),
    "a shorter life": ("poured", supply("poured", keeps=27), "verify-shelf-life"),
    "a longer life": ("poured", supply("poured", keeps=42), "verify-lots"),
    "other overage": ("poured", supply("poured", overage=Fraction(1, 4)), "verify-quantity"),
    "life that the plan states otherwise": ("poured", described(keeps_days=60), "verify-product"),
    "step that the plan states otherwise": ("poured", described(pour_step=Fraction(1)), "verify-product"),
    "window left out": (
        "poured_often",
        lambda made: replace(made, plan=replace(made.plan, items=made.plan.items[:-1])),
        "verify-item",
    ),
    "window at the visit": ("poured_often", item(1, date=day(0)), "verify-item"),
    "window kept for an interval": ("poured_often", item(0, discard_after=day(13)), "verify-discard-after"),
}


@pytest.mark.parametrize("name", SUPPLIED)
def test_right_plans_pass(name: str) -> None:
    """A plan in which everything agrees has no findings, from its file neither."""
    made = SUPPLIED[name]()
    assert _verify(made) == ()
    assert check_consistency(made.plan) == ()
    read = plan_from_json(plan_to_json(made.plan), "plan.json")
    assert read == made.plan
    assert check_consistency(read) == ()


@pytest.mark.parametrize("name", PLANTED)
def test_planted_errors_are_caught(name: str) -> None:
    """Each planted error is found by the finding that names it, and stops the plan."""
    base, change, code = PLANTED[name]
    findings = _verify(change(SUPPLIED[base]()))
    assert code in {finding.code for finding in findings}
    assert all(finding.severity is Severity.STOP and finding.where and finding.message for finding in findings)


@pytest.mark.parametrize("name", SUPPLIED)
def test_every_figure_of_an_item_matters(name: str) -> None:
    """No number and no day on any item can be changed unnoticed."""
    made = SUPPLIED[name]()
    for index, one in enumerate(made.plan.items):
        for field in ("quantity", "needed", "cost"):
            changed = item(index, **{field: getattr(one, field) + 1})(made)
            assert f"verify-{field}" in {finding.code for finding in _verify(changed)}
        for field in ("date", "use_from", "use_until"):
            assert _verify(item(index, **{field: getattr(one, field) + (day(1) - day(0))})(made))


# (plan, a change that the rules allow)
ALLOWED: dict[str, tuple[str, Change]] = {
    "a short-lived product that is excluded": ("spared", together(also(BRIEF), setting("exclude", (BRIEF.id,)))),
    "a life of just an interval and the spare days": ("spared", supply("bottled", in_use=30)),
    "a limit of just the days of two visits": ("poured", setting("max_supply", 28)),
    "a limit below an interval": ("limited", setting("max_supply", 1)),
    "a limit for scheduled drugs alone": ("spared", setting("max_supply_controlled", 14)),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_the_rules_allow_passes(name: str) -> None:
    """The check is no stricter than the rules."""
    base, change = ALLOWED[name]
    made = change(SUPPLIED[base]())
    described = ("verify-discard-after", "verify-product")  # the other life stands on items and products too
    assert [finding for finding in _verify(made) if finding.code not in described] == []


BY_PHASES = setting("fine", Fine.PHASE)
BY_PATH = together(BY_PHASES, setting("division", DivisionRule.PATH))


def fine(made: Made) -> Made:
    """The same with a fine step."""
    (step,) = made.plan.steps
    return replace(made, plan=replace(made.plan, steps=(replace(step, form=StepForm.FINE),)))


def of_tablets(made: Made) -> Made:
    return replace(made, plan=_of_tablets(2).plan)


# (a change of the plan with days to spare, the days that its hand-overs may last beyond the next visit)
SPARES: dict[str, tuple[Change, tuple[int, ...]]] = {
    "the policy's": (together(), (2,)),
    "none stated": (setting("spare", 0), (0,)),
    "a schedule": (scheduled, (0,)),
    "used, and expires": (supply("bottled", in_use=15), (0,)),
    "used, and lasts just as long": (supply("bottled", in_use=16), (2,)),
    "not used, and expires, where any product may be used": (also(BRIEF), (0,)),
    "not used, and not allowed": (together(also(BRIEF), setting("exclude", (BRIEF.id,))), (2,)),
    "not used, by phases": (together(also(BRIEF), BY_PHASES), (2,)),
    "not used, by phases, where several liquids may be": (
        together(also(BRIEF), BY_PHASES, setting("one_liquid", False)),
        (0,),
    ),
    "none of any used, by the path": (together(of_tablets, also(BRIEF), BY_PATH), (2,)),
    "none of any used, though a step is fine": (together(of_tablets, also(BRIEF), BY_PATH, fine), (2, 0)),
    "none of any used, freely divided by phases": (together(of_tablets, also(BRIEF), BY_PHASES), (2, 0)),
}


@pytest.mark.parametrize("name", SPARES)
def test_which_products_count_for_days_to_spare(name: str) -> None:
    """Those that the plan could have been made of; two answers where it doesn't tell which those were."""
    change, expected = SPARES[name]
    made = change(spared())
    case = open_case(made.plan, made.prescription, made.pharmacy, made.formulary)
    assert possible_spares(case) == expected


@pytest.mark.parametrize("spare", [0, 2])
def test_a_plan_that_does_not_tell_may_have_days_to_spare_or_none(spare: int) -> None:
    """Tablets alone, freely divided by phases: the liquid that it could have used lasts too briefly for spare days."""
    made = together(also(BRIEF), BY_PHASES)(_of_tablets(spare))
    assert _verify(made) == ()
    assert bool(_verify(BY_PHASES(_of_tablets(spare)))) is (spare == 0)


def _of_tablets(spare: int) -> Made:
    """The plan of these days to spare, of tablets alone: 10 mg a day, of a prescription that wants two days."""
    made = spared()
    visits = (0, 14, 28)
    firsts = tuple(visit + spare if visit else 0 for visit in visits)
    ends = (*firsts[1:], 40)
    tablet = made.plan.items[1]
    items = tuple(_tablets(tablet, (visit, first, end)) for visit, first, end in zip(visits, firsts, ends, strict=True))
    (step,) = made.plan.steps
    (given,) = step.administrations
    ten = replace(given, dose_mg=Fraction(10), measure=None)
    taken = replace(
        step, target_mg=Fraction(10), delivered_mg=Fraction(10), administrations=(ten,), form=StepForm.PLAIN
    )
    assert made.plan.costs is not None
    plan = replace(
        made.plan,
        steps=(taken,),
        items=items,
        products=made.plan.products[1:],
        costs=replace(made.plan.costs, products=Fraction(2), item_fees=Fraction(6)),
        total=Fraction(8),
        objective=Fraction(8),
        lower_bound=Fraction(8),
    )
    order = replace(made.prescription.steps[0], target=made.prescription.steps[0].target * Fraction(2, 3))
    return replace(made, plan=plan, prescription=replace(made.prescription, steps=(order,)))


def _tablets(tablet: Item, days: tuple[int, int, int]) -> Item:
    visit, first, end = days
    count = Fraction(end - first)
    return replace(
        tablet,
        date=day(visit),
        use_from=day(first),
        use_until=day(end - 1),
        quantity=count,
        needed=count,
        cost=count * Fraction("0.05"),
    )


# (plan, what its own figures contradict, the code)
INCONSISTENT: dict[str, tuple[str, Change, str]] = {
    "used before it is handed over": ("spared", item(2, use_from=day(13)), "verify-use-until"),
    "used up before it is used": ("spared", item(2, use_from=day(30)), "verify-use-until"),
    "two supplies of one day": ("spared", item(2, use_from=day(15)), "verify-lot"),
    "a day without supply": ("spared", item(2, use_from=day(17)), "verify-needed"),
    "less than the overage": ("spared", described(overage=Fraction(1)), "verify-quantity"),
    "life counted from the first day of use": ("spared", item(3, discard_after=day(89)), "verify-discard-after"),
    "a step more": ("poured", item(0, quantity=Fraction(155)), "verify-quantity"),
    "a step less": ("poured", item(0, quantity=Fraction(145)), "verify-quantity"),
    "poured in steps of nothing": ("poured", described(pour_step=Fraction(0)), "verify-quantity"),
    "containers too small": ("poured", part(1, 0, size=Fraction(60)), "verify-parts"),
    "poured in batches": ("poured", item(0, batches=1), "verify-batches"),
    "kept for longer": ("poured", item(0, discard_after=day(300)), "verify-discard-after"),
    "without a last day": ("poured", item(0, discard_after=None), "verify-discard-after"),
}


@pytest.mark.parametrize("name", INCONSISTENT)
def test_a_plan_that_contradicts_itself_is_caught(name: str) -> None:
    """Without the prescription, a plan's figures are still held against one another."""
    base, change, code = INCONSISTENT[name]
    assert code in {finding.code for finding in check_consistency(change(SUPPLIED[base]()).plan)}


# (plan, what stands in its file otherwise, the key at fault, a part of what is told)
UNSOUND: dict[str, tuple[str, Change, str, str]] = {
    "used before it is handed over": ("spared", item(2, use_from=day(13)), "items[2].use_from", "handed over on"),
    "used up before it is used": ("spared", item(2, use_until=day(15)), "items[2].use_until", "it is used from"),
    "used after the end": ("spared", item(2, use_from=day(50)), "items[2].use_from", "the days from"),
    "a liquid without an overage": ("spared", described(overage=None), "products[0].overage", "measured"),
    "poured and compounded": ("poured", described(compounded=True), "products[0].keeps_days", "marketed liquid"),
    "poured without a step": ("poured", described(pour_step=None), "products[0].pour_step", "poured"),
    "poured in steps of nothing": ("poured", described(pour_step=Fraction(0)), "products[0].pour_step", "multiples"),
    "steps of what is not poured": ("spared", described(pour_step=Fraction(1)), "products[0].pour_step", "poured"),
    "kept for eleven years": ("poured", described(keeps_days=4000), "products[0].keeps_days", "3660 days"),
}


@pytest.mark.parametrize("name", UNSOUND)
def test_what_no_plan_can_say_is_bad_input(name: str) -> None:
    """Found when the file is read, at its key."""
    base, change, key, words = UNSOUND[name]
    with pytest.raises(InputError) as caught:
        plan_from_json(plan_to_json(change(SUPPLIED[base]()).plan), "plan.json")
    told = {fault.key: str(fault) for fault in caught.value.faults}
    assert words in told[key]


@pytest.mark.parametrize("name", SUPPLIED)
def test_the_optimiser_hands_over_what_was_worked_out(name: str) -> None:
    """The same items on the same days at the same cost, and no finding of the check."""
    made = SUPPLIED[name]()
    found = plan_of(made.prescription, made.pharmacy, made.formulary)
    assert found.status is Status.OPTIMAL
    assert (found.items, found.products, found.total) == (made.plan.items, made.plan.products, made.plan.total)
    assert not [finding for finding in found.findings if finding.code.startswith("verify")]


def test_a_plan_of_an_earlier_version_serves_from_its_date_on() -> None:
    """Without a first day of use, an item serves from the day on which it is handed over."""
    made = poured()
    items = tuple(replace(each, use_from=None) for each in made.plan.items)
    assert [each.first_day for each in items] == [day(0), day(28)]
    assert check_consistency(replace(made.plan, items=items)) == ()
