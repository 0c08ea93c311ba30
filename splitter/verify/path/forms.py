"""Rules R3 by the path and R7: the doses and forms of a plan against the path that is found again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from splitter.formulary import Product
from splitter.plan import Administration, Finding, PlannedStep
from splitter.prescription import DivisionRule, Fine
from splitter.verify.case import Case
from splitter.verify.choice import is_allowed, used_products
from splitter.verify.doses import step_place, time_place
from splitter.verify.findings import compare, stop
from splitter.verify.path.best import Path, find_best
from splitter.verify.path.free import find_form
from splitter.verify.path.question import Question, put_question
from splitter.verify.path.reach import ALONE, EITHER, PLAIN, Reach
from splitter.verify.path.strengths import check_strengths

Form = int | None
"""PLAIN or a rank; None of a drug-free step."""


def check_division(case: Case) -> Iterator[Finding]:
    """The doses that the path gives each time, and what each step is given with."""
    if case.policy.fine is Fine.FREE:
        for number, step in enumerate(case.plan.steps, 1):
            yield from _check_form(number, step, None)
    if case.policy.fine is Fine.PHASE or case.policy.division is DivisionRule.PATH:
        answers = (tuple(_check_family(case, products)) for products in _families(case))
        yield from min(answers, key=len)
    else:
        yield from check_strengths(case, ())


def _families(case: Case) -> Iterator[list[Product]]:
    """The products that may be in one plan with this one's; where these are of no family, those of each in turn."""
    known = [product for product in case.products.values() if is_allowed(case, product)]
    used = {case.products[name].family for name in used_products(case.plan) if name in case.products}
    families = (used - {None}) or ({product.family for product in known} - {None}) or {None}
    for family in sorted(families, key=str):
        yield [product for product in known if product.family in (None, family)]


def _check_family(case: Case, products: Sequence[Product]) -> Iterator[Finding]:
    """The plan against what these products give."""
    question = put_question(case, products)
    if case.policy.division is DivisionRule.FREE:
        reaches = [Reach(question, means) for means in question.means]
        yield from _check_phases(case, [(reach, _free_forms(case, question, reach)) for reach in reaches])
        yield from check_strengths(case, ())
        return
    best = find_best(question)
    if best is None:
        yield stop("verify-R3", "plan", "there is no path: with none of the means has every step a candidate")
        return
    yield from _check_doses(case, question, best.path)
    if case.policy.fine is Fine.PHASE:
        yield from _check_phases(case, [(reach, _forms_of(best.path, reach)) for reach in best.sharing])
    yield from check_strengths(case, [(reach, best.path) for reach in best.sharing])


def _check_doses(case: Case, question: Question, path: Path) -> Iterator[Finding]:
    """Rule R3: the dose of each time."""
    for number, (step, candidate) in enumerate(zip(case.plan.steps, path, strict=True), 1):
        if candidate is None:
            continue
        by_time = sorted(zip(question.filling, candidate.doses, strict=True))
        expected = tuple(Fraction(dose, question.unit) for _, dose in by_time)
        given = tuple(administration.dose_mg for administration in step.administrations)
        yield from compare("verify-R3", step_place(number), "doses of the times by the path [mg]", given, expected)


def _forms_of(path: Path, reach: Reach) -> list[Form]:
    rooms = [step.room for step in reach.question.steps]
    return [
        candidate if candidate is None else reach.of(room).rank(candidate.doses) if candidate.is_fine else PLAIN
        for candidate, room in zip(path, rooms, strict=True)
    ]


def _free_forms(case: Case, question: Question, reach: Reach) -> list[Form]:
    limit = None if case.max_imbalance is None else int(case.max_imbalance * question.unit)
    return [find_form(reach, step, limit) if step.target else None for step in question.steps]


def _check_phases(case: Case, ways: Sequence[tuple[Reach, Sequence[Form]]]) -> Iterator[Finding]:
    """Rule R7, for the plan's own means; where it uses none, for any of them."""
    products = [case.products[name] for name in sorted(used_products(case.plan)) if name in case.products]
    used = [product.id for product in products if product.is_liquid or product.is_compounded]
    own = [(reach, forms) for reach, forms in ways if set(used) <= set(reach.means.products)]
    if not own:
        others = " or ".join(", ".join(reach.means.products) or "no means" for reach, _ in ways)
        yield stop("verify-R7", "plan", f"the means is {', '.join(used)}; it should be {others}")
        return
    yield from min((tuple(_check_forms(case, forms)) for _, forms in own), key=len)


def _check_forms(case: Case, forms: Sequence[Form]) -> Iterator[Finding]:
    for number, (step, form) in enumerate(zip(case.plan.steps, forms, strict=True), 1):
        yield from _check_form(number, step, None if form is None else "plain" if form == PLAIN else "fine")
        if form is not None:
            yield from _check_given(case, number, step, form)


def _check_form(number: int, step: PlannedStep, form: str | None) -> Iterator[Finding]:
    stated = None if step.form is None else step.form.value
    yield from compare("verify-R7", step_place(number), "form", stated, form)


def _check_given(case: Case, number: int, step: PlannedStep, form: int) -> Iterator[Finding]:
    """What each administration of a step is made of."""
    for administration in step.administrations:
        where, (plain, means) = time_place(number, administration), _kinds(case, administration)
        if form == PLAIN and means:
            yield stop("verify-R7", where, f"{means} in a step that plain products give")
        elif form == ALONE and plain:
            yield stop("verify-R7", where, f"{plain} in a step that the liquid or the capsules alone can give")
        elif form == EITHER and plain and means:
            yield stop("verify-R7", where, f"{plain} beside {means} in a step where one of them can give each dose")


def _kinds(case: Case, administration: Administration) -> tuple[str, str]:
    """The plain products of an administration, and the others, by their ids."""
    ids = {take.product for take in administration.take}
    if administration.measure is not None:
        ids.add(administration.measure.product)
    known = [case.products[name] for name in sorted(ids) if name in case.products]
    means = {product.id for product in known if product.is_liquid or product.is_compounded}
    return ", ".join(p.id for p in known if p.id not in means), ", ".join(p.id for p in known if p.id in means)
