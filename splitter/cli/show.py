"""A plan in words for the terminal: steps, what is handed over, cost, conflicts, findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from splitter.plan import Conflict, Finding, Item, Plan, PlannedStep, Relaxation, Severity, Status
from splitter.service import Answer, ScheduledStep, Verdict, Verification
from splitter.wording.figures import amount, clock, day, days, listing, money
from splitter.wording.label import product_of, quantity_words
from splitter.wording.sheet import dose_words

_VERDICTS = {
    Verdict.POSSIBLE: "can be made exactly as prescribed",
    Verdict.STOPPED: "can be made, but should not be given as it stands",
    Verdict.IMPOSSIBLE: "can't be made as it stands",
}
_WEIGHTS = {Severity.STOP: "STOP", Severity.WARN: "warning", Severity.NOTE: "note"}
_ONE_DAY = dt.timedelta(days=1)


def whole_plan(plan: Plan) -> str:
    """All that a pharmacist looks at before filling."""
    return _sections([_heading(plan)], *_body(plan), _findings(plan.findings))


def physicians_answer(answer: Answer) -> str:
    """The verdict in one line, what is given on each day, what can't be made, the cost, the findings by weight."""
    plan = answer.plan
    weights = list(Severity)
    findings = sorted(plan.findings, key=lambda finding: weights.index(finding.severity))
    deviates = any(step.delivered_mg not in (None, step.target_mg) for step in plan.steps)
    verdict = "can be made within its tolerance" if deviates and answer.verdict is Verdict.POSSIBLE else None
    title = f"{plan.prescription.number}, {plan.prescription.drug}: {verdict or _VERDICTS[answer.verdict]}."
    return _sections([title], *_body(plan, visits=False), _findings(findings))


def verification(found: Verification) -> str:
    """Whether the second check agrees."""
    return "agrees" if found.agrees else "\n".join(_finding(finding) for finding in found.findings)


def schedule_heading(number: str, steps: Sequence[ScheduledStep]) -> str:
    """What the explicit steps come to, as a TOML comment."""
    first, last = steps[0], steps[-1]
    total = sum(step.days for step in steps)
    doses = f"from {amount(first.daily_mg, 'mg')} to {amount(last.daily_mg, 'mg')} a day"
    return (
        f"# {number}: {amount(len(steps), 'step')} in {amount(total, 'day')}, "
        f"{days(first.start, last.last, beside=dt.date.min)}, {doses}.\n"
    )


def batch_summary(filled: int, refused: int, labels: int) -> str:
    """What became of a batch."""
    return f"{amount(filled, 'prescription')} filled with {amount(labels, 'label')}, {refused} refused"


def _sections(*sections: Iterable[str]) -> str:
    return "\n\n".join("\n".join(lines) for lines in map(list, sections) if lines)


def _body(plan: Plan, *, visits: bool = True) -> Iterator[Iterable[str]]:
    if plan.status is Status.INFEASIBLE:
        yield _conflicts(plan)
        return
    yield _steps(plan)
    if visits:
        yield _visits(plan)
    yield _costs(plan)


def _heading(plan: Plan) -> str:
    said = f"{plan.prescription.number}, {plan.prescription.drug}: "
    if plan.status is Status.INFEASIBLE or plan.total is None or plan.objective is None or plan.lower_bound is None:
        return f"{said}infeasible; no plan obeys every rule."
    if plan.status is Status.OPTIMAL:
        return f"{said}optimal; it is proved that no allowed plan is better."
    most = money(plan.objective - plan.lower_bound, plan.currency)
    return f"{said}feasible; stopped early, a plan that is cheaper by up to {most} may exist."


def _steps(plan: Plan) -> Iterator[str]:
    yield "Steps: dates, daily dose, what to take"
    for step in plan.steps:
        head = f"  {_dates(step):<30}{amount(step.delivered_mg or Fraction(0), 'mg'):>9}  "
        for place, line in enumerate(_taken(plan, step)):
            yield (head if place == 0 else " " * len(head)) + line


def _dates(step: PlannedStep) -> str:
    """The days of a step, with their years."""
    return days(step.start, step.start + (step.days - 1) * _ONE_DAY, beside=dt.date.min)


def _taken(plan: Plan, step: PlannedStep) -> list[str]:
    """What is taken on a day of a step; times in a row that take the same share a line."""
    given = [(clock(each.time), dose_words(plan, each)) for each in step.administrations]
    if len({words for _, words in given}) == 1 < len(given):
        return [f"each time: {given[0][1]}"]
    groups = groupby(given, key=lambda pair: pair[1])
    return [f"{listing(time for time, _ in pairs)}: {words}" for words, pairs in groups] or ["nothing"]


def _visits(plan: Plan) -> Iterator[str]:
    yield "Handed over"
    for date, items in groupby(plan.items, key=lambda item: item.date):
        yield f"  {day(date)}"
        yield from (f"    {_item(plan, item)}" for item in items)


def _item(plan: Plan, item: Item) -> str:
    product = product_of(plan, item)
    until = f"; discard after {day(item.discard_after)}" if item.discard_after else ""
    return f"{product.name}: {quantity_words(item, product)}, {money(item.cost, plan.currency)}{until}"


def _costs(plan: Plan) -> Iterator[str]:
    if plan.costs is None or plan.total is None or plan.objective is None:
        return
    yield "Cost"
    amounts = [
        ("products", plan.costs.products),
        (f"fees for {amount(len(plan.items), 'item')}", plan.costs.item_fees),
        (f"fees for {amount(sum(item.cut for item in plan.items), 'cut unit')}", plan.costs.split_fees),
        ("total", plan.total),
    ]
    if plan.costs.burdens:
        amounts += [("burdens, not paid", plan.costs.burdens), ("total with burdens", plan.objective)]
    yield from (f"  {name:<24}{money(value, plan.currency):>18}" for name, value in amounts)


def _conflicts(plan: Plan) -> Iterator[str]:
    yield "What can't be made"
    for conflict in plan.conflicts:
        yield f"  {_place(plan, conflict)}: {conflict.message}"
        near = [amount(dose, "mg") for dose in conflict.nearest_mg if dose is not None]
        if near:
            yield f"    nearest: {listing(near)} a day"
        yield from (f"    possible with {_relaxation(each, plan.currency)}" for each in conflict.relaxations)


def _place(plan: Plan, conflict: Conflict) -> str:
    if conflict.step is None:
        return f"steps {listing(str(step + 1) for step in conflict.steps)} together"
    step = plan.steps[conflict.step]
    return f"step {conflict.step + 1}, {_dates(step)}"


def _relaxation(relaxation: Relaxation, currency: str) -> str:
    cost = "other steps still can't be made" if relaxation.total is None else money(relaxation.total, currency)
    return f"{relaxation.key} = {relaxation.value}: {cost}"


def _findings(findings: Iterable[Finding]) -> Iterator[str]:
    yield "Findings"
    lines = [f"  {_finding(finding)}" for finding in findings]
    yield from lines or ["  none"]


def _finding(finding: Finding) -> str:
    return f"{_WEIGHTS[finding.severity]}, {finding.where}: {finding.message} ({finding.code})"
