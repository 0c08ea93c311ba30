"""Published price lists: read, matched to the products of formularies, and written as an overlay of them.

`table` reads rows whatever their headings are called, `nadac` and `dmd` say what a row means, `names` takes the name of
a medicine apart, `matching` finds its product, `pricing` settles one price or refuses it, `writing` writes it down.
"""

from splitter.prices.pricing import price, prices_of
from splitter.prices.reading import read_prices
from splitter.prices.records import Change, Matched, NewPrice, Outcome, PriceList, Publisher, Quote, Refusal
from splitter.prices.writing import MARK, as_overlay, exact_price

__all__ = [
    "MARK",
    "Change",
    "Matched",
    "NewPrice",
    "Outcome",
    "PriceList",
    "Publisher",
    "Quote",
    "Refusal",
    "as_overlay",
    "exact_price",
    "price",
    "prices_of",
    "read_prices",
]
