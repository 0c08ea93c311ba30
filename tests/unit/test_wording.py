"""What labels and sheets say: figures, directions, and the marks that must never be printed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction

import pytest

from splitter.errors import InputError
from splitter.formulary import Caution, ControlSchedule, Form
from splitter.plan import Measure, Part, Plan, Status, Take
from splitter.wording import Manner, directions, error_prone, label_texts
from splitter.wording.customs import BRITISH
from splitter.wording.directions import PLAIN, brief_directions
from splitter.wording.doses import pieces_words, volume_words
from splitter.wording.figures import clock, days, money, number, times_of_day
from splitter.wording.identity import elements, lot, serials
from splitter.wording.label import DO_NOT_STOP, conditions, quantity_words, storage_words
from splitter.wording.names import form_words
from splitter.wording.regimens import dose_words
from splitter.wording.sheet import picks
from tests.unit.paper_plans import (
    BOTTLE,
    CAPSULE,
    COMPOUNDED,
    PRODUCTS,
    START,
    TABLET_5,
    TABLET_10,
    TABLET_20,
    TIMES,
    a_plan,
    cautioned,
    dose,
    item,
    measured,
    mixed_plan,
    step,
    tablets_plan,
    take,
)

Parts = tuple[tuple[int, int], ...]
KNOWN = {product.id: product for product in PRODUCTS}


def said(plan: Plan, product: str) -> list[str]:
    """The directions of the item of `product`."""
    found = next(item for item in plan.items if item.product == product)
    return [direction.text for direction in directions(plan, found)]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("60", "60"),
        ("0.5", "0.5"),
        ("1250.25", "1,250.25"),
        ("1/3", "one third"),
        ("10/3", "3 and one third"),
        ("35/6", "5 and five sixths"),
        ("10/13", "(10 divided by 13)"),
    ],
)
def test_numbers_are_said_exactly(value: str, words: str) -> None:
    """A finite decimal is a decimal; anything else is in words, never rounded."""
    assert number(Fraction(value)) == words


def test_money_is_rounded_half_up() -> None:
    """Two decimals, halves up, commas from a thousand on."""
    assert [money(Fraction(text), "USD") for text in ("2.814", "2.815", "1234.5", "0")] == [
        "USD 2.81",
        "USD 2.82",
        "USD 1,234.50",
        "USD 0.00",
    ]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ((2026, 12, 1), (2026, 12, 14), "Dec 1 to Dec 14"),
        ((2026, 12, 1), (2026, 12, 1), "Dec 1"),
        ((2026, 12, 15), (2027, 1, 11), "Dec 15 to Jan 11, 2027"),
        ((2027, 1, 12), (2027, 1, 25), "Jan 12 to Jan 25, 2027"),
        ((2027, 12, 20), (2028, 1, 2), "Dec 20, 2027 to Jan 2, 2028"),
        ((2026, 12, 1), (2027, 11, 30), "Dec 1 to Nov 30, 2027"),
        ((2026, 12, 1), (2027, 12, 1), "Dec 1, 2026 to Dec 1, 2027"),
        ((2026, 12, 1), (2027, 12, 31), "Dec 1, 2026 to Dec 31, 2027"),
        ((2026, 12, 15), (2028, 1, 11), "Dec 15, 2026 to Jan 11, 2028"),
    ],
)
def test_ranges_of_days_name_years_that_are_not_the_labels_own(
    first: tuple[int, int, int], last: tuple[int, int, int], words: str
) -> None:
    """The year of the fill date goes without saying, another is said; so are both of a year or more."""
    assert days(dt.date(*first), dt.date(*last), beside=START) == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ([8, 14, 20], ["in the morning", "in the afternoon", "in the evening"]),
        ([7, 12, 18, 22], ["in the morning", "at noon", "in the evening", "at bedtime"]),
        ([6, 10, 22], ["in the morning (6 AM)", "in the morning (10 AM)", "at bedtime"]),
        ([0, 8, 16], ["as the day begins (12 midnight)", "in the morning", "in the afternoon"]),
        ([8, 16, 0], ["in the morning", "in the afternoon", "in the night after (12 midnight)"]),
        ([8, 16, 23, 5], ["in the morning", "in the afternoon", "at bedtime", "in the night after (5 AM)"]),
        ([7, 11, 15, 21], ["in the morning (7 AM)", "in the morning (11 AM)", "in the afternoon", "at bedtime"]),
    ],
)
def test_times_of_day_are_never_the_same_twice(hours: list[int], words: list[str]) -> None:
    """Parts of the day, with the clock time where one part holds two administrations."""
    assert list(times_of_day([dt.time(hour) for hour in hours]).values()) == words


def test_noon_and_midnight_have_no_am_or_pm() -> None:
    """12 AM and 12 PM are mistaken for each other."""
    assert [clock(dt.time(*hour)) for hour in ((0, 0), (12, 0), (12, 30), (13, 5))] == [
        "12 midnight",
        "12 noon",
        "12:30 PM",
        "1:05 PM",
    ]


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        ([("1", 2)], "2 tablets"),
        ([("1", 1)], "1 tablet"),
        ([("1/2", 1)], "half a tablet"),
        ([("1/2", 2)], "2 half tablets"),
        ([("1/4", 1)], "a quarter of a tablet"),
        ([("1/4", 3)], "three quarters of a tablet"),
        ([("1/3", 2)], "two thirds of a tablet"),
        ([("1", 1), ("1/2", 1)], "1 and a half tablets"),
        ([("1", 2), ("1/3", 2)], "2 and two thirds tablets"),
        ([("1", 1), ("1/2", 1), ("1/4", 1)], "1 tablet plus half a tablet plus a quarter of a tablet"),
        ([("1", 1), ("1/2", 3)], "1 tablet plus 3 half tablets"),
    ],
)
def test_pieces_are_words_without_slashes(pieces: Iterable[tuple[str, int]], words: str) -> None:
    """Whole numbers are numerals and fractions are words, as many pieces as the plan gives."""
    takes = [Take(product="p", fraction=Fraction(fraction), count=count) for fraction, count in pieces]
    assert pieces_words(takes, "tablet") == words
    assert error_prone(words) == ()


@pytest.mark.parametrize(
    ("volume", "syringe", "words"),
    [
        ("4", "5 mL by 0.2 mL", "4 mL (20 mg) with the 5 mL oral syringe"),
        ("0.5", "0.5 mL by 0.01 mL", "0.5 mL (2.5 mg) with the 0.5 mL oral syringe"),
        ("14", "10 mL by 0.2 mL", "14 mL (70 mg: 1 full 10 mL syringe, then 4 mL with the 5 mL syringe)"),
        ("20", "10 mL by 0.2 mL", "20 mL (100 mg: 2 full 10 mL syringes)"),
        ("1/3", "1 mL by 1/3 mL", "one third mL (1 and two thirds mg) with the 1 mL oral syringe"),
    ],
)
def test_volumes_say_their_mass_syringe_and_draws(volume: str, syringe: str, words: str) -> None:
    """The mass is exact, from the concentration; a volume beyond the syringe says its draws."""
    measure = Measure(product=COMPOUNDED, mL=Fraction(volume), syringe=syringe, rest_syringe="5 mL by 0.2 mL")
    assert volume_words(measure, KNOWN[COMPOUNDED], name_syringe=True) == words


def test_directions_of_tablets() -> None:
    """Each range of days has its doses at their times, and the containers that go with it."""
    plan = tablets_plan()
    assert said(plan, TABLET_10) == [
        "Dec 1 to Dec 14 (60 mg a day): none from this container. Take your 20 mg tablets: 1 in the morning, 1 in the "
        "afternoon and 1 in the evening.",
        "Dec 15 to Dec 28 (52.5 mg a day, the last step): take 1 and a half tablets in the morning and 1 tablet in the "
        "afternoon. Also take your 5 mg tablets: 1 and a half tablets in the afternoon. Also take your 20 mg tablets: "
        "1 in the evening.",
        "From Dec 29: take none of this medicine.",
    ]
    assert said(plan, TABLET_20)[0] == (
        "Dec 1 to Dec 14 (60 mg a day): take 1 tablet in the morning, 1 tablet in the afternoon and 1 tablet in the "
        "evening."
    )


def test_directions_of_liquids_and_drug_free_days() -> None:
    """Volumes with mass and syringe; days that take nothing say so apart from days that take another container."""
    plan = mixed_plan()
    assert said(plan, COMPOUNDED) == [
        "Dec 1 to Dec 14 (62 mg a day): take 4 mL (20 mg) with the 5 mL oral syringe in the morning and 2 mL (10 mg) "
        "with the 3 mL oral syringe in the evening. Also take your 20 mg tablets: 1 in the afternoon. Also take your "
        "2 mg capsules: 1 in the afternoon. Also take your 10 mg tablets: 1 in the evening.",
        "Dec 15 to Dec 21 (14.5 mg a day, the last step): none from this container; bring back what is left. Take your "
        "1 mg per mL oral solution: 0.5 mL (0.5 mg) in the afternoon and 14 mL (14 mg) in the evening.",
        "From Dec 22: take none of this medicine.",
    ]
    assert said(plan, BOTTLE)[2:5] == [
        "On Dec 15: stop the tablets; bring back what is left.",
        "On Dec 15: stop the capsules; bring back what is left.",
        "On Dec 15: stop your 5 mg per mL oral suspension; bring back what is left.",
    ]


def test_steps_with_the_same_directions_become_one() -> None:
    """Where nothing of the day changes, the days are one range."""
    morning, noon, _ = TIMES
    steps = tuple(
        step(
            START + dt.timedelta(days=7 * week), 7, mg, dose(morning, "20", take(TABLET_20, 1)), dose(noon, mg, *other)
        )
        for week, (mg, other) in enumerate((("10", (take(TABLET_10, 1),)), ("10", (take(TABLET_10, 1),))))
    )
    plan = a_plan(steps, (item(TABLET_20, "14", "tablet", use_until=START + dt.timedelta(days=13)),))
    assert said(plan, TABLET_20)[0] == (
        "Dec 1 to Dec 14 (30 mg a day, the last step): take 1 tablet in the morning. Also take your 10 mg tablets: 1 "
        "in the afternoon."
    )


def test_directions_keep_to_the_days_that_the_item_serves() -> None:
    """A step that straddles the visits is cut to the item's own days."""
    steps = (step(START, 60, "20", dose(TIMES[0], "20", take(TABLET_20, 1))),)
    first = item(TABLET_20, "28", "tablet")
    second = item(
        TABLET_20, "32", "tablet", date=START + dt.timedelta(days=28), use_until=START + dt.timedelta(days=59)
    )
    plan = a_plan(steps, (first, second))
    assert [direction.dates for part in plan.items for direction in directions(plan, part)] == [
        "Dec 1 to Dec 28",
        "Dec 29 to Jan 29, 2027",
        "From Jan 30, 2027",
    ]


def test_the_first_visit_alone_has_labels() -> None:
    """A later item is no item of the first visit, and the places are counted without it."""
    plan = tablets_plan()
    later = replace(plan.items[0], date=START + dt.timedelta(days=14))
    texts = label_texts(replace(plan, items=(*plan.items, later)))
    assert [text.position for text in texts] == ["Item 1 of 3", "Item 2 of 3", "Item 3 of 3"]


@pytest.mark.parametrize("cautions", [(), ("Do not stop taking this medicine suddenly",), ("May cause sleep.",)])
def test_the_warning_against_stopping_is_always_said_once(cautions: tuple[str, ...]) -> None:
    """Whether or not the drug's own cautions hold it."""
    for text in label_texts(replace(tablets_plan(), cautions=cautioned(*cautions))):
        assert text.warning == DO_NOT_STOP
        assert not any("suddenly" in caution for caution in text.cautions)


def test_a_compounded_label_says_how_to_keep_it_and_until_when() -> None:
    """Compounded, shake, storage and the beyond-use date."""
    text = next(text for text in label_texts(mixed_plan()) if "suspension" in text.drug)
    assert text.drug == "baclofen 5 mg per mL oral suspension"
    assert text.until == "Do not use after Jan 4, 2027."
    assert text.lot == lot(mixed_plan(), mixed_plan().items[2])
    assert text.conditions == (
        "Compounded medicine, to be taken by mouth.",
        "Shake well before each dose.",
        "Keep in a refrigerator, 2 to 8 °C (36 to 46 °F).",
        "Last day by USP 795.",
    )
    assert text.banner == "SHAKE WELL. REFRIGERATE."


def test_two_products_of_one_strength_are_told_apart() -> None:
    """By their names, wherever the strength alone would name both."""
    plan = tablets_plan()
    ten = next(product for product in plan.products if product.id == TABLET_10)
    told_apart = "baclofen 10 mg tablet, scored in three"
    other = replace(ten, id=TABLET_5, name=told_apart)
    products = tuple(other if product.id == TABLET_5 else product for product in plan.products)
    plan = replace(plan, products=products)
    texts = label_texts(plan)
    assert f"baclofen 10 mg tablets ({told_apart})" in [text.drug for text in texts]
    also = " ".join(direction.text for text in texts for direction in text.directions)
    assert f"Also take your 10 mg tablets ({told_apart}): 1 and a half tablets in the afternoon." in also
    assert f"of 10 mg ({told_apart})" in dose_words(plan, plan.steps[1].administrations[1])
    assert "(" not in texts[1].drug


@pytest.mark.parametrize("words", [label_texts, lambda plan: picks(plan, START)], ids=["labels", "pick list"])
def test_products_that_can_t_be_told_apart_are_not_printed(words: Callable[[Plan], object]) -> None:
    """One strength, one form and one name for two products: nobody knows which container is meant."""
    plan = tablets_plan()
    ten = next(product for product in plan.products if product.id == TABLET_10)
    products = tuple(replace(ten, id=TABLET_5) if product.id == TABLET_5 else product for product in plan.products)
    with pytest.raises(InputError, match='several products called "baclofen 10 mg tablet"; give each its own name'):
        words(replace(plan, products=products))


@pytest.mark.parametrize(
    ("schedule", "american", "british"),
    [("II", True, False), ("III", True, False), ("IV", True, False), ("V", False, False), (None, False, False)],
)
def test_the_caution_on_transfer_is_said_where_the_law_asks(
    schedule: str | None, american: bool, british: bool
) -> None:
    """21 CFR 290.5, word for word, on schedules II to IV; not on V, and not abroad."""
    plan = tablets_plan()
    plan = replace(plan, drug=replace(plan.drug, schedule=ControlSchedule(schedule) if schedule else None))
    law = (
        "Caution: Federal law prohibits the transfer of this drug to any person other than the patient for whom it was "
        "prescribed."
    )
    for manner, said_there in ((PLAIN, american), (Manner(customs=BRITISH), british)):
        assert all((law in text.cautions) == said_there for text in label_texts(plan, None, manner))


@pytest.mark.parametrize("cautions", [(), ("Keep out of the reach of children",)])
def test_what_keeps_a_medicine_from_children_is_said_once_in_the_country_s_words(cautions: tuple[str, ...]) -> None:
    """Whether or not the drug's file says it."""
    plan = replace(tablets_plan(), cautions=cautioned(*cautions))
    for manner, words in (
        (PLAIN, "Keep out of the reach of children."),
        (Manner(customs=BRITISH), "Keep out of the reach and sight of children."),
    ):
        for text in label_texts(plan, None, manner):
            assert [caution for caution in text.cautions if "reach" in caution] == [words]


def test_a_caution_stands_on_the_labels_of_its_forms_alone() -> None:
    """Nobody can swallow a suspension whole; what holds for every form is on each label."""
    whole = Caution(text="Swallow tablets whole.", forms=(Form.TABLET, Form.CAPSULE))
    plan = replace(mixed_plan(), cautions=(whole, *cautioned("May cause sleep.")))
    found = {plan.items[text.index].product: text.cautions for text in label_texts(plan)}
    forms = {product.id: product.form for product in plan.products}
    assert {forms[product] for product in found} == {Form.TABLET, Form.CAPSULE, Form.SUSPENSION, Form.SOLUTION}
    for product, cautions in found.items():
        assert (whole.text in cautions) == (forms[product] in whole.forms)
        assert "May cause sleep." in cautions


def test_more_about_children_is_kept_as_it_is() -> None:
    """A drug's file that says more than the country's sentence is not shortened to it."""
    words = "Keep it locked, out of the reach of children and pets."
    for text in label_texts(replace(tablets_plan(), cautions=cautioned(words)), None, Manner(customs=BRITISH)):
        assert text.cautions == (words,)


def test_the_strength_of_a_salt_is_said_as_such() -> None:
    """What the concentration is of, where that is not the drug itself."""
    plan = mixed_plan()
    products = tuple(replace(each, salt="baclofen hydrochloride") for each in plan.products)
    text = next(text for text in label_texts(replace(plan, products=products)) if "suspension" in text.drug)
    assert "Each mL contains baclofen hydrochloride 5 mg." in text.conditions[0]


def test_a_slash_in_a_product_s_name_is_said_as_per() -> None:
    """Two liquids of one concentration are told apart by their names, which may be written for pharmacists."""
    plan = mixed_plan()
    liquid = next(product for product in plan.products if product.id == COMPOUNDED)
    names = {COMPOUNDED: "baclofen 5 mg/mL suspension, cherry", BOTTLE: "baclofen 25 mg/5 mL suspension"}
    products = tuple(
        replace(liquid, id=each.id, name=names[each.id]) if each.id in names else each for each in plan.products
    )
    drugs = [text.drug for text in label_texts(replace(plan, products=products))]
    assert "baclofen 5 mg per mL oral suspension (baclofen 5 mg per mL suspension, cherry)" in drugs
    assert "baclofen 5 mg per mL oral suspension (baclofen 25 mg per 5 mL suspension)" in drugs


def test_bottles_opened_one_after_another_say_when_to_open_the_next() -> None:
    """Without a date of its own, the in-use life counts from the visit."""
    plan = mixed_plan()
    items = tuple(replace(part, discard_after=None) for part in plan.items)
    text = next(text for text in label_texts(replace(plan, items=items)) if "solution" in text.drug)
    assert "Use each bottle for no more than 60 days, the day you open it included." in text.conditions
    assert text.until == ""


@pytest.mark.parametrize(
    ("storage", "words"),
    [
        ("20 to 25 °C", "Store at 20 to 25 °C (68 to 77 °F)."),
        ("2 to 8 °C", "Keep in a refrigerator, 2 to 8 °C (36 to 46 °F)."),
        ("25 °C or below", "Store at 25 °C or below."),
        ("protect from light", "Protect from light."),
    ],
)
def test_storage(storage: str, words: str) -> None:
    """Celsius as the formulary gives it, with whole degrees Fahrenheit."""
    assert storage_words(storage) == words


def test_quantities_name_packs_bottles_and_what_is_cut() -> None:
    """What is handed over, in counted units or mL, and in which parts."""
    plan = mixed_plan()
    assert [quantity_words(part, KNOWN[part.product]) for part in plan.items[2:]] == [
        "100 mL (1 container of 120 mL)",
        "14 capsules",
        "480 mL (2 bottles of 240 mL)",
    ]
    packed = item(TABLET_10, "56", "tablet", cut=1, parts=(Part(size=Fraction(28), count=2),))
    assert quantity_words(packed, KNOWN[TABLET_10]) == "56 tablets (2 packs of 28, 1 of them cut)"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Take 1.0 mg", "1.0"),
        ("Take 2.50 mL", "2.50"),
        ("Take .5 mg", ".5"),
        ("Take 5mg", "5mg"),
        ("Take 5mL", "5mL"),
        ("Take 1/2 tablet", "1/2"),
        ("Take ½ tablet", "½"),
        ("Take 5 µg", "µg"),
        ("Take 5 μg", "μg"),
        ("Take 5 cc", "cc"),
        ("Take 5 ml", "ml"),
        ("Take 5 mls", "mls"),
        ("Take 5 U", "U"),
        ("Take 5 IU", "IU"),
        ("Take 5 mg QD", "QD"),
        ("Take 5 mg q.d.", "q.d."),
        ("Take 5 mg hs", "hs"),
        ("Take 5 mg. daily", "mg."),
        ("Take 5 mg BID", "BID"),
        ("Take 5 mg t.i.d. with food", "t.i.d."),
        ("For pain prn", "prn"),
        ("Take 5 mg q6h", "q6h"),
        ("Take 5 mg q AM", "q AM"),
        ("Take 5 mL/day", "mL/day"),
        ("baclofen 5 mg/mL", "mg/mL"),
        ("Take 0,5 mg", "0,5"),
        ("adrenaline 1:1000", "1:1000"),
        ("Take 1 teaspoonful", "teaspoonful"),
        ("Take 2 tsp", "tsp"),
        ("Take 5 gm", "gm"),
        ("Take 1000 mg", "1000 mg"),
        ("Inderal40 mg", "l40 mg"),
        ("pain & spasm", "&"),
        ("Take <5 tablets", "<"),
        ("every 6°", "°"),
        ("Take 5cc", "cc"),
        ("Take 5ml", "ml"),
        ("Take 10U", "U"),
        ("Take 10IU", "IU"),
        ("Take 10units", "0units"),
        ("Take 2tablets", "2tablets"),
        ("Take 5 mg Qd", "Qd"),
        ("Take 5 mg B.I.D.", "B.I.D."),
        ("Take 5 mg Q6H", "Q6H"),
        ("Take 5 mcg/mL", "mcg/mL"),
        ("baclofen 25 mg/5 mL", "mg/5 mL"),
        ("baclofen 5 mg / 2.5 mL", "mg / 2.5 mL"),
        ("Take 10000 units", "10000 units"),
    ],
)
def test_error_prone_designations_are_found(text: str, found: str) -> None:
    """Each is named as it stands."""
    assert [mark.split(": ")[0] for mark in error_prone(text)] == [repr(found)]


@pytest.mark.parametrize(
    "text",
    [
        "Dec 1 to Dec 14, 2026: take 2.5 mL (12.5 mg) at noon.",
        "baclofen 5 mg per mL oral suspension",
        "Store at 20 to 25 °C (68 to 77 °F).",
        "Take 1,000 mg in all (1 and a half tablets of 10 mg).",
        "10.05 mg, 100 mL",
        "baclofen 5 mg per 2.5 mL, 10 units per mL, 8 AM and 2 PM",
    ],
)
def test_good_designations_pass(text: str) -> None:
    """The linter finds nothing in lines that are written well."""
    assert error_prone(text) == ()


def test_an_error_prone_indication_is_refused_with_its_place() -> None:
    """Words from outside are held to the same marks; the message names what and where."""
    plan = tablets_plan()
    prescription = replace(plan.prescription, indication="pain & spasm qd")
    with pytest.raises(InputError) as caught:
        label_texts(replace(plan, prescription=prescription))
    assert {fault.key for fault in caught.value.faults} == {"prescription.indication"}
    assert "'&'" in str(caught.value)
    assert "qd" in str(caught.value)


def test_missing_parties_are_named_together() -> None:
    """Neither a patient nor a prescriber: both faults at once."""
    plan = tablets_plan()
    prescription = replace(plan.prescription, patient=None, prescriber=None)
    with pytest.raises(InputError) as caught:
        label_texts(replace(plan, prescription=prescription))
    assert [fault.key for fault in caught.value.faults] == ["patient.name", "prescriber.name"]
    assert "give the prescription its [patient] name" in str(caught.value)


def test_a_plan_without_items_prints_nothing() -> None:
    """An infeasible plan is refused, not printed as an empty paper."""
    with pytest.raises(InputError, match="no items"):
        label_texts(replace(tablets_plan(), status=Status.INFEASIBLE, items=()))


def test_brief_directions_say_the_same_in_fewer_words() -> None:
    """The unit of whole numbers once, and equal volumes once; what else the day takes, and the dates, all of them."""
    plan = mixed_plan()
    assert brief_directions(plan, plan.items[0])[0].text == (
        "Dec 1 to Dec 14 (62 mg a day): take 1 tablet in the afternoon. Also take your 5 mg per mL oral suspension: "
        "4 mL (20 mg) in the morning and 2 mL (10 mg) in the evening. Also take your 2 mg capsules: 1 in the "
        "afternoon. Also take your 10 mg tablets: 1 in the evening."
    )
    morning, noon, _ = TIMES
    equal = (dose(time, "10", measure=measured(COMPOUNDED, "2")) for time in (morning, noon))
    plan = a_plan((step(START, 28, "20", *equal),), (item(COMPOUNDED, "112", "mL"),))
    assert brief_directions(plan, plan.items[0])[0].text == (
        "Dec 1 to Dec 28 (20 mg a day): take 2 mL (10 mg) each time: in the morning and in the "
        "afternoon. Use the 5 mL oral syringe."
    )


def test_a_time_with_other_containers_alone_is_told_too() -> None:
    """Whoever reads one label sees all that the day takes, by the names that the other labels have."""
    plan = mixed_plan()
    concentrate = replace(KNOWN[COMPOUNDED], name="baclofen 5 mg/mL oral concentrate", compounded=False)
    products = tuple(concentrate if each.id == COMPOUNDED else each for each in plan.products)
    said_of_capsules = directions(replace(plan, products=products), plan.items[3])[0].text
    assert "Also take your 5 mg per mL oral concentrate: 4 mL (20 mg) in the morning" in said_of_capsules
    assert "Also take your 10 mg tablets: 1 in the evening." in said_of_capsules


def test_a_container_that_outlives_its_companions_names_those_that_come_later() -> None:
    """And the last label before weeks without the medicine says when it goes on."""
    morning, noon, _ = TIMES
    later, pause, again = (START + dt.timedelta(days=days) for days in (28, 56, 84))
    steps = (
        step(START, 28, "20", dose(morning, "20", take(TABLET_20, 1))),
        step(later, 28, "30", dose(morning, "20", take(TABLET_20, 1)), dose(noon, "10", take(TABLET_10, 1))),
        step(pause, 28, "0"),
        step(again, 28, "10", dose(morning, "10", take(TABLET_10, 1))),
    )
    items = (
        item(TABLET_20, "56", "tablet", use_until=pause - dt.timedelta(days=1)),
        item(TABLET_10, "28", "tablet", date=later, use_until=pause - dt.timedelta(days=1)),
        item(TABLET_10, "28", "tablet", date=again, use_until=again + dt.timedelta(days=27)),
    )
    assert said(a_plan(steps, items), TABLET_20)[1:] == [
        "Dec 29 to Jan 25, 2027 (30 mg a day): take 1 tablet in the morning. Also take your 10 mg tablets: 1 in the "
        "afternoon.",
        "Jan 26 to Feb 22, 2027: take none of this medicine. It goes on Feb 23, 2027, as your next label says.",
    ]


def test_a_new_strength_of_the_same_form_is_announced() -> None:
    """In large type, on the first container of it that the patient gets after others of that form."""
    later = START + dt.timedelta(days=28)
    steps = (
        step(START, 28, "20", dose(TIMES[0], "20", take(TABLET_20, 1))),
        step(later, 28, "10", dose(TIMES[0], "10", take(TABLET_10, 1))),
    )
    items = (
        item(TABLET_20, "28", "tablet"),
        item(TABLET_10, "28", "tablet", date=later, use_until=later + dt.timedelta(days=27)),
    )
    plan = a_plan(steps, items)
    assert [label_texts(plan, date)[0].banner for date in (START, later)] == ["", "NEW STRENGTH."]
    assert said(plan, TABLET_10)[1] == "On Dec 29: stop your 20 mg tablets; bring back what is left."


@pytest.mark.parametrize(
    ("product", "name", "words"),
    [
        (TABLET_10, "baclofen 10 mg tablet", "tablets"),
        (TABLET_10, "metoprolol tartrate 10 mg tablet (scored, Rising)", "tablets"),
        (TABLET_10, "morphine sulfate 10 mg extended-release tablet", "extended-release tablets"),
        (TABLET_10, "clonazepam 10 mg orally disintegrating tablet", "orally disintegrating tablets"),
        (TABLET_10, "lamotrigine 10 mg chewable dispersible tablet", "chewable dispersible tablets"),
        (TABLET_10, "levetiracetam 10 mg tablet for oral suspension", "tablets for oral suspension"),
        (CAPSULE, "duloxetine 2 mg delayed-release sprinkle capsule", "delayed-release sprinkle capsules"),
        (CAPSULE, "hydrocortisone 2 mg granules in a capsule to open", "capsules to open"),
        (BOTTLE, "baclofen 1 mg/mL oral solution", "oral solution"),
        (BOTTLE, "sertraline 1 mg/mL oral concentrate, dilute right before each dose", "oral concentrate"),
    ],
)
def test_the_form_says_what_must_not_be_taken_in_its_place(product: str, name: str, words: str) -> None:
    """A slow tablet is never called a tablet alone, nor a concentrate a solution."""
    assert form_words(replace(KNOWN[product], name=name)) == words


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        ("USP <795> (2023), aqueous preserved: 35 days; monograph: 35 days", "by USP 795"),
        ("monograph: 14 days; USP <795> (2023), aqueous preserved: 35 days", "by its monograph"),
        ("published stability: 30 days; USP <795> (2023), aqueous preserved: 35 days", "by a published study"),
        ("published stability, accepted by the pharmacy: 60 days", "by a published study"),
        ("what is left of the powder: 9 days; USP <795> (2023), solid: 180 days", "by the age of an ingredient"),
        ("the formulary's own limit: 20 days", "as the pharmacy states"),
        ("our own tests: 20 days", "as the pharmacy states"),
        (None, "as the pharmacy states"),
    ],
)
def test_a_compounded_item_says_what_its_last_day_rests_on(basis: str | None, words: str) -> None:
    """The strictest limit in short, without error-prone signs; a bottle that is bought says none."""
    plan = mixed_plan()
    products = tuple(replace(each, beyond_use_basis=basis) for each in plan.products)
    texts = label_texts(replace(plan, products=products))
    assert [text.until for text in texts[2:4]] == ["Do not use after Jan 4, 2027.", "Do not use after May 29, 2027."]
    assert all(f"Last day {words}." in text.conditions for text in texts[2:4])
    assert not any("Last day" in condition for text in texts[4:] for condition in text.conditions)


def test_a_concentrate_that_must_be_diluted_says_so() -> None:
    """In the words of the product's name, before it is shaken and stored."""
    plan = mixed_plan()
    name = "sertraline 1 mg/mL oral concentrate, dilute right before each dose"
    product = replace(KNOWN[BOTTLE], name=name)
    found = next(item for item in plan.items if item.product == BOTTLE)
    assert conditions(product, found)[0] == "Dilute right before each dose."
    assert "Dilute" not in " ".join(conditions(KNOWN[BOTTLE], found))


def test_serials_and_lots_follow_from_the_plan() -> None:
    """Each container has its own serial; compounded items a lot; both fit a GS1 element of 20 characters."""
    plan = mixed_plan()
    named = [serials(plan, part) for part in plan.items]
    assert named[:4] == [(f"RX-104233-261201-{place}",) for place in range(1, 5)]
    assert named[4] == ("RX-104233-261201-5-1", "RX-104233-261201-5-2")
    lots = [lot(plan, part) for part in plan.items]
    assert [bool(each) for each in lots] == [False, False, True, True, False]
    assert lots == [lot(mixed_plan(), part) for part in mixed_plan().items]
    assert len({each for each in lots if each}) == 2
    other = replace(plan, prescription=replace(plan.prescription, number="RX-104234"))
    assert lot(other, other.items[2]) != lots[2]
    assert elements(plan, plan.items[2]) == ((("17", "270104"), ("10", str(lots[2])), ("21", *named[2])),)
    assert elements(plan, plan.items[0]) == ((("21", *named[0]),),)
    assert elements(plan, plan.items[4]) == tuple((("17", "270129"), ("21", each)) for each in named[4])


@pytest.mark.parametrize(
    ("place", "parts"),
    [(1, ((28, 3),)), (1, ((120, 9), (60, 1))), (11, ((28, 9),)), (11, ((28, 12),)), (11, ((28, 150),))],
)
def test_each_container_has_a_serial_of_its_own_that_a_barcode_carries(place: int, parts: Parts) -> None:
    """The number in full where it fits, else a digest of it, the same on all; never one serial twice."""
    plan = tablets_plan()
    packed = item(TABLET_20, "84", "tablet", parts=tuple(Part(size=Fraction(size), count=n) for size, n in parts))
    plan = replace(plan, items=(*(plan.items[0],) * (place - 1), packed))
    made = serials(plan, packed)
    assert len(set(made)) == len(made) == sum(count for _, count in parts)
    assert max(map(len, made)) <= 20
    assert len({each.split("-261201-")[0] for each in made}) == 1
    assert [each.split("-")[-1] for each in made] == [str(number) for number in range(1, len(made) + 1)]


@pytest.mark.parametrize(
    ("product", "words"),
    [(TABLET_20, "pack 2 of 3 (120 tablets)"), (BOTTLE, "bottle 2 of 3 (120 mL)"), (COMPOUNDED, "container 2 of 3")],
)
def test_the_label_of_a_container_says_which_it_is(product: str, words: str) -> None:
    """Several containers have a text each, which differ in their place, their barcode and when they are opened; one
    alone has no number. What is sealed says its own content."""
    plan = mixed_plan()
    parts = (Part(size=Fraction(120), count=2), Part(size=Fraction(60), count=1))
    found = next(each for each in plan.items if each.product == product)
    texts = label_texts(replace(plan, items=(replace(found, parts=parts),)))
    assert len(texts) == 3
    assert texts[1].position == f"Item 1 of 1, {words}"
    assert len({text.elements for text in texts}) == 3
    assert len({replace(text, position="", elements=(), turn="") for text in texts}) == 1
    word = words.split(maxsplit=1)[0]
    assert [text.turn for text in texts] == [
        "Open this one first",
        f"Open when {word} 1 is empty",
        f"Open when {word} 2 is empty",
    ]
    (alone,) = label_texts(replace(plan, items=(replace(found, parts=parts[1:]),)))
    assert (alone.position, alone.turn) == ("Item 1 of 1", "")


def test_a_bottle_is_opened_when_the_one_before_is_empty_or_too_old() -> None:
    """And of packs the first has the cut tablets."""
    parts = (Part(size=Fraction(500), count=1), Part(size=Fraction(120), count=1))
    plan = mixed_plan()
    bottles = replace(plan.items[4], parts=parts, discard_after=None)
    assert label_texts(replace(plan, items=(bottles,)))[1].turn == "Open when bottle 1 is empty or its 60 days are over"
    packs = replace(plan.items[0], parts=parts, cut=3)
    assert label_texts(replace(plan, items=(packs,)))[0].turn == "Open this one first: it has the cut ones"


@pytest.mark.parametrize("number", ["RX-2026-0000104233", "Rezept 12", "№ 7", "x" * 200, "RX/7"])
def test_any_prescription_number_gives_a_serial_that_a_barcode_carries(number: str) -> None:
    """Too long, or with other characters than plain ones: a digest of it, which tells numbers apart."""
    plan = mixed_plan()
    made = {
        serials(replace(plan, prescription=replace(plan.prescription, number=text)), plan.items[0])
        for text in (number, f"{number} ")
    }
    assert len(made) == 2
    assert all(re.fullmatch(r"[0-9A-Z]{8}-261201-1", each) for (each,) in made)
