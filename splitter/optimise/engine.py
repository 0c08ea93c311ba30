"""From a problem to its best plan: one search for each set of liquids, compared by the whole order of preference."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from splitter.optimise.grid import TWELFTHS, Grid
from splitter.optimise.layout import Given, Layout
from splitter.optimise.search import Budget, LimitReachedError, Outcome, Search, Value
from splitter.optimise.solution import Dose, Limits, Solution
from splitter.optimise.ties import Chosen, TieBreak
from splitter.optimise.timeline import step_intervals
from splitter.optimise.ways import WayFinder, Ways
from splitter.plan import Measure, Status, Take
from splitter.prescription import Step
from splitter.problem import Problem, syringe_for
from splitter.quantity import Volume

Progress = Callable[[int, int], None]
"""Called with (parts done, parts in all) while a long search runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """The best plan of one search with its full rank in the order of preference."""

    rank: tuple[object, ...]
    value: Value
    chosen: Chosen


def best_plan(problem: Problem, limits: Limits, progress: Progress | None = None) -> Solution | None:
    """The best plan that the rules allow, proved unless a limit ends the search; None when there is none.

    Raises LimitReachedError when a limit ends the search before any plan is found.
    """
    return _Engine(problem, limits).run(progress or _silent)


def _silent(_done: int, _total: int) -> None:
    """Report nothing."""


class _Engine:
    def __init__(self, problem: Problem, limits: Limits) -> None:
        self.problem = problem
        self.grid = Grid(problem)
        deadline = None if limits.seconds is None else time.monotonic() + float(limits.seconds)
        self.budget = Budget(deadline=deadline, nodes=limits.nodes)
        self.best: _Found | None = None
        self.open_bounds: list[Value] = []

    def run(self, progress: Progress) -> Solution | None:
        sets = self._liquid_sets()
        for number, liquids in enumerate(sets):
            progress(number, len(sets))
            try:
                self._search(liquids)
            except LimitReachedError:
                self.open_bounds += [self._cheapest_conceivable()] * (len(sets) - number)
                break
        progress(len(sets), len(sets))
        if self.best is not None:
            return self._solution(self.best)
        if self.open_bounds:
            raise LimitReachedError
        return None

    def _liquid_sets(self) -> list[tuple[int, ...]]:
        """The sets of liquids of which every allowed plan uses one: none, each alone, or all where several may be."""
        liquids = range(len(self.grid.liquids))
        if not self.problem.policy.one_liquid:
            return [tuple(liquids)]
        return [(), *((liquid,) for liquid in liquids)]

    def _search(self, liquids: tuple[int, ...]) -> None:
        ways = self._ways(liquids)
        if ways is None:
            return
        search = Search(self.grid, ways, self.budget)
        known = self.best.value if self.best else None
        if known is not None and search.bound() > known:
            return
        try:
            outcome = search.run(known)
        except LimitReachedError:
            self._keep(search, ways, search.glance(known))
            raise
        self._keep(search, ways, outcome)

    def _ways(self, liquids: tuple[int, ...]) -> tuple[Ways | None, ...] | None:
        """The ways of each step (None: drug-free), or None when a step can't be made with these liquids."""
        finder = WayFinder(self.grid, liquids)
        found: list[Ways | None] = []
        for step, days in zip(self.problem.steps, step_intervals(self.problem), strict=True):
            ways = finder.find(step, days) if step.target else None
            if step.target and ways is None:
                return None
            found.append(ways)
        return tuple(found)

    def _keep(self, search: Search, ways: tuple[Ways | None, ...], outcome: Outcome | None) -> None:
        if outcome is None:
            return
        chosen = TieBreak(self.grid, ways, search.segments).choose(outcome)
        listing = tuple(layout.given if layout else () for layout in chosen.layouts)
        found = _Found(rank=(*outcome.rank, chosen.unevenness, listing), value=outcome.rank[:2], chosen=chosen)
        if self.best is None or found.rank < self.best.rank:
            self.best = found

    def _cheapest_conceivable(self) -> Value:
        """A bound that needs no search: every milligram at the price of the cheapest milligram."""
        grid = self.grid
        units = zip(grid.unit_rates.tolist(), grid.strengths, strict=True)
        volumes = zip(grid.volume_rates.tolist(), grid.mass_per_volume, strict=True)
        rates = [Fraction(rate * TWELFTHS, mass) for rate, mass in units] + [Fraction(*pair) for pair in volumes]
        doses = sum(step.days * (grid.mass(step.target.value) - self._slack(step)) for step in self.problem.steps)
        return 0, int(min(rates, default=Fraction(0)) * max(doses, 0))

    def _slack(self, step: Step) -> int:
        return sum(self.grid.slack(dose) for dose in step.doses or (step.target,))

    def _solution(self, found: _Found) -> Solution:
        objective = found.value[1]
        bound = min([objective, *(cost for _, cost in self.open_bounds)])
        return Solution(
            status=Status.FEASIBLE if self.open_bounds else Status.OPTIMAL,
            regimens=tuple(self._regimen(layout) for layout in found.chosen.layouts),
            objective=Fraction(objective, self.grid.money_scale),
            lower_bound=Fraction(bound, self.grid.money_scale),
        )

    def _regimen(self, layout: Layout | None) -> tuple[Dose, ...] | None:
        return None if layout is None else tuple(self._dose(given) for given in layout.given)

    def _dose(self, given: Given) -> Dose:
        take = tuple(
            Take(product=self.grid.discrete[product].id, fraction=Fraction(-twelfths, TWELFTHS), count=count)
            for product, twelfths, count in given.take
        )
        if not given.measure:
            return Dose(take=take, measure=None)
        liquid, amount = given.measure
        volume = Volume(Fraction(amount, self.grid.volume_scale))
        syringe = syringe_for(volume, self.problem.policy)
        assert syringe is not None
        return Dose(take=take, measure=Measure(product=self.grid.liquids[liquid].id, mL=volume.value, syringe=syringe))
