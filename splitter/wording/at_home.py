"""What a patient must know of before: what is at home and how it is used, and that a plan was changed."""

from __future__ import annotations

from collections.abc import Iterator

from splitter.plan import Plan, PlannedHome
from splitter.wording.customs import AMERICAN, Customs
from splitter.wording.figures import amount, listing, plural

_FRAGMENTS = (("half", "halves"), ("third", "thirds"), ("quarter", "quarters"))


def at_home_words(plan: Plan, customs: Customs = AMERICAN) -> tuple[str, ...]:
    """One or two sentences for each product that the patient has."""
    return tuple(sentence for home in plan.at_home for sentence in _words(plan, home, customs))


def amendment_words(plan: Plan, customs: Customs = AMERICAN) -> str:
    """That this plan takes the place of one before; nothing where it is the first."""
    amendment = plan.prescription.amendment
    if amendment is None:
        return ""
    start = customs.day(plan.prescription.start)
    return f"Changed from {start} on: {amendment.change}. Labels and calendars from before don't hold any more."


def _words(plan: Plan, home: PlannedHome, customs: Customs) -> Iterator[str]:
    if home.used_until is None:
        yield f"Not used any more: {_what(home)} at home. Bring it back."
        return
    until = customs.day(home.used_until, beside=plan.prescription.start)
    yield f"Use first what is at home: {_what(home)}, until {until}."
    if home.used < home.stated:
        left = amount(home.stated - home.used, "mL" if home.volume_mL else "unit")
        yield f"After {until}, {left} of it will be left, for which there is no use. Bring it back."


def _what(home: PlannedHome) -> str:
    """How much there is of what."""
    if home.volume_mL:
        return f"{amount(home.volume_mL, 'mL')} of {home.name}"
    counts = (home.halves, home.thirds, home.quarters)
    parts = [
        f"{count} {one if count == 1 else more}" for (one, more), count in zip(_FRAGMENTS, counts, strict=True) if count
    ]
    whole = [f"{home.units} whole"] if home.units else []
    return f"{listing([*whole, *parts])} of {plural(home.name, 2)}"
