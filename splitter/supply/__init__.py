"""What a choice of regimens makes the pharmacy hand over: visits, units, packs, lots, and their cost.

Everything here is exact. The search takes the price of a lot and of a cover from here too, so that it
can't judge a plan by another price than the plan states.
"""

from __future__ import annotations

from splitter.supply.at_home import FromHome
from splitter.supply.batches import batch_sizes, triturations
from splitter.supply.covers import cheapest_cover
from splitter.supply.items import Supplied, costs_of, dispense, from_home
from splitter.supply.lots import Use, batch_cost, lot_maker, unit_cost
from splitter.supply.serving import is_limited, is_windowed, reach

__all__ = [
    "FromHome",
    "Supplied",
    "Use",
    "batch_cost",
    "batch_sizes",
    "cheapest_cover",
    "costs_of",
    "dispense",
    "from_home",
    "is_limited",
    "is_windowed",
    "lot_maker",
    "reach",
    "triturations",
    "unit_cost",
]
