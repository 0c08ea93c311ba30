"""What one country's labels say differently from another's: data only, and how they write dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from splitter.wording.figures import day, days


@dataclass(frozen=True, slots=True, kw_only=True)
class Customs:
    """The words, the way of writing dates, the paper of sheets.

    `transfer` is said of drugs in `transfer_schedules`, word for word.
    """

    language: str
    paper: str
    day_first: bool
    fahrenheit: bool
    number: str
    filled: str
    keep_out: str
    transfer: str = ""
    transfer_schedules: tuple[str, ...] = ()

    def day(self, when: dt.date) -> str:
        """A date with its year."""
        return day(when, day_first=self.day_first)

    def days(self, first: dt.date, last: dt.date, beside: dt.date) -> str:
        """A range of days; years are given where they are not the year of `beside`."""
        return days(first, last, beside, day_first=self.day_first)


# The sentence on transfer is law: 21 CFR 290.5, for schedules II, III and IV.
AMERICAN = Customs(
    language="en-US",
    paper="Letter",
    day_first=False,
    fahrenheit=True,
    number="Rx",
    filled="Filled",
    keep_out="Keep out of the reach of children.",
    transfer="Caution: Federal law prohibits the transfer of this drug to any person other than the patient for whom "
    "it was prescribed.",
    transfer_schedules=("II", "III", "IV"),
)
# "Reach and sight": Royal Pharmaceutical Society, Medicines, Ethics and Practice 3.3.7.
BRITISH = Customs(
    language="en-GB",
    paper="A4",
    day_first=True,
    fahrenheit=False,
    number="No.",
    filled="Dispensed",
    keep_out="Keep out of the reach and sight of children.",
)
