"""Formularies: what a file says, every fault of it, whose file counts, and the built-in baclofen."""

import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import formulations
from splitter.errors import InputError
from splitter.formulary import (
    Batch,
    Bottles,
    Category,
    Caution,
    Certainty,
    ControlSchedule,
    Form,
    Formulary,
    Ingredient,
    Loose,
    Packs,
    Poured,
    Product,
    Provenance,
    QualityCheck,
    Size,
    billing_code,
    listed,
    load_formulary,
    read_formulary,
    with_beyond_use,
)
from splitter.prescription import Compounding, Evidence, LargerDose
from splitter.quantity import Concentration, Mass, Money

TABLET = '[[tablet]]\nid = "x-10mg-tablet"\nstrength = "10 mg"\npieces = 2\nprice = "0.03"\n'
LIQUID = """
[[liquid]]
id = "x-5mg-per-ml"
concentration = "25 mg/5 mL"
bottles = [{ volume = "120 mL", price = "4" }, { volume = "300 mL", price = "9" }]
in_use = "60 days"
storage = "20 to 25 °C"
shake = true
"""
RECIPE = """
[[recipe]]
id = "x-5mg-per-ml-compounded"
form = "suspension"
concentration = "5 mg/mL"
beyond_use = "35 days"
storage = "2 to 8 °C"
labour = "30 min"
step = "2 mL"
min = "30 mL"
max = "500 mL"
overage = "5 %"
containers = [{ volume = "60 mL", price = "0.80" }]
ingredients = [
  { name = "x 10 mg tablets", amount = "50", unit = "tablet", price = "0.03", active = "10 mg" },
  { name = "vehicle", amount = "100", unit = "mL", price = "0.08" },
]
"""
CAPSULE = """
[[recipe]]
id = "x-1mg-capsule"
form = "capsule"
strength = "1 mg"
beyond_use = "180 days"
step = 10
min = 30
containers = [{ count = 60, price = "0.60" }]
ingredients = [{ name = "x powder", amount = "0.1", unit = "g", price = "5", active = "1 g" }]
"""
FILE = 'drug = "x"\nmax_daily = "80 mg"\n' + TABLET + LIQUID + RECIPE + CAPSULE


def money(text: str) -> Money:
    return Money(Fraction(text))


def read(text: str) -> Formulary:
    return read_formulary(text, "x.toml")


def faults_of(text: str) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        read(text)
    assert {fault.file for fault in caught.value.faults} == {"x.toml"}
    return [(fault.key, f"{fault.found} {fault.remedy}") for fault in caught.value.faults]


def test_a_tablet() -> None:
    """Counted loose, with its functional score."""
    assert read(FILE).products[0] == Product(
        id="x-10mg-tablet",
        name="x 10 mg tablet",
        form=Form.TABLET,
        supply=Loose(price=money("0.03")),
        strength=Mass(Fraction(10)),
        pieces=2,
    )


def test_packs_capsules_and_packets() -> None:
    """Packs of several sizes; a capsule or packet is never split."""
    packs = 'packs = [{ count = 28, price = "1" }, { count = 84, price = "1.20" }]\n'
    text = 'drug = "x"\n' + "".join(
        f'[[{kind}]]\nid = "x-{kind}"\nstrength = "10 mg"\n{packs}' for kind in ("tablet", "capsule", "packet")
    )
    products = read(text).products
    sizes = (Size(content=Fraction(28), price=money("1")), Size(content=Fraction(84), price=money("1.2")))
    assert [product.supply for product in products] == [Packs(sizes=sizes)] * 3
    assert [product.do_not_split for product in products] == [False, True, True]
    assert [product.unit for product in products] == ["tablet", "capsule", "packet"]


def test_a_marketed_liquid() -> None:
    """Bottles, in-use life, storage; what must be shaken is a suspension."""
    product = read(FILE).products[1]
    assert product == Product(
        id="x-5mg-per-ml",
        name="x 5 mg/mL oral suspension",
        form=Form.SUSPENSION,
        supply=Bottles(
            sizes=(Size(content=Fraction(120), price=money("4")), Size(content=Fraction(300), price=money("9"))),
            in_use=60,
        ),
        concentration=Concentration(Fraction(5)),
        storage="20 to 25 °C",
        shake=True,
    )
    assert (product.unit, product.is_liquid, product.is_compounded) == ("mL", True, False)


def test_a_compounded_suspension() -> None:
    """Amounts in mL, labour in hours, overage as a share."""
    product = read(FILE).products[2]
    assert product.name == "x 5 mg/mL compounded oral suspension"
    assert product.is_compounded
    assert product.shake
    assert product.supply == Batch(
        beyond_use=35,
        stated_beyond_use=35,
        beyond_use_basis="the formulary's own limit: 35 days; the day of compounding is day 1",
        labour=Fraction(1, 2),
        step=Fraction(2),
        minimum=Fraction(30),
        maximum=Fraction(500),
        overage=Fraction(1, 20),
        containers=(Size(content=Fraction(60), price=money("0.8")),),
        ingredients=(
            Ingredient(
                name="x 10 mg tablets",
                amount=Fraction(50),
                unit="tablet",
                price=money("0.03"),
                active=Mass(Fraction(10)),
            ),
            Ingredient(name="vehicle", amount=Fraction(100), unit="mL", price=money("0.08")),
        ),
    )


def test_a_recipe_s_defaults() -> None:
    """No labour and overage, containers that cost nothing, 1 mL steps, one step at least, no limit."""
    keys = ("labour", "step", "min", "max", "overage", "containers")
    text = "\n".join(line for line in RECIPE.splitlines() if not line.startswith(keys)).replace(
        'amount = "50"', 'amount = "100"'
    )
    text = text.replace("5 mg/mL", "10 mg/mL")
    supply = read('drug = "x"\n' + text).products[0].supply
    assert isinstance(supply, Batch)
    assert (supply.labour, supply.overage, supply.containers) == (Fraction(0), Fraction(0), ())
    assert (supply.step, supply.minimum, supply.maximum) == (Fraction(1), Fraction(1), None)


def test_capsules_are_counted() -> None:
    """A compounded capsule has a strength and counts, and is never split."""
    product = read(FILE).products[3]
    assert isinstance(product.supply, Batch)
    assert (product.name, product.unit, product.do_not_split) == ("x 1 mg compounded capsule", "capsule", True)
    assert (product.supply.step, product.supply.minimum) == (Fraction(10), Fraction(30))
    assert product.supply.containers == (Size(content=Fraction(60), price=money("0.6")),)


def test_provenance_and_what_is_unsure_are_kept() -> None:
    """Source, certainty and date; a source alone counts as unverified; a price that is an estimate says so."""
    stated = (
        'source = "label"\ncertainty = "label"\nchecked = 2026-11-22\nillustrative = true\nprice_date = 2026-11-21\n'
    )
    product = read('drug = "x"\n' + TABLET + stated).products[0]
    assert product.provenance == Provenance(source="label", certainty=Certainty.LABEL, checked=dt.date(2026, 11, 22))
    assert product.illustrative_price
    assert product.price_date == dt.date(2026, 11, 21)
    bare = read('drug = "x"\n' + TABLET + 'source = "somewhere"\n').products[0]
    assert bare.provenance == Provenance(source="somewhere", certainty=Certainty.UNVERIFIED)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ('strength = "50 µg"', "x 50 mcg tablet"),
        ('strength = "10.0 mg"', "x 10 mg tablet"),
        ('strength = "10 mg"\nname = "X 10"', "X 10"),
    ],
)
def test_names_are_written_as_a_label_may_carry_them(given: str, name: str) -> None:
    """Normalised from the strength, unless the file gives a name."""
    assert read('drug = "x"\n' + TABLET.replace('strength = "10 mg"', given)).products[0].name == name


# what is changed in the good file, into what, the key at fault, a part of what is found or of the remedy
FAULTS = [
    ('drug = "x"\n', "", "drug", "nothing"),
    ('max_daily = "80 mg"', 'max_daily = "0 mg"', "max_daily", "above zero"),
    ('max_daily = "80 mg"', "cautions = 'x'", "cautions", "a list"),
    ('max_daily = "80 mg"', 'cautions = ["a", { text = "b", forms = ["pill"] }]', "cautions[1].forms[0]", '"tablet"'),
    ('max_daily = "80 mg"', 'cautions = [{ forms = ["tablet"] }]', "cautions[0].text", "nothing"),
    ('max_daily = "80 mg"', 'taper_end = "0 mg"', "taper_end", "above zero"),
    ('max_daily = "80 mg"', 'taper_end_certainty = "sure"', "taper_end_certainty", '"secondary"'),
    ('max_daily = "80 mg"', 'currency = "dollar"', "currency", "three letters"),
    ('max_daily = "80 mg"', 'maximum = "80 mg"', "maximum", "an unknown key"),
    ('id = "x-10mg-tablet"', 'id = "X 10"', "tablet[0].id", "small letters"),
    ('id = "x-10mg-tablet"', 'id = "x-1mg-capsule"', "recipe[1].id", "which tablet[0] has too"),
    ('strength = "10 mg"', 'strength = "5 %"', "tablet[0].strength", "write a mass"),
    ('strength = "10 mg"', 'strength = "0 mg"', "tablet[0].strength", "above zero"),
    ("pieces = 2", "pieces = 5", "tablet[0].pieces", "from 1 to 4"),
    ("pieces = 2", "pieces = 0", "tablet[0].pieces", "from 1 to 4"),
    ('price = "0.03"', "", "tablet[0].price", "neither price nor packs"),
    ('price = "0.03"', 'price = "0.03"\npacks = [{ count = 1, price = "1" }]', "tablet[0].price", "both"),
    ('price = "0.03"', "packs = []", "tablet[0].packs", "an empty list"),
    ('price = "0.03"', 'packs = [{ count = 0, price = "1" }]', "tablet[0].packs[0].count", "from 1 to"),
    (
        'price = "0.03"',
        'packs = [{ count = 2, price = "1" }, { count = 2, price = "1.1" }]',
        "tablet[0].packs",
        "the size 2 twice",
    ),
    ('price = "0.03"', 'price = "0.000001"', "tablet[0].price", "whole multiples of 0.00001"),
    ('price = "0.03"', "price = 0.03", "tablet[0].price", 'in quotes: "0.03"'),
    ('price = "0.03"', 'price = "0.03"\ncertainty = "sure"', "tablet[0].certainty", '"label", "secondary"'),
    ("[[tablet]]", "[[capsule]]", "capsule[0].pieces", "an unknown key"),
    ('"25 mg/5 mL"', '"25 mg"', "liquid[0].concentration", "write a concentration"),
    ('"25 mg/5 mL"', '"5 %"', "liquid[0].concentration", "write a concentration"),
    ('"120 mL"', '"300 mL"', "liquid[0].bottles", "the size 300 twice"),
    ('"120 mL"', '"0 mL"', "liquid[0].bottles[0].volume", "above zero"),
    ("shake = true", 'form = "tablet"', "liquid[0].form", '"suspension" or "solution"'),
    ('"60 days"', '"2 months"', "liquid[0].in_use", "days or weeks"),
    ('"60 days"', '"3661 days"', "liquid[0].in_use", "at most 3660 days"),
    ('"35 days"', '"3661 days"', "recipe[0].beyond_use", "at most 3660 days"),
    ('form = "suspension"', 'form = "tablet"', "recipe[0].form", '"capsule"'),
    ('concentration = "5 mg/mL"', "", "recipe[0].concentration", "for a suspension"),
    ('concentration = "5 mg/mL"', 'concentration = "5 mg/mL"\nstrength = "1 mg"', "recipe[0].strength", "remove it"),
    ('beyond_use = "35 days"', "", "recipe[0].beyond_use", "nothing"),
    ('step = "2 mL"', "step = 2", "recipe[0].step", "a volume"),
    ('step = "2 mL"', 'step = "5 mL"', "recipe[0].ingredients[0]", "2.5 tablets for one step of 5"),
    ('step = "2 mL"', 'step = "0 mL"', "recipe[0].step", "a volume"),
    ('max = "500 mL"', 'max = "20 mL"', "recipe[0].max", "at least min and step, 30"),
    ('overage = "5 %"', 'overage = "5"', "recipe[0].overage", "add the unit"),
    ('volume = "60 mL"', "count = 60", "recipe[0].containers[0]", "a volume"),
    ('amount = "50"', 'amount = "100"', "recipe[0].ingredients", "1000 mg of drug for 100 mL make it 500 mg"),
    ('amount = "50"', 'amount = "0"', "recipe[0].ingredients[0].amount", "above zero"),
    ('amount = "50"', "amount = 50", "recipe[0].ingredients[0].amount", 'in quotes: "50"'),
    ('strength = "1 mg"', "", "recipe[1].strength", "for a capsule"),
    ('max = "500 mL"', 'max = "501 mL"', "recipe[0].max", "501 mL, no multiple of step, 2 mL write a multiple of step"),
    ('max = "500 mL"', 'max = "501 mL"', "recipe[0].max", "such as 500 mL"),
    ('min = "30 mL"', 'min = "31 mL"', "recipe[0].min", "31 mL, no multiple of step, 2 mL write a multiple of step"),
    ('min = "30 mL"', 'min = "31 mL"', "recipe[0].min", "such as 32 mL"),
    ("min = 30", "min = 31", "recipe[1].min", "31, no multiple of step, 10 write a multiple of step, such as 40"),
    ("step = 10", 'step = "10 mL"', "recipe[1].step", "a whole number of capsules"),
    ("step = 10", "step = 1.5", "recipe[1].step", "a whole number"),
    ("count = 60", 'volume = "60 mL"', "recipe[1].containers[0]", "a whole number of capsules"),
    ('amount = "0.1"', 'amount = "0.2"', "recipe[1].ingredients", "200 mg of drug for 100 capsules make it 100 mg"),
    (FILE, 'drug = "x"\n', "", "no product"),
]


@pytest.mark.parametrize(("good", "bad", "where", "words"), FAULTS)
def test_each_fault_of_a_formulary(good: str, bad: str, where: str, words: str) -> None:
    """One thing wrong gives one fault at its key."""
    assert good in FILE
    ((key, said),) = faults_of(FILE.replace(good, bad, 1))
    assert key == where
    assert words in said


ORIGIN = 'source = "label"\ncertainty = "label"\nchecked = 2026-11-24\n'
FULL_RECIPE = """
[[recipe]]
id = "x-5mg-per-ml-compounded"
form = "suspension"
concentration = "5 mg/mL"
category = "aqueous preserved"
vehicle = "syrup"
container = "amber glass"
storage = "2 to 8 °C"
monograph = { beyond_use = "28 days", source = "the monograph", certainty = "secondary", checked = 2026-11-24 }
published = [{ stable = "60 days", vehicle = "syrup", temperature = "2 to 8 °C", antimicrobial_tested = true }]
step = "2 mL"
ingredients = [
  { name = "x 10 mg tablets", amount = "50", unit = "tablet", price = "0.03", active = "10 mg", keeps = "30 days" },
  { name = "glycerin", amount = "5", unit = "mL", price = "0.02", expires = 2027-03-31 },
  { name = "syrup", amount = "95", unit = "mL", price = "0.08", to_volume = true },
]
equipment = ["mortar"]
method = ["Mix."]
quality_checks = [{ check = "pH", expected = "4 to 5" }]
"""
FULL = (
    'drug = "x"\ncountry = "US"\nsalt = "x tartrate"\n'
    + f'[codes]\nrxcui = "1292"\natc = "M03BX01"\n{ORIGIN}'
    + f'[control]\nschedule = "IV"\n{ORIGIN}'
    + f'[hazard]\ntext = "Wear gloves."\n{ORIGIN}'
    + f'[withdrawal]\nsigns = ["You may shake."]\nemergency = ["Call 911 for a fit."]\n{ORIGIN}'
    + f'[[taper]]\nname = "A"\nrate = "5 to 10 %"\ninterval = "every 2 weeks"\n{ORIGIN}'
    + f'[[taper]]\nname = "B"\nrate = "5 mg"\ninterval = "weekly"\nnote = "Slower at the end."\n{ORIGIN}'
    + TABLET
    + 'ndc = ["70710-1285-1", "00172-4096-60", "00527133001"]\n'
    + 'dmd = ["39709811000001108"]\nscore_certainty = "label"\nmaker = "M"\nfamily = "fine"\ncontainer = "tight"\n'
    + 'price_source = "NADAC"\n'
    + ORIGIN.replace('"label"\nchecked', '"secondary"\nchecked')
    + FULL_RECIPE
)
CHECKED = dt.date(2026, 11, 24)


def test_what_is_known_of_a_drug() -> None:
    """Codes, schedule, hazard, withdrawal and each advice on tapering, every one with its own origin."""
    formulary = read(FULL)
    label = Provenance(source="label", certainty=Certainty.LABEL, checked=CHECKED)
    assert (formulary.country, formulary.salt) == ("US", "x tartrate")
    known = (formulary.codes, formulary.control, formulary.hazard, formulary.withdrawal, *formulary.tapers)
    assert [fact.provenance for fact in known if fact is not None] == [label] * 6
    assert formulary.codes
    assert (formulary.codes.rxcui, formulary.codes.atc) == ("1292", "M03BX01")
    assert formulary.control
    assert formulary.control.schedule is ControlSchedule.IV
    assert formulary.withdrawal
    assert formulary.withdrawal.emergency == ("Call 911 for a fit.",)
    assert [(advice.name, advice.note) for advice in formulary.tapers] == [("A", None), ("B", "Slower at the end.")]


OF_TAPERS = """
larger_dose = "first"
larger_dose_source = "label"
larger_dose_certainty = "label"
larger_dose_checked = 2026-11-24
taper_end = "0.5 mg"
taper_end_source = "guideline"
taper_end_certainty = "secondary"
"""


def test_what_a_drug_s_file_says_of_every_taper() -> None:
    """When the larger doses are given and where a rule ends, each with a source and certainty of its own."""
    formulary = read('drug = "x"\n' + OF_TAPERS + TABLET)
    assert (formulary.larger_dose, str(formulary.taper_end)) == (LargerDose.FIRST, "0.5 mg")
    assert formulary.larger_dose_provenance == Provenance(source="label", certainty=Certainty.LABEL, checked=CHECKED)
    assert formulary.taper_end_provenance == Provenance(source="guideline", certainty=Certainty.SECONDARY)


@pytest.mark.parametrize(
    ("said", "certainty"),
    [('taper_end_source = "s"', Certainty.UNVERIFIED), ('taper_end_certainty = "label"', None)],
)
def test_what_lacks_its_source_or_certainty_is_not_thought_surer(said: str, certainty: Certainty | None) -> None:
    """A source of which nobody says how sure it is counts as unverified; a certainty without a source as nothing."""
    origin = read(f'drug = "x"\ntaper_end = "1 mg"\n{said}\n' + TABLET).taper_end_provenance
    assert (None if origin is None else origin.certainty) is certainty


def test_a_caution_may_say_for_which_forms_it_holds() -> None:
    """A text holds for every form."""
    text = 'cautions = ["Keep it dry.", { text = "Swallow it whole.", forms = ["tablet", "capsule"] }]\n'
    dry, whole = read('drug = "x"\n' + text + TABLET).cautions
    assert (dry, whole.text) == (Caution(text="Keep it dry."), "Swallow it whole.")
    assert [form for form in Form if whole.holds_for(form)] == [Form.TABLET, Form.CAPSULE]
    assert all(map(dry.holds_for, Form))


def test_what_is_known_of_a_product() -> None:
    """Codes as text, with leading zeros; the salt from the head; maker, family, container, where the price is from."""
    tablet = read(FULL).products[0]
    assert tablet.codes == ("70710-1285-1", "00172-4096-60", "00527133001", "39709811000001108")
    assert [billing_code(code) for code in tablet.ndc] == ["70710128501", "00172409660", "00527133001"]
    known = (tablet.salt, tablet.family, tablet.maker, tablet.container, tablet.price_source)
    assert known == ("x tartrate", "fine", "M", "tight", "NADAC")
    assert tablet.pieces == 2
    assert tablet.provenance
    assert tablet.provenance.certainty is Certainty.SECONDARY


def test_a_recipe_in_full() -> None:
    """Its evidence, components, equipment and tests of quality; the date is computed from them."""
    batch = read(FULL).products[1].supply
    assert isinstance(batch, Batch)
    assert (batch.category, batch.vehicle, batch.stated_beyond_use) == (Category.PRESERVED, "syrup", None)
    assert batch.monograph is not None
    assert batch.monograph.provenance == Provenance(
        source="the monograph", certainty=Certainty.SECONDARY, checked=CHECKED
    )
    assert [(study.stable, study.container) for study in batch.published] == [(60, None)]
    assert batch.quality_checks == (QualityCheck(check="pH", expected="4 to 5"),)
    assert batch.equipment == ("mortar",)
    assert [(part.to_volume, part.keeps, part.expires) for part in batch.ingredients] == [
        (False, 30, None),
        (False, None, dt.date(2027, 3, 31)),
        (True, None, None),
    ]
    assert batch.beyond_use == 28
    assert batch.beyond_use_basis == (
        "monograph: 28 days; what is left of x 10 mg tablets: 30 days; "
        "USP <795> (2023), aqueous preserved: 35 days; published stability, not used: 60 days; "
        "the day of compounding is day 1"
    )


def test_a_reason_keeps_a_tablet_whole() -> None:
    """Whatever its score, and whether or not do_not_split says so too."""
    text = 'drug = "x"\n' + TABLET + 'do_not_split_reason = "extended release"\n'
    (tablet,) = read(text).products
    assert (tablet.pieces, tablet.do_not_split, tablet.do_not_split_reason) == (2, True, "extended release")


# what is changed in the full file, into what, the key at fault, a part of what is found or of the remedy
FULL_FAULTS = [
    ('country = "US"', 'country = "FR"', "country", '"US", "GB"'),
    ('rxcui = "1292"', "rxcui = 1292", "codes.rxcui", "in quotes"),
    ('rxcui = "1292"', 'rxcui = "01292"', "codes.rxcui", "digits"),
    ('"M03BX01"', '"M03"', "codes.atc", "seven characters"),
    ('"IV"', '"4"', "control.schedule", '"II", "III"'),
    ('text = "Wear gloves."', "", "hazard.text", "nothing"),
    ('signs = ["You may shake."]', "", "withdrawal.signs", "nothing"),
    ('rate = "5 mg"', "", "taper[1].rate", "nothing"),
    ('"70710-1285-1"', '"7071012851"', "tablet[0].ndc[0]", "in its segments"),
    ('"70710-1285-1"', '"70710-1285"', "tablet[0].ndc[0]", "in its segments"),
    ('"70710-1285-1"', '"70710-1285-1a"', "tablet[0].ndc[0]", "in its segments"),
    ('"70710-1285-1"', "70710128501", "tablet[0].ndc[0]", "in quotes"),
    ('"70710-1285-1"', '"00172-4096-60"', "tablet[0].ndc[1]", "which tablet[0] has too"),
    ('"70710-1285-1"', '"0172-4096-60"', "tablet[0].ndc[1]", "00172409660, which tablet[0] has too"),
    ('"39709811000001108"', '"397"', "tablet[0].dmd[0]", "6 to 18 digits"),
    ('score_certainty = "label"', "", "tablet[0].pieces", "2, with a score that is secondary write 1"),
    ('score_certainty = "label"', 'score_certainty = "unverified"', "tablet[0].pieces", "a score that is unverified"),
    ('maker = "M"', 'maker = "M"\nsalt = "x succinate"', "tablet[0].salt", '"x succinate", where the other strengths'),
    ('category = "aqueous preserved"', 'category = "aqueous"', "recipe[0].category", '"aqueous non-preserved"'),
    ('category = "aqueous preserved"', 'category = "solid"', "recipe[0].category", '"solid" for a suspension'),
    ('category = "aqueous preserved"', 'beyond_use = "5 days"', "recipe[0].monograph", "add the category"),
    (
        'category = "aqueous preserved"\nvehicle = "syrup"\ncontainer = "amber glass"\nstorage = "2 to 8 °C"',
        'category = "aqueous non-preserved"\nstorage = "20 to 25 °C"',
        "recipe[0].storage",
        "must be refrigerated",
    ),
    ('days", vehicle = "syrup"', 'days", vehicle = "Syrup"', "recipe[0].published[0].vehicle", "word for word"),
    ('stable = "60 days"', 'stable = "2 months"', "recipe[0].published[0].stable", "days or weeks"),
    ('keeps = "30 days"', "keeps = 30", "recipe[0].ingredients[0].keeps", "in quotes"),
    ('amount = "95"', 'amount = "94.9"', "recipe[0].ingredients", "99.9 mL in all, to fill 100 mL"),
    ('amount = "95"', 'amount = "100.1"', "recipe[0].ingredients[2]", "at most 100 mL"),
    ("expires = 2027-03-31", "to_volume = true", "recipe[0].ingredients", "2 to volume"),
    ('active = "10 mg"', "to_volume = true", "recipe[0].ingredients[0]", "50 tablet to volume"),
    ('"50", unit = "tablet"', '"25", unit = "capsule"', "recipe[0].ingredients[0]", "0.5 capsules for one step of 2"),
    ('unit = "tablet"', 'unit = "tablets"', "recipe[0].ingredients[0].unit", 'write "tablet"'),
    ('unit = "mL", price = "0.08"', 'unit = "ml", price = "0.08"', "recipe[0].ingredients[2].unit", 'write "mL"'),
    ('unit = "mL", price = "0.08"', 'unit = "gram", price = "0.08"', "recipe[0].ingredients[2].unit", 'write "g"'),
    ('unit = "mL", price = "0.08"', 'unit = "µg", price = "0.08"', "recipe[0].ingredients[2].unit", 'write "mcg"'),
    ('unit = "mL", price = "0.08"', 'unit = "g", price = "0.08"', "recipe[0].ingredients[2]", "95 g to volume"),
    (', expected = "4 to 5"', "", "recipe[0].quality_checks[0].expected", "nothing"),
]


@pytest.mark.parametrize(("good", "bad", "where", "words"), FULL_FAULTS)
def test_each_fault_of_a_full_formulary(good: str, bad: str, where: str, words: str) -> None:
    """What is wrong is named at its key, whatever else that makes wrong."""
    assert good in FULL
    found = dict(faults_of(FULL.replace(good, bad, 1)))
    assert where in found
    assert words in found[where]


def test_what_fills_a_capsule_is_a_powder() -> None:
    """It is weighed; there is no volume to bring to."""
    filler = CAPSULE.replace(
        'active = "1 g" }',
        'active = "1 g" }, { name = "lactose", amount = "20", unit = "g", price = "0", to_volume = true }',
    )
    (product,) = read('drug = "x"\n' + filler).products
    assert isinstance(product.supply, Batch)
    assert product.supply.ingredients[1].to_volume
    ((where, words),) = faults_of(
        'drug = "x"\n' + filler.replace('amount = "20", unit = "g"', 'amount = "20", unit = "mL"')
    )
    assert (where, "in g or mg" in words) == ("recipe[0].ingredients[1]", True)


def test_all_faults_of_a_formulary_are_reported_together() -> None:
    """In every table, of form and of meaning, each table checked even where another fails."""
    text = FILE.replace("pieces = 2", "pieces = 9").replace('"120 mL"', '"300 mL"').replace('"50"', '"100"')
    assert [key for key, _ in faults_of(text)] == ["tablet[0].pieces", "liquid[0].bottles", "recipe[0].ingredients"]


# what is written twice over, wrong by itself and wrong together, and the keys of all faults
TOGETHER = [
    ((("pieces = 2", 'pieces = 9\npacks = [{ count = 84, price = "1" }]'),), ["tablet[0].pieces", "tablet[0].price"]),
    ((("in_use =", "shelf ="), ('"120 mL"', '"300 mL"')), ["liquid[0].shelf", "liquid[0].bottles"]),
    ((('step = "2 mL"', 'step = "5 mL"'), ("labour", "labor")), ["recipe[0].labor", "recipe[0].ingredients[0]"]),
    ((('max = "500 mL"', 'max = "20 mL"'), ('"0.80"', '"0,80"')), ["recipe[0].containers[0].price", "recipe[0].max"]),
    (
        (('price = "0.03", active = "10 mg"', 'price = 3, active = "20 mg"'),),
        ["recipe[0].ingredients[0].price", "recipe[0].ingredients"],
    ),
    ((("step = 10", 'step = "10 mL"'), ("min = 30", "min = 0")), ["recipe[1].min", "recipe[1].step"]),
    (
        (("pieces = 2", 'pieces = 9\nsalt = "other salt"'), ('"80 mg"', '"80"')),
        ["max_daily", "tablet[0].pieces", "tablet[0].salt"],
    ),
    (
        (("pieces = 2", 'pieces = 9\nndc = ["11111-222-33"]'), ("shake = true", 'shake = 1\nndc = ["11111-222-33"]')),
        ["tablet[0].pieces", "liquid[0].shake", "liquid[0].ndc[0]"],
    ),
    (
        (('form = "suspension"', 'form = "syrup"'), ('"0.08"', '"x"')),
        ["recipe[0].form", "recipe[0].ingredients[1].price"],
    ),
]


@pytest.mark.parametrize(("changes", "keys"), TOGETHER)
def test_what_keys_mean_together_is_told_beside_the_faults_of_others(
    changes: tuple[tuple[str, str], ...], keys: list[str]
) -> None:
    """As far as the keys that a rule needs could be read: nobody mends a file twice for what it said at once."""
    text = FILE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    assert [key for key, _ in faults_of(text)] == keys


def test_an_id_given_twice_is_told_whatever_else_is_wrong_with_its_table() -> None:
    """It would otherwise be found only once the rest is mended. An id that is none is one fault."""
    text = FILE.replace("pieces = 2", "pieces = 9").replace('id = "x-1mg-capsule"', 'id = "x-10mg-tablet"')
    assert dict(faults_of(text))["recipe[1].id"].startswith('"x-10mg-tablet", which tablet[0] has too')
    assert [key for key, _ in faults_of(text)] == ["tablet[0].pieces", "recipe[1].id"]
    assert [key for key, _ in faults_of(FILE.replace('id = "x-10mg-tablet"', "id = 5"))] == ["tablet[0].id"]


def test_a_formulary_is_small() -> None:
    """The optimiser is built for 24 products."""
    tablets = [TABLET.replace("x-10mg", f"x-{i}") for i in range(25)]
    assert len(read('drug = "x"\n' + "".join(tablets[:24])).products) == 24
    assert faults_of('drug = "x"\n' + "".join(tablets)) == [("tablet[24]", "25 products list at most 24")]


def test_a_pharmacy_s_own_file_replaces_the_built_in_one(tmp_path: Path) -> None:
    """The file that names the drug counts, whatever the case of its letters; files of other drugs don't."""
    own, other = tmp_path / "own.toml", tmp_path / "other.toml"
    own.write_text(FILE.replace('drug = "x"', 'drug = "Baclofen"'), encoding="utf-8")
    other.write_text(FILE, encoding="utf-8")
    assert load_formulary("baclofen", [other, own]).products[0].id == "x-10mg-tablet"
    assert load_formulary("baclofen", [other]).drug == "baclofen"
    assert load_formulary("x", [other]).drug == "x"
    with pytest.raises(InputError, match="2 files for Baclofen; give one file for each drug"):
        load_formulary("baclofen", [own, own])


def test_a_drug_that_is_misspelt_is_told_the_nearest() -> None:
    """However capitals are used."""
    with pytest.raises(InputError, match=r"found Baclofin; write baclofen, or give a --formulary for it"):
        load_formulary("Baclofin")


@pytest.mark.parametrize("drug", ["nosuchdrug", "../pharmacy", ""])
def test_an_unknown_drug_names_the_known_ones(drug: str) -> None:
    """No built-in file and none given."""
    with pytest.raises(InputError, match=r"prescription\.drug: .*write one of .*baclofen.*, or give a --formulary"):
        load_formulary(drug)
    with pytest.raises(KeyError):
        formulations.drug(drug)


FACTS = ("codes", "control", "hazard", "withdrawal")
LISTS = ("taper", "tablet", "capsule", "packet", "liquid", "recipe")


def tables_of(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every table of a drug's file that states facts, with its place; the head's is "head"."""
    file = tomllib.loads(text)
    yield "head", file
    yield from ((name, file[name]) for name in FACTS if name in file)
    for name in LISTS:
        for i, table in enumerate(file.get(name, ())):
            yield f"{name}[{i}]", table
            if "monograph" in table:
                yield f"{name}[{i}].monograph", table["monograph"]
            yield from ((f"{name}[{i}].published[{j}]", study) for j, study in enumerate(table.get("published", ())))


def unsourced(text: str) -> list[str]:
    """What a drug's file states without its source, how sure it is, the day of checking, or the day of a price."""
    kept = ("source", "certainty", "checked")
    lacking = [f"{where}.{key}" for where, table in tables_of(text) for key in kept if key not in table]
    products = [(where, table) for where, table in tables_of(text) if "id" in table]
    return lacking + [f"{where}.price_date" for where, table in products if "price_date" not in table]


def test_a_fact_without_its_source_is_noticed() -> None:
    """The guard of the built-in files itself: in every kind of table it sees each key that is missing."""
    text = formulations.drug("baclofen")
    assert unsourced(text) == []
    assert unsourced('drug = "x"\nsource = "y"\n' + TABLET) == [
        "head.certainty",
        "head.checked",
        "tablet[0].source",
        "tablet[0].certainty",
        "tablet[0].checked",
        "tablet[0].price_date",
    ]
    for key in ("source", "certainty", "checked"):
        bare = re.sub(rf"(?m)^{key} = .*$", "", re.sub(rf", {key} = (\"[^\"]*\"|[0-9-]+)", "", text))
        assert unsourced(bare) == [f"{where}.{key}" for where, _ in tables_of(text)]


@pytest.mark.parametrize("drug", formulations.drugs())
def test_every_built_in_fact_has_its_source(drug: str) -> None:
    """Each table with its source, certainty and dates; each product with its storage, each recipe with what making it
    takes."""
    formulary = load_formulary(drug)
    assert formulary.drug == drug
    assert formulary.currency == "USD"
    assert formulary.country == "US"
    assert unsourced(formulations.drug(drug)) == []
    for product in formulary.products:
        assert product.storage, product.id
        if isinstance(product.supply, Batch):
            batch = product.supply
            assert batch.category, product.id
            assert all((product.container, batch.method, batch.equipment, batch.quality_checks)), product.id
            assert any(ingredient.active for ingredient in batch.ingredients), product.id
            filling = [ingredient for ingredient in batch.ingredients if ingredient.to_volume]
            assert len(filling) == 1, product.id


@pytest.mark.parametrize("drug", formulations.drugs())
def test_no_built_in_tablet_is_scored_unless_its_label_was_seen(drug: str) -> None:
    """The file says of each score whether it was read on a label."""
    for table in tomllib.loads(formulations.drug(drug)).get("tablet", ()):
        assert table.get("pieces", 1) == 1 or table.get("score_certainty", table["certainty"]) == "label", table["id"]


# USP <795> of 2023: the longest a pharmacy may keep each kind of preparation without evidence that it accepts [days].
CHAPTER = {
    Category.AQUEOUS: 14,
    Category.PRESERVED: 35,
    Category.NON_AQUEOUS: 90,
    Category.SOLID: 180,
}


@pytest.mark.parametrize("drug", formulations.drugs())
def test_beyond_use_dates_keep_the_limits_of_the_compounding_chapter(drug: str) -> None:
    """No built-in recipe goes beyond."""
    for product in load_formulary(drug).products:
        if isinstance(product.supply, Batch):
            assert product.supply.category is not None
            assert 1 <= product.supply.beyond_use <= CHAPTER[product.supply.category], product.id


BACLOFEN = [
    ("baclofen-5mg-tablet", "baclofen 5 mg tablet", 1),
    ("baclofen-10mg-tablet", "baclofen 10 mg tablet", 2),
    ("baclofen-15mg-tablet", "baclofen 15 mg tablet", 1),
    ("baclofen-20mg-tablet", "baclofen 20 mg tablet", 2),
]


def test_the_baclofen_formulary() -> None:
    """Its tablets with their scores, three marketed and three compounded liquids, fine capsules, no granules."""
    formulary = load_formulary("baclofen")
    tablets = [(p.id, p.name, p.pieces) for p in formulary.products if p.form is Form.TABLET]
    assert tablets == BACLOFEN
    marketed = [p for p in formulary.products if isinstance(p.supply, Bottles | Poured)]
    assert [str(p.concentration) for p in marketed] == ["1 mg/mL", "2 mg/mL", "5 mg/mL"]
    assert [p.supply.in_use for p in marketed if isinstance(p.supply, Bottles)] == [None, 60]
    assert [p.supply.keeps for p in marketed if isinstance(p.supply, Poured)] == [60]
    compounded = [p for p in formulary.products if p.is_compounded and p.is_liquid]
    assert [(str(p.concentration), p.supply.beyond_use) for p in compounded if isinstance(p.supply, Batch)] == [
        ("1 mg/mL", 30),
        ("5 mg/mL", 35),
        ("10 mg/mL", 35),
        ("5 mg/mL", 14),
        ("10 mg/mL", 14),
    ]
    capsules = [p for p in formulary.products if p.form is Form.CAPSULE]
    assert [str(p.strength) for p in capsules if p.ladder is None] == ["0.5 mg", "2.5 mg"]
    assert {p.strength for p in capsules} == {Mass(Fraction(half, 2)) for half in range(1, 61)}
    assert [p.form for p in formulary.products if not p.available] == [Form.PACKET] * 3 + [Form.SUSPENSION] * 2
    assert (str(formulary.max_daily), str(formulary.max_imbalance)) == ("80 mg", "5 mg")
    assert formulary.cautions[0].text == "Do not stop taking this medicine suddenly."


# By the chapter, and where the pharmacy accepts published evidence [days].
ACCEPTED = {
    "baclofen-1mg-per-ml-compounded": (30, 30),
    "baclofen-5mg-per-ml-compounded": (35, 35),  # the monograph binds
    "baclofen-10mg-per-ml-compounded": (35, 35),  # 60 days were published without a test for microbes
    "baclofen-5mg-per-ml-syrup-compounded": (14, 14),  # 35 days, likewise
    "baclofen-10mg-per-ml-x-temp-compounded": (14, 14),  # 90 days with microbiology, but not by USP <51>
    "baclofen-0.5mg-capsule-compounded": (180, 180),
    "baclofen-2.5mg-capsule-compounded": (180, 180),
    "baclofen-capsule-compounded": (180, 180),
    "baclofen-powder-capsule-compounded": (180, 180),
}


def test_how_long_compounded_baclofen_keeps() -> None:
    """Each recipe under both rules."""
    compounded = [product for product in listed(load_formulary("baclofen")) if product.is_compounded]
    found = {}
    for product in compounded:
        rules = (Compounding(), Compounding(evidence=Evidence.ACCEPTED))
        supplies = [with_beyond_use(product, rule).supply for rule in rules]
        found[product.id] = tuple(supply.beyond_use for supply in supplies if isinstance(supply, Batch))
    assert found == ACCEPTED


def test_two_products_have_a_published_price() -> None:
    """Every other baclofen price is an estimate and says so."""
    products = load_formulary("baclofen").products
    assert [p.id for p in products if not p.illustrative_price] == [
        "baclofen-10mg-tablet",
        "baclofen-5mg-per-ml-suspension",
    ]
    assert next(p for p in products if not p.illustrative_price).supply == Loose(price=money("0.03351"))
