"""What a patient does with one container, step by step, in words.

Each dated line tells the whole day: its total, what is taken from this container at which time, and what from every
other one, whenever that was or will be handed over. So nobody who holds one label takes it for all.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from splitter.plan import Item, Plan, PlannedProduct, PlannedStep
from splitter.prescription import is_after_midnight
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.doses import dose_of, plain_dose, products_of, single_syringe
from splitter.wording.ends import ends_open, goes_on_after, last_dosed_step, stop_day
from splitter.wording.figures import amount, clock, listing, times_of_day
from splitter.wording.names import known_name

_ONE_DAY = dt.timedelta(days=1)
# A volume with all that is said in brackets, and when it is taken.
_MEASURED = re.compile(r"(\S+ mL \([^)]*\)(?: with the \S+ mL oral syringe)?) (.*)")

_LAST_STEP = ", the last step"
NOT_FROM_HERE = "none from this container."
NONE_AT_ALL = "take none of this medicine."
BRING_BACK = "bring back what is left."
ASK = "as your prescriber tells you. Ask before that day, and do not stop by yourself."


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How directions are written: a country's customs, clock times in place of parts of the day."""

    customs: Customs = AMERICAN
    clock: bool = False

    def times(self, plan: Plan) -> dict[dt.time, str]:
        """The words for each of the plan's times."""
        times = plan.prescription.times
        if not self.clock:
            return times_of_day(times)
        night = {time: " the next day" if is_after_midnight(time, times) else "" for time in times}
        return {time: f"at {clock(time)}{later}" for time, later in night.items()}


PLAIN = Manner()


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """Another container that serves the same days, by its name, and what is taken from it at which times.

    Without doses, its own label says those.
    """

    name: str
    doses: tuple[str, ...]

    def sentence(self, verb: str) -> str:
        """What is taken from it: "Also take your 10 mg tablets: 1 in the morning."."""
        doses = f": {listing(self.doses)}" if self.doses else ""
        return f"{verb} your {self.name}{doses}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """What to do in one range of days: `doses` to take, each at its time, with what else the day takes and notes.

    `day` is what the day gives in all. Without doses, `instead` says in lower case what to do. Without `dates`, it
    holds for all of them. `verb` stands before the doses. `alone` has each dose as it is written apart from the others,
    where that differs. The sentence `syringe` names that of all doses: a part of this direction needs it too. `others`
    are the containers beside this one; `notes` are whole sentences.
    """

    dates: str
    doses: tuple[str, ...]
    instead: str = ""
    day: str = ""
    verb: str = "take"
    alone: tuple[str, ...] = ()
    syringe: str = ""
    others: tuple[Companion, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        """The dates and the day's total: "Dec 1 to Dec 14 (60 mg a day):"."""
        day = f" ({self.day})" if self.day else ""
        return f"{self.dates}{day}:" if self.dates else ""

    @property
    def text(self) -> str:
        return f"{self.head} {self.body}".strip()

    @property
    def body(self) -> str:
        """The words that follow the dates."""
        first = f"{self.verb} {listing(self.doses)}.".lstrip() if self.doses else self.instead
        return " ".join(filter(None, (first, *self.sentences)))

    @property
    def sentences(self) -> tuple[str, ...]:
        """What follows the doses, or what stands in their place."""
        verbs = ("Take" if self.instead and not place else "Also take" for place in range(len(self.others)))
        beside = (other.sentence(verb) for other, verb in zip(self.others, verbs, strict=True))
        return (*filter(None, (self.syringe,)), *beside, *self.notes)

    @property
    def bare(self) -> Direction:
        """The same for the smallest labels: without its verb, and without the day's total where that is of this
        container alone."""
        return replace(self, verb="", day=self.day.removesuffix(_LAST_STEP) if self.others else "")

    @property
    def shortened(self) -> Direction:
        """The same where nothing is taken from this container; what else is taken, the other labels say."""
        if self.doses:
            return self
        return replace(self, others=tuple(replace(other, doses=()) for other in self.others))


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said of one container for a step, but its dates."""

    day: str
    doses: tuple[str, ...]
    instead: str
    syringe: str
    others: tuple[Companion, ...]


def directions(plan: Plan, item: Item, manner: Manner = PLAIN) -> tuple[Direction, ...]:
    """Directions for each day that `item` serves, and for the days without medicine that follow it.

    Steps in a row with the same directions become one.
    """
    return tuple(_Writer(plan, item, manner).lines())


def brief_directions(plan: Plan, item: Item, manner: Manner = PLAIN) -> tuple[Direction, ...]:
    """The same in fewer words: of several whole numbers, only the first names the unit; equal volumes are said once."""
    unit = next(product for product in plan.products if product.id == item.product).form.value
    return tuple(
        replace(direction, doses=_briefly(direction.doses, unit), alone=direction.doses)
        for direction in directions(plan, item, manner)
    )


def _briefly(doses: tuple[str, ...], unit: str) -> tuple[str, ...]:
    """Doses of which only the first says what all have in common: the unit of whole numbers, a volume.

    >>> _briefly(("2 tablets in the morning", "1 tablet at noon"), "tablet")
    ('2 tablets in the morning', '1 at noon')
    >>> _briefly(("2 mL (4 mg) in the morning", "2 mL (4 mg) at noon"), "solution")
    ('2 mL (4 mg) each time: in the morning', 'at noon')
    """
    counted = [re.fullmatch(rf"(\d+) {unit}s?( .*)", dose) for dose in doses]
    if doses and all(counted):
        return (doses[0], *(match[1] + match[2] for match in counted[1:] if match))
    measured = [_MEASURED.fullmatch(dose) for dose in doses]
    volumes = {match[1] for match in measured if match}
    if len(doses) > 1 and all(measured) and len(volumes) == 1:
        first, *others = (match[2] for match in measured if match)
        return (f"{volumes.pop()} each time: {first}", *others)
    return doses


def start(plan: Plan, item: Item, manner: Manner = PLAIN) -> tuple[Direction, ...]:
    """In one line, before which day nothing is taken from this container; nothing where it begins with a dose."""
    steps = list(steps_served(plan, item))
    used = [first for first, _, step in steps if item.product in _taken(plan, step.start, step.start)]
    if not used or used[0] == item.first_day:
        return ()
    return (Direction(dates=f"Before {manner.customs.day(used[0], item.date)}", doses=(), instead=NOT_FROM_HERE),)


def steps_served(plan: Plan, item: Item) -> Iterator[tuple[dt.date, dt.date, PlannedStep]]:
    """The steps that `item` serves, each with the first and the last day on which it does."""
    for step in plan.steps:
        first = max(step.start, item.first_day)
        last = min(step.last, item.use_until)
        if first <= last:
            yield first, last, step


class _Writer:
    """Writes the directions of one item."""

    def __init__(self, plan: Plan, item: Item, manner: Manner) -> None:
        self._plan, self._item, self._customs = plan, item, manner.customs
        self._known: Mapping[str, PlannedProduct] = {product.id: product for product in plan.products}
        self._when = manner.times(plan)
        self._last, self._stop = last_dosed_step(plan), stop_day(plan)

    def lines(self) -> Iterator[Direction]:
        """Each span of days of which the same is said; then what follows the last."""
        for first, last, said in self._spans():
            yield Direction(
                dates=self._customs.days(first, last, beside=self._item.date),
                day=self._day(said.day, first, last),
                doses=said.doses,
                instead=said.instead,
                syringe=said.syringe,
                others=said.others,
            )
            yield from self._stopped(first)
        yield from self._afterwards()

    def _spans(self) -> list[tuple[dt.date, dt.date, _Said]]:
        spans: list[tuple[dt.date, dt.date, _Said]] = []
        for first, last, step in steps_served(self._plan, self._item):
            if first >= self._stop:
                break
            said = self._said(step)
            same = bool(spans) and spans[-1][2] == said
            spans.append((spans.pop()[0] if same else first, last, said))
        return spans

    def _said(self, step: PlannedStep) -> _Said:
        taken = dict.fromkeys(product for given in step.administrations for product in products_of(given))
        if not taken:
            return _Said("", (), NONE_AT_ALL, "", ())
        own = self._item.product
        others = tuple(self._companion(step, other) for other in taken if other != own)
        if own not in taken:
            return _Said(self._total(step), (), self._idle(step), "", others)
        syringe, doses = self._own_doses(step)
        return _Said(self._total(step), doses, "", syringe, others)

    def _total(self, step: PlannedStep) -> str:
        return f"{amount(sum((given.dose_mg for given in step.administrations), Fraction(0)), 'mg')} a day"

    def _day(self, total: str, first: dt.date, last: dt.date) -> str:
        """The total of a day; that it is the last step, where the plan has others."""
        ends = self._last is not None and first <= self._last.last and last >= self._last.start
        ends = ends and len(self._plan.steps) > 1
        return f"{total}{_LAST_STEP}" if total and ends else total

    def _own_doses(self, step: PlannedStep) -> tuple[str, tuple[str, ...]]:
        """The sentence on the one syringe of all doses, or nothing; and the doses of this container."""
        own = self._known[self._item.product]
        served = [given for given in step.administrations if own.id in products_of(given)]
        measures = [given.measure for given in served if given.measure and given.measure.product == own.id]
        single = single_syringe(measures)
        doses = tuple(
            f"{dose_of(given, own, name_syringe=single is None)} {self._when[given.time]}" for given in served
        )
        return f"Use the {single} oral syringe." if single else "", doses

    def _companion(self, step: PlannedStep, other: str) -> Companion:
        """What else a day takes; its name says what is counted."""
        product = self._known[other]
        doses = tuple(
            f"{plain_dose(given, product)} {self._when[given.time]}"
            for given in step.administrations
            if other in products_of(given)
        )
        return Companion(name=known_name(product, self._known.values()), doses=doses)

    def _idle(self, step: PlannedStep) -> str:
        """That nothing is taken from here, and where nothing will be again, what becomes of the rest."""
        used = any(
            self._item.product in products_of(given)
            for other in self._plan.steps
            if other.start >= step.start
            for given in other.administrations
        )
        return NOT_FROM_HERE if used else f"{NOT_FROM_HERE.removesuffix('.')}; {BRING_BACK}"

    def _stopped(self, first: dt.date) -> Iterator[Direction]:
        """A line for what was taken until the day before `first` and never is again: the form, or each product of it
        where others of that form go on."""
        before = _taken(self._plan, first - _ONE_DAY, first - _ONE_DAY)
        after = _taken(self._plan, first, dt.date.max)
        if self._item.product not in after:
            return
        going_on = {self._known[product].form for product in after}
        stopped = [self._known[product] for product in sorted(before - after)]
        names = dict.fromkeys(
            f"your {known_name(product, self._plan.products)}"
            if product.form in going_on or product.concentration_mg_per_mL is not None
            else f"the {product.form.value}s"
            for product in stopped
        )
        for name in names:
            dates = f"On {self._customs.day(first, self._item.date)}"
            yield Direction(dates=dates, doses=(), instead=f"stop {name}; {BRING_BACK}")

    def _afterwards(self) -> Iterator[Direction]:
        """What is said of the days after the last that this item serves, or after the plan's last dose, where nothing
        is taken on them."""
        following, again = self._item.use_until + _ONE_DAY, goes_on_after(self._plan, self._item)
        if again is not None:
            dates = self._customs.days(following, again - _ONE_DAY, beside=self._item.date)
            goes_on = f"It goes on {self._customs.day(again)}, as your next label says."
            yield Direction(dates=dates, doses=(), instead=NONE_AT_ALL, notes=(goes_on,))
            return
        if following >= self._stop > self._item.first_day:
            dates = f"From {self._customs.day(self._stop, beside=self._item.date)}"
            yield Direction(dates=dates, doses=(), instead=ASK if ends_open(self._plan) else NONE_AT_ALL)


def _taken(plan: Plan, first: dt.date, last: dt.date) -> set[str]:
    """The ids of all that is taken on any of these days."""
    return {
        product
        for step in plan.steps
        if step.start <= last and step.last >= first
        for given in step.administrations
        for product in products_of(given)
    }
