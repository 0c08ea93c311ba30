"""Which sets of capsule strengths give the doses of a path: every set is tried.

A path is found as if all strengths of the capsules were at hand. Where some of them are only made if they are chosen,
at most so many may be; a set will do where pieces of its strengths give each dose at the rank of its step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from splitter.formulary import Product
from splitter.plan import ChosenStrengths, Finding
from splitter.verify.case import Case
from splitter.verify.choice import used_products
from splitter.verify.findings import compare
from splitter.verify.path.candidates import Candidate
from splitter.verify.path.reach import ALONE, BOTH, EITHER, PLAIN, Reach

Chosen = tuple[str, ...]
Path = tuple[Candidate | None, ...]
Needed = tuple[int, tuple[int, ...]]
"""A dose, and the plain pieces that may stand beside the capsules that give it."""


def sets_that_give(reach: Reach, path: Path) -> Iterator[Chosen]:
    """The ids of each set of at most `most` strengths that gives a path and has one that is only made if chosen."""
    means = reach.means
    assert means.most is not None
    needed = _needed(reach, path)
    largest = max((dose for dose, _ in needed), default=0)
    within = [(name, size) for name, size in means.pieces if size <= largest]
    for count in range(1, means.most + 1):
        for pairs in combinations(within, count):
            names = tuple(name for name, _ in pairs)
            if means.chosen.intersection(names) and _give(reach, [size for _, size in pairs], needed):
                yield names


def is_given(reach: Reach, path: Path) -> bool:
    """Whether a path can be given with as many strengths as may be chosen; always, where none has to be."""
    if reach.means.most is None or not any(candidate and candidate.is_fine for candidate in path):
        return True
    return next(sets_that_give(reach, path), None) is not None


def check_strengths(case: Case, ways: Sequence[tuple[Reach, Path]]) -> Iterator[Finding]:
    """What the plan says was chosen, against every set that gives its path; nothing, where nothing had to be."""
    capsules = sorted(name for name in used_products(case.plan) if _is_compounded_capsule(case.products.get(name)))
    due = None
    for reach, path in ways:
        if reach.means.chosen.intersection(capsules) and set(capsules) <= set(reach.means.products):
            due = ChosenStrengths(
                products=tuple(capsules),
                offered=len(reach.means.products),
                at_most=case.policy.compounded_strengths,
                sets=sum(1 for _ in sets_that_give(reach, path)),
            )
    yield from compare("verify-strengths", "plan", "strengths", case.plan.strengths, due)


def _is_compounded_capsule(product: Product | None) -> bool:
    return product is not None and product.is_compounded and not product.is_liquid


def _needed(reach: Reach, path: Path) -> list[Needed]:
    """The doses for which capsules are needed, the smallest first."""
    needed: set[Needed] = set()
    for step, candidate in zip(reach.question.steps, path, strict=True):
        if candidate is None or not candidate.is_fine:
            continue
        own = reach.of(step.room)
        rank = own.rank(candidate.doses)
        for dose in filter(None, candidate.doses):
            if rank == ALONE or (rank == EITHER and not own.gives(PLAIN, dose)):
                needed.add((dose, ()))
            elif rank == BOTH:
                needed.add((dose, own.usable))
    return sorted(needed)


def _give(reach: Reach, sizes: list[int], needed: list[Needed]) -> bool:
    most = reach.question.policy.max_pieces
    return all(_adds_up(dose, (*sizes, *beside), most) for dose, beside in needed)


def _adds_up(dose: int, sizes: tuple[int, ...], pieces: int) -> bool:
    """Whether at most so many pieces of some sizes make a dose."""
    if not dose:
        return True
    if not sizes or not pieces:
        return False
    first, *others = sizes
    most = min(pieces, dose // first)
    return any(_adds_up(dose - count * first, tuple(others), pieces - count) for count in range(most, -1, -1))
