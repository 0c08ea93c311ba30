"""Names and codes as price lists write them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from splitter.formulary import Form
from splitter.prices.codes import ndc_of, snomed_of
from splitter.prices.names import describe
from splitter.quantity import Concentration, Mass

TABLET, CAPSULE, PACKET = Form.TABLET, Form.CAPSULE, Form.PACKET
SOLUTION, SUSPENSION = Form.SOLUTION, Form.SUSPENSION


def mg(amount: str) -> Mass:
    return Mass(Fraction(amount))


def per_ml(amount: str) -> Concentration:
    return Concentration(Fraction(amount))


# a name, the words of its substance, its salts, what is particular, its forms, its strengths
NAMES = [
    ("EXAMPLAMINE 10 MG TABLET", "examplamine", "", "", [TABLET], [mg("10")]),
    ("EXAMPLAMINE HCL 0.5 MG TAB", "examplamine", "hydrochloride", "", [TABLET], [mg("1/2")]),
    ("EXAMPLAMINE .5 MG TAB", "examplamine", "", "", [TABLET], [mg("1/2")]),
    ("EXAMPLAMINE 1,000 MG TABLET", "examplamine", "", "", [TABLET], [mg("1000")]),
    ("EXAMPLAMINE 1 GM TABLET", "examplamine", "", "", [TABLET], [mg("1000")]),
    ("Examplamine 500microgram tablets", "examplamine", "", "", [TABLET], [mg("1/2")]),
    ("Examplamine 50micrograms/5ml oral solution", "examplamine", "", "", [SOLUTION], [per_ml("1/100")]),
    ("EXAMPLAMINE 15 MG/5 ML SOLN", "examplamine", "", "", [SOLUTION], [per_ml("3")]),
    ("EXAMPLAMINE 100 MG/ML SOLN", "examplamine", "", "", [SOLUTION], [per_ml("100")]),
    ("EXAMPLAMINE 5 MG/0.5 ML SOLN", "examplamine", "", "", [SOLUTION], [per_ml("10")]),
    ("Examplamine 5mg/5ml oral suspension sugar free", "examplamine", "", "", [SUSPENSION], [per_ml("1")]),
    ("EXAMPLAMINE SUCC ER 25 MG CAP", "examplamine", "succinate", "extended release", [CAPSULE], [mg("25")]),
    ("Examplamine 5mg gastro-resistant tablets", "examplamine", "", "delayed release", [TABLET], [mg("5")]),
    ("EXAMPLAMINE ODT 5 MG TABLET", "examplamine", "", "orally disintegrating", [TABLET], [mg("5")]),
    ("examplamine 5 mg tablet for oral suspension", "examplamine", "", "for a liquid", [TABLET], [mg("5")]),
    ("Examplamine 1g granules sachets", "examplamine", "", "", [PACKET], [mg("1000")]),
    ("examplamine-er", "examplamine", "", "extended release", [], []),
    ("EXAMPLAMINE-OTHERINE 50-25 MG TAB", "examplamine-otherine 50-25 mg", "", "", [TABLET], []),
    ("Examplamine 80mg / Otherine 5mg capsules", "examplamine / otherine", "", "", [CAPSULE], [mg("80"), mg("5")]),
    ("EXAMPLAMINE 1% CREAM", "examplamine 1% cream", "", "", [], []),
    ("EXAMPLAMINE 10 MG/0 ML SOLN", "examplamine /0 ml", "", "", [SOLUTION], [mg("10")]),
    ("EXAMPLAMINE 5 MG/24 HR PATCH", "examplamine /24 hr patch", "", "", [], [mg("5")]),
    ("Examplamine 5mg/5ml solution for injection ampoules", "examplamine injection ampoules", "", "", [SOLUTION], None),
    ("", "", "", "", [], []),
]


@pytest.mark.parametrize(
    ("name", "substance", "salts", "kinds", "forms", "strengths"), NAMES, ids=[n[0] for n in NAMES]
)
def test_a_name_is_taken_apart(
    name: str, substance: str, salts: str, kinds: str, forms: list[Form], strengths: list[Mass | Concentration] | None
) -> None:
    """What is not understood is left with the substance, so that the name matches nothing."""
    said = describe(name)
    assert " ".join(said.substance).split() == substance.split()
    assert " ".join(sorted(said.salts)) == salts
    assert ", ".join(sorted(said.kinds)) == kinds
    assert said.forms == frozenset(forms)
    assert strengths is None or list(said.strengths) == strengths


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("00172409660", "00172409660"),
        ("172409660", "00172409660"),
        ("0172-4096-60", "00172409660"),
        ("70710-1285-1", "70710128501"),
        ("12345-678-90", "12345067890"),
        ("5.9148E+10", None),
        ("591480008130", None),
        ("0", None),
        ("", None),
        ("ABC", None),
        ("١٢٣", None),
    ],
)
def test_an_ndc_is_eleven_digits(text: str, code: str | None) -> None:
    """Leading zeros come back; what a spreadsheet has rounded is no code."""
    assert ndc_of(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("42032611000001100", "42032611000001100"), ("4.20326E+16", None), ("12345", None), ("0123456", None), ("", None)],
)
def test_a_code_of_dmd_is_taken_as_it_is(text: str, code: str | None) -> None:
    """Digits only, 6 to 18 of them."""
    assert snomed_of(text) == code
