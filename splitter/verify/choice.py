"""Rules R5 and R6: which products a whole plan may use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from splitter.formulary import Product
from splitter.plan import Finding, Plan
from splitter.prescription import DivisionRule, Fine, Liquids
from splitter.verify.case import Case
from splitter.verify.findings import stop


def used_products(plan: Plan) -> set[str]:
    """The ids of the products that the regimens give."""
    given = [given for step in plan.steps for given in step.administrations]
    taken = {take.product for administration in given for take in administration.take}
    return taken | {administration.measure.product for administration in given if administration.measure is not None}


def check_choice(case: Case) -> Iterator[Finding]:
    """What the policy forbids, each product by itself and all together."""
    used = [case.products[product_id] for product_id in sorted(used_products(case.plan)) if product_id in case.products]
    for product in used:
        for reason in _why_forbidden(case, product):
            yield stop("verify-R6", product.id, reason)
    families = sorted({product.family for product in used if product.family is not None})
    if len(families) > 1:
        yield stop("verify-family", "plan", f"products of families that never mix: {_listed(families)}")
    liquids = [product.id for product in used if product.is_liquid]
    if case.policy.one_liquid and len(liquids) > 1:
        yield stop("verify-R5", "plan", f"{len(liquids)} liquids where one is allowed: {_listed(liquids)}")
    capsules = [product.id for product in used if product.is_compounded and not product.is_liquid]
    if case.policy.one_liquid and liquids and capsules and case.policy.fine is Fine.PHASE:
        yield stop("verify-R5", "plan", f"compounded capsules beside a liquid: {_listed((*capsules, *liquids))}")
    chosen = [product.id for product in used if is_chosen(product)]
    if chosen and len(capsules) > case.policy.compounded_strengths:
        most = case.policy.compounded_strengths
        yield stop(
            "verify-R6",
            "plan",
            f"{len(capsules)} strengths of compounded capsules, more than {most}: {_listed(capsules)}",
        )
    if case.policy.max_products and len(used) > case.policy.max_products:
        message = f"{len(used)} products, more than {case.policy.max_products}: {_listed(p.id for p in used)}"
        yield stop("verify-R6", "plan", message)


def is_allowed(case: Case, product: Product) -> bool:
    """Whether rule R6 leaves a product, `max_products` apart."""
    return not any(_why_forbidden(case, product))


def is_chosen(product: Product) -> bool:
    """Whether it is one of several strengths of capsules of one recipe, which are made only where they are chosen."""
    return product.ladder is not None and product.concentration is None


def _chooses(case: Case) -> bool:
    """Whether the policy has strengths chosen: where the path settles the doses, for one means at a time."""
    policy = case.policy
    settled = policy.division is DivisionRule.PATH and policy.fine is Fine.PHASE and policy.one_liquid
    return settled and policy.compounded_strengths > 0


def _why_forbidden(case: Case, product: Product) -> Iterator[str]:
    if not product.available:
        yield "it is not available"
    if product.id in case.policy.exclude or product.ladder in case.policy.exclude:
        yield "it is excluded by the policy"
    if product.is_compounded and not case.policy.compounded:
        yield "the policy has no compounding"
    if is_chosen(product) and not _chooses(case):
        yield "the policy lets no strength be chosen out of several"
    if product.is_liquid and case.policy.liquids is Liquids.NEVER:
        yield "the policy has no liquids"
    if not product.is_liquid and case.policy.liquids is Liquids.ONLY:
        yield "the policy has liquids only"


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(ids)
