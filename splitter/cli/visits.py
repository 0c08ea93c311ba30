"""Which visits are printed, and the calendar for a phone: the options of both, gathered into a record each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from splitter.cli.paths import PATH

Command = Callable[..., int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """Which visits are printed: that of `date`, `every` one, those `due` from one day to another, or else the first."""

    date: dt.date | None
    every: bool
    due: tuple[dt.date, dt.date] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """The calendar for a phone: where it goes (None: nowhere), and the file that it replaces."""

    output: Path | None
    replaces: Path | None


def _due(_: click.Context, __: click.Parameter, text: str | None) -> tuple[dt.date, dt.date] | None:
    """Two days with ".." between them, or one."""
    if text is None:
        return None
    first, dots, last = text.partition("..")
    try:
        days = dt.date.fromisoformat(first), dt.date.fromisoformat(last if dots else first)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not FROM..TO, such as 2026-12-07..2026-12-11") from None
    if days[0] > days[1]:
        raise click.BadParameter(f"{text!r} ends before it begins")
    return days


_VISITS = (
    click.option(
        "--visit",
        metavar="DATE",
        type=click.DateTime(["%Y-%m-%d"]),
        help="Print the visit of this date, such as 2026-12-29, in place of the first.",
    ),
    click.option("--all", "every", is_flag=True, help="Print every visit."),
    click.option(
        "--due",
        metavar="FROM..TO",
        callback=_due,
        help="Print all visits from one day to another, such as 2026-12-07..2026-12-11; that none is due is no fault.",
    ),
)
_PHONE = (
    click.option(
        "--ics",
        type=PATH,
        help="Also write the patient's calendar for a phone to this file; - prints it.",
    ),
    click.option(
        "--replaces",
        metavar="ICS",
        type=PATH,
        help="The file for the phone that the patient was given before: what of it the plan no longer has is "
        "cancelled.",
    ),
)


def visits(command: Command) -> Command:
    """Adds the choice of visits; it arrives as `visits`."""

    @wraps(command)
    def gathered(*, visit: dt.datetime | None, every: bool, due: tuple[dt.date, dt.date] | None, **rest: Any) -> int:
        given = [name for name, value in (("--visit", visit), ("--all", every), ("--due", due)) if value]
        if len(given) > 1:
            raise click.UsageError(f"give {' or '.join(given)}, not both")
        return command(visits=Visits(date=visit.date() if visit else None, every=every, due=due), **rest)

    return with_options(gathered, _VISITS)


def phone(command: Command) -> Command:
    """Adds the calendar for a phone; it arrives as `phone`."""

    @wraps(command)
    def gathered(*, ics: Path | None, replaces: Path | None, **rest: Any) -> int:
        if replaces is not None and ics is None:
            raise click.UsageError("say with --ics where the calendar goes that replaces this one")
        return command(phone=Phone(output=ics, replaces=replaces), **rest)

    return with_options(gathered, _PHONE)


def with_options(command: Command, options: tuple[Callable[[Command], Command], ...]) -> Command:
    for option in reversed(options):
        command = option(command)
    return command
