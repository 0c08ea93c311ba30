"""Rows of integer tables: compared, and the best of those that are equal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from splitter.optimise.grid import Ints

_MOST = 2**62


def codes(columns: Sequence[Ints]) -> Ints:
    """[n] integers that compare as the rows of the columns [n] do, first column first; there must be a column."""
    spans = [(column, int(column.min()), int(column.max())) for column in columns if len(column)]
    varied = [(column - least, most - least + 1) for column, least, most in spans if least < most]
    span = 1
    for _, width in varied:
        span *= width
    if span >= _MOST:
        return _ranks([column for column, _ in varied])
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column, width in varied:
        code = code * width + column
    return code


def _ranks(columns: Sequence[Ints]) -> Ints:
    order = np.lexsort(columns[::-1])
    ordered = np.column_stack(columns)[order]
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
    return order[first]
