"""What one country's labels say differently from another's: data only, and how they write dates."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from splitter.wording.figures import day, days, people_dates


@dataclass(frozen=True, slots=True, kw_only=True)
class Customs:
    """The words, the way of writing dates, the paper of sheets.

    `clocks`: the first day of March that can be the Sunday on which clocks go forward, and the hour that is left out.

    In the drug's words for an emergency, `foreign_numbers` make way for the words beside them: whoever calls the
    number of another country reaches nobody. `transfer` is said of drugs in `transfer_schedules`, word for word.
    """

    language: str
    paper: str
    day_first: bool
    fahrenheit: bool
    number: str
    filled: str
    keep_out: str
    clocks: tuple[int, int]
    foreign_numbers: tuple[tuple[str, str], ...]
    transfer: str = ""
    transfer_schedules: tuple[str, ...] = ()

    def day(self, when: dt.date, beside: dt.date | None = None) -> str:
        """A date with its year, which is left out when it is the year of `beside`."""
        return day(when, beside, day_first=self.day_first)

    def days(self, first: dt.date, last: dt.date, beside: dt.date) -> str:
        """A range of days; years are given where they are not the year of `beside`."""
        return days(first, last, beside, day_first=self.day_first)

    def people_dates(self, text: str) -> str:
        """A text with each ISO date written as people do."""
        return people_dates(text, day_first=self.day_first)

    def clocks_forward(self, year: int) -> dt.datetime:
        """When the clocks are put forward by an hour in spring: the beginning of the hour that is left out.

        >>> str(AMERICAN.clocks_forward(2027)), str(BRITISH.clocks_forward(2027))
        ('2027-03-14 02:00:00', '2027-03-28 01:00:00')
        """
        day, hour = self.clocks
        earliest = dt.datetime.combine(dt.date(year, 3, day), dt.time(hour))
        return earliest + dt.timedelta(days=-earliest.isoweekday() % 7)

    def emergency(self, text: str) -> str:
        """A text that may say whom to call, without the numbers of other countries.

        >>> BRITISH.emergency("Call 911, or the crisis line 988, for thoughts of ending your life.")
        'Call the emergency number, or a crisis line, for thoughts of ending your life.'
        """
        for number, words in self.foreign_numbers:
            text = re.sub(rf"\b{number}\b", words, text)
        return text


# The sentence on transfer is law: 21 CFR 290.5, for schedules II, III and IV. Clocks go forward on the second Sunday of
# March at 2 AM (15 U.S.C. 260a).
AMERICAN = Customs(
    language="en-US",
    paper="Letter",
    day_first=False,
    fahrenheit=True,
    number="Rx",
    filled="Filled",
    keep_out="Keep out of the reach of children.",
    clocks=(8, 2),
    foreign_numbers=(("999", "the emergency number"),),
    transfer="Caution: Federal law prohibits the transfer of this drug to any person other than the patient for whom "
    "it was prescribed.",
    transfer_schedules=("II", "III", "IV"),
)
# "Reach and sight": Royal Pharmaceutical Society, Medicines, Ethics and Practice 3.3.7. Clocks go forward on the last
# Sunday of March at 1 AM (Summer Time Act 1972, section 1).
BRITISH = Customs(
    language="en-GB",
    paper="A4",
    day_first=True,
    fahrenheit=False,
    number="No.",
    filled="Dispensed",
    keep_out="Keep out of the reach and sight of children.",
    clocks=(25, 1),
    foreign_numbers=(
        ("911", "the emergency number"),
        ("the crisis line 988", "a crisis line"),
        ("988", "a crisis line"),
    ),
)
