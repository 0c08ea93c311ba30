"""What a command reads: its prescription with all that belongs to it, or a plan file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from splitter.batch import Papers
from splitter.bounds import MOST_PLAN
from splitter.cli.options import Accepting, Given, Labelling, Printing, Stopping
from splitter.cli.visits import Visits
from splitter.codec import digest, read_file
from splitter.errors import Fault, InputError, NothingDueError, RefusedError
from splitter.files import configuration_directory, shown_path
from splitter.formulary import Formulary, load_formulary
from splitter.labels import (
    STOCKS,
    Feed,
    Stock,
    Style,
    check_feed,
    find_profile,
    find_stock,
    own_stocks,
    parse_offset,
    preferred_style,
)
from splitter.optimise import Limits
from splitter.plan import Acceptance, Plan, plan_from_json
from splitter.prescription import Pharmacy, Prescription, read_pharmacy
from splitter.service import Inputs, Link, Replaced, load, load_order
from splitter.units import ReadError
from splitter.wording.visits import chosen_visits


def read_inputs(rx: Path, given: Given, *also: Path) -> Inputs:
    """The prescription with its pharmacy and formulary. Raises InputError with every fault of every file."""
    given.read_also(rx, *also)
    return load(rx, given.pharmacy, given.formularies)


def inputs_of(given: Given, *named: Path | str | None) -> tuple[Path, ...]:
    """Every file that a command with these options may read: those that are named, and the user's configuration."""
    files = [Path(each) for each in (*named, given.pharmacy) if each is not None]
    return (*files, *given.formularies, *configuration_directory().rglob("*.toml"))


def read_plan(path: Path) -> Plan:
    """The plan of a plan file."""
    return plan_from_json(read_file(path, MOST_PLAN), shown_path(path))


def read_replaced(path: Path, rx: Path, prescription: Prescription) -> Replaced:
    """The plan file and the prescription that an amendment takes the place of."""
    return Replaced(
        plan=read_plan(path), prescription=prescription, text=read_file(rx), digest=digest(read_file(path, MOST_PLAN))
    )


def read_link(path: Path, prescription: Prescription) -> Link:
    """A plan file with its prescription, as one of a chain of amendments."""
    return Link(plan=read_plan(path), prescription=prescription, digest=digest(read_file(path, MOST_PLAN)))


def read_printed(path: Path, given: Given) -> Plan:
    """The plan to print from; where a pharmacy or a formulary is named too, the plan must be made from it.

    Raises RefusedError when it was made from another.
    """
    given.read_also(path)
    plan = read_plan(path)
    made_from = plan.provenance
    if given.pharmacy is not None and read_pharmacy(given.pharmacy).sha256 != made_from.pharmacy_sha256:
        raise RefusedError(f"not printed: the plan was not made with {given.pharmacy}")
    if given.formularies:
        formulary = load_formulary(plan.prescription.drug, given.formularies)
        if formulary.sha256 != made_from.formulary_sha256:
            raise RefusedError(f"not printed: the plan was not made with this formulary of {formulary.drug}")
    return plan


def read_order(rx: Path, given: Given, *also: Path) -> tuple[Prescription, Pharmacy, Formulary]:
    """The same as the files have them, the rule of a taper a rule. Raises InputError with every fault of every file."""
    given.read_also(rx, *also)
    return load_order(rx, given.pharmacy, given.formularies)


def limits_of(stopping: Stopping) -> Limits:
    """The limits as the optimiser takes them."""
    return Limits(seconds=stopping.seconds, nodes=stopping.nodes)


def acceptances_of(accepting: Accepting) -> tuple[Acceptance, ...]:
    """What somebody takes on themselves, code by code."""
    codes = dict.fromkeys(accepting.codes)
    return tuple(Acceptance(code=code, by=accepting.by, why=accepting.why) for code in codes)


def chosen_dates(plan: Plan, visits: Visits) -> tuple[dt.date, ...]:
    """The dates of the visits to print. Raises InputError where the plan hands nothing over, NothingDueError."""
    dates = chosen_visits(plan, visits.date, visits.every, visits.due)
    if not dates:
        raise NothingDueError(due_words(visits))
    return dates


def due_words(visits: Visits) -> str:
    """That no visit is due in the days that were asked for."""
    first, last = visits.due or (dt.date.min, dt.date.max)
    return f"nothing is due from {first} to {last}"


def style_of(labelling: Labelling) -> Style:
    """How labels are printed: what the options say, over the user's configuration.

    Raises InputError with a name that is unknown, an offset that can't be read, a label to start at that isn't there.
    """
    style = preferred_style()
    right, down = style.feed.right, style.feed.down
    if labelling.offset is not None:
        try:
            right, down = parse_offset(labelling.offset)
        except ReadError as error:
            raise InputError([Fault(file="", key="--offset", found=error.found, remedy=error.remedy)]) from None
    style = Style(
        stock=find_stock(labelling.stock) if labelling.stock is not None else style.stock,
        profile=find_profile(labelling.profile) if labelling.profile is not None else style.profile,
        clock=style.clock if labelling.clock is None else labelling.clock,
        feed=Feed(start=labelling.start, right=right, down=down),
        continued=labelling.continued,
    )
    check_feed(style.stock, style.feed)
    return style


def papers_of(printing: Printing) -> Papers:
    """What is printed how. Raises InputError as `style_of` does."""
    visits = printing.visits
    return Papers(style=style_of(printing.labelling), date=visits.date, every=visits.every, due=visits.due)


def every_stock() -> tuple[Stock, ...]:
    """The user's own stocks and those built in. Raises InputError with the faults of the user's files."""
    return (*(find_stock(name) for name in own_stocks()), *STOCKS.values())
