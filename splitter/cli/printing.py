"""The papers of a plan, written to the files that the user named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from splitter.batch import Filled
from splitter.bounds import MOST_PLAN
from splitter.cli.inputs import inputs_of, read_printed
from splitter.cli.options import STANDARD, Delivery, Given
from splitter.cli.output import refuse_overwriting, write_all
from splitter.cli.streams import say, tell
from splitter.codec import read_file, to_json
from splitter.errors import Fault, InputError, SplitterError
from splitter.files import new_directory, private_directory, refuse_sharing, shown_path, write_private
from splitter.labels import TITLE
from splitter.plan import Plan, PlannedPrescription, plan_from_json, plan_to_json
from splitter.prescription import Prescription
from splitter.printers import check, send
from splitter.service import refuse_unprintable

Render = Callable[[Plan], bytes]
PLAN, LABELS, SHEETS, PRESCRIPTION = "plan.json", "labels.pdf", "sheets.pdf", "rx.toml"
_PAPERS = (PLAN, LABELS, SHEETS)


def print_labels(path: Path, delivery: Delivery, given: Given, render: Render, stock: str | None) -> None:
    """Print labels from a plan file: to a file, to a printer, or to both.

    Raises RefusedError for a plan that may not be printed, SplitterError as `printers.send` does; the file is written
    then.
    """
    if delivery.printer is not None:
        check(delivery.printer, raw=delivery.is_zpl)
    made: dict[str, bytes] = {}

    def kept(plan: Plan) -> bytes:
        return made.setdefault("labels", render(plan))

    if delivery.output is not None:
        print_papers(path, [(delivery.output, kept)], given, stock)
    else:
        plan = read_printed(path, given)
        refuse_unprintable(plan)
        kept(plan)
    if delivery.printer is not None:
        known = send(made["labels"], delivery.printer, TITLE, raw=delivery.is_zpl)
        tell(f"{delivery.printer}: {known}")


def print_papers(path: Path, papers: Sequence[tuple[Path, Render]], given: Given, stock: str | None) -> None:
    """Print papers from a plan file, all of them or none. Raises RefusedError for a plan that may not be printed.

    `stock` is the label stock that was named, which may be a file.
    """
    outputs = [output for output, _ in papers]
    _refuse_mixing(outputs, given)
    refuse_sharing(output for output in outputs if output != STANDARD)
    refuse_overwriting(outputs, inputs_of(given, path, stock))
    plan = read_printed(path, given)
    refuse_unprintable(plan)
    contents = [(output, render(plan)) for output, render in papers]
    write_all({output: content for output, content in contents if output != STANDARD})
    for _, content in (pair for pair in contents if pair[0] == STANDARD):
        say(content)
    if given.as_json:
        first, *others = map(shown_path, outputs)
        say(to_json({"file": first, "also": others} if others else {"file": first}))


def _refuse_mixing(outputs: Sequence[Path], given: Given) -> None:
    """Raises InputError where an output and another, or the JSON answer, go to standard output together."""
    found = ""
    if STANDARD in outputs and given.as_json:
        found, remedy = "the paper and JSON together", "name a file with -o, or leave --json out"
    elif list(outputs).count(STANDARD) > 1:
        found, remedy = "two papers together", "name a file for each"
    if found:
        raise InputError([Fault(file=str(STANDARD), key="", found=found, remedy=remedy)])


def refuse_folder(folder: Path, order: Prescription, inputs: Iterable[Path | None]) -> None:
    """Raises InputError where the papers of a prescription may not go into a directory.

    That is where it is no directory, where they would replace an input, and where the papers of another prescription
    are, or some of which nobody can say whose they are.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError([_fault(folder, "a file", "name a directory, new or of this prescription")])
    refuse_overwriting([folder / name for name in _PAPERS], inputs)
    there = [name for name in _PAPERS if (folder / name).exists()]
    if there and (owner := _owner(folder / PLAN)) != _words(order):
        found = f"the papers of {owner}" if owner else f"{', '.join(there)} of a prescription that can't be told"
        raise InputError([_fault(folder, found, "name another directory, or move them away first")])


def _owner(path: Path) -> str | None:
    """Whose plan a file is, None where it is none."""
    try:
        plan = plan_from_json(read_file(path, MOST_PLAN), str(path))
    except InputError:
        return None
    return _words(plan.prescription)


def _words(order: Prescription | PlannedPrescription) -> str:
    patient = f" of {order.patient.name}" if order.patient else ""
    return f"prescription {order.number}{patient}"


def new_folder(folder: Path) -> Path:
    """A directory that may be made. Raises InputError where something is there already."""
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else (folder,)):
        raise InputError([_fault(folder, "files that are there already", "name a new directory with -o")])
    return folder


def write_amended(folder: Path, filled: Filled, text: str) -> None:
    """Write the papers of an amended taper with its prescription, all of them or none, into a new directory."""
    with new_directory(folder) as place:
        for name, content in (
            (PRESCRIPTION, text.encode()),
            (PLAN, plan_to_json(filled.plan).encode()),
            (LABELS, filled.labels),
            (SHEETS, filled.sheets),
        ):
            if content is not None:
                write_private(place / name, content)
    tell(f"wrote {shown_path(folder)}")


def write_filled(folder: Path, filled: Filled) -> None:
    """Write plan, labels and sheets; a plan that may not be printed leaves no older papers beside it."""
    contents = {PLAN: plan_to_json(filled.plan).encode(), LABELS: filled.labels, SHEETS: filled.sheets}
    is_new = not folder.exists()
    try:
        private_directory(folder, parents=True)
        write_all({folder / name: content for name, content in contents.items() if content is not None})
        for name in (name for name, content in contents.items() if content is None):
            if (folder / name).exists():
                (folder / name).unlink()
                tell(f"removed {shown_path(folder / name)}")
    except OSError as error:
        raise SplitterError(f"{shown_path(folder)}: can't be written ({error.strerror})") from None
    finally:
        if is_new:
            with suppress(OSError):  # it stays where anything was written into it
                folder.rmdir()


def _fault(path: Path, found: str, remedy: str) -> Fault:
    return Fault(file=shown_path(path), key="", found=found, remedy=remedy)
