"""Words that come from outside: each is checked for characters that must not or can't be printed."""

from __future__ import annotations

from collections.abc import Iterator

from splitter.errors import InputError
from splitter.labels.fonts import unprintable
from splitter.plan import Plan, PlannedProduct


def check_words(plan: Plan) -> None:
    """Raises InputError with every character of the plan's words that can't be printed, each with its place."""
    faults = tuple(fault for key, words in _outside(plan) for fault in unprintable(words, key))
    if faults:
        raise InputError(faults)


def _outside(plan: Plan) -> Iterator[tuple[str, str]]:
    """Every word of the plan that somebody wrote, with its place."""
    prescription, pharmacy = plan.prescription, plan.pharmacy
    yield "prescription.number", prescription.number
    yield "prescription.drug", prescription.drug
    yield "prescription.indication", prescription.indication or ""
    if prescription.patient:
        yield "patient.name", prescription.patient.name
        yield "patient.address", prescription.patient.address or ""
    if prescription.prescriber:
        yield "prescriber.name", prescription.prescriber.name
        yield "prescriber.phone", prescription.prescriber.phone or ""
    yield "pharmacy.name", pharmacy.name
    yield "pharmacy.address", pharmacy.address
    yield "pharmacy.phone", pharmacy.phone
    yield "pharmacy.licence", pharmacy.licence
    yield "currency", plan.currency
    drug = plan.drug
    yield "drug.hazard", drug.hazard or ""
    for words in (*drug.withdrawal_signs, *drug.withdrawal_emergency):
        yield "drug.withdrawal", words
    for place, caution in enumerate(plan.cautions):
        yield f"cautions.{place}", caution.text
    for place, finding in enumerate(plan.findings):
        yield f"findings.{place}", f"{finding.code} {finding.where} {finding.message}"
    for place, product in enumerate(plan.products):
        key = f"products.{place}"
        for said in _words_of(product):
            yield key, said or ""
        for ingredient in product.ingredients:
            yield key, f"{ingredient.name} {ingredient.unit}"


def _words_of(product: PlannedProduct) -> Iterator[str | None]:
    """Every word of a product but its ingredients'."""
    yield from (
        product.name,
        product.storage,
        product.beyond_use_basis,
        product.salt,
        product.source,
        product.container,
    )
    yield from (*product.method, *product.codes, *product.equipment)
    for check in product.quality_checks:
        yield f"{check.check} {check.expected}"
