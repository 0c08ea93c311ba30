"""What a patient has at home on a day in the middle of a plan, by the plan as taken until then.

What was handed over before that day, less what its days take. Of counted units the whole ones, and of those that were
cut for days to come the fragments; of a lot in service what its use has left, with the losses of draws that its overage
allows for. What only could still be there is not counted: fragments of an interval that is over, sealed bottles of
windows to come, the rest of a lot that another has taken the place of.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from splitter.plan import Administration, Item, Plan, PlannedProduct
from splitter.prescription import AtHome
from splitter.quantity import Volume

_WHOLE = Fraction(1)
_ZERO = Fraction(0)
_FINEST = Fraction(1, 100)
"""To which a volume that is left is rounded down [mL]."""
_ONE_DAY = dt.timedelta(days=1)
_KEYS = {Fraction(1, 2): "halves", Fraction(1, 3): "thirds", Fraction(1, 4): "quarters"}


def remains(plan: Plan, on: dt.date) -> tuple[AtHome, ...]:
    """What is at home on the morning of a day, by product id."""
    found = (_lot(plan, product, on) if has_lots(product) else _counted(plan, product, on) for product in plan.products)
    return tuple(home for home in found if home is not None)


def handed_over(plan: Plan, product: str, on: dt.date) -> Fraction:
    """All that a patient can have had of a product before a day, at first or handed over [units or mL]."""
    stated = (home.stated for home in plan.at_home if home.product == product)
    items = (item.quantity for item in plan.items if item.product == product and item.date < on)
    return sum((*stated, *items), _ZERO)


def has_lots(product: PlannedProduct) -> bool:
    """Whether it comes in bottles, is poured or compounded, and so has a last day."""
    return product.concentration_mg_per_mL is not None or product.compounded


def _days(first: dt.date, end: dt.date) -> Iterator[dt.date]:
    """The days from the first to the one before the end."""
    yield from (first + number * _ONE_DAY for number in range((end - first).days))


def _given(plan: Plan, day: dt.date) -> tuple[Administration, ...]:
    step = plan.step_on(day)
    return () if step is None else step.administrations


def _pieces(plan: Plan, product: str, day: dt.date) -> Counter[Fraction]:
    """The pieces of a counted product that a day takes, by their size."""
    pieces: Counter[Fraction] = Counter()
    for take in (take for given in _given(plan, day) for take in given.take if take.product == product):
        pieces[take.fraction] += take.count
    return pieces


def _amount(plan: Plan, product: str, first: dt.date, end: dt.date) -> Fraction:
    """What the days from the first to the one before the end take of a lot [mL or capsules]."""
    total = _ZERO
    for day in _days(first, end):
        for given in _given(plan, day):
            total += sum(take.count for take in given.take if take.product == product)
            if given.measure is not None and given.measure.product == product:
                total += given.measure.mL
    return total


def _counted(plan: Plan, product: PlannedProduct, on: dt.date) -> AtHome | None:
    """Pieces in hand, day by day: those of the beginning, those of each item, less those taken."""
    held = _at_first(plan, product.id)
    items = [item for item in plan.items if item.product == product.id]
    for day in _days(plan.prescription.start, on):
        for item in (item for item in items if item.date == day):
            held += _pieces_of(plan, item, held)
        held -= _pieces(plan, product.id, day)
        ends = any(item.use_until == day for item in items)
        if ends and not any(item.date <= day < item.first_day for item in items):
            held = Counter({_WHOLE: held[_WHOLE]})
    home = AtHome(
        product=product.id,
        units=held[_WHOLE],
        halves=held[Fraction(1, 2)],
        thirds=held[Fraction(1, 3)],
        quarters=held[Fraction(1, 4)],
    )
    return home if home.units or home.fragments else None


def _at_first(plan: Plan, product: str) -> Counter[Fraction]:
    home = next((home for home in plan.at_home if home.product == product), None)
    stated = {} if home is None else {_WHOLE: home.units, **{size: getattr(home, key) for size, key in _KEYS.items()}}
    return Counter({size: count for size, count in stated.items() if count})


def _pieces_of(plan: Plan, item: Item, held: Counter[Fraction]) -> Counter[Fraction]:
    """What an item is handed over as: its uncut units whole, the others in the fragments that its days need."""
    needed: Counter[Fraction] = Counter()
    for day in _days(item.first_day, item.use_until + _ONE_DAY):
        needed += _pieces(plan, item.product, day)
    sizes = [size for size in needed if size != _WHOLE]
    made = Counter({_WHOLE: int(item.quantity) - item.cut})
    for size in sizes:
        # Of one size alone whole units are cut up; of several only what is needed can be told.
        made[size] += int(item.cut / size) if len(sizes) == 1 else max(needed[size] - held[size], 0)
    return made


def _lot(plan: Plan, product: PlannedProduct, on: dt.date) -> AtHome | None:
    """What is left of the lot in service, or of one that waits for its first day; the larger where there are both."""
    lots = [item for item in plan.items if item.product == product.id and item.date < on <= item.use_until]
    left = [_left(plan, product, item, on) for item in lots] or [_still(plan, product, on)]
    amount, last = max(left, key=lambda pair: pair[0])
    if amount <= 0:
        return None
    if product.concentration_mg_per_mL is None:
        return AtHome(product=product.id, units=int(amount), use_by=last)
    return AtHome(product=product.id, volume=Volume(amount // _FINEST * _FINEST), use_by=last)


def _left(plan: Plan, product: PlannedProduct, item: Item, on: dt.date) -> tuple[Fraction, dt.date | None]:
    """What is left of an item's content, and the last day on which it may be used."""
    if product.in_use_days is not None and item.discard_after is None:
        return _of_opened(plan, product, item, on)
    home = next((home for home in plan.at_home if home.product == product.id), None)
    first = item.first_day
    if home is not None and home.used_until is not None:
        first = max(first, home.used_until + _ONE_DAY)
    used = _amount(plan, product.id, first, max(on, first))
    return item.quantity - used * (1 + (product.overage or _ZERO)), item.discard_after


def _of_opened(plan: Plan, product: PlannedProduct, item: Item, on: dt.date) -> tuple[Fraction, dt.date]:
    """Of bottles that are opened one after another: what the open one still has to serve, and its last day."""
    assert product.in_use_days is not None
    number = (on - item.first_day).days // product.in_use_days
    last = item.first_day + ((number + 1) * product.in_use_days - 1) * _ONE_DAY
    return _amount(plan, product.id, max(on, item.first_day), min(last, item.use_until) + _ONE_DAY), last


def _still(plan: Plan, product: PlannedProduct, on: dt.date) -> tuple[Fraction, dt.date | None]:
    """What is left of a lot that was at home from the first and is still in service."""
    home = next((home for home in plan.at_home if home.product == product.id), None)
    if home is None or home.used_until is None or home.used_until < on:
        return _ZERO, None
    return home.stated - _amount(plan, product.id, plan.prescription.start, on), home.use_by
