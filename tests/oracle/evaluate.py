"""What given regimens make the pharmacy hand over, and how good the plan is, re-added in exact arithmetic.

Plain on purpose: every choice of lots and every cover by packs is tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count, product
from math import ceil
from typing import NamedTuple

from splitter.formulary import Batch, Bottles, Loose, Packs, Poured, Product, Size
from splitter.prescription import AtHome, Costs
from splitter.quantity import round_half_up
from tests.oracle.cases import Case
from tests.oracle.rules import allowed_fractions, allowed_products

CENT_OF_A_MILLI = Fraction(1, 100_000)


class Give(NamedTuple):
    """What is given at one time. `pieces` are (product id, fraction, count) by id, then larger fraction first;
    `measure` is (product id, volume [mL]), or () for none."""

    pieces: tuple[tuple[str, Fraction, int], ...]
    measure: tuple[()] | tuple[str, Fraction]


Regimen = tuple[Give, ...]
"""One Give for each administration time; the empty tuple for a drug-free step."""


class Use(NamedTuple):
    """What a day takes of one product: whole units, units in fragments, and volume [mL]."""

    whole: int
    fragments: Fraction
    volume: Fraction


class Item(NamedTuple):
    """One product handed over on one day (day 0 is the prescription's start), for the days from `first` to `last`.

    `quantity` is the content handed over, `cut` the units to cut, `parts` the (content, count) of packs, bottles or
    containers, `cost` the exact cost of the product without fees.
    """

    product: str
    day: int
    first: int
    last: int
    quantity: Fraction
    cut: int
    needed: Fraction
    batches: int | None
    parts: tuple[tuple[Fraction, int], ...]
    cost: Fraction


class Score(NamedTuple):
    """The order of preference as a tuple, of which the smallest is best.

    1 deviation [mg days], 2 objective, 3 split pieces, 4 pieces and volumes, 5 products, 6 unevenness [mg days],
    7 `order` of each step.
    """

    deviation: Fraction
    objective: Fraction
    splits: int
    handled: int
    products: int
    unevenness: Fraction
    order: tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """A plan's score and what it hands over. `recorded` is the objective from item costs rounded to 0.00001."""

    score: Score
    total: Fraction
    recorded: Fraction
    items: tuple[Item, ...]


# ------------------------------------------------------------------------------------------------- a regimen


def dose(give: Give, products: dict[str, Product]) -> Fraction:
    """The dose [mg] of one administration."""
    total = sum((_strength(products[p]) * fraction * n for p, fraction, n in give.pieces), Fraction(0))
    return total + _concentration(products[give.measure[0]]) * give.measure[1] if give.measure else total


def _strength(item: Product) -> Fraction:
    if item.strength is None:
        raise ValueError(f"{item.id} has no strength")
    return item.strength.value


def _concentration(item: Product) -> Fraction:
    if item.concentration is None:
        raise ValueError(f"{item.id} has no concentration")
    return item.concentration.value


def order(regimen: Regimen) -> tuple[object, ...]:
    """The key of preference 7: over the times, (pieces, measure), compared as Python compares tuples.

    Pieces are (product id, minus the fraction, count) sorted, so a larger fraction comes first; measure is
    (product id, volume) or (). Of two lists that begin alike the shorter comes first, and no measure before any.
    """
    return tuple((tuple(sorted((p, -f, n) for p, f, n in give.pieces)), give.measure) for give in regimen)


def uses(regimen: Regimen) -> dict[str, Use]:
    """What one day of the regimen takes of each product."""
    used: dict[str, Use] = {}
    for give in regimen:
        for name, fraction, n in give.pieces:
            piece = Use(n, Fraction(0), Fraction(0)) if fraction == 1 else Use(0, fraction * n, Fraction(0))
            used[name] = _add(used.get(name), piece)
        if give.measure:
            name, volume = give.measure
            used[name] = _add(used.get(name), Use(0, Fraction(0), volume))
    return used


def _add(one: Use | None, other: Use) -> Use:
    if one is None:
        return other
    return Use(one.whole + other.whole, one.fragments + other.fragments, one.volume + other.volume)


# ------------------------------------------------------------------------------------------------ the calendar


def length(case: Case) -> int:
    """D: the days of the prescription."""
    return sum(step.days for step in case.prescription.steps)


def life_of(item: Product) -> int | None:
    """The shelf life of a lot; None for no limit, and for what is counted."""
    if isinstance(item.supply, Bottles):
        return item.supply.in_use
    if isinstance(item.supply, Poured):
        return item.supply.keeps
    return item.supply.beyond_use if isinstance(item.supply, Batch) else None


def spare(case: Case) -> int:
    """The days that each hand-over lasts beyond the next visit; none where some allowed product expires before."""
    lives = [life for life in map(life_of, allowed_products(case)) if life is not None]
    wanted = case.policy.spare
    return wanted if all(life >= case.policy.visit_interval + wanted for life in lives) else 0


class Interval(NamedTuple):
    """What is handed over on day `visit` serves the days from `first` to the one before `end`."""

    visit: int
    first: int
    end: int


def intervals(case: Case) -> tuple[Interval, ...]:
    """Each visit with the days it serves; the last ends with the prescription, and none serves no day."""
    days, every, extra = length(case), case.policy.visit_interval, spare(case)
    found = []
    for visit in range(0, days, every):
        first = visit + extra if visit else 0
        if first < days:
            found.append(Interval(visit, first, min(visit + every + extra, days)))
    return tuple(found)


def may_serve(case: Case, life: int | None, served: Sequence[Interval]) -> bool:
    """Whether one lot may serve these intervals: within its shelf life and the longest supply, or one alone."""
    visit, end, limit = served[0].visit, served[-1].end, case.policy.max_supply
    if life is not None and end - visit > life:
        return False
    following = min(served[-1].visit + case.policy.visit_interval, length(case))
    return len(served) == 1 or limit is None or following - visit <= limit


def _amounts(case: Case, daily: Sequence[Use | None]) -> list[Use]:
    """One product's use on each day of the plan, from its use on a day of each step."""
    none = Use(0, Fraction(0), Fraction(0))
    steps = zip(case.prescription.steps, daily, strict=True)
    return [use or none for step, use in steps for _ in range(step.days)]


def _beyond_home(case: Case, item: Product, days: Sequence[Use]) -> list[Use]:
    """What each day needs that isn't at home: piece by piece of what is counted, day by day of a lot."""
    home = next((each for each in case.prescription.at_home if each.product == item.id), None)
    if home is None:
        return list(days)
    if isinstance(item.supply, (Loose, Packs)):
        return _beyond_units(case, item, home, days)
    return _beyond_lot(case, home, days)


def _beyond_units(case: Case, item: Product, home: AtHome, days: Sequence[Use]) -> list[Use]:
    whole, needs = home.units, []
    sizes = [size for size in allowed_fractions(item, case.policy.split) if size != 1]
    fragments = [size for size, number in home.fragments for _ in range(number) if size in sizes]
    for use in days:
        bought, broken = 0, use.fragments
        for _ in range(use.whole):
            bought, whole = (bought, whole - 1) if whole else (bought + 1, whole)
        while fragments and broken >= fragments[-1]:
            broken -= fragments.pop()
        needs.append(Use(bought, broken, use.volume))
    return needs


def _beyond_lot(case: Case, home: AtHome, days: Sequence[Use]) -> list[Use]:
    last = None if home.use_by is None else (home.use_by - case.prescription.start).days
    left, is_over, needs = home.units + home.volume.value, False, []
    for day, use in enumerate(days):
        amount = use.whole + use.volume
        is_over = is_over or amount > left or (last is not None and day > last)
        left -= 0 if is_over else amount
        needs.append(use if is_over else Use(0, Fraction(0), Fraction(0)))
    return needs


# ---------------------------------------------------------------------------------------------------- supply


def supply(case: Case, item: Product, daily: Sequence[Use | None]) -> tuple[Item, ...]:
    """The items of one product, from what a day of each step takes of it."""
    days = _beyond_home(case, item, _amounts(case, daily))
    if isinstance(item.supply, (Loose, Packs)):
        used = (each for each in intervals(case) if any(map(any, days[each.first : each.end])))
        return tuple(_counted(item, days[each.first : each.end], each) for each in used)
    taken = [use.volume if item.is_liquid else Fraction(use.whole) for use in days]
    shelf_life = life_of(item)
    if shelf_life is None and case.policy.max_supply is None:
        return _one_lot(case, item, taken)
    if shelf_life is None or shelf_life >= case.policy.visit_interval:
        return _lots(case, item, taken, shelf_life)
    if isinstance(item.supply, Bottles):
        return _fresh_bottles(case, item, taken, shelf_life)
    return _fresh_batches(case, item, taken, shelf_life)


def _counted(item: Product, days: Sequence[Use], served: Interval) -> Item:
    """Loose units or packs for one interval."""
    cut = ceil(sum((use.fragments for use in days), Fraction(0)))
    whole = sum(use.whole for use in days)
    needed = whole + sum((use.fragments for use in days), Fraction(0))
    units = Fraction(whole + cut)
    if isinstance(item.supply, Loose):
        price = units * item.supply.price.value
        return Item(item.id, served.visit, served.first, served.end - 1, units, cut, needed, None, (), price)
    assert isinstance(item.supply, Packs)
    parts, content, price = cheapest_cover(item.supply.sizes, units)
    return Item(item.id, served.visit, served.first, served.end - 1, content, cut, needed, None, parts, price)


def cheapest_cover(
    sizes: Sequence[Size], amount: Fraction
) -> tuple[tuple[tuple[Fraction, int], ...], Fraction, Fraction]:
    """The parts, content and price of the cheapest multiset of `sizes` that holds `amount`.

    Then the fewest, then the least content; what is still equal is settled by the order of the parts.
    """
    covers = []
    for counts in product(*(range(ceil(amount / size.content) + 1) for size in sizes)):
        content = sum((n * size.content for n, size in zip(counts, sizes, strict=True)), Fraction(0))
        if content >= amount:
            price = sum((n * size.price.value for n, size in zip(counts, sizes, strict=True)), Fraction(0))
            parts = tuple(sorted((size.content, n) for n, size in zip(counts, sizes, strict=True) if n))
            covers.append((price, sum(counts), content, parts))
    price, _, content, parts = min(covers)
    return parts, content, price


def _lot(case: Case, item: Product, needed: Fraction, served: Interval) -> Item:
    """One lot that serves the use `needed` of some days."""
    when = (item.id, served.visit, served.first, served.end - 1)
    if isinstance(item.supply, Bottles):
        parts, content, price = cheapest_cover(item.supply.sizes, needed * (1 + item.supply.overage))
        return Item(*when, content, 0, needed, None, parts, price)
    if isinstance(item.supply, Poured):
        poured = item.supply
        quantity = ceil(needed * (1 + poured.overage) / poured.step) * poured.step
        parts, _, containers = cheapest_cover(poured.containers, quantity) if poured.containers else ((), 0, 0)
        return Item(*when, quantity, 0, needed, None, parts, quantity * poured.price.value + containers)
    assert isinstance(item.supply, Batch)
    quantity, batches = batch_quantity(item.supply, needed, whole=not item.is_liquid)
    parts, _, containers = cheapest_cover(item.supply.containers, quantity) if item.supply.containers else ((), 0, 0)
    making = batches * (item.supply.labour * case.costs.labour_rate.value + case.costs.batch_fee.value)
    cost = making + quantity * unit_cost(item.supply) + containers
    return Item(*when, quantity, 0, needed, batches, parts, cost)


def batch_quantity(batch: Batch, needed: Fraction, *, whole: bool) -> tuple[Fraction, int]:
    """The quantity to make and in how many batches; `whole` for capsules, whose requirement is rounded up."""
    required = needed * (1 + batch.overage)
    required = Fraction(ceil(required)) if whole else required
    for n in count(1):
        quantity = ceil(max(required, n * batch.minimum) / batch.step) * batch.step
        if batch.maximum is None or quantity <= n * batch.maximum:
            return quantity, n
        if n > 10_000:
            break
    raise ValueError("no number of batches fits between the minimum and the maximum")


def unit_cost(batch: Batch) -> Fraction:
    """The ingredients' cost per mL or capsule."""
    return sum((i.amount * i.price.value for i in batch.ingredients), Fraction(0)) / 100


def _one_lot(case: Case, item: Product, taken: Sequence[Fraction]) -> tuple[Item, ...]:
    """A bottle without an in-use limit: one lot at the last visit that is early enough for all of it."""
    used = [each for each in intervals(case) if any(taken[each.first : each.end])]
    return (_lot(case, item, sum(taken, Fraction(0)), _over(used)),) if used else ()


def _over(served: Sequence[Interval]) -> Interval:
    """The days of several intervals, served from the first visit on."""
    return Interval(served[0].visit, served[0].first, served[-1].end)


def _lots(case: Case, item: Product, taken: Sequence[Fraction], shelf_life: int | None) -> tuple[Item, ...]:
    """Lots dispensed at visits: every way to group the intervals of use is tried.

    Cheapest with its item fees, then fewest lots, then the latest dates, the first lot's before the second's.
    """
    number = {each: place for place, each in enumerate(intervals(case))}
    used = [each for each in number if any(taken[each.first : each.end])]
    ways = []
    for groups in _groupings(used):
        runs = [list(number)[number[group[0]] : number[group[-1]] + 1] for group in groups]
        if all(may_serve(case, shelf_life, run) for run in runs):
            spans = [_over(run) for run in runs]
            lots = tuple(_lot(case, item, sum(taken[s.first : s.end], Fraction(0)), s) for s in spans)
            price = sum((lot.cost for lot in lots), Fraction(0)) + len(lots) * case.costs.item_fee.value
            ways.append((price, len(lots), tuple(-lot.day for lot in lots), lots))
    return min(ways)[3]


def _groupings(served: Sequence[Interval]) -> Iterator[list[list[Interval]]]:
    """Every way to cut a list into consecutive groups."""
    if not served:
        yield []
    for size in range(1, len(served) + 1):
        for rest in _groupings(served[size:]):
            yield [list(served[:size]), *rest]


def windows(case: Case, shelf_life: int) -> Iterator[tuple[Interval, list[tuple[int, int]]]]:
    """Each interval with the windows of `shelf_life` days that it is cut into."""
    for each in intervals(case):
        starts = range(each.first, each.end, shelf_life)
        yield each, [(start, min(start + shelf_life, each.end)) for start in starts]


def _fresh_batches(case: Case, item: Product, taken: Sequence[Fraction], shelf_life: int) -> tuple[Item, ...]:
    """A batch, or what is poured, on the first day of each window in which it is used."""
    spans = [span for _, spans in windows(case, shelf_life) for span in spans if any(taken[slice(*span)])]
    return tuple(_lot(case, item, sum(taken[a:b], Fraction(0)), Interval(a, a, b)) for a, b in spans)


def _fresh_bottles(case: Case, item: Product, taken: Sequence[Fraction], shelf_life: int) -> tuple[Item, ...]:
    """All bottles of an interval at its visit, with a cover of its own for each window."""
    items = []
    for served, spans in windows(case, shelf_life):
        lots = [_lot(case, item, sum(taken[a:b], Fraction(0)), served) for a, b in spans if any(taken[a:b])]
        if lots:
            items.append(_together(lots))
    return tuple(items)


def _together(lots: Sequence[Item]) -> Item:
    """Several bottles' covers as the one item that is handed over."""
    counts: dict[Fraction, int] = {}
    for size, n in (part for lot in lots for part in lot.parts):
        counts[size] = counts.get(size, 0) + n
    return lots[0]._replace(
        quantity=sum((lot.quantity for lot in lots), Fraction(0)),
        needed=sum((lot.needed for lot in lots), Fraction(0)),
        parts=tuple(sorted(counts.items())),
        cost=sum((lot.cost for lot in lots), Fraction(0)),
    )


# ---------------------------------------------------------------------------------------------------- the plan


def cost_of(items: Iterable[Item], costs: Costs) -> Fraction:
    """What items cost with their fees, exact."""
    return sum((i.cost + costs.item_fee.value + i.cut * costs.split_fee.value for i in items), Fraction(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of a step's regimen, as far as preferences 1 to 6 look at it."""

    deviation: Fraction
    splits: int
    pieces: int
    measures: int
    unevenness: Fraction
    uses: tuple[tuple[str, Use], ...]


def day_of(case: Case, index: int, regimen: Regimen) -> Day:
    """What preferences 1 to 6 see of a regimen of step `index`."""
    products = {item.id: item for item in case.formulary.products}
    step = case.prescription.steps[index]
    doses = [dose(give, products) for give in regimen]
    if step.doses is not None and regimen:
        deviation = sum((abs(d - stated.value) for d, stated in zip(doses, step.doses, strict=True)), Fraction(0))
    else:
        deviation = abs(sum(doses, Fraction(0)) - step.target.value)
    return Day(
        deviation=deviation,
        splits=sum(n for give in regimen for _, fraction, n in give.pieces if fraction != 1),
        pieces=sum(n for give in regimen for _, _, n in give.pieces),
        measures=sum(1 for give in regimen if give.measure),
        unevenness=max(doses, default=Fraction(0)) - min(doses, default=Fraction(0)),
        uses=tuple(sorted(uses(regimen).items())),
    )


def burdens(case: Case, days: Sequence[Day]) -> Fraction:
    """What the plan's handling weighs, from one day of each step."""
    policy, total = case.policy, Fraction(0)
    for step, day in zip(case.prescription.steps, days, strict=True):
        total += step.days * day.splits * policy.split_burden.value
        total += step.days * day.pieces * policy.piece_burden.value
        total += step.days * day.measures * policy.measure_burden.value
    return total


def evaluate(case: Case, regimens: Sequence[Regimen]) -> Evaluation:
    """The score of a plan, which is taken to be an allowed one, and all that it hands over."""
    days = [day_of(case, index, regimen) for index, regimen in enumerate(regimens)]
    steps = case.prescription.steps
    daily = [dict(day.uses) for day in days]
    items = tuple(
        item
        for product_ in case.formulary.products
        for item in supply(case, product_, [use.get(product_.id) for use in daily])
    )
    total, weight = cost_of(items, case.costs), burdens(case, days)
    rounding = sum((round_half_up(i.cost, CENT_OF_A_MILLI) - i.cost for i in items), Fraction(0))
    score = Score(
        deviation=sum((s.days * d.deviation for s, d in zip(steps, days, strict=True)), Fraction(0)),
        objective=total + weight,
        splits=sum(s.days * d.splits for s, d in zip(steps, days, strict=True)),
        handled=sum(s.days * (d.pieces + d.measures) for s, d in zip(steps, days, strict=True)),
        products=len({name for use in daily for name in use}),
        unevenness=sum((s.days * d.unevenness for s, d in zip(steps, days, strict=True)), Fraction(0)),
        order=tuple(order(regimen) for regimen in regimens),
    )
    return Evaluation(score=score, total=total, recorded=total + weight + rounding, items=items)
