"""What a product is called on paper: on its own label, and on the labels of those that are taken beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from splitter.plan import PlannedProduct
from splitter.wording.figures import amount, plural

# What tells one kind of tablet, capsule or liquid from another that must not be taken in its place.
_KIND = re.compile(
    r"\b(?:(?:extended|delayed|controlled|modified|prolonged|sustained)-release|once-daily|gastro-resistant"
    r"|enteric-coated|orally disintegrating|chewable dispersible|chewable|dispersible|effervescent|sublingual|buccal)"
    r"(?: sprinkle)?(?= (?:tablet|capsule|packet))"
)
_TO_MIX = re.compile(r"(?<=\b(?:tablet|packet)) for oral (?:suspension|solution)\b|(?<=\bcapsule) to open\b")
# A slash between units is mistaken for a figure.
_PER = re.compile(r"(?<=[gL])/(?=(?:[\d.]+ )?mL\b)")


def strength(product: PlannedProduct) -> str:
    """The strength or the concentration in words.

    Raises ValueError for a product that has neither.
    """
    if product.concentration_mg_per_mL is not None:
        return f"{amount(product.concentration_mg_per_mL, 'mg')} per mL"
    if product.strength_mg is None:
        raise ValueError(f"{product.id} has neither strength nor concentration")
    return amount(product.strength_mg, "mg")


def form_words(product: PlannedProduct) -> str:
    """The form as its name has it: "tablets", "extended-release tablets", "oral solution", "oral concentrate"."""
    if product.concentration_mg_per_mL is not None:
        return "oral concentrate" if "oral concentrate" in product.name else f"oral {product.form.value}"
    kind, mix = _KIND.search(product.name), _TO_MIX.search(product.name)
    return f"{f'{kind[0]} ' if kind else ''}{plural(product.form.value, 2)}{mix[0] if mix else ''}"


def short_name(product: PlannedProduct) -> str:
    """Strength and form as its own label has them: "10 mg tablets", "5 mg per mL oral suspension"."""
    return f"{strength(product)} {form_words(product)}"


def distinction(product: PlannedProduct, products: Iterable[PlannedProduct]) -> str:
    """What to add to a short name that another of the plan's products has too: its own name.

    Two makers' 10 mg tablets may be scored differently, and one liquid may be bought and compounded.
    """
    alike = any(other.id != product.id and short_name(other) == short_name(product) for other in products)
    return f" ({_PER.sub(' per ', product.name)})" if alike else ""


def known_name(product: PlannedProduct, products: Iterable[PlannedProduct]) -> str:
    """The short name, with what tells it from the plan's other products."""
    return short_name(product) + distinction(product, products)
