"""What a partial plan owes: the state of its packs, fragments and lots, and which states may be forgotten.

For states s and t of one day with the same amounts carried, whatever follows costs the same: so the least (deviation,
cost, splits, events) wins. A tariff gives prices π and openings o such that what is still owed for an amount u is at
least o + π·u for every pack and lot.
"""

from splitter.optimise.owed.at_home import AtHome
from splitter.optimise.owed.ledger import Ledger
from splitter.optimise.owed.merge import Layer, merge
from splitter.optimise.owed.states import States, join, start
from splitter.optimise.owed.supplies import Supplies
from splitter.optimise.owed.tariffs import Tariff, TariffKey, Tariffs

__all__ = [
    "AtHome",
    "Layer",
    "Ledger",
    "States",
    "Supplies",
    "Tariff",
    "TariffKey",
    "Tariffs",
    "join",
    "merge",
    "start",
]
