"""How precise a dose is: what a day of each step really delivers, and whether a step down is one.

The model. All errors are independent of each other but for two: the parts of one tablet, which are used in turn, make
up the whole tablet, so that what one has too much another has too little; and the content of a liquid or of compounded
capsules is the same throughout what was handed over at once. `pieces` and `draws` give the means and variances of what
is counted, broken and measured, which are exact fractions; `day` adds them up; `change` holds two days against each
other. Only what is said of them, standard deviations, ranges and chances, is binary floating point, and takes sums of
errors as normally distributed. Nothing is decided by that: whether a step is resolved is a comparison of fractions.

The model is of products and instruments, with the facts of `formulations/precision.toml`. It knows nothing of mistakes:
a wrong line on a syringe, a forgotten shake, a dose that is spilt.
"""

from splitter.precision.change import USUAL_CERTAINTY, Change, change_between
from splitter.precision.day import Day, day_of
from splitter.precision.steps import StepPrecision, Unresolved, precision_of, unresolved

__all__ = [
    "USUAL_CERTAINTY",
    "Change",
    "Day",
    "StepPrecision",
    "Unresolved",
    "change_between",
    "day_of",
    "precision_of",
    "unresolved",
]
