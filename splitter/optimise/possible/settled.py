"""From a problem to those that are searched: what is settled before any cost is looked at.

By the path, that is one problem for all liquids that share the best path and its ranks, one for the capsules where they
share it too. Where the division is free but one form is given at a time, each step is plain where plain products alone
can make it, else of the lowest rank that can. Where both are free, the problem is searched as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from splitter.division import Giving, Settled, settle, shelves
from splitter.formulary import Product
from splitter.optimise.possible.makeable import Choice, Makeable, choice_of
from splitter.prescription import DivisionRule, Fine, Step, Tolerance
from splitter.problem import Problem
from splitter.quantity import Mass

_ORDER = (Giving.PLAIN, Giving.ALONE, Giving.APART, Giving.TOGETHER)


def settled(problem: Problem) -> tuple[Problem, ...]:
    """The problems of which the best plan is the best of `problem`; none where there is no path."""
    if problem.policy.division is DivisionRule.FREE:
        return (problem,) if problem.policy.fine is Fine.FREE else tuple(_in_phases(problem))
    best = settle(problem.demand)
    if best is None:
        return ()
    divided = replace(problem, steps=_divided(problem, best), tolerance=Tolerance())
    if problem.policy.fine is Fine.FREE:
        return (divided,)
    return tuple(_of_means(divided, best))


def _divided(problem: Problem, best: Settled) -> tuple[Step, ...]:
    """The steps with the doses of the path."""
    return tuple(
        replace(step, target=Mass(sum(chosen.doses, Fraction(0))), doses=tuple(map(Mass, chosen.doses)))
        if chosen
        else step
        for step, chosen in zip(problem.steps, best.path.chosen, strict=True)
    )


def _of_means(divided: Problem, best: Settled) -> Iterator[Problem]:
    """One problem for all liquids whose ranks are the same, of which a plan uses one, and one for anything else.

    Whether there are days to spare is decided for each means alone, so that liquids of one problem agree in it.
    """
    alone: dict[tuple[tuple[Giving | None, ...], int | None, int], list[Product]] = {}
    plain = [product for product in divided.products if not product.is_liquid and not product.is_compounded]
    for number, (means, givings) in enumerate(zip(best.means, best.givings, strict=True)):
        one_liquid = len(means) == 1 and means[0].is_liquid and divided.policy.one_liquid
        spare = replace(divided, stock=(*plain, *means)).spare
        alone.setdefault((givings, None if one_liquid else number, spare), []).extend(means)
    for (givings, _, _), products in alone.items():
        yield replace(divided, stock=(*plain, *products), givings=givings)


def _in_phases(problem: Problem) -> Iterator[Problem]:
    """The problem for each means, with what each step is given when its division is free; as many as can be made."""
    made = Makeable(problem)
    exact = Makeable(replace(problem, tolerance=Tolerance())) if problem.tolerance != Tolerance() else made
    for shelf in shelves(problem.products, problem.policy):
        givings = [_giving((exact, made), choice_of(shelf), step) if step.target else None for step in problem.steps]
        if all(giving or not step.target for giving, step in zip(givings, problem.steps, strict=True)):
            yield replace(problem, stock=(*shelf.plain, *shelf.means), givings=tuple(givings))


def _giving(made: Sequence[Makeable], choice: Choice, step: Step) -> Giving | None:
    """With what a step is given: the nearest dose comes first, then the form."""
    for tried in made:
        for giving in _ORDER:
            if tried.makes(choice, step, giving):
                return giving
    return None
