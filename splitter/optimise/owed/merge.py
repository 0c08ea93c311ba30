"""Which partial plans may be forgotten: merging equal states and dropping those that can't win.

The value of a state is (deviation, cost, splits, events), the smaller the better. Two states of the same day that carry
the same have the same futures, so of them only those of the least value can begin a best plan; where values are equal
all are kept as ties, for the later orders of preference to decide. A state that carries the same but for less use of
one open lot has futures that cost no more, since the cost of a lot never falls with its use: if its value is smaller
the other is beaten for good, and dropped. That is looked for in one lot, the one in whose use the states differ most.
The products used so far count only in ties (and against a bound on the products), so they join the comparison of equal
states, not that of better ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitter.optimise.integers import Ints, Mask, above_an_earlier, codes
from splitter.optimise.owed.states import States


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """The states kept after a segment, and [e] the edges that lead to them: `child` (row of `states`), `parent`
    (row of the layer before) and `way` (row of the step's ways, -1 where no step begins)."""

    states: States
    child: Ints
    parent: Ints
    way: Ints


def merge(states: States, *, bounded_products: bool) -> Layer:
    """Merge equal states and drop beaten ones. `bounded_products`: the products used so far limit the future."""
    if len(states) == 1:
        return Layer(states=states, child=np.zeros(1, dtype=np.int64), parent=states.parent, way=states.chosen)
    value = codes(np.column_stack([states.deviation, states.cost, states.splits, states.events]))
    lot_use, other_use = _one_lot_apart(states.use)
    used = states.used if bounded_products else np.zeros_like(states.used)
    open_now = [states.broken, states.units, states.since, other_use, states.opened]
    carried = [*open_now, states.home, states.way, states.block, used]
    alike = codes(np.column_stack(carried))
    left = np.flatnonzero(~_beaten(alike, lot_use, value))
    equal = codes(np.column_stack([alike, lot_use, states.used])[left])
    _, first, child = np.unique(equal, return_index=True, return_inverse=True)
    return Layer(
        states=states.pick(left[first]), child=child.reshape(-1), parent=states.parent[left], way=states.chosen[left]
    )


def _one_lot_apart(use: Ints) -> tuple[Ints, Ints]:
    """([n] the use of the product in whose use the states differ most, [n, ..] that of all others)."""
    if not use.shape[1]:
        return np.zeros(len(use), dtype=np.int64), use
    changes = np.count_nonzero(np.diff(np.sort(use, axis=0), axis=0), axis=0)
    most_varied = int(np.argmax(changes))
    return use[:, most_varied], np.delete(use, most_varied, axis=1)


def _beaten(alike: Ints, lot_use: Ints, value: Ints) -> Mask:
    """[n] whether a state that carries `alike`, with no more use of the one lot told apart, has a smaller value."""
    order = np.lexsort((value, lot_use, alike))
    beaten = np.empty(len(order), dtype=bool)
    beaten[order] = above_an_earlier(alike[order], value[order])
    return beaten
