"""Which of a drug's products a plan may use (rule R6), and that strengths of different families never meet in one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from splitter.formulary import Product
from splitter.prescription import DivisionRule, Fine, Liquids, Policy


def allowed_products(stock: Iterable[Product], policy: Policy) -> tuple[Product, ...]:
    """The products that rule R6 and availability leave, by id."""
    return tuple(sorted((product for product in stock if _allows(policy, product)), key=lambda product: product.id))


def families(stock: Sequence[Product], policy: Policy) -> tuple[tuple[Product, ...], ...]:
    """The stock once for each family of its products, by name, with those of no family in each; whole without families.

    Only families that are allowed something count, where any is, so that nothing is asked twice.
    """
    names = {p.family for p in allowed_products(stock, policy)} - {None} or {p.family for p in stock} - {None}
    return tuple(
        tuple(product for product in stock if product.family in (None, name))
        for name in sorted(name for name in names if name is not None)
    ) or (tuple(stock),)


def chooses_strengths(policy: Policy) -> bool:
    """Whether strengths of capsules may be chosen out of recipes of several.

    That needs doses that are settled before any cost, with one means: the path, one form at a time, one liquid.
    """
    ruled = policy.division is DivisionRule.PATH and policy.fine is Fine.PHASE
    return bool(policy.compounded_strengths) and policy.one_liquid and ruled


def _allows(policy: Policy, product: Product) -> bool:
    if not product.available or (policy.exclude and {product.id, product.ladder}.intersection(policy.exclude)):
        return False
    if product.is_compounded and not policy.compounded:
        return False
    if product.is_chosen and not chooses_strengths(policy):
        return False
    if policy.liquids is Liquids.ONLY:
        return product.is_liquid
    return policy.liquids is Liquids.ALLOW or not product.is_liquid
