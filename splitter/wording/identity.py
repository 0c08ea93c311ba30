"""The names by which this pharmacy knows what it hands over: each container's serial, each compounded item's lot.

Both follow from the plan alone, so that labels, worksheets and barcodes say the same whenever they are printed.
"""

from __future__ import annotations

import base64
import hashlib
import re

from splitter.plan import Item, Plan

# What a GS1 element holds of this pharmacy's own: 20 characters (GS1 General Specifications, AI 10 and 21).
_LONGEST = 20
_PLAIN = re.compile(r"[0-9A-Za-z._-]+")
# Douglas Crockford's base 32 has no I, L, O and U, which are mistaken for figures or for words.
_BASE32 = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
_LOT_DIGITS, _NUMBER_DIGITS = 5, 8


def containers(item: Item) -> int:
    """In how many packs, bottles or containers an item is handed over; loose units are in one."""
    return max(sum(part.count for part in item.parts), 1)


def serials(plan: Plan, item: Item) -> tuple[str, ...]:
    """The own name of each of the item's containers: prescription number, visit, place among the visit's items, and
    the container's number where there are several.

    A number that is too long for a barcode, or has other characters than plain letters and figures, is
    replaced by a digest of it.
    """
    place = [other for other in plan.items if other.date == item.date].index(item) + 1
    end, count = f"-{item.date:%y%m%d}-{place}", containers(item)
    ends = [f"{end}-{each}" for each in range(1, count + 1)] if count > 1 else [end]
    number, room = plan.prescription.number, _LONGEST - len(ends[-1])
    if not _PLAIN.fullmatch(number) or len(number) > room:
        number = _digest(min(_NUMBER_DIGITS, room), number)
    return tuple(number + each for each in ends)


def lot(plan: Plan, item: Item) -> str | None:
    """The internal lot number of a compounded item: the day, and a digest of what was made for whom; else None."""
    product = next(product for product in plan.products if product.id == item.product)
    if not product.compounded:
        return None
    return f"{item.date:%y%m%d}-{_digest(_LOT_DIGITS, plan.prescription.number, str(item.date), item.product)}"


def elements(plan: Plan, item: Item) -> tuple[tuple[tuple[str, str], ...], ...]:
    """What the barcode of each of an item's containers holds: GS1 identifiers, with the day to use it by (17), the
    lot (10), the container's serial (21)."""
    use_by = (("17", f"{item.discard_after:%y%m%d}"),) if item.discard_after else ()
    made = lot(plan, item)
    same = (*use_by, *((("10", made),) if made else ()))
    return tuple((*same, ("21", serial)) for serial in serials(plan, item))


def _digest(digits: int, *words: str) -> str:
    raw = hashlib.sha256("\n".join(words).encode()).digest()
    return base64.b32encode(raw).decode().translate(_BASE32)[:digits]
