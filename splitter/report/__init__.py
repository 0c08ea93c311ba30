"""The physician's report: one or two pages for the patient's file.

`chart` draws the taper; this module lays out the pages: the answer, the picture, the steps, what was decided, what it
costs, what was found, how sure the facts are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from splitter.formulary import Formulary
from splitter.labels import pdf
from splitter.labels.marks import Page
from splitter.labels.outside import check_words
from splitter.plan import Plan, PlannedStep, Status, plan_digest
from splitter.precision import StepPrecision, unresolved
from splitter.report.chart import Stretch, key_of, taper_chart
from splitter.service import Answer, Resolving, Verdict
from splitter.sheets.cells import Cell, broken
from splitter.sheets.flow import LETTER, Column, Flow, Paper, numbered
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.figures import sentence
from splitter.wording.path import path_words
from splitter.wording.report import (
    StepRow,
    certainty_rows,
    drop_words,
    findings_by_weight,
    money_rows,
    reduction,
    step_rows,
    summary_words,
    unresolved_words,
)

__all__ = ["Report", "lay_out_report", "render_report"]

_CHART_HIGH, _LOW_CHART = 320.0, 240.0
_TRIES = ((8.0, True, _CHART_HIGH), (7.5, True, _LOW_CHART), (7.5, False, _LOW_CHART))
"""The type size, whether the table says how each step is given, and the chart's height, until all is on two pages."""
_MOST_PAGES = 2
_VERDICTS = {
    Verdict.POSSIBLE: "Can be made exactly as prescribed.",
    Verdict.STOPPED: "Can be made, but should not be given as it stands.",
    Verdict.IMPOSSIBLE: "Can't be made as it stands.",
}
_HOW_EXACTLY = (
    "Not lower: the chance that a day on this step delivers as much as a day on the step before or more; where the "
    "dose rises, as little or less. Resolves: the smallest change that the tablets and volumes of both steps show on "
    "19 of 20 days. Reckoned from published deviations of broken tablets, limits of syringes (ISO 7886-1) and contents "
    "of preparations of 90 to 110 %, the same within a supply; mistakes are not in it."
)
_BEFORE_NAME = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the report tells: the answer, the precision of each step, what would show every step, the drug's facts."""

    answer: Answer
    precision: tuple[StepPrecision, ...]
    resolving: Resolving | None
    formulary: Formulary

    @property
    def plan(self) -> Plan:
        return self.answer.plan


def render_report(report: Report, paper: Paper = LETTER, customs: Customs = AMERICAN) -> bytes:
    """The report as a PDF; the same report gives the same bytes.

    Raises InputError for a character that can't be printed, and for a word that is wider than its column.
    """
    return pdf(lay_out_report(report, paper, customs), title="Report on a taper")


def lay_out_report(report: Report, paper: Paper = LETTER, customs: Customs = AMERICAN) -> tuple[Page, ...]:
    """Its pages, as large as two pages allow; a very long taper has more."""
    check_words(report.plan)
    plan = report.plan
    for size, told, high in _TRIES:
        flow = _Writer(report, Flow("Report", size=size, paper=paper), customs).write(told=told, chart_high=high)
        if len(flow.pages()) <= _MOST_PAGES:
            break
    foot = f"Prescription {plan.prescription.number}  ·  plan {plan_digest(plan)[:12]}"
    return numbered([flow], f"{foot}  ·  Splitter {plan.provenance.version}")


class _Writer:
    """Writes one report down a flow of pages."""

    def __init__(self, report: Report, flow: Flow, customs: Customs) -> None:
        self.report, self.plan = report, report.plan
        self.flow, self.customs = flow, customs

    def write(self, *, told: bool, chart_high: float) -> Flow:
        self._head()
        self._chart(chart_high)
        self._steps(told=told)
        self._pairs("What it costs", money_rows(self.plan))
        self._decisions()
        self._findings()
        self._pairs("How sure the facts are", certainty_rows(self.plan))
        return self.flow

    def _head(self) -> None:
        plan, flow = self.plan, self.flow
        flow.title(f"Report: {plan.prescription.drug}", f"{self.customs.number} {plan.prescription.number}")
        who = [("For", plan.prescription.patient), ("By", plan.prescription.prescriber)]
        for word, party in who:
            if party is not None:
                flow.paragraph(f"{word} {broken(party.name, flow.size, flow.room - _BEFORE_NAME)}")
        flow.space(3)
        flow.paragraph(self._verdict(), bold=True, size=flow.size + 3)
        flow.paragraph(f"{summary_words(plan, self.customs)} {drop_words(plan, self.customs)}")
        if way := path_words(plan, self.customs):
            flow.paragraph(sentence(f"how the doses go down: {way}"))
        for conflict in plan.conflicts:
            flow.paragraph(sentence(self.customs.people_dates(conflict.message)))

    def _verdict(self) -> str:
        verdict = self.report.answer.verdict
        deviates = any(step.delivered_mg not in (None, step.target_mg) for step in self.plan.steps)
        return "Can be made within its tolerance." if deviates and verdict is Verdict.POSSIBLE else _VERDICTS[verdict]

    def _chart(self, high: float) -> None:
        flow, stretches = self.flow, tuple(_stretches(self.report))
        flow.space(8)
        flow.inset(taper_chart(stretches, (flow.room, high), self.customs))
        flow.space(3)
        flow.legend(key_of([product.name for product in self.plan.products], []))

    def _steps(self, *, told: bool) -> None:
        flow = self.flow
        flow.heading("Steps")
        columns = [
            Column("Step", 5),
            Column("From", 12),
            Column("Days", 5),
            Column("mg a day", 9),
            Column("Less, mg", 12),
            *([Column("Each day", 40)] if told else []),
            Column("95 % of days, mg", 22),
            Column("Not lower", 12),
            Column("Resolves, mg", 12),
        ]
        rows = list(step_rows(self.plan, self.report.precision, self.customs))
        flow.table(columns, [_cells(row, told=told) for row in rows], pad=1.2)
        flow.space(3)
        flow.paragraph(_HOW_EXACTLY)
        found = unresolved(self.report.precision)
        if found:
            flow.paragraph(f"* {unresolved_words(found, self.report.resolving, self.plan)}", bold=True)

    def _decisions(self) -> None:
        """What somebody took responsibility for."""
        accepted = [row for row in findings_by_weight(self.plan, self.customs) if "accepted by" in row[2]]
        self._listed("Decisions", accepted)

    def _findings(self) -> None:
        found = [row for row in findings_by_weight(self.plan, self.customs) if "accepted by" not in row[2]]
        self._listed("Findings", found)

    def _listed(self, title: str, rows: Sequence[tuple[str, str, str]]) -> None:
        if rows:
            self.flow.heading(title)
            columns = (Column("", 8), Column("", 14), Column("", 78))
            self.flow.table(columns, [tuple(map(Cell, row)) for row in rows], pad=1.2)

    def _pairs(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        if rows:
            self.flow.heading(title)
            self.flow.table((Column("", 50), Column("", 50)), [tuple(map(Cell, row)) for row in rows], pad=1.2)


def _cells(row: StepRow, *, told: bool) -> tuple[Cell, ...]:
    given = [Cell("\n".join(row.given))] if told else []
    before = map(Cell, (row.step, row.begins, row.days, row.dose, row.less))
    return (*before, *given, *map(Cell, (row.delivers, row.chance, row.resolves)))


def _stretches(report: Report) -> Iterator[Stretch]:
    """The steps up to the last with a dose, as the chart shows them."""
    exact = {each.step: each.day for each in report.precision}
    steps = list(report.plan.steps)
    while len(steps) > 1 and not steps[-1].target_mg:
        steps.pop()
    before: PlannedStep | None = None
    for place, step in enumerate(steps, 1):
        less = reduction(before, step)
        yield Stretch(
            first=step.start,
            last=step.last,
            target=step.target_mg,
            masses=_masses(report.plan, step),
            delivered=exact[place].range_mg if place in exact else None,
            less=None if less is None else 100 * less,
            cited=(),
        )
        before = step


def _masses(plan: Plan, step: PlannedStep) -> tuple[Fraction, ...]:
    """What each product of the plan gives of a day [mg]."""
    found = {product.id: Fraction(0) for product in plan.products}
    known = {product.id: product for product in plan.products}
    for given in step.administrations:
        for take in given.take:
            found[take.product] += take.count * take.fraction * (known[take.product].strength_mg or 0)
        if given.measure is not None:
            strength = known[given.measure.product].concentration_mg_per_mL or Fraction(0)
            found[given.measure.product] += given.measure.mL * strength
    return () if plan.status is Status.INFEASIBLE else tuple(found.values())
