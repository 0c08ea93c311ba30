"""How long a compounded preparation may be used: the shortest of the limits that hold for it.

The limits are USP <795> (official 1 November 2023) for its category, its monograph, the published stability of the
same vehicle, container and temperature, what is left of its components, and what the formulary itself states. By
itself a study only shortens. A pharmacy that accepts evidence may use a longer one in place of the chapter's default,
up to 180 days, for an aqueous preparation only if it was tested for microbes too. A monograph always binds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from splitter.formulary.recipes import Batch, Category, Ground, Study
from splitter.formulary.records import Product
from splitter.prescription import Compounding, Evidence

DEFAULT_DAYS = {Category.AQUEOUS: 14, Category.PRESERVED: 35, Category.NON_AQUEOUS: 90, Category.SOLID: 180}
"""USP <795> (2023): the longest beyond-use date [days] without evidence of the preparation's own. Read in secondary
sources that agree; an aqueous preparation without preservative must be refrigerated."""

MOST_DAYS = 180
"""The longest beyond-use date [days] that evidence can give, by the same sources."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One limit [days] and the words for what sets it."""

    days: int
    words: str


def with_beyond_use(product: Product, compounding: Compounding) -> Product:
    """The product with the beyond-use date that this pharmacy gives it, and its basis in words.

    The days count the day of compounding; where the pharmacy counts from the day after, there is one more. A
    record without category and stated limit keeps its own.
    """
    batch = product.supply
    if not isinstance(batch, Batch):
        return product
    limits = sorted(_limits(product, batch, compounding), key=lambda limit: limit.days)
    if not limits:
        return product
    unused = _unused_study(product, batch, compounding)
    basis = "; ".join(
        (
            *(f"{limit.words}: {limit.days} days" for limit in limits),
            *(() if unused is None else (f"{Ground.UNUSED}: {unused.stable} days",)),
            Ground.DAY_ONE if compounding.first_day else Ground.DAY_AFTER,
        )
    )
    days = limits[0].days + 1 - compounding.first_day
    return replace(product, supply=replace(batch, beyond_use=days, beyond_use_basis=basis))


def _limits(product: Product, batch: Batch, compounding: Compounding) -> Iterator[Limit]:
    if batch.category is not None:
        study = _own_study(product, batch)
        if study is not None and _extends(study, batch.category, compounding):
            yield Limit(days=min(study.stable, MOST_DAYS), words=Ground.EVIDENCE)
        else:
            yield Limit(days=DEFAULT_DAYS[batch.category], words=f"{Ground.CHAPTER}, {batch.category}")
            if study is not None and study.stable <= DEFAULT_DAYS[batch.category]:
                yield Limit(days=study.stable, words=Ground.STUDY)
    if batch.monograph is not None:
        yield Limit(days=batch.monograph.beyond_use, words=Ground.MONOGRAPH)
    if batch.stated_beyond_use is not None:
        yield Limit(days=batch.stated_beyond_use, words=batch.stated_basis or Ground.STATED)
    for part in batch.ingredients:
        if part.keeps is not None:
            yield Limit(days=part.keeps, words=f"{Ground.COMPONENT} {part.name}")


def _own_study(product: Product, batch: Batch) -> Study | None:
    """The shortest study of the recipe's own vehicle, container and temperature."""
    own = (batch.vehicle, product.container, product.storage)
    same = (study for study in batch.published if (study.vehicle, study.container, study.temperature) == own)
    return min(same, key=lambda study: study.stable, default=None)


def _extends(study: Study, category: Category, compounding: Compounding) -> bool:
    """Whether a study stands in place of the chapter's default, because it is longer and its evidence is accepted."""
    sufficient = study.antimicrobial_tested or not category.is_aqueous
    return compounding.evidence is Evidence.ACCEPTED and sufficient and study.stable > DEFAULT_DAYS[category]


def _unused_study(product: Product, batch: Batch, compounding: Compounding) -> Study | None:
    """The study that is longer than the chapter's default and may not be used."""
    study = _own_study(product, batch)
    if study is None or batch.category is None or study.stable <= DEFAULT_DAYS[batch.category]:
        return None
    return None if _extends(study, batch.category, compounding) else study
