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

from splitter.optimise.grid import Ints, Mask
from splitter.optimise.ledger import States

_MOST = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """The states kept after a segment, and [e] the edges that lead to them: `child` (row of `states`), `parent`
    (row of the layer before) and `way` (row of the step's ways, -1 where no step begins)."""

    states: States
    child: Ints
    parent: Ints
    way: Ints


def lexicographic_codes(columns: list[Ints]) -> Ints:
    """[n] integers that compare as the rows of the columns do, first column first."""
    columns = [column - column.min() for column in columns if column.min() != column.max()]
    if not columns:
        return np.zeros(0, dtype=np.int64)
    span = 1
    for column in columns:
        span *= int(column.max()) + 1
    if span < _MOST:
        code = np.zeros(len(columns[0]), dtype=np.int64)
        for column in columns:
            code = code * (int(column.max()) + 1) + column
        return code
    order = np.lexsort(columns[::-1])
    ordered = np.column_stack(columns)[order]
    rank = np.concatenate([[0], np.cumsum((ordered[1:] != ordered[:-1]).any(axis=1))])
    code = np.empty(len(order), dtype=np.int64)
    code[order] = rank
    return code


def merge(states: States, *, bounded_products: bool) -> Layer:
    """Merge equal states and drop beaten ones. `bounded_products`: the products used so far limit the future."""
    value = _codes(states, [states.deviation, states.cost, states.splits, states.events])
    lots = [states.use[:, q] for q in range(states.use.shape[1])]
    scanned = max(range(len(lots)), key=lambda q: np.count_nonzero(np.diff(np.sort(lots[q]))), default=None)
    amount = lots[scanned] if scanned is not None else np.zeros_like(value)
    others = [*states.broken.T, *states.units.T, *states.since.T, states.opened, states.way]
    others += [lot for q, lot in enumerate(lots) if q != scanned]
    core = _codes(states, others + ([states.used] if bounded_products else []))
    kept = np.flatnonzero(~_beaten(core, amount, value))
    identity = _codes(states, [core, amount, states.used])[kept]
    _, first, child = np.unique(identity, return_index=True, return_inverse=True)
    return Layer(
        states=states.pick(kept[first]), child=child.reshape(-1), parent=states.parent[kept], way=states.chosen[kept]
    )


def _codes(states: States, columns: list[Ints]) -> Ints:
    code = lexicographic_codes(columns)
    return code if len(code) else np.zeros(len(states), dtype=np.int64)


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
