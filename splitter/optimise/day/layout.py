"""How a day of a chosen way is laid out over the administration times.

Of all layouts of the same use, splits and events the most even one is given, and of these the one whose list
comes first: time by time the pieces (product id, larger fraction first, count), then the volume. The evenness
is found first, by asking for ever narrower days; then a search in the order of the lists stops at its first hit.

What is left of a day while it is laid out is one integer (`fields`), so that taking an administration away is one
subtraction: it has the use of each product, the splits, the measurements and the deviation.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from splitter.division import Exactness, Giving
from splitter.optimise.day.fields import Fields
from splitter.optimise.day.options import Hand, hand_of
from splitter.optimise.integers import TWELFTHS, Grid, Piece
from splitter.prescription import LargerDose, Step

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


class _Rest:
    """What is left of a day, as the fields of one integer: which figure stands where.

    `whole`, `broken` [P], `volume` [L] are the units to take of each product; `split`, `measure` and `deviation` those
    of fractional pieces, of measurements, and of the mass units by which stated doses may be missed.
    """

    def __init__(self, day: Day) -> None:
        measures = day.events - sum(day.whole) - day.splits
        products, liquids = len(day.whole), len(day.volume)
        fields = Fields((*day.whole, *day.broken, *day.volume, day.splits, measures, day.deviation))
        self.whole_day = fields.full
        self.nothing = fields.empty
        self.holds = fields.holds
        self.whole = fields.units[:products]
        self.broken = fields.units[products : 2 * products]
        self.volume = fields.units[2 * products :][:liquids]
        self.split, self.measure, self.deviation = fields.units[-3:]
        self._fields = fields
        self._volumes = range(2 * products, 2 * products + liquids)
        # All figures of pieces stand below those of measurements and of the deviation.
        self._pieces = (self.measure - 1) & ~fields.empty

    def volumes(self, rest: int) -> list[int]:
        """[L] the volumes that are left."""
        return [self._fields.number(rest, place) for place in self._volumes]

    def measures(self, rest: int) -> int:
        """How many measurements are left."""
        return self._fields.number(rest, self._volumes.stop + 1)

    def pieces(self, rest: int, volumes: list[int]) -> int:
        """What is left but for these volumes, measurements and deviation, as `_Tablets.code` has it."""
        poured = sum(volume * unit for volume, unit in zip(volumes, self.volume, strict=True))
        return (rest - poured) & self._pieces

    def code(self, piece: Piece) -> int:
        """What one piece takes."""
        if piece.is_split:
            return piece.twelfths * self.broken[piece.product] + self.split
        return self.whole[piece.product]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tablets:
    """One allowed set of pieces of one administration; `code` is what it takes from the rest of a day."""

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
        self._known: dict[tuple[object, ...], Layout] = {}

    def best(self, step: Step, giving: Giving, day: Day) -> Layout:
        """The most even layout of a day of `step`, and the first in the order of lists among them."""
        key = (step.doses, step.room, giving, day)
        if key not in self._known:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            self._known[key] = self._best(step, giving, day)
        return self._known[key]

    def _best(self, step: Step, giving: Giving, day: Day) -> Layout:
        search = _Search(self, self._windows(step), self._hand(step, giving), day)
        least = search.least_spread()
        evenest = search.within(least) or search.within(day.mass(self.grid))
        if evenest is None:
            raise AssertionError("a way of the search has no layout")
        # Mostly the first one found is the evenest. Ask that first, and halve what is left where it isn't.
        while least < evenest.spread:
            better = search.within(evenest.spread - 1)
            if better is None:
                break
            middle = (least + better.spread) // 2
            halved = search.within(middle) if middle < better.spread else None
            if halved is None:
                least = middle + 1
            evenest = halved or better
        return evenest

    def _hand(self, step: Step, giving: Giving) -> Hand:
        """What administrations of a step given so may be made of, of all products."""
        grid = self.grid
        hand = hand_of(grid, frozenset(range(len(grid.discrete))), tuple(range(len(grid.liquids))), giving)
        return replace(hand, exactness=Exactness.of(step, grid.problem.policy))

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
        self.rest = _Rest(day)
        self.tablets = _tablet_sets(layouts.grid, self.rest, hand)
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
        used = self.rest.volumes(self.rest.whole_day)
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
        return self._give((), (), self.rest.whole_day, spread)

    def _give(self, given: tuple[Given, ...], doses: tuple[int, ...], left: int, spread: int) -> Layout | None:
        """The first layout that goes on from some administrations, of what is `left`."""
        if len(given) == self.of.times:
            is_all_given = left == self.rest.nothing
            return Layout(given=given, spread=max(doses) - min(doses)) if is_all_given else None
        # What follows depends on the doses so far through their number, the least and the most alone.
        state = (len(given), min(doses, default=0), max(doses, default=0), left)
        if state in self.failed:
            return None
        low, high = self._in_order(doses, spread) if self.windows is None else self._in_window(doses, spread)
        for here, dose, after in self._choices(left, low, high, len(given)):
            whole = self._give((*given, here), (*doses, dose), after, spread)
            if whole is not None:
                return whole
        self.failed.add(state)
        return None

    def _choices(self, left: int, low: int, high: int, place: int) -> Iterator[tuple[Given, int, int]]:
        """(administration, its dose, what it leaves) for a dose within limits, in the order of the lists."""
        rest, is_last = self.rest, place == self.of.times - 1
        volumes, measures = rest.volumes(left), rest.measures(left)
        for tablets in self._last(left, volumes) if is_last else self.tablets:
            beside = left - tablets.code
            if tablets.mass > high or not rest.holds(beside):
                continue
            for measure, dose, poured in self._measures(tablets, (low, high), volumes, measures):
                after = beside - poured - self._deviation(dose, place) * rest.deviation
                if rest.holds(after):
                    yield Given(take=tablets.take, measure=measure), dose, after

    def _last(self, left: int, volumes: list[int]) -> tuple[_Tablets, ...]:
        """The set of pieces that takes all that is left, if it is allowed."""
        tablets = self.by_code.get(self.rest.pieces(left, volumes))
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
            factor, unit = self.of.grid.mass_per_volume[liquid], self.rest.volume[liquid]
            beside = self.hand.least_volume(tablets.products, mass, factor)
            if beside is None:
                continue
            least = max(-(-(low - mass) // factor), 1, beside, volume - (count - 1) * parts[-1])
            most = min(volume, (high - mass) // factor)
            if count == 1:
                least = max(least, volume)
            for part in parts[bisect_left(parts, least) : bisect_right(parts, most)]:
                if not self.hand.pours(self.of.grid, liquid, part):
                    continue
                yield (liquid, part), mass + part * factor, part * unit + self.rest.measure

    def _in_window(self, doses: tuple[int, ...], spread: int) -> tuple[int, int]:
        """The least and most that the next dose may be where the prescription states it."""
        assert self.windows is not None
        low, high = self.windows[len(doses)]
        return (max(low, max(doses) - spread), min(high, min(doses) + spread)) if doses else (low, high)

    def _in_order(self, doses: tuple[int, ...], spread: int) -> tuple[int, int]:
        """The least and most that the next dose may be where no later one is smaller, or where none is larger.

        Doses that fall are masses below zero that rise, so that both are reckoned alike: the first dose is the least of
        all, and none is more than `spread` above it.
        """
        sign = 1 if self.of.rising else -1
        left, later = sign * (self.mass - sum(doses)), self.of.times - len(doses) - 1
        # It is the least of what is left, so at most their mean; and it leaves no more than the later ones may be.
        most = left // (later + 1)
        if doses:
            first, before = sign * doses[0], sign * doses[-1]
            least = max(before, left - later * (first + spread))
            most = min(most, first + spread)
        else:
            least = -(-(left - later * spread) // (later + 1))
        low, high = (least, most) if self.of.rising else (-most, -least)
        return max(low, 0), min(high, self.mass)

    def _deviation(self, dose: int, place: int) -> int:
        """How far a stated dose is missed, or one more than the day may miss."""
        if self.windows is None:
            return 0
        least, most = self.windows[place]
        return min(abs(dose - (least + most) // 2), self.deviation + 1)


def _tablet_sets(grid: Grid, rest: _Rest, hand: Hand) -> list[_Tablets]:
    """Every allowed set of pieces that a day can spare for one administration, in the order of lists."""
    sets = [_Tablets(take=(), code=0, pieces=0, mass=0)]
    most = grid.problem.policy.max_pieces
    for piece in (piece for piece in grid.pieces if hand.breaks(grid, piece)):
        code = rest.code(piece)
        more = []
        for tablets in sets:
            for count in range(1, most - tablets.pieces + 1):
                taken = tablets.code + count * code
                if not rest.holds(rest.whole_day - taken):
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
