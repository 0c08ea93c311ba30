"""Exact quantities: what adds, what is refused, how numbers are written and rounded."""

from fractions import Fraction

import pytest

from splitter.quantity import Concentration, Mass, Money, Volume, ceiling, exact, format_exact, round_half_up

WRITTEN = [
    (Fraction(60), "60"),
    (Fraction(5, 2), "2.5"),
    (Fraction(1, 8), "0.125"),
    (Fraction(-1, 8), "-0.125"),
    (Fraction(10, 3), "10/3"),
    (Fraction(-10, 3), "-10/3"),
    (Fraction(0), "0"),
    (Fraction(1, 100_000), "0.00001"),
    (Fraction(1, 1 << 10), "0.0009765625"),
    (10**20, "1" + "0" * 20),
]


@pytest.mark.parametrize(("value", "text"), WRITTEN)
def test_numbers_are_written_exactly_and_read_back(value: Fraction, text: str) -> None:
    """A finite decimal is written without trailing zeros, anything else as a fraction; both read back."""
    assert format_exact(value) == text
    assert exact(text) == value


@pytest.mark.parametrize(
    "text", ["", "1e3", "+1", " 1", "1 ", "1_000", "01", ".5", "5.", "1,5", "１", "nan", "inf", "1/0", "1/-2", "1.5/2"]
)
def test_other_spellings_of_numbers_are_refused(text: str) -> None:
    """Only what `format_exact` writes is a number of a plan."""
    with pytest.raises(ValueError, match="not a decimal number or a fraction"):
        exact(text)


@pytest.mark.parametrize(
    ("value", "step", "rounded"),
    [
        ("48.6", "0.5", "48.5"),
        ("48.75", "0.5", "49"),
        ("48.74999", "0.5", "48.5"),
        ("0.25", "0.5", "0.5"),
        ("-0.25", "0.5", "-0.5"),
        ("0.000005", "0.00001", "0.00001"),
        ("0.000004999", "0.00001", "0"),
        ("10/3", "1", "3"),
    ],
)
def test_rounding_is_half_up(value: str, step: str, rounded: str) -> None:
    """Halves go away from zero, exactly."""
    assert round_half_up(Fraction(value), Fraction(step)) == Fraction(rounded)


@pytest.mark.parametrize(("value", "above"), [("2", 2), ("2.0001", 3), ("0", 0), ("-2.5", -2), ("1/3", 1)])
def test_ceiling(value: str, above: int) -> None:
    """The smallest whole number that is not below."""
    assert ceiling(Fraction(value)) == above


def test_kinds_do_not_mix() -> None:
    """Milligrams and millilitres neither add nor compare."""
    mass, volume = Mass(Fraction(1)), Volume(Fraction(1))
    with pytest.raises(TypeError, match="Mass and Volume don't add"):
        mass + volume  # type: ignore[operator]
    with pytest.raises(TypeError, match="don't add"):
        mass - Money(Fraction(1))  # type: ignore[operator]
    with pytest.raises(TypeError):
        assert mass < volume  # type: ignore[operator]
    assert mass != volume


def test_no_float_enters() -> None:
    """A binary float is refused when the quantity is made and when it is scaled."""
    with pytest.raises(TypeError, match="not the float"):
        Mass(0.1)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Mass(Fraction(1)) * 0.5  # type: ignore[operator]


def test_division_gives_the_right_kind() -> None:
    """Mass by mass is a number, mass by concentration a volume, volume by volume a number."""
    mass, concentration = Mass(Fraction(20)), Concentration(Fraction(5))
    assert mass / Mass(Fraction(8)) == Fraction(5, 2)
    assert mass / concentration == Volume(Fraction(4))
    assert mass / 3 == Mass(Fraction(20, 3))
    assert Volume(Fraction(5)) / Volume(Fraction(2)) == Fraction(5, 2)
    assert Volume(Fraction(5)) / 2 == Volume(Fraction(5, 2))


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (Mass(Fraction(5, 2)), "2.5 mg"),
        (Volume(Fraction(1, 50)), "0.02 mL"),
        (Concentration(Fraction(5)), "5 mg/mL"),
        (Money(Fraction(1051, 100)), "10.51"),
    ],
)
def test_quantities_are_shown_with_their_unit(quantity: object, text: str) -> None:
    """A space before the unit, a leading zero, no trailing zero."""
    assert str(quantity) == text


def test_zero_is_false_and_scaling_is_exact() -> None:
    """A third three times is the whole."""
    assert not Mass(Fraction(0))
    assert Mass(Fraction(1, 3)) * 3 == 3 * Mass(Fraction(1, 3)) == Mass(Fraction(1))
