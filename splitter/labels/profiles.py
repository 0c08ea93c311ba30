"""Label profiles: the type sizes and the words of a country, as data."""

from __future__ import annotations

from dataclasses import dataclass

from splitter.wording.customs import AMERICAN, BRITISH, Customs


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The least type sizes [pt], the least share of a label that the primary zone takes, and the country's words.

    The primary zone holds, in this order, patient, drug, directions and purpose, and nothing else.
    """

    name: str
    primary_size: float
    secondary_size: float
    primary_share: float
    customs: Customs


# Sizes and share as California 16 CCR 1707.5 asks: 12 pt sans serif, half of the label.
US = Profile(name="us", primary_size=12, secondary_size=7, primary_share=0.5, customs=AMERICAN)
# No British rule sets a size; 10 pt is our choice, the most with which 70 by 35 mm holds a step of a taper.
UK = Profile(name="uk", primary_size=10, secondary_size=7, primary_share=0.5, customs=BRITISH)
PROFILES = {profile.name: profile for profile in (US, UK)}
