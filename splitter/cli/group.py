"""How a command ends: its exit code, and a plain message for everything that went wrong."""

from __future__ import annotations

import traceback

import click

from splitter.cli.output import tell
from splitter.errors import InputError, SplitterError

_INTERRUPTED = 130  # 128 + SIGINT, as shells say it
_FAULT = SplitterError.exit_code


class AnsweringGroup(click.Group):
    """A group whose commands return their exit code, and whose errors are told without a traceback."""

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
            return _told([f"{error.filename or 'output'}: {error.strerror or error}"], _FAULT)
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{type(error).__name__} in {place.name}, line {place.lineno} of {place.filename}"
            return _told([f"a fault of the program, please report it: {where}: {error}"], _FAULT)


def _lines(error: SplitterError) -> list[str]:
    if isinstance(error, InputError):
        return [f"error: {fault}" for fault in error.faults]
    return str(error).splitlines()


def _told(lines: list[str], code: int) -> int:
    for line in lines:
        tell(line)
    return code
