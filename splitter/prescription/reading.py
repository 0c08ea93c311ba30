"""A prescription file to its record. The tables below are the file's; their types say what may stand there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from splitter.bounds import MOST_AGE, MOST_DAYS, MOST_RX_NUMBER, MOST_STEPS, MOST_TIMES
from splitter.codec import Clearance, Clock, Days, TomlReader, digest, from_text, key, read_file
from splitter.prescription.change_days import waiting
from splitter.prescription.day import NIGHT_ENDS, is_ordered
from splitter.prescription.policy import policy_problems
from splitter.prescription.quantity import StatedQuantity
from splitter.prescription.records import (
    Amendment,
    AtHome,
    LargerDose,
    Patient,
    Policy,
    Prescriber,
    Prescription,
    Step,
    Tolerance,
)
from splitter.prescription.tapers import read_taper
from splitter.prescription.weekdays import ChangeDays
from splitter.quantity import Mass, counted
from splitter.units import parse_mass_or_percentage

_TOGETHER = {"min_volume": {"min_volume", "max_volume"}, "spare": {"spare", "visit_interval"}}
"""Settings that are wrong only beside another, by which: where that is not stated too, it is the pharmacy's."""

AmountOrShare = Annotated[Mass | Fraction, from_text(parse_mass_or_percentage)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    number: str
    drug: str
    start: date
    times: tuple[Clock, ...]
    written: date | None = None
    indication: str | None = None
    tolerance: AmountOrShare | None = None
    larger_dose: LargerDose | None = None
    cut_order: tuple[Clock, ...] | None = None
    quantity: Annotated[StatedQuantity, from_text(StatedQuantity.parse)] | None = None
    follows: str | None = None
    change_day: Annotated[ChangeDays, from_text(ChangeDays.parse)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _PatientTable(Patient):
    egfr: Clearance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _StepTable:
    daily: Mass | None = None
    doses: tuple[Mass, ...] | None = None
    days: Days = field(metadata=key("for"))
    allowed: tuple[Mass, Mass] | None = field(default=None, metadata=key("range"))


def read_prescription(source: str | Path, text: str | None = None) -> Prescription:
    """Read a prescription from the file `source`, or from `text`, which then came from `source`.

    Raises InputError with every fault of the file. A `[taper]` stays a rule; `splitter.taper` expands it.
    """
    text = read_file(Path(source)) if text is None else text
    reader = TomlReader(text, str(source))
    head = reader.one(_Head, "prescription", required=True)
    patient = reader.one(_PatientTable, "patient")
    prescriber = reader.one(Prescriber, "prescriber")
    policy = reader.one(Policy, "policy")
    taper = read_taper(reader)
    tables = reader.many(_StepTable, "step")
    at_home = reader.many(AtHome, "at_home")
    amendment = reader.one(Amendment, "amendment")
    _check_head(reader)
    _check_steps(reader, tables)
    _check_at_home(reader, at_home)
    _check_policy(reader, policy)
    reader.finish()
    assert head is not None
    return Prescription(
        number=head.number,
        drug=head.drug,
        start=head.start,
        times=head.times,
        steps=waiting([_step(table) for table in tables if table], head.start, head.change_day),
        change_days=head.change_day,
        taper=taper,
        written=head.written,
        indication=head.indication,
        tolerance=_tolerance(head.tolerance),
        larger_dose=head.larger_dose,
        cut_order=head.cut_order,
        patient=None if patient is None else Patient(name=patient.name, born=patient.born, address=patient.address),
        prescriber=prescriber,
        at_home=tuple(home for home in at_home if home is not None),
        amendment=amendment,
        settings=tuple((name, getattr(policy, name)) for name in reader.table.get("policy", {})),
        quantity=head.quantity,
        follows=head.follows,
        egfr=None if patient is None else patient.egfr,
        sha256=digest(text),
    )


def read_steps(source: str, text: str) -> tuple[Step, ...]:
    """The steps of a file that has nothing but `[[step]]` tables. Raises InputError with every fault of it."""
    reader = TomlReader(text, source)
    tables = reader.many(_StepTable, "step")
    _check_steps(reader, tables)
    reader.finish()
    return tuple(_step(table) for table in tables if table)


def _check_head(reader: TomlReader) -> None:
    where, times = "prescription.times", reader.part(tuple[Clock, ...], "prescription", "times")
    if times is not None and not 1 <= len(times) <= MOST_TIMES:
        reader.fault(where, f"{len(times)} times", f"write 1 to {MOST_TIMES} times of a day")
    twice = [time for place, time in enumerate(times or ()) if times and time in times[:place]]
    for time in twice:
        reader.fault(where, f"{time:%H:%M} twice", "write each time once; the doses of one time are one dose")
    if times and not twice and not is_ordered(times):
        earlier, later = next(pair for pair in pairwise(times) if pair[0] > pair[1])
        remedy = "write the times in the order of the day, the earliest first; last may come those after midnight"
        reader.fault(where, f"{later:%H:%M} after {earlier:%H:%M}", f"{remedy}, before {NIGHT_ENDS:%H:%M}")
    order = reader.part(tuple[Clock, ...], "prescription", "cut_order")
    if order is not None and times is not None and sorted(order) != sorted(times):
        remedy = "write each of the times once, the one that is lowered first in front, or leave it out"
        reader.fault("prescription.cut_order", ", ".join(f"{time:%H:%M}" for time in order) or "no time", remedy)
    number = reader.part(str, "prescription", "number")
    if number is not None and len(number) > MOST_RX_NUMBER:
        remedy = f"write at most {MOST_RX_NUMBER} characters, which each label has room for"
        reader.fault("prescription.number", f"{len(number)} characters", remedy)
    start, born = reader.part(date, "prescription", "start"), reader.part(date, "patient", "born")
    if start and born and born > start:
        reader.fault("patient.born", str(born), "write a date before the prescription's start")
    if start and born and start.year - born.year > MOST_AGE:
        found = f"{born}, {start.year - born.year} years before the start"
        reader.fault("patient.born", found, "write the year of birth in full; it may have slipped")


def _check_steps(reader: TomlReader, tables: tuple[_StepTable | None, ...]) -> None:
    if ("taper" in reader.table) == bool(reader.table.get("step")):
        found = "both [taper] and [[step]]" if "taper" in reader.table else "neither [taper] nor [[step]]"
        reader.fault("step", found, "write the steps as one or more [[step]], or as one [taper] or several [[taper]]")
    for i, table in enumerate(tables):
        _check_step(reader, f"step[{i}]", reader.table["step"][i])
        if table is not None and table.allowed is not None and table.allowed[0] > table.allowed[1]:
            low, high = table.allowed
            reader.fault(f"step[{i}].range", f"{low} before {high}", "write the smaller dose first")
    steps = [table for table in tables if table is not None]
    if len(steps) > MOST_STEPS:
        reader.fault("step", f"{len(steps)} steps", f"write at most {MOST_STEPS}")
    if (days := sum(step.days for step in steps)) > MOST_DAYS:
        reader.fault("step", f"{days} days in all", f"write at most {MOST_DAYS} days")
    if tables and all(table is not None and _is_drug_free(table) for table in tables):
        reader.fault("step", "no dose above zero", "write at least one step with a dose")


def _check_step(reader: TomlReader, where: str, raw: object) -> None:
    """How a step states its dose, whether or not what it states can be read."""
    if not isinstance(raw, dict):
        return
    if ("daily" in raw) == ("doses" in raw):
        found = "both daily and doses" if "daily" in raw else "neither daily nor doses"
        reader.fault(where, found, "write one of them")
    doses, head = raw.get("doses"), reader.table.get("prescription")
    times = head.get("times") if isinstance(head, dict) else None
    if isinstance(doses, list) and isinstance(times, list) and len(doses) != len(times):
        each = "" if len(times) == 1 else f" for each of the {len(times)} times"
        reader.fault(f"{where}.doses", counted(len(doses), "dose"), f"write one dose{each}")


def _is_drug_free(table: _StepTable) -> bool:
    return any(stated is not None for stated in (table.daily, table.doses)) and not _step(table).target


def _step(table: _StepTable) -> Step:
    """The step of a table; doses that are all zero are a drug-free step, as `daily = "0 mg"` is."""
    doses = table.doses if table.doses and any(table.doses) else None
    target = table.daily if table.daily is not None else sum(table.doses or (), Mass(Fraction(0)))
    return Step(days=table.days, target=target, doses=doses, allowed=table.allowed)


def _check_at_home(reader: TomlReader, at_home: tuple[AtHome | None, ...]) -> None:
    """Something of each product, stated once, that may still be used."""
    start = reader.part(date, "prescription", "start")
    seen: set[str] = set()
    for i, home in enumerate(at_home):
        if home is None:
            continue
        counted_out = bool(home.units or home.fragments)
        if counted_out == bool(home.volume):
            found = "both units and a volume" if counted_out else "neither units nor a volume"
            reader.fault(f"at_home[{i}]", found, 'write units, or for a liquid volume = "42 mL"; nothing: leave it out')
        if home.product in seen:
            reader.fault(
                f"at_home[{i}].product", f"{home.product} again", "write each product once, all of it together"
            )
        seen.add(home.product)
        if start is not None and home.use_by is not None and home.use_by < start:
            reader.fault(f"at_home[{i}].use_by", str(home.use_by), "leave out what may not be used any more")


def _check_policy(reader: TomlReader, policy: Policy | None) -> None:
    """What contradicts itself in the settings stated; the pharmacy's may make up for what is not."""
    stated = reader.table.get("policy", {})
    for where, found, remedy in policy_problems(policy) if policy else ():
        if _TOGETHER.get(where, set()) <= stated.keys():
            reader.fault(f"policy.{where}", found, remedy)


def _tolerance(value: Mass | Fraction | None) -> Tolerance:
    if isinstance(value, Fraction):
        return Tolerance(share=value)
    return Tolerance(mass=value)
