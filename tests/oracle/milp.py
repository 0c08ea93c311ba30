"""The problem as an integer programme on HiGHS: deviation first, then the objective (preferences 1 and 2).

What the solver found is re-added exactly. Index names: i step, j administration time, p product, f fraction,
v interval, a and b visits.

    x[i,j,p,f]  pieces given                            integer
    y[i,j,p,r]  p is measured, its volume in range r    binary    volume = offset + graduation x m
    m[i,j,p,r]  multiples of the graduation             integer
    o[p]        p is in the plan                        binary
    cut[p,v]    units cut, at least the fragments       integer
    item[p,..]  p is handed over then                   binary
    lot[p,a,b]  a lot serves intervals a to b - 1       binary
    n, q        batches, and multiples of the step      integer

Every choice that a rule calls the smallest or the cheapest (units cut, batches, quantity, covers) is left to the
minimum: a smaller one is never dearer, so the minimum is the rule's. The same holds for the first and last interval
of a lot: the programme may stretch a lot over an interval without use, which changes no cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, inf

from splitter.formulary import Batch, Bottles, Loose, Packs, Poured, Product, Size
from splitter.prescription import LargerDose, Policy
from tests.oracle.cases import Case
from tests.oracle.evaluate import (
    Evaluation,
    Give,
    Regimen,
    evaluate,
    intervals,
    life_of,
    may_serve,
    unit_cost,
    windows,
)
from tests.oracle.rules import allowed_fractions, allowed_products
from tests.oracle.solver import INFEASIBLE, OPTIMAL, STOPPED, Model, Terms, one, plus, scale_of, times
from tests.oracle.ways import Giving, Way, ways, within

__all__ = ["INFEASIBLE", "OPTIMAL", "STOPPED", "Answer", "solve"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`best` re-adds `regimens` exactly. `bound` is the solver's proved lower bound of the objective.

    `stopped` by the time limit: `regimens` is the best plan found, or None.
    """

    status: str
    regimens: tuple[Regimen, ...] | None = None
    best: Evaluation | None = None
    bound: Fraction | None = None


def solve(case: Case, *, time_limit: float = inf) -> Answer:
    """The least deviation, then the least objective, of all ways in which doses and products may be settled.

    `time_limit` [s] holds for each run of the solver.
    """
    found = [_solve(case, way, time_limit) for way in ways(case)]
    plans = [answer for answer in found if answer.best is not None]
    stopped = any(answer.status == STOPPED for answer in found)
    if not plans:
        return Answer(status=STOPPED if stopped else INFEASIBLE)
    best = min(plans, key=lambda answer: answer.best.score[:2])
    if not stopped:
        return best
    bounds = [answer.bound for answer in found if answer.status != INFEASIBLE]
    return replace(best, status=STOPPED, bound=None if None in bounds else min(bounds))


def _solve(case: Case, way: Way, time_limit: float) -> Answer:
    case = within(case, way)
    programme = _Programme(case, way)
    tolerance = case.prescription.tolerance
    if tolerance.mass or tolerance.share:
        first = programme.model.minimise(programme.deviation, time_limit)
        if first.status != OPTIMAL:
            return Answer(status=first.status)
        programme.model.row(programme.deviation, -inf, first.value)
    found = programme.model.minimise(programme.objective, time_limit)
    if found.columns is None:
        return Answer(status=found.status)
    regimens = programme.regimens(found.columns)
    best = evaluate(case, regimens)
    if found.status == OPTIMAL and best.score.objective != found.value:
        raise ArithmeticError(f"HiGHS found {found.value}, which re-adds to {best.score.objective}")
    return Answer(status=found.status, regimens=regimens, best=best, bound=found.bound)


# ------------------------------------------------------------------------------------------------- the measuring


@dataclass(frozen=True, slots=True, kw_only=True)
class _Range:
    """The volumes offset + graduation x m, for m from `least` to `most` [mL]."""

    offset: Fraction
    graduation: Fraction
    least: int
    most: int


def ranges(policy: Policy) -> list[_Range]:
    """R4 as ranges: for each number of full draws and each syringe the rests that it measures."""
    if not policy.syringes:
        return []
    least, most = policy.min_volume.value, policy.max_volume.value
    capacities = sorted({s.capacity.value for s in policy.syringes})
    largest, found = capacities[-1], []
    for draws in range(floor(most / largest) + 1):
        full = draws * largest
        if draws > 1 and least <= full:
            found.append(_Range(offset=full, graduation=Fraction(1), least=0, most=0))
        for syringe in policy.syringes:
            smaller = max((c for c in capacities if c < syringe.capacity.value), default=Fraction(0))
            graduation = syringe.graduation.value
            low = max(floor(smaller / graduation) + 1, ceil(least / graduation))
            top = min(syringe.capacity.value, most - full)
            high = floor(top / graduation)
            if low <= high:
                found.append(_Range(offset=full, graduation=graduation, least=low, most=high))
    return found


# -------------------------------------------------------------------------------------------------- the programme


class _Programme:
    """The columns and rows of one case, settled in one way."""

    def __init__(self, case: Case, way: Way) -> None:
        self.case, self.policy, self.way = case, case.policy, way
        self.steps, self.k = case.prescription.steps, len(case.prescription.times)
        self.products = {p.id: p for p in allowed_products(case)}
        self.model = Model()
        self.unity = self.model.column(1)
        self.model.row(one(self.unity), 1, 1)
        self.deviation: Terms = {}
        self.objective: Terms = {}
        self.pieces: dict[tuple[int, int], list[tuple[str, Fraction, int]]] = {}
        self.volumes: dict[tuple[int, int], list[tuple[str, _Range, int, int]]] = {}
        self.open = {name: self.model.column(1) for name in self.products}
        for i, step in enumerate(self.steps):
            if step.target:
                self._step(i)
        self._together()
        for product in self.products.values():
            self._supply(product)

    # the regimens: R1 to R4

    def _step(self, i: int) -> None:
        step, tolerance, settled = self.steps[i], self.case.prescription.tolerance, self.way.doses[i]
        for j in range(self.k):
            self._administration(i, j, given=step.doses is None or bool(step.doses[j]))
        doses = [self._dose(i, j) for j in range(self.k)]
        if settled is not None:
            for dose, amount in zip(doses, settled, strict=True):
                self._target(i, dose, amount, Fraction(0))
            return
        if step.doses is None:
            self._target(i, plus(*doses), step.target.value, tolerance.of(step.target).value)
            self._evenness(doses)
            return
        for dose, stated in zip(doses, step.doses, strict=True):
            self._target(i, dose, stated.value, tolerance.of(stated).value)

    def _target(self, i: int, dose: Terms, target: Fraction, off: Fraction) -> None:
        """R1, and what it adds to the deviation: how far `dose` is above or below, in its smallest unit."""
        if not off:
            self.model.row(dose, target, target)
            return
        unit = 1 / scale_of([*dose.values(), target])
        above, below = self.model.column(floor(off / unit)), self.model.column(floor(off / unit))
        self.model.row(plus(dose, {above: -unit, below: unit}), target, target)
        days = self.steps[i].days
        self.deviation = plus(self.deviation, {above: unit * days, below: unit * days})

    def _evenness(self, doses: Sequence[Terms]) -> None:
        """R3, and larger administrations at the later times, or the earlier."""
        rising = doses if self.case.prescription.larger_dose is LargerDose.LAST else doses[::-1]
        for earlier, later in pairwise(rising):
            self.model.at_least(later, earlier)
        if self.policy.max_imbalance is not None and self.k > 1:
            spread = plus(rising[-1], times(rising[0], -1))
            self.model.row(spread, -inf, self.policy.max_imbalance.value)

    def _administration(self, i: int, j: int, *, given: bool) -> None:
        """R2, R4 and R7 at one time; nothing where a dose of zero is stated."""
        solids = [p for p in self.products.values() if given and not p.is_liquid]
        liquids = [p for p in self.products.values() if given and p.is_liquid]
        most, days = self.policy.max_pieces, self.steps[i].days
        pieces = [(p.id, f, self.model.column(most)) for p in solids for f in allowed_fractions(p, self.policy.split)]
        volumes = [
            (p.id, r, self.model.column(1), self.model.column(r.most)) for p in liquids for r in ranges(self.policy)
        ]
        for _, r, chosen, multiple in volumes:
            self.model.at_least({multiple: Fraction(1)}, {chosen: Fraction(r.least)})
            self.model.at_least({chosen: Fraction(r.most)}, {multiple: Fraction(1)})
        self.model.row({x: Fraction(1) for _, _, x in pieces}, 0, most)
        self.model.row({chosen: Fraction(1) for _, _, chosen, _ in volumes}, 0, 1)
        for name, fraction, x in pieces:
            self.model.at_least({self.open[name]: Fraction(most)}, one(x))
            weight = self.policy.piece_burden.value + (self.policy.split_burden.value if fraction != 1 else 0)
            self.objective = plus(self.objective, {x: days * weight})
        for name, _, chosen, _ in volumes:
            self.model.at_least(one(self.open[name]), one(chosen))
            self.objective = plus(self.objective, {chosen: days * self.policy.measure_burden.value})
        self.pieces[i, j], self.volumes[i, j] = pieces, volumes
        self._share(i, j)
        self._form(i, j)

    def _share(self, i: int, j: int) -> None:
        """R4: where a volume is given, it is at least `min_share` of the dose; a bound lifts this where none is."""
        share, most = self.policy.min_share, self.policy.max_pieces
        strengths = [p.strength.value for p in self.products.values() if p.strength is not None]
        if not share or not strengths or not self.volumes[i, j]:
            return
        pieces: Terms = {x: self.products[name].strength.value * f for name, f, x in self.pieces[i, j]}
        volume = plus(self._dose(i, j), times(pieces, -1))
        ever = share * most * max(strengths)
        chosen = {column: ever for _, _, column, _ in self.volumes[i, j]}
        self.model.at_least(plus(times(volume, 1 - share), {self.unity: ever}), plus(times(pieces, share), chosen))

    def _form(self, i: int, j: int) -> None:
        """R7: only products of the step's form; at rank 1 plain pieces or the means, not both."""
        giving, plain, means = self.way.givings[i], self.way.plain, self.way.means
        if giving is Giving.ANY:
            return
        either = self.model.column(1)
        counted = [(name, x, self.policy.max_pieces) for name, _, x in self.pieces[i, j]]
        measured = [(name, chosen, 1) for name, _, chosen, _ in self.volumes[i, j]]
        for name, column, most in (*counted, *measured):
            is_own = name in plain | means and giving is not None
            if not is_own or (giving is Giving.ALONE and name in plain) or (giving is Giving.PLAIN and name in means):
                self.model.row(one(column), 0, 0)
            elif giving is Giving.APART:
                room = Fraction(most)
                switch = {either: room} if name in plain else {self.unity: room, either: -room}
                self.model.at_least(switch, one(column))

    def _dose(self, i: int, j: int) -> Terms:
        dose: Terms = {}
        for name, fraction, x in self.pieces[i, j]:
            dose = plus(dose, {x: self.products[name].strength.value * fraction})
        for name, r, chosen, multiple in self.volumes[i, j]:
            concentration = self.products[name].concentration.value
            dose = plus(dose, times({chosen: r.offset, multiple: r.graduation}, concentration))
        return dose

    # the plan: R5 and R6

    def _together(self) -> None:
        if self.policy.one_liquid:
            self.model.row({self.open[p.id]: Fraction(1) for p in self.products.values() if p.is_liquid}, 0, 1)
        if self.policy.max_products:
            self.model.row({o: Fraction(1) for o in self.open.values()}, 0, self.policy.max_products)

    # the use of a product on the days from a to b - 1

    def _use(self, product: Product, a: int, b: int, *, whole: bool = True, broken: bool = True) -> Terms:
        """Units or mL; `whole` and `broken` say which pieces count."""
        used: Terms = {}
        for i, days in enumerate(self._days(a, b)):
            for j in range(self.k if days else 0):
                for name, fraction, x in self.pieces.get((i, j), []):
                    if name == product.id and (whole if fraction == 1 else broken):
                        used = plus(used, {x: fraction * days})
                for name, r, chosen, multiple in self.volumes.get((i, j), []):
                    if name == product.id:
                        used = plus(used, times({chosen: r.offset, multiple: r.graduation}, days))
        return used

    def _days(self, a: int, b: int) -> list[int]:
        """How many of the days from a to b - 1 each step has."""
        shares, start = [], 0
        for step in self.steps:
            shares.append(max(0, min(b, start + step.days) - max(a, start)))
            start += step.days
        return shares

    def _most(self, product: Product, a: int, b: int) -> Fraction:
        """More than this of a product is never used on these days: a bound for the rows that switch."""
        total = Fraction(0)
        for step, days in zip(self.steps, self._days(a, b), strict=True):
            highest = step.target.value + self.k * self.case.prescription.tolerance.of(step.target).value
            total += days * highest / (product.concentration or product.strength).value
        return total

    # supply

    def _supply(self, product: Product) -> None:
        supply, spans = product.supply, intervals(self.case)
        if isinstance(supply, (Loose, Packs)):
            for span in spans:
                self._counted(product, span.first, span.end)
            return
        shelf_life = life_of(product)
        if shelf_life is None and self.policy.max_supply is None:
            self._fresh(product, [(spans[0].first, spans[-1].end)])
        elif shelf_life is None or shelf_life >= self.policy.visit_interval:
            self._lots(product, shelf_life)
        elif isinstance(supply, Bottles):
            for _, cut in windows(self.case, shelf_life):
                self._fresh(product, cut)
        else:
            for _, cut in windows(self.case, shelf_life):
                for span in cut:
                    self._fresh(product, [span])

    def _item(self, product: Product, used: Terms, most: Fraction) -> int:
        """A binary that is 1 where any is used; it costs the item fee."""
        item = self.model.column(1)
        self.model.at_least({item: most}, used)
        self.model.at_least(one(self.open[product.id]), one(item))
        self.objective = plus(self.objective, {item: self.case.costs.item_fee.value})
        return item

    def _counted(self, product: Product, a: int, b: int) -> None:
        """Loose units or packs of one interval."""
        cut = self.model.column()
        self.model.at_least(one(cut), self._use(product, a, b, whole=False))
        units = plus(self._use(product, a, b, broken=False), one(cut))
        self._item(product, self._use(product, a, b), self._most(product, a, b))
        self.objective = plus(self.objective, {cut: self.case.costs.split_fee.value})
        if isinstance(product.supply, Loose):
            self.objective = plus(self.objective, times(units, product.supply.price.value))
        else:
            self._cover(product.supply.sizes, units)

    def _cover(self, sizes: Sequence[Size], amount: Terms) -> None:
        """Whole packs, bottles or containers that hold the amount."""
        counts = [(self.model.column(), size) for size in sizes]
        self.model.at_least({x: size.content for x, size in counts}, amount)
        self.objective = plus(self.objective, {x: size.price.value for x, size in counts})

    def _fresh(self, product: Product, spans: Sequence[tuple[int, int]]) -> None:
        """One item with a lot of its own for each of the spans of days."""
        first, end = spans[0][0], spans[-1][1]
        self._item(product, self._use(product, first, end), self._most(product, first, end))
        for a, b in spans:
            self._lot(product, self._use(product, a, b), self._most(product, a, b))

    def _lots(self, product: Product, shelf_life: int | None) -> None:
        """Lots for runs of intervals: each interval of use is in exactly one that is chosen."""
        spans = intervals(self.case)
        runs = [(a, b) for a in range(len(spans)) for b in range(a + 1, len(spans) + 1)]
        chosen = {(a, b): self.model.column(1) for a, b in runs if may_serve(self.case, shelf_life, spans[a:b])}
        for v, span in enumerate(spans):
            covering = {lot: Fraction(1) for (a, b), lot in chosen.items() if a <= v < b}
            self.model.row(covering, 0, 1)
            days = (span.first, span.end)
            self.model.at_least(times(covering, self._most(product, *days)), self._use(product, *days))
        for (a, b), lot in chosen.items():
            first, end = spans[a].first, spans[b - 1].end
            most = self._most(product, first, end)
            self.objective = plus(self.objective, {lot: self.case.costs.item_fee.value})
            self.model.at_least(one(self.open[product.id]), one(lot))
            self._lot(product, self._use(product, first, end), most, lot)

    def _lot(self, product: Product, used: Terms, most: Fraction, lot: int | None = None) -> None:
        """A lot that holds `used`, which is `most` or less; where `lot` is given, only if that binary is 1."""
        required = used if lot is None else plus(used, {lot: most, self.unity: -most})
        supply = product.supply
        if isinstance(supply, Bottles):
            self._cover(supply.sizes, times(required, 1 + supply.overage))
        elif isinstance(supply, Poured):
            self._poured(supply, required)
        else:
            self._batch(supply, required, most)

    def _poured(self, poured: Poured, required: Terms) -> None:
        """The quantity q x step that is poured, and the containers that hold it."""
        q = self.model.column()
        self.model.at_least({q: poured.step}, times(required, 1 + poured.overage))
        self.objective = plus(self.objective, {q: poured.step * poured.price.value})
        if poured.containers:
            self._cover(poured.containers, {q: poured.step})

    def _batch(self, batch: Batch, required: Terms, most: Fraction) -> None:
        """n batches that make the quantity q x step, between n x minimum and n x maximum.

        Capsules need no rounding up of their own: their step is a count of capsules.
        """
        n, q = self.model.column(), self.model.column()
        self.model.at_least({q: batch.step}, times(required, 1 + batch.overage))
        self.model.at_least({q: batch.step}, {n: batch.minimum})
        ever = max(most * (1 + batch.overage), batch.minimum) + batch.step
        self.model.at_least({n: ever if batch.maximum is None else batch.maximum}, {q: batch.step})
        making = batch.labour * self.case.costs.labour_rate.value + self.case.costs.batch_fee.value
        self.objective = plus(self.objective, {n: making, q: batch.step * unit_cost(batch)})
        if batch.containers:
            self._cover(batch.containers, {q: batch.step})

    # the answer

    def regimens(self, columns: Sequence[int]) -> tuple[Regimen, ...]:
        """The regimens that a solution holds."""
        return tuple(
            tuple(self._give(i, j, columns) for j in range(self.k)) if step.target else ()
            for i, step in enumerate(self.steps)
        )

    def _give(self, i: int, j: int, columns: Sequence[int]) -> Give:
        pieces = sorted((name, -f, columns[x]) for name, f, x in self.pieces[i, j] if columns[x])
        measures = [
            (name, columns[chosen] * r.offset + columns[multiple] * r.graduation)
            for name, r, chosen, multiple in self.volumes[i, j]
            if columns[chosen]
        ]
        return Give(tuple((name, -f, n) for name, f, n in pieces), measures[0] if measures else ())
