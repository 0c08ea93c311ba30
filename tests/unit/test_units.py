"""What a person may write for a quantity, and how everything else is refused."""

import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction

import pytest

from splitter import units
from splitter.quantity import Concentration, Mass, Money, Volume
from splitter.units import ReadError

ACCEPTED: list[tuple[Callable[[str], object], str, object]] = [
    (units.parse_mass, "5 mg", Mass(Fraction(5))),
    (units.parse_mass, "5.0 mg", Mass(Fraction(5))),
    (units.parse_mass, "0.5 mg", Mass(Fraction(1, 2))),
    (units.parse_mass, "0.125 mg", Mass(Fraction(1, 8))),
    (units.parse_mass, "1/2 mg", Mass(Fraction(1, 2))),
    (units.parse_mass, "0 mg", Mass(Fraction(0))),
    (units.parse_mass, "50 mcg", Mass(Fraction(1, 20))),
    (units.parse_mass, "50 ug", Mass(Fraction(1, 20))),
    (units.parse_mass, "50 µg", Mass(Fraction(1, 20))),  # micro sign
    (units.parse_mass, "50 μg", Mass(Fraction(1, 20))),  # Greek mu
    (units.parse_mass, "1 mcg", Mass(Fraction(1, 1000))),
    (units.parse_mass, "0.3 g", Mass(Fraction(300))),
    (units.parse_volume, "473 mL", Volume(Fraction(473))),
    (units.parse_volume, "0.001 mL", Volume(Fraction(1, 1000))),
    (units.parse_concentration, "5 mg/mL", Concentration(Fraction(5))),
    (units.parse_concentration, "25 mg/5 mL", Concentration(Fraction(5))),
    (units.parse_concentration, "25 mg / 5 mL", Concentration(Fraction(5))),
    (units.parse_concentration, "250 mcg/mL", Concentration(Fraction(1, 4))),
    (units.parse_concentration, "10 mg/3 mL", Concentration(Fraction(10, 3))),
    (units.parse_duration, "2 weeks", 14),
    (units.parse_duration, "1 week", 7),
    (units.parse_duration, "14 days", 14),
    (units.parse_duration, "1 day", 1),
    (units.parse_labour, "30 min", Fraction(1, 2)),
    (units.parse_labour, "1 h", Fraction(1)),
    (units.parse_labour, "0 min", Fraction(0)),
    (units.parse_percentage, "5 %", Fraction(1, 20)),
    (units.parse_percentage, "5%", Fraction(1, 20)),
    (units.parse_percentage, "0 %", Fraction(0)),
    (units.parse_percentage, "100 %", Fraction(1)),
    (units.parse_mass_or_percentage, "5 %", Fraction(1, 20)),
    (units.parse_mass_or_percentage, "5 mg", Mass(Fraction(5))),
    (units.parse_number, "1/2", Fraction(1, 2)),
    (units.parse_number, "50", Fraction(50)),
    (units.parse_number, "0.05", Fraction(1, 20)),
    (units.parse_money, "0.03351", Money(Fraction(3351, 100_000))),
    (units.parse_money, "1.20", Money(Fraction(6, 5))),
    (units.parse_money, "0", Money(Fraction(0))),
    (units.parse_syringe, "1 mL by 0.02 mL", (Volume(Fraction(1)), Volume(Fraction(1, 50)))),
]

# text, a part of the remedy
REFUSED_MASSES = [
    ("5 Mg", 'write the unit as "mg"'),
    ("10 MG", 'write the unit as "mg"'),
    ("5 mG", 'write the unit as "mg"'),
    (".5 mg", 'a zero before the decimal point, as in "0.5"'),
    ("5. mg", "a digit after the decimal point"),
    ("1,5 mg", "a decimal point and no separators"),
    ("1,000 mg", "a decimal point and no separators"),
    ("1.000 mg", "drop the last zero"),
    ("2.500 mg", "drop the last zero"),
    ("1e3 mg", "without an exponent"),
    ("1E-3 mg", "without an exponent"),
    ("1_000 mg", "without separators"),
    ("１０ mg", "plain digits"),
    ("٥ mg", "plain digits"),
    ("５ ｍｇ", "plain digits"),
    ("nan mg", "a number in digits"),
    ("inf mg", "a number in digits"),
    ("-5 mg", "without a sign"),
    ("+5 mg", "without a sign"),
    ("−5 mg", "plain digits"),
    ("", "write a number and its unit"),
    ("mg", "write a mass"),
    ("10", "add the unit"),
    ("10 mL", "write a mass"),
    ("5 %", "write a mass"),
    ("1:1000", "not a ratio"),
    ("1 teaspoon", "not spoons or drops"),
    ("1 tsp", "not spoons or drops"),
    ("3 drops", "not spoons or drops"),
    ("3 gtt", "not spoons or drops"),
    ("5 units", "write the mass"),
    ("5 U", "write the mass"),
    ("5 IU", "write the mass"),
    ("5 mEq", "write the mass"),
    ("0.5 mg/kg", "not a dose per kilogram"),
    ("5mg", "one space between number and unit"),
    ("5  mg", "one plain space"),
    (" 5 mg", "one plain space"),
    ("5 mg\n", "one plain space"),
    ("5\u00a0mg", "one plain space"),
    ("5\tmg", "one plain space"),
    ("05 mg", "without leading zeros"),
    ("5 kg", "write a mass"),
    ("5 gr", "write a mass"),
    ("5 cc", "write a mass"),
    ("5 milligrams", 'write the unit as "mg", as in "5 mg"'),
    ("5 mg mg", "write a mass"),
    ("5 mg or 10 mg", "write a mass"),
    ("1/0 mg", "at most 12 digits"),
    ("1000000000000 mg", "at most 12 digits"),
    ("0.0005 mg", "whole multiples of 0.001 mg"),
    ("0.5 mcg", "whole multiples of 0.001 mg"),
    ("1/3 mg", "whole multiples of 0.001 mg"),
]

REFUSED: list[tuple[Callable[[str], object], str, str]] = [
    (units.parse_volume, "5 ml", 'write the unit as "mL"'),
    (units.parse_volume, "5 mg", "write a volume"),
    (units.parse_volume, "0.0005 mL", "whole multiples of 0.001 mL"),
    (units.parse_volume, "1 tablespoon", "not spoons or drops"),
    (units.parse_concentration, "5 %", "write a concentration"),
    (units.parse_concentration, "1:1000", "not a ratio"),
    (units.parse_concentration, "5 mg", "write a concentration"),
    (units.parse_concentration, "5 mL/5 mg", "write a concentration"),
    (units.parse_concentration, "0 mg/mL", "above zero"),
    (units.parse_concentration, "5 mg/0 mL", "above zero"),
    (units.parse_concentration, "5 mg/mL/mL", "write a concentration"),
    (units.parse_concentration, "5 mg/kg", "not a dose per kilogram"),
    (units.parse_concentration, "1.000 mg/mL", "drop the last zero"),
    (units.parse_concentration, "", "write a number and its unit"),
    (units.parse_duration, "14", "add the unit"),
    (units.parse_duration, "0 days", "at least one day"),
    (units.parse_duration, "1.5 weeks", "whole multiples of 1 day"),
    (units.parse_duration, "2 months", "days or weeks"),
    (units.parse_duration, "2 Weeks", 'write the unit as "weeks"'),
    (units.parse_labour, "30", "add the unit"),
    (units.parse_labour, "1 day", "write a working time"),
    (units.parse_percentage, "5", "add the unit"),
    (units.parse_percentage, "%", "write a percentage"),
    (units.parse_percentage, "101 %", "at most 100 %"),
    (units.parse_percentage, "-5 %", "without a sign"),
    (units.parse_mass_or_percentage, "5", "add the unit"),
    (units.parse_number, "5 mg", "write a number"),
    (units.parse_number, "", 'write a number, such as "50"'),
    (units.parse_money, "", "write a sum of money"),
    (units.parse_number, "1/2/3", "at most 12 digits"),
    (units.parse_money, "0.000001", "whole multiples of 0.00001"),
    (units.parse_money, "-1", "without a sign"),
    (units.parse_money, "1/2", "as a decimal"),
    (units.parse_money, "1 USD", "write a sum of money"),
    (units.parse_money, "$1", "write a sum of money"),
    (units.parse_money, "1,20", "a decimal point"),
    (units.parse_syringe, "1 mL", "capacity and graduation"),
    (units.parse_syringe, "1 mL by 0.3 mL", "whole number of graduations"),
    (units.parse_syringe, "1 mL by 0 mL", "whole number of graduations"),
    (units.parse_syringe, "1 ml by 0.02 mL", 'write the unit as "mL"'),
]


@pytest.mark.parametrize(("parse", "text", "value"), ACCEPTED)
def test_what_may_be_written(parse: Callable[[str], object], text: str, value: object) -> None:
    """Each accepted spelling is read exactly."""
    assert parse(text) == value


@pytest.mark.parametrize(("text", "remedy"), REFUSED_MASSES)
def test_masses_that_are_refused(text: str, remedy: str) -> None:
    """What could be misread is refused with what was found and how to mend it."""
    with pytest.raises(ReadError) as caught:
        units.parse_mass(text)
    assert remedy in caught.value.remedy
    assert caught.value.found == (units.quoted(text) if text else "an empty text")


@pytest.mark.parametrize(("parse", "text", "remedy"), REFUSED)
def test_other_quantities_that_are_refused(parse: Callable[[str], object], text: str, remedy: str) -> None:
    """Each kind of quantity refuses the others, and what is finer than it may be."""
    with pytest.raises(ReadError) as caught:
        parse(text)
    assert remedy in caught.value.remedy
    assert caught.value.found == (units.quoted(text) if text else "an empty text")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("50 µg", "50 mcg"),
        ("50 ug", "50 mcg"),
        ("100 mcg", "0.1 mg"),
        ("5.0 mg", "5 mg"),
        ("1 g", "1000 mg"),
        ("0 mg", "0 mg"),
    ],
)
def test_masses_are_shown_normalised(text: str, words: str) -> None:
    """A label never carries `µg`, a trailing zero or a gram."""
    assert units.mass_words(units.parse_mass(text)) == words


def test_a_long_text_is_cut_in_the_message() -> None:
    """A message stays on one line, whatever was written."""
    with pytest.raises(ReadError) as caught:
        units.parse_mass("x\n" * 500)
    assert len(caught.value.found) < 130
    assert "\n" not in str(caught.value)


def test_importing_units_does_not_load_pint() -> None:
    """pint takes long to load, so it comes with the first quantity that needs a conversion."""
    code = "import sys, splitter.units as u; u.parse_mass('5 mg'); sys.exit('pint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    loads = "import sys, splitter.units as u; u.parse_mass('5 mcg'); sys.exit('pint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loads], check=False).returncode == 1


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("ten percent", 'write the number in figures, such as "5 %"'),
        ("10 percent", 'write the sign %, such as "5 %"'),
        ("10", 'add the unit, such as "5 mg" or "10 %"'),
        ("a bit", 'write the number in figures, such as "5 mg" or "10 %"'),
        ("forty mg", 'write the number in figures, such as "5 mg" or "10 %"'),
        ("x mg", 'write a mass or a percentage, such as "5 mg" or "10 %"'),
    ],
)
def test_what_may_be_either_is_told_both(text: str, remedy: str) -> None:
    """An amount or a part of it, as the reduction of a taper and a tolerance are."""
    with pytest.raises(ReadError) as raised:
        units.parse_mass_or_percentage(text)
    assert raised.value.remedy == remedy
