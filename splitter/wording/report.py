"""The words of the physician's report: how each step is given, how exactly, what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from splitter.checks import place
from splitter.formulary import Certainty
from splitter.plan import Finding, Plan, PlannedStep, Severity
from splitter.precision import Change, StepPrecision, Unresolved
from splitter.service import Answer, OtherCost, Resolving, Summary, Verdict
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.figures import amount, money, number, sentence
from splitter.wording.regimens import given_words
from splitter.wording.sheet import finding_words

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
    share: str
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
    for counted, step in enumerate(plan.steps, 1):
        exact = found.get(counted)
        change = exact.change if exact else None
        less, share = _less(before, step)
        yield StepRow(
            step=str(counted),
            begins=customs.day(step.start),
            days=str(step.days),
            dose=number(_daily(step)),
            less=less,
            share=share,
            given=given_words(plan, step),
            delivers=_delivers(exact) if exact else "",
            chance=chance_words(change.chance_wrong) if change else "",
            resolves=_resolves(change) if change else "",
        )
        before = step


def _less(before: PlannedStep | None, step: PlannedStep) -> tuple[str, str]:
    """How much lower the dose is than before, in mg and in percent, with a sign where it is higher."""
    share = reduction(before, step)
    if before is None or share is None or not share:
        return "", ""
    sign = "+" if share < 0 else ""
    return f"{sign}{number(abs(_daily(before) - _daily(step)))}", f"{sign}{about(100 * abs(float(share)))} %"


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
    said = f"{place(found.steps)}: less than the tablets and volumes of a day can show"
    if wholly is None:
        return sentence(said)
    line = f"{wholly.setting.key} = {wholly.setting.value}"
    if wholly.plan is None or wholly.plan.total is None or plan.total is None:
        return f"{sentence(said)} With {line} no mix of these products was found."
    left = f", but for {place(wholly.left)}," if wholly.left else ""
    more = wholly.plan.total - plan.total
    money_words = f"{money(abs(more), plan.currency)} {'less' if more < 0 else 'more'}" if more else "as much"
    return f"{sentence(said)} The cheapest mix that shows them{left} costs {money_words} ({line})."


def money_rows(plan: Plan, summary: Summary) -> tuple[tuple[str, str], ...]:
    """What the plan costs, the first visit of it, and the same doses in other ways."""
    if plan.costs is None or plan.total is None:
        return ()
    rows = [
        ("Products", plan.costs.products),
        (f"Fees for {amount(len(plan.items), 'item')}", plan.costs.item_fees),
        ("Fees for cutting", plan.costs.split_fees),
        (f"All of {amount(len(summary.visits), 'visit')}", plan.total),
    ]
    if summary.first_visit is not None:
        rows.append(("The first visit, with its fees", summary.first_visit))
    told = [(name, money(value, plan.currency)) for name, value in rows]
    for other in summary.others:
        told.append((f"The same doses: {other.name}", _other_cost(other, plan)))
    return tuple(told)


def _other_cost(other: OtherCost, plan: Plan) -> str:
    if other.total is None:
        return "can't be made"
    return "the same" if other.total == plan.total else money(other.total, plan.currency)


def verdict_words(answer: Answer) -> str:
    """Whether it can be made and may be given; a sentence."""
    if answer.verdict is Verdict.IMPOSSIBLE:
        return "Can't be made as it stands."
    deviates = any(step.delivered_mg not in (None, step.target_mg) for step in answer.plan.steps)
    made = "within its tolerance" if deviates else "exactly as prescribed"
    if answer.verdict is Verdict.POSSIBLE:
        return f"Can be made {made}."
    stops = amount(len(answer.summary.stops), "thing")
    return f"Can be made {made}, but must not be given as it stands: {stops} to decide."


def decisions(plan: Plan, customs: Customs = AMERICAN) -> tuple[tuple[str, str, str], ...]:
    """What would have stopped the plan, with who took it on them and why."""
    codes = {acceptance.code for acceptance in plan.accepted}
    return _told((finding for finding in plan.findings if finding.code in codes), customs)


def open_findings(plan: Plan, customs: Customs = AMERICAN) -> tuple[tuple[str, str, str], ...]:
    """All else that was found, the gravest first: weight, where, what."""
    codes = {acceptance.code for acceptance in plan.accepted}
    weights = list(Severity)
    found = (finding for finding in plan.findings if finding.code not in codes)
    return _told(sorted(found, key=lambda finding: weights.index(finding.severity)), customs)


def _told(found: Iterable[Finding], customs: Customs) -> tuple[tuple[str, str, str], ...]:
    return tuple(finding_words(finding, customs) for finding in found)


def certainty_rows(plan: Plan) -> tuple[tuple[str, str], ...]:
    """How sure what is known of each product is."""
    return tuple((product.name, _CERTAIN[product.certainty]) for product in plan.products)
