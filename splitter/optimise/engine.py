"""From a problem to its best plan: one search for each set of liquids, compared by the whole order of preference."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cached_property

from splitter.optimise.candidate import Candidate, Common
from splitter.optimise.chain import chained
from splitter.optimise.grid import TWELFTHS, Grid
from splitter.optimise.kept import Kept, anew, kept
from splitter.optimise.layout import Given, Layout, Layouts
from splitter.optimise.ledger import Ledger
from splitter.optimise.search import Budget, LimitReachedError, Search, Solved
from splitter.optimise.solution import Dose, Limits, Solution
from splitter.optimise.tables import FAR, DoseTables
from splitter.optimise.ties import Chosen, TieBreak
from splitter.optimise.timeline import Calendar
from splitter.plan import Measure, Status, Take
from splitter.problem import Problem, syringe_for
from splitter.quantity import Volume

Progress = Callable[[int, int], None]
"""Called with (parts done, parts in all) while a long search runs."""

_PERCENTS = (2, 8, 32, 128, 512)
"""How far above the bound a first plan is looked for, one after another, until one is found."""


class _Found:
    """The best plan of one search; its place among those that tie is worked out when somebody asks."""

    def __init__(self, grid: Grid, layouts: Layouts, search: Search, plan: tuple[Solved, ...]) -> None:
        self.grid = grid
        self.layouts = layouts
        self.search = search
        self.outcome = chained(plan)

    @property
    def objective(self) -> int:
        """What the plan costs with its burdens, in money units."""
        return self.outcome.rank[1]

    @cached_property
    def chosen(self) -> Chosen:
        return TieBreak(self.grid, self.layouts, self.search.ways, self.search.segments).choose(self.outcome)

    def precedes(self, other: _Found) -> bool:
        """Whether it stands before another in the whole order of preference."""
        if self.outcome.rank != other.outcome.rank:
            return self.outcome.rank < other.outcome.rank
        return self._late_rank < other._late_rank

    @property
    def _late_rank(self) -> tuple[int, tuple[tuple[Given, ...], ...]]:
        """What decides between plans of the same rank: unevenness, then the listing."""
        return self.chosen.unevenness, tuple(layout.given if layout else () for layout in self.chosen.layouts)


def best_plan(
    problem: Problem, limits: Limits, progress: Progress | None = None, *, keep: bool = False
) -> Solution | None:
    """The best plan that the rules allow, proved unless a limit ends the search; None when there is none.

    `keep`: use the tables of problems like this one, and keep them for the next. A search with a limit of nodes has
    tables of its own, so that where it ends depends on its problem alone.

    Raises LimitReachedError when a limit ends the search before any plan is found.
    """
    grid = Grid(problem)
    tables = kept(grid) if keep and limits.nodes is None else anew(grid)
    return _Engine(grid, tables, limits).run(progress or _silent)


def _silent(_done: int, _total: int) -> None:
    """Report nothing."""


class _Engine:
    def __init__(self, grid: Grid, tables: Kept, limits: Limits) -> None:
        self.problem = grid.problem
        self.grid = grid
        self.layouts = tables.layouts
        self.common = Common(
            ledger=Ledger(grid, tables.priced),
            calendar=Calendar(grid.problem),
            tables=DoseTables(grid, tables.tablets),
            finder=tables.finder,
        )
        deadline = None if limits.seconds is None else time.monotonic() + float(limits.seconds)
        self.budget = Budget(deadline=deadline, nodes=limits.nodes)
        self.best: _Found | None = None
        self.first: _Found | None = None
        self.open_bounds: list[int] = []

    def run(self, progress: Progress) -> Solution | None:
        candidates = [Candidate(self.common, liquids) for liquids in self._liquid_sets()]
        try:
            goal = self._goal(candidates)
            for candidate in sorted(candidates, key=lambda c: c.bound):
                self._search(candidate, goal)
                progress(sum(each.decided for each in candidates), len(candidates))
        except LimitReachedError:
            self.open_bounds = [candidate.bound for candidate in candidates if not candidate.decided]
            self._keep(self.first)
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
        ahead = list(candidates)
        for percent in _PERCENTS:
            for candidate in self._by_bound(ahead):
                goal = min(candidate.bound + candidate.bound * percent // 100, self._ceiling)
                if candidate.bound > goal or self._look_ahead(candidate, goal):
                    ahead.remove(candidate)
        return self._ceiling

    def _by_bound(self, candidates: list[Candidate]) -> Iterator[Candidate]:
        """The candidates, least bound first; the bound of each is raised as far as it goes before it comes."""
        waiting = list(candidates)
        while waiting:
            first = min(waiting, key=lambda candidate: candidate.bound)
            if first.is_shallow and first.bound <= self._ceiling:
                first.deepen()
            else:
                waiting.remove(first)
                yield first

    @property
    def _ceiling(self) -> int:
        """What the best plan so far costs; where there is none, more than any plan."""
        return min([FAR - 1, *(found.objective for found in (self.first, self.best) if found)])

    def _look_ahead(self, candidate: Candidate, goal: int) -> bool:
        """Whether some plan is found among the ways within a goal; the best of all such plans is kept.

        A narrow pass that cut nothing is a whole search: when it ends within the goal, the candidate is decided.
        """
        search = candidate.search(goal, self.budget)
        if search is None or self._is_repeated(candidate, search):
            candidate.bound = goal + 1
            return False
        complete = search.glance(goal)
        found = self._found(search)
        if complete and (found is None or found.objective > goal):
            candidate.bound = goal + 1
        if found is None:
            return False
        if found.objective <= goal:
            candidate.begun = search
        if complete and found.objective <= goal:
            candidate.decided = True
            self._keep(found)
        elif found.objective < self._ceiling:
            self.first = found
        return True

    def _search(self, candidate: Candidate, goal: int | None) -> None:
        """Search a set of liquids, unless it is decided, for a plan within the goal and no worse than the best."""
        goal = goal if goal is None else min(goal, self._ceiling)
        if candidate.decided or (goal is not None and candidate.bound > goal):
            candidate.decided = True
            return
        search = candidate.begun or candidate.search(goal, self.budget)
        if search is not None and not self._is_repeated(candidate, search):
            try:
                search.finish(goal)
            finally:
                self._keep(self._found(search))
        candidate.decided = True

    def _is_repeated(self, candidate: Candidate, search: Search) -> bool:
        """Whether the search would find only what the search without liquids finds."""
        return self.problem.policy.one_liquid and bool(candidate.liquids) and not search.pours

    def _found(self, search: Search) -> _Found | None:
        plan = search.plan
        return None if plan is None else _Found(self.grid, self.layouts, search, plan)

    def _keep(self, found: _Found | None) -> None:
        if found is not None and (self.best is None or found.precedes(self.best)):
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
