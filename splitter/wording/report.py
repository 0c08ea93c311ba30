"""The words of the physician's report: how each step is given, how exactly, what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from splitter.formulary import Certainty
from splitter.plan import Finding, Plan, PlannedStep, Severity
from splitter.precision import Change, StepPrecision, Unresolved
from splitter.service import Resolving
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.figures import amount, listing, money, number, plural, sentence
from splitter.wording.regimens import given_words
from splitter.wording.sheet import finding_words
from splitter.wording.visits import visit_dates

_CERTAIN = {
    Certainty.LABEL: "read on its own label or monograph",
    Certainty.SECONDARY: "read in a source that cites it",
    Certainty.UNVERIFIED: "not verified",
    None: "no source is stated",
}
_LEAST_CHANCE, _CERTAIN_CHANCE = 0.001, 0.9995
_FIGURES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step of the report's table, in words; what there is nothing to say of is empty."""

    step: str
    begins: str
    days: str
    dose: str
    less: str
    given: tuple[str, ...]
    delivers: str
    chance: str
    resolves: str


def about(value: float) -> str:
    """A figure that was never exact, to three significant ones, without zeros that say nothing.

    >>> about(23.8176), about(0.0357), about(1204.4), about(11.8)
    ('23.8', '0.0357', '1,204', '11.8')
    """
    if abs(value) >= 10**_FIGURES:
        return f"{value:,.0f}"
    exact = Fraction(f"{value:.{_FIGURES}g}")
    return number(exact)


def chance_words(chance: float) -> str:
    """A chance in percent, of which the last thousandth is not told.

    >>> chance_words(0.0357), chance_words(0.00002), chance_words(0.31)
    ('3.6 %', 'below 0.1 %', '31 %')
    """
    if chance < _LEAST_CHANCE:
        return "below 0.1 %"
    if chance > _CERTAIN_CHANCE:
        return "above 99.9 %"
    return f"{number(Fraction(f'{100 * chance:.2g}'))} %"


def step_rows(plan: Plan, precision: Sequence[StepPrecision], customs: Customs = AMERICAN) -> Iterator[StepRow]:
    """Each step with its dose, how it is given and how exactly."""
    found = {each.step: each for each in precision}
    before: PlannedStep | None = None
    for place, step in enumerate(plan.steps, 1):
        exact = found.get(place)
        change = exact.change if exact else None
        yield StepRow(
            step=str(place),
            begins=customs.day(step.start),
            days=str(step.days),
            dose=number(_daily(step)),
            less=_less(before, step),
            given=given_words(plan, step),
            delivers=_delivers(exact) if exact else "",
            chance=chance_words(change.chance_wrong) if change else "",
            resolves=_resolves(change) if change else "",
        )
        before = step


def _less(before: PlannedStep | None, step: PlannedStep) -> str:
    """How much lower the dose is than before, with a sign where it is higher."""
    share = reduction(before, step)
    if before is None or share is None or not share:
        return ""
    less = _daily(before) - _daily(step)
    sign = "+" if less < 0 else ""
    return f"{sign}{number(abs(less))} ({sign}{about(100 * abs(float(share)))} %)"


def reduction(before: PlannedStep | None, step: PlannedStep) -> Fraction | None:
    """By which share of the dose before a step is lower; None without a dose before."""
    if before is None or not _daily(before):
        return None
    return 1 - _daily(step) / _daily(before)


def _daily(step: PlannedStep) -> Fraction:
    return step.target_mg if step.delivered_mg is None else step.delivered_mg


def _delivers(exact: StepPrecision) -> str:
    low, high = exact.day.range_mg
    return f"{about(low)} to {about(high)} (± {about(round(exact.day.off_percent, 1))} %)"


def _resolves(change: Change) -> str:
    return about(float(change.resolved_mg)) + ("" if change.is_resolved else " *")


def summary_words(plan: Plan, customs: Customs = AMERICAN) -> str:
    """From what to what, how long, until when; one sentence."""
    first, last = plan.steps[0], _last_with_dose(plan)
    days = (last.last - first.start).days + 1
    ends = f"last dose on {customs.day(last.last)}"
    to = f"to {amount(_daily(last), 'mg')} a day"
    return sentence(f"from {amount(_daily(first), 'mg')} {to} in {amount(days, 'day')}, {ends}")


def _last_with_dose(plan: Plan) -> PlannedStep:
    return next((step for step in reversed(plan.steps) if step.target_mg), plan.steps[-1])


def drop_words(plan: Plan, customs: Customs = AMERICAN) -> str:
    """The largest single reduction and where it is; empty where the dose never falls."""
    pairs = zip(plan.steps, plan.steps[1:], strict=False)
    falls = [(share, before, step) for before, step in pairs if (share := reduction(before, step)) and _daily(step)]
    if not falls:
        return ""
    share, before, step = max(falls, key=lambda fall: fall[0])
    if share <= 0:
        return ""
    doses = f"from {amount(_daily(before), 'mg')} to {amount(_daily(step), 'mg')} on {customs.day(step.start)}"
    return sentence(f"largest reduction at once: {about(100 * float(share))} %, {doses}")


def unresolved_words(found: Unresolved, wholly: Resolving | None, plan: Plan) -> str:
    """Which steps nobody could tell from the step before by a day, and what a mix would cost that shows them."""
    steps = f"{plural('step', len(found.steps))} {listing(map(str, found.steps))}"
    said = f"{steps}: less than the tablets and volumes of a day can show"
    if wholly is None:
        return sentence(said)
    line = f"{wholly.setting.key} = {wholly.setting.value}"
    if wholly.plan is None or wholly.plan.total is None or plan.total is None:
        return f"{sentence(said)} With {line} no mix of these products was found."
    left = f", but for {plural('step', len(wholly.left))} {listing(map(str, wholly.left))}" if wholly.left else ""
    more = wholly.plan.total - plan.total
    money_words = f"{money(abs(more), plan.currency)} {'less' if more < 0 else 'more'}" if more else "as much"
    return f"{sentence(said)} The cheapest mix that shows them{left} costs {money_words} ({line})."


def money_rows(plan: Plan) -> tuple[tuple[str, str], ...]:
    """What the plan costs, and the first visit of it."""
    if plan.costs is None or plan.total is None:
        return ()
    visits = visit_dates(plan)
    first = sum((item.cost for item in plan.items if item.date == visits[0]), Fraction(0))
    rows = [
        ("Products", plan.costs.products),
        (f"Fees for {amount(len(plan.items), 'item')}", plan.costs.item_fees),
        ("Fees for cutting", plan.costs.split_fees),
        (f"Total of {amount(len(visits), 'visit')}", plan.total),
        ("Products of the first visit", first),
    ]
    return tuple((name, money(value, plan.currency)) for name, value in rows)


def findings_by_weight(plan: Plan, customs: Customs = AMERICAN) -> tuple[tuple[str, str, str], ...]:
    """What was found, the gravest first: weight, where, what."""
    weights = list(Severity)
    found: list[Finding] = sorted(plan.findings, key=lambda finding: weights.index(finding.severity))
    return tuple(finding_words(finding, customs) for finding in found)


def certainty_rows(plan: Plan) -> tuple[tuple[str, str], ...]:
    """How sure what is known of each product is."""
    return tuple((product.name, _CERTAIN[product.certainty]) for product in plan.products)
