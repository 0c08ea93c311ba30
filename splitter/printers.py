"""Sending a finished document to a printer: at most once, and never a second time by itself.

A label that is printed twice can be stuck on a second bottle. So nothing here tries again, and where it can't be known
whether the printer got the document, the error says so and a person looks.
"""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Sequence
from urllib.parse import urlsplit

from splitter.errors import Fault, InputError, SplitterError

RAW_PORT = 9100
# Seconds until a printer has answered, until it has taken the document, and until it has closed its side.
_CONNECTING, _SENDING, _CLOSING = 5.0, 30.0, 2.0
# CUPS: printable characters without "/", "#" and spaces; a leading hyphen would be an option.
_QUEUE = re.compile(r"[^\s/#\x00-\x1f\x7f-][^\s/#\x00-\x1f\x7f]{0,126}")
_UNCERTAIN = "it may or may not have been printed; look before you print it again"


def send(document: bytes, printer: str, title: str, *, raw: bool) -> None:
    """Send `document` to a CUPS queue, or to "tcp://HOST:9100"; `raw` marks a printer's own language for CUPS.

    `title` is shown in queues and logs, and must name no patient. Raises InputError for what is neither, SplitterError
    when the printer can't be reached, refuses, or leaves it uncertain whether it printed.
    """
    check(printer, raw=raw)
    if "://" in printer:
        _to_socket(document, *address(printer))
    else:
        _to_queue(document, printer, title, ("raw",) if raw else ("print-scaling=none",))


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


def _to_socket(document: bytes, host: str, port: int) -> None:
    try:
        connection = socket.create_connection((host, port), timeout=_CONNECTING)
    except OSError as error:
        raise SplitterError(f"{host}:{port}: nothing was sent ({_why(error)})") from None
    with connection:
        try:
            connection.settimeout(_SENDING)
            connection.sendall(document)
            connection.shutdown(socket.SHUT_WR)
            _await_end(connection)
        except OSError as error:
            raise SplitterError(f"{host}:{port}: the connection broke ({_why(error)}); {_UNCERTAIN}") from None


def _await_end(connection: socket.socket) -> None:
    """Give the printer a moment to close its side; one that lost the document breaks the connection instead."""
    connection.settimeout(_CLOSING)
    try:
        while connection.recv(4096):
            pass
    except TimeoutError:
        return


def _why(error: OSError) -> str:
    return "no answer in time" if isinstance(error, TimeoutError) else error.strerror or str(error)


def _to_queue(document: bytes, queue: str, title: str, options: Sequence[str]) -> None:
    """Hand the document to `lp` on its standard input."""
    command = ["lp", "-d", queue, "-t", title, *(word for option in options for word in ("-o", option))]
    try:
        done = subprocess.run(command, input=document, capture_output=True, timeout=_SENDING, check=False)  # noqa: S603
    except FileNotFoundError:
        raise SplitterError("lp: not found; install the client of CUPS, or name the printer's address") from None
    except subprocess.TimeoutExpired:
        raise SplitterError(f"{queue}: lp did not end within {_SENDING:g} s; {_UNCERTAIN}") from None
    except OSError as error:
        raise SplitterError(f"lp: can't be run ({_why(error)}); nothing was sent") from None
    if done.returncode < 0:
        raise SplitterError(f"{queue}: lp was ended by a signal; {_UNCERTAIN}")
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip() or f"exit code {done.returncode}"
        raise SplitterError(f"{queue}: lp did not take the document ({reason})")
