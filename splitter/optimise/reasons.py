"""Conflicts as a pharmacist would say them, in one line each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from splitter.formulary import Form, Product
from splitter.prescription import Step
from splitter.problem import Problem, fractions_of
from splitter.quantity import Mass

_PARTS = {(1,): "given whole", (1, 2): "halved", (1, 3): "broken in thirds", (1, 2, 4): "halved and quartered"}


def step_reason(problem: Problem, step: Step, keys: Sequence[str]) -> str:
    """Why a step can't be made, from the policy keys of its conflict."""
    dose = " + ".join(str(dose) for dose in step.doses) if step.doses else str(step.target)
    return f"{dose} a day can't be made: {_because(problem, keys)}"


def joint_reason(problem: Problem, keys: Sequence[str]) -> str:
    """Why steps that can each be made can't be made together."""
    return f"each of these steps can be made, but not all with the same products: {_because(problem, keys)}"


def _because(problem: Problem, keys: Sequence[str]) -> str:
    if not problem.products:
        return "no product is left that the policy allows"
    reasons = [_REASONS[key](problem) for key in keys if key != "split"]
    return (
        "; ".join(filter(None, [_tablets(problem), *reasons]))
        or f"no setting would help with {_names(problem.products)}"
    )


def _tablets(problem: Problem) -> str:
    """How the tablets may be broken, which every conflict of a dose rests on."""
    by_parts: dict[str, list[Product]] = {}
    for tablet in (p for p in problem.products if p.form is Form.TABLET):
        parts = tuple(fraction.denominator for fraction in fractions_of(tablet, problem.policy.split))
        by_parts.setdefault(_PARTS[parts], []).append(tablet)
    return " and ".join(f"{_strengths(group)} tablets may only be {parts}" for parts, group in by_parts.items())


def _imbalance(problem: Problem) -> str:
    limit = problem.policy.max_imbalance
    assert limit is not None
    return f"the largest and the smallest dose of a day may differ by at most {limit}"


_REASONS: dict[str, Callable[[Problem], str]] = {
    "liquids": lambda problem: (
        "liquids are not allowed" if problem.policy.liquids == "never" else "only liquids are allowed"
    ),
    "compounded": lambda _: "compounded products are not allowed",
    "exclude": lambda problem: f"excluded: {', '.join(problem.policy.exclude)}",
    "max_products": lambda problem: f"at most {problem.policy.max_products} different products may be used",
    "one_liquid": lambda _: "only one liquid may be used",
    "max_pieces": lambda problem: f"at most {problem.policy.max_pieces} pieces may be given at a time",
    "max_imbalance": _imbalance,
    "min_volume": lambda problem: f"less than {problem.policy.min_volume} is not measured",
    "max_volume": lambda problem: f"more than {problem.policy.max_volume} is not given at a time",
    "syringes": lambda problem: f"the syringes measure {', '.join(s.text for s in problem.policy.syringes)}",
}


def _strengths(products: Sequence[Product]) -> str:
    masses: list[Mass] = sorted(p.strength for p in products if p.strength is not None)
    texts = [str(mass) for mass in masses]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def _names(products: Sequence[Product]) -> str:
    return ", ".join(product.name for product in products)
