"""What is said where nobody knows whether a document was printed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from splitter.errors import SplitterError

UNCERTAIN = "it may or may not have been printed; look before you print it again"
_BY_KEYBOARD = 130  # 128 + SIGINT, as shells say it


class InterruptedPrintError(SplitterError):
    """Somebody ended the program while a document was on its way; it carries the exit code of that end."""

    def __init__(self, printer: str, exit_code: int) -> None:
        self.exit_code = exit_code
        super().__init__(f"{printer}: interrupted; {UNCERTAIN}")


@contextmanager
def on_its_way(printer: str) -> Iterator[None]:
    """What ends the program in the block is raised as InterruptedPrintError, since some of the document may have gone.

    An end by a signal is no Exception; it has an exit code of its own, or is that of the keyboard.
    """
    try:
        yield
    except Exception:
        raise
    except BaseException as end:
        raise InterruptedPrintError(printer, getattr(end, "exit_code", _BY_KEYBOARD)) from None
