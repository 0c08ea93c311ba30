"""Small random problems about supply: days to spare, limits on how long a lot may serve, poured liquids, overages.

Shelf lives lie around the lengths at which the rules change: just one interval, one with the days to spare, two of
them, or a day less.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from random import Random

from splitter.formulary import Batch, Bottles, Poured, Product, Size
from splitter.prescription import AtHome, DivisionRule, Fine, Liquids
from splitter.quantity import Money, Volume
from tests.oracle.cases import Case, aligned_case, random_case, settled_case
from tests.oracle.rules import allowed_fractions

_OVERAGES = (Fraction(0), Fraction(0), Fraction(1, 20), Fraction(1, 3), Fraction(1))


def supplies_case(seed: int) -> Case:
    """The small problem number `seed`, freely divided over any products, so that what is handed over decides."""
    rng = Random(f"supplies {seed}")  # noqa: S311  reproducible cases, no secret
    case = rng.choice((random_case, random_case, aligned_case))(seed)
    free = {"division": DivisionRule.FREE, "fine": Fine.FREE, "min_share": Fraction(0)}
    return _about_supply(replace(case, policy=replace(case.policy, **free)), rng)


def settled_supplies_case(seed: int) -> Case:
    """The small problem number `seed` of which something is settled before any cost, for each means alone."""
    rng = Random(f"settled supplies {seed}")  # noqa: S311  reproducible cases, no secret
    return _about_supply(settled_case(seed), rng)


def at_home_case(seed: int) -> Case:
    """The small problem number `seed`, of some of whose products the patient has something at home."""
    rng = Random(f"at home {seed}")  # noqa: S311  reproducible cases, no secret
    case = rng.choice((supplies_case, supplies_case, settled_supplies_case))(seed)
    homes = tuple(_home(case, product, rng) for product in case.formulary.products if rng.random() < 0.6)
    return replace(case, prescription=replace(case.prescription, at_home=homes))


def _home(case: Case, product: Product, rng: Random) -> AtHome:
    """A few units or mL, sometimes more than is needed, a lot often with a last day within the plan."""
    days = sum(step.days for step in case.prescription.steps)
    last = rng.choice((0, 1, case.policy.visit_interval - 1, case.policy.visit_interval, days, 3 * days))
    use_by = case.prescription.start + timedelta(days=last)
    if product.is_liquid:
        volume = Volume(Fraction(rng.choice((1, 3, 5, 10, 40, 300)), rng.choice((1, 2))))
        return AtHome(product=product.id, volume=volume, use_by=use_by)
    units = rng.choice((1, 1, 2, 3, 5, 20))
    if product.has_lots:
        return AtHome(product=product.id, units=units, use_by=use_by)
    sizes = [size for size in allowed_fractions(product, case.policy.split) if size != 1]
    fragments = rng.choice((0, 1, 3, 7)) if len(sizes) == 1 else 0
    named = {Fraction(1, 2): "halves", Fraction(1, 3): "thirds"}
    return AtHome(product=product.id, units=units, **({named[sizes[0]]: fragments} if fragments else {}))


def _about_supply(case: Case, rng: Random) -> Case:
    interval = case.policy.visit_interval
    policy = replace(
        case.policy,
        liquids=rng.choice((case.policy.liquids, case.policy.liquids, Liquids.ONLY)),
        spare=rng.choice((0, 1, 1, 2, interval)) if interval > 1 else rng.choice((0, 1)),
        max_supply=rng.choice((None, 1, interval, 2 * interval - 1, 2 * interval, 2 * interval, 3 * interval)),
    )
    case = _longer(replace(case, policy=policy), rng)
    lasting = rng.random() < 0.7
    return _with_products(case, lambda product: _changed(product, case, rng, lasting=lasting))


def _longer(case: Case, rng: Random) -> Case:
    """Steps over several visits, the last of which often ends with the days to spare of the visit before."""
    interval, spare = case.policy.visit_interval, case.policy.spare
    lengths = (interval, interval + spare, 2 * interval, 2 * interval + spare, interval + spare + 1)
    steps = [replace(step, days=max(1, rng.choice((step.days, *lengths)))) for step in case.prescription.steps]
    return replace(case, prescription=replace(case.prescription, steps=tuple(steps)))


def _with_products(case: Case, change: Callable[[Product], Product]) -> Case:
    products = tuple(map(change, case.formulary.products))
    return replace(case, formulary=replace(case.formulary, products=products))


def _changed(product: Product, case: Case, rng: Random, *, lasting: bool) -> Product:
    """A lot product, perhaps poured now, with another shelf life and overage; `lasting`: of spare days at least."""
    supply, life = product.supply, _life(case, rng, lasting=lasting)
    if isinstance(supply, Batch | Bottles) and product.is_liquid and rng.random() < 0.5:
        return replace(product, supply=_poured(rng, life))
    if isinstance(supply, Bottles):
        in_use = rng.choice((None, life, life))
        return replace(product, supply=replace(supply, in_use=in_use, overage=rng.choice(_OVERAGES)))
    return replace(product, supply=replace(supply, beyond_use=life)) if isinstance(supply, Batch) else product


def _life(case: Case, rng: Random, *, lasting: bool) -> int:
    interval, spare = case.policy.visit_interval, case.policy.spare
    if not lasting and rng.random() < 0.5:
        return rng.randint(1, interval)
    least = interval + spare if lasting else 1
    days = rng.choice((1, 1, 2, 2, 3)) * interval + rng.choice((0, spare, spare, spare + 1)) - rng.choice((0, 0, 1))
    return max(least, days)


def _poured(rng: Random, life: int) -> Poured:
    sizes = rng.sample(("3", "5", "10", "20"), rng.randint(0, 2))
    return Poured(
        price=Money(Fraction(rng.choice(("0", "0.05", "0.06", "0.1")))),
        step=Fraction(rng.choice(("1", "2.5", "5"))),
        containers=tuple(
            Size(content=Fraction(size), price=Money(Fraction(rng.choice(("0.3", "0.5", "1"))))) for size in sizes
        ),
        keeps=life,
        overage=rng.choice(_OVERAGES),
    )
