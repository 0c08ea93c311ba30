"""A changed taper in words for the terminal: what changes, what to keep, use first and bring back, what it costs."""

from __future__ import annotations

from collections.abc import Iterator

from splitter.cli.show import sections, wrapped
from splitter.plan import Item, Plan, Status
from splitter.service import Amended, Order, Replaced
from splitter.wording.at_home import at_home_words
from splitter.wording.figures import amount, day, listing, money, weekday
from splitter.wording.identity import serials
from splitter.wording.visits import visit_dates


def amendment(replaced: Replaced, order: Order, now: Amended) -> str:
    """What a pharmacist and a patient must know of the change, in about ten lines."""
    return sections(_lines(replaced, order, now))


def _lines(replaced: Replaced, order: Order, now: Amended) -> Iterator[str]:
    said = now.prescription.amendment
    number = said.number if said is not None else 1
    head = f"{now.prescription.number}, {now.prescription.drug}, amendment {number}: from {weekday(order.on)} "
    yield from wrapped(f"{head}{day(order.on)}, {order.words}. {order.reason} ({order.by}).", 0, 2)
    for sentence in (_dates(now), *at_home_words(now.plan), *_labels(replaced.plan, now), *_cost(now)):
        yield from wrapped(sentence, 0, 2)


def _dates(now: Amended) -> str:
    """From when something else is taken, and until when."""
    if now.plan.status is Status.INFEASIBLE:
        return "It can't be made as it stands; the plan says why."
    last = now.plan.steps[-1].last
    moved = "as before" if last == now.last_before else f"before: {day(now.last_before)}"
    change = (
        "Nothing else is taken than before" if now.differs_from is None else f"New doses from {day(now.differs_from)}"
    )
    return f"{change}; the last day is {day(last)} ({moved})."


def _labels(before: Plan, now: Amended) -> Iterator[str]:
    """Which papers are void, which stay, what replaces them."""
    if now.kept:
        yield f"Labels that stay right: {_serials(before, now.kept)}."
    if now.void:
        yield f"Void, to be struck out at home: labels {_serials(before, now.void)}; the calendars hold from now on."
    yield f"Void: all labels, sheets and calendars of the plan before for days from {day(now.prescription.start)} on."
    visits = visit_dates(now.plan) if now.plan.items else ()
    if visits:
        items = [item for item in now.plan.items if item.date == visits[0]]
        yield f"New: labels.pdf and sheets.pdf of {day(visits[0])}, {amount(len(items), 'item')}."


def _serials(plan: Plan, items: tuple[Item, ...]) -> str:
    return listing([serial for item in items for serial in serials(plan, item)])


def _cost(now: Amended) -> Iterator[str]:
    change, currency = now.cost_of_change, now.plan.currency
    if change is None or now.plan.total is None:
        return
    more = "more" if change >= 0 else "less"
    saved = now.saved_by_home
    home = f"; what is at home saves {money(saved, currency)}" if saved else ""
    yield (
        f"From now on it costs {money(now.plan.total, currency)}{home}. With what was handed over before that is "
        f"{money(abs(change), currency)} {more} than the plan before."
    )
