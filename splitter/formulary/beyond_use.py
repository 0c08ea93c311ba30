"""How long a compounded preparation may be used: the shortest of the limits that hold for it.

The limits are USP <795> (official 1 November 2023) for its category, its monograph, the published stability of the
same vehicle, container and temperature, what is left of its components, the last day of the components in stock, and
what the formulary itself states. By itself a study only shortens. A pharmacy that accepts evidence may use a longer
one in place of the chapter's default, up to 180 days, for an aqueous preparation only if it was tested for microbes
too. A monograph always binds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from splitter.formulary.recipes import Batch, Category, Ground, Study
from splitter.formulary.records import Product
from splitter.prescription import Compounding, Evidence
from splitter.quantity import counted

DEFAULT_DAYS = {Category.AQUEOUS: 14, Category.PRESERVED: 35, Category.NON_AQUEOUS: 90, Category.SOLID: 180}
"""USP <795> (2023): the longest beyond-use date [days] without evidence of the preparation's own. Read in secondary
sources that agree; an aqueous preparation without preservative must be refrigerated."""

MOST_DAYS = 180
"""The longest beyond-use date [days] that evidence can give, by the same sources."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitedBy:
    """One limit [days] and the words for what sets it."""

    days: int
    words: str


def with_beyond_use(product: Product, compounding: Compounding, start: date | None = None) -> Product:
    """The product with the beyond-use date that this pharmacy gives it, and its basis in words.

    With `start`, the day of the first batches, they last no longer than the components in stock, nor do later ones:
    which of them are made with what is in stock can't be known.

    The days count the day of compounding; where the pharmacy counts from the day after, there is one more. A
    record without category and stated limit keeps its own.
    """
    batch = product.supply
    if not isinstance(batch, Batch):
        return product
    limits = sorted(_limits(product, batch, compounding), key=lambda limit: limit.days)
    limits = [*_expiries(batch, start, limits, compounding), *limits]
    if not limits:
        return product
    unused = _unused_days(product, batch, compounding)
    basis = "; ".join(
        (
            *(f"{limit.words}: {counted(limit.days, 'day')}" for limit in limits),
            *(() if unused is None else (f"{Ground.UNUSED}: {counted(unused, 'day')}",)),
            Ground.DAY_ONE if compounding.first_day else Ground.DAY_AFTER,
        )
    )
    days = limits[0].days + 1 - compounding.first_day
    return replace(product, supply=replace(batch, beyond_use=days, beyond_use_basis=basis))


def as_counted(days: int, basis: str | None) -> tuple[int, str]:
    """Beyond-use days as their basis counts them, and what to say of the counting; nothing of the usual one.

    >>> as_counted(91, "published stability: 90 days; counted from the day after compounding")
    (90, ', counted from the day after compounding')
    """
    if basis is not None and basis.endswith(Ground.DAY_AFTER):
        return days - 1, f", {Ground.DAY_AFTER}"
    return days, ""


def _limits(product: Product, batch: Batch, compounding: Compounding) -> Iterator[LimitedBy]:
    if batch.category is not None:
        default, published = DEFAULT_DAYS[batch.category], _published_days(product, batch)
        if published is not None and _is_extended(product, batch, compounding):
            yield LimitedBy(days=min(published, MOST_DAYS), words=Ground.EVIDENCE)
        else:
            yield LimitedBy(days=default, words=f"{Ground.CHAPTER}, {batch.category}")
            if published is not None and published <= default:
                yield LimitedBy(days=published, words=Ground.STUDY)
    if batch.monograph is not None:
        yield LimitedBy(days=batch.monograph.beyond_use, words=Ground.MONOGRAPH)
    if batch.stated_beyond_use is not None:
        yield LimitedBy(days=batch.stated_beyond_use, words=batch.stated_basis or Ground.STATED)
    for part in batch.ingredients:
        if part.keeps is not None:
            yield LimitedBy(days=part.keeps, words=f"{Ground.COMPONENT} {part.name}")


def _expiries(batch: Batch, start: date | None, others: list[LimitedBy], compounding: Compounding) -> list[LimitedBy]:
    """The component in stock that expires first, where that is before the `others` end; what is expired is a finding.

    Its last day is that of the preparation too, however the pharmacy counts days.
    """
    if start is None or not others:
        return []
    dated = [(part.expires, part) for part in batch.ingredients if part.expires is not None]
    current = sorted((pair for pair in dated if pair[0] >= start), key=lambda pair: pair[0])
    for expires, part in current[:1]:
        days = (expires - start).days + compounding.first_day
        if days < others[0].days:
            return [LimitedBy(days=days, words=f"{Ground.COMPONENT} {part.name}, which expires on {expires}")]
    return []


def _own_studies(product: Product, batch: Batch) -> list[Study]:
    """The studies of the recipe's own vehicle, temperature and, where they name one, container."""
    own, containers = (batch.vehicle, product.storage), (None, product.container)
    return [s for s in batch.published if (s.vehicle, s.temperature) == own and s.container in containers]


def _published_days(product: Product, batch: Batch) -> int | None:
    """What the strictest of its own studies shows [days]."""
    return min((study.stable for study in _own_studies(product, batch)), default=None)


def _is_extended(product: Product, batch: Batch, compounding: Compounding) -> bool:
    """Whether evidence stands in place of the chapter's default: longer, sufficient, and accepted."""
    days, category = _published_days(product, batch), batch.category
    if compounding.evidence is not Evidence.ACCEPTED or days is None or category is None:
        return False
    return days > DEFAULT_DAYS[category] and all(
        study.container is not None and (study.antimicrobial_tested or not category.is_aqueous)
        for study in _own_studies(product, batch)
        if study.stable == days
    )


def _unused_days(product: Product, batch: Batch, compounding: Compounding) -> int | None:
    """What is published beyond the chapter's default and may not be used [days]."""
    days = _published_days(product, batch)
    if days is None or batch.category is None or days <= DEFAULT_DAYS[batch.category]:
        return None
    return None if _is_extended(product, batch, compounding) else days
