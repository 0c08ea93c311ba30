"""`splitter check`: a physician's answer, the same treatment at several paces, and what is asked of each plan."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from splitter.cli import options
from splitter.cli.options import Given, Stopping
from splitter.cli.output import progress_bar
from splitter.cli.paths import PATH
from splitter.cli.streams import say


@click.command()
@click.argument("rx", metavar="RX", type=PATH, required=False)
@click.option("--full", is_flag=True, help="Tell the steps, the costs and every finding too.")
@click.option(
    "--pace",
    "paces",
    multiple=True,
    metavar="PACE",
    help='Hold the treatment at other paces side by side, such as "10 % every 2 weeks"; may be given several times.',
)
@click.option("--list", "listing", is_flag=True, help="Tell every check with its code, weight and source instead.")
@options.today
@options.limits
@options.shared
def check(rx: Path | None, today: dt.date, stopping: Stopping, given: Given, **asked: Any) -> int:
    """Tell a physician what can be made, and what is unsafe.

    The first screen has the verdict, the way of the dose and its pace against the tapers cited for the drug, the cost,
    what must be decided (stops) and what must be known (warnings), the worst first.

    \b
    Example: splitter check rx.toml
    Example: splitter check rx.toml --pace "10 % every 2 weeks" --pace "20 % every 2 weeks"
    Example: splitter check --list
    """
    from splitter import service
    from splitter.cli import checking, inputs

    if asked["listing"]:
        say(checking.listed(given))
        return 0
    if rx is None:
        raise click.UsageError("name the prescription, or give --list")
    prescription, pharmacy, formulary = order = inputs.read_order(rx, given)
    limits = inputs.limits_of(stopping)
    with progress_bar("Searching") as progress:
        if asked["paces"]:
            sought = service.Inputs(prescription=prescription, pharmacy=pharmacy, formulary=formulary, today=today)
            return checking.say_paces(sought, asked["paces"], limits, given)
        answer = service.check(*order, limits, progress, today)
    say(checking.answered(answer, service.inputs_of(*order), given, full=asked["full"]))
    return 0 if answer.verdict is service.Verdict.POSSIBLE else 1
