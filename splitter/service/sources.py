"""Whose faults they are: what is wrong with a plan or a prescription, in terms of the files that a person wrote.

Below the door there are records, which know neither files nor lines: a fault found there names the record and a field.
Here it gets the file, the key and the line that must be mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from splitter.bounds import MOST_PLAN
from splitter.codec import TomlReader, read_file, with_lines
from splitter.errors import Fault, InputError
from splitter.files import configuration_directory, shown_path
from splitter.formulary import stated_at
from splitter.plan import Plan

_PLAN, _ORDER, _FORMULARY = "plan", "prescription ", "formulary"
_PRODUCT = "product "
"""Begins a key of a product by its id, with the key in its table behind."""
_OF_PLAN = {"patient": "prescription.patient", "prescriber": "prescription.prescriber"}
"""Where a plan file has what a prescription file has at its head."""
_OF_ORDER = ("prescription", "patient", "prescriber", "step", "taper", "policy", "at_home")
_OF_HEAD = {"cautions": "cautions", "drug.hazard": "hazard.text", "drug.withdrawal": "withdrawal"}
_OF_PHARMACY = {"pharmacy": "pharmacy", "currency": "pharmacy.currency"}
_IN_LIST = re.compile(r"(products|items)\.([0-9]+)[. ]?(.*)")


def by_product(error: InputError, plan: Plan) -> InputError:
    """The faults of a plan's papers, each about a product by its id, where it had its place in the plan's lists.

    The place says nothing to somebody who wrote a prescription and a formulary.
    """

    def named(fault: Fault) -> Fault:
        match = _IN_LIST.fullmatch(fault.key)
        if fault.file != _PLAN or match is None:
            return fault
        listed, place, key = match[1], int(match[2]), match[3]
        product = plan.products[place].id if listed == "products" else plan.items[place].product
        return replace(fault, key=f"{_PRODUCT}{product} {key}")

    return InputError(map(named, error.faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The files of one question; None where there is none, for the pharmacy where none was named."""

    prescription: Path | None = None
    plan: Path | None = None
    pharmacy: Path | None = None
    formularies: tuple[Path, ...] = ()

    def placed(self, faults: Iterable[Fault]) -> InputError:
        """The faults with the files, keys and lines that the person wrote."""
        found = tuple(faults)
        planned = [fault for fault in found if fault.file == _PLAN and self.plan is not None]
        return InputError((*self._in_plan(planned), *(self._placed(each) for each in found if each not in planned)))

    def _in_plan(self, faults: Iterable[Fault]) -> tuple[Fault, ...]:
        if self.plan is None:
            return ()
        found = [replace(fault, file=shown_path(self.plan), key=_planned(fault.key)) for fault in faults]
        try:
            return with_lines(found, read_file(self.plan, MOST_PLAN))
        except InputError:
            return tuple(found)

    def _placed(self, fault: Fault) -> Fault:
        is_ordered = fault.file.startswith(_ORDER) or (not fault.file and fault.key.startswith("prescription."))
        if (fault.file not in (_PLAN, _FORMULARY) and not is_ordered) or self.prescription is None:
            return fault
        if fault.file == _FORMULARY or fault.key.startswith((_PRODUCT, *_OF_HEAD)):
            return self._of_drug(self.prescription, fault)
        for prefix, own in _OF_PHARMACY.items():
            if fault.key == prefix or fault.key.startswith(f"{prefix}."):
                return _located(self._pharmacy(), own + fault.key.removeprefix(prefix), fault)
        if fault.key.startswith("policy.") and not _states(self.prescription, fault.key):
            return _located(self._pharmacy(), fault.key, fault)
        return _located(self.prescription, _ordered(self.prescription, fault.key), fault)

    def _pharmacy(self) -> Path:
        own = configuration_directory() / "pharmacy.toml"
        return self.pharmacy or (own if own.is_file() else Path("built-in pharmacy.toml"))

    def _of_drug(self, order: Path, fault: Fault) -> Fault:
        """A fault of a product, or of what is stated at the head of the drug's file."""
        drug = next((str(reader.part(str, "prescription", "drug")) for reader in _readers(order)), "")
        if fault.key.startswith(_PRODUCT):
            product, _, key = fault.key.removeprefix(_PRODUCT).partition(" ")
            return stated_at(drug, product, _listed(key), self.formularies, fault)
        for prefix, own in _OF_HEAD.items():
            if fault.key.startswith(prefix):
                return stated_at(drug, None, _listed(own + fault.key.removeprefix(prefix)), self.formularies, fault)
        return stated_at(drug, None, "", self.formularies, fault)


def _planned(key: str) -> str:
    """Where a plan file has what the labels found wrong."""
    head, dot, rest = re.sub(r"^(items\.[0-9]+) .*", r"\1", key).partition(".")
    return _listed(_OF_PLAN.get(head, head) + dot + rest)


def _listed(key: str) -> str:
    """A dotted path with the places of lists as files have them: `cautions.0` is `cautions[0]`."""
    return re.sub(r"\.([0-9]+)", r"[\1]", key)


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
