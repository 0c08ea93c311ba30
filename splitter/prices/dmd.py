"""The NHS dictionary of medicines and devices (dm+d) with the Drug Tariff: prices of packs, in pence.

The Drug Tariff's basic price is one for a pack, the indicative price one for each supplier's pack. A special
(Part VIIIB or VIIID, or "Special Order") has a price of a first pack and one of each further mL: neither is the price
of a pack that a pharmacy can buy.
"""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction

from splitter.errors import Fault, InputError
from splitter.prices.codes import snomed_of
from splitter.prices.records import PriceList, Publisher, Quote, Refusal
from splitter.prices.table import Row, RowError, Table, read_date, read_price
from splitter.units import quoted

HEADINGS = ("medicine", "pack_size", "vmp_snomed_code", "basic_price")
_PENCE = 100
_NO_HEADING = ""  # the Drug Tariff's own file has none over its units
_CODES = ("vmpsnomedcode", "vmppsnomedcode", "amppsnomedcode")
_SIZE = re.compile(r"[0-9]{1,6}(\.[0-9]{1,3})?")
_SPECIAL_PARTS = ("part viiib", "part viiid")
_SPECIAL_WORDS = ("special order", "priced when manufactured")
_UNITS = {
    "tablet": "each",
    "428673006": "each",
    "capsule": "each",
    "428641000": "each",
    "sachet": "each",
    "733013000": "each",
    "ml": "mL",
    "258773002": "mL",
    "gram": "g",
    "258682000": "g",
}


def read_dmd(table: Table, day: dt.date | None) -> PriceList:
    """Read the table; `day` is the day of the list, which it doesn't say. Raises InputError without one."""
    if day is None:
        remedy = "say with --date which day the list is of, such as --date 2026-11-02"
        raise InputError([Fault(file=table.file, key="", found="a list that doesn't say its day", remedy=remedy)])
    read = [_read(row, day) for row in table.rows()]
    return PriceList(
        file=table.file,
        publisher=Publisher.DMD,
        currency="GBP",
        rows=len(read),
        quotes=tuple(each for each in read if isinstance(each, Quote)),
        refusals=tuple(each for each in read if isinstance(each, Refusal)),
    )


def _read(row: Row, day: dt.date) -> Quote | Refusal:
    name = row.get("medicine")
    try:
        return _quote(row, name, day)
    except RowError as error:
        return Refusal(rows=(row.line,), name=name, reason=str(error))


def _quote(row: Row, name: str, day: dt.date) -> Quote:
    size = row.get("packsize")
    if not _SIZE.fullmatch(size) or not Fraction(size):
        raise RowError(f"{quoted(size)} is no pack size")
    _refuse_special(row)
    unit = row.get("unit") or row.get(_NO_HEADING)
    category, own = row.get("drugtariffcategory"), row.get("nhsindicativeprice")
    is_tariff = bool(row.get("basicprice").strip("0."))
    price = read_price(row.get("basicprice") if is_tariff else own, per=_PENCE)
    stated = None if is_tariff else read_date(row.get("pricedate"))
    return Quote(
        row=row.line,
        name=name,
        codes=tuple(code for heading in _CODES if (code := snomed_of(row.get(heading)))),
        price=price,
        size=Fraction(size),
        unit=_UNITS.get(unit.casefold()),
        effective=stated or day,
        seen=day,
        basis=f"Drug Tariff {category}".rstrip() if is_tariff else "indicative price",
    )


def _refuse_special(row: Row) -> None:
    words = f"{row.get('amppname')} {row.get('pricebasis')}".casefold()
    is_special = row.get("drugtariffcategory").casefold().startswith(_SPECIAL_PARTS)
    if is_special or any(word in words for word in _SPECIAL_WORDS):
        raise RowError("a special, made to order: its price is of a first pack or of a further mL, not of a pack")
