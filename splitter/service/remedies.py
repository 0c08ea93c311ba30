"""Changes that help where no single setting does: of the rule, the tolerance and the policy, one or two together, and
an earlier end of the rule where these come to need it.

What can be made is decided without a search, so that many are tried; the few that suffice are planned for their cost,
and the cheapest are offered. None moves a day's dose by more than MOST_MOVED of it: of the dose asked for, or where
the rule is rounded in another way, of what the rule itself comes to. A rule that ends sooner leaves out doses, it moves
none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from splitter.errors import InputError
from splitter.formulary import Formulary
from splitter.optimise import MOST_MOVED, LimitReachedError, Limits, can_be_made
from splitter.plan import Change, Plan, Remedy, Status
from splitter.prescription import DivisionRule, Liquids, Pharmacy, Prescription, Round, Split, Tolerance
from splitter.problem import by_family, pose
from splitter.quantity import Mass, format_exact
from splitter.service.comparison.settings import policy_of, with_settings
from splitter.service.inputs import Inputs
from splitter.service.planning import attempt
from splitter.taper import Schedule, expand

HIGHEST_END = Fraction(1, 3)
"""The share of the first dose above which an earlier end of a rule isn't offered."""
MOST_OFFERED = 3
"""How many remedies are offered, the cheapest first."""
MOST_TRIED, MOST_NODES = 100, 100_000
"""Changes and pairs that are tried at the most, and the partial plans that are looked at for the price of each. No
clock, so that the same prescription always gets the same offers."""

_TOLERANCES = (Fraction(1, 100), Fraction(1, 50), Fraction(1, 20), Fraction(1, 10))
_MORE_PIECES = (1, 2, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Try:
    """One change and how it alters the prescription."""

    change: Change
    apply: Callable[[Prescription], Prescription]

    @property
    def name(self) -> str:
        """The key without its table."""
        return self.change.key.rpartition(".")[2]


def with_remedies(
    made: Plan,
    prescription: Prescription,
    pharmacy: Pharmacy,
    formulary: Formulary,
) -> Plan:
    """An infeasible plan with the changes that would help together; any other as it is.

    `prescription` has its rule still, where it was given by one. Where a single change is known to suffice already,
    none are looked for.
    """
    if made.status is not Status.INFEASIBLE or any(r.suffices for each in made.conflicts for r in each.relaxations):
        return made
    order = Inputs(prescription=prescription, pharmacy=pharmacy, formulary=formulary)
    named = {rule for each in made.conflicts for rule in each.rules}
    # What a conflict names, and another rounding, most likely help; not all pairs are tried.
    tries = sorted(_tries(order, made), key=lambda each: each.name not in named | {"round", "last"})
    singles = [(each,) for each in tries]
    pairs = [pair for pair in combinations(tries, 2) if pair[0].name != pair[1].name]
    found: list[Remedy] = []
    for number, some in enumerate((*singles, *pairs)[:MOST_TRIED]):
        if len(found) >= MOST_OFFERED or (found and number == len(singles)):
            break
        found += _remedy(order, some)
    cheapest = sorted(found, key=lambda one: (one.total, one.moved))
    return replace(made, remedies=tuple(cheapest[:MOST_OFFERED]))


def remedy_again(stated: Remedy, made: Plan, order: Inputs) -> Remedy | None:
    """What some changes come to, worked out anew; None where they are none that are tried, or don't suffice."""
    by_change = {each.change: each for each in _tries(order, made)}
    tries = [by_change[change] for change in stated.changes if change in by_change]
    found = _remedy(order, tries) if tries else []
    return found[0] if found and found[0].changes == stated.changes else None


def _remedy(order: Inputs, tries: Sequence[_Try]) -> list[Remedy]:
    """The remedy that some changes are, where they suffice and are within what may move."""
    changed = order.prescription
    for each in tries:
        changed = each.apply(changed)
    changes = tuple(each.change for each in tries)
    try:
        schedule = expand(changed, order.pharmacy, order.formulary)
        if _by_rule(schedule) and (sooner := _ended_sooner(changed, schedule)) is not None:
            changed, change = sooner
            changes = (*changes, change)
            schedule = expand(changed, order.pharmacy, order.formulary)
    except InputError:
        return []
    if max(_by_rule(schedule), default=Fraction(0)) > MOST_MOVED:
        return []
    made = _planned(replace(order, prescription=replace(changed, steps=schedule.steps, taper=None)))
    if made is None or made.total is None:
        return []
    given = [(step.delivered_mg, step.target_mg) for step in made.steps if step.target_mg]
    missed = (abs(dose - target) / target for dose, target in given if dose is not None)
    moved = max((*_by_rule(schedule), *missed), default=Fraction(0))
    return [Remedy(changes=changes, total=made.total, moved=moved)] if moved <= MOST_MOVED else []


def _planned(inputs: Inputs) -> Plan | None:
    """The proved plan of changed inputs, if there is one within the limit."""
    problem = pose(inputs.prescription, inputs.pharmacy, inputs.formulary)
    if not any(can_be_made(family) for family in by_family(problem)):
        return None
    try:
        made = attempt(inputs, Limits(nodes=MOST_NODES))
    except LimitReachedError:
        return None
    return made if made.status is Status.OPTIMAL else None


def _by_rule(schedule: Schedule) -> list[Fraction]:
    """The shares by which doses differ from what the rule comes to before it is rounded, step by step."""
    rounded = zip(schedule.steps, schedule.roundings, strict=True)
    pairs = ((step.target.value, each.exact.value if each else Fraction(0)) for step, each in rounded)
    return [abs(dose - exact) / exact if exact else Fraction(0) for dose, exact in pairs]


def _ended_sooner(prescription: Prescription, schedule: Schedule) -> tuple[Prescription, Change] | None:
    """A rule that ends before its doses move too far, where it has come down by then; else None."""
    rule = prescription.taper
    far = next((n for n, share in enumerate(_by_rule(schedule)) if share > MOST_MOVED), 0)
    last = schedule.steps[far - 1].target
    if rule is None or not far or last > rule.start * HIGHEST_END or rule.phases[-1].to is not None:
        return None
    phases = (*rule.phases[:-1], replace(rule.phases[-1], last=last))
    change = Change(key="taper.last", value=f'"{last}"')
    return replace(prescription, taper=replace(rule, phases=phases)), change


def _tries(order: Inputs, made: Plan) -> Iterator[_Try]:
    """The changes that are tried: of the rule, of the tolerance, of the policy."""
    yield from _of_rule(order.prescription, made)
    if order.prescription.tolerance == Tolerance():
        for share in _TOLERANCES:
            value = f'"{format_exact(share * 100)} %"'
            tolerance = Tolerance(share=share)
            yield _Try(
                change=Change(key="prescription.tolerance", value=value),
                apply=lambda order, tolerance=tolerance: replace(order, tolerance=tolerance),  # type: ignore[misc]
            )
    policy = policy_of(order)
    if policy.division is DivisionRule.PATH and not policy.resolve:
        yield _setting("division", DivisionRule.FREE, '"free"')
    for more in _MORE_PIECES:
        yield _setting("max_pieces", policy.max_pieces + more, str(policy.max_pieces + more))
    if policy.split in (Split.NEVER, Split.SCORED):
        yield _setting("split", Split.HALVES, '"halves"')
    if policy.liquids is not Liquids.ALLOW:
        yield _setting("liquids", Liquids.ALLOW, '"allow"')
    if not policy.compounded:
        yield _setting("compounded", True, "true")


def _setting(key: str, value: object, text: str) -> _Try:
    return _Try(
        change=Change(key=f"policy.{key}", value=text), apply=lambda order: with_settings(order, ((key, value),))
    )


def _of_rule(prescription: Prescription, made: Plan) -> Iterator[_Try]:
    """Another rounding of the rule's last phase, another grid, or an end before the doses that can't be made.

    An end before it has come down is no such taper any more.
    """
    rule = prescription.taper
    if rule is None:
        return
    phase = rule.phases[-1]

    def changed(key: str, text: str, **fields: object) -> _Try:
        phases = (*rule.phases[:-1], replace(phase, **fields))  # type: ignore[arg-type]
        return _Try(
            change=Change(key=f"taper.{key}", value=text),
            apply=lambda order: replace(order, taper=replace(rule, phases=phases)),
        )

    if phase.round is Round.GRID:
        yield changed("round", '"tablets"', round=Round.TABLETS)
    if phase.grid is not None:
        for factor in (2, 5, 10):
            coarser = phase.grid * factor
            yield changed("grid", f'"{coarser}"', grid=coarser)
    impossible = {number for conflict in made.conflicts for number in conflict.steps}
    first = min(impossible, default=len(made.steps))
    last = Mass(made.steps[first - 1].target_mg)
    if 0 < first < len(made.steps) and last <= rule.start * HIGHEST_END and phase.to is None:
        yield changed("last", f'"{last}"', last=last)
