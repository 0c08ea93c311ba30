"""The other question: a physician's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from splitter.errors import InputError
from splitter.formulary import Formulary
from splitter.optimise import Limits, Progress
from splitter.plan import Acceptance, Plan, Severity, Status
from splitter.prescription import Pharmacy, Phase, Prescription, Reduction, TaperRule
from splitter.service.comparison.asking import Asking
from splitter.service.comparison.reasons import why_none
from splitter.service.comparison.settings import named
from splitter.service.inputs import Inputs, inputs_of
from splitter.service.planning import plan
from splitter.service.release import accept, stops
from splitter.service.remedies import with_remedies
from splitter.service.summary import OtherCost, Summary, summary_of

OTHER_WAYS = ("tablets only", "no compounding")
"""The ways of which the cost is told beside the plan's own."""


class Verdict(StrEnum):
    """Whether a prescription can be made: yes; yes, but a check stops it; no."""

    POSSIBLE = "possible"
    STOPPED = "stopped"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a physician asks of a prescription."""

    verdict: Verdict
    summary: Summary
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a taper goes: by how much at each step, and how long each step is [days]. `text` is the asker's own."""

    text: str
    reduction: Reduction
    every: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PacedAnswer:
    """The answer to a prescription whose rule goes at another pace; None where there is no such rule, for the
    reason."""

    pace: str
    answer: Answer | None
    message: str | None


def check(
    prescription: Prescription,
    pharmacy: Pharmacy,
    formulary: Formulary,
    limits: Limits | None = None,
    progress: Progress | None = None,
    today: dt.date | None = None,
) -> Answer:
    """Whether a prescription can be made, how, at what cost, and what is unsafe. Raises InputError as `plan` does."""
    made = plan(prescription, pharmacy, formulary, limits, progress, today)
    made = with_remedies(made, prescription, pharmacy, formulary)
    inputs = replace(inputs_of(prescription, pharmacy, formulary), today=today)
    return _answer(inputs, made, _others(inputs, made, limits))


def decided(answer: Answer, acceptances: Sequence[Acceptance]) -> Answer:
    """The answer with the stops that these accept taken on by somebody. Raises InputError as `accept` does."""
    if not acceptances:
        return answer
    made = accept(answer.plan, acceptances)
    found = {weight: tuple(each for each in made.findings if each.severity is weight) for weight in Severity}
    summary = replace(answer.summary, stops=found[Severity.STOP], warnings=found[Severity.WARN])
    possible = answer.verdict is Verdict.STOPPED and not summary.stops
    verdict = Verdict.POSSIBLE if possible else answer.verdict
    return Answer(verdict=verdict, summary=summary, plan=made)


def check_paces(order: Inputs, paces: Sequence[Pace], limits: Limits | None = None) -> tuple[PacedAnswer, ...]:
    """The same treatment at other paces, from its first dose to its last: each by one rule in place of its own."""
    return tuple(_paced(order, pace, limits) for pace in paces)


def _answer(inputs: Inputs, made: Plan, others: Sequence[OtherCost]) -> Answer:
    verdict = Verdict.STOPPED if stops(made) else Verdict.POSSIBLE
    if made.status is Status.INFEASIBLE:
        verdict = Verdict.IMPOSSIBLE
    return Answer(verdict=verdict, summary=summary_of(inputs, made, others), plan=made)


def _others(inputs: Inputs, made: Plan, limits: Limits | None) -> list[OtherCost]:
    """What the same doses cost in other ways; nothing of a prescription that can't be made."""
    if made.status is Status.INFEASIBLE:
        return []
    asking = Asking(inputs, limits, None, len(OTHER_WAYS))
    found = []
    for name, settings in named(inputs):
        if name in OTHER_WAYS:
            other = asking.plan(settings)
            total = None if other is None else other.total
            found.append(OtherCost(name=name, total=total, message=why_none(other) if total is None else None))
    return found


def _paced(order: Inputs, pace: Pace, limits: Limits | None) -> PacedAnswer:
    """One of them; what a pace can't do is its own answer, beside those of the others."""
    try:
        paced = replace(order.prescription, steps=(), taper=_rule(order, pace))
        made = plan(paced, order.pharmacy, order.formulary, limits, None, order.today)
        inputs = replace(inputs_of(paced, order.pharmacy, order.formulary), today=order.today)
        return PacedAnswer(pace=pace.text, answer=_answer(inputs, made, ()), message=None)
    except InputError as error:
        first = error.faults[0]
        return PacedAnswer(pace=pace.text, answer=None, message=f"{first.found}; {first.remedy}")


def _rule(order: Inputs, pace: Pace) -> TaperRule:
    """One phase of this pace, rounded as the prescription's own last one, if it has a rule.

    Steps that are written out go on to the last dose that they state; a rule without one ends as it does at any pace.
    """
    taper = order.prescription.taper
    if taper is None:
        doses = [step.target for step in order.prescription.steps if step.target]
        phase = Phase(reduction=pace.reduction, every=pace.every, last=doses[-1])
        return TaperRule(start=doses[0], phases=(phase,))
    own = taper.phases[-1]
    phase = Phase(
        reduction=pace.reduction,
        every=pace.every,
        last=own.end,
        round=own.round,
        round_within=own.round_within,
        grid=own.grid,
    )
    return TaperRule(start=taper.start, phases=(phase,))
