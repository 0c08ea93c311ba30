"""What looks like a slip in a formulary that can be read, and what doesn't."""

from __future__ import annotations

import pytest

from splitter.formulary import changed_prices, doubts, read_formulary

HEAD = 'drug = "x"\n'
RECIPE = """
[[recipe]]
id = "made"
form = "suspension"
concentration = "5 mg/mL"
beyond_use = "14 days"
step = "2 mL"
ingredients = [{ name = "%s", amount = "50", unit = "tablet", price = "1"%s }]
"""


def tablet(strength: str, price: str = "0.10", **more: str) -> str:
    extra = "".join(f"{key} = {value}\n" for key, value in more.items())
    return f'[[tablet]]\nid = "x-{strength}"\nstrength = "{strength} mg"\nprice = "{price}"\n{extra}'


def liquid(concentration: str, name: str, **more: str) -> str:
    extra = "".join(f"{key} = {value}\n" for key, value in more.items())
    bottles = 'bottles = [{ volume = "100 mL", price = "10" }]'
    return f'[[liquid]]\nid = "{name}"\nconcentration = "{concentration}"\n{bottles}\n{extra}'


def three_liquids(price: str) -> str:
    """One that is poured, at a price per mL, between two in bottles at 0.1 for 1 mL; four times as strong each."""
    poured = f'[[liquid]]\nid = "b"\nconcentration = "4 mg/mL"\nkeeps = "9 days"\npoured = {{ price = "{price}" }}\n'
    return liquid("1 mg/mL", "a") + poured + liquid("16 mg/mL", "c")


LABEL = {"source": '"a label"', "certainty": '"label"'}

# tables, the products and keys that are doubted
CASES = [
    ("strengths of one family", tablet("5") + tablet("10", "0.20") + tablet("20", "0.40"), []),
    ("a slipped point", tablet("10") + tablet("20", "0.20") + tablet("100", "1"), [("x-100", "strength")]),
    ("just short of it", tablet("10") + tablet("20", "0.2") + tablet("99", "0.99"), []),
    ("one alone", tablet("100"), []),
    ("a slipped point on the label", tablet("10") + tablet("100", "1", **LABEL), [("x-10", "strength")]),
    ("five times", liquid("5 mg/5 mL", "a") + liquid("5 mg/mL", "b"), [("a", "concentration"), ("b", "concentration")]),
    ("five times, one certain", liquid("5 mg/5 mL", "a", **LABEL) + liquid("5 mg/mL", "b"), [("b", "concentration")]),
    ("four times", liquid("1 mg/mL", "a") + liquid("4 mg/mL", "b"), []),
    ("a price slipped", tablet("5") + tablet("10", "4.00") + tablet("20", "0.40"), [("x-10", "price")]),
    ("a price just short of it", tablet("5") + tablet("10", "3.99") + tablet("20", "0.40"), []),
    ("a poured price slipped", three_liquids("8"), [("b", "poured")]),
    ("a poured price just short of it", three_liquids("7.99"), []),
    ("an estimate", tablet("5") + tablet("10", "4", illustrative="true") + tablet("20", "0.40"), []),
    ("another kind", tablet("5") + tablet("10", "4", do_not_split_reason='"extended release"'), []),
    ("a free one", tablet("5") + tablet("10", "0"), []),
    ("a recipe that is stated", RECIPE % ("x 10 mg tablets", ', active = "10 mg"'), []),
    ("a recipe by its names", RECIPE % ("x 10 mg tablets", ""), []),
    ("a recipe that is off", RECIPE % ("x 20 mg tablets", ""), [("made", "ingredients")]),
    ("a recipe that says nothing", RECIPE % ("x tablets", ""), [("made", "ingredients")]),
    ("a recipe of two masses", RECIPE % ("x 10 mg and 20 mg tablets", ""), [("made", "ingredients")]),
]


@pytest.mark.parametrize(("text", "doubted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_doubted(text: str, doubted: list[tuple[str, str]]) -> None:
    """Each threshold from both sides."""
    found = doubts(read_formulary(HEAD + text, "x.toml"))
    assert [(doubt.product, doubt.key) for doubt in found] == doubted


def test_a_doubt_says_by_how_much_and_beside_what() -> None:
    """So that it can be looked up."""
    (found,) = doubts(read_formulary(HEAD + RECIPE % ("x 20 mg tablets", ""), "x.toml"))
    assert found.message == "1000 mg of drug by the ingredients' names, where 100 mL need 500 mg"
    (found,) = doubts(read_formulary(HEAD + tablet("10") + tablet("100", "1", **LABEL), "x.toml"))
    assert found.message == "10 mg is a factor of 10 from its nearest, 100 mg (x-100)"


PACKS = '[[tablet]]\nid = "x-5"\nstrength = "5 mg"\npacks = [{ count = 10, price = "%s" }]\n'
POURED = '[[liquid]]\nid = "a"\nconcentration = "1 mg/mL"\nkeeps = "9 days"\npoured = { price = "%s" }\n'

# before, after, the message
CHANGED = [
    (tablet("5"), tablet("5", "1.99"), None),
    (tablet("5"), tablet("5", "2.00"), "a tablet costs more than by what is in force, by a factor of 20"),
    (tablet("5", "2"), tablet("5", "0.1"), "a tablet costs less than by what is in force, by a factor of 20"),
    (
        tablet("5", illustrative="true"),
        tablet("5", "10"),
        "a tablet costs more than by the estimate in force, by a factor of 100",
    ),
    (tablet("5"), PACKS % "1", None),
    (tablet("5"), PACKS % "20", "a tablet costs more than by what is in force, by a factor of 20"),
    (liquid("1 mg/mL", "a"), POURED % "1.99", None),
    (liquid("1 mg/mL", "a"), POURED % "2", "a mL costs more than by what is in force, by a factor of 20"),
    (tablet("5"), tablet("5") + tablet("50", "9"), None),
    (tablet("5", "0"), tablet("5", "9"), None),
]


@pytest.mark.parametrize(("before", "after", "message"), CHANGED)
def test_a_price_far_from_the_one_in_force_is_doubted(before: str, after: str, message: str | None) -> None:
    """By unit, however it is supplied; from both sides of the threshold. What is new takes nothing's place."""
    found = changed_prices(read_formulary(HEAD + before, "x.toml"), read_formulary(HEAD + after, "y.toml"))
    assert [doubt.message for doubt in found] == ([] if message is None else [message])
