"""Rows of integer tables: compared, and the best of those that are equal."""

from __future__ import annotations

from math import prod

import numpy as np

from splitter.optimise.integers.grid import Ints, Mask

_MOST = 2**62


def codes(table: Ints) -> Ints:
    """[n] integers that compare as the rows of a table [n, c] do, first column first."""
    if not len(table):
        return np.zeros(0, dtype=np.int64)
    least = table.min(axis=0)
    widths = table.max(axis=0) - least + 1
    varied = np.flatnonzero(widths > 1)
    code = np.zeros(len(table), dtype=np.int64)
    if prod(widths[varied].tolist()) >= _MOST:
        return _ranks(table[:, varied])
    for column in varied.tolist():
        code = code * widths[column] + (table[:, column] - least[column])
    return code


def _ranks(table: Ints) -> Ints:
    order = np.lexsort(table.T[::-1])
    ordered = table[order]
    rank = np.concatenate([[0], np.cumsum((ordered[1:] != ordered[:-1]).any(axis=1))])
    code = np.empty(len(order), dtype=np.int64)
    code[order] = rank
    return code


def first_of_each(key: Ints, value: Ints) -> Ints:
    """[m] the row of the least value of each distinct key [n], by key; of equal ones the first."""
    order = np.lexsort((value, key))
    ordered = key[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    rows: Ints = order[first]
    return rows


def ranges(lengths: Ints) -> tuple[Ints, Ints]:
    """([n] the range, [n] the place in it) of each entry of ranges of these lengths."""
    rows = np.repeat(np.arange(len(lengths)), lengths)
    return rows, np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def above_an_earlier(group: Ints, value: Ints) -> Mask:
    """[n] whether an earlier row of the same group has a smaller value; the groups [n] ascend.

    >>> above_an_earlier(np.array([1, 1, 1, 4, 4]), np.array([3, 2, 3, 5, 5])).tolist()
    [False, False, True, False, False]
    """
    _, rank = np.unique(value, return_inverse=True)
    _, number = np.unique(group, return_inverse=True)
    # Lowered by a whole range for each group before, a group lies below all of them, so that the running minimum
    # starts anew with it.
    lowered = rank.reshape(-1) - number.reshape(-1) * (int(rank.max()) + 1)
    above: Mask = np.minimum.accumulate(lowered) < lowered
    return above
