"""The standard streams, when they are closed, full, or nobody reads them any more.

What can't be told on standard error changes nothing: the exit code says how a command ended. What can't be printed on
standard output is an answer that is lost, so that a command ends with 3; but a reader who has left has read enough.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import suppress
from typing import TextIO

import click

from splitter.errors import SplitterError

LOSSES = frozenset((errno.EBADF, errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EIO))
"""How writing to a standard stream fails, where no file is named."""


def prepare() -> None:
    """Take the numbers of closed streams, so that no file gets them, and let every character be printed somehow.

    To print on a closed standard output fails, by whomever it is done, or a help text would be lost in silence.
    """
    for number, stream in enumerate((sys.stdin, sys.stdout, sys.stderr)):
        if stream is None:
            with suppress(OSError):
                os.fstat(number)
                continue
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free, which is this one
    if sys.stdout is None:
        sys.stdout = open(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def say(content: str | bytes) -> None:
    """Print to standard output. Raises SplitterError where it is closed, or the disk is full."""
    try:
        click.echo(content, nl=isinstance(content, str) and not content.endswith("\n"))
    except OSError as error:
        silence(sys.stdout)
        if not isinstance(error, BrokenPipeError):
            raise SplitterError(lost(error)) from None


def lost(error: OSError) -> str:
    """What is told where standard output took nothing."""
    reason = "it is closed" if error.errno == errno.EBADF else error.strerror
    return f"standard output: can't be written ({reason})"


def tell(message: str) -> None:
    """A message to standard error."""
    try:
        click.echo(f"splitter: {message}", err=True)
    except OSError:
        silence(sys.stderr)


def tell_usage(error: click.ClickException) -> None:
    """What click says of wrong usage, to standard error."""
    if sys.stderr is None:
        return
    try:
        error.show(sys.stderr)
    except OSError:
        silence(sys.stderr)


def silence(stream: TextIO) -> None:
    """Let what is still in the buffer go nowhere, or Python would try again, and fail, when it ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
