"""With which liquid, or with the capsules, a path is gone: each means alone, and the best path of all is taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product as combinations_of

from splitter.division.candidates import candidates, fine_candidate, is_even
from splitter.division.filling import filling_order
from splitter.division.path import Path, PathStep, find_path
from splitter.division.records import RANKS, Candidate, Giving, StepForm
from splitter.division.resolving import Exactness
from splitter.division.shelf import Making, Shelf
from splitter.division.strengths import Strengths
from splitter.formulary import Product
from splitter.prescription import LargerDose, Policy, Step, Tolerance
from splitter.quantity import Mass

Order = tuple[object, ...]
"""What paths are compared by: the smaller comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What is to be divided: steps over times, with the policy in force and the products that it allows."""

    times: tuple[dt.time, ...]
    steps: tuple[Step, ...]
    tolerance: Tolerance
    larger_dose: LargerDose
    cut_order: tuple[dt.time, ...] | None
    policy: Policy
    products: tuple[Product, ...]

    @property
    def filling(self) -> tuple[int, ...]:
        """The places of the times in the order in which larger doses go to them."""
        return _filling(self.times, self.larger_dose, self.cut_order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The best path, and all sets of means that share it: the products that its fine steps may be given with.

    `givings` has, for each set of means, with what each step is given (None: drug-free); without a fine step there is
    one empty set.
    """

    path: Path
    order: Order
    means: tuple[tuple[Product, ...], ...]
    givings: tuple[tuple[Giving | None, ...], ...]


_filling = lru_cache(maxsize=64)(filling_order)


def shelves(products: Sequence[Product], policy: Policy) -> tuple[Shelf, ...]:
    """The products that one plan may use: the plain ones with each means alone, or with all where several may be.

    Those of the products that were asked about last are kept, with what is known of them.
    """
    return _shelves(tuple(products), Making.of(policy), one_liquid=policy.one_liquid)


@lru_cache(maxsize=32)
def _shelves(products: tuple[Product, ...], making: Making, *, one_liquid: bool) -> tuple[Shelf, ...]:
    plain = [product for product in products if not product.is_liquid and not product.is_compounded]
    liquids = [product for product in products if product.is_liquid]
    every = [product for product in products if product.is_compounded and not product.is_liquid]
    capsules = [product for product in every if not product.is_chosen]
    if not one_liquid:
        return (Shelf(plain, (*liquids, *capsules), making),)
    chosen = [every] if len(every) > len(capsules) else []
    sets = [*([liquid] for liquid in liquids), *([capsules] if capsules else []), *chosen] or [[]]
    first = Shelf(plain, (), making)
    return tuple(map(first.beside, sets))


def settle(demand: Demand) -> Settled | None:
    """The best path over all means, with the means that share it; None where none has a path."""
    every = shelves(demand.products, demand.policy)
    paths = _without_other_paths(demand, [(shelf, each) for shelf in every if (each := path_of(demand, shelf))])
    if not paths:
        return None
    filling = demand.filling
    best = min((each for _, each in paths), key=lambda each: _order(demand, each, filling))
    order = _order(demand, best, filling)
    sharing = [(shelf, each) for shelf, each in paths if _walks(each) == _walks(best)]
    if not any(each and each.form is StepForm.FINE for each in best.chosen):
        return Settled(path=best, order=order, means=((),), givings=(_givings(best),))
    return Settled(
        path=best,
        order=order,
        means=tuple(shelf.means for shelf, _ in sharing),
        givings=tuple(_givings(each) for _, each in sharing),
    )


def _without_other_paths(demand: Demand, paths: Sequence[tuple[Shelf, Path]]) -> list[tuple[Shelf, Path]]:
    """The paths but those of chosen strengths that differ from the best of other means, where a liquid has one.

    What is prescribed is given by what a pharmacy has recipes for as ever; that any strength could be made is a matter
    of cost, and of what could not be given otherwise.
    """
    others = [(shelf, path) for shelf, path in paths if not shelf.is_chosen]
    if not any(shelf.liquids for shelf, _ in others):
        return list(paths)
    best = min((path for _, path in others), key=lambda path: _order(demand, path, demand.filling))
    return [(shelf, path) for shelf, path in paths if not shelf.is_chosen or _walks(path) == _walks(best)]


def rounding_shelves(products: Sequence[Product], policy: Policy) -> tuple[Shelf, ...]:
    """Those by which a rule is rounded: without strengths that would have to be chosen, where there is a liquid."""
    every = shelves(products, policy)
    if not any(shelf.liquids for shelf in every):
        return every
    return tuple(shelf for shelf in every if not shelf.is_chosen)


def paths_by_strengths(demand: Demand) -> tuple[Strengths, ...]:
    """What the paths need that are found as if every strength of capsules were at hand, may so many be made or not."""
    chosen = (shelf for shelf in shelves(demand.products, demand.policy) if shelf.is_chosen)
    return tuple(strengths_of(demand, shelf, path) for shelf in chosen if (path := _path(demand, shelf)))


def strengths_of(demand: Demand, shelf: Shelf, path: Path) -> Strengths:
    """What a path needs of the strengths of a shelf's capsules."""
    dosed = ((step, each) for step, each in zip(demand.steps, path.chosen, strict=True) if each)
    exact = ((each, shelf.exact_enough(Exactness.of(step, demand.policy))) for step, each in dosed)
    return Strengths(shelf, ((each.doses, each.giving, own) for each, own in exact))


def path_of(demand: Demand, shelf: Shelf) -> Path | None:
    """The path with one means; None without one, or where no set of as many strengths as the policy allows gives it."""
    path = _path(demand, shelf)
    if path is None or not shelf.is_chosen:
        return path
    return path if strengths_of(demand, shelf, path).have(demand.policy.compounded_strengths) else None


def _path(demand: Demand, shelf: Shelf) -> Path | None:
    stages = []
    known: dict[tuple[object, ...], tuple[Candidate, ...]] = {}
    for step in demand.steps:
        key = (step.target, step.doses, step.room)
        if key not in known:
            known[key] = step_candidates(demand, step, shelf)
        if step.target and not known[key]:
            return None
        stages.append(PathStep(days=step.days, target=step.target.value, candidates=known[key]))
    return find_path(stages, demand.filling, demand.policy.form_change)


def step_candidates(demand: Demand, step: Step, shelf: Shelf) -> tuple[Candidate, ...]:
    """The candidates of one step: those of its dose, or within a tolerance of the nearest dose that has any."""
    if not step.target:
        return ()
    shelf = shelf.exact_enough(Exactness.of(step, demand.policy))
    of_step = _stated(demand, step, shelf) if step.doses else _of_day(demand, step, shelf)
    every_time = tuple(candidate for candidate in of_step if all(candidate.doses))
    return every_time if demand.policy.every_time and every_time else of_step


def _of_day(demand: Demand, step: Step, shelf: Shelf) -> tuple[Candidate, ...]:
    slack = demand.tolerance.of(step.target).value
    for doses in _nearest_first(step.target.value, slack, shelf):
        nearest = tuple(each for dose in doses if dose for each in candidates(dose, demand.filling, shelf))
        if nearest:
            return nearest
    return ()


def _stated(demand: Demand, step: Step, shelf: Shelf) -> tuple[Candidate, ...]:
    """Those of the doses that are stated for the times; within a tolerance, the nearest that can be given."""
    best: Fraction | None = None
    stated: dict[tuple[StepForm, tuple[Fraction, ...]], Candidate] = {}
    for giving in (Giving.PLAIN, *(RANKS if shelf.means else ())):
        each = [_nearest_doses(demand, dose.value, shelf, giving) for dose in step.doses or ()]
        off = sum((distance for distance, _ in each if distance is not None), Fraction(0))
        if any(distance is None for distance, _ in each) or (best is not None and off > best):
            continue
        if best is None or off < best:
            best, stated = off, {}
        form = StepForm.PLAIN if giving is Giving.PLAIN else StepForm.FINE
        for doses in combinations_of(*(near for _, near in each)):
            if (form, doses) not in stated:
                stated[form, doses] = (
                    fine_candidate(doses, shelf)
                    if form is StepForm.FINE
                    else Candidate(doses=doses, form=form, giving=giving, is_even=is_even(doses, shelf, form))
                )
    return tuple(stated.values())


def _nearest_doses(
    demand: Demand, dose: Fraction, shelf: Shelf, giving: Giving
) -> tuple[Fraction | None, tuple[Fraction, ...]]:
    """(how far, which) the nearest doses to a stated one that can be given so, within the tolerance; of none, none."""
    slack = demand.tolerance.of(Mass(dose)).value if dose else Fraction(0)
    for doses in _nearest_first(dose, slack, shelf):
        near = tuple(each for each in doses if shelf.gives(each, giving))
        if near:
            return abs(near[0] - dose), near
    return None, ()


def _nearest_first(dose: Fraction, slack: Fraction, shelf: Shelf) -> Iterator[tuple[Fraction, ...]]:
    """The one or two doses at each distance from a dose, from none to `slack` [mg], of those that products can make."""
    yield (dose,)
    unit = shelf.lattice
    if not slack or not unit:
        return
    below, above = -(-dose // unit) - 1, dose // unit + 1
    while True:
        low, high = dose - below * unit, above * unit - dose
        nearest = min(low, high)
        if nearest > slack:
            return
        sides = ((below, low), (above, high))
        yield tuple(number * unit for number, off in sides if off == nearest and number >= 0)
        below, above = below - (low == nearest), above + (high == nearest)


def _walks(path: Path) -> tuple[object, ...]:
    """What paths agree in that are the same: the doses and the form of each step."""
    return tuple(each and (each.doses, each.form) for each in path.chosen)


def _givings(path: Path) -> tuple[Giving | None, ...]:
    return tuple(each.giving if each else None for each in path.chosen)


def _order(demand: Demand, path: Path, filling: Sequence[int]) -> Order:
    """The order of paths; before it, with a tolerance, how far their doses are from the prescription [mg-days]."""
    deviation, larger, forms = Fraction(0), [], []
    for step, each in zip(demand.steps, path.chosen, strict=True):
        if each is None:
            continue
        deviation += step.days * _off(step, each)
        larger.append(tuple(-each.doses[place] for place in filling))
        forms.append(each.form is StepForm.FINE)
    return deviation, path.rank, tuple(larger), tuple(forms)


def _off(step: Step, candidate: Candidate) -> Fraction:
    """How far a day is from its dose [mg], or where the doses of the times are stated, from each of them."""
    if not step.doses:
        return abs(sum(candidate.doses, Fraction(0)) - step.target.value)
    pairs = zip(candidate.doses, step.doses, strict=True)
    return sum((abs(dose - stated.value) for dose, stated in pairs), Fraction(0))
