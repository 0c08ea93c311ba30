"""What the regimens make the pharmacy hand over, and when: the items that a plan should list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from splitter.formulary import Batch, Bottles, Loose, Packs, Product
from splitter.plan import Item, Part
from splitter.verify.case import Case
from splitter.verify.lots import Lot, cover_lot, make_lot


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days from `first` to `last`, both included; day 0 is the start."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Whole pieces, broken pieces [units] and volume [mL] of one product over some days."""

    whole: int
    broken: Fraction
    volume: Fraction

    @property
    def amount(self) -> Fraction:
        """All of it [units or mL]."""
        return self.whole + self.broken + self.volume


def intervals(case: Case) -> tuple[Span, ...]:
    """The days from each visit to the day before the next; the last interval ends with the plan."""
    length, days = case.policy.visit_interval, case.days
    return tuple(Span(first=day, last=min(day + length, days) - 1) for day in range(0, days, length))


def windows(interval: Span, shelf_life: int) -> tuple[Span, ...]:
    """An interval cut into windows of one shelf life [days], counted from the visit."""
    starts = range(interval.first, interval.last + 1, shelf_life)
    return tuple(Span(first=day, last=min(day + shelf_life - 1, interval.last)) for day in starts)


def use_in(case: Case, product_id: str, span: Span) -> Use:
    """What the regimens of the days of `span` take of a product."""
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
    return Use(whole=whole, broken=broken, volume=volume)


def shelf_life(product: Product) -> int | None:
    """The days that a lot lasts, the day of dispensing being day 1; None without a limit."""
    if isinstance(product.supply, Batch):
        return product.supply.beyond_use
    return product.supply.in_use if isinstance(product.supply, Bottles) else None


def chosen_lot_life(case: Case, product: Product) -> int | None:
    """The shelf life [days] of lots of which the plan chooses what each serves; None where it has no choice."""
    life = shelf_life(product)
    return life if life is not None and life >= case.policy.visit_interval else None


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
        return (lot_item(case, product, Span(first=used[0].first, last=used[-1].last)),)
    opened = {span: [w for w in windows(span, life) if use_in(case, product.id, w).amount] for span in used}
    if isinstance(product.supply, Batch):
        return tuple(lot_item(case, product, window) for within in opened.values() for window in within)
    return tuple(_bottles_item(case, product, span, within) for span, within in opened.items())


def lot_item(case: Case, product: Product, span: Span) -> Item:
    """The item of one lot that serves the days of `span`."""
    use, life = use_in(case, product.id, span).amount, shelf_life(product)
    discard = None if life is None else case.date(span.first + life - 1)
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
    """An item handed over on the first day of `span`, uncut and without a limit; its cost rounded half up."""
    return Item(
        date=case.date(span.first),
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
