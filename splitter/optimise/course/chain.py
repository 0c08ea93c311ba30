"""The best plans of blocks, one after another, as one graph.

Blocks are problems of their own but for one thing: of plans that tie, the one with the fewest different products in
all is the best. So between the blocks the graph remembers the set of products used so far, and keeps the sets alone
from which the fewest can be reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from splitter.optimise.course.search import Links, Solved
from splitter.optimise.integers import Ints

Rank = tuple[int, int, int, int, int]
"""(deviation, objective, fractional pieces, pieces and volumes, different products) of a plan, as plans compare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The best plans of a search, as the paths of a layered graph, and their rank."""

    links: tuple[Links, ...]
    rank: Rank


def chained(blocks: Sequence[Solved]) -> Outcome:
    """The plans that are best in each block and use the fewest products in all."""
    ends = [np.unique(block.used).tolist() for block in blocks]
    unions = [[0]]
    for used in ends:
        unions.append(sorted({union | more for union in unions[-1] for more in used}))
    products = min(union.bit_count() for union in unions[-1])
    alive = [union for union in unions[-1] if union.bit_count() == products]
    links: list[Links] = []
    for block, used, before in reversed(list(zip(blocks, ends, unions, strict=False))):
        leading = [union for union in before if any(union | more in alive for more in used)]
        links[:0] = _linked(block, leading, alive)
        alive = leading
    values = np.array([block.value for block in blocks]).sum(axis=0).tolist()
    deviation, objective, splits, events = values
    return Outcome(links=tuple(links), rank=(deviation, objective, splits, events, products))


def _linked(block: Solved, before: list[int], after: list[int]) -> list[Links]:
    """The segments of a block for each set of products used `before`; its ends are the sets used `after`."""
    links, above = [], 1
    for each in block.links:
        links.append(
            Links(
                count=each.count * len(before),
                child=_repeated(each.child, each.count, len(before)),
                parent=_repeated(each.parent, above, len(before)),
                way=np.tile(each.way, len(before)),
            )
        )
        above = each.count
    sets = (np.array(before)[:, None] | block.used).reshape(-1)
    place = np.minimum(np.searchsorted(after, sets), len(after) - 1)
    leads = np.array(after)[place] == sets
    last = links[-1]
    kept = leads[last.child]
    links[-1] = Links(count=len(after), child=place[last.child[kept]], parent=last.parent[kept], way=last.way[kept])
    return links


def _repeated(nodes: Ints, count: int, times: int) -> Ints:
    """Nodes of a layer of `count`, repeated for as many copies of the layer."""
    copies: Ints = (np.arange(times)[:, None] * count + nodes).reshape(-1)
    return copies
