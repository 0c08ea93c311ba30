"""From a problem to its best plan: one search for each set of liquids, compared by the whole order of preference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from splitter.optimise.bounds import DoseTables
from splitter.optimise.course import (
    Chosen,
    Common,
    Contender,
    Memory,
    Solved,
    TieBreak,
    blank,
    chained,
    recalled,
)
from splitter.optimise.day import Given, Layouts
from splitter.optimise.integers import MOST, Calendar, Grid
from splitter.optimise.limits import Budget, LimitReachedError
from splitter.optimise.owed import Ledger, Supplies, Tariffs
from splitter.optimise.solution import Dose, Solution
from splitter.plan import Status
from splitter.problem import Problem

Progress = Callable[[int, int], None]
"""Called with (parts done, parts in all) while a long search runs."""


class _RankedPlan:
    """The best plan of one contender; its place among those that tie is worked out when somebody asks."""

    def __init__(self, grid: Grid, layouts: Layouts, contender: Contender, plan: tuple[Solved, ...]) -> None:
        self.grid = grid
        self.layouts = layouts
        self.contender = contender
        self.ways = tuple(ways for block in plan for ways in block.ways)
        self.outcome = chained(plan)

    @property
    def objective(self) -> int:
        """What the plan costs with its burdens, in money units."""
        return self.outcome.rank[1]

    @cached_property
    def chosen(self) -> Chosen:
        return TieBreak(self.grid, self.layouts, self.ways, self.contender.segments).choose(self.outcome)

    def precedes(self, other: _RankedPlan) -> bool:
        """Whether it stands before another in the whole order of preference."""
        if self.outcome.rank != other.outcome.rank:
            return self.outcome.rank < other.outcome.rank
        return self._late_rank < other._late_rank

    @property
    def _late_rank(self) -> tuple[int, tuple[tuple[Given, ...], ...]]:
        """What decides between plans of the same rank: unevenness, then the listing."""
        return self.chosen.unevenness, tuple(layout.given if layout else () for layout in self.chosen.layouts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What a search may spend, and how: `progress` is told of it.

    `remember`: use the tables of problems like this one, and remember them for the next. A search with a limit of nodes
    has tables of its own, so that where it ends depends on its problem alone.
    """

    budget: Budget
    progress: Progress | None = None
    remember: bool = False


def best_solution(problem: Problem, effort: Effort, ceiling: Fraction | None = None) -> Solution | None:
    """The best plan that the rules allow, proved unless a limit ends the search; None when there is none.

    Plans that cost more than a `ceiling` need not be found.

    Raises LimitReachedError when a limit ends the search before any plan is found.
    """
    grid = Grid(problem)
    memory = recalled(grid) if effort.remember and effort.budget.nodes is None else blank(grid)
    return _Engine(grid, memory, effort.budget, ceiling).run(effort.progress or _silent)


def _listing(regimen: tuple[Dose, ...] | None) -> tuple[object, ...]:
    """A day's pieces and volume, time by time, as plans that tie compare."""
    return tuple(
        (
            tuple((take.product, -take.fraction, take.count) for take in dose.take),
            (dose.measure.product, dose.measure.mL) if dose.measure else (),
        )
        for dose in regimen or ()
    )


def _silent(_done: int, _total: int) -> None:
    """Report nothing."""


class _Engine:
    def __init__(self, grid: Grid, memory: Memory, budget: Budget, ceiling: Fraction | None) -> None:
        self.problem = grid.problem
        self.grid = grid
        self.memory = memory
        supplies = Supplies(grid, memory.priced)
        self.common = Common(
            ledger=Ledger(supplies),
            tariffs=Tariffs(supplies, memory.tariffs),
            calendar=Calendar(grid.problem),
            tables=DoseTables(grid, memory.tablets, budget),
            finder=memory.finder,
            known=memory.blocks,
            budget=budget,
        )
        self.highest = MOST if ceiling is None else int(ceiling * grid.money_scale)
        self.best: _RankedPlan | None = None
        self.is_ranked_by_cost = not (self.problem.tolerance.mass or self.problem.tolerance.share)

    def run(self, progress: Progress) -> Solution | None:
        contenders = [Contender(self.common, liquids) for liquids in self._liquid_sets()]
        open_yet = list(contenders)
        try:
            self._sketch(open_yet)
            while open_yet:
                progress(len(contenders) - len(open_yet), len(contenders))
                first = min(open_yet, key=lambda contender: contender.bound)
                self._finish(first)
                open_yet.remove(first)
        except LimitReachedError:
            for contender in open_yet:
                self._keep(contender)
        if self.best is not None:
            return self._solution(self.best, [contender.bound for contender in open_yet])
        if open_yet:
            raise LimitReachedError
        progress(len(contenders), len(contenders))
        return None

    def _liquid_sets(self) -> list[tuple[int, ...]]:
        """The sets of liquids of which every allowed plan uses one: none, each alone, or all where several may be."""
        liquids = range(len(self.grid.liquids))
        if not self.problem.policy.one_liquid:
            return [tuple(liquids)]
        return [(), *((liquid,) for liquid in liquids)]

    def _sketch(self, contenders: list[Contender]) -> None:
        """Find a first plan of each contender that may be as good as the best so far, least bound first.

        With a tolerance the deviation comes before the cost, so that no bound on the cost tells anything. One in which
        narrow looks found nothing lets the others go first: up to the cost of a plan of theirs it has less to look at.
        """
        waiting = list(contenders) if self.is_ranked_by_cost else []
        while waiting:
            first = min(waiting, key=lambda contender: (contender.lost, contender.bound))
            if first.bound > self._ceiling or (first.is_stuck and self.best is not None):
                waiting.remove(first)
            elif first.is_shallow:
                first.deepen()
            elif first.is_sketched:
                waiting.remove(first)
                self._keep(first)
            else:
                first.sketch(self._ceiling)

    def _finish(self, contender: Contender) -> None:
        """Find the best plan of a contender, if it may be as good as the best so far."""
        if self.is_ranked_by_cost:
            if contender.is_decided or contender.bound > self._ceiling:
                return
            contender.finish(self._ceiling)
        else:
            contender.sketch(None)
            if not contender.is_decided:
                contender.finish(None)
        self._keep(contender)

    @property
    def _ceiling(self) -> int:
        """What the best plan so far costs; where there is none, the most that anyone asks for."""
        return self.highest if self.best is None else min(self.highest, self.best.objective)

    def _keep(self, contender: Contender) -> None:
        """Take a contender's plan where it is better than the best so far, or is of the same contender but later."""
        if contender.plan is None:
            return
        plan = _RankedPlan(self.grid, self.memory.layouts, contender, contender.plan)
        if self.best is None or self.best.contender is contender or plan.precedes(self.best):
            self.best = plan

    def _solution(self, plan: _RankedPlan, open_bounds: list[int]) -> Solution:
        objective = Fraction(plan.objective, self.grid.money_scale)
        bound = Fraction(min([plan.objective, *open_bounds]), self.grid.money_scale)
        regimens = tuple(map(self.memory.regimens.of, plan.chosen.layouts))
        deviation, _, *counts = plan.outcome.rank
        masses = (Fraction(mass, self.grid.mass_scale) for mass in (deviation, plan.chosen.unevenness))
        missed, uneven = masses
        return Solution(
            status=Status.FEASIBLE if open_bounds else Status.OPTIMAL,
            regimens=regimens,
            objective=objective,
            lower_bound=bound,
            settled=self.problem,
            rank=(missed, objective, *counts, uneven, tuple(map(_listing, regimens))),
        )
