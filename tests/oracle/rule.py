"""A taper's rule, stated slowly and plainly: every dose that could follow is tried, in the order that the rule names.

Written from the rules of the files and of the optimisation alone; it shares nothing with the program but the records
of what goes in. All doses are of a day [mg] unless they are said to be of one time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, lcm

from splitter.formulary import Formulary, Product
from splitter.prescription import Phase, Policy, Prescription, Round
from tests.oracle.cases import Case
from tests.oracle.rules import allowed_fractions, allowed_products, is_measurable

ROUND_NUMBERS = tuple(
    sorted(Fraction(figure) * Fraction(10) ** power for figure in ("1", "2", "2.5", "5") for power in range(-6, 5))
)
MICROGRAM = Fraction(1, 1000)
MOST_STEPS, MOST_DAYS = 1000, 3660


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One step: its dose, its days, the clause that gave it ("stated", "1" to "4.3" or "grid")."""

    dose: Fraction
    days: int
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """The steps of a rule and why it ended; `refused` says why there is none."""

    steps: tuple[Told, ...] = ()
    ending: str = ""
    refused: str = ""


class Means:
    """What finer doses are given with: one liquid, or all compounded capsules; beside it the plain products."""

    def __init__(self, plain: Sequence[Product], products: Sequence[Product], policy: Policy) -> None:
        self.policy = policy
        self.liquid = next((p for p in products if p.is_liquid), None)
        self.pieces = sizes(plain, policy)
        self.strengths = sizes([p for p in products if not p.is_liquid], policy)
        self.plain = sums(self.pieces, policy.max_pieces)
        self.alone = sums(self.strengths, policy.max_pieces)
        self.both = sums(self.pieces | self.strengths, policy.max_pieces)

    def gives(self, dose: Fraction, rank: int) -> bool:
        """Whether one time's dose can be given at a rank: by the means alone, by either alone, by both together."""
        if rank >= 1 and dose in self.plain:
            return True
        pieces = self.both if rank == 2 else self.alone
        if dose in pieces:
            return True
        return any(self._pours(dose, beside) for beside in (self.plain if rank == 2 else {Fraction(0)}))

    def _pours(self, dose: Fraction, beside: Fraction) -> bool:
        if self.liquid is None or beside >= dose:
            return False
        measured = dose - beside
        if beside and measured < self.policy.min_share * dose:
            return False
        return is_measurable(measured / self.liquid.concentration.value, self.policy)

    def graduations(self) -> set[Fraction]:
        """The dose of one graduation of the liquid in each syringe."""
        if self.liquid is None:
            return set()
        return {s.graduation.value * self.liquid.concentration.value for s in self.policy.syringes}


def sizes(products: Sequence[Product], policy: Policy) -> set[Fraction]:
    """The sizes of all pieces."""
    return {p.strength.value * part for p in products for part in allowed_fractions(p, policy.split)}


def sums(pieces: set[Fraction], most: int) -> set[Fraction]:
    """Every sum of up to `most` pieces."""
    found = {Fraction(0)}
    for _ in range(most):
        found |= {one + piece for one in found for piece in pieces}
    return found


def divided(dose: Fraction, times: int, unit: Fraction) -> list[Fraction]:
    """D_u of a day's dose; in which order the times stand makes no difference here."""
    n = floor(dose / unit)
    rest = dose - n * unit
    a, b = divmod(n, times)
    return [(a + 1) * unit] * b + [a * unit + rest] + [a * unit] * (times - b - 1)


class Judge:
    """Which daily doses have candidates, of plain products and of each means."""

    def __init__(self, products: Sequence[Product], times: int, policy: Policy) -> None:
        self.times, self.policy = times, policy
        plain = [p for p in products if not p.is_liquid and not p.is_compounded]
        capsules = [p for p in products if not p.is_liquid and p.is_compounded]
        liquids = [p for p in products if p.is_liquid]
        self.nothing = Means(plain, [], policy)
        self.means = [Means(plain, [liquid], policy) for liquid in liquids]
        self.means += [Means(plain, capsules, policy)] if capsules else []

    def plain(self, dose: Fraction) -> list[list[Fraction]]:
        """The divisions on plain products."""
        tried = [divided(dose, self.times, unit) for unit in self.nothing.pieces]
        return [doses for doses in tried if all(each in self.nothing.plain for each in doses)]

    def even_plain(self, dose: Fraction) -> bool:
        """Whether one of them is even."""
        smallest = min(self.nothing.pieces, default=Fraction(0))
        return any(
            all(doses) and max(doses) - min(doses) <= max(self.policy.evenness * dose / self.times, smallest)
            for doses in self.plain(dose)
        )

    def any_plain(self, dose: Fraction) -> bool:
        """Whether there is a candidate on plain products; with `every_time`, where need be one that skips a time."""
        found = self.plain(dose)
        if not self.policy.every_time or any(map(all, found)):
            return bool(found)
        fuller = [any(map(all, self.fine(dose, means))) for means in self.means]
        # With one liquid at most, some plan may go with a means that can't help; else all are there together.
        helped = any(fuller) if not self.policy.one_liquid else bool(fuller) and all(fuller)
        return bool(found) and not helped

    def fine(self, dose: Fraction, means: Means) -> list[list[Fraction]]:
        """The candidates of one means."""
        mean = dose / self.times
        for rank in (0, 1, 2):
            for graduated in (False, True):
                even = [doses for doses in self._fine(dose, means, rank, graduated) if self._is_even(doses, mean)]
                if even:
                    return even
        return list(self._fine(dose, means, 2, True))

    def even_fine(self, dose: Fraction) -> bool:
        """Whether some means has an even candidate."""
        mean = dose / self.times
        return any(self._is_even(doses, mean) for means in self.means for doses in self.fine(dose, means))

    def equal(self, dose: Fraction, rank: int) -> bool:
        """Whether some means gives each time the same."""
        return any(means.gives(dose / self.times, rank) for means in self.means)

    def _is_even(self, doses: list[Fraction], mean: Fraction) -> bool:
        return all(doses) and max(doses) - min(doses) <= self.policy.evenness * mean

    def _fine(self, dose: Fraction, means: Means, rank: int, graduated: bool) -> Iterator[list[Fraction]]:
        mean = dose / self.times
        least = max(mean / 10, min(means.graduations(), default=Fraction(0)))
        units = {unit for unit in means.pieces | means.strengths if unit <= mean}
        units |= {number for number in ROUND_NUMBERS if least <= number <= mean}
        if graduated:
            products = {number * mark for number in ROUND_NUMBERS for mark in means.graduations()}
            units |= {product for product in products if least <= product <= mean}
        tried = [[mean] * self.times, *(divided(dose, self.times, unit) for unit in sorted(units))]
        return (doses for doses in tried if all(means.gives(each, rank) for each in doses))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """The exact dose, how far from it, and the current dose, below which it must be."""

    exact: Fraction
    within: Fraction
    current: Fraction

    def among(self, doses: Sequence[Fraction]) -> list[Fraction]:
        """Those that are allowed, the nearest first, of two the larger."""
        allowed = {d for d in doses if 0 < d < self.current and abs(d - self.exact) <= self.within}
        return sorted(allowed, key=lambda dose: (abs(dose - self.exact), -dose))

    def multiples(self, unit: Fraction) -> list[Fraction]:
        """All multiples of a unit that are allowed."""
        first, last = floor((self.exact - self.within) / unit), floor((self.exact + self.within) / unit)
        return self.among([n * unit for n in range(first, last + 1)])

    def two(self, unit: Fraction, times: int) -> list[Fraction]:
        """The multiple of a unit for each time that isn't above the exact one, and the next."""
        below = floor(self.exact / times / unit) * unit
        return self.among([below * times, (below + unit) * times])


class Rounding:
    """The clauses by which the next dose is found."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        marks = {mark for means in judge.means for mark in means.graduations()}
        least = min(marks, default=MICROGRAM)
        self.numbers = [number for number in ROUND_NUMBERS[::-1] if number >= least]
        products = {number * mark for number in ROUND_NUMBERS for mark in marks}
        self.products = sorted((product for product in products if product >= least), reverse=True)

    def next(self, current: Fraction, exact: Fraction, phase: Phase, fine_first: bool) -> tuple[Fraction, str] | None:
        """The next dose and its clause."""
        if phase.round is Round.GRID:
            return nearest_below(current, exact, phase.grid.value), "grid"
        grid = phase.grid.value if phase.grid else None
        within = min(phase.round_within * exact, (current - exact) / 2)
        sought = Sought(exact=exact, within=within, current=current)
        amounts = phase.reduction is None or phase.reduction.share is None or phase.reduction.of_start
        one = lambda: exact if amounts and self.judge.any_plain(exact) else self.first(sought)  # noqa: E731
        two = lambda: self.equal(sought, grid) or self.even(sought, grid)  # noqa: E731
        order = [("2", two), ("1", one)] if fine_first else [("1", one), ("2", two)]
        far = Sought(exact=exact, within=exact / 4, current=current)
        order += [("3", lambda: self.third(sought)), ("4.1", lambda: self.first(far))]
        order += [("4.2", lambda: self.equal(far, grid)), ("4.3", lambda: self.third(far))]
        for clause, find in order:
            if (dose := find()) is not None:
                return dose, clause
        return None

    def plain_doses(self, sought: Sought) -> list[Fraction]:
        """Every dose that could be a sum of plain pieces."""
        pieces = self.judge.nothing.pieces
        return sought.multiples(Fraction(1, lcm(*(piece.denominator for piece in pieces)))) if pieces else []

    def first(self, sought: Sought) -> Fraction | None:
        """The nearest with an even division on plain products."""
        return next((dose for dose in self.plain_doses(sought) if self.judge.even_plain(dose)), None)

    def third(self, sought: Sought) -> Fraction | None:
        """The nearest with any."""
        return next((dose for dose in self.plain_doses(sought) if self.judge.any_plain(dose)), None)

    def equal(self, sought: Sought, grid: Fraction | None) -> Fraction | None:
        """The same for each time, by the lowest rank."""
        times = self.judge.times
        for rank in (0, 1, 2):
            if grid is not None:
                tried = [sought.multiples(grid)]
            else:
                tried = [sought.two(unit, times) for unit in (*self.numbers, *self.products)]
            for dose in (dose for doses in tried for dose in doses):
                if self.judge.equal(dose, rank):
                    return dose
        return None

    def even(self, sought: Sought, grid: Fraction | None) -> Fraction | None:
        """An even division by some means."""
        numbers = [number for number in ROUND_NUMBERS[::-1] if number >= MICROGRAM]
        tried = [sought.multiples(grid)] if grid is not None else [sought.two(number, 1) for number in numbers]
        return next((dose for doses in tried for dose in doses if self.judge.even_fine(dose)), None)


def nearest_below(current: Fraction, exact: Fraction, grid: Fraction) -> Fraction:
    """Of the multiples of a grid below the current dose the one nearest to the exact dose, of two the larger."""
    below = [n * grid for n in range(floor(current / grid) + 1) if n * grid < current]
    return min(below, key=lambda dose: (abs(dose - exact), -dose))


class RefusedError(Exception):
    """The rule can't be followed, for the reason given."""


def follow(case: Case) -> Followed:
    """What becomes of the rule of a case."""
    try:
        return _Following(case).follow()
    except RefusedError as refused:
        return Followed(refused=str(refused))


class _Following:
    """A rule while it is followed."""

    def __init__(self, case: Case) -> None:
        self.order, self.formulary = case.prescription, case.formulary
        self.rounding = Rounding(_judge(case))
        self.current, self.fine_first = self.order.taper.start.value, False
        self.steps: list[Told] = []

    def follow(self) -> Followed:
        ending = ""
        for number, phase in enumerate(self.order.taper.phases):
            made = [(self.current, "stated")] if number == 0 else []
            while not (ending := self.after(phase, made)):
                pass
            self.keep(phase, made)
        return Followed(steps=tuple(self.steps), ending=ending)

    def after(self, phase: Phase, made: list[tuple[Fraction, str]]) -> str:
        """Add the next dose of a phase, or say why there is none."""
        end = phase.end.value if phase.end else None
        if end is not None and self.current <= end:
            return "last"
        found = self.found(phase, len(made), end)
        if isinstance(found, str):
            return found
        self.fine_first = self.fine_first or found[1] == "2"
        self.current = found[0]
        made.append(found)
        if len(self.steps) + len(made) > MOST_STEPS or len(made) * (phase.every or 0) > MOST_DAYS:
            raise RefusedError("too long")
        return ""

    def found(self, phase: Phase, count: int, end: Fraction | None) -> tuple[Fraction, str] | str:
        """The next dose with its clause, or why the phase ends; so many steps of it are made."""
        counted = phase.over // phase.every if phase.reduction is None else 0
        exact = _exact(self.order, phase, self.current, counted - count, end)
        if end is not None and (exact < end or (phase.reduction is None and count == counted - 1)):
            return end, "stated"
        if end is None and exact <= 0:
            return "nothing"
        found = self.rounding.next(self.current, exact, phase, self.fine_first)
        if end is not None:
            if found is None:
                raise RefusedError("conflict")
            return found if found[0] >= end else (end, "stated")
        by_percent = phase.reduction is not None and phase.reduction.share and not phase.reduction.of_start
        if found is not None and by_percent and found[0] < _smallest(self.order, self.formulary):
            return "taper end" if self.formulary.taper_end else "small"
        return "no dose" if found is None else found if found[0] else "nothing"

    def keep(self, phase: Phase, made: list[tuple[Fraction, str]]) -> None:
        """Write the steps of a phase down."""
        if not made:
            return
        if phase.every is None and phase.over % len(made):
            raise RefusedError("no whole days")
        days = [phase.every or phase.over // len(made)] * len(made)
        days[-1] += phase.hold
        self.steps += [Told(dose=dose, days=each, clause=by) for (dose, by), each in zip(made, days, strict=True)]
        if sum(step.days for step in self.steps) > MOST_DAYS:
            raise RefusedError("too long")


def _judge(case: Case) -> Judge:
    """The family of strengths that gives the first dose on tablets, else the first by name."""
    allowed = allowed_products(case)
    names = sorted({p.family for p in allowed if p.family is not None}) or [None]
    times = len(case.prescription.times)
    judges = [Judge([p for p in allowed if p.family in (None, name)], times, case.policy) for name in names]
    return next((judge for judge in judges if judge.any_plain(case.prescription.taper.start.value)), judges[0])


def _exact(order: Prescription, phase: Phase, current: Fraction, left: int, end: Fraction | None) -> Fraction:
    """The rule's next dose; `left` steps are to come where their number is stated."""
    if phase.reduction is None:
        return end + (current - end) * (left - 1) / left if end is not None else current - current / (left + 1)
    if phase.reduction.amount is not None:
        return current - phase.reduction.amount.value
    return current - phase.reduction.share * (order.taper.start.value if phase.reduction.of_start else current)


def _smallest(order: Prescription, formulary: Formulary) -> Fraction:
    return formulary.taper_end.value if formulary.taper_end else order.taper.start.value / 20
