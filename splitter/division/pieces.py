"""Into which pieces a counted product may be broken (rule R2)."""

from __future__ import annotations

from fractions import Fraction

from splitter.formulary import Form, Product
from splitter.prescription import Split

_WHOLE = Fraction(1)
_PARTS_OF_SCORE = {1: (), 2: (Fraction(1, 2),), 3: (Fraction(1, 3),), 4: (Fraction(1, 2), Fraction(1, 4))}


def fractions_of(product: Product, split: Split) -> tuple[Fraction, ...]:
    """The pieces into which a discrete product may be given, larger first (rule R2)."""
    if product.do_not_split or product.form is not Form.TABLET or split is Split.NEVER:
        return (_WHOLE,)
    score = product.pieces
    if split is Split.HALVES and score == 1:
        score = 2
    if split is Split.QUARTERS and score in (1, 2):
        score = 4
    return (_WHOLE, *_PARTS_OF_SCORE[score])
