"""Rules R1 to R4 for each step: dose, pieces, free division, measuring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from splitter.plan import Administration, Finding, Measure, PlannedStep
from splitter.prescription import DivisionRule, LargerDose, Step, Syringe
from splitter.quantity import Mass, format_exact
from splitter.verify.case import Case
from splitter.verify.doses import Amounts, amounts_of_formulary, check_doses, dose, step_place, time_place
from splitter.verify.findings import compare, stop
from splitter.verify.measuring import largest_capacity, that_measure
from splitter.verify.pieces import allowed_fractions
from splitter.verify.resolving import error_of_part, error_of_volume, rooms_of

_PARTS = (Fraction(1, 2), Fraction(1, 3), Fraction(1, 4))


def check_steps(case: Case) -> Iterator[Finding]:
    """The plan's steps are the prescription's: how many, when, how long, which target."""
    planned, ordered = case.plan.steps, case.prescription.steps
    if len(planned) != len(ordered):
        yield from compare("verify-steps", "steps", "number of steps", len(planned), len(ordered))
        return
    for number, ((day, step), order) in enumerate(zip(case.dated_steps(), ordered, strict=True), 1):
        where = step_place(number)
        yield from compare("verify-steps", where, "first day", step.start, case.date(day))
        yield from compare("verify-steps", where, "days", step.days, order.days)
        yield from compare("verify-target", where, "target [mg]", step.target_mg, order.target.value)


def check_regimens(case: Case) -> Iterator[Finding]:
    """Every rule that one step can break by itself."""
    amounts = amounts_of_formulary(case.formulary)
    rooms = rooms_of(case.prescription.steps, case.policy)
    for number, (planned, step) in enumerate(zip(case.plan.steps, case.prescription.steps, strict=True), 1):
        yield from check_doses(number, planned, amounts)
        if not step.target:
            given = len(planned.administrations)
            yield from compare("verify-drug-free", step_place(number), "administrations of a drug-free step", given, 0)
            continue
        yield from _check_times(case, number, planned)
        yield from _check_target(case, number, planned, step)
        if step.doses is None and case.policy.division is DivisionRule.FREE:
            yield from _check_division(case, number, planned, amounts)
        for administration in planned.administrations:
            where = time_place(number, administration)
            yield from _check_pieces(case, where, administration)
            yield from _check_exactness(case, where, administration, rooms[number - 1])
            if administration.measure is not None:
                yield from _check_measure(case, where, administration.measure)
                yield from _check_share(case, where, administration, amounts)


def _check_times(case: Case, number: int, planned: PlannedStep) -> Iterator[Finding]:
    times = tuple(administration.time for administration in planned.administrations)
    yield from compare("verify-times", step_place(number), "administration times", times, case.prescription.times)


def _check_target(case: Case, number: int, planned: PlannedStep, step: Step) -> Iterator[Finding]:
    """Rule R1: the day's total or, where the prescription states them, the dose of each time in its place."""
    amounts = amounts_of_formulary(case.formulary)
    given = tuple(dose(administration, amounts) for administration in planned.administrations)
    if step.doses is None:
        yield from _check_near(case, step_place(number), sum(given, Fraction(0)), step.target)
        return
    for administration, gives, stated in zip(planned.administrations, given, step.doses, strict=False):
        where = time_place(number, administration)
        yield from _check_near(case, where, gives, stated)
        if not stated and (administration.take or administration.measure):
            yield stop("verify-R1", where, "something is given where the prescription states a dose of 0 mg")


def _check_near(case: Case, where: str, given: Fraction, target: Mass) -> Iterator[Finding]:
    tolerance = case.prescription.tolerance.of(target).value
    if abs(given - target.value) > tolerance:
        message = f"gives {format_exact(given)} mg; the prescription says {target} within {format_exact(tolerance)} mg"
        yield stop("verify-R1", where, message)


def _check_division(case: Case, number: int, planned: PlannedStep, amounts: Amounts) -> Iterator[Finding]:
    """Rule R3, and larger administrations at the end of the day that the prescription names."""
    doses = [dose(administration, amounts) for administration in planned.administrations]
    if not doses:
        return
    where, spread = step_place(number), max(doses) - min(doses)
    if case.max_imbalance is not None and spread > case.max_imbalance:
        limit = format_exact(case.max_imbalance)
        message = f"administrations differ by {format_exact(spread)} mg; at most {limit} mg is allowed"
        yield stop("verify-R3", where, message)
    if doses != sorted(doses, reverse=case.larger_dose is LargerDose.FIRST):
        said = ", ".join(format_exact(gives) for gives in doses)
        yield stop("verify-larger-dose", where, f"{said} mg: larger doses belong {case.larger_dose.value}")


def _check_pieces(case: Case, where: str, administration: Administration) -> Iterator[Finding]:
    """Rule R2."""
    pieces = sum(take.count for take in administration.take)
    if pieces > case.policy.max_pieces:
        yield stop("verify-R2", where, f"{pieces} pieces; the most is {case.policy.max_pieces}")
    for (product_id, fraction), entries in Counter(
        (take.product, take.fraction) for take in administration.take
    ).items():
        if entries > 1:
            yield stop("verify-take", where, f"{product_id} × {format_exact(fraction)} is listed {entries} times")
    listed = [(take.product, -take.fraction) for take in administration.take]
    if listed != sorted(listed):
        yield stop("verify-order", where, "pieces stand by product, the larger before the smaller")
    for take in administration.take:
        if take.count < 1:
            yield stop("verify-take", where, f"{take.count} pieces of {take.product}; it should be 1 or more")
        product = case.products.get(take.product)
        if product is not None and take.fraction not in allowed_fractions(product, case.policy.split):
            yield stop("verify-R2", where, f"{product.id} must not be taken in pieces of {format_exact(take.fraction)}")


def _check_exactness(
    case: Case, where: str, administration: Administration, room: Fraction | None
) -> Iterator[Finding]:
    """Rule R8."""
    if room is None:
        return
    for what, error in _errors(case, administration):
        if error > room:
            yield stop("verify-R8", where, f"{what}: not exact enough for the step to be resolved")


def _errors(case: Case, administration: Administration) -> Iterator[tuple[str, Fraction]]:
    """The parts of tablets and the volume of an administration, as far as they are known, each with its error [mg]."""
    for take in administration.take:
        product = case.products.get(take.product)
        if product is not None and product.strength is not None and take.fraction in _PARTS:
            error = error_of_part(product, take.fraction, case.policy)
            yield f"{product.id} × {format_exact(take.fraction)}", error
    measure = administration.measure
    liquid = case.products.get(measure.product) if measure is not None else None
    if measure is None or liquid is None or liquid.concentration is None:
        return
    # What no syringe may measure is told by R4.
    if 0 < measure.mL <= case.policy.max_volume.value:
        error = error_of_volume(liquid.concentration.value, measure.mL, case.policy)
        yield f"{format_exact(measure.mL)} mL of {liquid.id}", error


def _check_measure(case: Case, where: str, measure: Measure) -> Iterator[Finding]:
    """Rule R4."""
    least, most = case.policy.min_volume.value, case.policy.max_volume.value
    if not least <= measure.mL <= most:
        said = f"{format_exact(measure.mL)} mL; allowed are {format_exact(least)} to {format_exact(most)} mL"
        yield stop("verify-R4", where, said)
    largest = largest_capacity(case.policy)
    rest = measure.mL % largest if measure.mL > largest > 0 else Fraction(0)
    if measure.mL <= largest:
        syringes = that_measure(case.policy, measure.mL)
    else:
        if rest and (rest < least or not that_measure(case.policy, rest)):
            yield stop("verify-R4", where, f"the rest of {format_exact(rest)} mL after full draws can't be measured")
        syringes = [syringe for syringe in case.policy.syringes if syringe.capacity.value == largest]
    if not syringes:
        yield stop("verify-R4", where, f"no syringe of the policy measures {format_exact(measure.mL)} mL")
    else:
        yield from _check_syringe(where, "the volume", measure.syringe, syringes)
    if rest:
        yield from _check_syringe(where, "the rest", measure.rest_syringe, that_measure(case.policy, rest))
    elif measure.rest_syringe is not None:
        yield stop("verify-syringe", where, f"the plan says {measure.rest_syringe!r} for a rest that there isn't")


def _check_syringe(where: str, what: str, stated: str | None, right: Sequence[Syringe]) -> Iterator[Finding]:
    if right and stated not in {syringe.text for syringe in right}:
        said = " or ".join(repr(syringe.text) for syringe in right)
        yield stop("verify-syringe", where, f"the plan says {stated!r}; {what} belongs in {said}")


def _check_share(case: Case, where: str, administration: Administration, amounts: Amounts) -> Iterator[Finding]:
    """Rule R4: a volume beside pieces gives its share of the dose, so that nobody measures next to nothing."""
    if not administration.take:
        return
    given = dose(administration, amounts)
    measured = given - dose(replace(administration, measure=None), amounts)
    if measured < case.policy.min_share * given:
        said = f"the volume gives {format_exact(measured)} mg of {format_exact(given)} mg"
        yield stop("verify-R4", where, f"{said}; at least {case.policy.min_share * 100} % are asked for")
