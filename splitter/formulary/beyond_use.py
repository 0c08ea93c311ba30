"""How long a compounded preparation may be used: the shortest of the limits that hold for it.

The limits are USP <795> (official 1 November 2023) for its category, its monograph, the published stability of the
same vehicle, container and temperature, what is left of its components, and what the formulary itself states. By
itself a study only shortens. A pharmacy that accepts evidence may use a longer one in place of the chapter's default,
up to 180 days, for an aqueous preparation only if it was tested for microbes too. A monograph always binds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from splitter.formulary.recipes import Batch, Category, Study
from splitter.formulary.records import Product
from splitter.prescription import Compounding, Evidence

DEFAULT_DAYS = {Category.AQUEOUS: 14, Category.PRESERVED: 35, Category.NON_AQUEOUS: 90, Category.SOLID: 180}
"""USP <795> (2023): the longest beyond-use date [days] without evidence of the preparation's own. Read in secondary
sources that agree; an aqueous preparation without preservative must be refrigerated."""

MOST_DAYS = 180
"""The longest beyond-use date [days] that any evidence gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One limit [days] and the words for what sets it."""

    days: int
    words: str


def with_beyond_use(product: Product, compounding: Compounding) -> Product:
    """The product with the beyond-use date that this pharmacy gives it, and its basis in words.

    The days count the day of compounding; where the pharmacy counts from the day after, there is one more.
    """
    batch = product.supply
    if not isinstance(batch, Batch):
        return product
    if batch.category is None:
        assert batch.stated_beyond_use is not None, "a recipe without a category states its beyond-use date"
        days, basis = batch.stated_beyond_use, batch.stated_basis
    else:
        limits = sorted(_limits(product, batch, batch.category, compounding), key=lambda limit: limit.days)
        days, basis = limits[0].days, _words(limits)
    return replace(product, supply=replace(batch, beyond_use=days + 1 - compounding.first_day, beyond_use_basis=basis))


def matching_study(product: Product, batch: Batch) -> Study | None:
    """The shortest study of the recipe's own vehicle, container and temperature."""
    own = (batch.vehicle, product.container, product.storage)
    same = (study for study in batch.published if (study.vehicle, study.container, study.temperature) == own)
    return min(same, key=lambda study: study.stable, default=None)


def _limits(product: Product, batch: Batch, category: Category, compounding: Compounding) -> Iterator[Limit]:
    default, study = DEFAULT_DAYS[category], matching_study(product, batch)
    if study is not None and study.stable > default and _extends(study, category, compounding):
        yield Limit(days=min(study.stable, MOST_DAYS), words="accepted published stability")
    else:
        yield Limit(days=default, words=f"USP <795> for {category} preparations")
        if study is not None and study.stable <= default:
            yield Limit(days=study.stable, words="published stability")
    if batch.monograph is not None:
        yield Limit(days=batch.monograph.beyond_use, words="the monograph")
    if batch.stated_beyond_use is not None:
        yield Limit(days=batch.stated_beyond_use, words=batch.stated_basis or "the formulary's own limit")
    for part in batch.ingredients:
        if part.keeps is not None:
            yield Limit(days=part.keeps, words=f"what is left of {part.name}")


def _extends(study: Study, category: Category, compounding: Compounding) -> bool:
    return compounding.evidence is Evidence.ACCEPTED and (study.antimicrobial_tested or not category.is_aqueous)


def _words(limits: list[Limit]) -> str:
    """The basis: what binds, then what else was considered."""
    binding, *others = (f"{limit.words}, {limit.days} days" for limit in limits)
    return "; ".join((binding, *others))
