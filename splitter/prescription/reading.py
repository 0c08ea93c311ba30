"""A prescription file to its record. The tables below are the file's; their types say what may stand there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from splitter.codec import Clock, Days, SomeMass, TomlReader, digest, from_text, key, read_file
from splitter.prescription.policy import policy_problems
from splitter.prescription.records import (
    LargerDose,
    Patient,
    Policy,
    Prescriber,
    Prescription,
    Step,
    TaperRule,
    Tolerance,
)
from splitter.quantity import Mass
from splitter.units import parse_mass_or_percentage

MAX_STEPS = 1000
MAX_DAYS = 3660  # ten years
_MAX_TIMES = 6  # the optimiser is built for one to six administration times
_YEARS = (1900, 2199)

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
    larger_dose: LargerDose = LargerDose.LAST


@dataclass(frozen=True, slots=True, kw_only=True)
class _StepTable:
    daily: Mass | None = None
    doses: tuple[Mass, ...] | None = None
    days: Days = field(metadata=key("for"))
    allowed: tuple[Mass, Mass] | None = field(default=None, metadata=key("range"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _TaperTable:
    start: SomeMass = field(metadata=key("from"))
    reduce: AmountOrShare
    every: Days
    grid: SomeMass
    last: SomeMass | None = None


def read_prescription(source: str | Path, text: str | None = None) -> Prescription:
    """Read a prescription from the file `source`, or from `text`, which then came from `source`.

    Raises InputError with every fault of the file. A `[taper]` stays a rule; `splitter.taper` expands it.
    """
    text = read_file(Path(source)) if text is None else text
    reader = TomlReader(text, str(source))
    head = reader.one(_Head, "prescription", required=True)
    patient = reader.one(Patient, "patient")
    prescriber = reader.one(Prescriber, "prescriber")
    policy = reader.one(Policy, "policy")
    taper = reader.one(_TaperTable, "taper")
    tables = reader.many(_StepTable, "step")
    _check_head(reader, head, patient)
    _check_steps(reader, head, tables)
    rule = _taper_rule(reader, taper)
    for where, found, remedy in policy_problems(policy) if policy else ():
        reader.fault(f"policy.{where}", found, remedy)
    reader.finish()
    assert head is not None
    return Prescription(
        number=head.number,
        drug=head.drug,
        start=head.start,
        times=head.times,
        steps=tuple(_step(table) for table in tables if table),
        taper=rule,
        written=head.written,
        indication=head.indication,
        tolerance=_tolerance(head.tolerance),
        larger_dose=head.larger_dose,
        patient=patient,
        prescriber=prescriber,
        settings=tuple((name, getattr(policy, name)) for name in reader.table.get("policy", {})),
        sha256=digest(text),
    )


def _check_head(reader: TomlReader, head: _Head | None, patient: Patient | None) -> None:
    if head is None:
        return
    where, times = "prescription.times", head.times
    if not 1 <= len(times) <= _MAX_TIMES:
        reader.fault(where, f"{len(times)} times", f"write 1 to {_MAX_TIMES} times of a day")
    for earlier, later in pairwise(times):
        if earlier >= later:
            found = f"{later:%H:%M} after {earlier:%H:%M}"
            reader.fault(where, found, "write each time once, in the order of the day")
    if not _YEARS[0] <= head.start.year <= _YEARS[1]:
        reader.fault("prescription.start", str(head.start), f"write a year from {_YEARS[0]} to {_YEARS[1]}")
    if patient and patient.born and patient.born > head.start:
        reader.fault("patient.born", str(patient.born), "write a date before the prescription's start")


def _check_steps(reader: TomlReader, head: _Head | None, tables: tuple[_StepTable | None, ...]) -> None:
    if ("taper" in reader.table) == bool(reader.table.get("step")):
        found = "both [taper] and [[step]]" if "taper" in reader.table else "neither [taper] nor [[step]]"
        reader.fault("step", found, "write the steps as one or more [[step]], or as one [taper]")
    for i, table in enumerate(tables):
        if table is not None:
            _check_step(reader, f"step[{i}]", table, head)
    steps = [table for table in tables if table is not None]
    if len(steps) > MAX_STEPS:
        reader.fault("step", f"{len(steps)} steps", f"write at most {MAX_STEPS}")
    if (days := sum(step.days for step in steps)) > MAX_DAYS:
        reader.fault("step", f"{days} days in all", f"write at most {MAX_DAYS} days")
    if tables and all(table is not None and _is_drug_free(table) for table in tables):
        reader.fault("step", "no dose above zero", "write at least one step with a dose")


def _check_step(reader: TomlReader, where: str, table: _StepTable, head: _Head | None) -> None:
    if (table.daily is None) == (table.doses is None):
        found = "both daily and doses" if table.daily is not None else "neither daily nor doses"
        reader.fault(where, found, "write one of them")
    if table.doses is not None and head is not None and len(table.doses) != len(head.times):
        remedy = f"write one dose for each of the {len(head.times)} times"
        reader.fault(f"{where}.doses", f"{len(table.doses)} doses", remedy)
    if table.allowed is not None and table.allowed[0] > table.allowed[1]:
        low, high = table.allowed
        reader.fault(f"{where}.range", f"{low} before {high}", "write the smaller dose first")


def _is_drug_free(table: _StepTable) -> bool:
    return any(stated is not None for stated in (table.daily, table.doses)) and not _step(table).target


def _step(table: _StepTable) -> Step:
    """The step of a table; doses that are all zero are a drug-free step, as `daily = "0 mg"` is."""
    doses = table.doses if table.doses and any(table.doses) else None
    target = table.daily if table.daily is not None else sum(table.doses or (), Mass(Fraction(0)))
    return Step(days=table.days, target=target, doses=doses, allowed=table.allowed)


def _taper_rule(reader: TomlReader, table: _TaperTable | None) -> TaperRule | None:
    if table is None:
        return None
    last = table.last if table.last is not None else table.grid
    if not table.reduce or table.reduce == 1:
        reader.fault("taper.reduce", "nothing or all of the dose", 'write a part of it, such as "10 %" or "5 mg"')
    if last > table.start:
        reader.fault("taper.last", str(last), f"write at most the first dose, {table.start}")
    amount = table.reduce if isinstance(table.reduce, Mass) else None
    share = table.reduce if isinstance(table.reduce, Fraction) else None
    return TaperRule(start=table.start, every=table.every, grid=table.grid, last=last, share=share, amount=amount)


def _tolerance(value: Mass | Fraction | None) -> Tolerance:
    if isinstance(value, Fraction):
        return Tolerance(share=value)
    return Tolerance(mass=value)
