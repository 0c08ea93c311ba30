"""The optimiser's question: what a prescription asks of a pharmacy that stocks these products.

It stands between the input records and the plan so that supply and optimisation read one record, and
so that "what if" questions (a relaxation, a comparison) are a `dataclasses.replace` of it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from itertools import accumulate

from splitter.division import Demand, Giving, allowed_products, families
from splitter.formulary import Formulary, Product, larger_dose_for, policy_for, with_beyond_use
from splitter.prescription import (
    Costs,
    LargerDose,
    Pharmacy,
    Policy,
    Prescription,
    Step,
    Tolerance,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One prescription with the policy in force, the fees, and every product of the drug.

    `policy` has no open values: burdens are set, `max_supply` and `spare` are the drug's, and `max_imbalance` or
    `max_supply` None means that there is no limit. `givings` say with what each step is given (rule R7), once that is
    settled; empty: with any product.
    """

    start: dt.date
    times: tuple[dt.time, ...]
    steps: tuple[Step, ...]
    tolerance: Tolerance
    larger_dose: LargerDose
    cut_order: tuple[dt.time, ...] | None = None
    policy: Policy
    costs: Costs
    stock: tuple[Product, ...]
    givings: tuple[Giving | None, ...] = ()

    @property
    def products(self) -> tuple[Product, ...]:
        """The products that rule R6 and availability leave, by id."""
        return allowed_products(self.stock, self.policy)

    @property
    def days(self) -> int:
        """D, the sum of the steps' lengths [days]."""
        return sum(step.days for step in self.steps)

    @property
    def step_starts(self) -> tuple[int, ...]:
        """The first day of each step, counted from the start."""
        return tuple(accumulate((step.days for step in self.steps), initial=0))[:-1]

    @property
    def spare(self) -> int:
        """How many days each hand-over reaches beyond the next visit, so that a late one doesn't end the drug [days].

        The policy's, where each bottled, poured or compounded product that the problem allows keeps from a visit
        until then. Else none in the whole plan: what keeps for less must be fetched in time anyway, and could not be
        handed over for days on which it has expired.
        """
        least = self.policy.visit_interval + self.policy.spare
        keeps = all(product.shelf_life is None or product.shelf_life >= least for product in self.products)
        return self.policy.spare if keeps else 0

    @property
    def visits(self) -> tuple[int, ...]:
        """The days of handing over: t_0 = 0, t_1, …; one that would serve no day, t_v + spare ≥ D, is no visit."""
        return tuple(range(0, max(self.days - self.spare, 1), self.policy.visit_interval))

    @property
    def bounds(self) -> tuple[int, ...]:
        """The days on which intervals begin, and D: interval v is the days from bounds[v] to before bounds[v + 1].

        What is handed over at visit v serves interval v, which begins `spare` days after it, the first with it.
        """
        spare = self.spare
        return (0, *(visit + spare for visit in self.visits[1:]), self.days)

    @property
    def demand(self) -> Demand:
        """What is to be divided."""
        return Demand(
            times=self.times,
            steps=self.steps,
            tolerance=self.tolerance,
            larger_dose=self.larger_dose,
            cut_order=self.cut_order,
            policy=self.policy,
            products=self.products,
        )

    def giving(self, step: int) -> Giving:
        """With what a step with a dose is given."""
        return (self.givings[step] if self.givings else None) or Giving.ANY

    def date(self, day: int) -> dt.date:
        return self.start + dt.timedelta(days=day)


def pose(prescription: Prescription, pharmacy: Pharmacy, formulary: Formulary) -> Problem:
    """The problem that this prescription poses; its taper must have become steps already."""
    return Problem(
        start=prescription.start,
        times=prescription.times,
        steps=prescription.steps,
        tolerance=prescription.tolerance,
        larger_dose=larger_dose_for(prescription, formulary),
        cut_order=prescription.cut_order,
        policy=policy_for(prescription, pharmacy, formulary),
        costs=pharmacy.costs,
        stock=tuple(with_beyond_use(p, pharmacy.compounding, prescription.start) for p in formulary.products),
    )


def by_family(problem: Problem) -> tuple[Problem, ...]:
    """The problem once for each family of its products, with those of no family in each; as it is without families.

    Only families that are allowed something count, where any is, so that no problem is asked twice.
    """
    return tuple(replace(problem, stock=stock) for stock in families(problem.stock, problem.policy))
