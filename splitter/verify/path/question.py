"""What the path is found from, on whole numbers: all masses are multiples of one small unit.

The unit is so small that a k-th of every dose, and every round number that the rules may ask of, is a whole number of
it; so nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from splitter.formulary import Product
from splitter.prescription import Policy, Step
from splitter.quantity import ceiling
from splitter.verify.case import Case
from splitter.verify.choice import is_allowed
from splitter.verify.measuring import measured_volumes
from splitter.verify.path.filling import filling_order
from splitter.verify.pieces import allowed_fractions
from splitter.verify.resolving import error_of_part, error_of_volume, rooms_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One step: its target and how far off its dose may be. `stated` are (dose, how far off) of each time, if any.

    A target of 0 is a drug-free step. `room` is that for errors [mg] by rule R8.
    """

    days: int
    target: int
    off: int
    stated: tuple[tuple[int, int], ...] | None
    room: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Liquid:
    """The mass in one graduation of each syringe, and in every volume that may be measured.

    `errors` are those of these volumes [mg] by rule R8, none where nothing is asked of them.
    """

    graduations: tuple[int, ...]
    measured: tuple[int, ...]
    errors: tuple[Fraction, ...]

    def within(self, room: Fraction) -> Liquid:
        """With the volumes alone that are exact enough."""
        pairs = [(mass, error) for mass, error in zip(self.measured, self.errors, strict=True) if error <= room]
        masses, errors = tuple(mass for mass, _ in pairs), tuple(error for _, error in pairs)
        return Liquid(graduations=self.graduations, measured=masses, errors=errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """With what a fine step is given: one liquid, or the compounded capsules, or all of them together.

    `products` are their ids, those of the liquids first, `pieces` the capsules with their masses. Without products
    there is no fine step. Of the capsules those that are `chosen` are only made if they are among `most` strengths.
    """

    products: tuple[str, ...]
    liquids: tuple[Liquid, ...]
    pieces: tuple[tuple[str, int], ...]
    chosen: frozenset[str] = frozenset()
    most: int | None = None

    @property
    def sizes(self) -> tuple[int, ...]:
        """The masses of the capsules."""
        return tuple(sorted({size for _, size in self.pieces}))

    def within(self, room: Fraction) -> Means:
        """With the volumes alone that are exact enough; capsules are whole."""
        liquids = tuple(liquid.within(room) for liquid in self.liquids)
        return replace(self, liquids=liquids)

    def each_alone(self) -> tuple[Means, ...]:
        """Each liquid, the capsules that are there anyway, and these with all that may be chosen."""
        alone = zip(self.products, self.liquids, strict=False)
        liquids = tuple(Means(products=(name,), liquids=(liquid,), pieces=()) for name, liquid in alone)
        there = tuple(pair for pair in self.pieces if pair[0] not in self.chosen)
        capsules = [pieces for pieces in (there, self.pieces if self.chosen else ()) if pieces]
        return (*liquids, *map(self._capsules, capsules))

    def _capsules(self, pieces: tuple[tuple[str, int], ...]) -> Means:
        names = tuple(name for name, _ in pieces)
        most = self.most if self.chosen.intersection(names) else None
        return Means(products=names, liquids=(), pieces=pieces, chosen=self.chosen.intersection(names), most=most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`unit` of the masses here are 1 mg; `filling` are the times in the order in which they are filled.

    `plain` are the sizes of the pieces of plain products, `errors` the least error of each [mg] by rule R8, 0 of whole
    units; no administration is asked for more than `highest`.
    """

    unit: int
    policy: Policy
    filling: tuple[int, ...]
    steps: tuple[Asked, ...]
    plain: tuple[int, ...]
    errors: tuple[Fraction, ...]
    means: tuple[Means, ...]
    highest: int

    @property
    def times(self) -> int:
        """k: how many times a day something is given."""
        return len(self.filling)


def put_question(case: Case, products: Sequence[Product]) -> Question:
    """The question of a prescription, for the products among these that the policy allows."""
    allowed = [product for product in products if is_allowed(case, product)]
    unit = _unit(case, allowed)
    rooms = rooms_of(case.prescription.steps, case.policy)
    steps = tuple(_asked(case, step, unit, room) for step, room in zip(case.prescription.steps, rooms, strict=True))
    highest = max((step.target + step.off for step in steps), default=0)
    plain = _errors_of_sizes(case, [product for product in allowed if _is_plain(product)])
    return Question(
        unit=unit,
        policy=case.policy,
        filling=filling_order(case.prescription, case.larger_dose),
        steps=steps,
        plain=_whole(unit, list(plain)),
        errors=tuple(plain.values()),
        means=_all_means(case, allowed, unit, Fraction(highest, unit)),
        highest=highest,
    )


def _is_plain(product: Product) -> bool:
    return not product.is_liquid and not product.is_compounded


def _whole(unit: int, masses: Sequence[Fraction]) -> tuple[int, ...]:
    """Masses [mg] as whole numbers of the unit."""
    return tuple(mass.numerator * (unit // mass.denominator) for mass in masses)


def _sizes(case: Case, product: Product) -> list[Fraction]:
    """The masses of the pieces of a counted product [mg]."""
    assert product.strength is not None  # it isn't a liquid
    return [product.strength.value * part for part in allowed_fractions(product, case.policy.split)]


def _errors_of_sizes(case: Case, products: Sequence[Product]) -> dict[Fraction, Fraction]:
    """The masses of pieces of plain products [mg], smallest first, with the least error of any of that mass."""
    found: dict[Fraction, Fraction] = {}
    for product in products:
        assert product.strength is not None  # it isn't a liquid
        for part in allowed_fractions(product, case.policy.split):
            error = Fraction(0) if part == 1 else error_of_part(product, part, case.policy)
            mass = product.strength.value * part
            found[mass] = min(error, found.get(mass, error))
    return dict(sorted(found.items()))


def _all_means(case: Case, allowed: Sequence[Product], unit: int, highest: Fraction) -> tuple[Means, ...]:
    """Each means alone, all of them together without `one_liquid`; one without products where there is none."""
    concentrations = {p.id: p.concentration.value for p in allowed if p.concentration is not None}
    volumes = measured_volumes(case.policy, highest / min(concentrations.values())) if concentrations else ()
    liquids = {
        name: _liquid(case, unit, strong, [volume for volume in volumes if strong * volume <= highest])
        for name, strong in concentrations.items()
    }
    capsules = [product for product in allowed if not product.is_liquid and product.is_compounded]
    names = tuple(product.id for product in capsules)
    sizes = _whole(unit, [product.strength.value for product in capsules if product.strength is not None])
    chosen = frozenset(product.id for product in capsules if product.ladder is not None)
    together = Means(
        products=(*liquids, *names),
        liquids=tuple(liquids.values()),
        pieces=tuple(zip(names, sizes, strict=True)),
        chosen=chosen,
        most=case.policy.compounded_strengths if chosen else None,
    )
    return (together.each_alone() if case.policy.one_liquid else ()) or (together,)


def _liquid(case: Case, unit: int, strong: Fraction, volumes: Sequence[Fraction]) -> Liquid:
    """A liquid of so many mg/mL, with the volumes [mL] that may be measured of it."""
    marks = [syringe.graduation.value for syringe in case.policy.syringes]
    asked = bool(case.policy.resolve)
    return Liquid(
        graduations=_whole(unit, [strong * mark for mark in marks]),
        measured=_whole(unit, [strong * volume for volume in volumes]),
        errors=tuple(error_of_volume(strong, v, case.policy) if asked else Fraction(0) for v in volumes),
    )


def _asked(case: Case, step: Step, unit: int, room: Fraction | None) -> Asked:
    tolerance, stated = case.prescription.tolerance, None
    off = _floor(tolerance.of(step.target).value * unit)
    (target,) = _whole(unit, [step.target.value])
    if step.doses is not None:
        doses = _whole(unit, [dose.value for dose in step.doses])
        stated = tuple((d, _floor(tolerance.of(dose).value * unit)) for d, dose in zip(doses, step.doses, strict=True))
        off = sum(off for _, off in stated)
    return Asked(days=step.days, target=target, off=off, stated=stated, room=room)


def _floor(number: Fraction) -> int:
    return number.numerator // number.denominator


def _unit(case: Case, allowed: Sequence[Product]) -> int:
    """How many units are 1 mg.

    All masses are multiples of 1 / `common` mg, so is each daily dose, and a tenth of its k-th is at least
    1 / (10·k·common) mg. A round number that is asked of is not below that, and is 1, 2, 2.5 or 5 times a power of ten
    of at most `coarsest` mg: so many powers of ten, and one more for 2.5, make all of them whole.
    """
    marks = [amount.value for syringe in case.policy.syringes for amount in (syringe.graduation, syringe.capacity)]
    measures = [p.concentration.value * mark for p in allowed if p.concentration is not None for mark in marks]
    sizes = [size for product in allowed if not product.is_liquid for size in _sizes(case, product)]
    steps = case.prescription.steps
    doses = [dose.value for step in steps for dose in (step.target, *(step.doses or ()))]
    common = lcm(*(mass.denominator for mass in (*measures, *sizes, *doses)))
    times = len(case.prescription.times)
    coarsest = ceiling(max([Fraction(1), *measures]))
    powers: int = 10 ** (len(str(10 * times * common * coarsest)) + 2)
    return common * times * powers
