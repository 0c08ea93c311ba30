"""Which days each visit serves: the visits, the days to spare, and how long one lot may serve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from splitter.formulary import Batch, Bottles, Poured, Product
from splitter.prescription import DivisionRule, Fine
from splitter.quantity import counted
from splitter.verify.case import Case
from splitter.verify.choice import is_allowed, used_products


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days from `first` to `last`, both included, that are served by what is handed over on day `handed`."""

    handed: int
    first: int
    last: int


def intervals(case: Case) -> tuple[Span, ...]:
    """The days that each visit serves: from `spare` days after it, the first from its day on; the last to the end."""
    found: list[Span] = []
    visit, first = 0, 0
    while first < case.days:
        following = visit + case.policy.visit_interval + case.spare
        found.append(Span(handed=visit, first=first, last=min(following, case.days) - 1))
        visit, first = visit + case.policy.visit_interval, following
    return tuple(found)


def windows(interval: Span, shelf_life: int) -> tuple[Span, ...]:
    """An interval cut into windows of one shelf life [days], counted from its first day."""
    starts = range(interval.first, interval.last + 1, shelf_life)
    return tuple(Span(handed=day, first=day, last=min(day + shelf_life - 1, interval.last)) for day in starts)


def shelf_life(product: Product) -> int | None:
    """The days that a lot lasts, the day of dispensing being day 1; None without a limit."""
    match product.supply:
        case Batch() as batch:
            return batch.beyond_use
        case Poured() as poured:
            return poured.keeps
        case Bottles() as bottles:
            return bottles.in_use
    return None


def why_too_long(case: Case, product: Product, served: Sequence[Span]) -> tuple[str, str] | None:
    """Why one lot may not serve these intervals, as a code and words; None where it may."""
    visit, life, limit = served[0].handed, shelf_life(product), case.policy.max_supply
    days = served[-1].last - visit + 1
    if life is not None and days > life:
        said = f"serves {counted(days, 'day')} from its visit on; its shelf life is {counted(life, 'day')}"
        return "verify-shelf-life", said
    following = min(served[-1].handed + case.policy.visit_interval, case.days)
    if limit is not None and len(served) > 1 and following - visit > limit:
        said = f"serves {counted(len(served), 'visit')}, of {counted(following - visit, 'day')} in all"
        return "verify-max-supply", f"{said}; one lot may serve {counted(limit, 'day')}"
    return None


def possible_spares(case: Case) -> tuple[int, ...]:
    """How many days each hand-over may last beyond the next visit, the most first; mostly one number.

    The policy's, where all lots that the plan could have been made of last as long; else none.
    """
    wanted = case.policy.spare
    least = case.policy.visit_interval + wanted
    lives = [[shelf_life(product) for product in products] for products in _possible_means(case)]
    found = {wanted if all(life is None or life >= least for life in each) else 0 for each in lives}
    return tuple(sorted(found, reverse=True))


def _possible_means(case: Case) -> list[list[Product]]:
    """The liquids and compounded capsules that the plan could be made of; several lists where it doesn't tell.

    Where only one of them may be used, they are that one, the capsules together. A plan that uses none of them could
    not use any, unless some step is fine or its division free.
    """
    used = [case.products[product] for product in used_products(case.plan) if product in case.products]
    families = {None, *(product.family for product in used)}
    means = [p for p in case.products.values() if p.is_liquid or p.is_compounded]
    means = [p for p in means if is_allowed(case, p) and p.family in families]
    if case.policy.fine is Fine.FREE or not case.policy.one_liquid:
        return [means]
    capsules = [product for product in means if not product.is_liquid]
    given = [product for product in means if product in used]
    if given:
        liquids = [product for product in given if product.is_liquid]
        return [[*liquids, *(capsules if len(liquids) < len(given) else [])]]
    if case.policy.division is DivisionRule.PATH and all(step.form != "fine" for step in case.plan.steps):
        return [[]]
    return [[], *([product] for product in means if product.is_liquid), capsules]
