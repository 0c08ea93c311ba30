"""The physician's report: one or two pages for the patient's file.

`chart` draws the taper; this module lays out the pages: the answer, the picture, the steps, what was decided, what it
costs, what was found, how sure the facts are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from splitter.checks import most_at_once
from splitter.formulary import Formulary, TaperAdvice
from splitter.labels import pdf
from splitter.labels.fonts import Face, width
from splitter.labels.marks import Page
from splitter.labels.outside import check_words
from splitter.plan import Plan, PlannedStep, Status, plan_digest
from splitter.precision import StepPrecision, unresolved
from splitter.report.chart import Stretch, highest_share, key_of, taper_chart
from splitter.service import Answer, Resolving
from splitter.sheets.cells import Cell, broken
from splitter.sheets.flow import LETTER, Column, Flow, Paper, numbered
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.figures import sentence
from splitter.wording.path import path_words
from splitter.wording.report import (
    StepRow,
    certainty_rows,
    decisions,
    drop_words,
    money_rows,
    open_findings,
    reduction,
    step_rows,
    summary_words,
    unresolved_words,
    verdict_words,
)

__all__ = ["Report", "lay_out_report", "render_report"]

_CHART_HIGH, _LOW_CHART, _LEAST_CHART = 320.0, 240.0, 200.0
_TRIES = (
    *((1, 8.0, True, high) for high in (_CHART_HIGH, _LOW_CHART, _LEAST_CHART)),
    (2, 8.0, True, _CHART_HIGH),
    (2, 7.5, True, _LOW_CHART),
    (2, 7.5, False, _LOW_CHART),
    (2, 7.0, False, _LEAST_CHART),
)
"""The pages wanted, the type size, whether the table says how each step is given, and the chart's height, in turn."""
_HOW_EXACTLY = (
    "Not lower: the chance that a day on this step delivers as much as a day on the step before or more; where the "
    "dose rises, as little or less. Resolves: the smallest change that the tablets and volumes of both steps show on "
    "19 of 20 days. Reckoned from published deviations of broken tablets, limits of syringes (ISO 7886-1) and contents "
    "of preparations of 90 to 110 %, the same within a supply; mistakes are not in it."
)
_BEFORE = ("Step", "From", "Days", "mg a day", "Less, mg", "in %")
_AFTER = ("95 % of days, mg", "Not lower", "Resolves, mg")
_LEAST_GIVEN = 110.0
"""The room [pt] that it takes to say how a day is given."""
_PAD, _BESIDE = 1.2, 6.0
"""Around the words of a row, and between its columns [pt]."""
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
    for pages, size, told, high in _TRIES:
        flow = _Writer(report, Flow("Report", size=size, paper=paper), customs).write(told=told, chart_high=high)
        if len(flow.pages()) <= pages:
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
        self._listed("Decisions", decisions(self.plan, self.customs))
        self._pairs("What it costs", money_rows(self.plan, self.report.answer.summary))
        self._listed("Findings", open_findings(self.plan, self.customs))
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
        flow.paragraph(verdict_words(self.report.answer), bold=True, size=flow.size + 3)
        flow.paragraph(f"{summary_words(plan, self.customs)} {drop_words(plan, self.customs)}")
        if way := path_words(plan, self.customs):
            flow.paragraph(sentence(f"how the doses go down: {way}"))
        for conflict in plan.conflicts:
            flow.paragraph(sentence(self.customs.people_dates(conflict.message)))

    def _chart(self, high: float) -> None:
        flow, cited = self.flow, _cited(self.report)
        stretches = tuple(_stretches(self.report, cited))
        flow.space(8)
        flow.inset(taper_chart(stretches, (flow.room, high), self.customs))
        flow.space(3)
        most = highest_share(stretches)
        told = [_cited_words(advice, [each.cited[n] for each in stretches], most) for n, advice in enumerate(cited)]
        flow.legend(key_of([product.name for product in self.plan.products], told))

    def _steps(self, *, told: bool) -> None:
        flow = self.flow
        flow.heading("Steps")
        rows = list(step_rows(self.plan, self.report.precision, self.customs))
        texts = [_BEFORE, *map(_before, rows)], [_AFTER, *map(_after, rows)]
        before, after = (self._widths(column) for column in texts)
        given = flow.room - sum(before) - sum(after)
        told = told and given >= _LEAST_GIVEN
        columns = [
            *map(Column, _BEFORE, before),
            *([Column("Each day", given)] if told else []),
            *map(Column, _AFTER, after),
        ]
        flow.table(columns, [_cells(row, told=told) for row in rows], pad=_PAD)
        flow.space(3)
        flow.paragraph(_HOW_EXACTLY)
        found = unresolved(self.report.precision)
        if found:
            flow.paragraph(f"* {unresolved_words(found, self.report.resolving, self.plan)}", bold=True)

    def _widths(self, rows: Sequence[Sequence[str]]) -> list[float]:
        """The widths of columns in which no text of these rows, of which the first are heads, is broken."""
        columns, size = zip(*rows, strict=True), self.flow.size
        return [
            max(width(head, Face.BOLD, size), *(width(text, Face.REGULAR, size) for text in texts)) + _BESIDE
            for head, *texts in columns
        ]

    def _listed(self, title: str, rows: Sequence[tuple[str, str, str]]) -> None:
        if rows:
            self.flow.heading(title)
            columns = (Column("", 8), Column("", 14), Column("", 78))
            self.flow.table(columns, [tuple(map(Cell, row)) for row in rows], pad=_PAD)

    def _pairs(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        if rows:
            self.flow.heading(title)
            self.flow.table((Column("", 50), Column("", 50)), [tuple(map(Cell, row)) for row in rows], pad=_PAD)


def _before(row: StepRow) -> tuple[str, ...]:
    return row.step, row.begins, row.days, row.dose, row.less, row.share


def _after(row: StepRow) -> tuple[str, ...]:
    return row.delivers, row.chance, row.resolves


def _cells(row: StepRow, *, told: bool) -> tuple[Cell, ...]:
    given = [Cell("\n".join(row.given))] if told else []
    return (*map(Cell, _before(row)), *given, *map(Cell, _after(row)))


def _stretches(report: Report, cited: Sequence[TaperAdvice]) -> Iterator[Stretch]:
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
            cited=tuple(_most(advice, before, steps[0]) for advice in cited),
        )
        before = step


def _cited(report: Report) -> tuple[TaperAdvice, ...]:
    """The tapers that are cited for the drug and say in figures how much may be taken off at a step of this one."""
    steps = [step for step in report.plan.steps if step.target_mg]
    return tuple(
        advice
        for advice in report.formulary.tapers
        if any(_most(advice, before, steps[0]) is not None for before in steps[:-1])
    )


def _cited_words(advice: TaperAdvice, shares: Sequence[Fraction | None], most: Fraction) -> str:
    """What a cited taper says; and that its line would lie above the picture, which reaches `most` percent."""
    outside = all(share is None or share > most for share in shares)
    return f"{advice.name}: {advice.rate}, {advice.interval}" + (" (above the picture)" if outside else "")


def _most(advice: TaperAdvice, before: PlannedStep | None, first: PlannedStep) -> Fraction | None:
    """The most that a cited taper takes off after a step, in percent of its dose; of a shorter step its share of it."""
    if before is None or not before.target_mg or advice.within is None:
        return None
    most = most_at_once(advice, before.target_mg, first.target_mg)
    if most is None:
        return None
    return 100 * most / before.target_mg * min(Fraction(before.days, advice.within), Fraction(1))


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
