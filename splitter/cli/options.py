"""What the commands share: their options, gathered into one record each."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import wraps
from pathlib import Path
from typing import Any

import click

from splitter.cli.paths import PATH
from splitter.cli.visits import Command, Visits, visits, with_options
from splitter.errors import Fault, InputError

STANDARD = Path("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The options of every command. `pharmacy` None: the user's own, else the built-in one."""

    pharmacy: Path | None
    formularies: tuple[Path, ...]
    as_json: bool

    def read_also(self, *sources: Path) -> None:
        """Raises InputError when more than one input is standard input."""
        if [*sources, self.pharmacy, *self.formularies].count(STANDARD) > 1:
            found, remedy = "several inputs", "give one input as - and name the files of the others"
            raise InputError([Fault(file="-", key="", found=found, remedy=remedy)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping:
    """When to stop a search without proof: `seconds` of time, `nodes` of partial plans; None: never."""

    seconds: Fraction | None
    nodes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelling:
    """How labels are printed; None where the user's configuration decides. `offset` is to the right and down.

    `continued` labels say every step, on as many as that takes.
    """

    stock: str | None
    profile: str | None
    clock: bool | None
    start: int
    offset: str | None
    continued: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepting:
    """What somebody takes on themselves: the codes of findings that stop a plan, who, and why; no codes: nothing."""

    codes: tuple[str, ...] = ()
    by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """When a plan is asked for, when its search stops, and what of it is taken on by whom."""

    today: dt.date
    stopping: Stopping
    accepting: Accepting


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Where labels go: a file, a printer, or both; `is_zpl`: in the language of thermal printers, not as PDF."""

    output: Path | None
    printer: str | None
    is_zpl: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """What is printed, and how."""

    visits: Visits
    labelling: Labelling


def _seconds(_: click.Context, __: click.Parameter, text: str | None) -> Fraction | None:
    """A time above zero, in digits with or without decimals."""
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text) or not Fraction(text):
        raise click.BadParameter(f"{text!r} is not a time above zero in seconds, such as 2 or 0.5")
    return Fraction(text)


as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
_SHARED = (
    click.option(
        "--pharmacy",
        type=PATH,
        help="The pharmacy's file with its costs and policy. Without it: splitter/pharmacy.toml of your configuration "
        "directory, else a built-in example.",
    ),
    click.option(
        "--formulary",
        "formularies",
        type=PATH,
        multiple=True,
        help="A file with a drug's products and prices, in place of the built-in one; may be given several times.",
    ),
    as_json,
)
_LIMITS = (
    click.option(
        "--time-limit",
        metavar="SECONDS",
        callback=_seconds,
        help="Stop a search after so many seconds, even without proof.",
    ),
    click.option(
        "--node-limit", metavar="N", type=click.IntRange(min=1), help="Stop a search after so many partial plans."
    ),
)

offset = click.option("--offset", metavar="RIGHT,DOWN", help='Move the print, such as "1 mm, -0.5 mm".')
_DELIVERY = (
    click.option("-o", "--output", type=PATH, help="The file to write; - prints it."),
    click.option(
        "--format",
        "form",
        type=click.Choice(["pdf", "zpl"]),
        default="pdf",
        show_default=True,
        help="PDF, or the language of thermal printers.",
    ),
    click.option(
        "--print",
        "printer",
        metavar="PRINTER",
        help="Send the labels, once, to this CUPS queue, or with --format zpl to tcp://HOST:9100.",
    ),
)
profile = click.option("--profile", metavar="NAME", help="The country's rules and words: us or uk.")
_LOOK = (
    click.option(
        "--stock",
        metavar="NAME",
        help="The label stock: a name of `splitter stock`, or a file of your own, NAME.toml. Without it: that of "
        "splitter/labels.toml of your configuration directory, else 4x2.",
    ),
    profile,
    click.option("--clock/--parts-of-day", "clock", default=None, help="Times as clock times, or as parts of the day."),
    click.option(
        "--continued",
        is_flag=True,
        help="Print every step on numbered labels, as many as it takes. Without it, a container has at most two, and "
        "the leaflet among the sheets says the rest.",
    ),
)
_LABELLING = (
    *_LOOK,
    click.option(
        "--start",
        metavar="N",
        type=click.IntRange(min=1),
        default=1,
        help="Begin at label N of the first sheet, row by row, where those before it are used up.",
    ),
    offset,
)

prescription = click.argument("rx", metavar="RX", type=PATH)
plan_file = click.argument("plan_file", metavar="PLAN", type=PATH)
_ACCEPTING = (
    click.option(
        "--accept",
        "codes",
        multiple=True,
        metavar="CODE",
        help="Go on in spite of what stops the plan with this code; may be given several times. Needs --by and --why.",
    ),
    click.option("--by", metavar="NAME", help="Who accepts it: it stands in the plan and on the dispensing sheet."),
    click.option("--why", "reason", metavar="TEXT", help="Why: it stands beside the name."),
)
today = click.option(
    "--today",
    metavar="DATE",
    envvar="SPLITTER_TODAY",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=lambda _, __, day: dt.datetime.now().astimezone().date() if day is None else day.date(),
    help="The day of asking, which the start is held against, such as 2026-12-01. Without it: today.",
)

paper = click.option(
    "--paper",
    type=click.Choice(["letter", "a4"]),
    help="The size of the paper. Without it: that of the profile's country.",
)


def output(what: str, *, required: bool = True) -> Callable[[Command], Command]:
    """The option `-o`."""
    return click.option("-o", "--output", type=PATH, required=required, help=what)


def folder(what: str) -> Callable[[Command], Command]:
    """The option `-o` of a command that writes several files."""
    return click.option("-o", "--output", type=PATH, required=True, callback=_no_standard, help=what)


def _no_standard(_: click.Context, __: click.Parameter, path: Path) -> Path:
    if path == STANDARD:
        raise click.BadParameter("several files can't go to standard output; name a directory")
    return path


def shared(command: Command) -> Command:
    """Adds the options of every command; they arrive as `given`."""

    @wraps(command)
    def gathered(*, pharmacy: Path | None, formularies: tuple[Path, ...], as_json: bool, **rest: Any) -> int:
        given = Given(pharmacy=pharmacy, formularies=formularies, as_json=as_json)
        try:
            return command(given=given, **rest)
        except InputError as error:
            raise _placed(error, given, rest) from None

    return with_options(gathered, _SHARED)


def _placed(error: InputError, given: Given, rest: dict[str, Any]) -> InputError:
    """The faults with the files and lines that the user wrote; what finds them is loaded when there are some."""
    from splitter.service.sources import Sources

    sources = Sources(
        prescription=rest.get("rx"),
        plan=rest.get("plan_file"),
        pharmacy=given.pharmacy,
        formularies=given.formularies,
    )
    return sources.placed(error.faults)


def limits(command: Command) -> Command:
    """Adds the limits of a search; they arrive as `stopping`."""

    @wraps(command)
    def gathered(*, time_limit: Fraction | None, node_limit: int | None, **rest: Any) -> int:
        return command(stopping=Stopping(seconds=time_limit, nodes=node_limit), **rest)

    return with_options(gathered, _LIMITS)


def accepting(command: Command) -> Command:
    """Adds the acceptance of what stops a plan, which needs a name and a reason; it arrives as `accepting`."""

    @wraps(command)
    def gathered(*, codes: tuple[str, ...], by: str | None, reason: str | None, **rest: Any) -> int:
        by, reason = (by or "").strip(), (reason or "").strip()
        if codes and not (by and reason):
            raise click.UsageError("say with --by who accepts it, and with --why why")
        if not codes and (by or reason):
            raise click.UsageError("say with --accept what is accepted")
        return command(accepting=Accepting(codes=codes, by=by, why=reason), **rest)

    return with_options(gathered, _ACCEPTING)


def asking(command: Command) -> Command:
    """Adds the day, the limits and the acceptance of a plan that is to be printed; they arrive as `asking`."""

    @today
    @accepting
    @limits
    @wraps(command)
    def gathered(*, today: dt.date, accepting: Accepting, stopping: Stopping, **rest: Any) -> int:
        return command(asking=Asking(today=today, stopping=stopping, accepting=accepting), **rest)

    return gathered


def labelling(command: Command) -> Command:
    """Adds the options of labels; they arrive as `labelling`."""
    names = tuple(field.name for field in fields(Labelling))

    @wraps(command)
    def gathered(**rest: Any) -> int:
        given = {name: rest.pop(name) for name in names}
        return command(labelling=Labelling(**given), **rest)

    return with_options(gathered, _LABELLING)


def delivery(command: Command) -> Command:
    """Adds where labels go, a file or a printer at least; it arrives as `delivery`."""

    @wraps(command)
    def gathered(*, output: Path | None, form: str, printer: str | None, **rest: Any) -> int:
        if output is None and printer is None:
            raise click.UsageError("say where the labels go, with -o or --print")
        return command(delivery=Delivery(output=output, printer=printer, is_zpl=form == "zpl"), **rest)

    return with_options(gathered, _DELIVERY)


def printing(command: Command) -> Command:
    """Adds the choice of visits and the options of labels; they arrive as `printing`."""

    @visits
    @labelling
    @wraps(command)
    def gathered(*, visits: Visits, labelling: Labelling, **rest: Any) -> int:
        return command(printing=Printing(visits=visits, labelling=labelling), **rest)

    return gathered


def specimens(command: Command) -> Command:
    """Adds the choice of visits and how their labels look, wherever a sheet begins; they arrive as `printing`."""

    @visits
    @wraps(command)
    def gathered(*, visits: Visits, **rest: Any) -> int:
        look = {name: rest.pop(name) for name in ("stock", "profile", "clock", "continued")}
        labelling = Labelling(**look, start=1, offset=None)
        return command(printing=Printing(visits=visits, labelling=labelling), **rest)

    return with_options(gathered, _LOOK)
