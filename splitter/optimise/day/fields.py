"""Several small numbers side by side in one integer, so that taking from all of them is one subtraction.

Each number has a field of bits, with one bit above it that is set: its guard. Taking more than a field has borrows the
guard, so that one look at all guards tells whether some number fell below zero. A field is wide enough that a guard is
all that can be borrowed, as long as nobody takes more at once than there is and `OVERDRAFT`.
"""

from __future__ import annotations

from collections.abc import Iterable

OVERDRAFT = 12
"""By how much more than a field has may be taken at once and be noticed: a whole unit in twelfths."""


class Fields:
    """The places of some numbers in one integer.

    `units` are what adds one to each; `full` is the integer in which all numbers are what they were at first, `empty`
    the one in which all are zero.

    >>> fields = Fields([2, 0])
    >>> two, none = fields.units
    >>> fields.holds(fields.full - 2 * two), fields.holds(fields.full - 3 * two), fields.holds(fields.full - none)
    (True, False, False)
    >>> fields.number(fields.full - two, 0)
    1
    """

    def __init__(self, numbers: Iterable[int]) -> None:
        self.empty = self.full = 0
        self._places: list[tuple[int, int]] = []
        shift = 0
        for number in numbers:
            bits = max(number, OVERDRAFT).bit_length()
            guard = 1 << shift + bits
            self._places.append((shift, (1 << bits) - 1))
            self.empty |= guard
            self.full += guard + (number << shift)
            shift += bits + 1
        self.units = tuple(1 << shift for shift, _ in self._places)

    def holds(self, rest: int) -> bool:
        """Whether no number fell below zero."""
        return rest & self.empty == self.empty

    def number(self, rest: int, place: int) -> int:
        """What is left of the number at a place."""
        shift, all_bits = self._places[place]
        return rest >> shift & all_bits
