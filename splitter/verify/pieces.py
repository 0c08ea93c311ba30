"""Rule R2: the pieces that a product may be taken in."""

from __future__ import annotations

from fractions import Fraction

from splitter.formulary import Form, Product
from splitter.prescription import Split

_WHOLE, _HALF, _THIRD, _QUARTER = (Fraction(1, parts) for parts in (1, 2, 3, 4))
# By functional score: what each score itself allows ...
_BY_SCORE = {
    1: {_WHOLE},
    2: {_WHOLE, _HALF},
    3: {_WHOLE, _THIRD},
    4: {_WHOLE, _HALF, _QUARTER},
}
# ... and what a policy allows beyond the score.
_BEYOND_SCORE = {
    (Split.HALVES, 1): {_HALF},
    (Split.QUARTERS, 1): {_HALF, _QUARTER},
    (Split.QUARTERS, 2): {_HALF, _QUARTER},
}


def allowed_fractions(product: Product, split: Split) -> set[Fraction]:
    """The parts of a unit that may be taken, the whole one with them."""
    if product.form is not Form.TABLET or product.do_not_split or split is Split.NEVER:
        return {_WHOLE}
    return _BY_SCORE[product.pieces] | _BEYOND_SCORE.get((split, product.pieces), set())
