"""Labels read as a patient reads them who has nothing else: each dated line tells all of the day, no day is missing.

The reader knows the printed text alone, and nothing of how it was written.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import pytest

from splitter import service
from splitter.errors import InputError
from splitter.formulary import load_formulary
from splitter.labels import Style, lay_out_items
from splitter.labels.marks import Page, Text
from splitter.optimise import Limits
from splitter.plan import Plan, Status
from splitter.prescription import Patient, Prescriber, read_pharmacy, read_prescription
from splitter.wording.visits import visit_dates
from tests.benchmark.orders import orders
from tests.unit.paper_plans import mixed_plan, tablets_plan
from tests.unit.test_paper_figures import days_of, units_of

_DAY = r"[A-Z][a-z]{2} \d{1,2}(?:, \d{4})?"
_HEAD = re.compile(
    rf"(?:On|From|Before) {_DAY}:|({_DAY} to {_DAY}|{_DAY})(?:, part \d+ of \d+)?"
    r"(?: \(([\d.,]+) mg a day(?:, the last step)?\))?:"
)
_TIME = r"at (\d{1,2}(?::\d\d)? [AP]M|12 noon|12 midnight)"
_BESIDE = re.compile(r"(?:Also take|Take) your ([\d.,]+) mg (?:per mL )?[^:]*: (.*?)\.(?= |$)")
_NAMED = re.compile(r"(?:Also take|Take) your [\d.,]+ mg")
_NONE = ("none from this container", "take none of this medicine")
_BANNER = ("SHAKE WELL", "REFRIGERATE", "NEW STRENGTH")


@dataclass(frozen=True, slots=True)
class Line:
    """What one label says of some days: the total of each [mg], if it does, and what is taken at each time [mg].

    Of containers that are `named` alone, their own labels say how much.
    """

    days: tuple[dt.date, ...]
    total: Fraction | None
    doses: dict[dt.time, Fraction]
    named: list[str]


def large_words(pages: tuple[Page, ...]) -> str:
    """The words in large type of a container's labels in a row, the drug once, without patient and banner."""
    said: list[str] = []
    drug = ""
    for page in pages:
        texts = [mark for mark in page.marks if isinstance(mark, Text)]
        large = max(text.size for text in texts)
        rows: dict[float, list[str]] = {}
        for text in texts:
            if text.size == large:
                rows.setdefault(text.y, []).append(text.text)
        lines = [" ".join(rows[y]) for y in sorted(rows, reverse=True)]
        words = " ".join(line for line in lines[1:] if not line.startswith(_BANNER))
        drug = drug or re.split(rf" (?=(?:Before |From |On )?{_DAY})", words)[0]
        said.append(words if not said else words.removeprefix(drug).strip())
    return " ".join(said)


def lines_of(pages: tuple[Page, ...], filled: dt.date) -> Iterator[Line]:
    """Each dated line of a container's labels; those of one direction in parts are one."""
    words = large_words(pages)
    strength = re.search(r"([\d.,]+) mg (?:per mL )?", words)
    assert strength
    found: dict[tuple[dt.date, ...], Line] = {}
    heads = list(_HEAD.finditer(words))
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        if not head[1]:
            continue
        body = words[head.end() : after.start() if after else len(words)].strip()
        days = tuple(days_of(head[1], filled.year))
        line = found.setdefault(days, Line(days, number(head[2]) if head[2] else None, {}, []))
        line.named.extend(_NAMED.findall(_BESIDE.sub("", body)))
        for time, mg in taken(body, number(strength[1])):
            line.doses[time] = line.doses.get(time, Fraction(0)) + mg
    yield from found.values()


def taken(body: str, strength: Fraction) -> Iterator[tuple[dt.time, Fraction]]:
    """What a direction takes at which time [mg]: from its own container, then from others."""
    own = _BESIDE.split(body)[0]
    own = re.split(r"\. (?=[A-Z])|\.$", own.strip())[0]
    if own and not own.startswith((*_NONE, "Use the", "Also", "Take")):
        yield from doses_of(own.removeprefix("take "), strength)
    for match in _BESIDE.finditer(body):
        yield from doses_of(match[2], number(match[1]))


def doses_of(words: str, strength: Fraction) -> Iterator[tuple[dt.time, Fraction]]:
    """Each dose of a list with its time."""
    same, _, times = words.partition(" each time: ")
    if times:
        yield from ((time_of(each), mass_of(same, strength)) for each in re.findall(_TIME, times))
        return
    for match in re.finditer(rf"(.+?) {_TIME}(?:, | and | |$)", words):
        yield time_of(match[2]), mass_of(match[1], strength)


def mass_of(words: str, strength: Fraction) -> Fraction:
    """The mass of one dose [mg]: stated in brackets, else so many units of the strength."""
    stated = re.search(r"\(([\d.,]+) mg", words)
    return number(stated[1]) if stated else units_of(words) * strength


def number(text: str) -> Fraction:
    return Fraction(text.rstrip(".,").replace(",", ""))


def time_of(text: str) -> dt.time:
    hour, half = text.split()
    hours, _, minutes = hour.partition(":")
    noon = half in ("PM", "noon")
    return dt.time(int(hours) % 12 + 12 * noon, int(minutes or 0))


def given(plan: Plan, day: dt.date) -> dict[dt.time, Fraction]:
    """What the plan gives at each time of a day, but nothing [mg]."""
    step = next(step for step in plan.steps if step.start <= day <= step.last)
    return {each.time: each.dose_mg for each in step.administrations if each.dose_mg}


def hold_labels_to(plan: Plan, style: Style) -> tuple[set[dt.date], int]:
    """Ask every dated line whether it tells the whole of its days; the days that are told, and the lines."""
    told: set[dt.date] = set()
    count = 0
    for date in visit_dates(plan):
        for containers in lay_out_items(plan, style, (date,)):
            for pages in containers:
                for line in lines_of(pages, date):
                    count += 1
                    told.update(line.days)
                    for day in line.days:
                        said, right = line.doses, given(plan, day)
                        told_of = (plan.prescription.drug, date, day, large_words(pages))
                        if line.total is None:
                            assert not line.named
                        else:
                            assert line.total == sum(right.values()), told_of
                        if line.named and not style.continued:
                            assert all(mg <= right[time] for time, mg in said.items()), told_of
                        else:
                            assert said == right, told_of
    return told, count


def made(text: str, drug: str, path: Path) -> Plan | None:
    """The plan of an order for somebody, None where none can be made or printed."""
    path.write_text(text, encoding="utf-8")
    try:
        plan = service.plan(read_prescription(path), read_pharmacy(), load_formulary(drug), Limits(nodes=20_000))
    except InputError:
        return None
    if plan.status is Status.INFEASIBLE:
        return None
    people = {"patient": Patient(name="Ada Example"), "prescriber": Prescriber(name="Dr B. Example")}
    return replace(plan, prescription=replace(plan.prescription, **people))  # type: ignore[arg-type]


CONTINUED = Style(clock=True, continued=True)


def hold_all(count: int, folder: Path) -> int:
    """How many of so many orders have a plan; the labels of each are read."""
    planned = 0
    for place, (drug, text) in enumerate(orders(count)):
        plan = made(text, drug, folder / f"{place}.toml")
        if plan is None:
            continue
        planned += 1
        told, _ = hold_labels_to(plan, CONTINUED)
        last = max(item.use_until for item in plan.items)
        every = [step.start + dt.timedelta(days=n) for step in plan.steps for n in range(step.days)]
        assert {day for day in every if given(plan, day) and day <= last} <= told, drug
        hold_labels_to(plan, Style(clock=True))
    return planned


@pytest.mark.parametrize("plan", [tablets_plan(), mixed_plan()], ids=["tablets", "mixed"])
def test_each_line_of_a_label_tells_the_whole_day(plan: Plan) -> None:
    """Also of a day that is shared by four containers."""
    told, lines = hold_labels_to(plan, CONTINUED)
    assert lines
    assert min(told) == plan.steps[0].start


def test_a_reader_with_nothing_but_labels_takes_the_right_dose_on_every_day(tmp_path: Path) -> None:
    """On varied prescriptions of the built-in drugs, from whichever container the label is."""
    assert hold_all(8, tmp_path) >= 4


@pytest.mark.nightly
def test_seventy_prescriptions_are_read_from_their_labels(tmp_path: Path) -> None:
    """The same on many more."""
    assert hold_all(90, tmp_path) >= 70
