"""Which formularies are in force, and how sure what they say is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from splitter.codec import read_file
from splitter.errors import Fault, InputError
from splitter.formulary import (
    Batch,
    Certainty,
    Formulary,
    Overlaid,
    Provenance,
    known_drugs,
    listed,
    nearest,
    overlay,
    read_formulary,
    read_overlays,
    same_drug,
    with_beyond_use,
)
from splitter.prescription import Compounding
from splitter.units import quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugSummary:
    """One drug: how many products are bought and compounded, and how many facts are how sure.

    A fact is what one source is cited for: a product, a study, the head of the file, a taper, where tapers end, which
    end of the day has the larger doses. `unsourced` facts are those of a pharmacy's own files that name none. `own` are
    the files of the user's own that have a say.
    """

    drug: str
    products: int
    available: int
    recipes: int
    label: int
    secondary: int
    unverified: int
    unsourced: int
    illustrative_prices: int
    own: tuple[str, ...]


def in_force(files: Sequence[Path] = ()) -> tuple[Overlaid, ...]:
    """Every formulary: those of `files` as they stand, the others as built in with the user's own files over them.

    Raises InputError with the faults of all.
    """
    given, faults = _given(files)
    overlays = read_overlays()
    found = {formulary.drug: Overlaid(formulary=formulary) for formulary in given}
    for drug in known_drugs(overlays):
        if any(same_drug(drug, formulary.drug) for formulary in given):
            continue
        try:
            laid = overlay(drug, overlays)
        except InputError as error:
            faults += error.faults
        else:
            found |= {drug: laid} if laid else {}
    if faults:
        raise InputError(dict.fromkeys(faults))
    return tuple(laid for _, laid in sorted(found.items()))


def overview(files: Sequence[Path] = ()) -> tuple[DrugSummary, ...]:
    """Every drug in one line. Raises InputError with the faults of all files."""
    return tuple(map(_summary, in_force(files)))


def shown_drug(drug: str, files: Sequence[Path] = (), compounding: Compounding | None = None) -> Overlaid:
    """All that is in force for one drug, with the beyond-use dates of a pharmacy that compounds so.

    Raises InputError for a drug that is not known.
    """
    laid = _in_force_for(drug, files)
    if compounding is None:
        return laid
    products = tuple(with_beyond_use(product, compounding) for product in laid.formulary.products)
    return replace(laid, formulary=replace(laid.formulary, products=products))


def _in_force_for(drug: str, files: Sequence[Path]) -> Overlaid:
    given, faults = _given(files)
    if faults:
        raise InputError(faults)
    for formulary in given:
        if same_drug(drug, formulary.drug):
            return Overlaid(formulary=formulary)
    overlays = read_overlays()
    laid = overlay(drug, overlays)
    if laid is None:
        names = [*known_drugs(overlays), *(formulary.drug for formulary in given)]
        raise InputError([Fault(file="", key="DRUG", found=quoted(drug), remedy=nearest(drug, names))])
    return laid


def _given(files: Sequence[Path]) -> tuple[list[Formulary], list[Fault]]:
    """The formularies of files, and the faults of those that can't be read."""
    read: list[Formulary] = []
    faults: list[Fault] = []
    for path in files:
        try:
            read.append(read_formulary(read_file(path), str(path)))
        except InputError as error:
            faults += error.faults
    return read, faults


def _summary(laid: Overlaid) -> DrugSummary:
    formulary = laid.formulary
    once = listed(formulary)
    sure = Counter(None if origin is None else origin.certainty for origin in _origins(formulary))
    return DrugSummary(
        drug=formulary.drug,
        products=sum(not product.is_compounded for product in once),
        available=sum(product.available for product in once if not product.is_compounded),
        recipes=sum(product.is_compounded for product in once),
        label=sure[Certainty.LABEL],
        secondary=sure[Certainty.SECONDARY],
        unverified=sure[Certainty.UNVERIFIED],
        unsourced=sure[None],
        illustrative_prices=sum(product.illustrative_price for product in once),
        own=tuple(dict.fromkeys(fact.file for fact in laid.own)),
    )


def _origins(formulary: Formulary) -> Iterator[Provenance | None]:
    """The origin of each fact, None for one that names none."""
    yield formulary.provenance
    if formulary.larger_dose is not None:
        yield formulary.larger_dose_provenance
    if formulary.taper_end is not None:
        yield formulary.taper_end_provenance
    facts = (
        formulary.codes,
        formulary.control,
        formulary.hazard,
        formulary.withdrawal,
        formulary.limits,
        formulary.half_life,
        formulary.stopping,
        *formulary.kidney,
        *formulary.tapers,
    )
    yield from (fact.provenance for fact in facts if fact is not None)
    for product in listed(formulary):
        yield product.provenance
        if isinstance(product.supply, Batch):
            studies = (product.supply.monograph, *product.supply.published)
            yield from (study.provenance for study in studies if study is not None)
