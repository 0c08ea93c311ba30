"""Which partial plans may be forgotten: merging equal states and dropping those that can't win.

Two states at the same day with the same carried amounts have the same futures, so of them only the best by
(deviation, cost, splits, events) can begin a best plan; where these are equal all are kept as ties, for the
later orders of preference to decide. A state that has used no more of one open lot at no worse a value has
futures that cost no more, since the cost of a lot never falls with its use; one with a strictly better value
is then strictly better for good, and the other is dropped. The products used so far count only in ties (and
against a bound on the products), so they join the comparison of equal states, not that of better ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitter.optimise.integers import Ints, Mask, codes
from splitter.optimise.owed.ledger import States


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
    use = states.use if states.use.shape[1] else np.zeros((len(states), 1), dtype=np.int64)
    scanned = int(np.argmax(np.count_nonzero(np.diff(np.sort(use, axis=0), axis=0), axis=0)))
    amount, others = use[:, scanned], np.delete(use, scanned, axis=1)
    used = states.used if bounded_products else np.zeros_like(states.used)
    rest = [states.broken, states.units, states.since, others, states.opened, states.way, states.block, used]
    core = codes(np.column_stack(rest))
    kept = np.flatnonzero(~_beaten(core, amount, value))
    identity = codes(np.column_stack([core, amount, states.used]))[kept]
    _, first, child = np.unique(identity, return_index=True, return_inverse=True)
    return Layer(
        states=states.pick(kept[first]), child=child.reshape(-1), parent=states.parent[kept], way=states.chosen[kept]
    )


def _beaten(core: Ints, amount: Ints, value: Ints) -> Mask:
    """[n] whether a state of the same core, with no more use of the scanned lot, has a smaller value."""
    order = np.lexsort((value, amount, core))
    _, rank = np.unique(value, return_inverse=True)
    _, group = np.unique(core[order], return_inverse=True)
    # Later groups lie wholly below earlier ones, so that the running minimum starts anew with each group.
    floor = rank.reshape(-1)[order] - group.reshape(-1) * (int(rank.max()) + 1)
    beaten = np.empty(len(order), dtype=bool)
    beaten[order] = np.minimum.accumulate(floor) < floor
    return beaten
