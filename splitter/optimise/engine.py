"""From a problem to its best plan: one search for each set of liquids, compared by the whole order of preference."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from splitter.optimise.candidate import Candidate
from splitter.optimise.grid import TWELFTHS, Grid
from splitter.optimise.layout import Given, Layout
from splitter.optimise.ledger import Ledger
from splitter.optimise.search import Budget, LimitReachedError, Outcome, Search
from splitter.optimise.solution import Dose, Limits, Solution
from splitter.optimise.tables import FAR, DoseTables
from splitter.optimise.ties import Chosen, TieBreak
from splitter.optimise.ways import WayFinder
from splitter.plan import Measure, Status, Take
from splitter.problem import Problem, syringe_for
from splitter.quantity import Volume

Progress = Callable[[int, int], None]
"""Called with (parts done, parts in all) while a long search runs."""

_PERCENTS = (1, 4, 16, 64, 256)
"""How far above the bound a first plan is looked for, one after another, until one is found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """The best plan of one search with its full rank in the order of preference."""

    rank: tuple[object, ...]
    objective: int
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
        self.ledger = Ledger(self.grid)
        self.finder = WayFinder(self.grid)
        deadline = None if limits.seconds is None else time.monotonic() + float(limits.seconds)
        self.budget = Budget(deadline=deadline, nodes=limits.nodes)
        self.best: _Found | None = None
        self.first: tuple[Search, Outcome] | None = None
        self.open_bounds: list[int] = []

    def run(self, progress: Progress) -> Solution | None:
        tables = DoseTables(self.grid)
        candidates = [Candidate(self.ledger, tables, self.finder, liquids) for liquids in self._liquid_sets()]
        try:
            goal = self._goal(candidates)
            for done, candidate in enumerate(sorted(candidates, key=lambda c: c.bound), 1):
                self._search(candidate, goal)
                progress(done, len(candidates))
        except LimitReachedError:
            self.open_bounds = [candidate.bound for candidate in candidates]
            if self.best is None and self.first is not None:
                self._keep(*self.first)
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

    def _goal(self, candidates: list[Candidate]) -> int | None:
        """What a good plan costs: whatever is bound to cost more is cut off, and a plan within it is the best of all.

        With a tolerance the deviation comes before the cost, so that no cost cuts anything off.
        """
        if self.problem.tolerance.mass or self.problem.tolerance.share:
            return None
        open_yet = sorted(candidates, key=lambda c: c.bound)
        for percent in _PERCENTS:
            for candidate in tuple(open_yet):
                goal = candidate.bound + candidate.bound * percent // 100
                if goal > self._ceiling or self._look_ahead(candidate, goal):
                    open_yet.remove(candidate)
        return self._ceiling

    @property
    def _ceiling(self) -> int:
        """What the best of the first plans costs; where there is none, more than any plan."""
        return FAR - 1 if self.first is None else self.first[1].rank[1]

    def _look_ahead(self, candidate: Candidate, goal: int) -> bool:
        """Whether some plan is found among the ways within a goal; the best of all such plans is kept."""
        search = candidate.search(goal, self.budget)
        found = None if search is None else search.glance()
        if search is None or found is None:
            return False
        if found.rank[1] < self._ceiling:
            self.first = (search, found)
        return True

    def _search(self, candidate: Candidate, goal: int | None) -> None:
        """Search a set of liquids for a plan within the goal, and no worse than the best so far."""
        if goal is not None:
            goal = min(goal, self.best.objective) if self.best else goal
            if candidate.bound > goal:
                return
        search = candidate.search(goal, self.budget)
        if search is None or self._is_repeated(candidate, search):
            return
        try:
            self._keep(search, search.run(goal))
        except LimitReachedError:
            self._keep(search, search.glance())
            raise
        if goal is not None:
            candidate.bound = max(candidate.bound, goal)

    def _is_repeated(self, candidate: Candidate, search: Search) -> bool:
        """Whether the search would find only what the search without liquids finds."""
        return self.problem.policy.one_liquid and bool(candidate.liquids) and not search.pours

    def _keep(self, search: Search, outcome: Outcome | None) -> None:
        if outcome is None:
            return
        chosen = TieBreak(self.grid, search.ways, search.segments).choose(outcome)
        listing = tuple(layout.given if layout else () for layout in chosen.layouts)
        found = _Found(rank=(*outcome.rank, chosen.unevenness, listing), objective=outcome.rank[1], chosen=chosen)
        if self.best is None or found.rank < self.best.rank:
            self.best = found

    def _solution(self, found: _Found) -> Solution:
        objective = found.objective
        bound = min([objective, *self.open_bounds])
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
