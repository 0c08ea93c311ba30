"""`splitter report`: a physician's pages on one prescription."""

from __future__ import annotations

from pathlib import Path

import click

from splitter.cli import options
from splitter.cli.options import STANDARD, Asking, Given, Labelling
from splitter.cli.output import progress_bar, refuse_overwriting, write
from splitter.cli.streams import say


@click.command()
@options.prescription
@options.output("The PDF to write; - prints it.")
@options.paper
@options.profile
@options.asking
@options.shared
def report(rx: Path, output: Path, asking: Asking, given: Given, **paper: str | None) -> int:
    """Write a physician's report: one or two pages for the patient's file.

    Whether it can be made, the doses as a picture with what they are made of and how exactly they are delivered, every
    step, what it costs, what was found and decided, how sure the facts are. It is written of what can't be made, too.

    \b
    Example: splitter report rx.toml -o report.pdf
    """
    from splitter import service
    from splitter.cli import inputs
    from splitter.codec import to_json
    from splitter.report import Report, render_report
    from splitter.sheets import PAPERS

    if output == STANDARD and given.as_json:
        raise click.UsageError("the report and JSON can't go to standard output together; name a file with -o")
    refuse_overwriting([output], inputs.inputs_of(given, rx))
    read = inputs.read_inputs(rx, given)
    labelling = Labelling(stock=None, profile=paper["profile"], clock=None, start=1, offset=None, continued=False)
    customs = inputs.style_of(labelling).profile.customs
    with progress_bar("Searching") as progress:
        limits = inputs.limits_of(asking.stopping)
        answer = service.check(read.prescription, read.pharmacy, read.formulary, limits, progress, asking.today)
    answer = service.decided(answer, inputs.acceptances_of(asking.accepting))
    found = Report(
        answer=answer,
        precision=service.precision(answer.plan, read),
        resolving=service.resolving(answer.plan, read),
        formulary=read.formulary,
    )
    write(output, render_report(found, PAPERS[paper["paper"] or customs.paper.lower()], customs))
    if given.as_json:
        say(to_json({"file": str(output), "verdict": answer.verdict}))
    return 1 if service.objections(answer.plan) else 0
