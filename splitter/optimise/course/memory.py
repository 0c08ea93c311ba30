"""What is remembered from one prescription to the next: tables that don't depend on the steps of either.

They hold for all prescriptions of the same products, policy, costs and times on the same integers, as those of a batch
are. They make an answer faster and never another one: all of them are memories of what would be worked out again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from splitter.optimise.bounds import Products, TabletTables
from splitter.optimise.course.block import KnownBlocks
from splitter.optimise.day import Layouts, Regimens, WayFinder
from splitter.optimise.integers import Grid
from splitter.optimise.owed import Tariff, TariffKey

MOST_REMEMBERED = 12
"""How many memories there are at once; the one that was asked for last stays longest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The tables of problems that are alike: the same but for their steps, on integers of the same scales."""

    likeness: tuple[object, ...]
    finder: WayFinder
    layouts: Layouts
    regimens: Regimens
    tablets: dict[tuple[Products, bytes], TabletTables] = field(default_factory=dict)
    priced: dict[tuple[int, int], int] = field(default_factory=dict)
    tariffs: dict[TariffKey, Tariff] = field(default_factory=dict)
    blocks: KnownBlocks = field(default_factory=KnownBlocks)


_memories: list[Memory] = []


def blank(grid: Grid) -> Memory:
    """A memory for a grid with nothing in it."""
    return Memory(likeness=_likeness(grid), finder=WayFinder(grid), layouts=Layouts(grid), regimens=Regimens(grid))


def recalled(grid: Grid) -> Memory:
    """The memory of grids like this one, or a blank one, which is theirs from now on."""
    likeness = _likeness(grid)
    memory = next((each for each in _memories if each.likeness == likeness), None) or blank(grid)
    _memories[:] = [memory, *(each for each in _memories if each is not memory)][:MOST_REMEMBERED]
    return memory


def _likeness(grid: Grid) -> tuple[object, ...]:
    """What grids of the same memory agree in: the scales, and the problem but for its steps and their dates."""
    alike = replace(grid.problem, steps=(), givings=(), start=dt.date.min)
    return grid.mass_scale, grid.volume_scale, grid.money_scale, alike


def forget() -> None:
    """Remember nothing of what was solved so far."""
    _memories.clear()
