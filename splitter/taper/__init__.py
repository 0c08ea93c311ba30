"""A taper's dated steps: from a rule to explicit steps, and back to the text of a prescription.

`paces` chooses from what a rule leaves open, `rounding` finds the next dose that products can give (`aim` which are
tried), `phases` follows a rule with it from its first dose to its end, `records` says what comes of that, `steps` dates
the steps and writes them out, `chosen` writes a pace in place of a range.
"""

from splitter.taper.changing import Change, Way, changed, under_way
from splitter.taper.chosen import length_words, pace_words, reduction_words, with_paces
from splitter.taper.paces import Pace, paced
from splitter.taper.phases import expand, rounder_for, with_steps
from splitter.taper.records import Clause, Ending, EndReason, Rounding, Schedule
from splitter.taper.steps import as_toml_steps, step_starts

__all__ = [
    "Change",
    "Clause",
    "EndReason",
    "Ending",
    "Pace",
    "Rounding",
    "Schedule",
    "Way",
    "as_toml_steps",
    "changed",
    "expand",
    "length_words",
    "pace_words",
    "paced",
    "reduction_words",
    "rounder_for",
    "step_starts",
    "under_way",
    "with_paces",
    "with_steps",
]
