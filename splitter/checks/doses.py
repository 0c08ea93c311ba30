"""What the doses of a treatment make a pharmacist ask: each against the labels, the prescriber, the prescription."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from splitter.checks.question import Question, Said, check, daily, for_all, mg
from splitter.plan import Severity
from splitter.prescription import StatedQuantity
from splitter.quantity import Concentration, ceiling, counted, format_exact

FAR_OVER = 4
"""How many times the usual daily dose is more than anyone is given: the largest dose in the labels of prednisone, 200
mg a day for a week in multiple sclerosis, is more than three times the 60 mg that they begin with."""

SLACK = Fraction(1, 10)
"""How much more than the steps need a stated quantity may be: a prescriber rounds up, and packs are whole."""


MANY_PIECES = 6
"""Pieces at one time: the policy's own default, which a pharmacy may raise; what is beyond is said all the same."""


@check("over-labelled-maximum", Severity.STOP, "the labels of the drug: max_daily of its formulary")
def over_labelled_maximum(question: Question) -> Iterator[Said]:
    """A day's dose above the drug's labelled maximum."""
    limit = question.formulary.max_daily
    over = [(number, step) for number, step in question.numbered_steps() if limit and daily(step) > limit.value]
    over.sort(key=lambda pair: -daily(pair[1]))
    yield from for_all(
        [
            (number, f"{mg(daily(step))} a day from {step.start}; the labelled maximum is {limit} a day")
            for number, step in over
        ]
    )


@check("over-single-maximum", Severity.STOP, "the labels of the drug: limits.max_single of its formulary")
def over_single_maximum(question: Question) -> Iterator[Said]:
    """A dose of one time above the labelled maximum of a single dose."""
    limits = question.formulary.limits
    if limits is None or limits.max_single is None:
        return
    most = limits.max_single.value
    over = [(number, given) for number, given in question.given() if given.dose_mg > most]
    over.sort(key=lambda pair: -pair[1].dose_mg)
    message = "{} at {:%H:%M}; the labelled maximum of one dose is {}"
    yield from for_all([(number, message.format(mg(given.dose_mg), given.time, mg(most))) for number, given in over])


@check("far-over-usual-dose", Severity.STOP, "the labels of the drug: 4 times limits.usual_daily of its formulary")
def far_over_usual_dose(question: Question) -> Iterator[Said]:
    """A day's dose of a drug without a fixed maximum, more than four times what its labels begin with."""
    yield from _over_usual(question, FAR_OVER, None)


@check("over-usual-dose", Severity.WARN, "the labels of the drug: limits.usual_daily of its formulary")
def over_usual_dose(question: Question) -> Iterator[Said]:
    """A day's dose of a drug without a fixed maximum, more than its labels begin with."""
    yield from _over_usual(question, 1, FAR_OVER)


def _over_usual(question: Question, times: int, most: int | None) -> Iterator[Said]:
    limits = question.formulary.limits
    if limits is None or limits.usual_daily is None or question.formulary.max_daily is not None:
        return
    usual = limits.usual_daily.value
    over = [(number, step) for number, step in question.numbered_steps() if daily(step) > times * usual]
    if most is not None and any(daily(step) > most * usual for _, step in over):
        return
    over.sort(key=lambda pair: -daily(pair[1]))
    message = "{} a day from {}; there is no fixed maximum, and labels begin with up to {} a day"
    yield from for_all([(n, message.format(mg(daily(step)), step.start, mg(usual))) for n, step in over])


@check("outside-prescribed-range", Severity.STOP, "the prescription: range of the step")
def outside_prescribed_range(question: Question) -> Iterator[Said]:
    """A day's dose that is not in the range that the prescriber stated for the step."""
    found = []
    for (number, step), order in zip(question.numbered_steps(), question.prescription.steps, strict=False):
        if order.allowed is None:
            continue
        low, high = (bound.value for bound in order.allowed)
        if not low <= daily(step) <= high:
            found.append(
                (number, f"{mg(daily(step))} a day from {step.start}; the prescriber allows {mg(low)} to {mg(high)}")
            )
    yield from for_all(found)


@check("not-the-target", Severity.WARN, "the prescription: its doses and tolerance")
def not_the_target(question: Question) -> Iterator[Said]:
    """A day's dose, or one of its administrations, that differs from what is prescribed, within the tolerance."""
    numbers: list[int] = []
    told: list[str] = []
    for (number, step), order in zip(question.numbered_steps(), question.prescription.steps, strict=False):
        if step.delivered_mg is None:
            continue
        said = []
        if step.delivered_mg != step.target_mg:
            difference = step.delivered_mg - step.target_mg
            sign = "more" if difference > 0 else "less"
            said.append(f"{mg(step.delivered_mg)} a day instead of {mg(step.target_mg)}: {mg(abs(difference))} {sign}")
        said += [
            f"{mg(given.dose_mg)} at {given.time:%H:%M} instead of {mg(stated.value)}"
            for given, stated in zip(step.administrations, order.doses or (), strict=False)
            if given.dose_mg != stated.value
        ]
        if said:
            numbers.append(number)
            told.append(f"from {step.start} {', '.join(said)}")
    if told:
        yield Said(message=f"gives {'; '.join(told)}", steps=tuple(numbers))


@check("quantity-contradicts", Severity.STOP, "the prescription: its quantity; a tenth more than the need is no fault")
def quantity_contradicts(question: Question) -> Iterator[Said]:
    """A quantity that the prescriber states and the steps contradict: too little for them, or too much."""
    stated = question.prescription.quantity
    if stated is None or not question.plan.items:
        return
    need = _need(question, stated)
    unit = stated.unit if stated.unit == "mL" else f"{stated.unit}s"
    if need is None:
        message = f"the prescription says {stated.text}; the plan hands over no {unit}"
    elif stated.count < need:
        message = (
            f"the prescription says {stated.text}; its steps need {format_exact(need)} {unit}, so that it runs out"
        )
    elif stated.count > ceiling(need * (1 + SLACK)):
        more = format_exact(stated.count - need)
        message = f"the prescription says {stated.text}; its steps need {format_exact(need)} {unit}, {more} fewer"
    else:
        return
    yield Said(message=message)


def _need(question: Question, stated: StatedQuantity) -> Fraction | None:
    """What the steps take, in the unit that the quantity is stated in: by its strength, else as the plan hands it
    over."""
    if stated.strength is not None:
        days = sum((daily(step) * step.days for step in question.plan.steps), Fraction(0))
        need = days / stated.strength.value
        return need if isinstance(stated.strength, Concentration) else Fraction(ceiling(need))
    items = [item for item in question.plan.items if item.unit == stated.unit]
    whole = [item.needed if stated.unit == "mL" else Fraction(ceiling(item.needed)) for item in items]
    return sum(whole, Fraction(0)) if items else None


@check("many-pieces", Severity.WARN, "the default of max_pieces: six pieces at once are the most that is usual")
def many_pieces(question: Question) -> Iterator[Said]:
    """More than six tablets, capsules or pieces of them at one time of the day."""
    found = []
    for number, given in question.given():
        pieces = sum(take.count for take in given.take)
        if pieces > MANY_PIECES:
            found.append((pieces, number, f"{counted(pieces, 'piece')} at {given.time:%H:%M}"))
    found.sort(key=lambda each: -each[0])
    yield from for_all([(number, words) for _, number, words in found])


@check("rule-not-kept", Severity.WARN, "the taper rule of the prescription: reduce and round_within")
def rule_not_kept(question: Question) -> Iterator[Said]:
    """A step whose dose is farther from the rule's own than it allows, since no product gives a nearer one."""
    found = []
    for (number, step), order in zip(question.numbered_steps(), question.prescription.steps, strict=False):
        if order.missed is not None:
            off = abs(order.missed.value - order.target.value)
            words = f"{mg(order.target.value)} a day from {step.start} where the rule asks for {mg(order.missed.value)}"
            found.append((off / order.missed.value if order.missed else off, number, words))
    found.sort(key=lambda each: -each[0])
    yield from for_all([(number, words) for _, number, words in found], "; no product gives a dose that is near enough")
