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


def amendment(replaced: Replaced, order: Order, found: Amended) -> str:
    """What a pharmacist and a patient must know of the change, in about ten lines."""
    return sections(_lines(replaced, order, found))


def _lines(replaced: Replaced, order: Order, found: Amended) -> Iterator[str]:
    said = found.prescription.amendment
    number = said.number if said is not None else 1
    head = f"{found.prescription.number}, {found.prescription.drug}, amendment {number}: from {weekday(order.on)} "
    yield from wrapped(f"{head}{day(order.on)}, {order.words}. {order.reason} ({order.by}).", 0, 2)
    for sentence in (_dates(found), *at_home_words(found.plan), *_labels(replaced.plan, found), *_cost(found)):
        yield from wrapped(sentence, 0, 2)


def _dates(found: Amended) -> str:
    """From when something else is taken, and until when."""
    if found.plan.status is Status.INFEASIBLE:
        return "It can't be made as it stands; the plan says why."
    last = found.plan.steps[-1].last
    moved = "as before" if last == found.last_before else f"before: {day(found.last_before)}"
    change = (
        "Nothing else is taken than before"
        if found.differs_from is None
        else f"New doses from {day(found.differs_from)}"
    )
    return f"{change}; the last day is {day(last)} ({moved})."


def _labels(before: Plan, found: Amended) -> Iterator[str]:
    """Which papers are void, which stay, what replaces them."""
    if found.kept:
        yield f"Labels that stay right: {_serials(before, found.kept)}."
    if found.void:
        yield f"Void, to be struck out at home: labels {_serials(before, found.void)}; the calendars hold from now on."
    yield f"Void: all labels, sheets and calendars of the plan before for days from {day(found.prescription.start)} on."
    visits = visit_dates(found.plan) if found.plan.items else ()
    if visits:
        items = [item for item in found.plan.items if item.date == visits[0]]
        yield f"New: labels.pdf and sheets.pdf of {day(visits[0])}, {amount(len(items), 'item')}."


def _serials(plan: Plan, items: tuple[Item, ...]) -> str:
    return listing([serial for item in items for serial in serials(plan, item)])


def _cost(found: Amended) -> Iterator[str]:
    change, currency = found.cost_of_change, found.plan.currency
    if change is None or found.plan.total is None:
        return
    more = "more" if change >= 0 else "less"
    saved = found.saved_by_home
    home = f"; what is at home saves {money(saved, currency)}" if saved else ""
    yield (
        f"From now on it costs {money(found.plan.total, currency)}{home}. With what was handed over before that is "
        f"{money(abs(change), currency)} {more} than the plan before."
    )
