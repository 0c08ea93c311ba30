"""What the products of a plan make a pharmacist ask: prices, facts that are not sure, bottles, bottles to confuse."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil

from splitter.checks.question import Question, Said, check
from splitter.formulary import CONFUSABLE, Bottles, Certainty, Product
from splitter.plan import Severity, Status
from splitter.quantity import format_exact

LONG_OPEN = 60
"""Days of use beyond which a bottle of unknown life after opening is worth a question: the longest such life that
a label of the built-in drug states (two months, baclofen suspension 5 mg/mL)."""

OLD_PRICE = 365
"""Days from the start of the treatment beyond which a price is old, or its date a slip: a year."""

_PARTS_OF_SCORE = {
    1: frozenset[Fraction](),
    2: frozenset({Fraction(1, 2)}),
    3: frozenset({Fraction(1, 3)}),
    4: frozenset({Fraction(1, 2), Fraction(1, 4)}),
}
"""The pieces into which a tablet with a functional score of so many parts may be broken."""


@check("not-proved-cheapest", Severity.WARN, "the plan: its status")
def not_proved_cheapest(question: Question) -> Iterator[Said]:
    """A search that a limit stopped."""
    plan = question.plan
    if plan.status is Status.FEASIBLE and plan.objective is not None and plan.lower_bound is not None:
        most = format_exact(Fraction(ceil((plan.objective - plan.lower_bound) * 100), 100))
        message = f"the search was stopped early: a plan that is cheaper by at most {most} {plan.currency} may exist"
        yield Said(message=message)


@check("illustrative-price", Severity.NOTE, "illustrative of the products")
def illustrative_price(question: Question) -> Iterator[Said]:
    """Products whose price is made up for want of a published one."""
    names = [product.name for product in question.used() if product.illustrative_price]
    if names:
        message = f"the cost rests on illustrative prices, not real ones: {', '.join(names)}"
        yield Said(message=message)


@check("price-old", Severity.WARN, "price_date of the products: a year")
def price_old(question: Question) -> Iterator[Said]:
    """Products whose real price is of more than a year before the treatment starts, or after: a slip of the date."""
    start = question.prescription.start
    aged = [
        f"{product.name} ({product.price_date})"
        for product in question.used()
        if product.price_date is not None
        and not product.illustrative_price
        and abs((start - product.price_date).days) > OLD_PRICE
    ]
    if aged:
        message = f"prices of more than a year before or after the start, {start}: {', '.join(aged)}"
        yield Said(message=message)


@check("unverified-fact", Severity.NOTE, "certainty of the facts and products")
def unverified_fact(question: Question) -> Iterator[Said]:
    """Products, and facts of the drug, that nobody has verified."""
    known = question.formulary
    facts = {
        "limits and cautions": known.provenance,
        "schedule": known.control and known.control.provenance,
        "hazard": known.hazard and known.hazard.provenance,
        "signs of withdrawal": known.withdrawal and known.withdrawal.provenance,
        "the time of the larger doses": known.larger_dose and known.larger_dose_provenance,
        "the end of a taper": known.taper_end and known.taper_end_provenance,
    } | {product.name: product.provenance for product in question.used()}
    names = [name for name, origin in facts.items() if origin and origin.certainty is Certainty.UNVERIFIED]
    if names:
        message = f"facts that are not verified; check the package before dispensing: {', '.join(names)}"
        yield Said(message=message)


@check("not-scored", Severity.WARN, "FDA guidance on tablet scoring, 2013: halves of unscored tablets differ")
def not_scored(question: Question) -> Iterator[Said]:
    """Tablets that the policy lets the pharmacy break where they have no functional score."""
    broken = _broken(question)
    names = [p.name for p in question.used() if broken.get(p.id, frozenset()) - _PARTS_OF_SCORE[p.pieces]]
    if names:
        message = f"broken where no score was seen, so that the pieces may differ in dose: {', '.join(names)}"
        yield Said(message=message)


@check("score-of-one-maker", Severity.NOTE, "SPL SCORE is stated for each maker's tablet")
def score_of_one_maker(question: Question) -> Iterator[Said]:
    """Tablets that are broken at their score, which another maker's tablet may not have."""
    broken = _broken(question)
    names = [p.name for p in question.used() if broken.get(p.id, frozenset()) & _PARTS_OF_SCORE[p.pieces]]
    if names:
        message = f"scores differ by maker; look at the tablet before it is broken: {', '.join(names)}"
        yield Said(message=message)


def _broken(question: Question) -> dict[str, frozenset[Fraction]]:
    """The fractions in which the plan gives each product that it breaks."""
    takes = [take for step in question.plan.steps for given in step.administrations for take in given.take]
    parts = {take.product: frozenset[Fraction]() for take in takes if take.fraction != 1}
    for take in takes:
        if take.fraction != 1:
            parts[take.product] |= {take.fraction}
    return parts


@check("long-open-bottle", Severity.WARN, "the longest life after opening on a label of the built-in drugs: two months")
def long_open_bottle(question: Question) -> Iterator[Said]:
    """A marketed bottle without a stated life after opening that serves for long."""
    longest: dict[str, tuple[int, str]] = {}
    unlimited = {
        product.id: product
        for product in question.formulary.products
        if isinstance(product.supply, Bottles) and product.supply.in_use is None
    }
    for item in question.plan.items:
        days = (item.use_until - item.first_day).days + 1
        if item.product in unlimited and days > LONG_OPEN:
            message = (
                f"{unlimited[item.product].name}, handed over on {item.date}, serves for {days} days; the formulary "
                "states no limit after opening: ask the maker's label"
            )
            longest[item.product] = max(longest.get(item.product, (0, "")), (days, message))
    yield from (Said(message=message) for _, message in longest.values())


@check("look-alike-concentration", Severity.WARN, "ISMP: errors between concentrations of one drug, 5- to 20-fold")
def look_alike_concentrations(question: Question) -> Iterator[Said]:
    """A liquid beside one in the plan or on the shelf that is 5, 10 or 20 times stronger or weaker."""
    used = [product for product in question.used() if product.is_liquid]
    shelf = [product for product in question.allowed if product.is_liquid]
    for product in used:
        kept = [other for other in shelf if other.id != product.id and _is_confusable(product, other)]
        if kept:
            others = ", ".join(f"{other.name}, {_how_strong(other, product)}" for other in kept)
            yield Said(
                message=f"{product.name} may be mistaken for another concentration: {others}; "
                "compare mg and mL on the bottle"
            )


def _is_confusable(one: Product, other: Product) -> bool:
    strengths = sorted(p.concentration.value for p in (one, other) if p.concentration is not None)
    return len(strengths) == len((one, other)) and strengths[1] / strengths[0] in CONFUSABLE


def _how_strong(other: Product, product: Product) -> str:
    assert other.concentration and product.concentration  # noqa: PT018  both are liquids
    ratio = other.concentration.value / product.concentration.value
    return f"{format_exact(ratio)} times stronger" if ratio > 1 else f"{format_exact(1 / ratio)} times weaker"
