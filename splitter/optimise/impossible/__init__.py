"""Why there is no plan: an irreducible set of settings that conflict, and the single changes that lift it.

A set of settings conflicts if with all others out of the way nothing can be made; it is irreducible if without any
one of it something can. An offered change is solved with the whole prescription before it is offered.
"""

from splitter.optimise.impossible.explain import MOST_MOVED, Explanation
from splitter.optimise.impossible.relax import Relaxed

__all__ = ["MOST_MOVED", "Explanation", "Relaxed"]
