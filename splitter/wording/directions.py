"""What a patient does with one container, step by step, in words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from splitter.plan import Administration, Item, Measure, Plan, PlannedProduct, PlannedStep, Take
from splitter.wording.figures import amount, days, listing, number, plural, times_of_day

_ONE_DAY = dt.timedelta(days=1)
_FRACTIONS = {Fraction(1, 2): "half", Fraction(1, 3): "third", Fraction(1, 4): "quarter"}
_SYRINGE = re.compile(r"([0-9.]+) mL\b.*")

NOT_FROM_HERE = "do not take from this container"
NONE_AT_ALL = "take none of this medicine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """What to do in one range of days: `doses` to take, each at its time, then `notes`, whole sentences.

    Without doses, `notes` says in lower case what to do instead.
    """

    dates: str
    doses: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def text(self) -> str:
        return f"{self.dates}: {self.body}"

    @property
    def body(self) -> str:
        """The words that follow the dates."""
        if not self.doses:
            return " ".join(self.notes)
        return " ".join((f"take {listing(self.doses)}.", *self.notes))


def directions(plan: Plan, item: Item) -> tuple[Direction, ...]:
    """Directions for each day that `item` serves; steps in a row with the same directions become one."""
    spans: list[tuple[dt.date, dt.date, tuple[str, ...], tuple[str, ...]]] = []
    for first, last, step in steps_served(plan, item):
        doses, notes = _content(plan, step, item.product)
        same = bool(spans) and spans[-1][2:] == (doses, notes)
        spans.append((spans.pop()[0] if same else first, last, doses, notes))
    return tuple(
        Direction(dates=days(first, last, beside=item.date), doses=doses, notes=notes)
        for first, last, doses, notes in spans
    )


def steps_served(plan: Plan, item: Item) -> Iterator[tuple[dt.date, dt.date, PlannedStep]]:
    """The steps that `item` serves, each with the first and the last day on which it does."""
    for step in plan.steps:
        first = max(step.start, item.date)
        last = min(step.start + (step.days - 1) * _ONE_DAY, item.use_until)
        if first <= last:
            yield first, last, step


def _content(plan: Plan, step: PlannedStep, product: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    served = [administration for administration in step.administrations if product in _products(administration)]
    if not served:
        idle = not any(_products(administration) for administration in step.administrations)
        return (), (f"{NONE_AT_ALL if idle else NOT_FROM_HERE}.",)
    when = times_of_day(plan.prescription.times)
    known = {entry.id: entry for entry in plan.products}
    single = _single_syringe(served, product)
    doses = tuple(
        f"{_dose(administration, known[product], name_syringe=single is None)} {when[administration.time]}"
        for administration in served
    )
    notes = (f"Use the {single} oral syringe.",) if single else ()
    return doses, (*notes, *_also(served, product, known, when))


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
    return f" ({product.name})" if alike else ""
