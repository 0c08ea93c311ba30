"""A plan in words for the terminal: steps, what is handed over, cost, conflicts, findings."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from splitter.plan import (
    Conflict,
    Finding,
    Item,
    NearerDose,
    Plan,
    PlannedStep,
    ProductReason,
    Relaxation,
    Saving,
    Severity,
    Status,
)
from splitter.service import Verification
from splitter.wording.at_home import at_home_words
from splitter.wording.figures import amount, day, days, listing, money, percent, plural
from splitter.wording.label import product_of, quantity_words
from splitter.wording.path import goes_down, path_words
from splitter.wording.regimens import given_words
from splitter.wording.strengths import strengths_words
from splitter.wording.visits import first_day_served

_WEIGHTS = {Severity.STOP: "STOP", Severity.WARN: "warning", Severity.NOTE: "note"}
_NO_BREAK = "\N{NO-BREAK SPACE}"
_APART = re.compile(r"(?<=\d) (?=mg|mL|days?\b)|(?<=[A-Z]{3}) (?=\d)|(?<=[+=-]) | (?==)")
"""The spaces at which no line is broken: between a number and its unit, around a sign."""
_WIDEST, _NARROWEST = 120, 60
_ADDED_TO = ("exclude", "syringes")
_ONE_DAY = dt.timedelta(days=1)


def whole_plan(plan: Plan) -> str:
    """All that a pharmacist looks at before filling."""
    return sections([_heading(plan)], *_body(plan), _findings(plan.findings))


def details(plan: Plan) -> Iterator[Iterable[str]]:
    """What stands behind an answer: the steps and what each costs, or why it can't be made; part by part."""
    return _body(plan, visits=False)


def verification(verified: Verification) -> str:
    """Whether the second check agrees."""
    return "agrees" if verified.agrees else "\n".join(_finding(finding) for finding in verified.findings)


def batch_summary(filled: int, refused: int, labels: int) -> str:
    """What became of a batch."""
    return f"{amount(filled, 'prescription')} filled with {amount(labels, 'label')}, {refused} refused"


def sections(*parts: Iterable[str]) -> str:
    """Parts with a blank line between them; a part without lines is left out."""
    return "\n\n".join("\n".join(lines) for lines in map(list, parts) if lines)


def wrapped(text: str, indent: int, hanging: int | None = None) -> list[str]:
    """A text in lines that fit the terminal, none wider than is easy to read."""
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    lines = textwrap.wrap(
        _APART.sub(_NO_BREAK, text),
        max(width, _NARROWEST),
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent if hanging is None else hanging),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_NO_BREAK, " ") for line in lines]


def _body(plan: Plan, *, visits: bool = True) -> Iterator[Iterable[str]]:
    if plan.status is Status.INFEASIBLE:
        yield _conflicts(plan)
        yield _remedies(plan)
        return
    yield _steps(plan)
    yield [line for sentence in at_home_words(plan) for line in wrapped(sentence, 0, 2)]
    if visits:
        yield _visits(plan)
        yield _beyond_use(plan)
    yield _costs(plan)
    yield _savings(plan)
    yield reasons(plan)


def _heading(plan: Plan) -> str:
    said = f"{plan.prescription.number}, {plan.prescription.drug}: "
    if plan.status is Status.INFEASIBLE or plan.total is None or plan.objective is None or plan.lower_bound is None:
        return f"{said}infeasible; no plan obeys every rule."
    if plan.status is Status.OPTIMAL:
        return f"{said}optimal; it is proved that no allowed plan is better."
    most = money(plan.objective - plan.lower_bound, plan.currency)
    return f"{said}feasible; stopped early, a plan that is cheaper by up to {most} may exist."


def _steps(plan: Plan) -> Iterator[str]:
    said = path_words(plan)
    way = "How the doses go down" if goes_down(plan) else "What the doses are"
    yield from wrapped(f"{way}: {said}.", 0, 2) if said else ()
    chosen = strengths_words(plan)
    yield from wrapped(f"Strengths of compounded capsules: {chosen}.", 0, 2) if chosen else ()
    yield "Steps: dates, daily dose, what to take"
    for step in plan.steps:
        head = f"  {_dates(step):<30}{amount(step.delivered_mg or Fraction(0), 'mg'):>9}  "
        for place, line in enumerate(given_words(plan, step)):
            yield (head if place == 0 else " " * len(head)) + line


def _dates(step: PlannedStep) -> str:
    """The days of a step, with their years."""
    return days(step.start, step.last, beside=dt.date.min)


def _visits(plan: Plan) -> Iterator[str]:
    yield "Handed over"
    for date, items in groupby(plan.items, key=lambda item: item.date):
        first = first_day_served(plan, date)
        yield f"  {day(date)}" + (f", for the days from {day(first, beside=date)} on" if first > date else "")
        yield from (f"    {_item(plan, item)}" for item in items)


def _item(plan: Plan, item: Item) -> str:
    product = product_of(plan, item)
    until = f"; discard after {day(item.discard_after)}" if item.discard_after else ""
    return f"{product.name}: {quantity_words(item, product)}, {money(item.cost, plan.currency)}{until}"


def _beyond_use(plan: Plan) -> Iterator[str]:
    """What the beyond-use dates of what is compounded rest on."""
    made = [product for product in plan.products if product.beyond_use_days is not None]
    if made:
        yield "Beyond-use dates rest on"
    for product in made:
        yield from wrapped(f"{product.name}: {product.beyond_use_basis or 'what the formulary states'}", 2, 4)


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


def _remedies(plan: Plan) -> Iterator[str]:
    """The changes that help together, cheapest first."""
    if plan.remedies:
        yield "What would make it possible"
    for remedy in plan.remedies:
        said = listing(f"{change.key} = {change.value}" for change in remedy.changes)
        moved = f"; no day's dose moves by more than {percent(remedy.moved)}" if remedy.moved else ""
        yield from wrapped(f"{said}: {money(remedy.total, plan.currency)} in all{moved}", 2, 4)


def _savings(plan: Plan) -> Iterator[str]:
    """What one changed setting would save most of."""
    if plan.savings:
        yield "One setting that would save most"
    for saving in plan.savings:
        pieces = f", taking {listing(saving.pieces)}" if saving.pieces else ""
        yield from wrapped(f"with {saving.key} = {saving.value}{pieces}: {listing(_saved(plan, saving))}", 2, 4)


def _saved(plan: Plan, saving: Saving) -> Iterator[str]:
    """Money and days, as far as they change."""
    if saving.fine_days:
        days = amount(abs(saving.fine_days), "day")
        left = ", none left" if saving.fine_days > 0 and not saving.fine_left else ""
        yield f"{days} {'less' if saving.fine_days > 0 else 'more'} to measure or with compounded capsules{left}"
    if saving.cut_days:
        days = amount(abs(saving.cut_days), "day")
        yield f"{days} {'less' if saving.cut_days > 0 else 'more'} with pieces of tablets"
    if saving.other_doses:
        yield "other doses of the rule"
    if saving.money:
        yield f"{money(abs(saving.money), plan.currency)} {'less' if saving.money > 0 else 'more'}"


def reasons(plan: Plan, title: str = "Why each product is in the mix") -> Iterator[str]:
    """Why each product is in the mix, where that was asked."""
    if plan.reasons:
        yield title
    names = {product.id: product.name for product in plan.products}
    for reason in plan.reasons:
        served = f"{_step_numbers(reason.steps)} ({amount(reason.days, 'day')})"
        yield from wrapped(f"{names[reason.product]}: {served}. {_without(plan, reason)}.", 2, 4)


def _without(plan: Plan, reason: ProductReason) -> str:
    if reason.total is None or reason.saves is None or plan.total is None:
        return f"Without it: {reason.message}"
    proved = "" if plan.status is reason.status is Status.OPTIMAL else ", not proved"
    said = f"{_rise(reason.total - plan.total, plan.currency)}, {money(reason.total, plan.currency)} in all{proved}"
    weighed = reason.total - plan.total != reason.saves
    return f"Without it: {said}" + (f" ({_rise(reason.saves, plan.currency)} with burdens)" if weighed else "")


def _rise(difference: Fraction, currency: str) -> str:
    return f"{'-' if difference < 0 else '+'} {money(abs(difference), currency)}"


def _step_numbers(steps: Sequence[int]) -> str:
    """The steps as people count them, those in a row as a range."""
    runs: list[list[int]] = []
    for step in steps:
        if runs and runs[-1][-1] == step - 1:
            runs[-1].append(step)
        else:
            runs.append([step])
    texts = [
        f"{run[0] + 1} to {run[-1] + 1}" if len(run) > 2 else listing(str(each + 1) for each in run) for run in runs
    ]
    return f"{plural('step', len(steps))} {listing(texts)}"


def _conflicts(plan: Plan) -> Iterator[str]:
    """What can't be made; steps that can't for the same reason, and could with the same changes, share one account."""
    yield "What can't be made"
    alike: dict[tuple[object, ...], list[Conflict]] = {}
    for conflict in plan.conflicts:
        reason = conflict.message.partition(": ")[2]
        changes = [(each.key, each.value, each.total) for each in conflict.relaxations if each.key != "tolerance"]
        alike.setdefault((reason, *changes), []).append(conflict)
    for first, *others in alike.values():
        yield from _conflict(plan, first)
        if others:
            yield "    Likewise"
        for other in others:
            yield from wrapped(f"{_place(plan, other)}: {_likewise(plan, other)}", 6, 8)


def _conflict(plan: Plan, conflict: Conflict) -> Iterator[str]:
    yield from wrapped(f"{_place(plan, conflict)}: {conflict.message}.", 2, 4)
    if near := _nearest(conflict):
        yield f"    Nearest: {near} a day."
    for nearer in conflict.nearer:
        yield from wrapped(f"Nearer with {_change(nearer)}: {amount(nearer.dose_mg, 'mg')}.", 4, 6)
    helping = [each for each in conflict.relaxations if each.total is not None]
    if helping:
        yield "    Possible with"
    for each in helping:
        yield from wrapped(f"{_change(each)}: {_cost_of(plan, conflict, each)}", 6, 8)
    unpriced = [each for each in conflict.relaxations if each.total is None]
    if longer := [_change(each) for each in unpriced if each.suffices]:
        yield from wrapped(f"Possible too, at a cost that would take long to find, with {'; '.join(longer)}.", 4, 6)
    if others := [_change(each) for each in unpriced if not each.suffices]:
        yield from wrapped(f"Possible by itself, but not with all other steps, with {'; '.join(others)}.", 4, 6)


def _likewise(plan: Plan, conflict: Conflict) -> str:
    dose = amount(plan.steps[conflict.step].target_mg, "mg") if conflict.step is not None else "no plan"
    near = _nearest(conflict)
    return f"{dose} a day" + (f"; nearest: {near}" if near else "")


def _nearest(conflict: Conflict) -> str:
    near = [amount(dose, "mg") for dose in conflict.nearest_mg if dose is not None]
    return listing(near) if near else ""


def _place(plan: Plan, conflict: Conflict) -> str:
    if conflict.step is None:
        return f"steps {listing(str(step + 1) for step in conflict.steps)} together"
    step = plan.steps[conflict.step]
    return f"step {conflict.step + 1}, {_dates(step)}"


def _cost_of(plan: Plan, conflict: Conflict, relaxation: Relaxation) -> str:
    """What all costs with a change, and how much more that is than with the nearest dose."""
    assert relaxation.total is not None
    cost = f"{money(relaxation.total, plan.currency)} in all"
    nearest = next((each.total for each in conflict.relaxations if each.key == "tolerance"), None)
    if nearest is None or relaxation.key == "tolerance":
        return cost
    more = relaxation.total - nearest
    words = f"{money(abs(more), plan.currency)} {'less' if more < 0 else 'more'}" if more else "as much"
    return f"{cost}, {words} {'than with' if more else 'as with'} the nearest dose"


def _change(change: Relaxation | NearerDose) -> str:
    """A change in words, and as the setting would be written."""
    key, value = change.key, change.value
    if key in _ADDED_TO:
        setting = f"{key}: {value}"
    else:
        setting = f"{key} = {value}" if value in ("true", "false") or value.isdigit() else f'{key} = "{value}"'
    return f"{change.message} ({setting})" if change.message else setting


def _findings(findings: Iterable[Finding]) -> Iterator[str]:
    yield "Findings"
    lines = [line for finding in findings for line in wrapped(_finding(finding), 2, 4)]
    yield from lines or ["  none"]


def _finding(finding: Finding) -> str:
    return f"{_WEIGHTS[finding.severity]}, {finding.where}: {finding.message} ({finding.code})"
