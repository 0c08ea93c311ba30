"""One dose as a patient counts or measures it: pieces, volumes, draws, syringes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from splitter.plan import Administration, Measure, PlannedProduct, Take
from splitter.wording.figures import amount, number, plural

_FRACTIONS = {Fraction(1, 2): "half", Fraction(1, 3): "third", Fraction(1, 4): "quarter"}
_SYRINGE = re.compile(r"([0-9.]+) mL\b.*")


def products_of(administration: Administration) -> tuple[str, ...]:
    """The ids of all that is given at one time, each once."""
    taken = [take.product for take in administration.take]
    if administration.measure is not None:
        taken.append(administration.measure.product)
    return tuple(dict.fromkeys(taken))


def dose_of(administration: Administration, product: PlannedProduct, *, name_syringe: bool = False) -> str:
    """What one time of the day takes of one product: "2 tablets", "4 mL (20 mg)"."""
    if administration.measure is not None and administration.measure.product == product.id:
        return volume_words(administration.measure, product, name_syringe=name_syringe)
    takes = [take for take in administration.take if take.product == product.id]
    return pieces_words(takes, product.form.value)


def pieces_words(takes: Sequence[Take], unit: str) -> str:
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


def plain_dose(administration: Administration, product: PlannedProduct) -> str:
    """The same as its own label's readers know it: "2", "4 mL (20 mg)", without the unit of whole ones, or draws."""
    measure = administration.measure
    if measure is not None and measure.product == product.id:
        return volume_words(measure, product, draws=False)
    return re.sub(rf"(?<=\d) {product.form.value}s?\b", "", dose_of(administration, product), count=1)


def volume_words(measure: Measure, product: PlannedProduct, *, name_syringe: bool = False, draws: bool = True) -> str:
    """A measured volume with its mass; its draws where it takes several, and its syringe, if asked for."""
    if product.concentration_mg_per_mL is None:
        raise ValueError(f"{product.id} is measured but has no concentration")
    volume, mass = amount(measure.mL, "mL"), amount(measure.mL * product.concentration_mg_per_mL, "mg")
    if draws and takes_several_draws(measure):
        return f"{volume} ({mass}: {_draws(measure)})"
    with_it = f" with the {syringe_name(measure.syringe)} oral syringe" if name_syringe else ""
    return f"{volume} ({mass}){with_it}"


def takes_several_draws(measure: Measure) -> bool:
    """Whether one draw of its syringe doesn't hold it."""
    return measure.mL > capacity(measure)


def _draws(measure: Measure) -> str:
    """Full draws of the largest syringe, then the rest with the syringe that measures it."""
    full, rest = divmod(measure.mL, capacity(measure))
    words = amount(full, f"full {syringe_name(measure.syringe)} syringe")
    if not rest:
        return words
    own = f" with the {syringe_name(measure.rest_syringe)} syringe" if measure.rest_syringe else ""
    return f"{words}, then {amount(rest, 'mL')}{own}"


def capacity(measure: Measure) -> Fraction:
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


def single_syringe(measures: Sequence[Measure]) -> str | None:
    """The one syringe with which each of these is measured in one draw, None where there is none."""
    names = {syringe_name(measure.syringe) for measure in measures}
    return names.pop() if len(names) == 1 and not any(map(takes_several_draws, measures)) else None


def draws_of(measure: Measure) -> Iterator[tuple[str, Fraction]]:
    """Each syringe that a volume needs, with the volume that is drawn up with it [mL]."""
    if not takes_several_draws(measure):
        yield measure.syringe, measure.mL
        return
    yield measure.syringe, capacity(measure)
    if measure.rest_syringe:
        yield measure.rest_syringe, measure.mL % capacity(measure)
