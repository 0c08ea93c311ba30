"""Small random problems at the edges that `cases.random_case` seldom or never reaches.

Five and six administration times, masses that are no finite decimals, doses of thirds and quarters, drug-free steps
at either end, shelf lives that just span some intervals or just don't, batches with hardly any room between minimum
and maximum, draws above the largest syringe beside a large least volume, and pharmacies without syringes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from fractions import Fraction
from random import Random

from splitter.formulary import Batch, Bottles, Form, Product
from splitter.prescription import Step, Tolerance
from splitter.quantity import Concentration, Mass, Volume
from tests.oracle.cases import Case, random_case


def unusual_case(seed: int) -> Case:
    """The small unusual problem number `seed`."""
    rng = Random(f"unusual {seed}")  # noqa: S311  reproducible cases, no secret
    case = random_case(seed)
    for change, share in _CHANGES:
        if rng.random() < share:
            case = change(case, rng)
    return case


def _with_steps(case: Case, steps: tuple[Step, ...]) -> Case:
    return replace(case, prescription=replace(case.prescription, steps=steps))


def _with_products(case: Case, change: Callable[[Product], Product]) -> Case:
    products = tuple(map(change, case.formulary.products))
    return replace(case, formulary=replace(case.formulary, products=products))


def _odd_masses(case: Case, rng: Random) -> Case:
    """All masses times a fraction, so that they are no finite decimals."""
    factor = rng.choice((Fraction(1, 3), Fraction(2, 3), Fraction(1, 7), Fraction(10, 9)))
    tolerance, limit = case.prescription.tolerance, case.policy.max_imbalance
    if tolerance.mass is not None:
        tolerance = Tolerance(mass=tolerance.mass * factor)
    case = _with_products(case, lambda product: _scaled(product, factor))
    case = _with_steps(case, tuple(_scaled_step(step, factor) for step in case.prescription.steps))
    return replace(
        case,
        prescription=replace(case.prescription, tolerance=tolerance),
        policy=replace(case.policy, max_imbalance=None if limit is None else limit * factor),
    )


def _scaled(product: Product, factor: Fraction) -> Product:
    if product.strength is not None:
        return replace(product, strength=product.strength * factor)
    assert product.concentration is not None
    return replace(product, concentration=Concentration(product.concentration.value * factor))


def _scaled_step(step: Step, factor: Fraction) -> Step:
    doses = None if step.doses is None else tuple(dose * factor for dose in step.doses)
    return replace(step, target=step.target * factor, doses=doses)


def _parts(case: Case, rng: Random) -> Case:
    """Tablets of three or four parts, and doses of such parts."""
    parts = rng.choice((3, 3, 4))
    case = _with_products(case, lambda p: replace(p, pieces=parts) if p.form is Form.TABLET else p)
    tablets = [product for product in case.formulary.products if product.form is Form.TABLET]

    def changed(step: Step) -> Step:
        if not tablets or step.doses is not None or not step.target or rng.random() < 0.5:
            return step
        strength = rng.choice(tablets).strength
        assert strength is not None
        return replace(step, target=strength * Fraction(rng.randint(1, 2 * parts), parts))

    return _with_steps(case, tuple(map(changed, case.prescription.steps)))


def _many_times(case: Case, rng: Random) -> Case:
    """Four to six times of few pieces each."""
    count = rng.choice((4, 5, 6))

    def changed(step: Step) -> Step:
        if step.doses is None:
            return replace(step, target=step.target * rng.choice((1, 2, 3, count)))
        doses = (step.doses * count)[:count]
        return replace(step, doses=doses, target=Mass(sum(dose.value for dose in doses)))

    case = _with_steps(case, tuple(map(changed, case.prescription.steps[:2])))
    times = tuple(time(1 + 3 * number) for number in range(count))
    policy = replace(case.policy, max_pieces=min(case.policy.max_pieces, 2))
    return replace(case, prescription=replace(case.prescription, times=times), policy=policy)


def _drug_free(case: Case, rng: Random) -> Case:
    """A drug-free step at the start, at the end, or between."""
    steps = list(case.prescription.steps)
    place = rng.choice((0, len(steps) - 1, len(steps) // 2))
    steps[place] = replace(steps[place], target=Mass(0), doses=None)
    return _with_steps(case, tuple(steps))


def _long_steps(case: Case, rng: Random) -> Case:
    """Steps over several visits."""
    steps = (replace(step, days=rng.choice((step.days, 7, 14, 20))) for step in case.prescription.steps)
    return _with_steps(case, tuple(steps))


def _shelf_lives(case: Case, rng: Random) -> Case:
    """Shelf lives of some whole intervals, or a day more or less."""

    def changed(product: Product) -> Product:
        days = max(1, rng.choice((1, 1, 2, 3)) * case.policy.visit_interval + rng.choice((-1, 0, 0, 1)))
        if isinstance(product.supply, Batch):
            return replace(product, supply=replace(product.supply, beyond_use=days))
        if isinstance(product.supply, Bottles):
            return replace(product, supply=replace(product.supply, in_use=rng.choice((None, days, days))))
        return product

    return _with_products(case, changed)


def _tight_batches(case: Case, rng: Random) -> Case:
    """Batches of hardly more than their minimum, with an overage that is no round number."""

    def changed(product: Product) -> Product:
        made = product.supply
        if not isinstance(made, Batch):
            return product
        least = -(-made.minimum // made.step) * made.step
        overage = rng.choice((Fraction(0), Fraction(1, 3), Fraction(7, 100), Fraction(1, 2)))
        return replace(
            product, supply=replace(made, maximum=rng.choice((least, least + made.step, 2 * least)), overage=overage)
        )

    return _with_products(case, changed)


def _volumes(case: Case, rng: Random) -> Case:
    """A large least volume, or volumes of several draws; now and then one syringe, or none."""
    syringes = rng.choice((case.policy.syringes, case.policy.syringes, case.policy.syringes[:1], ()))
    least, most = rng.choice(("0.25", "2", "3")), rng.choice(("6", "13", "20"))
    volumes = {"min_volume": Volume(Fraction(least)), "max_volume": Volume(Fraction(most))}
    return replace(case, policy=replace(case.policy, syringes=syringes, **volumes))


def _fine_limits(case: Case, rng: Random) -> Case:
    """A tolerance and an imbalance between two doses that can be made, so that neither is met exactly."""
    limit = Mass(rng.choice((Fraction(1, 3), Fraction(7, 4))))
    tolerance = Tolerance(share=Fraction(1, 7))
    return replace(
        case,
        prescription=replace(case.prescription, tolerance=rng.choice((tolerance, case.prescription.tolerance))),
        policy=replace(case.policy, max_imbalance=rng.choice((limit, limit, case.policy.max_imbalance))),
    )


_CHANGES: tuple[tuple[Callable[[Case, Random], Case], float], ...] = (
    (_odd_masses, 0.5),
    (_parts, 0.5),
    (_many_times, 0.2),
    (_drug_free, 0.3),
    (_long_steps, 0.3),
    (_shelf_lives, 0.5),
    (_tight_batches, 0.4),
    (_volumes, 0.2),
    (_fine_limits, 0.2),
)
