"""A taper's schedule in words for the terminal: a table of its steps, how a rule was rounded, why it ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from splitter.cli.show import sections, wrapped
from splitter.division import StepForm
from splitter.quantity import Mass
from splitter.service import ScheduledStep, TaperSchedule
from splitter.taper import Clause, Ending, EndReason
from splitter.wording.figures import amount, clock, days, near

_CLAUSES = {
    Clause.STATED: "as stated",
    Clause.TABLETS: "to tablets",
    Clause.EQUAL: "to finer doses",
    Clause.EVEN: "to finer doses, unequal",
    Clause.UNEVEN: "to tablets, uneven",
    Clause.GRID: "to the grid",
}
_FORMS = {StepForm.PLAIN: "tablets", StepForm.FINE: "finer"}
_GAP = "  "


def schedule(taper: TaperSchedule) -> str:
    """What the steps come to, each of them, and what is to be known of them."""
    return sections([heading(taper)], _table(taper), _remarks(taper))


def heading(taper: TaperSchedule) -> str:
    """What the steps come to, in one line."""
    first, last = taper.steps[0], taper.steps[-1]
    doses = f"from {amount(first.daily_mg, 'mg')} to {amount(last.daily_mg, 'mg')} a day"
    drop = f"; the largest drop is {amount(taper.largest_drop_mg, 'mg')}" if taper.largest_drop_mg else ""
    dates = days(first.start, taper.last, beside=dt.date.min)
    return (
        f"{taper.number}, {taper.drug}: {amount(len(taper.steps), 'step')} in {amount(taper.days, 'day')}, "
        f"{dates}, {doses}{drop}."
    )


def _table(taper: TaperSchedule) -> Iterator[str]:
    """Columns as wide as what stands in them; figures to the right."""
    by_rule = taper.ending is not None
    head = ["dates", "days", "a day", *map(clock, taper.times), "given as", *(["rule", "rounded"] if by_rule else [])]
    rows = [head, *(_row(taper, step, by_rule) for step in taper.steps)]
    figures = range(1, 3 + len(taper.times))
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    shown = [place for place in range(len(head)) if any(row[place] for row in rows[1:])]
    for row in rows:
        cells = (f"{row[n]:>{wide[n]}}" if n in figures else f"{row[n]:<{wide[n]}}" for n in shown)
        yield (_GAP + _GAP.join(cells)).rstrip()


def _row(taper: TaperSchedule, step: ScheduledStep, by_rule: bool) -> Sequence[str]:
    doses = step.doses_mg or (None,) * len(taper.times)
    row = [
        days(step.start, step.last, beside=dt.date.min),
        str(step.days),
        amount(step.daily_mg, "mg"),
        *("" if dose is None else amount(dose, "mg") for dose in doses),
        _FORMS.get(step.form, "") if step.form else "",
    ]
    if not by_rule or step.rounding is None:
        return row
    exact = "" if step.rounding.clause is Clause.STATED else near(step.rounding.exact.value, "mg")
    kept = "" if step.rounding.kept else ", rule not kept"
    return [*row, exact, _CLAUSES[step.rounding.clause] + kept]


def _remarks(taper: TaperSchedule) -> Iterator[str]:
    if not taper.is_divided:
        yield from wrapped("The doses of the times aren't settled: cost chooses them, or a step can't be made.", 0)
    broken = sum(step.rounding is not None and not step.rounding.kept for step in taper.steps)
    if broken:
        yield from wrapped(f"The rule isn't kept in {amount(broken, 'step')}: no dose nearer to it can be given.", 0)
    if taper.ending is not None:
        yield from wrapped(_ending(taper.drug, taper.ending), 0)


def _ending(drug: str, ending: Ending) -> str:
    """Why the rule ends, in one sentence."""
    limit = _mass(ending.limit)
    return {
        EndReason.LAST: f"The rule ends with {limit}, as stated.",
        EndReason.NOTHING: "The rule ends there: its next dose is nothing.",
        EndReason.TAPER_END: f"The rule ends there: its next dose is below {limit}, the least in a taper of {drug}.",
        EndReason.SMALL: f"The rule ends there: its next dose is below {limit}, a twentieth of the first.",
        EndReason.NO_DOSE: f"The rule ends there: its next dose is {limit}, and none near it can be given.",
    }[ending.reason]


def _mass(mass: Mass | None) -> str:
    return "" if mass is None else near(mass.value, "mg")
