"""The second check of a plan file: what a plan says beside its figures is asked again, word for word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest

from splitter.optimise import Limits
from splitter.plan import Acceptance, Conflict, Finding, Plan, Severity, Status
from splitter.quantity import Mass
from splitter.service import accept, plan, verify_plan, with_reasons
from splitter.verify import check_consistency
from tests.unit.plans import TEN, Made, infeasible, lots, tablets

Change = Callable[[Plan], Plan]


def _over_the_maximum() -> Made:
    made = tablets()
    return replace(made, formulary=replace(made.formulary, max_daily=Mass(Fraction(30))))


def _impossible() -> Made:
    """2.5 mg from halves of 10 mg, for which quarters would do."""
    made = infeasible()
    steps = (*made.prescription.steps[:1], replace(made.prescription.steps[1], target=Mass(Fraction(5, 2))))
    ordered = replace(made.prescription, steps=steps)
    return replace(made, prescription=ordered, formulary=replace(made.formulary, products=(TEN,)))


MADE = {"stopped": _over_the_maximum, "impossible": _impossible, "explained": lots}


@cache
def found(name: str) -> tuple[Made, Plan]:
    """A question and the plan that the program makes of it."""
    made = MADE[name]()
    answer = plan(made.prescription, made.pharmacy, made.formulary)
    if name == "explained":
        answer = with_reasons(answer, made.prescription, made.pharmacy, made.formulary)
    return made, answer


def codes(name: str, change: Change, limits: Limits | None = None) -> set[str]:
    """The codes that the second check finds in a changed plan."""
    made, answer = found(name)
    checked = verify_plan(change(answer), made.prescription, made.pharmacy, made.formulary, limits)
    return {finding.code for finding in checked.findings}


@pytest.mark.parametrize("name", MADE)
def test_what_the_program_says_passes(name: str) -> None:
    """Its findings, its conflicts and its reasons are those that it comes to again."""
    assert codes(name, lambda answer: answer) == set()


def conflict(**changes: object) -> Change:
    """The first conflict changed."""
    return lambda answer: replace(answer, conflicts=(_changed(answer.conflicts[0], **changes), *answer.conflicts[1:]))


def _changed(one: Conflict, **changes: object) -> Conflict:
    return replace(one, **changes)  # type: ignore[arg-type]


def relaxation(**changes: object) -> Change:
    """The first relaxation of the first conflict changed."""

    def change(answer: Plan) -> Plan:
        first, *others = answer.conflicts[0].relaxations
        relaxed = replace(first, **changes)  # type: ignore[arg-type]
        return conflict(relaxations=(relaxed, *others))(answer)

    return change


def finding(**changes: object) -> Change:
    """The finding that stops changed."""

    def change(answer: Plan) -> Plan:
        changed = (
            replace(one, **changes) if one.severity is Severity.STOP else one  # type: ignore[arg-type]
            for one in answer.findings
        )
        return replace(answer, findings=tuple(changed))

    return change


EXTRA = Finding(code="x", severity=Severity.NOTE, where="plan", message="x")
# (plan, change, the code of what is found)
CHANGES: dict[str, tuple[str, Change, str]] = {
    "the stop taken out": ("stopped", lambda answer: replace(answer, findings=()), "verify-findings"),
    "the stop made a warning": ("stopped", finding(severity=Severity.WARN), "verify-findings"),
    "the stop in other words": ("stopped", finding(message="all is well"), "verify-findings"),
    "the stop elsewhere": ("stopped", finding(where="step 9"), "verify-findings"),
    "one finding more": (
        "stopped",
        lambda answer: replace(answer, findings=(*answer.findings, EXTRA)),
        "verify-findings",
    ),
    "called unproved": ("stopped", lambda answer: replace(answer, status=Status.FEASIBLE), "verify-findings"),
    "another solver": (
        "stopped",
        lambda answer: replace(answer, provenance=replace(answer.provenance, solver="a guess")),
        "verify-provenance",
    ),
    "other advice": ("impossible", relaxation(message="take twice as much"), "verify-conflict"),
    "advice at another price": ("impossible", relaxation(total=Fraction(1)), "verify-conflict"),
    "advice without its price": ("impossible", relaxation(total=None), "verify-conflict"),
    "no advice": ("impossible", conflict(relaxations=()), "verify-conflict"),
    "another reason": ("impossible", conflict(message="why not"), "verify-conflict"),
    "a conflict twice": (
        "impossible",
        lambda answer: replace(answer, conflicts=answer.conflicts * 2),
        "verify-conflict",
    ),
    "reasons turned round": (
        "explained",
        lambda answer: replace(answer, reasons=answer.reasons[::-1]),
        "verify-reasons",
    ),
    "a cheaper plan without": (
        "explained",
        lambda answer: replace(answer, reasons=(replace(answer.reasons[0], total=Fraction(1)), *answer.reasons[1:])),
        "verify-reasons",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_other_words_are_found(name: str) -> None:
    """Each is found by the finding that names it."""
    plan_name, change, code = CHANGES[name]
    answer = found(plan_name)[1]
    assert change(answer) != answer
    assert codes(plan_name, change) == {code}


def test_a_stop_may_be_accepted() -> None:
    """It then stands as the warning that `--accept` makes of it."""
    assert codes("stopped", lambda answer: accept(answer, [TAKEN])) == set()


TAKEN = Acceptance(code="over-labelled-maximum", by="A. Example", why="seen")
ACCEPTED_WRONGLY: dict[str, Change] = {
    "nothing is said in the finding": lambda answer: replace(answer, accepted=(TAKEN,)),
    "by somebody else": lambda answer: replace(accept(answer, [TAKEN]), accepted=(replace(TAKEN, by="Eve"),)),
    "by nobody": lambda answer: replace(accept(answer, [TAKEN]), accepted=()),
    "without a reason": lambda answer: accept(answer, [replace(TAKEN, why=" ")]),
    "twice": lambda answer: replace(accept(answer, [TAKEN]), accepted=(TAKEN, TAKEN)),
    "what doesn't stop it": lambda answer: replace(answer, accepted=(replace(TAKEN, code="abrupt-end"),)),
}


@pytest.mark.parametrize("name", ACCEPTED_WRONGLY)
def test_an_acceptance_that_does_not_fit_is_found(name: str) -> None:
    """Who takes a stop on them, and why, stands with the finding word for word; also a plan alone shows that."""
    changed = ACCEPTED_WRONGLY[name](found("stopped")[1])
    assert "verify-accepted" in {each.code for each in check_consistency(changed)}
    assert codes("stopped", lambda _: changed) & {"verify-accepted", "verify-findings"}


def test_what_can_be_made_is_not_called_impossible() -> None:
    """A plan that says so is wrong, whatever its reasons."""
    made, answer = found("impossible")
    possible = verify_plan(answer, made.prescription, made.pharmacy, infeasible().formulary)
    assert not possible.agrees


def test_what_a_limit_of_time_left_open_is_not_compared() -> None:
    """A total that only one of two searches came to can't be held against the plan; all words still are."""
    limits = Limits(seconds=Fraction(60))
    assert codes("impossible", relaxation(total=None), limits) == set()
    assert codes("impossible", relaxation(message="take twice as much"), limits) == {"verify-conflict"}
