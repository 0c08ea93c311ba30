"""The commands about formularies, and that every other command uses what is laid over the built-in ones."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import formulations
from splitter import formulary as formularies
from splitter.formulary import known_drugs, read_formulary
from splitter.service.formularies import new_formulary
from tests.functional.conftest import ROOT, Run, Write

OVERLAY = """\
currency = "USD"

[[product]]
drug = "baclofen"
id = "baclofen-10mg-tablet"
price = "0.05"
stock = 40

[[product]]
drug = "baclofen"
id = "baclofen-20mg-tablet"
stocked = false
"""
NADAC = """\
NDC Description,NDC,NADAC Per Unit,Effective Date,Pricing Unit,As of Date
BACLOFEN 10 MG TABLET,11111111111,0.04,10/22/2025,EA,11/19/2025
BACLOFEN 11 MG TABLET,22222222222,0.04,10/22/2025,EA,11/19/2025
OTHERINE 10 MG TABLET,33333333333,0.04,10/22/2025,EA,11/19/2025
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The user's own directory of formulary files, with one in it."""
    folder = tmp_path / "configuration" / "splitter" / "formulary"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text(OVERLAY, encoding="utf-8")
    return folder


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A price list."""
    path = tmp_path / "nadac.csv"
    path.write_text(NADAC, encoding="utf-8")
    return path


def test_every_command_uses_what_is_laid_over(run: Run, rx: Write, tmp_path: Path, own: Path) -> None:
    """A plan is verified, printed and filled with these prices; when they change, it no longer agrees."""
    plan, order = tmp_path / "plan.json", rx()
    assert run("plan", order, "-o", plan).code == 0
    made = json.loads(plan.read_text(encoding="utf-8"))
    assert {item["product"] for item in made["items"]} == {"baclofen-10mg-tablet"}
    assert made["items"][0]["cost"] == str(0.05 * int(made["items"][0]["quantity"])).rstrip("0").rstrip(".")
    assert run("verify", plan, order).code == 0
    assert run("labels", plan, "-o", tmp_path / "labels.pdf").code == 0
    assert run("batch", order.parent, "-o", tmp_path / "out").code == 0
    (own / "mine.toml").write_text(OVERLAY.replace("0.05", "0.06"), encoding="utf-8")
    ran = run("verify", plan, order)
    assert (ran.code, "formulary" in ran.out) == (1, True)


def test_a_fault_in_a_file_of_ones_own_stops_with_its_line(run: Run, rx: Write, own: Path) -> None:
    """Never a plan with prices other than those that the user wrote."""
    (own / "mine.toml").write_text(OVERLAY.replace("20mg-tablet", "20mg-tabelt"), encoding="utf-8")
    ran = run("plan", rx())
    assert (ran.code, ran.out) == (2, "")
    assert "mine.toml: product[1].id (line 11)" in ran.err
    assert "write one of: baclofen-20mg-tablet" in ran.err


def test_the_list_has_every_drug_and_says_whose_files_count(run: Run, own: Path) -> None:
    """One line each, numbers that add up, and the user's own files."""
    ran = run("formulary", "list")
    rows = {re.split(r" {2,}", line, maxsplit=1)[0] for line in ran.out.split("\n\n")[0].splitlines()[1:]}
    assert rows == set(known_drugs([]))
    assert len(rows) == len(formulations.drugs())
    assert f"baclofen: {own / 'mine.toml'}" in ran.out
    found = {each["drug"]: each for each in json.loads(run("formulary", "list", "--json").out)}
    facts = found["baclofen"]
    assert min(facts["products"], facts["recipes"], facts["label"], facts["secondary"]) > 0
    assert facts["own"] == [str(own / "mine.toml")]


@pytest.mark.parametrize("drug", formulations.drugs())
def test_each_drug_is_shown_whole(run: Run, drug: str) -> None:
    """Every product with how sure it is; every source; JSON holds the same products."""
    formulary = read_formulary(formulations.drug(drug), drug)
    ran = run("formulary", "show", formulary.drug)
    assert ran.code == 0
    flat = " ".join(ran.out.split())
    for product in formularies.listed(formulary):
        assert product.id in flat
        assert product.provenance is None or " ".join(product.provenance.source.split()) in flat
    for origin in (formulary.larger_dose_provenance, formulary.taper_end_provenance):
        assert (
            origin is None or " ".join(f"{origin.certainty}, checked {origin.checked}: {origin.source}".split()) in flat
        )
    shown = json.loads(run("formulary", "show", formulary.drug, "--json").out)["formulary"]
    assert [each["id"] for each in shown["products"]] == [product.id for product in formulary.products]


def test_one_drug_shows_stock_prices_and_whose_they_are(run: Run, own: Path) -> None:
    """What is the user's own is told first; what is not stocked says so."""
    said = run("formulary", "show", "Baclofen").out
    assert f"{own / 'mine.toml'}: price, stock of baclofen-10mg-tablet" in said
    (ten,) = (line for line in said.splitlines() if line.startswith("  baclofen-10mg-tablet "))
    assert "0.05 each" in ten
    assert "40 tablets" in ten
    (twenty,) = (line for line in said.splitlines() if line.startswith("  baclofen-20mg-tablet "))
    assert "not available" in twenty


def test_one_drug_shows_what_holds_for_its_tapers_and_forms(run: Run) -> None:
    """Where a rule ends, when the larger doses are given, and cautions of one form alone."""
    diazepam = " ".join(run("formulary", "show", "diazepam").out.split())
    assert "that states no last dose ends at 0.5 mg a day secondary, checked" in diazepam
    assert "the larger doses of a day come first" in " ".join(run("formulary", "show", "prednisone").out.split())
    assert "caution: Swallow capsules whole. (capsules only)" in run("formulary", "show", "pregabalin").out


def test_one_drug_shows_how_its_liquids_are_handed_over(run: Run) -> None:
    """What is poured, into what and for how long; what goes beyond the doses."""
    shown = " ".join(run("formulary", "show", "methadone").out.split())
    assert "0.05621 per mL, poured" in shown
    poured = "60 days after pouring, in steps of 5 mL; containers 60 mL: 0.80, 120 mL: 1.00, 240 mL: 1.45, 480 mL: 2.10"
    assert f"{poured}; 5 % more than the doses take" in shown
    shown = " ".join(run("formulary", "show", "prednisone").out.split())
    assert "60 days after opening; 5 % more than the doses take" in shown


def test_the_list_counts_what_holds_for_tapers_among_the_facts(run: Run, tmp_path: Path) -> None:
    """One more secondary fact, one without a source."""
    text = 'drug = "x"\nsource = "s"\ncertainty = "label"\n'
    tablet = '[[tablet]]\nid = "x"\nstrength = "1 mg"\nprice = "1"\nsource = "s"\ncertainty = "label"\n'
    more = 'larger_dose = "first"\ntaper_end = "1 mg"\ntaper_end_source = "s"\ntaper_end_certainty = "secondary"\n'
    found = []
    for head in (text, text + more):
        (tmp_path / "x.toml").write_text(head + tablet, encoding="utf-8")
        listed = json.loads(run("formulary", "list", "--json", "--formulary", tmp_path / "x.toml").out)
        facts = next(each for each in listed if each["drug"] == "x")
        found.append((facts["label"], facts["secondary"], facts["unsourced"]))
    assert found == [(2, 0, 0), (2, 1, 1)]


def test_beyond_use_dates_are_shown_as_the_pharmacy_counts_them(run: Run, tmp_path: Path) -> None:
    """As plans have them: with the evidence that it accepts, and the day that it counts from."""
    own = tmp_path / "pharmacy.toml"
    text = formulations.pharmacy().replace("first_day = 1", "first_day = 0")
    own.write_text(text.replace('evidence = "default"', 'evidence = "accepted"'), encoding="utf-8")
    drug = tmp_path / "baclofen.toml"
    drug.write_text(formulations.drug("baclofen").replace("tested = false", "tested = true"), encoding="utf-8")
    shown = " ".join(run("formulary", "show", "baclofen", "--pharmacy", own, "--formulary", drug).out.split())
    words = "published stability, accepted by the pharmacy: 90 days"
    assert f"beyond use 90 days, counted from the day after compounding: {words}; counted from" in shown
    shown = " ".join(run("formulary", "show", "baclofen").out.split())
    assert "beyond use 14 days: USP <795> (2023), aqueous non-preserved: 14 days; published" in shown


def test_a_formulary_may_come_in_by_standard_input(run: Run) -> None:
    """However often a command looks at its files."""
    text = 'drug = "examplamine"\n[[tablet]]\nid = "one"\nstrength = "1 mg"\nprice = "1"\n'
    for arguments in (("show", "examplamine"), ("list",)):
        ran = run("formulary", *arguments, "--formulary", "-", stdin=text)
        assert (ran.code, "examplamine" in ran.out, ran.err) == (0, True, "")
    other = text.replace("examplamine", "otherine")
    assert "otherine" in run("formulary", "show", "otherine", "--formulary", "-", stdin=other).out


def test_an_unknown_drug_is_told_with_its_likes(run: Run) -> None:
    """A slip of the pen finds its way."""
    ran = run("formulary", "show", "bacloffen")
    assert (ran.code, ran.out) == (2, "")
    assert "write one of: baclofen" in ran.err


def test_check_ends_by_what_it_found(run: Run, tmp_path: Path, own: Path) -> None:
    """0: nothing; 1: something doubtful; 2: faults, all of them with their lines."""
    path = tmp_path / "x.toml"
    tablet = '[[tablet]]\nid = "x-%s"\nstrength = "%s mg"\nprice = "%s"\n'
    path.write_text('drug = "x"\n' + tablet % ("1", "1", "0.1") + tablet % ("2", "2", "0.2"), encoding="utf-8")
    assert run("formulary", "check", path).code == 0
    path.write_text('drug = "x"\n' + tablet % ("1", "1", "0.1") + tablet % ("10", "10", "1"), encoding="utf-8")
    ran = run("formulary", "check", path)
    assert (ran.code, "tablet[1].strength (line 8): x-10" in ran.out) == (1, True)
    path.write_text('drug = "x"\n' + tablet % ("1", "1", "-1") + tablet % ("X", "5 Mg", "1"), encoding="utf-8")
    ran = run("formulary", "check", path, "--json")
    assert ran.code == 2
    faults = [(fault["key"], fault["line"]) for fault in json.loads(ran.out)["faults"]]
    assert faults == [("tablet[0].price", 5), ("tablet[1].id", 7), ("tablet[1].strength", 8)]
    assert run("formulary", "check", own / "mine.toml").code == 0
    path.write_text("[[tablet]\n", encoding="utf-8")
    assert run("formulary", "check", path).code == 2
    assert run("formulary", "check", tmp_path / "none.toml").code == 2


def test_a_file_in_force_is_checked_by_whatever_path(
    run: Run, tmp_path: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It isn't laid over itself, which would tell its products twice."""
    tablet = '[[tablet]]\ndrug = "baclofen"\nid = "baclofen-25mg-tablet"\nstrength = "25 mg"\nprice = "0.50"\n'
    (own / "new.toml").write_text(f'currency = "USD"\n{tablet}', encoding="utf-8")
    (tmp_path / "link.toml").symlink_to(own / "new.toml")
    monkeypatch.chdir(own)
    for path in ("new.toml", own / ".." / own.name / "new.toml", tmp_path / "link.toml"):
        assert run("formulary", "check", path).code == 0


def test_check_doubts_only_what_a_file_states(run: Run, tmp_path: Path) -> None:
    """A file of prices is not asked about concentrations that stand elsewhere, but about prices that jump."""
    path = tmp_path / "prices.toml"
    change = 'currency = "USD"\n[[product]]\ndrug = "baclofen"\nid = "%s"\n%s\n'
    bottles = 'bottles = [{ volume = "120 mL", price = "420" }]'
    path.write_text(change % ("baclofen-5mg-per-ml-suspension", bottles), encoding="utf-8")
    assert run("formulary", "check", path).code == 0
    path.write_text(change % ("baclofen-10mg-tablet", 'price = "3.351"'), encoding="utf-8")
    ran = run("formulary", "check", path)
    assert (ran.code, "what is in force, by a factor of 100" in ran.out) == (1, True)
    assert "product[0].price (line 5)" in ran.out


@pytest.mark.parametrize("drug", formulations.drugs())
def test_the_built_in_files_have_no_fault_and_differ_in_nothing(run: Run, tmp_path: Path, drug: str) -> None:
    """A copy of one is what is in force."""
    path = tmp_path / f"{drug}.toml"
    path.write_text(formulations.drug(drug), encoding="utf-8")
    assert json.loads(run("formulary", "check", path, "--json").out)["faults"] == []
    assert run("formulary", "diff", path).code == 0


def test_diff_tells_what_is_added_removed_and_changed(run: Run, tmp_path: Path) -> None:
    """Old and new of each field."""
    text = formulations.drug("baclofen")
    path = tmp_path / "mine.toml"
    changed = text.replace('id = "baclofen-5mg-tablet"', 'id = "baclofen-5mg"').replace(
        'max_daily = "80 mg"', 'max_daily = "60 mg"'
    )
    path.write_text(changed, encoding="utf-8")
    ran = run("formulary", "diff", path)
    assert ran.code == 1
    assert "baclofen-5mg-tablet: removed" in ran.out
    assert "baclofen-5mg: added" in ran.out
    assert "max_daily: 80 mg -> 60 mg" in ran.out
    found = json.loads(run("formulary", "diff", path, "--json").out)
    assert {each["kind"] for each in found} == {"added", "removed", "changed"}


def test_diff_of_an_overlay_tells_what_it_would_change(run: Run, own: Path) -> None:
    """Compared with what is in force without it, also when it is in the directory."""
    ran = run("formulary", "diff", own / "mine.toml")
    assert ran.code == 1
    assert "stock: – -> 40" in ran.out
    assert "available: true -> false" in ran.out
    assert "removed" not in ran.out


def test_diff_needs_something_to_compare_with(run: Run, tmp_path: Path) -> None:
    """A drug that is not known has nothing in force."""
    path = tmp_path / "x.toml"
    path.write_text('drug = "x"\n[[tablet]]\nid = "x"\nstrength = "1 mg"\nprice = "1"\n', encoding="utf-8")
    assert run("formulary", "diff", path).code == 2
    path.write_text("", encoding="utf-8")
    assert run("formulary", "diff", path).code == 2


FILLED = {
    'currency = ""': 'currency = "USD"',
    'max_daily = ""': 'max_daily = "40 mg"',
    'cautions = [""]': 'cautions = ["Keep out of the reach of children."]',
    'strength = ""': 'strength = "10 mg"',
    'price = ""': 'price = "0.10"',
    'volume = ""': 'volume = "100 mL"',
    'concentration = ""': 'concentration = "1 mg/mL"',
    'in_use = ""': 'in_use = "60 days"',
    'vehicle = ""': 'vehicle = "an invented vehicle"',
    'container = ""': 'container = "amber bottle"',
    'storage = ""': 'storage = "2 to 8 °C"',
    'active = ""': 'active = "10 mg"',
    'amount = ""': 'amount = "10"',
    'name = ""': 'name = "an invented ingredient"',
    'method = [""]': 'method = ["Mix."]',
    'check = ""': 'check = "appearance"',
    'expected = ""': 'expected = "uniform"',
    'price_source = ""': 'price_source = "an invoice"',
    'source = ""': 'source = "an invented label"',
}


def test_a_new_file_is_accepted_once_it_is_filled_in(run: Run, tmp_path: Path) -> None:
    """As it stands every empty text is a fault; filled in there is none."""
    path = tmp_path / "examplamine.toml"
    assert run("formulary", "new", "Examplamine HCl", "-o", path).code == 0
    empty = path.read_text(encoding="utf-8")
    ran = run("formulary", "check", path, "--json")
    texts = sum(line.partition("#")[0].count('""') for line in empty.splitlines() if not line.startswith("#"))
    assert (ran.code, len(json.loads(ran.out)["faults"])) == (2, texts)
    for blank, text in FILLED.items():
        empty = empty.replace(blank, text)
    path.write_text(empty, encoding="utf-8")
    ran = run("formulary", "check", path)
    assert ran.code == 0, ran.out


def test_a_new_file_takes_no_ones_place(run: Run, tmp_path: Path) -> None:
    """Without -o it is printed; what exists stays."""
    path = tmp_path / "mine.toml"
    path.write_text("mine", encoding="utf-8")
    assert run("formulary", "new", "x", "-o", path).code == 2
    assert path.read_text(encoding="utf-8") == "mine"
    assert run("formulary", "new", "x").out == new_formulary("x")
    assert run("formulary", "new", ' "').code == 2


def test_prices_are_imported_and_then_in_force(run: Run, tmp_path: Path, listed: Path) -> None:
    """What was taken, what not and why; written where it counts, the price is used."""
    target = tmp_path / "configuration" / "splitter" / "formulary" / "prices.toml"
    target.parent.mkdir(parents=True)
    ran = run("formulary", "prices", "import", listed)
    assert (ran.code, target.exists()) == (0, False)
    assert "baclofen-10mg-tablet  0.04 each" in ran.out
    assert "no 11 mg tablet in the formulary" in ran.out
    assert "1 of no drug" in ran.out
    assert "nothing written" in ran.err
    assert run("formulary", "prices", "import", listed, "-o", target).code == 0
    assert run("formulary", "check", target).code == 0
    assert "0.04 each" in run("formulary", "show", "baclofen").out
    listed.write_text(NADAC.replace("0.04", "0.07"), encoding="utf-8")
    assert run("formulary", "prices", "import", listed, "-o", target).code == 0
    assert "0.07 each" in run("formulary", "show", "baclofen").out


def test_the_example_of_files_is_in_force_as_it_stands(run: Run, own: Path) -> None:
    """What is copied from FILES.md works."""
    page = (ROOT / "FILES.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(currency = .*?)```", page, re.DOTALL)
    (own / "mine.toml").write_text(example, encoding="utf-8")
    assert run("formulary", "check", own / "mine.toml").code == 0
    said = run("formulary", "show", "baclofen").out
    assert all(word in said for word in ("0.0412 each", "400 tablets", "baclofen-25mg-tablet"))


@pytest.mark.parametrize("command", [("list",), ("show", "baclofen"), ("new", "x")])
def test_a_file_that_an_option_names_is_read(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    """Needed or not: nobody should think that it had been used."""
    assert run("formulary", *command, "--pharmacy", tmp_path / "none.toml").code == 2


def test_a_given_file_is_in_force(run: Run, tmp_path: Path) -> None:
    """It is listed, shown and compared with, as it stands."""
    given = tmp_path / "given.toml"
    given.write_text('drug = "x"\n[[tablet]]\nid = "x"\nstrength = "1 mg"\nprice = "1"\n', encoding="utf-8")
    assert "1.00 each" in run("formulary", "show", "x", "--formulary", given).out
    assert "\nx  " in run("formulary", "list", "--formulary", given).out
    other = tmp_path / "other.toml"
    other.write_text(given.read_text(encoding="utf-8").replace('"1 mg"', '"2 mg"'), encoding="utf-8")
    assert "strength: 1 mg -> 2 mg" in run("formulary", "diff", other, "--formulary", given).out


def test_an_import_replaces_only_what_an_import_wrote(run: Run, own: Path, listed: Path) -> None:
    """Nor does it write what has no price in it."""
    ran = run("formulary", "prices", "import", listed, "-o", own / "mine.toml")
    assert (ran.code, ran.out) == (2, "")
    assert (own / "mine.toml").read_text(encoding="utf-8") == OVERLAY
    assert run("formulary", "prices", "import", listed, "-o", listed).code == 2
    listed.write_text(NADAC.replace("BACLOFEN", "OTHERINE"), encoding="utf-8")
    ran = run("formulary", "prices", "import", listed, "-o", own / "prices.toml")
    assert (ran.code, (own / "prices.toml").exists()) == (1, False)


def test_an_import_can_be_piped(run: Run, listed: Path) -> None:
    """From standard input to standard output, which then holds nothing but the overlay; or as JSON."""
    ran = run("formulary", "prices", "import", "-", "-o", "-", stdin=NADAC)
    assert ran.out.startswith("# Written by splitter")
    assert 'price = "0.04"' in ran.out
    found = json.loads(run("formulary", "prices", "import", listed, "--json").out)
    assert (found["rows"], found["unrelated"], len(found["changes"]), len(found["refusals"])) == (3, 1, 1, 1)
    assert run("formulary", "prices", "import", listed, "--date", "24.12.2025").code == 2
