"""Integer programmes in exact numbers on HiGHS: rows and costs scaled to integers, both gaps zero."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil, gcd, inf, lcm

import highspy
import numpy as np

OPTIMAL, INFEASIBLE, STOPPED = "optimal", "infeasible", "stopped"

Terms = dict[int, Fraction]
"""A linear expression: coefficients by column."""

Row = tuple[Terms, Fraction | float, Fraction | float]
"""A linear expression with the least and the most that it may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`value` re-adds the objective of `columns` exactly; `bound` is the solver's lower bound of it."""

    status: str
    value: Fraction | None = None
    bound: Fraction | None = None
    columns: tuple[int, ...] | None = None


@dataclass(slots=True)
class Model:
    """Integer columns, and rows of exact coefficients."""

    upper: list[float] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def column(self, most: float = inf) -> int:
        """A new integer column from 0 to `most`."""
        self.upper.append(most)
        return len(self.upper) - 1

    def row(self, terms: Terms, low: Fraction | float, high: Fraction | float) -> None:
        """low <= terms <= high."""
        self.rows.append((dict(terms), low, high))

    def at_least(self, left: Terms, right: Terms) -> None:
        """left >= right."""
        self.row(plus(left, times(right, -1)), 0, inf)

    def minimise(self, objective: Terms, time_limit: float) -> Found:
        """Solve to optimality, then ask again, without presolve, for anything better, until there is none.

        The second question is needed: HiGHS 1.15 called a plan optimal that cost 0.4 % more than another that its own
        rows allow, with presolve on and a tolerance of 1e-9.
        """
        best = self._run(objective, time_limit, presolve="on")
        while best.status != STOPPED:
            better = self._run(objective, time_limit, presolve="off", below=best.value)
            if better.status == INFEASIBLE:
                return best
            best = better if better.columns is not None else replace(best, status=STOPPED, bound=better.bound)
        return best

    def _run(self, objective: Terms, time_limit: float, *, presolve: str, below: Fraction | None = None) -> Found:
        """One run of the solver. All columns are integers, so the scaled objective is one too."""
        scale = scale_of(objective.values())
        cut = [] if below is None else [(objective, -inf, below - 1 / scale)]
        solver = self._solver(objective, scale, [*self.rows, *cut])
        solver.setOptionValue("presolve", presolve)
        solver.setOptionValue("time_limit", time_limit)
        solver.run()
        status = solver.getModelStatus()
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return Found(status=INFEASIBLE)
        bound = solver.getInfo().mip_dual_bound
        known = Fraction(ceil(bound - 1e-9 * max(1e5, abs(bound)))) / scale if abs(bound) < inf else None
        if not solver.getSolution().value_valid:
            return Found(status=STOPPED, bound=known)
        columns = tuple(round(value) for value in solver.getSolution().col_value)
        value = sum((c * columns[k] for k, c in objective.items()), Fraction(0))
        done = status == highspy.HighsModelStatus.kOptimal
        return Found(status=OPTIMAL if done else STOPPED, value=value, bound=known, columns=columns)

    def _solver(self, objective: Terms, scale: Fraction, rows: Sequence[Row]) -> highspy.Highs:
        problem = highspy.HighsLp()
        problem.num_col_, problem.num_row_ = len(self.upper), len(rows)
        cost = np.zeros(len(self.upper))
        for k, c in objective.items():
            cost[k] = float(c * scale)
        problem.col_cost_, problem.col_lower_ = cost, np.zeros(len(self.upper))
        problem.col_upper_ = np.array(self.upper)
        problem.integrality_ = [highspy.HighsVarType.kInteger] * len(self.upper)
        starts, columns, values, low, high = [0], [], [], [], []
        for terms, least, most in rows:
            factor = scale_of([*terms.values(), *(Fraction(x) for x in (least, most) if abs(x) < inf)])
            columns += terms.keys()
            values += [float(c * factor) for c in terms.values()]
            starts.append(len(columns))
            low.append(float(least * factor) if abs(least) < inf else -inf)
            high.append(float(most * factor) if abs(most) < inf else inf)
        problem.row_lower_, problem.row_upper_ = np.array(low), np.array(high)
        problem.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        problem.a_matrix_.start_, problem.a_matrix_.index_ = np.array(starts), np.array(columns, dtype=np.int32)
        problem.a_matrix_.value_ = np.array(values, dtype=float)
        solver = highspy.Highs()
        for option, setting in _OPTIONS.items():
            solver.setOptionValue(option, setting)
        solver.passModel(problem)
        return solver


_OPTIONS = {
    "output_flag": False,
    "threads": 1,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.0,
}


def scale_of(numbers: Iterable[Fraction]) -> Fraction:
    """The factor that makes all these numbers integers without a common divisor."""
    numbers = [number for number in numbers if number]
    whole = lcm(*(number.denominator for number in numbers))
    common = gcd(*(int(number * whole) for number in numbers))
    return Fraction(whole, common or 1)


def plus(*parts: Terms) -> Terms:
    """The sum of linear expressions."""
    total: Terms = {}
    for part in parts:
        for k, c in part.items():
            total[k] = total.get(k, Fraction(0)) + c
    return total


def times(terms: Terms, factor: Fraction | int) -> Terms:
    """A linear expression times a number."""
    return {k: c * factor for k, c in terms.items()}


def one(column: int) -> Terms:
    return {column: Fraction(1)}
