"""How a day of a chosen way is laid out over the administration times.

Of all layouts of the same use, splits and events the most even one is given, and of these the one whose list
comes first: time by time the pieces (product id, larger fraction first, count), then the volume. The evenness
is found first, by asking for ever narrower days; then a search in the order of the lists stops at its first hit.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from splitter.optimise.grid import TWELFTHS, Grid, Piece
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

    def less(self, tablets: _Tablets, measure: tuple[int, int] | tuple[()], deviation: int) -> Day:
        """What is left after one administration."""
        rest = list(self.volume)
        if measure:
            rest[measure[0]] -= measure[1]
        return Day(
            whole=tuple(map(int.__sub__, self.whole, tablets.whole)),
            broken=tuple(map(int.__sub__, self.broken, tablets.broken)),
            volume=tuple(rest),
            splits=self.splits - tablets.splits,
            events=self.events - tablets.pieces - bool(measure),
            deviation=self.deviation - deviation,
        )

    @property
    def is_done(self) -> bool:
        return not any((*self.whole, *self.broken, *self.volume, self.splits, self.events, self.deviation))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tablets:
    """One allowed set of pieces of one administration."""

    take: Listing
    whole: tuple[int, ...]
    broken: tuple[int, ...]
    splits: int
    pieces: int
    mass: int

    def fits(self, day: Day) -> bool:
        return (
            self.splits <= day.splits
            and self.pieces <= day.events
            and all(map(int.__le__, self.whole, day.whole))
            and all(map(int.__le__, self.broken, day.broken))
        )


class Layouts:
    """Lays days out over the times of one problem."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.times = len(grid.problem.times)
        self.rising = grid.problem.larger_dose is LargerDose.LAST
        self.volumes = grid.volumes.tolist()
        self.lattice = grid.lattice

    def best(self, step: Step, day: Day) -> Layout:
        """The most even layout of a day of `step`, and the first in the order of lists among them."""
        search = _Search(self, self._windows(step), day)
        low, high = 0, max(day.mass(self.grid) // self.lattice, 1)
        # The spread is a multiple of the lattice: double it until a layout exists, then halve the gap.
        tried = 0
        while (found := search.within(tried * self.lattice)) is None:
            if tried >= high:
                raise AssertionError("a way of the search has no layout")
            low, tried = tried + 1, min(max(2 * tried, 1), high)
        high = tried
        while low < high:
            middle = (low + high) // 2
            narrower = search.within(middle * self.lattice)
            if narrower is None:
                low = middle + 1
            else:
                found, high = narrower, middle
        return Layout(given=found, spread=high * self.lattice)

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

    def __init__(self, layouts: Layouts, windows: tuple[tuple[int, int], ...] | None, day: Day) -> None:
        self.of = layouts
        self.windows = windows
        self.day = day
        self.mass = day.mass(layouts.grid)
        self.tablets = _tablet_sets(layouts.grid, day)

    def within(self, spread: int) -> tuple[Given, ...] | None:
        """The first layout whose doses differ by at most `spread`, or None."""
        limit = self.of.grid.imbalance
        if self.windows is None and limit is not None:
            spread = min(spread, limit)
        return self._give((), (), self.day, spread)

    def _give(
        self, given: tuple[Given, ...], doses: tuple[int, ...], left: Day, spread: int
    ) -> tuple[Given, ...] | None:
        if len(given) == self.of.times:
            return given if left.is_done else None
        low, high = self._range(doses, spread)
        last = len(given) == self.of.times - 1
        for tablets in self.tablets:
            if not tablets.fits(left) or tablets.mass > high:
                continue
            for measure, dose in self._measures(tablets, left, low, high, last):
                rest = left.less(tablets, measure, self._deviation(dose, len(given)))
                if rest.deviation < 0 or rest.events < 0:
                    continue
                found = self._give((*given, Given(take=tablets.take, measure=measure)), (*doses, dose), rest, spread)
                if found is not None:
                    return found
        return None

    def _measures(
        self, tablets: _Tablets, left: Day, low: int, high: int, last: bool
    ) -> Iterator[tuple[tuple[int, int] | tuple[()], int]]:
        """(measure, dose) beside these tablets, without a measure first, then by liquid and volume."""
        if low <= tablets.mass <= high and not (last and any(left.volume)):
            yield (), tablets.mass
        for liquid, volume in enumerate(left.volume):
            if not volume:
                continue
            factor = self.of.grid.mass_per_volume[liquid]
            most = min(volume, (high - tablets.mass) // factor)
            least = volume if last else max(-(-(low - tablets.mass) // factor), 1)
            volumes = self.of.volumes
            for part in volumes[bisect_left(volumes, least) : bisect_right(volumes, most)]:
                yield (liquid, part), tablets.mass + part * factor

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
        if self.windows is None:
            return 0
        least, most = self.windows[place]
        return abs(dose - (least + most) // 2)


def _tablet_sets(grid: Grid, day: Day) -> list[_Tablets]:
    """Every allowed set of pieces that a day can spare for one administration, in the order of lists."""
    none = (0,) * len(grid.discrete)
    sets = [_Tablets(take=(), whole=none, broken=none, splits=0, pieces=0, mass=0)]
    most = grid.problem.policy.max_pieces
    for piece in grid.pieces:
        more = []
        for tablets in sets:
            for count in range(1, most - tablets.pieces + 1):
                grown = _with_pieces(tablets, piece, count)
                if not grown.fits(day):
                    break
                more.append(grown)
        sets += more
    return sorted(sets, key=lambda tablets: tablets.take)


def _with_pieces(tablets: _Tablets, piece: Piece, count: int) -> _Tablets:
    column = list(tablets.broken if piece.is_split else tablets.whole)
    column[piece.product] += count * piece.twelfths if piece.is_split else count
    return _Tablets(
        take=(*tablets.take, (piece.product, -piece.twelfths, count)),
        whole=tablets.whole if piece.is_split else tuple(column),
        broken=tuple(column) if piece.is_split else tablets.broken,
        splits=tablets.splits + (count if piece.is_split else 0),
        pieces=tablets.pieces + count,
        mass=tablets.mass + count * piece.mass,
    )
