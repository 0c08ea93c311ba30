"""The numbers of a day that stand side by side in one integer while it is laid out."""

from __future__ import annotations

from itertools import product

from splitter.optimise.day.fields import OVERDRAFT, Fields


def test_taking_more_than_is_left_of_a_number_is_noticed_whatever_stands_beside_it() -> None:
    """Of every two numbers, taking up to a unit more than there is shows, and never takes from the other instead."""
    for numbers in product(range(6), repeat=2):
        fields = Fields(numbers)
        for place, number in enumerate(numbers):
            for taken in range(number + OVERDRAFT + 1):
                rest = fields.full - taken * fields.units[place]
                assert fields.holds(rest) == (taken <= number), (numbers, place, taken)


def test_what_is_left_of_each_number_can_be_read() -> None:
    """After some of each is taken the rest is told number by number, and all of them taken is empty."""
    fields = Fields((5, 0, 12))
    five, _, twelve = fields.units
    rest = fields.full - 2 * five - 12 * twelve
    assert [fields.number(rest, place) for place in range(3)] == [3, 0, 0]
    assert rest - 3 * five == fields.empty
