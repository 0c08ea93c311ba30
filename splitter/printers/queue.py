"""A queue of CUPS: handed over by `lp`, which says whether the queue took the document."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence

from splitter.errors import SplitterError
from splitter.printers.raw import why
from splitter.printers.uncertain import UNCERTAIN, on_its_way

# Seconds until `lp` has handed the document over.
_SENDING = 30.0
# How `lp` names the job.
_JOB = re.compile(r"\b\S+-\d+\b")


def to_queue(document: bytes, queue: str, title: str, options: Sequence[str]) -> str:
    """Hand the document to `lp` on its standard input; returns the job that it became. Raises SplitterError."""
    command = ["lp", "-d", queue, "-t", title, *(word for option in options for word in ("-o", option))]
    with on_its_way(queue):
        try:
            done = subprocess.run(command, input=document, capture_output=True, timeout=_SENDING, check=False)  # noqa: S603
        except FileNotFoundError:
            raise SplitterError("lp: not found; install the client of CUPS, or name the printer's address") from None
        except subprocess.TimeoutExpired:
            raise SplitterError(f"{queue}: lp did not end within {_SENDING:g} s; {UNCERTAIN}") from None
        except OSError as error:
            raise SplitterError(f"lp: can't be run ({why(error)}); nothing was sent") from None
    if done.returncode < 0:
        raise SplitterError(f"{queue}: lp was ended by a signal; {UNCERTAIN}")
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip() or f"exit code {done.returncode}"
        raise SplitterError(f"{queue}: lp did not take the document ({reason})")
    job = _JOB.search(done.stdout.decode(errors="replace"))
    return f"queued as {job[0]}" if job else "queued"
