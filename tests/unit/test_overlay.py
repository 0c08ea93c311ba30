"""A pharmacy's own files over the built-in formularies: what they change, whose faults are whose, what is digested."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest

from splitter.codec import TomlReader
from splitter.errors import Fault, InputError
from splitter.formulary import (
    Batch,
    Certainty,
    Formulary,
    Loose,
    Packs,
    Product,
    known_drugs,
    load_formulary,
    overlay,
    own_files,
    read_overlays,
    with_beyond_use,
)
from splitter.prescription import Compounding, Evidence
from splitter.quantity import Money

TABLET = 'drug = "baclofen"\nid = "baclofen-10mg-tablet"\n'
PRICE = 'currency = "USD"\n[[product]]\n' + TABLET
DRUG = """
drug = "examplamine"
currency = "GBP"
[[tablet]]
id = "examplamine-1mg-tablet"
strength = "1 mg"
price = "0.10"
"""


def laid(*texts: str, drug: str = "baclofen") -> Formulary:
    """A drug's formulary with these texts over it, in their order."""
    found = overlay(drug, [TomlReader(text, f"{place}.toml") for place, text in enumerate(texts)])
    assert found is not None
    return found.formulary


def product(formulary: Formulary, name: str) -> Product:
    return next(each for each in formulary.products if each.id == name)


def faults_of(*texts: str, drug: str = "baclofen") -> tuple[Fault, ...]:
    with pytest.raises(InputError) as caught:
        laid(*texts, drug=drug)
    return caught.value.faults


def test_a_price_of_ones_own_is_of_its_own_day() -> None:
    """The built-in price's date and source go with it; all else stays, the other products too."""
    before, after = laid(), laid(PRICE + 'price = "0.05"\nprice_date = 2026-11-01\nstock = 40\n')
    tablet = product(after, "baclofen-10mg-tablet")
    assert tablet.supply == Loose(price=Money(Fraction(1, 20)))
    assert (tablet.price_date, tablet.price_source, tablet.stock) == (dt.date(2026, 11, 1), None, 40)
    assert tablet.provenance == product(before, "baclofen-10mg-tablet").provenance
    others = [each for each in before.products if each.id != tablet.id]
    assert [each for each in after.products if each.id != tablet.id] == others


def test_an_estimate_is_none_when_a_price_takes_its_place() -> None:
    """A price of one's own is not called illustrative, unless it says so itself."""
    name = "baclofen-20mg-tablet"
    own = PRICE.replace("baclofen-10mg-tablet", name) + 'price = "0.05"\n'
    assert product(laid(), name).illustrative_price
    assert not product(laid(own), name).illustrative_price
    assert product(laid(own + "illustrative = true\n"), name).illustrative_price


def test_packs_take_the_place_of_a_price() -> None:
    """A product is counted loose or sold in packs, never both."""
    supply = product(laid(PRICE + 'packs = [{ count = 84, price = "1.20" }]\n'), "baclofen-10mg-tablet").supply
    assert isinstance(supply, Packs)


def test_what_is_not_stocked_is_not_available() -> None:
    """Nothing else changes."""
    text = '[[product]]\ndrug = "baclofen"\nid = "baclofen-10mg-tablet"\nstocked = false\n'
    tablet = product(laid(text), "baclofen-10mg-tablet")
    assert not tablet.available
    assert tablet.supply == product(laid(), "baclofen-10mg-tablet").supply


def test_the_stock_of_a_liquid_is_a_volume() -> None:
    """Pieces are counted, liquids are measured."""
    text = '[[product]]\ndrug = "baclofen"\nid = "baclofen-1mg-per-ml-solution"\nstock = '
    assert product(laid(text + '"946 mL"\n'), "baclofen-1mg-per-ml-solution").stock == 946
    (fault,) = faults_of(text + "2\n")
    assert fault.key == "product[0].stock"


def test_a_changed_fact_loses_the_source_that_did_not_state_it() -> None:
    """A score that the pharmacy saw on its own bottle is not vouched for by the built-in source."""
    change = PRICE + 'pieces = 1\nprice = "0.05"\n'
    assert product(laid(change), "baclofen-10mg-tablet").provenance is None
    own = change + 'source = "the label of our bottle"\ncertainty = "label"\n'
    origin = product(laid(own), "baclofen-10mg-tablet").provenance
    assert origin is not None
    assert (origin.source, origin.certainty) == ("the label of our bottle", Certainty.LABEL)


STUDIED = """
drug = "examplamine"
[[recipe]]
id = "made"
form = "suspension"
concentration = "5 mg/mL"
category = "aqueous preserved"
vehicle = "syrup"
container = "glass"
storage = "2 to 8 °C"
step = "2 mL"
ingredients = [%s]
[[recipe.published]]
stable = "90 days"
vehicle = "syrup"
container = "glass"
temperature = "2 to 8 °C"
antimicrobial_tested = true
"""
PARTS = (
    '{ name = "10 mg tablets", amount = "50", unit = "tablet", price = "1", active = "10 mg" }, '
    '{ name = "syrup", amount = "100", unit = "mL", price = "1", to_volume = true }'
)


ORIGIN = 'source = "a monograph"\ncertainty = "secondary"\nprice_date = 2020-01-01\nprice_source = "a list"\n'


def changed_parts(old: str, new: str) -> str:
    return f"ingredients = [{PARTS.replace(old, new)}]\n"


BOXES = 'containers = [{ volume = "60 mL", price = "1" }]\n'


@pytest.mark.parametrize(
    ("own", "source", "dated"),
    [
        (changed_parts('price = "1"', 'price = "2"'), "a monograph", "2026"),
        (BOXES.replace('price = "1"', 'price = "2"'), "a monograph", "2026"),
        (changed_parts("to_volume", "expires = 2027-01-01, to_volume"), "a monograph", "2020"),
        (changed_parts('"syrup"', '"glycerin"'), None, "2020"),
        (changed_parts("to_volume", 'keeps = "60 days", to_volume'), None, "2020"),
        (BOXES.replace("60 mL", "90 mL"), None, "2020"),
    ],
)
def test_a_recipe_keeps_its_source_where_only_its_parts_cost_otherwise(
    own: str, source: str | None, dated: str
) -> None:
    """Prices of parts are of the day and source that the overlay states; the formula is still the one that was read."""
    base = 'currency = "USD"\n' + (STUDIED % PARTS).replace('id = "made"\n', 'id = "made"\n' + ORIGIN + BOXES)
    stated = 'price_date = 2026-11-20\nprice_source = "our wholesaler"\n' if dated == "2026" else ""
    change = f'currency = "USD"\n[[product]]\ndrug = "examplamine"\nid = "made"\n{own}'
    made = product(laid(base, change + stated, drug="examplamine"), "made")
    assert (made.provenance and made.provenance.source) == source
    assert str(made.price_date).startswith(dated)
    bare = product(laid(base, change, drug="examplamine"), "made")
    assert (bare.price_date is None) is (dated == "2026")


@pytest.mark.parametrize(
    ("old", "new", "days"),
    [
        ('price = "1"', 'price = "2"', 90),
        ("to_volume = true", 'to_volume = true, keeps = "60 days"', 60),
        ('"syrup"', '"glycerin"', 35),
        ('name = "10 mg tablets"', 'name = "10 mg tablets with citric acid"', 35),
        ("to_volume = true }", 'to_volume = true }, { name = "flavour", amount = "1", unit = "mL", price = "1" }', 35),
    ],
)
def test_a_study_lengthens_only_the_date_of_its_own_formula(old: str, new: str, days: int) -> None:
    """What is made of something else was not studied, though the table that states the study stays."""
    assert old in PARTS
    own = f"ingredients = [{PARTS.replace(old, new)}]"
    change = f'currency = "USD"\n[[product]]\ndrug = "examplamine"\nid = "made"\n{own}\n'
    base = 'currency = "USD"\n' + STUDIED % PARTS
    made = product(laid(base, change, drug="examplamine"), "made")
    supply = with_beyond_use(made, Compounding(evidence=Evidence.ACCEPTED)).supply
    assert isinstance(supply, Batch)
    assert supply.beyond_use == days


def test_products_can_be_added_and_the_head_changed() -> None:
    """A file with the drug at its head speaks for it in all its tables."""
    text = 'drug = "Baclofen"\ncurrency = "USD"\nmax_daily = "60 mg"\n[[tablet]]\nid = "own"\n'
    formulary = laid(text + 'strength = "25 mg"\nprice = "1"\n')
    assert str(formulary.max_daily) == "60 mg"
    assert product(formulary, "own").name == "baclofen 25 mg tablet"


@pytest.mark.parametrize(("own", "certainty"), [("", None), ('taper_end_source = "ours"\n', Certainty.UNVERIFIED)])
def test_the_end_of_tapers_of_ones_own_has_not_the_built_in_source(own: str, certainty: Certainty | None) -> None:
    """Nor its certainty; one of its own stands."""
    formulary = laid('drug = "diazepam"\ntaper_end = "2 mg"\n' + own, drug="diazepam")
    origin = formulary.taper_end_provenance
    assert str(formulary.taper_end) == "2 mg"
    assert (None if origin is None else origin.certainty) is certainty
    assert laid(drug="diazepam").taper_end_provenance


def test_the_file_with_the_later_name_has_the_last_word() -> None:
    """So an import of prices can be corrected by a file of one's own."""
    first, second = PRICE + 'price = "0.05"\nstock = 5\n', PRICE + 'price = "0.06"\n'
    tablet = product(laid(first, second), "baclofen-10mg-tablet")
    assert tablet.supply == Loose(price=Money(Fraction(6, 100)))
    assert tablet.stock == 5


def test_the_digest_covers_what_is_laid_over_this_drug_and_nothing_else() -> None:
    """A plan is tied to its prices, but not to those of other drugs, nor to comments."""
    price = PRICE + 'price = "0.05"\n'
    other = price.replace("baclofen", "clonazepam").replace("10mg", "1mg")
    digests = {laid().sha256, laid(price).sha256, laid(price.replace("0.05", "0.06")).sha256}
    assert len(digests) == 3
    assert laid(other).sha256 == laid().sha256
    assert laid("# ours\n" + price).sha256 == laid(price).sha256


def test_a_drug_of_ones_own_needs_no_built_in_file() -> None:
    """A whole file in the directory makes its drug known; other files may change it."""
    assert laid(DRUG, drug="Examplamine").currency == "GBP"
    change = '[[product]]\ndrug = "examplamine"\nid = "examplamine-1mg-tablet"\nstocked = false\n'
    assert not laid(change, DRUG, drug="examplamine").products[0].available
    assert "examplamine" in known_drugs([TomlReader(DRUG, "x.toml")])
    assert overlay("examplamine", []) is None


def test_a_built_in_file_can_be_replaced_whole() -> None:
    """For a pharmacy of another country: its prices are in its own currency."""
    text = "replaces_built_in = true\n" + DRUG.replace("examplamine", "baclofen")
    assert [each.id for each in laid(text).products] == ["baclofen-1mg-tablet"]
    assert laid(text).currency == "GBP"


# a file of the user's own, the key and the line at fault, a part of the message
FAULTS = [
    (PRICE.replace("10mg", "10 mg") + 'price = "1"\n', "product[0].id", 4, "baclofen-10mg-tablet"),
    (PRICE.replace("10mg-tablet", "10mg-tabelt") + 'price = "1"\n', "product[0].id", 4, "baclofen-10mg-tablet"),
    (PRICE.replace('"baclofen"', '"bacloffen"') + 'price = "1"\n', "product[0].drug", 3, "write one of: baclofen"),
    (PRICE.replace('drug = "baclofen"\n', "") + 'price = "1"\n', "product[0].drug", 2, 'add "drug"'),
    (PRICE + "price = 0.05\n", "product[0].price", 5, "in quotes"),
    (PRICE + 'prise = "0.05"\n', "product[0].prise", 5, "an unknown key"),
    (PRICE + 'price = "-0.05"\n', "product[0].price", 5, "without a sign"),
    (PRICE + 'stocked = "no"\n', "product[0].stocked", 5, "true or false"),
    (PRICE + "stock = -1\n", "product[0].stock", 5, "from 0 to"),
    (PRICE + 'price = "1"\n' + "[[product]]\n" + TABLET + 'price = "2"\n', "product[1].id", 8, "changes too"),
    (PRICE.replace('currency = "USD"\n', "") + 'price = "1"\n', "currency", None, 'add currency = "USD"'),
    (PRICE.replace("USD", "GBP") + 'price = "1"\n', "currency", 1, "are in USD"),
    ('drug = "baclofen"\nmax_dialy = "1 mg"\n', "max_dialy", 2, "an unknown key"),
    ("[product]\n" + TABLET + 'price = "1"\n', "product", 1, "write it as [[product]]"),
    ("product = [5]\n", "product", 1, "write it as [[product]]"),
    ("[[produkt]]\n" + TABLET + 'price = "1"\n', "produkt", 1, "about no drug"),
    ("drug = 5\n", "drug", 1, "in quotes"),
    ('replaces_built_in = "yes"\n', "replaces_built_in", 1, "true or false"),
    ('[[product]]\ndrug = "baclofen"\nprice = "1"\n', "product[0].id", 1, "no product of baclofen"),
    ('drug = "baclofen"\n[[tablet]]\nid = "baclofen-10mg-tablet"\nstrength = "1 mg"\n', "tablet[0].id", 3, "has too"),
]


@pytest.mark.parametrize(("text", "key", "line", "message"), FAULTS)
def test_a_fault_names_the_users_file_its_key_and_line(text: str, key: str, line: int | None, message: str) -> None:
    """Never the built-in file, which the user didn't write."""
    found = [fault for fault in faults_of(text) if fault.key == key]
    assert [(fault.file, fault.line) for fault in found] == [("0.toml", line)]
    assert message in str(found[0])


RECIPE = PRICE.replace("10mg-tablet", "5mg-per-ml-compounded").replace('currency = "USD"\n', "")
CODE = "70710-1285-1"  # of a built-in tablet

# a file of the user's own with a value that goes not with the built-in ones, the key and the line, parts of the message
CAUSES = [
    (RECIPE + 'concentration = "6 mg/mL"\n', "product[0].concentration", 4, ("recipe[1].ingredients of built-in",)),
    (RECIPE + 'max = "1 mL"\nlabour = "1 h"\n', "product[0].max", 4, ("write at least min",)),
    (RECIPE + 'step = "5 mL"\n', "product[0].step", 4, ("ingredients[0]", "whole tablets")),
    (RECIPE + 'step = "5 mL"\nlabour = "1 h"\n', "product[0]", 1, ("ingredients[0]", "whole tablets")),
    (PRICE + 'score_certainty = "secondary"\n', "product[0].score_certainty", 5, ("tablet[1].pieces of built-in",)),
    ('drug = "baclofen"\nsalt = "hydrochloride"\n[[tablet]]\nid = "b"\nsalt = "x"\nstrength = "1 mg"\nprice = "1"\n',
     "tablet[0].salt", 5, ("where the other strengths are of hydrochloride",)),
    (PRICE.replace("10mg", "5mg") + f'ndc = ["{CODE}"]\n',
     "product[0].ndc[0]", 5, ("has too, on line", "of built-in baclofen.toml")),
    ('drug = "baclofen"\n[[tablet]]\nid = "baclofen-5mg-per-ml-compounded"\nstrength = "1 mg"\nprice = "1"\n',
     "tablet[0].id", 3, ("recipe[1] has too, on line", "of built-in baclofen.toml")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "key", "line", "parts"), CAUSES)
def test_what_goes_not_with_the_rest_is_told_where_the_user_wrote_it(
    text: str, key: str, line: int, parts: tuple[str, ...]
) -> None:
    """The built-in file goes with itself, so what is at fault is what was laid over it, wherever the rule looked."""
    found = [fault for fault in faults_of(text) if fault.key == key]
    assert [(fault.file, fault.line) for fault in found] == [("0.toml", line)]
    assert [part for part in parts if part not in str(found[0])] == []
    assert {fault.file for fault in faults_of(text)} == {"0.toml"}


def test_two_files_cant_both_be_all_there_is_of_a_drug() -> None:
    """One of them would be lost."""
    (fault,) = faults_of(DRUG, DRUG, drug="examplamine")
    assert (fault.file, fault.key) == ("1.toml", "drug")


def test_all_faults_of_all_files_are_told_together() -> None:
    """Those of form, of meaning, and unknown names."""
    faults = faults_of(PRICE + "price = 5\n", PRICE.replace("10mg", "11mg") + 'price = "1"\n')
    assert {(fault.file, fault.key) for fault in faults} == {
        ("0.toml", "product[0].price"),
        ("1.toml", "product[0].id"),
    }


def test_the_directory_of_the_configuration_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its files are read by name; a given file is taken as it stands, without them."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert own_files() == ()
    folder = tmp_path / "splitter" / "formulary"
    folder.mkdir(parents=True)
    (folder / "b.toml").write_text(PRICE + 'price = "0.06"\n', encoding="utf-8")
    (folder / "a.toml").write_text(PRICE + 'price = "0.05"\n', encoding="utf-8")
    (folder / "notes.txt").write_text("not ours", encoding="utf-8")
    (folder / "._a.toml").write_bytes(b"\x00\x05\x16\x07\xff")
    (folder / ".#b.toml").symlink_to("somebody@somewhere")
    assert [reader.file for reader in read_overlays()] == [str(folder / "a.toml"), str(folder / "b.toml")]
    assert product(load_formulary("baclofen"), "baclofen-10mg-tablet").supply == Loose(price=Money(Fraction(6, 100)))
    given = tmp_path / "given.toml"
    given.write_text(DRUG.replace("examplamine", "baclofen"), encoding="utf-8")
    assert [each.id for each in load_formulary("baclofen", [given]).products] == ["baclofen-1mg-tablet"]


def test_a_file_that_is_no_toml_stops_every_drug(tmp_path: Path) -> None:
    """Nobody can know which price it was to change; all broken files are told."""
    paths = [tmp_path / "a.toml", tmp_path / "b.toml", tmp_path / "missing.toml"]
    paths[0].write_text("[[product]\n", encoding="utf-8")
    paths[1].write_bytes(b"\xff\xfe")
    with pytest.raises(InputError) as caught:
        read_overlays(paths)
    assert [fault.file for fault in caught.value.faults] == [str(path) for path in paths]
