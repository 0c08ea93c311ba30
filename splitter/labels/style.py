"""How labels are printed: on which stock, by which profile, with clock times or parts of the day, fed from where."""

from __future__ import annotations

from dataclasses import dataclass

from splitter.labels.imposing import FROM_FIRST, Feed
from splitter.labels.profiles import US, Profile
from splitter.labels.setting import Setting
from splitter.labels.stock import Stock
from splitter.labels.stocks import ROLL_4X2
from splitter.wording import Manner


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """The stock, the profile, whether times are clock times, and the printer's feed.

    With `continued`, all directions are printed on numbered labels, however many a container needs.
    """

    stock: Stock = ROLL_4X2
    profile: Profile = US
    clock: bool = False
    feed: Feed = FROM_FIRST
    continued: bool = False

    @property
    def setting(self) -> Setting:
        return Setting(stock=self.stock, profile=self.profile)

    @property
    def manner(self) -> Manner:
        return Manner(customs=self.profile.customs, clock=self.clock)


USUAL = Style()
