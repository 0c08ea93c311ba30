"""The command that changes a taper under way. It imports what it needs when it runs, so that `--help` is quick."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from splitter.cli import options
from splitter.cli.options import Accepting, Given, Printing, Stopping
from splitter.cli.output import progress_bar
from splitter.cli.paths import PATH
from splitter.cli.streams import say, tell
from splitter.cli.visits import Command

DONE, ANSWER_IS_NO = 0, 1
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


def _changing(command: Command) -> Command:
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


@click.command()
@options.plan_file
@options.prescription
@_changing
@click.option("-o", "--output", type=PATH, help="The new directory; else amendment-N.")
@options.printing
@options.shared
def amend(plan_file: Path, rx: Path, changing: Changing, output: Path | None, printing: Printing, given: Given) -> int:
    """Change a taper under way, with what the patient has at home.

    PLAN is the plan that was followed, RX its prescription. Exactly one of --hold, --slower, --back, --stop and --steps
    says what changes. What was handed over is at home by the plan as taken, or as it was counted, and is used first.
    Writes rx.toml, plan.json, labels.pdf and sheets.pdf into a new directory, and says which labels are void.

    \b
    Example: splitter amend fill/plan.json rx.toml --on 2027-02-02 --hold "2 weeks" --reason spasms --by "Dr Example"
    """
    from splitter import batch, service
    from splitter.cli import inputs, show_amendment
    from splitter.cli.changes import order_of, refuse_amended
    from splitter.cli.printing import new_folder, write_amended
    from splitter.codec import to_json

    order = order_of(changing)
    prescription, pharmacy, formulary = inputs.read_order(rx, given, plan_file)
    replaced = inputs.read_replaced(plan_file, rx, prescription)
    refuse_amended(plan_file, replaced.digest)
    number = 1 if prescription.amendment is None else prescription.amendment.number + 1
    folder = new_folder(output or plan_file.parent / f"amendment-{number}")
    with progress_bar("Searching") as progress:
        limits = inputs.limits_of(changing.stopping)
        found = service.amend(replaced, order, pharmacy, formulary, limits, progress)
    taken_on = Accepting(codes=changing.accept, by=changing.by, why=changing.reason)
    filled = batch.printed(service.accept(found.plan, inputs.acceptances_of(taken_on)), inputs.papers_of(printing))
    write_amended(folder, filled, found.text)
    say(to_json(found) if given.as_json else show_amendment.amendment(replaced, order, found))
    objections = service.objections(filled.plan)
    for objection in objections:
        tell(f"not printed: {objection}")
    return ANSWER_IS_NO if objections else DONE
