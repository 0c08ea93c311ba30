"""The settings that stand between a prescription and a plan, and how each could give way.

`CONSTRAINTS` lists, for each policy key, its rule and two changes of a problem: the widest, which takes the
setting out of the way (to find out whether it is needed for a conflict), and the single steps that a pharmacy
could really take, smallest first (to offer). A step's value is what the key would have to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from splitter.bounds import MOST_CHOSEN, MOST_SWALLOWED
from splitter.prescription import DivisionRule, Fine, Liquids, Policy, Split, Syringe, Tolerance
from splitter.problem import Problem
from splitter.quantity import Mass, Volume

_MANY_PIECES = 12
_FINE_VOLUME = Volume(Fraction(1, 100))
_SMALL_SYRINGE = Syringe(text="1 mL by 0.01 mL", capacity=Volume(Fraction(1)), graduation=_FINE_VOLUME)
_SMALLEST_SYRINGE = Syringe(text="0.5 mL by 0.01 mL", capacity=Volume(Fraction(1, 2)), graduation=_FINE_VOLUME)
_LARGE_VOLUME = 4
_FINER = (2, 4, 5, 10)
_FINEST_MARK = Volume(Fraction(1, 1000))  # finer volumes are not read
_MOST_MARKS = 100  # of a syringe that is sold: 1 mL by 0.01 mL, 10 mL by 0.1 mL

Offer = tuple[str, Problem]
"""A value of a key, and the problem with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """The best plan of a relaxed problem: its recorded total, the pieces that it gives and the liquids, by id."""

    total: Fraction
    pieces: frozenset[tuple[str, Fraction]]
    liquids: frozenset[str]

    @property
    def products(self) -> frozenset[str]:
        """The ids of the products that it uses."""
        return self.liquids | {product for product, _ in self.pieces}


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """One setting: `widest` takes it out of the way, `steps` offers the single relaxations, smallest first."""

    key: str
    rule: str
    widest: Callable[[Problem], Problem]
    steps: Callable[[Problem], Iterator[Offer]]


def with_policy(problem: Problem, **settings: object) -> Problem:
    """The problem under a policy with these settings changed."""
    policy: Policy = replace(problem.policy, **settings)  # type: ignore[arg-type]
    return replace(problem, policy=policy)


def with_tolerance(problem: Problem, mass: Mass) -> Problem:
    return replace(problem, tolerance=Tolerance(mass=mass))


def _splits(problem: Problem) -> Iterator[Offer]:
    order = [Split.NEVER, Split.SCORED, Split.HALVES, Split.QUARTERS]
    for split in order[order.index(problem.policy.split) + 1 :]:
        yield split.value, with_policy(problem, split=split)


def _pieces(problem: Problem) -> Iterator[Offer]:
    for count in range(problem.policy.max_pieces + 1, _MANY_PIECES + 1):
        yield str(count), with_policy(problem, max_pieces=count)


def _imbalances(problem: Problem) -> Iterator[Offer]:
    limit = problem.policy.max_imbalance
    if limit is None:
        return
    for factor in (Fraction(3, 2), Fraction(2), Fraction(3), Fraction(4)):
        wider = limit * factor if limit else Mass(factor)
        yield str(wider), with_policy(problem, max_imbalance=wider)


def _least_volumes(problem: Problem) -> Iterator[Offer]:
    for volume in (Volume(Fraction(1, 10)), Volume(Fraction(1, 20))):
        if volume < problem.policy.min_volume:
            yield str(volume), with_policy(problem, min_volume=volume)


def _most_volumes(problem: Problem) -> Iterator[Offer]:
    for factor in (2, _LARGE_VOLUME):
        volume = problem.policy.max_volume * factor
        if volume.value <= MOST_SWALLOWED:
            yield str(volume), with_policy(problem, max_volume=volume)


def _syringes(problem: Problem) -> Iterator[Offer]:
    for syringe in _finer_syringes(problem.policy):
        yield f"{syringe.text} too", with_policy(problem, syringes=(*problem.policy.syringes, syringe))


def _finer_syringes(policy: Policy) -> tuple[Syringe, ...]:
    """The policy's capacities with finer marks, the least change first, and small syringes with fine ones."""
    own = sorted(policy.syringes, key=lambda syringe: syringe.capacity)
    finer = [syringe for factor in _FINER for syringe in map(partial(_marked, factor), own) if syringe is not None]
    known = {(syringe.capacity, syringe.graduation) for syringe in own}
    by_size = {(each.capacity, each.graduation): each for each in (*finer, _SMALL_SYRINGE, _SMALLEST_SYRINGE)}
    return tuple(syringe for key, syringe in by_size.items() if key not in known)


def _marked(factor: int, syringe: Syringe) -> Syringe | None:
    """A syringe of the same capacity with marks so many times as fine, None where it would have too many."""
    graduation = syringe.graduation / factor
    if syringe.capacity / graduation > _MOST_MARKS or (graduation / _FINEST_MARK).denominator != 1:
        return None
    return Syringe(text=f"{syringe.capacity} by {graduation}", capacity=syringe.capacity, graduation=graduation)


def _excluded(problem: Problem) -> Iterator[Offer]:
    known = {name for product in problem.stock for name in (product.id, product.ladder)}
    for product in problem.policy.exclude:
        if product in known:
            left = tuple(other for other in problem.policy.exclude if other != product)
            yield f"without {product}", with_policy(problem, exclude=left)


def _counts(problem: Problem) -> Iterator[Offer]:
    if problem.policy.max_products:
        for count in range(problem.policy.max_products + 1, len(problem.products) + 1):
            yield str(count), with_policy(problem, max_products=count)


def _strengths(problem: Problem) -> Iterator[Offer]:
    """More strengths out of recipes of several, as many as can be stated."""
    if any(product.is_chosen for product in problem.stock):
        for count in range(problem.policy.compounded_strengths + 1, MOST_CHOSEN + 1):
            yield str(count), with_policy(problem, compounded_strengths=count)


def _all_strengths(problem: Problem) -> Problem:
    if not any(product.is_chosen for product in problem.stock):
        return problem
    return with_policy(problem, compounded_strengths=max(problem.policy.compounded_strengths, len(problem.stock)))


def _setting(key: str, value: object, text: str) -> Callable[[Problem], Iterator[Offer]]:
    def steps(problem: Problem) -> Iterator[Offer]:
        if getattr(problem.policy, key) != value:
            yield text, with_policy(problem, **{key: value})

    return steps


def _divisions(problem: Problem) -> Iterator[Offer]:
    """Free division; not where steps must be resolved, which only the path can see to."""
    if problem.policy.division is DivisionRule.PATH and not problem.policy.resolve:
        yield "free", with_policy(problem, division=DivisionRule.FREE)


def _widest(**settings: object) -> Callable[[Problem], Problem]:
    return lambda problem: with_policy(problem, **settings)


def _all_syringes(problem: Problem) -> Problem:
    return with_policy(problem, syringes=(*problem.policy.syringes, *_finer_syringes(problem.policy)))


def _no_more_volume(problem: Problem) -> Problem:
    most = max(problem.policy.max_volume, Volume(Fraction(MOST_SWALLOWED)))
    return with_policy(problem, max_volume=min(problem.policy.max_volume * _LARGE_VOLUME, most))


def _finest_volume(problem: Problem) -> Problem:
    return with_policy(problem, min_volume=min(problem.policy.min_volume, _FINE_VOLUME))


CONSTRAINTS: tuple[Constraint, ...] = (
    Constraint(key="liquids", rule="R6", widest=_widest(liquids=Liquids.ALLOW),
               steps=_setting("liquids", Liquids.ALLOW, "allow")),
    Constraint(key="compounded", rule="R6", widest=_widest(compounded=True),
               steps=_setting("compounded", True, "true")),
    Constraint(key="compounded_strengths", rule="R6", widest=_all_strengths, steps=_strengths),
    Constraint(key="exclude", rule="R6", widest=_widest(exclude=()), steps=_excluded),
    Constraint(key="max_products", rule="R6", widest=_widest(max_products=0), steps=_counts),
    Constraint(key="one_liquid", rule="R5", widest=_widest(one_liquid=False),
               steps=_setting("one_liquid", False, "false")),
    Constraint(key="split", rule="R2", widest=_widest(split=Split.QUARTERS), steps=_splits),
    Constraint(key="max_pieces", rule="R2", widest=_widest(max_pieces=_MANY_PIECES), steps=_pieces),
    Constraint(key="resolve", rule="R8", widest=_widest(resolve=Fraction(0)),
               steps=_setting("resolve", Fraction(0), "0")),
    Constraint(key="division", rule="R3",
               widest=_widest(division=DivisionRule.FREE, max_imbalance=None, resolve=Fraction(0)), steps=_divisions),
    Constraint(key="fine", rule="R7", widest=_widest(fine=Fine.FREE), steps=_setting("fine", Fine.FREE, "free")),
    Constraint(key="max_imbalance", rule="R3", widest=_widest(max_imbalance=None), steps=_imbalances),
    Constraint(key="min_volume", rule="R4", widest=_finest_volume, steps=_least_volumes),
    Constraint(key="max_volume", rule="R4", widest=_no_more_volume, steps=_most_volumes),
    Constraint(key="min_share", rule="R4", widest=_widest(min_share=Fraction(0)),
               steps=_setting("min_share", Fraction(0), "0 %")),
    Constraint(key="syringes", rule="R4", widest=_all_syringes, steps=_syringes),
)  # fmt: skip
