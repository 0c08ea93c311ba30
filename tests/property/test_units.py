"""Rules that every text of a quantity obeys; and a taper's steps, printed, are the same prescription."""

import datetime as dt
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from splitter.bounds import MOST_CONCENTRATION
from splitter.formulary import Formulary
from splitter.prescription import (
    Phase,
    Prescription,
    Reduction,
    Round,
    Step,
    TaperRule,
    pharmacy_from_text,
    read_prescription,
)
from splitter.quantity import Concentration, Mass, Volume, format_exact
from splitter.taper import as_toml_steps, with_steps
from splitter.units import ReadError, mass_words, parse_concentration, parse_mass, parse_volume

MICROGRAMS = st.integers(min_value=0, max_value=10**8)
SOME = st.integers(min_value=1, max_value=10**6)
HOUSE = pharmacy_from_text("", "pharmacy.toml")
NOTHING = Formulary(drug="x", products=())
DOSES = st.integers(min_value=1, max_value=400).map(lambda half: Mass(Fraction(half, 2)))


@given(MICROGRAMS)
def test_masses_read_back_from_every_way_of_writing_them(micrograms: int) -> None:
    """As milligrams, as micrograms in four spellings, as grams, and as a label shows it."""
    mass = Mass(Fraction(micrograms, 1000))
    assert parse_mass(mass_words(mass)) == mass
    assert all(parse_mass(f"{micrograms} {unit}") == mass for unit in ("mcg", "ug", "µg", "μg"))
    assert parse_mass(str(mass)) == mass
    assert parse_mass(f"{format_exact(mass.value / 1000)} g") == mass


@given(SOME, SOME)
def test_a_concentration_is_the_same_however_it_is_stated(micrograms: int, microlitres: int) -> None:
    """ "25 mg/5 mL" and the amount in 1 mL are one concentration."""
    mass, volume = Mass(Fraction(micrograms, 1000)), Volume(Fraction(microlitres, 1000))
    if mass.value / volume.value > MOST_CONCENTRATION:
        with pytest.raises(ReadError, match="at most"):
            parse_concentration(f"{mass}/{volume}")
    else:
        assert parse_concentration(f"{mass}/{volume}") == Concentration(mass.value / volume.value)


@given(st.text(max_size=12))
def test_a_text_is_read_or_refused_in_words(text: str) -> None:
    """No text crashes a parser: it is a mass of at least nothing, or a refusal with a remedy."""
    for parse in (parse_mass, parse_volume, parse_concentration):
        refusal = None
        try:
            value = parse(text).value
        except ReadError as error:
            refusal = error
        assert value >= 0 if refusal is None else refusal.found and refusal.remedy


@given(st.from_regex(r"\A[0-9.,/eE+_ -]{1,8} ?[mM][gG]\Z"))
def test_what_looks_like_a_mass_is_the_number_it_says_or_refused(text: str) -> None:
    """Whatever is accepted is what Fraction makes of the number, and has one space and small letters."""
    try:
        mass = parse_mass(text)
    except ReadError:
        return
    number, unit = text.split(" ")
    assert unit == "mg"
    assert mass.value == Fraction(number)


@given(st.lists(st.tuples(st.integers(1, 60), DOSES, st.booleans()), min_size=1, max_size=8))
def test_printed_steps_are_the_same_steps(parts: list[tuple[int, Mass, bool]]) -> None:
    """`splitter schedule` prints what reads back to the same prescription."""
    steps = tuple(
        Step(days=days, target=dose * 2, doses=(dose, dose))
        if stated
        else Step(days=days, target=dose, allowed=(dose, dose))
        for days, dose, stated in parts
    )
    prescription = Prescription(
        number="RX-1", drug="x", start=dt.date(2026, 12, 1), times=(dt.time(8), dt.time(20)), steps=steps
    )
    head = '[prescription]\nnumber = "RX-1"\ndrug = "x"\nstart = 2026-12-01\ntimes = ["08:00", "20:00"]\n'
    assert read_prescription("rx.toml", head + as_toml_steps(prescription)).steps == steps


@given(DOSES, st.integers(1, 99), st.integers(1, 8), DOSES)
def test_a_taper_goes_down_on_its_grid(start: Mass, percent: int, quarter: int, last: Mass) -> None:
    """From the first dose to the last, each smaller than the one before, on the grid in between, and printable."""
    grid, share = Mass(Fraction(quarter, 4)), Fraction(percent, 100)
    start, last = max(start, last), min(start, last)
    phase = Phase(reduction=Reduction(share=share), every=1, last=last, round=Round.GRID, grid=grid)
    rule = TaperRule(start=start, phases=(phase,))
    prescription = Prescription(number="RX-1", drug="x", start=dt.date(2026, 12, 1), times=(dt.time(8),), taper=rule)
    expanded = with_steps(prescription, HOUSE, NOTHING)
    doses = [step.target for step in expanded.steps]
    assert (doses[0], doses[-1]) == (start, last)
    assert all(later < earlier for earlier, later in pairwise(doses))
    assert all((dose / grid).denominator == 1 for dose in doses[1:-1])
    head = '[prescription]\nnumber = "RX-1"\ndrug = "x"\nstart = 2026-12-01\ntimes = ["08:00"]\n'
    assert read_prescription("rx.toml", head + as_toml_steps(expanded)).steps == expanded.steps
