"""How fast the optimiser is: each case in processes of its own, so that tables are cold and memory is the case's own.

The rows of `goals` come first; the others divide a day freely. Every round of a case is another prescription, drawn
with a fixed seed. A round has cold tables: nothing of its drug was solved before in its process, only small problems
of others; a "warm" one comes after BEFORE other prescriptions of its case, as in a batch. HiGHS gets the first
prescription of the cases that it may close. The last table doubles one thing at a time.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from statistics import median, quantiles

from splitter.formulary import Form, Product, load_formulary
from splitter.optimise import Limits, solve
from splitter.prescription import Split, Step, read_pharmacy
from splitter.quantity import Mass
from tests.benchmark import goals
from tests.oracle import milp
from tests.oracle.cases import Case, case_of
from tests.property.test_engine import problem_of

SEED = 20261201
BEFORE = 40
CAPSULES = ("baclofen-0.5mg-capsule-compounded", "baclofen-2.5mg-capsule-compounded")
OTHER_LIQUIDS = ("baclofen-1mg-per-ml-compounded", "baclofen-10mg-per-ml-compounded")
FOUR_LIQUIDS = (*CAPSULES, *OTHER_LIQUIDS)
"""What is left out beside four tablets and four liquids: the marketed ones, and the usual compounded one."""

PRODUCTS = 12
GRANULES = ("baclofen-5mg-granules-packet", "baclofen-10mg-granules-packet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One row of the table: its goal in words, how a prescription is drawn, and how it is measured.

    `doubles` is the case that has half of one thing, for the table of growth.
    """

    goal: str
    draw: Callable[[Random], Case]
    warm: bool = False
    solver: bool = False
    doubles: str = ""


def taper(start: Fraction, factor: Fraction, steps: int, days: int, grid: Fraction) -> tuple[Step, ...]:
    """Steps that fall from a dose [mg] by a factor, rounded to the grid and never to nothing."""
    doses = [max(round(start * factor**step / grid), 1) * grid for step in range(steps)]
    return tuple(Step(days=days, target=Mass(dose)) for dose in doses)


def baclofen(steps: tuple[Step, ...], times: int, exclude: tuple[str, ...] = FOUR_LIQUIDS, **settings: object) -> Case:
    """A problem over the built-in formulary and pharmacy, with every product that is available and not excluded."""
    stocked = tuple(p for p in load_formulary("baclofen").products if p.available and p.id not in exclude)
    return _stocked(stocked, steps, times, **settings)


def _stocked(products: tuple[Product, ...], steps: tuple[Step, ...], times: int, **settings: object) -> Case:
    limit = load_formulary("baclofen").max_imbalance
    costs = read_pharmacy().costs
    return case_of(products, steps, times, costs=costs, max_imbalance=limit, **settings)


def year(rng: Random, exclude: tuple[str, ...] = FOUR_LIQUIDS, years: int = 1, times: int = 3) -> Case:
    """26 steps of two weeks a year, in half milligrams."""
    return baclofen(fortnights(_start(rng), years), times, exclude)


def fortnights(start: Fraction, years: int) -> tuple[Step, ...]:
    """Steps of two weeks from a dose down by nine tenths each, slower when there are more years of them."""
    factor = Fraction(9, 10) if years == 1 else Fraction(9, 10) + Fraction(1, 10) * (1 - Fraction(1, years))
    return taper(start, factor, 26 * years, 14, Fraction(1, 2))


def months(rng: Random) -> Case:
    """One to four months, once to four times a day."""
    return baclofen(taper(_start(rng), Fraction(4, 5), rng.randint(2, 8), 14, Fraction(1, 2)), rng.randint(1, 4))


def quarters(rng: Random) -> Case:
    """A year, four times a day, quarters allowed, doses in 1.25 mg."""
    steps = taper(_start(rng), Fraction(9, 10), 26, 14, Fraction(5, 4))
    return baclofen(steps, 4, split=Split.QUARTERS)


def daily(rng: Random, days: int = 728) -> Case:
    """Daily steps, twice a day, from tablets, packets of granules as if they were still sold, and all liquids."""
    return _stocked(_twelve(), slopes(_start(rng), days), 2)


def slopes(start: Fraction, days: int) -> tuple[Step, ...]:
    """Daily steps straight down, in half milligrams."""
    doses = [max(round(start * (days - day) / days * 2), 1) * Fraction(1, 2) for day in range(days)]
    return tuple(Step(days=1, target=Mass(dose)) for dose in doses)


def _twelve() -> tuple[Product, ...]:
    """Four tablets, two packets, three marketed and three compounded liquids."""
    stocked = load_formulary("baclofen").products
    wanted = [replace(p, available=p.available or p.id in GRANULES) for p in stocked if p.id not in CAPSULES]
    found = tuple(p for p in wanted if p.available)
    assert len(found) == PRODUCTS, [p.id for p in found]
    return found


def some(rng: Random, count: int) -> Case:
    """A year of tablets and the first few liquids, so many products in all."""
    tablets = [p for p in _twelve() if p.form is Form.TABLET]
    others = sorted((p for p in _twelve() if p.form is not Form.TABLET), key=lambda p: (not p.is_compounded, p.id))
    return _stocked(tuple([*tablets, *others][:count]), fortnights(_start(rng), 1), 3)


def _start(rng: Random) -> Fraction:
    return Fraction(rng.randint(60, 160), 2)


CASES = {
    "year": Target(goal="median < 50 ms", draw=year, solver=True),
    "year, warm": Target(goal="median < 10 ms", draw=year, warm=True),
    "1 to 4 months": Target(goal="median < 15 ms", draw=months, solver=True),
    "year, 4 times, quarters": Target(goal="< 500 ms", draw=quarters),
    "two years, daily steps": Target(goal="95th < 1 s", draw=daily),
    "year, six liquids": Target(goal="", draw=lambda rng: year(rng, CAPSULES)),
    "year, six liquids, two capsules": Target(goal="", draw=lambda rng: year(rng, ())),
    "half a year, daily, capsules": Target(
        goal="< 5 s, < 300 MB", draw=lambda rng: baclofen(slopes(_start(rng), 182), 2, ())
    ),
}
GROWTH = {
    "26 steps": Target(goal="", draw=year),
    "52 steps": Target(goal="", draw=lambda rng: year(rng, years=2), doubles="26 steps"),
    "104 steps": Target(goal="", draw=lambda rng: year(rng, years=4), doubles="52 steps"),
    "182 daily steps": Target(goal="", draw=lambda rng: daily(rng, 182)),
    "364 daily steps": Target(goal="", draw=lambda rng: daily(rng, 364), doubles="182 daily steps"),
    "728 daily steps": Target(goal="", draw=daily, doubles="364 daily steps"),
    "6 products": Target(goal="", draw=lambda rng: some(rng, 6)),
    "12 products": Target(goal="", draw=lambda rng: some(rng, 12), doubles="6 products"),
    "once a day": Target(goal="", draw=lambda rng: year(rng, times=1)),
    "twice a day": Target(goal="", draw=lambda rng: year(rng, times=2), doubles="once a day"),
    "4 times a day": Target(goal="", draw=lambda rng: year(rng, times=4), doubles="twice a day"),
}


def drawn(name: str, number: int) -> Case:
    """Prescription `number` of a case."""
    rng = Random(SEED + number)  # noqa: S311  reproducible cases, no secret
    return (CASES | GROWTH)[name].draw(rng)


def measure(name: str, number: int, seconds: float) -> dict[str, object]:
    """Solve one prescription in this process: seconds by the clock and of the process, status, objective, peak [MB]."""
    problem = problem_of(drawn(name, number))
    limits = Limits(seconds=Fraction(seconds))
    goals.warm_up()
    for before in range(number + 1, number + 1 + BEFORE) if name in CASES and CASES[name].warm else ():
        solve(problem_of(drawn(name, before)), limits)
    began, cpu = time.perf_counter(), time.process_time()
    found = solve(problem, limits)
    spent, cpu = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    objective = None if found.objective is None else str(found.objective)
    return {"seconds": spent, "cpu": cpu, "status": str(found.status), "objective": objective, "peak": peak}


def solver(name: str, number: int, seconds: float) -> dict[str, object]:
    """Solve one prescription with HiGHS in this process: seconds, status, objective."""
    began = time.perf_counter()
    answer = milp.solve(drawn(name, number), time_limit=seconds)
    objective = None if answer.best is None else str(answer.best.score.objective)
    return {"seconds": time.perf_counter() - began, "status": answer.status, "objective": objective}


def run(rounds: int, seconds: float, solver_seconds: float, names: list[str] | None) -> None:
    """Print a row for each case as soon as it is measured, then those of growth unless cases are named."""
    asked = [name for name in names or goals.ROWS if name in goals.ROWS]
    for place, name in enumerate(asked):
        processes = range(goals.ROWS[name].processes)
        found = [_in_process("goals.measure", name, number, seconds) for number in processes]
        print(*([] if place else [goals.HEADS]), goals.row(name, found), sep="\n", flush=True)
    heads = f"\n{'case':32}{'goal':16}{'median':>10}{'CPU':>10}{'95th':>10}{'peak MB':>9}  {'objective':>11}"
    print(f"{heads}  HiGHS: s, objective, ratio")
    for name in [name for name in names or CASES if name in CASES]:
        results = [_in_process("optimise.measure", name, number, seconds) for number in range(rounds)]
        solved = _in_process("optimise.solver", name, 0, solver_seconds) if CASES[name].solver else None
        print(_row(name, results, solved), flush=True)
    if not names:
        _print_growth(rounds, seconds)


def _print_growth(rounds: int, seconds: float) -> None:
    print(f"\n{'growth':32}{'':16}{'median':>10}{'peak MB':>19}  times that of half")
    medians: dict[str, float] = {}
    for name, target in GROWTH.items():
        results = [_in_process("optimise.measure", name, number, seconds) for number in range(rounds)]
        medians[name] = median(_number(result["seconds"]) for result in results)
        peak = max(_number(result["peak"]) for result in results)
        ratio = f"{medians[name] / medians[target.doubles]:.1f}" if target.doubles else ""
        print(f"{name:48}{_ms(medians[name]):>10}{peak:19.0f}  {ratio}{_unproved(results)}", flush=True)


def _in_process(measured: str, name: str, number: int, seconds: float) -> dict[str, object]:
    """One measurement in a new process, or what its error says."""
    code = "import json, sys; from tests.benchmark import goals, optimise;"
    code += f"print(json.dumps({measured}(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))))"
    command = [sys.executable, "-c", code, name, str(number), str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        error = done.stderr.strip().splitlines()[-1]
        endless = float("inf")
        return {
            "seconds": endless,
            "cpu": endless,
            "status": error,
            "objective": None,
            "peak": 0.0,
            "asked": [(endless, endless, error)],
        }
    # The solver may say something of its own before.
    result: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return result


def _row(name: str, results: list[dict[str, object]], solved: dict[str, object] | None) -> str:
    times = sorted(_number(result["seconds"]) for result in results)
    late = quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]
    peak = max(_number(result["peak"]) for result in results)
    cpu = median(_number(result["cpu"]) for result in results)
    row = f"{name:32}{CASES[name].goal:16}{_ms(median(times)):>10}{_ms(cpu):>10}{_ms(late):>10}{peak:9.0f}"
    row += f"  {_money(results[0]['objective']):>11}"
    if solved is not None:
        spent = _number(solved["seconds"])
        row += f"  {spent:.1f}, {_money(solved['objective'])} ({solved['status']})"
        row += f", {spent / _number(results[0]['seconds']):.0f}"
    return row + _unproved(results)


def _unproved(results: list[dict[str, object]]) -> str:
    others = {str(result["status"]) for result in results} - {"optimal"}
    return f"  not all optimal: {', '.join(sorted(others))}" if others else ""


def _number(value: object) -> float:
    return float(str(value))


def _money(value: object) -> str:
    return "none" if value is None else f"{float(Fraction(str(value))):.2f}"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
