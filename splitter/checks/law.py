"""The law of refills, as data: what one prescription may be used for, by country and schedule.

Federal law alone for the United States: a state may be stricter, and the pharmacist knows it. The country is that of
the formulary, whose schedule is that country's.
"""

from __future__ import annotations

from dataclasses import dataclass

from splitter.formulary import ControlSchedule, Formulary

US, UK = "US", "GB"


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """What holds of one prescription.

    `refills` is how often it may be filled again (None: as the prescriber says), `months` and `days` how long after it
    was written it may be filled, `first_days` how long after it the first filling may come, `together` for how many
    days several prescriptions written at once may be, `supply` for how many days one hand-over may be. None: no limit.
    `is_strict`: it is a law on controlled substances, in whose place no custom stands.
    """

    source: str
    is_strict: bool
    refills: int | None = None
    months: int | None = None
    first_days: int | None = None
    together: int | None = None
    supply: int | None = None


_SCHEDULE_II = Law(
    source="21 CFR 1306.12: no refill; several prescriptions written at once, for 90 days in all",
    is_strict=True,
    refills=0,
    together=90,
)
_SCHEDULE_III_IV = Law(
    source="21 CFR 1306.22(a): at most five refills, within six months of writing",
    is_strict=True,
    refills=5,
    months=6,
)
_US_OTHERS = Law(source="the custom of most US states: a year from writing", is_strict=False, months=12)
_UK_SCHEDULE_2_3 = Law(
    source="Misuse of Drugs Regulations 2001, reg. 16: filled within 28 days, not repeatable; the Department of "
    "Health: at most 30 days' supply",
    is_strict=True,
    refills=0,
    first_days=28,
    supply=30,
)
_UK_SCHEDULE_4 = Law(
    source="Misuse of Drugs Regulations 2001, reg. 16: first filled within 28 days; the Department of Health: at most "
    "30 days' supply",
    is_strict=True,
    first_days=28,
    months=6,
    supply=30,
)
_UK_OTHERS = Law(source="Human Medicines Regulations 2012: six months from writing", is_strict=False, months=6)

LAWS: dict[tuple[str, ControlSchedule | None], Law] = {
    (US, ControlSchedule.II): _SCHEDULE_II,
    (US, ControlSchedule.III): _SCHEDULE_III_IV,
    (US, ControlSchedule.IV): _SCHEDULE_III_IV,
    (US, ControlSchedule.V): _US_OTHERS,
    (US, None): _US_OTHERS,
    (UK, ControlSchedule.II): _UK_SCHEDULE_2_3,
    (UK, ControlSchedule.III): _UK_SCHEDULE_2_3,
    (UK, ControlSchedule.IV): _UK_SCHEDULE_4,
    (UK, ControlSchedule.V): _UK_OTHERS,
    (UK, None): _UK_OTHERS,
}


def law_of(formulary: Formulary) -> Law:
    """The law of a drug's prescriptions; that of the United States where the formulary names no country."""
    schedule = formulary.control.schedule if formulary.control is not None else None
    return LAWS[formulary.country or US, schedule]
