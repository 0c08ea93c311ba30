"""Days to spare, limits on a lot, poured liquids and overages, worked out on paper from the problem's rules.

What the oracle hands over and what the program does are both held to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pytest

from splitter.formulary import Bottles, Loose, Poured, Product, Size
from splitter.prescription import Costs, Step
from splitter.problem import Problem
from splitter.quantity import Mass, Money
from splitter.supply import Use, dispense
from tests.oracle.cases import FREE, Case, case_of, tablet
from tests.oracle.evaluate import Item, supply
from tests.oracle.evaluate import Use as OracleUse
from tests.oracle.test_by_hand import batch, liquid
from tests.property.test_engine import problem_of

F = Fraction
Handed = tuple[int, int, int, str, str]
"""The day of handing over, the first and the last day served, the quantity, the cost."""


def sizes(*pairs: tuple[int, str]) -> tuple[Size, ...]:
    return tuple(Size(content=F(content), price=Money(F(price))) for content, price in pairs)


def bottles(in_use: int | None, overage: str = "0") -> Product:
    """Bottles of 10 mL at 1 and of 30 mL at 2.50."""
    return liquid(Bottles(sizes=sizes((10, "1"), (30, "2.5")), in_use=in_use, overage=F(overage)))


def poured(keeps: int, overage: str = "0", **changes: Any) -> Product:
    """Poured at 0.10 for each mL in steps of 5 mL, into 20 mL at 0.50."""
    plain = {"price": Money(F("0.1")), "step": F(5), "containers": sizes((20, "0.5"))}
    return liquid(Poured(keeps=keeps, overage=F(overage), **{**plain, **changes}))


FEE = Costs(item_fee=Money(F(1)), split_fee=Money(0), batch_fee=Money(0), labour_rate=Money(0))
TABLETS = tablet("1", "0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """`days` of each step, of which a day takes `daily` mL, or tablets; beside it a product that is `allowed` too."""

    product: Product
    days: Sequence[int]
    daily: Sequence[str]
    handed: Sequence[Handed]
    settings: dict[str, Any] = field(default_factory=dict)
    costs: Costs = FREE
    allowed: Sequence[Product] = ()

    @property
    def case(self) -> Case:
        steps = [Step(days=days, target=Mass(F(1))) for days in self.days]
        return case_of((self.product, *self.allowed), steps, costs=self.costs, **self.settings)


def spare(days: int, interval: int = 7, **others: Any) -> dict[str, Any]:
    return {"visit_interval": interval, "spare": days, **others}


OTHER = Product(
    id="other",
    name="other",
    form=bottles(5).form,
    supply=Bottles(sizes=sizes((10, "1")), in_use=8),
    concentration=bottles(5).concentration,
)

WORKED: dict[str, Worked] = {
    # Intervals 0 to 8 and 9 to 13: the second visit is on day 7 and serves from day 9 on.
    "two days to spare over two visits": Worked(
        product=TABLETS,
        settings=spare(2),
        days=[14],
        daily=["1"],
        handed=[(0, 0, 8, "9", "0.9"), (7, 9, 13, "5", "0.5")],
    ),
    # A visit on day 7 would serve from day 9 on, and the plan ends with day 8.
    "no visit that serves no day": Worked(
        product=TABLETS, settings=spare(2), days=[9], daily=["1"], handed=[(0, 0, 8, "9", "0.9")]
    ),
    "a visit that serves one day": Worked(
        product=TABLETS,
        settings=spare(2),
        days=[10],
        daily=["1"],
        handed=[(0, 0, 8, "9", "0.9"), (7, 9, 9, "1", "0.1")],
    ),
    "a step that begins in the days to spare": Worked(
        product=TABLETS,
        settings=spare(2),
        days=[8, 6],
        daily=["1", "2"],
        handed=[(0, 0, 8, "10", "1"), (7, 9, 13, "10", "1")],
    ),
    # Needed on day 20, which is served by the visit on day 14, from its day 16 on.
    "nothing for visits without use": Worked(
        product=TABLETS, settings=spare(2), days=[20, 1], daily=["0", "1"], handed=[(14, 16, 20, "1", "0.1")]
    ),
    # It keeps until day 15, the last of the second interval's: 16 days from day 0.
    "a lot that keeps for two visits and the days to spare": Worked(
        product=bottles(16), settings=spare(2), days=[16], daily=["1"], handed=[(0, 0, 15, "20", "2")]
    ),
    "a day too little": Worked(
        product=bottles(15),
        settings=spare(2),
        days=[16],
        daily=["1"],
        handed=[(0, 0, 8, "10", "1"), (7, 9, 15, "10", "1")],
    ),
    # From the visit on day 7, 16 days end with day 22: the last of the third interval.
    "life counts from the visit": Worked(
        product=bottles(16),
        settings=spare(2),
        days=[9, 14],
        daily=["0", "1"],
        handed=[(7, 9, 22, "20", "2")],
    ),
    "life of just an interval and the days to spare": Worked(
        product=bottles(9),
        settings=spare(2),
        days=[14],
        daily=["1"],
        handed=[(0, 0, 8, "10", "1"), (7, 9, 13, "10", "1")],
    ),
    "no days to spare where the lot would expire": Worked(
        product=bottles(8),
        settings=spare(2),
        days=[14],
        daily=["1"],
        handed=[(0, 0, 6, "10", "1"), (7, 7, 13, "10", "1")],
    ),
    "no days to spare where another product would": Worked(
        product=TABLETS,
        allowed=(OTHER,),
        settings=spare(2),
        days=[14],
        daily=["1"],
        handed=[(0, 0, 6, "7", "0.7"), (7, 7, 13, "7", "0.7")],
    ),
    "days to spare where that one is excluded": Worked(
        product=TABLETS,
        allowed=(OTHER,),
        settings=spare(2, exclude=("other",)),
        days=[14],
        daily=["1"],
        handed=[(0, 0, 8, "9", "0.9"), (7, 9, 13, "5", "0.5")],
    ),
    # t_2 - t_0 = 14: two visits of a lot, though with the days to spare they are 16 days.
    "a limit of two visits": Worked(
        product=bottles(60),
        settings=spare(2, max_supply=14),
        costs=FEE,
        days=[23],
        daily=["1"],
        handed=[(0, 0, 15, "20", "2"), (14, 16, 22, "10", "1")],
    ),
    "a limit that just doesn't reach two": Worked(
        product=bottles(60),
        settings=spare(0, max_supply=13),
        costs=FEE,
        days=[14],
        daily=["1"],
        handed=[(0, 0, 6, "10", "1"), (7, 7, 13, "10", "1")],
    ),
    # The plan ends before the visit that would follow: 12 days, within 13.
    "a limit that the end of the plan keeps": Worked(
        product=bottles(60),
        settings=spare(0, max_supply=13),
        costs=FEE,
        days=[12],
        daily=["1"],
        handed=[(0, 0, 11, "20", "2")],
    ),
    "a limit below one interval": Worked(
        product=bottles(60),
        settings=spare(0, max_supply=3),
        costs=FEE,
        days=[14],
        daily=["1"],
        handed=[(0, 0, 6, "10", "1"), (7, 7, 13, "10", "1")],
    ),
    # The one in between has no use, but the lot would span it.
    "a limit over an interval without use": Worked(
        product=bottles(60),
        settings=spare(0, max_supply=14),
        costs=FEE,
        days=[7, 7, 7],
        daily=["1", "0", "1"],
        handed=[(0, 0, 6, "10", "1"), (14, 14, 20, "10", "1")],
    ),
    "a bottle without a limit of its own": Worked(
        product=bottles(None),
        settings=spare(0, max_supply=14),
        costs=FEE,
        days=[28],
        daily=["1"],
        handed=[(0, 0, 13, "20", "2"), (14, 14, 27, "20", "2")],
    ),
    "one lot without any limit": Worked(
        product=bottles(None), settings=spare(2), costs=FEE, days=[28], daily=["1"], handed=[(0, 0, 27, "30", "2.5")]
    ),
    # 30 mL and a twentieth of it are 31.5 mL: 30 + 10 mL at 3.50, where 30 mL would do without the overage.
    "bottles that hold the overage": Worked(
        product=bottles(30, "0.05"), settings=spare(0, 30), days=[30], daily=["1"], handed=[(0, 0, 29, "40", "3.5")]
    ),
    # Windows of 4 and 3 days: 8 mL and 6 mL, half as much again are 12 and 9 mL: 20 and 10 mL.
    "overage in each window of bottles": Worked(
        product=bottles(4, "0.5"), settings=spare(0), days=[7], daily=["2"], handed=[(0, 0, 6, "30", "3")]
    ),
    # 14 mL up to 15 mL: 1.50, and 0.50 for the container.
    "poured in whole steps": Worked(
        product=poured(30), settings=spare(0, 14), days=[14], daily=["1"], handed=[(0, 0, 13, "15", "2")]
    ),
    # 14 mL and a tenth of it are 15.4 mL, so 20 mL.
    "poured with an overage": Worked(
        product=poured(30, "0.1"), settings=spare(0, 14), days=[14], daily=["1"], handed=[(0, 0, 13, "20", "2.5")]
    ),
    "poured into nothing that costs": Worked(
        product=poured(30, containers=()),
        settings=spare(0, 14),
        days=[14],
        daily=["1"],
        handed=[(0, 0, 13, "15", "1.5")],
    ),
    # Two visits in one container: 14 mL. Three would be 21 mL, two containers and one day more than it keeps.
    "poured for several visits": Worked(
        product=poured(20),
        settings=spare(0),
        costs=FEE,
        days=[21],
        daily=["1"],
        handed=[(0, 0, 13, "15", "2"), (14, 14, 20, "10", "1.5")],
    ),
    "poured on the first day of each window": Worked(
        product=poured(4),
        settings=spare(0),
        days=[9],
        daily=["1"],
        handed=[(0, 0, 3, "5", "1"), (4, 4, 6, "5", "1"), (7, 7, 8, "5", "1")],
    ),
    # 9 mL and 5 mL; 14 mL in one lot would keep too, but the limit is one visit's.
    "a batch with days to spare and a limit": Worked(
        product=liquid(batch(30, minimum=F(2))),
        settings=spare(2, max_supply=7),
        costs=FEE,
        days=[14],
        daily=["1"],
        handed=[(0, 0, 8, "10", "1"), (7, 9, 13, "6", "0.6")],
    ),
}


@pytest.mark.parametrize("name", WORKED)
def test_the_oracle_hands_over_what_was_worked_out(name: str) -> None:
    """The plain statement of the rules."""
    worked = WORKED[name]
    is_counted = isinstance(worked.product.supply, Loose)
    daily = [
        OracleUse(int(F(each)), F(0), F(0)) if is_counted else OracleUse(0, F(0), F(each)) for each in worked.daily
    ]
    assert list(map(_in_short, supply(worked.case, worked.product, daily))) == list(map(_exactly, worked.handed))


@pytest.mark.parametrize("name", WORKED)
def test_the_program_hands_over_what_was_worked_out(name: str) -> None:
    """The same, by the rules that the optimiser prices lots with."""
    worked = WORKED[name]
    problem = problem_of(worked.case)
    is_counted = isinstance(worked.product.supply, Loose)
    daily = [Use(whole=int(F(each))) if is_counted else Use(volume=F(each)) for each in worked.daily]
    items = dispense(problem, [{worked.product.id: use} for use in daily])
    days = [tuple((date - problem.start).days for date in _dates(each.item)) for each in items]
    found = [(*each, supplied.item.quantity, supplied.cost) for each, supplied in zip(days, items, strict=True)]
    assert found == list(map(_exactly, worked.handed))


def _in_short(item: Item) -> tuple[object, ...]:
    return item.day, item.first, item.last, item.quantity, item.cost


def _exactly(handed: Handed) -> tuple[object, ...]:
    day, first, last, quantity, cost = handed
    return day, first, last, F(quantity), F(cost)


def _dates(item: Any) -> tuple[Any, ...]:
    return item.date, item.first_day, item.use_until


def test_spare_days_are_the_problem_s_own() -> None:
    """The visits stay where they are; the intervals begin later, and the last ends with the plan."""
    problem: Problem = problem_of(WORKED["two days to spare over two visits"].case)
    assert (problem.spare, problem.visits, problem.bounds) == (2, (0, 7), (0, 9, 14))
    given_up: Problem = problem_of(WORKED["no days to spare where another product would"].case)
    assert (given_up.spare, given_up.visits, given_up.bounds) == (0, (0, 7), (0, 7, 14))
