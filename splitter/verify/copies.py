"""What a plan repeats of its inputs, so that labels can be printed from it alone."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from splitter.formulary import Batch, Bottles, Formulary, Ingredient, Poured, Product
from splitter.plan import (
    FORMAT,
    Finding,
    IngredientAmount,
    Plan,
    PlannedDilution,
    PlannedDrug,
    PlannedEquipment,
    PlannedPharmacy,
    PlannedPrescription,
    PlannedProduct,
)
from splitter.prescription import Pharmacy, Prescription
from splitter.verify.case import Case
from splitter.verify.choice import used_products
from splitter.verify.findings import compare, compare_records


def check_copies(case: Case) -> Iterator[Finding]:
    """The words and figures of prescription, pharmacy and products are the inputs' own."""
    plan = case.plan
    yield from compare("verify-format", "plan", "format", plan.format, FORMAT)
    yield from compare("verify-currency", "plan", "currency", plan.currency, case.pharmacy.currency)
    if case.formulary.currency is not None:
        yield from compare("verify-currency", "formulary", "currency", plan.currency, case.formulary.currency)
    if plan.prescription.drug.casefold() != case.formulary.drug.casefold():
        yield from compare("verify-drug", "formulary", "drug", plan.prescription.drug, case.formulary.drug)
    order = _order_as_planned(case.prescription)
    yield from compare_records("verify-prescription", "prescription", plan.prescription, order)
    yield from compare_records("verify-pharmacy", "pharmacy", plan.pharmacy, _pharmacy_as_planned(case.pharmacy))
    yield from compare_records("verify-drug", "drug", plan.drug, _drug_as_planned(case.formulary))
    yield from compare("verify-division", "plan", "division", case.plan.division, case.policy.division)
    yield from compare("verify-cautions", "plan", "cautions", plan.cautions, case.formulary.cautions)
    hashes = {
        "formulary": case.formulary.sha256,
        "prescription": case.prescription.sha256,
        "pharmacy": case.pharmacy.sha256,
    }
    for name, given in hashes.items():
        stated = getattr(plan.provenance, f"{name}_sha256")
        yield from compare("verify-provenance", "provenance", f"SHA-256 of the {name}", stated, given)
    yield from _check_products(case, plan)


def _check_products(case: Case, plan: Plan) -> Iterator[Finding]:
    stated = tuple(product.id for product in plan.products)
    yield from compare("verify-products", "products", "product ids", stated, tuple(sorted(used_products(plan))))
    for planned in plan.products:
        product = case.products.get(planned.id)
        if product is not None:
            yield from compare_records("verify-product", f"product {planned.id}", planned, _product_as_planned(product))


def _order_as_planned(prescription: Prescription) -> PlannedPrescription:
    return PlannedPrescription(
        number=prescription.number,
        drug=prescription.drug,
        start=prescription.start,
        times=prescription.times,
        written=prescription.written,
        indication=prescription.indication,
        patient=prescription.patient,
        prescriber=prescription.prescriber,
        amendment=prescription.amendment,
    )


def _pharmacy_as_planned(pharmacy: Pharmacy) -> PlannedPharmacy:
    weighed = PlannedEquipment(
        balance_readability_mg=pharmacy.compounding.balance_readability.value,
        balance_minimum_mg=pharmacy.compounding.balance_minimum.value,
    )
    return PlannedPharmacy(
        name=pharmacy.name,
        address=pharmacy.address,
        phone=pharmacy.phone,
        licence=pharmacy.licence,
        equipment=weighed,
    )


def _drug_as_planned(formulary: Formulary) -> PlannedDrug:
    control, hazard, withdrawal = formulary.control, formulary.hazard, formulary.withdrawal
    return PlannedDrug(
        name=formulary.drug,
        schedule=None if control is None else control.schedule,
        hazard=None if hazard is None else hazard.text,
        withdrawal_signs=() if withdrawal is None else withdrawal.signs,
        withdrawal_emergency=() if withdrawal is None else withdrawal.emergency,
    )


def _product_as_planned(product: Product) -> PlannedProduct:
    batch = product.supply if isinstance(product.supply, Batch) else None
    bottles = product.supply if isinstance(product.supply, Bottles) else None
    poured = product.supply if isinstance(product.supply, Poured) else None
    lots = batch or bottles or poured
    return PlannedProduct(
        id=product.id,
        name=product.name,
        form=product.form,
        strength_mg=None if product.strength is None else product.strength.value,
        concentration_mg_per_mL=None if product.concentration is None else product.concentration.value,
        compounded=batch is not None,
        storage=product.storage,
        shake=product.shake,
        in_use_days=None if bottles is None else bottles.in_use,
        beyond_use_days=None if batch is None else batch.beyond_use,
        beyond_use_basis=None if batch is None else batch.beyond_use_basis,
        overage=None if lots is None else lots.overage,
        batch_step=None if batch is None else batch.step,
        batch_min=None if batch is None else batch.minimum,
        batch_max=None if batch is None else batch.maximum,
        ingredients=() if batch is None else _ingredients_as_planned(batch),
        method=() if batch is None else batch.method,
        salt=product.salt,
        codes=product.codes,
        certainty=None if product.provenance is None else product.provenance.certainty,
        source=None if product.provenance is None else product.provenance.source,
        container=product.container,
        equipment=() if batch is None else batch.equipment,
        quality_checks=() if batch is None else batch.quality_checks,
        keeps_days=None if poured is None else poured.keeps,
        pour_step=None if poured is None else poured.step,
    )


def _ingredients_as_planned(batch: Batch) -> tuple[IngredientAmount, ...]:
    return tuple(
        IngredientAmount(
            name=part.name,
            amount=part.amount,
            unit=part.unit,
            active_mg=None if part.active is None else part.active.value,
            to_volume=part.to_volume,
            dilution=_dilution_as_planned(part),
        )
        for part in batch.ingredients
    )


def _dilution_as_planned(part: Ingredient) -> PlannedDilution | None:
    if part.dilution is None or part.powder is None or part.diluent is None:
        return None
    return PlannedDilution(
        powder=part.powder,
        diluent=part.diluent,
        part=part.dilution.part,
        whole=part.dilution.whole,
        salt_factor=Fraction(1) if part.salt_factor is None else part.salt_factor,
    )
