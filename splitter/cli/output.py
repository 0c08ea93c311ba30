"""Where answers go: standard output, files written whole, a progress bar while a long search runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from splitter.cli.options import STANDARD
from splitter.errors import Fault, InputError, SplitterError
from splitter.files import write_files

Progress = Callable[[int, int], None]


def say(content: str | bytes) -> None:
    """Print to standard output. A reader who has left is no error; a full disk is."""
    try:
        click.echo(content, nl=isinstance(content, str) and not content.endswith("\n"))
    except OSError as error:
        _silence()
        if not isinstance(error, BrokenPipeError):
            raise SplitterError(f"standard output: can't be written ({error.strerror})") from None


def _silence() -> None:
    """Let what is still in the buffer go nowhere, or Python would try again, and fail, when it ends."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        pass


def tell(message: str) -> None:
    """A message to standard error."""
    click.echo(f"splitter: {message}", err=True)


def write(path: Path, content: bytes) -> None:
    """Write one output whole; `-` is standard output."""
    if path == STANDARD:
        say(content)
        return
    write_files({path: content})
    tell(f"wrote {path}")


def refuse_overwriting(output: Path | None, inputs: Iterable[Path | None]) -> None:
    """Raises InputError when the output would replace an input."""
    for path in inputs:
        if output is not None and path is not None and output != STANDARD and _same(output, path):
            remedy = "name another file for the output"
            raise InputError([Fault(file=str(output), key="", found="the input itself", remedy=remedy)])


def _same(one: Path, other: Path) -> bool:
    try:
        return one.is_file() and one.samefile(other)
    except OSError:
        return False


@contextmanager
def progress_bar(label: str) -> Iterator[Progress | None]:
    """A bar on standard error when that is a terminal, moved by the calls of what it yields; else None."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def report(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield report
        report(1, 1)
