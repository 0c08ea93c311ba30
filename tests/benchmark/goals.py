"""The rows of the table that are questions as a pharmacy asks them: each with its goal, drawn with a fixed seed.

A row has cases, asked one after the other in one process, so that the first of a kind finds cold tables and the others
warm ones; a cold row is asked once in each of several processes. Seconds of the process (CPU) stand beside those of the
clock, since a machine may be shared. A question that takes longer than is allowed ends the row, and counts as that.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from statistics import mean, median
from typing import Any

from splitter.errors import InputError
from splitter.formulary import load_formulary
from splitter.optimise import LimitReachedError, Limits, solve
from splitter.optimise.course.memory import forget
from splitter.prescription import DivisionRule, Fine, Liquids, Step, Tolerance, read_pharmacy, read_prescription
from splitter.problem import Problem, pose
from splitter.quantity import Mass
from splitter.service import compare, plan, with_reasons
from splitter.service.inputs import Inputs, inputs_of, load
from splitter.taper import with_steps
from tests.benchmark.orders import orders
from tests.oracle.cases import random_case
from tests.property.test_engine import problem_of as asked_by

EXAMPLES = Path("tests/examples")
ORDERS = 300
REFUSED = 60
TOLERATED = 4
WARMING = 30

_FREE = {"division": DivisionRule.FREE, "fine": Fine.FREE}

Question = Callable[[Limits], str]
"""What is timed: it returns how the answer ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its goal in words, its questions in order, and in how many processes it is asked anew."""

    goal: str
    questions: Callable[[], Iterator[Question]]
    processes: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one question took: seconds of the clock and of the process, and how it ended."""

    seconds: float
    cpu: float
    status: str


def example(name: str) -> Inputs:
    """An example by the built-in pharmacy, its rule as steps."""
    read = load(EXAMPLES / f"{name}.toml")
    return inputs_of(read.prescription, read.pharmacy, read.formulary)


def problem_of(inputs: Inputs, **settings: object) -> Problem:
    """The optimiser's question, with these settings of the policy changed."""
    posed = pose(inputs.prescription, inputs.pharmacy, inputs.formulary)
    return replace(posed, policy=replace(posed.policy, **settings))  # type: ignore[arg-type]


def _search(problem: Problem) -> Question:
    return lambda limits: str(solve(problem, limits).status)


def _of_example(name: str, **settings: object) -> Iterator[Question]:
    yield _search(problem_of(example(name), **settings))


def ordered() -> Iterator[Inputs]:
    """The prescriptions of a pharmacy, over all drugs, that have a schedule."""
    pharmacy = read_pharmacy()
    for drug, text in orders(ORDERS):
        formulary = load_formulary(drug)
        try:
            given = with_steps(read_prescription("order.toml", text), pharmacy, formulary)
        except InputError:
            continue
        yield Inputs(prescription=given, pharmacy=pharmacy, formulary=formulary)


def _orders(**settings: object) -> Iterator[Question]:
    for inputs in ordered():
        yield _search(problem_of(inputs, **settings))


def _refused() -> Iterator[Question]:
    """Orders in doses that no tablet makes, where nothing finer is allowed: most of them can't be made."""
    for number, inputs in enumerate(ordered()):
        if number % (ORDERS // REFUSED) == 0:
            posed = problem_of(inputs, liquids=Liquids.NEVER, compounded=False)
            steps = tuple(replace(step, target=step.target * Fraction(97, 100)) for step in posed.steps)
            yield _search(replace(posed, steps=tuple(replace(s, target=_rounded(s.target)) for s in steps)))


def _rounded(dose: Mass) -> Mass:
    return Mass(max(Fraction(round(dose.value * 100), 100), Fraction(1, 100)))


def _tolerated(**settings: object) -> Iterator[Question]:
    """A year in doses that are not quite what there is, within 5 %."""
    inputs = example("baclofen-half-milligrams")
    for number in range(TOLERATED):
        posed = problem_of(inputs, **settings)
        steps = tuple(_shifted(step, Fraction(number, 7)) for step in posed.steps)
        yield _search(replace(posed, steps=steps, tolerance=Tolerance(share=Fraction(1, 20))))


def _shifted(step: Step, by: Fraction) -> Step:
    return replace(step, target=_rounded(Mass(step.target.value + by)))


def _comparison() -> Iterator[Question]:
    read = example("baclofen")

    def ask(limits: Limits) -> str:
        compared = compare(read.prescription, read.pharmacy, read.formulary, limits)
        return "optimal" if compared.all_trade_offs else "not all trade-offs"

    yield ask


def _why() -> Iterator[Question]:
    read = example("baclofen")

    def ask(limits: Limits) -> str:
        made = plan(read.prescription, read.pharmacy, read.formulary, limits)
        return str(with_reasons(made, read.prescription, read.pharmacy, read.formulary, limits).status)

    yield ask


ROWS = {
    "the example, cold": Row(goal="median < 30 ms", questions=lambda: _of_example("baclofen"), processes=5),
    "half milligrams, path": Row(goal="< 100 ms", questions=lambda: _of_example("baclofen-half-milligrams")),
    "half milligrams, free": Row(goal="< 1 s", questions=lambda: _of_example("baclofen-half-milligrams", **_FREE)),
    "300 orders, path": Row(goal="all < 0.5 s, mean < 20 ms", questions=_orders),
    "300 orders, free": Row(goal="99 % < 1 s, all < 5 s", questions=lambda: _orders(**_FREE)),
    "5 % of a year, path": Row(goal="< 2 s", questions=_tolerated),
    "5 % of a year, free": Row(goal="< 2 s", questions=lambda: _tolerated(**_FREE)),
    "can't be made, path": Row(goal="median < 0.5 s, all < 2 s", questions=_refused),
    "compare": Row(goal="< 3 s", questions=_comparison),
    "plan --why": Row(goal="< 2 s", questions=_why),
}


def measure(name: str, _number: int, seconds: float) -> dict[str, object]:
    """Ask all questions of a row in this process: what each took, and the peak of memory [MB]."""
    limits = Limits(seconds=Fraction(seconds))
    warm_up()
    found = [_ask(question, limits) for question in ROWS[name].questions()]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"asked": [(each.seconds, each.cpu, each.status) for each in found], "peak": peak}


def warm_up() -> None:
    """Run the code on other, small problems: it is the tables that are to be cold, not the interpreter."""
    for seed in range(WARMING):
        solve(asked_by(random_case(seed)))
    forget()


def _ask(question: Question, limits: Limits) -> Asked:
    began, cpu = time.perf_counter(), time.process_time()
    try:
        status = question(limits)
    except LimitReachedError:
        status = "no plan in time"
    return Asked(seconds=time.perf_counter() - began, cpu=time.process_time() - cpu, status=status)


def row(name: str, results: list[dict[str, object]]) -> str:
    """The table's line for a row: the median, mean, 99th percentile and worst, by the clock and of the process."""
    told_of: list[Any] = [each for result in results for each in result["asked"]]  # type: ignore[attr-defined]
    asked = [Asked(seconds=seconds, cpu=cpu, status=status) for seconds, cpu, status in told_of]
    peak = max(float(str(result["peak"])) for result in results)
    clock, cpu = sorted(each.seconds for each in asked), sorted(each.cpu for each in asked)
    endings: dict[str, int] = {}
    for each in asked:
        endings[each.status] = endings.get(each.status, 0) + 1
    told = ", ".join(f"{count} {status}" for status, count in sorted(endings.items()))
    figures = "".join(f"{_ms(of(clock)):>9}{_ms(of(cpu)):>9}" for of in (median, mean, _late, max))
    return f"{name:24}{ROWS[name].goal:27}{figures}{peak:8.0f}  {told}"


HEADS = (
    f"{'asked':24}{'goal':27}"
    + "".join(f"{head:>9}{'CPU':>9}" for head in ("median", "mean", "99 %", "worst"))
    + f"{'peak MB':>8}  ended"
)


def _late(ordered_times: list[float]) -> float:
    """The 99th percentile: 1 in 100 takes longer."""
    return ordered_times[-(-len(ordered_times) * 99 // 100) - 1]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
