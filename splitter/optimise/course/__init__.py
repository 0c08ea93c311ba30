"""The course of the search: blocks of days side by side, one set of liquids after another, ties kept to the end.

A block with floor b (no plan of it costs less) is searched up to a goal g ≥ b by partial plans whose cost + bound ≤
g. If none is left then b rises above g; if one is, the least is the block's best. The sum of the floors is the lower
bound of the whole plan, and the proof when it meets the cost of a plan.
"""

from splitter.optimise.course.chain import chained
from splitter.optimise.course.contender import Common, Contender
from splitter.optimise.course.memory import Memory, blank, recalled
from splitter.optimise.course.search import Solved
from splitter.optimise.course.ties import Chosen, TieBreak

__all__ = [
    "Chosen",
    "Common",
    "Contender",
    "Memory",
    "Solved",
    "TieBreak",
    "blank",
    "chained",
    "recalled",
]
