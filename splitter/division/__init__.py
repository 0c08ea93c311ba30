"""How a day's dose is divided over its times, and with what it is given: decided before any cost is looked at.

A stage of its own, from targets, times and products to the doses of each step and with what it is given (rules R3 and
R7). `records` are what is said of a step, `pieces` and `measuring` say what one administration may be made of,
`shelf` which doses that makes, `filling` in which order the times of a day are lowered, `candidates` what a step
could be, `path` which of its candidates each step is, `strengths` which strengths of capsules would give it, and
`means` for which liquid, or for the capsules, that holds; `resolving` which pieces and volumes are exact enough for a
step; `stock` says which products there are to do it with. It knows no price.
"""

from splitter.division.candidates import candidates, fine_candidates, plain_candidates, round_numbers
from splitter.division.filling import cutting_order, filling_order
from splitter.division.means import (
    Demand,
    Order,
    Settled,
    path_of,
    paths_by_strengths,
    rounding_shelves,
    settle,
    shelves,
    step_candidates,
)
from splitter.division.measuring import rest_syringe_for, syringe_for
from splitter.division.pieces import fractions_of
from splitter.division.records import RANKS, Candidate, Giving, StepForm
from splitter.division.resolving import Exactness, with_room
from splitter.division.shelf import Shelf
from splitter.division.stock import allowed_products, chooses_strengths, families
from splitter.division.strengths import Strengths

__all__ = [
    "RANKS",
    "Candidate",
    "Demand",
    "Exactness",
    "Giving",
    "Order",
    "Settled",
    "Shelf",
    "StepForm",
    "Strengths",
    "allowed_products",
    "candidates",
    "chooses_strengths",
    "cutting_order",
    "families",
    "filling_order",
    "fine_candidates",
    "fractions_of",
    "path_of",
    "paths_by_strengths",
    "plain_candidates",
    "rest_syringe_for",
    "round_numbers",
    "rounding_shelves",
    "settle",
    "shelves",
    "step_candidates",
    "syringe_for",
    "with_room",
]
