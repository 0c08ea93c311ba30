"""Which doses pieces and volumes give: sets of doses as bits, bit i for i times the lattice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from math import gcd

from splitter.verify.path.question import Means, Question

ALONE, EITHER, BOTH = RANKS = (0, 1, 2)
"""Of a fine step: each administration its means alone; that or plain pieces alone; or both in one administration."""
PLAIN = -1
"""No rank: what plain products alone give."""


class Reach:
    """The doses that plain products and one means give, of which each is a multiple of `lattice`.

    With `room`, only of pieces and volumes that leave errors no more than that (rule R8).
    """

    def __init__(self, question: Question, means: Means, room: Fraction | None = None) -> None:
        self.question, self.means, self.room = question, means if room is None else means.within(room), room
        pairs = zip(question.plain, question.errors, strict=True)
        self.usable = tuple(size for size, error in pairs if room is None or error <= room)
        measured = {mass for liquid in self.means.liquids for mass in liquid.measured}
        self.lattice = gcd(*question.plain, *means.sizes, *measured) or question.highest or 1
        self._measured = _bits(mass // self.lattice for mass in measured)
        self._bytes: dict[int, bytes] = {}

    def gives(self, among: int, dose: int) -> bool:
        """Whether a dose is given by plain products (PLAIN) or at a rank; a dose of zero always is."""
        place, rest = divmod(dose, self.lattice)
        if rest:
            return False
        known = self._bytes.get(among)
        if known is None:
            bits = self.doses(among)
            known = self._bytes[among] = bits.to_bytes(bits.bit_length() // 8 + 1, "little")
        return place >> 3 < len(known) and bool(known[place >> 3] >> (place & 7) & 1)

    def give(self, among: int, doses: Iterable[int]) -> bool:
        """Whether all of these doses are given so."""
        return all(self.gives(among, dose) for dose in doses)

    def rank(self, doses: Iterable[int]) -> int | None:
        """The first rank at which all of these doses are given; None where there is none."""
        asked = tuple(doses)
        return next((rank for rank in RANKS if self.give(rank, asked)), None)

    def each_alone(self) -> list[Reach]:
        """The same for each liquid, and for the capsules, where several are the means together."""
        alone = self.means.each_alone()
        return [self] if len(alone) == 1 else [Reach(self.question, means, self.room) for means in alone]

    def of(self, room: Fraction | None) -> Reach:
        """The same for a step with so much room for errors."""
        return self if room is None else Reach(self.question, self.means, room)

    def doses(self, among: int) -> int:
        """The set of doses that are given."""
        if among == PLAIN:
            return self._plain
        if among == ALONE:
            return self._alone
        return self._either if among == EITHER else self._both

    @cached_property
    def largest(self) -> int:
        """The largest dose that is given at one time."""
        return (self._both.bit_length() - 1) * self.lattice

    @cached_property
    def _plain(self) -> int:
        return self._pieces(self.usable)

    @cached_property
    def _alone(self) -> int:
        return self._with_volumes(self._pieces(self.means.sizes))

    @cached_property
    def _either(self) -> int:
        return self._alone | self._plain

    @cached_property
    def _both(self) -> int:
        return self._with_volumes(self._pieces((*self.usable, *self.means.sizes)))

    def _pieces(self, sizes: Sequence[int]) -> int:
        """What up to `max_pieces` pieces add up to."""
        bits, within = 1, (1 << self.question.highest // self.lattice + 1) - 1
        for _ in range(self.question.policy.max_pieces):
            more = bits
            for size in sizes:
                more |= bits << size // self.lattice
            bits = more & within
        return bits

    def _with_volumes(self, pieces: int) -> int:
        """Pieces alone, a volume alone, or both, of which the volume is at least `min_share`."""
        if not self._measured:
            return pieces
        together, within = pieces | self._measured, (1 << self.question.highest // self.lattice + 1) - 1
        for place in places(pieces & ~1):
            least = _least_beside(place, self.question.policy.min_share)
            if least is not None:
                together |= self._measured >> least << least + place
        return together & within


def _least_beside(pieces: int, share: Fraction) -> int | None:
    """The least volume's dose v beside pieces of a dose p with v >= share * (p + v); None where none is enough."""
    if share >= 1:
        return None
    return -(-(share.numerator * pieces) // (share.denominator - share.numerator))


def places(bits: int) -> Iterator[int]:
    """The places of the bits that are set, lowest first."""
    text = bin(bits)[:1:-1]
    place = text.find("1")
    while place >= 0:
        yield place
        place = text.find("1", place + 1)


def _bits(places_set: Iterable[int]) -> int:
    bits = 0
    for place in places_set:
        bits |= 1 << place
    return bits
