"""What the search found, written down as the plan's record: regimens, items, costs, words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from splitter import __version__
from splitter.errors import SplitterError
from splitter.formulary import Batch, Bottles, Formulary, Ingredient, Poured, Product
from splitter.optimise import Dose, Solution, day_use
from splitter.plan import (
    FORMAT,
    Administration,
    ChosenStrengths,
    CostSummary,
    IngredientAmount,
    Item,
    Plan,
    PlannedDilution,
    PlannedDrug,
    PlannedEquipment,
    PlannedHome,
    PlannedPharmacy,
    PlannedPrescription,
    PlannedProduct,
    PlannedStep,
    PlanProvenance,
    Status,
)
from splitter.prescription import Pharmacy, Prescription, Step
from splitter.problem import Problem
from splitter.quantity import Money, format_exact
from splitter.service.inputs import Inputs
from splitter.supply import FromHome, Supplied, costs_of, dispense, from_home, triturations

SOLVER = "splitter exact search"

_ZERO = Fraction(0)
Regimen = tuple[Dose, ...] | None


def assemble(inputs: Inputs, problem: Problem, solution: Solution) -> Plan:
    """The plan's record of a solution, without findings.

    Raises SplitterError when the search and the supply rules come to different exact objectives.
    """
    supplied: tuple[Supplied, ...] = ()
    costs = objective = total = None
    if solution.settled is not None:
        supplied = dispense(solution.settled, [day_use(regimen) for regimen in solution.regimens])
        costs = _costs(problem, supplied, solution.regimens)
        total = costs.products + costs.item_fees + costs.split_fees
        objective = total + costs.burdens
        _compare_exactly(solution, supplied, costs)
    return Plan(
        format=FORMAT,
        status=solution.status,
        currency=inputs.pharmacy.currency,
        objective=objective,
        total=total,
        lower_bound=_lower_bound(solution, objective),
        steps=_steps(problem, solution),
        items=tuple(_item(inputs, problem, each.item) for each in supplied),
        costs=costs,
        findings=(),
        conflicts=solution.conflicts,
        prescription=_prescription(inputs.prescription),
        pharmacy=_pharmacy(inputs.pharmacy),
        drug=_drug(inputs.formulary),
        products=_products(problem, solution, supplied),
        at_home=tuple(_at_home(inputs.prescription, problem, solution)),
        cautions=inputs.formulary.cautions,
        division=problem.policy.division,
        strengths=_strengths(problem, solution, supplied),
        provenance=_provenance(inputs),
    )


def _costs(problem: Problem, supplied: Sequence[Supplied], regimens: Sequence[Regimen]) -> CostSummary:
    """The plan's money: the items' rounded costs, the fees, and the burdens over all days."""
    products, item_fees, split_fees = costs_of(problem, supplied)
    return CostSummary(
        products=products,
        item_fees=item_fees,
        split_fees=split_fees,
        burdens=sum(
            (step.days * _burden(problem, regimen) for step, regimen in zip(problem.steps, regimens, strict=True)),
            _ZERO,
        ),
    )


def _burden(problem: Problem, regimen: Regimen) -> Fraction:
    """The burdens of one day, in money."""
    takes = [take for dose in regimen or () for take in dose.take]
    split = sum(take.count for take in takes if take.fraction != 1)
    pieces = sum(take.count for take in takes)
    volumes = sum(dose.measure is not None for dose in regimen or ())
    policy = problem.policy
    return (
        split * _money(policy.split_burden)
        + pieces * _money(policy.piece_burden)
        + volumes * _money(policy.measure_burden)
    )


def _money(burden: Money | None) -> Fraction:
    return _ZERO if burden is None else burden.value


def _compare_exactly(solution: Solution, supplied: Iterable[Supplied], costs: CostSummary) -> None:
    """Raise SplitterError where the search and the supply rules disagree.

    The lots of a search that a limit ended need not be the cheapest for its regimens, as those handed over are.
    """
    exact = sum((each.cost for each in supplied), _ZERO) + costs.item_fees + costs.split_fees + costs.burdens
    said = solution.objective
    is_cheaper = said is not None and solution.status is Status.FEASIBLE and exact < said
    if said != exact and not is_cheaper:
        words = "none" if said is None else format_exact(said)
        message = f"the search says that the plan costs {words}, what is handed over costs {format_exact(exact)}"
        raise SplitterError(f"a fault of the program: {message}; please report it with the prescription")


def _lower_bound(solution: Solution, objective: Fraction | None) -> Fraction | None:
    """The proved bound. Items are rounded for the record, so it may not stand above the recorded objective."""
    if objective is None or solution.lower_bound is None or solution.status is Status.OPTIMAL:
        return objective
    return min(solution.lower_bound, objective)


def _steps(problem: Problem, solution: Solution) -> tuple[PlannedStep, ...]:
    infeasible = solution.status is Status.INFEASIBLE
    regimens = (None,) * len(problem.steps) if infeasible else solution.regimens
    dated = zip(problem.steps, problem.step_starts, regimens, strict=True)
    steps = (_step(problem, step, first, regimen, infeasible) for step, first, regimen in dated)
    settled = solution.settled
    return tuple(
        replace(step, form=settled.giving(number).form) if settled and step.administrations else step
        for number, step in enumerate(steps)
    )


def _step(problem: Problem, step: Step, first: int, regimen: Regimen, infeasible: bool) -> PlannedStep:
    given = tuple(
        Administration(time=time, dose_mg=_dose(problem, dose), take=dose.take, measure=dose.measure)
        for time, dose in zip(problem.times, regimen or (), strict=regimen is not None)
    )
    return PlannedStep(
        start=problem.date(first),
        days=step.days,
        target_mg=step.target.value,
        delivered_mg=None if infeasible else sum((each.dose_mg for each in given), _ZERO),
        administrations=given,
    )


def _dose(problem: Problem, dose: Dose) -> Fraction:
    """What one administration gives [mg]."""
    strengths = {p.id: p.strength.value for p in problem.products if p.strength is not None}
    mass = sum((take.count * take.fraction * strengths[take.product] for take in dose.take), _ZERO)
    if dose.measure is None:
        return mass
    concentrations = {p.id: p.concentration.value for p in problem.products if p.concentration is not None}
    return mass + dose.measure.mL * concentrations[dose.measure.product]


def _prescription(prescription: Prescription) -> PlannedPrescription:
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


def _pharmacy(pharmacy: Pharmacy) -> PlannedPharmacy:
    balance = pharmacy.compounding
    return PlannedPharmacy(
        name=pharmacy.name,
        address=pharmacy.address,
        phone=pharmacy.phone,
        licence=pharmacy.licence,
        equipment=PlannedEquipment(
            balance_readability_mg=balance.balance_readability.value,
            balance_minimum_mg=balance.balance_minimum.value,
        ),
    )


def _drug(formulary: Formulary) -> PlannedDrug:
    warned = formulary.withdrawal
    return PlannedDrug(
        name=formulary.drug,
        schedule=formulary.control.schedule if formulary.control else None,
        hazard=formulary.hazard.text if formulary.hazard else None,
        withdrawal_signs=warned.signs if warned else (),
        withdrawal_emergency=warned.emergency if warned else (),
    )


def _at_home(prescription: Prescription, problem: Problem, solution: Solution) -> Iterator[PlannedHome]:
    """What is at home of each product, and what of it is used."""
    regimens = [day_use(regimen) for regimen in solution.regimens]
    allowed = {product.id: product for product in problem.products}
    names = {product.id: product.name for product in problem.stock}
    for home in prescription.at_home:
        product, settled = allowed.get(home.product), solution.settled
        taken = from_home(problem, product, regimens)[1] if product is not None and settled is not None else FromHome()
        yield PlannedHome(
            product=home.product,
            name=names[home.product],
            units=home.units,
            halves=home.halves,
            thirds=home.thirds,
            quarters=home.quarters,
            volume_mL=home.volume.value,
            use_by=home.use_by,
            used=taken.use.total,
            used_until=None if taken.last_day is None else problem.date(taken.last_day),
        )


def _products(problem: Problem, solution: Solution, supplied: Iterable[Supplied]) -> tuple[PlannedProduct, ...]:
    """What is handed over, and what is only taken from home."""
    used = {each.item.product for each in supplied}
    used.update(*(day_use(regimen) for regimen in solution.regimens))
    return tuple(_product(product) for product in problem.products if product.id in used)


def _strengths(problem: Problem, solution: Solution, supplied: Iterable[Supplied]) -> ChosenStrengths | None:
    """What was chosen, where the plan has capsules of a recipe that states several strengths."""
    used = {each.item.product for each in supplied}
    capsules = [p for p in problem.products if p.id in used and p.is_compounded and not p.is_liquid]
    if solution.choice is None or not any(product.is_chosen for product in capsules):
        return None
    return ChosenStrengths(
        products=tuple(product.id for product in capsules),
        offered=solution.choice.offered,
        at_most=problem.policy.compounded_strengths,
        sets=solution.choice.sets,
    )


def _product(product: Product) -> PlannedProduct:
    batch = product.supply if isinstance(product.supply, Batch) else None
    poured = product.supply if isinstance(product.supply, Poured) else None
    return PlannedProduct(
        id=product.id,
        name=product.name,
        form=product.form,
        strength_mg=product.strength.value if product.strength else None,
        concentration_mg_per_mL=product.concentration.value if product.concentration else None,
        compounded=batch is not None,
        storage=product.storage,
        shake=product.shake,
        in_use_days=product.supply.in_use if isinstance(product.supply, Bottles) else None,
        beyond_use_days=batch.beyond_use if batch else None,
        beyond_use_basis=batch.beyond_use_basis if batch else None,
        overage=product.supply.overage if isinstance(product.supply, Bottles | Poured | Batch) else None,
        batch_step=batch.step if batch else None,
        batch_min=batch.minimum if batch else None,
        batch_max=batch.maximum if batch else None,
        ingredients=tuple(map(_ingredient, batch.ingredients)) if batch else (),
        method=batch.method if batch else (),
        salt=product.salt,
        codes=product.codes,
        certainty=product.provenance.certainty if product.provenance else None,
        source=product.provenance.source if product.provenance else None,
        container=product.container,
        equipment=batch.equipment if batch else (),
        quality_checks=batch.quality_checks if batch else (),
        keeps_days=poured.keeps if poured else None,
        pour_step=poured.step if poured else None,
    )


def _ingredient(part: Ingredient) -> IngredientAmount:
    return IngredientAmount(
        name=part.name,
        amount=part.amount,
        unit=part.unit,
        active_mg=part.active.value if part.active else None,
        to_volume=part.to_volume,
        dilution=_dilution(part),
    )


def _dilution(part: Ingredient) -> PlannedDilution | None:
    if part.dilution is None:
        return None
    return PlannedDilution(
        powder=part.powder or "",
        diluent=part.diluent or "",
        part=part.dilution.part,
        whole=part.dilution.whole,
        salt_factor=part.salt_factor or Fraction(1),
    )


def _item(inputs: Inputs, problem: Problem, item: Item) -> Item:
    """The item with what is weighed for the triturations of its batches."""
    supply = next(product.supply for product in problem.products if product.id == item.product)
    if not isinstance(supply, Batch):
        return item
    return replace(item, triturations=triturations(item, supply, inputs.pharmacy.compounding))


def _provenance(inputs: Inputs) -> PlanProvenance:
    return PlanProvenance(
        version=__version__,
        formulary_sha256=inputs.formulary.sha256,
        prescription_sha256=inputs.prescription.sha256,
        pharmacy_sha256=inputs.pharmacy.sha256,
        solver=SOLVER,
    )
