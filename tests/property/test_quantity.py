"""Rules that exact numbers obey whatever the numbers."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from splitter.quantity import Mass, ceiling, exact, format_exact, round_half_up

STEPS = st.fractions(min_value=Fraction(1, 1000), max_value=10)


@given(st.fractions())
def test_every_number_reads_back(value: Fraction) -> None:
    """Writing and reading is the identity, and no decimal ends in zero."""
    text = format_exact(value)
    assert exact(text) == value
    assert not ("." in text and text.endswith("0"))


@given(st.fractions(), STEPS)
def test_rounding_is_to_the_nearest_multiple(value: Fraction, step: Fraction) -> None:
    """Half a step away at most, symmetric about zero, and rounding again changes nothing."""
    rounded = round_half_up(value, step)
    assert (rounded / step).denominator == 1
    assert 2 * abs(rounded - value) <= step
    assert round_half_up(-value, step) == -rounded
    assert round_half_up(rounded, step) == rounded


@given(st.fractions())
def test_the_ceiling_is_the_least_whole_number_above(value: Fraction) -> None:
    """Not below the value, and less than one above it."""
    assert value <= ceiling(value) < value + 1


@given(st.fractions(), st.fractions(), st.fractions())
def test_masses_add_and_scale_as_their_numbers(a: Fraction, b: Fraction, factor: Fraction) -> None:
    """Addition and scaling are those of the numbers, so their order is of no account."""
    assert Mass(a) + Mass(b) == Mass(b) + Mass(a) == Mass(a + b)
    assert (Mass(a) + Mass(b)) * factor == Mass(a) * factor + Mass(b) * factor
    assert (Mass(a) < Mass(b)) == (a < b)
