"""What a command reads: its prescription with all that belongs to it, or a plan file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from splitter.cli.options import Given, Stopping, Visits
from splitter.codec import read_file
from splitter.errors import RefusedError
from splitter.formulary import load_formulary
from splitter.optimise import Limits
from splitter.plan import Plan, plan_from_json
from splitter.prescription import Prescription, read_pharmacy, read_prescription
from splitter.service import Inputs, load, load_shared
from splitter.wording.visits import visit_dates


def read_inputs(rx: Path, given: Given, *also: Path) -> Inputs:
    """The prescription with its pharmacy and formulary. Raises InputError with every fault of every file."""
    given.read_also(rx, *also)
    return load(rx, given.pharmacy, given.formularies)


def read_plan(path: Path) -> Plan:
    """The plan of a plan file."""
    return plan_from_json(read_file(path), str(path))


def read_printed(path: Path, given: Given) -> Plan:
    """The plan to print from; where a pharmacy or a formulary is named too, the plan must be made from it.

    Raises RefusedError when it was made from another.
    """
    given.read_also(path)
    plan = read_plan(path)
    made_from = plan.provenance
    if given.pharmacy is not None and read_pharmacy(given.pharmacy).sha256 != made_from.pharmacy_sha256:
        raise RefusedError(f"not printed: the plan was not made with {given.pharmacy}")
    if given.formularies:
        formulary = load_formulary(plan.prescription.drug, given.formularies)
        if formulary.sha256 != made_from.formulary_sha256:
            raise RefusedError(f"not printed: the plan was not made with this formulary of {formulary.drug}")
    return plan


def read_order(path: Path, given: Given) -> Prescription:
    """The prescription alone; its drug needn't be known. The other files, where given, are read for their faults."""
    given.read_also(path)
    load_shared(given.pharmacy, given.formularies)
    return read_prescription(path)


def limits_of(stopping: Stopping) -> Limits:
    """The limits as the optimiser takes them."""
    return Limits(seconds=stopping.seconds, nodes=stopping.nodes)


def chosen_dates(plan: Plan, visits: Visits) -> tuple[dt.date, ...]:
    """The dates of the visits to print. Raises InputError where the plan hands nothing over."""
    dates = visit_dates(plan)
    if visits.every:
        return dates
    return dates[:1] if visits.date is None else (visits.date,)
