"""Which file speaks for a drug: one that is given, else the built-in one with the user's own files laid over it."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from splitter.codec import read_file
from splitter.errors import Fault, InputError
from splitter.formulary.overlay import known_drugs, overlay, read_overlays, same_drug
from splitter.formulary.reading import read_formulary
from splitter.formulary.records import Formulary


def load_formulary(drug: str, files: Sequence[Path] = ()) -> Formulary:
    """The formulary of one drug: of `files` the one that names it, else the built-in one with the user's own over it.

    Raises InputError with the faults of the files, and for a drug that none of them knows.
    """
    return choose_formulary(drug, [read_formulary(read_file(path), str(path)) for path in files])


def choose_formulary(drug: str, formularies: Sequence[Formulary]) -> Formulary:
    """The one of `formularies` that names the drug as it stands, else the built-in one with the user's own over it.

    Raises InputError where several name it, and for a drug that none knows.
    """
    given = [formulary for formulary in formularies if same_drug(drug, formulary.drug)]
    if len(given) > 1:
        found = f"{len(given)} files for {given[0].drug}"
        raise InputError([_fault("--formulary", found, "give one file for each drug")])
    if given:
        return given[0]
    overlays = read_overlays()
    laid = overlay(drug, overlays)
    if laid is not None:
        return laid.formulary
    known = known_drugs(overlays)
    near = get_close_matches(drug.casefold(), known, n=3)
    words = f"write {' or '.join(near)}," if near else f"write one of {', '.join(known)},"
    raise InputError([_fault("prescription.drug", drug, f"{words} or give a --formulary for it")])


def _fault(key: str, found: str, remedy: str) -> Fault:
    return Fault(file="", key=key, found=found, remedy=remedy)
