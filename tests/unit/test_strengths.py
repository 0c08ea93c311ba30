"""Recipes that state several strengths: what they stand for, which are chosen, what is said and checked of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from splitter.errors import InputError
from splitter.formulary import Batch, Formulary, Product, listed, load_formulary, read_formulary
from splitter.optimise import Limits, solve
from splitter.plan import Plan, Status, plan_from_json, plan_to_json
from splitter.prescription import Pharmacy, Prescription, pharmacy_from_text, read_prescription
from splitter.problem import pose
from splitter.quantity import Mass
from splitter.service import plan, verify_plan
from splitter.verify import verify
from splitter.wording.strengths import strengths_words

HEAD = """
drug = "examplamine"
[[tablet]]
id = "x-10mg-tablet"
strength = "10 mg"
pieces = 2
price = "0.03"
"""
RECIPE = """
[[recipe]]
id = "x-capsule"
form = "capsule"
strengths = "1 mg to 9 mg by 1 mg"
beyond_use = "180 days"
labour = "20 min"
min = 30
max = 100
ingredients = [
  { name = "drug", amount = "0.1", unit = "g", price = "5", active = "1000 mg" },
  { name = "lactose", amount = "20", unit = "g", price = "0.04", to_volume = true },
  { name = "shells", amount = "100", unit = "capsule", price = "0.03" },
]
"""
LIQUID = """
[[recipe]]
id = "x-liquid"
form = "suspension"
concentrations = ["1 mg/mL", "2.5 mg/mL"]
beyond_use = "35 days"
step = "20 mL"
ingredients = [
  { name = "10 mg tablets", amount = "10", unit = "tablet", price = "0.03", active = "10 mg" },
  { name = "vehicle", amount = "100", unit = "mL", price = "0.08", to_volume = true },
]
"""
ORDER = """
[prescription]
number = "RX-1"
drug = "examplamine"
start = 2026-12-01
times = ["08:00", "14:00", "20:00"]
"""


def read(text: str) -> Formulary:
    return read_formulary(text, "x.toml")


def order(*doses: str, policy: str = "", drug: str = "examplamine") -> Prescription:
    """Daily doses [mg], each for four weeks."""
    steps = "".join(f'[[step]]\ndaily = "{dose} mg"\nfor = "4 weeks"\n' for dose in doses)
    return read_prescription("rx.toml", f"{ORDER.replace('examplamine', drug)}\n[policy]\n{policy}\n{steps}")


def pharmacy() -> Pharmacy:
    return pharmacy_from_text(
        '[pharmacy]\nname = "P"\naddress = "A"\nphone = "1"\nlicence = "L"\ncurrency = "USD"', "p"
    )


def planned(*doses: str, policy: str = 'liquids = "never"', file: str = HEAD + RECIPE) -> Plan:
    return plan(order(*doses, policy=policy), pharmacy(), read(file))


def capsules(made: Plan) -> list[str]:
    return [str(product.strength_mg) for product in made.products if product.compounded]


def batch_of(product: Product) -> Batch:
    assert isinstance(product.supply, Batch)
    return product.supply


# ------------------------------------------------------------------------------------------------- what a recipe means


def test_a_recipe_of_several_strengths_is_a_recipe_of_each() -> None:
    """What holds drug scales, the filler gives way by weight, the shells stay; each has its own id and name."""
    made = [product for product in read(HEAD + RECIPE).products if product.is_compounded]
    assert [product.id for product in made] == [f"x-capsule-{mg}mg" for mg in range(1, 10)]
    assert (made[8].name, made[8].ladder) == ("examplamine 9 mg compounded capsule", "x-capsule")
    assert [str(part.amount) for part in batch_of(made[0]).ingredients] == ["1/10", "20", "100"]
    assert [str(part.amount) for part in batch_of(made[8]).ingredients] == ["9/10", "96/5", "100"]


def test_concentrations_are_liquids_of_their_own() -> None:
    """Tablets scale, the vehicle fills up as before."""
    made = [product for product in read(HEAD + LIQUID).products if product.is_compounded]
    assert [product.id for product in made] == ["x-liquid-1mg-per-ml", "x-liquid-2.5mg-per-ml"]
    assert [str(part.amount) for part in batch_of(made[1]).ingredients] == ["25", "100"]
    found = planned("27", policy="", file=HEAD + LIQUID)
    assert (found.status, found.strengths) == (Status.OPTIMAL, None)


def test_strengths_may_be_listed() -> None:
    """A list says the same as its range."""
    several = RECIPE.replace('"1 mg to 9 mg by 1 mg"', '["1 mg", "2.5 mg"]')
    assert [p.id for p in read(HEAD + several).products][1:] == ["x-capsule-1mg", "x-capsule-2.5mg"]


def test_a_strength_with_a_recipe_of_its_own_comes_from_that_one() -> None:
    """It isn't offered twice."""
    own = RECIPE.replace("x-capsule", "x-own").replace('strengths = "1 mg to 9 mg by 1 mg"', 'strength = "1 mg"')
    ids = [product.id for product in read(HEAD + RECIPE + own).products]
    assert "x-own" in ids
    assert "x-capsule-1mg" not in ids


def test_a_person_sees_each_recipe_once() -> None:
    """By its own id, with its ends in its name."""
    shown = [(product.id, product.name) for product in listed(read(HEAD + RECIPE))]
    assert shown[1] == ("x-capsule", "examplamine 1 mg to 9 mg compounded capsules, 9 strengths")
    assert len(shown) == 2


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ('"1 mg to 9 mg by 1 mg"', '"1 mg to 9 mg"', "strengths", "1 mg to 30 mg by"),
        ('"1 mg to 9 mg by 1 mg"', '"1 mg to 9.5 mg by 1 mg"', "strengths", "a whole number of times"),
        ('"1 mg to 9 mg by 1 mg"', '"9 mg to 1 mg by 1 mg"', "strengths", "a larger one"),
        ('"1 mg to 9 mg by 1 mg"', '"1 mg to 900 mg by 1 mg"', "strengths", "at most 64"),
        ('"1 mg to 9 mg by 1 mg"', '["2 mg", "1 mg"]', "strengths", "the smaller first"),
        ('"1 mg to 9 mg by 1 mg"', '"1 mg to 300 mg by 13 mg"', "strengths", "end at a smaller strength"),
        ("strengths =", 'strength = "1 mg"\nstrengths =', "strength", "write one of them"),
        ("strengths =", 'name = "X"\nstrengths =', "name", "each strength is named by itself"),
        ("strengths =", 'concentrations = ["1 mg/mL"]\nstrengths =', "concentrations", "remove it"),
        (', active = "1000 mg"', "", "ingredients", "so that it can be scaled"),
        ('active = "1000 mg"', 'active = "500 mg"', "ingredients", "of 1 mg"),
        ('"x-capsule"', f'"{"x" * 58}"', "id", "the strength is put behind it"),
    ],
)
def test_what_is_wrong_with_a_recipe_of_several_is_told(old: str, new: str, key: str, said: str) -> None:
    """With the key and the remedy."""
    with pytest.raises(InputError) as caught:
        read(HEAD + RECIPE.replace(old, new))
    texts = [f"{fault.key}: {fault.found}; {fault.remedy}" for fault in caught.value.faults]
    assert any(key in text and said.replace("1 mg to 30", "0.5 mg to 30") in text for text in texts), texts


@pytest.mark.parametrize("drug", ["baclofen", "clonazepam", "diazepam", "prednisone"])
def test_the_built_in_strengths_can_be_weighed_in_the_smallest_batch(drug: str) -> None:
    """30 capsules take at least 120 mg of the powder, or of its trituration; every capsule weighs the same."""
    products = [product for product in load_formulary(drug).products if product.is_chosen]
    assert len(products) >= 10
    for product in products:
        parts = batch_of(product).ingredients
        weighed = {
            part.name: part.amount * 1000 * batch_of(product).minimum / 100 for part in parts if part.unit == "g"
        }
        assert min(weighed.values()) >= 120, product.id
        assert sum(part.amount for part in parts if part.unit == "g") == Fraction("20.5"), product.id


# ------------------------------------------------------------------------------------------------- what is chosen


def test_one_capsule_a_time() -> None:
    """Three times 9 mg, then three times 8 mg: the two strengths, and nothing to count."""
    made = planned("30", "27", "24")
    assert made.status is Status.OPTIMAL
    assert capsules(made) == ["8", "9"]
    taken = [take for step in made.steps[1:] for given in step.administrations for take in given.take]
    assert {take.count for take in taken} == {1}
    assert made.strengths is not None
    assert (made.strengths.products, made.strengths.offered) == (("x-capsule-8mg", "x-capsule-9mg"), 9)
    assert strengths_words(made) == (
        f"8 mg and 9 mg; of {made.strengths.sets} sets of at most 2 strengths, out of 9, that give every dose, "
        "none is cheaper"
    )
    assert verify(made, order("30", "27", "24", policy='liquids = "never"'), pharmacy(), read(HEAD + RECIPE)) == ()


def test_as_few_as_the_policy_says() -> None:
    """With one strength, one that gives both doses."""
    made = planned("27", "24", "18", policy='liquids = "never"\ncompounded_strengths = 1\nmax_pieces = 9')
    assert capsules(made) == ["1"]


def test_where_no_set_will_do_the_smallest_number_is_named() -> None:
    """9, 8 and 7 mg in one piece each need three strengths; one more than two makes it."""
    made = planned("27", "24", "21", policy='liquids = "never"\nmax_pieces = 1')
    assert made.status is Status.INFEASIBLE
    (conflict,) = made.conflicts
    assert (
        "at most 2 strengths of compounded capsules may be made, and the fewest that would do are 3" in conflict.message
    )
    assert "compounded_strengths" in conflict.rules
    assert ("compounded_strengths", "3") in [(change.key, change.value) for change in conflict.relaxations]
    found = verify_plan(
        made, order("27", "24", "21", policy='liquids = "never"\nmax_pieces = 1'), pharmacy(), read(HEAD + RECIPE)
    )
    assert found.agrees, found.findings


def test_none_are_chosen_where_the_policy_wants_none() -> None:
    """Then 27 mg has nothing that makes it."""
    made = planned("27", policy='liquids = "never"\ncompounded_strengths = 0')
    assert made.status is Status.INFEASIBLE
    assert "no strength of compounded capsules may be chosen" in made.conflicts[0].message


@pytest.mark.parametrize("setting", ['division = "free"', 'fine = "free"', "one_liquid = false", "compounded = false"])
def test_strengths_are_chosen_where_the_path_settles_the_doses(setting: str) -> None:
    """Not where cost divides the day, several forms may be given at once, or nothing is compounded."""
    problem = pose(order("27", policy=setting), pharmacy(), read(HEAD + RECIPE))
    assert not [product for product in problem.products if product.is_chosen]


def test_excluding_a_recipe_excludes_its_strengths() -> None:
    """By the recipe's id all, by a strength's id that one."""
    for name, left in (("x-capsule", 0), ("x-capsule-9mg", 8)):
        problem = pose(order("27", policy=f'exclude = ["{name}"]'), pharmacy(), read(HEAD + RECIPE))
        assert len([product for product in problem.products if product.is_chosen]) == left


def test_a_search_that_is_stopped_says_how_far_it_may_be_off() -> None:
    """The bound is that of the sets which were not looked at."""
    problem = pose(order("27", "24", policy='liquids = "never"'), pharmacy(), read(HEAD + RECIPE))
    whole = solve(problem)
    stopped = [solve(problem, Limits(nodes=nodes)) for nodes in (60, 80, 120) if _finds(problem, nodes)]
    assert whole.objective is not None
    for found in stopped:
        assert found.objective is not None
        assert found.lower_bound is not None
        assert 0 < found.lower_bound <= whole.objective <= found.objective


def _finds(problem: object, nodes: int) -> bool:
    from splitter.optimise import LimitReachedError

    try:
        solve(problem, Limits(nodes=nodes))  # type: ignore[arg-type]
    except LimitReachedError:
        return False
    return True


# ------------------------------------------------------------------------------------------------- what is checked


def _more_sets(made: Plan) -> Plan:
    assert made.strengths is not None
    return replace(made, strengths=replace(made.strengths, sets=made.strengths.sets + 1))


def _other_offer(made: Plan) -> Plan:
    assert made.strengths is not None
    return replace(made, strengths=replace(made.strengths, offered=8))


@pytest.mark.parametrize("spoil", [lambda made: replace(made, strengths=None), _more_sets, _other_offer])
def test_what_is_said_of_the_choice_is_counted_again(spoil: Callable[[Plan], Plan]) -> None:
    """Left out, or with other figures, it is found."""
    asked = order("27", "24", policy='liquids = "never"')
    made = plan(asked, pharmacy(), read(HEAD + RECIPE))
    found = verify(spoil(made), asked, pharmacy(), read(HEAD + RECIPE))
    assert [finding.code for finding in found] == ["verify-strengths"]


def test_more_strengths_than_allowed_are_found() -> None:
    """A plan of three where two are allowed."""
    three = order("27", "24", "21", policy='liquids = "never"\nmax_pieces = 1\ncompounded_strengths = 3')
    made = plan(three, pharmacy(), read(HEAD + RECIPE))
    assert capsules(made) == ["7", "8", "9"]
    two = order("27", "24", "21", policy='liquids = "never"\nmax_pieces = 1')
    assert "verify-R6" in {finding.code for finding in verify(made, two, pharmacy(), read(HEAD + RECIPE))}


def test_the_choice_stands_in_the_file() -> None:
    """What is written is read again; a file that names other capsules than it has is refused."""
    made = planned("27", "24")
    text = plan_to_json(made)
    assert plan_from_json(text, "plan.json").strengths == made.strengths
    with pytest.raises(InputError, match="strengths"):
        plan_from_json(text.replace('"offered": 9', '"offered": 0'), "plan.json")


def test_the_choice_follows_the_doses_of_baclofen() -> None:
    """The built-in strengths: 27 and 24 mg a day are one capsule at a time, in the order of the prescription."""
    made = plan(order("27", "24", policy='liquids = "never"', drug="baclofen"), pharmacy(), load_formulary("baclofen"))
    assert [product.id for product in made.products] == [
        "baclofen-powder-capsule-compounded-8mg",
        "baclofen-powder-capsule-compounded-9mg",
    ]
    assert {product.strength_mg for product in made.products} == {Mass(Fraction(each)).value for each in (8, 9)}
