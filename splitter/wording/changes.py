"""Each day of the patient's calendar, and what changes on it: the dose, the form, the strength; the last step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from splitter.plan import Administration, Plan, PlannedProduct
from splitter.prescription import is_after_midnight
from splitter.wording.calendar import regimen_before
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.ends import ends_open, stop_day
from splitter.wording.figures import amount, listing, weekday
from splitter.wording.names import known_name
from splitter.wording.regimens import Regimen

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """A day of the patient's calendar; `change` says what begins on it, empty where it is like the day before.

    `notes` are whole sentences on what to do about the change.
    """

    date: dt.date
    regimen: Regimen
    change: str
    notes: tuple[str, ...] = ()


def calendar_days(plan: Plan, found: tuple[Regimen, ...], customs: Customs = AMERICAN) -> Iterator[CalendarDay]:
    """Each day of these regimens of a plan, which follow one another."""
    previous = regimen_before(plan, found[0].first)
    for place, regimen in enumerate(found):
        same = bool(place) and previous is not None and regimen.same_day(previous)
        change = "" if same else _change(regimen, previous, customs)
        notes = () if same else tuple(_notes(plan, regimen, customs))
        for offset in range(regimen.length):
            date, first = regimen.first + offset * _ONE_DAY, not offset
            yield CalendarDay(date=date, regimen=regimen, change=change if first else "", notes=notes if first else ())
        previous = regimen


def _change(regimen: Regimen, previous: Regimen | None, customs: Customs) -> str:
    """From which day on how much is taken, and how that compares with the days before."""
    total = f"{amount(regimen.total_mg, 'mg')} a day" if regimen.total_mg else "take none of this medicine"
    begins = f"From {weekday(regimen.first)} {customs.day(regimen.first)}: {total}"
    if previous is None or not regimen.total_mg:
        return begins
    less = previous.total_mg - regimen.total_mg
    if regimen.same_day(previous):
        return f"{begins}, the same as before"
    if not less:
        return f"{begins}, the same as before but taken in another way"
    return f"{begins}, {amount(abs(less), 'mg')} {'less' if less > 0 else 'more'} than before"


def _notes(plan: Plan, regimen: Regimen, customs: Customs) -> Iterator[str]:
    """What to stop and to bring back, what is new, until when nothing is taken, that this is the last step."""
    if not regimen.total_mg:
        if later := _next_dose(plan, regimen.last):
            yield f"It continues on {weekday(later)} {customs.day(later)}."
        return
    before, now = _taken_before(plan, regimen.first), _taken(dose.given for dose in regimen.doses)
    if before:
        yield from _stopped(plan, regimen, [product for product in before if product not in now], customs)
        yield from _begun(plan, [product for product in now if product not in before], before)
    if regimen.last + _ONE_DAY == stop_day(plan):
        last = f"{weekday(regimen.last)} {customs.day(regimen.last)}"
        if ends_open(plan):
            yield f"This is the last step of this plan, until {last}: ask what to take next."
        else:
            times = plan.prescription.times
            night = " and the night that follows it" if is_after_midnight(times[-1], times) else ""
            yield f"This is the last step. After {last}{night} you take none of this medicine: nothing follows."


def _stopped(plan: Plan, regimen: Regimen, gone: Sequence[str], customs: Customs) -> Iterator[str]:
    """A sentence for each product that is no longer taken: for good, or until it comes again."""
    for_good: list[str] = []
    for product in gone:
        again = _next_dose(plan, regimen.last, product)
        if again is None:
            for_good.append(_named(plan, product))
        else:
            yield f"No {_named(plan, product)} until {weekday(again)} {customs.day(again)}."
    if for_good:
        yield f"Stop the {listing(for_good)}; bring back what is left."


def _begun(plan: Plan, new: Sequence[str], before: Sequence[str]) -> Iterator[str]:
    """A sentence for each product that was not taken before: another strength of a form, or another form."""
    known = _known(plan)
    forms = {known[product].form for product in before}
    for product in new:
        kind = "strength" if known[product].form in forms else "form"
        yield f"New {kind}: {_named(plan, product)}."


def _taken(doses: Iterable[Administration | None]) -> tuple[str, ...]:
    """The products of a day, in the order in which they are taken."""
    given = (each for each in doses if each)
    taken = [(*(take.product for take in each.take), each.measure.product if each.measure else "") for each in given]
    return tuple(dict.fromkeys(product for products in taken for product in products if product))


def _taken_before(plan: Plan, date: dt.date) -> tuple[str, ...]:
    """The products of the last day before `date` on which anything is taken; none before the plan's first."""
    earlier = (_taken(step.administrations) for step in reversed(plan.steps) if step.start < date)
    return next((taken for taken in earlier if taken), ())


def _next_dose(plan: Plan, date: dt.date, product: str | None = None) -> dt.date | None:
    """The first day after `date` on which anything is taken, or this product; None where there is none."""
    for step in (step for step in plan.steps if step.last > date):
        taken = _taken(step.administrations)
        if product in taken if product else taken:
            return max(step.start, date + _ONE_DAY)
    return None


def _known(plan: Plan) -> dict[str, PlannedProduct]:
    return {product.id: product for product in plan.products}


def _named(plan: Plan, product: str) -> str:
    known = _known(plan)
    return known_name(known[product], known.values())
