"""What partial plans of some blocks will cost at least, when their days to come are given as cheaply as any could be.

Four kinds of rows meet here: blocks [B] of a stage, states [n] each in one of the blocks, ways [w] of the stage's
steps, and pairs [p] of a state and a way. A state has opened some members of the bound in the interval under way, a
mask [n], and its carried lots have ages [n].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitter.optimise.bounds.intervals import IntervalBound
from splitter.optimise.bounds.plans import PlanBound
from splitter.optimise.bounds.poured import FAR, add
from splitter.optimise.bounds.sets import least_of_supersets, renumbered
from splitter.optimise.day import Ways, least_cost
from splitter.optimise.integers import Ints, Stage
from splitter.optimise.owed import States


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """Where states are: the place of the `block` among the stage's, the members `opened` in its interval as a mask, and
    the place of the lots' `ages` in `Carried.ages` [n each]."""

    block: Ints
    opened: Ints
    ages: Ints

    def going_on(self, rows: Ints, more: Ints) -> _Standing:
        """Where `rows` [p] of the states are when each has opened `more` [p] members."""
        return _Standing(block=self.block[rows], opened=self.opened[rows] | more, ages=self.ages[rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """Bounds on the blocks of a stage by one group of tariffs.

    `rests` [B, lots, 2^n], one a tariff, is the least cost of the days of an interval after the stage, for a plan that
    uses these carried lots in it, and of opening all that it opens there, when the members of a mask are among that;
    `after` [B, lots, a] the least cost of all later intervals then, with what beginning the lots costs, by their ages
    when this interval begins; `beyond` [B, a] that of the later intervals by the ages when they begin; `base` [B] what
    of both lies beyond the block.
    """

    bound: PlanBound
    stage: Stage
    rests: tuple[Ints, ...]
    after: Ints
    beyond: Ints
    base: Ints

    @classmethod
    def of(cls, bound: PlanBound, stage: Stage) -> Ahead:
        """What a bound says of the blocks of a stage."""
        beyond = bound.later[stage.intervals + 1]
        moved = [[bound.carried.step(v, lots) for lots in bound.lot_sets] for v in stage.intervals.tolist()]
        after = [[later[age] + paid for age, paid in row] for later, row in zip(beyond, moved, strict=True)]
        return cls(
            bound=bound,
            stage=stage,
            rests=tuple(_rests(bound, part, stage.numbers) for part in bound.parts),
            after=np.array(after),
            beyond=beyond,
            base=bound.later[stage.block_ends, 0],
        )

    def of_states(self, states: States) -> Ints:
        """[n] a bound on the blocks that go on from each state after the stage."""
        standing = self._standing(states, self.stage.ends_interval)
        bounds = []
        for part, rests in zip(self.bound.parts, self.rests, strict=True):
            paid = self._paid(part, states, standing)
            if self.stage.ends_interval:
                bounds.append(paid + self.beyond[standing.block, standing.ages])
            else:
                bounds.append(paid - part.fees[standing.opened] + self._to_come(rests, standing))
        largest: Ints = np.max(bounds, axis=0)
        return largest

    def of_pairs(self, states: States, ways: Ways, parent: Ints, chosen: Ints) -> Ints:
        """[p] a bound on the blocks that go on from each `parent` [p] of the states before the stage with each way.

        What is open when the interval ends is opened once: what a state paid for opening its own mask is taken out,
        since `rests` holds it of all that is open.
        """
        before = self._standing(states, after_interval=False)
        standing = before.going_on(parent, self._members_of(ways)[chosen])
        days, grid = self.stage.days[standing.block], self.bound.tariffs.supplies.grid
        bounds = []
        for part, rests in zip(self.bound.parts, self.rests, strict=True):
            paid = self._paid(part, states, before) - part.fees[before.opened]
            day = least_cost(grid, ways.doses, part.tariff.prices)
            bounds.append(paid[parent] + days * day[chosen] + self._to_come(rests, standing))
        largest: Ints = np.max(bounds, axis=0)
        return largest

    def _paid(self, part: IntervalBound, states: States, standing: _Standing) -> Ints:
        """[n] what the states have paid and owe at one tariff, less what lies beyond the block."""
        paid: Ints = states.cost + self.bound.tariffs.owed(states, part.tariff) - self.base[standing.block]
        return paid

    def _to_come(self, rests: Ints, standing: _Standing) -> Ints:
        """[n] the least cost of the rest of the interval, with all that it opens, and of all later ones."""
        best = np.full(len(standing.block), FAR)
        for lots in self.bound.lot_sets:
            rest = rests[standing.block, lots, standing.opened]
            best = np.minimum(best, rest + self.after[standing.block, lots, standing.ages])
        return best

    def _standing(self, states: States, after_interval: bool) -> _Standing:
        """Where the states are; the ages are counted from the stage's interval on, or from the one after it."""
        block = self.stage.places[states.block]
        return _Standing(
            block=block,
            opened=renumbered(self.bound.members, states.opened),
            ages=self._ages(states, self.stage.intervals[block] + after_interval),
        )

    def _ages(self, states: States, interval: Ints) -> Ints:
        """[n] the place of the ages of each state's carried lots, counted from its `interval` [n] on."""
        carried = self.bound.carried
        lots = list(carried.members)
        # A lot without a shelf life has no beginning in the state: any that is in use serves to the end.
        since = np.where((states.since < 0) & (states.use > 0), 0, states.since)[:, lots]
        reach = np.take_along_axis(carried.reach.T, np.maximum(since, 0), axis=0)
        return carried.place(np.where(since < 0, 0, np.maximum(since + reach - interval[:, None], 0)))

    def _members_of(self, ways: Ways) -> Ints:
        """[w] the members that each way uses, as a mask."""
        members = list(self.bound.members)
        uses = np.hstack([ways.doses.whole + ways.doses.broken, ways.doses.volume])[:, members] > 0
        masks: Ints = uses @ (1 << np.arange(len(members)))
        return masks


def _rests(bound: PlanBound, part: IntervalBound, numbers: Ints) -> Ints:
    """[s, lots, 2^n] the least cost of the rest of an interval after some segments, by the lots and what is open."""
    days = add(part.rests(numbers), part.fees)
    lots = np.array(bound.lot_sets)[:, None]
    return least_of_supersets(np.where(bound.lots_of == lots, days[:, None, :], FAR))
