"""Strengths chosen out of a recipe of several: every set is planned by brute force, and the best plan of all is kept.

A path is sought with each liquid, with the capsules that are there anyway, and with these and all that may be chosen,
where it counts only if some set of at most so many strengths gives it. `strengths_case` makes small problems, with a
coarse ladder of strengths.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from random import Random

from splitter.formulary import Batch, Form, Ingredient, Product, Size
from splitter.prescription import Costs, DivisionRule, Fine, Step
from splitter.quantity import Concentration, Mass, Money
from tests.oracle import brute
from tests.oracle.cases import Case, case_of, syringe, tablet
from tests.oracle.path import CAPSULES, FINE, NOTHING, Means, Path, Shelf, all_means, best_path, choices, judge
from tests.oracle.ways import RANKS, Giving, Way, _way

LADDER = "ladder"


def solve(case: Case, **most: int) -> brute.Answer:
    """The best plan over all means and all sets, or that there is none, or that there are too many to try."""
    limits = {"most_regimens": 4_000, "most_plans": 6_000, **most}
    found = [brute._solve(case, way, **limits) for way in ways(case)]
    if any(answer.status == brute.TOO_LARGE for answer in found):
        return brute.Answer(status=brute.TOO_LARGE)
    plans = [answer for answer in found if answer.best is not None]
    return min(plans, key=lambda answer: answer.best.score, default=brute.Answer(status=brute.INFEASIBLE))


def ways(case: Case) -> list[Way]:
    """The ways in which the best path can be given: one for each means that shares it, and for each set."""
    return [_given(case, means, path, each) for means, path, sets in settle(case) for each in sets]


def settle(case: Case) -> list[tuple[Means, Path, list[Means]]]:
    """The means that share the best path, each with the path and with what it may be made of: itself, or its sets.

    Where a liquid has a path, capsules whose strengths are chosen go that of the best other means, or none.
    """
    found: list[tuple[Means, Path, list[Means]]] = []
    chosen = [means for means, is_chosen in _means(case) if is_chosen]
    for means, is_chosen in _means(case):
        path = best_path(case, choices(case, Shelf(case, means)))
        if path is None:
            continue
        sets = list(sets_that_give(case, means, path)) if is_chosen else [means]
        if sets or not any(each and each.form == FINE for each in path):
            found.append((means, path, sets or [Means(NOTHING, (), ())]))
    others = [(means, path) for means, path, _ in found if means not in chosen]
    if any(means.liquids for means, _ in others):
        ruling = min(judge(case, path) for _, path in others)
        found = [each for each in found if each[0] not in chosen or judge(case, each[1]) == ruling]
    best = min((judge(case, path) for _, path, _ in found), default=None)
    return [each for each in found if judge(case, each[1]) == best]


def sets_that_give(case: Case, means: Means, path: Path) -> Iterator[Means]:
    """Each set of at most so many strengths that gives every fine dose of a path, at the rank that all of them give."""
    shelf = Shelf(case, means)
    needed = [(shelf.rank(each.doses), dose) for each in path if each and each.form == FINE for dose in each.doses]
    for count in range(1, case.policy.compounded_strengths + 1):
        for capsules in combinations(means.capsules, count):
            own = Means(CAPSULES, (), capsules)
            if any(capsule.ladder for capsule in capsules):
                few = Shelf(case, own)
                if all(few.gives(rank, dose) for rank, dose in needed):
                    yield own


def _means(case: Case) -> Iterator[tuple[Means, bool]]:
    """Each means alone, and whether its strengths are to be chosen."""
    there = tuple(product for product in case.formulary.products if product.ladder is None)
    before = all_means(replace(case, formulary=replace(case.formulary, products=there)))
    after = [means for means in all_means(case) if means.capsules]
    chosen = [means for means in after if any(capsule.ladder for capsule in means.capsules)]
    yield from ((means, False) for means in before if means.name != NOTHING or not chosen)
    yield from ((means, True) for means in chosen)


def _given(case: Case, means: Means, path: Path, own: Means) -> Way:
    shelf = Shelf(case, means)
    givings = [
        None if each is None else RANKS[shelf.rank(each.doses)] if each.form == FINE else Giving.PLAIN for each in path
    ]
    return _way(case, tuple(each and each.doses for each in path), givings, own)


def strengths_case(seed: int) -> Case:
    """The small problem number `seed`, with a ladder of up to six strengths beside tablets, and perhaps other means."""
    rng = Random(f"strengths {seed}")  # noqa: S311  reproducible cases, no secret
    unit = rng.choice((Fraction(1), Fraction(1), Fraction(1, 2)))
    count = rng.randint(3, 6)
    batch = _batch(rng)
    products = [_capsule(unit * (place + 1), batch, LADDER) for place in range(count)]
    if rng.random() < 0.3:
        products.append(_capsule(unit * rng.randint(1, 2), _batch(rng), None))
    if rng.random() < 0.3:
        products.append(_liquid(rng, batch))
    products += [tablet(str(size), rng.choice(("0.02", "0.1"))) for size in rng.sample((4, 6, 10), rng.randint(0, 2))]
    times = rng.choice((1, 1, 2))
    steps = [_step(rng, unit, times) for _ in range(rng.randint(1, 3))]
    case = case_of(products, steps, times, **_settings(rng))
    return replace(case, costs=_costs(rng))


def _settings(rng: Random) -> dict[str, object]:
    return {
        "division": DivisionRule.PATH,
        "fine": Fine.PHASE,
        "compounded_strengths": rng.choice((1, 2, 2, 3)),
        "visit_interval": rng.choice((2, 3, 4)),
        "max_pieces": rng.choice((2, 3, 4)),
        "max_supply": rng.choice((None, 4)),
        "syringes": (syringe("5", "1"),),
        "piece_burden": Money(rng.choice((Fraction(0), Fraction(1, 10)))),
        "measure_burden": Money(rng.choice((Fraction(0), Fraction(1, 4)))),
    }


def _costs(rng: Random) -> Costs:
    fees = [Money(Fraction(rng.choice(("0", "0.5", "2")))) for _ in range(4)]
    return Costs(item_fee=fees[0], split_fee=fees[1], batch_fee=fees[2], labour_rate=fees[3])


def _step(rng: Random, unit: Fraction, times: int) -> Step:
    return Step(days=rng.randint(1, 4), target=Mass(unit * times * rng.randint(1, 9)))


def _batch(rng: Random) -> Batch:
    least = rng.choice((1, 5))
    return Batch(
        beyond_use=rng.choice((3, 9, 30)),
        labour=Fraction(rng.choice(("0", "0.5"))),
        step=Fraction(1),
        minimum=Fraction(least),
        maximum=Fraction(least + rng.choice((5, 15))) if rng.random() < 0.6 else None,
        overage=Fraction(rng.choice(("0", "0.05"))),
        containers=(Size(content=Fraction(10), price=Money(Fraction(1, 5))),) if rng.random() < 0.5 else (),
        ingredients=(Ingredient(name="filler", amount=Fraction(10), unit="g", price=Money(Fraction(1, 10))),),
    )


def _capsule(strength: Fraction, batch: Batch, ladder: str | None) -> Product:
    drug = Ingredient(name="powder", amount=strength, unit="g", price=Money(Fraction(1)))
    return Product(
        id=f"{ladder or 'capsule'}-{float(strength):g}",
        name=f"{strength} mg capsule",
        form=Form.CAPSULE,
        supply=replace(batch, ingredients=(*batch.ingredients, drug)),
        strength=Mass(strength),
        do_not_split=True,
        ladder=ladder,
    )


def _liquid(rng: Random, batch: Batch) -> Product:
    return Product(
        id="liquid",
        name="1 mg/mL suspension",
        form=Form.SUSPENSION,
        supply=replace(batch, beyond_use=rng.choice((2, 5))),
        concentration=Concentration(Fraction(1)),
    )
