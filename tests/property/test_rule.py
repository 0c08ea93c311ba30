"""A taper's rule: the program and a slow, plain statement of the same rule give the same steps."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from splitter.errors import InputError
from splitter.formulary import Form, Product
from splitter.prescription import Costs, Pharmacy, Phase, Policy, Reduction, Round, TaperRule
from splitter.quantity import Concentration, Mass, Money, Volume
from splitter.taper import Clause, Schedule, expand
from tests.oracle.cases import Case, random_case, syringe
from tests.oracle.rule import Followed, follow

BLOCK = 30
REFUSALS = {"can't reach": "conflict", "more than 1000 steps": "too long", "steps of equal length": "no whole days"}
CLAUSES = {
    Clause.STATED: ("stated",),
    Clause.TABLETS: ("1", "4.1"),
    Clause.EQUAL: ("2", "4.2"),
    Clause.EVEN: ("2",),
    Clause.UNEVEN: ("3", "4.3"),
    Clause.GRID: ("grid",),
}


def rule_case(seed: int) -> Case:
    """The small formulary number `seed` with a rule of one to three phases, and settings that rules depend on."""
    rng = Random(f"rule {seed}")  # noqa: S311  reproducible cases, no secret
    case = random_case(rng.randrange(10_000))
    products = tuple(_varied(rng, product) for product in case.formulary.products)
    policy = replace(
        case.policy,
        every_time=rng.random() < 0.25,
        evenness=_fraction(rng, "0", "0.1", "0.4", "0.4", "1"),
        min_share=_fraction(rng, "0", "0.05", "0.3"),
        min_volume=Volume(_fraction(rng, "0", "0.1", "0.2", "1")),
        syringes=tuple(rng.sample(_SYRINGES, rng.randint(1, 3))),
    )
    end = Mass(_fraction(rng, "0.5", "1", "3")) if rng.random() < 0.3 else None
    formulary = replace(case.formulary, products=products, taper_end=end)
    start = Mass(_fraction(rng, "2", "5", "7.5", "10", "12", "20", "30", "60"))
    taper = TaperRule(start=start, phases=tuple(_phases(rng, start)))
    return replace(
        case, formulary=formulary, policy=policy, prescription=replace(case.prescription, steps=(), taper=taper)
    )


_SYRINGES = (
    syringe("1", "0.02"),
    syringe("1", "0.05"),
    syringe("3", "0.1"),
    syringe("5", "0.2"),
    syringe("5", "1"),
    syringe("10", "0.5"),
)


def _fraction(rng: Random, *texts: str) -> Fraction:
    return Fraction(rng.choice(texts))


def _varied(rng: Random, product: Product) -> Product:
    """The product, mostly, or one that is finer, or of a family."""
    family = rng.choice(("a", "b")) if rng.random() < 0.08 else None
    if product.is_liquid:
        strength = _fraction(rng, "0.4", "1", "1", "2", "5", "10/3")
        return replace(product, concentration=Concentration(strength), family=family)
    if product.form is Form.TABLET and rng.random() < 0.4:
        return replace(product, strength=Mass(_fraction(rng, "0.5", "1.5", "2.5", "5", "12.5", "20")), family=family)
    return replace(product, family=family)


def _phases(rng: Random, start: Mass) -> list[Phase]:
    """Phases that meet; the last may state where it ends."""
    phases: list[Phase] = []
    current = start
    for left in reversed(range(rng.choice((1, 1, 1, 2, 3)))):
        end = current * _fraction(rng, "1/4", "1/3", "1/2", "3/4")
        is_stated = left or rng.random() < 0.4
        phase = _phase(rng, current, is_first=not phases, has_end=bool(is_stated))
        phases.append(replace(phase, **({("to" if left else "last"): end} if is_stated else {})))
        if not is_stated:
            phases[-1] = replace(phases[-1], hold=0)
        current = end
    return phases


def _phase(rng: Random, current: Mass, *, is_first: bool, has_end: bool) -> Phase:
    share = Reduction(share=_fraction(rng, "0.05", "0.1", "0.1", "0.2", "0.25", "0.5"))
    amount = Reduction(amount=Mass(current.value * _fraction(rng, "0.05", "0.1", "0.13", "0.2", "0.3")))
    reduction = rng.choice((share, share, amount, replace(share, of_start=True)))
    grid = Mass(_fraction(rng, "0.1", "0.25", "0.5", "1", "3"))
    rounding = Round.GRID if rng.random() < 0.1 else Round.TABLETS
    phase = Phase(
        reduction=reduction,
        every=rng.randint(1, 20),
        hold=rng.choice((0, 0, 7)),
        round=rounding,
        round_within=_fraction(rng, "0.05", "0.05", "0.02", "0.2", "0"),
        grid=grid if rounding is Round.GRID or rng.random() < 0.15 else None,
    )
    kind = rng.random()
    if kind < 0.15:
        least = 2 if is_first and has_end else 1
        return replace(phase, reduction=None, over=(phase.every or 0) * rng.randint(least, 9))
    return replace(phase, every=None, over=rng.choice((60, 84, 120))) if kind < 0.25 else phase


def pharmacy_of(policy: Policy) -> Pharmacy:
    """A pharmacy that works so."""
    free = Costs(item_fee=Money(0), split_fee=Money(0), batch_fee=Money(0), labour_rate=Money(0))
    return Pharmacy(name="A", address="B", phone="1", licence="2", currency="USD", costs=free, policy=policy)


def expanded(case: Case) -> Schedule | str:
    """What the program makes of the rule, or the kind of its refusal."""
    try:
        return expand(case.prescription, pharmacy_of(case.policy), case.formulary)
    except InputError as error:
        return next(kind for words, kind in REFUSALS.items() if words in str(error))


def agree(found: Schedule | str, told: Followed) -> bool:
    """Whether both tell the same steps, of the same clauses, with the same end."""
    if isinstance(found, str) or told.refused:
        return found == told.refused
    if [(step.target.value, step.days) for step in found.steps] != [(step.dose, step.days) for step in told.steps]:
        return False
    roundings = [rounding for rounding in found.roundings if rounding is not None]
    clauses = all(
        step.clause in CLAUSES[rounding.clause] and step.clause.startswith("4") is not rounding.kept
        for step, rounding in zip(told.steps, roundings, strict=True)
    )
    return clauses and found.ending is not None and found.ending.reason == told.ending


@pytest.mark.parametrize("block", range(10))
def test_the_program_follows_a_rule_as_it_is_stated(block: int) -> None:
    """On random rules over random small formularies: doses, days, clauses, and how the rule ends."""
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        case = rule_case(seed)
        found, told = expanded(case), follow(case)
        assert agree(found, told), f"seed {seed}: {found}, not {told}"


@pytest.mark.nightly
def test_many_more_rules() -> None:
    """The same for thousands."""
    for seed in range(10 * BLOCK, 5000):
        case = rule_case(seed)
        found, told = expanded(case), follow(case)
        assert agree(found, told), f"seed {seed}: {found}, not {told}"


def test_rules_come_to_every_clause_and_every_end() -> None:
    """The random cases reach all that a rule can come to."""
    seen: Counter[str] = Counter()
    for seed in range(10 * BLOCK):
        found = expanded(rule_case(seed))
        if isinstance(found, str):
            seen[found] += 1
            continue
        seen[found.ending.reason] += 1
        for rounding in filter(None, found.roundings):
            seen[f"{rounding.clause} {rounding.kept}"] += 1
    ends = ("last", "nothing", "taper end", "small", "no dose", "conflict", "no whole days")
    kept = [f"{clause} True" for clause in Clause]
    assert all(seen[each] >= 3 for each in (*ends, *kept, "tablets False", "equal False", "uneven False")), seen
