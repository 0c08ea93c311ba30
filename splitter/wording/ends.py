"""Where a plan ends: its last dose, whether nothing follows it, and days without the medicine in between."""

from __future__ import annotations

import datetime as dt

from splitter.plan import Item, Plan, PlannedStep

_ONE_DAY = dt.timedelta(days=1)
# The finding of a plan whose last dose is too high to stop from.
_ABRUPT_END = "abrupt-end"


def gives(step: PlannedStep) -> bool:
    """Whether anything is taken on its days."""
    return any(administration.dose_mg for administration in step.administrations)


def stop_day(plan: Plan) -> dt.date:
    """The first day after the last dose of the plan; of one that gives none, the first after it."""
    given = [step for step in plan.steps if gives(step)] or list(plan.steps)
    return given[-1].last + _ONE_DAY


def ends_open(plan: Plan) -> bool:
    """Whether the prescription ends at a dose from which nobody should stop, and says nothing of what follows."""
    return gives(plan.steps[-1]) and any(finding.code == _ABRUPT_END for finding in plan.findings)


def last_dosed_step(plan: Plan) -> PlannedStep | None:
    """The last step on which anything is taken."""
    return next((step for step in reversed(plan.steps) if gives(step)), None)


def goes_on_after(plan: Plan, item: Item) -> dt.date | None:
    """The first day on which something is taken after days without medicine that begin when `item` ends.

    None where they are no such days: where another container serves the next day, or nothing follows.
    """
    following = item.use_until + _ONE_DAY
    later = [step for step in plan.steps if step.last >= following]
    if not later or gives(later[0]):
        return None
    return next((step.start for step in later if gives(step)), None)
