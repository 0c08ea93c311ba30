"""What the clinical rules cost, and whether random tapers keep them: the prescriptions of `orders`, with fixed seeds.

Two parts in one run. The first plans each prescription as it stands, by the built-in pharmacy, and the same steps once
more with `division` and `fine` free, everything else equal; that is looser in all but `max_imbalance`, which only a
free division obeys, so that it can also be dearer. The second plans random tapers and reads off each plan, without the
checks' help, where a time goes against the day and which days are uneven: each must be named by a finding, and nothing
else may be. Limits are partial plans, no seconds, so that no figure but the times hangs on the machine; minutes only
decide how many are tried.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import pairwise
from multiprocessing import TimeoutError as OutOfTimeError
from multiprocessing import get_context
from statistics import mean, median
from typing import TypeVar

from splitter.division import StepForm, fractions_of
from splitter.errors import InputError
from splitter.formulary import load_formulary
from splitter.optimise import LimitReachedError, Limits
from splitter.optimise.engine import Effort
from splitter.optimise.engine import best_solution as searched
from splitter.optimise.limits import Budget
from splitter.optimise.possible.settled import settled
from splitter.plan import Plan, PlannedStep, Status
from splitter.prescription import DivisionRule, Fine, Pharmacy, read_pharmacy, read_prescription
from splitter.problem import by_family, pose
from splitter.service import Inputs, inputs_of
from splitter.service.families import best_plan
from splitter.service.planning import findings_of
from splitter.verify import verify
from tests.benchmark.orders import orders

SEED = 20261201
TAPERS_SEED = 20261202
PROCESSES = 2
FREE = (("division", DivisionRule.FREE), ("fine", Fine.FREE))
AGAINST, UNEVEN = "dose-against-the-day", "uneven-day"
_ZERO = Fraction(0)

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one plan costs in money, and whether that was proved; `status` also says why there is none."""

    status: str
    total: Fraction = _ZERO
    objective: Fraction = _ZERO
    seconds: float = 0

    @property
    def made(self) -> bool:
        """Whether there is a plan."""
        return self.status in (Status.OPTIMAL, Status.FEASIBLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One prescription by the rules in force and with both rules free."""

    name: str
    ruled: Cost
    free: Cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Taper:
    """One random taper: its status, the codes of its findings, how many of its steps they name, and what is wrong."""

    name: str
    status: str
    codes: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    seconds: float = 0


def run(count: int, tapers: int, nodes: int, minutes: float) -> None:
    """Print both tables: of `count` prescriptions, and of as many of the `tapers` as the minutes allow."""
    if count:
        _print_costs(_shared(partial(priced, nodes=nodes), _named(count, SEED), minutes), count)
    if tapers:
        _print_tapers(_shared(partial(tried, nodes=nodes), _named(tapers, TAPERS_SEED), minutes), tapers)


def _named(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """So many prescriptions: a name to find each by, and its text."""
    for number, (drug, text) in enumerate(orders(count, seed)):
        yield f"{number}: {drug}", text


def _shared(
    work: Callable[[tuple[str, str]], Result], asked: Iterator[tuple[str, str]], minutes: float
) -> list[Result]:
    """The results in the order of what is asked, by two processes, of those that are ready before the minutes are over.

    What takes too long, or whose process dies, is missing among them.
    """
    ends = time.monotonic() + minutes * 60
    found = []
    with get_context("spawn").Pool(PROCESSES) as pool:
        ready = pool.imap_unordered(partial(_numbered, work), enumerate(asked))
        with suppress(StopIteration, OutOfTimeError):
            while True:
                found.append(ready.next(max(ends - time.monotonic(), 0)))
    return [result for _, result in sorted(found, key=lambda one: one[0])]


def _numbered(work: Callable[[tuple[str, str]], Result], asked: tuple[int, tuple[str, str]]) -> tuple[int, Result]:
    return asked[0], work(asked[1])


def priced(asked: tuple[str, str], nodes: int) -> Pair:
    """What one prescription costs by the rules and free. The steps of a rule are those of the rules in force."""
    name, text = asked
    try:
        inputs = _inputs(text)
    except InputError:
        refused = Cost(status="refused")
        return Pair(name=name, ruled=refused, free=refused)
    freed = replace(inputs.prescription, settings=(*inputs.prescription.settings, *FREE))
    return Pair(name=name, ruled=_cost(inputs, nodes), free=_cost(replace(inputs, prescription=freed), nodes))


def _cost(inputs: Inputs, nodes: int) -> Cost:
    began = time.process_time()
    try:
        if not _can_be_made(inputs, nodes):
            return Cost(status=Status.INFEASIBLE)
        made = _planned(inputs, nodes)
    except LimitReachedError:
        return Cost(status="no plan within the limit", seconds=time.process_time() - began)
    spent = time.process_time() - began
    if made.total is None or made.objective is None:
        return Cost(status=made.status, seconds=spent)
    return Cost(status=made.status, total=made.total, objective=made.objective, seconds=spent)


def _can_be_made(inputs: Inputs, nodes: int) -> bool:
    """Whether there is a plan, asked without the explanation of why not, which can take a minute where all is free."""
    problem = pose(inputs.prescription, inputs.pharmacy, inputs.formulary)
    effort = Effort(budget=Budget.of(Limits(nodes=nodes)))
    settled_problems = [each for family in by_family(problem) for each in settled(family)]
    return any(searched(each, effort) is not None for each in settled_problems)


def _inputs(text: str) -> Inputs:
    """The records of one prescription, its rule as steps. Raises InputError where the rule can't be followed."""
    prescription = read_prescription("order", text)
    return inputs_of(prescription, _pharmacy(), load_formulary(prescription.drug))


def _pharmacy() -> Pharmacy:
    """The built-in pharmacy, never that of whoever measures."""
    return read_pharmacy()


def _planned(inputs: Inputs, nodes: int) -> Plan:
    """The best plan, without findings. Raises LimitReachedError where the limit ends the search before any."""
    return best_plan(inputs, pose(inputs.prescription, inputs.pharmacy, inputs.formulary), Limits(nodes=nodes))


def tried(asked: tuple[str, str], nodes: int) -> Taper:
    """One random taper, planned and questioned. What breaks in it is wrong with it, so that the others go on."""
    name, text = asked
    began = time.process_time()
    try:
        inputs = _inputs(text)
    except InputError:
        return Taper(name=name, status="refused")
    try:
        made = _planned(inputs, nodes)
        taper = _questioned(name, inputs, made)
    except LimitReachedError:
        return Taper(name=name, status="no plan within the limit")
    except Exception as error:  # whatever it is, it is reported with its prescription
        return Taper(name=name, status="broken", wrong=(f"{type(error).__name__}: {error}",))
    return replace(taper, seconds=time.process_time() - began)


def _questioned(name: str, inputs: Inputs, made: Plan) -> Taper:
    """What the independent check and the clinical ones say of a plan, held against what its doses show."""
    checked = verify(made, inputs.prescription, inputs.pharmacy, inputs.formulary)
    findings = findings_of(inputs, pose(inputs.prescription, inputs.pharmacy, inputs.formulary), made)
    wrong = [f"verify {finding.code} {finding.where}: {finding.message}" for finding in checked]
    if made.status is not Status.INFEASIBLE:
        for code, seen in ((AGAINST, against(made.steps)), (UNEVEN, uneven(inputs, made.steps))):
            said = {finding.where for finding in findings if finding.code == code}
            wrong += [f"no {code} at {where}" for where in sorted(seen - said)]
            wrong += [f"{code} at {where} without reason" for where in sorted(said - seen)]
    codes = tuple(finding.code for finding in findings)
    return Taper(name=name, status=made.status, codes=codes, wrong=tuple(wrong))


def against(steps: Sequence[PlannedStep]) -> set[str]:
    """The steps, counted from 1, in which a time goes another way than the day's target."""
    found = set()
    for number, (before, after) in enumerate(pairwise(steps), 2):
        if not before.administrations or not after.administrations:
            continue
        for old, new in zip(before.administrations, after.administrations, strict=True):
            rises, day_rises = new.dose_mg > old.dose_mg, after.target_mg > before.target_mg
            falls, day_falls = new.dose_mg < old.dose_mg, after.target_mg < before.target_mg
            if (rises and not day_rises) or (falls and not day_falls):
                found.add(f"step {number}")
    return found


def uneven(inputs: Inputs, steps: Sequence[PlannedStep]) -> set[str]:
    """The steps, counted from 1, in which a time gets nothing or the doses differ by more than `evenness` allows."""
    problem = pose(inputs.prescription, inputs.pharmacy, inputs.formulary)
    plain = [product for product in problem.products if product.strength is not None and not product.is_compounded]
    pieces = [p.strength.value * part for p in plain if p.strength for part in fractions_of(p, problem.policy.split)]
    found = set()
    for number, step in enumerate(steps, 1):
        doses = [given.dose_mg for given in step.administrations]
        if not doses:
            continue
        most = problem.policy.evenness * step.target_mg / len(doses)
        if step.form is StepForm.PLAIN and pieces:
            most = max(most, min(pieces))
        if min(doses) == 0 or max(doses) - min(doses) > most:
            found.add(f"step {number}")
    return found


def _print_costs(pairs: Sequence[Pair], count: int) -> None:
    """What the rules cost: over the prescriptions that can be made both ways."""
    both = [pair for pair in pairs if pair.ruled.made and pair.free.made]
    refused = sum(pair.ruled.status == "refused" for pair in pairs)
    missing = sorted(set(map(str, range(count))) - {pair.name.split(":")[0] for pair in pairs}, key=int)
    print(f"what the rules cost: {len(pairs)} of {count} prescriptions, {refused} of which the rule can't be followed")
    print(f"  not ready in time: {len(missing)}{', the first ' + ', '.join(missing[:5]) if missing else ''}")
    print(
        f"  made both ways {len(both)}; neither way {sum(not (p.ruled.made or p.free.made) for p in pairs) - refused}"
    )
    for words, some in (
        ("only free", [p for p in pairs if p.free.made and not p.ruled.made]),
        ("only by the path", [p for p in pairs if p.ruled.made and not p.free.made]),
    ):
        print(f"  {words} {len(some)}: {', '.join(f'{p.name} ({p.ruled.status}/{p.free.status})' for p in some)}")
    for words, costs in (("by the rules", [p.ruled for p in pairs]), ("free", [p.free for p in pairs])):
        unproved = sum(cost.status == Status.FEASIBLE for cost in costs)
        none = sum(cost.status == "no plan within the limit" for cost in costs)
        times = [cost.seconds for cost in costs if cost.made]
        print(
            f"  {words}: {unproved} not proved, {none} without a plan within the limit; "
            f"CPU ms, searched twice: mean {mean(times) * 1000:.0f}, "
            f"median {median(times) * 1000:.0f}, worst {max(times) * 1000:.0f}"
        )
    _print_differences("total", [(pair.name, pair.ruled.total, pair.free.total) for pair in both])
    _print_differences("objective", [(pair.name, pair.ruled.objective, pair.free.objective) for pair in both])


def _print_differences(what: str, costs: Sequence[tuple[str, Fraction, Fraction]]) -> None:
    """How much dearer the rules make it: mean, median and worst, in money and in per cent of the free plan."""
    money = [(float(ruled - free), name) for name, ruled, free in costs]
    shares = [(float((ruled - free) / free * 100), name) for name, ruled, free in costs if free]
    ruled_sum, free_sum = (float(sum(column, _ZERO)) for column in ([c[1] for c in costs], [c[2] for c in costs]))
    print(f"  {what}: together {ruled_sum:.2f} by the rules, {free_sum:.2f} free, {ruled_sum - free_sum:+.2f}")
    for unit, differences in (("money", money), ("%", shares)):
        values = [value for value, _ in differences]
        worst = max(differences)
        print(
            f"    {unit}: mean {mean(values):.2f}, median {median(values):.2f}, worst {worst[0]:.2f} ({worst[1]}), "
            f"least {min(values):.2f} ({min(differences)[1]})"
        )
    print(f"    cost nothing {sum(m == 0 for m, _ in money)}, dearer {sum(m > 0 for m, _ in money)}, cheaper", end=" ")
    print(sum(m < 0 for m, _ in money))


def _print_tapers(tapers: Sequence[Taper], count: int) -> None:
    """How many tapers were made, what was found of them, and all that is wrong."""
    print(f"random tapers: {len(tapers)} of {count} tried")
    print(
        "  " + ", ".join(f"{status} {number}" for status, number in sorted(Counter(t.status for t in tapers).items()))
    )
    times = [taper.seconds for taper in tapers if taper.seconds]
    print(f"  CPU ms mean {mean(times) * 1000:.0f}, median {median(times) * 1000:.0f}, worst {max(times) * 1000:.0f}")
    findings = Counter(code for taper in tapers for code in taper.codes)
    plans = Counter(code for taper in tapers for code in set(taper.codes))
    for code in sorted(findings):
        print(f"  {code}: {findings[code]} findings in {plans[code]} tapers")
    wrong = [taper for taper in tapers if taper.wrong]
    print(f"  wrong: {len(wrong)}")
    for taper in wrong:
        print(f"    {taper.name}: {'; '.join(taper.wrong)}")
    assert not wrong, f"{len(wrong)} of {len(tapers)} random tapers broke a rule"
