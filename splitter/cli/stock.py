"""`splitter stock`: which label stock there is, and a test page for one."""

from __future__ import annotations

from pathlib import Path

import click

from splitter.cli import options
from splitter.cli.options import STANDARD, Labelling
from splitter.cli.output import write
from splitter.cli.streams import say


@click.command()
@click.argument("name", required=False)
@options.output("Write a test page to this PDF: it shows where a printer puts the labels.", required=False)
@options.offset
@options.as_json
def stock(name: str | None, output: Path | None, offset: str | None, as_json: bool) -> int:
    """List the stock that labels can be printed on, or show one.

    Print the test page on plain paper, hold it with the stock against a light, and measure how far it is off. Give
    that to `labels` as --offset, or write it into splitter/labels.toml of your configuration directory.

    \b
    Example: splitter stock avery-5163 -o test.pdf
    """
    from splitter.cli import inputs
    from splitter.cli.show_stock import table
    from splitter.codec import to_json
    from splitter.labels import alignment, find_stock, pdf

    if name is None and (output is not None or offset is not None):
        raise click.UsageError("name the stock of the test page")
    stocks = inputs.every_stock() if name is None else (find_stock(name),)
    if output is not None and name is not None:
        look = Labelling(stock=name, profile=None, clock=None, start=1, offset=offset, continued=False)
        style = inputs.style_of(look)
        write(output, pdf([alignment(style.stock, style.feed)], title=f"Test page of {style.stock.name}"))
    if output != STANDARD:
        say(to_json(stocks) if as_json else table(stocks))
    return 0
