"""What is kept from one prescription to the next: tables that don't depend on the steps of either.

They hold for all prescriptions of the same products, policy, costs and times on the same integers, as those of a batch
are. They make an answer faster and never another one: all of them are memories of what would be worked out again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from splitter.optimise.bounds import Products, TabletTables
from splitter.optimise.course.contender import KnownBlocks
from splitter.optimise.day import Layouts, Regimens, WayFinder
from splitter.optimise.integers import Grid
from splitter.optimise.owed import Tariff, TariffKey

MOST_KEPT = 12
"""How many sets of tables are kept; the one that was asked for last stays longest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The tables of one setting: a problem without its steps, and the scales of its integers."""

    setting: tuple[object, ...]
    finder: WayFinder
    layouts: Layouts
    regimens: Regimens
    tablets: dict[tuple[Products, bytes], TabletTables] = field(default_factory=dict)
    priced: dict[tuple[int, int], int] = field(default_factory=dict)
    tariffs: dict[TariffKey, Tariff] = field(default_factory=dict)
    blocks: KnownBlocks = field(default_factory=KnownBlocks)


_kept: list[Kept] = []


def anew(grid: Grid) -> Kept:
    """Empty tables for a grid."""
    return Kept(setting=_setting(grid), finder=WayFinder(grid), layouts=Layouts(grid), regimens=Regimens(grid))


def kept(grid: Grid) -> Kept:
    """The tables that were kept for grids like this one, or empty ones, which are kept from now on."""
    setting = _setting(grid)
    found = next((tables for tables in _kept if tables.setting == setting), None) or anew(grid)
    _kept[:] = [found, *(tables for tables in _kept if tables is not found)][:MOST_KEPT]
    return found


def _setting(grid: Grid) -> tuple[object, ...]:
    """What grids of the same tables agree in: the scales, and the problem but for its steps and their dates."""
    alike = replace(grid.problem, steps=(), givings=(), start=dt.date.min)
    return grid.mass_scale, grid.volume_scale, grid.money_scale, alike


def forget() -> None:
    """Keep nothing of what was solved so far."""
    _kept.clear()
