"""What every check looks at, and how it says what it found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from splitter.division import fractions_of
from splitter.formulary import Formulary, Product
from splitter.plan import Administration, Finding, Plan, PlannedStep, Severity
from splitter.prescription import Policy, Prescription
from splitter.quantity import format_exact


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the checks look at. The prescription's steps are written out and are the plan's.

    `allowed` are the products that the policy in force lets the plan use. `today` is the day of asking, None where that
    doesn't matter.
    """

    plan: Plan
    prescription: Prescription
    formulary: Formulary
    allowed: tuple[Product, ...]
    policy: Policy
    today: dt.date | None = None

    def numbered_steps(self) -> list[tuple[int, PlannedStep]]:
        """The steps, counted from 1."""
        return list(enumerate(self.plan.steps, 1))

    def given(self) -> Iterator[tuple[int, Administration]]:
        """Every administration with its step, counted from 1."""
        yield from ((number, each) for number, step in self.numbered_steps() for each in step.administrations)

    def used(self) -> list[Product]:
        """The products that the regimens give, in the formulary's order."""
        ids = {take.product for _, administration in self.given() for take in administration.take}
        ids |= {each.measure.product for _, each in self.given() if each.measure is not None}
        return [product for product in self.formulary.products if product.id in ids]

    def smallest_piece(self) -> Fraction:
        """The dose of the smallest piece of a marketed tablet, capsule or packet that the policy allows [mg], else
        0."""
        pieces = [
            product.strength.value * fraction
            for product in self.allowed
            if product.strength is not None and not product.is_compounded
            for fraction in fractions_of(product, self.policy.split)
        ]
        return min(pieces, default=Fraction(0))

    @property
    def written(self) -> dt.date:
        """The day of writing; where the prescription doesn't say it, that of the start, the latest that it can be."""
        return self.prescription.written or self.prescription.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a check found: in words, at which steps (counted from 1; none: of the plan as a whole).

    `severity` only where it is milder than the check's own.
    """

    message: str
    steps: tuple[int, ...] = ()
    severity: Severity | None = None


Ask = Callable[[Question], Iterator[Said]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One clinical question: its code, how grave an answer is, where its limits come from, and the function that asks.

    Called with a question, it yields its findings.
    """

    code: str
    severity: Severity
    source: str
    ask: Ask

    @property
    def asks(self) -> str:
        """What it looks for, in one sentence: the first of the function's docstring."""
        return " ".join((self.ask.__doc__ or "").split("\n\n")[0].split())

    def __call__(self, question: Question) -> Iterator[Finding]:
        for said in self.ask(question):
            severity = said.severity or self.severity
            yield Finding(code=self.code, severity=severity, where=place(said.steps), message=said.message)


def check(code: str, severity: Severity, source: str) -> Callable[[Ask], Check]:
    """Make a check of a function that asks."""
    return lambda ask: Check(code=code, severity=severity, source=source, ask=ask)


def place(steps: Sequence[int]) -> str:
    """Where a finding is: "plan", "step 3" or "steps 1, 3 to 5".

    >>> place([1, 3, 4, 5])
    'steps 1, 3 to 5'
    """
    if not steps:
        return "plan"
    runs: list[list[int]] = []
    for step in sorted(set(steps)):
        if runs and runs[-1][-1] == step - 1:
            runs[-1].append(step)
        else:
            runs.append([step])
    texts = [f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return f"step{'s' if len(steps) > 1 else ''} {', '.join(texts)}"


def for_all(found: Sequence[tuple[int, str]], end: str = "") -> Iterator[Said]:
    """One saying for all steps that something is found at, the worst first: it is told, the others are counted."""
    if found:
        (_, worst), *others = found
        more = len({step for step, _ in others} - {found[0][0]})
        like = f"; likewise at {more} other step{'s' if more > 1 else ''}" if more else ""
        yield Said(message=f"{worst}{like}{end}", steps=tuple(sorted({step for step, _ in found})))


def daily(step: PlannedStep) -> Fraction:
    """A day's dose [mg]: as delivered, in an infeasible plan as prescribed."""
    return step.target_mg if step.delivered_mg is None else step.delivered_mg


def mg(dose: Fraction) -> str:
    """A dose [mg] in words."""
    return f"{format_exact(dose)} mg"


def percent(share: Fraction) -> str:
    """A share for reading: whole percents, with "about" where that is rounded."""
    whole = share * 100
    return f"{whole} %" if whole.denominator == 1 else f"about {round(whole)} %"


def listed(texts: Sequence[str]) -> str:
    """Texts in a sentence: "a, b and c"."""
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)
