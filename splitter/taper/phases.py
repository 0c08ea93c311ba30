"""A rule followed from its first dose to its end, phase by phase."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from splitter.bounds import MOST_DAYS, MOST_STEPS
from splitter.division import allowed_products, families, filling_order
from splitter.errors import Fault, InputError
from splitter.formulary import Formulary, larger_dose_for, policy_for
from splitter.prescription import (
    Pharmacy,
    Phase,
    Prescription,
    Step,
    TaperRule,
    waiting,
)
from splitter.quantity import Mass, counted
from splitter.taper.records import Clause, Ending, EndReason, Rounding, Schedule
from splitter.taper.rounding import Rounder

_SMALL = Fraction(1, 20)
"""The share of the first dose below which a rule by percentages doesn't go, where the drug has no limit of its own."""
_CHOOSE = "write one value, or choose one with splitter propose"
_LIMITS = f"a taper of more than {MOST_STEPS} steps or {MOST_DAYS} days"


def with_steps(prescription: Prescription, pharmacy: Pharmacy, formulary: Formulary) -> Prescription:
    """The prescription with its rule, if it has one, turned into steps. Raises InputError as `expand` does."""
    if prescription.taper is None:
        return prescription
    return replace(prescription, steps=expand(prescription, pharmacy, formulary).steps, taper=None)


def expand(prescription: Prescription, pharmacy: Pharmacy, formulary: Formulary) -> Schedule:
    """The steps of a prescription; those of a rule with how each was rounded and why it ended.

    Each next dose is reckoned from the current one and rounded to what the drug's products give under the policy in
    force. Raises InputError for a rule of more than MOST_STEPS steps or MOST_DAYS days, for one that can't reach the
    dose that is to end it or a phase, and for a phase whose time is no whole number of days for each of its steps.
    """
    rule = prescription.taper
    if rule is None:
        return Schedule(steps=prescription.steps, roundings=(None,) * len(prescription.steps))
    _refuse_ranges(prescription.number, rule)
    rounder = rounder_for(prescription, rule.start, pharmacy, formulary)
    schedule = _Walk(prescription.number, rule, rounder, _floor(rule, formulary)).walk()
    return replace(schedule, steps=waiting(schedule.steps, prescription.start, prescription.change_days))


def _refuse_ranges(number: str, rule: TaperRule) -> None:
    """Raise InputError where a pace is left open."""
    faults = [
        _fault_of(number, rule, place, key, "a range, which leaves the steps open", _CHOOSE)
        for place, phase in enumerate(rule.phases)
        for key, most in (("reduce", phase.reduction_most), ("every", phase.every_most))
        if most is not None
    ]
    if faults:
        raise InputError(faults)


def rounder_for(prescription: Prescription, start: Mass, pharmacy: Pharmacy, formulary: Formulary) -> Rounder:
    """What doses are rounded by: the first family of strengths that gives the first dose on tablets, else the first."""
    policy = policy_for(prescription, pharmacy, formulary)
    filling = filling_order(prescription.times, larger_dose_for(prescription, formulary), prescription.cut_order)
    rounders = [
        Rounder(allowed_products(stock, policy), filling, policy) for stock in families(formulary.products, policy)
    ]
    return next((each for each in rounders if each.has_plain(start.value)), rounders[0])


def _floor(rule: TaperRule, formulary: Formulary) -> Ending:
    """Where a rule by percentages ends that states no last dose."""
    if formulary.taper_end is not None:
        return Ending(reason=EndReason.TAPER_END, limit=formulary.taper_end)
    return Ending(reason=EndReason.SMALL, limit=rule.start * _SMALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A dose of the rule [mg] with how it was rounded."""

    dose: Fraction
    rounding: Rounding


class _Walk:
    """A rule on its way: the steps so far, the current dose [mg], whether finer doses come first."""

    def __init__(self, number: str, rule: TaperRule, rounder: Rounder, floor: Ending) -> None:
        self._number = number
        self._rule = rule
        self._rounder = rounder
        self._floor = floor
        self._current = rule.start.value
        self._fine_first = False
        self._days = 0
        self._steps: list[Step] = []
        self._roundings: list[Rounding] = []
        self._phases: list[int] = []
        self._ending = Ending(reason=EndReason.LAST)

    def walk(self) -> Schedule:
        """All steps. Raises InputError as `expand` does."""
        for number, phase in enumerate(self._rule.phases):
            made: list[_Made] = []
            for each in self._phase(number, phase):
                made.append(each)
                self._refuse_endless(number, len(made), len(made) * (phase.every or 0))
            self._add(number, phase, made)
        return Schedule(
            steps=tuple(self._steps),
            roundings=tuple(self._roundings),
            ending=self._ending,
            phases=tuple(self._phases),
        )

    def _phase(self, number: int, phase: Phase) -> Iterator[_Made]:
        """The doses of one phase, the rule's first dose before those of the first."""
        if not number:
            yield _Made(dose=self._current, rounding=Rounding(exact=self._rule.start, clause=Clause.STATED))
        left = _reductions(phase, is_first=not number)
        while phase.end is None or self._current > phase.end.value:
            following = self._next(phase, left)
            if isinstance(following, Ending):
                self._ending = following
                if following.reason is EndReason.NO_DOSE and phase.end is not None:
                    raise self._fault(
                        number, "last" if phase.to is None else "to", *_stuck(phase.end, self._current, following)
                    )
                return
            self._current = following.dose
            self._fine_first |= following.rounding.kept and following.rounding.clause in (Clause.EQUAL, Clause.EVEN)
            left -= 1
            yield following
        self._ending = Ending(reason=EndReason.LAST, limit=phase.end)

    def _next(self, phase: Phase, left: int) -> _Made | Ending:
        """The dose after the current one, or why there is none; `left` reductions are to come, where that is known."""
        exact, end = self._exact(phase, left), phase.end.value if phase.end is not None else None
        if end is None and exact <= 0:
            return Ending(reason=EndReason.NOTHING)
        stated = end is not None and (exact < end or left == 1)
        rounded = None if stated else self._rounder.next_dose(self._current, exact, phase, fine_first=self._fine_first)
        if end is not None and (stated or (rounded is not None and rounded.dose < end)):
            return _Made(dose=end, rounding=Rounding(exact=Mass(exact), clause=Clause.STATED))
        if rounded is None:
            return Ending(reason=EndReason.NO_DOSE, limit=Mass(exact))
        if end is None and self._is_below_floor(phase, rounded.dose):
            return self._floor
        if not rounded.dose:
            return Ending(reason=EndReason.NOTHING)
        rounding = Rounding(exact=Mass(exact), clause=rounded.clause, kept=rounded.kept)
        return _Made(dose=rounded.dose, rounding=rounding)

    def _exact(self, phase: Phase, left: int) -> Fraction:
        """The rule's own next dose [mg], before it is rounded."""
        reduction = phase.reduction
        if reduction is None:
            # Reckoned anew at each step, since what is left must be gone when the time is over, however it was rounded.
            end = phase.end.value if phase.end is not None else Fraction(0)
            return self._current - (self._current - end) / left
        if reduction.share is None:
            return self._current - (reduction.amount or Mass(Fraction(0))).value
        return self._current - reduction.share * (self._rule.start.value if reduction.of_start else self._current)

    def _is_below_floor(self, phase: Phase, dose: Fraction) -> bool:
        return not phase.is_by_amounts and self._floor.limit is not None and dose < self._floor.limit.value

    def _add(self, number: int, phase: Phase, made: list[_Made]) -> None:
        """The steps of a phase, the last of them longer by its hold."""
        if not made:
            return
        days = phase.every or self._share_of_time(number, phase, len(made))
        self._refuse_endless(number, len(made), len(made) * days + phase.hold)
        self._steps += (_step(days, each) for each in made)
        self._steps[-1] = replace(self._steps[-1], days=days + phase.hold)
        self._roundings += (each.rounding for each in made)
        self._phases += [number] * len(made)
        self._days += len(made) * days + phase.hold

    def _share_of_time(self, number: int, phase: Phase, count: int) -> int:
        """How long each step is where the phase states the time of all [days]."""
        assert phase.over is not None
        days, rest = divmod(phase.over, count)
        if rest:
            near = " or ".join(counted(count * each, "day") for each in (days, days + 1) if each)
            found = f"{counted(phase.over, 'day')} for {counted(count, 'step')} of equal length"
            raise self._fault(number, "over", found, f"write {near}, or every in its place")
        return days

    def _refuse_endless(self, number: int, steps: int, days: int) -> None:
        """Raise InputError where so many steps and days are too many beside those of the phases before."""
        if len(self._steps) + steps > MOST_STEPS or self._days + days > MOST_DAYS:
            remedy = "reduce by more, round to a coarser grid, or shorten the steps"
            raise self._fault(number, "", _LIMITS, remedy)

    def _fault(self, number: int, key: str, found: str, remedy: str) -> InputError:
        return InputError([_fault_of(self._number, self._rule, number, key, found, remedy)])


def _fault_of(order: str, rule: TaperRule, number: int, key: str, found: str, remedy: str) -> Fault:
    """A fault of a key of one phase, "" the phase itself."""
    where = "taper" if len(rule.phases) == 1 else f"taper[{number}]"
    return Fault(file=f"prescription {order}", key=f"{where}.{key}" if key else where, found=found, remedy=remedy)


def _step(days: int, made: _Made) -> Step:
    rounding = made.rounding
    return Step(days=days, target=Mass(made.dose), missed=None if rounding.kept else rounding.exact)


def _reductions(phase: Phase, *, is_first: bool) -> int:
    """How often the dose is lowered in a phase of so many steps as its time holds; 0 where nothing counts them.

    The first step of a rule isn't lowered; where no dose is to end the phase, nothing comes after its time.
    """
    if phase.reduction is not None or phase.over is None or phase.every is None:
        return 0
    return phase.over // phase.every - is_first + (phase.end is None)


def _stuck(end: Mass, current: Fraction, ending: Ending) -> tuple[str, str]:
    """What is found and the remedy where a rule doesn't reach the dose that is to end it."""
    found = f"{end}, which the rule can't reach: below {Mass(current)} no product gives a dose near {ending.limit}"
    remedy = f"write {Mass(current)}, reduce by another amount, or allow finer pieces, liquids or compounding"
    return found, remedy
