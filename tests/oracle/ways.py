"""What is settled before any cost: the doses of the times (R3), and what each step may be given with (R7).

A case is settled in one way for each means that may be the plan's; cost decides between them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from fractions import Fraction
from functools import reduce
from math import ceil, floor
from typing import NamedTuple

from splitter.prescription import DivisionRule, Fine, Step, Tolerance
from splitter.quantity import Mass
from tests.oracle.cases import Case
from tests.oracle.evaluate import Give
from tests.oracle.path import FINE, Doses, Means, Shelf, all_means, plain_products, settle

Allows = Callable[[Give], bool]
"""Whether something may be given at one time of a step."""


class Giving(Enum):
    """With what each administration of a step is given: plain pieces, or by rank, or any allowed products."""

    PLAIN = auto()
    ALONE = auto()
    APART = auto()
    TOGETHER = auto()
    ANY = auto()


RANKS = (Giving.ALONE, Giving.APART, Giving.TOGETHER)


class Way(NamedTuple):
    """For each step its doses, None where any division will do, and its giving, None where it can't be made.

    `plain` and `means` are the ids of the products that the givings speak of.
    """

    doses: tuple[Doses | None, ...]
    givings: tuple[Giving | None, ...]
    plain: frozenset[str]
    means: frozenset[str]

    def allows(self, index: int) -> Allows:
        """Whether step `index` may have something at one time."""

        def allowed(give: Give) -> bool:
            used = {name for name, _, _ in give.pieces} | set(give.measure[:1])
            return {
                None: False,
                Giving.PLAIN: used <= self.plain,
                Giving.ALONE: used <= self.means,
                Giving.APART: used <= self.plain or used <= self.means,
                Giving.TOGETHER: used <= self.plain | self.means,
                Giving.ANY: True,
            }[self.givings[index]]

        return allowed


def ways(case: Case) -> list[Way]:
    """All ways in which the doses and the products of a case may be settled; none where there is no path."""
    steps = case.prescription.steps
    if case.policy.division is DivisionRule.FREE:
        free = (None,) * len(steps)
        if case.policy.fine is Fine.FREE:
            return [_way(case, free, (Giving.ANY,) * len(steps))]
        shelves = [Shelf(case, means) for means in all_means(case)]
        return [_way(case, free, [free_giving(case, step, s) for step in steps], s.means) for s in shelves]
    answer = settle(case)
    if answer.path is None:
        return []
    doses = tuple(None if each is None else each.doses for each in answer.path)
    if case.policy.fine is Fine.FREE:
        return [_way(case, doses, (Giving.ANY,) * len(steps))]
    found = []
    for means in answer.means:
        shelf = Shelf(case, means)
        givings = [
            None if each is None else RANKS[shelf.rank(each.doses)] if each.form == FINE else Giving.PLAIN
            for each in answer.path
        ]
        found.append(_way(case, doses, givings, means))
    return found


def within(case: Case, way: Way) -> Case:
    """The case with the products of a way alone, where it speaks of some: on which of them there are supply depends."""
    if case.policy.fine is Fine.FREE:
        return case
    names = way.plain | way.means
    products = tuple(product for product in case.formulary.products if product.id in names)
    return replace(case, formulary=replace(case.formulary, products=products))


def _way(case: Case, doses: object, givings: object, means: Means | None = None) -> Way:
    own = () if means is None else (*means.liquids, *means.capsules)
    plain = frozenset(p.id for p in plain_products(case))
    return Way(tuple(doses), tuple(givings), plain, frozenset(p.id for p in own))


def free_giving(case: Case, step: Step, shelf: Shelf) -> Giving | None:
    """Where the division is free: plain where plain products give some division, else the first rank that does.

    Exact doses are asked for first; only where nothing gives any, those within the tolerance.
    """
    if not step.target:
        return None
    exact = replace(case, prescription=replace(case.prescription, tolerance=Tolerance()))
    givings = (Giving.PLAIN, *(RANKS if shelf.means.liquids or shelf.means.capsules else ()))
    tried = ((asked, giving) for asked in (exact, case) for giving in givings)
    return next((giving for asked, giving in tried if _can_divide(asked, step, shelf, giving)), None)


def _can_divide(case: Case, step: Step, shelf: Shelf, giving: Giving) -> bool:
    """Whether R1 and R3 leave a day that can be given so."""
    if step.doses is not None:
        return all(not dose or any(_near(case, dose, shelf, giving)) for dose in step.doses)
    off = case.prescription.tolerance.of(step.target).value
    low, high = step.target.value - off, step.target.value + off
    given = [dose for dose, gives in _doses(shelf, giving, Fraction(0), high) if gives]
    limit = high if case.policy.max_imbalance is None else case.policy.max_imbalance.value
    times = len(case.prescription.times)
    return any(_fits(smallest, given, limit, times, low, high) for smallest in given)


def _fits(
    smallest: Fraction, given: list[Fraction], limit: Fraction, times: int, low: Fraction, high: Fraction
) -> bool:
    """Whether some doses of a day, of which none is below `smallest` and none above it by more than the limit, fit."""
    near = [dose for dose in given if smallest <= dose <= smallest + limit]
    sums = reduce(lambda sums, _: {a + b for a in sums for b in near if a + b <= high}, range(times - 1), {smallest})
    return any(low <= total <= high for total in sums)


def _near(case: Case, dose: Mass, shelf: Shelf, giving: Giving) -> list[bool]:
    """Whether each dose within the tolerance of a stated one is given."""
    off = case.prescription.tolerance.of(dose).value
    return [gives for _, gives in _doses(shelf, giving, max(dose.value - off, Fraction(0)), dose.value + off)]


def _doses(shelf: Shelf, giving: Giving, low: Fraction, high: Fraction) -> list[tuple[Fraction, bool]]:
    """The multiples of the lattice between two doses, each with whether it is given."""
    if shelf.lattice is None:
        return [(Fraction(0), True)] if low <= 0 else []
    multiples = range(ceil(low / shelf.lattice), floor(high / shelf.lattice) + 1)
    asked = (multiple * shelf.lattice for multiple in multiples)
    gives = shelf.plain_gives if giving is Giving.PLAIN else lambda dose: shelf.gives(RANKS.index(giving), dose)
    return [(dose, gives(dose)) for dose in asked]
