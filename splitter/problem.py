"""The optimiser's question: what a prescription asks of a pharmacy that stocks these products.

It stands between the input records and the plan so that supply and optimisation read one record, and
so that "what if" questions (a relaxation, a comparison) are a `dataclasses.replace` of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate

from splitter.division import Demand, Giving, allowed_products, families, fractions_of, with_room
from splitter.errors import Fault, InputError
from splitter.formulary import Formulary, Product, larger_dose_for, policy_for, with_beyond_use
from splitter.prescription import (
    AtHome,
    Costs,
    LargerDose,
    Pharmacy,
    Policy,
    Prescription,
    Step,
    Tolerance,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What the patient has of one product: `whole` units and `fragments` of a `size` [units], or a `volume` [mL].

    A lot may be used up to `last_day`, counted from the start; None: without limit.
    """

    product: str
    whole: int = 0
    size: Fraction = Fraction(0)
    fragments: int = 0
    volume: Fraction = Fraction(0)
    last_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One prescription with the policy in force, the fees, and every product of the drug.

    `policy` has no open values: burdens are set, `max_supply` and `spare` are the drug's, and `max_imbalance` or
    `max_supply` None means that there is no limit. `givings` say with what each step is given (rule R7), once that is
    settled; empty: with any product. `at_home` is what the patient has of products of the drug, each once.
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
    at_home: tuple[Home, ...] = ()

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

    def home(self, product: str) -> Home | None:
        """What the patient has of a product."""
        return next((home for home in self.at_home if home.product == product), None)

    def giving(self, step: int) -> Giving:
        """With what a step with a dose is given."""
        return (self.givings[step] if self.givings else None) or Giving.ANY

    def date(self, day: int) -> dt.date:
        return self.start + dt.timedelta(days=day)


def pose(prescription: Prescription, pharmacy: Pharmacy, formulary: Formulary) -> Problem:
    """The problem that this prescription poses; its taper must have become steps already.

    Raises InputError for what is at home but not in the formulary, or can't be counted as it is stated.
    """
    policy = policy_for(prescription, pharmacy, formulary)
    return Problem(
        start=prescription.start,
        times=prescription.times,
        steps=with_room(prescription.steps, policy.resolve),
        tolerance=prescription.tolerance,
        larger_dose=larger_dose_for(prescription, formulary),
        cut_order=prescription.cut_order,
        policy=policy,
        costs=pharmacy.costs,
        stock=tuple(with_beyond_use(p, pharmacy.compounding, prescription.start) for p in formulary.products),
        at_home=homes_of(prescription, formulary, policy),
    )


def homes_of(prescription: Prescription, formulary: Formulary, policy: Policy) -> tuple[Home, ...]:
    """What is at home, in the terms of a problem. Raises InputError with all that is wrong with it."""
    known = {product.id: product for product in formulary.products}
    stated = list(enumerate(prescription.at_home))
    faults = [
        Fault(file=f"prescription {prescription.number}", key=f"at_home[{i}].{key}", found=found, remedy=remedy)
        for i, home in stated
        for key, found, remedy in _home_problems(home, known.get(home.product), policy)
    ]
    if faults:
        raise InputError(faults)
    return tuple(_home(prescription, home, known[home.product], policy) for _, home in stated)


def _home_problems(home: AtHome, product: Product | None, policy: Policy) -> Iterator[tuple[str, str, str]]:
    if product is None:
        yield (
            "product",
            f'"{home.product}"',
            "write the id of a product of the drug, as splitter formulary show names it",
        )
        return
    if bool(home.volume) is not product.is_liquid:
        found = "a volume of what is counted" if home.volume else "units of a liquid"
        yield "volume" if home.volume else "units", found, "write units for what is counted, a volume for a liquid"
    if product.shelf_life is not None and home.use_by is None:
        yield "use_by", "nothing", "write the last day on which it may be used, as its label says"
    if not product.has_lots and home.use_by is not None:
        yield "use_by", f"{home.use_by}, of what is counted", "leave it out, or leave out what may not be used any more"
    if home.fragments and len(_sizes(product, policy)) > 1:
        found = f"fragments of {product.id}, of which both halves and quarters may be given"
        yield "halves", found, 'count whole units alone, or set split = "scored" or "halves"'


def _home(prescription: Prescription, home: AtHome, product: Product, policy: Policy) -> Home:
    # Of several sizes there are no fragments at home, as `_home_problems` sees to.
    size = next(iter(_sizes(product, policy)), Fraction(0))
    return Home(
        product=home.product,
        whole=home.units,
        size=size,
        fragments=dict(home.fragments).get(size, 0),
        volume=home.volume.value,
        last_day=None if home.use_by is None else (home.use_by - prescription.start).days,
    )


def _sizes(product: Product, policy: Policy) -> tuple[Fraction, ...]:
    """The sizes of the fragments in which a product may be given."""
    return () if product.is_liquid else fractions_of(product, policy.split)[1:]


def by_family(problem: Problem) -> tuple[Problem, ...]:
    """The problem once for each family of its products, with those of no family in each; as it is without families.

    Only families that are allowed something count, where any is, so that no problem is asked twice.
    """
    return tuple(replace(problem, stock=stock) for stock in families(problem.stock, problem.policy))
