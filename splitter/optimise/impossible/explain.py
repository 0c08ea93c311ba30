"""Why there is no plan: the settings that conflict, the nearest doses, and what would make it possible.

Whether steps can be made is decided by `makeable` and `divisible`, apart from the search. A conflict is made
irreducible by dropping settings: with every setting taken out of the way that isn't needed for the conflict, the step
still can't be made, and taking any one of the rest away makes it so. What a relaxation costs is found by solving the
whole prescription with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from splitter.errors import SplitterError
from splitter.optimise.impossible.reasons import change_words, joint_reason, nearer_words, step_reason
from splitter.optimise.impossible.relax import CONSTRAINTS, Constraint, Relaxed, with_tolerance
from splitter.optimise.possible import Divisible, Makeable, makeable_of
from splitter.plan import Conflict, NearerDose, Relaxation
from splitter.prescription import Policy, Step, Tolerance
from splitter.problem import Problem
from splitter.quantity import Mass

Price = Callable[[Problem], Relaxed | None]
"""What the best plan of a problem costs and gives, None where none is found."""

MOST_MOVED = Fraction(1, 10)
"""The share of a dose by which an offer may move it at the most."""

_FINEST = Fraction(1, 1000)
"""The finest mass that a prescription may state [mg]."""

_NONE = (None, None)
_DEFAULTS = Policy()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Needed:
    """The constraints of an irreducible conflict, and the problem with all others out of the way."""

    constraints: tuple[Constraint, ...]
    relaxed: Problem


class Explanation:
    """Explains one infeasible problem; `price` solves its relaxations."""

    def __init__(self, problem: Problem, price: Price) -> None:
        self.problem = problem
        self.price = price
        self._priced: dict[tuple[str, str], tuple[bool, Relaxed | None]] = {}
        self._made: dict[tuple[Policy, Tolerance], Makeable | Divisible] = {}
        self._hardest_first: list[Step] = list(problem.steps)

    def conflicts(self) -> tuple[Conflict, ...]:
        """One conflict for each step that can't be made on its own, else one for the steps together."""
        made = self._makeable(self.problem)
        if made.can(*self.problem.steps):
            raise SplitterError("a fault of the program: no plan was found of doses that can be made; please report it")
        alone = [number for number, step in enumerate(self.problem.steps) if not made.can(step)]
        others = [number for number in range(len(self.problem.steps)) if number not in alone]
        self._hardest_first = [self.problem.steps[number] for number in (*alone, *others)]
        if alone:
            return tuple(self._of_step(number, made) for number in alone)
        return (self._of_all(made),)

    def _of_step(self, number: int, made: Makeable | Divisible) -> Conflict:
        step = self.problem.steps[number]
        below, above = made.nearest(step)
        needed = self._needed((step,))
        relaxations = self._relaxations((step,)) + self._tolerances(step, (below, above))
        return Conflict(
            step=number,
            steps=(number,),
            rules=self._rules(needed),
            nearest_mg=(below.value if below else None, above.value if above else None),
            relaxations=relaxations,
            message=step_reason(self.problem, step, [c.key for c in needed.constraints]),
            nearer=self._nearer(step, (below, above)),
        )

    def _of_all(self, made: Makeable | Divisible) -> Conflict:
        steps = list(range(len(self.problem.steps)))
        for number in list(steps):
            fewer = [other for other in steps if other != number]
            if not made.can(*(self.problem.steps[other] for other in fewer)):
                steps = fewer
        chosen = tuple(self.problem.steps[number] for number in steps)
        needed = self._needed(chosen)
        return Conflict(
            step=None,
            steps=tuple(steps),
            rules=self._rules(needed),
            nearest_mg=_NONE,
            relaxations=self._relaxations(chosen),
            message=joint_reason(self.problem, [c.key for c in needed.constraints]),
        )

    def _needed(self, steps: tuple[Step, ...]) -> _Needed:
        relaxed, needed = self.problem, []
        # Where either of two settings alone would explain it, the one asked last stays: so what somebody has set is
        # named before a default, since that is where they will look.
        # How many strengths may be chosen is asked first, since they are chosen only under rules that others give up.
        for constraint in sorted(CONSTRAINTS, key=self._how_late):
            wider = constraint.widest(relaxed)
            if wider == relaxed:
                continue
            if self._makeable(wider).can(*steps):
                needed.append(constraint)
            else:
                relaxed = wider
        return _Needed(constraints=tuple(each for each in CONSTRAINTS if each in needed), relaxed=relaxed)

    def _how_late(self, constraint: Constraint) -> tuple[bool, bool]:
        return constraint.key != "compounded_strengths", self._is_set(constraint)

    def _is_set(self, constraint: Constraint) -> bool:
        """Whether somebody has set what the constraint is about to another value than the default."""
        return bool(getattr(self.problem.policy, constraint.key) != getattr(_DEFAULTS, constraint.key))

    def _rules(self, needed: _Needed) -> tuple[str, ...]:
        """The rules, the policy keys, and the products that the conflict is about."""
        rules = sorted({"R1", *(constraint.rule for constraint in needed.constraints)})
        keys = [constraint.key for constraint in needed.constraints]
        before = {product.called for product in needed.relaxed.products}
        wider = needed.relaxed
        for constraint in needed.constraints:
            wider = constraint.widest(wider)
        shut_out = sorted({product.called for product in wider.products} - before)
        return (*rules, *keys, *(shut_out or sorted(before)))

    def _relaxations(self, steps: tuple[Step, ...]) -> tuple[Relaxation, ...]:
        """For each setting the smallest change of it alone that makes the steps possible; for products, each."""
        offers = []
        for constraint in CONSTRAINTS:
            for value, changed in constraint.steps(self.problem):
                if self._makeable(changed).can(*steps):
                    offers.append(self._relaxation(constraint.key, value, changed))
                    if constraint.key != "exclude":
                        break
        return tuple(offers)

    def _tolerances(self, step: Step, nearest: tuple[Mass | None, Mass | None]) -> tuple[Relaxation, ...]:
        """The tolerance within which the nearest dose lies, where the prescription states the day's dose.

        Where it is more than MOST_MOVED of the dose, it is no help but another dose.
        """
        gaps = [abs(dose.value - step.target.value) for dose in nearest if dose is not None]
        # Rounded up to what a prescription can state.
        stated = [-(-gap // _FINEST) * _FINEST for gap in gaps]
        stated = [gap for gap in stated if gap <= step.target.value * MOST_MOVED]
        if step.doses or not stated:
            return ()
        mass = Mass(min(stated))
        changed = with_tolerance(self.problem, mass)
        return (self._relaxation("tolerance", str(mass), changed),)

    def _nearer(self, step: Step, nearest: tuple[Mass | None, Mass | None]) -> tuple[NearerDose, ...]:
        """The doses nearer than the nearest that finer pieces would give, where they don't give the dose itself."""
        target, nearer = step.target, []
        best = _distance(target, nearest)
        for value, changed in next(c for c in CONSTRAINTS if c.key == "split").steps(self.problem):
            made = self._makeable(changed)
            near = made.nearest(step)
            if made.can(step) or _distance(target, near) >= best:
                continue
            best = _distance(target, near)
            dose = min((dose for dose in near if dose is not None), key=lambda dose: abs(dose.value - target.value))
            words = nearer_words(self.problem, changed)
            nearer.append(NearerDose(key="split", value=value, dose_mg=dose.value, message=words))
        return tuple(nearer)

    def _relaxation(self, key: str, value: str, changed: Problem) -> Relaxation:
        suffices, priced = self._price_of(key, value, changed)
        words = change_words(self.problem, changed, (key, value), priced)
        total = None if priced is None else priced.total
        return Relaxation(key=key, value=value, total=total, message=words, suffices=suffices)

    def _makeable(self, changed: Problem) -> Makeable | Divisible:
        """What can be made of a problem that differs from this one in its policy and tolerance alone."""
        key = changed.policy, changed.tolerance
        if key not in self._made:
            self._made[key] = makeable_of(changed)
        return self._made[key]

    def _price_of(self, key: str, value: str, changed: Problem) -> tuple[bool, Relaxed | None]:
        """(whether the whole prescription can be made with a relaxation, its plan then, if one is found in time)."""
        if (key, value) not in self._priced:
            possible = self._makeable(changed).can(*self._hardest_first)
            self._priced[key, value] = possible, self.price(changed) if possible else None
        return self._priced[key, value]


def _distance(target: Mass, doses: tuple[Mass | None, Mass | None]) -> Fraction:
    """How far the nearer of two doses is; the target itself where there is none, for giving nothing is as far."""
    return min((abs(dose.value - target.value) for dose in doses if dose is not None), default=target.value)
