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
class BestPlans:
    """The best plans of a search, as the paths of a layered graph, one layer of links a segment, and their rank."""

    links: tuple[Links, ...]
    rank: Rank


def chained(blocks: Sequence[Solved]) -> BestPlans:
    """The plans that are best in each block and use the fewest products in all."""
    added = [np.unique(block.used).tolist() for block in blocks]
    reachable = [[0]]
    for sets in added:
        reachable.append(sorted({used | more for used in reachable[-1] for more in sets}))
    products = min(used.bit_count() for used in reachable[-1])
    after = [used for used in reachable[-1] if used.bit_count() == products]
    links: list[Links] = []
    for block, sets, so_far in reversed(list(zip(blocks, added, reachable, strict=False))):
        before = [used for used in so_far if any(used | more in after for more in sets)]
        links[:0] = _between(before, block, after)
        after = before
    values = np.array([block.value for block in blocks]).sum(axis=0).tolist()
    deviation, objective, splits, events = values
    return BestPlans(links=tuple(links), rank=(deviation, objective, splits, events, products))


def _between(before: list[int], block: Solved, after: list[int]) -> list[Links]:
    """The links of a block whose first nodes are the sets of products used `before`, its last those used `after`.

    The block's own graph begins in one node. It stands here once for each set before, side by side; in each of these
    copies an end stands for the products before and its own, and ends of the same products are one node.
    """
    nodes = [1, *(each.count for each in block.links)]
    links = [_side_by_side(each, above, len(before)) for each, above in zip(block.links, nodes, strict=False)]
    used = (np.array(before)[:, None] | block.used).reshape(-1)
    return [*links[:-1], _ending_in(after, links[-1], used)]


def _side_by_side(links: Links, above: int, copies: int) -> Links:
    """Copies of a layer of links, whose nodes above are so many, one after the other."""
    copy = np.arange(copies)[:, None]
    return Links(
        count=copies * links.count,
        child=(copy * links.count + links.child).reshape(-1),
        parent=(copy * above + links.parent).reshape(-1),
        way=np.tile(links.way, copies),
    )


def _ending_in(ends: list[int], links: Links, used: Ints) -> Links:
    """The links to nodes whose products `used` [count] are one of the `ends`, ascending, which are the nodes now."""
    place = np.minimum(np.searchsorted(ends, used), len(ends) - 1)
    leads = (np.array(ends)[place] == used)[links.child]
    return Links(count=len(ends), child=place[links.child[leads]], parent=links.parent[leads], way=links.way[leads])
