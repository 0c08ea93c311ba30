"""The beyond-use date of each compounded product, reckoned again from the recipe and the pharmacy's rules.

Every ground that may limit it is asked in turn; the strictest answer counts. The chapter's figures stand here a
second time, so that a slip in one place shows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from splitter.formulary import Batch, Category, Ground, Product, Study
from splitter.prescription import Compounding, Evidence
from splitter.quantity import counted

_LONGEST = 180


def _chapter(category: Category) -> int:
    match category:
        case Category.AQUEOUS:
            return 2 * 7
        case Category.PRESERVED:
            return 5 * 7
        case Category.NON_AQUEOUS:
            return 90
        case Category.SOLID:
            return 180


def reckoned_again(product: Product, compounding: Compounding, start: dt.date | None = None) -> Product:
    """The product with its beyond-use days and basis as they should be; others, and those without a ground, as is."""
    batch = product.supply
    if not isinstance(batch, Batch):
        return product
    grounds = list(_grounds(product, batch, compounding))
    binding = [(days, words) for days, words, counts in grounds if counts]
    if not binding:
        return product
    binding.sort(key=lambda ground: ground[0])
    binding[:0] = _first_to_expire(batch, compounding, start, binding[0][0])
    said = [f"{words}: {counted(days, 'day')}" for days, words in binding]
    said += [f"{words}: {counted(days, 'day')}" for days, words, counts in grounds if not counts]
    if compounding.first_day == 0:
        supply = replace(batch, beyond_use=binding[0][0] + 1, beyond_use_basis="; ".join((*said, Ground.DAY_AFTER)))
    else:
        supply = replace(batch, beyond_use=binding[0][0], beyond_use_basis="; ".join((*said, Ground.DAY_ONE)))
    return replace(product, supply=supply)


def _first_to_expire(
    batch: Batch, compounding: Compounding, start: dt.date | None, limit: int
) -> list[tuple[int, str]]:
    """The component in stock whose last day comes before the `limit` of a batch of the first day."""
    if start is None:
        return []
    in_date = [part for part in batch.ingredients if part.expires is not None and start <= part.expires]
    if not in_date:
        return []
    part = min(in_date, key=lambda one: one.expires or dt.date.max)
    last_by_limit = start + dt.timedelta(days=limit - compounding.first_day)
    if part.expires is None or part.expires >= last_by_limit:
        return []
    left = (part.expires - start).days + (1 if compounding.first_day else 0)
    return [(left, f"{Ground.COMPONENT} {part.name}, which expires on {part.expires.isoformat()}")]


def _grounds(product: Product, batch: Batch, compounding: Compounding) -> Iterator[tuple[int, str, bool]]:
    """Days, words, and whether they limit: what is published but may not be used does not."""
    if batch.category is not None:
        yield from _chapter_or_study(product, batch, batch.category, compounding)
    if batch.monograph is not None:
        yield batch.monograph.beyond_use, Ground.MONOGRAPH, True
    if batch.stated_beyond_use is not None:
        yield batch.stated_beyond_use, batch.stated_basis or Ground.STATED, True
    yield from ((p.keeps, f"{Ground.COMPONENT} {p.name}", True) for p in batch.ingredients if p.keeps is not None)


def _chapter_or_study(
    product: Product, batch: Batch, category: Category, compounding: Compounding
) -> Iterator[tuple[int, str, bool]]:
    limit = _chapter(category)
    own = sorted((s for s in batch.published if _is_of(s, product, batch)), key=lambda study: study.stable)
    if not own or own[0].stable <= limit:
        yield limit, f"{Ground.CHAPTER}, {category}", True
        yield from ((study.stable, Ground.STUDY, True) for study in own[:1])
    elif compounding.evidence is Evidence.ACCEPTED and not any(
        _is_lacking(study, category) for study in own if study.stable == own[0].stable
    ):
        yield min(own[0].stable, _LONGEST), Ground.EVIDENCE, True
    else:
        yield limit, f"{Ground.CHAPTER}, {category}", True
        yield own[0].stable, Ground.UNUSED, False


def _is_of(study: Study, product: Product, batch: Batch) -> bool:
    """Whether a study is of this very preparation, kept as this one is; an unnamed container may be any."""
    if study.container is not None and study.container != product.container:
        return False
    return study.vehicle == batch.vehicle and study.temperature == product.storage


def _is_lacking(study: Study, category: Category) -> bool:
    """Whether a study may not lengthen a date: its container is not known, or microbes might grow."""
    is_dry = category in (Category.NON_AQUEOUS, Category.SOLID)
    return study.container is None or not (study.antimicrobial_tested or is_dry)
