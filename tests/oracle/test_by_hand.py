"""What both oracles stand on, against figures worked out by hand from the problem's own words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest

from splitter.formulary import Batch, Bottles, Form, Ingredient, Packs, Product, Size, Supply
from splitter.prescription import Costs, Split, Step
from splitter.quantity import Concentration, Mass, Money, Volume
from tests.oracle.cases import FREE, Case, case_of, policy, random_case, syringe, tablet
from tests.oracle.evaluate import Item, Use, batch_quantity, supply
from tests.oracle.milp import ranges
from tests.oracle.rules import allowed_fractions, measurable_volumes

F = Fraction


def sizes(*pairs: tuple[int, str]) -> tuple[Size, ...]:
    return tuple(Size(content=F(content), price=Money(F(price))) for content, price in pairs)


def batch(beyond_use: int = 35, **changes: object) -> Batch:
    """A batch at 0.10 for each mL, in steps of 2 mL, of at least 10 mL."""
    plain = {"labour": F(0), "step": F(2), "minimum": F(10), "maximum": None, "overage": F(0), "containers": ()}
    vehicle = Ingredient(name="vehicle", amount=F(100), unit="mL", price=Money(F("0.1")))
    return Batch(beyond_use=beyond_use, ingredients=(vehicle,), **{**plain, **changes})


def liquid(kind: Supply) -> Product:
    return Product(id="liquid", name="liquid", form=Form.SOLUTION, supply=kind, concentration=Concentration(F(1)))


def items(product: Product, daily: Sequence[Use | None], days: Sequence[int], **settings: object) -> tuple[Item, ...]:
    """What is handed over where step i lasts days[i] and each of its days takes daily[i]."""
    case: Case = case_of((product,), [Step(days=n, target=Mass(F(1))) for n in days], **settings)
    return supply(case, product, daily)


def ml(volume: str) -> Use:
    return Use(0, F(0), F(volume))


@pytest.mark.parametrize(
    ("pieces", "split", "expected"),
    [
        (1, Split.SCORED, "1"),
        (2, Split.SCORED, "1 1/2"),
        (3, Split.SCORED, "1 1/3"),
        (4, Split.SCORED, "1 1/2 1/4"),
        (1, Split.HALVES, "1 1/2"),
        (3, Split.HALVES, "1 1/3"),
        (1, Split.QUARTERS, "1 1/2 1/4"),
        (2, Split.QUARTERS, "1 1/2 1/4"),
        (3, Split.QUARTERS, "1 1/3"),
        (4, Split.NEVER, "1"),
    ],
)
def test_fractions_follow_score_and_setting(pieces: int, split: Split, expected: str) -> None:
    """R2's table; a product that must not be split stays whole."""
    assert allowed_fractions(tablet("10", "0", pieces), split) == tuple(map(F, expected.split()))
    assert allowed_fractions(tablet("10", "0", pieces, do_not_split=True), split) == (1,)


def test_volumes_are_drawn_with_the_smallest_syringe_that_holds_them() -> None:
    """1 mL by 0.5 and 5 mL by 2: 0.5 and 1, then 2 and 4; above 5 mL a full draw and one of these; 10 is two draws."""
    settings = policy(
        syringes=(syringe("1", "0.5"), syringe("5", "2")), min_volume=Volume(F("0.5")), max_volume=Volume(F(10))
    )
    expected = [F(v) for v in ("0.5", "1", "2", "4", "5.5", "6", "7", "9", "10")]
    assert list(measurable_volumes(settings, F(100))) == expected


def test_ranges_of_the_programme_hold_the_same_volumes() -> None:
    """The integer programme's ranges and the definition by trying each volume agree on the random policies."""
    for seed in range(300):
        settings = random_case(seed).policy
        stated = {r.offset + m * r.graduation for r in ranges(settings) for m in range(r.least, r.most + 1)}
        assert stated == set(measurable_volumes(settings, F(1000))), f"seed {seed}"


def test_fragments_are_kept_within_the_interval_and_wasted_after() -> None:
    """Three halves and a whole in 2 days of one interval cut two units; the half left is not used after the visit."""
    halves = Use(1, F(1, 2), F(0))
    got = items(tablet("10", "0.10", 2), [halves], [5], visit_interval=3)
    assert [(i.day, i.quantity, i.cut, i.cost) for i in got] == [(0, 5, 2, F("0.5")), (3, 3, 1, F("0.3"))]


def test_packs_are_the_cheapest_then_the_fewest() -> None:
    """9 units: 10 for 1.00 costs as much as two of 5 for 0.50, and is one pack instead of two."""
    packs = tablet("10", "0", supply=Packs(sizes=sizes((5, "0.5"), (10, "1"))))
    (item,) = items(packs, [Use(3, F(0), F(0))], [3])
    assert (item.quantity, item.parts, item.cost) == (10, ((F(10), 1),), 1)


@pytest.mark.parametrize(
    ("needed", "changes", "expected"),
    [
        ("7", {}, (10, 1)),
        ("21", {"overage": F(1, 20)}, (24, 1)),
        ("30", {"maximum": F(20)}, (30, 2)),
        ("21", {"maximum": F(20)}, (22, 2)),
        ("21", {"maximum": F(20), "minimum": F(15)}, (30, 2)),
        ("21", {"maximum": F(15), "step": F(10)}, (30, 2)),
        ("1", {"minimum": F(10), "maximum": F(10), "step": F(7)}, (70, 7)),
    ],
)
def test_batches_are_the_fewest_that_may_hold_the_quantity(
    needed: str, changes: dict[str, object], expected: tuple[int, int]
) -> None:
    """Q and n, by the rule: the smallest multiple of the step, not below n minima nor above n maxima."""
    assert batch_quantity(batch(**changes), F(needed), whole=False) == expected


def test_capsules_round_the_overage_up() -> None:
    """21 capsules and 5 % are 22.05, so 23."""
    assert batch_quantity(batch(step=F(1), overage=F(1, 20)), F(21), whole=True) == (23, 1)


def test_lots_are_the_fewest_then_the_latest() -> None:
    """Visits each 7 days, shelf life 14: two lots serve three intervals, and the second is as late as it can be."""
    got = items(liquid(batch(14)), [ml("1")], [21], visit_interval=7)
    assert [(i.day, i.quantity) for i in got] == [(0, 14), (14, 10)]


def test_the_last_interval_ends_with_the_prescription() -> None:
    """Three intervals of 7, 7 and 2 days are 16 days, so a shelf life of 16 days is one lot."""
    got = items(liquid(batch(16)), [ml("1")], [16], visit_interval=7)
    assert [(i.day, i.quantity) for i in got] == [(0, 16)]
    assert len(items(liquid(batch(15)), [ml("1")], [16], visit_interval=7)) == 2


def test_an_interval_without_use_ends_no_lot() -> None:
    """Use in the first and the third interval, shelf life 21 of 7-day visits: one lot on day 0 for both."""
    got = items(liquid(batch(21)), [ml("1"), None, ml("1")], [7, 7, 7], visit_interval=7)
    assert [(i.day, i.needed) for i in got] == [(0, 14)]


def test_a_short_shelf_life_cuts_the_interval_into_windows() -> None:
    """7-day visits, 3 days of life: batches on days 0, 3, 6 and 7 of 8 days; of bottles one item for each visit."""
    made = items(liquid(batch(3)), [ml("1")], [8], visit_interval=7)
    assert [(i.day, i.needed) for i in made] == [(0, 3), (3, 3), (6, 1), (7, 1)]
    opened = items(liquid(Bottles(sizes=sizes((5, "1")), in_use=3)), [ml("1")], [8], visit_interval=7)
    assert [(i.day, i.quantity, i.parts) for i in opened] == [(0, 15, ((F(5), 3),)), (7, 5, ((F(5), 1),))]


def test_a_bottle_without_limit_is_one_lot() -> None:
    """First used in the second interval: handed over there, for all that follows."""
    bottles = Bottles(sizes=sizes((5, "1"), (20, "3")))
    got = items(liquid(bottles), [None, ml("1")], [8, 20], visit_interval=7)
    assert [(i.day, i.quantity, i.cost) for i in got] == [(7, 20, 3)]


def test_a_lot_costs_labour_fees_ingredients_and_containers() -> None:
    """30 mL in 2 batches: 2 x (0.5 h x 40 + 5) + 30 x 0.10 + 2 containers of 20 mL at 0.80."""
    costs = Costs(item_fee=FREE.item_fee, split_fee=FREE.split_fee, batch_fee=Money(F(5)), labour_rate=Money(F(40)))
    recipe = batch(maximum=F(20), labour=F(1, 2), containers=sizes((20, "0.8")))
    (item,) = items(liquid(recipe), [ml("3")], [10], costs=costs)
    assert (item.cost, item.parts) == (F("54.6"), ((F(20), 2),))
