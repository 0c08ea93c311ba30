"""Published price lists: what is read, what is matched, what is refused and why, and the overlay that comes of it."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from splitter.codec import TomlReader, read_file
from splitter.errors import InputError
from splitter.formulary import Formulary, Poured, known_drugs, overlay, read_formulary
from splitter.prices import MARK, Change, Matched, Outcome, PriceList, as_overlay, price, read_prices

SHARED = Path(__file__).parents[3] / "shared" / "data"
DAY = dt.date(2026, 11, 2)

FORMULARY = """
drug = "examplamine"
currency = "%s"
[[tablet]]
id = "ten"
strength = "10 mg"
price = "1"
ndc = ["70710-1285-1", "0172-4096-60"]
dmd = ["42032611000001100"]
[[tablet]]
id = "twenty"
strength = "20 mg"
packs = [{ count = 28, price = "1" }, { count = 84, price = "3" }]
[[tablet]]
id = "twenty-long"
name = "examplamine 20 mg extended-release tablet"
strength = "20 mg"
price = "1"
[[tablet]]
id = "thirty-scored"
name = "examplamine 30 mg tablet (scored, Exampler)"
strength = "30 mg"
price = "1"
[[tablet]]
id = "thirty"
strength = "30 mg"
price = "1"
[[tablet]]
id = "forty-maleate"
name = "examplamine maleate 40 mg tablet"
strength = "40 mg"
price = "1"
[[liquid]]
id = "liquid"
concentration = "5 mg/5 mL"
bottles = [{ volume = "100 mL", price = "1" }, { volume = "473 mL", price = "1" }]
[[recipe]]
id = "made"
form = "suspension"
concentration = "50 mg/mL"
beyond_use = "14 days"
ingredients = [{ name = "powder", amount = "5", unit = "g", price = "1", active = "1 g" }]
"""
NADAC = "NDC Description,NDC,NADAC Per Unit,Effective Date,Pricing Unit,As of Date\n"
DMD = (
    "medicine,pack_size,unit,vmp_snomed_code,vmpp_snomed_code,drug_tariff_category,basic_price,"
    "nhs_indicative_price,price_basis,price_date,ampp_name,ampp_snomed_code\n"
)


def formulary(currency: str = "USD") -> Formulary:
    return read_formulary(FORMULARY % currency, "x.toml")


def nadac(*rows: str, headings: str = NADAC) -> Outcome:
    return price(read_prices(headings + "\n".join(rows), "nadac.csv"), [formulary()])


def dmd(*rows: str, currency: str = "GBP") -> Outcome:
    return price(read_prices(DMD + "\n".join(rows), "dmd.csv", DAY), [formulary(currency)])


def taken(found: Outcome) -> dict[str, list[tuple[str, str]]]:
    """The new prices by product, as sizes and prices."""
    return {
        change.product: [("" if each.size is None else str(each.size), str(each.price)) for each in change.prices]
        for change in found.changes
    }


def reasons(found: Outcome) -> list[str]:
    return [refusal.reason for refusal in found.refusals]


def row(
    name: str = "EXAMPLAMINE 10 MG TABLET",
    code: str = "11111111111",
    cost: str = "0.03351",
    day: str = "10/22/2025",
    unit: str = "EA",
    seen: str = "11/19/2025",
) -> str:
    return f"{name},{code},{cost},{day},{unit},{seen}"


def pack(
    medicine: str = "Examplamine 10mg tablets",
    size: str = "84",
    unit: str = "tablet",
    basic: str = "",
    own: str = "",
    category: str = "",
    code: str = "111111",
    words: str = "Examplamine (Example Ltd)",
    basis: str = "NHS Indicative Price",
    day: str = "2025-08-08",
) -> str:
    return f"{medicine},{size},{unit},222222,333333,{category},{basic},{own},{basis},{day},{words},{code}"


def test_a_price_by_name_strength_and_form() -> None:
    """Exact to the last digit, with the day on which the list still had it."""
    found = nadac(row())
    assert taken(found) == {"ten": [("", "0.03351")]}
    (change,) = found.changes
    assert (change.date, change.matched, change.rows) == (dt.date(2025, 11, 19), "name", (2,))
    assert change.source == "CMS NADAC, effective 2025-10-22: EXAMPLAMINE 10 MG TABLET"


@pytest.mark.parametrize("code", ["70710128501", "172409660", "00172409660", "0172-4096-60"])
def test_a_code_is_matched_whatever_became_of_its_zeros(code: str) -> None:
    """Then the name needn't be understood, and rows by name no longer count."""
    found = nadac(row(code=code, name="BRANDEX TAB", cost="2"), row(cost="1"))
    assert taken(found) == {"ten": [("", "2")]}
    assert found.changes[0].matched == "code"
    assert (found.taken, found.set_aside, found.refused, found.unrelated) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    ("name", "contradicted"),
    [
        ("EXAMPLAMINE 20 MG TABLET", "20 mg"),
        ("EXAMPLAMINE ER 10 MG TABLET", "extended release"),
        ("BRANDEX XR 10 MG TABLET", "extended release"),
        ("EXAMPLAMINE DR 10 MG TABLET", "delayed release"),
        ("EXAMPLAMINE 10 MG ODT", "orally disintegrating"),
        ("EXAMPLAMINE 10 MG CAPSULE", "a capsule"),
        ("EXAMPLAMINE 10 MG ORAL SOLN", "a solution"),
        ("EXAMPLAMINE 10 MG/ML ORAL SUSP", "10 mg/mL"),
    ],
)
def test_a_code_whose_name_says_what_the_product_is_not_is_refused(name: str, contradicted: str) -> None:
    """One of the two is wrong: another strength, form or release is another medicine, with another price."""
    found = nadac(row(code="70710128501", name=name))
    assert (taken(found), reasons(found)) == ({}, [f"its code is that of ten, which is not {contradicted}"])


def coded(product: str, name: str) -> Outcome:
    """A row that has the code given to a product."""
    text = FORMULARY.replace('ndc = ["70710-1285-1", "0172-4096-60"]\n', "").replace(
        f'id = "{product}"\n', f'id = "{product}"\nndc = ["70710-1285-1"]\n'
    )
    listed = read_prices(NADAC + row(code="70710128501", name=name), "nadac.csv")
    return price(listed, [read_formulary(text % "USD", "x.toml")])


@pytest.mark.parametrize(
    ("product", "name", "reason"),
    [
        ("twenty-long", "EXAMPLAMINE ER 20 MG TABLET", None),
        ("twenty-long", "BRANDEX XR 20 MG TAB UNIT DOSE", None),
        ("twenty-long", "EXAMPLAMINE 20 MG TABLET", "immediate release"),
        ("forty-maleate", "EXAMPLAMINE MAL 40 MG TABLET", None),
        ("forty-maleate", "EXAMPLAMINE SUCC 40 MG TABLET", "the succinate"),
    ],
)
def test_a_code_is_taken_for_what_the_product_itself_is(product: str, name: str, reason: str | None) -> None:
    """How a medicine is packed makes it no other; no word of its release means that it is released at once."""
    found = coded(product, name)
    expected = [] if reason is None else [f"its code is that of {product}, which is not {reason}"]
    assert (list(taken(found)), reasons(found)) == ([] if reason else [product], expected)


def test_the_kind_of_a_product_may_stand_in_why_it_is_not_split() -> None:
    """A product without a name of its own is extended release though its name doesn't say so."""
    text = FORMULARY.replace(
        'price = "1"\nndc', 'price = "1"\ndo_not_split_reason = "extended release: swallow whole"\nndc'
    )
    listed = read_prices(NADAC + row(code="70710128501", name="EXAMPLAMINE ER 10 MG TABLET"), "nadac.csv")
    assert list(taken(price(listed, [read_formulary(text % "USD", "x.toml")]))) == ["ten"]


def test_a_code_whose_name_is_that_of_another_known_drug_is_refused() -> None:
    """A digit mistyped in a file of one's own must not bring the price of another medicine."""
    other = read_formulary(FORMULARY.replace("examplamine", "otherine").replace("-1", "-3") % "USD", "y.toml")
    rows = NADAC + row(code="70710128501", name="OTHERINE 10 MG TABLET")
    found = price(read_prices(rows, "nadac.csv"), [formulary(), replace(other, products=other.products[1:])])
    assert (taken(found), reasons(found)) == ({}, ["its code is that of ten, which is not otherine"])


def test_the_newest_effective_date_wins_for_each_code() -> None:
    """A file of a year repeats its rows; what its last week no longer lists doesn't count."""
    rows = [
        row(cost="1", day="01/01/2025", seen="01/08/2025"),
        row(cost="3", day="10/22/2025"),
        row(cost="2", day="06/01/2025", seen="06/08/2025"),
        row(cost="9", code="22222222222", day="03/01/2025", seen="03/08/2025"),
    ]
    found = nadac(*rows)
    assert taken(found) == {"ten": [("", "3")]}
    assert (found.taken, found.set_aside) == (1, 3)


@pytest.mark.parametrize(
    ("effective", "as_of", "reason"),
    [
        ("11/20/2025", "11/19/2025", "its price holds from 2025-11-20, after the list's own date, 2025-11-19"),
        ("11/20/2026", "11/25/2026", "its price holds from 2026-11-20, after today, 2026-11-19"),
        ("11/20/2026", "", "its price holds from 2026-11-20, after today, 2026-11-19"),
    ],
)
def test_a_price_from_a_day_to_come_is_refused(effective: str, as_of: str, reason: str) -> None:
    """It would win over the price that holds, as the newest."""
    rows = NADAC + "\n".join((row(), row(cost="9", day=effective, seen=as_of)))
    found = price(read_prices(rows, "nadac.csv", today=dt.date(2026, 11, 19)), [formulary()])
    assert (taken(found), reasons(found)) == ({"ten": [("", "0.03351")]}, [reason])


def test_prices_that_disagree_are_refused() -> None:
    """Nobody knows which of the packages the pharmacy buys; the code says it."""
    found = nadac(row(cost="1"), row(cost="2", code="22222222222"))
    assert taken(found) == {}
    assert reasons(found) == ["2 prices (1, 2); give the product the code of the one that you buy"]
    assert found.refusals[0].rows == (2, 3)


def test_a_price_for_one_becomes_that_of_each_pack_or_bottle() -> None:
    """By the exact product."""
    found = nadac(
        row(name="EXAMPLAMINE 20 MG TABLET", cost="0.5"),
        row(name="EXAMPLAMINE 5 MG/5 ML SOLN", cost="0.02011", unit="ML"),
    )
    assert taken(found) == {
        "liquid": [("100", "2.011"), ("473", "9.51203")],
        "twenty": [("28", "14"), ("84", "42")],
    }


def test_a_name_is_of_every_maker_of_the_same_medicine() -> None:
    """The list's price is not one maker's."""
    assert set(taken(nadac(row(name="EXAMPLAMINE 30 MG TAB")))) == {"thirty", "thirty-scored"}


# a row of NADAC, why it gives no price
REFUSED = [
    (row(cost=""), "no price"),
    (row(cost="0"), "a price of zero"),
    (row(cost="0.00"), "a price of zero"),
    (row(cost="-1"), "a negative price"),
    (row(cost="1e-2"), '"1e-2" is no price'),
    (row(cost="$1"), '"$1" is no price'),
    (row(cost="."), '"." is no price'),
    (row(cost="1.000001"), '"1.000001" has more than five decimals'),
    (row(unit="BX"), 'the unit "BX" is not EA, ML or GM'),
    (row(unit="ML"), "priced by the mL, it is counted in tablet"),
    (row(unit="GM"), "priced by the g, it is counted in tablet"),
    (row(code="5.9148E+10"), '"5.9148E+10" is no NDC'),
    (row(day="2025-13-01"), '"2025-13-01" is no date'),
    (row(day="", seen=""), "no effective date"),
    (row(name="EXAMPLAMINE 11 MG TABLET"), "no 11 mg tablet in the formulary"),
    (row(name="EXAMPLAMINE 50 MG/ML SUSP"), "no 50 mg/mL suspension in the formulary"),
    (row(name="EXAMPLAMINE 10 MG"), "its name states no strength or no form"),
    (row(name="EXAMPLAMINE ER 10 MG TABLET"), "another kind: extended release"),
    (row(name="EXAMPLAMINE MALEATE 10 MG TABLET"), "another salt: maleate"),
    (row(name="EXAMPLAMINE 40 MG TABLET"), "another salt: none stated"),
    (row(name="EXAMPLAMINE 10 MG OTHERINE 5 MG TABLET"), 'its name also says "otherine"'),
    (row(name="EXAMPLAMINE 10 MG-5 MG TABLET"), 'its name also says "-5 mg"'),
    (row(name="EXAMPLAMINE 10 MG VIAL"), 'its name also says "vial"'),
]


@pytest.mark.parametrize(("line", "reason"), REFUSED, ids=[case[1] for case in REFUSED])
def test_what_is_not_certain_is_refused_with_its_reason(line: str, reason: str) -> None:
    """No price is taken, and the row is told."""
    found = nadac(line)
    assert (taken(found), reasons(found), found.refused) == ({}, [reason], 1)


def test_salts_and_kinds_are_told_apart() -> None:
    """A salt that no product names is the usual one; the same words in another order are the same."""
    found = nadac(
        row(name="EXAMPLAMINE HCL 10 MG TABLET", cost="1"),
        row(name="EXAMPLAMINE ER 20 MG TABLET", cost="2"),
        row(name="EXAMPLAMINE MALEATE 40 MG TABLET", cost="4"),
    )
    assert taken(found) == {"ten": [("", "1")], "twenty-long": [("", "2")], "forty-maleate": [("", "4")]}


def test_a_list_full_of_one_product_takes_no_longer() -> None:
    """A file of a year has thousands of rows of each; comparing each with each would take minutes here."""
    rows = [row(cost=f"0.{10_000 + i}", unit=("EA", "ML")[i % 2]) for i in range(20_000)]
    began = time.monotonic()
    found = nadac(*rows)
    assert (taken(found), found.refused) == ({}, 20_000)
    assert time.monotonic() - began < 20


def test_rows_of_other_drugs_are_only_counted() -> None:
    """Those that can't be read too."""
    found = nadac(row(name="OTHERINE 10 MG TABLET"), row(name="OTHERINE 5 MG TABLET", cost="x"))
    assert (found.rows, found.unrelated, found.refusals) == (2, 2, ())


HEADINGS = [
    "NDC Description,NDC,NADAC_Per_Unit,Effective_Date,Pricing_Unit,As of Date\n",
    "ndc_description,ndc,nadac_per_unit,effective_date,pricing_unit,as_of_date\n",
    "\ufeffNDC Description,NDC,NADAC Per Unit,Effective Date,Pricing Unit,As of Date\r\n",
    '"NDC Description","NDC","NADAC Per Unit","Effective Date","Pricing Unit","As of Date"\n',
    "Weekly file,,,,,\n\nNDC Description,NDC,NADAC Per Unit,Effective Date,Pricing Unit,As of Date\n",
]


@pytest.mark.parametrize("headings", HEADINGS)
def test_older_headings_are_known(headings: str, tmp_path: Path) -> None:
    """However they are written, quoted, marked or preceded."""
    path = tmp_path / "nadac.csv"
    path.write_bytes((headings + row(day="2025-10-22T00:00:00.000") + "\r\n").encode())
    found = price(read_prices(read_file(path), str(path)), [formulary()])
    assert taken(found) == {"ten": [("", "0.03351")]}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_stands_between_the_cells_is_seen_from_the_headings(delimiter: str) -> None:
    """Semicolons and tabs too; a price with a decimal comma is refused, since it might be one of thousands."""
    lines = ["Weekly file", NADAC.strip(), row(), row(name='"EXAMPLAMINE 20 MG TABLET"', cost='"0@05"')]
    text = "\n".join(lines).replace(",", delimiter).replace("@", ",")
    found = price(read_prices(text, "nadac.csv"), [formulary()])
    assert taken(found) == {"ten": [("", "0.03351")]}
    assert reasons(found) == ['"0,05" is no price']


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "found an empty file"),
        ("a" * 200_000 + ",b\n1,2\n", "(line 1): found no valid CSV"),
        (NADAC + '"' + "a" * 200_000 + '",b\n', "(line 2): found no valid CSV"),
        ("\n\n", "found an empty file"),
        ("a,b\n1,2\n", 'found the headings "a, b"'),
        (NADAC.replace("NDC,", ",") + row(), "give a list with the headings NDC Description, NDC"),
        (NADAC.replace("As of Date", "NDC") + row(), "found the headings ndc twice"),
        (NADAC + row() + '\n"EXAMPLAMINE', "(line 3): found no valid CSV"),
        (NADAC + '"EXAMPLAMINE" 10,1,1,1,EA,1\n', "(line 2): found no valid CSV"),
        (NADAC.replace("Effective Date", "Date") + row(), "say with --date"),
        (DMD + pack(own="100"), "say with --date"),
    ],
)
def test_what_is_no_price_list_is_bad_input(text: str, message: str) -> None:
    """With the remedy, and the line where there is one."""
    with pytest.raises(InputError) as caught:
        read_prices(text, "list.csv")
    assert message in str(caught.value)


def test_a_short_row_is_refused_and_no_more() -> None:
    """The rest of the file is read."""
    found = nadac("EXAMPLAMINE 10 MG TABLET,1", row())
    assert (taken(found), reasons(found)) == ({"ten": [("", "0.03351")]}, ['the unit "" is not EA, ML or GM'])


def test_packs_in_pence_become_pounds() -> None:
    """The Drug Tariff's price comes before a supplier's; each size is settled on its own."""
    found = dmd(
        pack(basic="140", own="190", category="Part VIIIA Category M"),
        pack(basic="140", own="0", category="Part VIIIA Category M", code="111112"),
        pack(size="250", own="975", code="111113"),
        pack(medicine="Examplamine 5mg/5ml oral solution sugar free", size="300", unit="ml", basic="321"),
    )
    assert taken(found) == {"liquid": [("300", "3.21")], "ten": [("84", "1.4"), ("250", "9.75")]}
    assert {change.date for change in found.changes} == {DAY}
    assert "Drug Tariff Part VIIIA Category M, indicative price" in found.changes[1].source


def test_sizes_that_the_list_does_not_state_stay_at_their_old_price() -> None:
    """They can still be bought. The overlay's one date is the earlier, its source says which sizes are as before."""
    listed = read_prices(DMD + pack(medicine="Examplamine 20mg tablets", size="28", own="300"), "dmd.csv", DAY)
    old = replace(formulary("GBP"), drug="examplamine")
    twenty = replace(old.products[1], price_date=dt.date(2024, 1, 2), price_source="our wholesaler")
    found = price(listed, [replace(old, products=(old.products[0], twenty, *old.products[2:]))])
    change = changed(found, "twenty")
    assert taken(found) == {"twenty": [("28", "3")]}
    assert [(each.size, each.price.value) for each in change.kept] == [(84, 3)]
    assert (change.date, change.illustrative) == (dt.date(2024, 1, 2), False)
    assert change.source.endswith("; 84 as before (our wholesaler, 2024-01-02)")
    text = as_overlay(found)
    assert 'packs = [{ count = 28, price = "3.00" }, { count = 84, price = "3.00" }]' in text
    assert "illustrative" not in text


def test_an_estimate_that_stays_is_still_one() -> None:
    """A size that nobody published a price of is not made certain by the price of another."""
    listed = read_prices(DMD + pack(medicine="Examplamine 20mg tablets", size="28", own="300"), "dmd.csv", DAY)
    old = formulary("GBP")
    guessed = replace(old.products[1], illustrative_price=True)
    found = price(listed, [replace(old, products=(old.products[0], guessed, *old.products[2:]))])
    assert changed(found, "twenty").illustrative
    assert "illustrative = true" in as_overlay(found)
    assert "84 as before (an estimate)" in as_overlay(found)
    whole = price(
        read_prices(
            DMD + "\n".join(pack(medicine="Examplamine 20mg tablets", size=size, own="300") for size in ("28", "84")),
            "dmd.csv",
            DAY,
        ),
        [replace(old, products=(old.products[0], guessed, *old.products[2:]))],
    )
    assert (changed(whole, "twenty").kept, changed(whole, "twenty").illustrative) == ((), False)


def test_suppliers_prices_that_differ_are_refused_unless_the_code_says_which() -> None:
    """Of the other sizes the price is still taken."""
    found = dmd(pack(own="498"), pack(own="277", code="111112"), pack(own="100", size="28", code="111113"))
    assert taken(found) == {"ten": [("28", "1")]}
    assert reasons(found) == ["2 prices of 84 (2.77, 4.98); give the product the code of the one that you buy"]
    coded = dmd(pack(own="498", code="42032611000001100"), pack(own="277", code="111112"))
    assert taken(coded) == {"ten": [("84", "4.98")]}


@pytest.mark.parametrize(
    ("unit", "refused"),
    [
        ("tablet", []),
        ("428673006", []),
        ("999999999", ["priced in a unit that is not known, it is counted in tablet"]),
        ("", ["priced in a unit that is not known, it is counted in tablet"]),
        ("ml", ["priced by the mL, it is counted in tablet"]),
    ],
)
def test_a_unit_is_a_word_or_a_code(unit: str, refused: list[str]) -> None:
    """One that is not known is no reason to guess."""
    assert reasons(dmd(pack(own="100", unit=unit))) == refused


def test_the_drug_tariffs_own_file_has_no_heading_over_its_units() -> None:
    """Nor suppliers, nor dates; a title may stand above."""
    text = "Part VIIIA\nMedicine,Pack size,,VMP Snomed Code,VMPP Snomed Code,Drug Tariff Category,Basic Price\n"
    row = "Examplamine 10mg tablets,84,tablet,222222,333333,Part VIIIA Category M,140\n"
    assert taken(price(read_prices(text + row, "tariff.csv", DAY), [formulary("GBP")])) == {"ten": [("84", "1.4")]}


SPECIAL = "a special, made to order: its price is of a first pack or of a further mL, not of a pack"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (pack(basic="4136", category="Part VIIIB"), SPECIAL),
        (pack(basic="40", size="1", category="Part VIIIB"), SPECIAL),
        (pack(basic="933", category="Part VIIID"), SPECIAL),
        (pack(own="0", words="Examplamine (Special Order)"), SPECIAL),
        (pack(own="5", basis="No Price priced when manufactured"), SPECIAL),
        (pack(basis="No Price Available"), "no price"),
        (pack(own="0"), "a price of zero"),
        (pack(own="-5"), "a negative price"),
        (pack(own="5", size="0"), '"0" is no pack size'),
        (pack(own="5", size="x"), '"x" is no pack size'),
        (pack(own="5", size="0.5"), "a pack of 0.5"),
    ],
)
def test_what_is_no_price_of_a_pack_is_refused(line: str, reason: str) -> None:
    """Above all the prices of specials."""
    found = dmd(line)
    assert (taken(found), reasons(found)) == ({}, [reason])


def test_currencies_never_mix() -> None:
    """A list in pounds gives no price to a formulary in dollars."""
    found = dmd(pack(own="100"), currency="USD")
    assert (taken(found), reasons(found)) == ({}, ["priced in GBP, its formulary in USD; they never mix"])


def test_the_overlay_reads_back_as_the_prices_taken() -> None:
    """Every kind of supply; text from the file can't break out of it."""
    ugly = 'EXAMPLAMINE  10 MG "TABLET"'
    read = read_prices(DMD + pack(own="1234567") + "\n", "a\nb.csv", DAY)
    outcome = price(replace(read, quotes=tuple(replace(each, name=ugly) for each in read.quotes)), [formulary("GBP")])
    assert outcome.changes == ()
    found = dmd(pack(own="1234567"), pack(medicine="Examplamine 5mg/5ml oral solution", size="100", unit="ml", own="1"))
    text = as_overlay(replace(found, changes=tuple(replace(each, source=ugly + "\x00\n") for each in found.changes)))
    assert text.startswith(MARK)
    drug = "replaces_built_in = true\n" + FORMULARY % "GBP"
    laid = overlay("examplamine", [TomlReader(drug, "a.toml"), TomlReader(text, "b.toml")])
    assert laid is not None
    again = price(read_prices(DMD + pack(own="1"), "dmd.csv", DAY), [laid.formulary])
    assert [each.before for each in again.changes] == [changed(found, "ten").prices]
    assert {each.price_source for each in laid.formulary.products[:1]} == {'EXAMPLAMINE 10 MG "TABLET"'}


POURED = """
poured = { price = "0.05", step = "5 mL", containers = [{ volume = "60 mL", price = "0.80" }] }
keeps = "60 days"
illustrative = true
"""


def pourable(currency: str = "USD") -> str:
    """The drug's file, its liquid poured."""
    lines = (FORMULARY % currency).splitlines(keepends=True)
    return "".join(POURED if line.startswith("bottles") else line for line in lines)


def test_a_price_for_1_ml_is_that_of_what_is_poured() -> None:
    """What it is poured into keeps its price, and the whole stays an estimate in part."""
    line = row(name="EXAMPLAMINE 5 MG/5 ML SOLN", cost="0.02011", unit="ML")
    found = price(read_prices(NADAC + line, "nadac.csv"), [read_formulary(pourable(), "x.toml")])
    assert taken(found) == {"liquid": [("", "0.02011")]}
    assert changed(found, "liquid").illustrative
    text = as_overlay(found)
    assert 'poured = { price = "0.02011" }' in text
    assert text.count("; the bottles that it is poured into as before") == 1
    drug = "replaces_built_in = true\n" + pourable()
    laid = overlay("examplamine", [TomlReader(drug, "a.toml"), TomlReader(text, "b.toml")])
    assert laid is not None
    liquid = next(each for each in laid.formulary.products if each.id == "liquid")
    assert isinstance(liquid.supply, Poured)
    assert (str(liquid.supply.price), liquid.supply.step, len(liquid.supply.containers)) == ("0.02011", 5, 1)
    assert liquid.illustrative_price


def test_the_price_of_a_bottle_is_not_that_of_what_is_poured() -> None:
    """Which bottle the pharmacy pours from is its own affair."""
    line = pack(medicine="Examplamine 5mg/5ml oral solution sugar free", size="300", unit="ml", basic="321")
    found = price(read_prices(DMD + line, "dmd.csv", DAY), [read_formulary(pourable("GBP"), "x.toml")])
    assert taken(found) == {}
    assert reasons(found) == ["a bottle of 300 mL; what is poured has a price for 1 mL"]


def changed(found: Outcome, product: str) -> Change:
    return next(change for change in found.changes if change.product == product)


def sample(name: str, day: dt.date | None) -> PriceList:
    path = SHARED / name
    if not path.exists():
        pytest.skip("the published samples are not here")
    return read_prices(read_file(path), str(path), day)


def built_in(currency: str) -> list[Formulary]:
    found = [overlay(drug, []) for drug in known_drugs([])]
    return [replace(laid.formulary, currency=currency) for laid in found if laid is not None]


@pytest.mark.parametrize(
    ("name", "day", "currency", "rows", "product", "cost"),
    [
        ("nadac/nadac_2025-12-24_lowest3_per_drug.csv", "2025-12-24", "USD", 3000, "baclofen-10mg-tablet", "0.03351"),
        ("prices/uk_dmd_2025w34_baclofen.csv", "2025-08-22", "GBP", 61, "baclofen-10mg-tablet", "1.4"),
        ("prices/uk_dmd_2025w34_taper_drugs.csv", "2025-08-22", "GBP", 5780, "sertraline-50mg-tablet", None),
    ],
)
def test_published_lists_are_read_whole(
    name: str, day: str, currency: str, rows: int, product: str, cost: str | None
) -> None:
    """Every row is taken, refused, set aside or of another drug; a price that was looked up is right."""
    found = price(sample(name, dt.date.fromisoformat(day)), built_in(currency))
    assert found.rows == rows
    assert found.taken + found.refused + found.set_aside + found.unrelated == rows
    assert min(found.taken, found.refused, found.unrelated + 1) > 0
    assert found.set_aside >= 0
    assert cost is None or str(changed(found, product).prices[0].price) == cost
    assert all(each.price.value > Fraction(0) for change in found.changes for each in change.prices)


def test_a_week_of_brands_matches_by_code_alone() -> None:
    """Codes without their zeros are read; names of brands are of no drug."""
    found = price(sample("nadac/nadac_week_2025-05-14_brandB.csv", None), built_in("USD"))
    assert found.rows == 1147
    assert found.unrelated > 1100
    assert {change.matched for change in found.changes} <= {Matched.CODE}
