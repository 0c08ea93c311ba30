"""A command that is told to end: it clears away what it was writing, and says so by its exit code."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_NAMES = ("SIGTERM", "SIGHUP")  # as shells and service managers end programs, and terminals that are closed
_SHELL = 128  # what shells add to a signal's number


class ToldToEndError(BaseException):
    """What a signal to end is raised as; nobody but the command itself catches it."""

    def __init__(self, number: int) -> None:
        self.exit_code = _SHELL + number
        super().__init__(signal.Signals(number).name)


@contextmanager
def heard() -> Iterator[None]:
    """Raise ToldToEndError in the block where a signal asks the process to end that would have ended it without a word.

    One that is ignored, as under `nohup`, is so still.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    heard = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]

    def end(number: int, _: FrameType | None) -> NoReturn:
        for each in heard:  # the second of two must not keep the first from clearing away
            signal.signal(each, signal.SIG_IGN)
        raise ToldToEndError(number)

    for number in heard:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, signal.SIG_DFL)
