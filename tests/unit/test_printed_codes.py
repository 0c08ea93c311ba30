"""The barcodes of labels on every stock, read from the printed pages as a scanner reads them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import product

import pypdfium2
import pytest
import zxingcpp

from splitter.errors import InputError
from splitter.labels import PROFILES, STOCKS, Stock, Style, lay_out_labels, render_labels
from splitter.labels.marks import Code, Text
from splitter.plan import Plan
from splitter.prescription import Patient
from splitter.wording import label_texts
from tests.unit.paper_plans import (
    START,
    TABLET_10,
    TIMES,
    a_plan,
    cautioned,
    dose,
    item,
    mixed_plan,
    step,
    tablets_plan,
    take,
)


def brief_plan() -> Plan:
    """One item, once a day, for people and a place with short names."""
    plan = a_plan(
        (step(START, 14, "10", dose(TIMES[0], "10", take(TABLET_10, 1))),), (item(TABLET_10, "14", "tablet"),)
    )
    plan = replace(plan, cautions=cautioned("Keep away from children."))
    prescription = replace(plan.prescription, patient=Patient(name="Al Ex"), times=TIMES[:1], indication=None)
    return replace(plan, prescription=prescription, pharmacy=replace(plan.pharmacy, address="2 High Street"))


PLANS = (mixed_plan(), tablets_plan(), brief_plan())


def printed(stock: Stock) -> Iterator[tuple[Plan, Style]]:
    """Each of some plans by each country's rules that fits the stock; at least one does."""
    fitting = 0
    for profile, plan in product(PROFILES.values(), PLANS):
        style = Style(stock=stock, profile=profile)
        with suppress(InputError):
            lay_out_labels(plan, style)
            fitting += 1
            yield plan, style
    assert fitting, stock.name


def read(document: bytes, dpi: int) -> list[str]:
    """What a scanner set to the two kinds of code that labels have reads from the pages, drawn at a printer's dots
    in shades of grey. Set to every kind, it takes words for bars now and then."""
    kinds = [zxingcpp.BarcodeFormat.DataMatrix, zxingcpp.BarcodeFormat.Code128]
    found: list[str] = []
    for page in pypdfium2.PdfDocument(document):
        drawn = page.render(scale=dpi / 72, grayscale=True).to_pil()
        found += [each.text for each in zxingcpp.read_barcodes(drawn, formats=kinds)]
    return found


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("stock", STOCKS.values(), ids=lambda stock: stock.name)
def test_every_barcode_of_every_stock_is_read(stock: Stock, dpi: int) -> None:
    """As many as are on the labels that the user gets, each with the words it was made of, whatever the printer's dots
    are; each container has its DataMatrix at least."""
    for plan, style in printed(stock):
        marks = [mark for page in lay_out_labels(plan, style) for mark in page.marks]
        drawn = [mark.symbol.text for mark in marks if isinstance(mark, Code)]
        assert sorted(read(render_labels([plan], style), dpi)) == sorted(drawn)
        for text in label_texts(plan, None, style.manner):
            serial = dict(text.elements)["21"]
            assert any(code.endswith(f"(21){serial}") for code in drawn), text.drug


def test_the_prescription_s_number_is_in_bars_where_there_is_room() -> None:
    """Once an item, on roomy stock."""
    plan = mixed_plan()
    codes = read(render_labels([plan], Style(stock=STOCKS["4x6"])), 203)
    assert codes.count(plan.prescription.number) == len(list(label_texts(plan)))


@pytest.mark.parametrize(
    "number",
    ["160.000.033.491.280.78", "0b4f2c7e-93d1-4d0c-8a55-6f1d2f7f2e11", "Рецепт-17", "RX/2026 (b)", "7" * 40],
)
def test_a_number_that_bars_cannot_hold_or_that_is_too_wide_for_them_prints_all_the_same(number: str) -> None:
    """In figures on every label; in bars only where they hold it and have room; the DataMatrix has a serial anyway."""
    plan = replace(mixed_plan(), prescription=replace(mixed_plan().prescription, number=number))
    for name in ("4x2", "4x6"):
        style = Style(stock=STOCKS[name])
        for page in lay_out_labels(plan, style):
            assert number in [mark.text.removeprefix("Rx ") for mark in page.marks if isinstance(mark, Text)]
        codes = read(render_labels([plan], style), style.stock.dpi)
        assert any("(21)" in code for code in codes)
        assert all("(21)" in code or code == number for code in codes)
    assert (number in codes) == (len(number) < 20 and number.isascii())
