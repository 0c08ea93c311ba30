"""Days to spare and how long a lot may serve: whose policy is in force, what it comes to, and what papers say of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest

from splitter.cli.show import whole_plan
from splitter.errors import InputError
from splitter.formulary import Bottles, Control, ControlSchedule, Formulary, Product, Size
from splitter.prescription import (
    Fine,
    Pharmacy,
    Policy,
    Prefer,
    Prescription,
    pharmacy_from_text,
    policy_in_force,
    read_pharmacy,
    read_prescription,
)
from splitter.problem import pose
from splitter.quantity import Money
from splitter.service import plan as plan_of
from splitter.wording.calendar import served_regimens
from splitter.wording.collecting import next_words
from splitter.wording.label import label_texts
from splitter.wording.reminders import reminders
from splitter.wording.sheet import picks, span_words
from splitter.wording.visits import first_day_served, last_day_served, visit_dates
from tests.unit.plans import BRIEF, day
from tests.unit.supply_plans import GENEROUS, TABLET, limited, spared

RX = """[prescription]
number = "RX-7"
drug = "examplamine"
start = 2026-12-01
times = ["20:00"]
[[step]]
daily = "10 mg"
for = "8 weeks"
"""


def rx(policy: str = "") -> Prescription:
    return read_prescription("rx.toml", f"{RX}[policy]\n{policy}\n")


def shop(policy: str = "") -> Pharmacy:
    return pharmacy_from_text(f"[policy]\n{policy}\n", "pharmacy.toml")


def in_force(prescription: str, pharmacy: str, *, controlled: bool = False) -> tuple[int, int | None]:
    """The days to spare, and how long a lot may serve."""
    policy = policy_in_force(rx(prescription), shop(pharmacy), None, controlled=controlled)
    return policy.spare, policy.max_supply


LIMITS = 'max_supply = "60 days"\nmax_supply_controlled = "28 days"\nspare = "2 days"'


@pytest.mark.parametrize(
    ("prescription", "pharmacy", "controlled", "expected"),
    [
        ("", "", False, (0, None)),
        ("", "", True, (0, None)),
        ("", LIMITS, False, (2, 60)),
        ("", LIMITS, True, (0, 28)),
        ("", 'max_supply = "60 days"\nspare = "2 days"', True, (0, 60)),
        ("", 'max_supply_controlled = "28 days"', True, (0, 28)),
        ("", 'max_supply_controlled = "28 days"', False, (0, None)),
        ('spare = "5 days"\nmax_supply = "30 days"', LIMITS, False, (5, 30)),
        ('spare = "5 days"\nmax_supply_controlled = "14 days"', LIMITS, True, (0, 14)),
        ('spare = "0 days"', LIMITS, False, (0, 60)),
    ],
)
def test_what_is_in_force_for_a_drug(
    prescription: str, pharmacy: str, controlled: bool, expected: tuple[int, int | None]
) -> None:
    """The prescription's, else the pharmacy's; with a schedule there is nothing to spare, and a limit of its own."""
    assert in_force(prescription, pharmacy, controlled=controlled) == expected


def test_the_drug_s_schedule_is_the_formulary_s() -> None:
    """What is posed has the final values."""
    formulary = Formulary(drug="examplamine", products=(TABLET,))
    free = pose(rx(), shop(LIMITS), formulary)
    bound = pose(rx(), shop(LIMITS), replace(formulary, control=Control(schedule=ControlSchedule.II)))
    assert (free.policy.spare, free.policy.max_supply, free.spare) == (2, 60, 2)
    assert (bound.policy.spare, bound.policy.max_supply, bound.spare) == (0, 28, 0)


def test_more_to_spare_than_an_interval_is_refused() -> None:
    """In one file, and where the pharmacy's days meet the prescription's visits; an interval itself may be spared."""
    with pytest.raises(InputError, match=r"policy\.spare"):
        shop('visit_interval = "7 days"\nspare = "8 days"')
    with pytest.raises(InputError, match=r"policy\.spare"):
        rx('visit_interval = "7 days"\nspare = "8 days"')
    with pytest.raises(InputError) as caught:
        in_force('visit_interval = "1 day"', LIMITS)
    (fault,) = caught.value.faults
    assert (fault.file, fault.key) == ("prescription RX-7", "policy.spare")
    assert (fault.found, fault.remedy) == ("2 days", "write at most visit_interval, 1 day")
    assert in_force('visit_interval = "7 days"\nspare = "7 days"', "") == (7, None)
    assert rx('spare = "30 days"').settings == (("spare", 30),), "the pharmacy's visits may be farther apart"


def test_daily_visits_of_a_scheduled_drug_are_not_refused() -> None:
    """It has no days to spare, whatever the pharmacy keeps for others."""
    assert in_force('visit_interval = "1 day"', LIMITS, controlled=True) == (0, 28)


def test_a_limit_below_the_visit_interval_is_allowed() -> None:
    """A lot then serves one visit."""
    assert in_force('max_supply = "1 day"', "") == (0, 1)


def test_the_built_in_pharmacy_has_a_policy_that_no_other_inherits(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Costs default to the built-in pharmacy's; its policy is its own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("nobody")))
    policy = read_pharmacy().policy
    assert (policy.spare, policy.max_supply, policy.max_supply_controlled, policy.prefer) == (2, 60, 28, Prefer.SIMPLE)
    assert policy == replace(Policy(), spare=2, max_supply=60, max_supply_controlled=28, prefer=Prefer.SIMPLE)
    for text in ("", "[costs]\n", '[pharmacy]\nname = "Own"\naddress = "1 Road"\nphone = "1"\n', "[policy]\n"):
        own = pharmacy_from_text(text, "pharmacy.toml")
        assert own.policy == Policy()
        assert own.costs.item_fee == read_pharmacy().costs.item_fee


def sold(product: Product, price: str, in_use: int) -> Product:
    """A liquid in bottles of 200 mL."""
    sizes = (Size(content=Fraction(200), price=Money(Fraction(price))),)
    return replace(product, supply=Bottles(sizes=sizes, in_use=in_use))


@pytest.mark.parametrize(
    ("lasting", "brief", "fine", "expected"),
    [
        ("5", "6", Fine.PHASE, ("bottled", 2)),
        ("6", "5", Fine.PHASE, ("brief", 0)),
        ("5", "6", Fine.FREE, ("bottled", 0)),
    ],
)
def test_days_to_spare_are_decided_for_each_means(
    lasting: str, brief: str, fine: Fine, expected: tuple[str, int]
) -> None:
    """Two liquids share the path: a plan of the one that lasts has them, whatever the other does, which cost decides.

    Where products of any kind may stand beside each other, none has any.
    """
    products = (sold(GENEROUS, lasting, 20), sold(BRIEF, brief, 14))
    formulary = Formulary(drug="examplamine", products=products)
    order = rx(f'fine = "{fine}"\nvisit_interval = "14 days"\nspare = "2 days"')
    found = plan_of(order, shop(), formulary)
    assert not [finding for finding in found.findings if finding.code.startswith("verify")]
    assert {(item.product, (item.first_day - item.date).days) for item in found.items[1:]} == {expected}


# ------------------------------------------------------------------------------------------------------- on paper


def test_each_day_stands_on_one_calendar() -> None:
    """A visit's calendar begins where that of the visit before ends, with the days that it serves."""
    plan = spared().plan
    dates = visit_dates(plan)
    assert dates == (day(0), day(14), day(28))
    assert [first_day_served(plan, date) for date in dates] == [day(0), day(16), day(30)]
    assert [last_day_served(plan, date) for date in dates] == [day(15), day(29), day(39)]
    spans = [(regimens[0].first, regimens[-1].last) for regimens in (served_regimens(plan, date) for date in dates)]
    assert all(after[0] - before[1] == dt.timedelta(days=1) for before, after in pairwise(spans))
    told = [each.when.date() for date in dates for each in reminders(plan, date) if isinstance(each.when, dt.datetime)]
    assert told == [day(place) for place in range(40)]


def test_the_terminal_says_for_which_days_a_visit_is() -> None:
    """Where these begin after it."""
    lines = whole_plan(spared().plan).splitlines()
    assert "  Dec 1, 2026" in lines
    assert "  Dec 15, 2026, for the days from Dec 17 on" in lines


def test_a_patient_is_told_how_long_the_supply_lasts() -> None:
    """And by which day the next one is collected at the latest: the day before the first dose that is from it."""
    lasts = "The last dose of this supply is on {} at 8 PM, the first of the next on {} at 8 PM."
    assert next_words(spared().plan, day(0)) == " ".join(
        (
            "Collect your next supply on Tue Dec 15, 2026, and by Thu Dec 17, 2026, before 8 PM, at the latest.",
            lasts.format("Wed Dec 16, 2026", "Thu Dec 17, 2026"),
        )
    )
    assert next_words(limited().plan, day(0)) == " ".join(
        (
            "Collect your next supply by Tue Dec 15, 2026, before 8 PM, at the latest.",
            lasts.format("Mon Dec 14, 2026", "Tue Dec 15, 2026"),
        )
    )


def test_labels_and_sheets_say_from_when_a_supply_is_used() -> None:
    """The label of a supply has the date of filling, and directions for the days that it serves."""
    plan = spared().plan
    (text,) = (text for text in label_texts(plan, day(14)) if "tablets" in text.drug)
    assert text.filled == "Dec 15, 2026"
    assert [direction.dates for direction in text.directions] == ["Dec 17 to Dec 30"]
    (pick,) = picks(plan, day(14))
    assert span_words(pick) == "10 mg tablet: this supply is for Dec 17 to Dec 30."
