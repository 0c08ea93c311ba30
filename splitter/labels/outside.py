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
    for place, each in enumerate(plan.accepted):
        yield f"accepted.{place}", f"{each.by} {each.why}"
    for place, product in enumerate(plan.products):
        yield from ((f"products.{place}.{key}", words) for key, words in _words_of(product))


def _words_of(product: PlannedProduct) -> Iterator[tuple[str, str]]:
    """Every word of a product, with its place there."""
    for key in ("name", "storage", "beyond_use_basis", "salt", "source", "container"):
        yield key, getattr(product, key) or ""
    for key in ("method", "codes", "equipment"):
        yield from ((f"{key}.{place}", words) for place, words in enumerate(getattr(product, key)))
    for place, ingredient in enumerate(product.ingredients):
        yield f"ingredients.{place}", f"{ingredient.name} {ingredient.unit}"
    for place, check in enumerate(product.quality_checks):
        yield f"quality_checks.{place}", f"{check.check} {check.expected}"
