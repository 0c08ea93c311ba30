"""The schedules inside a prescriber's ranges: for each total length the best, each with its proved plan.

A schedule is one choice of paces, as `taper.paces` has them, so that all of them are looked at. How hard a schedule is
on the patient is told by its hardest step: by how much that step is lower, as a share of the most that the range allows
there; steps whose reduction isn't left open don't count, unless none is. Of the schedules of one length the one whose
hardest step is easiest is the best, then the cheapest, then that with the fewest visits. Only those that could be it
are planned.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby, pairwise

from splitter.errors import Fault, InputError
from splitter.formulary import Formulary
from splitter.optimise import LimitReachedError, Limits, Progress, can_be_made
from splitter.plan import Plan, Status
from splitter.prescription import Pharmacy, Prescription, Reduction, TaperRule
from splitter.problem import by_family, pose
from splitter.quantity import Mass, counted
from splitter.service.comparison.measures import measures_of
from splitter.service.comparison.savings import fine_days
from splitter.service.inputs import Inputs
from splitter.service.planning import attempt
from splitter.taper import Pace, Schedule, expand, paced

_ONE_DAY = dt.timedelta(days=1)
_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """From which dose to which a step goes down [mg], on which day, and whether that is more than the range allows."""

    first: dt.date
    before_mg: Fraction
    after_mg: Fraction
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One schedule and what its plan comes to.

    `hardest` is the drop that takes most of what the range allows, None where no step is lower; `over` are those above
    the range, `under` counts those below it, both by what doses can be given. `fine_from` is the first day on which
    something is measured or compounded, `is_unbeaten` says that no other proposal is at once no longer, no harder, no
    dearer and of no more visits, and better in one of these.
    """

    number: int
    paces: tuple[Pace, ...]
    days: int
    last: dt.date
    steps: int
    hardest: Drop | None
    over: tuple[Drop, ...]
    under: int
    is_proved: bool
    total: Fraction
    visits: int
    cut_days: int
    fine_days: int
    fine_from: dt.date | None
    is_compounded: bool
    is_unbeaten: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """The best schedule of each length, the shortest first, of so many choices of paces.

    `unreachable` of these end before the dose that is stated, `not_made` lengths have no schedule that can be made.
    """

    number: str
    drug: str
    currency: str
    choices: int
    unreachable: int
    not_made: tuple[int, ...]
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """A drop as a share of the most allowed there, whether it is below the range, whether it may be the hardest."""

    drop: Drop
    strain: Fraction
    is_under: bool
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """One choice of paces with its steps; `strain` is the largest drop as a share of the most allowed there."""

    paces: tuple[Pace, ...]
    schedule: Schedule
    drops: tuple[Drop, ...]
    strain: Fraction
    hardest: Drop | None
    under: int

    @property
    def days(self) -> int:
        return sum(step.days for step in self.schedule.steps)


def propose(
    prescription: Prescription,
    pharmacy: Pharmacy,
    formulary: Formulary,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Proposals:
    """The best schedules of a prescription whose rule leaves its pace open.

    Raises InputError where it has no range, where ranges leave too many choices, and where no choice reaches the dose
    that is to end it or ends in the time that is stated.
    """
    rule = _open_rule(prescription)
    choices = list(paced(rule, _smallest_piece(formulary)))
    order = prescription, pharmacy, formulary
    tried = [one for choice in choices if (one := _tried(*order, choice)) is not None]
    kept = _in_time(prescription, rule, _distinct(tried))
    best_of_lengths: list[tuple[_Tried, Plan]] = []
    not_made: list[int] = []
    for days, group in groupby(sorted(kept, key=lambda one: (one.days, one.strain)), key=lambda one: one.days):
        best = _best(list(group), Inputs(prescription=prescription, pharmacy=pharmacy, formulary=formulary), limits)
        if best is None:
            not_made.append(days)
        else:
            best_of_lengths.append(best)
        if progress is not None:
            progress(len(best_of_lengths) + len(not_made), len({one.days for one in kept}))
    return Proposals(
        number=prescription.number,
        drug=prescription.drug,
        currency=pharmacy.currency,
        choices=len(choices),
        unreachable=len(choices) - len(tried),
        not_made=tuple(not_made),
        proposals=_written(prescription, best_of_lengths),
    )


def _open_rule(prescription: Prescription) -> TaperRule:
    rule = prescription.taper
    if rule is None or not any(phase.has_range for phase in rule.phases):
        remedy = 'write one in its [taper], such as reduce = "10 % to 20 %" or every = "2 to 4 weeks"'
        raise _refusal(prescription, "taper", "no range to choose from", remedy)
    return rule


def _refusal(prescription: Prescription, key: str, found: str, remedy: str) -> InputError:
    return InputError([Fault(file=f"prescription {prescription.number}", key=key, found=found, remedy=remedy)])


def _smallest_piece(formulary: Formulary) -> Mass | None:
    """The smallest piece of a marketed tablet, capsule or packet at its functional score."""
    pieces = [
        Mass(product.strength.value / product.pieces)
        for product in formulary.products
        if product.strength is not None and not product.is_compounded
    ]
    return min(pieces, default=None)


def _tried(
    prescription: Prescription, pharmacy: Pharmacy, formulary: Formulary, choice: tuple[tuple[Pace, ...], TaperRule]
) -> _Tried | None:
    """The steps of one choice of paces; None where they don't reach the dose that is to end them."""
    paces, rule = choice
    try:
        schedule = expand(replace(prescription, taper=rule), pharmacy, formulary)
    except InputError:
        return None
    assert prescription.taper is not None
    judged = list(_judged(prescription, prescription.taper, schedule))
    hardest = max((each for each in judged if each.counts), key=lambda each: each.strain, default=None)
    return _Tried(
        paces=paces,
        schedule=schedule,
        drops=tuple(each.drop for each in judged),
        strain=hardest.strain if hardest is not None else _NOTHING,
        hardest=hardest.drop if hardest is not None else None,
        under=sum(each.is_under for each in judged),
    )


def _judged(prescription: Prescription, rule: TaperRule, schedule: Schedule) -> Iterator[_Judged]:
    """Each drop of a phase that states a reduction."""
    is_open = any(phase.reduction_most is not None for phase in rule.phases)
    start, first = rule.start.value, prescription.start
    for (before, after), number in zip(pairwise(schedule.steps), schedule.phases[1:], strict=True):
        first += before.days * _ONE_DAY
        phase, current = rule.phases[number], before.target.value
        if phase.reduction is None:
            continue
        least = _lowered(phase.reduction, current, start)
        most = _lowered(phase.reduction_most or phase.reduction, current, start)
        by = current - after.target.value
        yield _Judged(
            drop=Drop(first=first, before_mg=current, after_mg=after.target.value, is_over=by > most),
            strain=by / most,
            is_under=by < least,
            counts=phase.reduction_most is not None or not is_open,
        )


def _lowered(reduction: Reduction, current: Fraction, start: Fraction) -> Fraction:
    """By how much a reduction lowers the current dose [mg]."""
    if reduction.share is None:
        return (reduction.amount or Mass(_NOTHING)).value
    return reduction.share * (start if reduction.of_start else current)


def _distinct(tried: Iterable[_Tried]) -> list[_Tried]:
    """One of those whose steps are the same, the first of them."""
    return list({one.schedule.steps: one for one in reversed(list(tried))}.values())[::-1]


def _in_time(prescription: Prescription, rule: TaperRule, tried: Sequence[_Tried]) -> list[_Tried]:
    """Those that end in the time that is stated. Raises InputError where none is left."""
    if not tried:
        found, remedy = "a dose to end with that no choice of paces reaches", "allow finer pieces, or another last dose"
        raise _refusal(prescription, "taper", found, remedy)
    if rule.finish is None:
        return list(tried)
    least, most = rule.finish
    kept = [one for one in tried if least <= one.days <= most]
    if not kept:
        lengths = sorted(one.days for one in tried)
        found = f"{counted(least, 'day')} to {counted(most, 'day')}, in which no choice of paces ends"
        remedy = f"they take from {counted(lengths[0], 'day')} to {counted(lengths[-1], 'day')}"
        raise _refusal(prescription, _finish_key(rule), found, remedy)
    return kept


def _finish_key(rule: TaperRule) -> str:
    last = len(rule.phases) - 1
    return f"taper[{last}].finish" if last else "taper.finish"


def _best(tried: Sequence[_Tried], inputs: Inputs, limits: Limits | None) -> tuple[_Tried, Plan] | None:
    """Of schedules of one length, the easiest first, the best that can be made, with its plan; None if none can."""
    for _, alike in groupby(tried, key=lambda one: one.strain):
        made = [(one, plan) for one in alike if (plan := _planned(one, inputs, limits)) is not None]
        if made:
            return min(made, key=lambda each: (_total(each[1]), _visits(each[1])))
    return None


def _planned(one: _Tried, inputs: Inputs, limits: Limits | None) -> Plan | None:
    """The plan of a schedule; None where it can't be made, or no plan is found within the limits."""
    explicit = replace(inputs.prescription, steps=one.schedule.steps, taper=None)
    if not any(map(can_be_made, by_family(pose(explicit, inputs.pharmacy, inputs.formulary)))):
        return None
    try:
        made = attempt(replace(inputs, prescription=explicit), limits)
    except LimitReachedError:
        return None
    return None if made.status is Status.INFEASIBLE else made


def _total(plan: Plan) -> Fraction:
    assert plan.total is not None
    return plan.total


def _visits(plan: Plan) -> int:
    return len({item.date for item in plan.items})


def _written(prescription: Prescription, best_of_lengths: Sequence[tuple[_Tried, Plan]]) -> tuple[Proposal, ...]:
    marks = [(one.days, one.strain, _total(plan), _visits(plan)) for one, plan in best_of_lengths]
    return tuple(
        _proposal(prescription, number, each, is_unbeaten=not any(_beats(other, mark) for other in marks))
        for number, (each, mark) in enumerate(zip(best_of_lengths, marks, strict=True), 1)
    )


def _beats(one: tuple[Fraction | int, ...], other: tuple[Fraction | int, ...]) -> bool:
    return one != other and all(mine <= theirs for mine, theirs in zip(one, other, strict=True))


def _proposal(prescription: Prescription, number: int, each: tuple[_Tried, Plan], *, is_unbeaten: bool) -> Proposal:
    one, plan = each
    made = {product.id for product in plan.products if product.compounded}
    fine = (
        step.start
        for step in plan.steps
        if any(given.measure or made & {take.product for take in given.take} for given in step.administrations)
    )
    return Proposal(
        number=number,
        paces=one.paces,
        days=one.days,
        last=prescription.start + (one.days - 1) * _ONE_DAY,
        steps=len(one.schedule.steps),
        hardest=one.hardest,
        over=tuple(drop for drop in one.drops if drop.is_over),
        under=one.under,
        is_proved=plan.status is Status.OPTIMAL,
        total=_total(plan),
        visits=_visits(plan),
        cut_days=measures_of(plan).cut_days,
        fine_days=fine_days(plan),
        fine_from=next(fine, None),
        is_compounded=bool(made),
        is_unbeaten=is_unbeaten,
    )
