"""The ground: a problem on whole numbers, its rows, its days, its sets of masses.

With the least common denominator m of all its masses, every mass x is the integer m·x; volumes and money likewise.
What is added and compared from here on are these integers, in 63 bits, so that no answer depends on rounding.
"""

from splitter.optimise.integers.grid import MOST, TWELFTHS, Grid, Ints, Mask, Piece, least_rate
from splitter.optimise.integers.masses import (
    DayMasses,
    Series,
    between,
    day_masses,
    dilated,
    largest_below,
    left_by,
    series,
    smallest_above,
    up_to,
)
from splitter.optimise.integers.rows import above_an_earlier, codes, first_of_each, ranges
from splitter.optimise.integers.timeline import Calendar, Segment, Shares, Stage, blocks, stages

__all__ = [
    "MOST",
    "TWELFTHS",
    "Calendar",
    "DayMasses",
    "Grid",
    "Ints",
    "Mask",
    "Piece",
    "Segment",
    "Series",
    "Shares",
    "Stage",
    "above_an_earlier",
    "between",
    "blocks",
    "codes",
    "day_masses",
    "dilated",
    "first_of_each",
    "largest_below",
    "least_rate",
    "left_by",
    "ranges",
    "series",
    "smallest_above",
    "stages",
    "up_to",
]
