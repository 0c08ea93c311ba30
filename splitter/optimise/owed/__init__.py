"""What a partial plan owes: the state of its packs, fragments and lots, and which states may be forgotten.

For states s and t of one day with the same amounts carried, whatever follows costs the same: so the least (deviation,
cost, splits, events) wins. A tariff gives prices π and openings o such that what is still owed for an amount u is at
least o + π·u for every pack and lot.
"""

from splitter.optimise.owed.ledger import Ledger, States, Tariff, join
from splitter.optimise.owed.merge import Layer, merge

__all__ = ["Layer", "Ledger", "States", "Tariff", "join", "merge"]
