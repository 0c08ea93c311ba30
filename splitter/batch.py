"""Filling prescriptions: one, or a directory of many with their labels in one file and lists of what was made.

A bad prescription never stops the others; the output appears whole or not at all.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread

from splitter.errors import Fault, InputError, SplitterError
from splitter.files import new_directory, private_directory, shown_path, write_private
from splitter.formulary import Formulary, choose_formulary
from splitter.labels import TITLE, USUAL, Style, impose, lay_out_labels, pages_of, pdf, render_labels
from splitter.labels.marks import Page
from splitter.optimise import Limits, Progress
from splitter.plan import Acceptance, Plan, plan_to_json
from splitter.prescription import Pharmacy, Prescription, read_prescription
from splitter.quantity import format_exact
from splitter.service import Inputs, Sources, accept, by_product, objections, plan
from splitter.sheets import A4, LETTER, render_sheets
from splitter.wording.visits import Days, chosen_visits, items_of_visit

_FEW = 8  # prescriptions below which starting another process takes longer than it saves
_UNSAFE = ("=", "+", "-", "@", "\t", "\r")  # spreadsheets run cells that begin so
_MANIFEST = ("file", "number", "status", "items", "labels", "total", "currency", "first page", "pages", "plan")
_REFUSED = ("file", "number", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What is printed how: the visit of `date`, `every` one, those `due` in these days, or else the first."""

    style: Style = USUAL
    date: dt.date | None = None
    every: bool = False
    due: Days | None = None

    def dates(self, plan: Plan) -> tuple[dt.date, ...]:
        """The dates of the visits; none where none is due. Raises InputError where the plan hands nothing over."""
        return chosen_visits(plan, self.date, self.every, self.due)


USUAL_PAPERS = Papers()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A plan with its papers; both None where the plan may not be printed, or nothing is due."""

    plan: Plan
    labels: bytes | None
    sheets: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSetting:
    """What the prescriptions of a batch share. `formularies` stand in for the built-in ones of their drugs.

    `sources` are the files that the pharmacy and the formularies come from, for faults; `today` is the day of asking.
    """

    pharmacy: Pharmacy
    formularies: tuple[Formulary, ...] = ()
    limits: Limits = field(default_factory=Limits)
    papers: Papers = USUAL_PAPERS
    sources: Sources = Sources()
    today: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one file: a plan and its labels, or the reasons why it was refused."""

    file: str
    number: str = ""
    plan: Plan | None = None
    pages: tuple[Page, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How many prescriptions were filled and refused, the labels, and the numbers that several files share."""

    filled: int
    refused: int
    labels: int
    repeated: tuple[str, ...]


def fill(
    inputs: Inputs,
    accepted: Sequence[Acceptance] = (),
    limits: Limits | None = None,
    progress: Progress | None = None,
    papers: Papers = USUAL_PAPERS,
) -> Filled:
    """The plan of a prescription with its labels and sheets, unless it is infeasible or a finding stops it.

    `accepted` is who takes which finding that would stop it on them, and why. Raises InputError as `plan` and
    `render_labels` do.
    """
    made = plan(inputs.prescription, inputs.pharmacy, inputs.formulary, limits, progress, inputs.today)
    return printed(accept(made, accepted), papers)


def printed(made: Plan, papers: Papers = USUAL_PAPERS) -> Filled:
    """A plan with its labels and sheets, unless it is infeasible, a finding stops it, or it hands nothing over.

    Raises InputError as `render_labels` does.
    """
    if objections(made) or not made.items:
        return Filled(plan=made, labels=None, sheets=None)
    dates, style = papers.dates(made), papers.style
    if not dates:
        return Filled(plan=made, labels=None, sheets=None)
    paper = A4 if style.profile.customs.paper == "A4" else LETTER
    try:
        labels, sheets = render_labels([made], style, dates), render_sheets(made, dates, paper, style)
    except InputError as error:
        raise by_product(error, made) from None
    return Filled(plan=made, labels=labels, sheets=sheets)


def fill_all(source: Path, target: Path, setting: BatchSetting, progress: Progress | None = None) -> Summary:
    """Fill every `*.toml` of the directory `source`, by name, into the new directory `target`.

    It holds `labels.pdf` (where there are any), `manifest.csv`, `refused.csv` and the plans. Raises InputError
    where there is nothing to read or `target` isn't empty, SplitterError when a process is lost or nothing can be
    written; then `target` is not there.
    """
    paths = _prescriptions(source)
    with new_directory(target) as folder, _outcomes(paths, setting) as outcomes:
        private_directory(folder / "plans")
        book = _Book(folder=folder, papers=setting.papers)
        printed = impose(book.enter(_counted(outcomes, len(paths), progress)), book.style.stock, book.style.feed)
        labels = pdf(printed, title=TITLE)
        if book.labels:
            write_private(folder / "labels.pdf", labels)
        write_private(folder / "manifest.csv", _table(_MANIFEST, book.filled).encode())
        write_private(folder / "refused.csv", _table(_REFUSED, book.refused).encode())
    return book.summary()


def fill_file(setting: BatchSetting, path: Path) -> Outcome:
    """What becomes of one file. Nothing that is wrong with it is raised, not even a fault of the program."""
    order: Prescription | None = None
    try:
        order = read_prescription(path)
        drug = choose_formulary(order.drug, setting.formularies)
        made = plan(order, setting.pharmacy, drug, setting.limits, today=setting.today)
        reasons = objections(made)
        pages = () if reasons else _laid_out(made, setting.papers)
        return Outcome(file=path.name, number=order.number, plan=made, pages=pages, reasons=reasons)
    except InputError as error:
        reasons = replace(setting.sources, prescription=path).placed(error.faults).told()
    except Exception as error:
        reasons = (f"a fault of the program: {type(error).__name__}: {error}",)
    return Outcome(file=path.name, number=order.number if order else "", reasons=reasons)


def _laid_out(made: Plan, papers: Papers) -> tuple[Page, ...]:
    try:
        dates = papers.dates(made)
        return lay_out_labels(made, papers.style, dates) if dates else ()
    except InputError as error:
        raise by_product(error, made) from None


@dataclass(slots=True, kw_only=True)
class _Book:
    """The batch's lists, written as the outcomes come in."""

    folder: Path
    papers: Papers
    filled: list[tuple[object, ...]] = field(default_factory=list)
    refused: list[tuple[object, ...]] = field(default_factory=list)
    labels: int = 0
    numbers: list[str] = field(default_factory=list)

    @property
    def style(self) -> Style:
        return self.papers.style

    def enter(self, outcomes: Iterable[Outcome]) -> Iterator[Page]:
        """Write each outcome down and hand its labels on."""
        for outcome in outcomes:
            self.numbers += [outcome.number] if outcome.number else []
            place = f"plans/{Path(outcome.file).stem}.json"
            if outcome.plan is not None:
                write_private(self.folder / place, plan_to_json(outcome.plan).encode())
            if outcome.plan is None or outcome.reasons:
                self.refused.append((shown_path(Path(outcome.file)), outcome.number, " | ".join(outcome.reasons)))
                continue
            self.filled.append(self._row(outcome, outcome.plan, place))
            self.labels += len(outcome.pages)
            yield from outcome.pages

    def _row(self, outcome: Outcome, made: Plan, place: str) -> tuple[object, ...]:
        total = format_exact(made.total) if made.total is not None else ""
        labels = len(outcome.pages)
        items = sum(len(items_of_visit(made, date)) for date in self.papers.dates(made))
        pages = pages_of(self.labels, labels, self.style.stock, self.style.feed) if labels else ("", 0)
        counts = (items, labels, total, made.currency, *pages)
        name = shown_path(Path(outcome.file))
        return name, outcome.number, made.status.value, *counts, shown_path(Path(place))

    def summary(self) -> Summary:
        repeated = sorted({number for number in self.numbers if self.numbers.count(number) > 1})
        counts = {"filled": len(self.filled), "refused": len(self.refused), "labels": self.labels}
        return Summary(**counts, repeated=tuple(repeated))


def _prescriptions(source: Path) -> list[Path]:
    found, remedy = "no directory", "name a directory of prescriptions"
    if source.is_dir():
        paths = sorted(path for path in source.glob("*.toml") if not path.name.startswith("."))
        if paths:
            return paths
        found, remedy = "no *.toml file", "put the prescriptions there, one a file"
    raise InputError([Fault(file=shown_path(source), key="", found=found, remedy=remedy)])


def _counted(outcomes: Iterable[Outcome], total: int, progress: Progress | None) -> Iterator[Outcome]:
    for done, outcome in enumerate(outcomes, 1):
        yield outcome
        if progress is not None:
            progress(done, total)


@contextmanager
def _outcomes(paths: Sequence[Path], setting: BatchSetting) -> Iterator[Iterable[Outcome]]:
    """The outcomes in the order of the paths; worked out by several processes where that is worth it."""
    work: Callable[[Path], Outcome] = partial(fill_file, setting)
    processes = min(os.cpu_count() or 1, len(paths) // _FEW)
    if processes < 2:
        yield map(work, paths)
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_end_with_main)
    others = set(multiprocessing.active_children())
    try:
        yield pool.map(work, paths)
    except BrokenProcessPool:
        raise SplitterError("a worker process was lost, perhaps for want of memory; nothing was written") from None
    except BaseException:
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _end_with_main() -> None:
    """Let a worker end without a word by Ctrl-C, which reaches every process, and when the main process is lost."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    main = multiprocessing.parent_process()
    assert main is not None
    Thread(target=_end_after, args=(main,), daemon=True).start()


def _end_after(main: BaseProcess) -> None:
    main.join()
    os._exit(1)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_cell(str(value)) for value in row] for row in rows)
    return text.getvalue()


def _cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_UNSAFE) else text
