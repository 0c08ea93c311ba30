"""Every built-in drug file: without fault, each fact with its origin, nothing split that must not be, exact sums."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

import formulations
from splitter.formulary import Batch, Bottles, Form, Formulary, Poured, load_formulary
from splitter.quantity import Mass
from splitter.service.formularies.traps import traps

DRUGS = formulations.drugs()
TABLETS = [drug for drug in DRUGS if "tablet" in tomllib.loads(formulations.drug(drug))]
ORIGIN = {"source", "certainty", "checked"}
FACTS = ("codes", "control", "hazard", "withdrawal", "limits", "half_life", "stopping")
TABLES = ("taper", "kidney", "tablet", "capsule", "packet", "liquid", "recipe")
NEVER_SPLIT = re.compile(r"(extended|delayed|modified|prolonged)[- ]release|disintegrating|sublingual|enteric|granules")


def read(drug: str) -> Formulary:
    return load_formulary(drug)


def tables(drug: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each table of a file that states facts, with its place."""
    document = tomllib.loads(formulations.drug(drug))
    yield "head", document
    yield from ((name, document[name]) for name in FACTS if name in document)
    for name in TABLES:
        for i, table in enumerate(document.get(name, ())):
            yield f"{name}[{i}]", table
            if "monograph" in table:
                yield f"{name}[{i}].monograph", table["monograph"]
            yield from ((f"{name}[{i}].published[{j}]", study) for j, study in enumerate(table.get("published", ())))


def test_there_are_drugs() -> None:
    """The tests below ask something: the drugs that people taper are on offer."""
    assert len(DRUGS) > 20
    assert len(TABLETS) > 15


@pytest.mark.parametrize("drug", DRUGS)
def test_a_file_reads_without_fault(drug: str) -> None:
    """It is of the drug that its name says, of one country and currency, and has something to dispense and to say."""
    formulary = read(drug)
    assert (formulary.drug, formulary.country, formulary.currency) == (drug, "US", "USD")
    assert any(product.available for product in formulary.products)
    assert formulary.cautions
    assert formulary.withdrawal is not None
    assert formulary.withdrawal.signs
    assert formulary.withdrawal.emergency


@pytest.mark.parametrize("drug", DRUGS)
def test_each_fact_has_its_origin(drug: str) -> None:
    """Source, certainty and day of checking stand in every table, also in the small ones of a recipe."""
    found = dict(tables(drug))
    assert {place: ORIGIN - table.keys() for place, table in found.items() if not table.keys() >= ORIGIN} == {}
    assert all(table["source"].strip() for table in found.values())


def test_a_table_without_its_origin_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above fails for a fact that has lost its certainty."""
    text = formulations.drug("baclofen")
    cut = text[: text.rindex("certainty = ")] + text[text.rindex("checked = ") :]
    monkeypatch.setattr(formulations, "drug", lambda _: cut)
    with pytest.raises(AssertionError):
        test_each_fact_has_its_origin("baclofen")


OWN_ORIGIN = ("larger_dose", "taper_end")


@pytest.mark.parametrize("drug", DRUGS)
def test_what_holds_for_every_taper_has_its_own_origin(drug: str) -> None:
    """When the larger doses are given and where a rule ends: source, certainty and day of checking stand beside it."""
    head = tomllib.loads(formulations.drug(drug))
    for fact in OWN_ORIGIN:
        stated = {f"{fact}_{part}" for part in ORIGIN} & head.keys()
        assert len(stated) == (len(ORIGIN) if fact in head else 0), fact
        assert fact not in head or head[f"{fact}_source"].strip(), fact


@pytest.mark.parametrize(
    ("drug", "line"),
    [
        ("diazepam", "taper_end_source"),
        ("diazepam", "taper_end_certainty"),
        ("diazepam", "taper_end_checked"),
        ("diazepam", "taper_end"),
        ("prednisone", "larger_dose_source"),
        ("prednisone", "larger_dose_certainty"),
    ],
)
def test_the_end_of_tapers_without_its_origin_is_seen(drug: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above fails where a line is missing, and for an origin of nothing."""
    text = formulations.drug(drug)
    cut = re.sub(rf"^{line} = .*\n", "", text, flags=re.MULTILINE)
    assert len(text) > len(cut)
    monkeypatch.setattr(formulations, "drug", lambda _: cut)
    with pytest.raises(AssertionError):
        test_what_holds_for_every_taper_has_its_own_origin(drug)


@pytest.mark.parametrize("drug", DRUGS)
def test_tapers_end_below_what_anyone_is_given(drug: str) -> None:
    """At a quarter of the labelled maximum at the most, where advice on tapers is cited: the point may have slipped."""
    formulary = read(drug)
    if formulary.taper_end is not None:
        assert formulary.tapers
        assert formulary.max_daily is None or formulary.taper_end.value * 4 <= formulary.max_daily.value


@pytest.mark.parametrize("drug", DRUGS)
def test_a_caution_holds_for_forms_that_there_are(drug: str) -> None:
    """One that names a form by mistake would stand on no label; one that speaks of a form stands on no other's."""
    formulary = read(drug)
    forms = {product.form for product in formulary.products}
    for caution in formulary.cautions:
        assert set(caution.forms) <= forms, caution.text
        spoken = re.findall(r"\b(tablet|capsule|packet|suspension|solution)s?\b", caution.text.partition(",")[0])
        assert [form for form in spoken if form not in caution.forms] == [], caution.text
        assert caution.forms or not re.search(
            r"\b(swallow|whole|crush|chew|shake|dissolve)", caution.text, re.IGNORECASE
        )


@pytest.mark.parametrize(
    "caution",
    [
        '"Swallow tablets whole."',
        '{ text = "Swallow tablets whole.", forms = ["solution"] }',
        '{ text = "Swallow it whole.", forms = ["packet"] }',
    ],
)
def test_a_caution_for_the_wrong_form_is_seen(caution: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above fails for one that would stand on a liquid's label, or on none."""
    text = re.sub(r"\{ text = .* \}", lambda _: caution, formulations.drug("levetiracetam"), count=1)
    monkeypatch.setattr(formulations, "drug", lambda _: text)
    with pytest.raises(AssertionError):
        test_a_caution_holds_for_forms_that_there_are("levetiracetam")


@pytest.mark.parametrize("drug", TABLETS)
def test_only_a_score_that_was_seen_on_a_label_counts(drug: str) -> None:
    """A score from anything less sure leaves the tablet whole."""
    for tablet in tomllib.loads(formulations.drug(drug))["tablet"]:
        sure = tablet.get("score_certainty", tablet["certainty"])
        assert tablet.get("pieces", 1) == 1 or sure == "label", tablet["id"]


@pytest.mark.parametrize("drug", TABLETS)
def test_the_codes_of_a_scored_tablet_are_those_of_its_label(drug: str) -> None:
    """The sheet prints them beside what to cut, so none is of a maker whose score was not read."""
    for tablet in tomllib.loads(formulations.drug(drug))["tablet"]:
        if tablet.get("pieces", 1) > 1:
            read_of = {code.rpartition("-")[0] for code in tablet.get("ndc", ())}
            assert [code for code in read_of if code not in tablet["source"]] == [], tablet["id"]


@pytest.mark.parametrize("drug", DRUGS)
def test_what_must_stay_whole_is_never_split(drug: str) -> None:
    """Capsules, packets, and tablets of another release or that melt in the mouth."""
    for product in read(drug).products:
        whole = product.form in (Form.CAPSULE, Form.PACKET) or NEVER_SPLIT.search(product.name)
        if whole and not product.is_liquid:
            assert product.do_not_split, product.id
            assert product.pieces == 1, product.id


@pytest.mark.parametrize("drug", DRUGS)
def test_the_amounts_of_a_recipe_add_up(drug: str) -> None:
    """The active parts make the strength, something holds the drug, and a liquid is brought to volume."""
    for product in read(drug).products:
        if not isinstance(product.supply, Batch):
            continue
        active = [part.active.value * part.amount for part in product.supply.ingredients if part.active is not None]
        per_unit = product.strength or Mass(product.concentration.value if product.concentration else Fraction(0))
        assert sum(active) == per_unit.value * 100, product.id
        filling = sum(part.to_volume for part in product.supply.ingredients)
        assert filling == 1 if product.is_liquid else filling <= 1, product.id
        assert product.supply.method, product.id
        assert product.supply.category is not None, product.id
        assert product.container, product.id


@pytest.mark.parametrize("drug", DRUGS)
def test_the_container_of_a_study_names_its_material(drug: str) -> None:
    """Glass is not plastic: evidence in "amber bottles" is evidence for no container in particular."""
    for product in read(drug).products:
        for study in product.supply.published if isinstance(product.supply, Batch) else ():
            assert study.container is None or re.search(r"glass|plastic|HDPE", study.container), product.id


@pytest.mark.parametrize("drug", DRUGS)
def test_ids_name_the_drug(drug: str) -> None:
    """An id begins with the drug; a name stands for one product."""
    products = read(drug).products
    assert [p.id for p in products if not p.id.startswith(drug.replace(" ", "-") + "-")] == []
    assert [name for name, times in Counter(p.name for p in products).items() if times > 1] == []


def test_ids_and_codes_are_unique_among_all_drugs() -> None:
    """No product, and no package's code, stands in two files."""
    products = [product for drug in DRUGS for product in read(drug).products]
    for keys in ([p.id for p in products], [code for p in products for code in p.codes]):
        assert [key for key, times in Counter(keys).items() if times > 1] == []


@pytest.mark.parametrize("drug", DRUGS)
def test_each_price_has_a_day_and_an_origin(drug: str) -> None:
    """A price was published somewhere, or is called an estimate; it is never of a later day than it was checked.

    Of a poured liquid the price may be published, while the bottles that it is poured into are an estimate.
    """
    for product in read(drug).products:
        assert product.price_date is not None, product.id
        poured, published = isinstance(product.supply, Poured), product.price_source is not None
        assert product.illustrative_price if poured else product.illustrative_price != published, product.id
        assert product.provenance is not None, product.id
        assert product.provenance.checked is not None, product.id
        assert product.price_date <= product.provenance.checked, product.id


@pytest.mark.parametrize("drug", DRUGS)
def test_a_liquid_is_handed_over_as_its_schedule_and_bottles_ask(drug: str) -> None:
    """Poured where the drug has a schedule or no bottle is small, but for concentrates in dropper bottles."""
    document = tomllib.loads(formulations.drug(drug))
    for product in read(drug).products:
        supply = product.supply
        if not product.is_liquid or isinstance(supply, Batch):
            continue
        assert isinstance(supply, Bottles | Poured), product.id
        assert supply.overage == Fraction(5, 100), product.id
        if isinstance(supply, Poured):
            assert [size.content for size in supply.containers] == [60, 120, 240, 480], product.id
            assert supply.keeps <= 60, product.id
        else:
            largest = max(size.content for size in supply.sizes)
            assert largest <= 30 or "control" not in document, product.id
            assert min(size.content for size in supply.sizes) <= 250, product.id


@pytest.mark.parametrize("drug", DRUGS)
def test_what_is_not_verified_is_not_relied_on(drug: str) -> None:
    """A product that nobody saw in any source may be listed; it is not split."""
    for product in read(drug).products:
        if product.provenance is not None and product.provenance.certainty == "unverified":
            assert product.pieces == 1, product.id


def test_strength_families_of_phenobarbital_are_told_apart() -> None:
    """15, 30, 60 and 100 mg are one family; 16.2, 32.4, 64.8 and 97.2 mg, the grain sizes, another."""
    tablets = [p for p in read("phenobarbital").products if p.form is Form.TABLET]
    families = {p.strength.value: p.family for p in tablets if p.strength is not None}
    metric = {families.pop(Fraction(strength)) for strength in ("15", "30", "60", "100")}
    grain = {families.pop(Fraction(strength)) for strength in ("16.2", "32.4", "64.8", "97.2")}
    assert len(metric) == len(grain) == len(metric | grain) - 1 == 1
    assert None not in metric | grain
    assert families == {}


# The tablets that a label divides into four, and those whose score differs by maker.
@pytest.mark.parametrize(
    ("drug", "product", "pieces"),
    [
        ("alprazolam", "alprazolam-2mg-tablet", 4),
        ("tizanidine", "tizanidine-4mg-tablet", 4),
        ("lorazepam", "lorazepam-0.5mg-tablet", 1),
        ("lorazepam", "lorazepam-1mg-tablet", 2),
        ("clonazepam", "clonazepam-1mg-tablet", 1),
        ("clonazepam", "clonazepam-1mg-tablet-scored", 2),
        ("clonidine", "clonidine-0.1mg-tablet", 1),
        ("clonidine", "clonidine-0.1mg-tablet-scored", 2),
        ("metoprolol tartrate", "metoprolol-tartrate-25mg-tablet", 1),
        ("metoprolol tartrate", "metoprolol-tartrate-25mg-tablet-scored", 2),
        ("propranolol", "propranolol-40mg-tablet", 1),
    ],
)
def test_scores_are_those_of_the_labels(drug: str, product: str, pieces: int) -> None:
    """A maker's score does not pass to another maker's tablet; a scored one says whose it is."""
    found = next(p for p in read(drug).products if p.id == product)
    assert found.pieces == pieces
    assert product.endswith("-scored") == (found.maker is not None)


@pytest.mark.parametrize(
    ("drug", "strong", "weak", "times"),
    [
        ("prednisone", "prednisone-5mg-per-ml-concentrate", "prednisone-1mg-per-ml-solution", 5),
        ("diazepam", "diazepam-5mg-per-ml-concentrate", "diazepam-1mg-per-ml-solution", 5),
        ("dexamethasone", "dexamethasone-1mg-per-ml-concentrate", "dexamethasone-0.1mg-per-ml-solution", 10),
        ("clonidine", "clonidine-100mcg-per-ml-compounded", "clonidine-20mcg-per-ml-compounded", 5),
    ],
)
def test_liquids_that_look_alike_keep_their_concentrations(drug: str, strong: str, weak: str, times: int) -> None:
    """5 mg/5 mL is not 5 mg/mL, on either side."""
    concentrations = {p.id: p.concentration for p in read(drug).products}
    stronger, weaker = concentrations[strong], concentrations[weak]
    assert stronger is not None
    assert weaker is not None
    assert stronger.value == times * weaker.value


@pytest.mark.parametrize(("drug", "pair"), [("oxycodone", "1 mg/mL and 20 mg/mL"), ("diazepam", "1 mg/mL and 5 mg/mL")])
def test_liquids_that_look_alike_are_told_wherever_a_formulary_is_shown(drug: str, pair: str) -> None:
    """The factors are those that the check of a plan knows."""
    assert any(said.startswith(f"{pair} are easily taken for each other") for said in traps(read(drug)))
