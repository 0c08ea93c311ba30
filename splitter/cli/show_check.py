"""The physician's answer for the terminal: a first screen that is read in ten seconds, and the truth behind it."""

from __future__ import annotations

import datetime as dt
import shutil
import textwrap
from collections.abc import Iterator, Sequence
from fractions import Fraction

from splitter.checks import Check, CitedPace
from splitter.cli.show import details, sections, wrapped
from splitter.cli.staircase import legend, staircase
from splitter.formulary import Form
from splitter.plan import Finding, Plan, Severity, Status
from splitter.service import Answer, OtherCost, PacedAnswer, StepDown, Summary, Verdict
from splitter.wording.figures import amount, day, days, listing, money, people_dates, percent

MOST_LINES = 25
"""Of the first screen: what a terminal shows without scrolling."""

_STAIRS, _VERDICT = (6, 5, 4, 3), 8
"""How many lines the chart has, the most for which there is room, and the verdict at the most."""

_AROUND = 2
"""The lines before and after what must be decided and known."""

_ROOM = 12
"""The columns of the names of its lines."""
_WIDEST, _NARROWEST = 120, 60
_WEIGHTS = {Severity.STOP: "STOP", Severity.WARN: "warning", Severity.NOTE: "note"}


def first_screen(answer: Answer) -> str:
    """At most MOST_LINES lines: the verdict, the way of the dose, its cost, what must be decided and known."""
    head = _verdict(answer)
    rows = list(_rows(answer))
    for stairs in _STAIRS:
        chart = _chart(answer.plan, stairs)
        room = MOST_LINES - len(head) - len(rows) - len(chart)
        if (found := _findings(answer.summary, room, whole=True)) is not None:
            return "\n".join([*head, *rows, *chart, *found])
    chart = _chart(answer.plan, _STAIRS[-1])
    room = MOST_LINES - len(head) - len(rows)
    if len(answer.summary.stops) + _AROUND > room - len(chart):
        chart = []
    short = _findings(answer.summary, room - len(chart), whole=False) or []
    return "\n".join([*head, *rows, *chart, *short][:MOST_LINES])


def full_answer(answer: Answer, exactly: Sequence[str] = ()) -> str:
    """The first screen, then steps, how `exactly` they are delivered, costs or conflicts, and every finding whole, the
    worst first."""
    weights = list(Severity)
    findings = sorted(answer.plan.findings, key=lambda finding: weights.index(finding.severity))
    paces = [line for pace in answer.summary.paces for line in wrapped(_pace_words(pace), 2, 4)]
    cited = ["Cited tapers beside this one", *paces] if paces else []
    said = [line for finding in findings for line in wrapped(_finding(finding), 2, 4)] or ["  none"]
    return sections([first_screen(answer)], *details(answer.plan), exactly, cited, ["Findings", *said])


def side_by_side(asked: Sequence[PacedAnswer]) -> str:
    """Several paces in columns: how long, how steep, at what cost, and how much there is to decide and to know."""
    heads = [each.pace for each in asked]
    tables = [_column(each) for each in asked]
    names = [name for name, _ in tables[0]]
    rows = [("", *heads), *((name, *(table[i][1] for table in tables)) for i, name in enumerate(names))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    codes = [f"{each.pace}: {_codes(each.answer.summary)}" for each in asked if each.answer is not None]
    reasons = [f"{each.pace}: {each.message}" for each in asked if each.message is not None]
    told = [line for text in (*codes, *reasons) for line in wrapped(people_dates(text), 0, 2)]
    return sections(lines, told)


def every_check(checks: Sequence[Check]) -> str:
    """All checks as a list: code, weight, what each asks, and where its limits come from."""
    lines: list[str] = []
    for check in checks:
        lines += [f"{check.code} ({_WEIGHTS[check.severity]})", *wrapped(check.asks, 2), *wrapped(check.source, 4)]
    return "\n".join(lines)


def _verdict(answer: Answer) -> list[str]:
    plan = answer.plan
    said = f"{plan.prescription.number}, {plan.prescription.drug}: "
    if answer.verdict is Verdict.IMPOSSIBLE:
        return _lines(f"{said}can't be made: {_why(plan)}.{_what_would(plan)}", 0, 2)[:_VERDICT]
    deviates = any(step.delivered_mg != step.target_mg for step in plan.steps)
    how = "within its tolerance" if deviates else "exactly"
    means = _means(plan)
    made = f"{said}can be made {how}, with {means}" if means else f"{said}can be made {how}"
    if answer.verdict is Verdict.STOPPED:
        made += f", but must not be given as it stands: {_count(len(answer.summary.stops), 'thing')} to decide"
    if plan.status is Status.FEASIBLE:
        made += "; the search was stopped early"
    return _lines(f"{made}.", 0, 2)


def _rows(answer: Answer) -> Iterator[str]:
    summary = answer.summary
    yield from _row("Dose", _course(summary))
    yield from _row("Falls", _falls(summary))
    yield from _row("Pace", _pace(summary))
    if summary.total is not None:
        yield from _row("Cost", _cost(summary))
        yield from _row("Handling", _handling(summary))
        yield from _row("Visits", _visits(summary))


def _course(summary: Summary) -> str:
    span = days(summary.start, summary.last, beside=dt.date.min)
    end = ", then nothing" if summary.nothing_follows else ""
    doses = f"{amount(summary.first_mg, 'mg')} to {amount(summary.last_mg, 'mg')} a day{end}"
    return f"{doses}, {_count(summary.steps, 'step')} in {_count(summary.days, 'day')}: {span}"


def _falls(summary: Summary) -> str:
    if summary.highest is None or summary.steepest is None:
        return "never"
    most = f"at most {_drop(summary.highest)}"
    if summary.steepest.date == summary.highest.date:
        return most
    return f"{most}; steepest {_drop(summary.steepest)}"


def _drop(drop: StepDown) -> str:
    by = amount(drop.before_mg - drop.after_mg, "mg")
    return f"{by} ({percent(drop.share)}) on {day(drop.date)}"


def _pace(summary: Summary) -> str:
    judged = [pace for pace in summary.paces if pace.faster is not None]
    bare = len(summary.paces) - len(judged)
    if summary.is_short:
        return f"after {_count(summary.days, 'day')} the drug's facts ask for no taper"
    if not summary.paces:
        return "no taper, or none is cited for this drug"
    silent = f"; {bare} more without a figure for it" if bare and judged else ""
    if not judged:
        return f"none of the {_count(bare, 'cited taper')} has a figure for it"
    faster = [f'"{pace.name}"' for pace in judged if pace.faster]
    kept = [f'"{pace.name}"' for pace in judged if not pace.faster]
    said = [f"faster than {listing(faster)}"] if faster else []
    said += [f"no faster than {listing(kept)}"] if kept else []
    return f"{'; '.join(said)}{silent}"


def _pace_words(pace: CitedPace) -> str:
    said = f"{pace.name}: {pace.rate}, {pace.interval}"
    if pace.faster is None:
        return f"{said}; no figure for this taper"
    return people_dates(f"{said}; this one {'is faster' if pace.faster else 'is no faster'}: {pace.ours}; {pace.says}")


def _cost(summary: Summary) -> str:
    assert summary.total is not None
    first = f", {_money(summary.first_visit, summary.currency)} at the first visit" if len(summary.visits) > 1 else ""
    same = [_WAYS.get(other.name, other.name) for other in summary.others if other.total == summary.total]
    others = [_other(other, summary.currency) for other in summary.others if other.total != summary.total]
    told = [*others, *([f"the same {' or '.join(same)}"] if same else [])]
    return "; ".join([f"{money(summary.total, summary.currency)} in all{first}", *told])


_WAYS = {"tablets only": "with tablets only", "no compounding": "without compounding"}


def _other(other: OtherCost, currency: str) -> str:
    name = _WAYS.get(other.name, other.name)
    return f"{name}: can't be made" if other.total is None else f"{name}: {money(other.total, currency)}"


def _handling(summary: Summary) -> str:
    asked = (("cut", summary.cut), ("measured", summary.measured), ("compounded", summary.compounded))
    said = [f"{name} from {day(date)}" for name, date in asked if date is not None]
    never = [name for name, date in asked if date is None]
    if not said:
        return "nothing but whole units and bottles as they come"
    return "; ".join([*said, *([f"nothing {' or '.join(never)}"] if never else [])])


def _visits(summary: Summary) -> str:
    first, *later = summary.visits
    if not later:
        return f"one, on {day(first)}"
    return f"{len(summary.visits)}, from {day(first)} to {day(later[-1])}"


def _chart(plan: Plan, height: int) -> list[str]:
    lines = staircase(plan, _width(), height)
    if not lines:
        return []
    return ["", *lines, legend(plan)]


def _findings(summary: Summary, room: int, *, whole: bool) -> list[str] | None:
    """What must be decided, then known, in so many lines; None where they have no room `whole`.

    Else each has one line, and those for which there is none are counted.
    """
    told = [("Decide", finding) for finding in summary.stops] + [("Know", finding) for finding in summary.warnings]
    said = [_row(name, f"{people_dates(each.message)} ({each.where}; {each.code})") for name, each in told]
    if not said:
        said = [["Nothing must be decided, nothing warns."]]
    notes = [_count(len(summary.notes), "note")] if summary.notes else []
    end = f"{', '.join([*notes, 'steps and details'])}: --full"
    if whole:
        lines = ["", *(line for each in said for line in each), end]
        return lines if len(lines) <= room else None
    brief = [_brief(*each) for each in told]
    kept = brief[: max(room - _AROUND, 0)]
    left = [_count(len(brief) - len(kept), "more warning")] if len(kept) < len(brief) else []
    return ["", *kept, f"{', '.join([*left, *notes, 'steps and details'])}: --full"]


def _brief(name: str, finding: Finding) -> str:
    """A finding in one line: what has no room is left out, its code never."""
    end = f" ({finding.code})"
    room = _width() - _ROOM - len(end)
    said = textwrap.shorten(people_dates(finding.message), room, placeholder=" …")
    return f"{name:<{_ROOM}}{said}{end}"


def _column(asked: PacedAnswer) -> list[tuple[str, str]]:
    """One pace in words, line by line."""
    if asked.answer is None:
        return [(name, "-") for name, _ in _cells(None)]
    return _cells(asked.answer)


_NAMES = (
    "Verdict",
    "Dose",
    "Steps",
    "Days",
    "Last day",
    "Largest drop",
    "Steepest",
    "Faster than",
    "Cost",
    "First visit",
    "Cut from",
    "Measured from",
    "Compounded from",
    "Visits",
    "To decide",
    "To know",
)


def _cells(answer: Answer | None) -> list[tuple[str, str]]:
    if answer is None:
        return [(name, "") for name in _NAMES]
    one = answer.summary
    judged = [pace for pace in one.paces if pace.faster is not None]
    values = (
        answer.verdict.value,
        f"{amount(one.first_mg, 'mg')} to {amount(one.last_mg, 'mg')}",
        str(one.steps),
        str(one.days),
        day(one.last),
        "never" if one.highest is None else amount(one.highest.before_mg - one.highest.after_mg, "mg"),
        "never" if one.steepest is None else percent(one.steepest.share),
        f"{sum(bool(pace.faster) for pace in judged)} of {len(judged)} cited",
        _money(one.total, one.currency),
        _money(one.first_visit, one.currency),
        *("never" if date is None else day(date) for date in (one.cut, one.measured, one.compounded)),
        str(len(one.visits)),
        str(len(one.stops)),
        str(len(one.warnings)),
    )
    return list(zip(_NAMES, values, strict=True))


def _codes(summary: Summary) -> str:
    """Which checks speak, the worst first."""
    codes = [finding.code for finding in (*summary.stops, *summary.warnings)]
    return ", ".join(dict.fromkeys(codes)) or "nothing to decide, nothing warns"


def _why(plan: Plan) -> str:
    first, *others = plan.conflicts
    more = f", and {_count(len(others), 'other step')}" if others else ""
    if first.step is None:
        return f"{first.message}{more}"
    step = plan.steps[first.step]
    reason = first.message.partition(": ")[2] or first.message
    return f"{amount(step.target_mg, 'mg')} a day from {day(step.start)}{more}: {reason}"


def _what_would(plan: Plan) -> str:
    """The cheapest change that makes it possible, in a sentence of its own."""
    for remedy in plan.remedies:
        changes = listing(f"{change.key} = {change.value}" for change in remedy.changes)
        return f" Possible with {changes}, for {money(remedy.total, plan.currency)}."
    offers = [each for conflict in plan.conflicts for each in conflict.relaxations if each.suffices]
    priced = [each for each in offers if each.total is not None]
    best = min(priced, key=lambda each: each.total or Fraction(0), default=offers[0] if offers else None)
    if best is None:
        return " No change of a setting that was tried makes it."
    cost = "" if best.total is None else f", for {money(best.total, plan.currency)}"
    return f" Possible with {best.message or best.key} ({best.key} = {best.value}){cost}."


def _means(plan: Plan) -> str:
    """With what it is made, in words."""
    known = {product.id: product for product in plan.products}
    takes = [take for step in plan.steps for given in step.administrations for take in given.take]
    plain = {known[take.product].form for take in takes if not known[take.product].compounded}
    words = [f"{form.value}s" for form in (Form.TABLET, Form.CAPSULE, Form.PACKET) if form in plain]
    if any(take.fraction != 1 for take in takes):
        words = ["tablets, whole and in pieces," if word == "tablets" else word for word in words]
    for product in plan.products:
        made = "compounded " if product.compounded else ""
        if product.concentration_mg_per_mL is not None or product.compounded:
            words.append(f"a {made}{product.form.value}" if product.strength_mg is None else f"{made}capsules")
    return listing(dict.fromkeys(words)).rstrip(",")


def _finding(finding: Finding) -> str:
    return f"{_WEIGHTS[finding.severity]}, {finding.where}: {people_dates(finding.message)} ({finding.code})"


def _money(value: Fraction | None, currency: str) -> str:
    return "-" if value is None else money(value, currency)


def _count(count: int, thing: str) -> str:
    return amount(count, thing)


def _row(name: str, text: str) -> list[str]:
    first, *more = _lines(text, _ROOM, _ROOM)
    return [f"{name:<{_ROOM}}{first.strip()}", *more]


def _lines(text: str, indent: int, hanging: int) -> list[str]:
    return textwrap.wrap(
        text,
        _width(),
        initial_indent=" " * indent,
        subsequent_indent=" " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _width() -> int:
    return max(min(shutil.get_terminal_size().columns, _WIDEST), _NARROWEST)
