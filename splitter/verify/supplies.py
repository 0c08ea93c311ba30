"""What the regimens make the pharmacy hand over, and when: the items that a plan should list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

from splitter.formulary import Bottles, Loose, Packs, Product
from splitter.plan import Item, Part
from splitter.verify.at_home import Use, from_home
from splitter.verify.case import Case
from splitter.verify.handing import Span, intervals, shelf_life, windows
from splitter.verify.lots import Lot, cover_lot, make_lot


def use_in(case: Case, product_id: str, span: Span) -> Use:
    """What the regimens of the days of `span` take of a product, without what comes from home."""
    whole, broken, volume = 0, Fraction(0), Fraction(0)
    for first, step in case.dated_steps():
        days = min(first + step.days - 1, span.last) - max(first, span.first) + 1
        if days <= 0:
            continue
        for administration in step.administrations:
            for take in administration.take:
                if take.product == product_id and take.fraction == 1:
                    whole += days * take.count
                elif take.product == product_id:
                    broken += days * take.count * take.fraction
            if administration.measure is not None and administration.measure.product == product_id:
                volume += days * administration.measure.mL
    taken = Use(whole=whole, broken=broken, volume=volume)
    return taken.plus(from_home(case, product_id, span.first, span.last), -1)


def has_chosen_lots(case: Case, product: Product) -> bool:
    """Whether the plan chooses which intervals each lot of a product serves."""
    life = shelf_life(product)
    if isinstance(product.supply, (Loose, Packs)) or (life is not None and life < case.policy.visit_interval):
        return False
    return life is not None or case.policy.max_supply is not None


def used_intervals(case: Case, product: Product) -> tuple[Span, ...]:
    """The intervals in which a product is used."""
    return tuple(span for span in intervals(case) if use_in(case, product.id, span).amount)


def due_items(case: Case, product: Product) -> tuple[Item, ...]:
    """The items of a product whose dates leave no choice: counted units, windows, bottles without a limit."""
    used, life = used_intervals(case, product), shelf_life(product)
    if not used:
        return ()
    if isinstance(product.supply, (Loose, Packs)):
        return tuple(_counted_item(case, product, product.supply, span) for span in used)
    if life is None:
        return (lot_item(case, product, replace(used[0], last=used[-1].last)),)
    opened = {span: [w for w in windows(span, life) if use_in(case, product.id, w).amount] for span in used}
    if isinstance(product.supply, Bottles):
        return tuple(_bottles_item(case, product, span, within) for span, within in opened.items())
    return tuple(lot_item(case, product, window) for within in opened.values() for window in within)


def lot_item(case: Case, product: Product, span: Span) -> Item:
    """The item of one lot that serves the days of `span`."""
    use, life = use_in(case, product.id, span).amount, shelf_life(product)
    discard = None if life is None else case.date(span.handed + life - 1)
    return replace(_item(case, product, span, use, make_lot(case, product, use)), discard_after=discard)


def _bottles_item(case: Case, product: Product, interval: Span, opened: list[Span]) -> Item:
    """All bottles of an interval, a fresh one opened at each window, handed over at the visit."""
    uses = [use_in(case, product.id, window).amount for window in opened]
    lots = [make_lot(case, product, use) for use in uses]
    together = Lot(
        quantity=sum((lot.quantity for lot in lots), Fraction(0)),
        batches=None,
        parts=_merged([part for lot in lots for part in lot.parts]),
        cost=sum((lot.cost for lot in lots), Fraction(0)),
    )
    return _item(case, product, interval, sum(uses, Fraction(0)), together)


def _counted_item(case: Case, product: Product, supply: Loose | Packs, interval: Span) -> Item:
    """Whole units, some of them to be cut, for one interval."""
    use = use_in(case, product.id, interval)
    cut = ceil(use.broken)
    units = Fraction(use.whole + cut)
    if isinstance(supply, Loose):
        lot = Lot(quantity=units, batches=None, parts=(), cost=units * supply.price.value)
    else:
        lot = cover_lot(supply.sizes, units)
    return replace(_item(case, product, interval, use.amount, lot), cut=cut)


def _item(case: Case, product: Product, span: Span, needed: Fraction, lot: Lot) -> Item:
    """An item that serves `span`, uncut and without a limit; its cost rounded half up."""
    return Item(
        date=case.date(span.handed),
        use_from=case.date(span.first),
        use_until=case.date(span.last),
        discard_after=None,
        product=product.id,
        quantity=lot.quantity,
        unit=product.unit,
        cut=0,
        needed=needed,
        batches=lot.batches,
        parts=lot.parts,
        cost=Fraction(floor(lot.cost * 100_000 + Fraction(1, 2)), 100_000),
    )


def _merged(parts: Iterable[Part]) -> tuple[Part, ...]:
    counts: Counter[Fraction] = Counter()
    for part in parts:
        counts[part.size] += part.count
    return tuple(Part(size=size, count=count) for size, count in counts.items())
