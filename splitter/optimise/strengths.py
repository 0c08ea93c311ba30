"""Which strengths of capsules are made: of the sets that give every dose, each is a problem of its own.

There are few: of sixty strengths some dozens of pairs give the doses of a year. Each set is taken to use all of its
strengths, since a plan that leaves one out is a plan of a smaller set, which is looked at too. So its plan costs at
least what either of two relaxations says: every dose of the cheapest pieces, where each capsule bears its share of a
full batch, or where each strength is made in one batch at least; in both, each strength is handed over at least once.
The sets with the least bound come first, and those whose bound passes the cost of a plan are not looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import combinations_with_replacement

from splitter.division import Exactness, Giving, Shelf, Strengths, shelves
from splitter.formulary import Batch, Product
from splitter.optimise.integers import least_rate
from splitter.optimise.solution import Choice
from splitter.prescription import Step
from splitter.problem import Problem

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """A problem whose products are settled, what its plan costs at least, with burdens, and of how many it is one."""

    problem: Problem
    bound: Fraction = _ZERO
    choice: Choice | None = None


def alternatives(problem: Problem) -> tuple[Alternative, ...]:
    """The problems of which the best plan is that of a settled problem, the least bound first; mostly itself alone."""
    if not any(product.is_chosen for product in problem.products):
        return (Alternative(problem=problem),)
    plain = tuple(product for product in problem.products if not product.is_compounded)
    bounds = _Bounds(problem)
    strengths = strengths_of(problem)
    sets = tuple(strengths.sets(problem.policy.compounded_strengths))
    choice = Choice(offered=len(strengths.offered), sets=len(sets))
    found = (
        Alternative(problem=replace(problem, stock=(*plain, *chosen)), bound=bounds.of(chosen), choice=choice)
        for chosen in sets
    )
    return tuple(sorted(found, key=lambda each: each.bound))


def strengths_of(problem: Problem) -> Strengths:
    """What the doses of a settled problem need of the strengths that may be chosen."""
    shelf = next(shelf for shelf in shelves(problem.products, problem.policy) if shelf.is_chosen)
    given = (
        (tuple(dose.value for dose in step.doses), problem.giving(number), _exact_enough(problem, shelf, step))
        for number, step in enumerate(problem.steps)
        if step.doses and step.target
    )
    return Strengths(shelf, given)


def _exact_enough(problem: Problem, shelf: Shelf, step: Step) -> Shelf:
    return shelf.exact_enough(Exactness.of(step, problem.policy))


class _Bounds:
    """Lower bounds on the objective of plans that use all strengths of a set."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._burden = problem.policy.piece_burden.value if problem.policy.piece_burden is not None else _ZERO

    @cached_property
    def _doses(self) -> tuple[tuple[Fraction, int], ...]:
        """The doses that capsules alone give [mg], and on how many days and times."""
        days: dict[Fraction, int] = {}
        for number, step in enumerate(self._problem.steps):
            if step.target and self._problem.giving(number) is Giving.ALONE:
                for dose in filter(None, step.doses or ()):
                    days[dose.value] = days.get(dose.value, 0) + step.days
        return tuple(days.items())

    def of(self, chosen: Sequence[Product]) -> Fraction:
        """The bound of one set; nothing is known where the patient has some of it already, which costs nothing."""
        if any(self._problem.home(product.id) is not None for product in chosen):
            return _ZERO
        fees = len(chosen) * self._problem.costs.item_fee.value
        shares = self._of_pieces(chosen, [self._rate(product) + self._share(product) for product in chosen])
        batches = sum(map(self._making, chosen), _ZERO)
        return fees + max(shares, batches + self._of_pieces(chosen, list(map(self._rate, chosen))))

    def _of_pieces(self, chosen: Sequence[Product], rates: Sequence[Fraction]) -> Fraction:
        """What all doses cost, each of its cheapest pieces."""
        pieces = list(zip((p.strength.value for p in chosen if p.strength is not None), rates, strict=True))
        least: dict[Fraction, Fraction] = {}
        for count in range(1, self._problem.policy.max_pieces + 1):
            for given in combinations_with_replacement(pieces, count):
                dose, cost = sum((size for size, _ in given), _ZERO), sum((rate for _, rate in given), _ZERO)
                least[dose] = min(least.get(dose, cost), cost)
        return sum((count * least[dose] for dose, count in self._doses), _ZERO)

    def _rate(self, product: Product) -> Fraction:
        """What one capsule costs at least, with its burden, but for the making of its batch."""
        return least_rate(product) + self._burden

    def _making(self, product: Product) -> Fraction:
        """What one batch costs, whatever its size."""
        assert isinstance(product.supply, Batch)
        costs = self._problem.costs
        return product.supply.labour * costs.labour_rate.value + costs.batch_fee.value

    def _share(self, product: Product) -> Fraction:
        """What one capsule bears of it in the fullest batch."""
        assert isinstance(product.supply, Batch)
        most = product.supply.maximum
        return _ZERO if most is None else self._making(product) * (1 + product.supply.overage) / most
