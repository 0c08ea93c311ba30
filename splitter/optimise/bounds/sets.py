"""Sets of products as the bits of an integer, a mask, and tables [.., 2^n] that have an entry for each mask."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from splitter.optimise.integers import Ints, Mask


def renumbered(members: Sequence[int], bits: Ints) -> Ints:
    """[n] sets of all products [n], a bit for each place in `Supplies`, as sets of the members alone, in their order.

    >>> renumbered((1, 3), np.array([0b1010, 0b0111])).tolist()
    [3, 1]
    """
    masks = np.zeros_like(bits)
    for bit, q in enumerate(members):
        masks |= (bits >> q & 1) << bit
    return masks


def least_of_supersets(values: Ints) -> Ints:
    """[.., 2^n] the least value among each mask and all masks that contain it.

    >>> least_of_supersets(np.array([5, 7, 3, 9])).tolist()
    [3, 7, 3, 9]
    """
    least = values.copy()
    for bit in range(values.shape[-1].bit_length() - 1):
        # Neighbours along the last axis but one are the masks without this bit and those with it.
        pairs = least.reshape(*values.shape[:-1], -1, 2, 1 << bit)
        np.minimum(pairs[..., 0, :], pairs[..., 1, :], out=pairs[..., 0, :])
    return least


def largest_sets(has: Mask) -> Ints:
    """The masks among those that `has` [2^n] marks which no other of them contains.

    >>> largest_sets(np.array([True, True, True, False])).tolist()
    [1, 2]
    """
    in_a_superset = least_of_supersets(np.where(has, 0, 1)) == 0
    largest, masks = has.copy(), np.arange(len(has))
    for bit in range(len(has).bit_length() - 1):
        without = np.flatnonzero(masks >> bit & 1 == 0)
        largest[without] &= ~in_a_superset[without | 1 << bit]
    return np.flatnonzero(largest)
