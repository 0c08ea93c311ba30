"""What the sheets say: pick lists, regimens, the calendar, compounding with its rounding."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from splitter.errors import InputError
from splitter.formulary import ControlSchedule, QualityCheck
from splitter.plan import Finding, Part, Plan, PlannedEquipment, PlannedHome, Severity
from splitter.supply import batch_sizes
from splitter.wording import error_prone
from splitter.wording.calendar import (
    end_words,
    pace_words,
    regimen_before,
    served_regimens,
    staircase,
    stop_words,
)
from splitter.wording.changes import calendar_days
from splitter.wording.collecting import collecting_day, next_words
from splitter.wording.compounding import Worksheet, quality_rows, worksheets
from splitter.wording.ends import stop_day
from splitter.wording.figures import people_dates
from splitter.wording.measures import measured
from splitter.wording.regimens import measuring, regimens
from splitter.wording.sheet import code_words, handed_words, lot_rows, picks, serial_rows, visit_words
from splitter.wording.visits import items_of_visit, last_day_served, next_visit, visit_dates
from tests.unit.paper_plans import (
    COMPOUNDED,
    START,
    TABLET_10,
    TABLET_20,
    TIMES,
    a_plan,
    dose,
    item,
    mixed_plan,
    step,
    tablets_plan,
    take,
)

LATER = START + dt.timedelta(days=14)
EQUIPMENT = PlannedEquipment(balance_readability_mg=Fraction(1), balance_minimum_mg=Fraction(120))


def two_visits() -> Plan:
    """The mixed plan, of which one item is handed over on day 14."""
    plan = mixed_plan()
    first, *others = plan.items
    later = replace(first, date=LATER, use_until=START + dt.timedelta(days=27))
    return replace(plan, items=(first, *others, later))


def test_visits_are_the_dates_on_which_something_is_handed_over() -> None:
    """Each date once, in order, with its items; the last visit serves until the last day of any item."""
    plan = two_visits()
    assert visit_dates(plan) == (START, LATER)
    assert items_of_visit(plan, LATER) == plan.items[-1:]
    assert (next_visit(plan, START), next_visit(plan, LATER)) == (LATER, None)
    assert last_day_served(plan, START) == START + dt.timedelta(days=13)
    assert last_day_served(plan, LATER) == START + dt.timedelta(days=27)
    assert visit_words(plan, LATER) == "visit 2 of 2"


def test_a_date_without_a_visit_is_refused_with_those_that_have_one() -> None:
    """The remedy names the dates as they are typed."""
    with pytest.raises(InputError, match=r"no visit on Dec 2, 2026; name a date .* 2026-12-01 and 2026-12-15"):
        items_of_visit(two_visits(), START + dt.timedelta(days=1))


def test_pick_list_says_what_to_cut_into_what() -> None:
    """Halves are counted over the days that the item serves."""
    assert [(pick.whole, pick.cut) for pick in picks(tablets_plan(), START)] == [
        ("28 tablets", "7 tablets into 14 halves"),
        ("56 tablets", ""),
        ("14 tablets", "7 tablets into 14 halves"),
    ]


@pytest.mark.parametrize(
    ("size", "count", "cut", "schedule", "words", "left"),
    [
        ("1/2", 1, 7, None, "7 tablets into 14 halves", ""),
        ("1/2", 1, 8, None, "8 tablets into 16 halves", "Hand over 14 halves; 2 halves are left: destroy them."),
        ("1/4", 1, 4, None, "4 tablets into 16 quarters", "Hand over 14 quarters; 2 quarters are left: destroy them."),
        ("1/3", 1, 5, ControlSchedule.II, "5 tablets into 15 thirds",
         "Hand over 14 thirds; 1 third is left: destroy it before a witness, who signs below."),
    ],
)  # fmt: skip
def test_pieces_that_are_left_over_are_destroyed(
    size: str, count: int, cut: int, schedule: ControlSchedule | None, words: str, left: str
) -> None:
    """What is made, what is handed over, what is left and what is done with it; a scheduled drug has a witness."""
    given = dose(TIMES[0], "5", take(TABLET_10, count, size))
    plan = a_plan((step(START, 14, "5", given),), (item(TABLET_10, "14", "tablet", cut=cut),))
    (pick,) = picks(replace(plan, drug=replace(plan.drug, schedule=schedule)), START)
    assert (pick.cut, pick.left) == (words, left)


def test_what_the_patient_has_at_home_is_neither_cut_nor_made_again() -> None:
    """Of fourteen halves four are at home, and used first; of 84 mL of suspension 20."""
    home = PlannedHome(
        product=TABLET_10, name="baclofen 10 mg tablet", units=0, halves=4, thirds=0, quarters=0, volume_mL=Fraction(0),
        use_by=None, used=Fraction(2), used_until=START + dt.timedelta(days=3),
    )  # fmt: skip
    given = dose(TIMES[0], "5", take(TABLET_10, 1, "1/2"))
    week = dt.timedelta(days=7)
    items = (
        item(TABLET_10, "2", "tablet", cut=2, use_until=START + dt.timedelta(days=6)),
        item(TABLET_10, "4", "tablet", cut=4, date=START + week, use_until=START + dt.timedelta(days=13)),
    )
    plan = replace(a_plan((step(START, 14, "5", given),), items), at_home=(home,))
    (first,), (second,) = picks(plan, START), picks(plan, START + week)
    assert (first.cut, first.left) == ("2 tablets into 4 halves", "Hand over 3 halves; 1 half is left: destroy it.")
    assert (second.cut, second.left) == ("4 tablets into 8 halves", "Hand over 7 halves; 1 half is left: destroy it.")
    plan = mixed_plan()
    less = tuple(replace(each, needed=Fraction(64)) if each.product == COMPOUNDED else each for each in plan.items)
    assert reckoned(sheets_of(replace(plan, items=less))[COMPOUNDED])[0] == ("Needed", "14 × 6, less 20 mL", "64 mL")


def test_the_first_calendar_begins_with_the_plan() -> None:
    """Though what is at home serves its first days by itself, and what is handed over only the days after."""
    plan = mixed_plan()
    later = tuple(replace(each, use_from=START + dt.timedelta(days=4)) for each in plan.items)
    assert served_regimens(replace(plan, items=later), START)[0].first == START


def test_halves_beside_quarters_leave_quarters() -> None:
    """Each size that is taken is made as often as it is taken; what is left of the units is in the smallest."""
    given = dose(TIMES[0], "7.5", take(TABLET_10, 1, "1/2"), take(TABLET_10, 1, "1/4"))
    plan = a_plan((step(START, 3, "7.5", given),), (item(TABLET_10, "3", "tablet", cut=3),))
    (pick,) = picks(plan, START)
    assert pick.cut == "3 tablets into 3 halves and 6 quarters"
    assert pick.left == "Hand over 3 halves and 3 quarters; 3 quarters are left: destroy them."


def test_the_size_of_a_container_is_never_taken_for_its_content() -> None:
    """Where it holds more than is in it, that is said; sealed bottles are full."""
    plan = mixed_plan()
    known = {each.id: each for each in plan.products}
    capsules, bottles = plan.items[3], plan.items[4]
    jar = replace(capsules, quantity=Fraction(294), parts=(Part(size=Fraction(300), count=1),))
    assert handed_words(jar, known[jar.product]) == "294 capsules in a container that holds 300"
    poured = replace(plan.items[2], quantity=Fraction(750), parts=(Part(size=Fraction(480), count=2),))
    assert handed_words(poured, known[poured.product]) == "750 mL in 2 containers that hold 480 mL each"
    assert handed_words(bottles, known[bottles.product]) == "480 mL (2 bottles of 240 mL)"


def test_codes_name_their_system_once() -> None:
    """NDCs in segments, and other codes as they are."""
    product = replace(tablets_plan().products[0], codes=("70710-1285-1", "62135-473-90", "42291511000001108"))
    assert code_words(product) == "NDC 70710-1285-1, 62135-473-90, 42291511000001108"
    assert code_words(replace(product, codes=())) == ""


def test_each_batch_and_each_bottle_has_a_lot_to_write_down() -> None:
    """One row for loose tablets, one for each of two bottles, one for each batch."""
    rows = [lot_rows(pick) for pick in picks(mixed_plan(), START)]
    assert rows == [("",), ("",), ("batch 1 of 1",), ("batch 1 of 1",), ("lot 1 of 2", "lot 2 of 2")]


def test_each_row_of_stock_has_the_serial_of_what_it_is_of() -> None:
    """A bottle's own; one row of many packs, and each batch of several containers, has the first and the last."""
    plan = mixed_plan()
    found = picks(plan, START)
    assert serial_rows(plan, found[0]) == ("RX-104233-261201-1",)
    assert serial_rows(plan, found[4]) == ("RX-104233-261201-5-1", "RX-104233-261201-5-2")
    many = replace(found[4].item, parts=(replace(found[4].item.parts[0], count=7),))
    batches = replace(found[2].item, batches=2, parts=(replace(found[2].item.parts[0], count=3),))
    plan = replace(plan, items=(many, batches))
    assert [serial_rows(plan, pick) for pick in picks(plan, START)] == [
        ("RX-104233-261201-1-1 to RX-104233-261201-1-7",),
        ("RX-104233-261201-2-1 to RX-104233-261201-2-3",) * 2,
    ]


def test_regimens_say_all_that_is_taken_at_each_time() -> None:
    """Several liquids are told apart by their concentration; nothing is "none"."""
    first, second, last = regimens(mixed_plan(), START, START + dt.timedelta(days=27))
    assert [dose.words for dose in first.doses] == [
        "4 mL (20 mg) of 5 mg per mL oral suspension",
        "1 tablet of 20 mg plus 1 capsule of 2 mg",
        "1 tablet of 10 mg plus 2 mL (10 mg) of 5 mg per mL oral suspension",
    ]
    said = "14 mL (14 mg: 1 full 10 mL syringe, then 4 mL with the 5 mL syringe) of 1 mg per mL oral solution"
    assert second.doses[2].words == said
    assert (last.total_mg, {dose.words for dose in last.doses}) == (0, {"none"})


def test_the_calendar_has_each_day_once_and_says_each_change() -> None:
    """28 days in order; a change, with how much less it is, where the regimen is not the day before's."""
    entries = list(calendar_days(mixed_plan(), served_regimens(mixed_plan(), START)))
    assert [entry.date for entry in entries] == [START + dt.timedelta(days=day) for day in range(28)]
    assert [(entry.date.day, entry.change) for entry in entries if entry.change] == [
        (1, "From Tue Dec 1, 2026: 62 mg a day"),
        (15, "From Tue Dec 15, 2026: 14.5 mg a day, 47.5 mg less than before"),
        (22, "From Tue Dec 22, 2026: take none of this medicine"),
    ]


def test_the_same_dose_taken_in_another_way_is_a_change_too() -> None:
    """The total alone would hide it."""
    plan = tablets_plan()
    first, second = plan.steps
    same = replace(second, administrations=tuple(reversed([replace(each) for each in second.administrations])))
    turned = replace(
        same,
        administrations=tuple(
            replace(each, time=other.time)
            for each, other in zip(same.administrations, first.administrations, strict=True)
        ),
    )
    changed = replace(plan, steps=(replace(second, start=START), turned))
    entries = calendar_days(changed, served_regimens(changed, START))
    said = [entry.change for entry in entries if entry.change]
    assert said[1] == "From Tue Dec 15, 2026: 52.5 mg a day, the same as before but taken in another way"


def test_the_calendar_ends_where_more_is_collected() -> None:
    """A bottle that serves longer doesn't lengthen it: by then the tablets beside it are used up."""
    plan = two_visits()
    found = served_regimens(plan, START)
    assert found[-1].last == LATER - dt.timedelta(days=1)
    assert measuring(found) == (
        "Use the 3 mL oral syringe for 2 mL.",
        "Use the 5 mL oral syringe for 4 mL.",
    )
    assert next_words(plan, START) == (
        "Collect your next supply by Mon Dec 14, 2026 at the latest. The last dose of this supply is on Mon Dec 14, "
        "2026 at 8 PM, the first of the next on Tue Dec 15, 2026 at 2 PM."
    )
    assert served_regimens(plan, LATER)[0].first == LATER


def test_a_supply_that_keeps_no_day_longer_is_not_collected_a_day_earlier() -> None:
    """It would pass its last day before it is used up; the patient is told the hour of its first dose instead."""
    plan = two_visits()
    *others, last = plan.items
    tight = replace(plan, items=(*others, replace(last, discard_after=last.use_until)))
    words = "Collect your next supply on Tue Dec 15, 2026, before 2 PM, not earlier. The last dose of this supply is on"
    assert next_words(tight, START).startswith(words)
    assert (collecting_day(tight, START), collecting_day(plan, START)) == (LATER, LATER - dt.timedelta(days=1))


def test_the_first_dose_of_an_evening_is_collected_on_its_day() -> None:
    """Or later than the visit, where the supply of before lasts."""
    plan = two_visits()
    first, second, last = plan.steps
    late = replace(
        second,
        administrations=(
            *(replace(each, take=(), measure=None, dose_mg=Fraction(0)) for each in second.administrations[:2]),
            second.administrations[2],
        ),
    )
    words = next_words(replace(plan, steps=(first, late, last)), START)
    assert words.startswith("Collect your next supply by Tue Dec 15, 2026, before 8 PM, at the latest.")


def test_the_stop_day_follows_the_last_dose() -> None:
    """Drug-free days at the end are after it; without them it is the day after the plan."""
    assert stop_day(mixed_plan()) == START + dt.timedelta(days=21)
    assert stop_day(tablets_plan()) == START + dt.timedelta(days=28)
    assert stop_words(mixed_plan()).startswith("Stop day: Tue Dec 22, 2026. From this day on, take none")
    assert next_words(mixed_plan(), START) == stop_words(mixed_plan())


def ending_high(plan: Plan) -> Plan:
    """The plan with the finding that it ends at too high a dose to stop from."""
    found = Finding(code="abrupt-end", severity=Severity.WARN, where="step 2", message="ends at 52.5 mg a day")
    return replace(plan, findings=(*plan.findings, found))


def test_nobody_is_told_to_stop_from_a_high_dose_that_the_prescription_leaves_open() -> None:
    """The last day is named, and whom to ask before; where the prescriber orders days without drug, stop."""
    plan = ending_high(tablets_plan())
    words = stop_words(plan)
    assert words == (
        "Last day of this plan: Mon Dec 28, 2026. Do not stop by yourself. Before this day, ask Dr B. Example, "
        "555 0100, what to take next."
    )
    assert next_words(plan, START) == words
    assert end_words(plan) == "last day Dec 28, 2026"
    assert stop_words(ending_high(mixed_plan())) == stop_words(mixed_plan())
    assert end_words(tablets_plan()) == "stop Dec 29, 2026"


def test_a_calendar_says_how_its_first_day_differs_from_the_day_before() -> None:
    """A step that begins on the day of a visit is a change; one that goes on is as before."""
    plan = two_visits()
    change = next(calendar_days(plan, served_regimens(plan, LATER))).change
    assert change == "From Tue Dec 15, 2026: 14.5 mg a day, 47.5 mg less than before"
    middle = LATER + dt.timedelta(days=3)
    change = next(calendar_days(plan, regimens(plan, middle, middle))).change
    assert change == "From Fri Dec 18, 2026: 14.5 mg a day, the same as before"
    assert regimen_before(plan, START) is None


def test_the_staircase_joins_steps_of_one_dose() -> None:
    """Two steps of 60 mg are one stair; a drug-free step between others is one, too; those at the end are none."""
    days, times = dt.timedelta(days=7), dt.time(8)
    steps = tuple(
        step(START + place * days, 7, mg, *((dose(times, mg),) if mg != "0" else ()))
        for place, mg in enumerate(("60", "60", "0", "20", "0", "0"))
    )
    stairs = staircase(a_plan(steps, (item(TABLET_20, "1", "tablet"),)))
    assert [(stair.length, stair.total_mg) for stair in stairs] == [(14, 60), (7, 0), (7, 20)]
    assert pace_words(stairs) == "Your dose changes in 3 steps over 4 weeks, from 60 mg to 20 mg a day."
    assert pace_words(stairs[:1]) == "60 mg a day for 2 weeks."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("at the visit of 2027-01-12", "at the visit of Jan 12, 2027"),
        ("2026-12-01 to 2026-12-31", "Dec 1, 2026 to Dec 31, 2026"),
        ("no date: 2027-02-30, 12026-01-01", "no date: 2027-02-30, 12026-01-01"),
        ("NDC 70710-1285-1", "NDC 70710-1285-1"),
    ],
)
def test_dates_in_findings_are_written_as_people_do(text: str, words: str) -> None:
    """What only looks like a date stays as it is."""
    assert people_dates(text) == words


def sheets_of(plan: Plan) -> dict[str, Worksheet]:
    return {sheet.product.id: sheet for sheet in worksheets(plan, START)}


def reckoned(sheet: Worksheet) -> list[tuple[str, str, str]]:
    lines = (*sheet.need, *sheet.batches[0].reckonings)
    return [(line.what, line.numbers, line.result) for line in lines]


def test_a_worksheet_reckons_from_the_doses_to_the_strength() -> None:
    """Every figure with its formula, exactly; what the measured amounts hold is held against the strength."""
    assert reckoned(sheets_of(mixed_plan())[COMPOUNDED]) == [
        ("Needed", "14 × 6", "84 mL"),
        ("With 5 % overage", "84 mL × 1.05", "88.2 mL"),
        ("To make", "88.2 mL up to 23 × 4 mL; at least 100 mL", "100 mL"),
        ("Drug in the batch", "5 mg per mL × 100 mL", "500 mg"),
        ("baclofen 20 mg tablets", "25 tablets per 100 mL × 100 mL", "25 tablets"),
        ("glycerin", "1 and 2/3 mL per 100 mL × 100 mL", "1 and 2/3 mL"),
        ("preserved suspending vehicle", "at most 100 mL", "to make 100 mL"),
        ("Check of the strength", "25 tablets × 20 mg per tablet = 500 mg", "exact"),
    ]


def test_what_can_t_be_weighed_is_said() -> None:
    """28 mg of powder on a balance that weighs from 120 mg on."""
    *_, capsules = sheets_of(mixed_plan()).values()
    batch = capsules.batches[0]
    assert [part.required for part in batch.components] == ["0.028 g", "3.687 g", "14 capsules"]
    assert batch.faults == (
        "baclofen powder USP: less than the 120 mg that the balance weighs well: weigh a measured part of a dilution.",
    )
    assert reckoned(capsules)[-1] == (
        "Weight of one filling",
        "3,714 and 2/3 mg ÷ 14 = 265 and 1/3 mg",
        "238.8 to 291.9 mg",
    )


@pytest.mark.parametrize(
    ("value", "unit", "words", "device", "error"),
    [
        ("0.4607", "g", "0.461 g", "balance by 1 mg", "0.065 % more"),
        ("553/150", "g", "3.687 g", "balance by 1 mg", "0.009 % more"),
        ("460", "mg", "460 mg", "balance by 1 mg", "exact"),
        ("5/3", "mL", "1.7 mL", "3 mL syringe by 0.1 mL", "2 % more"),
        ("0.333", "mL", "0.34 mL", "1 mL syringe by 0.02 mL", "2.102 % more"),
        ("61", "mL", "61 mL", "100 mL cylinder by 1 mL", "exact"),
        ("215", "mL", "216 mL", "250 mL cylinder by 2 mL", "0.465 % more"),
        ("502", "mL", "500 mL", "1,000 mL cylinder by 10 mL", "0.398 % less"),
        ("25", "tablet", "25 tablets", "count", "exact"),
    ],
)
def test_amounts_are_rounded_to_what_measures_them(value: str, unit: str, words: str, device: str, error: str) -> None:
    """The balance's readability, the smallest syringe or cylinder that holds it; and how far that is from it."""
    found = measured(Fraction(value), unit, EQUIPMENT)
    assert (found.words, found.device, found.error_words, found.fault) == (words, device, error, "")
    assert error_prone(found.words) == ()


@pytest.mark.parametrize(
    ("value", "words", "device"),
    [
        ("30", "30 mL", "50 mL cylinder by 1 mL"),
        ("50.5", "51 mL", "100 mL cylinder by 1 mL"),
        ("1203", "1,210 mL", "1,000 mL cylinder by 10 mL"),
        ("262", "265 mL", "500 mL cylinder by 5 mL"),
        ("101", "102 mL", "250 mL cylinder by 2 mL"),
        ("260", "260 mL", "500 mL cylinder by 5 mL"),
    ],
)
def test_a_batch_is_brought_to_its_volume_in_a_cylinder(value: str, words: str, device: str) -> None:
    """Not in the syringe that would hold it, and up; more than the largest is read in that one by turns."""
    found = measured(Fraction(value), "mL", EQUIPMENT, cylinder=True)
    assert (found.words, found.device) == (words, device)


@pytest.mark.parametrize(
    ("value", "unit", "fault"),
    [
        ("0.119", "g", "less than the 120 mg that the balance weighs well"),
        ("0.001", "mL", "too little to measure"),
        ("25.5", "tablet", "not a whole number"),
    ],
)
def test_what_can_t_be_measured_well_is_a_fault(value: str, unit: str, fault: str) -> None:
    """The worksheet says so, in place of a figure that nobody can measure."""
    assert fault in measured(Fraction(value), unit, EQUIPMENT).fault


@pytest.mark.parametrize(
    ("quantity", "batches", "step", "sizes"),
    [
        ("213", 3, "1", ["71", "71", "71"]),
        ("214", 3, "1", ["72", "71", "71"]),
        ("506", 2, "2", ["254", "252"]),
        ("30", 1, "2", ["30"]),
        ("7.5", 2, "2.5", ["5", "2.5"]),
    ],
)
def test_batches_are_as_even_as_whole_steps_allow(quantity: str, batches: int, step: str, sizes: list[str]) -> None:
    """No batch of a third of a capsule, none that starts from half a tablet."""
    assert batch_sizes(Fraction(quantity), batches, Fraction(step)) == tuple(Fraction(size) for size in sizes)


def test_each_batch_has_its_own_record() -> None:
    """29 capsules in two batches: one of 15 and one of 14, each with its own amounts."""
    plan = mixed_plan()
    items = tuple(
        replace(item, quantity=Fraction(29), batches=2) if item.unit == "capsule" else item for item in plan.items
    )
    *_, capsules = sheets_of(replace(plan, items=items)).values()
    assert [(batch.place, batch.of, batch.size) for batch in capsules.batches] == [
        (1, 2, "15 capsules"),
        (2, 2, "14 capsules"),
    ]
    assert [batch.components[0].required for batch in capsules.batches] == ["0.03 g", "0.028 g"]


def test_the_worksheet_shows_how_the_quantity_is_split() -> None:
    """Up to whole steps, in as few batches as the recipe's largest allows, as even as whole steps allow."""
    plan = mixed_plan()
    items = tuple(
        replace(item, quantity=Fraction(250), needed=Fraction(250), batches=3) if item.unit == "capsule" else item
        for item in plan.items
    )
    *_, capsules = sheets_of(replace(plan, items=items)).values()
    assert reckoned(capsules)[1:3] == [
        ("To make", "250 capsules up to 250 × 1 capsule", "250 capsules"),
        ("Batches", "250 capsules ÷ 100 capsules, up to 3", "1 of 84 capsules and 2 of 83 capsules"),
    ]


def test_the_strength_is_checked_in_the_volume_that_is_read() -> None:
    """356 mL are read as 360 mL in a cylinder by 5 mL, so that what is made is weaker than the label says."""
    plan = mixed_plan()
    items = tuple(replace(item, quantity=Fraction(356)) if item.product == COMPOUNDED else item for item in plan.items)
    batch = sheets_of(replace(plan, items=items))[COMPOUNDED].batches[0]
    line = batch.reckonings[-1]
    assert line.numbers == "89 tablets × 20 mg per tablet = 1,780 mg in 360 mL as measured"
    assert (line.result, batch.components[-1].error) == ("1.111 % less", "1.124 % more")


@pytest.mark.parametrize("to_volume", [True, False])
@pytest.mark.parametrize("quantity", ["51", "101", "251", "262", "356", "501", "1003"])
def test_a_batch_without_overage_is_never_read_as_less_than_is_handed_over(quantity: str, *, to_volume: bool) -> None:
    """Whether its vehicle brings it to volume or is as much as the whole; how far it is off is said."""
    plan = mixed_plan()
    products = tuple(
        replace(
            each,
            overage=Fraction(0),
            batch_step=Fraction(1),
            batch_max=None,
            ingredients=(*each.ingredients[:-1], replace(each.ingredients[-1], to_volume=to_volume)),
        )
        if each.id == COMPOUNDED
        else each
        for each in plan.products
    )
    items = tuple(
        replace(each, quantity=Fraction(quantity), needed=Fraction(quantity)) if each.product == COMPOUNDED else each
        for each in plan.items
    )
    whole = sheets_of(replace(plan, products=products, items=items))[COMPOUNDED].batches[0].components[-1]
    assert whole.amount.value >= Fraction(quantity)
    assert (whole.error == "exact") == (whole.amount.value == Fraction(quantity))
    assert whole.error == "exact" or whole.error.endswith("more")


def filled_by_volume() -> Plan:
    """The mixed plan, whose capsules have a filler that is weighed by what fills."""
    plan = mixed_plan()
    *others, capsule = plan.products
    powder, filler, shell = capsule.ingredients
    return replace(
        plan,
        products=(*others, replace(capsule, ingredients=(powder, replace(filler, to_volume=True), shell))),
    )


def test_a_powder_that_fills_is_weighed_about() -> None:
    """To volume in capsules means by packing weight, not a volume of the batch; what it came to is written down."""
    *_, capsules = sheets_of(filled_by_volume()).values()
    batch = capsules.batches[0]
    assert (batch.components[1].required, batch.components[1].error) == ("about 3.687 g", "by what fills")
    assert reckoned(capsules)[-1] == ("Weight of one filling", "_______ mg ÷ 14", "_______ mg")


def test_every_preparation_is_described() -> None:
    """A recipe whose checks don't say how it looks gets the general words of its form, in formula and record."""
    plan = mixed_plan()
    check = QualityCheck(check="pH", expected="4.2 to 5.2")
    products = tuple(replace(each, quality_checks=(check,)) if each.compounded else each for each in plan.products)
    suspension, capsules = sheets_of(replace(plan, products=products)).values()
    assert dict(suspension.formula)["Description"] == "Suspension: uniform, without lumps or foreign matter"
    assert dict(capsules.formula)["Description"] == "Capsule: whole, clean, evenly filled"
    assert [check for check, _ in quality_rows(capsules)] == ["pH", "Appearance", "Label"]


def notes_of(plan: Plan) -> list[tuple[int, tuple[str, ...]]]:
    """The day of the month and the notes of each day of the first calendar that has some."""
    days = calendar_days(plan, served_regimens(plan, START))
    return [(entry.date.day, entry.notes) for entry in days if entry.notes]


def test_a_change_of_form_says_what_to_stop_what_is_new_and_that_the_last_step_is_the_last() -> None:
    """On its day: what is no longer taken at all is brought back; the end is named with its day."""
    assert notes_of(mixed_plan()) == [
        (
            15,
            (
                "Stop the 5 mg per mL oral suspension, 20 mg tablets, 2 mg capsules and 10 mg tablets; bring back what "
                "is left.",
                "New form: 1 mg per mL oral solution.",
                "This is the last step. After Mon Dec 21, 2026 you take none of this medicine: nothing follows.",
            ),
        ),
    ]
    assert notes_of(tablets_plan()) == [
        (
            15,
            (
                "New strength: 10 mg tablets.",
                "New strength: 5 mg tablets.",
                "This is the last step. After Mon Dec 28, 2026 you take none of this medicine: nothing follows.",
            ),
        ),
    ]
    assert notes_of(ending_high(tablets_plan()))[0][1][-1] == (
        "This is the last step of this plan, until Mon Dec 28, 2026: ask what to take next."
    )


def test_what_comes_again_is_not_brought_back() -> None:
    """Its next day is named, and so is the day on which a pause ends."""
    plan = tablets_plan()
    week, (first, second) = dt.timedelta(days=7), plan.steps
    steps = (
        replace(first, days=7),
        replace(second, start=START + week, days=7),
        step(START + 2 * week, 7, "0"),
        replace(first, start=START + 3 * week, days=7),
    )
    morning, *others = second.administrations
    fives = replace(second, administrations=(morning, *(replace(each, take=morning.take) for each in others)))
    assert notes_of(replace(plan, steps=steps))[1:] == [
        (15, ("It continues on Tue Dec 22, 2026.",)),
        (
            22,
            (
                "Stop the 10 mg tablets and 5 mg tablets; bring back what is left.",
                "This is the last step. After Mon Dec 28, 2026 you take none of this medicine: nothing follows.",
            ),
        ),
    ]
    turned = (steps[0], replace(fives, start=START + week, days=7), steps[2], steps[3])
    assert notes_of(replace(plan, steps=turned))[0] == (
        8,
        ("No 20 mg tablets until Tue Dec 22, 2026.", "New strength: 10 mg tablets."),
    )
