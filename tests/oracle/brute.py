"""Every allowed plan is tried, and the best by the whole order of preference is kept.

Where the doses of the times, or the form of each step, are settled before any cost (`ways`), only plans that keep to
them are tried, for each means that may be the plan's.

Two things keep it finite. A case with too many combinations is answered `too_large`. And of the regimens of one step
that preferences 1 to 6 can't tell apart (`evaluate.Day`: same deviation, pieces, volumes, unevenness, and the same use
of every product) only the first by preference 7 is kept: in any plan that holds another of them it can be put in its
place, nothing changes before preference 7, and the plan gets better by 7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement, product
from math import comb, prod

from splitter.formulary import Product
from splitter.prescription import Fine, LargerDose, Step
from tests.oracle.cases import Case
from tests.oracle.evaluate import Day, Evaluation, Give, Regimen, Use, burdens, cost_of, day_of, dose, evaluate, order
from tests.oracle.evaluate import supply as supply_of
from tests.oracle.rules import allowed_fractions, allowed_products, measurable_volumes
from tests.oracle.ways import Allows, Way, ways, within

OPTIMAL, INFEASIBLE, TOO_LARGE = "optimal", "infeasible", "too_large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`regimens` has one for each step, () for a drug-free one. Without a plan it and `best` are None."""

    status: str
    regimens: tuple[Regimen, ...] | None = None
    best: Evaluation | None = None


class _TooLargeError(Exception):
    pass


def solve(case: Case, *, most_regimens: int = 4_000, most_plans: int = 3_000) -> Answer:
    """The best plan, or that there is none, or that there are too many to try."""
    found = [_solve(case, way, most_regimens, most_plans) for way in ways(case)]
    if any(answer.status == TOO_LARGE for answer in found):
        return Answer(status=TOO_LARGE)
    plans = [answer for answer in found if answer.best is not None]
    return min(plans, key=lambda answer: answer.best.score, default=Answer(status=INFEASIBLE))


def _solve(case: Case, way: Way, most_regimens: int, most_plans: int) -> Answer:
    case = within(case, way)
    try:
        choices = [_choices(case, way, index, most_regimens) for index in range(len(case.prescription.steps))]
    except _TooLargeError:
        return Answer(status=TOO_LARGE)
    if prod(map(len, choices)) > most_plans:
        return Answer(status=TOO_LARGE)
    regimens = _best(case, choices)
    if regimens is None:
        return Answer(status=INFEASIBLE)
    return Answer(status=OPTIMAL, regimens=regimens, best=evaluate(case, regimens))


# ------------------------------------------------------------------------------------------- one step's regimens


def _choices(case: Case, way: Way, index: int, most: int) -> list[tuple[Day, Regimen]]:
    """The regimens of a step, one for each Day: the first by preference 7."""
    first: dict[Day, Regimen] = {}
    for number, regimen in enumerate(_regimens(case, way, index, most)):
        if number >= most:
            raise _TooLargeError
        day = day_of(case, index, regimen)
        if day not in first or order(regimen) < order(first[day]):
            first[day] = regimen
    return list(first.items())


def _regimens(case: Case, way: Way, index: int, most: int) -> Iterator[Regimen]:
    """Every regimen that R1 to R4, and R7, allow a step."""
    step, doses = case.prescription.steps[index], way.doses[index]
    if not step.target:
        yield ()
    elif doses is not None:
        by_dose = administrations(case, max(doses), most, way.allows(index))
        yield from product(*(by_dose.get(dose, []) for dose in doses))
    elif step.doses is not None:
        yield from _stated(case, step, most, way.allows(index))
    else:
        yield from _unstated(case, step, most, way.allows(index))


def _stated(case: Case, step: Step, most: int, allows: Allows) -> Iterator[Regimen]:
    tolerance = case.prescription.tolerance
    times = []
    for stated in step.doses:
        off = tolerance.of(stated).value
        by_dose = administrations(case, stated.value + off, most, allows) if stated else {Fraction(0): [Give((), ())]}
        times.append([give for given, gives in by_dose.items() if abs(given - stated.value) <= off for give in gives])
    yield from product(*times)


def _unstated(case: Case, step: Step, most: int, allows: Allows) -> Iterator[Regimen]:
    """Larger administrations at the later times, or the earlier."""
    target, off = step.target.value, case.prescription.tolerance.of(step.target).value
    limit = case.policy.max_imbalance
    by_dose = administrations(case, target + off, most, allows)
    times = len(case.prescription.times)
    if comb(len(by_dose) + times - 1, times) > 10 * most:
        raise _TooLargeError
    for rising in combinations_with_replacement(sorted(by_dose), times):
        if abs(sum(rising) - target) > off:
            continue
        if limit is not None and rising[-1] - rising[0] > limit.value:
            continue
        doses = rising if case.prescription.larger_dose is LargerDose.LAST else rising[::-1]
        yield from product(*(by_dose[given] for given in doses))


def anything(_: Give) -> bool:
    """Any allowed products may be given at one time."""
    return True


def administrations(case: Case, highest: Fraction, most: int, allows: Allows = anything) -> dict[Fraction, list[Give]]:
    """Everything that can be given at one time (R2, R4, R6, R7), by its dose [mg], up to the dose `highest`."""
    allowed = {item.id: item for item in allowed_products(case)}
    kinds = sorted(
        (name, -fraction)
        for name, item in allowed.items()
        if not item.is_liquid
        for fraction in allowed_fractions(item, case.policy.split)
    )
    measures = [()] + [
        (name, volume)
        for name, item in allowed.items()
        if item.is_liquid
        for volume in measurable_volumes(case.policy, highest / item.concentration.value)
    ]
    if comb(len(kinds) + case.policy.max_pieces, len(kinds)) * len(measures) > 10 * most:
        raise _TooLargeError
    by_dose: dict[Fraction, list[Give]] = {}
    for number in range(case.policy.max_pieces + 1):
        for chosen in combinations_with_replacement(kinds, number):
            pieces = tuple((*_piece(kind), chosen.count(kind)) for kind in kinds if kind in chosen)
            for measure in measures:
                give = Give(pieces, measure)
                given = dose(give, allowed)
                if given <= highest and allows(give) and _measures_enough(give, given, case, allowed):
                    by_dose.setdefault(given, []).append(give)
    return by_dose


def _measures_enough(give: Give, given: Fraction, case: Case, allowed: dict[str, Product]) -> bool:
    """R4's share: beside pieces a volume gives at least `min_share` of the dose."""
    if not give.pieces or not give.measure:
        return True
    return dose(Give((), give.measure), allowed) >= case.policy.min_share * given


def _piece(kind: tuple[str, Fraction]) -> tuple[str, Fraction]:
    return kind[0], -kind[1]


# ------------------------------------------------------------------------------------------------- the whole plan


def _best(case: Case, choices: Sequence[list[tuple[Day, Regimen]]]) -> tuple[Regimen, ...] | None:
    """The best of all combinations of the steps' regimens; None where R5 and R6 allow none."""
    price = _price_list(case)
    best, best_score = None, None
    for combination in product(*choices):
        days = [day for day, _ in combination]
        used = {name for day in days for name, _ in day.uses}
        if not _together_allowed(case, used):
            continue
        score = (*_score(case, days, used, price), tuple(order(regimen) for _, regimen in combination))
        if best_score is None or score < best_score:
            best, best_score = tuple(regimen for _, regimen in combination), score
    return best


def _together_allowed(case: Case, used: set[str]) -> bool:
    """R5 and the `max_products` of R6."""
    liquids = [item for item in case.formulary.products if item.is_liquid and item.id in used]
    capsules = [item for item in case.formulary.products if _is_capsule(item) and item.id in used]
    if case.policy.one_liquid and len(liquids) > 1:
        return False
    if case.policy.one_liquid and case.policy.fine is not Fine.FREE and liquids and capsules:
        return False
    return case.policy.max_products == 0 or len(used) <= case.policy.max_products


def _is_capsule(item: Product) -> bool:
    return item.is_compounded and not item.is_liquid


def _score(
    case: Case, days: Sequence[Day], used: set[str], price: Callable[[str, tuple[Use | None, ...]], Fraction]
) -> tuple[object, ...]:
    """Preferences 1 to 6."""
    lengths = [step.days for step in case.prescription.steps]
    daily = [dict(day.uses) for day in days]
    total = sum((price(name, tuple(use.get(name) for use in daily)) for name in used), Fraction(0))
    return (
        sum(n * day.deviation for n, day in zip(lengths, days, strict=True)),
        total + burdens(case, days),
        sum(n * day.splits for n, day in zip(lengths, days, strict=True)),
        sum(n * (day.pieces + day.measures) for n, day in zip(lengths, days, strict=True)),
        len(used),
        sum(n * day.unevenness for n, day in zip(lengths, days, strict=True)),
    )


def _price_list(case: Case) -> Callable[[str, tuple[Use | None, ...]], Fraction]:
    """What one product costs with its fees, from its use in each step; remembered, as plans share it."""
    products = {item.id: item for item in case.formulary.products}
    known: dict[tuple[str, tuple[Use | None, ...]], Fraction] = {}

    def price(name: str, daily: tuple[Use | None, ...]) -> Fraction:
        if (name, daily) not in known:
            known[name, daily] = cost_of(supply_of(case, products[name], daily), case.costs)
        return known[name, daily]

    return price
