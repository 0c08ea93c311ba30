"""The papers of a plan, written to the files that the user named."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from splitter.batch import Filled
from splitter.cli.inputs import read_printed
from splitter.cli.options import STANDARD, Given
from splitter.cli.output import refuse_overwriting, say, tell, write
from splitter.codec import to_json
from splitter.errors import Fault, InputError, SplitterError
from splitter.files import write_files
from splitter.plan import Plan, plan_to_json
from splitter.service import refuse_unprintable

PLAN, LABELS, SHEETS = "plan.json", "labels.pdf", "sheets.pdf"


def print_plan(path: Path, output: Path, given: Given, render: Callable[[Plan], bytes]) -> None:
    """Print one paper from a plan file. Raises RefusedError for a plan that may not be printed."""
    if output == STANDARD and given.as_json:
        remedy = "name a file with -o, or leave --json out"
        raise InputError([Fault(file="-", key="", found="the paper and JSON together", remedy=remedy)])
    refuse_overwriting(output, [path, given.pharmacy, *given.formularies])
    plan = read_printed(path, given)
    refuse_unprintable(plan)
    write(output, render(plan))
    if given.as_json:
        say(to_json({"file": str(output)}))


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
