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
from math import lcm

from splitter.division import Exactness, Giving, Shelf, Strengths, shelves
from splitter.formulary import Batch, Product
from splitter.optimise.integers import least_rate
from splitter.optimise.solution import Choice
from splitter.prescription import Step
from splitter.problem import Problem
from splitter.quantity import Mass

_ZERO = Fraction(0)
_NOTHING = Mass(_ZERO)


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
        if bounds.uses(chosen)
    )
    return tuple(sorted(found, key=lambda each: each.bound))


def plain_part(problem: Problem) -> Problem | None:
    """A settled problem without its fine steps: what a plan costs besides its capsules, at least.

    Products don't meet in what they cost, and what fine steps take of plain ones only adds to it. None where a bound on
    the products or what is at home would tie both parts, or where the days to spare hang on the capsules.
    """
    plain = tuple(product for product in problem.products if not product.is_compounded)
    steps = tuple(
        step
        if problem.giving(number) is Giving.PLAIN or not step.target
        else replace(step, target=_NOTHING, doses=None)
        for number, step in enumerate(problem.steps)
    )
    givings = tuple(giving if step.target else None for giving, step in zip(problem.givings, steps, strict=True))
    part = replace(problem, stock=plain, steps=steps, givings=givings)
    is_tied = problem.policy.max_products or problem.at_home or part.spare != problem.spare
    return None if is_tied or not any(step.target for step in steps) else part


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cost:
    """What the capsules of one strength cost at least, in money units, and their strength in mass units.

    `rate` is that of a capsule with its burden, but for the making of its batch; `making` that of one batch, whatever
    its size, of which a capsule bears `share` in the fullest.
    """

    size: int
    rate: int
    share: int
    making: int


class _Bounds:
    """Lower bounds on the objective of plans that use all strengths of a set, on whole numbers of small units."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        made = [product for product in problem.products if product.is_compounded]
        exact = {product.id: (_rate(problem, product), _share(problem, product)) for product in made}
        fees = (problem.costs.item_fee.value, *(_making(problem, product) for product in made))
        prices = (price for pair in exact.values() for price in pair)
        self._money_scale = lcm(*(price.denominator for price in (*fees, *prices)))
        self._mass_scale = lcm(*(_strength(product).denominator for product in made))
        self._costs = {
            product.id: _Cost(
                size=int(_strength(product) * self._mass_scale),
                rate=int(exact[product.id][0] * self._money_scale),
                share=int(exact[product.id][1] * self._money_scale),
                making=int(_making(problem, product) * self._money_scale),
            )
            for product in made
        }
        self._item_fee = int(problem.costs.item_fee.value * self._money_scale)

    @cached_property
    def _doses(self) -> tuple[tuple[int, int], ...]:
        """The doses that capsules alone give, in mass units, and on how many days and times."""
        days: dict[int, int] = {}
        for number, step in enumerate(self._problem.steps):
            if step.target and self._problem.giving(number) is Giving.ALONE:
                for dose in filter(None, step.doses or ()):
                    units = int(dose.value * self._mass_scale)
                    days[units] = days.get(units, 0) + step.days
        return tuple(days.items())

    def of(self, chosen: Sequence[Product]) -> Fraction:
        """The bound of one set; nothing is known where the patient has some of it already, which costs nothing."""
        if any(self._problem.home(product.id) is not None for product in chosen):
            return _ZERO
        costs = [self._costs[product.id] for product in chosen]
        shares = self._of_doses([(each.size, each.rate + each.share) for each in costs])
        batches = sum(each.making for each in costs) + self._of_doses([(each.size, each.rate) for each in costs])
        return Fraction(len(chosen) * self._item_fee + max(shares, batches), self._money_scale)

    def uses(self, chosen: Sequence[Product]) -> bool:
        """Whether each strength of a set can be a piece of some dose; else its plans are those of a smaller set.

        A set of which only recipes of one strength could be used has no smaller one that is looked at.
        """
        if self._is_mixed:
            return True
        used = [product for product in chosen if self._is_used(product, chosen)]
        return len(used) == len(chosen) or not any(product.is_chosen for product in used)

    def _is_used(self, product: Product, chosen: Sequence[Product]) -> bool:
        most, size = self._problem.policy.max_pieces - 1, self._costs[product.id].size
        pieces = [(self._costs[each.id].size, 0) for each in chosen]
        return any(_least(dose - size, most, pieces) is not None for dose, _ in self._doses if dose >= size)

    @cached_property
    def _is_mixed(self) -> bool:
        """Whether some fine step may have plain pieces too."""
        givings = {self._problem.giving(number) for number, step in enumerate(self._problem.steps) if step.target}
        return not givings <= {Giving.PLAIN, Giving.ALONE}

    def _of_doses(self, pieces: Sequence[tuple[int, int]]) -> int:
        """What all doses cost, each of its cheapest pieces, which are (size, cost)."""
        most = self._problem.policy.max_pieces
        return sum(days * (_least(dose, most, pieces) or 0) for dose, days in self._doses)


def _least(dose: int, most: int, pieces: Sequence[tuple[int, int]]) -> int | None:
    """The least cost of at most so many pieces, which are (size, cost), that make a dose; None where none do."""
    (size, cost), *others = pieces
    if not others:
        count, rest = divmod(dose, size)
        return count * cost if not rest and count <= most else None
    rests = ((count, _least(dose - count * size, most - count, others)) for count in range(min(most, dose // size) + 1))
    return min((count * cost + least for count, least in rests if least is not None), default=None)


def _strength(product: Product) -> Fraction:
    assert product.strength is not None
    return product.strength.value


def _rate(problem: Problem, product: Product) -> Fraction:
    burden = problem.policy.piece_burden
    return least_rate(product) + (_ZERO if burden is None else burden.value)


def _making(problem: Problem, product: Product) -> Fraction:
    assert isinstance(product.supply, Batch)
    return product.supply.labour * problem.costs.labour_rate.value + problem.costs.batch_fee.value


def _share(problem: Problem, product: Product) -> Fraction:
    assert isinstance(product.supply, Batch)
    most = product.supply.maximum
    return _ZERO if most is None else _making(problem, product) * (1 + product.supply.overage) / most
