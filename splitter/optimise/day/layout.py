"""How a day of a chosen way is laid out over the administration times.

Of all layouts of the same use, splits and events the most even one is given, and of these the one whose list
comes first: time by time the pieces (product id, larger fraction first, count), then the volume. The evenness
is found first, by asking for ever narrower days; then a search in the order of the lists stops at its first hit.

What is left of a day is one integer: a field of bits for the use of each product, the splits, the measurements and
the deviation, each below a guard bit of its own. Taking an administration away is one subtraction, and a guard bit that
is gone tells that a field fell below zero.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from splitter.division import Giving
from splitter.optimise.day.options import Hand, hand_of
from splitter.optimise.integers import TWELFTHS, Grid, Piece
from splitter.prescription import LargerDose, Step
from splitter.quantity import Mass

Listing = tuple[tuple[int, int, int], ...]
"""(discrete product, minus the twelfths of its fraction, count) in the order in which plans list pieces."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Given:
    """One administration: its pieces, and (liquid, volume units) or nothing."""

    take: Listing
    measure: tuple[int, int] | tuple[()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The administrations of a day, and the difference of its largest and smallest dose in mass units."""

    given: tuple[Given, ...]
    spread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What a layout has to give in a day: the use of each product, fractional pieces, events, deviation."""

    whole: tuple[int, ...]
    broken: tuple[int, ...]
    volume: tuple[int, ...]
    splits: int
    events: int
    deviation: int

    def mass(self, grid: Grid) -> int:
        """The day's dose in mass units."""
        twelfths = (TWELFTHS * whole + broken for whole, broken in zip(self.whole, self.broken, strict=True))
        solid = sum(n * m for n, m in zip(twelfths, grid.strengths, strict=True)) // TWELFTHS
        return solid + sum(n * m for n, m in zip(self.volume, grid.mass_per_volume, strict=True))


class _Fields:
    """Where the figures of a day stand in one integer. The units of a field are the integers to add and subtract."""

    def __init__(self, day: Day) -> None:
        self.guards = 0
        self._width = 0
        self.day = self.guards
        self.whole = tuple(map(self._field, day.whole))
        self.broken = tuple(map(self._field, day.broken))
        self.volume = tuple(map(self._field, day.volume))
        self.split = self._field(day.splits)
        self.measure = self._field(day.events - sum(day.whole) - day.splits)
        self.deviation = self._field(day.deviation)

    def _field(self, value: int) -> int:
        """The unit of a new field that holds up to `value`."""
        unit = 1 << self._width
        guard = unit << (value + 1).bit_length()
        self.guards |= guard
        self.day += guard + value * unit
        self._width = guard.bit_length()
        return unit

    def has(self, left: int) -> bool:
        """Whether no field fell below zero."""
        return left & self.guards == self.guards

    def volumes(self, left: int) -> list[int]:
        """[L] the volumes in a day's rest."""
        ends = (*self.volume, self.split)[1:]
        return [self._value(left, unit, end) for unit, end in zip(self.volume, ends, strict=True)]

    def measures(self, left: int) -> int:
        """How many measurements are in a day's rest."""
        return self._value(left, self.measure, self.deviation)

    @staticmethod
    def _value(left: int, unit: int, end: int) -> int:
        """The figure in the field between a unit and the next one."""
        return (left & (end >> 1) - 1) // unit


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tablets:
    """One allowed set of pieces of one administration; `code` is what it takes from a day's fields."""

    take: Listing
    code: int
    pieces: int
    mass: int

    @property
    def products(self) -> frozenset[int]:
        """The products that it has pieces of."""
        return frozenset(product for product, _, _ in self.take)


_MOST_KNOWN = 10_000
"""Days whose layouts are kept; when there are more, all are forgotten."""


class Layouts:
    """Lays days out over the times of one problem, and of all that differ from it in their steps alone."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.times = len(grid.problem.times)
        self.rising = grid.problem.larger_dose is LargerDose.LAST
        self.volumes = grid.volumes.tolist()
        self._known: dict[tuple[tuple[Mass, ...] | None, Giving, Day], Layout] = {}

    def best(self, step: Step, giving: Giving, day: Day) -> Layout:
        """The most even layout of a day of `step`, and the first in the order of lists among them."""
        key = (step.doses, giving, day)
        if key not in self._known:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            self._known[key] = self._best(step, giving, day)
        return self._known[key]

    def _best(self, step: Step, giving: Giving, day: Day) -> Layout:
        search = _Search(self, self._windows(step), self._hand(giving), day)
        least = search.least_spread()
        found = search.within(least) or search.within(day.mass(self.grid))
        if found is None:
            raise AssertionError("a way of the search has no layout")
        # Mostly the first one found is the evenest. Ask that first, and halve what is left where it isn't.
        while found.spread > least and (better := search.within(found.spread - 1)) is not None:
            found = better
            middle = (least + found.spread) // 2
            halved = search.within(middle) if middle < found.spread else None
            found, least = (found, middle + 1) if halved is None else (halved, least)
        return found

    def _hand(self, giving: Giving) -> Hand:
        """What administrations given so may be made of, of all products."""
        grid = self.grid
        return hand_of(grid, frozenset(range(len(grid.discrete))), tuple(range(len(grid.liquids))), giving)

    def _windows(self, step: Step) -> tuple[tuple[int, int], ...] | None:
        """The (least, most) dose of each time where the prescription states them."""
        if not step.doses:
            return None
        windows = []
        for dose in step.doses:
            mass, slack = self.grid.mass(dose.value), self.grid.slack(dose)
            windows.append((mass - slack, mass + slack) if dose else (0, 0))
        return tuple(windows)


class _Search:
    """Depth first over the times of one day, each administration in the order of the lists."""

    def __init__(self, layouts: Layouts, windows: tuple[tuple[int, int], ...] | None, hand: Hand, day: Day) -> None:
        self.of = layouts
        self.hand = hand
        self.windows = windows
        self.deviation = day.deviation
        self.events = day.events
        self.mass = day.mass(layouts.grid)
        self.fields = _Fields(day)
        self.tablets = _tablet_sets(layouts.grid, self.fields, hand)
        self.by_code: dict[int, _Tablets] = {}
        for tablets in self.tablets:
            self.by_code.setdefault(tablets.code, tablets)
        self.failed: set[tuple[int, int, int, int]] = set()

    def least_spread(self) -> int:
        """A bound on the spread: some dose is at most the mean, the others make up for it; and one is at least that."""
        times = self.of.times
        if self.windows is not None or times == 1:
            return 0
        if self.events < times:
            # Somebody gets nothing, so that the largest dose is the spread.
            large = (dose for dose in self._doses_near(self.events) if dose * self.events >= self.mass)
            return min(large, default=0)
        below, above = 0, self.mass
        for dose in self._doses_near(times):
            if dose * times <= self.mass:
                below = max(below, dose)
            if dose * times >= self.mass:
                above = min(above, dose)
        return max(-(-(self.mass - times * below) // (times - 1)), -(-(times * above - self.mass) // (times - 1)))

    def _doses_near(self, times: int) -> Iterator[int]:
        """Each set of pieces alone, and with the volumes for a dose just below and above the mean of so many times."""
        volumes = self.of.volumes
        used = self.fields.volumes(self.fields.day)
        factors = [factor for factor, volume in zip(self.of.grid.mass_per_volume, used, strict=True) if volume]
        for mass in {tablets.mass for tablets in self.tablets}:
            yield mass
            for factor in factors:
                place = bisect_right(volumes, (self.mass - mass * times) // (factor * times))
                yield from (mass + volume * factor for volume in volumes[max(place - 1, 0) : place + 1])

    def within(self, spread: int) -> Layout | None:
        """The first layout whose doses differ by at most `spread`, or None."""
        limit = self.of.grid.imbalance
        if self.windows is None and limit is not None:
            spread = min(spread, limit)
        self.failed.clear()
        return self._give((), (), self.fields.day, spread)

    def _give(self, given: tuple[Given, ...], doses: tuple[int, ...], left: int, spread: int) -> Layout | None:
        """The first layout that goes on from some administrations, of what is `left`."""
        if len(given) == self.of.times:
            is_whole = left == self.fields.guards
            return Layout(given=given, spread=max(doses) - min(doses)) if is_whole else None
        # What follows depends on the doses so far through their number, the least and the most alone.
        state = (len(given), min(doses, default=0), max(doses, default=0), left)
        if state in self.failed:
            return None
        low, high = self._range(doses, spread)
        for here, dose, rest in self._choices(left, low, high, len(given)):
            found = self._give((*given, here), (*doses, dose), rest, spread)
            if found is not None:
                return found
        self.failed.add(state)
        return None

    def _choices(self, left: int, low: int, high: int, place: int) -> Iterator[tuple[Given, int, int]]:
        """(administration, its dose, what it leaves) for a dose within limits, in the order of the lists."""
        last = place == self.of.times - 1
        volumes = self.fields.volumes(left)
        for tablets in self._last(left, volumes) if last else self.tablets:
            rest = left - tablets.code
            if tablets.mass > high or not self.fields.has(rest):
                continue
            for measure, dose, poured in self._measures(tablets, (low, high), volumes, self.fields.measures(left)):
                after = rest - poured - self._deviation(dose, place) * self.fields.deviation
                if self.fields.has(after):
                    yield Given(take=tablets.take, measure=measure), dose, after

    def _last(self, left: int, volumes: list[int]) -> tuple[_Tablets, ...]:
        """The set of pieces that takes all that is left, if it is allowed."""
        poured = sum(volume * unit for volume, unit in zip(volumes, self.fields.volume, strict=True))
        tablets = self.by_code.get((left - poured) & self.fields.measure - 1 & ~self.fields.guards)
        return () if tablets is None else (tablets,)

    def _measures(
        self, tablets: _Tablets, limits: tuple[int, int], volumes: list[int], count: int
    ) -> Iterator[tuple[tuple[int, int] | tuple[()], int, int]]:
        """(measure, dose, what it takes) beside some tablets, without a measure first, then by liquid and volume.

        `count` measurements have to give all of the `volumes`; the dose stays within the `limits`.
        """
        (low, high), mass = limits, tablets.mass
        if low <= mass <= high:
            yield (), mass, 0
        parts = self.of.volumes
        for liquid, volume in enumerate(volumes if count else ()):
            factor, unit = self.of.grid.mass_per_volume[liquid], self.fields.volume[liquid]
            beside = self.hand.least_volume(tablets.products, mass, factor)
            if beside is None:
                continue
            least = max(-(-(low - mass) // factor), 1, beside, volume - (count - 1) * parts[-1])
            most = min(volume, (high - mass) // factor)
            if count == 1:
                least = max(least, volume)
            for part in parts[bisect_left(parts, least) : bisect_right(parts, most)]:
                yield (liquid, part), mass + part * factor, part * unit + self.fields.measure

    def _range(self, doses: tuple[int, ...], spread: int) -> tuple[int, int]:
        """The least and most that the next dose may be."""
        low = max(doses) - spread if doses else 0
        high = min(doses) + spread if doses else self.mass
        if self.windows is not None:
            least, most = self.windows[len(doses)]
            return max(low, least), min(high, most)
        # The doses run one way, so what is left bounds the next by the mean, and by the farthest that any may be.
        left, later = self.mass - sum(doses), self.of.times - len(doses) - 1
        if self.of.rising:
            rest = left - later * (doses[0] + spread) if doses else -(-(left - later * spread) // (later + 1))
            return max(low, rest, *doses[-1:]), min(high, left // (later + 1))
        rest = left - later * (doses[0] - spread) if doses else (left + later * spread) // (later + 1)
        return max(low, -(-left // (later + 1))), min(high, rest, *doses[-1:])

    def _deviation(self, dose: int, place: int) -> int:
        """How far a stated dose is missed, or one more than the day may miss."""
        if self.windows is None:
            return 0
        least, most = self.windows[place]
        return min(abs(dose - (least + most) // 2), self.deviation + 1)


def _tablet_sets(grid: Grid, fields: _Fields, hand: Hand) -> list[_Tablets]:
    """Every allowed set of pieces that a day can spare for one administration, in the order of lists."""
    sets = [_Tablets(take=(), code=0, pieces=0, mass=0)]
    most = grid.problem.policy.max_pieces
    for piece in grid.pieces:
        code = _code(fields, piece)
        more = []
        for tablets in sets:
            for count in range(1, most - tablets.pieces + 1):
                taken = tablets.code + count * code
                if not fields.has(fields.day - taken):
                    break
                more.append(
                    _Tablets(
                        take=(*tablets.take, (piece.product, -piece.twelfths, count)),
                        code=taken,
                        pieces=tablets.pieces + count,
                        mass=tablets.mass + count * piece.mass,
                    )
                )
        sets += more
    allowed = (each for each in sets if hand.allows(each.products))
    return sorted(allowed, key=lambda tablets: tablets.take)


def _code(fields: _Fields, piece: Piece) -> int:
    """What a piece takes from a day's fields."""
    if piece.is_split:
        return piece.twelfths * fields.broken[piece.product] + fields.split
    return fields.whole[piece.product]
