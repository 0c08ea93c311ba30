"""What a patient does with one container, step by step, in words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from splitter.plan import Administration, Item, Measure, Plan, PlannedProduct, PlannedStep, Take
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.figures import amount, clock, listing, number, plural, times_of_day

_ONE_DAY = dt.timedelta(days=1)
_FRACTIONS = {Fraction(1, 2): "half", Fraction(1, 3): "third", Fraction(1, 4): "quarter"}
_SYRINGE = re.compile(r"([0-9.]+) mL\b.*")
# A slash between units is mistaken for a figure.
_PER = re.compile(r"(?<=[gL])/(?=(?:[\d.]+ )?mL\b)")

NOT_FROM_HERE = "do not take from this container"
NONE_AT_ALL = "take none of this medicine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How directions are written: a country's customs, clock times in place of parts of the day."""

    customs: Customs = AMERICAN
    clock: bool = False

    def times(self, plan: Plan) -> dict[dt.time, str]:
        """The words for each of the plan's times."""
        times = plan.prescription.times
        return {time: f"at {clock(time)}" for time in times} if self.clock else times_of_day(times)


PLAIN = Manner()


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """What to do in one range of days: `doses` to take, each at its time, then `notes`, whole sentences.

    Without doses, `notes` says in lower case what to do instead. Without `dates`, it holds for all of them. `verb`
    stands before the doses. `alone` has each dose as it is written apart from the others, where that differs. The
    sentence `syringe` names that of all doses: said in `notes` or in another direction, a part of this one needs it.
    """

    dates: str
    doses: tuple[str, ...]
    notes: tuple[str, ...]
    verb: str = "take"
    alone: tuple[str, ...] = ()
    syringe: str = ""

    @property
    def head(self) -> str:
        return f"{self.dates}:" if self.dates else ""

    @property
    def text(self) -> str:
        return f"{self.head} {self.body}".strip()

    @property
    def body(self) -> str:
        """The words that follow the dates."""
        if not self.doses:
            return " ".join(self.notes)
        return " ".join((f"{self.verb} {listing(self.doses)}.".lstrip(), *self.notes))


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said of one container for a step: doses, the syringe for all of them, the other containers."""

    doses: tuple[str, ...]
    syringe: str | None
    also: tuple[str, ...]
    alone: tuple[str, ...] = ()


def directions(plan: Plan, item: Item, manner: Manner = PLAIN) -> tuple[Direction, ...]:
    """Directions for each day that `item` serves; steps in a row with the same directions become one."""
    spans = _spans(plan, item, lambda step: _said(plan, step, item.product, manner.times(plan)))
    return tuple(
        Direction(
            dates=manner.customs.days(first, last, beside=item.date),
            doses=said.doses,
            notes=(*_with_syringe(said), *said.also),
            syringe=" ".join(_with_syringe(said)),
        )
        for first, last, said in spans
    )


def brief_directions(plan: Plan, item: Item, manner: Manner = PLAIN) -> tuple[Direction, ...]:
    """The same for a container of many steps: a syringe that serves all of them is named once, first.

    Which other containers serve the same times is said of all days together, last, so that more days have the same
    directions; the unit is named with the first of several whole numbers.
    """
    known = _known(plan)
    when = manner.times(plan)

    def said(step: PlannedStep) -> _Said:
        full = _said(plan, step, item.product, when)
        if not full.doses:
            return _Said(
                (), None, ("none from this container." if full.also == (f"{NOT_FROM_HERE}.",) else full.also[0],)
            )
        return _Said(_counted_once(full.doses, known[item.product].form.value), full.syringe, (), full.doses)

    spans = list(_spans(plan, item, said))
    syringes = {entry.syringe for _, _, entry in spans if entry.doses}
    single = len(syringes) == 1
    lead = tuple(_use_syringe(name) for name in syringes if single and name)
    steps = tuple(
        Direction(
            dates=manner.customs.days(first, last, beside=item.date),
            doses=entry.doses,
            notes=entry.also if single else (*_with_syringe(entry), *entry.also),
            alone=entry.alone,
            syringe=" ".join(_with_syringe(entry)),
        )
        for first, last, entry in spans
    )
    return (*_for_all_days(lead), *steps, *_for_all_days(_general_also(plan, item, known)))


def _for_all_days(notes: tuple[str, ...]) -> tuple[Direction, ...]:
    return (Direction(dates="", doses=(), notes=notes),) if notes else ()


_Span = tuple[dt.date, dt.date, _Said]


def _spans(plan: Plan, item: Item, say: Callable[[PlannedStep], _Said]) -> Iterator[_Span]:
    """The days that `item` serves; steps in a row of which the same is said are one span."""
    spans: list[_Span] = []
    for first, last, step in steps_served(plan, item):
        said = say(step)
        same = bool(spans) and spans[-1][2] == said
        spans.append((spans.pop()[0] if same else first, last, said))
    return iter(spans)


def _use_syringe(name: str) -> str:
    return f"Use the {name} oral syringe."


def _with_syringe(said: _Said) -> tuple[str, ...]:
    return (_use_syringe(said.syringe),) if said.syringe else ()


def _counted_once(doses: tuple[str, ...], unit: str) -> tuple[str, ...]:
    """Doses of which only the first names the unit, where each is a whole number of units."""
    matches = [re.fullmatch(rf"(\d+) {unit}s?( .*)", dose) for dose in doses]
    if not all(matches):
        return doses
    return (doses[0], *(match[1] + match[2] for match in matches[1:] if match))


def _general_also(plan: Plan, item: Item, known: Mapping[str, PlannedProduct]) -> tuple[str, ...]:
    """One sentence for the other containers that serve a time of this one."""
    others = dict.fromkeys(
        other
        for _, _, step in steps_served(plan, item)
        for administration in step.administrations
        if item.product in _products(administration)
        for other in _products(administration)
        if other != item.product
    )
    if not others:
        return ()
    names = listing(f"{short_name(known[other])}{distinction(known[other], known.values())}" for other in others)
    liquid = len(others) == 1 and all(known[other].concentration_mg_per_mL is not None for other in others)
    whose = "its own label says" if liquid else f"their own label{' says' if len(others) == 1 else 's say'}"
    return (f"Also take your {names} as {whose}.",)


def _known(plan: Plan) -> dict[str, PlannedProduct]:
    return {product.id: product for product in plan.products}


def steps_served(plan: Plan, item: Item) -> Iterator[tuple[dt.date, dt.date, PlannedStep]]:
    """The steps that `item` serves, each with the first and the last day on which it does."""
    for step in plan.steps:
        first = max(step.start, item.first_day)
        last = min(step.last, item.use_until)
        if first <= last:
            yield first, last, step


def _said(plan: Plan, step: PlannedStep, product: str, when: Mapping[dt.time, str]) -> _Said:
    served = [administration for administration in step.administrations if product in _products(administration)]
    if not served:
        idle = not any(_products(administration) for administration in step.administrations)
        return _Said((), None, (f"{NONE_AT_ALL if idle else NOT_FROM_HERE}.",))
    known = _known(plan)
    single = _single_syringe(served, product)
    doses = tuple(
        f"{_dose(administration, known[product], name_syringe=single is None)} {when[administration.time]}"
        for administration in served
    )
    return _Said(doses, single, _also(served, product, known, when))


def _products(administration: Administration) -> tuple[str, ...]:
    taken = [take.product for take in administration.take]
    if administration.measure is not None:
        taken.append(administration.measure.product)
    return tuple(dict.fromkeys(taken))


def _dose(administration: Administration, product: PlannedProduct, *, name_syringe: bool) -> str:
    if administration.measure is not None and administration.measure.product == product.id:
        return volume_words(administration.measure, product, name_syringe=name_syringe)
    takes = [take for take in administration.take if take.product == product.id]
    return pieces_words(takes, product.form.value)


def pieces_words(takes: list[Take], unit: str) -> str:
    """Pieces of one product as a patient counts them.

    >>> half = Take(product="p", fraction=Fraction(1, 2), count=1)
    >>> pieces_words([Take(product="p", fraction=Fraction(1), count=1), half], "tablet")
    '1 and a half tablets'
    >>> pieces_words([half], "tablet")
    'half a tablet'
    """
    whole = sum(take.count for take in takes if take.fraction == 1)
    broken = sorted((take for take in takes if take.fraction != 1), key=lambda take: -take.fraction)
    words = [_broken_words(take, unit) for take in broken]
    if whole and len(broken) == 1 and broken[0].count * broken[0].fraction < 1:
        return f"{whole} and {_share(broken[0])} {unit}s"
    return " plus ".join(([amount(whole, unit)] if whole else []) + words)


def _broken_words(take: Take, unit: str) -> str:
    if take.count * take.fraction >= 1:
        return f"{take.count} {_FRACTIONS[take.fraction]} {unit}s"
    if take.fraction == Fraction(1, 2):
        return f"half a {unit}"
    return f"{_share(take)} of a {unit}"


def _share(take: Take) -> str:
    name = _FRACTIONS[take.fraction]
    if take.count == 1:
        return f"a {name}"
    return f"{'two' if take.count == 2 else 'three'} {plural(name, take.count)}"


def volume_words(measure: Measure, product: PlannedProduct, *, name_syringe: bool = False) -> str:
    """A measured volume with its mass, its draws where it takes several, and its syringe if asked for."""
    if product.concentration_mg_per_mL is None:
        raise ValueError(f"{product.id} is measured but has no concentration")
    volume, mass = amount(measure.mL, "mL"), amount(measure.mL * product.concentration_mg_per_mL, "mg")
    syringe, capacity = syringe_name(measure.syringe), _capacity(measure)
    if measure.mL > capacity:
        full, rest = divmod(measure.mL, capacity)
        then = f", then {amount(rest, 'mL')}" if rest else ""
        return f"{volume} ({mass}: {amount(full, f'full {syringe} syringe')}{then})"
    return f"{volume} ({mass}) with the {syringe} oral syringe" if name_syringe else f"{volume} ({mass})"


def _capacity(measure: Measure) -> Fraction:
    """What one draw holds [mL]; a syringe whose name gives no capacity is taken to hold the volume."""
    match = _SYRINGE.fullmatch(measure.syringe)
    return Fraction(match[1]) if match else measure.mL


def syringe_name(text: str) -> str:
    """The size of a syringe, without its graduation.

    >>> syringe_name("5 mL by 0.2 mL")
    '5 mL'
    """
    match = _SYRINGE.fullmatch(text)
    return f"{number(Fraction(match[1]))} mL" if match else text


def _single_syringe(served: list[Administration], product: str) -> str | None:
    """The one syringe of these administrations when each measures `product` in one draw of it."""
    measures = [a.measure for a in served if a.measure is not None and a.measure.product == product]
    names = {syringe_name(measure.syringe) for measure in measures}
    one_draw = all(measure.mL <= _capacity(measure) for measure in measures)
    return names.pop() if len(names) == 1 and one_draw else None


def _also(
    served: list[Administration], product: str, known: Mapping[str, PlannedProduct], when: Mapping[dt.time, str]
) -> tuple[str, ...]:
    """A sentence for each other product that the same times need."""
    others = dict.fromkeys(other for a in served for other in _products(a) if other != product)
    names = {other: short_name(known[other]) + distinction(known[other], known.values()) for other in others}
    return tuple(f"Also take your {name} {_shared_times(served, other, when)}." for other, name in names.items())


def _shared_times(served: list[Administration], other: str, when: Mapping[dt.time, str]) -> str:
    shared = [when[administration.time] for administration in served if other in _products(administration)]
    return "each time" if len(shared) == len(served) > 1 else listing(shared)


def strength(product: PlannedProduct) -> str:
    """The strength or the concentration in words.

    Raises ValueError for a product that has neither.
    """
    if product.concentration_mg_per_mL is not None:
        return f"{amount(product.concentration_mg_per_mL, 'mg')} per mL"
    if product.strength_mg is None:
        raise ValueError(f"{product.id} has neither strength nor concentration")
    return amount(product.strength_mg, "mg")


def short_name(product: PlannedProduct) -> str:
    """What tells this container from the patient's others: "10 mg tablets", "5 mg per mL suspension"."""
    form = product.form.value
    return f"{strength(product)} {form if product.concentration_mg_per_mL is not None else f'{form}s'}"


def distinction(product: PlannedProduct, products: Iterable[PlannedProduct]) -> str:
    """What to add to a short name that another of the plan's products has too: its own name.

    Two makers' 10 mg tablets may be scored differently, and one liquid may be bought and compounded.
    """
    alike = any(other.id != product.id and short_name(other) == short_name(product) for other in products)
    return f" ({_PER.sub(' per ', product.name)})" if alike else ""
