"""The alternatives as changes of the policy, and how they would be written in a prescription."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from splitter.formulary import Form, policy_for
from splitter.prescription import (
    DivisionRule,
    Fine,
    Liquids,
    Policy,
    Prefer,
    Prescription,
    Split,
    burdens_of,
)
from splitter.quantity import Money, format_exact
from splitter.service.inputs import Inputs

Settings = tuple[tuple[str, object], ...]
"""Policy values by their key in `Policy`; those of `exclude` are added to what is excluded already."""

AS_IT_STANDS = "as it stands"
TOGETHER = "tablets and a volume together"
CAPSULES = "capsules, no liquid"
VOLUME = "a liquid, no capsules"
CHEAPEST = "cheapest money"
_BURDENS = tuple(burdens_of(Prefer.CHEAPEST))


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLine:
    """One line that a prescription's [policy] would say: `value` is written as in TOML."""

    key: str
    value: str


def named(inputs: Inputs) -> Iterator[tuple[str, Settings]]:
    """The alternatives that everybody asks for, by name; of those of one name the cheapest counts.

    The first is the prescription as it stands. The last, the cheapest money, weighs no event of handling and has the
    loosest rules: the doses of a day divided in any way, any products beside each other. Strengths of capsules are only
    chosen out of several where these rules hold, so that it is also asked with them.
    """
    freely = _divided_freely(inputs)
    anyhow: Settings = (*freely, ("fine", Fine.FREE))
    yield AS_IT_STANDS, ()
    yield "no cutting", (("split", Split.NEVER),)
    yield "tablets only", _tablets_only(inputs)
    yield "no compounding", (("compounded", False),)
    yield "liquid only", (("liquids", Liquids.ONLY),)
    if without := _no_capsules(inputs):
        yield CAPSULES, (("liquids", Liquids.NEVER),)
        yield VOLUME, without
    yield TOGETHER, (("fine", Fine.FREE),)
    yield "free division", freely
    yield CHEAPEST, (*anyhow, *_preferring(inputs, Prefer.CHEAPEST))
    if any(product.is_chosen for product in inputs.formulary.products):
        yield CHEAPEST, _preferring(inputs, Prefer.CHEAPEST)


def _divided_freely(inputs: Inputs) -> Settings:
    """Any division of a day; where steps must be resolved, without that, which only the path can see to."""
    free: Settings = (("division", DivisionRule.FREE),)
    return (*free, ("resolve", Fraction(0))) if policy_of(inputs).resolve else free


def charging(price: Fraction) -> Settings:
    """The policy that charges `price` [money] for a piece, and in proportion for a split piece and a volume."""
    return tuple((key, Money(weight * price)) for key, weight in handling_weights().items())


def handling_weights() -> dict[str, Fraction]:
    """How many pieces given one event is worth, by the key of its burden: the ratios that "simple" sets."""
    simple = burdens_of(Prefer.SIMPLE)
    return {key: burden.value / simple["piece_burden"].value for key, burden in simple.items()}


def with_settings(prescription: Prescription, settings: Settings) -> Prescription:
    """The prescription as if its [policy] said this too."""
    stated, changes = dict(prescription.settings), dict(settings)
    already, more = stated.get("exclude", ()), changes.get("exclude", ())
    assert isinstance(already, tuple)
    assert isinstance(more, tuple)
    if more:
        changes["exclude"] = (*already, *more)
    return replace(prescription, settings=tuple({**stated, **changes}.items()))


def policy_of(inputs: Inputs) -> Policy:
    """The policy in force."""
    return policy_for(inputs.prescription, inputs.pharmacy, inputs.formulary)


def written(settings: Settings) -> tuple[PolicyLine, ...]:
    """The lines of [policy] that make these changes."""
    return tuple(PolicyLine(key=key, value=_literal(value)) for key, value in settings)


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | Fraction):
        return format_exact(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(_literal, value))}]"
    return f'"{value}"'


def _preferring(inputs: Inputs, prefer: Prefer) -> Settings:
    """The preference; its burdens are stated where some are stated already, which would win over it."""
    stated = dict(inputs.prescription.settings)
    overridden = any(key in stated or getattr(inputs.pharmacy.policy, key) is not None for key in _BURDENS)
    return (("prefer", prefer), *(burdens_of(prefer).items() if overridden else ()))


def _tablets_only(inputs: Inputs) -> Settings:
    others = _ids(inputs, (Form.CAPSULE, Form.PACKET))
    settings: Settings = (("liquids", Liquids.NEVER), ("compounded", False))
    return (*settings, ("exclude", others)) if others else settings


def _no_capsules(inputs: Inputs) -> Settings:
    """What leaves out all compounded capsules; nothing where there are none to be had."""
    policy = policy_of(inputs)
    made = [p for p in inputs.formulary.products if p.is_compounded and not p.is_liquid and p.available]
    if not policy.compounded or not made:
        return ()
    own = tuple(product.id for product in made if not product.is_chosen and product.id not in policy.exclude)
    chosen: Settings = (("compounded_strengths", 0),) if any(product.is_chosen for product in made) else ()
    liquids: Settings = (("liquids", Liquids.ALLOW),) if policy.liquids is Liquids.NEVER else ()
    return (*liquids, *chosen, *((("exclude", own),) if own else ()))


def _ids(inputs: Inputs, forms: Iterable[Form]) -> tuple[str, ...]:
    """The products of some forms that could still be bought."""
    shut_out = policy_of(inputs).exclude
    return tuple(
        product.id
        for product in inputs.formulary.products
        if product.form in forms and product.available and not product.is_compounded and product.id not in shut_out
    )
