"""What the patient's calendar says: each day, each change of dose, the stop day, and what to do when unwell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from splitter.plan import Plan
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.figures import amount, sentence, weekday
from splitter.wording.label import DO_NOT_STOP, parties
from splitter.wording.regimens import Regimen, measuring, regimens
from splitter.wording.visits import first_day_served, last_day_served, next_visit

_ONE_DAY = dt.timedelta(days=1)
# The days of a week, by which people count.
_WEEK = 7
# The finding of a plan whose last dose is too high to stop from.
_ABRUPT_END = "abrupt-end"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """A day of the patient's calendar; `change` says what begins on it, empty where it is like the day before."""

    date: dt.date
    regimen: Regimen
    change: str


def served_regimens(plan: Plan, date: dt.date) -> tuple[Regimen, ...]:
    """The regimens of the days that the visit of `date` serves; each day of the plan is of one visit."""
    return regimens(plan, first_day_served(plan, date), last_day_served(plan, date))


def regimen_before(plan: Plan, date: dt.date) -> Regimen | None:
    """What was taken on the day before `date`; None before the plan."""
    found = regimens(plan, date - _ONE_DAY, date - _ONE_DAY)
    return found[0] if found else None


def calendar_days(
    found: tuple[Regimen, ...], before: Regimen | None = None, customs: Customs = AMERICAN
) -> Iterator[CalendarDay]:
    """Each day of these regimens; `before` is what was taken on the day before the first."""
    previous = before
    for place, regimen in enumerate(found):
        same = bool(place) and previous is not None and regimen.same_day(previous)
        change = "" if same else _change(regimen, previous, customs)
        for offset in range(regimen.length):
            yield CalendarDay(date=regimen.first + offset * _ONE_DAY, regimen=regimen, change="" if offset else change)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stair:
    """A range of days with one daily dose [mg]."""

    first: dt.date
    last: dt.date
    total_mg: Fraction

    @property
    def length(self) -> int:
        """How many days it lasts."""
        return (self.last - self.first).days + 1


def staircase(plan: Plan) -> tuple[Stair, ...]:
    """The daily doses of the whole plan until the stop day; steps in a row with the same daily dose are one."""
    stairs: list[Stair] = []
    for step in plan.steps:
        total = sum((administration.dose_mg for administration in step.administrations), Fraction(0))
        same = bool(stairs) and stairs[-1].total_mg == total
        first = stairs.pop().first if same else step.start
        stairs.append(Stair(first=first, last=step.last, total_mg=total))
    while len(stairs) > 1 and not stairs[-1].total_mg:
        stairs.pop()
    return tuple(stairs)


def stair_words(stairs: tuple[Stair, ...], customs: Customs = AMERICAN) -> tuple[str, ...]:
    """One line a step: "Dec 1, 2026: 60 mg a day"."""
    return tuple(f"{customs.day(stair.first)}: {amount(stair.total_mg, 'mg')} a day" for stair in stairs)


def pace_words(stairs: tuple[Stair, ...]) -> str:
    """How long the plan lasts and how it goes down; a sentence."""
    first, last = stairs[0], stairs[-1]
    days = (last.last - first.first).days + 1
    long = amount(days // _WEEK, "week") if days % _WEEK == 0 else amount(days, "day")
    if len(stairs) == 1:
        return f"{amount(first.total_mg, 'mg')} a day for {long}."
    down = all(before.total_mg > after.total_mg for before, after in pairwise(stairs))
    ends = f"from {amount(first.total_mg, 'mg')} to {amount(last.total_mg, 'mg')} a day"
    return f"Your dose {'goes down' if down else 'changes'} in {amount(len(stairs), 'step')} over {long}, {ends}."


def stop_day(plan: Plan) -> dt.date:
    """The first day after the last dose of the plan."""
    return staircase(plan)[-1].last + _ONE_DAY


def ends_open(plan: Plan) -> bool:
    """Whether the prescription ends at a dose from which nobody should stop, and says nothing of what follows."""
    doses = plan.steps[-1].administrations
    found = any(finding.code == _ABRUPT_END for finding in plan.findings)
    return found and any(administration.dose_mg for administration in doses)


def end_words(plan: Plan, customs: Customs = AMERICAN) -> str:
    """The end of the plan in the chart: its stop day, or the last day that it speaks of."""
    return (
        f"last day {customs.day(stop_day(plan) - _ONE_DAY)}"
        if ends_open(plan)
        else f"stop {customs.day(stop_day(plan))}"
    )


def stop_words(plan: Plan, customs: Customs = AMERICAN) -> str:
    """What the patient does from the stop day on; where the plan doesn't say, whom to ask, and when."""
    _, prescriber = parties(plan)
    stop = stop_day(plan)
    if ends_open(plan):
        last = stop - _ONE_DAY
        phone = f", {prescriber.phone}" if prescriber.phone else ""
        return (
            f"Last day of this plan: {weekday(last)} {customs.day(last)}. Do not stop by yourself. Before this day, "
            f"ask {prescriber.name}{phone}, what to take next."
        )
    return (
        f"Stop day: {weekday(stop)} {customs.day(stop)}. From this day on, take none of this medicine, "
        f"unless {prescriber.name} tells you otherwise."
    )


def next_words(plan: Plan, date: dt.date, customs: Customs = AMERICAN) -> str:
    """What follows the last day of the calendar of the visit of `date`."""
    more = next_visit(plan, date)
    if more is None:
        return stop_words(plan, customs)
    last = last_day_served(plan, date)
    lasts = f": this one lasts until {weekday(last)} {customs.day(last, beside=more)}" if last >= more else ""
    return f"Collect your next supply on {weekday(more)} {customs.day(more)}, or before{lasts}."


def whom_to_call(plan: Plan) -> str:
    """The people who answer questions about the plan, with their phones."""
    _, prescriber = parties(plan)
    phone = f", {prescriber.phone}" if prescriber.phone else ""
    return f"{prescriber.name}{phone}, or {plan.pharmacy.name}, {plan.pharmacy.phone}"


def safety_words(plan: Plan) -> tuple[tuple[str, str], ...]:
    """What to do when the patient feels unwell on less: pairs of a head, which may stand alone, and its words."""
    return (
        (f"{DO_NOT_STOP} Do not take more than the calendar says.", ""),
        ("If you feel unwell, miss doses or have questions", f"Call {whom_to_call(plan)}."),
    )


def covered_words(found: tuple[Regimen, ...], customs: Customs = AMERICAN) -> str:
    """The days of a calendar: "Tue Dec 1, 2026 to Mon Dec 28, 2026"."""
    ends = (found[0].first, found[-1].last)
    return " to ".join(f"{weekday(each)} {customs.day(each)}" for each in ends)


def unwell_words(plan: Plan, customs: Customs = AMERICAN) -> Iterator[tuple[str, str]]:
    """The drug's own signs of withdrawal and of an emergency: pairs of a head and its words."""
    if plan.drug.withdrawal_signs:
        yield "Signs that the dose went down too fast", _sentences(plan.drug.withdrawal_signs, customs)
    if plan.drug.withdrawal_emergency:
        yield "Emergency", _sentences(plan.drug.withdrawal_emergency, customs)


def _sentences(texts: Iterable[str], customs: Customs) -> str:
    return " ".join(sentence(customs.emergency(text)) for text in texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneEvent:
    """What a phone reminds of: on `days` days from `first`, at `time` or (None) on the whole day."""

    kind: str
    first: dt.date
    days: int
    time: dt.time | None
    summary: str
    description: str


def phone_events(plan: Plan, date: dt.date, customs: Customs = AMERICAN) -> Iterator[PhoneEvent]:
    """The doses of the days from the visit of `date` to the next, then that next visit or the stop day."""
    found = served_regimens(plan, date)
    drug = plan.prescription.drug
    for regimen in found:
        total = f"{amount(regimen.total_mg, 'mg')} a day."
        for dose in regimen.doses:
            if not dose.is_none:
                yield PhoneEvent(
                    kind="dose",
                    first=regimen.first,
                    days=regimen.length,
                    time=dose.time,
                    summary=f"{drug}: {dose.words}",
                    description=" ".join((total, *measuring((replace(regimen, doses=(dose,)),)), DO_NOT_STOP)),
                )
    kind, first, summary = _whole_day(plan, date)
    yield PhoneEvent(
        kind=kind,
        first=first,
        days=1,
        time=None,
        summary=f"{drug}: {summary}",
        description=next_words(plan, date, customs),
    )


def _whole_day(plan: Plan, date: dt.date) -> tuple[str, dt.date, str]:
    """The kind, day and words of what follows the visit of `date`; what to take next is asked a week before the end."""
    more = next_visit(plan, date)
    if more is not None:
        return "visit", more, "collect the next supply"
    if ends_open(plan):
        return "ask", max(date, stop_day(plan) - _WEEK * _ONE_DAY), "ask what to take next"
    return "stop", stop_day(plan), "stop day"
