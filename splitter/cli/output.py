"""Where answers go: files written whole, and what may not be written over; a progress bar while a long search runs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from splitter.cli.options import STANDARD
from splitter.cli.streams import say, tell
from splitter.errors import Fault, InputError
from splitter.files import shown_path, write_files

Progress = Callable[[int, int], None]


def write(path: Path, content: bytes) -> None:
    """Write one output whole; `-` is standard output."""
    if path == STANDARD:
        say(content)
    else:
        write_all({path: content})


def write_all(contents: dict[Path, bytes]) -> None:
    """Write files, all of them or none, and tell of each whether another stood there."""
    replaced = {path: path.is_file() for path in contents}
    write_files(contents)
    for path in contents:
        tell(f"{'replaced' if replaced[path] else 'wrote'} {shown_path(path)}")


def refuse_overwriting(outputs: Iterable[Path | None], inputs: Iterable[Path | None]) -> None:
    """Raises InputError when an output would replace an input."""
    named = [path for path in outputs if path not in (None, STANDARD)]
    read = [path for path in inputs if path not in (None, STANDARD)]
    faults = [
        Fault(file=shown_path(output), key="", found="the input itself", remedy="name another file for the output")
        for output in named
        if output is not None and any(path is not None and _same(output, path) for path in read)
    ]
    if faults:
        raise InputError(faults)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.is_file() and one.samefile(other)
    except OSError:
        return False


@contextmanager
def progress_bar(label: str) -> Iterator[Progress | None]:
    """A bar on standard error when that is a terminal, moved by the calls of what it yields; else None."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def report(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield report
        report(1, 1)
