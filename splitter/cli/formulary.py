"""The commands about formularies. Each imports what it needs when it runs, so that `--help` is quick."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from splitter.cli import options
from splitter.cli.options import STANDARD, Given
from splitter.cli.output import refuse_overwriting, write
from splitter.cli.paths import PATH
from splitter.cli.streams import say, tell
from splitter.files import shown_path

DONE, ANSWER_IS_NO, BAD_INPUT = 0, 1, 2

_file = click.argument("file", metavar="FILE", type=PATH)
_drug = click.argument("drug", metavar="DRUG")


def _read_also(given: Given, *files: Path) -> None:
    """Raises InputError with the faults of the files that the options name, needed or not."""
    from splitter.service import load_shared

    given.read_also(*files)
    if given.pharmacy is not None or given.formularies:
        load_shared(given.pharmacy, given.formularies)


@click.group()
def formulary() -> None:
    """See, check and change what exists: products, recipes and prices.

    Files in splitter/formulary/ of your configuration directory (~/.config, or XDG_CONFIG_HOME) are laid over the
    built-in ones: prices, what is in stock, products and recipes of your own.
    """


@formulary.command("list")
@options.shared
def list_drugs(given: Given) -> int:
    """List the drugs, with how much is known of each and how surely.

    \b
    Example: splitter formulary list
    """
    from splitter.cli import show_formulary
    from splitter.codec import to_json
    from splitter.service import formularies

    _read_also(given)
    answer = formularies.overview(given.formularies)
    say(to_json(answer) if given.as_json else show_formulary.overview(answer))
    return DONE


@formulary.command("show")
@_drug
@options.shared
def show_drug(drug: str, given: Given) -> int:
    """Show everything about a drug, with its source and how sure it is; beyond-use dates as the pharmacy counts them.

    \b
    Example: splitter formulary show baclofen
    """
    from splitter.cli import show_formulary
    from splitter.codec import to_json
    from splitter.service import formularies, load_shared

    given.read_also()
    pharmacy, _ = load_shared(given.pharmacy, given.formularies)
    answer = formularies.shown_drug(drug, given.formularies, pharmacy.compounding)
    say(to_json(answer) if given.as_json else show_formulary.drug(answer))
    return DONE


@formulary.command()
@_file
@options.shared
def check(file: Path, given: Given) -> int:
    """Check a file: every fault of it, and what is doubtful.

    FILE is a drug's formulary, or changes products of others. Ends with 0 where nothing is wrong or doubtful, 1 where
    something is doubtful, 2 where the file can't be used.

    \b
    Example: splitter formulary check baclofen.toml
    """
    from splitter.cli import show_formulary
    from splitter.codec import to_json
    from splitter.service import formularies

    _read_also(given, file)
    answer = formularies.check_file(file)
    say(to_json(answer) if given.as_json else show_formulary.checked(answer))
    return BAD_INPUT if answer.faults else ANSWER_IS_NO if answer.suspicions else DONE


@formulary.command()
@_file
@options.shared
def diff(file: Path, given: Given) -> int:
    """Compare a file with what is in force.

    Tells products added and removed, and each changed field, old and new. Ends with 1 where anything differs.

    \b
    Example: splitter formulary diff baclofen.toml
    """
    from splitter.cli import show_formulary
    from splitter.codec import to_json
    from splitter.service import formularies

    _read_also(given, file)
    answer = formularies.compare_file(file, given.formularies)
    say(to_json(answer) if given.as_json else show_formulary.differences(shown_path(file), answer))
    return ANSWER_IS_NO if answer else DONE


@formulary.command()
@_drug
@options.output("Write the file; without it, it is printed. No file is replaced.", required=False)
@options.shared
def new(drug: str, output: Path | None, given: Given) -> int:
    """Begin a file for a drug, to be filled in.

    \b
    Example: splitter formulary new examplamine -o examplamine.toml
    """
    from splitter.codec import to_json
    from splitter.service import formularies

    _read_also(given)
    text = formularies.new_formulary(drug)
    if output is None or output == STANDARD:
        say(to_json({"text": text}) if given.as_json else text)
        return DONE
    formularies.refuse_existing(output)
    write(output, text.encode())
    if given.as_json:
        say(to_json({"file": str(output)}))
    return DONE


@formulary.group()
def prices() -> None:
    """Take prices from published lists."""


@prices.command("import")
@_file
@options.output(
    "Write the prices as an overlay, such as ~/.config/splitter/formulary/prices.toml; - prints it.", required=False
)
@click.option(
    "--date",
    "day",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help="The day that the list is of, where it doesn't say it; dm+d lists never do.",
)
@options.shared
def import_prices(file: Path, output: Path | None, day: dt.datetime | None, given: Given) -> int:
    """Match a price list to the known products and write their prices.

    FILE is a list of CMS NADAC or of NHS dm+d (with the Drug Tariff), as CSV. Without -o nothing is written.

    \b
    Example: splitter formulary prices import nadac.csv -o prices.toml
    """
    from splitter.cli import show_prices
    from splitter.codec import to_json
    from splitter.service import formularies

    _read_also(given, file)
    refuse_overwriting([output], [file, given.pharmacy, *given.formularies])
    if output is not None:
        formularies.refuse_replacing(output)
    answer = formularies.import_prices(file, day.date() if day else None, given.formularies)
    if output is not None and answer.changes:
        write(output, formularies.overlay_of(answer))
    if output != STANDARD:
        say(to_json(answer) if given.as_json else show_prices.outcome(answer))
    if not answer.changes:
        tell("nothing written: no price of a known product")
    elif output is None:
        tell("nothing written; -o FILE writes the prices, in splitter/formulary/ of your configuration they count")
    return DONE if answer.changes else ANSWER_IS_NO
