"""Plan to plain words and figures: the one place where a number is rounded for people.

`figures` holds numbers, dates and times; `lint` what must never be printed; `directions` what a patient does;
`label` and `sheet` what the papers say. Nothing here knows about fonts or pages.
"""

from splitter.wording.directions import Direction, Manner, directions
from splitter.wording.label import DO_NOT_STOP, LabelText, first_visit, label_texts
from splitter.wording.lint import error_prone

__all__ = ["DO_NOT_STOP", "Direction", "LabelText", "Manner", "directions", "error_prone", "first_visit", "label_texts"]
