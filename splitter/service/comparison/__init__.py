"""What else could be done, and at what price: the alternatives to a plan, and the worth of each of its products.

Every alternative is the prescription with some of its policy's settings changed, planned, verified and checked as any
other. `settings` names the changes, `measures` says how much work a plan is, `sweep` finds the trade-offs of cost
against that work, `reasons` leaves out one product at a time, `savings` changes one
setting at a time, `compare` puts all side by side.
"""

from splitter.service.comparison.compare import Alternative, Comparison, compare
from splitter.service.comparison.measures import Measures
from splitter.service.comparison.reasons import with_reasons
from splitter.service.comparison.savings import saving_again, with_savings
from splitter.service.comparison.settings import PolicyLine

__all__ = [
    "Alternative",
    "Comparison",
    "Measures",
    "PolicyLine",
    "compare",
    "saving_again",
    "with_reasons",
    "with_savings",
]
