"""Beyond-use dates: the shortest limit that holds, its basis in words, and the two reckonings that must agree."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from splitter.formulary import (
    Batch,
    Category,
    Form,
    Ingredient,
    Monograph,
    Product,
    Study,
    with_beyond_use,
)
from splitter.plan import Severity, Status
from splitter.prescription import Compounding, Evidence
from splitter.quantity import Concentration, Money
from splitter.service import plan
from splitter.verify.beyond_use import reckoned_again
from tests.unit.plans import MIXTURE, START, batches

VEHICLE, BOTTLE, COLD = "syrup", "amber glass", "2 to 8 °C"
PLAIN = Compounding()
ACCEPTED = Compounding(evidence=Evidence.ACCEPTED)


def study(stable: int, *, tested: bool = False, **changes: str | None) -> Study:
    """A study of the very preparation unless `changes` make it one of another."""
    plain = Study(stable=stable, vehicle=VEHICLE, container=BOTTLE, temperature=COLD, antimicrobial_tested=tested)
    return replace(plain, **changes)  # type: ignore[arg-type]


def recipe(category: Category | None, *published: Study, **changes: object) -> Product:
    """A recipe of a category; `changes` are of its batch."""
    plain = Batch(
        beyond_use=1,
        labour=Fraction(0),
        step=Fraction(1),
        minimum=Fraction(1),
        maximum=None,
        overage=Fraction(0),
        containers=(),
        ingredients=(),
        category=category,
        published=published,
        vehicle=VEHICLE,
    )
    return Product(
        id="x",
        name="x",
        form=Form.SUSPENSION,
        concentration=Concentration(Fraction(5)),
        storage=COLD,
        container=BOTTLE,
        supply=replace(plain, **changes),  # type: ignore[arg-type]
    )


def ingredient(keeps: int | None) -> Ingredient:
    return Ingredient(name="syrup", amount=Fraction(100), unit="mL", price=Money(Fraction(0)), keeps=keeps)


def due(product: Product, compounding: Compounding = PLAIN) -> tuple[int, str]:
    """Days and basis, after both reckonings were found to agree."""
    made = with_beyond_use(product, compounding)
    assert made == reckoned_again(product, compounding)
    assert isinstance(made.supply, Batch)
    return made.supply.beyond_use, made.supply.beyond_use_basis or ""


DAY_ONE = "; the day of compounding is day 1"
CASES = {
    "without preservative": (recipe(Category.AQUEOUS), 14, "USP <795> (2023), aqueous non-preserved: 14 days"),
    "preserved": (recipe(Category.PRESERVED), 35, "USP <795> (2023), aqueous preserved: 35 days"),
    "an oil": (recipe(Category.NON_AQUEOUS), 90, "USP <795> (2023), non-aqueous liquid: 90 days"),
    "a capsule": (recipe(Category.SOLID), 180, "USP <795> (2023), solid: 180 days"),
    "a study shortens": (
        recipe(Category.PRESERVED, study(30)),
        30,
        "published stability: 30 days; USP <795> (2023), aqueous preserved: 35 days",
    ),
    "a longer study does not lengthen": (
        recipe(Category.PRESERVED, study(90, tested=True)),
        35,
        "USP <795> (2023), aqueous preserved: 35 days; published stability, not used: 90 days",
    ),
    "the shortest of several studies": (
        recipe(Category.PRESERVED, study(34), study(20)),
        20,
        "published stability: 20 days; USP <795> (2023), aqueous preserved: 35 days",
    ),
    "a study of another vehicle": (
        recipe(Category.PRESERVED, study(10, vehicle="water")),
        35,
        "USP <795> (2023), aqueous preserved: 35 days",
    ),
    "a study of another container": (
        recipe(Category.PRESERVED, study(10, container="PVC")),
        35,
        "USP <795> (2023), aqueous preserved: 35 days",
    ),
    "a study at another temperature": (
        recipe(Category.PRESERVED, study(10, temperature="20 to 25 °C")),
        35,
        "USP <795> (2023), aqueous preserved: 35 days",
    ),
    "a study that names no container shortens": (
        recipe(Category.PRESERVED, study(10, container=None)),
        10,
        "published stability: 10 days; USP <795> (2023), aqueous preserved: 35 days",
    ),
    "a monograph shortens": (
        recipe(Category.PRESERVED, monograph=Monograph(beyond_use=28)),
        28,
        "monograph: 28 days; USP <795> (2023), aqueous preserved: 35 days",
    ),
    "a monograph does not lengthen": (
        recipe(Category.AQUEOUS, monograph=Monograph(beyond_use=60)),
        14,
        "USP <795> (2023), aqueous non-preserved: 14 days; monograph: 60 days",
    ),
    "an old component shortens": (
        recipe(Category.PRESERVED, ingredients=(ingredient(21),)),
        21,
        "what is left of syrup: 21 days; USP <795> (2023), aqueous preserved: 35 days",
    ),
    "the file's own limit shortens": (
        recipe(Category.PRESERVED, stated_beyond_use=7, stated_basis="it turns brown"),
        7,
        "it turns brown: 7 days; USP <795> (2023), aqueous preserved: 35 days",
    ),
    "the file's own limit does not lengthen": (
        recipe(Category.PRESERVED, stated_beyond_use=60),
        35,
        "USP <795> (2023), aqueous preserved: 35 days; the formulary's own limit: 60 days",
    ),
    "without a category the file's own limit counts": (
        recipe(None, stated_beyond_use=60),
        60,
        "the formulary's own limit: 60 days",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_shortest_limit_counts(name: str) -> None:
    """What binds comes first in the words; the rest of what was considered follows."""
    product, days, basis = CASES[name]
    assert due(product) == (days, basis + DAY_ONE)


# A pharmacy that accepts evidence: category, published days, tested for microbes, monograph; the days it may give.
EVIDENCE = [
    (Category.PRESERVED, 90, True, None, 90),
    (Category.PRESERVED, 90, False, None, 35),
    (Category.AQUEOUS, 35, False, None, 14),
    (Category.AQUEOUS, 35, True, None, 35),
    (Category.PRESERVED, 400, True, None, 180),
    (Category.PRESERVED, 30, True, None, 30),
    (Category.PRESERVED, 90, True, 35, 35),
    (Category.NON_AQUEOUS, 120, False, None, 120),
    (Category.SOLID, 120, False, None, 120),
    (Category.SOLID, 365, False, None, 180),
]


@pytest.mark.parametrize(("category", "stable", "tested", "monograph", "days"), EVIDENCE)
def test_accepted_evidence_lengthens(
    category: Category, stable: int, tested: bool, monograph: int | None, days: int
) -> None:
    """Up to 180 days; for an aqueous preparation only with a test for microbes; never beyond a monograph."""
    limit = None if monograph is None else Monograph(beyond_use=monograph)
    assert due(recipe(category, study(stable, tested=tested), monograph=limit), ACCEPTED)[0] == days


def test_a_study_that_names_no_container_never_lengthens() -> None:
    """Nor does one beside it of the same length: what is known of both must suffice."""
    bare = study(90, tested=True, container=None)
    assert due(recipe(Category.PRESERVED, bare), ACCEPTED)[0] == 35
    assert due(recipe(Category.PRESERVED, bare, study(90, tested=True)), ACCEPTED)[0] == 35


def test_accepted_evidence_is_said() -> None:
    """The words name the evidence in place of the chapter."""
    days, basis = due(recipe(Category.PRESERVED, study(90, tested=True)), ACCEPTED)
    assert (days, basis) == (90, "published stability, accepted by the pharmacy: 90 days" + DAY_ONE)


def test_a_pharmacy_may_count_from_the_day_after() -> None:
    """A beyond-use date of 14 days then allows use on the day of compounding and the 14 days after it."""
    days, basis = due(recipe(Category.AQUEOUS), Compounding(first_day=0))
    assert (days, basis.split("; ")[-1]) == (15, "counted from the day after compounding")


@pytest.mark.parametrize(
    ("expires", "first_day", "last", "words"),
    [
        (9, 1, 9, "what is left of syrup, which expires on 2026-12-10: 10 days"),
        (9, 0, 9, "what is left of syrup, which expires on 2026-12-10: 9 days"),
        (0, 0, 0, "what is left of syrup, which expires on 2026-12-01: 0 days"),
        (12, 1, 12, "what is left of syrup, which expires on 2026-12-13: 13 days"),
        (13, 1, 13, "USP <795> (2023), aqueous non-preserved: 14 days"),
        (14, 0, 14, "USP <795> (2023), aqueous non-preserved: 14 days"),
        (500, 1, 13, "USP <795> (2023), aqueous non-preserved: 14 days"),
        (-1, 1, 13, "USP <795> (2023), aqueous non-preserved: 14 days"),
    ],
)
def test_a_component_in_stock_outlasts_what_is_made_of_it(expires: int, first_day: int, last: int, words: str) -> None:
    """Its last day is the last of the first batch, however days are counted; what is expired already is a finding."""
    syrup = replace(ingredient(None), name="syrup", expires=START + dt.timedelta(days=expires))
    product = recipe(Category.AQUEOUS, ingredients=(syrup, ingredient(None)))
    compounding = Compounding(first_day=first_day)
    made = with_beyond_use(product, compounding, START)
    assert made == reckoned_again(product, compounding, START)
    assert isinstance(made.supply, Batch)
    assert (made.supply.beyond_use - 1, (made.supply.beyond_use_basis or "").split("; ")[0]) == (last, words)
    assert due(product, compounding)[0] == 14 + 1 - first_day


def test_a_component_in_stock_shortens_the_batches_of_a_plan() -> None:
    """Labels carry its last day, the check agrees, and it must be replaced for the batches that follow."""
    made = batches()
    assert isinstance(MIXTURE.supply, Batch)
    powder, *others = MIXTURE.supply.ingredients
    expiring = replace(powder, expires=START + dt.timedelta(days=9))
    mixture = replace(MIXTURE, supply=replace(MIXTURE.supply, ingredients=(expiring, *others)))
    planned = plan(made.prescription, made.pharmacy, replace(made.formulary, products=(mixture,)))
    assert planned.items[0].discard_after == expiring.expires
    assert "which expires on 2026-12-10: 10 days" in (planned.products[0].beyond_use_basis or "")
    assert not [finding for finding in planned.findings if finding.code.startswith("verify")]
    (found,) = [finding for finding in planned.findings if finding.code == "component-expires"]
    assert (found.severity, "from 2026-12-11 on: replace powder" in found.message) == (Severity.NOTE, True)


_DAYS = st.integers(1, 400)
_STUDIES = st.builds(
    Study,
    stable=_DAYS,
    vehicle=st.sampled_from((VEHICLE, "water")),
    container=st.sampled_from((None, BOTTLE, "PVC")),
    temperature=st.sampled_from((COLD, "20 to 25 °C")),
    antimicrobial_tested=st.booleans(),
)


@given(
    category=st.sampled_from((None, *Category)),
    published=st.lists(_STUDIES, max_size=4),
    monograph=st.none() | st.builds(Monograph, beyond_use=_DAYS),
    stated=st.none() | _DAYS,
    keeps=st.lists(_DAYS, max_size=2),
    expires=st.none() | st.integers(-5, 200),
    compounding=st.builds(Compounding, evidence=st.sampled_from(Evidence), first_day=st.integers(0, 1)),
)
def test_both_reckonings_agree(
    category: Category | None,
    published: list[Study],
    monograph: Monograph | None,
    stated: int | None,
    keeps: list[int],
    expires: int | None,
    compounding: Compounding,
) -> None:
    """Whatever is known of a recipe, the plan's date and the check's are the same, and never beyond any limit."""
    product = recipe(
        category,
        *published,
        monograph=monograph,
        stated_beyond_use=stated,
        ingredients=tuple(map(ingredient, keeps)),
    )
    days, _ = due(product, compounding)
    limits = [*keeps, *([monograph.beyond_use] if monograph else []), *([stated] if stated else [])]
    if category is not None:
        limits.append(180)
    assert all(days - (1 - compounding.first_day) <= limit for limit in limits)
    if expires is not None and isinstance(product.supply, Batch):
        stocked = replace(ingredient(None), expires=START + dt.timedelta(days=expires))
        dated = replace(product, supply=replace(product.supply, ingredients=(*product.supply.ingredients, stocked)))
        assert with_beyond_use(dated, compounding, START) == reckoned_again(dated, compounding, START)


@pytest.mark.parametrize(("first_day", "life"), [(1, 14), (0, 15)])
def test_the_counting_reaches_the_plan(first_day: int, life: int) -> None:
    """The suspension is made anew, discarded and checked by the pharmacy's way of counting."""
    made = batches()
    pharmacy = replace(made.pharmacy, compounding=Compounding(first_day=first_day))
    formulary = replace(made.formulary, products=(MIXTURE,))
    planned = plan(made.prescription, pharmacy, formulary)
    assert planned.status is Status.OPTIMAL
    assert not [finding for finding in planned.findings if finding.code.startswith("verify")]
    assert {(item.discard_after - item.date).days + 1 for item in planned.items if item.discard_after} == {life}
    assert [(item.date - START).days for item in planned.items] == [0, life, 28]


@pytest.mark.parametrize(("evidence", "life", "lots"), [(Evidence.DEFAULT, 14, 3), (Evidence.ACCEPTED, 90, 1)])
def test_evidence_reaches_the_plan(evidence: Evidence, life: int, lots: int) -> None:
    """One batch serves all 36 days where the study is accepted; the check agrees, and a finding says so."""
    made = batches()
    pharmacy = replace(made.pharmacy, compounding=Compounding(evidence=evidence))
    assert isinstance(MIXTURE.supply, Batch)
    supply = replace(
        MIXTURE.supply,
        category=Category.AQUEOUS,
        stated_beyond_use=None,
        maximum=None,
        vehicle=VEHICLE,
        published=(study(90, tested=True),),
    )
    mixture = replace(MIXTURE, storage=COLD, container=BOTTLE, supply=supply)
    planned = plan(made.prescription, pharmacy, replace(made.formulary, products=(mixture,)))
    codes = {finding.code for finding in planned.findings}
    assert not {code for code in codes if code.startswith("verify")}
    assert ("beyond-use-evidence" in codes) is (evidence is Evidence.ACCEPTED)
    assert {product.beyond_use_days for product in planned.products} == {life}
    assert len(planned.items) == lots
