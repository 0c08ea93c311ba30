"""What the pieces and the volume of an administration add up to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from splitter.formulary import Formulary
from splitter.plan import Administration, Finding, Plan, PlannedStep
from splitter.verify.findings import compare, stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """The drug in each product: `strengths` [mg per unit] and `concentrations` [mg/mL], by product id."""

    strengths: Mapping[str, Fraction]
    concentrations: Mapping[str, Fraction]


def amounts_of_formulary(formulary: Formulary) -> Amounts:
    """The amounts as the formulary states them."""
    return Amounts(
        strengths={p.id: p.strength.value for p in formulary.products if p.strength is not None},
        concentrations={p.id: p.concentration.value for p in formulary.products if p.concentration is not None},
    )


def amounts_of_plan(plan: Plan) -> Amounts:
    """The amounts as the plan itself states them."""
    return Amounts(
        strengths={p.id: p.strength_mg for p in plan.products if p.strength_mg is not None},
        concentrations={
            p.id: p.concentration_mg_per_mL for p in plan.products if p.concentration_mg_per_mL is not None
        },
    )


def step_place(number: int) -> str:
    """How findings name a step; steps count from 1."""
    return f"step {number}"


def time_place(number: int, administration: Administration) -> str:
    """How findings name an administration."""
    return f"{step_place(number)}, {administration.time:%H:%M}"


def check_doses(number: int, step: PlannedStep, amounts: Amounts) -> Iterator[Finding]:
    """The dose of each time and of the day re-added from what is given; unknown products are findings."""
    for administration in step.administrations:
        where = time_place(number, administration)
        yield from _known(where, administration, amounts)
        yield from compare("verify-dose", where, "dose [mg]", administration.dose_mg, dose(administration, amounts))
    delivered = sum((dose(given, amounts) for given in step.administrations), Fraction(0))
    yield from compare("verify-delivered", step_place(number), "day's dose [mg]", step.delivered_mg, delivered)


def dose(administration: Administration, amounts: Amounts) -> Fraction:
    """The drug [mg] in an administration; what is unknown counts as nothing."""
    total = Fraction(0)
    for take in administration.take:
        total += take.count * take.fraction * amounts.strengths.get(take.product, Fraction(0))
    if administration.measure is not None:
        measure = administration.measure
        total += measure.mL * amounts.concentrations.get(measure.product, Fraction(0))
    return total


def _known(where: str, administration: Administration, amounts: Amounts) -> Iterator[Finding]:
    for take in administration.take:
        if take.product not in amounts.strengths:
            yield stop("verify-product", where, f"{take.product!r} is not a known product that is counted")
    measure = administration.measure
    if measure is not None and measure.product not in amounts.concentrations:
        yield stop("verify-product", where, f"{measure.product!r} is not a known liquid")
