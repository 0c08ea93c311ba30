"""Label stock and label profiles: pure data. Another stock or another country's rules is another record."""

from __future__ import annotations

from dataclasses import dataclass

INCH = 72.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """One label per page: its size and the margins that stay blank [pt]."""

    name: str
    wide: float
    high: float
    margin_x: float
    margin_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Type sizes [pt], and the least share of the label that the primary zone takes.

    The primary zone holds, in this order, patient, drug, directions and purpose, and nothing else.
    """

    name: str
    primary_size: float
    secondary_size: float
    primary_share: float


ROLL_4X2 = Stock(name="4 x 2 in", wide=4 * INCH, high=2 * INCH, margin_x=7, margin_y=4)

# Sizes and share as California 16 CCR 1707.5 asks: 12 pt sans serif, half of the label.
US = Profile(name="us", primary_size=12, secondary_size=7, primary_share=0.5)
