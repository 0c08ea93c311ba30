"""The national average drug acquisition costs (NADAC) of the Centers for Medicare & Medicaid Services.

One row for each 11-digit NDC: US dollars for one unit, which is EA, ML or GM, from an effective date on. A file of a
year repeats the rows of each week. Spreadsheets take leading zeros off the codes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from splitter.errors import Fault, InputError
from splitter.prices.codes import ndc_of
from splitter.prices.records import PriceList, Publisher, Quote, Refusal
from splitter.prices.table import Row, RowError, Table, read_date, read_price
from splitter.units import quoted

HEADINGS = ("NDC Description", "NDC", "NADAC Per Unit", "Pricing Unit")
_UNITS = {"EA": "each", "ML": "mL", "GM": "g"}


def read_nadac(table: Table, day: dt.date | None) -> PriceList:
    """Read the table; `day` is the day of a list that has no dates.

    Raises InputError when neither says it.
    """
    if day is None and "effectivedate" not in table.headings:
        remedy = "say with --date which day the prices are of"
        raise InputError([Fault(file=table.file, key="", found="no heading Effective Date", remedy=remedy)])
    read = [_read(row, day) for row in table.rows()]
    return PriceList(
        file=table.file,
        publisher=Publisher.NADAC,
        currency="USD",
        rows=len(read),
        quotes=tuple(each for each in read if isinstance(each, Quote)),
        refusals=tuple(each for each in read if isinstance(each, Refusal)),
    )


def _read(row: Row, day: dt.date | None) -> Quote | Refusal:
    name = row.get("ndcdescription")
    try:
        return _quote(row, name, day)
    except RowError as error:
        return Refusal(rows=(row.line,), name=name, reason=str(error))


def _quote(row: Row, name: str, day: dt.date | None) -> Quote:
    unit = row.get("pricingunit").upper()
    if unit not in _UNITS:
        raise RowError(f"the unit {quoted(unit)} is not EA, ML or GM")
    effective = read_date(row.get("effectivedate")) or day
    if effective is None:
        raise RowError("no effective date")
    seen = read_date(row.get("asofdate"))
    if seen is not None and effective > seen:
        raise RowError(f"its price holds from {effective}, after the list's own date, {seen}")
    return Quote(
        row=row.line,
        name=name,
        codes=tuple(_codes(row)),
        price=read_price(row.get("nadacperunit")),
        size=None,
        unit=_UNITS[unit],
        effective=effective,
        seen=seen or effective,
        basis=f"effective {effective.isoformat()}",
    )


def _codes(row: Row) -> Iterator[str]:
    code = ndc_of(row.get("ndc"))
    if code is None:
        raise RowError(f"{quoted(row.get('ndc'))} is no NDC")
    yield code
