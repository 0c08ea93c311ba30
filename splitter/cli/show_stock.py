"""Label stock as a table."""

from __future__ import annotations

from collections.abc import Sequence

from splitter.labels import Stock
from splitter.labels.stock import INCH, MILLIMETRE


def table(stocks: Sequence[Stock]) -> str:
    """Name, size in both units, and what a page holds."""
    wide = max(len(stock.name) for stock in stocks)
    return "\n".join(f"{stock.name:<{wide}}  {_size(stock)}  {_page(stock)}" for stock in stocks)


def _size(stock: Stock) -> str:
    inches = f"{stock.wide / INCH:.2f} x {stock.high / INCH:.2f} in"
    return f"{stock.wide / MILLIMETRE:6.1f} x {stock.high / MILLIMETRE:5.1f} mm  {inches:>14}"


def _page(stock: Stock) -> str:
    return f"{stock.sheet.columns} x {stock.sheet.rows} on a sheet" if stock.sheet else f"roll, {stock.dpi} dpi"
