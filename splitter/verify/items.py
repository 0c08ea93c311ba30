"""The plan's items against those that the regimens make due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from splitter.formulary import Batch, Bottles, Packs, Poured, Product, Size
from splitter.plan import Finding, Item, Plan
from splitter.quantity import format_exact
from splitter.verify.case import Case
from splitter.verify.choice import used_products
from splitter.verify.findings import compare, stop
from splitter.verify.handing import Span, intervals, possible_spares, why_too_long
from splitter.verify.lots import Partition, best_partition, make_lot, rank_of
from splitter.verify.supplies import (
    due_items,
    has_chosen_lots,
    lot_item,
    use_in,
    used_intervals,
)

_PLAIN_FIELDS = ("use_from", "use_until", "discard_after", "quantity", "unit", "cut", "needed", "batches", "cost")


def item_place(item: Item) -> str:
    """How findings name an item."""
    return f"item {item.date} {item.product}"


def check_items(case: Case) -> Iterator[Finding]:
    """Every item that is due, and no other, with every figure on it.

    Where the plan doesn't tell whether it has days to spare, it may be right either way.
    """
    found = [list(_check_items(replace(case, spare=spare))) for spare in possible_spares(case)]
    yield from min(found, key=len)


def _check_items(case: Case) -> Iterator[Finding]:
    for (date, product_id), entries in Counter((item.date, item.product) for item in case.plan.items).items():
        if entries > 1:
            yield stop("verify-item", f"item {date} {product_id}", f"handed over {entries} times on one date")
    yield from check_order(case.plan)
    handed_over = {item.product for item in case.plan.items}
    for product_id in sorted(handed_over | used_products(case.plan)):
        product = case.products.get(product_id)
        items = [item for item in case.plan.items if item.product == product_id]
        if product is None:
            yield from (stop("verify-product", item_place(item), "the formulary has no such product") for item in items)
        elif has_chosen_lots(case, product):
            yield from _check_chosen(case, product, items)
        else:
            yield from _check_due(case, product, items)


def check_order(plan: Plan) -> Iterator[Finding]:
    """Items stand by date and product id: labels and serials count them in this order."""
    stated = [(item.date, item.product) for item in plan.items]
    for place, (earlier, later) in enumerate(pairwise(stated), 2):
        if later < earlier:
            message = f"item {place} of the plan belongs before that of {earlier[0]} {earlier[1]}"
            yield stop("verify-order", item_place(plan.items[place - 1]), message)


def _check_due(case: Case, product: Product, items: Sequence[Item]) -> Iterator[Finding]:
    """Items whose dates the regimens settle."""
    due = {item.date: item for item in due_items(case, product)}
    for item in items:
        if item.date not in due:
            yield stop("verify-item", item_place(item), "nothing of it is due on that date")
        else:
            yield from _compare_items(product, item, due[item.date])
    for date in sorted(due.keys() - {item.date for item in items}):
        yield stop("verify-item", item_place(due[date]), "it is due on that date, and the plan has no such item")


def _compare_items(product: Product, stated: Item, due: Item) -> Iterator[Finding]:
    where = item_place(stated)
    for name in _PLAIN_FIELDS:
        what = name.replace("_", " ")
        yield from compare(f"verify-{name.replace('_', '-')}", where, what, getattr(stated, name), getattr(due, name))
    sizes = _sizes(product)
    reordered = stated.parts != due.parts and Counter(stated.parts) == Counter(due.parts)
    if reordered or rank_of(stated.parts, sizes) != rank_of(due.parts, sizes):
        said, best = (
            " + ".join(f"{part.count} × {format_exact(part.size)}" for part in item.parts) or "none"
            for item in (stated, due)
        )
        yield stop("verify-parts", where, f"parts: the plan says {said}; it should be {best}")


def _sizes(product: Product) -> tuple[Size, ...]:
    if isinstance(product.supply, (Batch, Poured)):
        return product.supply.containers
    return product.supply.sizes if isinstance(product.supply, (Packs, Bottles)) else ()


def _check_chosen(case: Case, product: Product, items: Sequence[Item]) -> Iterator[Finding]:
    """Lots that the plan chose: allowed, rightly sized, together serving all use, and the best choice."""
    served: Counter[Span] = Counter()
    faults = 0
    for item in items:
        span, findings = _lot_span(case, product, item)
        yield from findings
        if span is None:
            faults += 1
            continue
        served.update(_within(intervals(case), span))
        yield from _compare_items(product, item, lot_item(case, product, span))
    for interval in used_intervals(case, product):
        if served[interval] != 1:
            faults += 1
            where = f"item {case.date(interval.handed)} {product.id}"
            yield stop("verify-lot", where, f"the visit's use is served by {served[interval]} lots; it should be one")
    if not faults:
        yield from _check_cheapest(case, product, items)


def _lot_span(case: Case, product: Product, item: Item) -> tuple[Span | None, list[Finding]]:
    """The days that a stated lot serves, or why it must not."""
    where, spans = item_place(item), intervals(case)
    first = next((span for span in spans if case.date(span.handed) == item.date), None)
    last = next((span for span in spans if case.date(span.last) == item.use_until), None)
    if first is None:
        return None, [stop("verify-item", where, "no visit is on that date")]
    if last is None or last.last < first.last:
        return None, [stop("verify-use-until", where, f"use until {item.use_until}: no interval ends then")]
    span = replace(first, last=last.last)
    if (reason := why_too_long(case, product, _within(spans, span))) is not None:
        code, words = reason
        return None, [stop(code, where, words)]
    if not (use_in(case, product.id, first).amount and use_in(case, product.id, last).amount):
        return None, [stop("verify-lot", where, "it is not used in the first and the last interval that it serves")]
    return span, []


def _within(spans: Sequence[Span], lot: Span) -> list[Span]:
    """The intervals that a lot serves."""
    return [span for span in spans if lot.first <= span.first <= lot.last]


def _check_cheapest(case: Case, product: Product, items: Sequence[Item]) -> Iterator[Finding]:
    """Given the regimens: no other choice of lots costs less, or as much with fewer lots, or with later dates."""
    used = used_intervals(case, product)
    uses = [use_in(case, product.id, span).amount for span in used]
    fee, spans = case.pharmacy.costs.item_fee.value, intervals(case)

    def cost(first: int, last: int) -> Fraction:
        return fee + make_lot(case, product, sum(uses[first : last + 1], Fraction(0))).cost

    def may_serve(first: int, last: int) -> bool:
        served = _within(spans, replace(used[first], last=used[last].last))
        return why_too_long(case, product, served) is None

    best = best_partition([span.handed for span in used], may_serve, cost)
    chosen = _stated_partition(case, product, items)
    if chosen != best:
        said, better = (
            f"lots on {', '.join(str(case.date(-day)) for day in days)} at {format_exact(price)}"
            for price, _, days in (chosen, best)
        )
        yield stop("verify-lots", product.id, f"the plan chooses {said}; better are {better}")


def _stated_partition(case: Case, product: Product, items: Sequence[Item]) -> Partition:
    """The plan's choice in the same terms, its cost before rounding."""
    start, fee = case.prescription.start, case.pharmacy.costs.item_fee.value
    total, days = Fraction(0), []
    for item in sorted(items, key=lambda item: item.date):
        handed, first, last = ((day - start).days for day in (item.date, item.first_day, item.use_until))
        served = Span(handed=handed, first=first, last=last)
        total += fee + make_lot(case, product, use_in(case, product.id, served).amount).cost
        days.append(-handed)
    return total, len(items), tuple(days)
