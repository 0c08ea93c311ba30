"""How a command ends: its exit code, and a plain message for everything that went wrong."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import click

from splitter.cli import signals, streams
from splitter.errors import InputError, SplitterError

_DONE = 0
_INTERRUPTED = 130  # 128 + SIGINT, as shells say it
_FAULT = SplitterError.exit_code


class AnsweringGroup(click.Group):
    """A group whose commands return their exit code, and whose errors are told without a traceback."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command and end the process with its exit code, whatever has become of the standard streams."""
        streams.prepare()
        run = partial(super().main, args, prog_name, complete_var, standalone_mode=False, **extra)
        try:
            with signals.heard():
                code = self._ended(run)
        except signals.ToldToEndError as error:
            code = _told(["ended by a signal"], error.exit_code)
        if standalone_mode:
            sys.exit(code)
        return code

    def _ended(self, run: Callable[[], Any]) -> int:
        try:
            return int(run() or _DONE)
        except click.ClickException as error:
            streams.tell_usage(error)
            return error.exit_code
        except (click.Abort, KeyboardInterrupt):
            return _told(["interrupted"], _INTERRUPTED)
        except SystemExit:  # of click: the reader of a help text has left
            streams.silence(sys.stdout)
            return _DONE
        except OSError as error:
            streams.silence(sys.stdout)
            return _told([streams.lost(error)], _FAULT)

    def invoke(self, ctx: click.Context) -> None:
        ctx.exit(self._answer(ctx))

    def _answer(self, ctx: click.Context) -> int:
        try:
            return int(super().invoke(ctx))
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except SplitterError as error:
            return _told(_lines(error), error.exit_code)
        except KeyboardInterrupt:
            return _told(["interrupted"], _INTERRUPTED)
        except OSError as error:
            if error.filename is None and error.errno in streams.LOSSES:  # of click: a help text went nowhere
                raise
            return _told([f"{error.filename or 'output'}: {error.strerror or error}"], _FAULT)
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{type(error).__name__} in {place.name}, line {place.lineno} of {place.filename}"
            return _told([f"a fault of the program, please report it: {where}: {error}"], _FAULT)


def _lines(error: SplitterError) -> list[str]:
    if isinstance(error, InputError):
        return [f"error: {line}" for line in error.told()]
    return str(error).splitlines()


def _told(lines: list[str], code: int) -> int:
    for line in lines:
        streams.tell(line)
    return code
