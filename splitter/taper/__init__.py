"""A taper's dated steps: from a rule to explicit steps, and back to the text of a prescription.

`rounding` finds the next dose that products can give (`aim` which are tried), `phases` follows a rule with it from its
first dose to its end, `records` says what comes of that, `steps` dates the steps and writes them out.
"""

from splitter.taper.phases import expand, with_steps
from splitter.taper.records import Clause, Ending, EndReason, Rounding, Schedule
from splitter.taper.steps import as_toml_steps, step_starts

__all__ = [
    "Clause",
    "EndReason",
    "Ending",
    "Rounding",
    "Schedule",
    "as_toml_steps",
    "expand",
    "step_starts",
    "with_steps",
]
