"""Ingredients that are triturations: how they are stated, how much is made, what is weighed, and who checks it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest

from splitter.checks import Question, run_checks
from splitter.errors import InputError
from splitter.formulary import Formulary, doubts, load_formulary, read_formulary
from splitter.plan import Plan, Severity, Trituration, plan_from_json, plan_to_json
from splitter.prescription import Compounding, Pharmacy, Policy, Prescription, pharmacy_from_text, read_prescription
from splitter.quantity import Mass
from splitter.service import plan, verify_plan
from splitter.sheets import lay_out_sheets
from splitter.verify import check_consistency, verify
from splitter.wording.compounding import worksheets
from tests.unit.test_sheets import words_of

TRITURATION = (
    '{ name = "a trituration", amount = "0.5", unit = "g", price = "1", active = "100 mg", dilution = "1 in 10", '
    'powder = "a powder", diluent = "lactose" }'
)
FORMULARY = f"""
drug = "examplamine"
[[recipe]]
id = "capsule"
form = "capsule"
strength = "0.5 mg"
category = "solid"
min = 30
max = 100
ingredients = [{TRITURATION}]
"""
ORDER = """
[prescription]
number = "RX-1"
drug = "examplamine"
start = 2026-12-01
times = ["08:00", "14:00"]
[patient]
name = "Ada Example"
[prescriber]
name = "Dr B. Example"
[policy]
division = "free"
[[step]]
daily = "3 mg"
for = "14 days"
[[step]]
daily = "0.5 mg"
for = "28 days"
"""


def formulary(text: str = FORMULARY) -> Formulary:
    return read_formulary(text, "x.toml")


def pharmacy(readability: str = "1", minimum: str = "120") -> Pharmacy:
    balance = Compounding(balance_readability=Mass(Fraction(readability)), balance_minimum=Mass(Fraction(minimum)))
    return replace(pharmacy_from_text("", "pharmacy.toml"), compounding=balance)


@cache
def order() -> Prescription:
    return read_prescription("rx.toml", ORDER)


def planned(text: str = FORMULARY, readability: str = "1", minimum: str = "120") -> Plan:
    return plan(order(), pharmacy(readability, minimum), formulary(text))


@pytest.mark.parametrize(
    ("good", "bad", "key", "words"),
    [
        ('"1 in 10"', '"1:10"', "dilution", 'such as "1 in 10"'),
        ('"1 in 10"', '"10 in 10"', "dilution", 'such as "1 in 10"'),
        ('"1 in 10"', '"0 in 10"', "dilution", 'such as "1 in 10"'),
        ('"1 in 10"', "0.1", "dilution", "in quotes"),
        ('"1 in 10"', '"1 in 9"', "active", "1 g holds 1000/9 mg at 1 in 9: choose parts"),
        ('"1 in 10"', '"1.001 in 10"', "dilution", "whole numbers up to 100"),
        (', dilution = "1 in 10"', "", "powder", "no dilution beside it"),
        (', dilution = "1 in 10"', "", "diluent", "no dilution beside it"),
        (', powder = "a powder"', "", "powder", "name the powder that is diluted"),
        (', diluent = "lactose"', "", "diluent", "name what it is diluted with"),
        (', active = "100 mg"', "", "active", "nothing write 100 mg; 1 g holds 100 mg at 1 in 10"),
        ('active = "100 mg"', 'active = "100 mg", salt_factor = "1.14"', "active", "a salt factor of 1.14"),
        ('active = "100 mg"', 'active = "100 mg", salt_factor = "0.5"', "salt_factor", "at least 1"),
        ('active = "100 mg"', 'active = "100 mg", to_volume = true', "to_volume", "holds no drug"),
        ('unit = "g"', 'unit = "tablet"', "unit", "it is weighed"),
        ('unit = "g"', 'unit = "mg"', "active", "100 mg write 0.1 mg"),
    ],
)
def test_each_fault_of_a_trituration(good: str, bad: str, key: str, words: str) -> None:
    """Who makes it is told of what; the drug in it follows from the dilution; nothing of it stands alone."""
    with pytest.raises(InputError) as caught:
        formulary(FORMULARY.replace(good, bad, 1))
    found = {fault.key: f"{fault.found} {fault.remedy}" for fault in caught.value.faults}
    assert words in found[f"recipe[0].ingredients[0].{key}"]


# dilution, drug in 1 g, salt factor, the balance's readability and minimum [mg]; powder, diluent, whole of the first of
# two batches of 56 capsules, for which 280 mg are needed
AMOUNTS = [
    ("1 in 10", "100 mg", "", "1", "120", "120", "1080", "1200"),
    ("1 in 10", "100 mg", "", "1", "20", "28", "252", "280"),
    ("1 in 10", "100 mg", "", "3", "20", "30", "270", "300"),
    ("1 in 10", "100 mg", "", "10", "115", "120", "1080", "1200"),
    ("1.14 in 10", "100 mg", "1.14", "1", "120", "171", "1329", "1500"),
    ("8 in 10", "100 mg", "8", "1", "120", "480", "120", "600"),
]


@pytest.mark.parametrize(("dilution", "active", "factor", "read", "least", "powder", "diluent", "whole"), AMOUNTS)
def test_enough_is_made_and_all_of_it_can_be_weighed(
    dilution: str, active: str, factor: str, read: str, least: str, powder: str, diluent: str, whole: str
) -> None:
    """At least what the batch needs, neither powder nor diluent below the balance, in exactly the proportion."""
    text = FORMULARY.replace('"1 in 10"', f'"{dilution}"').replace('"100 mg"', f'"{active}"')
    if factor:
        text = text.replace(", diluent", f', salt_factor = "{factor}", diluent')
    made = planned(text, read, least)
    (item,) = made.items
    assert (item.quantity, item.batches) == (112, 2)
    assert item.triturations[0] == Trituration(
        batch=1,
        ingredient="a trituration",
        needed_mg=Fraction(280),
        powder_mg=Fraction(powder),
        diluent_mg=Fraction(diluent),
        total_mg=Fraction(whole),
    )
    assert verify_plan(made, order(), pharmacy(read, least), formulary(text)).agrees
    assert plan_from_json(plan_to_json(made), "plan.json") == made


@pytest.mark.parametrize(
    "change",
    [
        {"powder_mg": Fraction(119)},
        {"diluent_mg": Fraction(1081)},
        {"total_mg": Fraction(1201)},
        {"needed_mg": Fraction(281)},
        {"batch": 3},
        {"ingredient": "another"},
        {"powder_mg": Fraction(121), "diluent_mg": Fraction(1089), "total_mg": Fraction(1210)},
        {"powder_mg": Fraction(119), "diluent_mg": Fraction(1071), "total_mg": Fraction(1190)},
        {"powder_mg": Fraction(241, 2), "diluent_mg": Fraction(2169, 2), "total_mg": Fraction(1205)},
    ],
)
def test_each_figure_of_a_trituration_is_re_added(change: dict[str, object]) -> None:
    """No mass can be changed unnoticed, nor all together; not even with nothing but the plan at hand."""
    made = planned()
    (item,) = made.items
    first, *rest = item.triturations
    changed = replace(item, triturations=(replace(first, **change), *rest))  # type: ignore[arg-type]
    wrong = replace(made, items=(changed,))
    for found in (check_consistency(wrong), verify(wrong, order(), pharmacy(), formulary())):
        assert "verify-trituration" in {finding.code for finding in found}


@pytest.mark.parametrize("kept", [0, 1])
def test_a_trituration_that_is_left_out_is_noticed(kept: int) -> None:
    """One for each batch."""
    made = planned()
    (item,) = made.items
    changed = replace(item, triturations=item.triturations[:kept])
    assert {finding.code for finding in check_consistency(replace(made, items=(changed,)))} == {"verify-trituration"}


@pytest.mark.parametrize(
    ("least", "names"), [("120", ()), ("120.1", ("a powder",)), ("281", ("a trituration", "a powder"))]
)
def test_the_powder_is_held_against_the_balance(least: str, names: tuple[str, ...]) -> None:
    """A balance that weighs from more than the 120 mg on, with which the plan was made, stops it."""
    made = planned()
    equipment = replace(made.pharmacy.equipment, balance_minimum_mg=Fraction(least))
    other = replace(made, pharmacy=replace(made.pharmacy, equipment=equipment))
    asked = Question(plan=other, prescription=order(), formulary=formulary(), allowed=(), policy=Policy())
    found = [each for each in run_checks(asked) if each.code == "too-light-to-weigh"]
    assert {each.severity for each in found} <= {Severity.STOP}
    assert [each.message.partition(" mg of ")[2].partition(" for a batch")[0] for each in found] == list(names)


def test_a_record_shows_what_is_weighed_and_how_it_was_reckoned() -> None:
    """Powder and diluent with formula, numbers and error; then the strength of what is made."""
    made = planned()
    (sheet,) = worksheets(made, order().start)
    (trituration,) = sheet.batches[0].triturations
    assert [(each.name, each.amount.words, each.amount.error_words) for each in trituration.weighings] == [
        ("a powder", "120 mg", "exact"),
        ("lactose", "1,080 mg", "exact"),
    ]
    assert [(each.what, each.numbers, each.result) for each in trituration.reckonings] == [
        ("a powder, for the trituration", "280 mg × 1 ÷ 10 = 28 mg; at least 120 mg; up to 120 × 1 mg", "120 mg"),
        ("lactose, for the trituration", "120 mg × 9 ÷ 1", "1,080 mg"),
        ("Trituration made", "120 mg + 1,080 mg; 1,200 mg − 280 mg = 920 mg left", "1,200 mg"),
        ("Drug in 1 g of it", "1,000 mg × 120 mg ÷ 1,200 mg = 100 mg", "exact"),
    ]
    assert set(trituration.reckonings) <= set(sheet.batches[0].reckonings)
    assert [(each.what, each.numbers, each.result) for each in sheet.reckonings[:1]] == [
        ("Drug in 1 g of a trituration", "1,000 mg × 1 ÷ 10", "100 mg"),
    ]


def test_the_sheets_have_rows_for_powder_and_diluent() -> None:
    """On the master formulation record in parts, on the record for each batch with room for lots, expiry, initials."""
    words = words_of(lay_out_sheets(planned()))
    for line in ("What a trituration is made of", "1 in 10 by mass", "9 in 10 by mass"):
        assert line in words
    for place in (1, 2):
        assert words.count(f"Make first, for batch {place}: a trituration") == 1
    assert words.count("made as above") == 1


def test_a_trituration_that_nobody_explains_is_doubtful() -> None:
    """A name alone tells nobody what to weigh."""
    text = FORMULARY.replace(', dilution = "1 in 10", powder = "a powder", diluent = "lactose"', "")
    (doubt,) = doubts(formulary(text))
    assert doubt.message.startswith("a trituration: nothing says of what it is made")
    assert not doubts(formulary())


@pytest.mark.parametrize("drug", ["baclofen", "tizanidine"])
def test_the_built_in_triturations_say_how_they_are_made(drug: str) -> None:
    """No built-in recipe leaves it to the method's words."""
    assert not [doubt for doubt in doubts(load_formulary(drug)) if "nothing says" in doubt.message]
