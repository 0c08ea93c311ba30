"""The papers of a plan, written to the files that the user named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from splitter.batch import Filled
from splitter.cli.inputs import read_printed
from splitter.cli.options import STANDARD, Delivery, Given
from splitter.cli.output import refuse_overwriting, say, tell
from splitter.codec import to_json
from splitter.errors import Fault, InputError, SplitterError
from splitter.files import write_files
from splitter.labels import TITLE
from splitter.plan import Plan, plan_to_json
from splitter.printers import check, send
from splitter.service import refuse_unprintable

Render = Callable[[Plan], bytes]
PLAN, LABELS, SHEETS = "plan.json", "labels.pdf", "sheets.pdf"


def print_labels(path: Path, delivery: Delivery, given: Given, render: Render) -> None:
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
        print_papers(path, [(delivery.output, kept)], given)
    else:
        plan = read_printed(path, given)
        refuse_unprintable(plan)
        kept(plan)
    if delivery.printer is not None:
        send(made["labels"], delivery.printer, TITLE, raw=delivery.is_zpl)
        tell(f"sent to {delivery.printer}")


def print_papers(path: Path, papers: Sequence[tuple[Path, Render]], given: Given) -> None:
    """Print papers from a plan file, all of them or none. Raises RefusedError for a plan that may not be printed."""
    outputs = [output for output, _ in papers]
    _refuse_sharing(outputs, given)
    for output in outputs:
        refuse_overwriting(output, [path, given.pharmacy, *given.formularies])
    plan = read_printed(path, given)
    refuse_unprintable(plan)
    contents = {output: render(plan) for output, render in papers}
    write_files({output: content for output, content in contents.items() if output != STANDARD})
    for output, content in contents.items():
        if output == STANDARD:
            say(content)
        else:
            tell(f"wrote {output}")
    if given.as_json:
        first, *others = (str(output) for output in outputs)
        say(to_json({"file": first, "also": others} if others else {"file": first}))


def _refuse_sharing(outputs: Sequence[Path], given: Given) -> None:
    """Raises InputError where two outputs, or an output and the JSON answer, go to one place."""
    found = ""
    if STANDARD in outputs and given.as_json:
        found, remedy = "the paper and JSON together", "name a file with -o, or leave --json out"
    elif len(set(outputs)) < len(outputs):
        found, remedy = "two papers together", "name a file for each"
    if found:
        raise InputError(
            [Fault(file=str(STANDARD if given.as_json else outputs[0]), key="", found=found, remedy=remedy)]
        )


def write_filled(folder: Path, filled: Filled) -> None:
    """Write plan, labels and sheets; a plan that may not be printed leaves no older papers beside it."""
    contents = {PLAN: plan_to_json(filled.plan).encode(), LABELS: filled.labels, SHEETS: filled.sheets}
    is_new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (name for name, content in contents.items() if content is None):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise SplitterError(f"{folder}: can't be written ({error.strerror})") from None
    try:
        write_files({folder / name: content for name, content in contents.items() if content is not None})
    except SplitterError:
        if is_new:
            with suppress(OSError):
                folder.rmdir()
        raise
    written = [str(folder / name) for name, content in contents.items() if content is not None]
    tell(f"wrote {', '.join(written)}")
