"""Layouts on the grid's integers to the regimens of a plan."""

from __future__ import annotations

from fractions import Fraction

from splitter.division import rest_syringe_for, syringe_for
from splitter.optimise.day.layout import Given, Layout
from splitter.optimise.integers import TWELFTHS, Grid
from splitter.optimise.solution import Dose
from splitter.plan import Measure, Take
from splitter.quantity import Volume


class Regimens:
    """Writes out what is given, for one problem and all that differ from it in their steps alone."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self._doses: dict[Given, Dose] = {}

    def of(self, layout: Layout | None) -> tuple[Dose, ...] | None:
        """The doses of a day's times, None of a drug-free day."""
        return None if layout is None else tuple(map(self._dose, layout.given))

    def _dose(self, given: Given) -> Dose:
        if given not in self._doses:
            self._doses[given] = self._written_out(given)
        return self._doses[given]

    def _written_out(self, given: Given) -> Dose:
        take = tuple(
            Take(product=self.grid.discrete[product].id, fraction=Fraction(-twelfths, TWELFTHS), count=count)
            for product, twelfths, count in given.take
        )
        if not given.measure:
            return Dose(take=take, measure=None)
        liquid, amount = given.measure
        volume = Volume(Fraction(amount, self.grid.volume_scale))
        policy = self.grid.problem.policy
        syringe = syringe_for(volume, policy)
        assert syringe is not None
        rest = rest_syringe_for(volume, policy)
        product = self.grid.liquids[liquid].id
        return Dose(take=take, measure=Measure(product=product, mL=volume.value, syringe=syringe, rest_syringe=rest))
