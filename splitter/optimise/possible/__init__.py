"""What can be made, decided without any search and any cost.

The doses of one time are a set D of sums of pieces and a volume, the days of k times the sums of k members of D (as
bits of integers); by the path, the doses that have a candidate. From this the problems to search are settled.
"""

from splitter.optimise.possible.divisible import Divisible, can_be_made, makeable_of
from splitter.optimise.possible.makeable import Makeable
from splitter.optimise.possible.settled import settled

__all__ = ["Divisible", "Makeable", "can_be_made", "makeable_of", "settled"]
