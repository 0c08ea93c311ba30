"""Whose faults they are: what is wrong with a plan or a prescription, in terms of the files that a person wrote.

Below the door there are records, which know neither files nor lines: a fault found there names the record and a field.
Here it gets the file, the key and the line that must be mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from splitter.codec import TomlReader, read_file
from splitter.errors import Fault, InputError
from splitter.files import configuration_directory, shown_path

_PLAN = "plan"
_ORDER = "prescription "
_OF_PLAN = {"patient": "prescription.patient", "prescriber": "prescription.prescriber"}
"""Where a plan file has what a prescription file has at its head."""
_OF_ORDER = ("prescription", "patient", "prescriber", "step", "taper", "policy", "at_home")
_OF_FORMULARY = {"cautions": "cautions", "drug.hazard": "hazard.text", "drug.withdrawal": "withdrawal"}
_OF_PHARMACY = {"pharmacy": "pharmacy", "currency": "pharmacy.currency"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The files of one question; None where there is none, for the pharmacy where none was named."""

    prescription: Path | None = None
    plan: Path | None = None
    pharmacy: Path | None = None
    formularies: tuple[Path, ...] = ()

    def placed(self, faults: Iterable[Fault]) -> InputError:
        """The faults with the files, keys and lines that the person wrote."""
        return InputError(map(self._placed, faults))

    def _placed(self, fault: Fault) -> Fault:
        is_ordered = fault.file.startswith(_ORDER) or (not fault.file and fault.key.startswith("prescription."))
        if fault.file == _PLAN and self.plan is not None:
            head, dot, rest = fault.key.partition(".")
            return replace(fault, file=shown_path(self.plan), key=_OF_PLAN.get(head, head) + dot + rest)
        if (fault.file != _PLAN and not is_ordered) or self.prescription is None:
            return fault
        for prefix, own in _OF_PHARMACY.items():
            if fault.key == prefix or fault.key.startswith(f"{prefix}."):
                return _located(self._pharmacy(), own + fault.key.removeprefix(prefix), fault)
        for prefix, own in _OF_FORMULARY.items():
            if fault.key.startswith(prefix):
                rest = re.sub(r"\.([0-9]+)", r"[\1]", fault.key.removeprefix(prefix))
                return _located(self._formulary(), own + rest, fault)
        if fault.key.startswith("policy.") and not _states(self.prescription, fault.key):
            return _located(self._pharmacy(), fault.key, fault)
        return _located(self.prescription, _ordered(self.prescription, fault.key), fault)

    def _pharmacy(self) -> Path:
        own = configuration_directory() / "pharmacy.toml"
        return self.pharmacy or (own if own.is_file() else Path("built-in pharmacy.toml"))

    def _formulary(self) -> Path:
        return self.formularies[0] if len(self.formularies) == 1 else Path("formulary")


def _ordered(path: Path, key: str) -> str:
    """The key under which a prescription states something: steps that a rule made are the rule's."""
    if key.startswith("step[") and not _states(path, "step"):
        return "taper"
    return key if key.startswith(_OF_ORDER) else ""


def _states(path: Path, key: str) -> bool:
    return any(reader.states(key) for reader in _readers(path))


def _located(path: Path, key: str, fault: Fault) -> Fault:
    """The fault at a key of a file, with its line where the file can be read."""
    line = next((reader.line(key) for reader in _readers(path)), None)
    named = key or fault.key
    return replace(fault, file=shown_path(path), key=named, line=line)


def _readers(path: Path) -> Iterator[TomlReader]:
    """A reader of the file, none where it can't be read: then the fault stands without its line."""
    try:
        yield TomlReader(read_file(path), str(path))
    except InputError:
        return
