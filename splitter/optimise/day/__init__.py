"""One day: the ways in which a step's dose can be given, and which of them a best plan could use.

A way is a vector of whole pieces w, broken twelfths f and liquid volumes v with Σ strengths·(w + f/12) + Σ
concentrations·v = T. It belongs to a step if its masses can be divided over the times; it is dropped if another way
costs no more in whatever plan it stands (`exchange`), or if it costs more than a plan within the goal leaves for it
(`allowance`). How a way is laid out over the times is decided last, for the best plan's ways alone.
"""

from splitter.optimise.day.allowance import Allowance
from splitter.optimise.day.layout import Day, Given, Layout, Layouts
from splitter.optimise.day.options import Doses, Hand, best_of_each, burdens, hand_of, least_cost
from splitter.optimise.day.regimens import Regimens
from splitter.optimise.day.ways import Asked, Palette, WayFinder, Ways, join

__all__ = [
    "Allowance",
    "Asked",
    "Day",
    "Doses",
    "Given",
    "Hand",
    "Layout",
    "Layouts",
    "Palette",
    "Regimens",
    "WayFinder",
    "Ways",
    "best_of_each",
    "burdens",
    "hand_of",
    "join",
    "least_cost",
]
