"""What the precision of a day makes a pharmacist ask: whether a step is one that a day shows."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from splitter.checks.question import Question, Said, check, for_all, mg
from splitter.plan import Severity
from splitter.precision import precision_of
from splitter.quantity import ceiling

_TOLD = 1000
"""The smallest change that a mix shows is told in whole micrograms, rounded up."""


@check("step-not-resolved", Severity.WARN, "ISO 7886-1 and studies of broken tablets, in formulations/precision.toml")
def step_not_resolved(question: Question) -> Iterator[Said]:
    """A step so small that on more than one day in twenty its tablets and volumes would not show it."""
    found = []
    for each in precision_of(question.plan, question.formulary.products, question.policy):
        change = each.change
        if change is None or change.is_resolved:
            continue
        step = question.plan.steps[each.step - 1]
        least = Fraction(ceiling(change.resolved_mg * _TOLD), _TOLD)
        less = f"{mg(abs(change.reduction_mg))} {'less' if change.reduction_mg > 0 else 'more'}"
        words = f"{less} on {step.start} is lost in the errors of a day's tablets and volumes, which show {mg(least)}"
        found.append((abs(change.reduction_mg) / change.resolved_mg, each.step, words))
    found.sort(key=lambda lost: lost[0])
    rule = "" if question.policy.resolve else "; resolve = 0.95 rules out what is too inexact"
    yield from for_all([(step, words) for _, step, words in found], rule)
