"""What the patient's papers say of the plan as a whole: its stairs, its pace, the stop day, what to do when unwell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from splitter.plan import Plan
from splitter.prescription import is_after_midnight
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.ends import ends_open, stop_day
from splitter.wording.figures import amount, sentence, weekday
from splitter.wording.label import DO_NOT_STOP, parties
from splitter.wording.regimens import Regimen, regimens
from splitter.wording.visits import first_day_served, last_day_served

_ONE_DAY = dt.timedelta(days=1)
# The days of a week, by which people count.
_WEEK = 7


def served_regimens(plan: Plan, date: dt.date) -> tuple[Regimen, ...]:
    """The regimens of the days that the visit of `date` serves; each day of the plan is of one visit."""
    return regimens(plan, first_day_served(plan, date), last_day_served(plan, date))


def regimen_before(plan: Plan, date: dt.date) -> Regimen | None:
    """What was taken on the day before `date`; None before the plan."""
    found = regimens(plan, date - _ONE_DAY, date - _ONE_DAY)
    return found[0] if found else None


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
    night = is_after_midnight(plan.prescription.times[-1], plan.prescription.times)
    begins = "From the morning of this day on" if night else "From this day on"
    return (
        f"Stop day: {weekday(stop)} {customs.day(stop)}. {begins}, take none of this medicine, "
        f"unless {prescriber.name} tells you otherwise; bring back what is left."
    )


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


def safety_lines(plan: Plan) -> tuple[tuple[str, bool], ...]:
    """The same in a line each, and whether it is bold."""
    return (
        (f"{DO_NOT_STOP} Do not take more than the calendar says.", True),
        (f"If you feel unwell, miss doses or have questions, call {whom_to_call(plan)}.", False),
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
