"""The options that say how a taper is changed under way, gathered into one record, as they were written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from splitter.cli import options
from splitter.cli.options import Stopping
from splitter.cli.paths import PATH
from splitter.cli.visits import Command

_OPTIONS = (
    click.option("--on", required=True, metavar="DATE", help="The first day of the change, such as 2027-02-02."),
    click.option("--hold", metavar="TIME", help='Stay so much longer on the dose of that day: "2 weeks".'),
    click.option("--slower", metavar="HOW", help='"x1.5": remaining steps longer; "half": remaining drops halved.'),
    click.option("--back", is_flag=True, help="Go back to the step before, for as long as it was; then as ordered."),
    click.option("--stop", is_flag=True, help="Stay on the dose of that day until the taper would end."),
    click.option("--steps", metavar="FILE", type=PATH, help="New steps: a file of [[step]]."),
    click.option("--reason", required=True, help="Why the taper is changed."),
    click.option("--by", required=True, metavar="NAME", help="Who decided it."),
    click.option(
        "--at-home", multiple=True, metavar="ID=COUNT", help='As counted: "id=13, 1 half", "id=42 mL by DATE".'
    ),
    click.option("--accept", multiple=True, metavar="CODE", help="Go on in spite of what stops the plan, by --by."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changing:
    """What is asked for: one of `hold`, `slower`, `back`, `stop`, `steps` from the day `on`, why, and by whom.

    `at_home` is what was counted, `accept` the codes of findings that are taken on; all as they were written.
    """

    on: str
    hold: str | None
    slower: str | None
    back: bool
    stop: bool
    steps: Path | None
    reason: str
    by: str
    at_home: tuple[str, ...]
    accept: tuple[str, ...]
    today: dt.date
    stopping: Stopping


def changing_options(command: Command) -> Command:
    """Adds what changes, when it is asked for, and when a search stops; it arrives as `changing`."""
    names = Changing.__slots__

    @options.today
    @options.limits
    @wraps(command)
    def gathered(**rest: Any) -> int:
        return command(changing=Changing(**{name: rest.pop(name) for name in names}), **rest)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered
