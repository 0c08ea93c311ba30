"""What is said of a trituration: what it is made of, how much of it is made for a batch, and how that was reckoned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from splitter.plan import IngredientAmount, Item, PlannedDilution, PlannedEquipment, PlannedProduct, Trituration
from splitter.wording.figures import number
from splitter.wording.measures import Measured, error_words, exact_words, measured
from splitter.wording.reckonings import Reckoning

_GRAM = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """What is weighed for a trituration: powder or diluent."""

    name: str
    amount: Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeTrituration:
    """A trituration that is made for one batch: what is weighed for it, what comes out, its calculations."""

    name: str
    weighings: tuple[Weighing, ...]
    total: str
    reckonings: tuple[Reckoning, ...]


def parts_of(dilution: PlannedDilution) -> tuple[tuple[str, str, str], ...]:
    """Powder and diluent: name, parts by mass, and the drug in it."""
    powder, whole = number(dilution.part), number(dilution.whole)
    rest = number(dilution.whole - dilution.part)
    return (
        (dilution.powder, f"{powder} in {whole} by mass", f"1 mg in {number(dilution.salt_factor)} mg"),
        (dilution.diluent, f"{rest} in {whole} by mass", "none"),
    )


def formula_triturations(product: PlannedProduct) -> Iterator[Reckoning]:
    """The drug in each trituration of a formula, by how it is diluted."""
    for part in product.ingredients:
        if part.dilution is not None:
            factor, divided = _salt(part.dilution)
            yield Reckoning(
                what=f"Drug in 1 g of {part.name}",
                formula=f"1 g × powder in it{divided}",
                numbers=f"{_mg(_GRAM)} × {number(part.dilution.part)} ÷ {number(part.dilution.whole)}{factor}",
                result=_mg(_GRAM * _held(part.dilution)),
            )


def made_triturations(
    item: Item, product: PlannedProduct, batch: int, equipment: PlannedEquipment
) -> Iterator[MadeTrituration]:
    """The triturations of one batch."""
    parts = {part.name: part for part in product.ingredients}
    for made in item.triturations:
        part = parts[made.ingredient]
        if made.batch == batch and part.dilution is not None:
            masses = ((part.dilution.powder, made.powder_mg), (part.dilution.diluent, made.diluent_mg))
            yield MadeTrituration(
                name=made.ingredient,
                weighings=tuple(Weighing(name=name, amount=measured(mass, "mg", equipment)) for name, mass in masses),
                total=_mg(made.total_mg),
                reckonings=(*_reckonings(made, part.dilution, equipment), _strength(made, part, part.dilution)),
            )


def _reckonings(made: Trituration, dilution: PlannedDilution, equipment: PlannedEquipment) -> Iterator[Reckoning]:
    part, rest = number(dilution.part), number(dilution.whole - dilution.part)
    share = dilution.part / dilution.whole
    needs, portion = made.needed_mg * share, share.numerator * equipment.balance_readability_mg
    least = equipment.balance_minimum_mg * max(Fraction(1), share / (1 - share))
    yield Reckoning(
        what=f"{dilution.powder}, for the trituration",
        formula="needed × powder in it, at least what the balance weighs, up to what it reads",
        numbers=f"{_mg(made.needed_mg)} × {part} ÷ {number(dilution.whole)} = {_mg(needs)}; at least {_mg(least)}; "
        f"up to {number(made.powder_mg / portion)} × {_mg(portion)}",
        result=_mg(made.powder_mg),
    )
    yield Reckoning(
        what=f"{dilution.diluent}, for the trituration",
        formula="powder × parts of diluent ÷ parts of powder",
        numbers=f"{_mg(made.powder_mg)} × {rest} ÷ {part}",
        result=_mg(made.diluent_mg),
    )
    yield Reckoning(
        what="Trituration made",
        formula="powder + diluent; what is left after weighing",
        numbers=f"{_mg(made.powder_mg)} + {_mg(made.diluent_mg)}; {_mg(made.total_mg)} − {_mg(made.needed_mg)} = "
        f"{_mg(made.total_mg - made.needed_mg)} left",
        result=_mg(made.total_mg),
    )


def _strength(made: Trituration, part: IngredientAmount, dilution: PlannedDilution) -> Reckoning:
    """What one gram of the trituration as it is weighed holds of the drug, against what the formula says."""
    factor, divided = _salt(dilution)
    held = made.powder_mg / dilution.salt_factor / made.total_mg * _GRAM
    stated = (part.active_mg or Fraction(0)) * (_GRAM if part.unit == "mg" else 1)
    return Reckoning(
        what="Drug in 1 g of it",
        formula=f"powder{divided} ÷ trituration, against the formula",
        numbers=f"{_mg(_GRAM)} × {_mg(made.powder_mg)}{factor} ÷ {_mg(made.total_mg)} = {_mg(held)}",
        result=error_words((held - stated) / stated) if stated else _mg(held),
    )


def _salt(dilution: PlannedDilution) -> tuple[str, str]:
    """The division by the salt factor, in figures and in words; nothing where the powder is the drug itself."""
    return ("", "") if dilution.salt_factor == 1 else (f" ÷ {number(dilution.salt_factor)}", " ÷ salt factor")


def _held(dilution: PlannedDilution) -> Fraction:
    """The drug in one unit of mass of the trituration."""
    return dilution.part / dilution.whole / dilution.salt_factor


def _mg(mass: Fraction | int) -> str:
    return exact_words(Fraction(mass), "mg")
