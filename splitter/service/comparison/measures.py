"""How much work a plan is, for who prepares it and for who takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from splitter.plan import Plan, PlannedStep
from splitter.service.comparison.settings import handling_weights


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What one plan comes to over all its days.

    `units_cut` are the units that the pharmacy breaks, `split_pieces` the pieces given that are no whole units. Pieces
    a day are the mean over the days with a dose, and those of the fullest day. `bench_dates` are the dates on which
    something is compounded. `handling` weighs the events of taking it as `prefer = "simple"` does: a piece is one, a
    split piece and a measured volume are five more, or five.
    """

    total: Fraction
    units_cut: int
    split_pieces: int
    volumes_measured: int
    pieces: int
    mean_pieces: Fraction
    most_pieces: int
    products: int
    bench_dates: int
    handling: int


def measures_of(plan: Plan) -> Measures:
    """The measures of a plan that isn't infeasible."""
    assert plan.total is not None
    split, volumes = _over_days(plan, _split_pieces), _over_days(plan, _volumes)
    pieces = _over_days(plan, _pieces)
    weights = handling_weights()
    return Measures(
        total=plan.total,
        units_cut=sum(item.cut for item in plan.items),
        split_pieces=split,
        volumes_measured=volumes,
        pieces=pieces,
        mean_pieces=Fraction(pieces, max(sum(step.days for step in plan.steps if step.administrations), 1)),
        most_pieces=max(map(_pieces, plan.steps), default=0),
        products=len(plan.products),
        bench_dates=len({item.date for item in plan.items if item.batches is not None}),
        handling=(
            split * weights["split_burden"] + pieces * weights["piece_burden"] + volumes * weights["measure_burden"]
        ),
    )


def _over_days(plan: Plan, count: Callable[[PlannedStep], int]) -> int:
    return sum(step.days * count(step) for step in plan.steps)


def _pieces(step: PlannedStep) -> int:
    return sum(take.count for given in step.administrations for take in given.take)


def _split_pieces(step: PlannedStep) -> int:
    return sum(take.count for given in step.administrations for take in given.take if take.fraction != 1)


def _volumes(step: PlannedStep) -> int:
    return sum(given.measure is not None for given in step.administrations)
