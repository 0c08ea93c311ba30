"""The files of one prescription, read together so that the faults of all are reported at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from splitter.codec import read_file
from splitter.errors import Fault, InputError
from splitter.formulary import Formulary, choose_formulary, read_formulary
from splitter.prescription import Pharmacy, Prescription, read_pharmacy, read_prescription
from splitter.service.sources import Sources
from splitter.taper import with_steps

Record = TypeVar("Record")
Source = TypeVar("Source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a plan is made from. The prescription has its taper rule, if any, until `with_steps` makes steps of it.

    `today` is the day of asking, against which the start is held; None where nobody asks that.
    """

    prescription: Prescription
    pharmacy: Pharmacy
    formulary: Formulary
    today: date | None = None


def load(prescription: Path, pharmacy: Path | None = None, formularies: Sequence[Path] = ()) -> Inputs:
    """Read a prescription, its pharmacy (None: the user's own or the built-in one) and its drug's formulary.

    `-` as a path is standard input. Raises InputError with every fault of every file.
    """
    order = load_order(prescription, pharmacy, formularies)
    try:
        return inputs_of(*order)
    except InputError as error:
        sources = Sources(prescription=prescription, pharmacy=pharmacy, formularies=tuple(formularies))
        raise sources.placed(error.faults) from None


def load_order(
    prescription: Path, pharmacy: Path | None = None, formularies: Sequence[Path] = ()
) -> tuple[Prescription, Pharmacy, Formulary]:
    """The same as the files have them, the rule of a taper a rule. Raises InputError with every fault of every file."""
    faults: list[Fault] = []
    order = _attempt(read_prescription, prescription, faults)
    shared = _attempt(lambda path: load_shared(path, formularies), pharmacy, faults)
    if order is not None and shared is not None:
        drug = _attempt(lambda drug: choose_formulary(drug, shared[1]), order.drug, faults)
        if drug is not None:
            return order, shared[0], drug
    raise Sources(prescription=prescription, pharmacy=pharmacy, formularies=tuple(formularies)).placed(faults)


def inputs_of(prescription: Prescription, pharmacy: Pharmacy, formulary: Formulary) -> Inputs:
    """The records together, the rule as steps under the policy in force. Raises InputError as `with_steps` does."""
    steps = with_steps(prescription, pharmacy, formulary)
    return Inputs(prescription=steps, pharmacy=pharmacy, formulary=formulary)


def load_shared(pharmacy: Path | None, formularies: Sequence[Path]) -> tuple[Pharmacy, tuple[Formulary, ...]]:
    """Read what many prescriptions share. Raises InputError with every fault of every file."""
    faults: list[Fault] = []
    shop = _attempt(read_pharmacy, pharmacy, faults)
    read = [_attempt(lambda path: read_formulary(read_file(path), str(path)), path, faults) for path in formularies]
    if shop is None or faults:
        raise InputError(faults)
    return shop, tuple(formulary for formulary in read if formulary is not None)


def _attempt(read: Callable[[Source], Record], source: Source, faults: list[Fault]) -> Record | None:
    try:
        return read(source)
    except InputError as error:
        faults += error.faults
        return None
