"""The command that changes a taper under way. It imports what it needs when it runs, so that `--help` is quick."""

from __future__ import annotations

from pathlib import Path

import click

from splitter.cli import options
from splitter.cli.changing import Changing, changing_options
from splitter.cli.options import Accepting, Given, Printing
from splitter.cli.output import progress_bar
from splitter.cli.paths import PATH
from splitter.cli.streams import say, tell

DONE, ANSWER_IS_NO = 0, 1


@click.command()
@options.plan_file
@options.prescription
@changing_options
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
