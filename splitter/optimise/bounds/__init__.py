"""What no plan undercuts: lower bounds of all days before and after, from linear prices.

f(O, T) is the least linear cost of a day of dose T from open products O, a min-plus table. A plan costs at least the
shortest path over the sets O of its intervals, each worth Σ days·f(O, T) + what opening O costs; the largest of these
bounds over several tariffs counts.
"""

from splitter.optimise.bounds.ahead import Ahead
from splitter.optimise.bounds.plans import Goals
from splitter.optimise.bounds.skeleton import Skeleton
from splitter.optimise.bounds.tables import DoseTables, Products, TabletTables

__all__ = ["Ahead", "DoseTables", "Goals", "Products", "Skeleton", "TabletTables"]
