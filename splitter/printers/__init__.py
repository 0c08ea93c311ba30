"""Sending a finished document to a printer: at most once, and never a second time by itself.

A label that is printed twice can be stuck on a second bottle. So nothing here tries again, and where it can't be known
whether the printer got the document, the error says so and a person looks. Nothing is called printed that no printer
has said to be.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from splitter.errors import Fault, InputError
from splitter.printers.queue import to_queue
from splitter.printers.raw import to_socket
from splitter.printers.uncertain import InterruptedPrintError

RAW_PORT = 9100
# CUPS: printable characters without "/", "#" and spaces; a leading hyphen would be an option.
_QUEUE = re.compile(r"[^\s/#\x00-\x1f\x7f-][^\s/#\x00-\x1f\x7f]{0,126}")

__all__ = ["RAW_PORT", "InterruptedPrintError", "address", "check", "send"]


def send(document: bytes, printer: str, title: str, *, raw: bool) -> str:
    """Send `document` to a CUPS queue, or to "tcp://HOST:9100"; `raw` marks ZPL, a printer's own language.

    `title` is shown in queues and logs, and must name no patient. Returns what is known of it: "printed", "queued as
    …", or "sent, not confirmed". Raises InputError for what is no printer, SplitterError when the printer can't be
    reached, refuses, or leaves it uncertain whether it printed, and InterruptedPrintError.
    """
    check(printer, raw=raw)
    if "://" in printer:
        return to_socket(document, *address(printer))
    return to_queue(document, printer, title, ("raw",) if raw else ("print-scaling=none",))


def check(printer: str, *, raw: bool) -> None:
    """Raises InputError for what is neither a queue nor an address, and for a PDF to an address.

    What listens at an address prints most of what it doesn't understand as text, on label after label.
    """
    if "://" not in printer:
        if not _QUEUE.fullmatch(printer):
            raise _misnamed(printer)
        return
    address(printer)
    if not raw:
        remedy = "add --format zpl for a thermal printer, or name a CUPS queue, which prepares a PDF for its printer"
        raise InputError([Fault(file="", key="--print", found=f"a PDF for {printer}", remedy=remedy)])


def address(printer: str) -> tuple[str, int]:
    """The host and port of "tcp://HOST:PORT"; the port is 9100 where none is given.

    Raises InputError for anything else.

    >>> address("tcp://192.0.2.7"), address("tcp://[2001:db8::7]:9101")
    (('192.0.2.7', 9100), ('2001:db8::7', 9101))
    """
    try:
        parts = urlsplit(printer)
        port = RAW_PORT if parts.port is None else parts.port
    except ValueError:
        raise _misnamed(printer) from None
    extra = parts.path or parts.query or parts.fragment or parts.username is not None
    if parts.scheme != "tcp" or not parts.hostname or extra or not port:
        raise _misnamed(printer)
    return parts.hostname, port


def _misnamed(printer: str) -> InputError:
    remedy = "name a CUPS queue (lpstat -e lists them) or a printer's address, such as tcp://192.0.2.7:9100"
    return InputError([Fault(file="", key="--print", found=repr(printer), remedy=remedy)])
