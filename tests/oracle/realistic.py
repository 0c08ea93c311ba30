"""A drug like baclofen at its real strengths: the case on which the integer programme must still be usable.

Prices are plain round figures of the right order, not anybody's.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from splitter.formulary import Batch, Bottles, Form, Ingredient, Product, Size
from splitter.prescription import Costs, Step
from splitter.quantity import Concentration, Mass, Money
from tests.oracle.cases import Case, case_of, tablet


def _sizes(*pairs: tuple[str, str]) -> tuple[Size, ...]:
    return tuple(Size(content=Fraction(content), price=Money(Fraction(price))) for content, price in pairs)


TABLETS = (
    tablet("5", "0.12"),
    tablet("10", "0.034", 2),
    tablet("15", "0.25"),
    tablet("20", "0.055", 2),
)
BOTTLED = Product(
    id="suspension-5",
    name="5 mg/mL suspension",
    form=Form.SUSPENSION,
    supply=Bottles(sizes=_sizes(("120", "180"), ("300", "420")), in_use=60),
    concentration=Concentration(Fraction(5)),
)
COMPOUNDED = Product(
    id="compounded-5",
    name="5 mg/mL compounded suspension",
    form=Form.SUSPENSION,
    supply=Batch(
        beyond_use=35,
        labour=Fraction(1, 2),
        step=Fraction(2),
        minimum=Fraction(30),
        maximum=Fraction(500),
        overage=Fraction(1, 20),
        containers=_sizes(("60", "0.80"), ("120", "1.10"), ("240", "1.60")),
        ingredients=(
            Ingredient(name="10 mg tablets", amount=Fraction(50), unit="tablet", price=Money(Fraction("0.034"))),
            Ingredient(name="vehicle", amount=Fraction(100), unit="mL", price=Money(Fraction("0.08"))),
        ),
    ),
    concentration=Concentration(Fraction(5)),
)
FEES = Costs(
    item_fee=Money(Fraction(2)),
    split_fee=Money(Fraction("0.02")),
    batch_fee=Money(Fraction(5)),
    labour_rate=Money(Fraction(40)),
)


def baclofen_like(doses: Sequence[str], times: int = 3, **settings: object) -> Case:
    """Two-week steps of these daily doses [mg], divided freely within 5 mg between a day's administrations."""
    steps = [Step(days=14, target=Mass(Fraction(dose))) for dose in doses]
    settings = {"max_imbalance": Mass(Fraction(5)), "costs": FEES, **settings}
    return case_of((*TABLETS, BOTTLED, COMPOUNDED), steps, times, **settings)
