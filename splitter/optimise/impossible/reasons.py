"""Conflicts as a pharmacist would say them, in one line each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from fractions import Fraction

from splitter.division import fractions_of, paths_by_strengths
from splitter.formulary import Form, Product
from splitter.optimise.impossible.relax import Relaxed
from splitter.prescription import Step
from splitter.problem import Problem
from splitter.quantity import Mass, counted, format_exact

MOST_FEWEST = 8
"""Up to so many strengths of capsules the smallest set is looked for that would do."""

_FRACTIONS = {2: "halves", 3: "thirds", 4: "quarters"}
_PIECES = {"scored": "halves along their score", "halves": "halves", "quarters": "quarters"}
_COUNTS = frozenset({"max_pieces", "max_products"})
_OPENING = ("liquids", "compounded", "exclude")
_CHANGES = {
    "liquids": "other forms than now",
    "compounded": "compounding",
    "exclude": "a product that is excluded now ({})",
    "resolve": "steps that a day may not show",
    "compounded_strengths": "{} strengths of compounded capsules",
    "division": "any division of the day over its times",
    "fine": "tablets and a liquid or capsules in one step",
    "min_share": "a liquid for however little of a dose",
    "max_pieces": "up to {} pieces at a time",
    "max_imbalance": "doses of one day that differ by up to {}",
    "min_volume": "volumes down to {}",
    "max_volume": "volumes up to {} at a time",
    "syringes": "a finer syringe: {}",
    "tolerance": "the nearest dose instead",
}
_PARTS = {(1,): "given whole", (1, 2): "halved", (1, 3): "broken in thirds", (1, 2, 4): "halved and quartered"}


def step_reason(problem: Problem, step: Step, keys: Sequence[str]) -> str:
    """Why a step can't be made, from the policy keys of its conflict."""
    dose = " + ".join(str(dose) for dose in step.doses) if step.doses else str(step.target)
    source = f" from {_strengths(_tablets(problem))} tablets" if _is_count(problem, keys) else ""
    return f"{dose} a day can't be made{_within(problem)}{source}: {_because(problem, keys)}"


def _within(problem: Problem) -> str:
    """The tolerance, where there is one."""
    mass, share = problem.tolerance.mass, problem.tolerance.share
    if share:
        return f" even within {format_exact(share * 100)} %"
    return f" even within {mass}" if mass else ""


def joint_reason(problem: Problem, keys: Sequence[str]) -> str:
    """Why steps that can each be made can't be made together."""
    return f"each of these steps can be made, but not all with the same products: {_because(problem, keys)}"


def change_words(problem: Problem, changed: Problem, setting: tuple[str, str], relaxed: Relaxed | None) -> str:
    """A changed setting (key, value) as what it lets the pharmacy do; `relaxed`: the plan with it, if there is one."""
    key, value = setting
    if key == "split":
        return _finer_words(_finer(problem, changed), relaxed) or f"tablets in {_PIECES[value]}"
    used = relaxed.products if relaxed else frozenset()
    opened = used - {product.id for product in problem.products}
    if key in _OPENING and opened:
        return _the(changed, opened)
    if key == "max_products":
        return f"{value} different products" + (f": {_the(changed, used)}" if used else "")
    if key == "one_liquid":
        return f"several liquids: {_the(changed, relaxed.liquids)}" if relaxed else "several liquids"
    return _CHANGES[key].format(value.removesuffix(" too"))


def nearer_words(problem: Problem, changed: Problem) -> str:
    """The pieces that a changed setting allows and that were not allowed."""
    finest = {product.id: (product, fraction) for product, fraction in _finer(problem, changed)}
    return _finer_words(list(finest.values()), None)


def _finer(problem: Problem, changed: Problem) -> list[tuple[Product, Fraction]]:
    """The pieces that become possible, the smallest of each tablet last."""
    now, then = problem.policy.split, changed.policy.split
    return [
        (product, fraction)
        for product in changed.products
        for fraction in fractions_of(product, then)
        if fraction not in fractions_of(product, now)
    ]


def _finer_words(finer: Sequence[tuple[Product, Fraction]], relaxed: Relaxed | None) -> str:
    """Those that a plan gives, or all: "quarters of the 10 mg tablet"."""
    given = [(p, fraction) for p, fraction in finer if relaxed is None or (p.id, fraction) in relaxed.pieces]
    by_fraction: dict[Fraction, list[Product]] = {}
    for product, fraction in given:
        by_fraction.setdefault(fraction, []).append(product)
    return _listed(
        [
            f"{_FRACTIONS[fraction.denominator]} of the {_strengths(group)} tablet{'s' if len(group) > 1 else ''}"
            for fraction, group in by_fraction.items()
        ]
    )


def _the(problem: Problem, ids: Collection[str]) -> str:
    named = [product for product in problem.stock if product.id in ids or product.ladder in ids]
    ladders: dict[str, list[Product]] = {}
    for product in named:
        ladders.setdefault(product.called, []).append(product)
    return _listed(
        [
            f"the {group[0].name}" if len(group) == 1 else f"the compounded capsules of {_strengths(group)}"
            for group in ladders.values()
        ]
    )


def _because(problem: Problem, keys: Sequence[str]) -> str:
    if not problem.products:
        return "no product is left that the policy allows"
    reasons = [_REASONS[key](problem) for key in keys if key != "split"]
    pieces = [] if _is_count(problem, keys) else [_broken(problem), _wholes(problem)]
    said = "; ".join(filter(None, [*pieces, *reasons]))
    products = _the(problem, [product.id for product in problem.products])
    return said or f"no change of a single setting, of those that were tried, makes it from {products}"


def _is_count(problem: Problem, keys: Sequence[str]) -> bool:
    """Whether a conflict is about how many tablets may be given, however they are broken."""
    return bool(keys) and _COUNTS.issuperset(keys) and bool(_tablets(problem))


def _tablets(problem: Problem) -> list[Product]:
    return [product for product in problem.products if product.form is Form.TABLET]


def _broken(problem: Problem) -> str:
    """How the tablets may be broken, on which a conflict of a dose rests: of each strength the one broken finest."""
    finest: dict[Mass | None, tuple[int, ...]] = {}
    for tablet in _tablets(problem):
        parts = tuple(fraction.denominator for fraction in fractions_of(tablet, problem.policy.split))
        finest[tablet.strength] = max(finest.get(tablet.strength, ()), parts)
    by_parts: dict[str, list[Product]] = {}
    for tablet in _tablets(problem):
        by_parts.setdefault(_PARTS[finest[tablet.strength]], []).append(tablet)
    return _listed([f"{_strengths(group)} tablets may only be {parts}" for parts, group in by_parts.items()])


def _wholes(problem: Problem) -> str:
    """The forms that are never broken."""
    by_form: dict[Form, list[Product]] = {}
    for product in problem.products:
        if product.form in (Form.CAPSULE, Form.PACKET):
            by_form.setdefault(product.form, []).append(product)
    return "; ".join(f"{_strengths(group)} {form}s are never divided" for form, group in by_form.items())


def _imbalance(problem: Problem) -> str:
    limit = problem.policy.max_imbalance
    assert limit is not None
    if not limit:
        return "all doses of a day must be the same"
    return f"the largest and the smallest dose of a day may differ by at most {limit}"


def _too_many_strengths(problem: Problem) -> str:
    most = problem.policy.compounded_strengths
    needed = [each.fewest(MOST_FEWEST) for each in paths_by_strengths(problem.demand)] if most else []
    least = min((count for count in needed if count is not None), default=None)
    allowed = (
        f"at most {counted(most, 'strength')} of compounded capsules may be made"
        if most
        else ("no strength of compounded capsules may be chosen out of several")
    )
    return f"{allowed}, and the fewest that would do are {least}" if least is not None and least > most else allowed


_REASONS: dict[str, Callable[[Problem], str]] = {
    "liquids": lambda problem: (
        "liquids are not allowed" if problem.policy.liquids == "never" else "only liquids are allowed"
    ),
    "compounded": lambda _: "compounded products are not allowed",
    "exclude": lambda problem: f"{_the(problem, problem.policy.exclude)} may not be used",
    "compounded_strengths": _too_many_strengths,
    "max_products": lambda problem: (
        "only one product may be used"
        if problem.policy.max_products == 1
        else f"at most {problem.policy.max_products} different products may be used"
    ),
    "one_liquid": lambda _: "only one liquid may be used",
    "max_pieces": lambda problem: (
        "at most 1 piece may be given at a time"
        if problem.policy.max_pieces == 1
        else f"at most {problem.policy.max_pieces} pieces may be given at a time"
    ),
    "resolve": lambda problem: (
        f"a day must show its step with a certainty of {format_exact(problem.policy.resolve * 100)} %"
    ),
    "division": lambda _: "the doses of the times follow from the day's dose, which these products can't divide so",
    "fine": lambda _: "one form is given at a time, and liquids and capsules only where tablets can't be",
    "max_imbalance": _imbalance,
    "min_share": lambda problem: (
        f"a volume beside tablets gives at least {format_exact(problem.policy.min_share * 100)} % of the dose"
    ),
    "min_volume": lambda problem: f"less than {problem.policy.min_volume} is not measured",
    "max_volume": lambda problem: f"more than {problem.policy.max_volume} is not given at a time",
    "syringes": lambda problem: f"the syringes are {_listed([s.text for s in problem.policy.syringes])}",
}


def _strengths(products: Sequence[Product]) -> str:
    masses: list[Mass] = sorted({p.strength for p in products if p.strength is not None})
    if len(masses) > 1 and any(product.is_chosen for product in products):
        return f"{masses[0]} to {masses[-1]}"
    return _listed([str(mass) for mass in masses])


def _listed(texts: Sequence[str]) -> str:
    """Words joined as a sentence joins them; nothing for none."""
    return f"{', '.join(texts[:-1])} and {texts[-1]}" if len(texts) > 1 else "".join(texts)
