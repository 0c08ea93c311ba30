"""What a balance, a syringe or a cylinder can measure of an exact amount, and how far that is from it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from splitter.plan import PlannedEquipment
from splitter.quantity import ceiling, format_exact, round_half_up
from splitter.wording.figures import amount, number, plural

_MG = {"mg": Fraction(1), "g": Fraction(1000), "kg": Fraction(1_000_000), "mcg": Fraction(1, 1000)}
# Capacity and graduation [mL]: oral syringes as they are common up to 10 mL, and to 60 mL by 1 mL; above, cylinders.
# The smallest that holds the volume is used; a batch is brought to its volume in a cylinder. Graduations differ between
# makes: the worksheet names what it reckons with.
_DEVICES = tuple(
    (Fraction(capacity), Fraction(graduation), kind)
    for capacity, graduation, kind in (
        ("1", "0.02", "syringe"),
        ("3", "0.1", "syringe"),
        ("5", "0.2", "syringe"),
        ("10", "0.2", "syringe"),
        ("60", "1", "syringe"),
        ("50", "1", "cylinder"),
        ("100", "1", "cylinder"),
        ("250", "2", "cylinder"),
        ("500", "5", "cylinder"),
        ("1000", "10", "cylinder"),
    )
)
# Errors are said with so many decimals of a percent, and at least as this much.
_PERCENT_STEP = Fraction(1, 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """An amount as it can be measured: `value` in `unit`, with what, and `fault` where that can't be done well."""

    exact: Fraction
    value: Fraction
    unit: str
    device: str
    fault: str = ""

    @property
    def error(self) -> Fraction:
        """The relative error; above 0 where too much is measured."""
        return (self.value - self.exact) / self.exact if self.exact else Fraction(0)

    @property
    def exactly(self) -> str:
        """The exact amount."""
        return exact_words(self.exact, self.unit)

    @property
    def words(self) -> str:
        """The amount to weigh, measure or count."""
        return exact_words(self.value, self.unit)

    @property
    def error_words(self) -> str:
        """The error as a person reads it."""
        return error_words(self.error)


def measured(value: Fraction, unit: str, equipment: PlannedEquipment, *, cylinder: bool = False) -> Measured:
    """`value` as the pharmacy's balance or the smallest syringe or cylinder that holds it reads it.

    `cylinder`: a volume is that of the whole, read in a cylinder, whatever syringe would hold it. It is rounded up,
    for what is handed over must be there.
    """
    if unit in _MG:
        return _weighed(value, unit, equipment)
    if unit == "mL":
        return _drawn(value, cylinder=cylinder)
    fault = "" if value.denominator == 1 else "not a whole number: choose another size of batch"
    return Measured(exact=value, value=value, unit=unit, device="count", fault=fault)


def _weighed(value: Fraction, unit: str, equipment: PlannedEquipment) -> Measured:
    step, least = equipment.balance_readability_mg, equipment.balance_minimum_mg
    mass = value * _MG[unit]
    near = round_half_up(mass, step) / _MG[unit]
    low = f"less than the {amount(least, 'mg')} that the balance weighs well: weigh a measured part of a dilution"
    return Measured(
        exact=value,
        value=near,
        unit=unit,
        device=f"balance by {amount(step, 'mg')}",
        fault=low if mass < least else "",
    )


def _drawn(value: Fraction, *, cylinder: bool) -> Measured:
    devices = [each for each in _DEVICES if not cylinder or each[2] == "cylinder"]
    capacity, graduation, kind = next((each for each in devices if each[0] >= value), devices[-1])
    device = f"{amount(capacity, 'mL')} {kind} by {amount(graduation, 'mL')}"
    near = ceiling(value / graduation) * graduation if cylinder else round_half_up(value, graduation)
    fault = "" if near else "too little to measure: measure a part of a dilution"
    return Measured(exact=value, value=near, unit="mL", device=device, fault=fault)


def error_words(error: Fraction) -> str:
    """A relative error in percent, rounded half up to 0.001 %.

    >>> error_words(Fraction(0)), error_words(Fraction(-1, 300)), error_words(Fraction(1, 1_000_000))
    ('exact', '0.333 % less', 'under 0.001 % more')
    """
    if not error:
        return "exact"
    percent = round_half_up(abs(error) * 100, _PERCENT_STEP)
    words = f"{number(percent)} %" if percent else f"under {number(_PERCENT_STEP)} %"
    return f"{words} {'more' if error > 0 else 'less'}"


def exact_words(value: Fraction, unit: str) -> str:
    """An amount exactly: where no decimal is exact, as a mixed number, whose whole part nobody can take for more.

    >>> exact_words(Fraction(50, 3), "tablet"), exact_words(Fraction(2, 3), "mL"), exact_words(Fraction(1250), "mg")
    ('16 and 2/3 tablets', '2/3 mL', '1,250 mg')
    """
    return f"{exact_number(value)} {plural(unit, value)}"


def exact_number(value: Fraction) -> str:
    """A number exactly, as `exact_words` has it."""
    text = format_exact(value)
    if "/" not in text:
        return number(value)
    whole, rest = divmod(value.numerator, value.denominator)
    part = f"{rest}/{value.denominator}"
    return f"{whole:,} and {part}" if whole else part
